"""The file of products: one row per price; the product's own columns repeat."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from turnus.core.catalog import Model, PriceData, ProductData, ProductKind, TaxClass
from turnus.core.intake.cells import CellError, Reading, choice, text, yes_no
from turnus.core.intake.codes import parse_country, parse_currency
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import first_day, last_day
from turnus.core.intake.numbers import amount, in_currency
from turnus.core.intake.units import parse_unit

parse_model: Final = choice(
    {
        Model.ONE_OFF: "one_off|einmalig|einmal|once|setup",
        Model.RECURRING_FLAT: "recurring_flat|pauschal|fest|flat|grundgebühr|abo",
        Model.RECURRING_UNIT: "recurring_unit|je einheit|pro einheit|je stück|per unit|per seat|je nutzer",
        Model.METERED_UNIT: "metered_unit|verbrauch|nach verbrauch|metered|usage",
        Model.RATED: "rated|bewertet|bewerteter verbrauch|rated usage",
    }
)
_KIND: Final = choice(
    {
        ProductKind.SERVICE: "service|dienstleistung|leistung",
        ProductKind.ELECTRONIC: "electronic|elektronisch|elektronische dienstleistung|digital|e-service",
        ProductKind.GOODS: "goods|ware|waren|lieferung",
    }
)
_TAX_CLASS: Final = choice(
    {
        TaxClass.STANDARD: "standard|normal|voll|regelsteuersatz|19|19 %|19%",
        TaxClass.REDUCED: "reduced|ermäßigt|7|7 %|7%",
        TaxClass.ZERO: "zero|null|nullsteuersatz|0|0 %|0%",
        TaxClass.EXEMPT: "exempt|steuerfrei|befreit",
    }
)

# fmt: off
CODE: Final = Column(
    "code", "Artikelnummer|Artikel-Nr|Produktnummer|sku|product", text(40),
    "Eigene Nummer des Produkts; je Preis eine Zeile.", "Your number of the product; one row per price.", required=True,
)
NAME: Final = Column(
    "name", "Bezeichnung|Name|Artikelname", text(), "Deutscher Name, wie er auf der Rechnung steht.",
    "German name as printed on the invoice.", required=True,
)
NAME_EN: Final = Column("name_en", "Bezeichnung englisch", text(), "Englischer Name.", "English name.")
TEXT: Final = Column(
    "description", "Beschreibung", text(2000, lines=True), "Zusatztext auf der Rechnung.", "More text on the invoice."
)
TEXT_EN: Final = Column(
    "description_en", "Beschreibung englisch", text(2000, lines=True), "Zusatztext englisch.", "More text in English."
)
KIND: Final = Column(
    "kind", "Leistungsart|Art", _KIND, "Dienstleistung, elektronisch oder Ware; leer: Dienstleistung.",
    "service, electronic or goods; blank: service.",
)
TAX_CLASS: Final = Column(
    "tax_class", "Steuerklasse|Steuersatz|MwSt", _TAX_CLASS,
    "standard (19 %), ermäßigt (7 %), null (0 %, § 12 Abs. 3 UStG) oder steuerfrei (§ 4 UStG); leer: standard.",
    "standard, reduced, zero (§ 12 (3) UStG) or exempt (§ 4 UStG); blank: standard.",
)
UNIT: Final = Column(
    "unit", "Einheit|Mengeneinheit", parse_unit, "Stück, Monat, Stunde, kWh, GB … oder UN/ECE-Kürzel; leer: Stück.",
    "piece, month, hour, kWh, GB … or a UN/ECE code; blank: piece.",
)
MODEL: Final = Column(
    "model", "Preismodell|Preisart", parse_model,
    "one_off (einmalig), recurring_flat (pauschal), recurring_unit (je Einheit), metered_unit (Verbrauch) oder rated.",
    "one_off, recurring_flat, recurring_unit, metered_unit or rated.", required=True,
)
CURRENCY: Final = Column(
    "currency", "Währung", parse_currency, "Kürzel wie EUR; leer: Währung des Verkäufers.",
    "Code such as EUR; blank: the seller's currency.",
)
PRICE: Final = Column(
    "price",
    "Preis|Einzelpreis", amount, "Preis je Einheit und Abrechnungszeitraum; nur bei bewertetem Verbrauch leer.",
    "Price of one unit and one fee period; blank only for rated usage.",
)
GROSS: Final = Column(
    "gross", "Brutto|Bruttopreis", yes_no, "ja: Preis enthält die Umsatzsteuer; leer: nein.",
    "yes: the price includes VAT; blank: no.",
)
SCHEME: Final = Column(
    "scheme", "Preisschema|Staffel", text(40), "Code eines Preisschemas (Staffel, Paket, Provision); leer: je Einheit.",
    "Code of a price scheme: tiers, packages, commission …; blank: per unit.",
)
VALID_FROM: Final = Column(
    "valid_from", "Gültig ab", first_day, "Erster Tag des Preises.", "First day of the price.", required=True
)
VALID_TO: Final = Column(
    "valid_to", "Gültig bis", last_day, "Letzter Tag des Preises (einschließlich); leer: offen.",
    "Last day of the price (inclusive); blank: open.",
)
PRICE_LIST: Final = Column(
    "price_list", "Preisliste", text(40), "Nur in dieser Preisliste; leer: für alle.",
    "Only in this price list; blank: for everybody.",
)
COUNTRY: Final = Column(
    "country", "Land", parse_country, "Nur für Kunden dieses Landes; leer: für alle.",
    "Only for customers of this country; blank: of all.",
)

PRODUCT_COLUMNS: Final[tuple[Column[Any], ...]] = (CODE, NAME, NAME_EN, TEXT, TEXT_EN, KIND, TAX_CLASS, UNIT)
"""What must be the same in all rows of one product."""
PRODUCTS: Final = Layout(
    "products", (*PRODUCT_COLUMNS, MODEL, CURRENCY, PRICE, GROSS, SCHEME, VALID_FROM, VALID_TO, PRICE_LIST, COUNTRY)
)
DESCRIPTION: Final = Layout("products", PRODUCT_COLUMNS)
"""A product without a price."""
# fmt: on


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with one of its prices."""

    product: ProductData
    price: PriceData


def product_data(row: Values) -> ProductData:
    """The product of a row."""
    return ProductData(
        code=row.need(CODE),
        name=row.need(NAME),
        name_en=row[NAME_EN] or "",
        description=row[TEXT] or "",
        description_en=row[TEXT_EN] or "",
        kind=row[KIND] or ProductKind.SERVICE,
        tax_class=row[TAX_CLASS] or TaxClass.STANDARD,
        unit=row[UNIT] or "C62",
    )


def product_row(row: Values, how: Reading) -> ProductRow:
    """One row as values. Raises ``CellError`` where cells contradict each other."""
    product = product_data(row)
    model, start, end = row.need(MODEL), row.need(VALID_FROM), row[VALID_TO]
    currency = row[CURRENCY] or how.currency
    unit_price = in_currency(row[PRICE], currency, PRICE.name)
    if unit_price is None and model is not Model.RATED and not row[SCHEME]:
        raise CellError("required", column=PRICE.name)
    if end is not None and end <= start:
        raise CellError("period_negative", column=VALID_TO.name, start=start.isoformat())
    price = PriceData(
        product=product.code,
        model=model,
        currency=currency,
        unit_price=Decimal(0) if unit_price is None else unit_price,
        valid_from=start,
        valid_to=end,
        gross=row[GROSS] or False,
        scheme=row[SCHEME] or "",
        price_list=row[PRICE_LIST] or "",
        country=row[COUNTRY] or "",
    )
    return ProductRow(product, price)
