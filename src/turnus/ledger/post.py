"""Write postings and allocations. Append-only; what was wrong is countered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.document import DocumentTax
from turnus.core.periods import FAR_FUTURE
from turnus.core.receivables import Allocation as Share
from turnus.core.receivables import (
    AllocationError,
    Deducted,
    OpenItem,
    closing_postings,
    document_postings,
    pay,
    payment_postings,
    self_billing_postings,
    settle,
)
from turnus.ledger.facts import OPEN, Item, items_of_invoices, open_items
from turnus.ledger.models import Allocation, Payment, Posting
from turnus.ledger.news import entering
from turnus.parties.facts import lock_customers
from turnus.records.audit import audit
from turnus.records.bulk import insert, take_ids
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp


class IssuedDocument(NamedTuple):
    """What the ledger needs to know of an issued document. Amounts in minor units with sign."""

    invoice: int
    seller: int
    customer: int
    currency: str
    gross: int
    taxes: Sequence[DocumentTax]
    issue_date: date
    due_date: date
    applied: int
    """Credit on account that this document uses."""
    corrects: Sequence[int]
    """Invoices that a credit takes back: their open items are cleared first."""
    parts: Sequence[tuple[date, int]] = ()
    """Instalments: due day and minor units; none: all is due on the due date."""
    payable: bool = False
    """A self-billing document: we owe ``gross``."""
    earliest_first: frozenset[int] = frozenset()
    """Of the invoices that a credit takes back, those whose earliest instalment it reduces first; else the latest."""

    advance: bool = False
    """Asks for money before the supply, or takes that back."""
    deducted: Sequence[Deducted] = ()
    """What it turns from money received for advances into revenue; ``gross`` is then what is left to be paid."""

    @property
    def due(self) -> Sequence[tuple[date, int]]:
        """What is due when."""
        return self.parts or ((self.due_date, self.gross),)


_COLUMNS = (
    "id", "seller_id", "transaction", "account", "customer_id", "currency", "amount", "category", "rate", "booked_on",
    "due_on", "invoice_id", "payment_id",
)  # fmt: skip


def post_documents(documents: Sequence[IssuedDocument]) -> None:
    """Balanced postings of issued documents and the allocations that follow: credit used, corrected invoice cleared."""
    sides = [
        self_billing_postings(d.gross, d.taxes) if d.payable
        else document_postings(d.gross, d.taxes, [part for _day, part in d.parts], d.deducted, advance=d.advance)
        for d in documents
    ]  # fmt: skip
    entering()
    ids = iter(take_ids(Posting, sum(len(postings) for postings in sides)))
    rows = []
    receivable: dict[int, list[int]] = {}
    for document, postings in zip(documents, sides, strict=True):
        head, due = 0, iter(document.due)
        for account, amount, category, rate in postings:
            number = next(ids)
            head = head or number
            due_on = next(due)[0] if account in OPEN else None
            if due_on is not None:
                receivable.setdefault(document.invoice, []).append(number)
            rows.append(
                (number, document.seller, head, account, document.customer, document.currency, amount, category, rate,
                 document.issue_date, due_on, document.invoice, None)
            )  # fmt: skip
    insert(Posting, _COLUMNS, rows)
    lock_customers({document.customer for document in documents if document.applied or document.corrects})
    for document in documents:
        if document.applied:
            _use_credit(document, receivable[document.invoice])
        if document.corrects:
            _clear_corrected(document, receivable[document.invoice][0])
        if any(row.closed for row in document.deducted):
            _close_advances(document)


def _close_advances(document: IssuedDocument) -> None:
    """Nobody collects any more what was asked for and not received; the cancellation of a final invoice reopens it."""
    advances: dict[int, list[Deducted]] = {}
    for row in document.deducted:
        if row.closed:
            advances.setdefault(row.advance, []).append(row)
    items = items_of_invoices(advances)
    for advance, rows in sorted(advances.items()):
        postings = closing_postings(rows)
        ids = take_ids(Posting, len(postings))
        due_on = max(item.due_on or item.booked_on for item in items[advance])
        insert(Posting, _COLUMNS, [
            (number, document.seller, ids[0], account, document.customer, document.currency, amount, category, rate,
             document.issue_date, due_on if account in OPEN else None, advance, None)
            for number, (account, amount, category, rate) in zip(ids, postings, strict=True)
        ])  # fmt: skip
        own = OpenItem(ids[0], postings[0].amount, None, document.issue_date)
        if own.open < 0:
            allocate(pay(own, [item.as_open() for item in items[advance] if item.open > 0]), on=document.issue_date)


def reverse_document(invoice: int, *, on: date) -> None:
    """Counter all postings of a document, inside the caller's transaction, and clear what was open of it."""
    entering()
    before = list(Posting.objects.filter(invoice_id=invoice).order_by("id"))
    lock_customers({row.customer_id for row in before})
    ids = take_ids(Posting, len(before))
    insert(Posting, _COLUMNS, [
        (number, row.seller_id, ids[0], row.account, row.customer_id, row.currency, -row.amount, row.category, row.rate,
         on, on if row.account in OPEN else None, invoice, None)
        for number, row in zip(ids, before, strict=True)
    ])  # fmt: skip
    items = items_of_invoices([invoice])[invoice]
    owed = [item.as_open() for item in items if item.open < 0]
    allocate(settle(owed, [item.as_open() for item in items if item.open > 0]), on=on)


def _use_credit(document: IssuedDocument, debits: Sequence[int]) -> None:
    credits_ = [i for i in open_items([document.customer], credits_only=True) if i.currency == document.currency]
    needs = [
        Item(debit, document.customer, document.currency, amount, amount, document.issue_date, day,
             document.invoice, None).as_open()
        for debit, (day, amount) in zip(debits, document.due, strict=True)
    ]  # fmt: skip
    allocate(settle([item.as_open() for item in credits_], needs, document.applied), on=document.issue_date)


def _clear_corrected(document: IssuedDocument, posting: int) -> None:
    """A credit clears the invoices it takes back; the cancellation of a credit uses up what is left of that credit."""
    items = items_of_invoices(document.corrects)
    found = [item for rows in items.values() for item in rows if item.currency == document.currency]
    amount = -document.gross if document.payable else document.gross
    own = Item(posting, document.customer, document.currency, amount, amount - document.applied, document.issue_date,
               None, document.invoice, None).as_open()  # fmt: skip
    if amount < 0:
        shares = pay(own, [item.as_open() for item in _in_turn(found, document.earliest_first) if item.open > 0])
    else:
        shares = settle([item.as_open() for item in found if item.open < 0], [own])
    allocate(shares, on=document.issue_date)


def _in_turn(items: Sequence[Item], earliest_first: frozenset[int]) -> list[Item]:
    """Invoices by their earliest due day; of one invoice the instalments as agreed."""
    first: dict[int | None, date] = {}
    for item in items:
        first[item.invoice] = min(first.get(item.invoice, FAR_FUTURE), item.due_on or item.booked_on)

    def place(item: Item) -> tuple[date, int, int]:
        day = item.due_on or item.booked_on
        turn = day.toordinal() if item.invoice in earliest_first else -day.toordinal()
        return first[item.invoice], item.invoice or 0, turn

    return sorted(items, key=place)


def allocate(shares: Sequence[Share], *, on: date) -> None:
    """Append allocations, inside the caller's transaction."""
    if shares:
        entering()
    rows = [(share.credit, share.debit, share.amount, on) for share in shares]
    insert(Allocation, ("credit_id", "debit_id", "amount", "allocated_on"), rows)


class PaymentData(NamedTuple):
    """A payment recorded by hand: minor units, negative for money returned. The key makes repetition harmless."""

    customer: int
    key: str
    currency: str
    amount: int
    received_on: date
    reference: str = ""
    invoices: Sequence[int] = ()
    """Invoices that it pays, in this order; what is left stays as credit on account."""
    side: str = "receivable"
    """``payable``: money paid out (negative ``amount``) for self-billing documents."""


def record_payment(seller: int, payment: PaymentData, *, by: Stamp) -> tuple[int, bool]:
    """Book a payment and allocate it to its invoices. Returns its id and whether it is new.

    Raises ``AllocationError`` where an invoice is of another customer or currency, or the key was used differently.
    """
    recorded = _record_payment(seller, payment, by=by)
    failpoint("payment.after_commit")
    return recorded


@transaction.atomic(durable=True)
def _record_payment(seller: int, payment: PaymentData, *, by: Stamp) -> tuple[int, bool]:
    values = {
        "customer_id": payment.customer, "currency": payment.currency, "amount": payment.amount,
        "received_on": payment.received_on, "reference": payment.reference,
    }  # fmt: skip
    row, created = Payment.objects.get_or_create(seller_id=seller, key=payment.key, defaults=values)
    if not created:
        if any(getattr(row, name) != value for name, value in values.items()):
            raise AllocationError("key_used", payment.key)
        return row.id, False
    lock_customers({payment.customer})
    head = _post_payment(seller, row.id, payment)
    items = items_of_invoices(payment.invoices)
    chosen = [item for invoice in payment.invoices for item in items.get(invoice, ())]
    if any((item.customer, item.currency) != (payment.customer, payment.currency) for item in chosen):
        raise AllocationError("other_customer", payment.key)
    own = Item(head, payment.customer, payment.currency, -payment.amount, -payment.amount, payment.received_on, None,
               None, row.id)  # fmt: skip
    if payment.amount > 0:
        allocate(pay(own.as_open(), [item.as_open() for item in chosen]), on=payment.received_on)
    elif payment.side == "payable":
        allocate(settle([item.as_open() for item in chosen], [own.as_open()]), on=payment.received_on)
    audit(by, "payment.record", "payment", row.id, after=values | {"invoices": list(payment.invoices)})
    failpoint("payment.before_commit")
    return row.id, True


def _post_payment(seller: int, number: int, payment: PaymentData) -> int:
    postings = payment_postings(payment.amount, payment.side)
    ids = take_ids(Posting, len(postings))
    insert(
        Posting,
        _COLUMNS,
        [
            (posting_id, seller, ids[0], account, payment.customer, payment.currency, amount, category, rate,
             payment.received_on, None, None, number)
            for posting_id, (account, amount, category, rate) in zip(ids, postings, strict=True)
        ],
    )  # fmt: skip
    return next(i for i, posting in zip(ids, postings, strict=True) if posting.account in OPEN)


@transaction.atomic(durable=True)
def settle_account(customer: int, currency: str, *, reserved: int = 0, on: date, by: Stamp) -> int:
    """Use credit on account for open invoices of a customer, oldest first. Returns the minor units allocated.

    ``reserved``: credit that released documents will use; it stays untouched.
    """
    lock_customers({customer})
    items = [item for item in open_items([customer]) if item.currency == currency]
    credits_ = [item.as_open() for item in items if item.open < 0]
    free = -sum(item.open for item in credits_) - reserved
    shares = settle(credits_, [item.as_open() for item in items if item.open > 0], max(free, 0))
    allocate(shares, on=on)
    total = sum(share.amount for share in shares)
    if total:
        audit(by, "account.settle", "customer", customer, after={"currency": currency, "allocated": total})
    return total
