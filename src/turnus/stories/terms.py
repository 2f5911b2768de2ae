"""What time does to contracts: renewals that are certain are logged, reminders queued. And the outlook of a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.lookup import contract_id
from turnus.contracts.renewals import queue_reminders, record_renewals
from turnus.core.notices import Outcome
from turnus.core.periods import Period, add_months
from turnus.invoices.plan import BillingPlan, billing_plan
from turnus.parties.facts import seller_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from turnus.core.actors import Stamp


class Kept(NamedTuple):
    """How many renewals were logged, and how many reminders queued."""

    renewed: int
    reminded: int


class Foreseen(NamedTuple):
    """What notice would bring about, and the invoices from then to the end; the last of them is the final one."""

    outcome: Outcome
    plan: BillingPlan


def foresee(seller: int, number: str, notice: Callable[[], Outcome], *, on: date) -> Foreseen:
    """Give notice for a trial (``notice`` is ``enter_notice``, ready to be called), and plan what is billed after it.

    Nothing remains. Raises whatever the notice raises.
    """
    with transaction.atomic():
        outcome = notice()
        window = Period(on, add_months(max(outcome.end, on), 1))
        plan = billing_plan(seller, contract_id(seller, number), window=window, on=on)
        transaction.set_rollback(True)
    return Foreseen(outcome, plan)


def keep_terms(seller: int, *, on: date, by: Stamp) -> Kept:
    """Log the renewals of a seller that are certain by a day, and queue reminders. Twice is once."""
    renewed = record_renewals(seller, on=on, by=by)
    lead_days = seller_facts(seller, on=on).data.reminder_days
    return Kept(renewed, queue_reminders(seller, on=on, lead_days=lead_days))
