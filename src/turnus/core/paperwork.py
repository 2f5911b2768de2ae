"""What a contract says about its documents: pro forma or not, split by what, payable in instalments."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.instalments import Plan

COLLECTIVE: Final = "children"
"""Group of the account of a parent that gets the documents of its children."""


class Side(StrEnum):
    """Who owes: the customer, or we (payouts by self-billing)."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


class SplitBy(StrEnum):
    """What makes a document of its own."""

    NOTHING = ""
    COST_CENTRE = "cost_centre"
    ORDER = "order_reference"


class Paperwork(NamedTuple):
    """What holds for documents with an issue date from ``since`` on."""

    since: date
    split_by: SplitBy = SplitBy.NOTHING
    proforma: bool = False
    """Documents state what is owed without asking for it (JB-59)."""
    instalments: Plan | None = None
    standing: bool = False
    """Recurring fees by a standing invoice, which is replaced when something changes (L-07)."""


class Mark(NamedTuple):
    """What the buyer books an item on: cost centre (BT-19) and order (BT-13)."""

    cost_centre: str = ""
    order_reference: str = ""

    def split(self, by: SplitBy) -> Mark:
        """What of it splits documents."""
        if by is SplitBy.COST_CENTRE:
            return Mark(self.cost_centre)
        return Mark("", self.order_reference) if by is SplitBy.ORDER else Mark()


UNMARKED: Final = Mark()


def in_force(rows: Sequence[Paperwork], day: date) -> Paperwork | None:
    """What holds on a day; None where nothing was ever said."""
    found = None
    for row in rows:
        if row.since <= day:
            found = row
    return found


class Sorting(NamedTuple):
    """How the lines of one contract go to documents: pro forma now or ever, and the mark of each item."""

    proforma: bool = False
    ever: bool = False
    marks: Mapping[int, Mark] | None = None
    instalments: Plan | None = None
    standing: bool = False


PLAIN: Final = Sorting()
