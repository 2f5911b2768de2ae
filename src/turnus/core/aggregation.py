"""Daily rows of usage → what one slot adds up to; and the events of one day → its row.

A row holds one local day of one item and subject in a form that composes: sums add up, the highest of highest is the
highest, the last of lasts the last; a level is its product with time within the day, how long the level before it
lasted into the day, and the level at the day's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import half_up
from turnus.core.periods import Period, subtract
from turnus.core.usage import Aggregation, Display, seconds_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


_DAY: Final = timedelta(days=1)
_MICROSECONDS: Final = 10**6


class DayRow(NamedTuple):
    """One item on one local day, per dimension and subject where the aggregation tells them apart."""

    day: date
    dimension: str
    subject: str
    quantity: int
    """Sum; highest; last; of a level the one at the day's end. Integers of the item's scale."""
    amount: int = 0
    moment: int = 0
    """Microseconds since midnight: of the last event; of a level the first one."""
    weight: int = 0
    """Of a level: level × seconds, from the first event to the day's end."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Usage of one item in daily rows, for all that a plain sum cannot say."""

    aggregation: Aggregation
    rows: Sequence[DayRow]
    """In the order of their days."""
    zone: tzinfo
    """The seller's."""
    levels: Mapping[str, int]
    """Subject → level before the first of the rows."""
    display: Display = Display.TOTAL


def as_quantity(integer: int, scale: int, per: int) -> Decimal:
    """The integer as a quantity of the unit, rounded once to the scale where the divisor does not go into it."""
    return Decimal(integer if per == 1 else half_up(integer, per)).scaleb(-scale)


def averaged(detail: Detail, days: Period, holes: Sequence[Period], *, over: Period) -> int:
    """Level × time on the days without the holes, divided by the time of all days of ``over`` without them."""
    pieces = subtract([days], list(holes))
    seconds = sum(seconds_between(start, end, detail.zone) for start, end in subtract([over], list(holes)))
    total = sum(_level_seconds(rows, level, pieces, detail.zone) for rows, level in _series(detail, days))
    return half_up(total, seconds) if seconds else 0


def aggregated(detail: Detail, scale: int, days: Period, holes: Sequence[Period]) -> int:
    """What the days add up to without the holes in them, as an integer of the item's scale (and divisor)."""
    if detail.aggregation is Aggregation.AVERAGE:
        return averaged(detail, days, holes, over=days)
    pieces = subtract([days], list(holes)) if holes else [days]
    if detail.aggregation is Aggregation.TIME:
        return sum(_level_seconds(rows, level, pieces, detail.zone) for rows, level in _series(detail, days))
    found: dict[str, int] = {}
    for row in detail.rows:
        if not any(start <= row.day < end for start, end in pieces):
            continue
        before = found.get(row.subject)
        if before is None or detail.aggregation is Aggregation.LAST:
            found[row.subject] = row.quantity
        elif detail.aggregation is Aggregation.MAX:
            found[row.subject] = max(before, row.quantity)
        else:
            found[row.subject] = before + row.quantity
    if detail.aggregation is Aggregation.UNIQUE:
        distinct: int = sum(quantity > 0 for quantity in found.values()) * 10**scale
        return distinct
    return sum(found.values())


def _series(detail: Detail, days: Period) -> Iterator[tuple[list[DayRow], int]]:
    """Per subject its rows up to the end of the days, and the level before them."""
    rows: dict[str, list[DayRow]] = {subject: [] for subject in detail.levels}
    for row in detail.rows:
        if row.day < days.end:
            rows.setdefault(row.subject, []).append(row)
    for subject, own in rows.items():
        yield own, detail.levels.get(subject, 0)


def _level_seconds(rows: Sequence[DayRow], level: int, pieces: Iterable[Period], zone: tzinfo) -> int:
    """Level × seconds on the days of sorted pieces."""
    total = place = 0
    for start, end in pieces:
        since = start
        while place < len(rows) and rows[place].day < end:
            row = rows[place]
            if row.day >= start:
                lead = seconds_between(since, row.day, zone) + row.moment // _MICROSECONDS
                total += level * lead + row.weight
                since = row.day + _DAY
            level = row.quantity
            place += 1
        total += level * seconds_between(since, end, zone)
    return total


# ---- the events of one day -------------------------------------------------------------------------------------------


def day_of_level(events: Iterable[tuple[int, int]], length: int) -> tuple[int, int, int]:
    """(moment, level) of one day of ``length`` seconds → level at its end, first moment, weight.

    A level counts from its whole second; of two in the same second the larger one, whichever came first.
    """
    levels = {moment // _MICROSECONDS: level for moment, level in sorted(events, key=_by_second)}
    changes = sorted(levels.items())
    ends = [second for second, _level in changes[1:]] + [length]
    weight = sum(level * (end - second) for (second, level), end in zip(changes, ends, strict=True))
    return changes[-1][1], changes[0][0] * _MICROSECONDS, weight


def _by_second(event: tuple[int, int]) -> tuple[int, int]:
    return event[0] // _MICROSECONDS, event[1]


def day_of_last(events: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """(moment, quantity) of one day → quantity and moment of the last; of two at the same moment the larger one."""
    moment, quantity = max(events)
    return quantity, moment
