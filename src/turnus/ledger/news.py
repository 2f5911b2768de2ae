"""What was entered in the ledger since one last looked, read by ids that never miss a row.

Ids are drawn before their rows are committed, so the highest id that is seen says nothing about lower ones still under
way. Who enters rows therefore holds a shared lock until its commit, and who looks waits once for all of them. SQLite
has one writer at a time and needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from turnus.ledger.models import Allocation, Posting

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK: Final = 7_419_001
"""Number of the advisory lock."""
PAGE: Final = 10_000


class Mark(NamedTuple):
    """How far the ledger was read: ids of the last posting and the last allocation."""

    posting: int = 0
    allocation: int = 0


def entering() -> None:
    """Before ids of postings or allocations are drawn, inside the transaction that enters them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


@transaction.atomic(durable=True)
def ledger_end() -> Mark:
    """Up to here everything is committed; waits for those who are entering. Releases them at once: call it alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    posting = Posting.objects.aggregate(last=Max("id"))["last"] or 0
    return Mark(posting, Allocation.objects.aggregate(last=Max("id"))["last"] or 0)


def posted_between(seller: int, after: int, until: int) -> Iterator[list[int]]:
    """Invoices of a seller whose receivable was posted with an id in ``(after, until]``, in pages, in that order."""
    rows = Posting.objects.filter(seller_id=seller, account="receivable", invoice_id__isnull=False, id__lte=until)
    while page := list(rows.filter(id__gt=after).order_by("id").values_list("id", "invoice_id")[:PAGE]):
        after = page[-1][0]
        yield list(dict.fromkeys(invoice for _id, invoice in page if invoice is not None))


def allocated_between(seller: int, after: int, until: int) -> Iterator[list[int]]:
    """Invoices of a seller to which something was allocated with an id in ``(after, until]``, in pages."""
    rows = Allocation.objects.filter(id__lte=until)
    while page := list(rows.filter(id__gt=after).order_by("id").values_list("id", "credit_id", "debit_id")[:PAGE]):
        after = page[-1][0]
        sides = {posting for _id, *both in page for posting in both}
        mine = Posting.objects.filter(id__in=sides, seller_id=seller, account="receivable", invoice_id__isnull=False)
        yield sorted({invoice for invoice in mine.values_list("invoice_id", flat=True) if invoice is not None})
