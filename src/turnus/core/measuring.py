"""One event → the integer that counts: unit, rounding to the quantum, scale. Exact; nothing else is rounded here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.faults import Fault, fault
from turnus.core.intake.cells import CellError, Reading
from turnus.core.intake.units import UNITS, near_units, parse_unit
from turnus.core.money import half_up
from turnus.core.pricing import MODELS, Shape
from turnus.core.schemes import Rounding
from turnus.core.usage import LEVELS, PLAIN, Aggregation, InvalidFilterError, check_filter

if TYPE_CHECKING:
    from turnus.core.usage import Metering

LIMIT: Final = 2**62
"""Largest integer of one event; of a level, which is multiplied by the seconds of a day, a part of it."""
_LONGEST_DAY: Final = 90_000
METERED_SCALE: Final = 6
"""Decimals kept of metered quantities, unless the unit asks for more."""
HOUR: Final = 3_600

_KINDS: Final = (
    {"SEC": 1, "MIN": 60, "HUR": 3_600, "DAY": 86_400, "WEE": 604_800},
    {"WHR": 1, "KWH": 10**3, "MWH": 10**6},
    {"AD": 1, "2P": 10**3, "4L": 10**6, "E34": 10**9, "E35": 10**12, "E36": 10**15},
    {"GRM": 1, "KGM": 10**3, "TNE": 10**6},
    {"MMT": 1, "CMT": 10, "MTR": 10**3, "KMT": 10**6},
    {"MLT": 1, "LTR": 10**3, "MTQ": 10**6},
    {"C62": 1, "DZN": 12, "MIL": 10**3},
)
"""Units of one kind with their size in the smallest of them."""
_SIZES: Final = {code: (kind, size) for kind, sizes in enumerate(_KINDS) for code, size in sizes.items()}


class UncountableError(ValueError):
    """A quantity cannot be counted. ``code`` names the text that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


class Counting(NamedTuple):
    """How the events of an item become integers of 1 / (10^scale × per) of its unit."""

    aggregation: Aggregation
    scale: int
    per: int
    unit: str
    quantum: int
    """In these integers; 0: events are not rounded."""
    rounding: Rounding


def scale_of(metering: Metering) -> tuple[int, int]:
    """Decimals and divisor of an item's integers, so that its unit's smaller units fit without a rest."""
    if metering.aggregation is Aggregation.TIME:
        return METERED_SCALE, HOUR
    if metering.aggregation is Aggregation.UNIQUE:
        return METERED_SCALE, 1
    _kind, size = _SIZES.get(metering.unit, (0, 1))
    decimals = len(str(size)) - 1
    if size == 10**decimals:
        return max(METERED_SCALE, decimals), 1
    return METERED_SCALE, size


def counting(metering: Metering) -> Counting:
    """How an item counts. Raises ``UncountableError`` for a quantum that is not above zero or has too many decimals."""
    scale, per = scale_of(metering)
    plain = Counting(metering.aggregation, scale, per, metering.unit, 0, metering.rounding)
    if metering.quantum is None:
        return plain
    quantum = _integer(metering.quantum, plain, Fraction(1))
    if quantum <= 0:
        raise UncountableError("quantum_zero", quantum=str(metering.quantum))
    return plain._replace(quantum=quantum)


def metering_faults(metering: Metering, model: Model, item: str) -> list[Fault]:
    """Everything that is wrong with how an item is to be measured."""
    faults = []
    summed = replace(PLAIN, meter=metering.meter, only=metering.only, display=metering.display)
    if MODELS[model].shape is not Shape.USAGE and metering != PLAIN:
        faults.append(fault("metering_without_usage", item=item))
    if model is Model.RATED and metering != summed:
        faults.append(fault("rated_is_summed", item=item))
    try:
        check_filter(metering.only)
    except InvalidFilterError as error:
        faults.append(fault("filter_invalid", item=item, filter=error))
    if metering.unit and metering.unit not in UNITS:
        faults.append(fault("unit_unknown", item=item, unit=metering.unit, near=near_units(metering.unit)))
    try:
        counting(metering)
    except UncountableError as error:
        faults.append(fault(error.code, item=item, **error.params))
    return faults


def counted(how: Counting, quantity: Decimal | None, unit: str) -> int:
    """What one event counts. Raises ``UncountableError``."""
    aggregation = how.aggregation
    if aggregation is Aggregation.COUNT:
        sign = 1 if quantity is None else (quantity > 0) - (quantity < 0)
        return _integer(Decimal(sign), how, _ratio("C62", how.unit) if how.unit in _KINDS[-1] else Fraction(1))
    if quantity is None:
        if aggregation is not Aggregation.UNIQUE:
            raise UncountableError("quantity_missing")
        quantity = Decimal(1)
    same = not unit or not how.unit or aggregation in {Aggregation.TIME, Aggregation.UNIQUE}
    found = _integer(quantity, how, Fraction(1) if same else _ratio(unit, how.unit))
    if aggregation in LEVELS and abs(found) > LIMIT // _LONGEST_DAY:
        raise UncountableError("out_of_range")
    return found


def _integer(quantity: Decimal, how: Counting, ratio: Fraction) -> int:
    top, bottom = quantity.as_integer_ratio()
    # A level is measured in its own unit; the time it lasts brings the divisor.
    top *= ratio.numerator * 10**how.scale * (1 if how.aggregation is Aggregation.TIME else how.per)
    bottom *= ratio.denominator
    if how.quantum:
        found = how.quantum * _steps(top, bottom * how.quantum, how.rounding)
    else:
        found, rest = divmod(top, bottom)
        if rest:
            raise UncountableError("too_many_decimals", decimals=str(how.scale))
    if abs(found) > LIMIT:
        raise UncountableError("out_of_range")
    return found


def _steps(top: int, bottom: int, rounding: Rounding) -> int:
    """The quotient as an integer, so that a negative event takes back just what the positive one counted."""
    if rounding is Rounding.HALF_UP:
        return half_up(top, bottom)
    size = abs(top) // bottom if rounding is Rounding.DOWN else -(-abs(top) // bottom)
    return -size if top < 0 else size


@lru_cache(maxsize=4_096)
def _ratio(unit: str, wanted: str) -> Fraction:
    """How many of the wanted unit one of ``unit`` is: a minute is 1/60 of an hour."""
    code = unit_code(unit)
    if code == wanted:
        return Fraction(1)
    kind, size = _SIZES.get(code, (-1, 1))
    other, whole = _SIZES.get(wanted, (-2, 1))
    if kind != other:
        raise UncountableError("unit_differs", unit=unit, wanted=wanted)
    return Fraction(size, whole)


def unit_code(word: str) -> str:
    """The UN/ECE code of a unit as a source writes it: ``Minuten`` → MIN. Raises ``UncountableError``."""
    try:
        return parse_unit(word, _ANYWHERE)
    except CellError:
        raise UncountableError("unit_unknown", unit=word) from None


_ANYWHERE: Final = Reading(None)  # type: ignore[arg-type]  # a unit is read the same in every zone
