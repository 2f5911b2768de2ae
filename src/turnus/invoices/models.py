"""Runs, documents and number ranges. Issued documents and their lines are never changed (guarded)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

import turnus.invoices.billable_models
import turnus.invoices.detail_models
import turnus.invoices.job_models  # noqa: F401 - so that Django knows them
from turnus.records.fields import ExactDecimalField, OptionalDecimalField


class Automation(models.TextChoices):
    """How far a run goes by itself (JB-54)."""

    DRAFT = "draft"
    ISSUE = "issue"
    SEND = "send"


class RunScope(models.Model):
    """What a run covers; empty means all."""

    customer_id = models.BigIntegerField(null=True)
    contract_kind = models.TextField(db_default="")
    cycle = models.TextField(db_default="")

    class Meta:
        abstract = True


class RunDefinition(RunScope):
    """A named run: scope, automation, schedule (JB-61, JB-63)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    name = models.TextField()
    automation = models.TextField(choices=Automation.choices)
    every_months = models.IntegerField(db_default=0)
    every_days = models.IntegerField(db_default=0)
    next_on = models.DateField(null=True)
    """Next scheduled day; None: started by hand only."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "name"], name="run_definition_name")]


class Run(RunScope):
    """One invoice run over a frozen set of accounts."""

    class State(models.TextChoices):
        """Life of a run."""

        FROZEN = "frozen"
        DRAFTED = "drafted"
        HELD = "held"
        NUMBERED = "numbered"
        DONE = "done"

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    definition_id = models.BigIntegerField()
    through = models.DateField()
    on = models.DateField()
    automation = models.TextField(choices=Automation.choices)
    state = models.TextField(choices=State.choices)
    chunks = models.IntegerField()
    held_reason = models.TextField(db_default="")
    approved_by = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["definition_id", "through"], condition=~Q(state="done"), name="run_open_once"
            ),
        ]


class RunUnit(models.Model):
    """One unit of a run: the accounts that share contracts."""

    class State(models.TextChoices):
        """Life of a unit in its run."""

        DUE = "due"
        EMPTY = "empty"
        DRAFTED = "drafted"
        RELEASED = "released"
        ISSUED = "issued"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    run_id = models.BigIntegerField()
    unit = models.BigIntegerField()
    chunk = models.IntegerField()
    state = models.TextField(db_default="due")
    code = models.TextField(db_default="")
    """Why it is parked, or which safety bound holds it."""
    detail = models.TextField(db_default="")
    approved_by = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "unit"], name="run_unit_once")]
        indexes: ClassVar = [models.Index(fields=["run_id", "chunk"], name="run_unit_chunk")]


class Pending(models.Model):
    """What a contract's row learns when its draft is issued; remembers the revision the draft was made from."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.BigIntegerField(unique=True)
    run_id = models.BigIntegerField()
    chunk = models.IntegerField()
    unit = models.BigIntegerField()
    revision = models.IntegerField()
    due_on = models.DateField()
    seal = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run_id", "chunk"], name="pending_chunk")]


class NumberSeries(models.Model):
    """Number pattern of a kind of document, from a day on."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    kind = models.TextField()
    """Kind of document, or ``*`` for all that have no series of their own."""
    code = models.TextField()
    pattern = models.TextField()
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "kind", "valid_from"], name="series_once"),
        ]


class NumberRange(models.Model):
    """The counter of one seller, series and year. Next number and last issue date are its only changing columns."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    code = models.TextField()
    year = models.IntegerField()
    next = models.BigIntegerField(db_default=1)
    last_issue_date = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "code", "year"], name="number_range_once"),
        ]


class NumberBlock(models.Model):
    """Numbers that a chunk of a run owns: ``[first, first + count)``. Drawn once, reused after a crash."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.BigIntegerField()
    chunk = models.IntegerField()
    kind = models.TextField()
    range = models.ForeignKey("invoices.NumberRange", on_delete=models.PROTECT)
    first = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "chunk", "kind"], name="number_block_once")]


class NumberVoid(models.Model):
    """A number that no document got, with the reason: issued and void together are contiguous."""

    id = models.BigAutoField(primary_key=True)
    range = models.ForeignKey("invoices.NumberRange", on_delete=models.PROTECT)
    value = models.BigIntegerField()
    number = models.TextField()
    invoice_id = models.BigIntegerField()
    reason = models.TextField()
    actor_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["range", "value"], name="number_void_once")]


class Invoice(models.Model):
    """A billing document. Draft, released and issued are all it knows; paid and cancelled follow from later rows."""

    class State(models.TextChoices):
        """Life of a document."""

        DRAFT = "draft"
        RELEASED = "released"
        ISSUED = "issued"

    class Origin(models.TextChoices):
        """Where a document comes from."""

        RUN = "run"
        MANUAL = "manual"
        CORRECTION = "correction"

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    kind = models.TextField()
    state = models.TextField(choices=State.choices)
    origin = models.TextField(choices=Origin.choices)
    run_id = models.BigIntegerField(null=True)
    chunk = models.IntegerField(db_default=0)
    ordinal = models.IntegerField(null=True)
    """Place among the documents of its kind in chunk order, from release on."""
    unit = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    split = models.TextField(db_default="")
    customer_id = models.BigIntegerField()
    seller_version_id = models.BigIntegerField()
    buyer_version_id = models.BigIntegerField()
    currency = models.TextField()
    language = models.TextField()
    payment_days = models.IntegerField()
    issue_date = models.DateField()
    due_date = models.DateField()
    range_id = models.BigIntegerField(null=True)
    number_value = models.BigIntegerField(null=True)
    number = models.TextField(db_default="")
    service_start = models.DateField()
    service_end = models.DateField()
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    applied = models.BigIntegerField(db_default=0)
    corrects_id = models.BigIntegerField(null=True)
    """The invoice that a cancellation takes back."""
    reference = models.TextField(db_default="")
    reason = models.TextField(db_default="")
    cost_centre = models.TextField(db_default="")
    exchange_rate = models.TextField(db_default="")
    """Units of the currency for one EUR, frozen: what the VAT is in EUR (BT-111); empty: EUR, or not known."""
    """Where the buyer books it, where documents are split by that."""
    agreement_id = models.BigIntegerField(null=True)
    """Of a self-billing document: the agreement with the supplier."""
    deducted = models.BigIntegerField(db_default=0)
    """Of a final invoice: what was received for advances, with VAT."""
    job_id = models.BigIntegerField(null=True)
    """The job that an advance, a partial or a final invoice bills."""
    note = models.TextField(db_default="")
    """What a person wrote above the lines."""
    standing_id = models.BigIntegerField(null=True)
    """The standing invoice that covers this claim; such a claim is not printed."""
    guard = models.TextField(db_default="")
    digest = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["range_id", "number_value"], name="invoice_number"),
            models.UniqueConstraint(
                fields=["account_id", "split"],
                condition=Q(state="draft", origin="run"),
                name="one_run_draft_per_account",
            ),
            models.UniqueConstraint(fields=["corrects_id"], condition=Q(kind="cancellation"), name="cancelled_once"),
            models.CheckConstraint(condition=Q(gross=models.F("net") + models.F("tax")), name="invoice_totals"),
            models.CheckConstraint(
                condition=Q(state="issued", number_value__isnull=False) | (~Q(state="issued") & Q(number_value=None)),
                name="number_with_issue",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run_id", "chunk"], name="invoice_run"),
            models.Index(fields=["customer_id"], name="invoice_customer"),
            models.Index(fields=["unit"], name="invoice_open", condition=Q(number_value__isnull=True)),
            models.Index(fields=["job_id"], name="invoice_job", condition=Q(job_id__isnull=False)),
        ]


class InvoiceLine(models.Model):
    """An entry: a charge (sign 1) or the reversal of one (sign −1). Keyed by invoice and position."""

    pk = models.CompositePrimaryKey("invoice_id", "position")
    invoice_id = models.BigIntegerField()
    position = models.IntegerField()
    printed = models.IntegerField()
    contract_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    part = models.TextField()
    product_id = models.BigIntegerField()
    product_version_id = models.BigIntegerField()
    slot_start = models.DateField()
    slot_end = models.DateField()
    basis = models.TextField()
    amount = models.BigIntegerField()
    gross_price = models.BooleanField()
    account_id = models.BigIntegerField()
    category = models.TextField()
    rate = models.IntegerField()
    days_start = models.DateField()
    days_end = models.DateField()
    due_on = models.DateField()
    service_start = models.DateField()
    service_end = models.DateField()
    unit_price = ExactDecimalField()
    quantity = ExactDecimalField()
    allowance = models.BigIntegerField(db_default=0)
    allowance_reason = models.TextField(db_default="")
    label = models.TextField(db_default="")
    sign = models.SmallIntegerField()
    value = models.BigIntegerField()
    net = models.BigIntegerField()
    sequence = models.IntegerField()
    corrects_invoice = models.BigIntegerField(null=True)
    corrects_position = models.IntegerField(null=True)
    steps = models.TextField(db_default="")
    """How a price scheme rated the slot (``core/rating.text_of``)."""
    share = models.TextField(db_default="")
    """Which part of the amount the account pays, where several share it: ``1:60:40`` is the second of two."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract_id", "slot_end", "item_id", "part", "days_start", "sign", "sequence"],
                name="billed_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["corrects_invoice"], name="line_corrects", condition=Q(corrects_invoice__isnull=False)
            ),
        ]


class InvoiceInstalment(models.Model):
    """A dated part of what an invoice claims (JB-43); without any it is payable at once."""

    pk = models.CompositePrimaryKey("invoice_id", "number")
    invoice_id = models.BigIntegerField()
    number = models.IntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()
    credit_first = models.BooleanField()
    """A credit reduces the earliest open part first; else the latest."""


class InvoiceTax(models.Model):
    """A row of the VAT breakdown with the grounds of its treatment."""

    pk = models.CompositePrimaryKey("invoice_id", "category", "rate")
    invoice_id = models.BigIntegerField()
    category = models.TextField()
    rate = models.IntegerField()
    base = models.BigIntegerField()
    tax = models.BigIntegerField()
    reason = models.TextField(db_default="")
    because = models.TextField(db_default="")


class CommissionTaken(models.Model):
    """A document, or one allocation of money to it, that a rule of commission has counted."""

    id = models.BigAutoField(primary_key=True)
    rule_id = models.BigIntegerField()
    invoice_id = models.BigIntegerField()
    allocation_id = models.BigIntegerField(db_default=0)
    day = models.DateField()
    """Issued or paid on."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule_id", "invoice_id", "allocation_id"], name="commission_taken_once"),
        ]


class CommissionRead(models.Model):
    """How far in the ledger a rule of commission has read; without a row: nothing yet."""

    rule_id = models.BigIntegerField(primary_key=True)
    posting = models.BigIntegerField()
    allocation = models.BigIntegerField()


class InvoiceUsage(models.Model):
    """A row of the usage behind a line, as it is shown (``core/usage_rows.py``); only for items that show any."""

    pk = models.CompositePrimaryKey("invoice_id", "position", "row")
    invoice_id = models.BigIntegerField()
    position = models.IntegerField()
    row = models.IntegerField()
    day = models.DateField(null=True)
    label = models.TextField(db_default="")
    quantity = ExactDecimalField()
    amount = OptionalDecimalField(null=True)
