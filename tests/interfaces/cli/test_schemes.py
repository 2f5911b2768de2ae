"""Price schemes by command: templates, entering with all faults at once, trying, files that name them, explaining."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import CUSTOMERS, SELLER, Desk
from turnus.core.templates import TEMPLATES

pytestmark = pytest.mark.database

PRODUCTS = """Artikelnummer;Bezeichnung;Preismodell;Preis;Gültig ab;Preisschema
CALLS;Anrufe;Verbrauch;;01.01.2020;anrufe
BASE;Grundgebühr;pauschal;29,00;01.01.2020;
"""
CONTRACTS = """Vertrag;Kunde;Beginn;Artikelnummer;Preisschema;Mindestumsatz;Mindestumsatz der Position
V1;K1;01.10.2026;CALLS;;150,00;
V1;;;BASE;;;
V3;K3;01.10.2026;CALLS;anders;;5,00
"""
USAGE = """Vertrag;Position;Schlüssel;Tag;Menge
V1;CALLS;a;05.10.2026;1050
V3;CALLS;a;05.10.2026;7
"""


def test_from_a_template_to_an_explained_invoice(desk: Desk) -> None:
    desk(*SELLER)
    assert len(desk("scheme", "templates", "--json").json) == len(TEMPLATES)
    assert "angelegt" in desk("scheme", "new", "anrufe", "--like", "graduated").out
    assert "schon da" in desk("scheme", "new", "anrufe", "--like", "graduated").out
    desk("scheme", "new", "anders", "--function", "volume", "--tier", "10:0,50", "--tier", ":0,40", "--included", "1")
    assert desk("scheme", "try", "anrufe", "1.500,0", "--json").json["amount"] == 107_00
    desk("import", "customers", desk.file("c.csv", CUSTOMERS))
    texts = {"products": PRODUCTS, "contracts": CONTRACTS, "usage": USAGE}
    for kind, text in texts.items():
        desk("import", kind, desk.file(f"{kind}.csv", text))
    for kind, text in texts.items():
        again = desk("import", kind, desk.file(f"{kind}.csv", text), "--json").json
        assert (again["created"], again["changed"]) == (0, 0)
    desk("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026")
    found = desk("invoice", "list", "--json").json["invoices"]
    rows = {row["customer_number"]: row["number"] for row in found}
    lines = desk("invoice", "explain", rows["K1"], "--json").json
    assert [(line["name"], line["net"]) for line in lines] == [
        ("Anrufe", 84_50), ("Grundgebühr", 29_00), ("Grundgebühr", 29_00), ("Mindestumsatz", 36_50),
    ]  # fmt: skip
    assert all(sum(piece["amount"] for piece in line["pieces"]) == line["net"] for line in lines)
    assert "100 × 0,10\u00a0€ = 10,00\u00a0€" in [piece["text"] for piece in lines[0]["pieces"]]
    assert "900 × €0.08 = €72.00" in desk("--language", "en", "invoice", "explain", rows["K1"], "--line", "1").out
    assert [line["net"] for line in desk("invoice", "explain", rows["K3"], "--json").json] == [3_00, 2_00]
    desk("invoice", "explain", rows["K1"], "--line", "9", code=2)
    steps = ["100 × 0,10\u00a0€ = 10,00\u00a0€", "900 × 0,08\u00a0€ = 72,00\u00a0€", "50 × 0,05\u00a0€ = 2,50\u00a0€"]
    shown = desk("invoice", "show", rows["K1"])
    assert [step for step in steps if step not in shown.out] == []
    assert [line["steps"] for line in desk("invoice", "show", rows["K1"], "--json").json["lines"]] == [
        steps,
        [],
        [],
        [],
    ]


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    desk(*SELLER)
    said = desk("scheme", "new", "x", "--function", "graduated", "--tier", "100:1", "--tier", "50:1", "--least", "2",
                "--most", "1", code=2).err  # fmt: skip
    assert ["überlappen" in said, "keinen Preis" in said, "Höchstbetrag" in said] == [True] * 3
    assert "verstehen" in desk("scheme", "new", "x", "--formula", "open('x')", code=2).err
    assert "HEFT" in desk("scheme", "new", "x", "--part", "HEFT:1", code=3).err
    assert desk("scheme", "list", "--json").json == []
    assert "anrufe" in desk("scheme", "try", "anrufe", "1", code=3).err


def test_a_formula_with_tiers_out_of_order_is_refused_like_any_other(desk: Desk) -> None:
    desk(*SELLER)
    desk("scheme", "new", "x", "--formula", "graduated(quantity)", code=2)
    english = desk("--language", "en", "scheme", "new", "x", "--formula", "tier_price(quantity)", "--tier", "100:-1",
                   "--tier", "50:1", code=2).err  # fmt: skip
    assert ["overlap" in english, "no price above 50" in english, "price of tier 1 is -1" in english] == [True] * 3
    said = desk("scheme", "new", "x", "--tier", ":-1", "--function", "volume", "--included", "-2", code=2).err
    assert ["Preis von Stufe 1 ist -1" in said, "Inklusivmenge ist -2" in said] == [True] * 2


SHOWN = {
    ("--function", "graduated", "--tier", "100:0,10", "--tier", ":0,05:5"): (
        ["gestaffelt: jede Einheit", "pauschal", "offen"], ["graduated: each unit", "flat", "open"]),
    ("--function", "volume", "--tier", ":0,40", "--included", "1000"): (
        ["Mengenpreis", "1.000 Einheiten inklusive"], ["volume: all units", "1,000 units included"]),
    ("--package", "100", "--least", "5", "--most", "50"): (
        ["Pakete zu je 100", "mindestens 5 je", "höchstens 50 je"], ["packages of 100", "at least 5", "at most 50"]),
    ("--break", "100:5%", "--break", "500:20"): (
        ["Mengenrabatt ab 100: 5 %", "ab 500: Betrag 20"], ["discount from 100 on: 5%", "from 500 on: amount 20"]),
    ("--percent",): (["Prozent der Menge"], ["percent of the quantity"]),
    ("--quantum", "15", "--rounding", "up"): (["angefangene Schritte von 15"], ["started steps of 15"]),
    ("--quantum", "15", "--rounding", "half_up"): (["kaufmännisch gerundet"], ["rounded half up"]),
    ("--quantum", "15", "--rounding", "down"): (["volle Schritte von 15"], ["full steps of 15"]),
    ("--formula", "max(5, quantity * price)"): (["Formel: max(5"], ["Formula: max(5"]),
    ("--part", "CALLS:70", "--part", "BASE:30"): (["CALLS, 70 von 100"], ["CALLS, 70 of 100"]),
    ("--window", "jährlich", "--included", "10"): (["zählen über: jährlich"], ["count over: yearly"]),
}  # fmt: skip
"""Options of a scheme, and what is said of it in German and English."""


def test_every_kind_of_scheme_is_shown_in_words(desk: Desk) -> None:
    desk(*SELLER)
    desk("import", "products", desk.file("p.csv", PRODUCTS.replace(";;01.01.2020;anrufe", ";1;01.01.2020;")))
    for number, (options, said) in enumerate(SHOWN.items()):
        desk("scheme", "new", f"s{number}", *options)
        for language, words in zip(("de", "en"), said, strict=True):
            shown = desk("--language", language, "scheme", "show", f"s{number}").out
            assert [word for word in words if word not in shown] == [], shown
            assert ["Decimal" in shown, "True" in shown, "Cycle" in shown, "Rounding" in shown] == [False] * 4
    listed = desk("scheme", "list").out
    assert ("{" in listed, "Mengenrabatt ab 100" in listed) == (False, True)
