"""Archived renderings of documents."""

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
