"""What the core asks of the world: one ``Protocol`` per partner, at most four methods, all in values of ``core``.

An adapter answers or raises one of two exceptions, nothing else: ``Rejected`` when repeating the call cannot help,
``TryLater`` when it can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from turnus.core.delivery import Bounce, Inbound, Parcel, Receipt
    from turnus.core.document import Design, InvoiceDocument
    from turnus.core.einvoice.hybrid import Inside
    from turnus.core.einvoice.model import Invoice, ReadInvoice
    from turnus.core.paper import PaperLetter
    from turnus.core.validation import RuleSetState, ValidationReport


class _Answer(Exception):
    """Why a partner did not do what it was asked, in words for the person who has to act."""

    def __init__(self, english: str, german: str = "") -> None:
        super().__init__(english)
        self.english = english
        self.german = german or english


class Rejected(_Answer):
    """The request can never succeed as it is: somebody must change data or settings first. Says what and where."""


class TryLater(_Answer):
    """The partner cannot be reached or has no capacity now: the same request may succeed later, unchanged."""


class DocumentRenderer(Protocol):
    """Prints documents."""

    def render(self, document: InvoiceDocument, held: Inside | None = None) -> bytes:
        """The document as a PDF, with the e-invoice inside it where there is one; equal ones give equal bytes.

        Raises ``Rejected`` where the design names a template that is missing or faulty, or a sign has no glyph in a
        file with an e-invoice; ``TryLater`` where the machine has no room to work in.
        """
        ...


class LetterRenderer(Protocol):
    """Prints letters that are no invoices."""

    def letter(self, letter: PaperLetter) -> bytes:
        """The letter as a PDF; equal ones give equal bytes. Raises ``Rejected`` and ``TryLater`` as ``render``."""
        ...


class DesignJudge(Protocol):
    """Knows which designs can be printed here."""

    def faults(self, design: Design) -> Sequence[Rejected]:
        """What a design names that this installation does not have: template, logo, font."""
        ...


class InvoiceXml(Protocol):
    """Writes and reads e-invoices as XML."""

    def write(self, invoice: Invoice, syntax: str) -> bytes:
        """The invoice in a syntax, ``cii`` or ``ubl``; equal invoices give equal bytes.

        Raises ``Rejected`` where the syntax cannot hold what the invoice says.
        """
        ...

    def inside(self, pdf: bytes) -> bytes:
        """The only e-invoice inside a PDF (ZUGFeRD, Factur-X). Raises ``Rejected`` where there is none or several."""
        ...

    def read(self, data: bytes) -> ReadInvoice:
        """What a file says, with all that EN 16931 has no place for. Raises ``Rejected`` where it is no e-invoice."""
        ...


class Validator(Protocol):
    """Judges e-invoices by the official rules; never lets pass what it could not judge."""

    def validate(self, source: bytes | Path, *, at: datetime) -> ValidationReport:
        """The report on an XML or PDF. Raises nothing: what goes wrong is a finding that refuses the document."""
        ...

    def close(self) -> None:
        """Give back what judging needs."""
        ...


class Unpacker(Protocol):
    """Finds the XML of an e-invoice."""

    def extract(self, source: bytes) -> bytes:
        """The XML that a ``Validator`` looks at: the file itself, or the one invoice in a PDF. Raises ``Rejected``."""
        ...


class RuleShelf(Protocol):
    """Keeps the official rule sets."""

    def rule_sets(self) -> Sequence[RuleSetState]:
        """Every rule set, all files checked. Raises ``Rejected`` where the index cannot be read."""
        ...

    def add(self, source: Path, *, sha256: str = "") -> RuleSetState:
        """Take in a folder or an archive; ``sha256``: what its publisher says. Raises ``Rejected``."""
        ...

    def remove(self, name: str) -> None:
        """The set judges no more. Raises ``Rejected``."""
        ...


class FileStore(Protocol):
    """Keeps the files of the archive under the SHA-256 of their content. All raise ``TryLater``."""

    def put(self, sha256: str, content: bytes) -> None:
        """Keep the content for good: once this returns, a power cut does not lose it. The same again changes nothing.

        Raises ``Rejected`` where the store lets nobody in with these settings.
        """
        ...

    def get(self, sha256: str) -> bytes | None:
        """What lies there, right or not; None: nothing."""
        ...

    def remove(self, sha256: str) -> None:
        """Remove the file, if it is there."""
        ...

    def place(self, sha256: str) -> str:
        """Where it lies, for the person who has to look: a path, a table and key, an address."""
        ...


class Carrier(Protocol):
    """Carries documents to recipients on one way.

    Whoever sends knows afterwards which of four things happened: it was taken (``sent`` or ``delivered``); the line
    broke when it might have been taken (``unknown``, never an exception); it was refused for good (``Rejected``); or
    certainly nothing was taken yet (``TryLater``).
    """

    def send(self, parcel: Parcel) -> Receipt:
        """Hand over one document. Raises ``Rejected`` and ``TryLater`` only where certainly nothing was taken."""
        ...

    def status(self, reference: str) -> Receipt:
        """What became of it, where the partner says so later; ``sent``: nothing new. Raises ``TryLater``."""
        ...


class AccessPoint(Protocol):
    """A provider's access point to a network of e-invoices."""

    def discover(self, participant: str) -> bool:
        """The participant (``0204:…``) can be reached. Raises ``TryLater``."""
        ...

    def submit(self, participant: str, document: bytes) -> Receipt:
        """Hand over a document as it is; the answers are those of ``Carrier.send``."""
        ...

    def status(self, reference: str) -> Receipt:
        """What became of it. Raises ``TryLater``."""
        ...

    def inbound(self) -> Sequence[Inbound]:
        """What arrived and was not taken yet. Raises ``TryLater``."""
        ...


class Carriers(Protocol):
    """The carriers that the settings of this installation name."""

    def carrier(self, way: str, target: str) -> Carrier:
        """Who carries on a way, by the name of the account. Raises ``Rejected``: what to enter in which file."""
        ...


class BounceReader(Protocol):
    """Reads what other mail servers report of our messages."""

    def read(self, data: bytes) -> Sequence[Bounce]:
        """The reports in a message or a mailbox file; empty where there are none."""
        ...


class Mailbox(Protocol):
    """Holds the messages that others sent us. Both raise ``TryLater`` and ``Rejected``."""

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """(id, bytes) of every message that was not taken yet, the oldest first."""
        ...

    def taken(self, message: str) -> None:
        """The message is kept: it does not come again."""
        ...


class Inboxes(Protocol):
    """Where others send us documents, as the settings of this installation name it."""

    def mailbox(self, target: str) -> Mailbox:
        """The mailbox by the name of the account. Raises ``Rejected``: what to enter in which file."""
        ...

    def access_point(self, target: str) -> AccessPoint:
        """The access point to Peppol by the name of the account. Raises ``Rejected`` likewise."""
        ...
