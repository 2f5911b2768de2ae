"""Customers, products and prices at the command line: the columns of the files, everything that is wrong at once."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database


def test_a_customer_is_entered_changed_and_stays_what_was_not_named(filled: Desk) -> None:
    filled("customer", "new", "K9", "name=Neun GmbH", "Art=Firma", "Straße=Weg 9", "PLZ=01067", "city=Dresden")
    filled("customer", "change", "K9", "street=Ring 2", "payment_days=30", "--on", "01.02.2027")
    before = filled("customer", "show", "K9", "--on", "31.01.2027", "--json").json
    after = filled("customer", "show", "K9", "--on", "01.02.2027", "--json").json
    assert (before["address"]["street"], before["payment_days"]) == ("Weg 9", None)
    assert (after["address"]["street"], after["payment_days"], after["name"]) == ("Ring 2", 30, "Neun GmbH")
    again = filled("customer", "change", "K9", "street=Ring 2", "--on", "01.02.2027").out
    assert "Nichts zu ändern" in again
    assert "customer change" in filled("customer", "new", "K9", "name=x", "kind=Firma", "city=x", code=3).err


def test_a_price_follows_from_its_day_on_and_a_list_has_its_own(filled: Desk) -> None:
    filled("product", "new", "BERATUNG", "name=Beratung", "unit=Stunde", "model=one_off", "price=120,00",
           "valid_from=01.01.2026")  # fmt: skip
    filled("product", "price", "LIC", "model=je Einheit", "price=12,00", "valid_from=01.01.2027")
    filled("product", "price", "LIC", "model=je Einheit", "price=8,00", "valid_from=01.01.2026", "price_list=verein",
           "Land=AT")  # fmt: skip
    shown = filled("product", "show", "LIC", "--json").json
    assert [(p["unit_price"], p["valid_from"], p["price_list"], p["country"]) for p in shown["prices"]] == [
        ("10", "2020-01-01", "", ""), ("12", "2027-01-01", "", ""), ("8", "2026-01-01", "verein", "AT"),
    ]  # fmt: skip
    assert shown["product"]["name_en"] == "Licence", "what describes the product stays"
    assert "Beratung" in filled("product", "list", "--search", "berat").out
    assert "genau so" in filled(
        "product", "price", "LIC", "model=je Einheit", "price=12,00", "valid_from=01.01.2027"
    ).out  # fmt: skip


def test_everything_that_is_wrong_is_said_at_once_in_both_languages(filled: Desk) -> None:
    said = filled("customer", "new", "K9", "kind=Verein", "PLZ=1", code=3).err
    assert said.splitlines() == [
        "Fehler: name: fehlt. Bitte ausfüllen.",
        "kind: „Verein“ ist kein gültiger Wert. Möglich: firma, privat.",
        "city: fehlt. Bitte ausfüllen.",
    ]
    said = filled("--language", "en", "customer", "new", "K9", "nme=x", "wrong", code=3).err
    assert said.splitlines() == [
        "Error: There is no column “nme”. Did you mean Name, number? All: turnus import columns.",
        "“wrong” does not have the form COLUMN=VALUE.",
    ]
    said = filled("product", "price", "LIC", "model=je Einheit", "price=-1", "valid_from=01.01.2020", code=3).err
    assert len(said.splitlines()) == 2
    assert "schon einen anderen Preis" in said
    assert "ist negativ" in said
    assert "turnus import products" in filled("product", "show", "NIX", code=3).err


# ---- plans and groups ------------------------------------------------------------------------------------------------

PLANS = """Plan;Variante;Gültig ab;Planname;Turnus;Kündigungsfrist;Position;Artikelnummer;Rolle;Preismodell;Preis;Menge
TEAM;monat;01.01.2026;Team;monatlich;1 Monat;plaetze;LIC;fest;;;3
TEAM;monat;01.01.2026;;;;support;LIC;wahlweise;pauschal;25,00;
TEAM;jahr;01.01.2026;Team;jährlich;3 Monate;plaetze;LIC;fest;je Einheit;100,00;3
"""
GROUPS = """Kundengruppe;Name;Gültig ab;Testtage;Zahlungsziel;Rabatt %;Rabatt Text
SCHULEN;Schulen;01.01.2026;30;60;10;Bildung
"""


@pytest.fixture
def offered(filled: Desk) -> Desk:
    assert "Gespeichert." in filled("import", "plans", filled.file("plans.csv", PLANS)).out
    assert "Gespeichert." in filled("import", "groups", filled.file("groups.csv", GROUPS)).out
    return filled


def test_plans_from_a_file_are_listed_shown_and_sold(offered: Desk) -> None:
    assert "Alles schon da" in offered("import", "plans", offered.file("again.csv", PLANS)).out
    assert [row["code"] for row in offered("plan", "list", "--json").json] == ["jahr", "monat"]
    shown = offered("plan", "show", "TEAM/monat").out
    for text in ("TEAM/monat Team", "wahlweise", "25,00\u00a0€", "Katalog", "1 Monat"):
        assert text in shown
    offered("contract", "new", "V9", "--customer", "K1", "--start", "01.12.2026", "--plan", "TEAM/monat", "--item",
            "plaetze:5", "--item", "support", "--item", "GB", "--payment-days", "21")  # fmt: skip
    detail = offered("contract", "show", "V9", "--json").json
    assert [(i["code"], i["quantity"], i["price"]) for i in detail["items"]] == [
        ("plaetze", "5", "10"), ("support", "1", "25"), ("3-GB", "1", "0.31"),
    ]  # fmt: skip
    assert detail["payment_days"] == 21
    offered("contract", "replace", "V9", "V10", "--start", "01.01.2027", "--plan", "TEAM/jahr")
    assert offered("contract", "show", "V9", "--json").json["line"]["end"] == "2027-01-01"
    said = offered("contract", "new", "V11", "--customer", "K1", "--start", "heute", "--plan", "TEM/monat", code=3).err
    assert "Gemeint: TEAM/monat" in said
    assert "Gemeint: TEAM" in offered("plan", "show", "TEEM/monat", code=3).err


def test_a_file_of_contracts_names_plans_and_chooses_from_them(offered: Desk) -> None:
    text = (
        "Vertrag;Kunde;Beginn;Plan;Position;Artikelnummer;Menge\nP1;K1;01.12.2026;TEAM/monat;plaetze;;7\n"
        "P1;;;;;GB;\nP2;K2;01.12.2026;TEAM/jahr;;;\n"
    )
    for word in ("Gespeichert.", "Alles schon da"):
        assert word in offered("import", "contracts", offered.file("p.csv", text)).out
    items = offered("contract", "show", "P1", "--json").json["items"]
    assert [(item["code"], item["quantity"]) for item in items] == [("plaetze", "7"), ("GB", "1")]
    wrong = text.replace("plaetze", "platz").replace("P1", "P3").replace("P2", "P4").replace("TEAM/jahr", "TEAM/woche")
    said = offered("import", "contracts", offered.file("w.csv", wrong), code=1).out
    assert "gibt es im Plan „TEAM/monat“ nicht. Es gibt: plaetze, support" in said
    assert "„TEAM/woche“ gibt es nicht. Gemeint: TEAM/jahr, TEAM/monat?" in said


def test_groups_have_members_conditions_and_contracts_that_differ(offered: Desk) -> None:
    offered("group", "join", "K1", "SCHULEN", "--on", "01.11.2026")
    customers = "Kundennummer;Name;Art;Ort;PLZ;Straße;Kundengruppe\nK3;Erika;Privat;Ort;01067;Weg;SCHULEN\n"
    offered("import", "customers", offered.file("k.csv", customers), "--on", "01.11.2026")
    offered("contract", "new", "V9", "--customer", "K1", "--start", "01.12.2026", "--plan", "TEAM/monat")
    detail = offered("contract", "show", "V9", "--json").json
    assert (detail["line"]["start"], detail["payment_days"]) == ("2026-12-31", 60)
    [group] = offered("group", "list", "--on", "01.12.2026", "--json").json
    assert (group["members"], group["special"]["conditions"]["payment_days"]) == (2, 60)
    assert "Bildung: 10 %" in offered("group", "list").out
    rows = offered("group", "differences", "--on", "15.12.2026", "--json").json
    assert {(row["contract"], row["condition"]) for row in rows} == {
        ("V1", "payment_days"), ("V1", "discount"), ("V3", "payment_days"), ("V3", "discount"),
    }  # fmt: skip
    offered("group", "new", "SCHULEN", "name=Schulen", "valid_from=01.12.2026", "payment_days=14",
            "Kündigungsfrist=2 Monate", "discount_percent=10", "Rabatt Text=Bildung")  # fmt: skip
    said = offered("group", "differences", "SCHULEN", "--on", "15.12.2026", code=1).out
    assert "V9" in said
    assert "2 Monate" in said
    offered("group", "join", "K1", "--on", "16.12.2026")
    assert "V9" not in offered("group", "differences", "--on", "16.12.2026", code=1).out
    assert "turnus group new" in offered("group", "join", "K1", "NIX", code=3).err
    offered("customer", "terms", "K2", "payment_days=5", "--on", "01.01.2026")
    assert "price_list" in offered("customer", "terms", "K2", "price_lst=x", code=3).err
    assert "hat keine Preise" in offered("customer", "terms", "K2", "price_list=x", code=3).err


def test_coupons_are_offered_redeemed_and_shown(offered: Desk) -> None:
    text = "Gutschein;Rechnungstext;Rabatt %;Zeiträume;Höchstens;Nur Neukunden\nSOMMER;Sommer;20;2;1;\nNEU;;50;1;;ja\n"
    for word in ("Gespeichert.", "Alles schon da"):
        assert word in offered("import", "coupons", offered.file("c.csv", text)).out
    offered("contract", "coupon", "V1", "som-mer", "--on", "01.11.2026")
    said = offered("contract", "coupon", "V2", "SOMMER", "--on", "01.11.2026", code=3).err
    assert "alle 1 Einlösungen" in said
    [neu, sommer] = offered("coupon", "list", "--json").json
    assert (sommer["coupon"]["code"], sommer["redeemed"], neu["coupon"]["new_customers"]) == ("SOMMER", 1, True)
    assert "Sommer: 20 %, 2 Zeiträume" in offered("coupon", "list").out
    assert "Müller AG" in offered("coupon", "show", "SOMMER").out
    assert "Gemeint: SOMMER" in offered("coupon", "show", "SOMMR", code=3).err
    offered("coupon", "new", "WINTER", "discount_amount=5,00", "periods=1")
    assert "mindestens 1" in offered("coupon", "new", "WINTER", "discount_percent=5", "limit=0", code=3).err
    offered("customer", "new", "K8", "name=Neu", "kind=Privat", "city=Ort", "PLZ=01067", "street=Weg")
    plan = ("--plan", "TEAM/monat", "--coupon", "neu", "--coupon", "winter")
    offered("contract", "new", "N1", "--customer", "K8", "--start", "01.12.2026", *plan)
    labels = [row["label"] for row in offered("contract", "show", "N1", "--json").json["discounts"]]
    assert sorted(labels) == ["NEU", "WINTER"]
    contracts = "Vertrag;Kunde;Beginn;Plan;Gutschein\nN2;K8;01.12.2026;TEAM/monat;neu, nix\n"
    said = offered("import", "contracts", offered.file("n.csv", contracts), code=1).out
    assert "nur für den ersten Vertrag" in said
    assert "Gutschein „nix“ gibt es nicht" in said
