"""Channels, texts of e-mails, deliveries and their attempts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Channel(models.Model):
    """A way on which a customer gets its documents."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    customer_id = models.BigIntegerField(db_default=0)
    """0: for whoever has none of its own."""
    way = models.TextField()
    content = models.TextField()
    address = models.TextField(db_default="")
    role = models.TextField(db_default="")
    target = models.TextField()
    service = models.TextField(db_default="")
    consent_on = models.DateField(null=True)
    active = models.BooleanField(db_default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "customer_id", "way", "content", "address", "role", "target"],
                condition=Q(active=True),
                name="channel_once",
            ),
        ]


class PriorTurnover(models.Model):
    """A seller's turnover of a calendar year in euro cents, on which the relief of 2027 rests (L-04)."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    year = models.IntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller", "year"], name="prior_turnover_once")]


class MailText(models.Model):
    """Subject and body of the e-mails of one kind of document in one language; the newest row counts."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    kind = models.TextField()
    """Of ``core.document.Kind``, or ``*``."""
    language = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller", "kind", "language"], name="mail_text_of")]


class Delivery(models.Model):
    """One document on one way to one recipient. Its line in the plan is unique, so planning twice is planning once."""

    id = models.BigAutoField(primary_key=True)
    seller = models.ForeignKey("parties.Seller", on_delete=models.PROTECT)
    invoice_id = models.BigIntegerField()
    way = models.TextField()
    content = models.TextField()
    recipient = models.TextField()
    target = models.TextField()
    service = models.TextField(db_default="")
    consent = models.BooleanField()
    round = models.IntegerField(db_default=0)
    """0, and one more for each time a person has it sent again after it arrived."""
    state = models.TextField(db_default="queued")
    attempts = models.IntegerField(db_default=0)
    failures = models.IntegerField(db_default=0)
    """Failed attempts since it was planned or approved: the place in the backoff."""
    next_at = models.DateTimeField()
    """Due from then on; in ``sending``: since when; once sent: when the partner is asked what became of it."""
    reference = models.TextField(db_default="")
    """Message id, or by what the partner finds it."""
    protocol = models.TextField(db_default="")
    """What was said last."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice_id", "way", "content", "recipient", "target", "round"], name="delivery_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at", "id"], name="delivery_due", condition=Q(state__in=["queued", "approved"])),
            models.Index(fields=["next_at"], name="delivery_sending", condition=Q(state="sending")),
            models.Index(fields=["reference"], name="delivery_reference", condition=~Q(reference="")),
        ]


class DeliveryEvent(models.Model):
    """What happened to a delivery, for good: the outcome of an attempt, a bounce, a person's approval."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey("delivery.Delivery", on_delete=models.PROTECT)
    attempt = models.IntegerField()
    at = models.DateTimeField()
    state = models.TextField()
    protocol = models.TextField()
    files = models.TextField(db_default="")
    """What was handed over: ``kind sha256``, one a line."""
    actor_name = models.TextField()
