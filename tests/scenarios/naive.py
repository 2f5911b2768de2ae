"""A naive calculator of what contracts owe, day by day: slow, without rounding, and with none of the program's code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from turnus.core.contracts import Timing
from turnus.core.periods import Cycle, add_months

ONE = timedelta(days=1)
NEVER = date(2100, 1, 1)


@dataclass
class Statement:
    """What was agreed of an item from a day on: some of price, quantity, flat and ended."""

    since: date
    fields: dict[str, Any]


@dataclass
class NaiveItem:
    """An item: one rhythm, and what was stated of it in the order of recording."""

    kind: str
    """fee, usage or once."""
    start: date
    anchor: date
    cycle: Cycle
    billing: Cycle
    timing: Timing
    statements: list[Statement]
    used: dict[date, Decimal] = field(default_factory=dict)

    def on(self, day: date) -> dict[str, Any]:
        """Field by field what was stated last for a day up to this one."""
        found: dict[str, Any] = {}
        for statement in sorted(self.statements, key=lambda row: row.since):
            if statement.since <= day:
                found |= statement.fields
        return found

    def amount_on(self, day: date) -> Fraction:
        """Cents of a whole period (fee) or of one unit (usage) at the terms of a day; 0 where the item has ended."""
        terms = self.on(day)
        if terms["ended"]:
            return Fraction(0)
        units = 1 if terms["flat"] or self.kind == "usage" else terms["quantity"]
        return Fraction(terms["price"] * units * 100)


def boundary(anchor: date, cycle: Cycle, index: int) -> date:
    """Start of the period with this index, counted from the anchor."""
    return add_months(anchor, cycle.months * index) + timedelta(days=cycle.days * index)


def periods(anchor: date, cycle: Cycle, until: date) -> Iterator[tuple[date, date]]:
    """All periods from the anchor on that begin before ``until``."""
    index = 0
    while (start := boundary(anchor, cycle, index)) < until:
        yield start, boundary(anchor, cycle, index + 1)
        index += 1


@dataclass
class NaiveContract:
    """A contract that only changes its items, pauses and its end."""

    start: date
    items: dict[str, NaiveItem]
    end: date = NEVER
    pauses: list[list[date]] = field(default_factory=list)
    """[first day, first day after it]."""

    def is_paused(self, day: date) -> bool:
        return any(start <= day < end for start, end in self.pauses)

    def owes(self, item: NaiveItem, day: date) -> bool:
        """Whether the item is charged for a day at all."""
        return item.start <= day < self.end and not self.is_paused(day) and not item.on(day)["ended"]

    def last_end(self, item: NaiveItem) -> date:
        """The day from which nothing is owed any more: the contract's end, or the item's, whichever is first."""
        day = min(self.end, NEVER)
        edges = sorted({*(row.since for row in item.statements), *(edge for pause in self.pauses for edge in pause)})
        for edge in reversed([edge for edge in edges if edge < day]):
            if self.owes(item, edge) or edge < item.start:
                break
            day = edge
        return day

    def due(self, item: NaiveItem, start: date, end: date) -> date:
        """When a period falls due: in advance with the billing period it begins in, in arrears with that it ends in."""
        groups = list(periods(item.anchor, item.billing, end))
        if item.timing is Timing.ADVANCE and item.kind == "fee":
            return max(item.start, next(first for first, last in reversed(groups) if first <= start))
        return min(self.last_end(item), next(last for first, last in groups if last >= end))

    def owed(self, item: NaiveItem, through: date) -> dict[date, Fraction]:
        """Day → exact cents of the fee, or of the usage of the day, that were due by ``through``."""
        found: dict[date, Fraction] = {}
        for start, end in periods(item.anchor, item.cycle, through + 400 * ONE):
            if self.due(item, start, end) > through:
                continue
            for offset in range((end - start).days):
                day = start + offset * ONE
                if self.owes(item, day):
                    if item.kind == "usage":
                        found[day] = item.amount_on(day) * Fraction(item.used.get(day, Decimal(0)))
                    else:
                        found[day] = item.amount_on(day) / (end - start).days
        return found

    def once(self, item: NaiveItem, through: date) -> Fraction:
        """A one-off is owed on its day, on the terms that were stated last."""
        due = max(item.start, self.start)
        return item.amount_on(NEVER) if due <= through and due < self.end else Fraction(0)
