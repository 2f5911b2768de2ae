"""Until when a supply must be invoiced (§ 14 (2) S. 2, § 14a (1) S. 2, (3) UStG; law.md L-03)."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from turnus.core.periods import add_months

MONTHS: Final = 6
"""After the supply (§ 14 (2) S. 2 UStG)."""
DAY: Final = 15
"""Of the month after a supply to a company in another member state (§ 14a (1) S. 2, (3) UStG)."""
_WARNING: Final = timedelta(days=5)
"""From the 10th on where the 15th is the last day."""
_LONG_WARNING: Final = timedelta(days=31)


class Colour(StrEnum):
    """How near the deadline is."""

    GREEN = "green"
    YELLOW = "yellow"
    """Warning: five days before the 15th, a month before six months are over."""
    RED = "red"
    """Overdue, from the day after the last one."""


def invoice_by(supplied: date, *, within_eu: bool) -> date:
    """The last day to invoice what was supplied on a day; ``within_eu``: to a company in another member state."""
    if within_eu:
        return add_months(supplied.replace(day=1), 1).replace(day=DAY)
    return add_months(supplied, MONTHS)


def deadline_colour(supplied: date, on: date, *, within_eu: bool) -> Colour:
    """The colour of what is not yet invoiced on the day ``on``."""
    last = invoice_by(supplied, within_eu=within_eu)
    if on > last:
        return Colour.RED
    return Colour.YELLOW if on >= last - (_WARNING if within_eu else _LONG_WARNING) else Colour.GREEN
