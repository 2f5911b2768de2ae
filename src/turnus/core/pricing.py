"""How each kind of price is rated. A new price model is one function and one row of ``MODELS``.

A model has a shape, which says how billing treats its charges (billing-core S, Charge), and a function that rates one
slot. The invoice run knows shapes only, never models.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.money import half_up, line_amount, percent_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from turnus.core.contracts import Discount, Terms

ONE: Final = Decimal(1)


class Shape(StrEnum):
    """SPREAD is cut by days; USAGE comes from records and is compared whole; ONCE has no period at all."""

    SPREAD = "spread"
    USAGE = "usage"
    ONCE = "once"


class Measured(NamedTuple):
    """What was used in one slot: exact quantity, and the records' own amounts as a running total around the slot."""

    quantity: Decimal
    amount: int
    before: int
    scale: int
    """Decimals of ``amount`` and ``before`` (major units of the currency)."""


class Rated(NamedTuple):
    """A slot's amount in minor units with the quantity and unit price that explain it."""

    amount: int
    quantity: Decimal
    unit_price: Decimal


class PriceModel(NamedTuple):
    """A row of the table: shape and rating function ``(terms, measured, digits) → Rated``."""

    shape: Shape
    rate: Callable[[Terms, Measured, int], Rated]


NOTHING_USED: Final = Measured(Decimal(0), 0, 0, 0)


def _flat(terms: Terms, _measured: Measured, digits: int) -> Rated:
    return Rated(line_amount(ONE, terms.unit_price, digits), ONE, terms.unit_price)


def _per_unit(terms: Terms, _measured: Measured, digits: int) -> Rated:
    return Rated(line_amount(terms.quantity, terms.unit_price, digits), terms.quantity, terms.unit_price)


def _metered(terms: Terms, measured: Measured, digits: int) -> Rated:
    return Rated(line_amount(measured.quantity, terms.unit_price, digits), measured.quantity, terms.unit_price)


def _rated(_terms: Terms, measured: Measured, digits: int) -> Rated:
    """Difference of the rounded running total: what stays below half a minor unit is carried, never lost."""
    unit = 10**measured.scale

    def through(total: int) -> int:
        return half_up(total * 10**digits, unit)

    amount = through(measured.before + measured.amount) - through(measured.before)
    return Rated(amount, -ONE if amount < 0 else ONE, Decimal(abs(amount)).scaleb(-digits))


MODELS: Final[dict[Model, PriceModel]] = {
    Model.ONE_OFF: PriceModel(Shape.ONCE, _per_unit),
    Model.RECURRING_FLAT: PriceModel(Shape.SPREAD, _flat),
    Model.RECURRING_UNIT: PriceModel(Shape.SPREAD, _per_unit),
    Model.METERED_UNIT: PriceModel(Shape.USAGE, _metered),
    Model.RATED: PriceModel(Shape.USAGE, _rated),
}


def discounted(amount: int, discounts: Sequence[Discount], given: dict[int, int] | None = None) -> tuple[int, str]:
    """Reduce a slot's amount: first percentages, one after the other on what is left, then amounts; never below zero.

    ``given`` (discount → minor units): what amounts took off other parts of the slot; it grows by what they take here.
    Returns the allowance (minor units, ≥ 0 for a positive amount) and the labels of the discounts that took part.
    """
    left = amount
    labels = []
    for discount in sorted(discounts, key=lambda d: (d.percent is None, d.id)):
        if discount.percent is not None:
            left -= percent_of(left, discount.percent)
        elif left > 0:
            before = given.get(discount.id, 0) if given else 0
            taken = min(left, (discount.amount or 0) - before)
            left -= taken
            if given is not None:
                given[discount.id] = before + taken
        labels.append(discount.label)
    return amount - left, ", ".join(labels)
