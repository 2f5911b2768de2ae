"""Minimum fees: where the charges of a window stay below a minimum, one more charge lifts them to it (JB-41).

A minimum belongs to an item or to the whole contract and counts per window of its own cycle. In a window of which the
contract covers a part only, or in which it is paused, the minimum is that part of it. It is derived from should-be,
never from what was billed; it never lowers anything, and one-offs do not count for it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from turnus.core.charges import ONCE, Charge, Identity, is_spread, value_on
from turnus.core.periods import FAR_FUTURE, Basis, Period, prorate, slots, subtract

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.contracts import ContractFacts, Item, Minimum
    from turnus.core.payers import Paying
    from turnus.core.tax import Tax


class Reader(Protocol):
    """What reading a contract gives: tax, horizon, digits, and when an item's charges for some days fall due."""

    @property
    def digits(self) -> int:
        """Decimals of the currency."""
        ...

    @property
    def since(self) -> date:
        """Where reading starts."""
        ...

    def horizon(self, item: int) -> date:
        """Last due day that counts for an item."""
        ...

    def due_for(self, item: Item, days: Period) -> date:
        """When the last charge of an item for these days falls due; ``date.min`` where there is none."""
        ...

    def tax(self, account: int, product: int, last_day: date, /) -> Tax:
        """Treatment of a product."""
        ...

    def payers(self, item: int, days: Period, *, whole: bool) -> list[Paying]:
        """Who pays some days of an item (0: of the contract)."""
        ...


class Lifted(NamedTuple):
    """The charges; and of the next window that is not due yet, due day and start."""

    charges: list[Charge]
    next_due: date = FAR_FUTURE
    seal: date = FAR_FUTURE


def minimums(facts: ContractFacts, charges: Sequence[Charge], reader: Reader) -> Lifted:
    """The minimum fees of a contract that are due. ``charges``: all others but concessions."""
    found: list[Charge] = []
    next_due = seal = FAR_FUTURE
    for minimum in facts.minimums:
        items = [item for item in facts.items if minimum.item in (0, item.id)]
        of = minimum.item
        sources = [c for c in charges if (not of or c.identity.item == of) and c.identity.slot is not ONCE]
        span = _span(facts, minimum, items)
        if span.start >= span.end:
            continue
        first = items[0].id
        horizon = reader.horizon(first)
        reading = Period(max(span.start, min(reader.since, span.last_day)), span.end)
        for window in slots(minimum.anchor, minimum.fee, reading):
            covered = Period(max(window.start, span.start), min(window.end, span.end))
            within = [] if covered.end > horizon else [charge for charge in sources if _belongs(charge, covered)]
            due_on = covered.end if covered.end > horizon else _due_on(items, within, covered, reader)
            if due_on > horizon:
                next_due, seal = min(next_due, due_on), min(seal, window.start)
                break
            days = subtract([covered], list(facts.pauses)) if facts.pauses else [covered]
            if days:
                found.extend(_lift(minimum, first, Days(window, covered, days, due_on), within, reader))
    return Lifted(found, next_due, seal)


def _due_on(items: Sequence[Item], within: Sequence[Charge], covered: Period, reader: Reader) -> date:
    """When everything that counts is due: known from the charges that reach the end of the days, else asked for."""
    due_on = covered.end
    reached = set()
    for charge in within:
        if charge.service.end >= covered.end:
            reached.add(charge.identity.item)
        due_on = max(due_on, charge.due_on)
    for item in items:
        if item.id not in reached:
            due_on = max(due_on, reader.due_for(item, covered))
    return due_on


def _span(facts: ContractFacts, minimum: Minimum, items: Sequence[Item]) -> Period:
    """The days on which the minimum holds."""
    start, end = max(facts.start, facts.floor, minimum.start), min(facts.end, minimum.end)
    if minimum.item and items:
        start, end = max(start, items[0].start), min(end, items[0].end)
    return Period(start, end) if items else Period(end, end)


def _belongs(charge: Charge, covered: Period) -> bool:
    """Fees count by their days; everything else counts where its service ends."""
    if is_spread(charge.identity):
        return charge.days.cut(covered) is not None
    return covered.start < charge.service.end <= covered.end


class Days(NamedTuple):
    """A window, the days of it that the contract covers, those of them that owe, and when their minimum falls due."""

    window: Period
    covered: Period
    owing: Sequence[Period]
    due_on: date


def _lift(minimum: Minimum, item: int, when: Days, sources: Sequence[Charge], reader: Reader) -> list[Charge]:
    window, covered, owing, due_on = when
    whole = len(owing) == 1 and owing[0] == window
    wanted = minimum.amount if whole else sum(prorate(minimum.amount, window, days) for days in owing)
    have, end = 0, window.end
    for charge in sources:
        have += _value_within(charge, covered)
        end = max(end, charge.identity.slot.end)
    amount, last_day = max(0, wanted - have), covered.last_day
    slot = window if end == window.end else Period(window.start, end)
    price = Decimal(amount).scaleb(-reader.digits)
    found = []
    for payer in reader.payers(minimum.item, covered, whole=True):
        tax = reader.tax(payer.account, minimum.product, last_day)
        identity = Identity(
            item, payer.part(f"minimum:{minimum.id}"), minimum.product, slot, Basis.NONE, amount, minimum.gross,
            payer.account, tax.category, tax.rate, payer.share,
        )  # fmt: skip
        found.append(Charge(identity, window, due_on, covered, price, Decimal(1), label=minimum.label))
    return found


def _value_within(charge: Charge, covered: Period) -> int:
    if not is_spread(charge.identity):
        return charge.value
    days = charge.days.cut(covered)
    assert days is not None
    return value_on(charge.identity, days)
