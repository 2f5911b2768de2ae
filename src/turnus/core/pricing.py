"""How each kind of price is rated. A new price model is one function and one row of ``MODELS``.

A model has a shape, which says how billing treats its charges (billing-core S, Charge), and a function that rates one
slot. The invoice run knows shapes only, never models.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.money import EXACT, allocate, half_up, line_amount
from turnus.core.rating import Kind, Step, minor, steps, total
from turnus.core.schemes import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from turnus.core.contracts import Terms
    from turnus.core.schemes import Scheme

ONE: Final = Decimal(1)
_UNITS: Final = Kind.UNITS


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
    earlier: Decimal | None = None
    """Quantity of earlier days on which the scheme counts on, of its window or of a slot that is cut; None: none."""
    days: tuple[int, int] = (0, 0)
    """Days of the item in the slot so far, and of the slot."""
    earlier_days: int = 0
    """Days of the item in the slot before this part of it."""


class Rated(NamedTuple):
    """A slot's amount in minor units with the quantity and unit price that explain it."""

    amount: int
    quantity: Decimal
    unit_price: Decimal
    steps: tuple[Step, ...] = ()
    """By a scheme: how the amount came about."""


class PriceModel(NamedTuple):
    """A row of the table: shape and rating function ``(terms, measured, digits) → Rated``."""

    shape: Shape
    rate: Callable[[Terms, Measured, int], Rated]


NOTHING_USED: Final = Measured(Decimal(0), 0, 0, 0)


def _flat(terms: Terms, measured: Measured, digits: int) -> Rated:
    return _priced(ONE, terms, measured, digits)


def _per_unit(terms: Terms, measured: Measured, digits: int) -> Rated:
    if terms.scheme is None:
        return Rated(line_amount(terms.quantity, terms.unit_price, digits), terms.quantity, terms.unit_price)
    return by_scheme(terms.scheme, terms.quantity, terms.unit_price, measured, digits)


def _metered(terms: Terms, measured: Measured, digits: int) -> Rated:
    return _priced(measured.quantity, terms, measured, digits)


def _priced(quantity: Decimal, terms: Terms, measured: Measured, digits: int) -> Rated:
    if terms.scheme is None:
        return Rated(line_amount(quantity, terms.unit_price, digits), quantity, terms.unit_price)
    return by_scheme(terms.scheme, quantity, terms.unit_price, measured, digits)


def by_scheme(scheme: Scheme, quantity: Decimal, unit_price: Decimal, measured: Measured, digits: int) -> Rated:
    """Rate a quantity by a scheme; where it counts on from earlier days, as the difference of its running total, so
    that the slots of a window and the parts of a slot add up.

    On paper a quantity has a unit price where all units have the same; else the line says 1 × amount and its steps.
    """
    whole = quantity if measured.earlier is None else EXACT.add(quantity, measured.earlier)
    rows = steps(scheme, whole, unit_price, measured.days)
    exact = total(rows)
    amount = minor(exact, digits)
    if measured.earlier is not None:
        before = (measured.earlier_days, measured.days[1])
        earlier = total(steps(scheme, measured.earlier, unit_price, before))
        amount -= minor(earlier, digits)
        rows.append(Step(Kind.EARLIER, measured.earlier, ZERO, -earlier))
    if len(rows) == 1 and rows[0].kind is _UNITS and rows[0].quantity == quantity and not scheme.percent:
        return Rated(amount, quantity, rows[0].price, tuple(rows))
    return Rated(amount, -ONE if amount < 0 else ONE, Decimal(abs(amount)).scaleb(-digits), tuple(rows))


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


def products_of(
    terms: Terms, rated: Rated, amount: int, allowance: int, digits: int
) -> Sequence[tuple[str, int, int, int, Decimal, Decimal]]:
    """What each product has of a slot: (suffix of its part, product, amount, allowance, unit price, quantity).

    The price of a set is shared over its products by their weights: each part keeps its own VAT, the parts add up.
    """
    if terms.scheme is None or not terms.scheme.parts:
        return (("", terms.product, amount, allowance, rated.unit_price, rated.quantity),)
    parts = terms.scheme.parts
    weights = [part.weight for part in parts]
    rows = []
    for part, share, off in zip(parts, allocate(amount, weights), allocate(allowance, weights), strict=True):
        price = Decimal(abs(share + off)).scaleb(-digits)
        rows.append((f":{part.product}", part.product, share, off, price, -ONE if share + off < 0 else ONE))
    return rows
