"""Several sellers, languages and currencies in one installation (JB-22, 46, 47, 64, 66; PI-08; L-02)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.builders import (
    BY,
    SINCE,
    Company,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    id_of,
    lines,
    only,
    pay,
    product,
    run,
    totals,
)
from turnus.core.document import PostalAddress
from turnus.core.usage import local_day
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.numbers import IssueDateError
from turnus.invoices.runs import put_series
from turnus.parties.facts import seller_facts

pytestmark = pytest.mark.database


def billing(firm: Company, *, price: str = "30.00", start: str = "2026-01-01") -> Company:
    product(firm, "abo", price)
    contract(firm, "V1", start, "abo")
    return firm


def today_of(firm: Company, instant: datetime) -> str:
    """The civil date that an interface passes: the seller's, whatever the server's clock says."""
    zone = seller_facts(firm.id, on=SINCE).data.time_zone
    return local_day(instant, ZoneInfo(zone)).isoformat()


def test_jb_64_each_seller_has_numbers_customers_and_products_of_its_own() -> None:
    north = billing(company("nord", vat_id="DE111111111"))
    south = billing(company("sued", vat_id="DE222222222"), price="40.00")
    first, second = only(run(north, "2026-01-01")), only(run(south, "2026-01-01"))
    assert (first.number, second.number) == ("RE-2026-000001", "RE-2026-000001")
    assert (first.seller.vat_id, second.seller.vat_id) == ("DE111111111", "DE222222222")
    assert (totals(first), totals(second)) == ("30.00 + 5.70 = 35.70", "40.00 + 7.60 = 47.60")
    assert only(run(north, "2026-02-01")).number == "RE-2026-000002"


def test_jb_64_a_seller_numbers_as_its_own_pattern_says() -> None:
    firm = billing(company())
    put_series(firm.id, "invoice", "R", "R{JJ}{MM}-{0000}", valid_from=day("2026-01-01"), by=BY)
    assert [only(run(firm, first)).number for first in ("2026-01-01", "2026-02-01")] == ["R2601-0001", "R2602-0002"]


def test_l_02_the_number_year_is_the_year_in_the_sellers_zone() -> None:
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    berlin = billing(company("berlin"))
    azores = billing(company("azoren", time_zone="Atlantic/Azores"))
    numbers = []
    for firm in (berlin, azores):
        on = today_of(firm, instant)
        numbers.append((on, only(run(firm, on)).number))
    assert numbers == [("2027-01-01", "RE-2027-000001"), ("2026-12-31", "RE-2026-000001")]


def test_l_02_numbers_restart_with_the_year_and_rise_with_the_issue_date() -> None:
    firm = billing(company())
    assert only(run(firm, "2026-12-01")).number == "RE-2026-000001"
    assert only(run(firm, "2027-01-01")).number == "RE-2027-000001"
    assert only(run(firm, "2027-02-01")).number == "RE-2027-000002"
    with pytest.raises(IssueDateError):
        run(firm, "2027-03-01", on="2027-01-31")


def test_cancellations_and_invoices_have_ranges_of_their_own() -> None:
    firm = billing(company())
    invoice = only(run(firm, "2026-01-01"))
    made = cancel_invoice(id_of(firm, invoice), on=day("2026-01-02"), reason="Irrtum", by=BY)
    assert (invoice.number, made.number) == ("RE-2026-000001", "SR-2026-000001")
    assert only(run(firm, "2026-01-02")).number == "RE-2026-000002"


def test_jb_47_documents_are_in_the_recipients_language() -> None:
    firm = company()
    product(firm, "abo", "30.00", name_en="Subscription", description="Monatlich", description_en="Monthly")
    customer(firm, "K1")
    customer(firm, "K2", language="en")
    contract(firm, "V1", "2026-01-01", "abo")
    contract(firm, "V2", "2026-01-01", "abo", by="K2")
    german, english = run(firm, "2026-01-01")
    assert [(d.language, d.lines[0].name, d.lines[0].description) for d in (german, english)] == [
        ("de", "abo", "Monatlich"),
        ("en", "Subscription", "Monthly"),
    ]


def test_jb_46_currencies_keep_their_decimals_and_their_own_balances() -> None:
    firm = company()
    customer(firm, "K1", country="CH", business_proof="HR")
    for currency, price in (("JPY", "10000"), ("KWD", "10.000"), ("EUR", "10.00")):
        product(firm, currency, price, currency=currency)
        contract(firm, f"V{currency}", "2025-01-22", currency, currency=currency, anchor="2025-01-01")
    documents = {document.currency: document for document in run(firm, "2025-01-22")}
    assert {code: totals(document) for code, document in documents.items()} == {
        "JPY": "3226 + 0 = 3226",
        "KWD": "3.226 + 0.000 = 3.226",
        "EUR": "3.23 + 0.00 = 3.23",
    }
    pay(firm, documents["JPY"], "4000", on="2025-01-25")
    assert [credit_on_account(firm, "K1", currency) for currency in ("JPY", "EUR")] == ["774", "0.00"]
    february = {document.currency: document.applied for document in run(firm, "2025-02-01")}
    assert february == {"JPY": 774, "KWD": 0, "EUR": 0}


def test_jb_22_terms_of_payment_come_from_the_contract_else_the_customer_else_the_seller() -> None:
    firm = company(payment_days=14)
    product(firm, "abo", "30.00")
    customer(firm, "K1")
    customer(firm, "K2", payment_days=0)
    contract(firm, "V1", "2026-01-01", "abo")
    contract(firm, "V2", "2026-01-01", "abo", by="K2")
    contract(firm, "V3", "2026-01-01", "abo", by="K2", payment_days=30)
    dues = [document.due_date for document in run(firm, "2026-01-01")]
    assert dues == [day("2026-01-15"), day("2026-01-01"), day("2026-01-31")]


def test_jb_66_an_invoice_names_all_that_the_law_asks_and_a_later_move_does_not_change_it() -> None:
    firm = billing(company())
    customer(firm, "K1", leitweg_id="04011000-12345-34", delivery=PostalAddress("Lager 2", "04109", "Leipzig", "DE"))
    document = only(run(firm, "2026-01-01"))
    assert (document.seller.name, document.seller.vat_id, document.buyer.name) == (
        "main GmbH", "DE123456789", "Kunde K1",
    )  # fmt: skip
    assert (document.issue_date, document.due_date) == (day("2026-01-01"), day("2026-01-15"))
    assert (document.buyer_reference, document.accounts[0].iban) == ("04011000-12345-34", "DE02120300000000202051")
    assert document.delivery is not None
    assert lines(document) == ["1 abo 01.01.2026–31.01.2026 30.00"]
    customer(firm, "K1", name="Neu GmbH", address=PostalAddress("Neu 9", "10115", "Berlin", "DE"), since="2026-01-02")
    product(firm, "abo", description="anders")
    assert invoice_document(id_of(firm, document)) == document
    assert only(run(firm, "2026-02-01")).buyer.name == "Neu GmbH"
