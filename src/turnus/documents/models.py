"""Archived renderings of documents, and the reports of their validation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Rendering(models.Model):
    """The file of one document in one format, by content hash."""

    id = models.BigAutoField(primary_key=True)
    invoice_id = models.BigIntegerField()
    kind = models.TextField()
    """``pdf``."""
    sha256 = models.TextField()
    size = models.BigIntegerField()
    rendered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice_id", "kind"], name="rendering_once")]


class ValidationRecord(models.Model):
    """The report of one validation, as it was given (law.md L-06)."""

    id = models.BigAutoField(primary_key=True)
    invoice_id = models.BigIntegerField(null=True)
    """The document that the file renders; none for files of others."""
    sha256 = models.TextField()
    """Of the file that was judged."""
    verdict = models.TextField()
    error_class = models.TextField(db_default="")
    rules = models.TextField(db_default="")
    """The rule sets with their hashes."""
    body = models.TextField()
    """Canonical JSON of ``core.validation.ValidationReport``."""
    validated_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["invoice_id"], name="validation_invoice"),
            models.Index(fields=["sha256"], name="validation_file"),
        ]
