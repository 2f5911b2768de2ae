"""Postings, allocations and payments; append-only (guarded). A receivable posting is an open item."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Posting(models.Model):
    """One side of a balanced transaction. Minor units, debit positive."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    transaction = models.BigIntegerField()
    """The id of its first posting: postings of one transaction add up to zero."""
    account = models.TextField()
    customer_id = models.BigIntegerField()
    currency = models.TextField()
    amount = models.BigIntegerField()
    category = models.TextField(db_default="")
    rate = models.IntegerField(db_default=0)
    booked_on = models.DateField()
    due_on = models.DateField(null=True)
    invoice_id = models.BigIntegerField(null=True)
    payment_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "id"], name="open_item", condition=models.Q(account="receivable")),
            models.Index(fields=["invoice_id"], name="posting_invoice"),
        ]


class Allocation(models.Model):
    """Part of a credit used for a debit. Reversed by a row with the opposite amount, never deleted."""

    id = models.BigAutoField(primary_key=True)
    credit_id = models.BigIntegerField()
    debit_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    allocated_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="allocation_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["credit_id"], name="allocation_credit"),
            models.Index(fields=["debit_id"], name="allocation_debit"),
        ]


class Payment(models.Model):
    """Money received (or, negative, returned), recorded by hand; the key makes a repeated entry harmless."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    key = models.TextField()
    currency = models.TextField()
    amount = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "key"], name="payment_once")]
