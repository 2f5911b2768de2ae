"""A naive calculator of agreements: tiers, discounts, raises, minimum fees, several payers, moving periods, gaps.

Day by day in exact fractions, slow, and with none of the program's code; the program's sums may differ by the rounding
of each line. What is charged for some days is a `Piece`; what people pay is the sum of their shares of the pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from tests.scenarios.naive import NEVER, ONE, boundary
from turnus.core.contracts import Timing
from turnus.core.periods import Cycle, add_months

AHEAD = 120 * ONE
"""Longer than any billing period."""
Tiers = tuple[tuple[int | None, Decimal], ...]
Span = tuple[date, date]
"""First day, first day after it."""


class Off(NamedTuple):
    """A discount: percent, or cents per fee period; ``item`` empty: the whole contract."""

    item: str
    percent: int
    amount: int
    start: date
    end: date


@dataclass
class Raise:
    """Percent on the price from a day on, every so many months (0: once)."""

    percent: Decimal
    first: date
    months: int
    end: date = NEVER

    def days(self, since: date, until: date) -> Iterator[date]:
        """Its days after ``since`` up to and including ``until``."""
        for count in range(400):
            day = add_months(self.first, count * self.months)
            if day > until or day >= self.end:
                return
            if day > since:
                yield day
            if not self.months:
                return


class Event(NamedTuple):
    """Usage of a day; ``replaced`` by a correction it counts nothing."""

    day: date
    quantity: Decimal
    replaced: bool = False


class Slot(NamedTuple):
    """A fee period, the days of it that the item has, and when it falls due."""

    whole: Span
    days: Span
    due: date


class Piece(NamedTuple):
    """Cents owed for some days; ``paid``: the day whose payers pay."""

    kind: str
    slot: Span
    days: Span
    cents: Fraction
    paid: date


@dataclass
class DealItem:
    """An item. ``terms``: (since, price, quantity) in the order of recording, None where nothing was stated."""

    kind: str
    """fee, usage or once."""
    terms: list[tuple[date, Decimal | None, Decimal | None]]
    first: date = date.min
    """First paid day; a raise counts after the day for which a price was stated."""
    tiers: Tiers = ()
    rhythms: list[Span] = field(default_factory=list)
    """(since, anchor) after the first one."""
    raises: list[Raise] = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)
    agreed: list[tuple[Span, int]] = field(default_factory=list)

    def price_on(self, day: date) -> Decimal:
        """The price stated last, and the raises since then, each rounded."""
        known = [row for row in sorted(self.terms, key=lambda row: row[0]) if row[0] <= day and row[1] is not None]
        since, price, _quantity = known[-1]
        since = self.first if since == date.min else since
        assert price is not None
        for _day, percent in sorted((at, row.percent) for row in self.raises for at in row.days(since, day)):
            price = (price * (100 + percent) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return price

    def full(self, day: date) -> Fraction:
        """Cents of a whole period at what holds on a day."""
        rows = [row for row in sorted(self.terms, key=lambda row: row[0]) if row[0] <= day and row[2] is not None]
        quantity = rows[-1][2]
        assert quantity is not None
        return tiered(self.tiers, quantity) if self.tiers else Fraction(self.price_on(day) * quantity * 100)


def tiered(tiers: Tiers, quantity: Decimal) -> Fraction:
    """Cents of a quantity, each unit at the price of its tier; below zero all at the price of the first."""
    if quantity < 0:
        return Fraction(quantity * tiers[0][1] * 100)
    total, below = Fraction(0), Decimal(0)
    for up_to, price in tiers:
        upper = quantity if up_to is None else min(quantity, Decimal(up_to))
        total += Fraction(max(upper - below, Decimal(0)) * price * 100)
        below = max(below, upper)
    return total


def after(offs: list[Off], cents: Fraction) -> Fraction:
    """What discounts leave: percentages first, then amounts, never below zero."""
    for off in offs:
        cents *= Fraction(100 - off.percent, 100)
    return max(cents - sum(off.amount for off in offs), Fraction(0)) if cents > 0 else cents


def around(anchor: date, cycle: Cycle, day: date) -> Span:
    """The period on the anchor that contains the day, also before the anchor."""
    index = (day - anchor).days // (31 * cycle.months + cycle.days) - 1
    while boundary(anchor, cycle, index + 1) <= day:
        index += 1
    return boundary(anchor, cycle, index), boundary(anchor, cycle, index + 1)


def days_in(span: Span) -> Iterator[date]:
    for offset in range((span[1] - span[0]).days):
        yield span[0] + offset * ONE


@dataclass
class Deal:
    """A contract with its items, and everything that was agreed beside them."""

    start: date
    anchor: date
    fee: Cycle
    billing: Cycle
    timing: Timing
    items: dict[str, DealItem]
    payer: str
    end: date = NEVER
    gaps: list[Span] = field(default_factory=list)
    offs: list[Off] = field(default_factory=list)
    shares: list[tuple[date, str, dict[str, int]]] = field(default_factory=list)
    """(since, item or empty, customer → weight) in the order of recording."""
    minimums: list[tuple[date, date, int]] = field(default_factory=list)
    """(start, end, cents per period) of the usage."""

    # ---- periods -----------------------------------------------------------------------------------------------------

    def slots(self, item: DealItem, until: date) -> Iterator[Slot]:
        """The periods of an item that begin before ``until``, cut where another anchor or the end cuts them."""
        rows = sorted({since: (since, anchor) for since, anchor in [(date.min, self.anchor), *item.rhythms]}.values())
        for place, (since, anchor) in enumerate(rows):
            following = rows[place + 1][0] if place + 1 < len(rows) else NEVER
            window = max(since, self.start), min(following, self.end)
            day = window[0]
            while day < min(window[1], until):
                whole = around(anchor, self.fee, day)
                yield Slot(whole, (day, min(whole[1], window[1])), self.due(item, anchor, whole, window))
                day = whole[1]

    def due(self, item: DealItem, anchor: date, whole: Span, window: Span) -> date:
        """In advance with the billing period in which it begins, usage and arrears with the one in which it ends."""
        if item.kind == "fee" and self.timing is Timing.ADVANCE:
            return max(around(anchor, self.billing, whole[0])[0], window[0])
        return min(around(anchor, self.billing, whole[1] - ONE)[1], window[1])

    def owes(self, item: DealItem, day: date) -> bool:
        held = [*self.gaps, *(span for span, _cents in item.agreed)]
        return not any(start <= day < end for start, end in held)

    # ---- what is owed ------------------------------------------------------------------------------------------------

    def fees(self, code: str, through: date) -> list[Piece]:
        """Day by day what recurs."""
        item = self.items[code]
        return [
            Piece("fee", slot.whole, (day, day + ONE), self.reduced(code, day, item.full(day)) / length, day)
            for slot in self.slots(item, through + AHEAD) if slot.due <= through
            for length in [(slot.whole[1] - slot.whole[0]).days]
            for day in days_in(slot.days) if self.owes(item, day)
        ]  # fmt: skip

    def mine(self, code: str) -> list[Off]:
        """Discounts of the item, and percentages of the whole contract."""
        return [off for off in self.offs if off.item == code or (not off.item and off.percent)]

    def reduced(self, code: str, day: date, cents: Fraction) -> Fraction:
        """A whole period less the discounts of a day: percentages first, never below zero."""
        return after([off for off in self.mine(code) if off.start <= day < off.end], cents)

    def usage(self, code: str, through: date) -> list[Piece]:
        """Slot by slot, cut where discounts or gaps begin or end; an amount off is given once per slot."""
        item, found = self.items[code], []
        edges = {edge for off in self.mine(code) for edge in (off.start, off.end)}
        edges |= {edge for gap in self.gaps for edge in gap}
        for slot in self.slots(item, through + ONE):
            if slot.due > through:
                continue
            given: dict[Off, Fraction] = {}
            start, end = slot.days
            cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
            for first, last in pairwise(cuts):
                if any(gap[0] <= first < gap[1] for gap in self.gaps):
                    continue
                used = [e.quantity for e in item.events.values() if first <= e.day < last and not e.replaced]
                cents = tiered(item.tiers, sum(used, start=Decimal(0)))
                found.append(
                    Piece("usage", slot.whole, (first, last), self.less(code, first, cents, given), last - ONE)
                )
        return found

    def less(self, code: str, day: date, cents: Fraction, given: dict[Off, Fraction]) -> Fraction:
        mine = [off for off in self.mine(code) if off.start <= day < off.end]
        for off in mine:
            cents *= Fraction(100 - off.percent, 100)
        for off in sorted((off for off in mine if off.amount), key=lambda off: -off.amount):
            taken = min(max(cents, Fraction(0)), off.amount - given.get(off, Fraction(0)))
            given[off] = given.get(off, Fraction(0)) + taken
            cents -= taken
        return cents

    def lifted(self, code: str, through: date) -> list[Piece]:
        """What each window lacks of the minimum fee of the usage."""
        item, found = self.items[code], []
        charged = self.usage(code, through)
        for start, end, cents in self.minimums:
            day, last = max(start, self.start), min(end, self.end)
            while day < min(last, through):
                whole = around(self.anchor, self.fee, day)
                covered = day, min(whole[1], last)
                dues = [
                    slot.due for slot in self.slots(item, through + AHEAD)
                    if slot.days[0] < covered[1] and slot.days[1] > covered[0]
                ]  # fmt: skip
                if max([covered[1], *dues]) > through:
                    break
                have = sum(piece.cents for piece in charged if covered[0] < piece.days[1] <= covered[1])
                owing = [d for d in days_in(covered) if not any(a <= d < b for a, b in self.gaps)]
                lack = Fraction(cents * len(owing), (whole[1] - whole[0]).days) - have
                if owing and lack > 0:
                    found.append(Piece("minimum", whole, covered, lack, covered[1] - ONE))
                day = whole[1]
        return found

    def once(self, code: str, through: date) -> list[Piece]:
        """A one-off is owed on the first day."""
        if not self.start <= through or self.start >= self.end:
            return []
        item = self.items[code]
        own = [off for off in self.offs if off.item == code and off.start <= self.start < off.end]
        cents = after(own, item.full(NEVER))
        return [Piece("once", (self.start, NEVER), (self.start, NEVER), cents, self.start)]

    def off_all(self, through: date) -> Fraction:
        """Cents that the amount off the whole contract takes off its fees, window by window."""
        [*amounts] = [off for off in self.offs if not off.item and off.amount]
        total = Fraction(0)
        for off in amounts:
            pools: dict[date, Fraction] = {}
            for code in [code for code, item in self.items.items() if item.kind == "fee"]:
                by_slot: dict[Span, list[Piece]] = {}
                for piece in self.fees(code, through):
                    by_slot.setdefault(piece.slot, []).append(piece)
                for pieces in by_slot.values():
                    first = min(piece.days[0] for piece in pieces)
                    if off.start <= first < off.end:
                        window = around(self.anchor, self.fee, first)[0]
                        pools[window] = pools.get(window, Fraction(0)) + sum(piece.cents for piece in pieces)
            total += sum((min(Fraction(off.amount), pool) for pool in pools.values()), start=Fraction(0))
        return total

    def pieces(self, code: str, through: date) -> list[Piece]:
        """Everything that an item owes by a day, without amounts off the whole contract."""
        item = self.items[code]
        found = {"fee": self.fees, "usage": self.usage, "once": self.once}[item.kind](code, through)
        if item.kind == "usage":
            found += self.lifted(code, through)
        return found + [Piece("agreed", span, span, Fraction(cents), span[1] - ONE) for span, cents in item.agreed]

    # ---- who pays ----------------------------------------------------------------------------------------------------

    def payers(self, code: str, day: date) -> dict[str, Fraction]:
        """Customer → part of what the day costs: as agreed last for the item, else for the contract."""

        def latest(of: str) -> dict[str, int]:
            rows = [row for row in sorted(self.shares, key=lambda row: row[0]) if row[1] == of and row[0] <= day]
            return rows[-1][2] if rows else {}

        weights = latest(code) or latest("") or {self.payer: 1}
        whole = sum(weights.values())
        return {customer: Fraction(weight, whole) for customer, weight in weights.items()}
