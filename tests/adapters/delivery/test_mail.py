"""E-mail (JB-86, JB-102, JB-103) to a real server: what arrives, and what is known after each fault."""

from __future__ import annotations

import pytest

from tests.adapters.delivery.conftest import PDF, XML, Served, parcel
from turnus.adapters.delivery import Bounces
from turnus.core.delivery import Bounce, File, Network, State
from turnus.ports import Rejected, TryLater


def test_jb_102_jb_103_h_17_pdf_and_xml_arrive_as_they_lie_in_the_archive(served: Served) -> None:
    post, account = served
    receipt = account().send(parcel(PDF, XML))

    assert (receipt.state, receipt.reference) == (State.SENT, "turnus-1-7@haus.example")
    assert receipt.protocol == "250 queued as 4711"
    sender, to, _content = post.taken[0]
    assert (sender, to) == ("rechnung@haus.example", ["max@kunde.example"])
    message = post.message()
    assert message["From"] == "Müller & Söhne GmbH <rechnung@haus.example>"
    assert message["Subject"] == "Rechnung RE-1 für Müller"
    assert message["Reply-To"] == "buchhaltung@haus.example"
    assert message["Message-ID"] == "<turnus-1-7@haus.example>"
    assert message["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    files = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in message.iter_attachments()]
    assert files == [
        ("Rechnung_RE-1.pdf", "application/pdf", b"%PDF-1.7 RE-1"),
        ("Rechnung_RE-1.xml", "application/xml", b"<Invoice>RE-1</Invoice>"),
    ]


def test_text_and_html_say_the_same_and_a_line_with_a_dot_ends_nothing(served: Served) -> None:
    post, account = served
    account().send(parcel(text="Grüße\n.\n..zwei\nEnde\n"))
    text, html = post.message().get_body(("plain",)), post.message().get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Grüße\n.\n..zwei\nEnde\n"
    assert "<p>Guten Tag</p>" in html.get_content()


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        ("rcpt:450 greylisted", TryLater, "450 greylisted"),
        ("rcpt:550 no such user", Rejected, "550 no such user"),
        ("data:451 try later", TryLater, "451 try later"),
        ("data:554 spam", Rejected, "554 spam"),
        ("connect:drop", TryLater, "127.0.0.1: "),
        ("connect:hang", TryLater, "127.0.0.1: "),
    ],
)
def test_f_06_a_server_that_takes_nothing_leaves_no_doubt(
    served: Served, fault: str, error: type[Exception], told: str
) -> None:
    post, account = served
    post.fault = fault
    with pytest.raises(error, match=told):
        account().send(parcel())
    assert post.taken == []


@pytest.mark.parametrize("fault", ["data:drop", "data:hang"])
def test_f_06_a_line_that_breaks_after_data_leaves_it_unknown_though_the_mail_arrived(
    served: Served, fault: str
) -> None:
    post, account = served
    post.fault = fault
    receipt = account().send(parcel())
    assert (receipt.state, receipt.reference) == (State.UNKNOWN, "turnus-1-7@haus.example")
    assert receipt.protocol.startswith("after DATA: ")
    assert len(post.taken) == 1


@pytest.mark.parametrize("answer", ["251 forwarded", "354 go on", "OK queued"])
def test_f_06_an_answer_that_no_standard_knows_leaves_it_unknown_and_nothing_goes_twice(
    served: Served, answer: str
) -> None:
    post, account = served
    post.fault = f"answer:{answer}"
    assert account().send(parcel()).state is State.UNKNOWN
    assert len(post.taken) == 1


def test_a_server_that_is_not_there_is_tried_later(served: Served) -> None:
    _post, account = served
    with pytest.raises(TryLater, match=r"127\.0\.0\.1: .*refused"):
        account(port=1).send(parcel())


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(served: Served) -> None:
    post, account = served
    with pytest.raises(TryLater, match="STARTTLS"):
        account(security="starttls").send(parcel())
    assert post.taken == []


def test_a_message_goes_encrypted_to_whoever_lets_us_in(served_secretly: Served) -> None:
    post, account = served_secretly
    assert account(user="haus", password="geheim").send(parcel()).state is State.SENT
    assert len(post.taken) == 1
    with pytest.raises(TryLater, match="535"):
        account(user="haus", password="falsch").send(parcel())
    with pytest.raises(TryLater, match="certificate"):
        account(user="haus", password="geheim", ca_file="").send(parcel())
    assert len(post.taken) == 1


def test_h_17_a_bounce_names_the_message_that_it_returns(served: Served) -> None:
    post, account = served
    receipt = account().send(parcel())
    head = post.taken[0][2].split(b"\r\n\r\n")[0]
    report = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; max@kunde.example\r\nAction: %s\r\nStatus: 5.2.2\r\n"
        b"Diagnostic-Code: smtp; 552 mailbox\r\n full\r\n\r\n--b\r\n%s--b--\r\n"
    )
    headers = b"Content-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n"
    whole = b"Content-Type: message/rfc822\r\n\r\n" + post.taken[0][2]
    why = "5.2.2 smtp; 552 mailbox full (max@kunde.example)"
    for part in (headers, whole):
        assert Bounces().read(report % (b"failed", part)) == [Bounce(receipt.reference, State.BOUNCED, why)]
    assert Bounces().read(report % (b"Delivered", headers)) == [Bounce(receipt.reference, State.DELIVERED, why)]
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 2_000
    for other in (report % (b"delayed", headers), report % (b"failed", b""), post.taken[0][2], b"", bytes(99), nested):
        assert Bounces().read(other) == []


@pytest.mark.parametrize(
    "address", ["", "max", "a@b.example\r\nRCPT TO:<x@y.example>", "a b@c.example", "<a@b.example>"]
)
def test_an_address_that_would_say_more_than_an_address_is_refused(served: Served, address: str) -> None:
    post, account = served
    with pytest.raises(Rejected, match="no e-mail address"):
        account().send(parcel(recipient=address))
    assert post.taken == []


def test_jb_107_ozg_re_takes_ten_megabytes(served: Served) -> None:
    _post, account = served
    large = File("r.xml", "application/xml", b"x" * 7_400_000, "ubl")
    with pytest.raises(Rejected, match="10 MB"):
        account().send(parcel(large, service=Network.OZG_RE))


def test_s_12_passwords_do_not_show_and_travel_encrypted_only(served: Served) -> None:
    _post, account = served
    smtp = account(user="u", password="geheim")
    assert "geheim" not in repr(smtp)
    assert smtp.problems() == ["user (security = none)"]
