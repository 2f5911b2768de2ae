"""Half-open periods ``[start, end)``, billing cycles, and the sharing of amounts over time.

The inclusive last day exists only on paper and in XML. Boundaries are computed from the original anchor, never from
the previous boundary (hard-cases C2), so a contract of the 31st returns to the 31st after February.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY: Final = timedelta(days=1)
FAR_FUTURE: Final = date(9999, 12, 31)
"""The open end of a period that has none."""


class Period(NamedTuple):
    """Days from ``start`` to before ``end``."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The inclusive last day, for paper and XML."""
        return self.end - _DAY

    def cut(self, other: Period) -> Period | None:
        """The common days, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None


class InvalidPeriodError(ValueError):
    """The end lies before the start, or a cycle has no length."""


class Unit(StrEnum):
    """Units of a billing cycle."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: 12}
_DAYS: Final = {Unit.DAY: 1, Unit.WEEK: 7}


class Cycle(NamedTuple):
    """A length of time that repeats: either whole months or whole days, never both."""

    months: int
    days: int

    @classmethod
    def of(cls, count: int, unit: str) -> Cycle:
        """``Cycle.of(2, "month")``. Raises ``InvalidPeriodError`` for a count below 1 or an unknown unit."""
        if count < 1 or unit not in Unit.__members__.values():
            raise InvalidPeriodError(f"{count} {unit}")
        return cls(count * _MONTHS.get(Unit(unit), 0), count * _DAYS.get(Unit(unit), 0))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, clamped to the month's end: 31 January + 1 month → 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def boundary(anchor: date, cycle: Cycle, index: int) -> date:
    """Start of the period with this index; period 0 starts at the anchor."""
    if cycle.months:
        return add_months(anchor, index * cycle.months)
    return anchor + timedelta(days=index * cycle.days)


@lru_cache(maxsize=16_384)
def slot_at(anchor: date, cycle: Cycle, index: int) -> Period:
    """The period with this index on the grid of anchor and cycle."""
    return Period(boundary(anchor, cycle, index), boundary(anchor, cycle, index + 1))


@lru_cache(maxsize=16_384)
def index_at(anchor: date, cycle: Cycle, day: date) -> int:
    """Index of the period that contains ``day``; negative before the anchor."""
    if cycle.months:
        index = ((day.year - anchor.year) * 12 + day.month - anchor.month) // cycle.months
        while boundary(anchor, cycle, index) > day:
            index -= 1
        return index
    return (day - anchor).days // cycle.days


def slot_of(anchor: date, cycle: Cycle, day: date) -> Period:
    """The period of the grid that contains ``day``."""
    return slot_at(anchor, cycle, index_at(anchor, cycle, day))


def slots(anchor: date, cycle: Cycle, window: Period) -> Iterator[Period]:
    """All periods of the grid that share a day with ``window``, in order."""
    index = index_at(anchor, cycle, window.start)
    while (slot := slot_at(anchor, cycle, index)).start < window.end:
        yield slot
        index += 1


class Basis(StrEnum):
    """How a part of a period is measured (hard-cases C3). An attribute of the item, fixed for its charges."""

    ACTUAL_PERIOD = "actual_period"
    CALENDAR_MONTH = "calendar_month"
    AVG_MONTH = "avg_month"
    THIRTY_360 = "30_360"
    NONE = "none"


NONE: Final = Basis.NONE
_DAYS_OF_PERIOD: Final = Basis.ACTUAL_PERIOD
"""Python 3.11 is slow to read a member of an enum; the hot path names once what it asks for."""


def _calendar_position(day: date) -> Fraction:
    return day.year * 12 + day.month + Fraction(day.day - 1, monthrange(day.year, day.month)[1])


def measure(basis: Basis, start: date, day: date) -> Fraction:
    """Time from ``start`` to ``day`` in the unit of the basis: days, calendar months, average months, days of 30/360.

    ``Basis.NONE`` measures nothing (0 before and at the start, else 1): what has begun counts whole.
    """
    if basis is Basis.ACTUAL_PERIOD:
        return Fraction((day - start).days)
    if basis is Basis.CALENDAR_MONTH:
        return _calendar_position(day) - _calendar_position(start)
    if basis is Basis.AVG_MONTH:
        months = (day.year - start.year) * 12 + day.month - start.month
        while add_months(start, months) > day:
            months -= 1
        return months + Fraction((day - add_months(start, months)).days * 12, 365)
    if basis is Basis.THIRTY_360:
        return Fraction(
            (day.year - start.year) * 360 + (day.month - start.month) * 30 + min(day.day, 30) - min(start.day, 30)
        )
    return Fraction(int(day > start))


def share_through(amount: int, whole: Period, day: date, basis: Basis = _DAYS_OF_PERIOD) -> int:
    """Running total: the part of ``amount`` (minor units) that falls on the days of ``whole`` before ``day``."""
    if basis is _DAYS_OF_PERIOD:
        return half_up(amount * (day - whole.start).days, (whole.end - whole.start).days)
    ratio = measure(basis, whole.start, day) / measure(basis, whole.start, whole.end)
    return half_up(amount * ratio.numerator, ratio.denominator)


def prorate(amount: int, whole: Period, part: Period, basis: Basis = _DAYS_OF_PERIOD) -> int:
    """Minor units of ``amount`` that fall on ``part``: differences of one rounded running total.

    Adjoining parts always add up to the whole (billing-core, architecture §3).
    """
    return share_through(amount, whole, part.end, basis) - share_through(amount, whole, part.start, basis)


def subtract(days: list[Period], taken: list[Period]) -> list[Period]:
    """The days of sorted, disjoint ``days`` that are not in ``taken``; sorted, adjoining days joined."""
    left: list[Period] = []
    for period in join(days):
        start = period.start
        for hole in sorted(taken):
            if hole.end <= start or hole.start >= period.end:
                continue
            if hole.start > start:
                left.append(Period(start, hole.start))
            start = max(start, hole.end)
        if start < period.end:
            left.append(Period(start, period.end))
    return left


def join(days: list[Period]) -> list[Period]:
    """Sorted periods with adjoining and overlapping ones joined."""
    joined: list[Period] = []
    for period in sorted(days):
        if joined and period.start <= joined[-1].end:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    return joined
