"""From contract to cash: the story of Turnus, in the order in which it happens. It sequences; it does not decide.

draft → release → number → issue are the four steps of an invoice run (billing-core P). Each walks the run's chunks, one
transaction each; each can be repeated after a crash and does nothing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.invoices.commission import take_bases
from turnus.invoices.draft import ChunkReport, draft_chunk, freeze, run_basics
from turnus.invoices.issue import issue_chunk
from turnus.invoices.refresh import refresh
from turnus.invoices.release import number_chunks, release_chunk
from turnus.invoices.runs import definition_of, finish, goes_on, hold_if_unusual, open_run
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from turnus.core.actors import Stamp


def start_run(definition: int, *, through: date, on: date, automation: str = "", by: Stamp) -> tuple[int, bool]:
    """Take the bases of commissions, and freeze who is due.

    An open run of the same definition and day is joined, with what changed since it was drafted. Returns (run, is it
    new).

    ``automation``: how far this run goes by itself; empty: as its definition says.
    """
    take_bases(definition_of(definition).seller_id, by=by)
    run, new = freeze(definition_of(definition), through=through, on=on, automation=automation, by=by)
    failpoint("run.freeze.after_commit")
    if not new:
        refresh(run.id, by=by)
    return run.id, new


def draft_invoices(run_id: int, *, by: Stamp) -> Iterator[ChunkReport]:
    """Bill what contracts owe. Running it twice bills nothing twice."""
    run = open_run(run_id)
    given = run_basics(run)
    for chunk in range(run.chunks):
        yield draft_chunk(run, given, chunk, by=by)
    hold_if_unusual(run_id, by=by)


def issue_invoices(run_id: int, *, by: Stamp) -> Iterator[tuple[str, int, int]]:
    """Release, number, issue: yields (step, chunk, documents). Refused while the run is held for a person."""
    run = open_run(run_id, may_be_held=False)
    for chunk in range(run.chunks):
        yield "release", chunk, release_chunk(run, chunk, by=by)
        failpoint("run.release.after_commit")
    number_chunks(run, by=by)
    failpoint("run.number.after_commit")
    for chunk in range(run.chunks):
        yield "issue", chunk, issue_chunk(run, chunk, by=by)
    finish(run_id, by=by)


def bill(definition: int, *, through: date, on: date, by: Stamp) -> Iterator[tuple[str, int, int]]:
    """A whole run as far as its degree of automation goes."""
    run_id, _new = start_run(definition, through=through, on=on, by=by)
    yield "run", run_id, 0
    for report in draft_invoices(run_id, by=by):
        yield "draft", report.chunk, report.drafted
    if goes_on(run_id):
        yield from issue_invoices(run_id, by=by)
