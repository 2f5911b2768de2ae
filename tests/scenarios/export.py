"""Print everything an installation has billed as canonical text, without ids and times. Run as a script."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")
django.setup()

from turnus.contracts.models import Contract  # noqa: E402 - Django is set up first
from turnus.invoices.document import invoice_document  # noqa: E402
from turnus.invoices.models import Invoice, NumberRange, RunUnit  # noqa: E402
from turnus.ledger.models import Posting  # noqa: E402


def lines() -> Iterator[str]:
    """Documents with their postings by number, contracts by number, ranges, and how runs went."""
    for number, invoice, state in Invoice.objects.order_by("number", "id").values_list("number", "id", "state"):
        yield f"{number} {state} {invoice_document(invoice)}"
        postings = Posting.objects.filter(invoice_id=invoice).order_by("id")
        for row in postings.values_list("account", "amount", "category", "rate", "booked_on", "due_on"):
            yield f"  {row}"
    contracts = Contract.objects.order_by("number")
    yield from map(str, contracts.values_list("number", "revision", "billed_revision", "due_on", "sealed_through"))
    yield from map(str, NumberRange.objects.order_by("code", "year").values_list("code", "next", "last_issue_date"))
    parked = RunUnit.objects.exclude(code="").order_by("code", "detail")
    yield from map(str, parked.values_list("code", "detail"))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
