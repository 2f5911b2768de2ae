"""Reports of validation: fail closed, classes after L-06, and the same again out of the archive."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.error_classes import LAW, RULE_TERMS, error_class
from turnus.core.validation import (
    ErrorClass,
    Finding,
    Layer,
    RuleSetRef,
    Severity,
    ValidationReport,
    Verdict,
    own_finding,
    report_from_json,
    report_to_json,
    rules_digest,
)

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
RULES = (RuleSetRef("factur-x", "7.8", "ab" * 32),)
JUDGED = ValidationReport("cd" * 32, 10, AT, (), rule_sets=RULES, xml="cd" * 32)

texts = st.text(max_size=20)
findings = st.builds(
    Finding,
    texts,
    st.sampled_from(Severity),
    st.sampled_from(Layer),
    texts,
    texts,
    st.tuples(texts),
    st.none() | st.sampled_from(ErrorClass),
    st.tuples(st.tuples(texts, texts)),
)
reports = st.builds(
    ValidationReport,
    texts,
    st.integers(0, 10**9),
    st.just(AT),
    st.lists(findings, max_size=4).map(tuple),
    st.lists(st.builds(RuleSetRef, texts, texts, texts), max_size=2).map(tuple),
    st.tuples(st.tuples(texts, texts)),
    texts,
    texts,
    texts,
    texts,
)


@given(reports)
def test_a_report_comes_out_of_its_text_as_it_went_in(report: ValidationReport) -> None:
    assert report_from_json(report_to_json(report)) == report
    assert report_to_json(report_from_json(report_to_json(report))) == report_to_json(report)


@given(reports)
def test_only_a_document_that_rules_judged_without_a_fatal_finding_is_valid(report: ValidationReport) -> None:
    clean = all(one.severity is not Severity.FATAL for one in report.findings)
    assert (report.verdict is Verdict.VALID) == (clean and bool(report.rule_sets) and bool(report.xml))


def test_a_report_without_rules_or_without_a_document_is_no_judgement() -> None:
    assert JUDGED.verdict is Verdict.VALID
    assert replace(JUDGED, rule_sets=()).verdict is Verdict.NOT_JUDGED
    assert replace(JUDGED, xml="").verdict is Verdict.NOT_JUDGED
    with pytest.raises(FrozenInstanceError):
        JUDGED.verdict = Verdict.VALID  # type: ignore[misc] # frozen


def test_the_gravest_class_counts_and_a_failure_of_the_process_is_none() -> None:
    kinds = [ErrorClass.RULE, ErrorClass.CONTENT, ErrorClass.FORMAT]
    found = [Finding("x", Severity.FATAL, Layer.SCHEMATRON, error_class=kind) for kind in kinds]
    for count, kind in enumerate(kinds, 1):
        assert replace(JUDGED, findings=tuple(found[:count])).error_class is kind
    failed = replace(JUDGED, findings=(own_finding("validation_died", Layer.PROCESS), *found))
    assert failed.verdict is Verdict.NOT_JUDGED
    assert own_finding("validation_died", Layer.PROCESS).error_class is None


def test_rule_sets_of_a_report_are_one_text() -> None:
    assert rules_digest((*RULES, RuleSetRef("b", "1", "ef"))) == f"factur-x 7.8 {'ab' * 32}; b 1 ef"


def test_every_table_of_terms_names_terms() -> None:
    assert all(term[:3] in {"BT-", "BG-"} for terms in (LAW, *RULE_TERMS.values()) for term in terms)
    assert error_class(Layer.PROCESS, ["BT-1"]) is None
