"""Channels, deliveries and their states: what is sent to whom by which way, and what became of it (JB-99, 100)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from turnus.core.faults import Fault, fault
from turnus.core.formats import Form

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date


class Way(StrEnum):
    """How a document leaves."""

    EMAIL = "email"
    FOLDER = "folder"
    S3 = "s3"
    DRIVE = "drive"
    SFTP = "sftp"
    POST = "post"
    """Letters by a print service."""
    PRINT = "print"
    """Letters that somebody fetches and prints."""
    PEPPOL = "peppol"


class Content(StrEnum):
    """Which files of a document a channel carries."""

    PDF = "pdf"
    XML = "xml"
    ZUGFERD = "zugferd"
    BOTH = "both"
    """The PDF and the XML as two files."""


class Network(StrEnum):
    """A service at the other end that has rules of its own."""

    NONE = ""
    BASWARE = "basware"
    OZG_RE = "ozg-re"
    """The intake of the federation's authorities, successor of ZRE."""
    COPY = "copy"
    """A copy for a reader beside the recipient; never a channel's own."""


class State(StrEnum):
    """Life of a delivery."""

    QUEUED = "queued"
    SENDING = "sending"
    """Committed before the network is touched: whoever finds it after a crash knows that nobody knows."""
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may have arrived: sent again only after a person approved it."""
    APPROVED = "approved"


DUE: Final = frozenset({State.QUEUED, State.APPROVED})
RESENDABLE: Final = frozenset({State.FAILED, State.BOUNCED, State.UNKNOWN})
REPEATABLE: Final = frozenset({Way.FOLDER, Way.S3, Way.SFTP, Way.PRINT})
"""Ways on which sending twice is sending once: the same bytes under the same name."""
TRACKED: Final = frozenset({Way.POST, Way.PEPPOL})
"""Ways whose partners say later what became of a delivery."""
HANDED_OVER: Final = frozenset({Way.EMAIL, Way.POST, Way.PRINT, Way.PEPPOL, Way.SFTP})
"""Ways that end at the recipient, so that the law asks for the form; the others are stores of one's own."""
XML_KINDS: Final = ("ubl", "cii")
BACKOFF: Final = (60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds until the next attempt after the first, second … failure: about three days in all."""
LEASE: Final = timedelta(minutes=15)
"""After this long in ``sending`` the worker is taken for dead; longer than any partner is waited for."""


@dataclass(frozen=True, slots=True)
class ChannelData:
    """A way on which a customer (or, without a number, every customer that has none of its own) gets documents."""

    way: Way
    content: Content
    customer: str = ""
    address: str = ""
    """E-mail address, participant, folder; empty: what the customer's own data say."""
    role: str = ""
    """E-mail: the contacts of this role, instead of ``address``."""
    target: str = "main"
    """Which account of the settings is used."""
    service: Network = Network.NONE
    consent_on: date | None = None
    """When the recipient agreed to electronic invoices."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a customer's data say about where it can be reached."""

    email: str = ""
    contacts: tuple[tuple[str, str], ...] = ()
    """(role, e-mail address)."""
    endpoint: str = ""
    endpoint_scheme: str = ""
    leitweg_id: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send."""

    name: str
    mime: str
    content: bytes
    kind: str
    """``pdf``, ``zugferd``, ``cii``, ``ubl``."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that a partner needs to carry a document to a recipient."""

    key: str
    """The same for every attempt of one delivery: what a partner may recognise a repetition by."""
    recipient: str
    files: tuple[File, ...]
    at: datetime
    """When this attempt began."""
    number: str = ""
    address: tuple[str, ...] = ()
    """Lines of the recipient's postal address, the name first."""
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    service: Network = Network.NONE


@dataclass(frozen=True, slots=True)
class Inbound:
    """A document that arrived over a network."""

    reference: str
    sender: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report of another mail server says of one of our messages."""

    reference: str
    """Its Message-ID."""
    state: State
    """``bounced`` or ``delivered``."""
    protocol: str
    """Why, and the report's own Message-ID: the same report read again says the same."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a partner said."""

    state: State
    """``sent``, ``delivered``, or ``unknown`` where the line broke when it might have been taken."""
    protocol: str
    reference: str = ""
    """By which the partner finds it again."""


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many failed attempts, the last one at ``at``; None: not any more."""
    return at + timedelta(seconds=BACKOFF[attempts - 1]) if attempts <= len(BACKOFF) else None


def coded(one: Fault) -> str:
    """A reason of our own as a protocol: told in the reader's language (``told``)."""
    return f"@{one.code} {json.dumps(dict(one.params), ensure_ascii=False, sort_keys=True)}"


def told(protocol: str) -> Fault | None:
    """The reason of our own in a protocol; None: it is what the partner said."""
    code, _, params = protocol.removeprefix("@").partition(" ")
    return Fault(code, json.loads(params)) if protocol.startswith("@") else None


def form_of(way: Way, kinds: Collection[str]) -> Form:
    """The form in the sense of the VAT law in which files of these kinds, or a channel's content, leave."""
    if way in {Way.POST, Way.PRINT}:
        return Form.PAPER
    return Form.PDF if set(kinds) == {"pdf"} else Form.EINVOICE


def channel_faults(data: ChannelData, reached: Reached) -> list[Fault]:
    """Everything that is wrong with a channel."""
    way, federal, basware = data.way, data.service is Network.OZG_RE, data.service is Network.BASWARE
    rules = (
        (way in {Way.POST, Way.PRINT} and data.content is not Content.PDF, fault("post_needs_pdf")),
        (way is Way.PEPPOL and data.content is not Content.XML, fault("peppol_needs_xml")),
        (bool(data.role) and way is not Way.EMAIL, fault("role_needs_email", way=way)),
        (federal and data.content is not Content.XML, fault("ozg_re_needs_xml")),
        (federal and way not in {Way.EMAIL, Way.PEPPOL, Way.FOLDER}, fault("ozg_re_ways", way=way)),
        (federal and bool(data.customer) and not reached.leitweg_id,
         fault("ozg_re_needs_leitweg", customer=data.customer)),
        (federal and way is Way.EMAIL and not data.address, fault("ozg_re_needs_address")),
        (basware and way not in {Way.EMAIL, Way.PEPPOL, Way.SFTP}, fault("basware_ways", way=way)),
        (basware and not data.address, fault("basware_needs_address")),
        (bool(data.customer) and not recipients(data, reached),
         fault("no_recipient", way=way, customer=data.customer)),
    )  # fmt: skip
    return [one for wrong, one in rules if wrong]


def recipients(data: ChannelData, reached: Reached) -> list[str]:
    """To whom a channel leads: addresses in their order, each once; empty where the customer's data name none."""
    if data.way is Way.EMAIL:
        if data.role:
            found = [email for role, email in reached.contacts if role == data.role and email]
        else:
            billing = [email for role, email in reached.contacts if role == "billing" and email]
            found = [data.address] if data.address else billing or ([reached.email] if reached.email else [])
        return list({email.casefold(): email for email in found}.values())
    if data.way is Way.PEPPOL:
        if data.address:
            return [data.address]
        if reached.leitweg_id:
            return [f"0204:{reached.leitweg_id}"]
        usable = reached.endpoint and reached.endpoint_scheme not in {"", "EM"}
        return [f"{reached.endpoint_scheme}:{reached.endpoint}"] if usable else []
    return [data.address]


def wanted_kinds(content: Content, archived: Collection[str]) -> tuple[str, ...] | None:
    """Which archived files a channel sends; None where one that it needs is not there.

    A PDF with the e-invoice inside is a PDF, and both in one.
    """
    pdf = "pdf" if "pdf" in archived else "zugferd"
    xml = next((kind for kind in XML_KINDS if kind in archived), "")
    both = (pdf, xml) if xml or pdf == "pdf" else (pdf,)
    found = {Content.PDF: (pdf,), Content.XML: (xml,), Content.ZUGFERD: ("zugferd",), Content.BOTH: both}[content]
    return found if all(kind in archived for kind in found) else None


_SUFFIX: Final[Mapping[str, tuple[str, str]]] = {
    "pdf": ("pdf", "application/pdf"),
    "zugferd": ("pdf", "application/pdf"),
    "cii": ("xml", "application/xml"),
    "ubl": ("xml", "application/xml"),
}


def file_of(kind: str, title: str, number: str, content: bytes) -> File:
    """A file named as its reader expects (H-17): ``Rechnung_RE-2026-000123.pdf``."""
    suffix, mime = _SUFFIX[kind]
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in f"{title}_{number}")
    return File(f"{name}.{suffix}", mime, content, kind)
