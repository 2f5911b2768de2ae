"""Billable records: take them in, list them, and invoice them without a contract (JB-23, JB-24)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from django.db import transaction
from django.db.models import Q

from turnus.catalog.facts import product_facts, product_ids
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import Kind
from turnus.core.faults import Fault, fault
from turnus.core.periods import Period
from turnus.core.tax import TaxHoldError
from turnus.invoices.billable_models import Billable
from turnus.invoices.issue import issue_single
from turnus.invoices.manual import Heading, ManualLine, enter_draft
from turnus.invoices.models import Invoice
from turnus.invoices.numbers import IssueDateError, NoSeriesError
from turnus.invoices.single import MissingDataError
from turnus.invoices.taken import take, with_taken
from turnus.parties.facts import customer_facts, customer_ids, customer_numbers, in_force, seller_facts
from turnus.records.audit import Act, audit, audit_many
from turnus.records.bulk import insert
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp
    from turnus.core.billables import BillableData

Put = Literal["created", "changed", "unchanged"]
State = Literal["open", "draft", "billed", "dropped"]
_COLUMNS = (
    "kind", "object", "customer_id", "product_id", "quantity", "price", "currency", "service_start", "service_end",
    "label", "order_reference", "cost_centre",
)  # fmt: skip


# ---- take them in ----------------------------------------------------------------------------------------------------


def put_billables(seller: int, rows: Sequence[BillableData], *, on: date, by: Stamp) -> list[Put | list[Fault]]:
    """Keep records inside the caller's transaction; the same again is known, another content replaces an open one.

    Answers for each row; or with its faults: ``unknown_customer``, ``unknown_product``, ``billable_billed``,
    ``billable_drafted``.
    """
    customers, products = customer_ids(seller, {row.customer for row in rows}), product_ids(seller)
    locked = Billable.objects.select_for_update(no_key=True).filter(seller_id=seller, key__in=[r.key for r in rows])
    known = {row.key: row for row in locked.order_by("id")}
    taken = _documents(with_taken(Billable.objects.filter(id__in=[row.id for row in known.values()])))
    currencies = _currencies(seller, customers.values(), on)
    answers: list[Put | list[Fault]] = []
    new, changed = [], []
    for row in rows:
        faults = _unknown(row, customers, products)
        if faults:
            answers.append(faults)
            continue
        customer = customers[row.customer]
        values = (
            row.kind, row.object, customer, products[row.product], row.quantity, row.price,
            row.currency or currencies[customer], *row.days, row.label, row.order_reference, row.cost_centre,
        )  # fmt: skip
        old = known.get(row.key)
        if old is None:
            new.append((seller, row.key, *values))
            answers.append("created")
        elif values == (before := tuple(getattr(old, name) for name in _COLUMNS)):
            answers.append("unchanged")
        elif old.id in taken:
            answers.append([_refusal(row.key, taken[old.id])])
        else:
            Billable.objects.filter(id=old.id).update(**dict(zip(_COLUMNS, values, strict=True)))
            changed.append(Act(old.id, after=_told(values), before=_told(before)))
            answers.append("changed")
    insert(Billable, ("seller_id", "key", *_COLUMNS), new)
    audit_many(by, "billable.change", "billable", changed)
    return answers


def _told(values: tuple[object, ...]) -> dict[str, str]:
    return {name: str(value) for name, value in zip(_COLUMNS, values, strict=True)}


def _unknown(row: BillableData, customers: Mapping[str, int], products: Mapping[str, int]) -> list[Fault]:
    faults = []
    if row.customer not in customers:
        faults.append(fault("unknown_customer", customer=row.customer))
    if row.product not in products:
        faults.append(fault("unknown_product", product=row.product))
    return faults


def _refusal(key: str, document: Invoice) -> Fault:
    if document.number:
        return fault("billable_billed", key=key, number=document.number)
    return fault("billable_drafted", key=key, invoice=document.id)


def _currencies(seller: int, customers: Collection[int], on: date) -> dict[int, str]:
    own = seller_facts(seller, on=on).data.currency
    return {number: in_force(rows, on).data.currency or own for number, rows in customer_facts(customers).items()}


def _documents(rows: QuerySet[Any]) -> dict[int, Invoice]:
    """Record → the document that has it."""
    taken = {number: invoice for number, invoice in rows.values_list("id", "taken") if invoice}
    invoices = Invoice.objects.in_bulk(set(taken.values()))
    return {number: invoices[invoice] for number, invoice in taken.items()}


# ---- list them -------------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """Which records; empty means all."""

    customer: int | None = None
    object: str = ""
    """``P-7``, or with its kind ``project:P-7``."""


class BillableRow(NamedTuple):
    """A record as a list shows it."""

    key: str
    kind: str
    object: str
    customer: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str
    days: Period
    label: str
    state: State
    """``dropped``: the invoice was cancelled and is not to be billed again."""
    invoice: int | None
    number: str
    """Of the document that has it; empty for a draft."""


def billable_rows(seller: int, wanted: Wanted, *, billed: bool | None, limit: int) -> tuple[list[BillableRow], int]:
    """Records in the order in which they came, and how many there are; ``billed``: only those, only open ones, all."""
    rows = with_taken(_wanted(seller, wanted))
    if billed is not None:
        rows = rows.filter(taken__isnull=not billed)
    page = rows.order_by("id")[:limit]
    documents, codes = _documents(page), {p: facts.code for p, facts in product_facts(seller).items()}
    numbers = customer_numbers({row.customer_id for row in page})
    found = []
    for row in page:
        document = documents.get(row.id)
        found.append(
            BillableRow(
                row.key, row.kind, row.object, numbers[row.customer_id], codes[row.product_id], row.quantity, row.price,
                row.currency, Period(row.service_start, row.service_end), row.label, _state(document),
                document.id if document else None, document.number if document else "",
            )
        )  # fmt: skip
    return found, rows.count()


def _state(document: Invoice | None) -> State:
    if document is None:
        return "open"
    if document.kind == Kind.CANCELLATION:
        return "dropped"
    return "billed" if document.state == "issued" else "draft"


def _wanted(seller: int, wanted: Wanted) -> QuerySet[Billable]:
    rows = Billable.objects.filter(seller_id=seller)
    if wanted.customer is not None:
        rows = rows.filter(customer_id=wanted.customer)
    if wanted.object:
        kind, sign, reference = wanted.object.partition(":")
        rows = rows.filter(Q(object=wanted.object) | (Q(kind=kind, object=reference) if sign else Q(pk=None)))
    return rows


# ---- invoice them ----------------------------------------------------------------------------------------------------


class Together(NamedTuple):
    """What the records on one document have in common."""

    customer: int
    kind: str
    object: str
    currency: str
    reference: str
    cost_centre: str


class Collected(NamedTuple):
    """One document made of records, or why it was not made. Amounts in minor units."""

    together: Together
    records: int
    invoice: int | None = None
    number: str = ""
    net: int = 0
    tax: int = 0
    gross: int = 0
    refusal: Exception | None = None


REFUSALS = (TaxHoldError, MissingDataError, CorrectionRefusedError, IssueDateError, NoSeriesError)


def collect_billables(
    seller: int, wanted: Wanted, *, on: date, issue: bool, dry_run: bool = False, by: Stamp
) -> tuple[list[Collected], int]:
    """One draft, or invoice, for the open records of each customer and object; and how many records wait.

    Records wait until their service has begun. Each document is a transaction of its own: what one lacks keeps none of
    the others. A dry run makes drafts and rolls them back.
    """
    groups: dict[Together, list[int]] = {}
    waiting = 0
    for row in with_taken(_wanted(seller, wanted)).filter(taken=None).order_by("customer_id", "object", "id"):
        if row.service_start > on:
            waiting += 1
        else:
            groups.setdefault(_together(row), []).append(row.id)
    found = []
    for together, numbers in groups.items():
        try:
            made = _collect(seller, together, numbers, on=on, issue=issue, dry_run=dry_run, by=by)
        except REFUSALS as refusal:
            made = Collected(together, len(numbers), refusal=refusal)
        if made:
            found.append(made)
            failpoint("single.issue.after_commit")
    return found, waiting


def _together(row: Billable) -> Together:
    return Together(row.customer_id, row.kind, row.object, row.currency, row.order_reference, row.cost_centre)


def _collect(
    seller: int, together: Together, numbers: Sequence[int], *, on: date, issue: bool, dry_run: bool, by: Stamp
) -> Collected | None:
    with transaction.atomic(durable=True):
        made = _document(seller, together, numbers, on=on, issue=issue and not dry_run, by=by)
        if dry_run:
            transaction.set_rollback(True)
    return made._replace(invoice=None) if made and dry_run else made


def _document(
    seller: int, together: Together, numbers: Sequence[int], *, on: date, issue: bool, by: Stamp
) -> Collected | None:
    """Locks the records first; None where another process has taken them all meanwhile."""
    list(Billable.objects.select_for_update(no_key=True).filter(id__in=numbers).order_by("id").values_list("id"))
    free = with_taken(Billable.objects.filter(id__in=numbers)).filter(taken=None).order_by("service_start", "id")
    rows = [row for row in free if _together(row) == together and row.service_start <= on]
    if not rows:
        return None
    codes = {product: facts.code for product, facts in product_facts(seller).items()}
    lines = [
        ManualLine(
            codes[row.product_id], row.quantity, row.price, Period(row.service_start, row.service_end), row.label
        )
        for row in rows
    ]
    head = Heading(together.currency, together.reference, together.cost_centre)
    invoice = enter_draft(seller, together.customer, lines, on=on, head=head, by=by)
    take([row.id for row in rows], invoice)
    audit(by, "billable.collect", "invoice", invoice, after={"records": [row.key for row in rows]})
    number = issue_single(invoice, by=by) if issue else ""
    net, tax, gross = Invoice.objects.values_list("net", "tax", "gross").get(id=invoice)
    return Collected(together, len(rows), invoice, number, net, tax, gross)
