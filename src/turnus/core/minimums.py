"""Minimum fees: where the charges of a window stay below a minimum, one more charge lifts them to it (JB-41).

A minimum belongs to an item or to the whole contract and counts per window of its own cycle. In a window of which the
contract covers a part only, or in which it is paused, the minimum is that part of it. It is derived from should-be,
never from what was billed; it never lowers anything, and one-offs do not count for it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from turnus.core.charges import ONCE, Charge, Identity, is_spread, value_on
from turnus.core.payers import part_of
from turnus.core.periods import FAR_FUTURE, NONE, Period, prorate, slots, subtract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.contracts import ContractFacts, Item, Minimum
    from turnus.core.payers import Paying
    from turnus.core.periods import Cycle
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
    # Nothing is lifted by nothing, but where charges of zero are wanted, or concessions look at the days they cover.
    whatever = facts.zero_charges or bool(facts.decisions)
    for minimum in facts.minimums:
        of = minimum.item
        items = [item for item in facts.items if item.id == of] if of else facts.items
        if not items:
            continue
        span = _span(facts, minimum, items[0])
        first = items[0].id
        horizon = reader.horizon(first)
        sources = [c for c in charges if (not of or c.identity.item == of) and c.identity.slot is not ONCE]
        windows = _windows(minimum.anchor, minimum.fee, span, reader.since, horizon)
        waiting, since = windows.next_due, windows.seal
        for window in windows.over:
            counted = _counted(sources, items, window, reader)
            if counted.due_on > horizon:
                waiting, since = counted.due_on, window.whole.start
                break
            days = subtract([window.covered], list(facts.pauses)) if facts.pauses else [window.covered]
            if days:
                found += _lift(minimum, first, window, days, counted, reader, whatever=whatever)
        next_due, seal = min(next_due, waiting), min(seal, since)
    return Lifted(found, next_due, seal)


class Window(NamedTuple):
    """A window of a minimum, and the days of it on which the minimum holds."""

    whole: Period
    covered: Period


class _Windows(NamedTuple):
    """Windows whose days are over by the horizon; and of the next one, if one follows, end of its days and start."""

    over: tuple[Window, ...]
    next_due: date = FAR_FUTURE
    seal: date = FAR_FUTURE


@lru_cache(maxsize=16_384)
def _windows(anchor: date, fee: Cycle, span: Period, since: date, horizon: date) -> _Windows:
    """Windows of ``span`` from that of ``since`` on. Contracts that began on one day share them, so they are kept."""
    over: list[Window] = []
    if span.start < span.end:
        for window in slots(anchor, fee, Period(max(span.start, min(since, span.last_day)), span.end)):
            covered = Period(max(window.start, span.start), min(window.end, span.end))
            if covered.end > horizon:
                return _Windows(tuple(over), covered.end, window.start)
            over.append(Window(window, covered))
    return _Windows(tuple(over))


class _Counted(NamedTuple):
    """What charges are worth in a window, the last end of their slots and of the window, and when all of it is due."""

    value: int
    end: date
    due_on: date


def _counted(charges: Sequence[Charge], items: Sequence[Item], window: Window, reader: Reader) -> _Counted:
    """Fees count by their days, everything else where its service ends.

    Due days are known from the charges that reach the end of the days, else asked for.
    """
    (_start, slot_end), covered = window
    value, first, last = 0, covered.start, covered.end
    due_on, reached = last, set()
    for charge in charges:
        identity, served = charge.identity, charge.service.end
        if is_spread(identity):
            days = charge.days.cut(covered)
            if days is None:
                continue
            value += value_on(identity, days)
        elif first < served <= last:
            value += value_on(identity, charge.days)
        else:
            continue
        if served >= last:
            reached.add(identity.item)
        due_on = max(due_on, charge.due_on)
        slot_end = max(slot_end, identity.slot.end)
    for item in items:
        if item.id not in reached:
            due_on = max(due_on, reader.due_for(item, covered))
    return _Counted(value, slot_end, due_on)


def _span(facts: ContractFacts, minimum: Minimum, item: Item) -> Period:
    """The days on which the minimum holds."""
    if minimum.item:
        start, end = max(facts.start, facts.floor, minimum.start, item.start), min(facts.end, minimum.end, item.end)
        return Period(start, end)
    return Period(max(facts.start, facts.floor, minimum.start), min(facts.end, minimum.end))


def wanted(minimum: Minimum, whole: Period, owing: Sequence[Period]) -> int:
    """What the minimum is, minor units, in a window that owes these days of it."""
    if owing[0] == whole:
        return minimum.amount
    return sum(prorate(minimum.amount, whole, days) for days in owing)


def _lift(
    minimum: Minimum, item: int, window: Window, owing: Sequence[Period], counted: _Counted, reader: Reader, *,
    whatever: bool,
) -> list[Charge]:  # fmt: skip
    whole, covered = window
    amount, last_day = max(0, wanted(minimum, whole, owing) - counted.value), covered.last_day
    if not (amount or whatever):
        return []
    slot = whole if counted.end == whole.end else Period(whole.start, counted.end)
    price = Decimal(amount).scaleb(-reader.digits)
    found = []
    for account, _days, share in reader.payers(minimum.item, covered, whole=True):
        tax = reader.tax(account, minimum.product, last_day)
        identity = Identity(
            item, part_of(f"minimum:{minimum.id}", account, share), minimum.product, slot, NONE, amount, minimum.gross,
            account, tax.category, tax.rate, share,
        )  # fmt: skip
        found.append(Charge(identity, whole, counted.due_on, covered, price, Decimal(1), label=minimum.label))
    return found
