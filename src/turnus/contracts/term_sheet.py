"""What a person wants to know of a contract's term on a day: state, next renewal, last day for notice, earliest end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.lifetime import lifetimes
from turnus.contracts.lookup import contract_numbers
from turnus.contracts.renewals import renewals_of
from turnus.contracts.successors import replacements
from turnus.core.terms import (
    ContractState,
    Term,
    contract_state,
    earliest_end,
    last_notice_day,
    term_on,
    terms_on,
    terms_through,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.pausing import Pause
    from turnus.core.periods import Cycle
    from turnus.core.terms import CutOff


class TermSheet(NamedTuple):
    """Term and notice of a contract on a day; ends are half-open. Without agreed terms it is indefinite."""

    state: ContractState
    agreed: bool
    initial: Cycle | None
    renewal: Cycle | None
    notice: Cycle
    cut_off: CutOff
    term: Term
    """The one that runs on the day."""
    end: date | None
    """The end that notice, or the agreement, has set."""
    last_notice_day: date | None
    """To end it with its term; None: it has no end, or the day has passed."""
    next_renewal: Term | None
    """The term that begins after this one, unless notice is received."""
    earliest_end: date | None
    """For notice received on the day; None: it ends anyway."""
    pauses: Sequence[Pause]
    """Those that are not over."""
    renewals: Sequence[tuple[int, date, date | None]]
    replaces: str
    replaced_by: str


def term_sheet(contract: int, *, on: date) -> TermSheet:
    """The sheet of one contract."""
    facts = lifetimes([contract])[contract]
    rules, term, end = terms_on(facts.terms, on), term_on(facts.terms, on), facts.life.end
    last = None if term.indefinite else last_notice_day(term.end, rules.notice)
    following = None
    if not term.indefinite and (end is None or end > term.end):
        following = next((t for t in terms_through(rules, term.end) if t.start == term.end), None)
    before, after = replacements(contract)
    numbers = contract_numbers([number for number in (before, after) if number is not None])
    return TermSheet(
        contract_state(facts.life, on=on), facts.agreed, rules.initial, rules.renewal, rules.notice, rules.cut_off,
        term, end, last if last is not None and last >= on and end is None else None, following,
        earliest_end(facts.terms, on) if end is None else None,
        [pause for pause in facts.pauses if pause.days.end > on and not pause.gap],
        [row for row in renewals_of(contract) if end is None or row[1] < end],
        numbers.get(before or 0, ""), numbers.get(after or 0, ""),
    )  # fmt: skip
