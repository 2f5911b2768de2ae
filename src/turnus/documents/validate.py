"""File the report of a validation with its document, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.core.validation import report_to_json, rules_digest
from turnus.documents.models import ValidationRecord
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.core.validation import ValidationReport


@transaction.atomic(durable=True)
def file_validation(report: ValidationReport, *, invoice: int | None = None, by: Stamp) -> int:
    """Append a report. ``invoice``: the document that the file renders; none for a file of others. Returns its id."""
    row = ValidationRecord.objects.create(
        invoice_id=invoice,
        sha256=report.document,
        verdict=report.verdict,
        error_class=report.error_class or "",
        rules=rules_digest(report.rule_sets),
        body=report_to_json(report),
        validated_at=report.at,
        actor_name=by.actor.name,
    )
    after = {"file": report.document, "verdict": str(report.verdict), "invoice": invoice}
    audit(by, "validation.file", "validation", row.id, after=after)
    return row.id
