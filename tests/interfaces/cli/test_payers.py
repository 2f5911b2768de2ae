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
