"""The account of a customer for reading, as frozen rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from turnus.core.commission import Allocated
from turnus.ledger.facts import allocated
from turnus.ledger.models import Allocation, Payment, Posting

if TYPE_CHECKING:
    from collections.abc import Collection


class AccountRow(NamedTuple):
    """A booking on a customer's account, minor units: positive is owed to us."""

    booked_on: date
    due_on: date | None
    currency: str
    amount: int
    open: int
    invoice: int | None
    payment: int | None


class PaymentRow(NamedTuple):
    """A payment and what of it went to one invoice, minor units."""

    payment: int
    received_on: date
    reference: str
    amount: int


def account_rows(seller: int, customer: int) -> list[AccountRow]:
    """All bookings on a customer's account in their order."""
    columns = ("id", "booked_on", "due_on", "currency", "amount", "invoice_id", "payment_id")
    rows = Posting.objects.filter(seller_id=seller, customer_id=customer, account="receivable")
    found = list(rows.order_by("booked_on", "id").values_list(*columns))
    used = allocated([row[0] for row in found])
    return [
        AccountRow(booked, due, currency, amount, amount - used.get(number, 0), invoice, payment)
        for number, booked, due, currency, amount, invoice, payment in found
    ]


def allocations_of(invoices: Collection[int]) -> dict[int, list[Allocated]]:
    """Invoice → what was set against it: money, credits, and what they took back; with the sign of its total."""
    rows = Posting.objects.filter(invoice_id__in=invoices, account="receivable").values_list("id", "invoice_id")
    own = {posting: invoice for posting, invoice in rows if invoice is not None}
    found: dict[int, list[Allocated]] = {}
    shares = Allocation.objects.filter(Q(credit_id__in=own) | Q(debit_id__in=own)).order_by("id")
    for number, credit, debit, amount, day in shares.values_list(
        "id", "credit_id", "debit_id", "amount", "allocated_on"
    ):
        if debit in own:
            found.setdefault(own[debit], []).append(Allocated(number, day, amount))
        if credit in own:
            found.setdefault(own[credit], []).append(Allocated(number, day, -amount))
    return found


def payments_of(invoices: Collection[int]) -> dict[int, list[PaymentRow]]:
    """Invoice → the payments that cleared it, in full or in part."""
    debits = dict(Posting.objects.filter(invoice_id__in=invoices, account="receivable").values_list("id", "invoice_id"))
    owed = dict(Posting.objects.filter(invoice_id__in=invoices, account="payable").values_list("id", "invoice_id"))
    rows = Allocation.objects.filter(Q(debit_id__in=debits) | Q(credit_id__in=owed)).order_by("id")
    shares = [
        (credit, debit, amount) if debit in debits else (debit, credit, amount)
        for credit, debit, amount in rows.values_list("credit_id", "debit_id", "amount")
    ]
    debits |= owed
    sources = dict(
        Posting.objects.filter(id__in={share[0] for share in shares}, payment_id__isnull=False).values_list(
            "id", "payment_id"
        )
    )
    payments = {row.id: row for row in Payment.objects.filter(id__in=set(sources.values()))}
    found: dict[int, list[PaymentRow]] = {}
    for credit, debit, amount in shares:
        payment, invoice = payments.get(sources.get(credit) or 0), debits[debit]
        if payment is not None and invoice is not None:
            row = PaymentRow(payment.id, payment.received_on, payment.reference, amount)
            found.setdefault(invoice, []).append(row)
    return found
