"""Pauses: the service may stand still, billing may stand still, and the term may grow; each by choice.

A pause of billing is days that owe nothing. It enters as terms without a model, so that slots, proration and the
billing difference need no rule of their own.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.faults import Fault, fault
from turnus.core.periods import FAR_FUTURE, Period, join
from turnus.core.pricing import MODELS, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.contracts import Item, Terms
    from turnus.core.terms import Lifetime


class NewPause(NamedTuple):
    """A pause as a person enters it: ``end`` is the first day after it; None: until someone resumes the contract."""

    start: date
    end: date | None = None
    billing: bool = True
    """These days owe nothing."""
    service: bool = True
    """The customer is not served."""
    prolongs: bool = False
    """The running term grows by these days."""


class Pause(NamedTuple):
    """A pause in force; an open one ends in the far future."""

    id: int
    days: Period
    billing: bool
    service: bool
    prolongs: bool
    gap: bool = False
    """Not agreed: the days between the end and the reactivation of the contract."""


def pause_faults(new: NewPause, known: Sequence[Pause], life: Lifetime) -> list[Fault]:
    """Everything that is wrong with a new pause; empty: nothing."""
    faults = []
    if not (new.billing or new.service):
        faults.append(fault("pause_of_nothing"))
    if new.end is not None and new.end <= new.start:
        return [*faults, fault("negative_period", start=new.start, end=new.end)]
    if new.start < life.signed_on or (life.end is not None and new.start >= life.end):
        faults.append(fault("pause_outside", day=new.start))
    days = Period(new.start, new.end or FAR_FUTURE)
    faults += [
        fault("pause_overlaps", start=pause.days.start, day=pause.days.last_day)
        if pause.days.end < FAR_FUTURE
        else fault("pause_overlaps", start=pause.days.start, day="")
        for pause in known
        if pause.days.cut(days)
    ]
    return faults


def paused(item: Item, days: Sequence[Period]) -> Item:
    """The item, owing nothing on these days; a one-off has no days and is owed all the same."""
    if any(terms.model is not None and MODELS[terms.model].shape is Shape.ONCE for terms in item.terms):
        return item
    rows = list(item.terms)
    for pause in join(list(days)):
        before, after = _in_force(rows, pause.start), _in_force(rows, pause.end)
        rows = [terms for terms in rows if not pause.start <= terms.since < pause.end]
        rows.append(before._replace(since=pause.start, model=None))
        if pause.end < FAR_FUTURE and after.since < pause.end:
            rows.append(after._replace(since=pause.end))
        rows.sort(key=lambda terms: terms.since)
    return item._replace(terms=rows)


def _in_force(rows: Sequence[Terms], day: date) -> Terms:
    found = rows[0]
    for terms in rows:
        if terms.since <= day:
            found = terms
    return found
