"""Channels and deliveries: who is reached, which files go, when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from turnus.core.delivery import (
    BACKOFF,
    ChannelData,
    Content,
    Network,
    Reached,
    Way,
    channel_faults,
    coded,
    file_of,
    form_of,
    next_attempt,
    recipients,
    told,
    wanted_kinds,
)
from turnus.core.faults import fault

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
KNOWN = Reached(
    "info@k.example",
    (("billing", "b1@k.example"), ("billing", "B1@k.example"), ("technical", "t@k.example")),
    "DE123456789",
    "9930",
    "991-01234-44",
)


@pytest.mark.parametrize(
    ("data", "reached", "expected"),
    [
        (ChannelData(Way.EMAIL, Content.PDF), KNOWN, ["B1@k.example"]),
        (ChannelData(Way.EMAIL, Content.PDF), Reached("info@k.example"), ["info@k.example"]),
        (ChannelData(Way.EMAIL, Content.PDF, role="technical"), KNOWN, ["t@k.example"]),
        (ChannelData(Way.EMAIL, Content.PDF, address="x@k.example"), KNOWN, ["x@k.example"]),
        (ChannelData(Way.EMAIL, Content.PDF), Reached(), []),
        (ChannelData(Way.PEPPOL, Content.XML), KNOWN, ["0204:991-01234-44"]),
        (ChannelData(Way.PEPPOL, Content.XML), Reached(endpoint="DE1", endpoint_scheme="9930"), ["9930:DE1"]),
        (ChannelData(Way.PEPPOL, Content.XML), Reached(endpoint="a@b.example", endpoint_scheme="EM"), []),
        (ChannelData(Way.FOLDER, Content.PDF), Reached(), [""]),
    ],
)
def test_jb_100_a_channel_leads_to_its_recipients(data: ChannelData, reached: Reached, expected: list[str]) -> None:
    assert recipients(data, reached) == expected


def test_jb_104_jb_107_everything_wrong_with_a_channel_is_told_at_once() -> None:
    wrong = ChannelData(Way.SFTP, Content.PDF, "K1", role="billing", service=Network.OZG_RE)
    assert [one.code for one in channel_faults(wrong, Reached())] == [
        "role_needs_email", "ozg_re_needs_xml", "ozg_re_ways", "ozg_re_needs_leitweg",
    ]  # fmt: skip
    post = ChannelData(Way.POST, Content.XML, service=Network.BASWARE)
    assert [one.code for one in channel_faults(post, Reached())] == [
        "post_needs_pdf", "basware_ways", "basware_needs_address",
    ]  # fmt: skip
    assert [one.code for one in channel_faults(ChannelData(Way.PEPPOL, Content.PDF, "K1"), Reached())] == [
        "peppol_needs_xml", "no_recipient",
    ]  # fmt: skip
    assert channel_faults(ChannelData(Way.PEPPOL, Content.XML, "K1", service=Network.OZG_RE), KNOWN) == []


def test_the_wanted_files_are_those_of_the_archive() -> None:
    both = {"pdf", "ubl", "cii", "zugferd"}
    assert [wanted_kinds(content, both) for content in Content] == [("pdf",), ("ubl",), ("zugferd",), ("pdf", "ubl")]
    assert wanted_kinds(Content.XML, {"pdf", "cii"}) == ("cii",)
    assert [wanted_kinds(content, {"pdf"}) for content in Content] == [("pdf",), None, None, None]
    hybrid = ("zugferd",)
    assert [wanted_kinds(content, {"zugferd"}) for content in Content] == [hybrid, None, hybrid, hybrid]
    assert form_of(Way.EMAIL, ("pdf",)) == "pdf"
    assert {form_of(Way.EMAIL, kinds) for kinds in (("pdf", "ubl"), ("cii",), hybrid)} == {"einvoice"}
    assert form_of(Way.POST, hybrid) == "paper"


def test_a_failure_is_tried_again_for_three_days_and_then_no_more() -> None:
    times = [next_attempt(count, AT) for count in range(1, len(BACKOFF) + 2)]
    assert times[0] == AT + timedelta(minutes=1)
    assert times[-2] == AT + timedelta(days=1)
    assert times[-1] is None
    assert sum(BACKOFF) // 86_400 == 3


def test_h_17_files_are_named_as_readers_expect() -> None:
    assert file_of("pdf", "Rechnung", "RE-2026-000123", b"").name == "Rechnung_RE-2026-000123.pdf"
    assert file_of("ubl", "Credit note", "../SR/1", b"").name == "Credit_note____SR_1.xml"


def test_a_reason_of_ours_is_told_in_the_reader_s_language_and_a_partner_s_as_it_was() -> None:
    assert told(coded(fault("no_channel", customer="K1"))) == fault("no_channel", customer="K1")
    assert told("550 no such user") is None
