"""Pause and resume: days that owe nothing, days without service, or both; the next run credits what was billed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lifetime import PAUSE, WITHDRAWN, lifetimes
from turnus.contracts.lifetime_models import ContractPause
from turnus.contracts.renewals import watch
from turnus.contracts.touch import locked
from turnus.core.pausing import NewPause, Pause, pause_faults
from turnus.core.periods import FAR_FUTURE

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp


def enter_pause(seller: int, number: str, new: NewPause, *, reason: str = "", by: Stamp) -> None:
    """Pause a contract. Raises ``ContractRefusedError`` with all that is wrong."""
    contract = locked(seller, number)
    facts = lifetimes([contract.id])[contract.id]
    faults = pause_faults(new, facts.pauses, facts.life)
    if faults:
        raise ContractRefusedError.of(faults)
    add_pause(contract.id, new, kind=PAUSE, reason=reason, by=by)
    record_amendment(contract, [Changed("pause", "", new.start, {}, new._asdict())], Why(reason), by=by)
    watch([contract.id])


pause = transaction.atomic(durable=True)(enter_pause)


def add_pause(
    contract: int, new: NewPause, *, kind: str, supersedes: int | None = None, reason: str = "", by: Stamp
) -> None:
    """Write the row of a pause; the caller records the amendment."""
    ContractPause.objects.create(
        contract_id=contract, recorded_at=by.at, reason=reason, kind=kind, start_on=new.start, end_on=new.end,
        billing=new.billing, service=new.service, prolongs=new.prolongs, supersedes=supersedes,
    )  # fmt: skip


def enter_resumption(seller: int, number: str, *, on: date, reason: str = "", by: Stamp) -> None:
    """End the pause that runs on a day, or the next one: ``on`` is served and billed again.

    A pause that has not begun by then is taken back. Raises ``ContractRefusedError("not_paused")``.
    """
    contract = locked(seller, number)
    known: list[Pause] = lifetimes([contract.id])[contract.id].pauses
    running = next((row for row in known if row.days.end > on and not row.gap), None)
    if running is None:
        raise ContractRefusedError("not_paused", day=str(on))
    start, end = running.days
    kind, new_end = (PAUSE, on) if start < on else (WITHDRAWN, end)
    new = NewPause(
        start, None if new_end == FAR_FUTURE else new_end, running.billing, running.service, running.prolongs
    )
    add_pause(contract.id, new, kind=kind, supersedes=running.id, reason=reason, by=by)
    changed = Changed("resume", "", max(start, on), {"start": start, "end": end}, {"end": on})
    record_amendment(contract, [changed], Why(reason), by=by)
    watch([contract.id])


resume = transaction.atomic(durable=True)(enter_resumption)
