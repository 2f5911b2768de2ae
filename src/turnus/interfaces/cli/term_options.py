"""Options of term and notice that several commands share, and how terms are said in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final

import typer

from turnus.contracts.term_sheet import TermSheet
from turnus.core.intake import term_columns as columns
from turnus.core.intake.cells import CellError
from turnus.core.intake.columns import Column
from turnus.core.periods import Cycle
from turnus.core.terms import STATES, CutOff, NewContractTerms
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import House, unreadable
from turnus.interfaces.cli.screen import day, last_day, plain

InitialOption = Annotated[
    str, typer.Option("--initial", help=both("Mindestlaufzeit; leer: unbefristet.", "Initial term; blank: indefinite."))
]
RenewalOption = Annotated[
    str,
    typer.Option(
        "--renewal", help=both("Verlängerung; leer: danach unbefristet.", "Renewal term; blank: indefinite then.")
    ),
]
NoticeOption = Annotated[
    str, typer.Option("--notice", help=both("Kündigungsfrist; leer: keine.", "Notice period; blank: none."))
]
CutOffOption = Annotated[
    str,
    typer.Option(
        "--cut-off", help=both("Kündigungstermin: tag, monat, quartal, jahr.", "Cut-off: day, month, quarter, year.")
    ),
]
ConcludedOption = Annotated[
    str,
    typer.Option(
        "--concluded",
        metavar=both("TAG", "DAY"),
        help=both("Tag des Vertragsschlusses.", "Day of conclusion."),
    ),
]
ReminderOption = Annotated[
    str, typer.Option("--reminder-days", help=both("Erinnerung vor der Verlängerung.", "Reminder before a renewal."))
]
CUT_OFFS: Final[Mapping[CutOff, tuple[str, str]]] = {
    CutOff.DAY: ("jederzeit", "any day"),
    CutOff.MONTH: ("zum Monatsende", "end of a month"),
    CutOff.QUARTER: ("zum Quartalsende", "end of a quarter"),
    CutOff.HALF_YEAR: ("zum Halbjahresende", "end of a half-year"),
    CutOff.YEAR: ("zum Jahresende", "end of a year"),
}


def given_terms(where: House, **texts: str) -> NewContractTerms | None:
    """Terms out of options, named like the columns of a file; None where none is given."""
    if not any(texts.values()):
        return None
    known: Mapping[str, Column[Any]] = {column.name: column for column in columns.TERMS}
    return columns.terms_of({name: _parsed(known[name], text, where) for name, text in texts.items() if text})


def own_terms(where: House, **texts: str) -> tuple[Any, Any, Any, Any]:
    """Initial term, renewal, notice and cut-off out of options; None for what is not given."""
    known: Mapping[str, Column[Any]] = {column.name: column for column in columns.TERMS}
    found = {name: _parsed(known[name], text, where) if text else None for name, text in texts.items()}
    return found["initial_term"], found["renewal_term"], found["notice_period"], found["cut_off"]


def _parsed(column: Column[Any], text: str, where: House) -> object:
    try:
        return column.parse(text, where.reading)
    except CellError as error:
        name = column.name.removesuffix("_term").removesuffix("_period").replace("_", "-")
        return unreadable(error, f"--{name}", None)


def length_word(length: Cycle | None) -> str:
    """``12 Monate``; empty for none."""
    if length is None or not any(length):
        return ""
    count, units = (
        (length.months, (("Monat", "Monate"), ("month", "months")))
        if length.months
        else (length.days, (("Tag", "Tage"), ("day", "days")))
    )
    german, english = units
    return say("{n} {u}", "{n} {e}", n=count, u=german[count != 1], e=english[count != 1])


def state_word(sheet: TermSheet) -> str:
    """``Aktiv``, ``notice given``."""
    return STATES[sheet.state][0 if language() == "de" else 1]


def term_rows(sheet: TermSheet) -> list[tuple[str, object]]:
    """Term and notice, one line each; what says nothing is empty."""
    indefinite = say("unbefristet", "indefinite")
    term = indefinite if sheet.term.indefinite else period_to(sheet.term.start, sheet.term.end)
    following = sheet.next_renewal
    renewal = ""
    if following is not None:
        renewal = period_to(following.start, following.end) + (f" ({indefinite})" if following.indefinite else "")
    cut_off = say(*CUT_OFFS[sheet.cut_off]) if sheet.agreed and sheet.renewal is None else ""
    return [
        (say("Zustand", "State"), state_word(sheet)),
        (say("Mindestlaufzeit", "Initial term"), length_word(sheet.initial)),
        (say("Verlängerung", "Renewal"), length_word(sheet.renewal) or (indefinite if sheet.initial else "")),
        (say("Kündigungsfrist", "Notice period"), length_word(sheet.notice)),
        (say("Kündbar", "Cut-off"), cut_off),
        (say("Laufzeit", "Term"), f"{sheet.term.number}: {term}" if sheet.agreed else ""),
        (say("Nächste Verlängerung", "Next renewal"), renewal),
        (say("Letzter Tag der Kündigung", "Last day for notice"), day(sheet.last_notice_day)),
        (say("Gekündigt heute, Ende", "Notice today ends it on"), last_day(sheet.earliest_end) if sheet.agreed else ""),
        *[(say("Pause", "Pause"), period_to(*pause.days)) for pause in sheet.pauses],
        (say("Ersetzt", "Replaces"), plain(sheet.replaces)),
        (say("Ersetzt durch", "Replaced by"), plain(sheet.replaced_by)),
    ]


def period_to(start: date, end: date) -> str:
    """First to last day; an open one has none."""
    return f"{day(start)}–{last_day(end)}"


def inclusive(end: date) -> date:
    """The last day of a half-open end."""
    return end - timedelta(days=1)
