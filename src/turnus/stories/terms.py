"""What time does to contracts: renewals that are certain are logged, reminders before the next ones queued."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.renewals import queue_reminders, record_renewals
from turnus.parties.facts import seller_facts

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp


class Kept(NamedTuple):
    """How many renewals were logged, and how many reminders queued."""

    renewed: int
    reminded: int


def keep_terms(seller: int, *, on: date, by: Stamp) -> Kept:
    """Log the renewals of a seller that are certain by a day, and queue reminders. Twice is once."""
    renewed = record_renewals(seller, on=on, by=by)
    lead_days = seller_facts(seller, on=on).data.reminder_days
    return Kept(renewed, queue_reminders(seller, on=on, lead_days=lead_days))
