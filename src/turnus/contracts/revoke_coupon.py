"""Take a redeemed coupon back: a counter-entry with its reason. Later days are without it, limits are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.catalog.coupons import CouponOffer, UnknownCouponError, locked_coupon
from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.coupons import standing
from turnus.contracts.models import Contract, ContractDiscount, CouponRedemption
from turnus.contracts.queries import facts_of
from turnus.contracts.touch import locked
from turnus.core.catalog import Model
from turnus.core.repricing import next_period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.contracts import ContractFacts


@transaction.atomic(durable=True)
def revoke_coupon(
    seller: int, number: str, code: str, *, on: date, since: date | None = None, reason: str = "", by: Stamp
) -> date:
    """From a day on a contract is without the coupon that it redeemed; somebody may redeem it in its place.

    ``since`` None: from the first fee period that begins on ``on`` or later; an earlier day has the next run bill the
    difference. Returns the day. Raises ``ContractRefusedError``: ``unknown_coupon``, ``coupon_not_redeemed``,
    ``coupon_spent`` where its discount has ended before that day, ``before_floor``.
    """
    contract = locked(seller, number)
    offer = _offer(seller, code)
    row = standing(CouponRedemption.objects.filter(coupon_id=offer.id, contract_id=contract.id)).last()
    if row is None:
        raise ContractRefusedError("coupon_not_redeemed", coupon=offer.data.code, contract=number)
    discounts = _discounts(contract, row)
    first = since or min((_next(facts_of(contract.id), one, on) for one in discounts), default=on)
    _refuse(contract, offer, discounts, first)
    for one in discounts:
        _end(one, max(one.start_on, min(first, one.end_on or first)), reason=reason or offer.data.code, by=by)
    CouponRedemption.objects.create(
        contract_id=contract.id, coupon_id=offer.id, version_id=row.version_id, customer_id=row.customer_id, day=first,
        ordinal=row.ordinal, attempt=row.attempt, revokes=row.id, reason=reason, recorded_at=by.at,
    )  # fmt: skip
    before, after = {"redeemed": row.day}, {"coupon": offer.data.code, "redemption": row.ordinal}
    record_amendment(contract, [Changed("coupon_revoked", "", first, before, after)], Why(reason), by=by)
    return first


def _offer(seller: int, code: str) -> CouponOffer:
    try:
        return locked_coupon(seller, code)
    except UnknownCouponError as error:
        raise ContractRefusedError("unknown_coupon", coupon=code, near=error.near) from None


def _refuse(contract: Contract, offer: CouponOffer, discounts: Sequence[ContractDiscount], first: date) -> None:
    ends = [one.end_on for one in discounts]
    if ends and all(end is not None and end <= first for end in ends):
        last = max(end for end in ends if end is not None)
        raise ContractRefusedError("coupon_spent", coupon=offer.data.code, contract=contract.number, day=str(last))
    if first < contract.floor:
        raise ContractRefusedError("before_floor", day=str(first), floor=str(contract.floor))


def _discounts(contract: Contract, row: CouponRedemption) -> list[ContractDiscount]:
    """The discounts of a redemption that stand."""
    rows = list(ContractDiscount.objects.filter(contract_id=contract.id, redemption_id=row.id).order_by("id"))
    gone = {one.supersedes for one in rows}
    return [one for one in rows if one.id not in gone]


def _next(facts: ContractFacts, discount: ContractDiscount, on: date) -> date:
    """The first fee period of what the discount is granted on that begins on the day or later."""
    mine = [item for item in facts.items if discount.item_id in (0, item.id)]
    recurring = [item for item in mine if item.terms[0].model is not Model.ONE_OFF]
    return next_period((recurring or mine)[0], max(on, discount.start_on))


def _end(discount: ContractDiscount, end: date, *, reason: str, by: Stamp) -> None:
    ContractDiscount.objects.create(
        contract_id=discount.contract_id, item_id=discount.item_id, label=discount.label, percent=discount.percent,
        amount=discount.amount, start_on=discount.start_on, end_on=end, fee_months=discount.fee_months,
        fee_days=discount.fee_days, supersedes=discount.id, periods=discount.periods,
        from_quantity=discount.from_quantity, origin=discount.origin, redemption_id=discount.redemption_id,
        recorded_at=by.at, reason=reason,
    )  # fmt: skip
