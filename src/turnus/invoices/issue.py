"""Issue (billing-core P, 5 and 6): heads get state and number; ledger, outbox, contracts follow. Nothing is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, OperationalError, connection, transaction

from turnus.contracts.due import Billed, mark_billed
from turnus.contracts.touch import touch
from turnus.core.document import ADVANCES, SELF_BILLED, Kind, claims, uses_credit
from turnus.core.numbering import number_format
from turnus.delivery.channels import has_channel
from turnus.invoices.copies import queue_copies
from turnus.invoices.credit import apply_credit
from turnus.invoices.draft import roots
from turnus.invoices.facts import deductions_of, parts_of, taxes_of
from turnus.invoices.models import (
    Automation,
    Invoice,
    InvoiceLine,
    NumberBlock,
    NumberRange,
    NumberVoid,
    Pending,
    Run,
    RunUnit,
)
from turnus.invoices.numbers import lock_range, number_text, series_of
from turnus.ledger.post import IssuedDocument, post_documents
from turnus.records.audit import audit, queue
from turnus.records.collector import no_cycles
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp

RENDER_BATCH = 100
"""Documents per rendering job."""


def issue_chunk(run: Run, chunk: int, *, by: Stamp) -> int:
    """Issue the released documents of a chunk. A crash repeats the chunk with the same numbers.

    Where the database refuses one, the chunk goes document by document and that number is voided; a database that
    cannot work at all is no refusal. Returns how many documents were issued.
    """
    try:
        with no_cycles():
            count = _issue(run, chunk, None, by)
    except DatabaseError:
        count = _one_by_one(run, chunk, by)
    failpoint("run.issue.after_commit")
    return count


def _one_by_one(run: Run, chunk: int, by: Stamp) -> int:
    count = 0
    released = Invoice.objects.filter(run_id=run.id, chunk=chunk, state="released").order_by("kind", "ordinal")
    for number in list(released.values_list("id", flat=True)):
        try:
            count += _issue(run, chunk, number, by)
        except OperationalError:  # locks, disk, connection: nothing that voiding a number would mend
            raise
        except DatabaseError as error:
            _void(run, number, str(error), by=by)
    return count


@transaction.atomic(durable=True)
def _issue(run: Run, chunk: int, only: int | None, by: Stamp) -> int:
    blocks = list(NumberBlock.objects.filter(run_id=run.id, chunk=chunk).select_for_update(no_key=True).order_by("id"))
    rows = Invoice.objects.filter(run_id=run.id, chunk=chunk, state="released")
    if only is not None:
        rows = rows.filter(id=only)
    heads = list(rows.order_by("id").values_list(*_DOCUMENT))
    documents = _documents(heads)
    if not documents:
        return 0
    for block in blocks:
        _set_issued(run, block, only)
    _post(heads, documents)
    printed = {head[0] for head in heads if head[9] != Kind.COVERED}
    _queue(run, sorted(printed))
    units = set(_units(documents))
    pending = Pending.objects.filter(run_id=run.id, chunk=chunk, unit__in=units)
    billed = [Billed(*row) for row in pending.values_list("contract_id", "revision", "due_on", "seal")]
    mark_billed(billed)
    pending.delete()
    customers = {document.invoice: document.customer for document in documents if document.invoice in printed}
    queue_copies(run.seller_id, customers, [row.contract for row in billed], on=run.on)
    released = RunUnit.objects.filter(run_id=run.id, chunk=chunk, unit__in=units, state=RunUnit.State.RELEASED)
    released.update(state=RunUnit.State.ISSUED)
    _audit(run, chunk, blocks, documents, by)
    failpoint("run.issue.before_commit")
    return len(documents)


_DOCUMENT = (
    "id", "seller_id", "customer_id", "currency", "gross", "issue_date", "due_date", "applied", "corrects_id", "kind",
    "deducted",
)  # fmt: skip


def _post(heads: Sequence[tuple[Any, ...]], documents: Sequence[IssuedDocument]) -> None:
    """Documents that claim money go to the ledger."""
    post_documents([document for head, document in zip(heads, documents, strict=True) if claims(head[9])])


def _units(documents: Sequence[IssuedDocument]) -> list[int]:
    """Units of documents of a run."""
    rows = Invoice.objects.filter(id__in={document.invoice for document in documents})
    return [unit for unit in rows.values_list("unit", flat=True) if unit is not None]


def _documents(rows: Sequence[tuple[Any, ...]]) -> list[IssuedDocument]:
    """Rows → what the ledger needs; a credit clears the invoices whose lines it takes back."""
    numbers = [row[0] for row in rows]
    taxes, deducted = taxes_of(numbers), deductions_of([row[0] for row in rows if row[10]])
    negative = [row[0] for row in rows if row[4] < 0]
    corrected: dict[int, list[int]] = {}
    lines = InvoiceLine.objects.filter(invoice_id__in=negative, corrects_invoice__isnull=False)
    for invoice, corrects in lines.order_by("invoice_id", "position").values_list("invoice_id", "corrects_invoice"):
        if corrects is not None and corrects not in corrected.setdefault(invoice, []):
            corrected[invoice].append(corrects)
    corrected |= {row[0]: [row[8]] for row in rows if row[4] > 0 and row[8] is not None}
    taken = {row[8] for row in rows if row[8] is not None}
    advances = (
        set(Invoice.objects.filter(id__in=taken, kind__in=ADVANCES).values_list("id", flat=True)) if taken else ()
    )
    parts = parts_of([*numbers, *(invoice for found in corrected.values() for invoice in found)])
    earliest = frozenset(invoice for invoice, (_parts, credit_first) in parts.items() if credit_first)
    return [
        IssuedDocument(row[0], row[1], row[2], row[3], row[4] - row[10], taxes.get(row[0], ()), row[5], row[6], row[7],
                       corrected.get(row[0], ()), [part[1:] for part in parts.get(row[0], ((), False))[0]],
                       row[9] in SELF_BILLED, earliest, row[9] in ADVANCES or row[8] in advances,
                       deducted.get(row[0], ()))
        for row in rows
    ]  # fmt: skip


def _set_issued(run: Run, block: NumberBlock, only: int | None) -> None:
    """One UPDATE of the heads: state, range, and number = first + ordinal."""
    pattern = number_format(series_of(run.seller_id, block.kind, run.on).pattern, run.on)
    if connection.vendor == "postgresql":
        padded = "lpad((%s + ordinal)::text, greatest(%s, length((%s + ordinal)::text)), '0')"
        values: list[Any] = [block.first, pattern.width, block.first]
    else:
        padded = "printf('%%0*d', %s, %s + ordinal)"
        values = [pattern.width, block.first]
    condition = "" if only is None else " AND id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE invoices_invoice SET state = 'issued', range_id = %s, number_value = %s + ordinal, "
            f"number = %s || {padded} || %s "
            f"WHERE run_id = %s AND chunk = %s AND kind = %s AND state = 'released'{condition}",
            [block.range_id, block.first, pattern.prefix, *values, pattern.suffix, run.id, block.chunk, block.kind,
             *([] if only is None else [only])],
        )  # fmt: skip


def _queue(run: Run, invoices: Sequence[int]) -> None:
    batches = range(0, len(invoices), RENDER_BATCH)
    queue("invoices.render", [",".join(map(str, invoices[start : start + RENDER_BATCH])) for start in batches])
    if run.automation == Automation.SEND:
        queue("invoice.send", [str(invoice) for invoice in invoices])


def _audit(run: Run, chunk: int, blocks: Sequence[NumberBlock], documents: Sequence[IssuedDocument], by: Stamp) -> None:
    digests = (
        Invoice.objects.filter(id__in={d.invoice for d in documents}).order_by("id").values_list("digest", flat=True)
    )
    numbers = {block.kind: [block.first, block.first + block.count - 1] for block in blocks}
    audit(
        by, "run.issue", "run", run.id, digest=roots(list(digests)), before={"state": "released"},
        after={"chunk": chunk, "documents": len(documents), "numbers": numbers, "state": "issued",
               "gross": sum(document.gross for document in documents)},
    )  # fmt: skip


@transaction.atomic(durable=True)
def _void(run: Run, invoice: int, reason: str, *, by: Stamp) -> None:
    """A number that the database refused to give: kept as void, the draft is parked, its contracts stay due."""
    row = Invoice.objects.get(id=invoice)
    blocks = NumberBlock.objects.select_for_update(no_key=True)
    block = blocks.get(run_id=run.id, chunk=row.chunk, kind=row.kind)
    row.refresh_from_db()
    if row.state != Invoice.State.RELEASED:  # another process was first
        return
    value = block.first + (row.ordinal or 0)
    text = number_text(run.seller_id, row.kind, run.on, value)
    NumberVoid.objects.create(
        range_id=block.range_id, value=value, number=text, invoice_id=invoice, reason=reason, actor_name=by.actor.name,
        at=by.at,
    )  # fmt: skip
    Invoice.objects.filter(id=invoice).update(state="draft", ordinal=None)
    RunUnit.objects.filter(run_id=run.id, unit=row.unit or 0).update(
        state=RunUnit.State.PARKED, code="void", detail=text
    )
    _still_owed(invoice)
    audit(by, "number.void", "invoice", invoice, after={"number": text}, reason=reason)


def _still_owed(invoice: int) -> None:
    """Other documents of the same contracts may be issued: what this one bills must not count as billed with them."""
    first: dict[int, date] = {}
    lines = InvoiceLine.objects.filter(invoice_id=invoice, contract_id__gt=0)
    for contract, day in lines.values_list("contract_id", "service_start"):
        first[contract] = min(day, first.get(contract, day))
    for contract, day in sorted(first.items()):
        touch([contract], day)


def issue_single(invoice: int, *, by: Stamp) -> str:
    """Release, number and issue one document inside the caller's transaction, the range last. Returns its number.

    It is sent where its customer has a channel (JB-82).
    """
    row = Invoice.objects.select_for_update(no_key=True).get(id=invoice)
    mine = [(row.id, row.customer_id, row.currency, row.gross - row.deducted)] if uses_credit(row.kind) else []
    applied = apply_credit(mine).get(row.id, 0)
    Invoice.objects.filter(id=invoice).update(state="released", ordinal=0, applied=applied)
    numbers = lock_range(row.seller_id, row.kind, row.issue_date)
    Invoice.objects.filter(id=invoice).update(
        state="issued", range_id=numbers.id, number_value=numbers.next,
        number=number_text(row.seller_id, row.kind, row.issue_date, numbers.next),
    )  # fmt: skip
    NumberRange.objects.filter(id=numbers.id).update(next=numbers.next + 1, last_issue_date=row.issue_date)
    heads = list(Invoice.objects.filter(id=invoice).values_list(*_DOCUMENT))
    _post(heads, _documents(heads))
    queue("invoices.render", [str(invoice)])
    if has_channel(row.seller_id, row.customer_id):
        queue("invoice.send", [str(invoice)])
    contracts = InvoiceLine.objects.filter(invoice_id=invoice, contract_id__gt=0).values_list("contract_id", flat=True)
    queue_copies(row.seller_id, {invoice: row.customer_id}, set(contracts), on=row.issue_date)
    number = number_text(row.seller_id, row.kind, row.issue_date, numbers.next)
    audit(by, "invoice.issue", "invoice", invoice, digest=row.digest, before={"state": "draft"},
          after={"state": "issued", "number": number, "gross": row.gross})  # fmt: skip
    failpoint("single.issue.before_commit")
    return number
