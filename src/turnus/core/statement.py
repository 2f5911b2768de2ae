"""Statement of a customer's account: opening balance, bookings of a period, balance (JB-76, § 259 BGB)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from turnus.core.periods import Period


class Booking(NamedTuple):
    """A booking in minor units: positive is owed to us."""

    day: date
    text: str
    amount: int
    due_on: date | None = None


class Balanced(NamedTuple):
    """A booking of the period with the balance after it."""

    booking: Booking
    balance: int


class Statement(NamedTuple):
    """The account of a period, minor units; positive is owed to us."""

    period: Period
    opening: int
    rows: tuple[Balanced, ...]

    @property
    def closing(self) -> int:
        """The balance at the end of the period."""
        return self.rows[-1].balance if self.rows else self.opening


def statement(bookings: Iterable[Booking], period: Period) -> Statement:
    """The statement of a period out of all bookings of the account; later ones are left out."""
    known = sorted(bookings, key=lambda booking: booking.day)
    opening = balance = sum(booking.amount for booking in known if booking.day < period.start)
    rows = []
    for booking in known:
        if period.start <= booking.day < period.end:
            balance += booking.amount
            rows.append(Balanced(booking, balance))
    return Statement(period, opening, tuple(rows))
