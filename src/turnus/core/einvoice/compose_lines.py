"""Lines of a document in the terms of EN 16931: quantity × price is the line's amount, exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.einvoice.model import Adjustment, Days, Item, Line, Price
from turnus.core.einvoice.texts import clean
from turnus.core.einvoice.units import UNITS
from turnus.core.formatting import format_number
from turnus.core.money import from_minor, half_up, line_amount

if TYPE_CHECKING:
    from turnus.core.document import DocumentLine

DISCOUNT: Final = "95"
"""UNTDID 5189: discount."""
PIECE: Final = "C62"
PRICE_DECIMALS: Final = 6
"""Most decimals of a price that is derived from an amount."""


class Say(NamedTuple):
    """What lines need to know of their document."""

    currency: str
    digits: int
    language: str
    sign: int
    """−1 where all signs are turned."""


class _Priced(NamedTuple):
    """Quantity and price of a line; ``real`` says that they are those of the document."""

    quantity: Decimal
    price: Decimal
    real: bool


def compose_line(line: DocumentLine, say: Say) -> Line:
    """BG-25. An amount that is not quantity × price has quantity 1, the amount as price and the real one in BT-154."""
    net = say.sign * line.net
    negative = net < 0 or (net == 0 and say.sign * line.quantity < 0)
    direction = -1 if negative else 1
    allowance = abs(line.allowance)
    if line.gross_price:
        allowance = half_up(allowance * 10_000, 10_000 + line.tax_rate)
    full = net + direction * allowance
    priced = _priced(line, full, say)
    known = line.unit in UNITS
    texts = [clean(line.description)]
    if not priced.real or not known:
        texts.append(_really(line, say))
    return Line(
        number=str(line.number),
        quantity=priced.quantity,
        unit=line.unit if known and priced.real else PIECE,
        net=from_minor(net, say.currency),
        price=Price(priced.price),
        category=line.tax_category,
        rate=None if line.tax_category == "O" else from_minor(line.tax_rate, "EUR"),
        item=Item(clean(line.name), "\n".join(filter(None, texts)), attributes=_attributes(line, say)),
        note="\n".join(clean(step) for step in line.steps),
        accounting=clean(line.cost_centre),
        period=Days(line.period.start, line.period.last_day) if line.period else None,
        adjustments=(_adjustment(line, allowance, say, charge=negative),) if allowance else (),
    )


def _priced(line: DocumentLine, full: int, say: Say) -> _Priced:
    quantity, price = say.sign * line.quantity, line.unit_price
    if price < 0:
        quantity, price = -quantity, -price
    if not line.gross_price and line_amount(quantity, price, say.digits) == full:
        return _Priced(quantity, price, real=True)
    if line.gross_price and quantity and (quantity < 0) == (full < 0) and not line.days:
        each = (from_minor(full, say.currency) / quantity).quantize(Decimal(1).scaleb(-PRICE_DECIMALS))
        if each * quantity == from_minor(full, say.currency):
            return _Priced(quantity, each, real=True)
    return _Priced(Decimal(-1 if full < 0 else 1), from_minor(abs(full), say.currency), real=False)


def _adjustment(line: DocumentLine, amount: int, say: Say, *, charge: bool) -> Adjustment:
    """BG-27; where the line takes back, its discount is taken back as a charge (BG-28)."""
    given = clean(line.allowance_reason) or ("Rabatt" if say.language == "de" else "Discount")
    if charge:
        given = f"Rücknahme: {given}" if say.language == "de" else f"Taken back: {given}"
    return Adjustment(charge, from_minor(amount, say.currency), reason=given, code="" if charge else DISCOUNT)


def _really(line: DocumentLine, say: Say) -> str:
    """The quantity of the paper, in words: ``3 C62 × 25,00 EUR, 10 von 30 Tagen``."""
    german = say.language == "de"
    number = format_number(abs(line.quantity), say.language)
    text = f"{number} {line.unit} × {format_number(line.unit_price, say.language)} {say.currency}"
    if line.gross_price:
        text += " (brutto)" if german else " (gross)"
    if line.days:
        text += f", {line.days} von {line.whole_days} Tagen" if german else f", {line.days} of {line.whole_days} days"
    if line.share[1]:
        text += f", {'Anteil' if german else 'share'} {line.share[0]}/{line.share[1]}"
    return text


def _attributes(line: DocumentLine, say: Say) -> tuple[tuple[str, str], ...]:
    """BG-32: references for which EN 16931 has no term on line level."""
    german = say.language == "de"
    found = (
        ("Vertrag" if german else "Contract", line.contract),
        ("Bestellung" if german else "Order", line.order_reference),
        ("Korrigiert" if german else "Corrects", line.corrects),
    )
    return tuple((name, clean(value)) for name, value in found if value.strip())
