"""Write the audit trail and the outbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.records.bulk import insert
from turnus.records.models import AuditEntry, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from turnus.core.actors import Stamp


def audit(
    by: Stamp,
    action: str,
    object_type: str,
    object_id: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    digest: str = "",
) -> None:
    """Append one entry: ``action`` is ``noun.verb``; before and after are stored as canonical JSON text."""
    AuditEntry.objects.create(
        at=by.at,
        actor_kind=by.actor.kind,
        actor_id=by.actor.id,
        actor_name=by.actor.name,
        action=action,
        object_type=object_type,
        object_id=object_id,
        before=_text(before),
        after=_text(after),
        reason=reason,
        digest=digest,
    )


class Act(NamedTuple):
    """One act of many of the same kind: the object and what it became."""

    object_id: int
    after: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None


def audit_many(by: Stamp, action: str, object_type: str, acts: Iterable[Act]) -> None:
    """Append an entry for each of many acts at once."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=by.at, actor_kind=by.actor.kind, actor_id=by.actor.id, actor_name=by.actor.name, action=action,
                object_type=object_type, object_id=act.object_id, before=_text(act.before), after=_text(act.after),
            )
            for act in acts
        ],
        batch_size=1_000,
    )  # fmt: skip


def _text(values: Mapping[str, Any] | None) -> str:
    return "" if values is None else json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)


def queue(topic: str, keys: Iterable[str]) -> None:
    """Outbox rows in the running transaction: what must leave after commit."""
    insert(OutboxMessage, ("topic", "key"), [(topic, key) for key in keys])


def queue_once(topic: str, keys: Iterable[str]) -> int:
    """The same, leaving out keys that were queued before, whatever became of them. Returns how many are new."""
    wanted = list(dict.fromkeys(keys))
    known = set(OutboxMessage.objects.filter(topic=topic, key__in=wanted).values_list("key", flat=True))
    fresh = [key for key in wanted if key not in known]
    queue(topic, fresh)
    return len(fresh)


def unqueue(topic: str, keys: Iterable[str]) -> int:
    """Take messages that have not left yet out of the outbox again; returns how many."""
    count = 0
    wanted = list(keys)
    for start in range(0, len(wanted), 1_000):
        rows = OutboxMessage.objects.filter(topic=topic, key__in=wanted[start : start + 1_000], state="due")
        count += rows.delete()[0]
    return count
