"""Our own checks come after the official ones: what they find counts, and when they fail the document is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.validation.conftest import AT
from tests.adapters.validation.corpus import UBL, swap
from turnus.adapters.validation import OfficialValidator, OwnChecks, RuleFolders
from turnus.adapters.validation.process import Child
from turnus.core.validation import ErrorClass, Finding, Layer, Severity, ValidationReport, Verdict

WRONG = Finding("OWN-1", Severity.FATAL, Layer.OWN, "x", terms=("BT-131",), error_class=ErrorClass.CONTENT)


@pytest.fixture(scope="module")
def judge() -> Iterator[Child]:
    child = Child("judge", seconds=120)
    yield child
    child.close()


def report_by(checks: OwnChecks, content: bytes, judge: Child, folder: Path) -> ValidationReport:
    reader = Child("read", seconds=20)
    try:
        return OfficialValidator(RuleFolders(folder), own_checks=checks, reader=reader, judge=judge).validate(
            content, at=AT
        )
    finally:
        reader.close()


def test_what_our_own_checks_find_counts_like_an_official_rule(judge: Child, tmp_path: Path) -> None:
    told: list[tuple[bytes, str, str]] = []

    def checks(xml: bytes, syntax: str, profile: str) -> list[Finding]:
        told.append((xml, syntax, profile))
        return [WRONG]

    report = report_by(checks, UBL, judge, tmp_path)
    assert (report.verdict, report.error_class, report.findings) == (Verdict.INVALID, ErrorClass.CONTENT, (WRONG,))
    assert told == [(UBL, "ubl-invoice", report.profile)]


def test_our_own_checks_that_fail_refuse_the_document(judge: Child, tmp_path: Path) -> None:
    def checks(_xml: bytes, _syntax: str, _profile: str) -> list[Finding]:
        raise ZeroDivisionError

    report = report_by(checks, UBL, judge, tmp_path)
    assert (report.verdict, report.fatal[0].rule) == (Verdict.NOT_JUDGED, "own_checks_failed")


def test_our_own_checks_see_only_what_follows_its_schema(judge: Child, tmp_path: Path) -> None:
    def checks(_xml: bytes, _syntax: str, _profile: str) -> list[Finding]:
        raise AssertionError

    report = report_by(checks, swap(UBL, "<cbc:Note>", "<cbc:Foo/><cbc:Note>"), judge, tmp_path)
    assert (report.verdict, report.error_class) == (Verdict.INVALID, ErrorClass.FORMAT)
