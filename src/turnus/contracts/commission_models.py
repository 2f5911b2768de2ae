"""Commissions: whose lines an item takes a share of: another part of ``models``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.contracts.fact import Fact


class CommissionRule(Fact):
    """From a day on an item counts the lines of others; a later row that supersedes this one replaces it."""

    item_id = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """First day not counted; None: open."""
    basis = models.TextField()
    """``invoiced`` or ``paid``."""
    measure = models.TextField()
    """``revenue`` (net, major units) or ``quantity``."""
    of_contract = models.BigIntegerField(db_default=0)
    of_customer = models.BigIntegerField(db_default=0)
    of_product = models.BigIntegerField(db_default=0)
    of_kind = models.TextField(db_default="")
    """Kind of contract. 0 and empty: any."""
    supersedes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="commission_rule_contract")]
