"""What was used on the days of a slot, and where its rating goes on: quantities for ``core/owed.py`` to rate.

A slot is one whole for tiers, packages, allowances and highest values. Where a discount, a pause or other terms cut it,
each part counts what the slot's running total grew by, as each slot of a window does.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.aggregation import aggregated, as_quantity, averaged
from turnus.core.periods import Period, subtract
from turnus.core.pricing import Measured
from turnus.core.usage import ADDITIVE, Aggregation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.contracts import Usage


class Place(NamedTuple):
    """One slot of days with the same terms: its days there, its due day and its last day of service."""

    slot: Period
    days: Period
    due_on: date
    last_day: date
    counts: tuple[int, int]
    """How many days they have of the slot, and the slot itself."""


def plain(usage: Usage, place: Place, agreed: Sequence[Period], *, carry: bool) -> Measured:
    """What was used on the place's days but ``agreed`` ones. ``carry``: rated amounts add up from the start."""
    start, end = place.days
    quantity = amount = 0
    before = usage.before if carry else 0
    for day, used, cost in usage.totals:
        if start <= day < end:
            if not agreed or not any(hole.start <= day < hole.end for hole in agreed):
                quantity += used
                amount += cost
        elif day < start and carry:
            before += cost
    if usage.detail is not None and usage.detail.aggregation not in ADDITIVE:
        quantity = aggregated(usage.detail, usage.scale, place.days, agreed)
    return Measured(as_quantity(quantity, usage.scale, usage.per), amount, before, usage.scale, None, place.counts)


def is_cut(place: Place, active: Sequence[Period]) -> bool:
    """The item owes something on other days of the slot too. ``active``: all days on which it does."""
    if place.days == place.slot:
        return False
    return any(period.cut(place.slot) not in (None, place.days) for period in active)


def continued(
    found: Measured, usage: Usage, place: Place, active: Sequence[Period], agreed: Sequence[Period], *,
    window: Period | None, alike: date,
) -> tuple[Measured, Decimal]:  # fmt: skip
    """``found`` as a part of the window or of the slot: what the running total grew by, from where the rating goes on
    (not before ``alike``); and what the slot uses as a whole, which the thresholds of discounts look at.
    """
    slot, days, (mine, whole) = place.slot, place.days, place.counts
    reach = Period(slot.start if window is None else window.start, slot.end)
    holes = sorted([*agreed, *subtract([reach], list(active))])
    growth = Growth(usage, reach, holes, shared=window is None)
    since = max(reach.start, alike)
    passed = subtract([Period(since, days.start)], holes) if since < days.start else []
    before = sum([period.days for period in passed])
    measured = found._replace(
        quantity=growth.between(*days),
        earlier=growth.between(since, days.start) if passed else None,
        days=(before + mine, whole) if window is None else place.counts,
        earlier_days=before if window is None else mine,
    )
    return measured, growth.between(*slot)


class Growth(NamedTuple):
    """The running total of an item's usage over days that are rated together; a part is a difference of it."""

    usage: Usage
    days: Period
    holes: Sequence[Period]
    """Sorted days that count nothing: agreed ones, pauses."""
    shared: bool
    """An average is shared by time, so that the parts of one slot add up to the slot's."""

    def between(self, start: date, end: date) -> Decimal:
        """What the days from ``start`` to before ``end`` add."""
        return self._through(end) - self._through(start)

    def _through(self, day: date) -> Decimal:
        usage, begin = self.usage, self.days.start
        if day <= begin:
            return Decimal(0)
        detail = usage.detail
        if detail is None or detail.aggregation in ADDITIVE:
            counted = subtract([Period(begin, day)], list(self.holes))
            number = sum([row.quantity for row in usage.totals if any(p.start <= row.day < p.end for p in counted)])
        elif self.shared and detail.aggregation is Aggregation.AVERAGE:
            number = averaged(detail, Period(begin, day), self.holes, over=self.days)
        else:
            number = aggregated(detail, usage.scale, Period(begin, day), self.holes)
        return as_quantity(number, usage.scale, usage.per)
