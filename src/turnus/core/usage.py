"""Usage as it is reported: one event with its idempotency key, before it is summed per item and local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One report of usage. ``key`` makes it unique for its item: reported twice, it counts once."""

    contract: str
    item: str
    key: str
    at: datetime | date
    """An aware instant, or a day in the seller's time zone."""
    quantity: Decimal
    amount: Decimal | None = None
    """Rated usage brings its own amount, major units, unrounded; None: the price of the item decides."""
    unit: str = ""
    """For information, as the source calls it."""
    dimension: str = ""


def local_day(at: datetime | date, zone: tzinfo) -> date:
    """The day in the seller's zone on which usage counts: 30 November 23:30 UTC is 1 December in Berlin."""
    return at.astimezone(zone).date() if isinstance(at, datetime) else at
