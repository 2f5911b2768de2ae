"""Postings and allocations → open items. Sums are made here, never in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Q

from turnus.core.receivables import OpenItem
from turnus.ledger.models import Allocation, Posting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date


OPEN: Final = ("receivable", "payable")
"""Accounts whose postings are open items: what customers owe us, what we owe suppliers."""


class Item(NamedTuple):
    """A receivable posting with what is still open of it, minor units."""

    id: int
    customer: int
    currency: str
    amount: int
    open: int
    booked_on: date
    due_on: date | None
    invoice: int | None
    payment: int | None

    def as_open(self) -> OpenItem:
        """The value that core settles."""
        return OpenItem(self.id, self.open, self.due_on, self.booked_on)


def open_items(customers: Collection[int], *, credits_only: bool = False) -> list[Item]:
    """Receivable postings of the customers with what is open of them, in order of booking; settled ones left out."""
    rows = Posting.objects.filter(customer_id__in=customers, account="receivable")
    if credits_only:
        rows = rows.filter(amount__lt=0)
    return [item for item in _items(rows) if item.open]


def items_of_invoices(invoices: Collection[int]) -> dict[int, list[Item]]:
    """Invoice → its open items, settled or not, by due day: one, or one for each instalment."""
    rows = Posting.objects.filter(invoice_id__in=invoices, account__in=OPEN)
    found: dict[int, list[Item]] = {}
    for item in sorted(_items(rows), key=lambda item: (item.due_on or item.booked_on, item.id)):
        if item.invoice is not None:
            found.setdefault(item.invoice, []).append(item)
    return found


def _items(rows: Iterable[Posting]) -> list[Item]:
    columns = ("id", "customer_id", "currency", "amount", "booked_on", "due_on", "invoice_id", "payment_id")
    found = list(rows.order_by("booked_on", "id").values_list(*columns))  # type: ignore[attr-defined]
    used = allocated([row[0] for row in found])
    return [
        Item(row[0], row[1], row[2], row[3], row[3] - used.get(row[0], 0), row[4], row[5], row[6], row[7])
        for row in found
    ]


def allocated(postings: Collection[int]) -> dict[int, int]:
    """Posting → what allocations have used of it: positive on debits, negative on credits."""
    used: dict[int, int] = {}
    if not postings:
        return used
    rows = Allocation.objects.filter(Q(credit_id__in=postings) | Q(debit_id__in=postings))
    for credit, debit, amount in rows.values_list("credit_id", "debit_id", "amount"):
        used[debit] = used.get(debit, 0) + amount
        used[credit] = used.get(credit, 0) - amount
    return used


def free_credit(customers: Collection[int]) -> dict[tuple[int, str], int]:
    """(customer, currency) → credit on account, positive minor units. No netting across currencies."""
    found: dict[tuple[int, str], int] = {}
    for item in open_items(customers, credits_only=True):
        key = (item.customer, item.currency)
        found[key] = found.get(key, 0) - item.open
    return found
