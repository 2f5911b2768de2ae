"""Renewals: nobody acts, the log learns of them. What is due next is kept beside the contracts, for a run to find."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.db.models import Max, Q

from turnus.contracts.lifetime import LifetimeFacts, lifetimes, terms_columns
from turnus.contracts.lifetime_models import ContractRenewal, ContractTerms, NextTerm
from turnus.core.periods import FAR_FUTURE
from turnus.core.terms import next_renewal
from turnus.records.audit import Act, audit_many, queue_once

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewContract
    from turnus.core.terms import Renewal

CHUNK = 1_000
REMINDER = "contracts.renewal_reminder"
"""Outbox topic: remind the customer before a renewal; the key is contract and first day of the term."""
_DAY = timedelta(days=1)


def open_terms(concluded: Sequence[tuple[int, NewContract]], *, by: Stamp) -> None:
    """Write the terms that contracts were concluded with, inside the caller's transaction."""
    rows = [
        ContractTerms(
            contract_id=number, valid_from=contract.start, recorded_at=by.at, opening=True,
            **terms_columns(contract.terms, contract.start),
        )
        for number, contract in concluded
        if contract.terms is not None
    ]  # fmt: skip
    if rows:
        ContractTerms.objects.bulk_create(rows)
        watch([row.contract_id for row in rows])


def watch(contracts: Collection[int]) -> None:
    """Compute anew which term begins next, after facts changed. Inside the caller's transaction."""
    facts = lifetimes(contracts)
    logged = _logged(contracts)
    known = {(row.contract_id, row.start_on): row.reminded for row in NextTerm.objects.filter(contract_id__in=facts)}
    reminders = _reminder_days([contract for contract, row in facts.items() if row.agreed])
    rows = []
    for contract, row in facts.items():
        following = _next(row, logged.get(contract))
        if following is not None:
            reminded = known.get((contract, following.term.start), False)
            rows.append(_row(row, following, reminders.get(contract), reminded=reminded))
    NextTerm.objects.filter(contract_id__in=facts.keys() - {row.contract_id for row in rows}).delete()
    NextTerm.objects.bulk_create(rows, update_conflicts=True, unique_fields=["contract"], update_fields=_CHANGING)


_CHANGING: Final = ("number", "start_on", "end_on", "certain_on", "remind_on", "reminded")


def _logged(contracts: Collection[int]) -> dict[int, date]:
    """Contract → first day of the last renewal in the log."""
    rows = ContractRenewal.objects.filter(contract_id__in=contracts).values("contract_id")
    return {row["contract_id"]: row["last"] for row in rows.annotate(last=Max("start_on"))}


def _reminder_days(contracts: Collection[int]) -> dict[int, int | None]:
    rows = ContractTerms.objects.filter(contract_id__in=contracts).order_by("valid_from", "id")
    return dict(rows.values_list("contract_id", "reminder_days"))


def _next(facts: LifetimeFacts, after: date | None) -> Renewal | None:
    """The renewal that follows, unless the contract ends before it begins."""
    found = next_renewal(facts.terms, after or date.min) if facts.agreed and not facts.life.waits else None
    end = facts.life.end
    return None if found is None or (end is not None and end <= found.term.start) else found


def _row(facts: LifetimeFacts, renewal: Renewal, reminder_days: int | None, *, reminded: bool) -> NextTerm:
    number, start, end = renewal.term
    return NextTerm(
        contract_id=facts.contract, seller_id=facts.seller, number=number, start_on=start,
        end_on=None if end == FAR_FUTURE else end, certain_on=renewal.certain_on,
        remind_on=renewal.certain_on - (reminder_days + 1) * _DAY if reminder_days else None,
        reminded=reminded or reminder_days == 0,
    )  # fmt: skip


def record_renewals(seller: int, *, on: date, by: Stamp) -> int:
    """Log every renewal of the seller's contracts that is certain on a day: its last day for notice has passed.

    Missed days are caught up; twice is once. Returns how many were logged.
    """
    count = 0
    while (logged := _record_chunk(seller, on, by)) is not None:
        count += logged
    return count


@transaction.atomic(durable=True)
def _record_chunk(seller: int, on: date, by: Stamp) -> int | None:
    """How many were logged; None: nothing is due."""
    due = NextTerm.objects.select_for_update(no_key=True).filter(seller_id=seller, certain_on__lte=on)
    contracts = list(due.order_by("contract_id").values_list("contract_id", flat=True)[:CHUNK])
    if not contracts:
        return None
    logged = _logged(contracts)
    rows: list[ContractRenewal] = []
    for contract, facts in lifetimes(contracts).items():
        after = logged.get(contract)
        while (following := _next(facts, after)) is not None and following.certain_on <= on:
            number, after, end = following.term
            rows.append(
                ContractRenewal(
                    contract_id=contract, number=number, start_on=after, end_on=None if end == FAR_FUTURE else end,
                    recorded_at=by.at,
                )
            )  # fmt: skip
    ContractRenewal.objects.bulk_create(rows)
    acts = [Act(r.contract_id, {"number": r.number, "start": r.start_on, "end": r.end_on}) for r in rows]
    audit_many(by, "contract.renew", "contract", acts)
    watch(contracts)
    return len(rows)


def queue_reminders(seller: int, *, on: date, lead_days: int) -> int:
    """Queue a reminder for every renewal whose last day for notice is near: ``lead_days`` where the contract says none.

    Once per renewal; 0 days: none. Returns how many were queued.
    """
    count = 0
    while (found := _remind_chunk(seller, on, lead_days)).due:
        count += found.queued
    return count


class _Reminded(NamedTuple):
    due: int
    queued: int


@transaction.atomic(durable=True)
def _remind_chunk(seller: int, on: date, lead_days: int) -> _Reminded:
    near = Q(remind_on__lte=on)
    if lead_days:
        near |= Q(remind_on__isnull=True, certain_on__lte=on + (lead_days + 1) * _DAY)
    rows = NextTerm.objects.select_for_update(no_key=True).filter(near, seller_id=seller, reminded=False)
    due = list(rows.filter(certain_on__gt=on).order_by("contract_id").values_list("contract_id", "start_on")[:CHUNK])
    NextTerm.objects.filter(contract_id__in=[contract for contract, _start in due]).update(reminded=True)
    return _Reminded(len(due), queue_once(REMINDER, [f"{contract}:{start}" for contract, start in due]))


def renewals_of(contract: int) -> Sequence[tuple[int, date, date | None]]:
    """The log of a contract: number of the term, first day, end (half-open; None: indefinite)."""
    rows = ContractRenewal.objects.filter(contract_id=contract).order_by("start_on")
    return list(rows.values_list("number", "start_on", "end_on"))
