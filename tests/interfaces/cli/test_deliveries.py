"""``turnus channel`` and ``turnus delivery`` as a person uses them."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database
BOUNCE = """From: MAILER-DAEMON@mx.kunde.example
To: rechnung@haus.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Kein Postfach.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kunde.example

Final-Recipient: rfc822; max@kunde.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <turnus-1-1@haus.example>
Subject: Rechnung
--b--
"""


@pytest.fixture
def issued(filled: Desk) -> Desk:
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", code=1)  # K4 waits for a check
    return filled


def first_number(desk: Desk) -> str:
    rows = desk("invoice", "list", "--json", "--customer", "K1").json["invoices"]
    return str(next(row["number"] for row in rows if row["number"]))


def test_a_document_is_sent_into_a_folder_listed_and_shown(issued: Desk) -> None:
    number = first_number(issued)
    assert "eingerichtet." in issued("channel", "add", "--way", "folder").out
    assert "alle übrigen" in issued("channel", "list").out
    assert issued("delivery", "send", number).out == "1 geplant, 1 gesendet, 0 gescheitert, 0 ungewiss.\n"
    assert issued("delivery", "send", number).out == "0 geplant, 0 gesendet, 0 gescheitert, 0 ungewiss.\n"
    path = issued.home / "outgoing" / f"Rechnung_{number}.pdf"
    assert path.read_bytes().startswith(b"%PDF")

    row = issued("delivery", "list", "--json").json[0]
    assert (row["way"], row["state"], row["attempts"]) == ("folder", "delivered", 1)
    told = issued("delivery", "show", str(row["id"])).out
    assert number in told
    assert "zugestellt" in told
    assert issued("--language", "en", "delivery", "resend", str(row["id"])).out.startswith("0 planned, 1 sent")
    assert len(issued("delivery", "list", "--invoice", number, "--json").json) == 2


def test_a_channel_is_refused_with_everything_that_is_wrong(filled: Desk) -> None:
    refused = filled("channel", "add", "K3", "--way", "email", code=3).err
    assert "Adresse des Kunden K3" in refused
    assert "§ 14 Abs. 1 S. 5 UStG" in refused
    made = ("channel", "add", "K3", "--way", "email", "--address", "e@m.example", "--consent", "01.11.2026", "--json")
    channel = str(filled(*made).json["channel"])
    assert filled("channel", "list", "K3", "--json").json[0]["data"]["consent_on"] == "2026-11-01"
    filled("channel", "end", channel)
    assert filled("channel", "list", "--json").json == []
    assert "gibt es nicht" in filled("channel", "end", channel, code=3).err
    assert "K9" in filled("channel", "add", "K9", "--way", "post", code=3).err
    filled("channel", "turnover", "2026", "--amount", "500.000,00")


def test_missing_settings_are_told_and_a_person_is_asked_for(issued: Desk) -> None:
    issued("channel", "add", "K1", "--way", "email", "--address", "max@kunde.example", "--consent", "01.01.2026")
    number = first_number(issued)
    answer = issued("delivery", "send", number, "--json", "--on", "02.11.2026", code=1).json
    assert answer == {"planned": 1, "sent": 0, "failed": 1, "unknown": 0}
    assert "delivery.toml has no table [email.main]" in issued("delivery", "list").out.replace("\n", " ")
    waiting = str(issued("delivery", "list", "--json").json[0]["id"])
    assert "noch unterwegs" in issued("delivery", "resend", waiting, code=3).err
    assert "gibt es nicht" in issued("delivery", "resend", "999999", code=3).err
    other = issued("invoice", "list", "--json", "--customer", "K2").json["invoices"][0]["number"]
    assert "hat keinen Kanal" in issued("delivery", "send", other, code=1).out


def test_texts_are_refused_with_everything_that_is_wrong(filled: Desk) -> None:
    body = filled.file("text.txt", "Guten Tag {kunde}, {number.real}\n")
    refused = filled("channel", "text", "--subject", "{", "--body", body, code=3).err
    assert "„kunde“" in refused
    assert "„number.real“" in refused
    assert "geschweifte Klammer" in refused
    body = filled.file("text.txt", "Guten Tag {contact},\n\nanbei {number}.\n")
    filled("channel", "text", "--kind", "invoice", "--for", "de", "--subject", "Beleg {number}", "--body", body)


def test_bounces_are_read_from_a_message_and_from_a_mailbox(desk: Desk) -> None:
    single = desk.file("b.eml", BOUNCE)
    mailbox = desk.file("b.mbox", f"From x Mon Jan  1\n{BOUNCE}\nFrom y Mon Jan  1\nSubject: Hallo\n\nText\n")
    told = desk("delivery", "bounces", single, mailbox).out
    assert told.count("5.1.1 smtp; 550 no such user (max@kunde.example)") == 2
    assert "2 Meldungen gelesen." in told
    assert desk("delivery", "bounces", single, "--json").json == [
        {"reference": "turnus-1-1@haus.example", "state": "bounced", "deliveries": []}
    ]


def test_the_worker_says_what_it_sent(filled: Desk) -> None:
    filled("channel", "add", "K1", "--way", "folder")
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", "--automation", "send", code=1)
    assert "1 gesendet, 1 gescheitert, 0 ungewiss" in filled("work", "--on", "01.11.2026", code=1).out
    assert len(list((filled.home / "outgoing").iterdir())) == 1
    assert "Der Kunde K2 hat keinen Kanal" in filled("delivery", "list").out
    filled("channel", "add", "--way", "folder")
    assert filled("work", "--on", "01.11.2026", "--json").json["sent"]["sent"] == 1
    assert "keinen Kanal" not in filled("delivery", "list").out
    assert filled("work", "--on", "01.11.2026", "--json").json["sent"]["sent"] == 0
