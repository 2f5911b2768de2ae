"""Price schemes: how a quantity becomes money where it is more than quantity × unit price.

A scheme is data: parts that combine freely, in this fixed order. The quantity is rounded to ``quantum``; ``included``
units are free; what is left is counted in packages of ``package``; ``function`` prices it (per unit, by tiers, or by a
formula); ``breaks`` take off from a threshold on; ``least`` and ``most`` bound the amount of a slot. ``parts`` share
the result over the products of a set. How each is computed stands in ``core/rating.py``.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.core.faults import Fault
from turnus.core.formula import FormulaError, compiled, needs_tiers
from turnus.core.money import MAX_DECIMALS, canonical
from turnus.core.periods import Cycle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ZERO: Final = Decimal(0)
LARGEST: Final = Decimal(10) ** 15
"""Bound of every number in a scheme, exclusive."""


class Function(StrEnum):
    """How the counted units are priced."""

    UNIT = "unit"
    """Each unit at the item's unit price."""
    GRADUATED = "graduated"
    """Each unit at the price of its own tier."""
    VOLUME = "volume"
    """All units at the price of the tier that the quantity reaches."""
    FORMULA = "formula"
    """What an expression says (``core/formula.py``)."""


class Rounding(StrEnum):
    """How a quantity is brought to a multiple of the quantum."""

    UP = "up"
    HALF_UP = "half_up"
    DOWN = "down"


class Tier(NamedTuple):
    """Units up to and including ``up_to`` (None: the rest). Prices in major units, or percent where the scheme says."""

    up_to: Decimal | None
    unit_price: Decimal = ZERO
    flat: Decimal = ZERO
    """Major units, once, as soon as the tier is reached; the first tier is reached by nothing already."""


class Break(NamedTuple):
    """A quantity discount: from this quantity on, percent or an amount (major units) off the slot."""

    quantity: Decimal
    percent: Decimal = ZERO
    amount: Decimal = ZERO


class Part(NamedTuple):
    """A product of a set, and its weight in the sharing of the price."""

    product: int
    weight: int


class Scheme(NamedTuple):
    """A price scheme. ``id`` is its stored version; 0: not stored."""

    function: Function = Function.UNIT
    tiers: tuple[Tier, ...] = ()
    percent: bool = False
    """Prices are percent of the quantity, which is an amount in major units (commission on revenue)."""
    quantum: Decimal = ZERO
    """Size of the steps that quantities are rounded to; 0: none. 15 with ``UP``: started 15 minutes."""
    rounding: Rounding = Rounding.UP
    included: Decimal = ZERO
    """Units of a slot that cost nothing."""
    package: Decimal = ZERO
    """Units of a package; started packages count whole and prices are those of a package. 0: single units."""
    breaks: tuple[Break, ...] = ()
    least: Decimal | None = None
    """The amount of a slot is at least this, major units; not shared over time (a minimum fee is)."""
    most: Decimal | None = None
    formula: str = ""
    parts: tuple[Part, ...] = ()
    window: Cycle | None = None
    """Tiers and included units count over this cycle on the item's anchor; None: each slot for itself."""
    id: int = 0


def by_days(scheme: Scheme | None) -> bool:
    """The formula of the scheme looks at the days of a slot. A fee is priced for the whole slot, then cut by days."""
    return scheme is not None and scheme.function is Function.FORMULA and "days" in scheme.formula


def counting(scheme: Scheme | None) -> tuple[object, ...]:
    """How a scheme counts, whatever it costs: of two that count alike the second goes on where the first stopped."""
    if scheme is None:
        return ()
    bounds = [tier.up_to for tier in scheme.tiers]
    breaks = [row.quantity for row in scheme.breaks]
    return (
        scheme.function, bounds, scheme.percent, scheme.quantum, scheme.rounding, scheme.included, scheme.package,
        breaks, scheme.formula, scheme.window,
    )  # fmt: skip


class SchemeError(ValueError):
    """A scheme is not in order. ``faults`` lists all that is wrong, never the first only."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*(f"{fault.code} {dict(fault.params)}" for fault in faults))
        self.faults = list(faults)


# ---- validation ------------------------------------------------------------------------------------------------------


def check(scheme: Scheme) -> None:
    """Raises ``SchemeError`` with everything that is wrong."""
    if faults := list(faults_of(scheme)):
        raise SchemeError(faults)


def faults_of(scheme: Scheme) -> Iterable[Fault]:
    """Everything that is wrong with a scheme."""
    yield from _numbers(scheme)
    if scheme.tiers and scheme.function is Function.UNIT:
        yield Fault("scheme_tiers_unused", {})
    elif scheme.tiers or scheme.function in {Function.GRADUATED, Function.VOLUME} or needs_tiers(scheme.formula):
        yield from _tiers(scheme.tiers)
    yield from _formula(scheme)
    yield from _breaks(scheme.breaks)
    if scheme.least is not None and scheme.most is not None and scheme.least > scheme.most:
        yield Fault("scheme_least_above_most", {"least": str(scheme.least), "most": str(scheme.most)})
    if scheme.window is not None and scheme.window.months + scheme.window.days < 1:
        yield Fault("scheme_window", {})
    yield from _parts(scheme.parts)


def _numbers(scheme: Scheme) -> Iterable[Fault]:
    """No number is negative, too large, or finer than 15 decimals."""
    named: list[tuple[str, int, Decimal | None]] = [
        ("quantum", 0, scheme.quantum), ("included", 0, scheme.included), ("package", 0, scheme.package),
        ("least", 0, scheme.least), ("most", 0, scheme.most),
    ]  # fmt: skip
    for place, tier in enumerate(scheme.tiers, 1):
        named += [("tier_bound", place, tier.up_to), ("tier_price", place, tier.unit_price),
                  ("tier_flat", place, tier.flat)]  # fmt: skip
    for place, row in enumerate(scheme.breaks, 1):
        named += [("break_quantity", place, row.quantity), ("break_percent", place, row.percent),
                  ("break_amount", place, row.amount)]  # fmt: skip
    for field, place, value in named:
        if value is None:
            continue
        blanks = {"field": f"scheme.{field}", "place": str(place or ""), "value": str(value)}
        if value < 0:
            yield Fault("scheme_negative", blanks)
        elif value >= LARGEST or -int(value.as_tuple().exponent) > MAX_DECIMALS:
            yield Fault("scheme_number", blanks)


def _tiers(tiers: Sequence[Tier]) -> Iterable[Fault]:
    if not tiers:
        yield Fault("scheme_no_tiers", {})
        return
    for place, (tier, following) in enumerate(pairwise(tiers), 1):
        if tier.up_to is None:
            yield Fault("scheme_open_tier", {"tier": str(place)})
        elif following.up_to is not None and following.up_to <= tier.up_to:
            bounds = {"tier": str(place + 1), "bound": str(following.up_to), "before": str(tier.up_to)}
            yield Fault("scheme_tiers_overlap", bounds)
    if tiers[-1].up_to is not None:
        yield Fault("scheme_tiers_end", {"bound": str(tiers[-1].up_to)})
    if tiers[0].up_to is not None and tiers[0].up_to <= 0:
        yield Fault("scheme_first_tier", {"bound": str(tiers[0].up_to)})


def _formula(scheme: Scheme) -> Iterable[Fault]:
    if scheme.function is not Function.FORMULA:
        if scheme.formula:
            yield Fault("scheme_formula_unused", {})
        return
    try:
        names = compiled(scheme.formula).names
    except FormulaError as error:
        yield Fault("scheme_formula", {"formula": scheme.formula, "at": str(error.place), "why": error.what})
        return
    if scheme.window is not None and names & {"days", "slot_days"}:
        yield Fault("scheme_formula_days", {"formula": scheme.formula})


def _breaks(breaks: Sequence[Break]) -> Iterable[Fault]:
    for place, row in enumerate(breaks, 1):
        if bool(row.percent) == bool(row.amount):
            yield Fault("scheme_break_kind", {"break": str(place)})
        if row.percent > 100:
            yield Fault("scheme_break_percent", {"break": str(place), "percent": str(row.percent)})
        if place > 1 and row.quantity <= breaks[place - 2].quantity:
            yield Fault("scheme_break_order", {"break": str(place), "quantity": str(row.quantity)})


def _parts(parts: Sequence[Part]) -> Iterable[Fault]:
    if parts and sum(part.weight for part in parts) <= 0:
        yield Fault("scheme_no_weight", {})
    for part in parts:
        if part.weight < 0:
            yield Fault("scheme_weight", {"product": str(part.product), "weight": str(part.weight)})
    if len({part.product for part in parts}) != len(parts):
        yield Fault("scheme_part_twice", {})


# ---- as text ---------------------------------------------------------------------------------------------------------


def text_of(scheme: Scheme) -> str:
    """Canonical JSON: numbers as text, keys sorted, what is not used left out. The same scheme gives the same text."""
    found: dict[str, Any] = {}
    for name, value in scheme._asdict().items():
        if name != "id" and value != Scheme._field_defaults[name]:
            found[name] = _plain(value)
    return json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a tree of plain values
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


@lru_cache(maxsize=4_096)
def scheme_of(text: str) -> Scheme:
    """The scheme that ``text_of`` wrote. Raises ``ValueError`` for anything else."""
    raw: dict[str, Any] = json.loads(text)
    if raw.keys() - Scheme._field_defaults.keys() or "id" in raw:
        raise ValueError(text)
    try:
        return Scheme(**{name: _READ[name](value) for name, value in raw.items()})
    except (TypeError, InvalidOperation, KeyError) as error:
        raise ValueError(text) from error


def _optional(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


_READ: Final[dict[str, Any]] = {
    "function": Function,
    "tiers": lambda rows: tuple(Tier(_optional(row[0]), Decimal(row[1]), Decimal(row[2])) for row in rows),
    "percent": bool,
    "quantum": Decimal,
    "rounding": Rounding,
    "included": Decimal,
    "package": Decimal,
    "breaks": lambda rows: tuple(Break(*map(Decimal, row)) for row in rows),
    "least": _optional,
    "most": _optional,
    "formula": str,
    "parts": lambda rows: tuple(Part(*row) for row in rows),
    "window": lambda row: Cycle(*row),
}
