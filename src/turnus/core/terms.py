"""Term, renewal and notice of a contract: §§ 187–188 BGB as a date engine.

Ends are half-open: the first day not covered. A term counts its first day (§ 187 Abs. 2 BGB); a notice period does not
count the day of receipt (§ 187 Abs. 1) and is computed forward from it (§ 188), never backwards from the end. A day
that the last month lacks is its last day (§ 188 Abs. 3). § 193 BGB does not prolong notice periods: they protect whom
notice is given to (BGH, 17.02.2005, III ZR 172/04). Terms follow the contract's anchor as billing does: §§ 187–188 only
interpret (§ 186), and both parties agreed to the anchor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.periods import FAR_FUTURE, Cycle, Period, add_months, boundary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NO_NOTICE: Final = Cycle(0, 0)
_DAY: Final = timedelta(days=1)


class CutOff(StrEnum):
    """To which days a contract may end while no fixed term runs. A fixed term ends at its own end only."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_MONTHS: Final = {CutOff.MONTH: 1, CutOff.QUARTER: 3, CutOff.HALF_YEAR: 6, CutOff.YEAR: 12}


@dataclass(frozen=True, slots=True)
class NewContractTerms:
    """Term and notice as a person or a file agrees them."""

    initial: Cycle | None = None
    """Initial term; None: indefinite from the first day."""
    renewal: Cycle | None = None
    """Term by which it renews without notice; None: indefinite after the initial term."""
    notice: Cycle = NO_NOTICE
    cut_off: CutOff = CutOff.DAY
    concluded: date | None = None
    """Day of conclusion, which decides between old and new consumer law; None: the contract's first day."""
    reminder_days: int | None = None
    """Days before the last day for notice on which the customer is reminded; None: as the seller says."""


class ContractTerms(NamedTuple):
    """Terms in force from ``valid_from`` on."""

    valid_from: date
    begin: date
    """First day of the first term; it counts (§ 187 Abs. 2 BGB)."""
    initial: Cycle | None = None
    renewal: Cycle | None = None
    notice: Cycle = NO_NOTICE
    cut_off: CutOff = CutOff.DAY
    pauses: Sequence[Period] = ()
    """Pauses by which the term was agreed to be longer."""


class Term(NamedTuple):
    """One of a contract's terms: 1 is the initial one. The indefinite time ends in the far future."""

    number: int
    start: date
    end: date

    @property
    def indefinite(self) -> bool:
        """No fixed end."""
        return self.end == FAR_FUTURE


# ---- notice ----------------------------------------------------------------------------------------------------------


def notice_end(received: date, notice: Cycle) -> date:
    """Where notice received on a day takes effect at the earliest, terms aside (§§ 187 Abs. 1, 188 BGB)."""
    return boundary(received, notice, 1) + _DAY


def last_notice_day(end: date, notice: Cycle) -> date:
    """The last day on which notice must be received to end the contract by ``end``: found by computing forward."""
    day = boundary(end - _DAY, notice, -1)
    while notice_end(day, notice) > end:
        day -= _DAY
    while notice_end(day + _DAY, notice) <= end:
        day += _DAY
    return day


def terms_on(rows: Sequence[ContractTerms], day: date) -> ContractTerms:
    """The terms in force on a day; the first ones before any are."""
    found = rows[0]
    for row in rows:
        if row.valid_from <= day:
            found = row
    return found


def earliest_end(rows: Sequence[ContractTerms], received: date, wished: date | None = None) -> date:
    """The earliest permitted end for notice received on a day, not before ``wished``. Late notice is never lost.

    The terms in force on the day of receipt decide; where others hold by the end that they give, those decide.
    """
    place = max((n for n, terms in enumerate(rows) if terms.valid_from <= received), default=0)
    day = wished or date.min
    while True:
        terms = rows[place]
        day = max(day, notice_end(received, terms.notice), terms.begin, terms.valid_from)
        end = _permitted(terms, day)
        place += 1
        if place == len(rows) or end <= rows[place].valid_from:
            return end


def _permitted(terms: ContractTerms, day: date) -> date:
    """The first permitted end from ``day`` on."""
    for term in _terms(terms):
        if term.indefinite:
            return _cut(terms.cut_off, max(day, term.start))
        if term.end >= day:
            return term.end
    raise AssertionError  # terms have no end


def _cut(cut_off: CutOff, day: date) -> date:
    """The first day from ``day`` on that follows the end of a month, quarter, half-year or year."""
    months = _MONTHS.get(cut_off)
    if months is None:
        return day
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first if first == day else add_months(first, months)


# ---- terms -----------------------------------------------------------------------------------------------------------


def term_on(rows: Sequence[ContractTerms], day: date) -> Term:
    """The term that runs on a day; the first one before it begins."""
    return next(term for term in _terms(terms_on(rows, day)) if term.end > day)


def terms_through(terms: ContractTerms, day: date) -> list[Term]:
    """The initial term and every renewal that began by ``day``."""
    found: list[Term] = []
    for term in _terms(terms):
        if found and term.start > day:
            break
        found.append(term)
    return found


class Renewal(NamedTuple):
    """A term that begins unless notice is received, and the day from which that is certain."""

    term: Term
    certain_on: date
    """The day after the last day for notice."""


def next_renewal(rows: Sequence[ContractTerms], after: date) -> Renewal | None:
    """The first renewal that begins after a day; None where the contract is indefinite by then."""
    for place, terms in enumerate(rows):
        until = rows[place + 1].valid_from if place + 1 < len(rows) else FAR_FUTURE
        for term in _terms(terms):
            if term.start >= until:
                break
            if term.number > 1 and term.start > after and term.start >= terms.valid_from:
                return Renewal(term, last_notice_day(term.start, terms.notice) + _DAY)
    return None


def _terms(terms: ContractTerms) -> Iterator[Term]:
    """Terms without end: boundaries from the first day, never from the previous boundary."""
    number, start = 1, terms.begin
    while terms.initial is not None and (number == 1 or terms.renewal is not None):
        end = _prolonged(_boundary(terms, number - 1), terms.pauses)
        yield Term(number, start, end)
        number, start = number + 1, end
    yield Term(number, start, FAR_FUTURE)


def _boundary(terms: ContractTerms, renewals: int) -> date:
    """End of the term after so many renewals, pauses aside."""
    initial, renewal = terms.initial, terms.renewal
    assert initial is not None
    if renewal is None or not renewals:
        return boundary(terms.begin, initial, 1)
    if initial.months and renewal.months:
        return add_months(terms.begin, initial.months + renewals * renewal.months)
    return boundary(boundary(terms.begin, initial, 1), renewal, renewals)


def _prolonged(end: date, pauses: Sequence[Period]) -> date:
    for pause in sorted(pauses):
        if pause.start < end:
            end += timedelta(days=pause.days)
    return end


# ---- state -----------------------------------------------------------------------------------------------------------


class ContractState(StrEnum):
    """What a person calls the state of a contract on a day."""

    CONCLUDED = "concluded"
    TRIAL = "trial"
    WAITING = "waiting"
    ACTIVE = "active"
    PAUSED = "paused"
    NOTICE_GIVEN = "notice_given"
    ENDED = "ended"


STATES: Final = {
    ContractState.CONCLUDED: ("Geschlossen, noch nicht begonnen", "concluded, not begun"),
    ContractState.TRIAL: ("Testphase", "trial"),
    ContractState.WAITING: ("Testphase vorbei, wartet auf Zusage", "trial over, waits for conversion"),
    ContractState.ACTIVE: ("Aktiv", "active"),
    ContractState.PAUSED: ("Pausiert", "paused"),
    ContractState.NOTICE_GIVEN: ("Gekündigt", "notice given"),
    ContractState.ENDED: ("Beendet", "ended"),
}
"""State → (German, English)."""


class Lifetime(NamedTuple):
    """What the state of a contract follows from; ends are half-open."""

    signed_on: date
    """First day, trial included."""
    paid_from: date
    end: date | None
    pauses: Sequence[Period] = ()
    gaps: Sequence[Period] = ()
    """Days between an end and a reactivation."""
    waits: bool = False
    """After the trial nothing is owed until the contract is converted."""


def contract_state(life: Lifetime, *, on: date) -> ContractState:
    """The state on a day. Paused says more than notice given; the end stands beside it."""
    if (life.end is not None and life.end <= on) or any(gap.start <= on < gap.end for gap in life.gaps):
        return ContractState.ENDED
    if on < life.signed_on:
        return ContractState.CONCLUDED
    if on < life.paid_from:
        return ContractState.TRIAL
    if life.waits:
        return ContractState.WAITING
    if any(pause.start <= on < pause.end for pause in life.pauses):
        return ContractState.PAUSED
    return ContractState.ACTIVE if life.end is None else ContractState.NOTICE_GIVEN
