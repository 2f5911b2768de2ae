"""Rows of planned raises → core values, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from turnus.contracts.models import PlannedRaise
from turnus.core.adjusting import RuleKind
from turnus.core.contracts import Raise
from turnus.core.periods import FAR_FUTURE, add_months
from turnus.records.bulk import read
from turnus.records.fields import exact

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewRaise

Row = tuple[Any, ...]

_COLUMNS = ("id", "contract_id", "item_id", "kind", "value", "first_on", "months", "end_on", "supersedes")


def raises_of(contracts: Collection[int], known_by: datetime | None = None) -> dict[int, list[Row]]:
    """Contract → rows of its planned raises in force, in the order of their recording."""
    rows = read(PlannedRaise, _COLUMNS, "contract_id", contracts, order="id", known_by=known_by)
    gone = {row[-1] for row in rows if row[-1] is not None}
    found: dict[int, list[Row]] = {}
    for row in rows:
        if row[0] not in gone:
            found.setdefault(row[1], []).append(row)
    return found


def raises_on(rows: list[Row], item: int, contract_start: date) -> list[Raise]:
    """Those that concern an item."""
    return [
        Raise(
            RuleKind(kind), exact(value), first or add_months(contract_start, months or 12), months, end or FAR_FUTURE
        )
        for _id, _contract, only, kind, value, first, months, end, _supersedes in rows
        if only in (0, item)
    ]


def raise_row(contract: int, new: NewRaise, item: int, first: date | None, *, reason: str, by: Stamp) -> PlannedRaise:
    """A raise as a row that is not stored yet; ``item`` 0: every item."""
    return PlannedRaise(
        contract_id=contract, item_id=item, kind=new.kind, value=new.value, first_on=first, months=new.months,
        end_on=new.end, recorded_at=by.at, reason=reason,
    )  # fmt: skip
