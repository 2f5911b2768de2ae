"""Small builders, so that scenarios read like sentences. Days are ISO text, amounts and quantities plain text.

A company sells products, customers sign contracts, a run bills them; `lines` and `totals` say what a document prints.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction

from turnus import order_to_cash
from turnus.catalog.facts import product_ids
from turnus.catalog.offer import put_price, put_product, put_rates
from turnus.catalog.plans import put_variant
from turnus.catalog.rates import GERMAN_RATES
from turnus.contracts.conclude import conclude
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.contracts.orders import conclude_orders
from turnus.core.actors import Actor, Stamp
from turnus.core.catalog import Model, PriceData, ProductData, ProductKind, TaxClass
from turnus.core.contracts import NewContract, NewDiscount, NewItem, NewMinimum, Timing
from turnus.core.document import InvoiceDocument, PostalAddress
from turnus.core.formatting import format_period
from turnus.core.money import canonical, from_minor, to_minor
from turnus.core.offers import Choice, Conditions, OfferedItem, Order, VariantData
from turnus.core.paperwork import Paperwork
from turnus.core.parties import CustomerData, CustomerKind, SellerData
from turnus.core.periods import Basis, Cycle, Period
from turnus.core.schemes import Rounding, Scheme
from turnus.core.terms import NewContractTerms
from turnus.core.trials import AfterTrial
from turnus.core.usage import Aggregation, Display, Metering, local_moment
from turnus.invoices.document import invoice_document
from turnus.invoices.models import Invoice, RunUnit
from turnus.invoices.runs import DefinitionData, put_definition, put_series
from turnus.ledger.facts import free_credit, items_of_invoices
from turnus.ledger.post import PaymentData, record_payment
from turnus.parties.facts import customer_ids, seller_facts
from turnus.parties.register import put_customer, put_seller

SINCE = date(2000, 1, 1)
BY = Stamp(Actor("person", "7", "Erika Beispiel"), datetime(2025, 1, 1, 9, tzinfo=UTC))
ONE_OFF, FLAT, UNIT = Model.ONE_OFF, Model.RECURRING_FLAT, Model.RECURRING_UNIT
METERED, RATED = Model.METERED_UNIT, Model.RATED


class Company(NamedTuple):
    """A seller and the run definition that bills everything it is owed."""

    id: int
    definition: int


def day(text: str) -> date:
    return date.fromisoformat(text)


def some_day(text: str | None) -> date | None:
    return None if text is None else day(text)


def days(first: str, last: str) -> Period:
    """From the first to the last day, both included, as people say it."""
    return Period(day(first), date.fromordinal(day(last).toordinal() + 1))


def cents(text: str, currency: str = "EUR") -> int:
    return to_minor(Decimal(text), currency)


def money(amount: int, currency: str = "EUR") -> str:
    return str(from_minor(amount, currency))


def address(country: str = "DE") -> PostalAddress:
    return PostalAddress("Weg 1", "04109", "Leipzig", country)


# ---- what there is ---------------------------------------------------------------------------------------------------


class Settings(TypedDict, total=False):
    """Data and settings of a seller."""

    vat_id: str
    tax_number: str
    iban: str
    time_zone: str
    language: str
    currency: str
    payment_days: int
    small_business: bool
    oss: bool
    ships_abroad: bool
    carry_small_usage: bool
    print_zero_charges: bool
    deviation_percent: int
    contact_name: str
    phone: str
    email: str
    creditor_id: str


def company(code: str = "main", *, automation: str = "issue", **settings: Unpack[Settings]) -> Company:
    """A seller whose runs issue by themselves, with the ranges RE and SR and no limit of deviation."""
    values: Settings = {"vat_id": "DE123456789", "iban": "DE02120300000000202051", "deviation_percent": 0}
    values.update(settings)
    seller, _outcome = put_seller(SellerData(code, f"{code} GmbH", address(), **values), valid_from=SINCE, by=BY)
    with transaction.atomic():
        put_rates(GERMAN_RATES, by=BY)
    put_series(seller, "*", "RE", "RE-{YYYY}-{000000}", valid_from=SINCE, by=BY)
    put_series(seller, "cancellation", "SR", "SR-{YYYY}-{000000}", valid_from=SINCE, by=BY)
    return Company(seller, put_definition(seller, DefinitionData(automation=automation), by=BY))


class Buyer(TypedDict, total=False):
    """Data of a customer."""

    name: str
    kind: CustomerKind
    address: PostalAddress
    delivery: PostalAddress
    language: str
    currency: str
    vat_id: str
    leitweg_id: str
    payment_days: int
    business_proof: str
    parent: str
    bill_to_parent: bool
    email: str
    phone: str
    contact_name: str
    site: str
    endpoint: str
    endpoint_scheme: str
    einvoice_profile: str
    einvoice_syntax: str
    mandate: str
    mandate_iban: str
    card_digits: str
    cash_discount_days: int
    cash_discount_percent: int


def customer(
    seller: Company, number: str = "K1", *, country: str = "DE", since: str = "2000-01-01", **data: Unpack[Buyer]
) -> int:
    """A German company, unless told otherwise. Given again with other data, it gets a new version."""
    values: Buyer = {"name": f"Kunde {number}", "kind": CustomerKind.COMPANY, "address": address(country)}
    values.update(data)
    return put_customer(seller.id, CustomerData(number, **values), valid_from=day(since), by=BY)[0]


class Offer(TypedDict, total=False):
    """What a product is."""

    name_en: str
    description: str
    description_en: str
    kind: ProductKind
    tax_class: TaxClass
    unit: str


def product(
    seller: Company,
    code: str,
    price: str | None = None,
    model: Model = FLAT,
    *,
    gross: bool = False,
    currency: str = "EUR",
    **data: Unpack[Offer],
) -> int:
    """A product named like its code and, where a price is given, that price from the beginning."""
    with transaction.atomic():
        put_product(seller.id, ProductData(code, code, **data), by=BY)
        if price is not None:
            put_price(seller.id, PriceData(code, model, currency, Decimal(price), SINCE, gross=gross), by=BY)
    return product_ids(seller.id)[code]


class Terms(TypedDict, total=False):
    """What an item of a contract has of its own."""

    model: Model
    fee: Cycle
    billing: Cycle
    timing: Timing
    basis: Basis
    label: str
    follows: bool
    metering: Metering
    scheme: Scheme | str


def item(
    code: str,
    quantity: str = "1",
    *,
    named: str = "",
    price: str | None = None,
    start: str | None = None,
    end: str | None = None,
    **terms: Unpack[Terms],
) -> NewItem:
    """An item of the product with this code, named like it unless `named` says otherwise."""
    return NewItem(
        named or code, code, Decimal(quantity), None if price is None else Decimal(price),
        start=some_day(start), end=some_day(end), **terms,
    )  # fmt: skip


class Agreement(TypedDict, total=False):
    """What a contract agrees for all its items."""

    kind: str
    currency: str
    fee: Cycle
    billing: Cycle
    timing: Timing
    basis: Basis
    trial_days: int
    after_trial: AfterTrial
    discounts: tuple[NewDiscount, ...]
    payment_days: int
    split_periods: bool
    group: str
    reference: str
    minimums: tuple[NewMinimum, ...]
    terms: NewContractTerms
    price_lists: tuple[str, ...]
    paperwork: Paperwork
    bill_to_parent: bool
    payout: bool


class Asked(TypedDict, total=False):
    """What an order asks for beside its plan."""

    items: tuple[NewItem, ...]
    choices: tuple[Choice, ...]
    own: Conditions
    currency: str
    discounts: tuple[NewDiscount, ...]
    group: str
    coupons: tuple[str, ...]
    replaces: bool


def order(seller: Company, number: str, start: str, plan: str = "", *, by: str = "K1", **asked: Unpack[Asked]) -> int:
    """A contract out of a plan, of a customer who is made where there is none yet."""
    if by not in customer_ids(seller.id, [by]):
        customer(seller, by)
    with transaction.atomic():
        return conclude_orders(seller.id, [Order(number, by, day(start), plan=plan, **asked)], by=BY)[0][0]


def variant(seller: Company, name: str, *items: OfferedItem, since: str = "2020-01-01", **data: Any) -> str:  # noqa: ANN401
    """A version of a variant, ``PLAN/VARIANT``; returns what became of it."""
    plan, _, code = name.partition("/")
    made = VariantData(plan, code, day(since), plan, data.pop("currency", "EUR"), items, **data)
    with transaction.atomic():
        return put_variant(seller.id, made, by=BY)


def contract(
    seller: Company,
    number: str,
    start: str,
    *items: NewItem | str,
    by: str = "K1",
    end: str | None = None,
    anchor: str | None = None,
    billed_until: str | None = None,
    **terms: Unpack[Agreement],
) -> int:
    """A contract of customer `by`, who is made where there is none yet."""
    if by not in customer_ids(seller.id, [by]):
        customer(seller, by)
    rows = tuple(item(row) if isinstance(row, str) else row for row in items)
    new = NewContract(
        number, by, day(start), rows, end=some_day(end), anchor=some_day(anchor), billed_until=some_day(billed_until),
        **terms,
    )  # fmt: skip
    with transaction.atomic():
        return conclude(seller.id, [new], by=BY)[0][0]


class Event(TypedDict, total=False):
    """What else a usage record says."""

    unit: str
    dimension: str
    subject: str
    corrects: str


def used(
    seller: Company,
    number: str,
    code: str,
    on: str,
    quantity: str | None = "0",
    *,
    amount: str | None = None,
    key: str = "",
    **event: Unpack[Event],
) -> None:
    """A usage record on a day or, with a time, at a moment; its key is what it says unless given."""
    record = usage(
        number, code, on, quantity, key=key, zone=seller_facts(seller.id, on=SINCE).data.time_zone, **event
    )._replace(amount=None if amount is None else Decimal(amount))
    if not key:
        record = record._replace(key=f"{on} {quantity} {amount} {event}")
    with transaction.atomic():
        record_usage(seller.id, [record])


def usage(
    number: str,
    meter: str,
    on: str,
    quantity: str | None,
    *,
    key: str = "",
    zone: str = "Europe/Berlin",
    **event: Unpack[Event],
) -> UsageRecord:
    """The record itself."""
    at = datetime.fromisoformat(on) if "T" in on else day(on)
    local, moment = local_moment(at, ZoneInfo(zone))
    return UsageRecord(
        number, meter, key or f"{on} {quantity} {event}", local, None if quantity is None else Decimal(quantity),
        moment=moment, **event,
    )  # fmt: skip


def metering(aggregation: str = "sum", quantum: str | None = None, **rest: Unpack[Measure]) -> Metering:
    """How an item measures usage."""
    return Metering(aggregation=Aggregation(aggregation), quantum=None if quantum is None else Decimal(quantum), **rest)


class Measure(TypedDict, total=False):
    """What else an item says about its meter."""

    meter: str
    only: str
    unit: str
    rounding: Rounding
    display: Display


# ---- what happens ----------------------------------------------------------------------------------------------------


def run(
    seller: Company, through: str, *, on: str | None = None, definition: int | None = None, by: Stamp = BY
) -> list[InvoiceDocument]:
    """A whole run, as far as its definition goes. Returns the documents it issued, in order of their numbers."""
    number = 0
    steps = order_to_cash.bill(definition or seller.definition, through=day(through), on=day(on or through), by=by)
    for step, value, _documents in steps:
        number = value if step == "run" else number
    return documents_of(number)


def documents_of(number: int) -> list[InvoiceDocument]:
    """What a run issued."""
    rows = Invoice.objects.filter(run_id=number, state=Invoice.State.ISSUED).order_by("range_id", "number_value")
    return [invoice_document(row) for row in rows.values_list("id", flat=True)]


def started(seller: Company, through: str, definition: int | None = None) -> int:
    """A run that is drafted and no further. Returns its id."""
    number, _new = order_to_cash.start_run(
        definition or seller.definition, through=day(through), on=day(through), by=BY
    )
    drafted(number)
    return number


def drafted(number: int) -> int:
    """Draft once more. Returns how many documents were written."""
    return sum(report.drafted for report in order_to_cash.draft_invoices(number, by=BY))


def issued(number: int) -> list[InvoiceDocument]:
    """Go on to the end; what that issued."""
    before = set(Invoice.objects.filter(state="issued").values_list("id", flat=True))
    for _step in order_to_cash.issue_invoices(number, by=BY):
        pass
    rows = Invoice.objects.filter(state="issued").exclude(id__in=before).order_by("number_value")
    return [invoice_document(row) for row in rows.values_list("id", flat=True)]


def drafts() -> list[InvoiceDocument]:
    """Every draft that there is."""
    rows = Invoice.objects.filter(state="draft").order_by("id")
    return [invoice_document(row) for row in rows.values_list("id", flat=True)]


def only(documents: list[InvoiceDocument]) -> InvoiceDocument:
    """The one document that there is."""
    [document] = documents
    return document


def run_months(seller: Company, *firsts: str) -> list[InvoiceDocument]:
    """One run on each of these days; everything they issued."""
    return [document for first in firsts for document in run(seller, first)]


def pay(seller: Company, document: InvoiceDocument, amount: str | None = None, *, on: str) -> None:
    """The customer pays the document, in full unless told otherwise."""
    row = Invoice.objects.get(seller_id=seller.id, number=document.number)
    value = row.gross - row.applied if amount is None else cents(amount, row.currency)
    key = f"{document.number} {on} {value}"
    record_payment(seller.id, PaymentData(row.customer_id, key, row.currency, value, day(on), invoices=[row.id]), by=BY)


def parked(number: int) -> list[str]:
    """Codes of the reasons for which a run parked accounts."""
    rows = RunUnit.objects.filter(run_id=number, state=RunUnit.State.PARKED).order_by("unit")
    return list(rows.values_list("code", flat=True))


# ---- what is then so -------------------------------------------------------------------------------------------------


def id_of(seller: Company, document: InvoiceDocument) -> int:
    return Invoice.objects.get(seller_id=seller.id, number=document.number).id


def lines(document: InvoiceDocument) -> list[str]:
    """Every printed line: quantity, name, service period, net."""
    return [
        f"{canonical(line.quantity)} {line.name} {format_period(line.period, 'de') if line.period else ''} "
        f"{money(line.net, document.currency)}"
        for line in document.lines
    ]


def totals(document: InvoiceDocument) -> str:
    """Net + VAT = gross."""
    net, tax, gross = (money(value, document.currency) for value in (document.net, document.tax, document.gross))
    return f"{net} + {tax} = {gross}"


def open_amount(seller: Company, document: InvoiceDocument) -> str:
    """What is still open of an issued document; negative is a credit not used yet."""
    number = id_of(seller, document)
    return money(sum(item.open for item in items_of_invoices([number])[number]), document.currency)


def credit_on_account(seller: Company, number: str = "K1", currency: str = "EUR") -> str:
    """What the customer could still use."""
    found = customer_ids(seller.id, [number])[number]
    return money(free_credit([found]).get((found, currency), 0), currency)
