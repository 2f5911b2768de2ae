"""The embedded worker: renewals, scheduled runs that have come, then what the outbox holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.invoices.runs import due_definitions, schedule_next
from turnus.order_to_cash import bill
from turnus.parties.facts import seller_ids
from turnus.ports import Rejected, TryLater
from turnus.records.outbox import due_messages, mark_done, mark_failed
from turnus.stories.keep import keep_archive
from turnus.stories.render import render_invoices
from turnus.stories.terms import keep_terms

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from turnus.core.actors import Stamp
    from turnus.ports import DocumentRenderer, FileStore


class Worked(NamedTuple):
    """What one round of the worker did."""

    runs: list[int]
    rendered: int
    failed: int
    renewed: int = 0
    reminded: int = 0


def work(renderer: DocumentRenderer, files: FileStore, *, anchors: Path, on: date, by: Stamp) -> Worked:
    """One round: renewals, reminders, due runs with each missed slot, render what was issued, anchor the archive."""
    kept = [keep_terms(seller, on=on, by=by) for seller, _code in seller_ids()]
    runs = start_due_runs(on=on, by=by)
    rendered = failed = after = 0
    while messages := due_messages(["invoices.render"], after=after):
        for message in messages:
            after = message.id
            try:
                invoices = [int(key) for key in message.key.split(",")]
                rendered += render_invoices(invoices, renderer, files, at=by.at)
            except (Rejected, TryLater) as error:
                mark_failed(message, str(error))
                failed += 1
                continue
            mark_done(message.id)
    keep_archive(anchors, on=on, at=by.at)
    return Worked(runs, rendered, failed, sum(k.renewed for k in kept), sum(k.reminded for k in kept))


def start_due_runs(*, on: date, by: Stamp) -> list[int]:
    """Start every scheduled run whose day has come, oldest first; a definition that missed slots catches up."""
    runs = []
    while due := due_definitions(on):
        for definition, day in due:
            steps = list(bill(definition, through=day, on=on, by=by))
            runs.append(steps[0][1])
            schedule_next(definition, day, by=by)
    return runs
