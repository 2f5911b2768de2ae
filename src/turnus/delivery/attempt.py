"""Deliveries: planned once, claimed before the network is touched, settled after it, resent when a person says so.

``sending`` is committed before the call. A worker that dies in between leaves a delivery of which nobody knows whether
it arrived: on ways where twice is once it goes again, on all others it is ``unknown`` until a person approves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from turnus.core.delivery import (
    DUE,
    LEASE,
    REPEATABLE,
    RESENDABLE,
    TRACKED,
    Content,
    Network,
    Receipt,
    State,
    Way,
    coded,
    next_attempt,
)
from turnus.core.faults import fault
from turnus.delivery.channels import ChannelRefusedError
from turnus.delivery.models import Delivery, DeliveryEvent
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.actors import Stamp

POLL: Final = timedelta(hours=1)
"""How long until a partner is asked again what became of a delivery."""


class Planned(NamedTuple):
    """A document on a way to a recipient."""

    seller: int
    invoice: int
    way: Way
    content: Content
    recipient: str
    target: str
    service: Network
    consent: bool


class Claimed(NamedTuple):
    """A delivery that this process sends; nobody else does."""

    id: int
    attempt: int
    planned: Planned


@transaction.atomic(durable=True)
def plan(rows: Sequence[Planned], *, by: Stamp) -> int:
    """Enter deliveries; one that is planned already stays as it is. Returns how many are new."""
    planned = Delivery.objects.filter(invoice_id__in={row.invoice for row in rows}, round=0)
    known = set(planned.values_list("invoice_id", "way", "content", "recipient", "target"))
    fresh = [row for row in rows if (row.invoice, row.way, row.content, row.recipient, row.target) not in known]
    Delivery.objects.bulk_create(
        [
            Delivery(
                seller_id=row.seller, invoice_id=row.invoice, way=row.way, content=row.content, recipient=row.recipient,
                target=row.target, service=row.service, consent=row.consent, next_at=by.at,
            )
            for row in fresh
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(fresh)


@transaction.atomic(durable=True)
def claim(*, skip: Collection[tuple[str, str]] = (), only: Collection[int] = (), at: datetime) -> Claimed | None:
    """The next due delivery, committed as ``sending``; None: nothing is due. ``skip``: (way, target) that are down."""
    rows = Delivery.objects.filter(state__in=DUE, next_at__lte=at)
    if only:
        rows = rows.filter(id__in=only)
    for way, target in skip:
        rows = rows.exclude(way=way, target=target)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True, skip_locked=True)
    row = rows.order_by("next_at", "id").first()
    if row is None:
        return None
    Delivery.objects.filter(id=row.id).update(state=State.SENDING, attempts=F("attempts") + 1, next_at=at)
    return Claimed(row.id, row.attempts + 1, _planned(row))


@transaction.atomic(durable=True)
def settle(claimed: Claimed, receipt: Receipt, *, files: str = "", retry: bool = False, by: Stamp) -> State:
    """Say what became of an attempt. ``retry``: nothing was taken, so it is tried again while the backoff lasts.

    Says nothing where the delivery was taken for dead and somebody else has sent it since. Returns the state.
    """
    mine = Delivery.objects.select_for_update(no_key=True).filter(id=claimed.id, attempts=claimed.attempt)
    row = mine.filter(state__in=[State.SENDING, State.UNKNOWN]).first()
    state, then = receipt.state, by.at + POLL
    if row is None:
        return state
    if retry:
        again = next_attempt(row.failures + 1, by.at)
        state, then = (State.QUEUED, again) if again else (State.FAILED, by.at)
    Delivery.objects.filter(id=row.id).update(
        state=state, next_at=then, protocol=receipt.protocol, reference=receipt.reference or row.reference,
        failures=row.failures + (1 if retry else 0),
    )  # fmt: skip
    _event(row.id, claimed.attempt, state, receipt.protocol, by, files)
    return state


@transaction.atomic(durable=True)
def expire(*, by: Stamp) -> int:
    """Deliveries whose worker died while sending: again where twice is once, else ``unknown``. Returns how many."""
    dead = Delivery.objects.select_for_update(no_key=True).filter(state=State.SENDING, next_at__lte=by.at - LEASE)
    count = 0
    for row in dead.order_by("id")[:1_000]:
        again = Way(row.way) in REPEATABLE
        state = State.QUEUED if again else State.UNKNOWN
        why = coded(fault("worker_died"))
        Delivery.objects.filter(id=row.id).update(state=state, next_at=by.at, protocol=why)
        _event(row.id, row.attempts, state, why, by)
        count += 1
    return count


@transaction.atomic(durable=True)
def send_again(delivery: int, *, approve: bool = False, reason: str = "", by: Stamp) -> int:
    """Send again: what failed or bounced; what may have arrived only with ``approve``; what arrived as a new delivery.

    Returns the id of the delivery that will be sent. Raises ``ChannelRefusedError``.
    """
    row = Delivery.objects.select_for_update(no_key=True).filter(id=delivery).first()
    if row is None:
        raise ChannelRefusedError([fault("unknown_delivery", delivery=delivery)])
    state = State(row.state)
    if state is State.UNKNOWN and not approve:
        raise ChannelRefusedError([fault("resend_needs_approval", delivery=delivery)])
    if state in DUE or state is State.SENDING:
        raise ChannelRefusedError([fault("resend_waits", delivery=delivery, state=state)])
    if state in RESENDABLE:
        Delivery.objects.filter(id=row.id).update(state=State.APPROVED, failures=0, next_at=by.at)
        _event(row.id, row.attempts, State.APPROVED, reason, by)
    else:
        same = Delivery.objects.filter(
            invoice_id=row.invoice_id, way=row.way, content=row.content, recipient=row.recipient, target=row.target
        )
        row.pk, row.round = None, max(same.values_list("round", flat=True)) + 1
        row.state, row.attempts, row.failures, row.next_at = State.QUEUED, 0, 0, by.at
        row.reference = row.protocol = ""
        row.save(force_insert=True)
    audit(by, "delivery.resend", "delivery", delivery, before={"state": state}, after={"sends": row.pk}, reason=reason)
    return row.pk


@transaction.atomic(durable=True)
def report(reference: str, state: State, protocol: str, *, by: Stamp) -> list[int]:
    """A partner says later what became of a delivery: ``bounced``, ``delivered``, ``failed``. Returns its id.

    What it has said already is not said again, also not of an attempt that came after.
    """
    sent = Delivery.objects.select_for_update(no_key=True).filter(reference=reference)
    rows = list(sent.filter(state__in=[State.SENT, State.DELIVERED, State.UNKNOWN]).exclude(state=state))
    told = DeliveryEvent.objects.filter(delivery__in=rows, state=state, protocol=protocol)
    known = set(told.values_list("delivery_id", flat=True)) if rows and state is State.BOUNCED else set()
    rows = [row for row in rows if row.id not in known]
    for row in rows:
        Delivery.objects.filter(id=row.id).update(state=state, protocol=protocol)
        _event(row.id, row.attempts, state, protocol, by)
    return [row.id for row in rows]


def tracked(*, at: datetime, limit: int = 500) -> list[tuple[str, str, str]]:
    """(way, target, reference) of deliveries whose partner is to be asked now; they are asked again in an hour."""
    rows = Delivery.objects.filter(state=State.SENT, way__in=TRACKED, next_at__lte=at).exclude(reference="")
    found = list(rows.order_by("next_at", "id").values_list("id", "way", "target", "reference")[:limit])
    Delivery.objects.filter(id__in=[row[0] for row in found]).update(next_at=at + POLL)
    return [row[1:] for row in found]


def _planned(row: Delivery) -> Planned:
    return Planned(
        row.seller_id, row.invoice_id, Way(row.way), Content(row.content), row.recipient, row.target,
        Network(row.service), row.consent,
    )  # fmt: skip


def _event(delivery: int, attempt: int, state: State, protocol: str, by: Stamp, files: str = "") -> None:
    DeliveryEvent.objects.create(
        delivery_id=delivery, attempt=attempt, at=by.at, state=state, protocol=protocol, files=files,
        actor_name=by.actor.name,
    )  # fmt: skip
