"""Billable records and the documents that took them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from turnus.records.fields import ExactDecimalField


class Billable(models.Model):
    """A record of any kind to invoice without a contract. Changed only while no standing document has it (guarded)."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    key = models.TextField()
    kind = models.TextField(db_default="")
    object = models.TextField()
    customer_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    quantity = ExactDecimalField()
    price = ExactDecimalField()
    """Major units for one unit, net."""
    currency = models.TextField()
    service_start = models.DateField()
    service_end = models.DateField()
    label = models.TextField(db_default="")
    order_reference = models.TextField(db_default="")
    cost_centre = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "key"], name="billable_once")]
        indexes: ClassVar = [models.Index(fields=["seller_id", "object"], name="billable_object")]


class BillableInvoice(models.Model):
    """A document took a record: its draft, the invoice, or the cancellation that says it is not billed again."""

    id = models.BigAutoField(primary_key=True)
    billable_id = models.BigIntegerField()
    ordinal = models.IntegerField()
    """1 for the first document; who takes a record at the same time as another draws the same number."""
    invoice_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["billable_id", "ordinal"], name="billable_taken_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["invoice_id"], name="billable_invoice")]
