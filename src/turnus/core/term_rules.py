"""Which terms may be agreed with whom: § 309 Nr. 9 BGB for consumers, reason for everybody.

Contracts with consumers concluded from 01.03.2022 on (Art. 229 § 60 EGBGB): initial term of at most two years,
tacit renewal only for an indefinite time that can be ended at any time, notice of at most one month. Older ones:
renewal by at most one year, notice of at most three months. Businesses agree what they like within § 307 BGB.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from turnus.core.faults import Fault
from turnus.core.periods import Cycle, boundary
from turnus.core.terms import CutOff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from turnus.core.terms import NewContractTerms

FAIR_CONSUMER_CONTRACTS: Final = date(2022, 3, 1)
"""Gesetz für faire Verbraucherverträge: contracts concluded from this day on follow the new § 309 Nr. 9 BGB."""
SHORTEST: Final[Mapping[int, int]] = {1: 28, 3: 89, 12: 365, 24: 730}
"""Months → days that they have at least: so many days never exceed them."""


def terms_faults(terms: NewContractTerms, *, consumer: bool, begin: date) -> list[Fault]:
    """Everything that is wrong with terms of a contract whose first term begins on ``begin``; empty: nothing."""
    shape = list(_shape(terms))
    if shape:  # lengths without sense cannot be compared
        return shape + (list(_consumer(terms, begin)) if consumer else [])
    return [*_lengths(terms, begin), *(_consumer(terms, begin) if consumer else ())]


def _shape(terms: NewContractTerms) -> Iterator[Fault]:
    lengths = {"initial": terms.initial, "renewal": terms.renewal, "notice": terms.notice}
    for name, length in lengths.items():
        if length is None:
            continue
        positive = max(length) > 0 or name == "notice"
        if min(length) < 0 or not positive or (length.months and length.days):
            yield Fault(f"terms_{name}_length", {})
    if terms.reminder_days is not None and terms.reminder_days < 0:
        yield Fault("terms_reminder", {"days": str(terms.reminder_days)})
    if terms.renewal is not None and terms.initial is None:
        yield Fault("terms_renewal_alone", {})
    if terms.renewal is not None and terms.cut_off is not CutOff.DAY:
        yield Fault("terms_cut_off_unused", {})


def _lengths(terms: NewContractTerms, begin: date) -> Iterator[Fault]:
    """Notice longer than a term could never end it."""
    if terms.initial is None:
        return
    first_end = boundary(begin, terms.initial, 1)
    if boundary(begin, terms.notice, 1) > first_end:
        yield Fault("notice_longer_than_term", _two(terms.notice, terms.initial))
    if terms.renewal is not None and boundary(first_end, terms.notice, 1) > boundary(first_end, terms.renewal, 1):
        yield Fault("notice_longer_than_renewal", _two(terms.notice, terms.renewal))


def _consumer(terms: NewContractTerms, begin: date) -> Iterator[Fault]:
    """§ 309 Nr. 9 BGB, letters a to c; it is about contracts with a term."""
    if terms.initial is None:
        return
    new = (terms.concluded or begin) >= FAIR_CONSUMER_CONTRACTS
    if _longer(terms.initial, 24):
        yield Fault("consumer_initial_term", _one(terms.initial))
    if terms.renewal is not None and new:
        yield Fault("consumer_renewal", _one(terms.renewal))
    elif terms.renewal is not None and _longer(terms.renewal, 12):
        yield Fault("consumer_renewal_old", _one(terms.renewal))
    if _longer(terms.notice, 1 if new else 3):
        yield Fault("consumer_notice" if new else "consumer_notice_old", _one(terms.notice))
    if new and terms.renewal is None and terms.cut_off is not CutOff.DAY:
        yield Fault("consumer_cut_off", {})


def _longer(length: Cycle, months: int) -> bool:
    """More than so many months, or days that may be more."""
    return length.months > months or length.days > SHORTEST[months]


def _one(length: Cycle, prefix: str = "") -> dict[str, str]:
    """A length for a text: under ``month`` or ``day`` where it is one."""
    count, unit = (length.months, "month") if length.months else (length.days, "day")
    return {f"{prefix}{unit}{'' if count == 1 else 's'}": str(count)}


def _two(notice: Cycle, term: Cycle) -> dict[str, str]:
    return _one(notice) | _one(term, "term_")
