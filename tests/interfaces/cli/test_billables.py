"""Records without a contract and rules for foreign files at the terminal (JB-08, JB-23, JB-24)."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

RECORDS = """Schlüssel;Art;Projekt;Kunde;Artikelnummer;Menge;Preis;Leistung ab;Leistung bis;Rechnungstext;Bestellnummer
z1;Projekt;P-7;K1;LIC;2,5;80,00;01.11.2026;05.11.2026;Beratung;PO 7
z2;Projekt;P-7;K1;LIC;;19,99 €;06.11.2026;;;PO 7
t1;Ticket;T-1;K3;LIC;1;50,00;07.11.2026;;;
"""
DEALS = """contract,customer,start,product,quantity,status,region
D1,K1,2026-11-01,LIC,3,Won,north
D1,,,GB,,,
D2,K2,2026-11-01,LIC,5,open,south
D3,,,,,lost,
"""


def test_records_are_imported_listed_and_invoiced(filled: Desk) -> None:
    file = filled.file("r.csv", RECORDS)
    assert filled("import", "billables", file, "--dry-run", "--json").json["saved"] is False
    assert filled("import", "billables", file, "--json").json["values"] == {"unchanged": 0, "changed": 0, "created": 3}
    assert "Alles schon da" in filled("import", "billables", file).out
    shown = filled("invoice", "collect", "--on", "30.11.2026", "--dry-run").out
    assert "219,99\u00a0€" in shown
    assert "Probelauf" in shown
    made = filled("invoice", "collect", "--object", "Projekt:P-7", "--on", "30.11.2026", "--issue", "--json").json
    [document] = made["documents"]
    assert (document["customer"], document["records"], document["reference"], document["gross"]) == (
        "K1", 2, "PO 7", 261_79,
    )  # fmt: skip
    rows = filled("invoice", "billables", "--json").json["billables"]
    assert [(row["key"], row["state"], row["number"]) for row in rows] == [
        ("z1", "billed", document["number"]), ("z2", "billed", document["number"]), ("t1", "open", ""),
    ]  # fmt: skip
    listed = filled("invoice", "billables", "--billed").out
    assert document["number"] in listed
    assert "T-1" not in listed
    assert "berechnet" in listed
    english = filled("--language", "en", "invoice", "billables", "--open").out
    assert "open" in english
    assert "Beratung" not in english
    assert "Entwürfe: 1." in filled("invoice", "collect", "--on", "30.11.2026").out
    assert "Nothing was invoiced." in filled("--language", "en", "invoice", "collect", "--on", "30.11.2026").out


def test_what_is_wrong_with_records_is_said_at_once(filled: Desk) -> None:
    filled("import", "billables", filled.file("r.csv", RECORDS))
    number = filled("invoice", "collect", "--on", "30.11.2026", "--issue", "--json").json["documents"][0]["number"]
    changed = (
        RECORDS.replace("80,00", "90,00") + "x;;P;K9;NIX;0;1;07.11.2026;06.11.2026;;\ny;;P;K9;NIX;1;1;07.11.2026;;;\n"
    )
    said = filled("import", "billables", filled.file("c.csv", changed), code=1).out
    for text in (f"„z1“ ist schon berechnet ({number})", "Zeile 5", "vor dem Beginn", "Zeile 6", "K9", "NIX"):
        assert text in said
    english = filled("--language", "en", "import", "billables", filled.file("c.csv", changed), code=1).out
    assert f"“z1” is invoiced already ({number})" in english


def test_a_customer_who_lacks_data_is_named_and_the_exit_code_says_so(filled: Desk) -> None:
    filled("import", "billables", filled.file("r.csv", RECORDS.replace(";K3;", ";K4;")))
    said = filled("invoice", "collect", "--on", "30.11.2026", "--issue", code=1)
    assert "K4 T-1:" in said.out
    assert "Festgeschrieben: 1." in said.out


# ---- rules for foreign files -----------------------------------------------------------------------------------------


def test_jb_08_won_deals_become_contracts_and_later_ones_later(filled: Desk) -> None:
    when = ("--when", "Status=won|signed")
    file = filled.file("deals.csv", "\n".join(row.rpartition(",")[0] for row in DEALS.splitlines()))
    report = filled("import", "contracts", file, *when, "--json").json
    assert (report["rows"], report["created"], report["left_out"], report["errors"]) == (4, 2, 2, 0)
    assert report["reasons"] == {"Status: open": 1, "Status: lost": 1}
    assert filled("contract", "show", "D1", "--json").json["items"][1]["code"] == "GB", "all items"
    said = filled("import", "contracts", file, *when).out
    assert "Ausgelassen: 2 – Status: lost (1); Status: open (1)" in said
    later = filled.file("later.csv", (filled.home / "deals.csv").read_text(encoding="utf-8").replace("open", "signed"))
    report = filled("import", "contracts", later, *when, "--json").json
    assert (report["values"], report["left_out"]) == ({"unchanged": 1, "changed": 0, "created": 1}, 1)
    assert filled("import", "contracts", later, *when, "--json").json["values"]["created"] == 0, "no duplicates"


def test_several_conditions_must_all_hold(filled: Desk) -> None:
    both = ("--when", "status=won|open", "--when", "region=south")
    report = filled("import", "contracts", filled.file("deals.csv", DEALS), *both, "--json").json
    assert (report["created"], report["reasons"]) == (1, {"region: north": 2, "status: lost": 1})


def test_a_won_deal_is_invoiced_without_a_contract(filled: Desk) -> None:
    deals = "key;deal;customer;product;price;service_from;stage\nd1;D-1;K1;LIC;500,00;01.11.2026;Gewonnen\n"
    deals += "d2;D-2;;;;;offen\n"
    report = filled("import", "billables", filled.file("d.csv", deals), "--when", "stage=gewonnen", "--json").json
    assert (report["created"], report["left_out"], report["errors"]) == (1, 1, 0)
    made = filled("invoice", "collect", "--on", "30.11.2026", "--issue", "--json").json["documents"]
    assert [(row["object"], row["gross"]) for row in made] == [("D-1", 595_00)]


def test_a_condition_that_says_nothing_or_names_no_column_is_refused(filled: Desk) -> None:
    file = filled.file("deals.csv", DEALS)
    assert "ist keine Bedingung" in filled("import", "contracts", file, "--when", "won", code=3).err
    assert "stage" in filled("import", "contracts", file, "--when", "stage=won", code=3).err
    mixed = DEALS.replace("D1,,,GB,,,", "D1,,,GB,,lost,")
    said = filled("import", "contracts", filled.file("m.csv", mixed), "--when", "status=won", "--when", "region=north",
                  code=1).out  # fmt: skip
    assert "verschiedene Werte: Won, lost" in said


def test_l03_unbilled_supplies_are_listed_with_their_deadline_and_overdue_is_a_finding(filled: Desk) -> None:
    filled("import", "billables", filled.file("r.csv", RECORDS))
    told = filled("invoice", "unbilled", "--on", "20.11.2026", "--json").json
    mine = [(row["customer"], row["net"], row["due"]) for row in told["supplies"] if row["supplied"] == "2026-11-05"]
    assert mine == [("K1", 200_00, "2027-05-05")]
    assert "05.05.2027" in filled("invoice", "unbilled", "--on", "20.11.2026").out
    assert "overdue" in filled("--language", "en", "invoice", "unbilled", "--on", "01.12.2027", code=1).out
    assert "bald fällig: turnus invoice unbilled" in filled("work", "--on", "05.04.2027").out
    rows = filled("work", "--on", "05.05.2027", "--json").json["unbilled"]
    assert {row["colour"] for row in rows if row["supplied"] == "2026-11-05"} == {"yellow"}
