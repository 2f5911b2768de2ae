"""Rating by a scheme: a quantity in, steps out, each with its exact amount; their sum, rounded once, is the amount.

The steps are the explanation, so explanation and amount cannot differ. Amounts of steps are exact decimals in major
units; a formula's is rounded to 15 decimals before.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.formula import compiled
from turnus.core.money import EXACT, MAX_DECIMALS, canonical, half_up
from turnus.core.schemes import ZERO, Function, Rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from turnus.core.schemes import Break, Scheme, Tier


class Kind(StrEnum):
    """What a step is."""

    ROUNDED = "rounded"
    """The quantity was rounded to ``quantity``; costs nothing by itself."""
    INCLUDED = "included"
    """``quantity`` units cost nothing."""
    PACKAGES = "packages"
    """What is left makes ``quantity`` started packages of ``price`` units."""
    UNITS = "units"
    """``quantity`` units at ``price``."""
    PERCENT = "percent"
    """``price`` percent of ``quantity``."""
    FLAT = "flat"
    """A flat amount of a tier; ``quantity`` is the tier's number."""
    FORMULA = "formula"
    BREAK = "break"
    """A quantity discount: ``price`` percent, or an amount, from ``quantity`` on."""
    LEAST = "least"
    MOST = "most"
    EARLIER = "earlier"
    """What earlier slots of the window were charged: ``quantity`` units."""


_UNITS: Final = Kind.UNITS
"""Python 3.11 is slow to read a member of an enum; what rates every tier names it once."""


class Step(NamedTuple):
    """A piece of an amount; ``price`` in major units or percent; ``amount`` in major units, exact."""

    kind: Kind
    quantity: Decimal
    price: Decimal
    amount: Decimal


def steps(scheme: Scheme, quantity: Decimal, unit_price: Decimal, days: tuple[int, int] = (0, 0)) -> list[Step]:
    """How a quantity of one slot becomes an amount. ``days``: of the item in the slot, and of the slot."""
    found: list[Step] = []
    counted = _counted(scheme, quantity, found)
    FUNCTIONS[scheme.function](scheme, counted, unit_price, days, found)
    if scheme.percent:
        found = [
            step._replace(kind=Kind.PERCENT, amount=EXACT.scaleb(step.amount, -2)) if step.kind is _UNITS else step
            for step in found
        ]
    if scheme.breaks:
        found += _break(scheme.breaks, counted, total(found))
    return found + _bounds(scheme, total(found)) if scheme.least is not None or scheme.most is not None else found


def total(rows: Sequence[Step]) -> Decimal:
    """The exact sum of steps, major units."""
    add, found = EXACT.add, ZERO
    for _kind, _quantity, _price, amount in rows:
        found = add(found, amount)
    return found


def minor(amount: Decimal, digits: int) -> int:
    """An exact amount in major units, rounded once to minor units."""
    return int(EXACT.to_integral_value(EXACT.scaleb(amount, digits)))


# ---- as text, stored with the line that they explain -----------------------------------------------------------------


def text_of(rows: str | Iterable[Step]) -> str:
    """Steps as one text: ``units:100:0.1:10;units:5:0.05:0.25``. What is text already stays."""
    if isinstance(rows, str):
        return rows
    return ";".join([f"{kind}:{':'.join(map(canonical, numbers))}" for kind, *numbers in rows])


def steps_of(rows: str | Iterable[Step]) -> list[Step]:
    """The steps that ``text_of`` wrote. Steps stay."""
    if not isinstance(rows, str):
        return list(rows)
    parts = [row.split(":") for row in rows.split(";")] if rows else []
    return [Step(Kind(kind), Decimal(q), Decimal(price), Decimal(amount)) for kind, q, price, amount in parts]


# ---- the parts, in their order ---------------------------------------------------------------------------------------


def _counted(scheme: Scheme, quantity: Decimal, found: list[Step]) -> Decimal:
    """The quantity that is priced: rounded to the quantum, less what is included, in packages."""
    left = quantity
    if scheme.quantum:
        left = EXACT.multiply(_steps_of(left, scheme.quantum, scheme.rounding), scheme.quantum)
        if left != quantity:
            found.append(Step(Kind.ROUNDED, left, scheme.quantum, ZERO))
    if scheme.included and left > 0:
        free = min(left, scheme.included)
        left = EXACT.subtract(left, free)
        found.append(Step(Kind.INCLUDED, free, ZERO, ZERO))
    if scheme.package:
        left = _steps_of(left, scheme.package, Rounding.UP)
        found.append(Step(Kind.PACKAGES, left, scheme.package, ZERO))
    return left


def _steps_of(quantity: Decimal, size: Decimal, rounding: Rounding) -> Decimal:
    """How many steps of ``size`` a quantity is. What lies below zero is rounded like its opposite."""
    top, bottom = abs(quantity).as_integer_ratio()
    size_top, size_bottom = size.as_integer_ratio()
    whole, rest = divmod(top * size_bottom, bottom * size_top)
    if rounding is Rounding.HALF_UP:
        whole = half_up(top * size_bottom, bottom * size_top)
    elif rounding is Rounding.UP and rest:
        whole += 1
    return Decimal(-whole if quantity < 0 else whole)


def _unit(quantity: Decimal, price: Decimal, found: list[Step]) -> None:
    found.append(Step(_UNITS, quantity, price, EXACT.multiply(quantity, price)))


def _graduated(tiers: Sequence[Tier], quantity: Decimal, found: list[Step]) -> None:
    """Each unit at the price of its tier; a quantity below zero goes back at the price of the first."""
    if quantity < 0:
        _unit(quantity, tiers[0].unit_price, found)
        return
    multiply, subtract, add = EXACT.multiply, EXACT.subtract, found.append
    new = tuple.__new__  # twice as fast as the constructor of a NamedTuple; contracts have many tiers
    below = ZERO
    for number, (up_to, price, flat) in enumerate(tiers, 1):
        if flat:
            add(Step(Kind.FLAT, Decimal(number), flat, flat))
        reached = quantity if up_to is None or quantity <= up_to else up_to
        if reached > below:
            part = subtract(reached, below) if below else reached
            add(new(Step, (_UNITS, part, price, multiply(part, price))))
        if reached is quantity:
            return
        below = reached


def _volume(tiers: Sequence[Tier], quantity: Decimal, found: list[Step]) -> None:
    """All units at the price of the tier that the quantity reaches."""
    number, tier = _reached(tiers, quantity)
    if tier.flat and quantity >= 0:
        found.append(Step(Kind.FLAT, Decimal(number), tier.flat, tier.flat))
    if quantity and (tier.unit_price or not tier.flat):
        _unit(quantity, tier.unit_price, found)


def _reached(tiers: Sequence[Tier], quantity: Decimal) -> tuple[int, Tier]:
    return next((n, tier) for n, tier in enumerate(tiers, 1) if tier.up_to is None or quantity <= tier.up_to)


def _formula(scheme: Scheme, quantity: Decimal, unit_price: Decimal, days: tuple[int, int], found: list[Step]) -> None:
    def by(price: Callable[[Sequence[Tier], Decimal, list[Step]], None]) -> Callable[[Fraction], Fraction]:
        def amount(value: Fraction) -> Fraction:
            rows: list[Step] = []
            price(scheme.tiers, _decimal(value), rows)
            return Fraction(total(rows))

        return amount

    env = {
        "quantity": Fraction(quantity), "price": Fraction(unit_price),
        "days": Fraction(days[0]), "slot_days": Fraction(days[1]),
    }  # fmt: skip
    tiered: dict[str, Callable[[Fraction], Fraction]] = {
        "graduated": by(_graduated), "volume": by(_volume),
        "tier_price": lambda value: Fraction(_reached(scheme.tiers, _decimal(value))[1].unit_price),
    }  # fmt: skip
    amount = compiled(scheme.formula).amount(env, tiered)
    found.append(Step(Kind.FORMULA, quantity, unit_price, _decimal(amount)))


FUNCTIONS: Final[dict[Function, Callable[[Scheme, Decimal, Decimal, tuple[int, int], list[Step]], None]]] = {
    Function.UNIT: lambda _scheme, quantity, price, _days, found: _unit(quantity, price, found),
    Function.GRADUATED: lambda scheme, quantity, _price, _days, found: _graduated(scheme.tiers, quantity, found),
    Function.VOLUME: lambda scheme, quantity, _price, _days, found: _volume(scheme.tiers, quantity, found),
    Function.FORMULA: _formula,
}
"""How each function prices what is counted: scheme, units, the item's unit price, days of the item in the slot and of
the slot; it adds its steps. A new price model is one function and one row here."""


def _decimal(value: Fraction) -> Decimal:
    """A fraction to 15 decimals, half-up."""
    scaled = half_up(value.numerator * 10**MAX_DECIMALS, value.denominator)
    return EXACT.scaleb(Decimal(scaled), -MAX_DECIMALS)


def _break(breaks: Sequence[Break], quantity: Decimal, so_far: Decimal) -> list[Step]:
    """The last threshold that the quantity reaches; never more than there is."""
    reached = [row for row in breaks if quantity >= row.quantity]
    if not reached or so_far <= 0:
        return []
    row = reached[-1]
    off = EXACT.scaleb(EXACT.multiply(so_far, row.percent), -2) if row.percent else min(row.amount, so_far)
    return [Step(Kind.BREAK, row.quantity, row.percent, -off)]


def _bounds(scheme: Scheme, so_far: Decimal) -> list[Step]:
    if scheme.least is not None and so_far < scheme.least:
        return [Step(Kind.LEAST, ZERO, scheme.least, EXACT.subtract(scheme.least, so_far))]
    if scheme.most is not None and so_far > scheme.most:
        return [Step(Kind.MOST, ZERO, scheme.most, EXACT.subtract(scheme.most, so_far))]
    return []
