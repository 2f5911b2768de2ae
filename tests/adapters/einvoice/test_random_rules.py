"""Random documents of every kind, profile and syntax pass the official schemas and rules: a few in every run, thousands
under ``make soak``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from

from tests.core.einvoice.documents import documents
from turnus.adapters.einvoice import Xml
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks
from turnus.core.document import SELF_BILLED, InvoiceDocument
from turnus.core.einvoice.checks import check, errors
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES, profile_for
from turnus.core.validation import Verdict
from turnus.ports import Validator

AT = datetime(2026, 11, 22, tzinfo=UTC)
UNJUDGED = {("xrechnung-extension", "cii")}
"""What only KoSIT's own rules judge."""
ALL = [(name, syntax) for name, profile in PROFILES.items() for syntax in profile.syntaxes
       if profile.invoice and profile.self_billing is not True and (name, syntax) not in UNJUDGED]  # fmt: skip
SAMPLE = 15
TOO_FAR = "BR-FXEXT-S-09b"
"""Factur-X EXTENDED does not round VAT to whole yen."""
XML = Xml()


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    found = OfficialValidator(RuleFolders(tmp_path_factory.mktemp("rules")), own_checks=exact_checks(XML))
    yield found
    found.close()


def judged(validator: Validator, document: InvoiceDocument, name: str, syntax: str) -> None:
    profile = profile_for(name, self_billed=document.kind in SELF_BILLED)
    invoice = compose(document, profile)
    assert invoice
    held = {finding.rule for finding in errors(check(invoice, profile))}
    report = validator.validate(XML.write(invoice, syntax), at=AT)
    assert {finding.rule for finding in report.fatal} == held, "what is issued is valid, what is not is held before"
    assert held <= {TOO_FAR}
    assert (report.verdict is Verdict.VALID) == (not held)


@settings(max_examples=SAMPLE, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(), chosen=sampled_from(ALL))
def test_random_documents_pass_the_official_rules(
    validator: Validator, document: InvoiceDocument, chosen: tuple[str, str]
) -> None:
    judged(validator, document, *chosen)


@pytest.mark.soak
@given(document=documents(), chosen=sampled_from(ALL))
def test_thousands_of_random_documents_pass_the_official_rules(
    validator: Validator, document: InvoiceDocument, chosen: tuple[str, str]
) -> None:
    judged(validator, document, *chosen)
