"""The file of a marketplace's trades: one row each, also what corrects or cancels an earlier one."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from turnus.core.intake.cells import CellError, Reading, choice, text
from turnus.core.intake.codes import parse_currency
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import first_day
from turnus.core.intake.numbers import amount, in_currency
from turnus.core.marketplace import Act, Trade, TradeRow
from turnus.core.money import InexactAmountError, to_minor

# fmt: off
MARKET: Final = Column(
    "marketplace", "Marktplatz", text(40), "Code des Marktplatzes.", "Code of the marketplace.", required=True
)
KEY: Final = Column(
    "key", "Schlüssel|Transaktion|Bestellung|id", text(200), "Eindeutig je Marktplatz: zweimal gemeldet zählt einmal.",
    "Unique per marketplace: reported twice, it counts once.", required=True,
)
ACT: Final = Column(
    "act", "Vorgang|Art",
    choice({Act.SALE: "sale|Verkauf", Act.CORRECTION: "correction|Korrektur|Berichtigung",
            Act.CANCELLATION: "cancellation|Storno|Stornierung"}),
    "Verkauf (oder leer), Korrektur, Storno.", "sale (or blank), correction, cancellation.",
)
OF: Final = Column(
    "of", "Zu Schlüssel|Betrifft", text(200), "Bei Korrektur und Storno: Schlüssel der Zeile, die nicht mehr zählt.",
    "Of a correction or cancellation: key of the row that counts no more.",
)
PRODUCT: Final = Column("product", "Artikelnummer|Produkt", text(40), "Produkt.", "Product.")
BUYER: Final = Column("buyer", "Käufer", text(40), "Kundennummer des Käufers.", "Customer number of the buyer.")
SUPPLIER: Final = Column(
    "supplier", "Anbieter|Verkäufer|Lieferant", text(40), "Kundennummer des Anbieters.",
    "Customer number of the supplier.",
)
NET: Final = Column("net", "Netto|Betrag netto", amount, "Nettobetrag, größer als 0.", "Net amount above 0.")
CURRENCY: Final = Column(
    "currency", "Währung", parse_currency, "Leer: die des Verkäufers.", "Blank: the seller's."
)
DAY: Final = Column("day", "Tag|Datum|Leistungstag", first_day, "Tag der Leistung.", "Day of the supply.")
# fmt: on

TRADES: Final = Layout("trades", (MARKET, KEY, ACT, OF, PRODUCT, BUYER, SUPPLIER, NET, CURRENCY, DAY))
_NEEDED: Final[tuple[Column[Any], ...]] = (PRODUCT, BUYER, SUPPLIER, NET, DAY)


def trade_row(row: Values, how: Reading) -> TradeRow:
    """One row as a value. Raises ``CellError`` where cells are missing or contradict each other."""
    act, of = row[ACT] or Act.SALE, row[OF] or ""
    if act is Act.SALE and of:
        raise CellError("trade_of_sale", of, column=OF.name)
    if act is not Act.SALE and not of:
        raise CellError("required", column=OF.name)
    key = row.need(KEY)
    if act is Act.CANCELLATION:
        return TradeRow(row.need(MARKET), Trade(key, act, of, "", "", "", 0, "", date.min))
    for column in _NEEDED:
        if row[column] is None:
            raise CellError("required", column=column.name)
    given = row.need(NET)
    currency = row[CURRENCY] or given.currency or how.currency
    value = in_currency(given, currency, CURRENCY.name)
    try:
        net = to_minor(value, currency) if value is not None else 0
    except InexactAmountError:
        raise CellError("amount_decimals", f"{value:f}", column=NET.name, currency=currency) from None
    if net <= 0:
        raise CellError("number_zero", f"{value:f}", column=NET.name)
    parties = (row.need(PRODUCT), row.need(BUYER), row.need(SUPPLIER))
    return TradeRow(row.need(MARKET), Trade(key, act, of, *parties, net, currency, row.need(DAY)))
