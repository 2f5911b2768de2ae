"""Everything that is wrong with a plan's variant, with special conditions or a coupon, at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.catalog import Model
from turnus.core.contracts import NewDiscount, Origin
from turnus.core.coupons import coupon_key
from turnus.core.discounts import discount_faults
from turnus.core.faults import Fault, fault
from turnus.core.intake.cells import nearest
from turnus.core.measuring import metering_faults
from turnus.core.money import CURRENCIES, MAX_DECIMALS
from turnus.core.offers import NO_TERM, Role
from turnus.core.term_rules import terms_faults
from turnus.core.terms import CutOff, NewContractTerms
from turnus.core.usage import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date
    from decimal import Decimal

    from turnus.core.coupons import CouponData
    from turnus.core.offers import Conditions, OfferedItem, Special, VariantData


class Known(NamedTuple):
    """What the catalogue knows, as far as an offer refers to it."""

    products: Collection[str]
    schemes: Collection[str]
    lists: Collection[str]
    gross_of: Callable[[str, Model | None], bool | None]
    """Whether the product's price in the plan's currency on its first day contains VAT; None: there is no price."""


def variant_faults(new: VariantData, known: Known) -> list[Fault]:
    """Everything that is wrong with a version of a variant."""
    found = [] if new.currency in CURRENCIES else [fault("unknown_currency", currency=new.currency)]
    if new.product and new.product not in known.products:
        found.append(_unknown("unknown_product", "product", new.product, known.products))
    if not any(item.role is Role.ITEM for item in new.items) and not new.closed:
        found.append(fault("plan_empty", plan=f"{new.plan}/{new.code}"))
    codes = [item.code for item in new.items]
    found += [fault("duplicate_item", item=code) for code in sorted({c for c in codes if codes.count(c) > 1})]
    for item in new.items:
        found += _item_faults(item, new, known)
    for discount in new.discounts:
        found += discount_faults(discount, codes)
    return found + list(condition_faults(new.conditions, known.lists, new.valid_from))


def _item_faults(item: OfferedItem, new: VariantData, known: Known) -> Iterator[Fault]:
    if item.product not in known.products:
        yield _unknown("unknown_product", "product", item.product, known.products)
        return
    if item.scheme and item.scheme not in known.schemes:
        yield fault("unknown_scheme", scheme=item.scheme, item=item.code)
    if item.price is not None and item.price < 0:
        yield fault("negative_price", price=item.price, product=item.product, day=new.valid_from)
    if max(_decimals(item.price), _decimals(item.quantity)) > MAX_DECIMALS:
        yield fault("too_many_decimals", item=item.code, decimals=MAX_DECIMALS)
    if item.role is Role.SETUP and item.model not in {None, Model.ONE_OFF}:
        yield fault("setup_recurs", item=item.code)
    if item.follows and item.price is not None:
        yield fault("follows_own_price", item=item.code)
    if item.metering != PLAIN:
        yield from metering_faults(item.metering, item.model or Model.METERED_UNIT, item.code)
    yield from _catalogue_price(item, new, known)


def _catalogue_price(item: OfferedItem, new: VariantData, known: Known) -> Iterator[Fault]:
    """Without a price of its own the item has the catalogue's, net or gross as the plan is."""
    if item.price is None and not (item.scheme and item.model):
        gross = known.gross_of(item.product, Model.ONE_OFF if item.role is Role.SETUP else item.model)
        if gross is None:
            yield fault("no_price", product=item.product, currency=new.currency, day=new.valid_from)
        elif gross is not new.gross:
            yield fault("plan_gross", product=item.product, plan=new.plan)


def condition_faults(has: Conditions, lists: Collection[str], begin: date) -> Iterator[Fault]:
    """Everything that is wrong with conditions taken by themselves."""
    if has.price_list and has.price_list not in lists:
        yield _unknown("unknown_price_list", "price_list", has.price_list, lists)
    for name, value, most in (("trial_days", has.trial_days, 3_650), ("payment_days", has.payment_days, 365)):
        if value is not None and not 0 <= value <= most:
            yield fault("condition_range", condition=name, value=value, most=most)
    if any(value is not None for value in (has.initial, has.renewal, has.notice)):
        initial, renewal = (None if value == NO_TERM else value for value in (has.initial, has.renewal))
        if initial is not None or renewal is None:  # a group may say the renewal alone; the initial term is the plan's
            terms = NewContractTerms(initial, renewal, has.notice or NO_TERM, has.cut_off or CutOff.DAY)
            yield from (fault(f.code, **f.params) for f in terms_faults(terms, consumer=False, begin=begin))


def special_faults(special: Special, lists: Collection[str], begin: date) -> list[Fault]:
    """Everything that is wrong with the conditions of a customer or a group."""
    found = list(condition_faults(special.conditions, lists, begin))
    discount = special.discount
    if discount is not None:
        found += discount_faults(discount, ())
        if discount.amount is not None and special.currency not in CURRENCIES:
            found.append(fault("unknown_currency", currency=special.currency))
    return found


def coupon_faults(new: CouponData, products: Collection[str], plans: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a coupon as it is offered."""
    found = discount_faults(_discount(new), ())
    if not re.fullmatch(r"[0-9A-ZÄÖÜ]{3,40}", coupon_key(new.code)):
        found.append(fault("coupon_code", coupon=new.code))
    if new.amount is not None and new.currency not in CURRENCIES:
        found.append(fault("unknown_currency", currency=new.currency))
    if new.valid_from and new.valid_to and new.valid_to <= new.valid_from:
        found.append(fault("negative_period", start=new.valid_from, end=new.valid_to))
    if new.most is not None and new.most < 1:
        found.append(fault("coupon_limit", coupon=new.code))
    for product in new.products:
        if product not in products:
            found.append(fault("unknown_product", product=product))
    for plan in new.plans:
        if plan not in plans:
            found.append(fault("unknown_plan", plan=plan, near=nearest(plan, plans)))
    return found


def _discount(coupon: CouponData) -> NewDiscount:
    return NewDiscount(
        coupon.label, coupon.percent, coupon.amount, None, None, coupon.ends_on, coupon.periods, origin=Origin.COUPON
    )


def _unknown(code: str, name: str, value: str, known: Collection[str]) -> Fault:
    return fault(code, **{name: value, "near": nearest(value, known)})


def _decimals(value: Decimal | None) -> int:
    return 0 if value is None else -int(value.as_tuple().exponent)
