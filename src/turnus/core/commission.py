"""Commission bases (JB-35, JB-36): what of a document counts, when it is invoiced or as it is paid.

The rate is the price model of the commission's own item: a unit price, or a scheme with percent over tiers.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

SCALE: Final = 6
"""Decimals kept of quantities that are paid in part."""


class Basis(StrEnum):
    """When a line counts."""

    INVOICED = "invoiced"
    PAID = "paid"


class Measure(StrEnum):
    """What of a line counts: its net amount in major units, or its quantity."""

    REVENUE = "revenue"
    QUANTITY = "quantity"


class CommissionRule(NamedTuple):
    """Which lines an item counts: those that meet every condition; 0 and empty are none."""

    item: int
    since: date
    until: date
    basis: Basis = Basis.INVOICED
    measure: Measure = Measure.REVENUE
    of_contract: int = 0
    of_customer: int = 0
    of_product: int = 0
    of_kind: str = ""


class BaseLine(NamedTuple):
    """An issued line: net in minor units and quantity, both with the sign of the line."""

    invoice: int
    position: int
    product: int
    part: str
    net: int
    quantity: Decimal


class Base(NamedTuple):
    """What counts, under a key that makes it count once."""

    key: str
    day: date
    quantity: Decimal


class Allocated(NamedTuple):
    """Money, or a credit, that was set against a document: minor units with the sign of the document's total."""

    id: int
    day: date
    amount: int


_COUNTED: Final = ("fee", "usage", "once")
"""Parts whose quantity is one of something sold; discounts and goodwill have none."""


def matching(lines: Iterable[BaseLine], rule: CommissionRule) -> list[BaseLine]:
    """Lines that the rule counts."""
    found = [line for line in lines if rule.of_product in (0, line.product)]
    if rule.measure is Measure.QUANTITY:
        found = [line for line in found if line.part.startswith(_COUNTED)]
    return found


def invoiced_base(lines: Sequence[BaseLine], rule: CommissionRule, day: date, digits: int) -> list[Base]:
    """Each line counts on the issue date; what takes it back counts negative on its own."""
    found = []
    for line in matching(lines, rule):
        value = Decimal(line.net).scaleb(-digits) if rule.measure is Measure.REVENUE else line.quantity
        if value:
            found.append(Base(f"{line.invoice}/{line.position}", day, value))
    return found


def paid_base(
    lines: Sequence[BaseLine], rule: CommissionRule, gross: int, paid: Sequence[Allocated], digits: int
) -> list[tuple[int, Base]]:
    """(allocation, base): each line counts in the proportion in which the document's total is paid, each time the
    difference of one rounded running total, so that a document that is paid counts exactly once whole.
    """
    if not gross:
        return []
    found = []
    for line in matching(lines, rule):
        whole, scale = _whole(line, rule, digits)
        through = 0
        for allocation in sorted(paid):
            before, through = through, through + allocation.amount
            share = half_up(whole * through, gross) - half_up(whole * before, gross)
            key = f"{line.invoice}/{line.position}#{allocation.id}"
            found.append((allocation.id, Base(key, allocation.day, Decimal(share).scaleb(-scale))))
    return found


def _whole(line: BaseLine, rule: CommissionRule, digits: int) -> tuple[int, int]:
    """What a line counts when it is paid, as an integer and its decimals."""
    if rule.measure is Measure.REVENUE:
        return line.net, digits
    return half_up(*line.quantity.scaleb(SCALE).as_integer_ratio()), SCALE
