"""Rows of customers, products and usage → values; headers; messages."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from turnus.core.catalog import Model, PriceData, ProductData, ProductKind, TaxClass
from turnus.core.document import PostalAddress
from turnus.core.intake import texts
from turnus.core.intake.cells import Cell, CellError, Reading, key
from turnus.core.intake.columns import FileError, Layout, RowError, Values
from turnus.core.intake.contract_columns import CONTRACTS
from turnus.core.intake.customers import CUSTOMERS, customer_row
from turnus.core.intake.products import PRODUCTS, product_row
from turnus.core.intake.usage import USAGE, usage_record
from turnus.core.parties import CustomerKind, VatIdCheck

HOW = Reading(ZoneInfo("Europe/Berlin"), currency="EUR", country="DE")
LAYOUTS = (CUSTOMERS, PRODUCTS, CONTRACTS, USAGE)
MUELLER: dict[str, Cell] = {
    "number": "00123",
    "name": "Müller GmbH",
    "kind": "Firma",
    "street": "Hauptstr. 1",
    "postcode": "01067",
    "city": "Dresden",
}
ROUTER: dict[str, Cell] = {
    "code": "R-1",
    "name": "Router",
    "model": "recurring_flat",
    "price": "4,90 €",
    "valid_from": "01.01.2026",
}


def values(layout: Layout, cells: dict[str, Cell]) -> Values:
    parsed, errors = layout.parse(cells, HOW)
    assert errors == []
    return parsed


def code_and_column(error: CellError) -> tuple[str, str]:
    return error.code, error.column


# ---- customers ------------------------------------------------------------------------------------------------------


def test_a_customer_keeps_its_zeros_and_takes_country_from_the_seller() -> None:
    row = customer_row(values(CUSTOMERS, MUELLER), HOW)
    assert row.check is None
    assert (row.data.number, row.data.kind, row.data.name) == ("00123", CustomerKind.COMPANY, "Müller GmbH")
    assert row.data.address == PostalAddress("Hauptstr. 1", "01067", "Dresden", "DE")


def test_the_evidence_of_a_vat_id_check_comes_with_its_customer() -> None:
    check: dict[str, Cell] = {"country": "AT", "postcode": "1010", "vat_id": "ATU 12345678"}
    check |= {"vat_checked_on": "05.10.2026", "vat_check_valid": "ja", "vat_check_reference": "BZSt-1"}
    row = customer_row(values(CUSTOMERS, MUELLER | check), HOW)
    assert row.check == VatIdCheck("ATU12345678", date(2026, 10, 5), valid=True, reference="BZSt-1")


def test_a_delivery_address_is_whole_or_absent() -> None:
    delivery: dict[str, Cell] = {"delivery_street": "Weg 2", "delivery_postcode": "04109", "delivery_city": "Leipzig"}
    row = customer_row(values(CUSTOMERS, MUELLER | delivery), HOW)
    assert row.data.delivery == PostalAddress("Weg 2", "04109", "Leipzig", "DE")


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"postcode": "1067"}, ("postcode", "postcode")),
        ({"postcode": None}, ("postcode", "postcode")),
        ({"parent": "00123"}, ("own_parent", "parent")),
        ({"vat_checked_on": "05.10.2026"}, ("check_incomplete", "vat_id")),
        ({"vat_id": "ATU12345678", "vat_check_valid": "ja"}, ("check_incomplete", "vat_checked_on")),
        ({"vat_id": "ATU12345678", "vat_checked_on": "05.10.2026"}, ("check_incomplete", "vat_check_valid")),
        ({"delivery_street": "Weg 2"}, ("required", "delivery_city")),
        ({"delivery_city": "Leipzig", "delivery_postcode": "4109"}, ("postcode", "delivery_postcode")),
    ],
)
def test_cells_of_a_customer_that_do_not_fit_together_are_refused(
    cells: dict[str, Cell], error: tuple[str, str]
) -> None:
    with pytest.raises(CellError) as caught:
        customer_row(values(CUSTOMERS, MUELLER | cells), HOW)
    assert code_and_column(caught.value) == error


def test_mandate_and_skonto_are_read_as_they_are_written() -> None:
    cells: dict[str, Cell] = {
        "mandate": "M-1", "mandate_iban": "DE89 3704 0044 0532 0130 00", "cash_discount_days": "14",
        "cash_discount_percent": "2,5 %", "einvoice_profile": "xrechnung", "einvoice_syntax": "UBL",
    }  # fmt: skip
    data = customer_row(values(CUSTOMERS, MUELLER | cells), HOW).data
    assert (data.mandate, data.mandate_iban) == ("M-1", "DE89370400440532013000")
    assert (data.cash_discount_days, data.cash_discount_percent, data.einvoice_syntax) == (14, 250, "ubl")


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"mandate": "M-1"}, ("required", "mandate_iban")),
        ({"mandate_iban": "DE89370400440532013000"}, ("required", "mandate")),
        ({"cash_discount_days": "14"}, ("required", "cash_discount_percent")),
        ({"cash_discount_percent": "2"}, ("required", "cash_discount_days")),
        ({"cash_discount_days": "14", "cash_discount_percent": "2,1251"}, ("number_decimals", "cash_discount_percent")),
    ],
)
def test_half_a_mandate_and_half_a_discount_are_refused(cells: dict[str, Cell], refusal: tuple[str, str]) -> None:
    with pytest.raises(CellError) as error:
        customer_row(values(CUSTOMERS, MUELLER | cells), HOW)
    assert code_and_column(error.value) == refusal


def test_all_wrong_cells_of_a_row_are_named_at_once() -> None:
    wrong: dict[str, Cell] = {"kind": "Verein?", "email": "keine", "payment_days": "-1", "name": " ", "number": None}
    _, errors = CUSTOMERS.parse(MUELLER | wrong, HOW)
    assert [code_and_column(error) for error in errors] == [
        ("required", "number"),
        ("required", "name"),
        ("choice", "kind"),
        ("email", "email"),
        ("number_low", "payment_days"),
    ]


# ---- products -------------------------------------------------------------------------------------------------------


def test_a_product_comes_with_one_of_its_prices() -> None:
    full: dict[str, Cell] = {"kind": "elektronisch", "tax_class": "ermäßigt", "unit": "Monat", "gross": "ja"}
    row = product_row(values(PRODUCTS, ROUTER | full | {"valid_to": "31.12.2026"}), HOW)
    assert row.product == ProductData(
        "R-1", "Router", kind=ProductKind.ELECTRONIC, tax_class=TaxClass.REDUCED, unit="MON"
    )
    assert row.price == PriceData(
        "R-1", Model.RECURRING_FLAT, "EUR", Decimal("4.9"), date(2026, 1, 1), date(2027, 1, 1), gross=True
    )


def test_only_rated_usage_needs_no_price() -> None:
    assert product_row(values(PRODUCTS, ROUTER | {"model": "rated", "price": ""}), HOW).price.unit_price == 0
    assert product_row(values(PRODUCTS, ROUTER | {"price": "0"}), HOW).price.unit_price == 0


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"price": None}, ("required", "price")),
        ({"currency": "CHF"}, ("currency_conflict", "price")),
        ({"valid_to": "31.12.2025"}, ("period_negative", "valid_to")),
    ],
)
def test_cells_of_a_product_that_do_not_fit_together_are_refused(
    cells: dict[str, Cell], error: tuple[str, str]
) -> None:
    with pytest.raises(CellError) as caught:
        product_row(values(PRODUCTS, ROUTER | cells), HOW)
    assert code_and_column(caught.value) == error


# ---- usage ----------------------------------------------------------------------------------------------------------


def test_usage_falls_on_a_day_of_the_seller() -> None:
    cells: dict[str, Cell] = {"contract": "V-1", "item": "api", "key": "e1", "at": "2026-11-30T23:30:00Z"}
    event = usage_record(values(USAGE, cells | {"quantity": "0,00000000001"}), HOW)
    assert (event.day, event.moment) == (date(2026, 12, 1), 30 * 60 * 1_000_000)
    assert event[:3] + event[4:5] == ("V-1", "api", "e1", Decimal("0.00000000001"))
    rated = usage_record(values(USAGE, cells | {"amount": "-0.0000008", "unit": "Requests"}), HOW)
    assert (rated.quantity, rated.amount, rated.unit) == (None, Decimal("-0.0000008"), "Requests")


# ---- headers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind)
def test_both_languages_name_the_same_columns_and_no_header_means_two(layout: Layout) -> None:
    assert layout.match(layout.titles("en")) == layout.match(layout.titles("de")) == list(layout.columns)
    keys = [key(header) for column in layout.columns for header in set(map(key, column.headers))]
    assert len(keys) == len(set(keys))


def test_a_header_is_recognised_however_it_is_written() -> None:
    headers = ["KUNDEN-NR", "Firmenname", "kundenart", "Strasse", "plz", "Ort", "E-Mail", ""]
    found = [column and column.name for column in CUSTOMERS.match(headers)]
    assert found == ["number", "name", "kind", "street", "postcode", "city", "email", None]


def test_all_that_is_wrong_with_a_header_is_said_at_once() -> None:
    with pytest.raises(FileError) as caught:
        CUSTOMERS.match(["Kundennumer", "Name", "name", "PLZ", "Glückszahl"])
    said = texts.message(caught.value, "de")
    assert "unbekannte Spalten: Kundennumer (→ Kundennummer" in said
    assert "Glückszahl" in said
    assert "Es fehlen: number, kind, city." in said
    assert "Doppelt: Name, name." in said


# ---- messages -------------------------------------------------------------------------------------------------------


def test_a_message_says_where_what_and_how_to_mend_it() -> None:
    _, errors = PRODUCTS.parse(ROUTER | {"price": "1.234"}, HOW)
    error = RowError(12, "Preis", errors[0])
    assert texts.explain(error, "de") == (
        "Zeile 12, Spalte „Preis“: „1.234“ ist 1234 oder 1,2340? "
        "Bitte so schreiben oder das Dezimalzeichen der Datei angeben."
    )
    assert texts.explain(error, "en").startswith("Row 12, column “Preis”: “1.234” is 1234 or 1,2340?")
    assert texts.explain(RowError(3, "", CellError("required")), "en") == "Row 3: is missing. Please fill it in."
