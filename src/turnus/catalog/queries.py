"""Products, prices and price schemes for reading, as frozen rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import ProductFacts, price_rows, product_facts
from turnus.catalog.models import Price, PriceScheme, VatRate
from turnus.catalog.offer import UnknownProductError
from turnus.core.schemes import Scheme, scheme_of
from turnus.core.text import sort_key

if TYPE_CHECKING:
    from decimal import Decimal


class SchemeRow(NamedTuple):
    """A named price scheme in its newest version."""

    code: str
    version: int
    body: str
    scheme: Scheme


def scheme_rows(seller: int) -> list[SchemeRow]:
    """All named price schemes of a seller by code; those agreed for single contracts are left out."""
    rows = PriceScheme.objects.filter(seller_id=seller).exclude(code__startswith="#").order_by("code", "version")
    newest = {code: (number, version, body) for number, code, version, body in
              rows.values_list("id", "code", "version", "body")}  # fmt: skip
    return [
        SchemeRow(code, version, body, scheme_of(body)._replace(id=number))
        for code, (number, version, body) in newest.items()
    ]


class PriceLine(NamedTuple):
    """A catalogue price on ``[valid_from, valid_to)``."""

    model: str
    currency: str
    unit_price: Decimal
    gross: bool
    scheme: int | None
    valid_from: date
    valid_to: date | None
    price_list: str
    country: str


class ProductDetail(NamedTuple):
    """A product with its prices."""

    product: ProductFacts
    prices: list[PriceLine]


def product_lines(seller: int, *, search: str = "") -> list[ProductFacts]:
    """Products in order of their codes; ``search`` is part of a code or name."""
    wanted = sort_key(search)
    rows = product_facts(seller).values()
    return sorted(
        (row for row in rows if wanted in sort_key(f"{row.code} {row.name} {row.name_en}")), key=lambda row: row.code
    )


def product_detail(seller: int, code: str) -> ProductDetail:
    """One product. Raises ``UnknownProductError``."""
    found = next((row for row in product_facts(seller).values() if row.code == code), None)
    if found is None:
        raise UnknownProductError(code)
    prices = [
        PriceLine(row.model, currency, *row[1:])
        for (_product, currency), rows in price_rows(Price.objects.filter(product_id=found.product)).items()
        for row in rows
    ]
    prices.sort(key=lambda row: (row.currency, row.price_list, row.country, row.valid_from))
    return ProductDetail(found, prices)


class RateLine(NamedTuple):
    """A rate of VAT in basis points on ``[valid_from, valid_to)``."""

    country: str
    tax_class: str
    rate: int
    valid_from: date
    valid_to: date
    source: str


def rate_rows() -> list[RateLine]:
    """All rates of VAT by country, class and first day."""
    columns = ("country", "tax_class", "rate", "valid_from", "valid_to", "source")
    return [
        RateLine(*row) for row in VatRate.objects.order_by("country", "tax_class", "valid_from").values_list(*columns)
    ]
