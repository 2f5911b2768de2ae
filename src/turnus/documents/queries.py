"""Reports of validations as frozen rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from turnus.core.einvoice.files import ELECTRONIC
from turnus.core.validation import EXACT, Verdict, report_from_json
from turnus.documents.models import Rendering, ValidationRecord

if TYPE_CHECKING:
    from collections.abc import Collection

    from turnus.core.validation import ValidationReport


class FiledReport(NamedTuple):
    """A report and what it was filed with."""

    id: int
    invoice: int | None
    report: ValidationReport
    actor: str


def validation_reports(*, invoices: Collection[int] = (), files: Collection[str] = ()) -> list[FiledReport]:
    """Reports on renderings of these documents and on files with these hashes, the oldest first."""
    rows = ValidationRecord.objects.filter(invoice_id__in=invoices) | ValidationRecord.objects.filter(sha256__in=files)
    found = rows.order_by("id").values_list("id", "invoice_id", "body", "actor_name")
    return [FiledReport(number, invoice, report_from_json(body), actor) for number, invoice, body, actor in found]


def unfit(invoices: Collection[int] | None = None) -> dict[int, Verdict]:
    """Documents that must not leave the house, with the reason: their e-invoice broke a rule, or the official rules
    have not judged it yet; their sums on paper are wrong. None: of all documents.
    """
    latest = ValidationRecord.objects.filter(invoice_id=OuterRef("invoice_id"), sha256=OuterRef("sha256")).order_by(
        "-id"
    )
    own = latest.filter(rules__startswith=f"{EXACT} ").values("verdict")[:1]
    others = latest.exclude(rules__startswith=f"{EXACT} ").values("verdict")[:1]
    rows = Rendering.objects.annotate(
        exact=Coalesce(Subquery(own), Value("", TextField())),
        official=Coalesce(Subquery(others), Value("", TextField())),
    )
    if invoices is not None:
        rows = rows.filter(invoice_id__in=invoices)
    wrong = rows.filter(Q(exact=Verdict.INVALID) | Q(kind__in=ELECTRONIC) & ~Q(official=Verdict.VALID))
    return {
        invoice: Verdict.INVALID if Verdict.INVALID in {exact, official} else Verdict.NOT_JUDGED
        for invoice, exact, official in wrong.order_by("id").values_list("invoice_id", "exact", "official")
    }
