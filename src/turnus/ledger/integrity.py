"""Recompute the ledger by a path of its own: balance per transaction, allocations within what is open."""

from __future__ import annotations

from turnus.ledger.facts import OPEN
from turnus.ledger.models import Allocation, Posting


def unbalanced() -> list[int]:
    """Transactions whose postings do not add up to zero, or mix currencies or customers."""
    found = []
    kinds: set[tuple[str, int]] = set()
    current = total = 0
    rows = Posting.objects.order_by("transaction", "id").values_list("transaction", "amount", "currency", "customer_id")
    for transaction, amount, currency, customer in rows.iterator(chunk_size=10_000):
        if transaction != current:
            if total or len(kinds) > 1:
                found.append(current)
            current, total, kinds = transaction, 0, set()
        total += amount
        kinds.add((currency, customer))
    if total or len(kinds) > 1:
        found.append(current)
    return found


def overallocated() -> list[int]:
    """Receivable postings of which more is allocated than they are worth."""
    used: dict[int, int] = {}
    for credit, debit, amount in Allocation.objects.values_list("credit_id", "debit_id", "amount").iterator():
        used[debit] = used.get(debit, 0) + amount
        used[credit] = used.get(credit, 0) - amount
    found = []
    touched = sorted(used)
    for start in range(0, len(touched), 1_000):
        part = Posting.objects.filter(id__in=touched[start : start + 1_000])
        amounts = dict(part.filter(account__in=OPEN).values_list("id", "amount"))
        for number in touched[start : start + 1_000]:
            amount, share = amounts.get(number, 0), used[number]
            if abs(share) > abs(amount) or share * amount < 0:
                found.append(number)
    return found


def receivable_of_invoices() -> dict[int, int]:
    """Invoice → what its postings claim from the customer, minor units; negative: what we owe a supplier."""
    rows = Posting.objects.filter(account__in=OPEN, invoice_id__isnull=False)
    found: dict[int, int] = {}
    for invoice, amount in rows.values_list("invoice_id", "amount").iterator():
        found[invoice or 0] = found.get(invoice or 0, 0) + amount
    return found
