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
        "kind: „Verein“ ist kein gültiger Wert. Möglich: company, person.",
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
