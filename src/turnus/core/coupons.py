"""Coupons: what a code gives, and everything that keeps a contract from redeeming it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.contracts import NewDiscount, Origin
from turnus.core.faults import Fault, fault
from turnus.core.periods import FAR_FUTURE, Period

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class CouponData:
    """A coupon as a person offers it. Days are half-open: ``valid_to`` is the first on which nobody may redeem it."""

    code: str
    label: str
    """Printed on invoices."""
    percent: Decimal | None = None
    amount: int | None = None
    """Minor units of ``currency`` per fee period."""
    currency: str = ""
    periods: int | None = None
    """For so many fee periods; None: as long as the contract, or until ``ends_on``."""
    ends_on: date | None = None
    """First day without the discount."""
    valid_from: date | None = None
    valid_to: date | None = None
    most: int | None = None
    """May be redeemed so many times in all."""
    once_per_customer: bool = False
    new_customers: bool = False
    """Only on a customer's first contract."""
    exclusive: bool = False
    """Not together with another coupon on the same days of a contract."""
    products: tuple[str, ...] = ()
    """Only for items of these products; empty: the whole contract."""
    plans: tuple[str, ...] = ()
    """Only for contracts of these plans."""


def coupon_key(code: str) -> str:
    """How codes are compared: ``"Sommer-2026"`` and ``"SOMMER 2026"`` are the same."""
    return re.sub(r"[\s\-_.]", "", code).upper()


class Redeemed(NamedTuple):
    """A coupon that the contract has redeemed, and the days that its discount holds."""

    code: str
    exclusive: bool
    days: Period


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of the contract that wants to redeem a coupon."""

    contract: str
    day: date
    """Day of redemption."""
    currency: str
    plan: str
    """Empty: none."""
    products: Sequence[tuple[str, str]]
    """(code, product) of its items in force or to come."""
    first_contract: bool
    """The customer has no earlier contract."""
    used: int
    """How often the coupon was redeemed, by everybody."""
    used_by_customer: bool
    redeemed: Sequence[Redeemed] = ()
    """What the contract has redeemed before."""


def discounts_of(coupon: CouponData, asking: Asking, since: date | None) -> list[NewDiscount]:
    """The discounts that a coupon gives a contract; an amount for products goes to the first item that has one."""
    items = [item for item, product in asking.products if product in coupon.products]
    if not coupon.products:
        targets: list[str | None] = [None]
    else:
        targets = [*items[: 1 if coupon.amount is not None else None]]
    return [
        NewDiscount(
            coupon.label, coupon.percent, coupon.amount, item, since, coupon.ends_on, coupon.periods,
            origin=Origin.COUPON,
        )
        for item in targets
    ]  # fmt: skip


def redemption_faults(coupon: CouponData, asking: Asking, days: Period) -> list[Fault]:
    """Everything that keeps a contract from redeeming a coupon; ``days``: those of its discount."""
    return list(_redemption_faults(coupon, asking, days))


def _redemption_faults(coupon: CouponData, asking: Asking, days: Period) -> Iterator[Fault]:
    code, day = coupon.code, asking.day
    if coupon.valid_from is not None and day < coupon.valid_from:
        yield fault("coupon_not_yet", coupon=code, day=coupon.valid_from)
    if coupon.valid_to is not None and day >= coupon.valid_to:
        yield fault("coupon_over", coupon=code, day=coupon.valid_to)
    if coupon.most is not None and asking.used >= coupon.most:
        yield fault("coupon_used_up", coupon=code, most=coupon.most)
    if any(other.code == code for other in asking.redeemed):
        yield fault("coupon_twice", coupon=code, contract=asking.contract)
    elif coupon.once_per_customer and asking.used_by_customer:
        yield fault("coupon_once", coupon=code)
    if coupon.new_customers and not asking.first_contract:
        yield fault("coupon_new_only", coupon=code)
    yield from _scope_faults(coupon, asking)
    for other in asking.redeemed:
        if (coupon.exclusive or other.exclusive) and other.code != code and days.cut(other.days) is not None:
            yield fault("coupon_exclusive", coupon=code, other=other.code)


def _scope_faults(coupon: CouponData, asking: Asking) -> Iterator[Fault]:
    if coupon.amount is not None and coupon.currency != asking.currency:
        yield fault("coupon_currency", coupon=coupon.code, currency=coupon.currency, contract_currency=asking.currency)
    if coupon.plans and asking.plan not in coupon.plans:
        yield fault("coupon_plan", coupon=coupon.code, plans=", ".join(coupon.plans))
    if coupon.products and not any(product in coupon.products for _item, product in asking.products):
        yield fault("coupon_product", coupon=coupon.code, products=", ".join(coupon.products))
    if coupon.ends_on is not None and coupon.ends_on <= asking.day:
        yield fault("coupon_over", coupon=coupon.code, day=coupon.ends_on)


ALWAYS = Period(date.min, FAR_FUTURE)
"""Days of a discount that was never given."""
