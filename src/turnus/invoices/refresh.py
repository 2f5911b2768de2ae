"""Draft a run again that stopped at its drafts: what changed since is drafted anew, what came since joins (JB-57)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.due import due_contracts
from turnus.invoices.draft import CHUNK, due_set, follow_joined_accounts, scope_of
from turnus.invoices.models import Automation, Pending, Run, RunUnit
from turnus.invoices.runs import to_new_chunks
from turnus.records.audit import audit
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp


@transaction.atomic(durable=True)
def refresh(run: int, *, by: Stamp) -> int:
    """Accounts that changed or fell due since a run was drafted become due in it again. Returns how many.

    Only for a run that waits for a person at its drafts; one that goes on by itself is finished as it was frozen.
    """
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    if row.automation != Automation.DRAFT or row.state not in {Run.State.DRAFTED, Run.State.HELD}:
        return 0
    follow_joined_accounts(row.seller_id)
    states = dict(RunUnit.objects.filter(run_id=run).values_list("unit", "state"))
    drafted = dict(Pending.objects.filter(run_id=run).values_list("contract_id", "revision"))
    waiting = {unit for unit, state in states.items() if state in {RunUnit.State.DRAFTED, RunUnit.State.EMPTY}}
    due = due_contracts(scope_of(row), through=row.through)
    again = {unit for contract, unit, revision in due if unit in waiting and drafted.get(contract) != revision}
    new = [unit for unit in due_set(scope_of(row), row.through) if unit not in states]
    _set_due(row, sorted(again))
    _join(row, new)
    if again or new:
        to_new_chunks(row, sorted([*again, *new]))
        audit(by, "run.refresh", "run", run, before={"state": row.state}, after={"again": len(again), "new": len(new)})
    return len(again) + len(new)


def _set_due(run: Run, units: Sequence[int]) -> None:
    for start in range(0, len(units), CHUNK):
        rows = RunUnit.objects.filter(run_id=run.id, unit__in=units[start : start + CHUNK])
        rows.update(state=RunUnit.State.DUE, code="", detail="", approved_by="")


def _join(run: Run, units: Sequence[int]) -> None:
    insert(RunUnit, ("run_id", "unit", "chunk"), [(run.id, unit, run.chunks) for unit in units])
