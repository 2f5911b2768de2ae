"""Supplies that are done and not invoiced, with the last day to do so (law.md L-03). Saves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.contracts.due import Scope
from turnus.core.deadlines import Colour, deadline_colour, invoice_by
from turnus.core.document import Kind
from turnus.core.money import line_amount, minor_digits
from turnus.core.parties import CustomerKind
from turnus.core.tax import EU
from turnus.invoices.billable_models import Billable
from turnus.invoices.decide import basics
from turnus.invoices.draft import CHUNK, due_set
from turnus.invoices.models import Invoice, InvoiceLine
from turnus.invoices.preview import decide_page
from turnus.invoices.taken import with_taken
from turnus.parties.facts import customer_facts, in_force, seller_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turnus.core.parties import CustomerData

_OURS: Final = (Kind.INVOICE, Kind.PARTIAL, Kind.FINAL)
"""Documents of ours about what was supplied."""
_DAY: Final = timedelta(days=1)
_Owed = tuple[int, date, str, int]
"""Customer, last day of the supply, currency, net in minor units."""


class Unbilled(NamedTuple):
    """What a customer got on a day and was not invoiced; ``net`` in minor units."""

    due: date
    colour: Colour
    customer: str
    name: str
    supplied: date
    currency: str
    net: int


def unbilled_supplies(seller: int, *, on: date) -> tuple[list[Unbilled], int]:
    """Done before ``on`` and not invoiced, most urgent first; and how many units cannot be reckoned (parked).

    From what contracts owe, open records and documents that are not issued. Credits are left out.
    """
    parked: list[int] = []
    totals: dict[tuple[int, date, str], int] = {}
    for found in (_contracts(seller, on, parked), _documents(seller, on), _records(seller, on)):
        for customer, supplied, currency, net in found:
            key = (customer, supplied, currency)
            totals[key] = totals.get(key, 0) + net
    home = seller_facts(seller, on=on).data.address.country
    buyers = {n: in_force(rows, on).data for n, rows in customer_facts({key[0] for key in totals}).items()}
    rows = [
        _row(buyers[customer], home, supplied, currency, net, on)
        for (customer, supplied, currency), net in totals.items()
        if net > 0
    ]
    return sorted(rows), len(parked)


def _row(buyer: CustomerData, home: str, supplied: date, currency: str, net: int, on: date) -> Unbilled:
    country = buyer.address.country
    within = country in EU and home in EU and country != home and buyer.kind is CustomerKind.COMPANY
    return Unbilled(
        invoice_by(supplied, within_eu=within), deadline_colour(supplied, on, within_eu=within), buyer.number,
        buyer.name, supplied, currency, net,
    )  # fmt: skip


def _contracts(seller: int, on: date, parked: list[int]) -> Iterator[_Owed]:
    """Chunk by chunk what a run of all contracts would draft."""
    scope = Scope(seller)
    given = basics(scope, seller_facts(seller, on=on), through=on, on=on)
    units = iter(due_set(scope, on))
    while page := list(islice(units, CHUNK)):
        decided = decide_page(given, page)
        parked += [row.unit for row in decided.parked if row.code != "released_elsewhere"]
        for draft in decided.drafts:
            if draft.document.kind not in _OURS:
                continue
            for line, _position, _printed, net in draft.document.lines:
                if line.charge.days.end <= on:
                    yield draft.buyer.customer, line.charge.days.last_day, draft.currency, net


def _documents(seller: int, on: date) -> Iterator[_Owed]:
    """Drafts by hand, and documents of runs that are released and not issued."""
    waiting = Invoice.objects.filter(seller_id=seller, number_value__isnull=True, kind__in=_OURS)
    waiting = waiting.exclude(origin=Invoice.Origin.RUN, state=Invoice.State.DRAFT)
    heads = {number: (of, money) for number, of, money in waiting.values_list("id", "customer_id", "currency")}
    lines = InvoiceLine.objects.filter(invoice_id__in=waiting.values("id"), service_end__lte=on)
    for invoice, end, net in lines.values_list("invoice_id", "service_end", "net").iterator():
        customer, currency = heads[invoice]
        yield customer, end - _DAY, currency, net


def _records(seller: int, on: date) -> Iterator[_Owed]:
    rows = with_taken(Billable.objects.filter(seller_id=seller, service_end__lte=on)).filter(taken=None)
    for row in rows.iterator():
        net = line_amount(row.quantity, row.price, minor_digits(row.currency))
        yield row.customer_id, row.service_end - _DAY, row.currency, net
