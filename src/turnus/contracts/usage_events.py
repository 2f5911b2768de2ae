"""Stored events, looked up by many keys at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from turnus.contracts.models import UsageEvent
from turnus.records.bulk import among, given

if TYPE_CHECKING:
    from collections.abc import Collection

Key = tuple[int, str]
"""Item and key of an event."""
Row = tuple[Any, ...]
"""An event in the order of ``EVENT``."""
EVENT: Final = (
    "item_id", "key", "day", "quantity", "amount", "info_quantity", "unit", "dimension", "subject", "moment",
    "corrects", "counts",
)  # fmt: skip
TABLE: Final = UsageEvent._meta.db_table
_CORRECTED: Final = "e.item_id = w.item AND e.corrects = w.key AND e.corrects <> ''"


def _found(columns: tuple[str, ...], keys: Collection[Key], condition: str) -> list[Row]:
    """Columns of stored events ``e`` that meet the condition for one of the keys ``w``, by the index on them."""
    if not keys:
        return []
    source, parameters = given(("item", "key"), ("bigint", "text"), keys)
    names = ", ".join(f"e.{column}" for column in columns)
    if connection.vendor == "postgresql":
        # OFFSET 0 keeps each look-up an index scan of its own, whatever the planner thinks of the table's size.
        lookup = f"(SELECT {names} FROM {TABLE} AS e WHERE {condition} OFFSET 0)"
        statement = f"SELECT e.* FROM {source} CROSS JOIN LATERAL {lookup} AS e"
    else:
        statement = f"SELECT {names} FROM {source} CROSS JOIN {TABLE} AS e ON {condition}"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Row] = cursor.fetchall()
    return rows


def stored(keys: Collection[Key]) -> dict[Key, Row]:
    """Events by their keys, as far as they are there."""
    return {(row[0], row[1]): row for row in _found(EVENT, keys, "e.item_id = w.item AND e.key = w.key")}


def targets_of(corrections: Collection[Row]) -> list[Row]:
    """The events that these correct, as far as they are there and count."""
    return [row for row in stored({(row[0], row[10]) for row in corrections}).values() if row[11]]


def correcting(corrections: Collection[Row]) -> dict[Key, str]:
    """(Item, corrected key) → key of the event that corrects it already."""
    keys = {(row[0], row[10]) for row in corrections}
    rows = _found(("item_id", "corrects", "key"), keys, _CORRECTED)
    return {(item, corrected): key for item, corrected, key in rows}


def corrected_among(rows: Collection[Row]) -> set[Key]:
    """Which of these events another one corrects."""
    found = _found(("item_id", "corrects"), {(row[0], row[1]) for row in rows}, _CORRECTED)
    return {(item, key) for item, key in found}


def corrected_items(items: Collection[int]) -> set[int]:
    """Items of which any event was corrected."""
    mine, ids = among("item_id", items)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT item_id FROM {TABLE} WHERE {mine} AND corrects <> ''", [ids])
        return {row[0] for row in cursor.fetchall()}
