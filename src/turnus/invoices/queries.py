"""Documents and runs for reading, as frozen rows. Amounts are minor units of the currency beside them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F

from turnus.core.document import SELF_BILLED, claims
from turnus.core.status import Standing, Status, status
from turnus.invoices.correct import TAKE_BACK
from turnus.invoices.detail_models import Objection
from turnus.invoices.document import UnknownInvoiceError
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax, NumberSeries, RunDefinition
from turnus.ledger.facts import items_of_invoices
from turnus.ledger.queries import payments_of
from turnus.parties.queries import customer_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet


class DocumentRow(NamedTuple):
    """What a list shows of a document."""

    id: int
    number: str
    """Empty until it is issued."""
    kind: str
    state: str
    status: Status
    origin: str
    run: int | None
    chunk: int
    customer: int
    customer_number: str
    customer_name: str
    issue_date: date
    due_date: date
    currency: str
    net: int
    tax: int
    gross: int
    open: int
    """Still open on the day asked for; negative: credit left of it. 0 before it is issued."""
    applied: int
    corrects: int | None
    reason: str
    guard: str
    overdue: int = 0
    """Of what is open, what was due before the day asked for: of instalments only those."""


class Filter(NamedTuple):
    """Which documents; empty means all."""

    customer: int | None = None
    run: int | None = None
    kind: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    """Half-open: issue dates before this day."""


class DefinitionRow(NamedTuple):
    """A run definition."""

    id: int
    name: str
    automation: str
    customer: int | None
    kind: str
    cycle: str
    every_months: int
    every_days: int
    next_on: date | None


def find_document(seller: int, text: str) -> int:
    """Id of a document by its number, or by its id where no number is the same. Raises ``UnknownInvoiceError``."""
    rows = Invoice.objects.filter(seller_id=seller)
    found = rows.filter(number=text).values_list("id", flat=True).first() if text else None
    digits = text.removeprefix("#")
    if found is None and digits.isdecimal() and len(digits) < 19:
        found = rows.filter(id=int(digits)).values_list("id", flat=True).first()
    if found is None:
        raise UnknownInvoiceError(text)
    return found


def documents(
    seller: int, wanted: Filter, *, on: date, limit: int = 50, offset: int = 0
) -> tuple[list[DocumentRow], int]:
    """Documents, the newest first, and how many there are."""
    rows = _wanted(seller, wanted)
    page = list(rows.order_by("-issue_date", "-id")[offset : offset + limit])
    return _rows(page, on=on), rows.count()


def document_rows(invoices: Collection[int], *, on: date) -> dict[int, DocumentRow]:
    """Documents by id."""
    return {row.id: row for row in _rows(list(Invoice.objects.filter(id__in=invoices)), on=on)}


def printed_names(invoices: Collection[int]) -> dict[int, tuple[str, date]]:
    """Number and date of documents by id."""
    rows = Invoice.objects.filter(id__in=invoices).values_list("id", "number", "issue_date")
    return {invoice: (number, on) for invoice, number, on in rows}


def _wanted(seller: int, wanted: Filter) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(seller_id=seller)
    if wanted.customer is not None:
        rows = rows.filter(customer_id=wanted.customer)
    if wanted.run is not None:
        rows = rows.filter(run_id=wanted.run)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.since is not None:
        rows = rows.filter(issue_date__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(issue_date__lt=wanted.until)
    return rows


def _rows(rows: Sequence[Invoice], *, on: date) -> list[DocumentRow]:
    ids = [row.id for row in rows]
    names = customer_names({row.customer_id for row in rows}, on=on)
    items, payments = items_of_invoices(ids), payments_of(ids)
    cancelled = set(
        Invoice.objects.filter(corrects_id__in=ids, kind__in=TAKE_BACK, state="issued").values_list(
            "corrects_id", flat=True
        )
    )
    objected = set(Objection.objects.filter(invoice_id__in=ids).values_list("invoice_id", flat=True))
    found = []
    for row in rows:
        mine = items.get(row.id, ())
        sign = -1 if row.kind in SELF_BILLED else 1  # what we owe a supplier is open as what is owed to us
        open_ = sign * sum(item.open for item in mine)
        due = next((i.due_on for i in mine if sign * i.open > 0), None)
        paid = sum(payment.amount for payment in payments.get(row.id, ()))
        stands = Standing(
            row.state,
            row.gross - row.deducted,
            open_,
            paid,
            due or row.due_date,
            row.id in cancelled,
            claims(row.kind),
            row.id in objected,
        )
        name = names[row.customer_id]
        found.append(
            DocumentRow(
                row.id, row.number, row.kind, row.state, status(stands, on=on), row.origin, row.run_id, row.chunk,
                row.customer_id,
                name.number, name.name, row.issue_date, row.due_date, row.currency, row.net, row.tax, row.gross, open_,
                row.applied, row.corrects_id, row.reason, row.guard,
                sum(max(0, sign * item.open) for item in mine if item.due_on is not None and item.due_on < on),
            )
        )  # fmt: skip
    return found


def corrections_of(invoice: int, *, on: date) -> list[DocumentRow]:
    """Issued documents that take back an invoice, in full or in part, in their order."""
    found = document_rows(
        list(Invoice.objects.filter(corrects_id=invoice, state="issued").values_list("id", flat=True)), on=on
    )
    return [found[number] for number in sorted(found)]


def numbers_of(invoices: Collection[int]) -> dict[int, str]:
    """Invoice → its number."""
    return dict(Invoice.objects.filter(id__in=invoices).values_list("id", "number"))


def samples(run: int) -> dict[str, int]:
    """One document of each interesting kind of a run: name of the kind → the first such document."""
    heads = Invoice.objects.filter(run_id=run).order_by("id")
    lines = InvoiceLine.objects.filter(invoice_id__in=heads.order_by().values("id")).order_by("invoice_id")
    taxes = InvoiceTax.objects.filter(invoice_id__in=heads.order_by().values("id")).order_by("invoice_id")
    domestic = list(taxes.filter(category="S").values_list("invoice_id", flat=True)[:5_000])
    kinds = {
        "discount": lines.filter(allowance__gt=0, gross_price=False, invoice_id__in=domestic),
        "prorated": lines.filter(part__startswith="fee", gross_price=False).exclude(
            days_start=F("slot_start"), days_end=F("slot_end")
        ),
        "usage": lines.filter(part__startswith="usage", gross_price=False),
        "consumer": lines.filter(gross_price=True),
        "reverse_charge": taxes.filter(category="AE"),
        "third_country": taxes.filter(category="O"),
        "many_lines": lines.filter(printed__gt=12),
    }
    found: dict[str, int] = {}
    for name, rows in kinds.items():
        fresh = rows.exclude(invoice_id__in=found.values()).values_list("invoice_id", flat=True).first()
        if fresh is not None:
            found[name] = fresh
    credit = heads.filter(kind="credit").values_list("id", flat=True).first()
    return found if credit is None else found | {"credit": credit}


def definitions(seller: int) -> list[DefinitionRow]:
    """All run definitions of a seller."""
    columns = (
        "id", "name", "automation", "customer_id", "contract_kind", "cycle", "every_months", "every_days", "next_on",
    )  # fmt: skip
    rows = RunDefinition.objects.filter(seller_id=seller).order_by("name")
    return [DefinitionRow(*row) for row in rows.values_list(*columns)]


def series(seller: int) -> list[tuple[str, str, str, str]]:
    """(kind of document, code, pattern, valid from) of a seller's number ranges."""
    rows = NumberSeries.objects.filter(seller_id=seller).order_by("kind", "valid_from", "id")
    found = rows.values_list("kind", "code", "pattern", "valid_from")
    return [(kind, code, pattern, day.isoformat()) for kind, code, pattern, day in found]
