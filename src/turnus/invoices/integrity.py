"""Recompute issued documents by a path of their own: totals, digests, number ranges, the cap of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.invoicing import Head, digest
from turnus.invoices.facts import placed_lines, taxes_of
from turnus.invoices.models import Invoice, InvoiceLine, NumberRange, NumberVoid

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 1_000


def _pages() -> Iterator[list[Invoice]]:
    after = 0
    while page := list(Invoice.objects.filter(state="issued", id__gt=after).order_by("id")[:PAGE]):
        yield page
        after = page[-1].id


def changed_documents() -> list[str]:
    """Numbers of issued documents whose rows no longer give the digest they were released with, or do not add up."""
    found = []
    for page in _pages():
        numbers = [row.id for row in page]
        lines, taxes = placed_lines(numbers), taxes_of(numbers)
        for row in page:
            placed = [line for line, _version in lines.get(row.id, [])]
            breakdown = taxes.get(row.id, [])
            head = Head(
                row.kind, row.seller_version_id, row.buyer_version_id, row.currency, row.issue_date.isoformat(),
                row.due_date.isoformat(), row.net, row.tax, row.gross,
            )  # fmt: skip
            sums = (sum(line.net for line in placed), sum(t.tax for t in breakdown), sum(t.base for t in breakdown))
            if digest(head, placed, breakdown) != row.digest or sums != (row.net, row.tax, row.net):
                found.append(row.number)
    return found


def number_gaps() -> list[str]:
    """Ranges whose issued and void numbers are not exactly 1 to the last one."""
    found = []
    for counter in NumberRange.objects.order_by("id"):
        issued = list(Invoice.objects.filter(range_id=counter.id).values_list("number_value", flat=True))
        void = list(NumberVoid.objects.filter(range_id=counter.id).values_list("value", flat=True))
        drawn = sorted([value for value in issued if value is not None] + void)
        if drawn != list(range(1, len(drawn) + 1)) or len(drawn) > counter.next - 1:
            found.append(f"{counter.code} {counter.year}")
    return found


def overcredited() -> list[str]:
    """Lines of which more was taken back than was charged: number/position.

    What takes a concession back counts for the line that the concession credited.
    """
    rows = InvoiceLine.objects.filter(corrects_invoice__isnull=False)
    conceded = {
        (invoice, position): (target, place)
        for invoice, position, target, place in rows.filter(part__startswith="concession:", sign=1).values_list(
            "invoice_id", "position", "corrects_invoice", "corrects_position"
        )
    }
    drafts = set(Invoice.objects.exclude(state="issued").values_list("id", flat=True))
    corrected: dict[tuple[int, int], int] = {}
    columns = ("invoice_id", "corrects_invoice", "corrects_position", "value")
    for source, target, place, value in rows.values_list(*columns).iterator():
        if source not in drafts and target is not None and place is not None:
            line = conceded.get((target, place), (target, place))
            corrected[line] = corrected.get(line, 0) + value
    return [
        f"{invoice}/{position}"
        for (invoice, position), total in corrected.items()
        if not _within(invoice, position, total)
    ]


def _within(invoice: int, position: int, corrections: int) -> bool:
    value = InvoiceLine.objects.filter(invoice_id=invoice, position=position).values_list("value", flat=True).first()
    return value is not None and min(0, value) <= value + corrections <= max(0, value)


def gross_of_issued() -> dict[int, int]:
    """Issued document → gross, minor units."""
    return dict(Invoice.objects.filter(state="issued").values_list("id", "gross").iterator())
