"""Honest status words of a document (H-22), derived from later rows: a document itself knows only draft to issued."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Status(StrEnum):
    """What a person calls the state of a document."""

    DRAFT = "draft"
    RELEASED = "released"
    """Accepted and frozen, its number not drawn yet."""
    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"
    SETTLED = "settled"
    """Nothing is open, and no money came: credited, or a credit that was used up."""
    OBJECTED = "objected"
    """The supplier objected to a self-billing document: it is no invoice any more."""
    STATED = "stated"
    """Pro forma: states what is owed and claims nothing."""
    CREDIT = "credit"
    """A credit with something left of it on the customer's account."""


WORDS: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("Entwurf", "draft"),
    Status.RELEASED: ("Freigegeben", "released"),
    Status.OPEN: ("Offen", "open"),
    Status.PART_PAID: ("Teilbezahlt", "part paid"),
    Status.PAID: ("Bezahlt", "paid"),
    Status.OVERDUE: ("Überfällig", "overdue"),
    Status.CANCELLED: ("Storniert", "cancelled"),
    Status.SETTLED: ("Ausgeglichen", "settled"),
    Status.OBJECTED: ("Widersprochen", "objected"),
    Status.STATED: ("Ohne Forderung", "no claim"),
    Status.CREDIT: ("Guthaben", "credit"),
}
"""Status → (German, English)."""


class Standing(NamedTuple):
    """What later rows say of a document, minor units."""

    state: str
    """``draft``, ``released``, ``issued``."""
    gross: int
    open: int
    """Of its receivable posting: positive is owed to us, negative is credit on account."""
    paid: int
    """What money received has cleared."""
    due_date: date
    cancelled: bool
    claims: bool = True
    """False for a pro forma invoice and a correction of details."""
    objected: bool = False


def status(standing: Standing, *, on: date) -> Status:
    """The status on a day. Overdue says more than part paid; the open amount says the rest."""
    if standing.state != "issued":
        return Status(standing.state)
    if standing.cancelled:
        return Status.CANCELLED
    if standing.objected:
        return Status.OBJECTED
    if not standing.claims:
        return Status.STATED
    if standing.gross <= 0:
        return Status.CREDIT if standing.open < 0 else Status.SETTLED
    if not standing.open:
        return Status.PAID if standing.paid else Status.SETTLED
    if standing.due_date < on:
        return Status.OVERDUE
    return Status.PART_PAID if standing.paid else Status.OPEN


def word(found: Status, language: str) -> str:
    """``Überfällig``, ``overdue``."""
    return WORDS[found][0 if language == "de" else 1]
