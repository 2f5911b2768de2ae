"""Grant discounts on running contracts: each is a dated fact; the next run bills or credits the difference."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import Contract, ContractDiscount
from turnus.contracts.opening import cycle_key
from turnus.contracts.queries import facts_of
from turnus.contracts.touch import locked
from turnus.core.catalog import Model
from turnus.core.discounts import dated, discount_faults, for_periods
from turnus.core.periods import FAR_FUTURE

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.contracts import ContractFacts, Item, NewDiscount


@transaction.atomic(durable=True)
def grant_discount(seller: int, number: str, discount: NewDiscount, *, reason: str = "", by: Stamp) -> int:
    """A discount in percent, or an amount in minor units per fee period, on an item or the whole contract.

    Raises ``ContractRefusedError`` with all that is wrong. Returns the fact's id.
    """
    contract = locked(seller, number)
    made, changed = enter_discount(contract, discount, reason=reason, by=by)
    record_amendment(contract, [changed], Why(reason), by=by)
    return made


def enter_discount(
    contract: Contract, discount: NewDiscount, *, redemption: int = 0, reason: str = "", by: Stamp
) -> tuple[int, Changed]:
    """``grant_discount`` on a locked contract; the caller records the amendment. ``redemption``: of a coupon."""
    facts = facts_of(contract.id)
    faults = discount_faults(discount, [item.code for item in facts.items])
    if faults:
        raise ContractRefusedError.of(faults)
    item, resolved = _target(facts, discount), resolved_discount(facts, discount)
    whole, start = discount.item is None and discount.amount is not None, resolved.start or facts.start
    fee = item.grids[0].fee
    row = ContractDiscount.objects.create(
        contract_id=contract.id, recorded_at=by.at, reason=reason, item_id=item.id if discount.item else 0,
        label=discount.label, percent=discount.percent, amount=discount.amount, start_on=start,
        end_on=None if resolved.end == FAR_FUTURE else resolved.end, periods=discount.periods,
        from_quantity=discount.from_quantity, origin=discount.origin, fee_months=fee.months if whole else 0,
        fee_days=fee.days if whole else 0, redemption_id=redemption,
    )  # fmt: skip
    return row.id, Changed("discount", discount.item or "", start, {}, asdict(resolved))


def move_discounts(contract: Contract, before: date, *, by: Stamp) -> None:
    """Discounts for a number of periods that began with the first paid day ``before`` begin with the present one.

    Inside the caller's transaction, after the contract's days were changed.
    """
    facts = facts_of(contract.id)
    rows = list(ContractDiscount.objects.filter(contract_id=contract.id).order_by("id"))
    gone = {row.supersedes for row in rows}
    items = {item.id: item for item in facts.items}
    usual = next((item for item in facts.items if cycle_key(item.grids[0].fee) == contract.cycle), facts.items[0])
    for row in rows:
        if row.periods is None or row.start_on != before or row.id in gone:
            continue
        item = items.get(row.item_id, usual)
        days = for_periods(item.grids, max(item.start, facts.start), facts.start, row.periods)
        row.id, row.supersedes, row.start_on, row.end_on, row.recorded_at = None, row.id, *days, by.at
        row.save(force_insert=True)


def resolved_discount(facts: ContractFacts, discount: NewDiscount) -> NewDiscount:
    """The discount with its periods as days."""
    item = _target(facts, discount)
    return dated(discount, item.grids, max(item.start, facts.start))


def _target(facts: ContractFacts, discount: NewDiscount) -> Item:
    """The item that the discount is granted on; for the whole contract the first that recurs gives the periods."""
    if discount.item is not None:
        return next(item for item in facts.items if item.code == discount.item)
    recurring = (item for item in facts.items if item.terms[0].model is not Model.ONE_OFF)
    return next(recurring, facts.items[0])
