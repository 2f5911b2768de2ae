"""The tables of docs/algorithms/usage.md about meters are run."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.core.tables import Row, rows
from turnus.core.aggregation import DayRow, Detail, aggregated, as_quantity, day_of_last, day_of_level
from turnus.core.measuring import counted, counting
from turnus.core.periods import Period
from turnus.core.schemes import Rounding
from turnus.core.usage import LEVELS, Aggregation, Metering, seconds_between

BERLIN = ZoneInfo("Europe/Berlin")
MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@pytest.mark.parametrize("row", rows("quanta"))
def test_events_count_in_their_unit_and_quantum(row: Row) -> None:
    quantum = Decimal(row["quantum"]) if row["quantum"] else None
    how = counting(Metering(unit=row["unit"], quantum=quantum, rounding=Rounding(row["rounding"] or "up")))
    events = re.findall(r"(-?[0-9.]+)([a-zA-Z]+)", row["events"])
    units = {"s": "SEC"}
    total = sum(counted(how, Decimal(number), units.get(unit, unit)) for number, unit in events)
    assert plain(as_quantity(total, how.scale, how.per)) == row["counted"]


@pytest.mark.parametrize("aggregation", list(Aggregation))
@pytest.mark.parametrize("row", rows("aggregations"))
def test_events_of_march_add_up(row: Row, aggregation: Aggregation) -> None:
    how = counting(Metering(aggregation=aggregation))
    days: dict[tuple[date, str], list[int]] = {}
    for day, subject, number in re.findall(r"(\d+):([a-z])(-?\d+)", row["events"]):
        events = days.setdefault((date(2025, 3, int(day)), subject), [])
        events.append(counted(how, Decimal(number), ""))
    kept = [day_row(aggregation, day, subject, events) for (day, subject), events in sorted(days.items())]
    levels = {row["before"][0]: int(row["before"][1:]) * 10**how.scale} if row["before"] else {}
    if aggregation in {Aggregation.SUM, Aggregation.COUNT}:
        found = sum(each.quantity for each in kept)
    else:
        found = aggregated(Detail(aggregation, kept, BERLIN, levels), how.scale, MARCH, [])
    quantity = as_quantity(found, how.scale, how.per)
    assert quantity == Decimal(row[aggregation.value])


def day_row(aggregation: Aggregation, day: date, subject: str, events: list[int]) -> DayRow:
    """Events at midnight, as the intake joins them."""
    at_midnight = [(0, number) for number in events]
    if aggregation in LEVELS:
        level, moment, weight = day_of_level(at_midnight, seconds_between(day, day + timedelta(days=1), BERLIN))
        return DayRow(day, "", subject, level, 0, moment, weight)
    if aggregation is Aggregation.LAST:
        return DayRow(day, "", subject, *day_of_last(at_midnight)[:1])
    return DayRow(day, "", subject, max(events) if aggregation is Aggregation.MAX else sum(events))
