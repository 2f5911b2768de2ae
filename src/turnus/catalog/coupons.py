"""Coupons: enter them, and read one to redeem it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.conditions import discount_columns
from turnus.catalog.facts import product_ids
from turnus.catalog.models import Coupon, CouponTarget, CouponVersion, Plan, Product
from turnus.catalog.offer import OfferRefusedError, Outcome
from turnus.core.contracts import NewDiscount
from turnus.core.coupons import CouponData, coupon_key
from turnus.core.intake.cells import nearest
from turnus.core.offer_rules import coupon_faults
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection

    from turnus.core.actors import Stamp


class UnknownCouponError(LookupError):
    """There is no coupon with this code; ``near`` names what was perhaps meant."""

    def __init__(self, code: str, near: str) -> None:
        super().__init__(code)
        self.near = near


class CouponOffer(NamedTuple):
    """A coupon as it stands: ids of the coupon and of its newest version."""

    id: int
    version: int
    data: CouponData


_PLAIN = (
    "currency", "ends_on", "valid_from", "valid_to", "most", "once_per_customer", "new_customers", "exclusive",
)  # fmt: skip


def put_coupon(seller: int, new: CouponData, *, by: Stamp) -> Outcome:
    """Offer a coupon, or give it a new version; what was redeemed stays. Inside the caller's transaction.

    Raises ``OfferRefusedError`` with all that is wrong.
    """
    products = product_ids(seller)
    plans = dict(Plan.objects.filter(seller_id=seller).values_list("code", "id"))
    faults = coupon_faults(new, products, plans)
    if faults:
        raise OfferRefusedError(faults)
    coupon, created = Coupon.objects.get_or_create(seller_id=seller, code_key=coupon_key(new.code))
    before = None if created else coupon_offers([coupon.id])[coupon.id].data
    if before == new:
        return "unchanged"
    discount = NewDiscount(new.label, new.percent, new.amount, periods=new.periods)
    version = CouponVersion.objects.create(
        coupon=coupon, recorded_at=by.at, code=new.code, **discount_columns(discount),
        **{name: getattr(new, name) for name in _PLAIN},
    )  # fmt: skip
    targets = [CouponTarget(version=version, product_id=products[code]) for code in new.products]
    targets += [CouponTarget(version=version, plan_id=plans[code]) for code in new.plans]
    CouponTarget.objects.bulk_create(targets)
    audit(by, "coupon.put", "coupon", coupon.id, before=asdict(before) if before else None, after=asdict(new))
    return "created" if created else "changed"


def locked_coupon(seller: int, code: str) -> CouponOffer:
    """A coupon, locked until the transaction ends: who redeems it does it alone. Raises ``UnknownCouponError``."""
    mine = Coupon.objects.filter(seller_id=seller)
    found = mine.select_for_update(no_key=True).filter(code_key=coupon_key(code)).values_list("id", flat=True).first()
    if found is None:
        raise UnknownCouponError(code, nearest(code, coupon_codes(seller)))
    return coupon_offers([found])[found]


def coupon_codes(seller: int) -> list[str]:
    """Every code that a coupon of the seller has or had."""
    return list(CouponVersion.objects.filter(coupon__seller_id=seller).values_list("code", flat=True))


def coupon_offers(coupons: Collection[int]) -> dict[int, CouponOffer]:
    """Coupon id → its newest version."""
    newest = {row.coupon_id: row for row in CouponVersion.objects.filter(coupon_id__in=coupons).order_by("id")}
    return {row.coupon_id: CouponOffer(row.coupon_id, row.id, data) for row, data in _data(newest.values())}


def coupon_versions(versions: Collection[int]) -> dict[int, CouponData]:
    """Version id → the coupon as it was then."""
    return {row.id: data for row, data in _data(CouponVersion.objects.filter(id__in=versions).order_by("id"))}


def _data(rows: Collection[CouponVersion]) -> list[tuple[CouponVersion, CouponData]]:
    targets = list(CouponTarget.objects.filter(version_id__in=[row.id for row in rows]).order_by("id"))
    products = dict(Product.objects.filter(id__in=[t.product_id for t in targets]).values_list("id", "code"))
    plans = dict(Plan.objects.filter(id__in=[t.plan_id for t in targets]).values_list("id", "code"))
    found = []
    for row in rows:
        mine = [target for target in targets if target.version_id == row.id]
        data = CouponData(
            code=row.code, label=row.discount_label, percent=row.percent, amount=row.amount, periods=row.periods,
            products=tuple(products[t.product_id] for t in mine if t.product_id is not None),
            plans=tuple(plans[t.plan_id] for t in mine if t.plan_id is not None),
            **{name: getattr(row, name) for name in _PLAIN},
        )  # fmt: skip
        found.append((row, data))
    return found


def coupon_ids(seller: int) -> list[int]:
    """Ids of all coupons of a seller, in order of their codes."""
    return list(Coupon.objects.filter(seller_id=seller).order_by("code_key").values_list("id", flat=True))
