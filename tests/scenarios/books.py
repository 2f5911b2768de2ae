"""Audit of the books by a path of its own: recomputed from the rows, with none of the program's arithmetic.

`findings()` names every breach of I-1, I-2, I-3, I-4 and I-6 (reliability, B5); an empty list is as it must be.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from turnus.contracts.models import Contract, Item
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax, NumberRange, NumberVoid
from turnus.ledger.models import Allocation, Payment, Posting


def findings() -> list[str]:
    """Everything that is wrong."""
    return [*totals_off(), *postings_off(), *allocations_off(), *days_off(), *numbers_off()]


def rounded(value: Fraction) -> int:
    """Half up, away from zero."""
    magnitude = int(abs(value) + Fraction(1, 2))
    return -magnitude if value < 0 else magnitude


def issued() -> list[Invoice]:
    return list(Invoice.objects.filter(state="issued").order_by("id"))


def totals_off() -> Iterator[str]:
    """I-1: lines add up to net, VAT rows to VAT, both to gross; VAT is that of its base."""
    lines: dict[int, int] = defaultdict(int)
    gross_groups = set()
    rows = InvoiceLine.objects.values_list("invoice_id", "net", "gross_price", "category", "rate")
    for invoice, net, gross_price, category, rate in rows:
        lines[invoice] += net
        if gross_price:
            gross_groups.add((invoice, category, rate))
    bases: dict[int, int] = defaultdict(int)
    taxes: dict[int, int] = defaultdict(int)
    for row in InvoiceTax.objects.all():
        bases[row.invoice_id] += row.base
        taxes[row.invoice_id] += row.tax
        off = abs(row.tax - rounded(Fraction(row.base * row.rate, 10_000)))
        if off > (1 if (row.invoice_id, row.category, row.rate) in gross_groups else 0):
            yield f"VAT {row.tax} of {row.base} at {row.rate} on {row.invoice_id}"
    for row_ in Invoice.objects.all():
        found = (lines[row_.id], bases[row_.id], taxes[row_.id], lines[row_.id] + taxes[row_.id])
        if found != (row_.net, row_.net, row_.tax, row_.gross):
            yield f"totals of {row_.number or row_.id}: {found}"


def postings_off() -> Iterator[str]:
    """I-2: every transaction is balanced, and each issued document, and no other, is claimed exactly once."""
    sums: dict[int, int] = defaultdict(int)
    claimed: dict[int, list[int]] = defaultdict(list)
    for row in Posting.objects.all():
        sums[row.transaction] += row.amount
        if row.account == "receivable" and row.invoice_id is not None:
            claimed[row.invoice_id].append(row.amount)
    yield from (f"unbalanced {transaction}: {total}" for transaction, total in sums.items() if total)
    expected = {row.id: [row.gross] for row in issued()}
    for invoice in expected.keys() | claimed.keys():
        if expected.get(invoice) != claimed.get(invoice):
            yield f"claims of {invoice}: {claimed.get(invoice)} for {expected.get(invoice)}"


def allocations_off() -> Iterator[str]:
    """I-3: what is allocated was there to be allocated; payments are allocated or free, never both."""
    postings = {row.id: row for row in Posting.objects.filter(account="receivable")}
    used: dict[int, int] = defaultdict(int)
    for row in Allocation.objects.all():
        credit, debit = postings[row.credit_id], postings[row.debit_id]
        used[row.credit_id] -= row.amount
        used[row.debit_id] += row.amount
        if (credit.customer_id, credit.currency) != (debit.customer_id, debit.currency):
            yield f"allocation {row.id} joins two accounts"
    for number, amount in used.items():
        if not min(0, postings[number].amount) <= amount <= max(0, postings[number].amount):
            yield f"posting {number} of {postings[number].amount} used for {amount}"
    paid = {row.payment_id: -row.amount for row in postings.values() if row.payment_id is not None}
    for payment in Payment.objects.all():
        if paid.get(payment.id) != payment.amount:
            yield f"payment {payment.id} of {payment.amount} posted as {paid.get(payment.id)}"
    claims = {row.invoice_id: row.id for row in postings.values()}
    for row_ in issued():
        if row_.applied and used[claims.get(row_.id, 0)] < row_.applied:
            yield f"{row_.number} says that it used {row_.applied} of credit"


def standing_days() -> dict[int, dict[date, int]]:
    """Item → day → how often a recurring fee stands on it: charges less reversals of issued documents."""
    numbers = {row.id for row in issued()}
    count: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in InvoiceLine.objects.filter(part="fee"):
        if row.invoice_id in numbers:
            for offset in range((row.days_end - row.days_start).days):
                count[row.item_id][row.days_start + timedelta(days=offset)] += row.sign
    return count


def days_off() -> Iterator[str]:
    """I-4: no day of an item is billed twice, or taken back more often than it was billed."""
    names = {row.id: f"{row.contract_id}/{row.code}" for row in Item.objects.all()}
    for item, by_day in standing_days().items():
        wrong = sorted(day for day, count in by_day.items() if count not in {0, 1})
        if wrong:
            yield f"{names[item]} stands {by_day[wrong[0]]} times on {wrong[0]}"


def holes(item: int, start: date, end: date) -> list[date]:
    """Days from start to before end on which no fee of the item stands."""
    by_day = standing_days().get(item, {})
    wanted = (start + timedelta(days=offset) for offset in range((end - start).days))
    return [day for day in wanted if not by_day.get(day)]


def numbers_off() -> Iterator[str]:
    """I-6: issued and void numbers of each range are 1 to the last, each once, and rise with the issue date."""
    for counter in NumberRange.objects.all():
        drawn = list(Invoice.objects.filter(range_id=counter.id).values_list("number_value", "issue_date"))
        void = list(NumberVoid.objects.filter(range_id=counter.id).values_list("value", flat=True))
        values = sorted([value or 0 for value, _day in drawn] + void)
        if values != list(range(1, counter.next)):
            yield f"numbers of {counter.code} {counter.year}: {values}, next {counter.next}"
        days = [day for _value, day in sorted(drawn, key=lambda pair: pair[0] or 0)]
        if days != sorted(days):
            yield f"numbers of {counter.code} {counter.year} do not rise with the issue date"


def sealed() -> dict[str, str]:
    """Number → hash of all that an issued document is, its lines and VAT included."""
    found = {}
    for row in issued():
        text = [str(sorted((k, str(v)) for k, v in vars(row).items() if k != "_state"))]
        for rows in (InvoiceLine.objects.filter(invoice_id=row.id), InvoiceTax.objects.filter(invoice_id=row.id)):
            text += sorted(str([str(value) for value in values]) for values in rows.values_list())
        found[f"{row.seller_id}/{row.number}"] = hashlib.sha256("\n".join(text).encode()).hexdigest()
    return found


def unbilled() -> list[str]:
    """Contracts whose newest facts no run has billed yet."""
    return [row.number for row in Contract.objects.order_by("id") if row.revision != row.billed_revision]
