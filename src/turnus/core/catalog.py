"""Products and their dated prices as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


class Model(StrEnum):
    """Kinds of price. How each is rated stands in ``core/pricing.py``; a new model is one entry there."""

    ONE_OFF = "one_off"
    RECURRING_FLAT = "recurring_flat"
    RECURRING_UNIT = "recurring_unit"
    METERED_UNIT = "metered_unit"
    RATED = "rated"


class ProductKind(StrEnum):
    """What is sold, as far as the place of supply depends on it (L-12)."""

    SERVICE = "service"
    ELECTRONIC = "electronic"
    GOODS = "goods"


class TaxClass(StrEnum):
    """Tax class of a product; the rate is a dated row per country and class, but for what is never taxed."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    """Taxed at 0 % (§ 12 Abs. 3 UStG: photovoltaics)."""
    EXEMPT = "exempt"
    """Free of VAT at home (§ 4 UStG: health, education, insurance, letting)."""


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product of one seller's catalogue."""

    code: str
    name: str
    """German name."""
    name_en: str = ""
    description: str = ""
    description_en: str = ""
    kind: ProductKind = ProductKind.SERVICE
    tax_class: TaxClass = TaxClass.STANDARD
    unit: str = "C62"
    """UN/ECE Recommendation 20 code."""


@dataclass(frozen=True, slots=True)
class PriceData:
    """The price of a product from one day on."""

    product: str
    model: Model
    currency: str
    unit_price: Decimal
    """Major units for one unit and one fee period; 0 for rated usage."""
    valid_from: date
    valid_to: date | None = None
    """Half-open: the first day on which it no longer holds."""
    gross: bool = False
    scheme: str = ""
    """Code of the price scheme that it follows; empty: quantity × unit price."""
    price_list: str = ""
    """Code of the price list that it stands in; empty: for everybody."""
    country: str = ""
    """Only for customers of this country (ISO 3166-1); empty: of every country."""
