"""Run definitions, their schedule, and the life of a run between its steps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Sum

from turnus.core.numbering import number_format
from turnus.core.periods import add_months
from turnus.invoices.draft import CHUNK
from turnus.invoices.models import (
    Automation,
    Invoice,
    NumberBlock,
    NumberSeries,
    Pending,
    Run,
    RunDefinition,
    RunUnit,
)
from turnus.parties.facts import seller_facts
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.actors import Stamp

DEFAULT = "standard"
"""Name of the definition that covers everything and is started by hand."""


class RunRefusedError(ValueError):
    """A run cannot go on. ``code`` names the text that says why and what to do."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


class DefinitionData(NamedTuple):
    """A named run: scope, automation and schedule."""

    name: str = DEFAULT
    automation: str = Automation.DRAFT
    customer: int | None = None
    contract_kind: str = ""
    cycle: str = ""
    every_months: int = 0
    every_days: int = 0
    next_on: date | None = None


@transaction.atomic(durable=True)
def put_definition(seller: int, data: DefinitionData, *, by: Stamp) -> int:
    """Create or change a run definition; returns its id."""
    values = {
        "automation": data.automation, "customer_id": data.customer, "contract_kind": data.contract_kind,
        "cycle": data.cycle, "every_months": data.every_months, "every_days": data.every_days, "next_on": data.next_on,
    }  # fmt: skip
    row, created = RunDefinition.objects.get_or_create(seller_id=seller, name=data.name, defaults=values)
    if not created and any(getattr(row, name) != value for name, value in values.items()):
        RunDefinition.objects.filter(id=row.id).update(**values)
    audit(by, "run_definition.put", "run_definition", row.id, after=values)
    return row.id


@transaction.atomic(durable=True)
def put_series(seller: int, kind: str, code: str, pattern: str, *, valid_from: date, by: Stamp) -> None:
    """Number pattern of a kind of document (``*``: all others) from a day on. Raises ``NumberPatternError``."""
    number_format(pattern, valid_from)
    row, created = NumberSeries.objects.get_or_create(
        seller_id=seller, kind=kind, valid_from=valid_from, defaults={"code": code, "pattern": pattern}
    )
    if created:
        audit(by, "series.put", "series", row.id, after={"kind": kind, "code": code, "pattern": pattern})


def definition_of(definition: int) -> RunDefinition:
    """A run definition by id. Raises ``RunRefusedError("unknown_definition")``."""
    found = RunDefinition.objects.filter(id=definition).first()
    if found is None:
        raise RunRefusedError("unknown_definition", definition=str(definition))
    return found


def open_run(run: int, *, may_be_held: bool = True) -> Run:
    """A run that may go on. Raises ``RunRefusedError``: unknown, not yet drafted, or held for release by a person."""
    found = Run.objects.filter(id=run).first()
    if found is None:
        raise RunRefusedError("unknown_run", run=str(run))
    if found.state == Run.State.HELD and not may_be_held:
        raise RunRefusedError("run_held", run=str(run), reason=found.held_reason)
    if found.state == Run.State.FROZEN and not may_be_held:
        raise RunRefusedError("not_drafted", run=str(run))
    return found


def goes_on(run: int) -> bool:
    """A drafted run issues by itself: its automation says so and no person is waited for."""
    row = open_run(run)
    return row.automation != Automation.DRAFT and row.state != Run.State.HELD


@transaction.atomic(durable=True)
def set_automation(run: int, automation: str, *, by: Stamp) -> None:
    """How far a run goes by itself from here on: a person decided otherwise than its definition."""
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    if row.automation != automation:
        Run.objects.filter(id=run).update(automation=automation)
        audit(by, "run.automation", "run", run, before={"automation": row.automation}, after={"automation": automation})


@transaction.atomic(durable=True)
def hold_if_unusual(run: int, *, by: Stamp) -> bool:
    """After drafting: compare the net total with the last run of the definition; too far off waits for a person.

    A run without documents has nothing to wait for.
    """
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    if row.state != Run.State.FROZEN:
        return row.state == Run.State.HELD
    totals, before = _totals_through(row.definition_id, row.through), last_totals(row.definition_id, row.through)
    limit = seller_facts(row.seller_id, on=row.on).data.deviation_percent
    row.state = Run.State.DRAFTED
    unusual = _far_off(totals, before, limit)
    if unusual and not row.approved_by and Invoice.objects.filter(run_id=run).exists():
        row.state, row.held_reason = Run.State.HELD, f"deviation:{unusual}"
    row.save(update_fields=["state", "held_reason"])
    audit(by, "run.drafted", "run", run, before={"state": "frozen"}, after={"state": row.state, "net": totals})
    return row.state == Run.State.HELD


def _far_off(totals: Mapping[str, int], before: Mapping[str, int], limit: int) -> str:
    """The first currency whose total is off by more than the limit: before, now, limit, currency; empty: none is."""
    for currency, last in sorted(before.items()):
        net = totals.get(currency, 0)
        if limit and last and abs(net - last) * 100 > limit * abs(last):
            return f"{last}:{net}:{limit}:{currency}"
    return ""


def _totals_through(definition: int, through: date) -> dict[str, int]:
    """Currency → net total (minor units) of all runs of a definition for one day: a repeated run adds to the first.

    Summed per chunk in SQL, over chunks here.
    """
    runs = list(Run.objects.filter(definition_id=definition, through=through).values_list("id", flat=True))
    rows = Invoice.objects.filter(run_id__in=runs).order_by().values("run_id", "chunk", "currency")
    found: dict[str, int] = {}
    for currency, total in rows.annotate(total=Sum("net")).values_list("currency", "total"):
        found[currency] = found.get(currency, 0) + (total or 0)
    return found


def last_totals(definition: int, through: date) -> dict[str, int]:
    """Currency → net total of the last day before ``through`` for which the definition billed anything in it."""
    earlier = Run.objects.filter(definition_id=definition, state=Run.State.DONE, through__lt=through)
    found: dict[str, int] = {}
    for day in earlier.order_by("-through").values_list("through", flat=True).distinct()[:12]:
        found = {currency: total for currency, total in _totals_through(definition, day).items() if total} | found
    return found


@transaction.atomic(durable=True)
def approve(run: int, *, unit: int | None = None, reason: str, by: Stamp) -> None:
    """A person releases a held run, or one account that a safety bound holds."""
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    if unit is None:
        if row.state == Run.State.HELD:
            Run.objects.filter(id=run).update(state=Run.State.DRAFTED, approved_by=by.actor.name)
        audit(by, "run.approve", "run", run, before={"state": row.state}, after={"state": "drafted"}, reason=reason)
        return
    rows = RunUnit.objects.filter(run_id=run, unit=unit, code__in=GUARDS)
    if not rows.update(state=RunUnit.State.DRAFTED, approved_by=by.actor.name):
        raise RunRefusedError("nothing_to_approve", run=str(run), account=str(unit))
    to_new_chunks(row, [unit])
    audit(by, "run.approve_account", "run", run, after={"account": unit}, reason=reason)


GUARDS = ("overlap", "many_lines")
"""Codes of the safety bounds that hold an account for release by a person."""


def to_new_chunks(run: Run, units: Sequence[int]) -> None:
    """Units that go on later get chunks of their own, because their old ones may own their numbers already.

    Raises ``RunRefusedError("newer_run")`` where another run of the definition and day is open.
    """
    other = Run.objects.filter(definition_id=run.definition_id, through=run.through).exclude(state=Run.State.DONE)
    if other.exclude(id=run.id).exists():
        raise RunRefusedError("newer_run", run=str(run.id))
    for start in range(0, len(units), CHUNK):
        page = units[start : start + CHUNK]
        RunUnit.objects.filter(run_id=run.id, unit__in=page).update(chunk=run.chunks)
        drafts = Invoice.objects.filter(run_id=run.id, unit__in=page, state=Invoice.State.DRAFT)
        drafts.update(chunk=run.chunks)
        Pending.objects.filter(run_id=run.id, unit__in=page).update(chunk=run.chunks)
        run.chunks += 1
    Run.objects.filter(id=run.id).update(chunks=run.chunks, state=Run.State.FROZEN)


@transaction.atomic(durable=True)
def reopen_parked(run: int, *, by: Stamp) -> int:
    """Parked accounts are tried again by the next draft of this run. Returns how many."""
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    parked = RunUnit.objects.filter(run_id=run, state=RunUnit.State.PARKED).exclude(code__in=GUARDS)
    units = list(parked.values_list("unit", flat=True))
    if units:
        parked.update(state=RunUnit.State.DUE, code="", detail="")
        to_new_chunks(row, units)
        audit(by, "run.resume", "run", run, after={"accounts": len(units)})
    return len(units)


@transaction.atomic(durable=True)
def withdraw(run: int, *, reason: str, by: Stamp) -> int:
    """Take a run back before its numbers are drawn: its released documents are drafts again, and the run is done.

    Raises ``RunRefusedError("numbered")`` afterwards: then it must be issued. Returns how many documents there are.
    """
    row = Run.objects.select_for_update(no_key=True).get(id=run)
    if NumberBlock.objects.filter(run_id=run).exists():
        raise RunRefusedError("numbered", run=str(run))
    count = Invoice.objects.filter(run_id=run, state=Invoice.State.RELEASED).update(
        state=Invoice.State.DRAFT, ordinal=None, applied=0
    )
    RunUnit.objects.filter(run_id=run, state__in=[RunUnit.State.RELEASED, RunUnit.State.DUE]).update(
        state=RunUnit.State.DRAFTED
    )
    Run.objects.filter(id=run).update(state=Run.State.DONE)
    audit(by, "run.withdraw", "run", run, before={"state": row.state}, after={"documents": count}, reason=reason)
    return count


@transaction.atomic(durable=True)
def finish(run: int, *, by: Stamp) -> None:
    """A run is done when nothing of it waits any more; what is parked stays visible and can be resumed.

    Units whose drafts a later run has taken over, or that were no longer owed anything, are empty.
    """
    units = RunUnit.objects.filter(run_id=run)
    left = Invoice.objects.filter(run_id=run, number_value__isnull=True).values("unit")
    units.filter(state__in=["drafted", "released"]).exclude(unit__in=left).update(state=RunUnit.State.EMPTY)
    if not units.filter(state__in=["due", "drafted", "released"]).exists():
        Run.objects.filter(id=run).update(state=Run.State.DONE)
        audit(by, "run.done", "run", run, after={"state": "done"})


def due_definitions(on: date) -> list[tuple[int, date]]:
    """(definition, scheduled day) of runs whose day has come; a missed slot comes up for each day it missed."""
    rows = RunDefinition.objects.filter(next_on__lte=on).order_by("next_on", "id").values_list("id", "next_on")
    return [(definition, day) for definition, day in rows if day is not None]


@transaction.atomic(durable=True)
def schedule_next(definition: int, after: date, *, by: Stamp) -> date:
    """Move a definition to its next scheduled day after ``after``; returns it."""
    row = RunDefinition.objects.select_for_update(no_key=True).get(id=definition)
    following = add_months(after, row.every_months) if row.every_months else after + timedelta(days=row.every_days or 1)
    RunDefinition.objects.filter(id=definition).update(next_on=following)
    audit(by, "run_definition.schedule", "run_definition", definition, after={"next_on": following})
    return following
