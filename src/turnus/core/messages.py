"""Every code with which Turnus refuses, parks or holds something: what is wrong and how to mend it, in two languages.

The texts of files and their cells stand in ``core/intake/texts``. A part in square brackets is left out where one of
its blanks is empty. Days in the parameters are ISO dates and are written as the language writes them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from turnus.core.formatting import format_date
from turnus.core.words import (
    archive,
    contracts,
    delivery,
    design,
    documents,
    explaining,
    markets,
    offers,
    prices,
    pricing,
    runs,
    setup,
    tax,
    terms,
    usage,
    validation,
)
from turnus.core.words.einvoice import TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **tax.TEXTS,
    **runs.TEXTS,
    **contracts.TEXTS,
    **prices.TEXTS,
    **pricing.TEXTS,
    **explaining.TEXTS,
    **terms.TEXTS,
    **usage.TEXTS,
    **documents.TEXTS,
    **design.TEXTS,
    **delivery.TEXTS,
    **setup.TEXTS,
    **offers.TEXTS,
    **validation.TEXTS,
    **markets.TEXTS,
    **archive.TEXTS,
}
"""Code → (German, English)."""

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "seller.name": ("Name des Verkäufers", "the seller's name"),
    "seller.street": ("Straße des Verkäufers", "the seller's street"),
    "seller.postcode": ("PLZ des Verkäufers", "the seller's postcode"),
    "seller.city": ("Ort des Verkäufers", "the seller's city"),
    "seller.vat_id": ("USt-IdNr oder Steuernummer des Verkäufers", "the seller's VAT id or tax number"),
    "buyer.name": ("Name des Kunden", "the customer's name"),
    "buyer.street": ("Straße des Kunden", "the customer's street"),
    "buyer.postcode": ("PLZ des Kunden", "the customer's postcode"),
    "buyer.city": ("Ort des Kunden", "the customer's city"),
    "buyer.vat_id": ("USt-IdNr des Kunden", "the customer's VAT id"),
    "supplier.agreement": ("Vereinbarung der Gutschrift mit dem Lieferanten", "the supplier's consent to self-billing"),
    "supplier.vat_id": ("USt-IdNr oder Steuernummer des Lieferanten", "the supplier's VAT id or tax number"),
    "lines": ("Zeilen", "lines"),
    "scheme.quantum": ("Schritt der Menge", "step of the quantity"),
    "scheme.included": ("Inklusivmenge", "included quantity"),
    "scheme.package": ("Größe des Pakets", "size of the package"),
    "scheme.least": ("Mindestbetrag", "least amount"),
    "scheme.most": ("Höchstbetrag", "most"),
    "scheme.tier_bound": ("Obergrenze von Stufe", "upper bound of tier"),
    "scheme.tier_price": ("Preis von Stufe", "price of tier"),
    "scheme.tier_flat": ("Pauschale von Stufe", "flat amount of tier"),
    "scheme.break_quantity": ("Schwelle von Mengenrabatt", "threshold of quantity discount"),
    "scheme.break_percent": ("Prozent von Mengenrabatt", "percent of quantity discount"),
    "scheme.break_amount": ("Betrag von Mengenrabatt", "amount of quantity discount"),
}
"""Field of ``Missing`` → what a person calls it."""

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART: Final = re.compile(r"\[(.*?)\]")
_BLANK: Final = re.compile(r"{(\w+)}")
_FIELD: Final = re.compile(r"(?:seller|buyer|supplier|scheme)\.\w+|\blines\b|\b(?:BT|BG)-\d+(?:-\d)?\b")


def message(code: str, params: Mapping[str, str], language: str) -> str:
    """What is wrong and how to mend it. ``language``: ``de``, or else English. A blank without a value shows ``?``."""
    template = TEXTS[code][0 if language == "de" else 1]
    blanks = {name: _written(value, language) for name, value in params.items()}

    def part(match: re.Match[str]) -> str:
        return match[1] if all(blanks.get(name) for name in _BLANK.findall(match[1])) else ""

    return _PART.sub(part, template).format_map(_Blanks(blanks))


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _written(value: str, language: str) -> str:
    if _ISO.fullmatch(value):
        return format_date(date.fromisoformat(value), language)
    return _FIELD.sub(lambda match: field_name(match[0], language), value)


def field_name(field: str, language: str) -> str:
    """What a person calls a field that is missing: ``buyer.street`` → ``Straße des Kunden``; BT ids likewise."""
    names = FIELDS.get(field) or TERMS.get(field)
    return names[0 if language == "de" else 1] if names else field
