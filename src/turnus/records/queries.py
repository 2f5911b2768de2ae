"""The audit trail for reading."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from turnus.records.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Collection


class AuditRow(NamedTuple):
    """Who did what, when, and why; ``before`` and ``after`` are JSON texts, empty where there is nothing."""

    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: int
    before: str
    after: str
    reason: str


def audit_rows(objects: Collection[tuple[str, int]]) -> list[AuditRow]:
    """Entries of the (type, id) given, oldest first."""
    wanted = Q(pk__in=[])
    for kind, number in objects:
        wanted |= Q(object_type=kind, object_id=number)
    columns = ("at", "actor_name", "action", "object_type", "object_id", "before", "after", "reason")
    return [AuditRow(*row) for row in AuditEntry.objects.filter(wanted).order_by("id").values_list(*columns)]
