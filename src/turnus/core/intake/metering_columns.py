"""Columns of the file of contracts that say how an item measures usage."""

from __future__ import annotations

from typing import Any, Final

from turnus.core.intake.cells import Cell, CellError, Reading, as_text, choice, text
from turnus.core.intake.columns import Column, Values
from turnus.core.intake.numbers import parse_decimal
from turnus.core.intake.units import parse_unit
from turnus.core.schemes import Rounding
from turnus.core.usage import Aggregation, Display, InvalidFilterError, Metering, check_filter

parse_aggregation: Final = choice(
    {
        Aggregation.SUM: "sum|summe",
        Aggregation.COUNT: "count|anzahl|ereignisse",
        Aggregation.UNIQUE: "unique|verschiedene|eindeutige|distinct",
        Aggregation.MAX: "max|maximum|höchster|höchstwert",
        Aggregation.LAST: "last|letzter|letzter wert|letzter stand",
        Aggregation.TIME: "time|zeit|zeitgewichtet|mal stunden|time weighted",
        Aggregation.AVERAGE: "average|durchschnitt|mittel|im mittel",
    }
)
parse_rounding: Final = choice(
    {
        Rounding.UP: "up|auf|aufrunden|angefangene",
        Rounding.DOWN: "down|ab|abrunden|volle",
        Rounding.HALF_UP: "half_up|kaufmännisch|nearest",
    }
)
parse_display: Final = choice(
    {
        Display.TOTAL: "total|zeile|eine zeile|gesamt",
        Display.TABLE: "table|tabelle",
        Display.APPENDIX: "appendix|anlage|anhang",
    }
)


def parse_filter(cell: Cell, how: Reading) -> str:
    """``region=eu|ch;art!=test``."""
    only = text(200)(cell, how)
    try:
        check_filter(only)
    except InvalidFilterError:
        raise CellError("filter", as_text(cell)) from None
    return only


# fmt: off
METER: Final = Column(
    "meter", "Zähler", text(60), "Zähler, auf den die Position hört; leer: ihr eigener Code.",
    "Meter that the item listens to; blank: its own code.",
)
AGGREGATION: Final = Column(
    "aggregation", "Aggregation|Verdichtung", parse_aggregation,
    "Summe, Anzahl, verschiedene, Maximum, letzter, Zeit (Stand × Stunden), Durchschnitt; leer: Summe.",
    "sum, count, unique, max, last, time (level × hours), average; blank: sum.",
)
ONLY: Final = Column(
    "usage_filter", "Verbrauchsfilter", parse_filter, "Nur Ereignisse mit diesen Merkmalen: region=eu|ch;art!=test.",
    "Only events with these dimensions: region=eu|ch;kind!=test.",
)
UNIT: Final = Column(
    "usage_unit", "Verbrauchseinheit", parse_unit, "Einheit, in der gezählt und bepreist wird: Stunde, GB.",
    "Unit that is counted and priced: hour, GB.",
)
QUANTUM: Final = Column(
    "quantum", "Taktung|Takt", parse_decimal, "Jedes Ereignis zählt in Vielfachen davon: 0,25 Stunden.",
    "Each event counts in multiples of it: 0.25 hours.",
)
ROUNDING: Final = Column(
    "quantum_rounding", "Taktrundung", parse_rounding, "auf (angefangene), ab (volle) oder kaufmännisch; leer: auf.",
    "up (begun), down (full) or half_up; blank: up.",
)
DISPLAY: Final = Column(
    "usage_display", "Verbrauchsdarstellung", parse_display,
    "Auf der Rechnung als eine Zeile, Tabelle oder Anlage; leer: Zeile.",
    "On the invoice as one line (total), table or appendix; blank: total.",
)
METERING: Final[tuple[Column[Any], ...]] = (METER, AGGREGATION, ONLY, UNIT, QUANTUM, ROUNDING, DISPLAY)
# fmt: on


def metering_of(row: Values) -> Metering:
    """How the item of a row measures usage."""
    return Metering(
        row[METER] or "", row[AGGREGATION] or Aggregation.SUM, row[ONLY] or "", row[UNIT] or "", row[QUANTUM],
        row[ROUNDING] or Rounding.UP, row[DISPLAY] or Display.TOTAL,
    )  # fmt: skip
