"""Sending (JB-82, 99, 100; F-01, F-06): run, issue, print, send: exactly once, or unknown and then by approval."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import BY, Company, address, company, contract, customer, day, product, run
from turnus.adapters.delivery import Accounts
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.contracts.recipients import Place, add_recipient
from turnus.core.actors import Stamp
from turnus.core.delivery import BACKOFF, Bounce, ChannelData, Content, Network, Parcel, Receipt, State, Way
from turnus.core.document import InvoiceDocument
from turnus.core.einvoice.hybrid import Inside
from turnus.core.parties import ContactData, CustomerKind
from turnus.core.validation import RuleSetRef, ValidationReport
from turnus.delivery.attempt import claim, expire, send_again, settle
from turnus.delivery.channels import ChannelRefusedError, add_channel, channels, end_channel, put_turnover
from turnus.delivery.queries import DeliveryRow, deliveries, events
from turnus.documents.archive import Archived, file_renderings, store
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.models import Invoice
from turnus.parties.register import put_contact
from turnus.ports import Carrier, Rejected, TryLater
from turnus.records.failpoints import FailpointError
from turnus.records.models import OutboxMessage
from turnus.stories.render import Press, judge_invoices
from turnus.stories.send import plan_documents, send_one, take_bounces
from turnus.stories.work import Worked, work

pytestmark = pytest.mark.database
TODAY = "2025-01-01"


class Printer:
    def render(self, document: InvoiceDocument, held: Inside | None = None) -> bytes:
        assert held is None
        return f"%PDF {document.number}".encode()


class Judge:
    """Finds every file good."""

    def validate(self, source: bytes | Path, *, at: datetime) -> ValidationReport:
        assert isinstance(source, bytes)
        rules = (RuleSetRef("official", "1", "ab"),)
        sha256 = hashlib.sha256(source).hexdigest()
        return ValidationReport(sha256, len(source), at, (), rules, xml=sha256)

    def close(self) -> None:
        """Nothing is open."""


class Van:
    """A carrier that remembers, and fails as told for a while: an exception, or a state."""

    def __init__(self) -> None:
        self.took: list[Parcel] = []
        self.faults: list[Exception | State] = []
        self.news = Receipt(State.SENT, "")

    def send(self, parcel: Parcel) -> Receipt:
        fault = self.faults.pop(0) if self.faults else State.SENT
        if isinstance(fault, Exception):
            raise fault
        self.took.append(parcel)
        return Receipt(fault, "250 taken", f"{parcel.key}@haus.example")

    def status(self, reference: str) -> Receipt:
        assert reference.endswith("@haus.example")
        return self.news


class Fleet:
    """Mail, post and Peppol by vans; folders as they are."""

    def __init__(self, home: Path) -> None:
        self.vans = {way: Van() for way in (Way.EMAIL, Way.POST, Way.PEPPOL)}
        self.accounts = Accounts(home, {})

    def carrier(self, way: str, target: str) -> Carrier:
        return self.vans[Way(way)] if way in self.vans else self.accounts.carrier(way, target)

    @property
    def mails(self) -> list[str]:
        return [f"{parcel.recipient} {parcel.subject}" for parcel in self.vans[Way.EMAIL].took]


class Office:
    """A company that sends two invoices by e-mail, with its worker."""

    def __init__(self, home: Path, automation: str = "send") -> None:
        self.firm: Company = company(
            automation=automation, email="buchhaltung@haus.example", contact_name="Erika Beispiel", phone="+49 341 1234"
        )
        self.home, self.fleet, self.files = home, Fleet(home), FolderStore(home / "archive")
        product(self.firm, "abo", "300.00")
        for number in ("K1", "K2"):
            customer(self.firm, number, email=f"{number}@kunde.example")
            contract(self.firm, f"V{number}", TODAY, "abo", by=number)

    def channel(self, way: Way = Way.EMAIL, content: Content = Content.PDF, **data: str) -> int:
        made = ChannelData(way, content, consent_on=day("2024-12-01"), **data)  # type: ignore[arg-type]
        return add_channel(self.firm.id, made, on=day(TODAY), by=BY)

    def work(self, *, minutes: int = 0, on: str = TODAY) -> Worked:
        by = Stamp(BY.actor, BY.at + timedelta(minutes=minutes))
        press, anchors = Press(Printer(), Xml(), self.files), self.home / "anchors"
        return work(press, Judge(), anchors=anchors, carriers=self.fleet, on=day(on), by=by)

    def rows(self) -> list[DeliveryRow]:
        return sorted(deliveries(self.firm.id), key=lambda row: row.id)

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.rows()]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, point: str) -> Iterator[None]:
    """Within, this process dies at a failpoint."""
    monkeypatch.setattr("turnus.records.failpoints._hits", {})
    monkeypatch.setenv("TURNUS_FAILPOINT", f"{point}:1:raise")
    with pytest.raises(FailpointError):
        yield
    monkeypatch.delenv("TURNUS_FAILPOINT")


def test_jb_99_what_a_run_issues_is_printed_and_sent_without_anybody_s_hand(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    assert office.work().sent == (2, 2, 0, 0)
    assert office.work(minutes=1).sent == (0, 0, 0, 0)
    assert office.fleet.mails == [
        "K1@kunde.example Rechnung RE-2025-000001 vom 01.01.2025",
        "K2@kunde.example Rechnung RE-2025-000002 vom 01.01.2025",
    ]
    first = office.fleet.vans[Way.EMAIL].took[0]
    assert [(file.name, file.content) for file in first.files] == [
        ("Rechnung_RE-2025-000001.pdf", b"%PDF RE-2025-000001"),
    ]
    assert first.text.startswith(
        "Guten Tag Kunde K1,\n\nanbei erhalten Sie unsere Rechnung RE-2025-000001 vom 01.01.2025"
    )
    assert "357,00\u00a0€, zahlbar bis 15.01.2025" in first.text
    assert (first.sender_name, first.reply_to) == ("main GmbH", "buchhaltung@haus.example")
    assert not OutboxMessage.objects.filter(topic="invoice.send", state="due").exists()
    told = events(office.rows()[0].id)
    assert [(row.attempt, row.state, row.protocol) for row in told] == [(1, "sent", "250 taken")]
    assert told[0].files.startswith("pdf ")


POINTS = ["send.after_plan", "send.after_claim", "send.after_call", "send.after_settle"]


@pytest.mark.parametrize("point", POINTS)
def test_f_01_f_06_a_worker_that_dies_sends_no_mail_twice_and_loses_none(
    office: Office, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    office.channel()
    run(office.firm, TODAY)
    with failing(monkeypatch, point):
        office.work()
    office.work(minutes=1)
    assert len(set(office.fleet.mails)) == len(office.fleet.mails)
    office.work(minutes=20)  # the dead worker's lease has run out

    if point in {"send.after_plan", "send.after_settle"}:
        assert office.states == ["sent", "sent"]
    else:
        assert office.states == ["unknown", "sent"]
        office.work(minutes=10_000)  # however often the worker comes by
        lost = office.rows()[0]
        with pytest.raises(ChannelRefusedError, match="resend_needs_approval"):
            send_again(lost.id, by=BY)
        assert send_again(lost.id, approve=True, reason="nachgefragt", by=BY) == lost.id
        assert office.states == ["approved", "sent"]
        office.work(minutes=10_001)
        assert office.states == ["sent", "sent"]
        assert [row.state for row in events(lost.id)] == ["unknown", "approved", "sent"]
    keys = [parcel.key for parcel in office.fleet.vans[Way.EMAIL].took]
    assert len(keys) == (3 if point == "send.after_call" else 2)
    assert len(set(keys)) == 2  # a repetition carries the same Message-ID


@pytest.mark.parametrize("point", POINTS)
def test_f_01_f_08_a_folder_holds_each_document_once_wherever_the_worker_died(
    office: Office, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    office.channel(Way.FOLDER)
    run(office.firm, TODAY)
    with failing(monkeypatch, point):
        office.work()
    office.work(minutes=20)
    assert office.states == ["delivered", "delivered"]
    files = {path.name: path.read_bytes() for path in (office.home / "outgoing").iterdir()}
    assert files == {f"Rechnung_RE-2025-00000{n}.pdf": f"%PDF RE-2025-00000{n}".encode() for n in (1, 2)}


def test_f_06_a_server_that_is_down_is_asked_again_later_and_in_the_end_no_more(office: Office) -> None:
    office.channel()
    van = office.fleet.vans[Way.EMAIL]
    run(office.firm, TODAY)
    van.faults = [TryLater("down")] * 1_000
    assert office.work().sent == (2, 0, 2, 0)
    assert office.work().sent == (0, 0, 0, 0)  # not before its time
    assert office.work(minutes=1).sent == (0, 0, 2, 0)
    row = office.rows()[0]
    assert (row.state, row.attempts, row.protocol) == ("queued", 2, "down")
    assert row.next_at == BY.at + timedelta(minutes=1, seconds=BACKOFF[1])
    for number in range(len(BACKOFF)):
        office.work(minutes=2_000 * (number + 1))
    assert office.states == ["failed", "failed"]
    assert len(events(row.id)) == len(BACKOFF) + 1

    van.faults = []
    assert send_again(row.id, by=BY) == row.id
    office.work(minutes=30_000)
    assert office.states == ["sent", "failed"]


def test_f_06_after_two_hours_without_a_server_everything_leaves_once(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    van = office.fleet.vans[Way.EMAIL]
    for minutes in range(0, 120, 10):
        van.faults = [TryLater("down")] * 4
        office.work(minutes=minutes)
    van.faults = []
    office.work(minutes=300)
    assert office.states == ["sent", "sent"]
    assert len(office.fleet.mails) == 2


def test_f_06_an_answer_that_never_came_is_unknown_and_stays_so(office: Office) -> None:
    office.channel()
    office.fleet.vans[Way.EMAIL].faults = [State.UNKNOWN]
    run(office.firm, TODAY)
    assert office.work().sent == (2, 1, 0, 1)
    assert office.work(minutes=10_000).sent == (0, 0, 0, 0)
    assert office.states == ["unknown", "sent"]


def test_f_19_one_recipient_that_is_refused_holds_nobody_else_up(office: Office) -> None:
    office.channel()
    office.fleet.vans[Way.EMAIL].faults = [Rejected("550 no such user")]
    run(office.firm, TODAY)
    office.work()
    assert [(row.state, row.protocol) for row in office.rows()] == [
        ("failed", "550 no such user"),
        ("sent", "250 taken"),
    ]


def test_two_workers_never_hold_the_same_delivery_and_one_taken_for_dead_still_tells(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    plan_documents([row.id for row in Invoice.objects.all()], on=day(TODAY), by=BY)
    first, second = claim(at=BY.at), claim(at=BY.at)
    assert first is not None
    assert second is not None
    assert (first.id < second.id, claim(at=BY.at)) == (True, None)
    later = Stamp(BY.actor, BY.at + timedelta(minutes=20))
    assert expire(by=later) == 2
    assert settle(first, Receipt(State.SENT, "250 late"), by=later) is State.SENT  # it was slow, not dead
    assert office.states == ["sent", "unknown"]
    send_again(second.id, approve=True, by=later)
    again = claim(at=later.at)
    assert again is not None
    settle(second, Receipt(State.FAILED, "late"), by=later)  # what the first attempt says no longer counts
    settle(again, Receipt(State.SENT, "250 taken"), by=later)
    assert office.states == ["sent", "sent"]
    assert [row.state for row in events(second.id)] == ["unknown", "approved", "sent"]


def test_f_19_a_fault_of_a_carrier_leaves_it_unknown_and_the_others_go(office: Office) -> None:
    office.channel()
    office.fleet.vans[Way.EMAIL].faults = [ZeroDivisionError("of ours")]
    run(office.firm, TODAY)
    assert office.work().sent == (2, 1, 0, 1)
    assert [row.protocol for row in office.rows()] == ["ZeroDivisionError: of ours", "250 taken"]


def test_jb_100_each_channel_of_a_customer_gets_the_document_and_what_arrived_can_be_repeated(office: Office) -> None:
    customer_id = 0
    for role, email in (("billing", "r1@kunde.example"), ("technical", "t@kunde.example")):
        customer_id = customer(office.firm, "K1", email="K1@kunde.example")
        put_contact(customer_id, ContactData(role, "Muster", email), by=BY)
    office.channel(Way.FOLDER)
    mail = office.channel(customer="K1", role="technical")
    office.channel(customer="K1")
    office.channel(Way.FOLDER, customer="K1", address="K1")
    run(office.firm, TODAY)
    office.work()
    found = [(row.way, row.recipient, row.state) for row in office.rows()]
    assert sorted(found) == [
        ("email", "r1@kunde.example", "sent"), ("email", "t@kunde.example", "sent"), ("folder", "", "delivered"),
        ("folder", "K1", "delivered"),
    ]  # fmt: skip
    first = next(row for row in office.rows() if row.recipient == "t@kunde.example")
    again = send_again(first.id, reason="verlegt", by=BY)
    assert send_one(again, office.fleet, office.files, on=day(TODAY), by=BY).sent == 1
    assert office.rows()[-1].round == 1
    assert len(office.fleet.mails) == 3
    end_channel(office.firm.id, mail, by=BY)
    assert [row.data.role for row in channels(office.firm.id, [customer_id])[customer_id]] == ["", ""]


def test_jb_45_a_copy_goes_by_mail_to_each_further_reader_once(office: Office) -> None:
    office.channel(Way.FOLDER)
    place = Place(office.firm.id, customer(office.firm, "K1", email="K1@kunde.example"))
    add_recipient(place, "Steuerberater", "stb@kanzlei.example", since=day("2024-01-01"), by=BY)
    run(office.firm, TODAY)
    office.work()
    office.work(minutes=1)
    assert office.fleet.mails == ["stb@kanzlei.example Rechnung RE-2025-000001 vom 01.01.2025"]


def test_jb_82_a_single_document_is_sent_when_it_is_issued(tmp_path: Path) -> None:
    office = Office(tmp_path, automation="issue")
    run(office.firm, TODAY)
    assert office.work().sent.planned == 0  # the run was told to issue only
    first = Invoice.objects.order_by("id").first()
    assert first is not None
    office.channel(customer="K1")
    cancel_invoice(first.id, on=day(TODAY), reason="Irrtum", by=BY)
    assert office.work(minutes=1).sent == (1, 1, 0, 0)
    assert office.fleet.mails == ["K1@kunde.example Stornorechnung SR-2025-000001 vom 01.01.2025"]


def test_a_customer_without_a_way_is_told_and_parked(office: Office) -> None:
    run(office.firm, TODAY)
    for _round in range(5):
        assert office.work().sent == (0, 0, 2, 0)
    messages = OutboxMessage.objects.filter(topic="invoice.send").order_by("key")
    assert next((row.state, row.last_error) for row in messages) == ("parked", '@no_channel {"customer": "K1"}')


def test_jb_103_what_is_not_in_the_archive_is_waited_for(office: Office) -> None:
    office.channel(content=Content.BOTH)
    run(office.firm, TODAY)
    office.work()
    assert {row.protocol for row in office.rows()} == {'@no_files {"content": "both", "known": "pdf"}'}
    archived = [
        Archived(invoice, "ubl", store(office.files, b"<Invoice/>"), 10, f"{invoice}.xml", day(TODAY))
        for invoice in Invoice.objects.values_list("id", flat=True)
    ]
    file_renderings(archived, at=BY.at)
    office.work(minutes=1)
    assert {row.protocol for row in office.rows()} == {"@unfit_not_judged {}"}
    assert office.fleet.mails == []
    judge_invoices([row.invoice for row in office.rows()], Judge(), office.files, by=BY)
    office.work(minutes=10)
    assert office.states == ["sent", "sent"]
    names = [file.name for file in office.fleet.vans[Way.EMAIL].took[0].files]
    assert names == ["Rechnung_RE-2025-000001.pdf", "Rechnung_RE-2025-000001.xml"]


def test_jb_105_jb_107_an_authority_gets_the_same_xrechnung_by_each_route_to_ozg_re(office: Office) -> None:
    customer(
        office.firm,
        "B1",
        leitweg_id="991-01234-38",
        email="amt@bund.example",
        einvoice_profile="xrechnung",
        einvoice_syntax="ubl",
    )
    contract(office.firm, "VB1", TODAY, "abo", by="B1")
    for way, to in ((Way.PEPPOL, ""), (Way.EMAIL, "rechnung@ozg-re.example"), (Way.FOLDER, "ozg-re")):
        add_channel(
            office.firm.id, ChannelData(way, Content.XML, "B1", to, service=Network.OZG_RE), on=day(TODAY), by=BY
        )
    run(office.firm, TODAY)
    office.work()
    assert [(row.way, row.recipient, row.state) for row in office.rows()] == [
        ("peppol", "0204:991-01234-38", "sent"), ("email", "rechnung@ozg-re.example", "sent"),
        ("folder", "ozg-re", "delivered"),
    ]  # fmt: skip
    [path] = (office.home / "outgoing" / "ozg-re").iterdir()
    sent = [van.took[0].files for van in (office.fleet.vans[Way.PEPPOL], office.fleet.vans[Way.EMAIL])]
    assert [[(file.kind, file.name) for file in files] for files in sent] == [[("ubl", path.name)]] * 2
    assert {files[0].content for files in sent} == {path.read_bytes()}
    assert b">991-01234-38<" in path.read_bytes()


# ---- the form that the law asks for (L-04) ---------------------------------------------------------------------------


def test_l_04_a_channel_whose_form_the_law_forbids_is_refused_with_everything_else(office: Office) -> None:
    customer(office.firm, "P1", kind=CustomerKind.PERSON)
    customer(office.firm, "B1", leitweg_id="991-01234-44")
    customer(office.firm, "W1", address=address("AT"), email="w@kunde.example")

    def refused(number: str, way: Way, content: Content = Content.PDF, on: str = TODAY, consent: str = "") -> list[str]:
        data = ChannelData(way, content, number, consent_on=day(consent) if consent else None)
        try:
            add_channel(office.firm.id, data, on=day(on), by=BY)
        except ChannelRefusedError as error:
            return [one.code for one in error.faults]
        return []

    assert refused("P1", Way.EMAIL) == ["no_recipient", "form_consumer_paper"]
    assert refused("P1", Way.POST) == []
    assert refused("P1", Way.POST) == ["channel_known"]
    assert refused("B1", Way.POST) == ["form_federal_duty"]
    assert refused("B1", Way.PEPPOL, Content.XML) == []
    assert refused("K1", Way.EMAIL) == ["form_relief_2026"]
    assert refused("K1", Way.EMAIL, consent="2025-01-01") == []
    assert refused("K2", Way.EMAIL, on="2027-02-01", consent="2025-01-01") == ["form_duty"]
    put_turnover(office.firm.id, 2026, 800_000_00, by=BY)
    assert refused("K2", Way.EMAIL, on="2027-02-01", consent="2025-01-01") == []
    assert refused("W1", Way.EMAIL) == ["form_not_covered"]
    assert refused("W1", Way.EMAIL, Content.ZUGFERD) == []


def test_l_04_a_document_that_may_not_go_like_this_any_more_does_not(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    office.work(on="2027-01-04")
    assert [(row.state, row.protocol) for row in office.rows()] == [("failed", '@form_duty {"form": "pdf"}')] * 2
    assert office.fleet.mails == []


def test_h_17_a_mail_that_comes_back_is_marked_and_can_be_sent_again(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    office.work()
    first = office.rows()[0]

    class Reader:
        def read(self, data: bytes) -> list[Bounce]:
            return [Bounce(data.decode(), State.BOUNCED, "5.1.1 no such user")]

    told = [ids for _bounce, ids in take_bounces(Reader(), first.reference.encode(), by=BY)]
    assert told == [[first.id]]
    assert take_bounces(Reader(), first.reference.encode(), by=BY)[0][1] == []  # told twice is told once
    assert take_bounces(Reader(), b"other@haus.example", by=BY)[0][1] == []
    assert office.states == ["bounced", "sent"]
    assert [row.protocol for row in events(first.id)] == ["250 taken", "5.1.1 no such user"]
    send_again(first.id, by=BY)
    office.work(minutes=1)
    assert office.states == ["sent", "sent"]
    assert take_bounces(Reader(), first.reference.encode(), by=BY)[0][1] == []  # an old report is not of the new mail
    assert office.states == ["sent", "sent"]


def test_jb_101_what_became_of_a_letter_is_asked_every_hour(office: Office) -> None:
    office.channel(Way.POST)
    van = office.fleet.vans[Way.POST]
    run(office.firm, TODAY)
    office.work()
    van.news = Receipt(State.DELIVERED, "Zugestellt")
    office.work(minutes=59)
    assert office.states == ["sent", "sent"]
    office.work(minutes=60)
    assert office.states == ["delivered", "delivered"]
