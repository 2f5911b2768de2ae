"""Charges derived from others: amounts off the whole contract, and concessions. Never from what was billed.

A derived charge is compared as long as anything it was computed from: its slot ends with the last slot that it came
from, and it falls due with what it reduces (billing-core S, Charge).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from turnus.core.charges import ONCE, Charge, Identity, is_fee, is_spread, value_on
from turnus.core.contracts import DecisionKind
from turnus.core.discounts import rank
from turnus.core.money import allocate
from turnus.core.periods import FAR_FUTURE, Basis, Period, prorate, slot_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from turnus.core.contracts import ContractFacts, Decision, Discount
    from turnus.core.periods import Cycle

_DAY: Final = timedelta(days=1)


# ---- where reading starts --------------------------------------------------------------------------------------------


def reading_since(facts: ContractFacts) -> date:
    """Where reading starts: the seal, or earlier where a derived charge has a window that reaches across it.

    A window is open while a slot in it is; so it reaches back to the start of the oldest open slot, and from there to
    the start of every window that shares a day with what is read.
    """
    since = facts.sealed_through
    if since <= facts.start:
        return since
    windows: list[_Windowed] = [d for d in facts.discounts if _off_the_contract(d)]
    windows += facts.minimums
    given = [d.days for d in facts.decisions if d.kind is DecisionKind.CONCESSION]
    if not (windows or given):
        return since
    since = min(_open_slots(facts, since))
    while True:
        before = since
        for discount in windows:
            if discount.start < since:
                since = min(since, _window(discount, since).start)
        for days in given:
            if days.end > since:
                since = min(since, days.start)
        if since == before:
            return since


def usage_since(facts: ContractFacts) -> date:
    """First day whose usage must come as daily totals; what was used before may come as one sum."""
    since = reading_since(facts)
    if since <= facts.start:
        return since
    since = min(_open_slots(facts, since))
    windows = {
        (grid.anchor, terms.scheme.window)
        for item in facts.items for terms in item.terms if terms.scheme is not None and terms.scheme.window is not None
        for grid in item.grids
    }  # fmt: skip
    return min((slot_of(anchor, window, since).start for anchor, window in windows), default=since)


def _open_slots(facts: ContractFacts, reached: date) -> Iterator[date]:
    """A day after the contract's start, and the first days of slots that began before it and end after it."""
    yield reached
    for item in facts.items:
        first = max(item.start, facts.start, facts.floor)
        for index, grid in enumerate(item.grids):
            until = item.grids[index + 1].since if index + 1 < len(item.grids) else FAR_FUTURE
            day = min(reached, until - _DAY, item.end - _DAY, facts.end - _DAY)
            begin = max(first, grid.since) if index else first
            if day >= begin and (slot := slot_of(grid.anchor, grid.fee, day)).end > reached:
                yield max(slot.start, begin)
    for decision in facts.decisions:
        if decision.kind is DecisionKind.AGREED and decision.days.end > reached:
            yield decision.days.start


# ---- an amount off the whole contract --------------------------------------------------------------------------------


def _off_the_contract(discount: Discount) -> bool:
    return not discount.item and discount.amount is not None and discount.fee is not None


class _Windowed(Protocol):
    @property
    def start(self) -> date: ...
    @property
    def fee(self) -> Cycle | None: ...
    @property
    def anchor(self) -> date | None: ...


def _window(discount: _Windowed, day: date) -> Period:
    assert discount.fee is not None
    return slot_of(discount.anchor or discount.start, discount.fee, day)


def contract_discounts(facts: ContractFacts, charges: Sequence[Charge], digits: int) -> list[Charge]:
    """Amounts off the whole contract per window, as ``reductions`` finds them."""
    return [found.charge for found in reductions(facts.discounts, charges, digits)]


def reductions(discounts: Iterable[Discount], charges: Sequence[Charge], digits: int) -> list[Reduction]:
    """Amounts off the whole contract per window, spread over products and VAT in proportion; all together never below
    zero. They are taken off in the order of ``rank``, each from what the earlier ones left.

    A slot belongs to the window of its first billed day, and is reduced where the discount is in force on that day.
    """
    windows = [discount for discount in discounts if _off_the_contract(discount)]
    if not windows:
        return []
    windows.sort(key=rank)
    first: dict[tuple[int, Period], date] = {}
    for charge in charges:
        if is_fee(charge.identity.part):
            place = (charge.identity.item, charge.identity.slot)
            first[place] = min(first.get(place, FAR_FUTURE), charge.service.start)
    sources = [_Source(c, c.value) for c in charges if is_fee(c.identity.part)]
    found: list[Reduction] = []
    for discount in windows:
        pools: dict[Period, list[_Source]] = {}
        for source in sources:
            day = first[source.charge.identity.item, source.charge.identity.slot]
            if discount.start <= day < discount.end:
                pools.setdefault(_window(discount, day), []).append(source)
        for window, pool in pools.items():
            found.extend(_contract_discount(discount, window, pool, digits))
    return found


class Reduction(NamedTuple):
    """What an amount off the whole contract takes off one product, VAT rate and account, and by which key."""

    charge: Charge
    discount: Discount
    total: int
    """What it takes off the window, minor units."""
    own: int
    """What is owed there (minor units), of ``whole`` in the window; the key."""
    whole: int


@dataclass(slots=True)
class _Source:
    """A charge and what discounts have left of it, minor units."""

    charge: Charge
    left: int


def _contract_discount(discount: Discount, window: Period, pool: Sequence[_Source], digits: int) -> list[Reduction]:
    slot = _slot_over(window, [source.charge for source in pool])
    reduced: dict[Identity, list[_Source]] = {}
    items: dict[int, list[Charge]] = {}
    for source in pool:
        identity = source.charge.identity
        key = _derived_from(identity, f"discount:{discount.id}", slot)
        reduced.setdefault(key, []).append(source)
        items.setdefault(identity.item, []).append(source.charge)
    owed_by = {key: sum(source.left for source in sources) for key, sources in reduced.items()}
    total = min(discount.amount or 0, sum(owed_by.values()))
    found, positive = [], sum(value for value in owed_by.values() if value > 0)
    for key, share in _shares(discount.amount or 0, owed_by):
        parts = allocate(share, [max(source.left, 0) for source in reduced[key]])
        for source, part in zip(reduced[key], parts, strict=True):
            source.left -= part
        charge = _reduction(key._replace(amount=-share), window, items[key.item], digits, discount.label)
        found.append(Reduction(charge, discount, total, owed_by[key], positive))
    return found


def _derived_from(identity: Identity, part: str, slot: Period) -> Identity:
    """Of the same product, tax and account; what is shared already is not shared again."""
    shared = f"{part}/{identity.account}" if "/" in identity.part else part
    return identity._replace(part=shared, slot=slot, basis=Basis.NONE, amount=0, share="")


def _reduction(identity: Identity, days: Period, sources: Sequence[Charge], digits: int, label: str) -> Charge:
    """A charge that takes off: it falls due with, and serves the days of, what it reduces."""
    service = Period(min(source.service.start for source in sources), max(source.service.end for source in sources))
    due_on = max(source.due_on for source in sources)
    price = Decimal(identity.amount).scaleb(-digits)
    return Charge(identity, days, due_on, service, price, Decimal(1), label=label)


def _slot_over(window: Period, sources: Sequence[Charge]) -> Period:
    """The window, prolonged to the last end of what the derived charge was computed from."""
    ends = [charge.identity.slot.end for charge in sources if charge.identity.slot != ONCE]
    return Period(window.start, max(window.end, max(ends, default=window.end)))


def _shares(amount: int, owed_by: Mapping[Identity, int]) -> list[tuple[Identity, int]]:
    """At most ``amount``, at most what is owed in all, in proportion to what is owed each."""
    total = min(amount, sum(owed_by.values()))
    positive = {key: value for key, value in owed_by.items() if value > 0}
    if total <= 0:
        return []
    shares = allocate(total, list(positive.values()))
    return [(key, share) for key, share in zip(positive, shares, strict=True) if share]


# ---- concessions -----------------------------------------------------------------------------------------------------


def concessions(facts: ContractFacts, charges: Sequence[Charge], digits: int) -> list[Charge]:
    """Goodwill: −min(amount, what is owed on these days), shared over what it reduces; clamped at zero."""
    given: list[Charge] = []
    for decision in sorted(d for d in facts.decisions if d.kind is DecisionKind.CONCESSION):
        given.extend(_concession(decision, charges, given, digits))
    return given


def _concession(decision: Decision, charges: Sequence[Charge], given: Sequence[Charge], digits: int) -> list[Charge]:
    """One concession. What earlier ones gave on common days counts whole against it, so that none goes below zero."""
    sources = [
        c for c in charges
        if c.identity.item == decision.item and c.service.cut(decision.days) is not None
        and decision.account in (0, c.identity.account)
    ]  # fmt: skip
    slot = _slot_over(decision.days, sources)
    owed_by: dict[Identity, int] = {}
    for charge in sources:
        key = _derived_from(charge.identity, f"concession:{decision.id}", slot)
        owed_by[key] = owed_by.get(key, 0) + _value_within(charge, decision.days)
    for earlier in given:
        key = _derived_from(earlier.identity, f"concession:{decision.id}", slot)
        if key in owed_by and earlier.days.cut(decision.days):
            owed_by[key] += earlier.identity.amount
    return [
        _reduction(key._replace(amount=-share), decision.days, sources, digits, decision.label)._replace(
            service=decision.days, corrects=decision.corrects
        )
        for key, share in _shares(decision.amount, owed_by)
    ]


def _value_within(charge: Charge, window: Period) -> int:
    """What a charge owes within the window. Whole ones count whole; a discount is shared by the days it serves."""
    days = charge.service.cut(window)
    assert days is not None
    if is_spread(charge.identity):
        return value_on(charge.identity, days)
    if charge.identity.part.startswith("discount:"):
        return prorate(charge.identity.amount, charge.service, days)
    return charge.value
