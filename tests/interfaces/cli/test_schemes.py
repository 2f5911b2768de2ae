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


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    desk(*SELLER)
    said = desk("scheme", "new", "x", "--function", "graduated", "--tier", "100:1", "--tier", "50:1", "--least", "2",
                "--most", "1", code=2).err  # fmt: skip
    assert ["überlappen" in said, "keinen Preis" in said, "Höchstbetrag" in said] == [True] * 3
    assert "verstehen" in desk("scheme", "new", "x", "--formula", "open('x')", code=2).err
    assert "HEFT" in desk("scheme", "new", "x", "--part", "HEFT:1", code=3).err
    assert desk("scheme", "list", "--json").json == []
    assert "anrufe" in desk("scheme", "try", "anrufe", "1", code=3).err
