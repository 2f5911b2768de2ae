"""What a charge came from, found again by the functions that decided it, from the facts known at that time.

Nothing here is stored; so what does not lead to the amounts of the charge again is left out, never told.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.charges import family, is_fee, is_of_set, kind_of
from turnus.core.derived import reductions
from turnus.core.discounts import taken_off
from turnus.core.minimums import wanted
from turnus.core.money import allocate
from turnus.core.periods import Basis, Period, slots, subtract
from turnus.core.rating import Kind, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.charges import Charge
    from turnus.core.contracts import ContractFacts, Discount, Grid, Item, Minimum, Terms
    from turnus.core.derived import Reduction
    from turnus.core.discounts import Taken


class SetPart(NamedTuple):
    """Which part of a set a line is: its place among the products and their weights."""

    product: int
    """The set itself."""
    place: int
    parts: tuple[tuple[int, int], ...]
    """(product, weight)."""


class Least(NamedTuple):
    """A minimum fee and what of it the days of its window came to (minor units)."""

    minimum: Minimum
    label: str
    """What its item is called on paper; empty: like its product, or it is the whole contract's."""
    product: int
    """Product of its item; 0: the whole contract."""
    owing: tuple[Period, ...]
    wanted: int


class Why(NamedTuple):
    """What stood behind a charge when it was decided; empty where that is not known."""

    discounts: Sequence[Discount] = ()
    """In force on its days, in any order."""
    quantities: Sequence[Decimal] = ()
    """What the thresholds of discounts may have looked at."""
    places: Mapping[int, tuple[int, int]] = {}
    """Discount → which period it is of how many it was granted for."""
    of_set: SetPart | None = None
    least: Least | None = None
    reduction: Reduction | None = None


UNKNOWN: Final = Why()


def why(
    charge: Charge, facts: ContractFacts, sources: Sequence[Charge], periods: Mapping[int, int], digits: int
) -> Why:
    """What stands behind a charge by the facts of its contract. ``sources``: the charges that stood beside it;
    ``periods`` (discount → how many periods it was granted for); ``digits``: decimals of the currency.
    """
    identity, day = charge.identity, charge.service.start
    item = next((row for row in facts.items if row.id == identity.item), None)
    if item is None:
        return UNKNOWN
    kind = kind_of(identity.part).partition(":")[0]
    if kind == "minimum":
        return Why(least=_least(charge, facts, item))
    if kind == "discount":
        return _reduced(charge, facts, sources, periods, digits)
    terms = _latest(item.terms, day)
    found = [
        row for row in facts.discounts
        if row.start <= day < row.end and (row.item == item.id or (not row.item and kind != "once" and row.percent))
    ]  # fmt: skip
    places = {row.id: place for row in found if (place := _place(row, item, day, periods.get(row.id, 0)))}
    return Why(found, _quantities(charge, terms), places, _part_of_set(charge, terms))


def taken(charge: Charge, amount: int, reason: Why) -> list[Taken] | None:
    """What each discount took off ``amount`` (the whole slot before them, minor units); None where that does not make
    up the allowance of the charge.
    """
    if not charge.allowance and not reason.discounts:
        return []
    for quantity in reason.quantities:
        rows = taken_off(amount, reason.discounts, quantity)
        if _makes_up(charge, amount, sum(row.taken for row in rows), reason.of_set):
            return rows
    return None


def _makes_up(charge: Charge, amount: int, off: int, of_set: SetPart | None) -> bool:
    """Whether ``off`` taken from ``amount`` leads to the amount and allowance of the charge."""
    identity, allowance = charge.identity, charge.allowance
    if of_set is not None:
        weights = [weight for _product, weight in of_set.parts]
        amount, off = allocate(amount - off, weights)[of_set.place], allocate(off, weights)[of_set.place]
        amount += off
    if (identity.amount, allowance) == (amount - off, off):
        return True
    # A slot that begins late has the same share of both, each rounded once.
    late = is_fee(identity.part) and identity.basis in {Basis.AVG_MONTH, Basis.THIRTY_360}
    return late and abs(allowance * amount - off * (identity.amount + allowance)) <= 2 * abs(amount)


def _quantities(charge: Charge, terms: Terms) -> list[Decimal]:
    if family(charge.identity.part) != "usage":
        return [terms.quantity]
    counted = Decimal(0)
    for kind, quantity, _price, _amount in steps_of(charge.steps):
        if kind in {Kind.UNITS, Kind.INCLUDED, Kind.PERCENT}:
            counted += quantity
        elif kind is Kind.EARLIER:
            counted -= quantity
    return [counted, charge.quantity] if charge.steps else [charge.quantity]


def _part_of_set(charge: Charge, terms: Terms) -> SetPart | None:
    if not is_of_set(charge.identity.part) or terms.scheme is None or not charge.steps:
        return None
    parts = tuple((part.product, part.weight) for part in terms.scheme.parts)
    place = next((n for n, row in enumerate(parts) if row[0] == charge.identity.product), None)
    return None if place is None else SetPart(terms.product, place, parts)


def _latest(rows: Sequence[Terms], day: date) -> Terms:
    return next((row for row in reversed(rows) if row.since <= day), rows[0])


# ---- derived charges -------------------------------------------------------------------------------------------------


def _number(charge: Charge) -> int:
    """The number of the fact that a charge is derived from: ``minimum:2`` → 2."""
    number = kind_of(charge.identity.part).partition(":")[2]
    return int(number) if number.isdigit() else 0


def _least(charge: Charge, facts: ContractFacts, item: Item) -> Least | None:
    minimum = next((row for row in facts.minimums if row.id == _number(charge)), None)
    if minimum is None or charge.identity.amount <= 0:
        return None
    owing = subtract([charge.service], list(facts.pauses)) if facts.pauses else [charge.service]
    least = wanted(minimum, charge.days, owing) if owing else 0
    if least < charge.identity.amount:
        return None
    terms = _latest(item.terms, charge.service.start)
    label, product = (terms.label, terms.product) if minimum.item else ("", 0)
    return Least(minimum, label, product, tuple(owing), least)


def _reduced(
    charge: Charge, facts: ContractFacts, sources: Sequence[Charge], periods: Mapping[int, int], digits: int
) -> Why:
    identity = charge.identity
    same = (identity.item, identity.product, identity.account, identity.rate, identity.amount, identity.slot.start)
    for found in reductions(facts.discounts, sources, digits):
        own, discount = found.charge.identity, found.discount
        key = (own.item, own.product, own.account, own.rate, own.amount, own.slot.start)
        if discount.id == _number(charge) and key == same:
            item = next(row for row in facts.items if row.id == identity.item)
            place = _place(discount, item, found.charge.days.start, periods.get(discount.id, 0))
            return Why(places={discount.id: place} if place else {}, reduction=found)
    return UNKNOWN


def _place(discount: Discount, item: Item, day: date, count: int) -> tuple[int, int] | None:
    """Which of the ``count`` periods that a discount was granted for a day lies in."""
    if not count:
        return None
    grid: Grid = next((row for row in reversed(item.grids) if row.since <= discount.start), item.grids[0])
    anchor, fee = (discount.anchor or grid.anchor, discount.fee) if discount.fee else (grid.anchor, grid.fee)
    found = list(slots(anchor, fee, Period(discount.start, discount.end)))
    place = next((n for n, slot in enumerate(found, 1) if slot.start <= day < slot.end), 0)
    return (place, count) if place and len(found) == count else None
