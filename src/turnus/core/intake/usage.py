"""The file of usage: one event per row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from turnus.core.intake.cells import Cell, CellError, Reading, is_blank, text
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import parse_moment
from turnus.core.intake.numbers import parse_decimal
from turnus.core.usage import UsageRecord, local_moment

# fmt: off
CONTRACT: Final = Column(
    "contract", "Vertrag|Vertragsnummer", text(40), "Vertragsnummer.", "Number of the contract.", required=True
)
ITEM: Final = Column(
    "item", "Position|Zähler|meter", text(60), "Zähler, oder Code der Vertragsposition.",
    "Meter, or code of the contract's item.", required=True,
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
    "quantity", "Menge", parse_decimal,
    "Verbrauchte Menge oder erreichter Stand, auch negativ; leer zählt ein Ereignis als eines.",
    "Quantity used or level reached, also negative; blank counts an event as one.",
)
UNIT: Final = Column(
    "unit", "Einheit", text(40), "Hat die Position eine Einheit, wird umgerechnet; sonst nur zur Information.",
    "Converted where the item has a unit; else for information.",
)
AMOUNT: Final = Column(
    "amount", "Betrag", parse_decimal, "Bewerteter Verbrauch: ungerundeter Betrag in der Währung des Vertrags.",
    "Rated usage: unrounded amount in the contract's currency.",
)
DIMENSION: Final = Column(
    "dimension", "Dimension|Merkmal", text(100), "Merkmale zur Aufteilung: region=eu;art=anruf.",
    "What to split usage by: region=eu;kind=call.",
)
SUBJECT: Final = Column(
    "subject", "Gegenstand|Objekt", text(100), "Wovon: Nutzer, Gerät, Speicher; verschiedene werden gezählt.",
    "What it is of: user, device, bucket; different ones are counted.",
)
CORRECTS: Final = Column(
    "corrects", "Berichtigt", text(200),
    "Schlüssel des Ereignisses, das dieses ersetzt; ohne Menge: nur zurückgenommen.",
    "Key of the event that this one replaces; without a quantity it is only taken back.",
)

USAGE: Final = Layout(
    "usage", (CONTRACT, ITEM, KEY, AT, QUANTITY, UNIT, AMOUNT, DIMENSION, SUBJECT, CORRECTS)
)
# fmt: on


def usage_record(row: Values, how: Reading) -> UsageRecord:
    """One row as an event."""
    day, moment = local_moment(row.need(AT), how.zone)
    return UsageRecord(
        contract=row.need(CONTRACT),
        meter=row.need(ITEM),
        key=row.need(KEY),
        day=day,
        quantity=row[QUANTITY],
        amount=row[AMOUNT],
        unit=row[UNIT] or "",
        dimension=row[DIMENSION] or "",
        moment=moment,
        subject=row[SUBJECT] or "",
        corrects=row[CORRECTS] or "",
    )


# ---- millions of rows ------------------------------------------------------------------------------------------------

_REMEMBERED: Final = 50_000
"""Different cells of a column whose values are remembered."""
_INSTANT: Final = re.compile(
    r"(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3}|\.[0-9]{6})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
_KEY_LENGTH: Final = 200


class _Slow(Exception):
    """Not a cell that the quick way reads."""


def quick_reader(columns: Sequence[Column[Any] | None], how: Reading) -> Callable[[Sequence[Cell]], UsageRecord | None]:
    """A reader of rows of text as machines write them, many times as fast; None: it is for the layout to read the row.

    ``columns``: the column of each cell. What both read, they read the same (tested).
    """
    width = len(columns)
    places = {column.name: index for index, column in enumerate(columns) if column}
    strays = [index for index, column in enumerate(columns) if column is None]
    order = (CONTRACT, ITEM, KEY, AT, QUANTITY, AMOUNT, UNIT, DIMENSION, SUBJECT, CORRECTS)
    a, b, c, d, e, f, g, h, i, j = (places.get(column.name, width) for column in order)
    contract, meter, quantity, amount = (_Remembered(column, how) for column in (CONTRACT, ITEM, QUANTITY, AMOUNT))
    unit, dimension, subject = (_Remembered(column, how) for column in (UNIT, DIMENSION, SUBJECT))
    moment, make = _moment(how), UsageRecord._make

    def read(row: Sequence[Cell]) -> UsageRecord | None:
        cells = (*row, "")
        if len(row) != width or any(cells[stray] for stray in strays):
            return None
        try:
            day, micros = moment(cells[d])
            return make(
                (contract[cells[a]], meter[cells[b]], _plain(cells[c]) or _slow(), day, quantity[cells[e]],
                 amount[cells[f]], unit[cells[g]], dimension[cells[h]], micros, subject[cells[i]], _plain(cells[j]))
            )  # fmt: skip
        except (CellError, _Slow):
            return None

    return read


def _slow() -> str:
    raise _Slow


def _plain(cell: Cell) -> str:
    """A key of ASCII signs, which needs neither trimming nor another form."""
    if type(cell) is not str or len(cell) > _KEY_LENGTH or not (cell.isascii() and cell.isprintable()):
        raise _Slow
    if cell[:1] == " " or cell[-1:] == " ":
        raise _Slow
    return cell


class _Remembered(dict[Any, Any]):
    """Text of a cell → its value, which is parsed once; many cells of a column are the same."""

    def __init__(self, column: Column[Any], how: Reading) -> None:
        super().__init__()
        self.column, self.how = column, how

    def __missing__(self, cell: Cell) -> Any:  # noqa: ANN401 - as the column has it
        if type(cell) is not str or (self.column.required and is_blank(cell)):
            raise _Slow
        if len(self) >= _REMEMBERED:
            self.clear()
        blank = None if self.column in {QUANTITY, AMOUNT} else ""
        value = self[cell] = blank if is_blank(cell) else self.column.parse(cell, self.how)
        return value


def _moment(how: Reading) -> Callable[[Cell], tuple[date, int]]:
    """Local day and microseconds of an instant with its zone, or of a day."""
    days: dict[str, date] = {}

    def read(cell: Cell) -> tuple[date, int]:
        if type(cell) is not str:
            raise _Slow
        if _INSTANT.fullmatch(cell):
            try:
                return local_moment(datetime.fromisoformat(cell), how.zone)
            except ValueError:
                raise _Slow from None
        day = days.get(cell)
        if day is None:
            at = parse_moment(cell, how)
            if isinstance(at, datetime):
                return local_moment(at, how.zone)
            if len(days) >= _REMEMBERED:
                days.clear()
            day = days[cell] = at
        return day, 0

    return read
