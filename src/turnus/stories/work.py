"""The embedded worker: scheduled runs that have come, then what the outbox holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.invoices.runs import due_definitions, schedule_next
from turnus.order_to_cash import bill
from turnus.ports import Rejected, TryLater
from turnus.records.outbox import due_messages, mark_done, mark_failed
from turnus.stories.render import render_invoices

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from turnus.core.actors import Stamp
    from turnus.ports import DocumentRenderer


class Worked(NamedTuple):
    """What one round of the worker did."""

    runs: list[int]
    rendered: int
    failed: int


def work(renderer: DocumentRenderer, archive: Path, *, on: date, by: Stamp) -> Worked:
    """One round: start due runs, catching up each missed slot, then render what was issued. May run twice."""
    runs = start_due_runs(on=on, by=by)
    rendered = failed = after = 0
    while messages := due_messages(["invoices.render"], after=after):
        for message in messages:
            after = message.id
            try:
                invoices = [int(key) for key in message.key.split(",")]
                rendered += render_invoices(invoices, renderer, archive, at=by.at)
            except (Rejected, TryLater) as error:
                mark_failed(message, str(error))
                failed += 1
                continue
            mark_done(message.id)
    return Worked(runs, rendered, failed)


def start_due_runs(*, on: date, by: Stamp) -> list[int]:
    """Start every scheduled run whose day has come, oldest first; a definition that missed slots catches up."""
    runs = []
    while due := due_definitions(on):
        for definition, day in due:
            steps = list(bill(definition, through=day, on=on, by=by))
            runs.append(steps[0][1])
            schedule_next(definition, day, by=by)
    return runs
