"""Jobs that are invoiced in parts, and what their final invoices deduct."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.records.fields import ExactDecimalField


class Job(models.Model):
    """A job with its agreed price: advances and partial invoices never ask for more. Never changed (guarded)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    number = models.TextField()
    customer_id = models.BigIntegerField()
    name = models.TextField(db_default="")
    currency = models.TextField()
    reference = models.TextField(db_default="")
    """The buyer's order or reference."""
    construction = models.BooleanField(db_default=False)
    """Construction work has type codes of its own (875 to 877)."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "number"], name="job_number")]


class JobLine(models.Model):
    """A line of what was agreed."""

    id = models.BigAutoField(primary_key=True)
    job_id = models.BigIntegerField()
    position = models.IntegerField()
    product_id = models.BigIntegerField()
    quantity = ExactDecimalField()
    price = ExactDecimalField()
    """Major units for one unit, net."""
    service_start = models.DateField()
    service_end = models.DateField()
    label = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job_id", "position"], name="job_line")]


class InvoiceDeduction(models.Model):
    """What a final invoice deducts for one advance at one VAT rate; its cancellation has the same with turned signs."""

    pk = models.CompositePrimaryKey("invoice_id", "advance_id", "category", "rate")
    invoice_id = models.BigIntegerField()
    advance_id = models.BigIntegerField()
    category = models.TextField()
    rate = models.IntegerField()
    base = models.BigIntegerField()
    tax = models.BigIntegerField()
    closed_base = models.BigIntegerField()
    """What was asked for and not received: nobody collects it any more."""
    closed_tax = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["advance_id"], name="deduction_advance")]
