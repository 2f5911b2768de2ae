"""Agree on minimum fees of contracts that run, and take them back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from turnus.catalog.facts import product_ids
from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import ContractMinimum, Item
from turnus.contracts.touch import locked, span_of
from turnus.core.faults import fault, unknown_item
from turnus.core.periods import Cycle

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from turnus.contracts.models import Contract
    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewMinimum
    from turnus.core.faults import Fault


@transaction.atomic(durable=True)
def set_minimum(seller: int, number: str, minimum: NewMinimum, *, reason: str = "", by: Stamp) -> int:
    """A minimum fee from ``minimum.start`` on; it replaces the one in force for the same item or contract.

    Amount 0 takes it back. Start None: from the first day of the contract. Raises ``ContractRefusedError`` with all
    that is wrong. Returns the fact's id; 0 where there is no minimum any more.
    """
    contract = locked(seller, number)
    items = list(Item.objects.filter(contract_id=contract.id).order_by("id"))
    row = next((item for item in items if item.code == minimum.item), None) if minimum.item else items[0]
    products, start = product_ids(seller), minimum.start or contract.signed_on
    faults = list(_faults(contract, minimum, start, products))
    if row is None:
        faults.append(unknown_item(minimum.item or "", [item.code for item in items]))
    if faults or row is None:
        raise ContractRefusedError.of(faults)
    scope = row.id if minimum.item else 0
    fee = minimum.fee or Cycle(row.fee_months, row.fee_days)
    before = _end_others(contract.id, scope, start, reason=reason, by=by)
    made = 0
    if minimum.amount:
        made = ContractMinimum.objects.create(
            contract_id=contract.id, recorded_at=by.at, reason=reason, item_id=scope, amount=minimum.amount,
            product_id=products[minimum.product] if minimum.product else row.product_id, gross=row.gross,
            start_on=start, end_on=minimum.end, fee_months=fee.months, fee_days=fee.days,
            anchor=minimum.anchor or row.anchor, label=minimum.label,
        ).id  # fmt: skip
    after = {"amount": minimum.amount, "until": minimum.end, "label": minimum.label}
    record_amendment(contract, [Changed("minimum", minimum.item or "", start, before, after)], Why(reason), by=by)
    return made


def _faults(contract: Contract, minimum: NewMinimum, start: date, products: Collection[str]) -> Iterator[Fault]:
    end = span_of(contract)[1]
    if minimum.product and minimum.product not in products:
        yield fault("unknown_product", product=minimum.product)
    if minimum.amount < 0:
        yield fault("negative_minimum", amount=minimum.amount)
    if minimum.end is not None and minimum.end <= start:
        yield fault("negative_period", start=start, end=minimum.end - timedelta(days=1))
    if start < contract.floor:
        yield fault("before_floor", day=start, floor=contract.floor)
    if end is not None and start >= end:
        yield fault("contract_ended", contract=contract.number, end=end)


def _end_others(contract: int, item: int, start: date, *, reason: str, by: Stamp) -> dict[str, Any]:
    """What was in force for the same item ends where the new one begins: rows that supersede it. Returns the last."""
    before: dict[str, Any] = {}
    rows = list(ContractMinimum.objects.filter(contract_id=contract, item_id=item).order_by("id"))
    gone = {row.supersedes for row in rows}
    for row in rows:
        if row.id not in gone and (row.end_on is None or row.end_on > start):
            before = {"amount": row.amount, "until": row.end_on, "label": row.label}
            ContractMinimum.objects.create(
                contract_id=contract, recorded_at=by.at, reason=reason, item_id=item, amount=row.amount,
                product_id=row.product_id, gross=row.gross, start_on=min(row.start_on, start), end_on=start,
                fee_months=row.fee_months, fee_days=row.fee_days, anchor=row.anchor, label=row.label,
                supersedes=row.id,
            )  # fmt: skip
    return before
