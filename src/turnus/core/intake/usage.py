"""The file of usage: one event per row."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from turnus.core.intake.cells import CellError, Reading, text
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import parse_moment
from turnus.core.intake.numbers import parse_decimal
from turnus.core.usage import UsageEvent

# fmt: off
CONTRACT: Final = Column(
    "contract", "Vertrag|Vertragsnummer", text(40), "Vertragsnummer.", "Number of the contract.", required=True
)
ITEM: Final = Column(
    "item", "Position", text(40), "Code der Vertragsposition.", "Code of the contract's item.", required=True
)
KEY: Final = Column(
    "key", "Schlüssel|Beleg|Ereignis|id", text(200), "Eindeutig je Position: zweimal gemeldet zählt einmal.",
    "Unique per item: reported twice, it counts once.", required=True,
)
AT: Final = Column(
    "at", "Zeitpunkt|Datum|Tag", parse_moment, "Tag oder Zeitpunkt; ohne Zeitzone gilt die des Verkäufers.",
    "Day or moment; without a time zone it is the seller's.", required=True,
)
QUANTITY: Final = Column(
    "quantity", "Menge", parse_decimal, "Verbrauchte Menge, negativ als Korrektur; leer nur neben einem Betrag.",
    "Quantity used, negative to correct; blank only beside an amount.",
)
UNIT: Final = Column("unit", "Einheit", text(40), "Nur zur Information.", "For information.")
AMOUNT: Final = Column(
    "amount", "Betrag", parse_decimal, "Bewerteter Verbrauch: ungerundeter Betrag in der Währung des Vertrags.",
    "Rated usage: unrounded amount in the contract's currency.",
)
DIMENSION: Final = Column(
    "dimension", "Dimension|Merkmal", text(100), "Merkmal zur Aufteilung.", "What to split usage by."
)

USAGE: Final = Layout("usage", (CONTRACT, ITEM, KEY, AT, QUANTITY, UNIT, AMOUNT, DIMENSION))
# fmt: on


def usage_event(row: Values, _how: Reading) -> UsageEvent:
    """One row as an event. Raises ``CellError`` where neither quantity nor amount stands."""
    quantity, money = row[QUANTITY], row[AMOUNT]
    if quantity is None and money is None:
        raise CellError("required", column=QUANTITY.name)
    return UsageEvent(
        contract=row.need(CONTRACT),
        item=row.need(ITEM),
        key=row.need(KEY),
        at=row.need(AT),
        quantity=Decimal(0) if quantity is None else quantity,
        amount=money,
        unit=row[UNIT] or "",
        dimension=row[DIMENSION] or "",
    )
