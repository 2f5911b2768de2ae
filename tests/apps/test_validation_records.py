"""Reports of validations are filed with their document, found again as they were given, and never changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import BY
from turnus.core.validation import (
    ErrorClass,
    Finding,
    Layer,
    RuleSetRef,
    Severity,
    ValidationReport,
    Verdict,
    own_finding,
)
from turnus.documents.models import ValidationRecord
from turnus.documents.queries import validation_reports
from turnus.documents.validate import file_validation
from turnus.records.models import AuditEntry

pytestmark = pytest.mark.database

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
GOOD = ValidationReport(
    "ab" * 32,
    10,
    AT,
    (),
    (RuleSetRef("factur-x", "7.8", "cd" * 32),),
    (("saxonche", "13.1.1"),),
    "cii",
    "urn",
    xml="ab" * 32,
)
WRONG = Finding("BR-CO-14", Severity.FATAL, Layer.SCHEMATRON, "Σ", "/Invoice", ("BT-110",), ErrorClass.CONTENT)
BAD = ValidationReport(
    "ef" * 32, 10, AT, (WRONG, own_finding("xml_not_utf8", Layer.XML)), GOOD.rule_sets, xml="ef" * 32
)


def test_a_report_is_found_by_document_and_by_file_as_it_was_given() -> None:
    first = file_validation(GOOD, invoice=7, by=BY)
    second = file_validation(BAD, by=BY)
    third = file_validation(GOOD, invoice=7, by=BY)
    assert [(one.id, one.report) for one in validation_reports(invoices=[7])] == [(first, GOOD), (third, GOOD)]
    (found,) = validation_reports(files=["ef" * 32])
    assert (found.id, found.invoice, found.report, found.actor) == (second, None, BAD, BY.actor.name)
    assert validation_reports(invoices=[8], files=["00"]) == []


def test_verdict_class_and_rules_stand_in_columns_and_in_the_audit_trail() -> None:
    number = file_validation(BAD, invoice=7, by=BY)
    row = ValidationRecord.objects.get(id=number)
    assert (row.verdict, row.error_class, row.validated_at) == (Verdict.INVALID, ErrorClass.FORMAT, AT)
    assert row.rules == f"factur-x 7.8 {'cd' * 32}"
    entry = AuditEntry.objects.get(action="validation.file")
    assert (entry.object_id, entry.actor_name) == (number, BY.actor.name)
