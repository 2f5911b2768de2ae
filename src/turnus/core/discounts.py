"""Discounts: which of them count, in which order they are taken off, and how many periods become dates.

The order is fixed and does not depend on the order of entry (docs/algorithms/discounts.md): percentages before amounts;
within each the quantity discounts, then what was agreed for the item, for the contract, for the customer's group, and
coupons last.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.core.contracts import Origin
from turnus.core.faults import Fault, fault, unknown_item
from turnus.core.money import percent_of
from turnus.core.periods import FAR_FUTURE, Period, slot_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from turnus.core.contracts import Discount, Grid, NewDiscount


class Taken(NamedTuple):
    """What a discount took off, and off what it took it (minor units)."""

    discount: Discount
    base: int
    taken: int


_STAGE: Final = {Origin.AGREED: 1, Origin.GROUP: 3, Origin.COUPON: 4}


def rank(discount: Discount) -> tuple[Any, ...]:
    """Sorts discounts into the order in which they are taken off; what is granted decides, never when it was entered.

    Percentages first; then by stage: 0 quantity, 1 item, 2 contract, 3 group, 4 coupon; then the larger first.
    """
    number, item, percent, amount, start, end, label, _fee, _anchor, threshold, origin = discount
    stage = 0 if threshold is not None else _STAGE[origin]
    if stage == 1 and not item:
        stage = 2
    return percent is None, stage, -(percent or 0), -(amount or 0), start, end, label, item, number


def reached(discounts: Sequence[Discount], quantity: Decimal) -> Sequence[Discount]:
    """Those that count at this quantity, in order. Of a scale (same label, same target) the highest threshold alone."""
    thresholds = [discount for discount in discounts if discount.from_quantity is not None]
    if not thresholds:
        return sorted(discounts, key=rank) if len(discounts) > 1 else discounts
    highest: dict[tuple[int, str, Origin], Decimal] = {}
    for discount in thresholds:
        if discount.from_quantity is not None and discount.from_quantity <= quantity:
            scale = (discount.item, discount.label, discount.origin)
            highest[scale] = max(highest.get(scale, discount.from_quantity), discount.from_quantity)
    counting = [
        discount
        for discount in discounts
        if discount.from_quantity is None
        or discount.from_quantity == highest.get((discount.item, discount.label, discount.origin))
    ]
    return sorted(counting, key=rank)


def discounted(
    amount: int, discounts: Sequence[Discount], quantity: Decimal, given: dict[int, int] | None = None
) -> tuple[int, str]:
    """Reduce a slot's amount as ``taken_off`` does.

    Returns the allowance (minor units, ≥ 0 for a positive amount) and the labels of the discounts that took part.
    """
    left, labels = amount, []
    for discount, base, taken in _taken(amount, discounts, quantity, given):
        left = base - taken
        labels.append(discount.label)
    return amount - left, ", ".join(labels)


def taken_off(
    amount: int, discounts: Sequence[Discount], quantity: Decimal, given: dict[int, int] | None = None
) -> list[Taken]:
    """What each discount takes off a slot's amount, in order: first percentages, one after the other on what is left,
    then amounts; never below zero.

    ``given`` (discount → minor units): what amounts took off other parts of the slot; it grows by what they take here.
    """
    return list(starmap(Taken, _taken(amount, discounts, quantity, given)))


def _taken(
    left: int, discounts: Sequence[Discount], quantity: Decimal, given: dict[int, int] | None
) -> Iterator[tuple[Discount, int, int]]:
    """The fields of ``Taken``, one discount after the other."""
    for discount in reached(discounts, quantity):
        taken, percent = 0, discount.percent
        if percent is not None:
            taken = percent_of(left, percent)
        elif left > 0:
            before = given.get(discount.id, 0) if given else 0
            taken = min(left, (discount.amount or 0) - before)
            if given is not None:
                given[discount.id] = before + taken
        yield discount, left, taken
        left -= taken


def for_periods(grids: Sequence[Grid], begin: date, since: date, count: int) -> Period:
    """The days of ``count`` fee periods of an item that begins on ``begin``, granted from ``since`` on.

    A period that is already running is left alone: the next one is the first. Where the item itself begins inside a
    period, that part counts as its first.
    """

    def period_of(day: date) -> Period:
        grid = next((row for row in reversed(grids) if row.since <= day), grids[0])
        later = min((row.since for row in grids if row.since > day), default=FAR_FUTURE)
        slot = slot_of(grid.anchor, grid.fee, day)
        return Period(max(slot.start, grid.since, begin), min(slot.end, later))

    first = max(begin, since)
    running = period_of(first)
    if running.start < first:
        first = running.end
    end = first
    for _ in range(count):
        end = period_of(end).end
    return Period(first, end)


def dated(discount: NewDiscount, grids: Sequence[Grid], begin: date) -> NewDiscount:
    """The discount with its periods as days; ``begin`` is the first day of what it is granted on."""
    if discount.periods is None:
        return discount
    days = for_periods(grids, begin, discount.start or begin, discount.periods)
    return replace(discount, start=days.start, end=days.end)


def discount_faults(discount: NewDiscount, items: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a discount as a person entered it; ``items``: codes of the contract's items."""
    label = discount.label
    wrong = {
        "discount_kind": (discount.percent is None) == (discount.amount is None),
        "discount_percent": discount.percent is not None and not 0 < discount.percent <= 100,
        "discount_amount": discount.amount is not None and discount.amount <= 0,
        "discount_periods": discount.periods is not None and (discount.periods < 1 or discount.end is not None),
        "discount_threshold": discount.from_quantity is not None
        and (discount.from_quantity <= 0 or (discount.amount is not None and discount.item is None)),
    }
    found = [fault(code, discount=label) for code, is_wrong in wrong.items() if is_wrong]
    if discount.item is not None and discount.item not in items:
        found.append(unknown_item(discount.item, items))
    if discount.start and discount.end and discount.end <= discount.start:
        found.append(fault("negative_period", start=discount.start, end=discount.end))
    return found
