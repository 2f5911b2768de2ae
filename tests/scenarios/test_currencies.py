"""Hard case 13: each currency by its own decimals; VAT of a foreign currency in euros, frozen with the document."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import BY, company, contract, customer, day, id_of, only, pay, product, run
from turnus.catalog.offer import OfferRefusedError, put_exchange_rate
from turnus.core.document import InvoiceDocument
from turnus.core.money import from_minor, in_euro
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents
from turnus.invoices.models import Invoice

pytestmark = pytest.mark.database


def put(rate: str, since: str, currency: str = "USD") -> None:
    with transaction.atomic():
        put_exchange_rate(currency, Decimal(rate), valid_from=day(since), source="BMF", by=BY)


def euro_vat(document: InvoiceDocument) -> int | None:
    rate = document.exchange_rate
    return None if rate is None else in_euro(document.tax, document.currency, rate)


@pytest.mark.parametrize(
    ("currency", "price", "net"), [("JPY", "10000", "3226"), ("KWD", "10.000", "3.226"), ("EUR", "100.00", "32.26")]
)
def test_case_13_ten_of_31_days_in_the_decimals_of_each_currency(currency: str, price: str, net: str) -> None:
    firm = company()
    product(firm, "abo", price, currency=currency)
    contract(firm, "V1", "2025-01-22", "abo", anchor="2025-01-01", currency=currency)
    document = only(run(firm, "2025-01-22"))
    assert str(from_minor(document.net, currency)) == net


def test_case_13_the_vat_of_a_dollar_invoice_is_stated_in_euros_and_frozen() -> None:
    firm = company()
    product(firm, "abo", "100.00", currency="USD")
    contract(firm, "V1", "2025-01-01", "abo", currency="USD")
    put("1.0801", "2025-01-01")
    january = only(run(firm, "2025-01-01"))
    assert (january.tax, euro_vat(january)) == (19_00, 17_59)
    put("1.1000", "2025-02-01")
    assert euro_vat(only(run(firm, "2025-02-01"))) == 17_27
    number = id_of(firm, january)
    assert euro_vat(invoice_document(number)) == 17_59, "a new rate revalues nothing"
    cancelled = cancel_invoice(number, on=day("2025-02-02"), reason="Irrtum", by=BY)
    assert euro_vat(invoice_document(cancelled.invoice)) == -17_59, "at the rate of what it takes back"
    assert changed_documents() == []


def test_case_13_a_customer_in_two_currencies_has_two_balances() -> None:
    firm = company()
    customer(firm)
    product(firm, "abo", "100.00")
    product(firm, "sub", "100.00", currency="USD")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "sub", currency="USD")
    put("1.0801", "2025-01-01")
    euro, dollar = sorted(run(firm, "2025-01-01"), key=lambda document: document.currency)
    assert ([euro.currency, dollar.currency], euro_vat(euro)) == (["EUR", "USD"], None)
    pay(firm, euro, "200.00", on="2025-01-02")
    later = {document.currency: document.applied for document in run(firm, "2025-02-01")}
    assert later == {"EUR": 81_00, "USD": 0}, "no netting without a conversion"
    assert Invoice.objects.filter(currency="EUR").exclude(exchange_rate="").count() == 0


def test_a_rate_is_entered_once_and_never_changed() -> None:
    put("1.0801", "2025-01-01")
    put("1.0801", "2025-01-01")
    with pytest.raises(OfferRefusedError) as error:
        put("1.09", "2025-01-01")
    assert [fault.code for fault in error.value.faults] == ["exchange_rate_changed"]
    with pytest.raises(OfferRefusedError):
        put("1", "2025-01-01", "XYZ")
