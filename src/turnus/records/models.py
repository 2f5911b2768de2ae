"""Audit entries, outbox messages and received files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """Who, when, what, before and after. A run writes one entry per chunk and step, with its documents' digest."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.TextField()
    actor_name = models.TextField()
    action = models.TextField()
    object_type = models.TextField()
    object_id = models.BigIntegerField()
    before = models.TextField(default="")
    after = models.TextField(default="")
    reason = models.TextField(default="")
    digest = models.TextField(default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"], name="audit_object")]


class OutboxMessage(models.Model):
    """Something that must leave the house, written in the transaction that decided it; unique per topic and key."""

    class State(models.TextChoices):
        """Life of a message."""

        DUE = "due"
        DONE = "done"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    topic = models.TextField()
    key = models.TextField()
    payload = models.TextField(db_default="")
    state = models.TextField(choices=State.choices, db_default="due")
    attempts = models.IntegerField(db_default=0)
    last_error = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "key"], name="outbox_once")]
        indexes: ClassVar = [
            models.Index(fields=["topic", "id"], name="outbox_due", condition=models.Q(state="due")),
        ]


class InboxFile(models.Model):
    """A received file under its content hash, stored before it is read."""

    id = models.BigAutoField(primary_key=True)
    sha256 = models.TextField()
    kind = models.TextField()
    name = models.TextField()
    size = models.BigIntegerField()
    path = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sha256", "kind"], name="inbox_once")]
