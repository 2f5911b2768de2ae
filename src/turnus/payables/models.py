"""Incoming files, what they claim, and what was decided of them. Everything is appended, nothing changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.records.fields import ExactDecimalField


class Incoming(models.Model):
    """A file that came, kept before anybody read it."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    """Our company to which it came."""
    sha256 = models.TextField()
    name = models.TextField()
    channel = models.TextField()
    """``upload``, ``folder``, ``mail``."""
    sender = models.TextField(db_default="")
    size = models.BigIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "sha256"], name="incoming_once")]


class Assessment(models.Model):
    """What the validation said of a file."""

    id = models.BigAutoField(primary_key=True)
    incoming = models.OneToOneField("payables.Incoming", on_delete=models.PROTECT)
    verdict = models.TextField()
    error_class = models.TextField(db_default="")
    report_id = models.BigIntegerField()
    doubts = models.TextField(db_default="[]")
    """JSON: codes of words and what fills their blanks."""


class PayableInvoice(models.Model):
    """What a file claims; minor units, a credit note negative."""

    id = models.BigAutoField(primary_key=True)
    incoming = models.OneToOneField("payables.Incoming", on_delete=models.PROTECT)
    seller_id = models.BigIntegerField()
    supplier = models.TextField()
    supplier_key = models.TextField()
    number = models.TextField()
    code = models.TextField()
    issue_date = models.DateField()
    due_date = models.DateField(null=True)
    currency = models.TextField()
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    due = models.BigIntegerField()
    iban = models.TextField(db_default="")
    buyer = models.TextField(db_default="")
    buyer_vat_id = models.TextField(db_default="")
    terms = models.TextField(db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller_id", "supplier_key"], name="payable_supplier")]


class PayableLine(models.Model):
    """A line of what is claimed."""

    id = models.BigAutoField(primary_key=True)
    invoice = models.ForeignKey("payables.PayableInvoice", on_delete=models.PROTECT)
    number = models.TextField()
    name = models.TextField()
    quantity = ExactDecimalField()
    unit = models.TextField()
    net = models.BigIntegerField()
    category = models.TextField()
    rate = models.IntegerField()


class PayableTax(models.Model):
    """VAT of what is claimed."""

    id = models.BigAutoField(primary_key=True)
    invoice = models.ForeignKey("payables.PayableInvoice", on_delete=models.PROTECT)
    category = models.TextField()
    rate = models.IntegerField()
    base = models.BigIntegerField()
    tax = models.BigIntegerField()


class PayableDecision(models.Model):
    """Accepted, queried or rejected, by whom and why; the last one counts."""

    id = models.BigAutoField(primary_key=True)
    incoming = models.ForeignKey("payables.Incoming", on_delete=models.PROTECT)
    decision = models.TextField()
    reason = models.TextField(db_default="")
    decided_at = models.DateTimeField()
    actor_name = models.TextField()
