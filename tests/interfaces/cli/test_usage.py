"""Usage at the command line: report, correct, read, and what an invoice shows."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

CONTRACT = """Vertrag;Kunde;Beginn;Position;Artikelnummer;Zähler;Aggregation;Verbrauchsfilter;Verbrauchseinheit;\
Taktung;Taktrundung;Verbrauchsdarstellung
M1;K1;01.11.2026;eu;GB;traffic;Summe;region=eu|ch;GB;;;Tabelle
M1;;;calls;GB;;Anzahl;;;;;Anlage
M1;;;help;GB;;;;Stunde;0,25;auf;
"""
EVENTS = """Vertrag;Zähler;Schlüssel;Zeitpunkt;Menge;Einheit;Merkmal
M1;traffic;a;2026-11-03T10:00:00Z;1500000000;byte;region=eu
M1;traffic;b;2026-11-04T10:00:00Z;2;GB;region=ch
M1;traffic;c;2026-11-04T11:00:00Z;99;GB;region=us
M1;traffic;a;2026-11-03T10:00:00Z;1500000000;byte;region=eu
M1;calls;d;2026-11-30T23:30:00Z;;;
M1;help;e;05.11.2026;16;min;
"""


def test_usage_is_reported_corrected_billed_and_shown(filled: Desk) -> None:
    assert "Gespeichert." in filled("import", "contracts", filled.file("meters.csv", CONTRACT)).out
    assert "schon da" in filled("import", "contracts", filled.file("meters.csv", CONTRACT)).out
    report = filled("import", "usage", filled.file("events.csv", EVENTS), "--json").json
    assert (report["rows"], report["created"], report["unchanged"]) == (6, 5, 1)

    record = ("usage", "record", "M1", "calls", "--key", "x", "--at", "2026-11-10T08:00:00Z")
    assert "Gemeldet" in filled(*record).out
    assert "War schon da" in filled(*record).out
    assert "„nix“" in filled("usage", "record", "M1", "nix", "--key", "y", "--quantity", "1", code=3).err
    filled("usage", "record", "M1", "traffic", "--key", "b2", "--quantity", "3", "--corrects", "b", "--unit", "GB",
           "--dimension", "region=ch", "--at", "04.11.2026")  # fmt: skip
    november = filled("usage", "show", "M1", "--from", "01.11.2026", "--to", "30.11.2026", "--json").json
    assert [(row["code"], row["meter"], row["aggregation"], row["quantity"]) for row in november["items"]] == [
        ("eu", "traffic", "sum", "4.5"), ("calls", "calls", "count", "1"), ("help", "help", "sum", "0.5"),
    ]  # fmt: skip
    assert "Anzahl" in filled("usage", "show", "M1", "--from", "01.11.2026").out

    filled("run", "draft", "--through", "01.12.2026", "--on", "01.12.2026", "--customer", "K1", code=0)
    filled("run", "issue")
    invoices = filled("invoice", "list", "--customer", "K1", "--json").json["invoices"]
    number = next(row["number"] for row in invoices if row["net"] == 140 + 31 + 16)
    shown = filled("invoice", "usage", number, "--json").json
    assert [[(row["day"], row["label"], row["quantity"]) for row in line["rows"]] for line in shown] == [
        [(None, "region=ch", "3"), (None, "region=eu", "1.5")],
        [("2026-11-10", "", "1")],
    ]
    table = filled("invoice", "usage", number, "--csv").out
    assert table.splitlines()[1] == f"{number};1;M1;Speicher;2026-11-01;2026-11-30;;region=ch;3;E34;;"
    assert "3 Zeilen" in filled("invoice", "usage", number, "--csv", "--to", str(filled.home / "v.csv")).out
    assert (filled.home / "v.csv").read_text(encoding="utf-8-sig").splitlines() == table.splitlines()


def test_a_correction_whose_event_never_comes_is_named_wherever_a_person_looks(filled: Desk) -> None:
    filled("import", "contracts", filled.file("meters.csv", CONTRACT))
    record = ("usage", "record", "M1", "calls", "--at", "2026-11-10T08:00:00Z")
    said = filled(*record, "--key", "b", "--corrects", "a").out
    assert "1 Berichtigungen nennen ein Ereignis, das nicht gemeldet ist" in said
    assert "M1: b → a" in said
    doctor = filled("doctor", code=1).out
    assert "M1: b → a" in doctor
    assert "Schlüssel prüfen" in doctor
    late = filled.file("late.csv", "Vertrag;Zähler;Schlüssel;Zeitpunkt;Menge;Berichtigt\nM1;calls;d;10.11.2026;;c\n")
    assert "M1: d → c" in filled("import", "usage", late).out
    assert filled("import", "usage", late, "--json").json["unmet"] == [
        {"contract": "M1", "key": "b", "corrects": "a"}, {"contract": "M1", "key": "d", "corrects": "c"},
    ]  # fmt: skip
    assert "nennen" not in filled(*record, "--key", "c").out
    assert "nennen" not in filled(*record, "--key", "a").out
    assert "M1:" not in filled("doctor").out


def test_an_invoice_without_shown_usage_says_where_to_ask_for_it(filled: Desk) -> None:
    filled("run", "draft", "--through", "01.12.2026", "--on", "01.12.2026", code=1)
    filled("run", "issue", code=1)
    assert "Verbrauchsdarstellung" in filled("invoice", "usage", "RE-2026-000001").out


def test_a_contract_by_hand_says_how_its_items_measure(filled: Desk) -> None:
    new = ("contract", "new", "N1", "--customer", "K1", "--start", "01.11.2026", "--item", "GB")
    filled(
        *new, "--usage", "1-GB:Zähler=net,aggregation=Maximum,usage_filter=region=eu|ch,Verbrauchsdarstellung=Tabelle"
    )
    [row] = filled("usage", "show", "N1", "--from", "01.11.2026", "--json").json["items"]
    assert (row["meter"], row["aggregation"], row["only"], row["quantity"]) == ("net", "max", "region=eu|ch", "0")
    for wrong, said in (("9-GB:meter=x", "1-GB"), ("1-GB:nix=1", "Zähler"), ("1-GB:usage_filter==", "kein Filter")):
        assert said in filled(*new, "--usage", wrong, code=2).err
