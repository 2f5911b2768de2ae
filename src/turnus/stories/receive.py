"""Receive an incoming invoice: keep the original, judge it, read it, look for doubts (law.md L-06; JB-111 to 113)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.incoming import payable
from turnus.core.mailed import mailed
from turnus.core.money import InexactAmountError
from turnus.documents.archive import read, store
from turnus.documents.validate import file_validation
from turnus.parties.facts import seller_facts
from turnus.payables.intake import Came, Found, assess, enter, enter_message
from turnus.payables.queries import unassessed
from turnus.ports import Rejected

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.core.einvoice.model import ReadInvoice
    from turnus.core.incoming import Payable
    from turnus.core.validation import ValidationReport
    from turnus.ports import AccessPoint, FileStore, InvoiceXml, Mailbox, Unpacker, Validator

MAX: Final = 200 * 1024 * 1024
"""Bytes of a file that is taken in; what is larger than the validation's own limit is kept, and refused by it."""


class Desk(NamedTuple):
    """Who keeps, judges and reads."""

    files: FileStore
    validator: Validator
    unpacker: Unpacker
    xml: InvoiceXml


def receive(desk: Desk, seller: int, content: bytes, *, name: str, channel: str, sender: str = "", by: Stamp) -> int:
    """Take in a file; the same file again is taken once. Returns its id. Raises ``TryLater`` and ``Rejected``.

    Where something breaks after the original is kept, ``assess_waiting`` goes on with it.
    """
    if len(content) > MAX:
        raise Rejected(f"{name} is larger than 200 MB.", f"{name} ist größer als 200 MB.")
    sha256 = store(desk.files, content)
    incoming, _known = enter(Came(seller, sha256, len(content), name, channel, sender), by=by)
    assess_waiting(desk, seller, by=by)
    return incoming


class Fetched(NamedTuple):
    """What one round brought from a mailbox."""

    messages: int
    incoming: list[int]
    empty: list[str]
    """Subjects of messages without XML or PDF, or with one that is too large: kept, and somebody has to read them."""


def fetch(desk: Desk, seller: int, mailbox: Mailbox, *, by: Stamp) -> Fetched:
    """Take in what a mailbox holds: the message first, byte by byte, then each XML and PDF in it.

    A message is marked once it is kept, so a crash only makes it come again; its files are taken once. Raises
    ``TryLater`` and ``Rejected``.
    """
    count, ids, empty = 0, [], []
    for key, content in mailbox.messages():
        sha256 = store(desk.files, content)
        found = mailed(content)
        enter_message(seller, sha256, len(content), f"{sha256[:16]}.eml", by=by)
        usable = [(name, file) for name, file in found.files if len(file) <= MAX]
        for name, file in usable:
            ids.append(receive(desk, seller, file, name=name, channel="mail", sender=found.sender, by=by))
        if len(usable) < max(1, len(found.files)):
            empty.append(found.subject)
        mailbox.taken(key)
        count += 1
    return Fetched(count, list(dict.fromkeys(ids)), empty)


def fetch_peppol(desk: Desk, seller: int, point: AccessPoint, *, by: Stamp) -> list[int]:
    """Take in what arrived over Peppol; what came before is taken once. Returns the ids. Raises ``TryLater``."""
    ids = [
        receive(desk, seller, one.content, name=f"{one.reference}.xml", channel="peppol", sender=one.sender, by=by)
        for one in point.inbound()
    ]
    return list(dict.fromkeys(ids))


def assess_waiting(desk: Desk, seller: int, *, by: Stamp) -> int:
    """Judge and read what was kept and not judged yet. Returns how many. Raises ``TryLater``."""
    waiting = unassessed(seller)
    for incoming, sha256 in waiting:
        content = read(desk.files, sha256)
        report = desk.validator.validate(content, at=by.at)
        number = file_validation(report, by=by)
        claim = _claim(desk, content, report)
        vat_id = seller_facts(seller, on=by.at.date()).data.vat_id
        found = Found(report.verdict, report.error_class or "", number, claim)
        assess(incoming, found, own_vat_ids={vat_id.replace(" ", "")} - {""}, by=by)
    return len(waiting)


def read_incoming(desk: Desk, content: bytes) -> ReadInvoice:
    """What a file says, from the XML inside a PDF too. Raises ``Rejected`` where it is no e-invoice."""
    return desk.xml.read(desk.unpacker.extract(content))


def _claim(desk: Desk, content: bytes, report: ValidationReport) -> Payable | None:
    """What the file claims, where all that a payable needs can be read."""
    if not report.xml:
        return None
    try:
        found = read_incoming(desk, content)
        return None if found.faults else payable(found.invoice)
    except (Rejected, InexactAmountError):
        return None
