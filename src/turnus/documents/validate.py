"""File the reports of validations with their documents, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.validation import report_to_json, rules_digest
from turnus.documents.models import ValidationRecord
from turnus.records.audit import Act, audit_many, queue
from turnus.records.bulk import take_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.validation import ValidationReport


class Judged(NamedTuple):
    """A report, and the document whose rendering was judged; none for a file of others."""

    invoice: int | None
    report: ValidationReport


@transaction.atomic(durable=True)
def file_validation(report: ValidationReport, *, invoice: int | None = None, by: Stamp) -> int:
    """Append a report. ``invoice``: the document that the file renders; none for a file of others. Returns its id."""
    return _append([Judged(invoice, report)], by)[0]


@transaction.atomic(durable=True)
def file_validations(rows: Sequence[Judged], *, judge: Collection[int] = (), by: Stamp) -> int:
    """Append reports on renderings, each once for one file and the same rules. Returns how many are new.

    ``judge``: documents whose files the official rules have to judge: queued where their report is new.
    """
    digests = {row.report.document for row in rows}
    known = set(ValidationRecord.objects.filter(sha256__in=digests).values_list("invoice_id", "sha256", "rules"))
    fresh = [row for row in rows if (row.invoice, row.report.document, rules_digest(row.report.rule_sets)) not in known]
    if fresh:
        _append(fresh, by)
    waiting = [str(row.invoice) for row in fresh if row.invoice in judge]
    if waiting:
        queue("invoices.judge", [",".join(waiting)])
    return len(fresh)


def _append(rows: Sequence[Judged], by: Stamp) -> Sequence[int]:
    ids = take_ids(ValidationRecord, len(rows))
    ValidationRecord.objects.bulk_create(
        ValidationRecord(
            id=number, invoice_id=invoice, sha256=report.document, verdict=report.verdict,
            error_class=report.error_class or "", rules=rules_digest(report.rule_sets), body=report_to_json(report),
            validated_at=report.at, actor_name=by.actor.name,
        )
        for number, (invoice, report) in zip(ids, rows, strict=True)
    )  # fmt: skip
    acts = [
        Act(number, {"file": report.document, "verdict": str(report.verdict), "invoice": invoice})
        for number, (invoice, report) in zip(ids, rows, strict=True)
    ]
    audit_many(by, "validation.file", "validation", acts)
    return ids
