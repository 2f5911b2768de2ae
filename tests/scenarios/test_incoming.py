"""Incoming invoices: kept first, judged, read, doubted, decided (JB-111 to 113, L-06, S-04, S-05)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.adapters.validation.corpus import (
    CII,
    FACTUR_X,
    UBL,
    Broken,
    against_a_rule,
    against_the_law,
    broken_pdfs,
    laughs,
    pdf,
    swap,
    unreadable,
    with_doctype,
)
from tests.builders import BY, company
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks
from turnus.core.einvoice.html import invoice_html
from turnus.core.incoming import Decision, Skonto, pay_by, skonto_of
from turnus.documents.archive import read
from turnus.documents.queries import validation_reports
from turnus.documents.retention import kept
from turnus.documents.verify import flaws
from turnus.payables.decide import IncomingRefusedError, decide
from turnus.payables.queries import IncomingRow, claim_of, decisions, incoming_row, incoming_rows
from turnus.ports import Rejected
from turnus.records.models import AuditEntry
from turnus.stories.receive import Desk, assess_waiting, read_incoming, receive

pytestmark = pytest.mark.database

IBAN = "DE02120300000000202051"


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialValidator]:
    found = OfficialValidator(RuleFolders(tmp_path_factory.mktemp("rules")), own_checks=exact_checks(Xml()))
    yield found
    found.close()


@pytest.fixture
def desk(validator: OfficialValidator, tmp_path: Path) -> Desk:
    return Desk(FolderStore(tmp_path / "archive"), validator, validator, Xml())


@pytest.fixture
def us() -> int:
    return company().id


def take(desk: Desk, us: int, content: bytes, name: str = "rechnung.xml") -> IncomingRow:
    number = receive(desk, us, content, name=name, channel="upload", by=BY)
    return incoming_row(us, number)


def codes(row: IncomingRow) -> list[str]:
    return [doubt.code for doubt in row.doubts]


@pytest.mark.parametrize(
    ("content", "name"), [(UBL, "a.xml"), (CII, "b.xml"), (pdf(("factur-x.xml", FACTUR_X)), "c.pdf")]
)
def test_an_invoice_in_any_form_becomes_a_payable_without_typing(
    desk: Desk, us: int, tmp_path: Path, content: bytes, name: str
) -> None:
    row = take(desk, us, content, name)
    assert (row.state, row.verdict, row.error_class) == ("new", "valid", "")
    claim = claim_of(row.id)
    assert claim is not None
    assert (claim.supplier_key, claim.currency) == ("DE123456788", "EUR")
    assert claim.iban == IBAN
    assert claim.lines
    assert sum(line.net for line in claim.lines) == sum(tax.base for tax in claim.taxes) == claim.net
    assert claim.net + claim.tax == claim.gross == row.gross
    (entry,) = kept()
    assert (entry.name, entry.retention, read(desk.files, entry.sha256)) == (name, "vouchers", content)
    assert [one.report.document for one in validation_reports(files=[entry.sha256])] == [entry.sha256]
    assert list(flaws(desk.files, tmp_path)) == []
    assert "BT-1<" in invoice_html(read_incoming(desk, content))


def test_the_same_file_is_taken_once(desk: Desk, us: int) -> None:
    first, again = take(desk, us, UBL), take(desk, us, UBL, "kopie.xml")
    assert (again.id, again.name, len(incoming_rows(us)), len(kept())) == (first.id, "rechnung.xml", 1, 1)


def test_what_a_crash_left_unjudged_is_judged_by_the_next_round(
    desk: Desk, us: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("turnus.stories.receive.file_validation", crash)
    with pytest.raises(KeyboardInterrupt):
        take(desk, us, UBL)
    (row,) = incoming_rows(us)
    assert (row.state, read(desk.files, row.sha256)) == ("waiting", UBL)
    monkeypatch.undo()
    assert assess_waiting(desk, us, by=BY) == 1
    assert incoming_row(us, row.id).state == "new"
    assert assess_waiting(desk, us, by=BY) == 0


def other(number: str, iban: str = IBAN) -> bytes:
    """Another invoice of the same supplier, of the same day and amount."""
    return swap(swap(UBL, "RE-2026-000001", number), IBAN, iban)


def test_duplicates_and_strange_accounts_are_doubted(desk: Desk, us: int) -> None:
    first = take(desk, us, UBL)
    assert "incoming_duplicate" in codes(take(desk, us, swap(UBL, "\n<Invoice", "\n<!-- x -->\n<Invoice")))
    row = take(desk, us, other("RE-2", iban="DE89370400440532013000"))
    assert codes(row) == ["incoming_same_amount", "incoming_same_amount", "incoming_new_iban"]
    assert (row.state, row.doubts[-1].params["known"]) == ("check", IBAN)
    for one in incoming_rows(us):
        decide(one.id, Decision.REJECT, reason="Probe", by=BY)
    assert codes(take(desk, us, other("RE-3"))) == [], "what was rejected is no earlier invoice"
    assert first.state == "new"


def test_a_strange_account_becomes_known_only_when_a_person_accepts_it(desk: Desk, us: int) -> None:
    take(desk, us, UBL)
    strange = "DE89370400440532013000"
    first = take(desk, us, other("RE-2", iban=strange))
    second = take(desk, us, other("RE-3", iban=strange))
    assert "incoming_new_iban" in codes(first)
    assert "incoming_new_iban" in codes(second), "saying it twice makes no account the supplier's"
    decide(second.id, Decision.ACCEPT, reason="am Telefon bestätigt", by=BY)
    assert "incoming_new_iban" not in codes(take(desk, us, other("RE-4", iban=strange)))


NINES = "9" * 30


@pytest.mark.parametrize(
    ("field", "value", "read_"),
    [
        ("PayableAmount", f"{NINES}.00", False),
        ("LineExtensionAmount", f"{NINES}.00", False),
        ("Percent", NINES, False),
        ("Percent", "99999999", False),
        ("IssueDate", "9999-12-31", True),
        ("IssueDate", "0001-01-01", True),
    ],
)
def test_s04_absurd_values_stop_no_other_invoice(desk: Desk, us: int, field: str, value: str, read_: bool) -> None:
    content = re.sub(rf"(<cbc:{field}[^>]*>)[^<]*(?=</cbc:)".encode(), rf"\g<1>{value}".encode(), UBL)
    assert content != UBL
    row = take(desk, us, content)
    assert (row.state == "waiting", claim_of(row.id) is not None) == (False, read_)
    assert read_ or row.state == "check"
    assert take(desk, us, other("RE-2"), "b.xml").state in {"new", "check"}
    assert [one.state for one in incoming_rows(us)].count("waiting") == 0


def test_a_skonto_that_ends_after_all_days_is_no_crash(desk: Desk, us: int) -> None:
    claim = claim_of(take(desk, us, UBL).id)
    assert claim is not None
    late = claim._replace(issue_date=date.max, skonto=(Skonto(14, 200, 100),))
    assert pay_by(late) == date.max


def test_decisions_need_a_reason_where_something_is_wrong_and_the_last_word_stays(desk: Desk, us: int) -> None:
    clean = take(desk, us, UBL)
    decide(clean.id, Decision.QUERY, reason="Bestellnummer?", by=BY)
    assert incoming_row(us, clean.id).state == "queried"
    decide(clean.id, Decision.ACCEPT, by=BY)
    with pytest.raises(IncomingRefusedError, match="incoming_decided"):
        decide(clean.id, Decision.REJECT, reason="doch nicht", by=BY)
    assert [(one.decision, one.reason) for one in decisions(clean.id)] == [("query", "Bestellnummer?"), ("accept", "")]

    doubted = take(desk, us, other("RE-2"))
    with pytest.raises(IncomingRefusedError, match="incoming_reason"):
        decide(doubted.id, Decision.ACCEPT, by=BY)
    decide(doubted.id, Decision.ACCEPT, reason="zwei gleiche Monate", by=BY)
    unreadable_ = take(desk, us, b"Rechnung Nr. 1", "a.txt")
    with pytest.raises(IncomingRefusedError, match="incoming_unreadable"):
        decide(unreadable_.id, Decision.ACCEPT, reason="trotzdem", by=BY)
    decide(unreadable_.id, Decision.REJECT, reason="keine E-Rechnung", by=BY)
    with pytest.raises(IncomingRefusedError, match="incoming_unknown"):
        decide(999, Decision.REJECT, reason="x", by=BY)
    done = AuditEntry.objects.filter(object_type="incoming", object_id=doubted.id).order_by("id")
    assert list(done.values_list("action", flat=True)) == ["incoming.receive", "incoming.assess", "incoming.accept"]


SAMPLES = [
    *(Broken(name, content, "format") for name, content in [*unreadable(), *broken_pdfs()]),
    *(Broken(name, content, "content") for name, content in list(against_the_law())[:6]),
    *(Broken(name, content, "rule") for name, content in list(against_a_rule())[:3]),
]


def test_l06_every_broken_file_is_kept_lands_in_its_class_and_is_never_clean(desk: Desk, us: int) -> None:
    for broken in SAMPLES:
        row = take(desk, us, broken.content, f"{broken.name}.bin")
        assert read(desk.files, row.sha256) == broken.content
        assert (row.state, row.error_class) == ("check", broken.expected), broken.name
        if broken.expected == "format":
            assert claim_of(row.id) is None, broken.name
            with pytest.raises(Rejected):
                read_incoming(desk, broken.content)


def test_s04_hostile_xml_is_refused_within_bounds_and_the_original_is_kept(desk: Desk, us: int) -> None:
    deep = b"<a>" * 10_000 + b"</a>" * 10_000
    secret = with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;")
    huge = UBL + b" " * (100 * 1024 * 1024)
    for content in (laughs(), secret, deep, huge):
        row = take(desk, us, content)
        assert (row.verdict, row.error_class, row.supplier) == ("invalid", "format", "")
        assert len(read(desk.files, row.sha256)) == len(content)


def test_skonto_is_read_from_the_terms_and_says_when_to_pay() -> None:
    text = "Zahlbar bis 22.12.2026.\n#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.25#BASISBETRAG=100.00#\n"
    found = skonto_of(text, 119_00)
    assert found == (Skonto(7, 325, 100_00), Skonto(14, 200, 119_00))
    assert [one.amount for one in found] == [3_25, 2_38]
    assert skonto_of("#SKONTO#TAGE=14#PROZENT=2#", 1) == ()
