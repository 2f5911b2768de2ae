"""What a company offers, with a row in every table that is guarded."""

from django.db import transaction

from tests.builders import BY, Company, customer, day, variant
from turnus.catalog.coupons import put_coupon
from turnus.catalog.groups import join_group, put_group
from turnus.contracts.coupons import redeem_coupon
from turnus.core.contracts import NewDiscount
from turnus.core.coupons import CouponData
from turnus.core.offers import OfferedItem, Special


def offers(firm: Company) -> None:
    """A plan with a discount, a group with a member and conditions, and a coupon that was redeemed."""
    variant(firm, "P/v", OfferedItem("abo", "abo"), discounts=(NewDiscount("Einführung", amount=1_00, periods=1),))
    special = Special(discount=NewDiscount("Gruppe", amount=1_00), currency="EUR")
    member = customer(firm)
    with transaction.atomic():
        put_group(firm.id, "g", "g", special, valid_from=day("2025-01-01"), by=BY)
        join_group(firm.id, member, "g", valid_from=day("2025-01-01"), by=BY)
        put_coupon(firm.id, CouponData("EINS", "Eins", amount=1_00, currency="EUR", products=("abo",)), by=BY)
    redeem_coupon(firm.id, "V1", "EINS", on=day("2025-01-01"), by=BY)
