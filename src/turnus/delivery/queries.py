"""Deliveries for reading, as frozen rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from turnus.delivery.models import Delivery, DeliveryEvent

if TYPE_CHECKING:
    from collections.abc import Collection


class DeliveryRow(NamedTuple):
    """A delivery as a list shows it."""

    id: int
    invoice: int
    way: str
    content: str
    recipient: str
    target: str
    round: int
    state: str
    attempts: int
    next_at: datetime
    reference: str
    protocol: str


class EventRow(NamedTuple):
    """What happened to a delivery."""

    attempt: int
    at: datetime
    state: str
    protocol: str
    files: str
    actor: str


_ROW = (
    "id", "invoice_id", "way", "content", "recipient", "target", "round", "state", "attempts", "next_at", "reference",
    "protocol",
)  # fmt: skip


def deliveries(
    seller: int, *, invoices: Collection[int] = (), ids: Collection[int] = (), state: str = "", limit: int = 50
) -> list[DeliveryRow]:
    """Deliveries of a seller, the newest first."""
    rows = Delivery.objects.filter(seller_id=seller)
    if invoices:
        rows = rows.filter(invoice_id__in=invoices)
    if ids:
        rows = rows.filter(id__in=ids)
    if state:
        rows = rows.filter(state=state)
    return [DeliveryRow(*row) for row in rows.order_by("-id").values_list(*_ROW)[:limit]]


def events(delivery: int) -> list[EventRow]:
    """Everything that happened to a delivery, the oldest first."""
    rows = DeliveryEvent.objects.filter(delivery_id=delivery).order_by("id")
    return [EventRow(*row) for row in rows.values_list("attempt", "at", "state", "protocol", "files", "actor_name")]


def deliveries_of(invoices: Collection[int]) -> list[int]:
    """Ids of the deliveries of documents."""
    return list(Delivery.objects.filter(invoice_id__in=invoices).order_by("id").values_list("id", flat=True))
