"""Instalments: one invoice is paid in dated parts whose sum is the invoice to the cent (JB-21, 43; hard case 15).

VAT arises once, with the invoice. Equal parts are shared by largest remainder, the cents to the earliest; parts in
percent are rounded one by one, and the last takes the rest.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import allocate, percent_of
from turnus.core.periods import Cycle, boundary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MAX_PARTS: Final = 60
_HUNDRED: Final = Decimal(100)
_PLAN: Final = re.compile(
    r"(?:(\d{1,2})x|((?:\d{1,3}(?:\.\d{1,4})?\+)+\d{1,3}(?:\.\d{1,4})?)%)/(\d{1,3})([md])(/first)?"
)


class Plan(NamedTuple):
    """``parts`` equal parts, or parts by ``rates`` (percent, 100 in all), one every ``interval``."""

    parts: int
    interval: Cycle
    rates: tuple[Decimal, ...] = ()
    credit_first: bool = False
    """A credit reduces the earliest open part first; else the latest."""

    def __str__(self) -> str:
        """``3x/1m``: three equal parts, a month apart; ``30+30+40%/14d``; ``…/first``: credits reduce the earliest."""
        parts = "+".join(f"{rate:f}" for rate in self.rates) + "%" if self.rates else f"{self.parts}x"
        interval = f"{self.interval.months}m" if self.interval.months else f"{self.interval.days}d"
        return f"{parts}/{interval}" + ("/first" if self.credit_first else "")


class Instalment(NamedTuple):
    """One part of an invoice: minor units and the day on which it falls due."""

    number: int
    due_on: date
    amount: int


class PlanError(ValueError):
    """The text is no plan of instalments, or its parts are not 100 % in all."""


def plan_of(text: str) -> Plan:
    """``3x/1m`` or ``30+30+40%/1m``; raises ``PlanError``."""
    match = _PLAN.fullmatch(text.replace(" ", ""))
    if match is None:
        raise PlanError(text)
    count, percents, length, unit, first = match.groups()
    rates = tuple(Decimal(rate).normalize() for rate in percents.split("+")) if percents else ()
    plan = Plan(len(rates) or int(count), Cycle(int(length), 0) if unit == "m" else Cycle(0, int(length)), rates,
                bool(first))  # fmt: skip
    if not 2 <= plan.parts <= MAX_PARTS or not int(length):
        raise PlanError(text)
    if rates and (sum(rates) != _HUNDRED or min(rates) <= 0):
        raise PlanError(text)
    return plan


def instalments(amount: int, plan: Plan, first: date) -> list[Instalment]:
    """The parts of ``amount`` (minor units, positive): the first falls due on ``first``, the others an interval apart.

    Days are counted from the first one, so a plan of the 31st returns to the 31st. Parts of nothing are left out.
    """
    parts = [(boundary(first, plan.interval, index), part) for index, part in enumerate(_parts(amount, plan))]
    return [Instalment(number, day, part) for number, (day, part) in enumerate((p for p in parts if p[1]), 1)]


def _parts(amount: int, plan: Plan) -> Sequence[int]:
    if not plan.rates:
        return allocate(amount, [1] * plan.parts)
    parts: list[int] = []
    for rate in plan.rates[:-1]:
        parts.append(min(percent_of(amount, rate), amount - sum(parts)))  # of a few cents no more than there are
    return [*parts, amount - sum(parts)]


def reduced(parts: Sequence[Instalment], amount: int, *, latest: bool) -> list[Instalment]:
    """The parts after ``amount`` was taken off, the latest or the earliest first; what is settled is left out."""
    left, found = amount, []
    for part in reversed(parts) if latest else parts:
        taken = min(left, part.amount)
        left -= taken
        if part.amount > taken:
            found.append(part._replace(amount=part.amount - taken))
    return found[::-1] if latest else found
