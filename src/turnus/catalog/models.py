"""Products in immutable versions, dated prices and VAT rates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.records.fields import ExactDecimalField, OptionalDecimalField


class Product(models.Model):
    """A product of one seller."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="product_code")]


class ProductVersion(models.Model):
    """What a product is called and how it is taxed; invoice lines refer to a version."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    name = models.TextField()
    name_en = models.TextField(db_default="")
    description = models.TextField(db_default="")
    description_en = models.TextField(db_default="")
    kind = models.TextField()
    tax_class = models.TextField()
    unit = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["product", "id"], name="product_version")]


class PriceScheme(models.Model):
    """A version of a price scheme: tiers, packages, allowances … as canonical text (``core/schemes.py``)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    """Its name; ``#`` and a digest for one that was agreed for single contracts."""
    version = models.IntegerField()
    recorded_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "code", "version"], name="price_scheme_once"),
        ]


class Price(models.Model):
    """The price of a product on ``[valid_from, valid_to)``. Contracts pin prices; repricing means new rows."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT)
    model = models.TextField()
    currency = models.TextField()
    unit_price = ExactDecimalField()
    gross = models.BooleanField()
    scheme_id = models.BigIntegerField(null=True)
    """The version of a price scheme that the price follows."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    price_list = models.TextField(db_default="")
    """Empty: for everybody."""
    country = models.TextField(db_default="")
    """Empty: every country."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "model", "currency", "valid_from", "price_list", "country"], name="price_once"
            ),
        ]


class ConditionColumns(models.Model):
    """Columns of conditions (``core/offers.Conditions``); NULL and an empty text say nothing."""

    fee_months = models.IntegerField(null=True)
    fee_days = models.IntegerField(null=True)
    billing_months = models.IntegerField(null=True)
    billing_days = models.IntegerField(null=True)
    timing = models.TextField(db_default="")
    basis = models.TextField(db_default="")
    anchor_rule = models.TextField(db_default="")
    trial_days = models.IntegerField(null=True)
    after_trial = models.TextField(db_default="")
    second_trial = models.TextField(db_default="")
    payment_days = models.IntegerField(null=True)
    initial_months = models.IntegerField(null=True)
    initial_days = models.IntegerField(null=True)
    renewal_months = models.IntegerField(null=True)
    renewal_days = models.IntegerField(null=True)
    notice_months = models.IntegerField(null=True)
    notice_days = models.IntegerField(null=True)
    cut_off = models.TextField(db_default="")
    price_list = models.TextField(db_default="")

    class Meta:
        abstract = True


class DiscountColumns(models.Model):
    """Columns of a discount that is part of an offer; the amount is in minor units per fee period."""

    discount_label = models.TextField(db_default="")
    percent = OptionalDecimalField(null=True)
    amount = models.BigIntegerField(null=True)
    periods = models.IntegerField(null=True)

    class Meta:
        abstract = True


class Plan(models.Model):
    """What is sold in variants: one currency, net or gross."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    currency = models.TextField()
    gross = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="plan_code")]


class Variant(models.Model):
    """A variant of a plan."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey("catalog.Plan", on_delete=models.PROTECT)
    code = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="variant_code")]


class VariantVersion(ConditionColumns):
    """A variant with all its conditions from a day on. Concluded contracts keep the version they were made from."""

    id = models.BigAutoField(primary_key=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    plan_name = models.TextField()
    plan_name_en = models.TextField(db_default="")
    name = models.TextField(db_default="")
    name_en = models.TextField(db_default="")
    product_id = models.BigIntegerField(null=True)
    """The main product of the plan."""
    closed = models.BooleanField(db_default=False)
    """No new contracts from this day on."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["variant", "valid_from"], name="variant_version_once")]


class VariantItem(models.Model):
    """An item of a version of a variant."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey("catalog.VariantVersion", on_delete=models.PROTECT)
    code = models.TextField()
    product_id = models.BigIntegerField()
    quantity = ExactDecimalField()
    unit_price = OptionalDecimalField(null=True)
    """None: the catalogue's price."""
    model = models.TextField(db_default="")
    """Empty: as the catalogue says."""
    role = models.TextField()
    scheme = models.TextField(db_default="")
    fee_months = models.IntegerField(db_default=0)
    fee_days = models.IntegerField(db_default=0)
    timing = models.TextField(db_default="")
    label = models.TextField(db_default="")
    follows = models.BooleanField(db_default=False)
    meter = models.TextField(db_default="")
    aggregation = models.TextField(db_default="sum")
    only = models.TextField(db_default="")
    unit = models.TextField(db_default="")
    quantum = OptionalDecimalField(null=True)
    rounding = models.TextField(db_default="up")
    display = models.TextField(db_default="total")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="variant_item_code")]


class VariantDiscount(DiscountColumns):
    """A discount that every new contract of a version of a variant gets."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey("catalog.VariantVersion", on_delete=models.PROTECT)
    item = models.TextField(db_default="")
    """Code of the item; empty: the whole contract."""
    from_quantity = OptionalDecimalField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version"], name="variant_discount_version")]


class CustomerGroup(models.Model):
    """Customers with conditions of their own (PI-13)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    name = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="customer_group_code")]


class GroupMember(models.Model):
    """From a day on a customer belongs to a group, or (None) to none; of two rows on one day the later one counts."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    group = models.ForeignKey("catalog.CustomerGroup", null=True, on_delete=models.PROTECT)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer_id"], name="group_member_customer")]


class SpecialTerms(ConditionColumns, DiscountColumns):
    """Conditions that a group or a single customer has of its own from a day on; the later recorded wins on one day."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey("catalog.CustomerGroup", null=True, on_delete=models.PROTECT)
    customer_id = models.BigIntegerField(null=True)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    currency = models.TextField(db_default="")
    """Of the discount's amount."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(group__isnull=True) ^ models.Q(customer_id__isnull=True), name="special_terms_of_one"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group"], name="special_terms_group"),
            models.Index(fields=["customer_id"], name="special_terms_customer"),
        ]


class Coupon(models.Model):
    """A coupon code; its row is locked while it is redeemed, so that limits hold."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code_key = models.TextField()
    """The code as codes are compared (``core/coupons.coupon_key``)."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code_key"], name="coupon_code")]


class CouponVersion(DiscountColumns):
    """What a coupon gives and to whom; the newest version counts, what was redeemed stays as it was."""

    id = models.BigAutoField(primary_key=True)
    coupon = models.ForeignKey("catalog.Coupon", on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    code = models.TextField()
    currency = models.TextField(db_default="")
    ends_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    most = models.IntegerField(null=True)
    once_per_customer = models.BooleanField(db_default=False)
    new_customers = models.BooleanField(db_default=False)
    exclusive = models.BooleanField(db_default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["coupon", "id"], name="coupon_version")]


class CouponTarget(models.Model):
    """A product or a plan that a coupon is restricted to."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey("catalog.CouponVersion", on_delete=models.PROTECT)
    product_id = models.BigIntegerField(null=True)
    plan_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version"], name="coupon_target_version")]


class VatRate(models.Model):
    """A VAT rate in basis points on ``[valid_from, valid_to)``, with its source."""

    id = models.BigAutoField(primary_key=True)
    country = models.TextField()
    tax_class = models.TextField()
    rate = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "tax_class", "valid_from"], name="vat_rate_once"),
        ]


class IndexValue(models.Model):
    """The value of an index series in a month (its first day), with its source. Never changed, only superseded."""

    id = models.BigAutoField(primary_key=True)
    series = models.TextField()
    month = models.DateField()
    value = ExactDecimalField()
    source = models.TextField()
    recorded_at = models.DateTimeField()
    supersedes = models.BigIntegerField(null=True)
    """The value that this one corrects; None: the first of its month."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "month"], name="index_value_once", condition=models.Q(supersedes__isnull=True)
            ),
            models.UniqueConstraint(fields=["supersedes"], name="index_value_corrected_once"),
        ]


class ExchangeRate(models.Model):
    """Units of a currency for one EUR from a day on, with its source (§ 16 Abs. 6 UStG: the BMF's monthly rates)."""

    id = models.BigAutoField(primary_key=True)
    currency = models.TextField()
    valid_from = models.DateField()
    rate = ExactDecimalField()
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchange_rate_once"),
        ]
