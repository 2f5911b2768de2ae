"""Who pays, at the terminal and in files."""

from __future__ import annotations

from pathlib import Path

from tests.interfaces.cli.conftest import Desk


def test_a_contract_is_shared_and_shown(filled: Desk) -> None:
    filled("contract", "new", "V9", "--customer", "K1", "--start", "01.11.2026", "--item", "ABO:1:9,99")
    done = filled("contract", "share", "V9", "--payer", "K1:60", "--payer", "K3:40", "--from", "01.11.2026")
    assert "Ab 01.11.2026 wird so geteilt." in done.out
    assert "K1: 60, K3: 40" in filled("contract", "show", "V9").out
    filled("contract", "share", "V9", "--item", "1-ABO", "--payer", "K3:1", "--from", "01.12.2026")
    filled("contract", "share", "V9", "--item", "1-ABO", "--as-contract", "--from", "01.01.2027")
    assert "wie der Vertrag" in filled("contract", "show", "V9").out
    for wrong in (["--payer", "K1"], [], ["--as-contract"], ["--payer", "K1:60", "--as-contract", "--item", "1-ABO"]):
        filled("contract", "share", "V9", *wrong, "--from", "01.12.2026", code=2)
    filled("contract", "share", "V9", "--payer", "nobody:1", "--from", "01.12.2026", code=3)


def test_a_file_says_who_shares_and_twice_is_once(filled: Desk, tmp_path: Path) -> None:
    path = tmp_path / "shared.csv"
    row = "V8;K1;01.11.2026;ABO;{payers}\n"
    path.write_text("Vertrag;Kunde;Beginn;Artikelnummer;Zahler\n" + row.format(payers="K1:1, K3:2"), encoding="utf-8")
    filled("import", "contracts", str(path))
    assert "K1: 1, K3: 2" in filled("contract", "show", "V8").out
    assert filled("import", "contracts", str(path), "--json").json["unchanged"] == 1
    path.write_text("Vertrag;Kunde;Beginn;Artikelnummer;Zahler\n" + row.format(payers="K1:1, K3:3"), encoding="utf-8")
    assert "V8" in filled("import", "contracts", str(path), code=1).out


def test_documents_are_split_stated_and_converted_at_the_terminal(filled: Desk) -> None:
    filled("contract", "new", "V9", "--customer", "K1", "--start", "01.11.2026", "--item", "ABO:1:9,99")
    said = filled(
        "contract", "documents", "V9", "--from", "01.11.2026", "--proforma", "--instalments", "30/30/40", "--json"
    )
    assert said.json == [
        {"since": "2026-11-01", "split_by": "", "proforma": True, "instalments": "30+30+40%/1m", "standing": False}
    ]  # fmt: skip
    filled("contract", "documents", "V9", "--from", "01.11.2026", "--instalments", "bald", code=2)
    assert "pro forma" in filled("contract", "documents", "V9").out
    filled("run", "issue", "--through", "01.11.2026", "--on", "30.11.2026", "--customer", "K1")
    rows = filled("invoice", "list", "--kind", "proforma", "--json").json["invoices"]
    assert [row["number"] for row in rows] == ["PF-2026-000001"]
    made = filled("invoice", "convert", "PF-2026-000001", "--on", "30.11.2026", "--json").json
    shown = filled("invoice", "show", made["number"])
    assert "Raten" in shown.out
    assert "in eine Rechnung umgewandelt" in filled("invoice", "show", "PF-2026-000001").out


def test_copies_are_entered_shown_and_ended(filled: Desk) -> None:
    person = ("--name", "Steuerbüro", "--email", "post@adviser.example", "--from", "01.11.2026")
    assert "Steuerbüro" in filled("customer", "copies", "K1", *person).out
    assert "post@adviser.example" in filled("contract", "copies", "V1", *person).out
    assert "gets copies already" in filled("--language", "en", "customer", "copies", "K1", *person, code=3).err
    email = ("--email", "post@adviser.example")
    ended = filled("customer", "copies", "K1", *email, "--end", "--last-day", "30.11.2026", "--json").json
    assert ended[0]["until"] == "2026-12-01"
    filled("customer", "copies", "K1", *email, "--end", code=2)
    filled("customer", "copies", "K1", *email, code=2)


def test_a_child_is_billed_to_its_parent(filled: Desk, tmp_path: Path) -> None:
    path = tmp_path / "child.csv"
    path.write_text(
        "Kundennummer;Name;Art;PLZ;Ort;Übergeordneter Kunde;Rechnung an Mutter\nK9;Filiale;Firma;04109;Leipzig;K1;ja\n",
        encoding="utf-8",
    )
    filled("import", "customers", str(path), "--on", "01.11.2026")
    filled("contract", "new", "V9", "--customer", "K9", "--start", "01.11.2026", "--item", "ABO:1:9,99")
    assert "0 Verträge geändert" in filled("customer", "bill-to-parent", "K9", "--from", "01.12.2026").out
    assert "keinen übergeordneten" in filled("customer", "bill-to-parent", "K2", "--from", "01.12.2026", code=3).err
