"""Receivables: balanced postings, allocation of credits to open items. Append-only; errors are countered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from turnus.core.document import DocumentTax


class Posting(NamedTuple):
    """One side of a transaction: ledger account, signed amount (debit positive, minor units), tax case."""

    account: str
    """``receivable``, ``revenue``, ``vat``, ``bank``; ``payable``, ``expense``, ``input_vat``; for what was asked for
    before the supply ``advance``, ``advance_vat``."""
    amount: int
    category: str = ""
    rate: int = 0


class UnbalancedError(ValueError):
    """The postings of one transaction do not add up to zero."""


class Deducted(NamedTuple):
    """What a final invoice deducts for one advance at one VAT rate, minor units; negative on its cancellation."""

    advance: int
    category: str
    rate: int
    base: int
    tax: int
    closed_base: int
    """Asked for and not received."""
    closed_tax: int

    @property
    def closed(self) -> int:
        """What the advance no longer claims."""
        return self.closed_base + self.closed_tax


def document_postings(
    gross: int,
    taxes: Sequence[DocumentTax],
    parts: Sequence[int] = (),
    deducted: Sequence[Deducted] = (),
    *,
    advance: bool = False,
) -> list[Posting]:
    """Postings of an issued document: receivable against revenue and VAT per category and rate. They add up to zero.

    ``gross``: what is still to be paid. ``parts``: instalments, minor units; each is an open item of its own, first
    among the postings. ``advance``: nothing is supplied yet, so it is neither revenue nor VAT of a supply; ``deducted``
    turns what was received for that into both.
    """
    postings = [Posting("receivable", part) for part in parts or (gross,)]
    net, vat = ("advance", "advance_vat") if advance else ("revenue", "vat")
    for row in taxes:
        postings.append(Posting(net, -row.base, row.category, row.rate))
        if row.tax:
            postings.append(Posting(vat, -row.tax, row.category, row.rate))
    for off in deducted:
        postings.append(Posting("advance", off.base, off.category, off.rate))
        if off.tax:
            postings.append(Posting("advance_vat", off.tax, off.category, off.rate))
    return balanced(postings)


def closing_postings(rows: Sequence[Deducted]) -> list[Posting]:
    """What one advance no longer claims: its receivable goes down, and with it what was not received."""
    postings = [Posting("receivable", -sum(row.closed for row in rows))]
    for row in rows:
        postings.append(Posting("advance", row.closed_base, row.category, row.rate))
        if row.closed_tax:
            postings.append(Posting("advance_vat", row.closed_tax, row.category, row.rate))
    return balanced(postings)


def self_billing_postings(gross: int, taxes: Sequence[DocumentTax]) -> list[Posting]:
    """Postings of a self-billing document: what we owe against expense and input VAT. They add up to zero."""
    postings = [Posting("payable", -gross)]
    for row in taxes:
        postings.append(Posting("expense", row.base, row.category, row.rate))
        if row.tax:
            postings.append(Posting("input_vat", row.tax, row.category, row.rate))
    return balanced(postings)


def payment_postings(amount: int, side: str = "receivable") -> list[Posting]:
    """Money received: bank against receivable; negative for money returned, or (``payable``) paid out."""
    return balanced([Posting("bank", amount), Posting(side, -amount)])


def balanced(postings: list[Posting]) -> list[Posting]:
    """The postings themselves. Raises ``UnbalancedError``."""
    if sum(posting.amount for posting in postings):
        raise UnbalancedError(postings)
    return postings


class OpenItem(NamedTuple):
    """A receivable posting with what is still open of it: positive is owed to us, negative is credit on account."""

    id: int
    open: int
    due_on: date | None
    booked_on: date


class Allocation(NamedTuple):
    """Part of a credit used for a debit, minor units, positive."""

    credit: int
    debit: int
    amount: int


class AllocationError(ValueError):
    """More is allocated than is open on one side, or two currencies meet."""


def pay(credit: OpenItem, debits: Iterable[OpenItem]) -> list[Allocation]:
    """Use one credit for debits in the order in which the payer named them; a debit named twice counts once."""
    left = -credit.open
    found = []
    for debit in dict.fromkeys(debits):
        amount = min(left, debit.open)
        if amount > 0:
            found.append(Allocation(credit.id, debit.id, amount))
            left -= amount
    return found


def settle(free: Iterable[OpenItem], debits: Iterable[OpenItem], limit: int | None = None) -> list[Allocation]:
    """Use credits, oldest first, for debits, earliest due first; at most ``limit`` in all."""
    left = limit
    found = []
    waiting = sorted(free, key=lambda item: (item.booked_on, item.id))
    used: dict[int, int] = {}
    for debit in sorted(debits, key=lambda item: (item.due_on or item.booked_on, item.id)):
        need = debit.open
        for credit in waiting:
            amount = min(need, -credit.open - used.get(credit.id, 0))
            if left is not None:
                amount = min(amount, left)
            if amount <= 0:
                continue
            found.append(Allocation(credit.id, debit.id, amount))
            used[credit.id] = used.get(credit.id, 0) + amount
            need -= amount
            left = None if left is None else left - amount
    return found
