"""Take messages from the outbox after commit. A message may be delivered twice; its handler must bear that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.records.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTEMPTS = 5
"""After so many failures a message is parked: visible, and put back by hand."""


class Message(NamedTuple):
    """A due message."""

    id: int
    topic: str
    key: str
    attempts: int


def due_messages(topics: Sequence[str], *, after: int = 0, limit: int = 50) -> list[Message]:
    """Due messages of the topics in the order in which they were written."""
    rows = OutboxMessage.objects.filter(state=OutboxMessage.State.DUE, topic__in=topics, id__gt=after).order_by("id")
    return [Message(*row) for row in rows.values_list("id", "topic", "key", "attempts")[:limit]]


@transaction.atomic(durable=True)
def mark_done(*messages: int) -> None:
    """The messages have left the house. One statement."""
    OutboxMessage.objects.filter(id__in=messages).update(state=OutboxMessage.State.DONE, last_error="")


@transaction.atomic(durable=True)
def mark_failed(message: Message, error: str) -> None:
    """Count the failure; the last attempt parks the message with its error."""
    state = OutboxMessage.State.PARKED if message.attempts + 1 >= ATTEMPTS else OutboxMessage.State.DUE
    OutboxMessage.objects.filter(id=message.id).update(
        state=state, attempts=message.attempts + 1, last_error=error[:2_000]
    )


def stuck(topic: str, limit: int = 50) -> list[tuple[str, str]]:
    """(key, last error) of messages of a topic that failed and are not done, the oldest first."""
    rows = OutboxMessage.objects.filter(topic=topic).exclude(state=OutboxMessage.State.DONE).exclude(last_error="")
    return list(rows.order_by("id").values_list("key", "last_error")[:limit])


def waiting() -> dict[str, int]:
    """Topic → number of due messages."""
    found: dict[str, int] = {}
    for topic in OutboxMessage.objects.filter(state=OutboxMessage.State.DUE).values_list("topic", flat=True):
        found[topic] = found.get(topic, 0) + 1
    return found
