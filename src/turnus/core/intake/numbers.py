"""Numbers as people write them → exact decimals: ``1234,56``, ``1.234,56``, ``1234.56``, ``1 234,56 €``.

What has two readings is asked back: ``1.234`` is 1234 or 1,234. Nothing is rounded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from turnus.core.intake.cells import Cell, CellError, Parser, Reading, as_text
from turnus.core.intake.codes import parse_currency
from turnus.core.money import MAX_DECIMALS

_MAX_DIGITS: Final = 15
_SPACES: Final = re.compile("[ \u00a0\u2007\u2009\u202f'\u2019]")
_EXPONENT: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_FORMS: Final = [
    (group, point, re.compile(rf"([+-]?)([1-9][0-9]{{0,2}}(?:[{group}][0-9]{{3}})+|[0-9]*)(?:[{point}]([0-9]+))?"))
    for point in ",."
    for group in ",._"
    if group != point
]
"""Grouping sign, decimal sign, and sign, head and tail of a number written with them."""


class Amount(NamedTuple):
    """A number in major units and the currency that stood beside it, if any."""

    value: Decimal
    currency: str


def parse_decimal(cell: Cell, how: Reading) -> Decimal:
    """An exact number with up to 15 digits before and 15 after the decimal sign, without trailing zeros."""
    shown = as_text(cell)
    if isinstance(cell, bool | date):
        raise CellError("number", shown)
    if isinstance(cell, int | Decimal):
        return _bounded(Decimal(cell), shown)
    body = _SPACES.sub("_", shown.replace("\N{MINUS SIGN}", "-"))
    if _EXPONENT.fullmatch(body):
        raise CellError("number_exponent", shown)
    values = set(_readings(body, how.decimal))
    if len(values) > 1:
        fraction, whole = sorted(values, key=Decimal.copy_abs)
        raise CellError("number_ambiguous", shown, whole=f"{whole:f}", fraction=format_decimal(fraction))
    if not values:
        raise CellError("number", shown)
    return _bounded(values.pop(), shown)


def _readings(body: str, decimal: str) -> Iterator[Decimal]:
    for group, point, form in _FORMS:
        match = form.fullmatch(body)
        if match and (match[2] or match[3]) and decimal in ("", point):
            yield Decimal(f"{match[1]}{match[2].replace(group, '')}.{match[3] or ''}")


def _bounded(value: Decimal, shown: str) -> Decimal:
    """The value within 15 + 15 digits, without trailing zeros or exponent. Built from text: no context rounds it."""
    if not value.is_finite():
        raise CellError("number", shown)
    if value.adjusted() >= _MAX_DIGITS:
        raise CellError("number_too_large", shown, limit=str(_MAX_DIGITS))
    head, _, tail = f"{value:f}".partition(".")
    tail = tail.rstrip("0")
    if len(tail) > MAX_DECIMALS:
        raise CellError("number_decimals", shown, limit=str(MAX_DECIMALS))
    return Decimal(f"{head}.{tail}") if tail else Decimal(int(head))


def number(low: int | None = None, high: int | None = None) -> Parser[Decimal]:
    """Parser of an exact number within inclusive bounds."""

    def parse(cell: Cell, how: Reading) -> Decimal:
        value = parse_decimal(cell, how)
        if low is not None and value < low:
            raise CellError("number_low", as_text(cell), limit=str(low))
        if high is not None and value > high:
            raise CellError("number_high", as_text(cell), limit=str(high))
        return value

    return parse


def whole(low: int, high: int) -> Parser[int]:
    """Parser of an integer within inclusive bounds."""
    parse_number = number(low, high)

    def parse(cell: Cell, how: Reading) -> int:
        value = parse_number(cell, how)
        if value != int(value):
            raise CellError("number_whole", as_text(cell))
        return int(value)

    return parse


def percent(cell: Cell, how: Reading) -> Decimal:
    """A percentage above 0 and up to 100: ``10``, ``12,5 %``."""
    value = number(0, 100)(cell.strip().removesuffix("%").strip() if isinstance(cell, str) else cell, how)
    if not value:
        raise CellError("number_zero", as_text(cell))
    return value


def amount(cell: Cell, how: Reading) -> Amount:
    """A price or an amount in major units, with or without its currency: ``1.234,56 €``, ``CHF 12.50``, ``-5``."""
    if not isinstance(cell, str):
        return Amount(parse_decimal(cell, how), "")
    match = re.fullmatch(r"(€|[A-Za-z]{3})?\s*([^€A-Za-z]+?)\s*(€|[A-Za-z]{3})?", cell.strip())
    if match is None or (match[1] and match[3]):
        return Amount(parse_decimal(cell, how), "")
    sign = match[1] or match[3]
    return Amount(parse_decimal(match[2], how), parse_currency(sign, how) if sign else "")


def in_currency(given: Amount | None, currency: str, column: str) -> Decimal | None:
    """The amount's value. Raises ``CellError`` where another currency stands beside it."""
    if given is None:
        return None
    if given.currency not in ("", currency):
        raise CellError("currency_conflict", given.currency, column=column, currency=currency)
    return given.value


def format_decimal(value: Decimal, point: str = ",") -> str:
    """Exact, without exponent or grouping, and never with two readings: 1.234 → ``1,2340``. Parsing gives it back."""
    head, _, tail = f"{value:f}".partition(".")
    tail = tail.rstrip("0")
    if len(tail) == 3 and re.fullmatch("-?[1-9][0-9]{0,2}", head):
        tail += "0"
    return f"{head}{point}{tail}" if tail else head
