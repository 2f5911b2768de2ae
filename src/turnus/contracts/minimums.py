"""Agree on minimum fees of contracts that run, and take them back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.catalog.facts import product_ids
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import ContractMinimum, Item
from turnus.contracts.touch import locked, touch
from turnus.core.periods import Cycle
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewMinimum


@transaction.atomic(durable=True)
def set_minimum(seller: int, number: str, minimum: NewMinimum, *, reason: str = "", by: Stamp) -> int:
    """A minimum fee from ``minimum.start`` on; it replaces the one in force for the same item or contract.

    Amount 0 takes it back. Raises ``ContractRefusedError``.
    """
    contract = locked(seller, number)
    items = list(Item.objects.filter(contract_id=contract.id).order_by("id"))
    row = next((item for item in items if item.code == minimum.item), None) if minimum.item else items[0]
    products = product_ids(seller)
    if row is None:
        raise ContractRefusedError("unknown_item", item=minimum.item or "")
    if minimum.product and minimum.product not in products:
        raise ContractRefusedError("unknown_product", product=minimum.product)
    if minimum.amount < 0:
        raise ContractRefusedError("negative_minimum", amount=str(minimum.amount))
    start = minimum.start or date.min
    scope = row.id if minimum.item else 0
    fee = minimum.fee or Cycle(row.fee_months, row.fee_days)
    _end_others(contract.id, scope, start, reason=reason, by=by)
    made = 0
    if minimum.amount:
        made = ContractMinimum.objects.create(
            contract_id=contract.id, recorded_at=by.at, reason=reason, item_id=scope, amount=minimum.amount,
            product_id=products[minimum.product] if minimum.product else row.product_id, gross=row.gross,
            start_on=start, end_on=minimum.end, fee_months=fee.months, fee_days=fee.days,
            anchor=minimum.anchor or row.anchor, label=minimum.label,
        ).id  # fmt: skip
    touch([contract.id], start)
    audit(by, "contract.set_minimum", "contract", contract.id, reason=reason,
          after={"item": minimum.item, "amount": minimum.amount, "from": start, "until": minimum.end})  # fmt: skip
    return made


def _end_others(contract: int, item: int, start: date, *, reason: str, by: Stamp) -> None:
    """What was in force for the same item ends where the new one begins: rows that supersede it."""
    rows = list(ContractMinimum.objects.filter(contract_id=contract, item_id=item).order_by("id"))
    gone = {row.supersedes for row in rows}
    for row in rows:
        if row.id not in gone and (row.end_on is None or row.end_on > start):
            ContractMinimum.objects.create(
                contract_id=contract, recorded_at=by.at, reason=reason, item_id=item, amount=row.amount,
                product_id=row.product_id, gross=row.gross, start_on=min(row.start_on, start), end_on=start,
                fee_months=row.fee_months, fee_days=row.fee_days, anchor=row.anchor, label=row.label,
                supersedes=row.id,
            )  # fmt: skip
