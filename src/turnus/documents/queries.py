"""Reports of validations as frozen rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.core.validation import report_from_json
from turnus.documents.models import ValidationRecord

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
