"""Recompute issued documents by a path of their own: totals, digests, number ranges, the cap of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from turnus.core.document import CLAIMLESS, SELF_BILLED
from turnus.core.invoicing import digest
from turnus.invoices.detail_models import InvoiceText, Objection
from turnus.invoices.facts import DEDUCTION, LINE, PART, SEALED, TAX, TEXT, hashed, hashed_head
from turnus.invoices.job_models import InvoiceDeduction
from turnus.invoices.models import (
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    InvoiceTax,
    InvoiceUsage,
    NumberRange,
    NumberVoid,
)
from turnus.invoices.usage import USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

PAGE = 1_000


def changed_documents() -> list[str]:
    """Numbers of issued documents whose rows no longer give the digest they were released with, or do not add up."""
    found = []
    after = 0
    while page := list(
        Invoice.objects.filter(state="issued", id__gt=after)
        .order_by("id")
        .values_list("id", "number", "digest", *SEALED)[:PAGE]
    ):
        after = page[-1][0]
        numbers = [row[0] for row in page]
        lines = _rows(InvoiceLine.objects.filter(invoice_id__in=numbers).order_by("invoice_id", "position"), LINE)
        taxes = _rows(InvoiceTax.objects.filter(invoice_id__in=numbers).order_by("invoice_id", "category", "rate"), TAX)
        parts = _rows(InvoiceInstalment.objects.filter(invoice_id__in=numbers).order_by("invoice_id", "number"), PART)
        shown = _rows(
            InvoiceUsage.objects.filter(invoice_id__in=numbers).order_by("invoice_id", "position", "row"), USAGE
        )
        off = _rows(
            InvoiceDeduction.objects.filter(invoice_id__in=numbers).order_by("invoice_id", *DEDUCTION[1:4]), DEDUCTION
        )
        said = _rows(InvoiceText.objects.filter(invoice_id__in=numbers).order_by("invoice_id", "printed"), TEXT)
        for number, text, sealed_with, *sealed in page:
            own, vat, due = lines.get(number, []), taxes.get(number, []), parts.get(number, [])
            sums = [_sum(own, LINE, "net"), _sum(vat, TAX, "tax"), _sum(vat, TAX, "base")]
            net, tax = sealed[SEALED.index("net")], sealed[SEALED.index("tax")]
            rows = [*hashed(own), *vat, *due, *shown.get(number, []), *off.get(number, []), *said.get(number, [])]
            if digest([hashed_head(sealed), *rows]) != sealed_with or sums != [net, tax, net]:
                found.append(text)
    return found


def _rows(query: QuerySet[Any], columns: Sequence[str]) -> dict[int, list[tuple[Any, ...]]]:
    """Rows as they were hashed, by document."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in query.values_list(*columns):
        found.setdefault(row[0], []).append(row)
    return found


def _sum(rows: Sequence[tuple[Any, ...]], columns: Sequence[str], column: str) -> int:
    place = columns.index(column)
    return sum(row[place] for row in rows)


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

    What takes a concession, or the credit of a line by hand, back counts for the line that was credited.
    """
    rows = InvoiceLine.objects.filter(corrects_invoice__isnull=False)
    credits_ = rows.filter(Q(part__startswith="concession:", sign=1) | Q(contract_id=0))
    places = credits_.values_list("invoice_id", "position", "corrects_invoice", "corrects_position")
    conceded = {(invoice, position): (target, place) for invoice, position, target, place in places}
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
    """Issued document that claims or owes money → what it claims, minor units; negative: we owe it.

    A final invoice claims what was not received before; what was asked for and not received, no advance claims then.
    """
    rows = Invoice.objects.filter(state="issued").exclude(kind__in=CLAIMLESS)
    rows = rows.exclude(id__in=Objection.objects.values("invoice_id"))
    columns = rows.values_list("id", "gross", "deducted", "kind").iterator()
    found = {number: (-1 if kind in SELF_BILLED else 1) * (gross - off) for number, gross, off, kind in columns}
    for advance, base, tax in InvoiceDeduction.objects.values_list("advance_id", "closed_base", "closed_tax"):
        found[advance] -= base + tax
    return found
