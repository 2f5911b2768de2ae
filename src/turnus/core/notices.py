"""Notice of termination: ordinary (terms decide) or for good cause (§ 314 BGB), and what it brings about."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.faults import Fault, fault
from turnus.core.terms import earliest_end, last_notice_day, term_on, terms_on
from turnus.core.working_days import deadline_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.terms import ContractTerms, Lifetime, Term

_DAY: Final = timedelta(days=1)


class NoticeKind(StrEnum):
    """How a contract is ended by one side."""

    ORDINARY = "ordinary"
    CAUSE = "cause"
    REVOCATION = "revocation"


class Cause(StrEnum):
    """Why a contract is ended at once."""

    NON_PAYMENT = "non_payment"
    BREACH = "breach"
    OTHER = "other"


BREACHES: Final = frozenset({Cause.NON_PAYMENT, Cause.BREACH})
"""Causes that need a warning with a deadline first (§ 314 Abs. 2 BGB)."""


class NewNotice(NamedTuple):
    """Notice as it was received."""

    received: date
    """Day of receipt (§ 130 BGB), not the date on the letter."""
    wished: date | None = None
    """First day on which the contract should no longer run; None: as soon as possible."""
    cause: Cause | None = None
    """None: ordinary notice."""
    by_seller: bool = False
    reason: str = ""

    @property
    def kind(self) -> NoticeKind:
        """Ordinary or for cause."""
        return NoticeKind.ORDINARY if self.cause is None else NoticeKind.CAUSE


class Warned(NamedTuple):
    """A warning that the customer received, and the last day of its deadline."""

    cause: Cause
    received: date
    deadline: date


class Outcome(NamedTuple):
    """What notice brings about; ends are half-open."""

    received: date
    end: date
    term: Term
    """The term that runs on the day of receipt."""
    last_notice_day: date | None
    """On which notice would still have ended it; None: it has no end."""
    late: bool
    """Received too late for that; it takes effect at the next possible end."""


def outcome(notice: NewNotice, rows: Sequence[ContractTerms], life: Lifetime) -> Outcome:
    """The end that notice brings about. In a trial ordinary notice ends the contract before it is paid for."""
    received, wished = notice.received, notice.wished
    term = term_on(rows, received)
    last = None if term.indefinite else last_notice_day(term.end, terms_on(rows, received).notice)
    if notice.cause is not None:
        return Outcome(received, max(received + _DAY, wished or date.min), term, last, late=False)
    if life.signed_on <= received < life.paid_from and (wished or received) <= life.paid_from:
        return Outcome(received, life.paid_from, term, last, late=False)
    if life.waits:
        return Outcome(received, max(received + _DAY, wished or date.min), term, last, late=False)
    end = earliest_end(rows, received, wished)
    late = last is not None and received > last and (wished is None or wished <= term.end)
    return Outcome(received, end, term, last, late)


def notice_faults(notice: NewNotice, found: Outcome, life: Lifetime, warnings: Sequence[Warned]) -> list[Fault]:
    """Everything for which notice is refused; empty: nothing."""
    faults = []
    if life.end is not None and life.end <= found.end:
        faults.append(fault("already_ends", day=life.end - _DAY))
    if notice.cause is not None and not notice.reason.strip():
        faults.append(fault("cause_reason"))
    if notice.cause in BREACHES and notice.by_seller:
        faults += _warning_faults(notice, warnings)
    return faults


def _warning_faults(notice: NewNotice, warnings: Sequence[Warned]) -> list[Fault]:
    """A breach needs a warning whose deadline has passed (§ 314 Abs. 2 BGB); § 193 BGB moves the deadline."""
    deadlines = [deadline_day(warned.deadline) for warned in warnings if warned.cause == notice.cause]
    if not deadlines:
        return [fault("warning_missing")]
    if min(deadlines) >= notice.received:
        return [fault("warning_running", day=min(deadlines))]
    return []
