"""What both writers share: elements in fixed order, never an empty one, and exact decimals as text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lxml import etree

from turnus.core.money import CURRENCIES
from turnus.ports import Rejected

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import Invoice

child = etree.SubElement

_EXPONENTS: Final = {digits: Decimal(1).scaleb(-digits) for digits in range(5)}


def leaf(parent: Element, tag: str, text: str, name: str = "", value: str = "") -> None:
    """An element with text and at most one attribute; nothing where the text is empty."""
    if text:
        element = child(parent, tag)
        element.text = text
        if value:
            element.set(name, value)


def digits_of(currency: str) -> int:
    """Decimals with which amounts of a currency are written; EN 16931 allows two at most (BR-DEC)."""
    return min(CURRENCIES.get(currency, 2), 2)


def money(value: Decimal, digits: int) -> str:
    """An amount with the currency's decimals; what has more is written as it is, never rounded."""
    if value.as_tuple().exponent == -digits:
        return f"{value:f}"
    fixed = value.quantize(_EXPONENTS[digits])
    return f"{fixed:f}" if fixed == value else plain(value)


def plain(value: Decimal) -> str:
    """A price, quantity, rate or percentage in its shortest exact form, without an exponent."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def serialised(root: Element) -> bytes:
    """UTF-8 with declaration; equal trees give equal bytes."""
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found


def one(values: tuple[object, ...], term: str, syntax: str) -> None:
    """Raises ``Rejected`` where the syntax has no place for a second value."""
    if len(values) > 1:
        raise Rejected(f"{syntax} holds one {term} only.", f"{syntax} nimmt nur ein {term} auf.")


def refused(invoice: Invoice, error: ValueError) -> Rejected:
    """What to raise where a text holds characters that XML does not allow."""
    return Rejected(
        f"Invoice {invoice.number} holds characters that XML does not allow: {error}",
        f"Rechnung {invoice.number} enthält Zeichen, die XML nicht erlaubt: {error}",
    )
