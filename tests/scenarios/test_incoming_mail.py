"""Invoices from a mailbox: the message kept first, its files taken once, whatever happens on the way (JB-111)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.adapters.validation.corpus import CII, FACTUR_X, UBL, pdf
from tests.builders import BY, company
from tests.scenarios.mailserver import MailServer
from turnus.adapters.delivery import Accounts
from turnus.adapters.delivery.imap import Imap
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks
from turnus.core.delivery import Inbound, Receipt
from turnus.core.mailed import mailed
from turnus.documents.archive import read
from turnus.documents.retention import kept
from turnus.payables.queries import incoming_rows
from turnus.ports import Rejected, TryLater
from turnus.stories.receive import Desk, fetch, fetch_peppol

pytestmark = pytest.mark.database


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


def mail(*files: tuple[str, bytes], subject: str = "Rechnung") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Jörg <joerg@lieferant.example>", subject
    message.set_content("Anbei.")
    for name, content in files:
        kind = "pdf" if name.endswith("pdf") else "xml"
        message.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return message.as_bytes()


def box(server: MailServer, *, word: str = "geheim", folder: str = "INBOX") -> Imap:
    return Imap("127.0.0.1", "wir", word, port=server.port, security="none", folder=folder)


MAILS = (
    mail(("rechnung.xml", UBL)),
    mail(("rechnung.pdf", pdf(("factur-x.xml", FACTUR_X))), ("xrechnung.xml", CII)),
    mail(subject="Werbung"),
)


def test_messages_are_kept_byte_by_byte_and_their_invoices_taken_in(desk: Desk, us: int) -> None:
    with MailServer(*MAILS) as server:
        found = fetch(desk, us, box(server), by=BY)
        assert (found.messages, len(found.incoming), found.empty) == (3, 3, ["Werbung"])
        assert server.seen == {1, 2, 3}
        assert fetch(desk, us, box(server), by=BY) == (0, [], [])
    rows = incoming_rows(us)
    assert {(row.channel, row.sender, row.verdict) for row in rows} == {
        ("mail", "Jörg <joerg@lieferant.example>", "valid")
    }
    letters = [one for one in kept() if one.retention == "letters"]
    assert sorted(read(desk.files, one.sha256) for one in letters) == sorted(MAILS)
    assert {one.format for one in letters} == {"eml"}


def test_a_file_that_is_too_large_holds_no_later_message_up(
    desk: Desk, us: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("turnus.stories.receive.MAX", len(UBL))
    large = mail(("rechnung.xml", UBL + b" "), subject="Zu groß")
    with MailServer(large, MAILS[0]) as server:
        found = fetch(desk, us, box(server), by=BY)
        assert (found.messages, len(found.incoming), found.empty) == (2, 1, ["Zu groß"])
        assert server.seen == {1, 2}


@pytest.mark.parametrize("command", ["LOGIN", "SEARCH", "FETCH", "STORE"])
def test_a_broken_line_loses_and_doubles_nothing(desk: Desk, us: int, command: str) -> None:
    with MailServer(*MAILS[:2]) as server:
        server.hangs_up_on = command
        with pytest.raises(TryLater, match=r"127\.0\.0\.1"):
            fetch(desk, us, box(server), by=BY)
        server.hangs_up_on = ""
        fetch(desk, us, box(server), by=BY)
        assert server.seen == {1, 2}
    assert len(incoming_rows(us)) == 3
    assert len(kept()) == 5


def test_a_mailbox_that_refuses_or_is_not_there_says_so_without_the_password(desk: Desk, us: int) -> None:
    with MailServer() as server:
        with pytest.raises(Rejected, match="refuses wir") as refused:
            fetch(desk, us, box(server, word="falsch"), by=BY)
        assert "falsch" not in refused.value.english
        with pytest.raises(Rejected, match="no folder Rechnungen"):
            fetch(desk, us, box(server, folder="Rechnungen"), by=BY)
        closed = box(server)
    with pytest.raises(TryLater):
        fetch(desk, us, closed, by=BY)


def test_passwords_travel_encrypted_only_and_settings_are_named(tmp_path: Path) -> None:
    (tmp_path / "delivery.toml").write_text(
        '[mailbox.main]\nhost = "imap.example"\nuser = "a"\npassword = { env = "P" }\nsecurity = "none"\n'
        '[mailbox.good]\nhost = "imap.example"\nuser = "a"\npassword = { env = "P" }\n'
    )
    accounts = Accounts(tmp_path, {"P": "geheim"})
    with pytest.raises(Rejected, match="security"):
        accounts.mailbox("main")
    with pytest.raises(Rejected, match=r"\[mailbox\.other\]"):
        accounts.mailbox("other")
    assert "geheim" not in repr(accounts.mailbox("good"))


def test_strange_messages_bring_what_they_can_and_never_break() -> None:
    assert mailed(b"") == ("", "", [])
    assert mailed(b"\xff" * 1_000).files == []
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000))
    assert mailed(deep).files == []
    assert mailed(mail(("../../etc/passwd.xml", b"<a/>"))).files == [("passwd.xml", b"<a/>")]
    assert len(mailed(mail(*((f"{n}.xml", b"<a/>") for n in range(500)))).files) < 200


class Point:
    """An access point that gives out the same documents until somebody takes them there."""

    def discover(self, participant: str) -> bool:
        raise NotImplementedError(participant)

    def submit(self, participant: str, document: bytes) -> Receipt:
        raise NotImplementedError(participant, document)

    def status(self, reference: str) -> Receipt:
        raise NotImplementedError(reference)

    def inbound(self) -> list[Inbound]:
        return [Inbound("doc_1", "9930:DE123456788", UBL), Inbound("doc_2", "9930:DE1", b"<I/>")]


def test_what_arrives_over_peppol_is_taken_once_and_bad_files_are_kept_too(desk: Desk, us: int) -> None:
    first = fetch_peppol(desk, us, Point(), by=BY)
    assert fetch_peppol(desk, us, Point(), by=BY) == first
    rows = {row.name: row for row in incoming_rows(us)}
    assert rows.keys() == {"doc_1.xml", "doc_2.xml"}
    assert (rows["doc_1.xml"].channel, rows["doc_1.xml"].sender) == ("peppol", "9930:DE123456788")
    assert (rows["doc_1.xml"].state, rows["doc_2.xml"].state, rows["doc_2.xml"].error_class) == (
        "new",
        "check",
        "format",
    )
    assert len(kept()) == 2
