"""Rows of term, notice and pauses → core values. A fixed number of queries, whatever the number of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.contracts.lifetime_models import ContractPause, ContractTerms, ContractWarning
from turnus.contracts.models import Contract, Span
from turnus.core.notices import Cause, Warned
from turnus.core.pausing import Pause
from turnus.core.periods import FAR_FUTURE, Cycle, Period
from turnus.core.terms import ContractTerms as Agreed
from turnus.core.terms import CutOff, Lifetime, NewContractTerms
from turnus.core.trials import AfterTrial
from turnus.records.bulk import read

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

PAUSE, GAP, WITHDRAWN = "pause", "gap", "withdrawn"
"""Kinds of ``ContractPause``."""
_TERMS = (
    "contract_id", "valid_from", "begin_on", "initial_months", "initial_days", "renewal_months", "renewal_days",
    "notice_months", "notice_days", "cut_off",
)  # fmt: skip


class LifetimeFacts(NamedTuple):
    """All that term, notice and state of a contract follow from."""

    contract: int
    seller: int
    number: str
    customer: int
    life: Lifetime
    terms: list[Agreed]
    """In order of their days. A contract without any is indefinite and ends on any day, without notice period."""
    pauses: list[Pause]
    agreed: bool
    """Terms were agreed."""


def lifetimes(contracts: Collection[int]) -> dict[int, LifetimeFacts]:
    """What is in force of the contracts, by id."""
    columns = ("id", "seller_id", "number", "customer_id", "signed_on", "start_on", "end_on")
    spans = {row[0]: row[1:] for row in read(Span, ("contract_id", "start_on", "end_on", "after_trial"),
                                             "contract_id", contracts, order="id")}  # fmt: skip
    pauses, terms = pauses_of(contracts), _terms(contracts)
    found = {}
    for contract, seller, number, customer, signed_on, *opening in read(Contract, columns, "id", contracts):
        start, end, after = spans.get(contract, (*opening, ""))
        waits = after == AfterTrial.WAITS
        mine = pauses.get(contract, [])
        gaps = [pause.days for pause in mine if pause.gap]
        breaks = [pause.days for pause in mine if not pause.gap]
        life = Lifetime(signed_on, start, None if waits else end, breaks, gaps, waits)
        longer = [pause.days for pause in mine if pause.prolongs and pause.days.end < FAR_FUTURE]
        rows = [_agreed(row, start, longer) for row in terms.get(contract, {}).values()]
        rows.sort(key=lambda row: row.valid_from)
        found[contract] = LifetimeFacts(
            contract, seller, number, customer, life, rows or [Agreed(signed_on, start)], mine, bool(rows)
        )
    return found


def _terms(contracts: Collection[int]) -> dict[int, dict[date, tuple[Any, ...]]]:
    """Rows per contract and day; of two on one day the one recorded later counts."""
    found: dict[int, dict[date, tuple[Any, ...]]] = {}
    for row in read(ContractTerms, _TERMS, "contract_id", contracts, order="id"):
        found.setdefault(row[0], {})[row[1]] = row
    return found


def _agreed(row: tuple[Any, ...], start: date, longer: list[Period]) -> Agreed:
    _contract, valid_from, begin, *lengths, cut_off = row
    initial, renewal, notice = (Cycle(*lengths[place : place + 2]) for place in (0, 2, 4))
    return Agreed(valid_from, begin or start, _or_none(initial), _or_none(renewal), notice, CutOff(cut_off), longer)


def _or_none(length: Cycle) -> Cycle | None:
    return length if any(length) else None


def terms_columns(terms: NewContractTerms, concluded: date) -> dict[str, Any]:
    """Terms as the columns of their row."""
    none = Cycle(0, 0)
    initial, renewal = terms.initial or none, terms.renewal or none
    return {
        "initial_months": initial.months, "initial_days": initial.days, "renewal_months": renewal.months,
        "renewal_days": renewal.days, "notice_months": terms.notice.months, "notice_days": terms.notice.days,
        "cut_off": terms.cut_off, "concluded_on": terms.concluded or concluded, "reminder_days": terms.reminder_days,
    }  # fmt: skip


def pauses_of(contracts: Collection[int], known_by: datetime | None = None) -> dict[int, list[Pause]]:
    """Pauses in force, and the gaps before a reactivation, by contract, in order of their days."""
    columns = ("id", "contract_id", "kind", "start_on", "end_on", "billing", "service", "prolongs", "supersedes")
    rows = read(ContractPause, columns, "contract_id", contracts, order="start_on, id", known_by=known_by)
    gone = {row[-1] for row in rows}
    found: dict[int, list[Pause]] = {}
    for number, contract, kind, start, end, *flags, _supersedes in rows:
        if number not in gone and kind != WITHDRAWN:
            billing, service, prolongs = (bool(flag) for flag in flags)
            pause = Pause(number, Period(start, end or FAR_FUTURE), billing, service, prolongs, kind == GAP)
            found.setdefault(contract, []).append(pause)
    return found


def unbilled_days(contracts: Collection[int], known_by: datetime | None = None) -> dict[int, list[Period]]:
    """Days that owe nothing because billing is paused, by contract."""
    return {
        contract: [pause.days for pause in pauses if pause.billing]
        for contract, pauses in pauses_of(contracts, known_by).items()
    }


def warnings_of(contract: int) -> list[Warned]:
    """Warnings that the customer received, oldest first."""
    rows = ContractWarning.objects.filter(contract_id=contract).order_by("id")
    return [
        Warned(Cause(cause), received, deadline)
        for cause, received, deadline in rows.values_list("cause", "received_on", "deadline_on")
    ]
