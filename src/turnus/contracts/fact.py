"""What every later fact of a contract has."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """Columns of every later fact."""

    id = models.BigAutoField(primary_key=True)
    contract_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    reason = models.TextField(db_default="")
    correction = models.BooleanField(db_default=False)
    """The earlier row was wrong, as opposed to: the agreement changed."""

    class Meta:
        abstract = True
