"""What a run did, or would do, in the figures a finance person asks for. Summed here, not in SQL across chunks."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Sum

from turnus.contracts.queries import contract_count, customers_of_units
from turnus.core.document import Kind
from turnus.invoices.draft import scope_of
from turnus.invoices.models import Invoice, InvoiceTax, Run, RunDefinition, RunUnit
from turnus.invoices.runs import RunRefusedError, last_totals, open_run
from turnus.parties.queries import CustomerName, customer_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from turnus.invoices.decide import Decided


class DocumentTotal(NamedTuple):
    """Documents of one kind and currency, minor units."""

    kind: str
    currency: str
    documents: int
    net: int
    tax: int
    gross: int


class TaxTotal(NamedTuple):
    """VAT of one currency, category, rate (basis points) and exemption reason, minor units."""

    currency: str
    category: str
    rate: int
    reason: str
    base: int
    tax: int


class ParkedRow(NamedTuple):
    """An account that waits, and why; ``code`` and ``params`` make a message in ``core/messages``."""

    unit: int
    customer: CustomerName | None
    code: str
    params: Mapping[str, str]


class RunHead(NamedTuple):
    """A run as it stands."""

    id: int
    definition: str
    automation: str
    state: str
    held_reason: str
    approved_by: str
    through: date
    on: date


class RunSummary(NamedTuple):
    """A run, or (``head`` None) what the next one would be."""

    head: RunHead | None
    contracts: int
    """Contracts that were looked at because they changed or fell due."""
    units: Mapping[str, int]
    """State of the accounts → how many: due, empty, drafted, released, issued, parked."""
    documents: Sequence[DocumentTotal]
    taxes: Sequence[TaxTotal]
    parked: Sequence[ParkedRow]
    before: dict[str, int]
    """Currency → net total of the definition's last run before this one."""


def run_head(run: int) -> RunHead:
    """Raises ``RunRefusedError("unknown_run")``."""
    row = open_run(run)
    name = RunDefinition.objects.filter(id=row.definition_id).values_list("name", flat=True).first() or ""
    return RunHead(row.id, name, row.automation, row.state, row.held_reason, row.approved_by, row.through, row.on)


def runs(seller: int, *, limit: int = 20) -> list[RunHead]:
    """The newest runs of a seller."""
    ids = Run.objects.filter(seller_id=seller).order_by("-id").values_list("id", flat=True)[:limit]
    return [run_head(run) for run in ids]


def due_by_chunk(run: int) -> dict[int, int]:
    """Chunk → accounts that are still to be drafted, for a progress bar."""
    rows = RunUnit.objects.filter(run_id=run, state=RunUnit.State.DUE).order_by()
    return dict(rows.values_list("chunk").annotate(units=Count("id")))


def not_issued(run: int) -> int:
    """Documents of a run that have no number yet, for a progress bar."""
    return Invoice.objects.filter(run_id=run, number_value__isnull=True).count()


def run_counts(runs: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Run → how many documents it made, and how many accounts are parked."""
    made = dict(
        Invoice.objects.filter(run_id__in=runs).order_by().values_list("run_id").annotate(documents=Count("id"))
    )
    waiting = RunUnit.objects.filter(run_id__in=runs, state=RunUnit.State.PARKED)
    left = dict(waiting.order_by().values_list("run_id").annotate(units=Count("id")))
    return {run: (made.get(run, 0), left.get(run, 0)) for run in runs}


def newest_open_run(seller: int) -> int:
    """The newest run that is not done. Raises ``RunRefusedError("no_open_run")``."""
    found = Run.objects.filter(seller_id=seller).exclude(state=Run.State.DONE).order_by("-id").first()
    if found is None:
        raise RunRefusedError("no_open_run")
    return found.id


def newest_waiting_run(seller: int) -> int:
    """The newest run that is not done or has parked accounts. Raises ``RunRefusedError("no_open_run")``."""
    for run in Run.objects.filter(seller_id=seller).order_by("-id").iterator():
        if run.state != Run.State.DONE or RunUnit.objects.filter(run_id=run.id, state="parked").exists():
            return run.id
    raise RunRefusedError("no_open_run")


def summary(run: int) -> RunSummary:
    """A run in figures."""
    row = open_run(run)
    units = RunUnit.objects.filter(run_id=run)
    states = dict(units.order_by().values("state").annotate(count=Count("id")).values_list("state", "count"))
    contracts = contract_count(list(units.order_by("id").values_list("unit", flat=True)), scope_of(row))
    documents: dict[tuple[str, str], list[int]] = {}
    taxes: dict[tuple[str, str, int, str], list[int]] = {}
    for chunk in range(row.chunks):
        _add_documents(run, chunk, documents)
        _add_taxes(run, chunk, taxes)
    return RunSummary(
        run_head(run),
        contracts,
        states,
        _documents(documents),
        _taxes(taxes),
        _parked(row),
        last_totals(row.definition_id, row.through),
    )


def summary_of(decided: Iterable[Decided], definition: int, *, through: date, on: date) -> RunSummary:
    """The same of a preview."""
    documents: dict[tuple[str, str], list[int]] = {}
    taxes: dict[tuple[str, str, int, str], list[int]] = {}
    states = {"drafted": 0, "empty": 0, "parked": 0}
    contracts = 0
    waiting: list[tuple[int, str, dict[str, str]]] = []
    for found in decided:
        contracts += found.contracts
        waiting += [(row.unit, row.code, row.params) for row in found.parked]
        for draft in found.drafts:
            document = draft.document
            figures = (1, document.net, document.tax, document.gross)
            _add(documents, (document.kind.value, draft.currency), figures)
            for tax in document.taxes:
                grounds = draft.because.get((tax.category, tax.rate))
                reason = grounds.reason if grounds else tax.reason
                _add(taxes, (draft.currency, tax.category, tax.rate, reason), (tax.base, tax.tax))
            if draft.missing:
                fields = "; ".join(f"{lack.field} ({lack.law})" for lack in draft.missing)
                waiting.append((draft.unit, "missing", {"fields": fields}))
            elif draft.guard:
                waiting.append((draft.unit, draft.guard, {}))
        states["empty"] += len(found.empty)
        states["drafted"] += len({draft.unit for draft in found.drafts})
    states["parked"] = len({unit for unit, _code, _params in waiting})
    before = last_totals(definition, through)
    return RunSummary(None, contracts, states, _documents(documents), _taxes(taxes), _named(waiting, on), before)


def _add(totals: dict[tuple[str, ...], list[int]] | dict, key: tuple, figures: Sequence[int]) -> None:  # type: ignore[type-arg]
    total = totals.setdefault(key, [0] * len(figures))
    for index, figure in enumerate(figures):
        total[index] += figure


def _add_documents(run: int, chunk: int, totals: dict[tuple[str, str], list[int]]) -> None:
    rows = Invoice.objects.filter(run_id=run, chunk=chunk).order_by().values("kind", "currency")
    sums = rows.annotate(count=Count("id"), a=Sum("net"), b=Sum("tax"), c=Sum("gross"))
    for kind, currency, *figures in sums.values_list("kind", "currency", "count", "a", "b", "c"):
        _add(totals, (kind, currency), figures)


def _add_taxes(run: int, chunk: int, totals: dict[tuple[str, str, int, str], list[int]]) -> None:
    heads = Invoice.objects.filter(run_id=run, chunk=chunk)
    for currency in sorted(set(heads.order_by().values_list("currency", flat=True).distinct())):
        invoices = heads.filter(currency=currency).order_by().values("id")
        rows = InvoiceTax.objects.filter(invoice_id__in=invoices).order_by().values("category", "rate", "reason")
        sums = rows.annotate(a=Sum("base"), b=Sum("tax"))
        for category, rate, reason, *figures in sums.values_list("category", "rate", "reason", "a", "b"):
            _add(totals, (currency, category, rate, reason), figures)


_KINDS = tuple(kind.value for kind in Kind)


def _documents(totals: dict[tuple[str, str], list[int]]) -> list[DocumentTotal]:
    ordered = sorted(totals.items(), key=lambda row: (row[0][1], _KINDS.index(row[0][0])))
    return [DocumentTotal(*key, *figures) for key, figures in ordered]


def _taxes(totals: dict[tuple[str, str, int, str], list[int]]) -> list[TaxTotal]:
    ordered = sorted(totals.items(), key=lambda row: (row[0][0], row[0][1] != "S", row[0][1], -row[0][2]))
    return [TaxTotal(*key, *figures) for key, figures in ordered]


def _parked(run: Run) -> list[ParkedRow]:
    rows = RunUnit.objects.filter(run_id=run.id).exclude(code="").exclude(state__in=["issued", "empty"])
    waiting = []
    for unit, code, detail, approved in rows.order_by("id").values_list("unit", "code", "detail", "approved_by"):
        if not approved:
            waiting.append((unit, code, _params(detail)))
    return _named(waiting, run.on)


def _params(detail: str) -> dict[str, str]:
    if not detail.startswith("{"):
        return {"detail": detail}
    return {str(name): str(value) for name, value in json.loads(detail).items()}


def _named(waiting: Sequence[tuple[int, str, dict[str, str]]], on: date) -> list[ParkedRow]:
    customers = customers_of_units({unit for unit, _code, _params in waiting})
    names = customer_names(set(customers.values()), on=on)
    return [ParkedRow(unit, names.get(customers.get(unit, 0)), code, params) for unit, code, params in waiting]
