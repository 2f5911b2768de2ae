"""The files of price adjustment: index values by month, and what customers declared."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.campaigns import Answer
from turnus.core.indices import IndexValue
from turnus.core.intake.cells import Cell, CellError, Reading, as_text, choice, text
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import parse_moment
from turnus.core.intake.numbers import parse_decimal

if TYPE_CHECKING:
    from decimal import Decimal

DEFAULT_SERIES: Final = "VPI"
_MONTH: Final = re.compile(r"(?:([0-9]{4})-([0-9]{1,2})(?:-01)?|(?:0?1\.)?([0-9]{1,2})[./]([0-9]{4}))")


def parse_month(cell: Cell, _how: Reading) -> date:
    """A month → its first day: ``2026-10``, ``10/2026``, ``10.2026``, ``01.10.2026``."""
    if isinstance(cell, date):
        if cell.day == 1 and (not isinstance(cell, datetime) or cell.time() == datetime.min.time()):
            return date(cell.year, cell.month, 1)
        raise CellError("month", as_text(cell))
    match = _MONTH.fullmatch(as_text(cell))
    if match is None:
        raise CellError("month", as_text(cell))
    try:
        return date(int(match[1] or match[4]), int(match[2] or match[3]), 1)
    except ValueError:
        raise CellError("month", as_text(cell)) from None


def _positive(cell: Cell, how: Reading) -> Decimal:
    value = parse_decimal(cell, how)
    if value <= 0:
        raise CellError("number_zero", as_text(cell))
    return value


# fmt: off
SERIES: Final = Column(
    "series", "Reihe|Index", text(40), "Kürzel der Reihe mit Basisjahr, leer: VPI.",
    "Code of the series with its base year, blank: VPI.",
)
MONTH: Final = Column("month", "Monat", parse_month, "Monat: 2026-10 oder 10/2026.", "Month: 2026-10.", required=True)
VALUE: Final = Column("value", "Wert|Indexstand", _positive, "Indexstand.", "Value of the index.", required=True)
SOURCE: Final = Column(
    "source", "Quelle", text(200), "Wo der Wert veröffentlicht ist.", "Where the value was published.", required=True
)

INDEX: Final = Layout("index", (SERIES, MONTH, VALUE, SOURCE))

CONTRACT: Final = Column(
    "contract", "Vertrag|Vertragsnummer", text(40), "Vertragsnummer.", "Number of the contract.", required=True
)
ANSWER: Final = Column(
    "answer", "Antwort|Erklärung",
    choice({
        Answer.CONSENT: "yes|ja|zustimmung|consent|zugestimmt",
        Answer.REFUSAL: "no|nein|ablehnung|refusal|abgelehnt",
        Answer.TERMINATION: "termination|kündigung|sonderkündigung|gekündigt",
    }),
    "ja, nein oder Kündigung.", "yes, no or termination.", required=True,
)
AT: Final = Column(
    "at", "Zeitpunkt|Datum|Tag", parse_moment, "Wann erklärt; ohne Zeitzone gilt die des Verkäufers.",
    "When it was declared; without a time zone it is the seller's.", required=True,
)
CHANNEL: Final = Column(
    "channel", "Weg|Kanal", text(60), "Brief, E-Mail, Portal …", "Letter, mail, portal …", required=True
)
VERSION: Final = Column(
    "text_version", "Text|Textfassung", text(60), "Fassung des Textes, leer: die angekündigte.",
    "Version of the text, blank: the one that was announced.",
)
REFERENCE: Final = Column("reference", "Nachweis", text(200), "Wo der Nachweis liegt.", "Where the evidence lies.")

CONSENTS: Final = Layout("consents", (CONTRACT, ANSWER, AT, CHANNEL, VERSION, REFERENCE))
# fmt: on


class DeclarationRow(NamedTuple):
    """What one row says a customer declared; a bare day is a local one."""

    contract: str
    answer: Answer
    at: datetime | date
    channel: str
    text_version: str
    reference: str


def declaration(row: Values, _how: Reading) -> DeclarationRow:
    """One row as a declaration."""
    return DeclarationRow(
        row.need(CONTRACT), row.need(ANSWER), row.need(AT), row.need(CHANNEL), row[VERSION] or "", row[REFERENCE] or ""
    )  # fmt: skip


def index_value(row: Values, _how: Reading) -> IndexValue:
    """One row as an index value."""
    return IndexValue(row[SERIES] or DEFAULT_SERIES, row.need(MONTH), row.need(VALUE), row.need(SOURCE))
