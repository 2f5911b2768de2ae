"""Valid documents pass, broken ones land in their class, none is accepted (law.md L-06; reliability.md S-04, S-05)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.adapters.validation.conftest import AT, Judging
from tests.adapters.validation.corpus import CII, FACTUR_X, UBL, XRECHNUNG, Broken, corpus, encoded, pdf, swap
from turnus.core.validation import ErrorClass, Layer, Severity, Verdict, report_from_json, report_to_json

BROKEN = corpus()


def cases(*expected: str) -> list[object]:
    return [pytest.param(one, id=one.name) for one in BROKEN if one.expected in expected]


def test_the_corpus_is_large_enough_and_has_no_name_twice() -> None:
    assert len({one.name for one in BROKEN}) == len(BROKEN) >= 60


@pytest.mark.parametrize("one", cases("format", "content", "rule"))
def test_a_broken_document_lands_in_its_class(one: Broken, judged: Judging) -> None:
    report = judged(one.content)
    assert (report.verdict, report.error_class) == (Verdict.INVALID, one.expected)
    assert report.document == hashlib.sha256(one.content).hexdigest()
    assert report_from_json(report_to_json(report)) == report


@pytest.mark.parametrize("one", cases("own"))
def test_what_the_official_rules_tolerate_is_refused_by_our_own(one: Broken, judged: Judging) -> None:
    report = judged(one.content)
    assert report.verdict is Verdict.INVALID
    assert {finding.layer for finding in report.fatal} == {Layer.OWN}


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        (UBL, "ubl-invoice"),
        (CII, "cii"),
        (FACTUR_X, "cii"),
        (swap(CII, XRECHNUNG, "#conformant#urn:factur-x.eu:1p0:extended"), "cii"),
        (swap(UBL, XRECHNUNG, ""), "ubl-invoice"),
        (swap(UBL, XRECHNUNG, "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"), "ubl-invoice"),
    ],
    ids=["XRechnung UBL", "XRechnung CII", "Factur-X EN 16931", "Factur-X EXTENDED", "EN 16931 UBL", "Peppol"],
)
def test_a_valid_document_is_valid_and_the_report_says_by_what(content: bytes, syntax: str, judged: Judging) -> None:
    report = judged(content)
    assert (report.verdict, report.error_class, report.fatal) == (Verdict.VALID, None, ())
    assert (report.syntax, report.at, report.size) == (syntax, AT, len(content))
    assert report.profile.startswith("urn:cen.eu:en16931:2017")
    (rules,) = report.rule_sets
    assert rules.name == "factur-x"
    assert len(rules.sha256) == 64
    assert {name for name, _version in report.tools} == {"turnus", "saxonche", "lxml"}


def test_every_official_sample_is_valid(sample_data: Path, judged: Judging) -> None:
    files = sorted((sample_data / "xrechnung").glob("*.xml"))
    reports = {path.name: judged(path.read_bytes()) for path in files}
    assert len(files) >= 42
    assert {name: report.fatal for name, report in reports.items() if report.verdict is not Verdict.VALID} == {}


def test_rules_of_factur_x_alone_do_not_judge_an_xrechnung(judged: Judging) -> None:
    """FX-SCH-A-000166, 000556 and 000570: registrations of the buyer, and the BT-24 of Factur-X."""
    number = '<ram:SpecifiedTaxRegistration><ram:ID schemeID="{}">1/2</ram:ID></ram:SpecifiedTaxRegistration>'
    place = "</ram:BuyerTradeParty>"
    twice = number.format("VA").replace("1/2", "DE123456788") + number.format("FC") + place
    assert judged(swap(CII, place, twice)).verdict is Verdict.VALID
    report = judged(swap(FACTUR_X, place, twice))
    assert {one.rule for one in report.fatal} == {"FX-SCH-A-000166", "FX-SCH-A-000570"}


@pytest.mark.parametrize("base", [UBL, CII], ids=["UBL", "CII"])
def test_a_byte_order_mark_is_no_error(base: bytes, judged: Judging) -> None:
    report = judged(b"\xef\xbb\xbf" + base)
    assert (report.verdict, report.xml) == (Verdict.VALID, hashlib.sha256(b"\xef\xbb\xbf" + base).hexdigest())


@pytest.mark.parametrize(("codec", "declared"), [("utf-16", "UTF-16"), ("iso-8859-1", "ISO-8859-1")])
def test_another_encoding_that_is_declared_is_readable_and_warned_of(
    codec: str, declared: str, judged: Judging
) -> None:
    report = judged(encoded(UBL, codec, declared))
    assert report.verdict is Verdict.VALID
    assert [(one.rule, one.severity) for one in report.findings] == [("xml_not_utf8", Severity.WARNING)]


@pytest.mark.parametrize("name", ["factur-x.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml"])
def test_the_xml_in_a_pdf_is_found_by_its_known_names(name: str, judged: Judging) -> None:
    report = judged(pdf((name, FACTUR_X), ("stundenzettel.csv", b"1;2")))
    assert (report.verdict, report.attachment) == (Verdict.VALID, name.lower())
    assert report.xml == hashlib.sha256(FACTUR_X).hexdigest() != report.document


def test_an_extension_that_no_rules_know_is_not_judged_and_so_refused(judged: Judging) -> None:
    report = judged(swap(CII, XRECHNUNG, f"{XRECHNUNG}#conformant#urn:example:extension"))
    assert (report.verdict, report.error_class) == (Verdict.NOT_JUDGED, None)
    assert [one.rule for one in report.fatal] == ["profile_without_rules"]


def test_a_finding_names_rule_place_term_and_class(judged: Judging) -> None:
    report = judged(swap(UBL, ">22.50<", ">22.51<"))
    assert sorted(one.rule for one in report.fatal) == ["BR-CO-14", "BR-CO-15"]
    one = next(one for one in report.fatal if one.rule == "BR-CO-14")
    assert (one.layer, one.severity) == (Layer.SCHEMATRON, Severity.FATAL)
    assert (one.location, one.error_class) == ("/Invoice/TaxTotal", ErrorClass.CONTENT)
    assert one.terms == ("BT-110", "BT-117")
    assert one.message.startswith("Invoice total VAT amount (BT-110) = ")
