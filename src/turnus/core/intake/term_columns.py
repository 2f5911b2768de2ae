"""The columns of term, renewal and notice in the file of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from turnus.core.intake.cells import Cell, Parser, Reading, as_text, choice, key
from turnus.core.intake.columns import Column
from turnus.core.intake.dates import first_day, parse_cycle
from turnus.core.intake.numbers import whole
from turnus.core.periods import Cycle
from turnus.core.terms import NO_NOTICE, CutOff, NewContractTerms

NONE: Final = Cycle(0, 0)
"""No length: indefinite, or no notice period."""


def length(words: str) -> Parser[Cycle]:
    """Parser of a length of time; some words, separated by ``|``, say that there is none."""
    nothing = {key(word) for word in words.split("|")}

    def parse(cell: Cell, how: Reading) -> Cycle:
        return NONE if key(as_text(cell)) in nothing else parse_cycle(cell, how)

    return parse


INDEFINITE: Final = "unbefristet|unbestimmt|auf unbestimmte zeit|indefinite|keine|none|0"
CUT_OFF: Final = choice(
    {
        CutOff.DAY: "day|tag|jederzeit|any day|täglich",
        CutOff.MONTH: "month|monat|monatsende|zum monatsende|end of month",
        CutOff.QUARTER: "quarter|quartal|quartalsende|zum quartalsende|end of quarter",
        CutOff.HALF_YEAR: "half_year|halbjahr|halbjahresende|half year",
        CutOff.YEAR: "year|jahr|jahresende|zum jahresende|end of year",
    }
)

# fmt: off
INITIAL: Final = Column(
    "initial_term", "Mindestlaufzeit|Laufzeit|Erstlaufzeit", length(INDEFINITE),
    "Erste Laufzeit: 12 Monate; leer: unbefristet.", "Initial term: 12 months; blank: indefinite.",
)
RENEWAL: Final = Column(
    "renewal_term", "Verlängerung|Verlängerungslaufzeit", length(INDEFINITE),
    "Um wie viel sie sich verlängert; leer: danach unbefristet.", "By how much it renews; blank: indefinite then.",
)
NOTICE: Final = Column(
    "notice_period", "Kündigungsfrist", length("keine|none|ohne|0"), "3 Monate, 14 Tage, 6 Wochen; leer: keine.",
    "3 months, 14 days, 6 weeks; blank: none.",
)
CUT: Final = Column(
    "cut_off", "Kündigungstermin|Kündigung zum", CUT_OFF, "Wozu man unbefristet kündigt: Monatsende; leer: jederzeit.",
    "To which day the indefinite time may end: end of month; blank: any.",
)
CONCLUDED: Final = Column(
    "concluded", "Vertragsschluss|Abgeschlossen am", first_day,
    "Tag des Vertragsschlusses, für das Verbraucherrecht; leer: Beginn.",
    "Day of conclusion, for consumer law; blank: the start.",
)
REMINDER: Final = Column(
    "reminder_days", "Erinnerung Tage", whole(0, 365),
    "Tage vor dem letzten Kündigungstag; 0: keine; leer: wie der Verkäufer.",
    "Days before the last day for notice; 0: none; blank: the seller's.",
)
# fmt: on
TERMS: Final[tuple[Column[Any], ...]] = (INITIAL, RENEWAL, NOTICE, CUT, CONCLUDED, REMINDER)


def terms_of(values: Mapping[str, Any]) -> NewContractTerms:
    """Terms out of values under the names of the columns."""
    return NewContractTerms(
        _or_none(values.get(INITIAL.name)), _or_none(values.get(RENEWAL.name)), values.get(NOTICE.name) or NO_NOTICE,
        values.get(CUT.name) or CutOff.DAY, values.get(CONCLUDED.name), values.get(REMINDER.name),
    )  # fmt: skip


def _or_none(value: Cycle | None) -> Cycle | None:
    return None if value == NONE else value
