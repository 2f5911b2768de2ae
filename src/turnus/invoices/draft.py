"""Freeze the due set, and draft chunk by chunk (billing-core P, 1 and 2)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import OperationalError, transaction
from django.db.models import Max

from turnus.contracts.due import (
    Billed,
    Scope,
    accounts_of,
    contracts_of,
    due_units,
    joined_accounts,
    mark_billed,
    revisions,
    units_in_scope,
)
from turnus.core.document import STANDING, DocumentTax, Kind, uses_credit
from turnus.core.invoicing import digest
from turnus.core.paperwork import Mark
from turnus.core.tax import Tax
from turnus.invoices.credit import apply_credit
from turnus.invoices.decide import Basics, Decided, Draft, DraftKey, Group, Parked, basics, decide_units
from turnus.invoices.facts import LINE, PART, SEALED, TAX, hashed, hashed_head, line_rows, part_rows, placed_lines
from turnus.invoices.models import (
    Automation,
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    InvoiceTax,
    InvoiceUsage,
    Pending,
    Run,
    RunDefinition,
    RunUnit,
)
from turnus.invoices.numbers import assert_issue_date
from turnus.invoices.usage import USAGE, usage_row_values
from turnus.parties.facts import seller_facts
from turnus.records.audit import audit
from turnus.records.bulk import insert, take_ids
from turnus.records.collector import no_cycles
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp

CHUNK = 1_000
"""Units per transaction."""


class ChunkReport(NamedTuple):
    """What one chunk did."""

    chunk: int
    contracts: int = 0
    drafted: int = 0
    parked: int = 0
    empty: int = 0


def scope_of(run: Run | RunDefinition) -> Scope:
    """The scope columns as a value."""
    return Scope(run.seller_id, run.customer_id, run.contract_kind, run.cycle)


@transaction.atomic(durable=True)
def freeze(
    definition: RunDefinition, *, through: date, on: date, by: Stamp, chunk: int = CHUNK, automation: str = ""
) -> tuple[Run, bool]:
    """Start a run: the due set is frozen. A run of this definition that is still open is joined, not doubled.

    Returns the run and whether it is new. Raises ``IssueDateError`` where ``on`` lies before the last issue date.
    """
    RunDefinition.objects.select_for_update(no_key=True).get(id=definition.id)
    joined = Run.objects.filter(definition_id=definition.id, through=through).exclude(state=Run.State.DONE).first()
    if joined is not None:
        return joined, False
    assert_issue_date(definition.seller_id, on)
    run = Run.objects.create(
        seller_id=definition.seller_id, definition_id=definition.id, customer_id=definition.customer_id,
        contract_kind=definition.contract_kind, cycle=definition.cycle, through=through, on=on,
        automation=automation or definition.automation, state=Run.State.FROZEN, chunks=0,
    )  # fmt: skip
    follow_joined_accounts(run.seller_id)
    count = 0
    units = due_set(scope_of(run), through)
    while page := list(islice(units, 10 * chunk)):
        insert(RunUnit, ("run_id", "unit", "chunk"), [(run.id, u, (count + i) // chunk) for i, u in enumerate(page)])
        count += len(page)
    run.chunks = -(-count // chunk)
    run.save(update_fields=["chunks"])
    audit(by, "run.freeze", "run", run.id, after={"through": through, "on": on, "units": count})
    failpoint("run.freeze.before_commit")
    return run, True


def follow_joined_accounts(seller: int) -> None:
    """Open drafts of an account that was joined with another since (a new payer) belong to the unit of both."""
    joined = joined_accounts(seller)
    if not joined:
        return
    drafts = Invoice.objects.filter(seller_id=seller, number_value__isnull=True, state=Invoice.State.DRAFT)
    for account, unit in drafts.filter(origin=Invoice.Origin.RUN).values_list("account_id", "unit").distinct():
        if account in joined and joined[account] != unit:
            drafts.filter(account_id=account, unit=unit).update(unit=joined[account])


def due_set(scope: Scope, through: date) -> Iterable[int]:
    """Due units, and units with an open run draft: a draft that is no longer owed must be visited to vanish."""
    open_drafts = Invoice.objects.filter(
        seller_id=scope.seller, number_value__isnull=True, state=Invoice.State.DRAFT, origin=Invoice.Origin.RUN
    )
    waiting = sorted({unit for unit in open_drafts.values_list("unit", flat=True) if unit is not None})
    if not scope.whole:
        waiting = sorted(units_in_scope(waiting, scope))
    position = 0
    for unit in due_units(scope, through=through):
        while position < len(waiting) and waiting[position] < unit:
            yield waiting[position]
            position += 1
        if position < len(waiting) and waiting[position] == unit:
            position += 1
        yield unit
    yield from waiting[position:]


def run_basics(run: Run) -> Basics:
    """What every chunk of a run shares."""
    return basics(scope_of(run), seller_facts(run.seller_id, on=run.on), through=run.through, on=run.on)


def draft_chunk(run: Run, given: Basics, chunk: int, *, by: Stamp) -> ChunkReport:
    """Draft the due units of a chunk in one transaction; if that fails, one by one, parking the bad ones."""
    try:
        with no_cycles():
            report = _draft(run, given, chunk, None, by)
    except Exception:  # noqa: BLE001  # whatever one unit raises must not stop the others
        report = _one_by_one(run, given, chunk, by)
    failpoint("run.draft.after_commit")
    return report


def _one_by_one(run: Run, given: Basics, chunk: int, by: Stamp) -> ChunkReport:
    total = ChunkReport(chunk)
    units = RunUnit.objects.filter(run_id=run.id, chunk=chunk, state=RunUnit.State.DUE).order_by("id")
    for unit in list(units.values_list("unit", flat=True)):
        try:
            report = _draft(run, given, chunk, unit, by)
        except OperationalError:  # locks, disk, connection: no unit is to blame
            raise
        except Exception as error:  # noqa: BLE001  # as above
            park(run.id, [Parked(unit, "error", {"error": f"{type(error).__name__}: {error}"})], by=by)
            report = ChunkReport(chunk, parked=1)
        total = ChunkReport(chunk, *(a + b for a, b in zip(total[1:], report[1:], strict=True)))
    return total


@transaction.atomic(durable=True)
def park(run: int, parked: Sequence[Parked], *, by: Stamp) -> None:
    """Set units aside with their reason, in a transaction of their own."""
    park_units(run, parked)
    audit(by, "run.park", "run", run, after={str(p.unit): p.code for p in parked})


def park_units(run: int, parked: Sequence[Parked]) -> None:
    """The same inside the caller's transaction."""
    for unit, code, params in parked:
        RunUnit.objects.filter(run_id=run, unit=unit).update(
            state=RunUnit.State.PARKED, code=code, detail=json.dumps(params, ensure_ascii=False, sort_keys=True)
        )


@transaction.atomic(durable=True)
def _draft(run: Run, given: Basics, chunk: int, only: int | None, by: Stamp) -> ChunkReport:
    rows = RunUnit.objects.filter(run_id=run.id, chunk=chunk, state=RunUnit.State.DUE)
    if only is not None:
        rows = rows.filter(unit=only)
    rows = rows.select_for_update(no_key=True).order_by("id")
    units = list(rows.values_list("unit", flat=True))
    if not units:
        return ChunkReport(chunk)
    kept = kept_lines(units, given, lock=True)
    decided = without_released(run.id, decide_units(given, units, lock=True, kept=kept))
    straight = run.automation != Automation.DRAFT
    replaced = drop_drafts(units)
    roots = save_drafts(run, given, chunk, decided.drafts, straight=straight)
    _remember(run, chunk, decided, {line.contract for group in kept.values() for line in group.lines})
    _set_states(run, units, decided, straight=straight)
    park_units(run.id, decided.parked)
    audit(
        by, "run.release" if straight else "run.draft", "run", run.id, digest=roots,
        before={"drafts": replaced},
        after={"chunk": chunk, "documents": len(decided.drafts), "parked": len(decided.parked),
               "state": "released" if straight else "draft"},
    )  # fmt: skip
    failpoint("run.draft.before_commit")
    return ChunkReport(chunk, decided.contracts, len(decided.drafts), len(decided.parked), len(decided.empty))


def without_released(run: int, decided: Decided) -> Decided:
    """Units whose documents another run than ``run`` has released wait until that run is issued or withdrawn."""
    units = [draft.unit for draft in decided.drafts]
    rows = open_documents(units).filter(state=Invoice.State.RELEASED).exclude(run_id=run)
    elsewhere = dict(rows.values_list("unit", "run_id"))
    if not elsewhere:
        return decided
    parked = [Parked(unit, "released_elsewhere", {"run": str(other)}) for unit, other in elsewhere.items() if unit]
    return decided._replace(
        drafts=[draft for draft in decided.drafts if draft.unit not in elsewhere],
        billed={unit: rows for unit, rows in decided.billed.items() if unit not in elsewhere},
        parked=[*decided.parked, *parked],
    )


def open_documents(units: Collection[int]) -> QuerySet[Invoice]:
    """Drafts and released documents of runs; ``number_value IS NULL`` leads both databases to the small index."""
    return Invoice.objects.filter(unit__in=set(units), number_value__isnull=True, origin=Invoice.Origin.RUN)


def kept_lines(units: Sequence[int], given: Basics, *, lock: bool) -> dict[DraftKey, Group]:
    """Lines of open run drafts whose contracts this run does not cover: they stay in the rewritten draft.

    Not those of contracts that changed since: what they are owed is for the run that covers them.
    """
    if given.scope.whole:
        return {}
    accounts_of(units, lock=lock)
    columns = ("id", "account_id", "split", "kind", "cost_centre", "reference")
    rows = open_documents(units).filter(state=Invoice.State.DRAFT).values_list(*columns)
    drafts = {
        invoice: (DraftKey(account or 0, split), Group([], None, kind == Kind.PROFORMA, Mark(*mark), kind in STANDING))
        for invoice, account, split, kind, *mark in rows
    }
    if not drafts:
        return {}
    placed = placed_lines(list(drafts))
    others = {line.line.contract for lines in placed.values() for line, _version in lines}
    others -= {contract for contract, _seal in contracts_of(units, given.scope)}
    drafted = dict(Pending.objects.filter(contract_id__in=others).values_list("contract_id", "revision"))
    unchanged = {contract for contract, revision in revisions(others).items() if drafted.get(contract) == revision}
    kept: dict[DraftKey, Group] = {}
    for invoice, lines in placed.items():
        rest = [line.line for line, _version in lines if line.line.contract in unchanged]
        if rest:
            key, group = drafts[invoice]
            kept.setdefault(key, group).lines.extend(rest)
    return kept


def drop_drafts(units: Collection[int]) -> int:
    """Remove the open run drafts of the units; they are rewritten, never doubled. Returns how many."""
    old = list(open_documents(units).filter(state=Invoice.State.DRAFT).values_list("id", flat=True))
    drop(old)
    return len(old)


def drop(drafts: Sequence[int]) -> None:
    """Delete drafts with their lines; the database refuses anything that is no draft."""
    if drafts:
        InvoiceLine.objects.filter(invoice_id__in=drafts).delete()
        InvoiceInstalment.objects.filter(invoice_id__in=drafts).delete()
        InvoiceTax.objects.filter(invoice_id__in=drafts).delete()
        InvoiceUsage.objects.filter(invoice_id__in=drafts).delete()
        Invoice.objects.filter(id__in=drafts).delete()


HEAD = (
    *SEALED, "id", "state", "origin", "run_id", "chunk", "ordinal", "unit", "account_id", "split", "guard", "applied",
    "digest",
)  # fmt: skip


def save_drafts(run: Run, given: Basics, chunk: int, drafts: Sequence[Draft], *, straight: bool) -> str:
    """Write documents with lines and VAT; lines first, because a released head takes none. Returns their digest."""
    numbers = take_ids(Invoice, len(drafts))
    held = {draft.unit for draft in drafts if draft.missing or draft.guard}
    free = {n: d for n, d in zip(numbers, drafts, strict=True) if straight and d.unit not in held}
    applied = apply_credit(
        [(n, d.buyer.customer, d.currency, d.document.gross) for n, d in free.items() if uses_credit(d.document.kind)]
    )
    ordinals = last_ordinals(run.id, chunk) if straight else {}
    heads: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    taxes: list[tuple[Any, ...]] = []
    parts: list[tuple[Any, ...]] = []
    usage: list[tuple[Any, ...]] = []
    for number, draft in zip(numbers, drafts, strict=True):
        own = line_rows(number, draft.document.lines, given.versions)
        vat = tax_rows(number, draft.document.taxes, draft.because)
        due = part_rows(number, draft.instalments, draft.document, given.on + timedelta(days=draft.payment_days))
        shown = usage_row_values(number, draft.usage)
        place: tuple[Any, ...] = ("draft", "run", run.id, chunk, None)
        if number in free:
            ordinal = ordinals[draft.document.kind] = ordinals.get(draft.document.kind, -1) + 1
            place = ("released", "run", run.id, chunk, ordinal)
        sealed = _sealed(given, draft)
        heads.append(
            (*sealed, number, *place, draft.unit, *draft.key, draft.guard, applied.get(number, 0),
             digest([hashed_head(sealed), *hashed(own), *vat, *due, *shown]))
        )  # fmt: skip
        lines += own
        taxes += vat
        parts += due
        usage += shown
    insert(InvoiceLine, LINE, lines)
    insert(InvoiceInstalment, PART, parts)
    insert(InvoiceTax, TAX, taxes)
    insert(InvoiceUsage, USAGE, usage)
    insert(Invoice, HEAD, heads)
    return roots([head[-1] for head in heads])


def _sealed(given: Basics, draft: Draft) -> tuple[Any, ...]:
    """The columns of a head that its digest covers, in the order of ``SEALED``."""
    document = draft.document
    return (
        document.kind.value, given.scope.seller, draft.buyer.customer, given.seller.version, draft.buyer.version,
        draft.currency, draft.language, draft.payment_days, given.on, given.on + timedelta(days=draft.payment_days),
        document.service.start, document.service.end, document.net, document.tax, document.gross, draft.reference,
        None, "", draft.cost_centre, given.exchange.get(draft.currency, ""), draft.agreement, 0, None, "",
        draft.standing,
    )  # fmt: skip


def last_ordinals(run: int, chunk: int) -> dict[str, int]:
    """Kind of document → last ordinal given in the chunk: units that are drafted one by one go on from there."""
    given = Invoice.objects.filter(run_id=run, chunk=chunk, ordinal__isnull=False).values("kind")
    return {kind: last or 0 for kind, last in given.annotate(last=Max("ordinal")).values_list("kind", "last")}


def tax_rows(
    number: int, taxes: Iterable[DocumentTax], grounds: Mapping[tuple[str, int], Tax]
) -> list[tuple[Any, ...]]:
    """The VAT breakdown as rows in the order of ``TAX``, with the grounds of each treatment."""
    rows = []
    for row in taxes:
        known = grounds.get((row.category, row.rate)) or Tax(row.category, row.rate, row.reason)
        rows.append((number, row.category, row.rate, row.base, row.tax, known.reason, known.because))
    return rows


def roots(digests: Sequence[str]) -> str:
    """One digest over the digests of a chunk's documents."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _remember(run: Run, chunk: int, decided: Decided, kept: set[int]) -> None:
    """Contracts with nothing to bill learn at once; the others when their draft is issued."""
    empty = set(decided.empty)
    mark_billed([row for unit in decided.empty for row in decided.billed[unit]])
    pending: list[tuple[int, Billed]] = [
        (unit, row) for unit, rows in decided.billed.items() if unit not in empty for row in rows
    ]
    seen = [row.contract for rows in decided.billed.values() for row in rows]
    Pending.objects.filter(contract_id__in=set(seen)).delete()
    if kept:
        Pending.objects.filter(contract_id__in=kept - set(seen)).update(run_id=run.id, chunk=chunk)
    insert(
        Pending,
        ("contract_id", "run_id", "chunk", "unit", "revision", "due_on", "seal"),
        [(row.contract, run.id, chunk, unit, row.revision, row.due_on, row.seal) for unit, row in pending],
    )


def _set_states(run: Run, units: Sequence[int], decided: Decided, *, straight: bool) -> None:
    """State of each unit after the decision: the common one by one statement, the exceptions one by one."""
    rows = RunUnit.objects.filter(run_id=run.id, unit__in=set(units))
    rows.update(state=RunUnit.State.RELEASED if straight else RunUnit.State.DRAFTED)
    if decided.empty:
        rows.filter(unit__in=set(decided.empty)).update(state=RunUnit.State.EMPTY)
    for draft in decided.drafts:
        if draft.missing:
            fields = "; ".join(f"{lack.field} ({lack.law})" for lack in draft.missing)
            park_units(run.id, [Parked(draft.unit, "missing", {"fields": fields})])
        elif draft.guard:
            rows.filter(unit=draft.unit).update(state=RunUnit.State.DRAFTED, code=draft.guard)
