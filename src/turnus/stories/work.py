"""The embedded worker: renewals, scheduled runs that have come, then what the outbox holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.documents.archive import DamagedFileError
from turnus.invoices.runs import due_definitions, schedule_next
from turnus.order_to_cash import bill
from turnus.parties.facts import seller_ids
from turnus.ports import Rejected, TryLater
from turnus.records.outbox import due_messages, mark_done, mark_failed
from turnus.stories.keep import keep_archive
from turnus.stories.render import judge_invoices, render_invoices
from turnus.stories.send import Sent, send
from turnus.stories.terms import keep_terms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from turnus.core.actors import Stamp
    from turnus.ports import Carriers, Validator
    from turnus.stories.render import Press


class Worked(NamedTuple):
    """What one round of the worker did."""

    runs: list[int]
    rendered: int
    failed: int
    renewed: int = 0
    reminded: int = 0
    invalid: int = 0
    """E-invoices that break an official rule."""
    sent: Sent = Sent()


def work(
    press: Press, validator: Validator, *, anchors: Path, carriers: Carriers | None = None, on: date, by: Stamp
) -> Worked:
    """One round: renewals, reminders, due runs with each missed slot; what was issued is rendered, judged and sent.

    Last the archive is anchored. May run twice. Without ``carriers`` nothing is sent.
    """
    kept = [keep_terms(seller, on=on, by=by) for seller, _code in seller_ids()]
    runs = start_due_runs(on=on, by=by)
    rendered, unprinted = handle("invoices.render", lambda ids: render_invoices(ids, press, by=by))
    invalid, unjudged = handle("invoices.judge", lambda ids: len(judge_invoices(ids, validator, press.files, by=by)))
    sent = send(carriers, press.files, on=on, by=by) if carriers else Sent()
    keep_archive(press.files, anchors, on=on, at=by.at)
    renewed, reminded = sum(k.renewed for k in kept), sum(k.reminded for k in kept)
    return Worked(runs, rendered, unprinted + unjudged, renewed, reminded, invalid, sent)


def handle(topic: str, act: Callable[[list[int]], int]) -> tuple[int, int]:
    """Give the documents of each due message to ``act``. Returns the sum of its answers, and how many failed."""
    total = failed = after = 0
    while messages := due_messages([topic], after=after):
        for message in messages:
            after = message.id
            try:
                total += act([int(key) for key in message.key.split(",")])
            except (Rejected, TryLater, DamagedFileError) as error:  # a damaged file stops no other document
                mark_failed(message, f"damaged: {error}" if isinstance(error, DamagedFileError) else str(error))
                failed += 1
                continue
            mark_done(message.id)
    return total, failed


def start_due_runs(*, on: date, by: Stamp) -> list[int]:
    """Start every scheduled run whose day has come, oldest first; a definition that missed slots catches up."""
    runs = []
    while due := due_definitions(on):
        for definition, day in due:
            steps = list(bill(definition, through=day, on=on, by=by))
            runs.append(steps[0][1])
            schedule_next(definition, day, by=by)
    return runs
