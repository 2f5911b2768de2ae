"""Corrected texts of lines, and objections of suppliers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InvoiceText(models.Model):
    """The right text of a printed line, in a correction of details."""

    pk = models.CompositePrimaryKey("invoice_id", "printed")
    invoice_id = models.BigIntegerField()
    printed = models.IntegerField()
    text = models.TextField()


class Objection(models.Model):
    """A supplier objects to a self-billing document: it is no invoice from then on (§ 14 Abs. 2 S. 6 UStG)."""

    id = models.BigAutoField(primary_key=True)
    invoice_id = models.BigIntegerField()
    received_on = models.DateField()
    reason = models.TextField(db_default="")
    actor_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice_id"], name="objection_once")]
