"""Release and number (billing-core P, 3 and 4): accepted drafts are frozen, then chunks get blocks of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Count

from turnus.contracts.due import accounts_of, revisions
from turnus.core.document import uses_credit
from turnus.invoices.credit import apply_credit
from turnus.invoices.decide import Parked
from turnus.invoices.draft import last_ordinals, park_units, roots
from turnus.invoices.models import Invoice, NumberBlock, NumberRange, Pending, Run, RunUnit
from turnus.invoices.numbers import lock_range
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp


@transaction.atomic(durable=True)
def release_chunk(run: Run, chunk: int, *, by: Stamp) -> int:
    """Freeze the accepted drafts of a chunk: revisions unchanged, nothing missing, no safety bound unapproved.

    Returns how many documents were released now. Repeating it releases nothing twice.
    """
    units = list(
        RunUnit.objects.select_for_update(no_key=True)
        .filter(run_id=run.id, chunk=chunk, state=RunUnit.State.DRAFTED)
        .order_by("id")
        .values_list("unit", "code", "approved_by")
    )
    accounts_of([unit for unit, _code, _by in units], lock=True)
    stale = _changed_since(run, chunk)
    accepted, parked = [], []
    for unit, guard, approved_by in units:
        if unit in stale:
            parked.append(Parked(unit, "redraft", {}))
        elif guard and not approved_by:
            parked.append(Parked(unit, guard, {}))
        else:
            accepted.append(unit)
    digests = _freeze(run, chunk, accepted)
    park_units(run.id, parked)
    RunUnit.objects.filter(run_id=run.id, chunk=chunk, unit__in=accepted).update(state=RunUnit.State.RELEASED)
    if digests or parked:
        audit(by, "run.release", "run", run.id, digest=roots(digests), before={"state": "draft"},
              after={"chunk": chunk, "documents": len(digests), "parked": len(parked),
                     "state": "released"})  # fmt: skip
    failpoint("run.release.before_commit")
    return len(digests)


def _changed_since(run: Run, chunk: int) -> set[int]:
    """Units with a contract that changed after its draft was made."""
    rows = list(Pending.objects.filter(run_id=run.id, chunk=chunk).values_list("contract_id", "unit", "revision"))
    now = revisions([contract for contract, _unit, _revision in rows])
    return {unit for contract, unit, revision in rows if now.get(contract) != revision}


def _freeze(run: Run, chunk: int, units: Sequence[int]) -> list[str]:
    start = last_ordinals(run.id, chunk)
    drafts = Invoice.objects.filter(run_id=run.id, chunk=chunk, state="draft", unit__in=units).order_by("unit", "id")
    rows = list(drafts.values_list("id", "customer_id", "currency", "gross", "kind", "digest"))
    applied = apply_credit([row[:4] for row in rows if uses_credit(row[4])])
    values = []
    for number, _customer, _currency, _gross, kind, _digest in rows:
        ordinal = start[kind] = start.get(kind, -1) + 1
        values.append((ordinal, applied.get(number, 0), number))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE invoices_invoice SET state = 'released', ordinal = %s, applied = %s WHERE id = %s", values
        )
    return [row[-1] for row in rows]


@transaction.atomic(durable=True)
def number_chunks(run: Run, *, by: Stamp) -> int:
    """Give each chunk its block of numbers, in chunk order, in one short transaction. Returns how many."""
    Run.objects.select_for_update(no_key=True).get(id=run.id)  # of two processes one sees the other's blocks
    owned = set(NumberBlock.objects.filter(run_id=run.id).values_list("chunk", "kind"))
    counts = (
        Invoice.objects.filter(run_id=run.id, state="released")
        .values("chunk", "kind").annotate(n=Count("id")).order_by("chunk", "kind").values_list("chunk", "kind", "n")
    )  # fmt: skip
    total = 0
    ranges: dict[str, NumberRange] = {}
    for chunk, kind, count in counts:
        if (chunk, kind) in owned:
            continue
        if kind not in ranges:
            ranges[kind] = lock_range(run.seller_id, kind, run.on, ranges)
        row = ranges[kind]
        NumberBlock.objects.create(run_id=run.id, chunk=chunk, kind=kind, range_id=row.id, first=row.next, count=count)
        row.next += count
        total += count
    for row in {row.id: row for row in ranges.values()}.values():
        NumberRange.objects.filter(id=row.id).update(next=row.next, last_issue_date=run.on)
    Run.objects.filter(id=run.id).exclude(state=Run.State.DONE).update(state=Run.State.NUMBERED)
    audit(by, "run.number", "run", run.id, after={"documents": total})
    failpoint("run.number.before_commit")
    return total
