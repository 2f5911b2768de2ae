"""Marketplaces, their members and what was traded: another part of ``models``. All rows are append-only (guarded)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.contracts.fact import Fact
from turnus.records.fields import ExactDecimalField


class Marketplace(models.Model):
    """A marketplace contract: what is traded, from which day on, and the commission that members get by default."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    since = models.DateField()
    currency = models.TextField()
    products = models.TextField()
    """Codes of the products that are sold, a line each."""
    charge = models.TextField(db_default="")
    """Code of the product that is charged as commission; empty: commission is kept in the payout."""
    months = models.IntegerField()
    days = models.IntegerField()
    label = models.TextField(db_default="")
    percent = ExactDecimalField()
    fixed = ExactDecimalField()
    scheme_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="marketplace_code")]


class MarketMember(Fact):
    """A buyer or a supplier with its contract."""

    market_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    role = models.TextField()
    """``buyer`` or ``supplier``."""
    charge_contract_id = models.BigIntegerField(db_default=0)
    """Of a supplier: the contract that charges commission; 0: it is kept."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["market_id", "customer_id", "role"], name="market_member_once"),
        ]


class MarketTrade(models.Model):
    """A row of what was traded. A cancellation repeats what it cancels."""

    id = models.BigAutoField(primary_key=True)
    market_id = models.BigIntegerField()
    key = models.TextField()
    act = models.TextField()
    """``sale``, ``correction``, ``cancellation``."""
    of_key = models.TextField(db_default="")
    """Key of the row that counts no more because of this one."""
    product = models.TextField()
    buyer_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    day = models.DateField()
    net = models.BigIntegerField()
    currency = models.TextField()
    buyer_item_id = models.BigIntegerField()
    supplier_item_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["market_id", "key"], name="trade_key"),
            models.UniqueConstraint(
                fields=["market_id", "of_key"], name="trade_superseded_once", condition=~models.Q(of_key="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["supplier_item_id", "day"], name="trade_supplier"),
            models.Index(fields=["buyer_item_id", "day"], name="trade_buyer"),
        ]
