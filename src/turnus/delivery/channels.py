"""Channels of customers: entered, ended, read; refused where the law forbids the form (L-04)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.delivery import HANDED_OVER, ChannelData, Content, Network, Reached, Way, channel_faults, form_of
from turnus.core.faults import Fault, fault
from turnus.core.formats import Allowed, Buyer, Exemption, allowed_formats, buyer_class
from turnus.core.parties import CustomerKind
from turnus.delivery.models import Channel, PriorTurnover
from turnus.parties.facts import customer_facts, customer_ids, customer_numbers, in_force, seller_facts
from turnus.parties.queries import UnknownCustomerError, contact_addresses
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.formats import Form
    from turnus.core.parties import CustomerData


class ChannelRefusedError(ValueError):
    """A channel, a text or a delivery is refused; ``faults`` says everything that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__([one.code for one in faults])
        self.faults = tuple(faults)


class ChannelRow(NamedTuple):
    """A channel for reading. ``customer``: 0 for whoever has none of its own."""

    id: int
    customer: int
    data: ChannelData


class Allowing(NamedTuple):
    """What the form of one document depends on beside its buyer (L-04)."""

    seller: int
    supply_end: date
    sent_on: date
    gross: int | None
    exemption: Exemption
    consent: bool


def allowing(what: Allowing, buyer: CustomerData) -> Allowed:
    """The forms in which a document may go to a buyer: the seller's turnover is the one of the year before supply."""
    year = what.supply_end.year - 1
    turnover = PriorTurnover.objects.filter(seller_id=what.seller, year=year).values_list("amount", flat=True).first()
    kind = buyer_class(person=buyer.kind is CustomerKind.PERSON, leitweg_id=buyer.leitweg_id)
    return allowed_formats(
        what.supply_end, what.sent_on, seller_turnover_prev=turnover, buyer=Buyer(kind, buyer.address.country),
        gross=what.gross, exemption=what.exemption, consent=what.consent,
    )  # fmt: skip


def form_fault(way: Way, form: Form, found: Allowed) -> Fault | None:
    """Why a document may not go like this; None: it may."""
    if way not in HANDED_OVER or form in found.forms:
        return None
    return fault(f"form_{found.reason}", form=form)


@transaction.atomic(durable=True)
def add_channel(seller: int, data: ChannelData, *, on: date, by: Stamp) -> int:
    """A customer's documents go this way too, from now on. Returns the channel's id.

    Raises ``ChannelRefusedError`` with everything that is wrong, ``UnknownCustomerError``.
    """
    customer = _customer(seller, data.customer)
    found = Reached()
    faults: list[Fault] = []
    if customer:
        buyer = in_force(customer_facts([customer])[customer], on).data
        found = reached(buyer, contact_addresses([customer]).get(customer, []))
        small = seller_facts(seller, on=on).data.small_business
        exemption = Exemption.SMALL_BUSINESS if small else Exemption.NONE
        today = Allowing(seller, on, on, None, exemption, data.consent_on is not None)
        refused = form_fault(data.way, form_of(data.way, [data.content]), allowing(today, buyer))
        faults = [refused] if refused else []
    faults = channel_faults(data, found) + faults
    columns = _columns(data)
    if Channel.objects.filter(seller_id=seller, customer_id=customer, active=True, **columns).exists():
        faults.append(fault("channel_known"))
    if faults:
        raise ChannelRefusedError(faults)
    row = Channel.objects.create(
        seller_id=seller, customer_id=customer, service=data.service, consent_on=data.consent_on, **columns
    )
    audit(by, "channel.add", "channel", row.id, after=asdict(data))
    return row.id


@transaction.atomic(durable=True)
def end_channel(seller: int, channel: int, *, reason: str = "", by: Stamp) -> None:
    """Nothing new goes this way; the audit trail keeps it. Raises ``ChannelRefusedError``."""
    if not Channel.objects.filter(id=channel, seller_id=seller, active=True).update(active=False):
        raise ChannelRefusedError([fault("unknown_channel", channel=channel)])
    audit(by, "channel.end", "channel", channel, before={"active": True}, after={"active": False}, reason=reason)


@transaction.atomic(durable=True)
def put_turnover(seller: int, year: int, amount: int, *, by: Stamp) -> None:
    """Say a seller's turnover of a calendar year, in euro cents: up to 800,000 € it is small (§ 27 Abs. 38 UStG)."""
    PriorTurnover.objects.update_or_create(seller_id=seller, year=year, defaults={"amount": amount})
    audit(by, "seller.turnover", "seller", seller, after={"year": year, "amount": amount})


def channels(seller: int, customers: Collection[int]) -> dict[int, list[ChannelRow]]:
    """Customer → the channels on which its documents go: its own, else those for everybody. One query."""
    rows = Channel.objects.filter(seller_id=seller, customer_id__in={0, *customers}, active=True).order_by("id")
    found: dict[int, list[ChannelRow]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(_row(row))
    common = found.get(0, [])
    return {customer: found.get(customer) or common for customer in customers}


def has_channel(seller: int, customer: int) -> bool:
    """The customer's documents have a way."""
    return Channel.objects.filter(seller_id=seller, customer_id__in=[0, customer], active=True).exists()


def listed(seller: int, customer: int | None = None) -> list[ChannelRow]:
    """All active channels of a seller, or of one customer of it."""
    rows = Channel.objects.filter(seller_id=seller, active=True)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    found = [_row(row) for row in rows.order_by("customer_id", "id")]
    numbers = customer_numbers({row.customer for row in found if row.customer})
    return [ChannelRow(row.id, row.customer, _named(row.data, numbers.get(row.customer, ""))) for row in found]


def reached(buyer: CustomerData, contacts: Sequence[tuple[str, str]]) -> Reached:
    """Where a customer can be reached, out of its data and its contacts."""
    return Reached(buyer.email, tuple(contacts), buyer.endpoint, buyer.endpoint_scheme, buyer.leitweg_id)


def _customer(seller: int, number: str) -> int:
    if not number:
        return 0
    found = customer_ids(seller, [number]).get(number)
    if found is None:
        raise UnknownCustomerError(number)
    return found


def _columns(data: ChannelData) -> dict[str, str]:
    names = ("way", "content", "address", "role", "target")
    return {name: str(getattr(data, name)) for name in names}


def _row(row: Channel) -> ChannelRow:
    data = ChannelData(
        Way(row.way), Content(row.content), "", row.address, row.role, row.target, Network(row.service), row.consent_on
    )
    return ChannelRow(row.id, row.customer_id, data)


def _named(data: ChannelData, number: str) -> ChannelData:
    return ChannelData(
        data.way, data.content, number, data.address, data.role, data.target, data.service, data.consent_on
    )
