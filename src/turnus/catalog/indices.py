"""Enter and read index values: dated data with their source, never changed, only corrected by a later row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from turnus.catalog.models import IndexValue as Row
from turnus.core.adjusting import AdjustmentRefusedError
from turnus.core.faults import Fault
from turnus.core.indices import IndexTable, IndexValue
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp

Outcome = Literal["created", "changed", "unchanged"]


class IndexLine(NamedTuple):
    """A value as it stands, and how often it was corrected."""

    series: str
    month: date
    value: Decimal
    source: str
    corrections: int


def put_index_value(new: IndexValue, *, correct: bool = False, by: Stamp) -> Outcome:
    """Add a value inside the caller's transaction; another value of a known month needs ``correct``.

    Raises ``AdjustmentRefusedError`` for a value that is not positive, a month that is no month, or a silent change.
    """
    faults = []
    if new.value <= 0:
        faults.append(Fault("index_not_positive", {"series": new.series, "month": str(new.month)}))
    if new.month.day != 1:
        faults.append(Fault("rule_month_day", {"field": "month", "day": str(new.month)}))
    known = _standing(Row.objects.filter(series=new.series, month=new.month))
    last = known[0] if known else None
    if last is not None and last.value == new.value:
        return "unchanged"
    if last is not None and not correct:
        params = {"series": new.series, "month": str(new.month), "known": f"{last.value:f}", "value": f"{new.value:f}"}
        faults.append(Fault("index_changed", params))
    if faults:
        raise AdjustmentRefusedError(faults)
    row = Row.objects.create(**new._asdict(), recorded_at=by.at, supersedes=last.id if last else None)
    before = {"value": last.value, "source": last.source} if last else None
    audit(by, "index_value.put", "index_value", row.id, before=before, after=new._asdict(), reason=new.source)
    return "changed" if last else "created"


def _standing(rows: QuerySet[Row]) -> list[Row]:
    """Rows that no later one corrects, in order of series and month."""
    found = list(rows.order_by("series", "month", "id"))
    gone = {row.supersedes for row in found}
    return [row for row in found if row.id not in gone]


def index_table(series: Collection[str]) -> IndexTable:
    """The values of some series as they stand."""
    rows = _standing(Row.objects.filter(series__in=series))
    return IndexTable(IndexValue(row.series, row.month, row.value, row.source) for row in rows)


def index_lines(series: str = "") -> list[IndexLine]:
    """Values for reading, of one series or all."""
    rows = Row.objects.filter(series=series) if series else Row.objects.all()
    corrected = Counter(rows.filter(supersedes__isnull=False).values_list("series", "month"))
    return [
        IndexLine(row.series, row.month, row.value, row.source, corrected[row.series, row.month])
        for row in _standing(rows)
    ]
