"""A marketplace at the terminal: open, join, import, reconcile; and what is wrong with a file, in two languages."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

HEAD = "Marktplatz;Schlüssel;Vorgang;Zu Schlüssel;Artikelnummer;Käufer;Anbieter;Netto;Tag\n"
SALES = (
    HEAD
    + """M1;a-;Storno;a;;;;;
M1;a;;;WARE;K1;S1;100,00;03.11.2026
M1;b;;;WARE;K1;S1;50,05 €;04.11.2026
M1;b;;;WARE;K1;S1;50,05;04.11.2026
M1;b2;Korrektur;b;WARE;K3;S1;60,05;04.11.2026
M1;c;Verkauf;;WARE;K1;S1;9,99;05.11.2026
"""
)
WRONG = (
    HEAD
    + """M1;a;;;WARE;K1;S1;100,01;03.11.2026
M1;d;;;WARE;K1;K3;1,00;03.11.2026
M2;e;;;WARE;K1;S1;1,00;03.11.2026
M1;f;Storno;;;;;;
M1;g;;a;WARE;K1;S1;1,00;03.11.2026
M1;h;;;WARE;K1;S1;0;03.11.2026
M1;i;;;WARE;;S1;1,00;03.11.2026
M1;j;;;WARE;K1;S1;1,00 USD;03.11.2026
M1;k;;;WARE;K1;S1;1,0012;03.11.2026
M1;l;Storno;c;;;;;
M1;m;Storno;c;;;;;
"""
)


@pytest.fixture
def trading(filled: Desk) -> Desk:
    customers = "Kundennummer;Name;Art;Straße;PLZ;Ort;Land\nS1;Laden GmbH;Firma;Weg 9;01067;Dresden;DE\n"
    filled("import", "customers", filled.file("suppliers.csv", customers), "--on", "01.01.2026")
    filled("product", "new", "WARE", "name=Ware", "model=one_off", "price=1,00", "valid_from=01.01.2026")
    opened = filled("marketplace", "open", "M1", "--product", "WARE", "--percent", "10", "--from", "01.11.2026")
    assert "Marktplatz M1 ist ab 01.11.2026 offen." in opened.out
    refused = filled("marketplace", "supplier", "M1", "S1", code=3)
    assert "§ 14 Abs. 2 UStG" in refused.err
    filled("customer", "supplier", "S1", "--agreed-on", "15.10.2026", "--from", "01.11.2026", "--tax-number",
           "231/107/04512")  # fmt: skip
    assert "S1 verkauft auf M1." in filled("marketplace", "supplier", "M1", "S1").out
    return filled


def test_trades_are_imported_billed_shown_and_reconciled(trading: Desk) -> None:
    file = trading.file("sales.csv", SALES)
    report = trading("marketplace", "import", file, "--json").json
    assert (report["rows"], report["created"], report["unchanged"], report["errors"]) == (6, 5, 1, 0)
    assert "schon da" in trading("import", "trades", file).out
    [before] = trading("marketplace", "reconcile", "M1", "--json").json
    assert (before["state"], before["traded"], before["invoiced"]) == ("open", 7004, 0)
    trading("run", "issue", "--through", "01.12.2026", "--on", "01.12.2026", "--kind", "M1")
    [after] = trading("marketplace", "reconcile", "M1", "--json").json
    assert (after["state"], after["invoiced"], after["payout"], after["commission"], after["difference"]) == (
        "balanced", 7004, 6304, 700, 0,
    )  # fmt: skip
    out = trading("marketplace", "reconcile", "M1").out
    assert "70,04 € − Auszahlungen 63,04 € − Provision 7,00 € = 0,00 €" in out.replace("\u00a0", " ")
    assert "Geht auf." in out
    rows = trading("marketplace", "trades", "M1", "--supplier", "S1", "--from", "01.11.2026", "--json").json
    assert [(row["key"], row["buyer"], row["buyer_net"], row["payout"], row["commission"]) for row in rows] == [
        ("b2", "K3", 6005, 5405, 600), ("c", "K1", 999, 899, 100),
    ]  # fmt: skip
    assert "60,05" in trading("marketplace", "trades", "M1").out
    assert "Zählt nicht mehr." in trading("marketplace", "show", "M1", "a").out
    shown = trading("marketplace", "show", "M1", "b2", "--json").json
    assert ([row["key"] for row in shown["rows"]], shown["counts"]["difference"]) == (["b", "b2"], 0)
    trading("marketplace", "show", "M1", "zz", code=3)
    trading("marketplace", "trades", "M1", "--supplier", "zz", code=3)
    listed = trading("marketplace", "list", "--json").json
    assert (listed[0]["code"], listed[0]["suppliers"]) == ("M1", ["S1"])
    assert "10 %, einbehalten" in trading("marketplace", "list").out.replace("\u00a0", " ")
    names = {row["name"]: row["ok"] for row in trading("doctor", "--json").json["findings"]}
    assert names["marketplaces"]


def test_the_doctor_fails_where_a_marketplace_does_not_add_up(trading: Desk) -> None:
    trading("marketplace", "import", trading.file("sales.csv", SALES))
    trading("usage", "record", "M1-S1-S", "WARE", "--key", "x", "--quantity", "5", "--at", "06.11.2026")
    out = trading("--language", "en", "doctor", code=1).out
    assert "invoices, payouts and commission of marketplaces add up to zero" in out
    assert "M1-S1-S/WARE 2026-11-06" in out
    trading("run", "issue", "--through", "01.12.2026", "--on", "01.12.2026", "--kind", "M1")
    trading("run", "issue", "--through", "02.12.2026", "--on", "02.12.2026", "--kind", "M1")
    trading("run", "issue", "--through", "01.01.2027", "--on", "01.01.2027", "--kind", "M1")
    answer = trading("marketplace", "reconcile", "M1", "--json", code=1).json
    assert (answer[0]["state"], answer[0]["difference"], answer[0]["wrong"]) == ("wrong", -500, ["M1-S1-S/WARE"])
    assert "Does not add up: M1-S1-S/WARE" in trading("--language", "en", "marketplace", "reconcile", "M1", code=1).out


GERMAN = [
    "Der Schlüssel „a“ ist schon mit anderem Inhalt da.", "K3 verkauft nicht auf dem Marktplatz M1.",
    "Den Marktplatz M2 gibt es nicht.", "„Zu Schlüssel“: fehlt.", "Nur Korrektur und Storno betreffen",
    "muss größer als 0 sein.", "„Käufer“: fehlt.", "rechnet in EUR ab, nicht in USD.", "mehr Nachkommastellen als EUR.",
    "„c“ zählt schon nicht mehr: „l“ hat es ersetzt.",
]  # fmt: skip
ENGLISH = [
    "The key “a” is there already with other content.", "K3 does not sell at marketplace M1.",
    "There is no marketplace M2.", "“Zu Schlüssel”: is missing.", "Only a correction or cancellation",
    "must be greater than 0.", "“Käufer”: is missing.", "is settled in EUR, not in USD.", "has more decimals than EUR.",
    "“c” counts no more: “l” took its place.",
]  # fmt: skip


@pytest.mark.parametrize(("language", "texts"), [("de", GERMAN), ("en", ENGLISH)])
def test_every_wrong_row_is_told_with_its_reason_and_nothing_is_saved(
    trading: Desk, language: str, texts: list[str]
) -> None:
    trading("marketplace", "import", trading.file("sales.csv", SALES))
    file = trading.file("wrong.csv", WRONG)
    report = trading("--language", language, "marketplace", "import", file, "--json", code=1).json
    assert (report["rows"], report["errors"], report["saved"]) == (11, 10, False)
    told = [problem["text"] for problem in report["problems"]]
    assert len(told) == len(texts)
    for text, wanted in zip(told, texts, strict=True):
        assert wanted in text
    assert trading("marketplace", "show", "M1", "c", "--json").json["counts"] is not None


def test_an_offer_that_cannot_work_is_refused_in_both_languages(trading: Desk) -> None:
    none = ("marketplace", "open", "M9", "--product", "WARE", "--from", "01.11.2026")
    assert "Die Provision fehlt" in trading(*none, code=3).err
    assert "Commission is missing" in trading("--language", "en", *none, code=3).err
    trading("scheme", "new", "tiers", "--function", "graduated", "--tier", "1000:10", "--tier", ":5", "--percent")
    trading(*none, "--scheme", "tiers", "--fixed", "0,30", "--label", "Vermittlung", "--cycle", "vierteljährlich")
    assert "gestaffelt" in trading("marketplace", "list").out
    assert "berechnet" not in trading("marketplace", "list").out
    trading("marketplace", "open", "M1", "--product", "WARE", "--percent", "11", "--from", "01.11.2026", code=3)
