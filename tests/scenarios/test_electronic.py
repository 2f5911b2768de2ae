"""Each customer gets the files of its profile: written, checked, archived once, judged before they may leave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Unpack

import pytest
from django.conf import settings as django
from django.db import transaction

from tests.builders import (
    BY,
    Buyer,
    Company,
    Offer,
    Settings,
    company,
    contract,
    customer,
    day,
    id_of,
    only,
    product,
    run,
)
from turnus.adapters.store import FolderStore
from turnus.checks.record import record_vat_check
from turnus.core.catalog import ProductKind, TaxClass
from turnus.core.document import InvoiceDocument
from turnus.core.einvoice.profiles import PROFILES, WRITABLE
from turnus.core.parties import VatIdCheck
from turnus.core.validation import EXACT, Finding, Layer, RuleSetRef, Severity, ValidationReport, Verdict, own_finding
from turnus.documents.archive import archived, read
from turnus.documents.models import ValidationRecord
from turnus.documents.queries import unfit, validation_reports
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.models import Invoice
from turnus.parties.facts import seller_facts
from turnus.parties.register import put_seller
from turnus.ports import Rejected, TryLater, Validator
from turnus.records.failpoints import FailpointError
from turnus.records.models import OutboxMessage
from turnus.stories.render import Press, judge_invoices, make_files, pdf_of, render_invoices, xml_of
from turnus.stories.work import work
from turnus.wiring import ports

pytestmark = pytest.mark.database

CONTACT: Settings = {"contact_name": "Jana Muster", "phone": "+49 341 1234", "email": "rechnung@main.example"}
AUTHORITY: Buyer = {"leitweg_id": "991-01234-38", "email": "eingang@stadt.example"}
DAY = day("2025-01-01")


@pytest.fixture(scope="module")
def validator() -> Iterator[Validator]:
    found = ports(Path(str(django.ENVIRONMENT.home))).validator
    yield found
    found.close()


class Judge:
    """A validator that finds what it is told to."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings

    def validate(self, source: bytes | Path, *, at: datetime) -> ValidationReport:
        assert isinstance(source, bytes)
        sha256 = hashlib.sha256(source).hexdigest()
        return ValidationReport(
            sha256, len(source), at, self.findings, (RuleSetRef("official", "1", "ab"),), xml=sha256
        )

    def close(self) -> None:
        """Nothing is open."""


def press(folder: Path) -> Press:
    found = ports(Path(str(django.ENVIRONMENT.home)))
    return Press(found.renderer, found.xml, FolderStore(folder))


def billed(profile: str, **changes: Unpack[Buyer]) -> tuple[Company, int, InvoiceDocument]:
    firm = company(**CONTACT)
    product(firm, "abo", "100.00")
    data: Buyer = {**AUTHORITY, "einvoice_profile": profile}
    data.update(changes)
    customer(firm, "K1", **data)
    contract(firm, "V1", "2025-01-01", "abo")
    document = only(run(firm, "2025-01-01"))
    return firm, id_of(firm, document), document


@pytest.mark.parametrize("profile", [name for name in WRITABLE if PROFILES[name].self_billing is not True])
def test_each_profile_is_rendered_checked_and_valid_by_the_official_rules(
    profile: str, tmp_path: Path, validator: Validator
) -> None:
    _firm, invoice, document = billed(profile)
    printing = press(tmp_path)
    assert render_invoices([invoice], printing, by=BY) == 1
    assert unfit([invoice]) == {invoice: Verdict.NOT_JUDGED}
    assert judge_invoices([invoice], validator, FolderStore(tmp_path), by=BY) == []

    [kinds] = archived([invoice]).values()
    hybrid = profile.startswith("facturx")
    assert list(kinds) == (["zugferd"] if hybrid else [PROFILES[profile].syntaxes[0], "pdf"])
    own, official = [row.report for row in validation_reports(invoices=[invoice])]
    assert (own.rule_sets[0].name, own.verdict, own.findings) == (EXACT, Verdict.VALID, ())
    assert (official.verdict, official.profile) == (Verdict.VALID, PROFILES[profile].specification)
    assert own.document == official.document == kinds["zugferd" if hybrid else PROFILES[profile].syntaxes[0]]
    assert own.xml == official.xml, "the XML that was checked is the XML inside"
    assert own.attachment == official.attachment
    assert unfit([invoice]) == {}
    assert f"<ram:ID>{document.number}".encode() in (text := xml_of(invoice, printing, by=BY)) or b":ID>RE-" in text
    assert pdf_of(invoice, printing, by=BY) == read(FolderStore(tmp_path), kinds["zugferd" if hybrid else "pdf"])


@pytest.mark.parametrize("profile", ["xrechnung", "facturx-en16931", "peppol"])
@pytest.mark.parametrize(
    ("category", "offer", "buyer"),
    [
        ("E", {"tax_class": TaxClass.EXEMPT}, {}),
        ("Z", {"tax_class": TaxClass.ZERO}, {}),
        ("K", {"kind": ProductKind.GOODS}, {"country": "AT", "vat_id": "ATU12345678", "leitweg_id": ""}),
        ("G", {"kind": ProductKind.GOODS}, {"country": "CH", "leitweg_id": ""}),
    ],
    ids=["E", "Z", "K", "G"],
)
def test_what_is_free_of_vat_says_why_and_is_valid_by_the_official_rules(
    category: str, offer: Offer, buyer: Buyer, profile: str, tmp_path: Path, validator: Validator
) -> None:
    terms: Settings = {**CONTACT, "ships_abroad": True}
    firm = company(**terms)
    product(firm, "ware", "100.00", **offer)
    data: Buyer = {**AUTHORITY, "einvoice_profile": profile}
    data.update(buyer)
    customer(firm, "K1", **data)
    contract(firm, "V1", "2025-01-01", "ware", reference="B-17")
    with transaction.atomic():
        record_vat_check(firm.id, VatIdCheck("ATU12345678", DAY, valid=True), by=BY)
    document = only(run(firm, "2025-01-01"))
    assert [(row.category, row.rate, row.base, row.tax) for row in document.taxes] == [(category, 0, 100_00, 0)]
    invoice = id_of(firm, document)
    render_invoices([invoice], press(tmp_path), by=BY)
    assert judge_invoices([invoice], validator, FolderStore(tmp_path), by=BY) == []
    assert unfit([invoice]) == {}


def test_paper_is_reported_on_too_and_nothing_official_is_asked(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("", leitweg_id="", email="")
    render_invoices([invoice], press(tmp_path), by=BY)
    [row] = validation_reports(invoices=[invoice])
    assert (row.report.verdict, row.report.fatal) == (Verdict.VALID, ())
    assert list(archived([invoice])[invoice]) == ["pdf"]
    assert not OutboxMessage.objects.filter(topic="invoices.judge").exists()
    assert unfit([invoice]) == {}


def test_rendering_again_changes_and_reports_nothing(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("xrechnung")
    printing = press(tmp_path)
    render_invoices([invoice], printing, by=BY)
    before = archived([invoice])
    assert render_invoices([invoice], printing, by=BY) == 0
    assert (archived([invoice]), ValidationRecord.objects.count()) == (before, 1)


def test_the_file_is_the_same_byte_for_byte_wherever_it_is_made_and_whatever_changes_later(tmp_path: Path) -> None:
    """L-01: a later change of the customer alters no reprint."""
    firm, invoice, _document = billed("facturx-xrechnung")
    render_invoices([invoice], press(tmp_path), by=BY)
    customer(firm, "K1", name="Anders AG", einvoice_profile="")
    [(kind, content)] = make_files(invoice_document(invoice), press(tmp_path), at=BY.at).files.items()
    assert {kind: hashlib.sha256(content).hexdigest()} == archived([invoice])[invoice]


@pytest.mark.parametrize(
    "point", ["render.before_file", "render.after_file", "render.after_report", "render.after_commit"]
)
@pytest.mark.parametrize("profile", ["xrechnung", "facturx-en16931"])
def test_a_crash_leaves_every_file_and_report_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, profile: str
) -> None:
    _firm, invoice, _document = billed(profile)
    monkeypatch.setattr("turnus.records.failpoints._hits", {})
    monkeypatch.setenv("TURNUS_FAILPOINT", f"{point}:1:raise")
    with pytest.raises(FailpointError):
        render_invoices([invoice], press(tmp_path), by=BY)
    monkeypatch.delenv("TURNUS_FAILPOINT")

    render_invoices([invoice], press(tmp_path), by=BY)
    kinds = archived([invoice])[invoice]
    assert set(kinds) == ({"cii", "pdf"} if profile == "xrechnung" else {"zugferd"})
    assert [row.report.document for row in validation_reports(invoices=[invoice])] == [next(iter(kinds.values()))]
    assert OutboxMessage.objects.filter(topic="invoices.judge", key=str(invoice)).count() == 1


def test_the_worker_renders_and_judges_what_a_run_issued(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("facturx-en16931")
    done = work(press(tmp_path), Judge(), anchors=tmp_path, on=DAY, by=BY)
    assert (done.rendered, done.failed, done.invalid, unfit()) == (1, 0, 0, {})
    assert work(press(tmp_path), Judge(), anchors=tmp_path, on=DAY, by=BY).rendered == 0
    assert len(validation_reports(invoices=[invoice])) == 2


def test_an_e_invoice_that_breaks_a_rule_is_marked_and_stays_in_the_house(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("xrechnung")
    judge = Judge(Finding("BR-DE-15", Severity.FATAL, Layer.SCHEMATRON, "missing"))
    assert work(press(tmp_path), judge, anchors=tmp_path, on=DAY, by=BY).invalid == 1
    assert unfit() == {invoice: Verdict.INVALID}


def test_an_e_invoice_that_could_not_be_judged_waits_and_is_judged_later(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("xrechnung")
    broken = Judge(own_finding("validation_died", Layer.PROCESS))
    assert work(press(tmp_path), broken, anchors=tmp_path, on=DAY, by=BY).failed == 1
    assert unfit() == {invoice: Verdict.NOT_JUDGED}
    assert OutboxMessage.objects.get(topic="invoices.judge").attempts == 1
    assert work(press(tmp_path), Judge(), anchors=tmp_path, on=DAY, by=BY).failed == 0
    assert unfit() == {}


def test_what_is_not_archived_yet_is_not_judged(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("xrechnung")
    with pytest.raises(TryLater):
        judge_invoices([invoice], Judge(), FolderStore(tmp_path), by=BY)


def test_a_cancellation_is_never_held_and_its_file_is_judged_like_any_other(
    tmp_path: Path, validator: Validator
) -> None:
    firm, invoice, _document = billed("peppol")
    customer(firm, "K1", einvoice_profile="peppol", email="")
    made = cancel_invoice(invoice, on=DAY, reason="Irrtum", by=BY)
    render_invoices([made.invoice], press(tmp_path), by=BY)
    assert judge_invoices([made.invoice], validator, FolderStore(tmp_path), by=BY) == []
    assert b"<CreditNote" in xml_of(made.invoice, press(tmp_path), by=BY)


def test_the_customer_chooses_the_syntax_where_its_profile_has_two(tmp_path: Path, validator: Validator) -> None:
    _firm, invoice, _document = billed("xrechnung", einvoice_syntax="ubl")
    render_invoices([invoice], press(tmp_path), by=BY)
    assert list(archived([invoice])[invoice]) == ["ubl", "pdf"]
    assert judge_invoices([invoice], validator, FolderStore(tmp_path), by=BY) == []


def test_other_syntaxes_are_written_on_demand_and_not_archived(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("xrechnung")
    assert b"<Invoice" in xml_of(invoice, press(tmp_path), syntax="ubl", by=BY)
    assert "ubl" not in archived([invoice])[invoice]


def test_a_profile_without_the_syntax_says_so(tmp_path: Path) -> None:
    _firm, invoice, _document = billed("peppol")
    with pytest.raises(Rejected, match="cii"):
        xml_of(invoice, press(tmp_path), syntax="cii", by=BY)


def test_a_draft_is_no_e_invoice(tmp_path: Path) -> None:
    firm = company(automation="draft", **CONTACT)
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    with pytest.raises(Rejected):
        xml_of(Invoice.objects.get(state="draft").id, press(tmp_path), by=BY)


def test_the_xml_of_a_hybrid_document_is_the_one_inside_whatever_changes_later(tmp_path: Path) -> None:
    firm, invoice, _document = billed("facturx-en16931")
    render_invoices([invoice], press(tmp_path), by=BY)
    before = xml_of(invoice, press(tmp_path), by=BY)
    put_seller(replace(seller_facts(firm.id, on=DAY).data, iban="DE89370400440532013000"), valid_from=DAY, by=BY)
    assert b"DE89370400440532013000" not in before
    assert xml_of(invoice, press(tmp_path), by=BY) == before
