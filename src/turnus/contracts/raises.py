"""Planned raises inside a contract (JB-18): agreed with it, billed by any run, without a campaign."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import Item, PlannedRaise
from turnus.contracts.raise_facts import raise_row
from turnus.contracts.touch import locked, span_of
from turnus.core.raising import first_anniversary, raise_faults

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewRaise


@transaction.atomic(durable=True)
def plan_raise(seller: int, number: str, new: NewRaise, *, on: date, reason: str = "", by: Stamp) -> date:
    """Agree a planned raise; ``on`` is the day of the agreement. Returns the day of the first one.

    Raises ``ContractRefusedError`` with everything that is wrong: an unknown item, a value that is not in order.
    """
    contract = locked(seller, number)
    items = dict(Item.objects.filter(contract_id=contract.id).values_list("code", "id"))
    if faults := raise_faults(new, items):
        raise ContractRefusedError.of(faults)
    first = new.first or first_anniversary(span_of(contract)[0], on)
    raise_row(contract.id, new, items.get(new.item, 0), first, reason=reason, by=by).save()
    after = {**new._asdict(), "first": first}
    record_amendment(contract, [Changed("raise", new.item, first, {}, after)], Why(reason), by=by)
    return first


@transaction.atomic(durable=True)
def stop_raises(seller: int, number: str, *, end: date, reason: str = "", by: Stamp) -> int:
    """No planned raise from ``end`` on; those before it stand. Returns how many were stopped."""
    contract = locked(seller, number)
    rows = list(PlannedRaise.objects.filter(contract_id=contract.id).order_by("id"))
    gone = {row.supersedes for row in rows}
    stopped = [row for row in rows if row.id not in gone and (row.end_on is None or row.end_on > end)]
    for row in stopped:
        PlannedRaise.objects.create(
            contract_id=contract.id, item_id=row.item_id, kind=row.kind, value=row.value, first_on=row.first_on,
            months=row.months, end_on=end, supersedes=row.id, recorded_at=by.at, reason=reason,
        )  # fmt: skip
    if stopped:
        changed = Changed("raise_stop", "", end, {"raises": [row.id for row in stopped]}, {"end": end})
        record_amendment(contract, [changed], Why(reason), by=by)
    return len(stopped)
