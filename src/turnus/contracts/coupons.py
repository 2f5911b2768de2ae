"""Redeem coupons: a fact with the discount that it gives. Limits are checked under a lock on the coupon's row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.catalog.coupons import (
    CouponOffer,
    UnknownCouponError,
    coupon_codes,
    coupon_ids,
    coupon_offers,
    coupon_versions,
    locked_coupon,
)
from turnus.catalog.facts import product_ids
from turnus.catalog.plans import variants_of
from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import enter_discount, resolved_discount
from turnus.contracts.models import Contract, ContractDiscount, CouponRedemption
from turnus.contracts.queries import facts_of
from turnus.contracts.touch import end_of, locked
from turnus.core.coupons import ALWAYS, Asking, CouponData, Redeemed, coupon_key, discounts_of, redemption_faults
from turnus.core.faults import fault
from turnus.core.intake.cells import nearest
from turnus.core.periods import FAR_FUTURE, Period

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp
    from turnus.core.contracts import ContractFacts
    from turnus.core.faults import Fault


@transaction.atomic(durable=True)
def redeem_coupon(seller: int, number: str, code: str, *, on: date, reason: str = "", by: Stamp) -> int:
    """A running contract redeems a coupon on a day; a discount for periods begins with the next one.

    Raises ``ContractRefusedError`` with everything that keeps it from that. Returns the redemption's id.
    """
    return enter_redemption(locked(seller, number), code, on=on, since=on, reason=reason, by=by)


def enter_redemption(
    contract: Contract, code: str, *, on: date, since: date | None, reason: str = "", by: Stamp
) -> int:
    """The same inside the caller's transaction, on a locked contract; ``since`` None: from its first paid day."""
    try:
        offer = locked_coupon(contract.seller_id, code)
    except UnknownCouponError as error:
        raise ContractRefusedError("unknown_coupon", coupon=code, near=error.near) from None
    coupon, facts = offer.data, facts_of(contract.id)
    asking = _asking(contract, facts, offer, on)
    discounts = discounts_of(coupon, asking, since)
    days = [resolved_discount(facts, discount) for discount in discounts]
    starts, ends = [d.start or facts.start for d in days], [d.end or FAR_FUTURE for d in days]
    whole = Period(min(starts), max(ends)) if days else ALWAYS
    faults = redemption_faults(coupon, asking, whole)
    if coupon.ends_on is None and whole.start >= (end := end_of(contract)):
        faults.append(fault("contract_ended", contract=contract.number, end=end))
    if faults:
        raise ContractRefusedError.of(faults)
    row = CouponRedemption.objects.create(
        contract_id=contract.id, coupon_id=offer.id, version_id=offer.version, customer_id=contract.customer_id,
        day=on, ordinal=_ever(offer.id) + 1, attempt=_revoked(offer.id, contract.customer_id),
        only_customer_id=contract.customer_id if coupon.once_per_customer else None,
        reason=reason, recorded_at=by.at,
    )  # fmt: skip
    given = [
        enter_discount(contract, discount, redemption=row.id, reason=reason or coupon.code, by=by)[1]
        for discount in discounts
    ]
    after = {"coupon": coupon.code, "day": on, "redemption": row.ordinal}
    changed = Changed("coupon", "", min((one.since for one in given), default=on), {}, after)
    record_amendment(contract, [changed, *given], Why(reason), by=by)
    return row.id


def _asking(contract: Contract, facts: ContractFacts, offer: CouponOffer, on: date) -> Asking:
    codes = {number: code for code, number in product_ids(contract.seller_id).items()}
    items = []
    for item in facts.items:
        terms = next((row for row in reversed(item.terms) if row.since <= on), item.terms[0])
        if terms.model is not None and item.end > on:
            items.append((item.code, codes[terms.product]))
    mine = standing(CouponRedemption.objects.filter(coupon_id=offer.id))
    earlier = Contract.objects.filter(customer_id=contract.customer_id, id__lt=contract.id)
    variant = variants_of([contract.variant_id]).get(contract.variant_id)
    return Asking(
        contract.number, on, contract.currency, variant.plan if variant else "", items, not earlier.exists(),
        mine.count(), mine.filter(customer_id=contract.customer_id).exists(), _redeemed(contract.id),
    )  # fmt: skip


def standing(rows: QuerySet[CouponRedemption]) -> QuerySet[CouponRedemption]:
    """Redemptions that were not taken back."""
    gone = CouponRedemption.objects.filter(revokes__isnull=False).values("revokes")
    return rows.filter(revokes=None).exclude(id__in=gone)


def _ever(coupon: int) -> int:
    return CouponRedemption.objects.filter(coupon_id=coupon, revokes=None).count()


def _revoked(coupon: int, customer: int) -> int:
    return CouponRedemption.objects.filter(coupon_id=coupon, customer_id=customer, revokes__isnull=False).count()


def _redeemed(contract: int) -> list[Redeemed]:
    """The coupons of a contract that stand."""
    rows = list(standing(CouponRedemption.objects.filter(contract_id=contract)).order_by("id"))
    coupons = coupon_versions([row.version_id for row in rows])
    days: dict[int, Period] = {}
    for discount in ContractDiscount.objects.filter(contract_id=contract).exclude(redemption_id=0):
        found = Period(discount.start_on, discount.end_on or FAR_FUTURE)
        known = days.get(discount.redemption_id, found)
        days[discount.redemption_id] = Period(min(known.start, found.start), max(known.end, found.end))
    return [
        Redeemed(coupons[row.version_id].code, coupons[row.version_id].exclusive, days.get(row.id, ALWAYS))
        for row in rows
    ]


def unknown_coupons(seller: int, codes: Collection[str]) -> list[Fault]:
    """What to say of those codes that no coupon of the seller has."""
    known = {coupon_key(code): code for code in coupon_codes(seller)} if codes else {}
    return [
        fault("unknown_coupon", coupon=code, near=nearest(code, known.values()))
        for code in sorted(codes) if coupon_key(code) not in known
    ]  # fmt: skip


def has_redeemed(contract: int, code: str) -> bool:
    """Whether a contract has ever redeemed a coupon, also one that was revoked since."""
    rows = CouponRedemption.objects.filter(contract_id=contract).values_list("version_id", flat=True)
    return any(coupon_key(coupon.code) == coupon_key(code) for coupon in coupon_versions(list(rows)).values())


class CouponLine(NamedTuple):
    """A coupon as it stands, and how often it was redeemed."""

    coupon: CouponData
    redeemed: int


def coupon_lines(seller: int) -> list[CouponLine]:
    """All coupons of a seller in order of their codes."""
    ids = coupon_ids(seller)
    offers = coupon_offers(ids)
    used = dict.fromkeys(ids, 0)
    rows = standing(CouponRedemption.objects.filter(coupon_id__in=ids))
    for coupon in rows.values_list("coupon_id", flat=True):
        used[coupon] += 1
    return [CouponLine(offers[number].data, used[number]) for number in ids]


class RedemptionLine(NamedTuple):
    """Who redeemed a coupon when."""

    ordinal: int
    contract: str
    customer: int
    day: date
    revoked: date | None = None
    """First day without it."""


def redemptions(seller: int, code: str) -> list[RedemptionLine]:
    """All redemptions of a coupon in their order. Raises ``UnknownCouponError``."""
    with transaction.atomic():
        coupon = locked_coupon(seller, code).id
    rows = list(CouponRedemption.objects.filter(coupon_id=coupon, revokes=None).order_by("ordinal"))
    gone = CouponRedemption.objects.filter(coupon_id=coupon, revokes__isnull=False)
    revoked = dict(gone.values_list("revokes", "day"))
    numbers = dict(Contract.objects.filter(id__in=[row.contract_id for row in rows]).values_list("id", "number"))
    return [
        RedemptionLine(row.ordinal, numbers[row.contract_id], row.customer_id, row.day, revoked.get(row.id))
        for row in rows
    ]
