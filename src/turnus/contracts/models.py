"""Contracts and their facts.

A contract is its opening rows (``Contract``, ``Item``) and later facts (``Span``, ``Payer``, ``ItemGrid``,
``ItemTerms``, ``ContractDiscount``, ``ContractDecision``; those of term, notice and pauses stand in
``lifetime_models``). Facts and items are never changed (guarded); of two facts with the same day the one recorded later
counts, which is how a correction differs from a change.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

import turnus.contracts.campaign_models
import turnus.contracts.commission_models
import turnus.contracts.document_models
import turnus.contracts.lifetime_models
import turnus.contracts.market_models  # noqa: F401 - so that Django knows them
from turnus.contracts.fact import Fact
from turnus.records.fields import ExactDecimalField, OptionalDecimalField


class Account(models.Model):
    """Billing account: who gets one document."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    currency = models.TextField()
    group = models.TextField()
    """Contracts with the same group share documents."""
    side = models.TextField(db_default="receivable")
    """``receivable``: we claim; ``payable``: we owe, and account for it by self-billing (§ 14 Abs. 2 UStG)."""
    unit = models.BigIntegerField(null=True)
    """Accounts that share a contract have the same unit and are always billed together; the smallest id of them."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer_id", "currency", "group", "side"], name="account_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["unit"], name="account_unit")]


class Contract(models.Model):
    """The opening row of a contract, and four columns that billing keeps: revision, billed revision, due day, seal."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    number = models.TextField()
    kind = models.TextField(db_default="")
    cycle = models.TextField()
    """Fee cycle in short form for filters: ``1m``, ``14d``."""
    currency = models.TextField()
    account = models.ForeignKey("contracts.Account", on_delete=models.PROTECT)
    signed_on = models.DateField()
    """First day, trial included."""
    start_on = models.DateField()
    """First paid day."""
    end_on = models.DateField(null=True)
    """First day not covered; None: open."""
    had_trial = models.BooleanField(db_default=False)
    after_trial = models.TextField(db_default="converts")
    """What was agreed for the day after the trial (``core/trials.AfterTrial``)."""
    floor = models.DateField()
    split_periods = models.BooleanField(db_default=False)
    payment_days = models.IntegerField(null=True)
    reference = models.TextField(db_default="")
    price_lists = models.TextField(db_default="")
    """Codes of the customer's price lists in order of precedence, a line each."""
    variant_id = models.BigIntegerField(db_default=0)
    """Version of the plan's variant that it was made from; 0: none."""
    customer_terms_id = models.BigIntegerField(db_default=0)
    group_terms_id = models.BigIntegerField(db_default=0)
    """Conditions of the customer and of the group that it was made with; 0: none."""
    revision = models.IntegerField(db_default=1)
    billed_revision = models.IntegerField(db_default=0)
    due_on = models.DateField()
    sealed_through = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "number"], name="contract_number")]
        indexes: ClassVar = [models.Index(fields=["customer_id"], name="contract_customer")]


class Amendment(models.Model):
    """Changes of a contract that were agreed together: one reason, one moment. The facts that they made stand alone."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    effective_on = models.DateField()
    """The first day on which any of the changes takes effect."""
    kind = models.TextField()
    reason = models.TextField(db_default="")
    correction = models.BooleanField(db_default=False)
    """What was recorded before was wrong, as opposed to: the agreement changed."""
    requested_by = models.TextField()
    """Who asked for it."""
    changes = models.TextField()
    """What changed, from which day on, before and after, as canonical JSON text."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="amendment_contract")]


class Span(Fact):
    """The contract's days, as known from now on."""

    start_on = models.DateField()
    end_on = models.DateField(null=True)
    after_trial = models.TextField(db_default="")
    """``ends`` or ``waits``: the trial is planned until ``start_on`` and not converted; no day is owed."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="span_contract")]


class Payer(Fact):
    """From a day on another account gets the documents, or several share what is owed."""

    valid_from = models.DateField()
    account_id = models.BigIntegerField()
    """0, for an item: it is paid like the contract again."""
    item_id = models.BigIntegerField(db_default=0)
    """0: the whole contract."""
    weight = models.IntegerField(db_default=1)
    act = models.BigIntegerField(null=True)
    """Rows that were recorded together share what is owed, in the order of their ids; None: the row stands alone."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="payer_contract")]


class Grid(models.Model):
    """Columns of fee period, billing period, anchor and timing."""

    fee_months = models.IntegerField()
    fee_days = models.IntegerField()
    billing_months = models.IntegerField()
    billing_days = models.IntegerField()
    anchor = models.DateField(null=True)
    """None: the first paid day of the contract."""
    timing = models.TextField()

    class Meta:
        abstract = True


class Terms(models.Model):
    """Columns of product, price and quantity."""

    product_id = models.BigIntegerField()
    model = models.TextField(null=True)  # noqa: DJ001
    """None: nothing is owed from here on."""
    unit_price = ExactDecimalField()
    quantity = ExactDecimalField()
    gross = models.BooleanField()
    label = models.TextField(db_default="")
    scheme_id = models.BigIntegerField(null=True)
    """The version of a price scheme; None: quantity × unit price."""

    class Meta:
        abstract = True


class Item(Grid, Terms):
    """The opening row of an item: identity with its first grid and terms."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.BigIntegerField()
    code = models.TextField()
    start_on = models.DateField(null=True)
    """None: with the contract."""
    end_on = models.DateField(null=True)
    basis = models.TextField()
    scale = models.IntegerField(db_default=0)
    """Decimals of usage integers of this item."""
    amendment_id = models.BigIntegerField(db_default=0)
    """The amendment that added the item; 0: concluded with the contract."""
    per = models.IntegerField(db_default=1)
    """What they are divided by besides: 3600 where seconds are counted and hours are priced."""
    meter = models.TextField(db_default="")
    """Meter that the item listens to; empty: its own code."""
    aggregation = models.TextField(db_default="sum")
    only = models.TextField(db_default="")
    """Filter of dimensions: ``region=eu|ch``."""
    unit = models.TextField(db_default="")
    quantum = OptionalDecimalField(null=True)
    rounding = models.TextField(db_default="up")
    display = models.TextField(db_default="total")

    follows = models.BooleanField(db_default=False)
    """Follows the catalogue's prices until another price is agreed."""
    cost_centre = models.TextField(db_default="")
    """What the buyer books the item on (BT-19)."""
    order_reference = models.TextField(db_default="")
    """The buyer's order of this item (BT-13)."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["contract_id", "code"], name="item_code")]
        indexes: ClassVar = [
            models.Index(fields=["product_id"], name="item_follows", condition=models.Q(follows=True)),
        ]


class ItemGrid(Fact, Grid):
    """Another grid from a day on."""

    item_id = models.BigIntegerField()
    valid_from = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="item_grid_contract")]


class ItemTerms(Fact, Terms):
    """Other terms from a day on."""

    item_id = models.BigIntegerField()
    valid_from = models.DateField()
    states = models.TextField(db_default="")
    """Which columns the row states, as ``core/amending`` says; empty: those that differ from the row before it."""
    campaign_id = models.BigIntegerField(null=True)
    """The price campaign that wrote them."""
    declaration_id = models.BigIntegerField(null=True)
    """The customer's consent on which they rest; None: none was needed."""

    of_catalogue = models.BooleanField(db_default=False)
    """Entered because the catalogue's price changes on this day, not by a person."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contract_id"], name="item_terms_contract"),
            models.Index(
                fields=["campaign_id"], name="item_terms_campaign", condition=models.Q(campaign_id__isnull=False)
            ),
        ]


class ContractDiscount(Fact):
    """A discount on ``[start_on, end_on)``; a later row with the same ``supersedes`` replaces it."""

    item_id = models.BigIntegerField(db_default=0)
    """0: the whole contract."""
    label = models.TextField()
    percent = OptionalDecimalField(null=True)
    amount = models.BigIntegerField(null=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    fee_months = models.IntegerField(db_default=0)
    fee_days = models.IntegerField(db_default=0)
    supersedes = models.BigIntegerField(null=True)
    periods = models.IntegerField(null=True)
    """How many fee periods were granted, where that made ``end_on``."""
    from_quantity = OptionalDecimalField(null=True)
    """Quantity discount: only from this quantity of the item on."""
    origin = models.TextField(db_default="")
    """Empty: agreed in the contract; ``group`` or ``coupon``."""
    redemption_id = models.BigIntegerField(db_default=0)
    """The redemption of a coupon that granted it; 0: none."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="discount_contract")]


class CouponRedemption(Fact):
    """A coupon that a contract redeemed. The three constraints keep what its coupon promises."""

    coupon_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    """What the coupon gave when it was redeemed."""
    customer_id = models.BigIntegerField()
    day = models.DateField()
    ordinal = models.IntegerField()
    """1 is the first redemption of the coupon by anybody."""
    only_customer_id = models.BigIntegerField(null=True)
    """The customer where the coupon may be redeemed once per customer; else None."""
    attempt = models.IntegerField(db_default=0)
    """How many redemptions of the coupon by the same customer were revoked before."""
    revokes = models.BigIntegerField(null=True)
    """A counter-entry: the redemption that is taken back from ``day`` on."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["coupon_id", "contract_id", "attempt"],
                condition=models.Q(revokes=None),
                name="coupon_once_per_contract",
            ),
            models.UniqueConstraint(
                fields=["coupon_id", "only_customer_id", "attempt"],
                condition=models.Q(revokes=None),
                name="coupon_once_per_customer",
            ),
            models.UniqueConstraint(
                fields=["coupon_id", "ordinal"], condition=models.Q(revokes=None), name="coupon_counted_once"
            ),
            models.UniqueConstraint(fields=["revokes"], name="coupon_revoked_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="coupon_redemption_contract")]


class ContractMinimum(Fact):
    """A minimum fee per window on ``[start_on, end_on)``; a later row with the same ``supersedes`` replaces it."""

    item_id = models.BigIntegerField(db_default=0)
    """0: the whole contract."""
    amount = models.BigIntegerField()
    product_id = models.BigIntegerField()
    gross = models.BooleanField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    fee_months = models.IntegerField()
    fee_days = models.IntegerField()
    anchor = models.DateField(null=True)
    """None: the first paid day of the contract."""
    label = models.TextField(db_default="")
    supersedes = models.BigIntegerField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    """The price campaign that wrote it."""
    declaration_id = models.BigIntegerField(null=True)
    """The consent on which it rests."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="minimum_contract")]


class ContractDecision(Fact):
    """What a person decided about an item's days: concession, agreed price, hold."""

    item_id = models.BigIntegerField()
    kind = models.TextField()
    start_on = models.DateField()
    end_on = models.DateField()
    amount = models.BigIntegerField(db_default=0)
    day = models.DateField()
    until = models.DateField(null=True)
    invoice_id = models.BigIntegerField(null=True)
    position = models.IntegerField(null=True)
    label = models.TextField(db_default="")
    account_id = models.BigIntegerField(db_default=0)
    """The one who gets a concession where several share the item; 0: all who pay."""
    supersedes = models.BigIntegerField(null=True)
    """Another decision that this one takes back or replaces."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="decision_contract")]


class PlannedRaise(Fact):
    """A raise that the contract itself agrees (JB-18); a later row with the same ``supersedes`` replaces it."""

    item_id = models.BigIntegerField(db_default=0)
    """0: every item."""
    kind = models.TextField()
    value = ExactDecimalField()
    first_on = models.DateField(null=True)
    """None: after ``months`` (or a year) of the contract, counted from its first paid day."""
    months = models.IntegerField()
    """0: once."""
    end_on = models.DateField(null=True)
    supersedes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="raise_contract")]


class UsageEvent(models.Model):
    """A usage record of one item that listens, kept for its key. Billing reads totals only."""

    id = models.BigAutoField(primary_key=True)
    item_id = models.BigIntegerField()
    key = models.TextField()
    day = models.DateField()
    quantity = models.BigIntegerField()
    """What it counts: integers of the item's scale."""
    amount = models.BigIntegerField()
    info_quantity = models.TextField(db_default="")
    """Quantity as reported, where another one counts or an amount is billed."""
    unit = models.TextField(db_default="")
    dimension = models.TextField(db_default="")
    subject = models.TextField(db_default="")
    moment = models.BigIntegerField(null=True)
    """Microseconds since local midnight; None where the time of day does not matter."""
    corrects = models.TextField(db_default="")
    """Key of the event that no longer counts because of this one."""
    counts = models.BooleanField(db_default=True)
    """False: the item's filter leaves it out, or it only takes another one back."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item_id", "key"], name="usage_once")]
        indexes: ClassVar = [
            models.Index(fields=["item_id", "corrects"], name="usage_corrects", condition=~models.Q(corrects="")),
            models.Index(fields=["item_id", "day"], name="usage_moment", condition=models.Q(moment__isnull=False)),
        ]


class UsageDay(models.Model):
    """Totals per item, local day, dimension and subject, in a form that composes (``core/aggregation.py``)."""

    id = models.BigAutoField(primary_key=True)
    item_id = models.BigIntegerField()
    day = models.DateField()
    dimension = models.TextField(db_default="")
    subject = models.TextField(db_default="")
    """Only where subjects are told apart."""
    quantity = models.BigIntegerField()
    amount = models.BigIntegerField()
    events = models.IntegerField()
    moment = models.BigIntegerField(db_default=0)
    weight = models.BigIntegerField(db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item_id", "day", "dimension", "subject"], name="usage_day_once"),
        ]
