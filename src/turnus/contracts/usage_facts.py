"""Daily rows of usage → ``Usage`` of each item: plain totals where they say it all, else the rows themselves."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from turnus.contracts.models import Item, UsageDay
from turnus.core.aggregation import DayRow, Detail
from turnus.core.contracts import Usage, UsageTotal
from turnus.core.usage import ADDITIVE, LEVELS, Aggregation, Display
from turnus.records.bulk import among, read, selected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_TABLE: Final = UsageDay._meta.db_table
_AGGREGATION: Final = {each.value: each for each in Aggregation}
_DISPLAY: Final = {each.value: each for each in Display}


def usage_of(metered: Mapping[int, tuple[int, int]], since: date, zone: tzinfo) -> dict[int, Usage]:
    """Usage of each item by days from ``since`` on, and the sum of rated amounts before.

    ``metered``: item → (contract, scale).
    """
    kinds: dict[int, tuple[int, Aggregation, Display]] = {
        item: (per, _AGGREGATION[aggregation], _DISPLAY[display])
        for item, per, aggregation, display in read(Item, ("id", "per", "aggregation", "display"), "id", metered)
    }
    detailed = {
        item
        for item, (_per, aggregation, display) in kinds.items()
        if aggregation not in ADDITIVE or display is not Display.TOTAL
    }
    totals = _totals(metered.keys() - detailed, since)
    before = _before(metered, since) if since > date.min else {}
    details = _details(kinds, detailed, since, zone)
    for item, detail in details.items():
        if detail.aggregation in ADDITIVE:
            totals[item] = [UsageTotal(row.day, row.quantity, row.amount) for row in detail.rows]
    return {
        item: Usage(scale, totals.get(item, ()), before.get(item, 0), kinds[item][0], details.get(item))
        for item, (_contract, scale) in metered.items()
    }


def _totals(items: Collection[int], since: date) -> dict[int, Sequence[UsageTotal]]:
    found: dict[int, list[UsageTotal]] = {}
    for item, *total in _rows(("item_id", "day", "quantity", "amount"), items, "day >= %s", since):
        found.setdefault(item, []).append(UsageTotal(*total))
    return dict(found)


def _rows(columns: Sequence[str], items: Collection[int], condition: str, day: date) -> list[tuple[Any, ...]]:
    """Daily rows of the items by item and day."""
    if not items:
        return []
    mine, ids = among("item_id", items)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {selected(UsageDay, columns)} FROM {_TABLE} WHERE {mine} AND {condition} ORDER BY item_id, day",
            [ids, day],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _before(items: Collection[int], since: date) -> dict[int, int]:
    mine, ids = among("item_id", items)
    with connection.cursor() as cursor:
        statement = f"SELECT item_id, SUM(amount) FROM {_TABLE} WHERE {mine} AND day < %s GROUP BY item_id"
        cursor.execute(statement, [ids, since])
        return {item: int(total) for item, total in cursor.fetchall()}


_DETAIL: Final = ("item_id", "day", "dimension", "subject", "quantity", "amount", "moment", "weight")


def _details(
    kinds: Mapping[int, tuple[int, Aggregation, Display]], detailed: Collection[int], since: date, zone: tzinfo
) -> dict[int, Detail]:
    rows: dict[int, list[DayRow]] = {}
    for item, *row in _rows(_DETAIL, detailed, "day >= %s", since):
        rows.setdefault(item, []).append(DayRow(*row))
    levels = _levels([item for item in detailed if kinds[item][1] in LEVELS], since) if since > date.min else {}
    return {
        item: Detail(kinds[item][1], rows.get(item, ()), zone, levels.get(item, {}), kinds[item][2])
        for item in detailed
    }


def _levels(items: Collection[int], since: date) -> dict[int, dict[str, int]]:
    """Item → subject → the level that holds on the morning of ``since``."""
    found: dict[int, dict[str, int]] = {}
    if not items:
        return found
    mine, ids = among("item_id", items)
    last = f"SELECT item_id, subject, MAX(day) AS day FROM {_TABLE} WHERE {mine} AND day < %s GROUP BY item_id, subject"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.item_id, d.subject, d.quantity FROM ({last}) AS last_rows JOIN {_TABLE} AS d "
            f"ON d.item_id = last_rows.item_id AND d.subject = last_rows.subject AND d.day = last_rows.day "
            "AND d.dimension = ''",
            [ids, since],
        )
        for item, subject, quantity in cursor.fetchall():
            found.setdefault(item, {})[subject] = quantity
    return found
