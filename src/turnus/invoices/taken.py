"""Which document has a billable record: a draft or an invoice that stands, as long as it is not cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Subquery

from turnus.core.document import Kind
from turnus.invoices.billable_models import Billable, BillableInvoice
from turnus.invoices.models import Invoice
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet


def with_taken(rows: QuerySet[Billable]) -> QuerySet[Any]:
    """The records with ``taken``: the document that has each; None while it is open, a discarded draft included."""
    cancelled = Invoice.objects.filter(corrects_id=OuterRef("id"), kind=Kind.CANCELLATION)
    standing = Invoice.objects.filter(~Exists(cancelled), id=OuterRef("invoice_id"))
    links = BillableInvoice.objects.filter(Exists(standing), billable_id=OuterRef("id")).order_by("-ordinal")
    return rows.annotate(taken=Subquery(links.values("invoice_id")[:1]))


def take(billables: Collection[int], invoice: int) -> None:
    """A document takes records, in the caller's transaction. The database refuses one that another document has."""
    links = BillableInvoice.objects.filter(billable_id__in=billables)
    before = dict(links.values_list("billable_id").annotate(n=Count("id")))
    rows = [(number, before.get(number, 0) + 1, invoice) for number in sorted(billables)]
    insert(BillableInvoice, ("billable_id", "ordinal", "invoice_id"), rows)


def records_of(invoice: int) -> list[int]:
    """Records that a document took."""
    found = BillableInvoice.objects.filter(invoice_id=invoice).order_by("billable_id")
    return list(found.values_list("billable_id", flat=True))


def hold_back(invoice: int, cancellation: int) -> None:
    """The records of a cancelled invoice are not billed again: the cancellation keeps them."""
    rows = with_taken(Billable.objects.filter(id__in=records_of(invoice)))
    take(list(rows.filter(taken=None).values_list("id", flat=True)), cancellation)
