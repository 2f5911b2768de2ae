"""Events → daily rows: what is new is added, what was corrected is taken back, what does not add up is made anew."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from django.db import connection

from turnus.contracts.models import UsageDay
from turnus.contracts.usage_events import TABLE, Row
from turnus.core.aggregation import day_of_last, day_of_level
from turnus.core.measuring import LIMIT
from turnus.core.usage import LEVELS, SUMMED, Aggregation, seconds_between
from turnus.records.bulk import given, insert, merge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from turnus.contracts.listening import Listener

DAY: Final = ("item_id", "day", "dimension", "subject", "quantity", "amount", "events", "moment", "weight")
_KEY: Final = 4
_ADD: Final = tuple(f"{name} = old.{name} + excluded.{name}" for name in ("quantity", "amount", "events"))
_LATER: Final = "(excluded.moment, excluded.quantity) > (old.moment, old.quantity)"
_MORE: Final = "excluded.quantity > old.quantity"
_CHANGE: Final = {
    Aggregation.MAX: (f"quantity = CASE WHEN {_MORE} THEN excluded.quantity ELSE old.quantity END", _ADD[2]),
    Aggregation.LAST: (
        f"quantity = CASE WHEN {_LATER} THEN excluded.quantity ELSE old.quantity END",
        "moment = CASE WHEN excluded.moment > old.moment THEN excluded.moment ELSE old.moment END",
        _ADD[2],
    ),
}


_LARGE: Final = 2**32
"""Additions below it are not looked up: it takes a thousand million of them on one day to leave 64 bits."""


class DayFullError(OverflowError):
    """The total of an item's day would leave 64 bits."""

    def __init__(self, item: int, day: date) -> None:
        super().__init__(item, day)
        self.item, self.day = item, day


def book_days(
    listeners: Mapping[int, Listener], alive: Iterable[Row], gone: Collection[Row], zone: Callable[[], tzinfo]
) -> None:
    """Bring the daily rows up to date: ``alive`` events count from now on, ``gone`` ones no longer do.

    Raises ``DayFullError``; then nothing was written.
    """
    sums: dict[Row, list[int]] = {}
    joined: dict[Aggregation, dict[Row, tuple[int, int, int]]] = {Aggregation.MAX: {}, Aggregation.LAST: {}}
    anew: set[tuple[int, date]] = {(row[0], row[2]) for row in gone if listeners[row[0]].how.aggregation not in SUMMED}
    for row in alive:
        aggregation = listeners[row[0]].how.aggregation
        if aggregation in SUMMED:
            _sum(sums, row, 1, aggregation)
        elif aggregation in LEVELS:
            anew.add((row[0], row[2]))
        elif (row[0], row[2]) not in anew:
            _join(joined[aggregation], row, aggregation)
    for row in gone:
        aggregation = listeners[row[0]].how.aggregation
        if aggregation in SUMMED:
            _sum(sums, row, -1, aggregation)
    _refuse_full(sums)
    merge(UsageDay, DAY, _KEY, [(*key, *total, 0, 0) for key, total in sums.items()], _ADD)
    for aggregation, days in joined.items():
        rows = [(*key, quantity, 0, events, moment, 0) for key, (moment, quantity, events) in days.items()]
        merge(UsageDay, DAY, _KEY, rows, _CHANGE[aggregation])
    if anew:
        _make_anew({item: listeners[item].how.aggregation for item, _day in anew}, sorted(anew), zone)


def _sum(sums: dict[Row, list[int]], row: Row, sign: int, aggregation: Aggregation) -> None:
    key = (row[0], row[2], row[7], row[8] if aggregation is Aggregation.UNIQUE else "")
    total = sums.get(key)
    if total is None:
        sums[key] = [sign * row[3], sign * row[4], sign]
    else:
        total[0] += sign * row[3]
        total[1] += sign * row[4]
        total[2] += sign


def _refuse_full(sums: Mapping[Row, Sequence[int]]) -> None:
    large = {key: total for key, total in sums.items() if max(abs(total[0]), abs(total[1])) > _LARGE}
    if not large:
        return
    source, parameters = given(("item", "day"), ("bigint", "date"), sorted({key[:2] for key in large}))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.item_id, d.day, d.dimension, d.subject, d.quantity, d.amount FROM {source} "
            f"JOIN {UsageDay._meta.db_table} AS d ON d.item_id = w.item AND d.day = w.day",
            parameters,
        )
        known = {tuple(row[:4]): row[4:] for row in cursor.fetchall()}
    for key, (quantity, amount, _events) in large.items():
        before = known.get(key, (0, 0))
        if max(abs(before[0] + quantity), abs(before[1] + amount)) > LIMIT:
            raise DayFullError(key[0], key[1])


def _join(days: dict[Row, tuple[int, int, int]], row: Row, aggregation: Aggregation) -> None:
    """(moment, quantity, events) of the highest, or of the last, of a day."""
    key = (row[0], row[2], "", row[8])
    found = (row[9] if aggregation is Aggregation.LAST else 0, row[3], 1)
    before = days.get(key)
    if before is not None:
        found = (*max(before[:2], found[:2]), before[2] + 1)
    days[key] = found


def _make_anew(
    aggregations: Mapping[int, Aggregation], wanted: Sequence[tuple[int, date]], zone: Callable[[], tzinfo]
) -> None:
    rows = days_from_events(aggregations, wanted, zone)
    _delete(wanted)
    insert(UsageDay, DAY, rows)


def days_from_events(
    aggregations: Mapping[int, Aggregation], wanted: Sequence[tuple[int, date]], zone: Callable[[], tzinfo]
) -> list[Row]:
    """The daily rows of items (that are not summed) and days, from all events that count, in the order of ``DAY``."""
    rows = []
    for (item, day, subject), found in _events_of(wanted).items():
        aggregation, moment, weight = aggregations[item], 0, 0
        if aggregation in LEVELS:
            length = seconds_between(day, day + timedelta(days=1), zone())
            quantity, moment, weight = day_of_level(found, length)
        elif aggregation is Aggregation.LAST:
            quantity, moment = day_of_last(found)
        else:
            quantity = max(each for _moment, each in found)
        rows.append((item, day, "", subject, quantity, 0, len(found), moment, weight))
    return rows


def _events_of(wanted: Sequence[tuple[int, date]]) -> dict[tuple[int, date, str], list[tuple[int, int]]]:
    """(Item, day, subject) → (moment, quantity) of the events that count and were not corrected."""
    source, parameters = given(("item", "day"), ("bigint", "date"), wanted)
    found: dict[tuple[int, date, str], list[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.item_id, e.day, e.subject, e.moment, e.quantity FROM {source} "
            f"JOIN {TABLE} AS e ON e.item_id = w.item AND e.day = w.day AND e.moment IS NOT NULL AND e.counts "
            f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE} AS c WHERE c.item_id = e.item_id AND c.corrects = e.key "
            f"AND c.corrects <> '')",
            parameters,
        )
        for item, day, subject, moment, quantity in cursor.fetchall():
            found.setdefault((item, day, subject), []).append((moment, quantity))
    return found


def _delete(wanted: Sequence[tuple[int, date]]) -> None:
    source, parameters = given(("item", "day"), ("bigint", "date"), wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {UsageDay._meta.db_table} WHERE (item_id, day) IN (SELECT item, day FROM {source})",
            parameters,
        )
