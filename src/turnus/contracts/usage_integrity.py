"""Daily rows of usage recomputed from the events by a path of their own: sums in SQL, the others anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import connection

from turnus.contracts.models import Contract, Item, UsageDay, UsageEvent
from turnus.contracts.usage_days import DAY, days_from_events
from turnus.contracts.usage_events import TABLE
from turnus.core.usage import LEVELS, Aggregation
from turnus.parties.facts import seller_facts

if TYPE_CHECKING:
    from datetime import date

PAGE: Final = 500
SHOWN: Final = 100
"""Most findings that are named."""
_ANEW: Final = (*sorted(LEVELS), Aggregation.LAST)


def wrong_usage_days() -> list[str]:
    """Contract, item and day of daily rows that are not what the events add up to."""
    found = [*_wrong_sums(), *_wrong_others()][:SHOWN]
    rows = Item.objects.filter(id__in={item for item, _day in found}).values_list("id", "contract_id", "code")
    items = {item: (contract, code) for item, contract, code in rows}
    contracts = {contract for contract, _code in items.values()}
    numbers = dict(Contract.objects.filter(id__in=contracts).values_list("id", "number"))
    return [f"{numbers[items[item][0]]}/{items[item][1]} {day.isoformat()}" for item, day in sorted(set(found))]


def _wrong_sums() -> list[tuple[int, date]]:
    days, items = UsageDay._meta.db_table, Item._meta.db_table
    others = ", ".join(f"'{aggregation}'" for aggregation in _ANEW)
    statement = f"""
        WITH should AS (
            SELECT e.item_id, e.day, CASE WHEN i.aggregation = 'max' THEN '' ELSE e.dimension END AS dimension,
                CASE WHEN i.aggregation IN ('max', 'unique') THEN e.subject ELSE '' END AS subject,
                CAST(CASE WHEN i.aggregation = 'max' THEN MAX(e.quantity) ELSE SUM(e.quantity) END AS bigint)
                    AS quantity,
                CAST(SUM(e.amount) AS bigint) AS amount, COUNT(*) AS events
            FROM {TABLE} AS e JOIN {items} AS i ON i.id = e.item_id
            WHERE e.counts AND i.aggregation NOT IN ({others}) AND NOT EXISTS (
                SELECT 1 FROM {TABLE} AS c WHERE c.item_id = e.item_id AND c.corrects = e.key AND c.corrects <> '')
            GROUP BY 1, 2, 3, 4, i.aggregation
        ), kept AS (
            SELECT d.item_id, d.day, d.dimension, d.subject, d.quantity, d.amount, d.events
            FROM {days} AS d JOIN {items} AS i ON i.id = d.item_id
            WHERE i.aggregation NOT IN ({others}) AND (d.quantity <> 0 OR d.amount <> 0 OR d.events <> 0)
        ), lacking AS (SELECT * FROM should EXCEPT SELECT * FROM kept),
        surplus AS (SELECT * FROM kept EXCEPT SELECT * FROM should)
        SELECT item_id, day FROM lacking UNION SELECT item_id, day FROM surplus ORDER BY item_id, day LIMIT {SHOWN}
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[int, date]] = cursor.fetchall()
    return rows


def _wrong_others() -> list[tuple[int, date]]:
    items = Item.objects.filter(aggregation__in=_ANEW).order_by("id")
    found: list[tuple[int, date]] = []
    after = 0
    while page := list(items.filter(id__gt=after).values_list("id", "contract_id", "aggregation")[:PAGE]):
        after = page[-1][0]
        sellers = dict(Contract.objects.filter(id__in={row[1] for row in page}).values_list("id", "seller_id"))
        for seller in sorted(set(sellers.values())):
            mine = {item: Aggregation(name) for item, contract, name in page if sellers[contract] == seller}
            found += _wrong_of(seller, mine)
    return found


def _wrong_of(seller: int, aggregations: dict[int, Aggregation]) -> list[tuple[int, date]]:
    events = UsageEvent.objects.filter(item_id__in=aggregations, moment__isnull=False, counts=True)
    wanted = sorted(set(events.values_list("item_id", "day")))
    if not wanted:
        return list(UsageDay.objects.filter(item_id__in=aggregations).values_list("item_id", "day"))
    zone = ZoneInfo(seller_facts(seller, on=wanted[-1][1]).data.time_zone)
    should = set(days_from_events(aggregations, wanted, lambda: zone))
    kept = set(UsageDay.objects.filter(item_id__in=aggregations).values_list(*DAY))
    return sorted({(row[0], row[1]) for row in should ^ kept})
