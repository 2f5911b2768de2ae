"""The floor: reads the facts of a month and stores the rows of its invoices, by raw SQL, without any rule.

It knows what no invoice run knows: every contract is due, monthly in advance, whole, at 19 %. So it compares nothing,
decides nothing and checks nothing; what it costs is reading and writing alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from turnus.core.periods import Cycle, slot_of
from turnus.invoices.draft import HEAD
from turnus.invoices.facts import LINE, TAX
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax, Pending, RunUnit
from turnus.ledger.models import Posting
from turnus.records.bulk import insert, take_ids
from turnus.records.models import AuditEntry, OutboxMessage

CHUNK = 1_000
MONTH = Cycle(1, 0)
POSTING = ("id", "seller_id", "transaction", "account", "customer_id", "currency", "amount", "category", "rate",
           "booked_on", "due_on", "invoice_id")  # fmt: skip

CONTRACTS = """
SELECT c.id, c.seller_id, c.customer_id, c.account_id, a.unit, v.id, c.start_on, c.revision, c.number, c.currency,
       c.split_periods, c.payment_days, c.reference, c.end_on, c.floor, c.sealed_through
FROM contracts_contract AS c JOIN contracts_account AS a ON a.id = c.account_id
JOIN parties_customerversion AS v ON v.customer_id = c.customer_id
WHERE c.id > %s AND c.id <= %s ORDER BY c.id
"""
ITEMS = """
SELECT contract_id, id, product_id, unit_price, quantity, code, start_on, end_on, basis, scale, model, gross, label,
       fee_months, fee_days, billing_months, billing_days, anchor, timing
FROM contracts_item WHERE contract_id > %s AND contract_id <= %s ORDER BY contract_id, id
"""
BUYERS = """
SELECT v.*, k.number, k.parent_id FROM parties_customerversion AS v JOIN parties_customer AS k ON k.id = v.customer_id
WHERE v.customer_id IN (SELECT customer_id FROM contracts_contract WHERE id > %s AND id <= %s)
"""
LATER = ("contracts_span", "contracts_payer", "contracts_itemterms", "contracts_itemgrid", "contracts_contractdiscount",
         "contracts_contractdecision", "contracts_contractminimum", "contracts_plannedraise", "contracts_contractpause",
         "contracts_contractpaperwork", "contracts_recipient")  # fmt: skip
ALSO = (
    "SELECT id, state FROM invoices_invoice WHERE number_value IS NULL AND unit > %s AND unit <= %s",
    (
        "SELECT customer_id, amount FROM ledger_posting WHERE account = 'receivable' AND amount < 0 AND customer_id IN "
        "(SELECT customer_id FROM contracts_contract WHERE id > %s AND id <= %s)"
    ),
)
"""Open documents, and credit on account."""
STANDING = """
SELECT l.* FROM invoices_invoiceline AS l JOIN invoices_invoice AS h ON h.id = l.invoice_id
WHERE l.contract_id > %s AND l.contract_id <= %s AND l.slot_end > %s AND h.state = 'issued'
"""


def _completed(model: type[Model], known: tuple[str, ...], all_of: tuple[str, ...]) -> tuple[tuple[str, ...], Any]:
    """The columns that the floor fills, then those that came later, with the values that say nothing."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    rest = tuple(column for column in all_of if column not in known)
    empty = {"TextField": "", "BooleanField": False}
    values = tuple(None if fields[c].null else empty.get(fields[c].get_internal_type(), 0) for c in rest)
    return (*known, *rest), values


HEAD_COLUMNS, HEAD_REST = _completed(Invoice, (
    "kind", "seller_id", "customer_id", "seller_version_id", "buyer_version_id", "currency", "language", "payment_days",
    "issue_date", "due_date", "service_start", "service_end", "net", "tax", "gross", "reference", "corrects_id",
    "reason", "id", "state", "origin", "run_id", "chunk", "ordinal", "unit", "account_id", "split", "guard", "applied",
    "digest",
), HEAD)  # fmt: skip
LINE_COLUMNS, LINE_REST = _completed(InvoiceLine, LINE[:32], LINE)


def floor(on: date) -> int:
    """Bill everybody for the month that begins by ``on``. Returns the number of contracts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id), MAX(id) FROM contracts_contract")
        first, last = cursor.fetchone()
    for chunk, start in enumerate(range(first - 1, last, CHUNK)):
        with transaction.atomic(durable=True):
            _chunk(on, chunk, start, start + CHUNK)
    return int(last - first + 1)


def _facts(start: int, end: int) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """What the run reads: contracts, items, buyers, later facts (none here), and what stands."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [start, end, date(2025, 1, 31)])
        cursor.fetchall()
        for table in LATER:
            cursor.execute(f"SELECT * FROM {table} WHERE contract_id > %s AND contract_id <= %s", [start, end])
            cursor.fetchall()
        for statement in (*ALSO, BUYERS):
            cursor.execute(statement, [start, end])
            cursor.fetchall()
        cursor.execute(CONTRACTS, [start, end])
        contracts = cursor.fetchall()
        cursor.execute(ITEMS, [start, end])
        items = {contract: list(group) for contract, group in groupby(cursor.fetchall(), key=itemgetter(0))}
    for contract in contracts:
        yield contract, items[contract[0]]


def _chunk(on: date, chunk: int, start: int, end: int) -> None:
    facts = list(_facts(start, end))
    due = on + timedelta(days=14)
    heads: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    taxes: list[tuple[Any, ...]] = []
    postings: list[tuple[Any, ...]] = []
    ids = iter(take_ids(Posting, 3 * len(facts)))
    for ordinal, (number, (head, items)) in enumerate(zip(take_ids(Invoice, len(facts)), facts, strict=True)):
        contract, seller, customer, account, unit, version, start_on = head[:7]
        slot = slot_of(start_on, MONTH, on)
        net = 0
        for position, (_contract, item, product, price, quantity, *_rest) in enumerate(items, 1):
            amount = int(Decimal(price) * Decimal(quantity) * 100)
            net += amount
            lines.append(
                (number, position, position, contract, item, "fee", product, product, slot[0], slot[1], "actual_period",
                 amount, False, account, "S", 1900, slot[0], slot[1], slot[0], slot[0], slot[1], price, quantity, 0, "",
                 "", 1, amount, amount, 0, None, None, *LINE_REST)
            )  # fmt: skip
        tax = (net * 19 + 50) // 100
        gross = net + tax
        taxes.append((number, "S", 1900, net, tax, "", ""))
        heads.append(
            ("invoice", seller, customer, 1, version, "EUR", "de", 14, on, due, slot[0], slot[1], net, tax, gross, "",
             None, "", number, "released", "run", -1, chunk, ordinal, unit, account, "", "", 0, "0" * 64, *HEAD_REST)
        )  # fmt: skip
        one, two, three = next(ids), next(ids), next(ids)
        postings += [
            (one, seller, one, "receivable", customer, "EUR", gross, "", 0, on, due, number),
            (two, seller, one, "revenue", customer, "EUR", -net, "S", 1900, on, None, number),
            (three, seller, one, "vat", customer, "EUR", -tax, "S", 1900, on, None, number),
        ]
    _store(on, chunk, facts, heads, lines, taxes, postings)


def _store(
    on: date, chunk: int, facts: list[Any], heads: list[Any], lines: list[Any], taxes: list[Any], postings: list[Any]
) -> None:
    following = slot_of(on, MONTH, on).end
    pending = [(f[0], -1, chunk, f[4], f[7], following, on) for f, _items in facts]
    insert(RunUnit, ("run_id", "unit", "chunk", "state"), [(-1, f[4], chunk, "issued") for f, _items in facts])
    insert(InvoiceLine, LINE_COLUMNS, lines)
    insert(InvoiceTax, TAX, taxes)
    insert(Invoice, HEAD_COLUMNS, heads)
    insert(Pending, ("contract_id", "run_id", "chunk", "unit", "revision", "due_on", "seal"), pending)
    insert(Posting, POSTING, postings)
    insert(OutboxMessage, ("topic", "key"), [("invoice.send", str(head[HEAD_COLUMNS.index("id")])) for head in heads])
    AuditEntry.objects.create(
        at="2025-02-28T00:00:00Z", actor_kind="job", actor_id="floor", actor_name="floor", action="run.issue",
        object_type="run", object_id=-1,
    )  # fmt: skip
    first = chunk * CHUNK + 1_000_000
    lite = connection.vendor == "sqlite"
    padded = "printf('%%06d', %s + ordinal)" if lite else "lpad((%s + ordinal)::text, 6, '0')"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoices_invoice SET state = 'issued', range_id = 1, number_value = %s + ordinal, "
            "number = 'RE-2025-' || " + padded + " WHERE run_id = -1 AND chunk = %s",
            [first, first, chunk],
        )
        cursor.execute(
            "UPDATE contracts_contract SET billed_revision = revision, due_on = %s, sealed_through = %s "
            "WHERE id IN (SELECT contract_id FROM invoices_pending WHERE run_id = -1 AND chunk = %s)",
            [following, on, chunk],
        )
        cursor.execute("DELETE FROM invoices_pending WHERE run_id = -1 AND chunk = %s", [chunk])
