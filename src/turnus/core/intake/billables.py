"""The file of billable records: one row each, out of any system."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from turnus.core.billables import BillableData
from turnus.core.intake.cells import CellError, Reading, text
from turnus.core.intake.codes import parse_currency
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import first_day
from turnus.core.intake.numbers import amount, in_currency, parse_decimal
from turnus.core.periods import Period

# fmt: off
KEY: Final = Column(
    "key", "Schlüssel|Beleg|id", text(200), "Eindeutig: derselbe Datensatz wird nur einmal berechnet.",
    "Unique: the same record is invoiced once.", required=True,
)
KIND: Final = Column(
    "kind", "Art|Objektart", text(40), "Projekt, Ticket, Auftrag, Deal …; beliebig.",
    "Project, ticket, order, deal …; any.",
)
OBJECT: Final = Column(
    "object", "Objekt|Projekt|Ticket|Auftrag|Deal|project|order|opportunity", text(100),
    "Wozu es gehört: Datensätze eines Objekts kommen auf eine Rechnung.",
    "What it belongs to: records of one object share an invoice.", required=True,
)
CUSTOMER: Final = Column(
    "customer", "Kunde|Kundennummer", text(40), "Kundennummer.", "Number of the customer.", required=True
)
PRODUCT: Final = Column(
    "product", "Artikelnummer|Artikel|Produkt", text(40), "Produkt.", "Product.", required=True
)
QUANTITY: Final = Column("quantity", "Menge|Anzahl", parse_decimal, "Menge; leer: 1.", "Quantity; blank: 1.")
PRICE: Final = Column(
    "price", "Preis|Einzelpreis", amount, "Nettopreis je Einheit.", "Net price of one unit.", required=True
)
CURRENCY: Final = Column(
    "currency", "Währung", parse_currency, "Leer: wie der Kunde.", "Blank: the customer's."
)
FROM: Final = Column(
    "service_from", "Leistung ab|Leistungstag|Leistungsdatum", first_day, "Erster Tag der Leistung.",
    "First day of the service.", required=True,
)
TO: Final = Column(
    "service_to", "Leistung bis", first_day, "Letzter Tag der Leistung (einschließlich); leer: der erste.",
    "Last day of the service (inclusive); blank: the first.",
)
LABEL: Final = Column(
    "label", "Rechnungstext|Text", text(), "Ersetzt den Namen des Produkts.", "Printed instead of the product's name."
)
ORDER: Final = Column(
    "order_reference", "Bestellnummer|Referenz", text(100), "Bestellung des Kunden, auf der Rechnung.",
    "The buyer's order, printed.",
)
COST_CENTRE: Final = Column(
    "cost_centre", "Kostenstelle", text(60), "Kostenstelle des Kunden, auf der Rechnung.",
    "The buyer's cost centre, printed.",
)
# fmt: on

_MOST: Final = Decimal(10) ** 15
"""Major units."""
BILLABLES: Final = Layout(
    "billables",
    (KEY, KIND, OBJECT, CUSTOMER, PRODUCT, QUANTITY, PRICE, CURRENCY, FROM, TO, LABEL, ORDER, COST_CENTRE),
)


def billable_row(row: Values, how: Reading) -> BillableData:
    """One row as a value. Raises ``CellError`` where cells contradict each other."""
    del how
    first, last, given, price = row.need(FROM), row[TO], row[QUANTITY], row.need(PRICE)
    if last is not None and last < first:
        raise CellError("period_negative", column=TO.name, start=first.isoformat())
    if abs((given or 1) * price.value) >= _MOST:
        raise CellError("number_too_large", price.value, column=PRICE.name, limit="15")
    if given == 0:
        raise CellError("number_zero", given, column=QUANTITY.name)
    currency = row[CURRENCY] or price.currency
    return BillableData(
        row.need(KEY), row[KIND] or "", row.need(OBJECT), row.need(CUSTOMER), row.need(PRODUCT),
        Decimal(1) if given is None else given, in_currency(price, currency, PRICE.name) or Decimal(0), currency,
        Period(first, (last or first) + timedelta(days=1)), row[LABEL] or "", row[ORDER] or "", row[COST_CENTRE] or "",
    )  # fmt: skip
