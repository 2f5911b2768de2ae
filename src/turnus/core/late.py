"""Late payment: interest of default and the order in which a payment is applied (§§ 286, 288, 366, 367 BGB)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

BUSINESS_POINTS: Final = Decimal(9)
"""Percentage points above the base rate between businesses (§ 288 (2) BGB)."""
CONSUMER_POINTS: Final = Decimal(5)
"""Percentage points above the base rate against consumers (§ 288 (1) BGB)."""
LUMP_SUM: Final = 40_00
"""Lump sum against businesses, once per claim, EUR cents (§ 288 (5) BGB)."""
DAYS: Final = 365


class Open(NamedTuple):
    """From the day after ``since`` on, ``amount`` (minor units) is open: the due date, then each day of payment."""

    since: date
    amount: int


class Applied(NamedTuple):
    """How a payment is applied, minor units; ``left`` is more than was owed."""

    costs: int
    interest: int
    principal: int
    left: int


def default_rate(base_rate: Decimal, *, consumer: bool) -> Decimal:
    """Percent a year: 2.27 → 11.27 between businesses, 7.27 against a consumer. The base rate is given, never known."""
    return base_rate + (CONSUMER_POINTS if consumer else BUSINESS_POINTS)


def late_interest(history: Sequence[Open], *, rate: Decimal, until: date) -> int:
    """Interest through ``until`` (which counts) in minor units, on what was open day by day, actual/365, rounded once.

    ``history`` in order of its days; ``rate`` in percent a year.
    """
    total = Fraction(0)
    ends = [*(row.since for row in history[1:]), until]
    for row, end in zip(history, ends, strict=True):
        days = (min(end, until) - row.since).days
        if days > 0:
            total += Fraction(row.amount) * days * Fraction(rate) / (100 * DAYS)
    return half_up(total.numerator, total.denominator)


def apply_payment(amount: int, *, costs: int, interest: int, principal: int) -> Applied:
    """Costs first, then interest, then the principal (§ 367 (1) BGB)."""
    to_costs = min(amount, costs)
    to_interest = min(amount - to_costs, interest)
    to_principal = min(amount - to_costs - to_interest, principal)
    return Applied(to_costs, to_interest, to_principal, amount - to_costs - to_interest - to_principal)
