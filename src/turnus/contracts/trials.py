"""End, extend and convert trials. The first paid day is free: before, at or long after the planned end of the trial.

No day of a trial is ever owed, nor one between its planned end and a later conversion; from the first paid day on
everything is, with fee periods and the first term beginning on that day (hard-cases 16, PI-18).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amend import enter_end, set_span
from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import move_discounts
from turnus.contracts.lifetime_models import ContractReplacement
from turnus.contracts.renewals import watch
from turnus.contracts.touch import agreed_end, lasting, locked, span_of
from turnus.core.faults import fault
from turnus.core.trials import AfterTrial

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from turnus.contracts.models import Contract
    from turnus.core.actors import Stamp
    from turnus.core.faults import Fault

_DAY = timedelta(days=1)


@transaction.atomic(durable=True)
def convert_trial(seller: int, number: str, *, paid_from: date, reason: str = "", by: Stamp) -> None:
    """Paid from this day on, which also becomes the anchor; any day of the contract will do.

    Before the planned end the trial is shorter; after it the days between owe nothing, also where the trial had ended
    the contract or was cancelled. Days that were billed and are free now are credited by the next run. Raises
    ``ContractRefusedError`` with all that is wrong.
    """
    contract = locked(seller, number)
    before, now = lasting(contract), span_of(contract)
    faults = _faults(contract, paid_from)
    if ContractReplacement.objects.filter(contract_id=contract.id).exists():
        faults.append(fault("replaced_already", contract=number))
    if faults:
        raise ContractRefusedError.of(faults)
    if (now.start, now.empty) == (paid_from, False):
        return
    _pay_from(contract, paid_from, before.start, reason, by)


@transaction.atomic(durable=True)
def extend_trial(seller: int, number: str, *, until: date, reason: str = "", by: Stamp) -> None:
    """The trial goes on until a later day (half-open); what comes after it stays as agreed.

    Raises ``ContractRefusedError`` where there is no trial to extend, or the day is not a later one.
    """
    contract = locked(seller, number)
    days, now = lasting(contract), span_of(contract)
    faults = _faults(contract, until)
    if now.empty and not now.after_trial:
        faults.append(fault("contract_ended", contract=number, end=now.end))
    elif until <= days.start:
        faults.append(fault("trial_not_longer", day=days.start - _DAY))
    if faults:
        raise ContractRefusedError.of(faults)
    if not days.after_trial:
        _pay_from(contract, until, days.start, reason, by)
        return
    set_span(contract.id, until, until, after_trial=days.after_trial, reason=reason or "trial", by=by)
    changed = Changed("extend", "", days.start, {"start": days.start}, {"start": until})
    record_amendment(contract, [changed], Why(reason or "trial"), by=by)
    watch([contract.id])


def _faults(contract: Contract, first: date) -> list[Fault]:
    """Everything for which ``first`` cannot be the first paid day."""
    end, found = agreed_end(contract), []
    if not contract.had_trial:
        found.append(fault("no_trial", contract=contract.number))
    if first < contract.signed_on:
        found.append(fault("before_contract", day=first, start=contract.signed_on))
    if min(first, lasting(contract).start) < contract.floor:
        found.append(fault("before_floor", day=min(first, lasting(contract).start), floor=contract.floor))
    if end is not None and first >= end:
        found.append(fault("contract_ended", contract=contract.number, end=end))
    return found


def _pay_from(contract: Contract, first: date, before: date, reason: str, by: Stamp) -> None:
    """``first`` is the first paid day, no longer ``before``; discounts for periods move along."""
    now = span_of(contract)
    set_span(contract.id, first, agreed_end(contract), reason=reason or "trial", by=by)
    move_discounts(contract, before, by=by)
    changed = Changed("trial", "", min(first, before), {"start": now.start, "end": now.end}, {"start": first})
    record_amendment(contract, [changed], Why(reason or "trial"), by=by)
    watch([contract.id])


@transaction.atomic(durable=True)
def cancel_in_trial(seller: int, number: str, *, at: datetime, zone: ZoneInfo, reason: str = "", by: Stamp) -> None:
    """Cancel at an instant: on a local day before the first paid day nothing is ever billed.

    Raises ``ContractRefusedError("trial_over")`` from the first paid day in the seller's zone on. A trial that waits to
    be converted is cancelled on any day, which is its last.
    """
    days, day = span_of(locked(seller, number)), at.astimezone(zone).date()
    waits = days.after_trial == AfterTrial.WAITS
    if day >= days.start and not waits:
        raise ContractRefusedError("trial_over", contract=number)
    end = max(days.start, day + _DAY) if waits else days.start
    enter_end(seller, number, end=end, reason=reason or "cancelled in trial", by=by)
