"""The hash chain of the archive: each link holds the hash of the one before, of the content and of what is said of it.

Whoever changes, removes or inserts a link has to change every later one, and the anchors that lie outside (law.md
G-02).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GENESIS: Final = "0" * 64
"""What the first link holds as the hash before it."""


class Filing(NamedTuple):
    """What is said of an archived file."""

    subject: str
    """What it belongs to: ``invoice``, ``message``, ``incoming``, ``import``, ``protocol``, ``seal`` …"""
    subject_id: int
    format: str
    """``pdf``, ``xml``, ``eml``, ``json`` …"""
    name: str
    """The name under which a person asks for it."""
    sha256: str
    size: int
    """In bytes."""
    retention: str
    """Of ``core.retention.Retention``."""
    dated: date
    """The day of the document; its retention counts from the end of that year."""


class Link(NamedTuple):
    """One link: its place from 1 on, what was filed when, the hash before and its own."""

    number: int
    filing: Filing
    filed_at: datetime
    previous: str
    hash: str


def link_hash(number: int, filing: Filing, filed_at: datetime, previous: str) -> str:
    """SHA-256 of a link: of the canonical JSON array of all it says, in UTF-8."""
    instant = filed_at.astimezone(UTC).isoformat(timespec="microseconds")
    values = [number, *filing[:-1], filing.dated.isoformat(), instant, previous]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def forge(filings: Iterable[Filing], *, after: int, previous: str, at: datetime) -> Iterator[Link]:
    """The links that follow link ``after`` with the hash ``previous``; 0 and ``GENESIS`` begin the chain."""
    for number, filing in enumerate(filings, after + 1):
        own = link_hash(number, filing, at, previous)
        yield Link(number, filing, at, previous, own)
        previous = own


class Anchor(NamedTuple):
    """The head of the chain on a day."""

    day: date
    number: int
    """Of the last link; 0: none yet."""
    hash: str


def anchor_text(anchor: Anchor) -> str:
    """What is signed: ``2026-11-22 17 3b4c…``."""
    return f"{anchor.day.isoformat()} {anchor.number} {anchor.hash}"


def parse_anchor(text: str) -> Anchor:
    """The anchor that ``anchor_text`` wrote. Raises ``ValueError``."""
    day, number, own = text.split(" ")
    return Anchor(date.fromisoformat(day), int(number), own)
