"""Letters on notice and renewal as plain text: confirmation of a notice (§ 312k Abs. 4 BGB), reminder of a renewal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.formatting import format_date
from turnus.core.letters import filled
from turnus.core.notices import NoticeKind
from turnus.core.words.letters import CAUSES, CUT_OFFS, LETTERS, UNITS

if TYPE_CHECKING:
    from turnus.core.periods import Cycle
    from turnus.core.terms import CutOff, Term

_DAY: Final = timedelta(days=1)


class Parties(NamedTuple):
    """Who writes to whom about which contract, in which language (``de``, or else English)."""

    seller: str
    customer: str
    contract: str
    language: str


class NoticeGiven(NamedTuple):
    """A notice or its revocation as it was recorded; ends are half-open."""

    kind: NoticeKind
    by_seller: bool
    cause: str
    """Empty: ordinary."""
    received: date
    recorded: datetime
    """Local time of the seller."""
    end: date | None
    """None: after a revocation the contract is open again."""
    wished: date | None = None
    reason: str = ""


class RenewalAhead(NamedTuple):
    """A renewal that a notice can still prevent."""

    term: Term
    """The one that runs."""
    following: Term
    last_notice_day: date
    notice: Cycle
    cut_off: CutOff
    """With ``notice`` how an indefinite contract is ended."""


def notice_letter(who: Parties, given: NoticeGiven) -> str:
    """Confirms receipt, moment and end of a notice at once; of a notice of ours it is the notice itself."""
    name = "our_notice" if given.by_seller else "notice"
    if given.kind is NoticeKind.REVOCATION:
        name = "revocation"
    late = given.wished is not None and given.end is not None and given.wished < given.end
    cause = CAUSES[given.cause][_place(who)] if given.cause else ""
    return _written(name, who, {
        "received": _day(given.received, who), "recorded": _day(given.recorded.date(), who),
        "time": f"{given.recorded:%H:%M}", "last": _last(given.end, who), "cause": cause, "reason": given.reason,
        "wished": _last(given.wished, who) if late else "",
    })  # fmt: skip


def renewal_letter(who: Parties, ahead: RenewalAhead) -> str:
    """Reminds of a renewal: from when, until when, and by which day a notice must arrive to prevent it."""
    indefinite = ahead.following.indefinite
    return _written("indefinite" if indefinite else "renewal", who, {
        "last": _last(ahead.term.end, who), "start": _day(ahead.following.start, who),
        "until": "" if indefinite else _last(ahead.following.end, who),
        "deadline": _day(ahead.last_notice_day, who), "notice": _length(ahead.notice, who),
        "cut_off": CUT_OFFS[ahead.cut_off][_place(who)],
    })  # fmt: skip


def _written(name: str, who: Parties, blanks: dict[str, str]) -> str:
    parties = {"seller": who.seller, "customer": who.customer, "contract": who.contract}
    return filled(LETTERS[name][_place(who)], blanks | parties)


def _place(who: Parties) -> int:
    return 0 if who.language == "de" else 1


def _day(day: date | None, who: Parties) -> str:
    return "" if day is None else format_date(day, who.language)


def _last(end: date | None, who: Parties) -> str:
    return "" if end is None else format_date(end - _DAY, who.language)


def _length(length: Cycle, who: Parties) -> str:
    """``3 Monaten``; empty: none."""
    count, unit = (length.months, "months") if length.months else (length.days, "days")
    return f"{count} {UNITS[unit][_place(who)][count != 1]}" if count else ""
