"""VAT id checks, append-only and kept as long as the invoices that rest on them (law.md L-13)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class VatCheck(models.Model):
    """One confirmation, or refusal, of a VAT id on a day."""

    id = models.BigAutoField(primary_key=True)
    seller_id = models.BigIntegerField()
    vat_id = models.TextField()
    checked_on = models.DateField()
    valid = models.BooleanField()
    reference = models.TextField(db_default="")
    recorded_at = models.DateTimeField()
    actor_name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "vat_id", "checked_on", "valid", "reference"], name="vat_check_once"
            ),
        ]
