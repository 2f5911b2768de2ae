"""Preview of an amendment: the exact documents that it will cause, before anything is written.

The amendment is made for a trial inside a transaction, the runs to come are decided with the run's own code, and all
of it is rolled back. So what a preview says is what the runs then issue, unless something else happens in between.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from django.db import transaction

from turnus.contracts.lookup import accounts_of_contracts, contract_id
from turnus.contracts.successors import replacements
from turnus.core.periods import FAR_FUTURE, Period, add_months
from turnus.invoices.foresee import Foreseen, Future, Step
from turnus.invoices.plan import BillingPlan, billing_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")

PLAN_MONTHS: Final = 12
"""How far the plans of a preview reach."""
LATEST: Final = 61
"""Months within which the next run is looked for."""


class Outlook(NamedTuple):
    """What runs would issue for the accounts of a contract, as it stands."""

    today: Step
    next: Step | None
    """The next run that bills the contract, if today's is made; None: none."""
    instead: Step | None
    """That run if today's is not made; None where today's would issue nothing."""
    plan: BillingPlan


class Preview(NamedTuple, Generic[T]):
    """What an amendment would do: what it returned, and the outlook without and with it."""

    outcome: T
    before: Outlook
    after: Outlook


def trial(act: partial[T]) -> T:
    """Carry an activity out and take it back. Returns what it returned, raises what it raises; nothing remains."""
    return tried(act, lambda: None)[0]


def tried(act: partial[T], read: Callable[[], R]) -> tuple[T, R]:
    """The same, and what is to be read while the activity stands."""
    with transaction.atomic():
        outcome, found = _inside(act), read()
        transaction.set_rollback(True)
    return outcome, found


def _inside(act: partial[T]) -> T:
    """Call an activity without the durable transaction of its own."""
    inside = getattr(act.func, "__wrapped__", act.func)
    found: T = inside(*act.args, **act.keywords)
    return found


def preview(seller: int, number: str, act: partial[T], *, on: date) -> Preview[T]:
    """Make the amendment ``act`` of a contract for a trial. Nothing remains. Raises whatever ``act`` raises.

    ``act`` is an activity with its arguments, ready to be called; here it runs inside the trial's transaction.
    """
    with transaction.atomic():
        contract = contract_id(seller, number)
        before = outlook(seller, contract, on=on)
        outcome = _inside(act)
        after = outlook(seller, contract, on=on)
        transaction.set_rollback(True)
    return Preview(outcome, before, after)


def preview_new(seller: int, number: str, act: partial[T], *, on: date) -> Preview[T]:
    """The same for an activity that concludes the contract: without it, what its accounts are billed anyway."""
    with transaction.atomic():
        outcome = _inside(act)
        contract = contract_id(seller, number)
        after, units = outlook(seller, contract, on=on), _units({contract})
        transaction.set_rollback(True)
    future = Future(seller, units, on=on)
    today, following, instead = future.run(on), None, None
    if after.next is not None:
        following = future.run(after.next.on)
        instead = Future(seller, units, on=after.next.on).run(after.next.on)
    return Preview(outcome, Outlook(today, following, instead, after.plan._replace(documents=())), after)


def _units(contracts: set[int]) -> list[int]:
    return sorted({account.unit for account in accounts_of_contracts(contracts)})


def outlook(seller: int, contract: int, *, on: date) -> Outlook:
    """What runs would issue, also for a contract that replaces this one, and the plan of a year. Nothing is saved."""
    contracts = {contract, replacements(contract)[1] or contract}
    units = _units(contracts)
    future = Future(seller, units, on=on)
    today = future.run(on)
    following = _next(future, contracts, on)
    instead = None
    if following is not None and today.documents:
        instead = Future(seller, units, on=following.on).run(following.on)
    plan = billing_plan(seller, contract, window=Period(on, add_months(on, PLAN_MONTHS)), on=on)
    return Outlook(today, following, instead, plan)


def _next(future: Future, contracts: set[int], on: date) -> Step | None:
    """The first run on a due day after ``on`` that issues something for one of the contracts."""
    first = future.next_due()
    if first == FAR_FUTURE:
        return None
    steps = future.runs(first=first, until=add_months(on, LATEST))
    return next((step for step in steps if any(contracts & d.contracts for d in step.documents)), None)


def caused(before: Step | None, after: Step | None) -> list[tuple[Foreseen, bool]]:
    """The documents of a run with the amendment, each with whether the run would issue it anyway."""
    known = [row.document for row in before.documents] if before else []
    return [(row, row.document in known) for row in after.documents] if after else []


class PlanDifference(NamedTuple):
    """What a contract is billed on a due day without and with the amendment: net minor units of the contract."""

    due_on: date
    customer: str
    """Number of the customer who gets the document."""
    before: int
    after: int


def plan_differences(before: BillingPlan, after: BillingPlan) -> Sequence[PlanDifference]:
    """Both plans side by side, every due day and customer of either."""
    sums: dict[tuple[date, str], list[int]] = {}
    for place, plan in enumerate((before, after)):
        for row in plan.documents:
            sums.setdefault((row.due_on, row.document.customer_number), [0, 0])[place] += row.net
    return [PlanDifference(*key, *sums[key]) for key in sorted(sums)]
