"""Another anchor for running items: periods keep their length and begin on another day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from turnus.core.periods import add_months, slot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from turnus.core.contracts import Grid, Item
    from turnus.core.periods import Cycle


def anchor_on(day: int, since: date) -> date:
    """The first day from ``since`` on that is this day of its month (1 to 31), and not the end of a shorter month."""
    month = since.replace(day=1)
    while monthrange(month.year, month.month)[1] < day or month.replace(day=day) < since:
        month = add_months(month, 1)
    return month.replace(day=day)


def re_anchored(item: Item, since: date, anchor: Callable[[date], date], *, at_once: bool) -> list[Grid]:
    """The item's grids with another anchor, from ``since`` on; later changes of its rhythm keep their day.

    ``anchor`` (first day of the change → anchor). Unless at once, the period that runs on ``since`` ends first: nothing
    that was billed ahead is cut.
    """
    begin = max(since, item.start)
    if not at_once:
        grid = _in_force(item.grids, begin)
        running = slot_of(grid.anchor, max(grid.fee, grid.billing, key=_length), begin)
        begin = begin if running.start == begin else running.end
    if begin >= item.end:
        return []
    now = _in_force(item.grids, begin)._replace(since=begin)
    later = [grid for grid in item.grids if grid.since > begin]
    return [grid._replace(anchor=anchor(begin)) for grid in (now, *later)]


def _in_force(grids: Sequence[Grid], day: date) -> Grid:
    found = grids[0]
    for grid in grids:
        if grid.since <= day:
            found = grid
    return found


def _length(cycle: Cycle) -> int:
    return 31 * cycle.months + cycle.days
