"""Price campaigns: what they plan, announce and learn from customers. Lines, letters and declarations never change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.contracts.fact import Fact
from turnus.records.fields import ExactDecimalField, OptionalDecimalField


class Campaign(models.Model):
    """A price campaign: rule, effective day, terms of the announcement. Only its state changes."""

    class State(models.TextChoices):
        """Life of a campaign; what was announced and applied is known from its rows."""

        PLANNING = "planning"
        PLANNED = "planned"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    state = models.TextField(choices=State.choices)
    recorded_at = models.DateTimeField()
    kind = models.TextField()
    value = OptionalDecimalField(null=True)
    series = models.TextField(db_default="")
    month = models.DateField(null=True)
    lag = models.IntegerField(null=True)
    reference = models.DateField(null=True)
    as_of = models.DateField(null=True)
    threshold = ExactDecimalField()
    cap = OptionalDecimalField(null=True)
    floor = OptionalDecimalField(null=True)
    year_cap = OptionalDecimalField(null=True)
    contract_cap = OptionalDecimalField(null=True)
    minimums = models.BooleanField(db_default=False)
    """Minimum fees are adjusted like prices."""
    when = models.TextField()
    day = models.DateField()
    started_before = models.DateField(null=True)
    ground = models.TextField(db_default="")
    notice_days = models.IntegerField()
    answer_by = models.DateField(null=True)
    cancel_by = models.DateField(null=True)
    text_version = models.TextField()
    reason = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "code"], name="campaign_code")]


class CampaignFilter(models.Model):
    """A value that a campaign's scope admits."""

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    field = models.TextField()
    value = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign_id", "field", "value"], name="campaign_filter_once")
        ]


class CampaignLine(models.Model):
    """What a campaign means for one item, as it was planned."""

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    contract_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    verdict = models.TextField(db_default="")
    """Empty: adjusted; else why it is left out."""
    effective_on = models.DateField()
    old_price = ExactDecimalField()
    new_price = ExactDecimalField()
    old_scheme_id = models.BigIntegerField(null=True)
    new_scheme_id = models.BigIntegerField(null=True)
    month = models.DateField(null=True)
    reference = models.DateField(null=True)
    old_amount = models.BigIntegerField()
    """Minor units per fee period."""
    new_amount = models.BigIntegerField()
    usage = models.BooleanField()
    fee_months = models.IntegerField()
    fee_days = models.IntegerField()
    rises = models.BooleanField()
    consent = models.BooleanField()
    """The contract's new prices need the customer's consent."""
    minimum_id = models.BigIntegerField(db_default=0)
    """Of a minimum fee: which one; prices are its amounts in major units. 0: the line is of the item's price."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign_id", "contract_id", "item_id", "minimum_id"], name="campaign_line_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["campaign_id", "contract_id"], name="campaign_line_contract")]


class CampaignText(models.Model):
    """A letter of a campaign's own: ``audience`` is ``consent`` or ``clause``."""

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    version = models.TextField()
    audience = models.TextField()
    language = models.TextField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign_id", "version", "audience", "language"], name="campaign_text_once"
            )
        ]


class Announcement(models.Model):
    """A letter that was queued for one contract."""

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    contract_id = models.BigIntegerField()
    day = models.DateField()
    text_version = models.TextField()
    language = models.TextField()
    effective_on = models.DateField()
    answer_by = models.DateField(null=True)
    cancel_by = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign_id", "contract_id"], name="announcement_once")
        ]


class PriceDeclaration(models.Model):
    """What a customer declared to a campaign: consent, refusal, termination; with its evidence."""

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    contract_id = models.BigIntegerField()
    answer = models.TextField()
    given_at = models.DateTimeField()
    day = models.DateField()
    channel = models.TextField()
    text_version = models.TextField()
    reference = models.TextField(db_default="")
    """Where the evidence lies: number of a letter, id of a form."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign_id", "contract_id", "answer", "given_at"], name="declaration_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="declaration_contract")]


class PriceClause(Fact):
    """What a contract says about changes of its prices; the later row of one item (0: the contract) counts."""

    item_id = models.BigIntegerField(db_default=0)
    ground = models.TextField(db_default="")
    mid_period = models.BooleanField(db_default=False)
    fixed_until = models.DateField(null=True)
    series = models.TextField(db_default="")
    reference = models.DateField(null=True)
    threshold = OptionalDecimalField(null=True)
    cap = OptionalDecimalField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="price_clause_contract")]
