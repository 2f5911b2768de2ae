"""Rows of the catalogue → core values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.models import ExchangeRate, Price, PriceScheme, Product, ProductVersion, VatRate
from turnus.core.catalog import Model, ProductKind, TaxClass
from turnus.core.money import canonical
from turnus.core.price_lists import EVERYBODY, Market, PriceRow, price_on, windows
from turnus.core.schemes import Scheme, scheme_of
from turnus.core.tax import RateRow, RateTable
from turnus.records.bulk import read

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet


class ProductFacts(NamedTuple):
    """A product's newest version."""

    product: int
    version: int
    code: str
    name: str
    name_en: str
    description: str
    description_en: str
    kind: ProductKind
    tax_class: TaxClass
    unit: str


class PinnedPrice(NamedTuple):
    """A catalogue price that a contract item pins."""

    model: Model
    unit_price: Decimal
    gross: bool
    scheme: int | None = None
    """The version of a price scheme."""


_COLUMNS = (
    "product_id", "id", "product__code", "name", "name_en", "description", "description_en", "kind",
    "tax_class", "unit",
)  # fmt: skip


def rate_table() -> RateTable:
    """All VAT rates, the latest first: a new rate ends the one before it, whose last day nobody knew."""
    rows = VatRate.objects.order_by("-valid_from", "-id")
    return RateTable(
        RateRow(*row) for row in rows.values_list("country", "tax_class", "valid_from", "valid_to", "rate")
    )


def exchange_texts(on: date) -> dict[str, str]:
    """Currency → units for one EUR as known on a day, canonical text."""
    rows = ExchangeRate.objects.filter(valid_from__lte=on).order_by("valid_from")
    return {currency: canonical(rate) for currency, rate in rows.values_list("currency", "rate")}


def product_facts(seller: int) -> dict[int, ProductFacts]:
    """Product id → newest version, of the whole catalogue."""
    rows = ProductVersion.objects.filter(product__seller_id=seller).order_by("id").values_list(*_COLUMNS)
    return {row[0]: _product(row) for row in rows}


def product_versions(versions: Collection[int]) -> dict[int, ProductFacts]:
    """Version id → product as a document line froze it."""
    return {row[1]: _product(row) for row in ProductVersion.objects.filter(id__in=versions).values_list(*_COLUMNS)}


def _product(row: tuple[int, int, str, str, str, str, str, str, str, str]) -> ProductFacts:
    product, version, code, name, name_en, text, text_en, kind, tax_class, unit = row
    return ProductFacts(
        product, version, code, name, name_en, text, text_en, ProductKind(kind), TaxClass(tax_class), unit
    )


def product_names(products: Collection[int], language: str) -> dict[int, str]:
    """Product id → name of its newest version."""
    rows = ProductVersion.objects.filter(product_id__in=products).order_by("id")
    named = rows.values_list("product_id", "name", "name_en")
    return {product: english if english and language != "de" else name for product, name, english in named}


def product_ids(seller: int) -> dict[str, int]:
    """Product code → id."""
    return dict(Product.objects.filter(seller_id=seller).values_list("code", "id"))


def schemes_of(ids: Collection[int]) -> dict[int, Scheme]:
    """Stored price schemes by the id of their version."""
    rows = read(PriceScheme, ("id", "body"), "id", ids)
    return {number: scheme_of(body)._replace(id=number) for number, body in rows}


def scheme_names(ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """Version of a named price scheme → its code and number."""
    rows = PriceScheme.objects.filter(id__in=ids).exclude(code__startswith="#")
    return {number: (code, version) for number, code, version in rows.values_list("id", "code", "version")}


class PriceBook:
    """The catalogue of a seller, loaded once: product ids by code, and the prices valid on a day."""

    def __init__(self, seller: int) -> None:
        self.seller = seller
        self.products = product_ids(seller)
        named = PriceScheme.objects.filter(seller_id=seller).exclude(code__startswith="#").order_by("version")
        self.schemes = dict(named.values_list("code", "id"))
        """Code of a price scheme → its newest version."""
        self._prices = price_rows(Price.objects.filter(product__seller_id=seller))
        self.lists = {row.price_list for rows in self._prices.values() for row in rows} - {""}
        self.countries = {row.country for rows in self._prices.values() for row in rows} - {""}

    def price_on(
        self, product: int, currency: str, day: date, model: Model | None = None, market: Market = EVERYBODY
    ) -> PinnedPrice | None:
        """The price that holds on a day in a market."""
        row = self.row_on(product, currency, day, model, market)
        return None if row is None else PinnedPrice(*row[:4])

    def row_on(
        self, product: int, currency: str, day: date, model: Model | None = None, market: Market = EVERYBODY
    ) -> PriceRow | None:
        """The same with its days, price list and country."""
        return price_on(self._prices.get((product, currency), ()), day, market, model)

    def windows(
        self, product: int, currency: str, since: date, model: Model, market: Market
    ) -> list[tuple[date, PinnedPrice | None]]:
        """The prices that hold from a day on, each with its first day; None: no price holds."""
        found = windows(self._prices.get((product, currency), ()), since, market, model)
        return [(day, None if row is None else PinnedPrice(*row[:4])) for day, row in found]


def price_rows(prices: QuerySet[Price]) -> dict[tuple[int, str], list[PriceRow]]:
    """(product, currency) → its prices, in the order of their first days."""
    found: dict[tuple[int, str], list[PriceRow]] = {}
    columns = (
        "product_id", "currency", "model", "unit_price", "gross", "scheme_id", "valid_from", "valid_to", "price_list",
        "country",
    )  # fmt: skip
    for product, currency, model, *rest in prices.order_by("valid_from", "id").values_list(*columns):
        found.setdefault((product, currency), []).append(PriceRow(Model(model), *rest))
    return found
