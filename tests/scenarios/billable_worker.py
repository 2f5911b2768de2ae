"""A process that invoices billable records beside others; started by ``test_billables.py``.

found RECORDS   a company with so many records, each of an object of its own
collect         wait for a line on standard input, invoice all open records, tell the numbers of the invoices
tell            tell how many records each invoice has, and the numbers of all invoices
"""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction

from tests.builders import BY, company, customer, day, days, product
from turnus.core.billables import BillableData
from turnus.invoices.billable_models import BillableInvoice
from turnus.invoices.billables import Wanted, billable_rows, collect_billables, put_billables
from turnus.parties.facts import seller_ids


def found(records: int) -> None:
    firm = company()
    product(firm, "work")
    customer(firm)
    january = days("2025-01-01", "2025-01-31")
    rows = [
        BillableData(f"r{n}", "ticket", f"T-{n}", "K1", "work", Decimal(1), Decimal(80), "", january)
        for n in range(records)
    ]
    with transaction.atomic():
        put_billables(firm.id, rows, on=day("2025-02-01"), by=BY)


def collect() -> list[str]:
    [(seller, _code)] = seller_ids()
    made, _waiting = collect_billables(seller, Wanted(), on=day("2025-02-01"), issue=True, by=BY)
    return [row.number for row in made]


def tell() -> Any:  # noqa: ANN401 - what JSON may hold
    [(seller, _code)] = seller_ids()
    rows, _count = billable_rows(seller, Wanted(), billed=True, limit=1000)
    return [BillableInvoice.objects.count(), [row.number for row in rows]]


def main(words: list[str]) -> None:
    name, *numbers = words
    if name == "collect":
        sys.stdout.write('"ready"\n')
        sys.stdout.flush()
        sys.stdin.readline()
    acts: dict[str, Callable[..., Any]] = {"found": found, "collect": collect, "tell": tell}
    sys.stdout.write(json.dumps(acts[name](*map(int, numbers))) + "\n")
