"""Facts of term, notice, pauses and renewals: the second part of ``models``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.contracts.fact import Fact


class ContractTerms(Fact):
    """Term, renewal and notice from a day on; months or days of each length, never both."""

    valid_from = models.DateField()
    begin_on = models.DateField(null=True)
    """First day of the first term; None: the first paid day of the contract."""
    initial_months = models.IntegerField()
    initial_days = models.IntegerField()
    """Both 0: indefinite from the first day."""
    renewal_months = models.IntegerField()
    renewal_days = models.IntegerField()
    """Both 0: indefinite after the initial term."""
    notice_months = models.IntegerField()
    notice_days = models.IntegerField()
    cut_off = models.TextField()
    concluded_on = models.DateField()
    reminder_days = models.IntegerField(null=True)
    """Days before the last day for notice; None: as the seller says."""
    opening = models.BooleanField(db_default=False)
    """Agreed at conclusion."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="contract_terms_contract")]


class ContractPause(Fact):
    """Days on which billing, the service, or both stand still; a later row that supersedes this one replaces it."""

    kind = models.TextField()
    """``pause``; ``gap``: between the end and the reactivation of a contract; ``withdrawn``: only takes one back."""
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    """First day after it; None: open."""
    billing = models.BooleanField()
    """These days owe nothing."""
    service = models.BooleanField()
    """The customer is not served."""
    prolongs = models.BooleanField()
    """The running term grows by these days."""
    supersedes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="contract_pause_contract")]


class ContractNotice(Fact):
    """Notice of termination, or its revocation, with what was computed and confirmed."""

    kind = models.TextField()
    """``ordinary``, ``cause``, ``revocation``."""
    cause = models.TextField(db_default="")
    by_seller = models.BooleanField()
    received_on = models.DateField()
    wished_on = models.DateField(null=True)
    """First day on which the contract should no longer run."""
    end_on = models.DateField(null=True)
    """First day not covered; of a revocation the end that holds again, None: open."""
    end_before = models.DateField(null=True)
    """The end that held before."""
    revokes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="contract_notice_contract")]


class ContractWarning(Fact):
    """A warning with a deadline, without which a breach is no cause for termination (§ 314 Abs. 2 BGB)."""

    cause = models.TextField()
    received_on = models.DateField()
    deadline_on = models.DateField()
    """Last day on which the breach may be mended, before § 193 BGB."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_id"], name="contract_warning_contract")]


class ContractRenewal(models.Model):
    """The log of renewals: a term that began because no notice was received in time."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.BigIntegerField()
    number = models.IntegerField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    """None: indefinite."""
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract_id", "start_on"], name="contract_renewal_once"),
        ]


class NextTerm(models.Model):
    """The term that begins next unless notice is received: computed from facts, so that what is due is found."""

    contract = models.OneToOneField("contracts.Contract", on_delete=models.PROTECT, primary_key=True)
    seller_id = models.BigIntegerField()
    number = models.IntegerField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    certain_on = models.DateField()
    """The day after the last day for notice."""
    remind_on = models.DateField(null=True)
    """None: as many days before as the seller says."""
    reminded = models.BooleanField(db_default=False)
    """Or no reminder is wanted."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["seller_id", "certain_on"], name="next_term_certain"),
            models.Index(fields=["seller_id", "remind_on"], name="next_term_remind"),
        ]


class ContractReplacement(Fact):
    """A contract that follows another from a day on: renewal order, plan order, transfer."""

    successor_id = models.BigIntegerField()
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["contract_id"], name="contract_replacement_once")]
        indexes: ClassVar = [models.Index(fields=["successor_id"], name="contract_replacement_successor")]
