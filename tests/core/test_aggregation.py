"""Daily rows compose: whatever the events, a slot adds up to what a reader of all its events would count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.aggregation import DayRow, Detail, aggregated, as_quantity, day_of_last, day_of_level
from turnus.core.contracts import Usage
from turnus.core.counting import Growth
from turnus.core.money import half_up
from turnus.core.periods import Period
from turnus.core.usage import (
    Aggregation,
    InvalidFilterError,
    canonical_dimension,
    local_moment,
    midnight,
    passes,
    seconds_between,
)

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2025, 3, 20), date(2025, 4, 10)
SPAN = int((midnight(LAST, BERLIN) - midnight(FIRST, BERLIN)).total_seconds())


class Event(NamedTuple):
    second: int
    """Since FIRST, 0 o'clock in Berlin."""
    subject: str
    quantity: int

    @property
    def at(self) -> datetime:
        return midnight(FIRST, BERLIN) + timedelta(seconds=self.second)


EVENTS = st.lists(
    st.builds(Event, st.integers(0, SPAN - 1), st.sampled_from(["a", "b"]), st.integers(-3, 9)), max_size=12
)
DAYS = st.tuples(st.integers(0, 20), st.integers(1, 12)).map(
    lambda pair: Period(FIRST + timedelta(days=pair[0]), FIRST + timedelta(days=pair[0] + pair[1]))
)


def rows(events: list[Event], aggregation: Aggregation) -> list[DayRow]:
    """What the intake keeps per local day and subject."""
    found: dict[tuple[date, str], list[tuple[int, int]]] = {}
    for event in events:
        day, moment = local_moment(event.at, BERLIN)
        found.setdefault((day, event.subject), []).append((moment, event.quantity))
    kept = []
    for (day, subject), each in sorted(found.items()):
        if aggregation in {Aggregation.TIME, Aggregation.AVERAGE}:
            level, moment, weight = day_of_level(each, seconds_between(day, day + timedelta(days=1), BERLIN))
            kept.append(DayRow(day, "", subject, level, 0, moment, weight))
        elif aggregation is Aggregation.LAST:
            quantity, moment = day_of_last(each)
            kept.append(DayRow(day, "", subject, quantity, 0, moment))
        else:
            take = max if aggregation is Aggregation.MAX else sum
            kept.append(DayRow(day, "", subject, take(quantity for _moment, quantity in each)))
    return kept


def counted(events: list[Event], aggregation: Aggregation, days: Period) -> int:
    """The same by reading all events, second by second where a level holds."""
    start, end = (int((midnight(day, BERLIN) - midnight(FIRST, BERLIN)).total_seconds()) for day in days)
    if aggregation in {Aggregation.TIME, Aggregation.AVERAGE}:
        total = sum(level_seconds([e for e in events if e.subject == subject], start, end) for subject in "ab")
        return total if aggregation is Aggregation.TIME else half_up(total, end - start)
    parts = []
    for subject in "ab":
        mine = [event for event in events if event.subject == subject and start <= event.second < end]
        if not mine:
            continue
        if aggregation is Aggregation.UNIQUE:
            parts.append(int(sum(event.quantity for event in mine) > 0))
        elif aggregation is Aggregation.MAX:
            parts.append(max(event.quantity for event in mine))
        else:
            parts.append(max((event.second, event.quantity) for event in mine)[1])
    return sum(parts)


def level_seconds(events: list[Event], start: int, end: int) -> int:
    ordered = sorted((event.second, event.quantity) for event in events)
    edges = sorted({start, end, *(second for second, _level in ordered if start < second < end)})
    total = 0
    for one, other in pairwise(edges):
        before = [level for second, level in ordered if second <= one]
        total += (before[-1] if before else 0) * (other - one)
    return total


OTHER = [each for each in Aggregation if each not in {Aggregation.SUM, Aggregation.COUNT}]


@given(EVENTS, DAYS, st.sampled_from(OTHER), st.integers(0, 20))
def test_daily_rows_say_what_all_events_say(
    events: list[Event], days: Period, aggregation: Aggregation, since: int
) -> None:
    """Also where reading begins in the middle, with only the level that holds then."""
    first = min(FIRST + timedelta(days=since), days.start)
    whole = rows(events, aggregation)
    levels = {row.subject: row.quantity for row in whole if row.day < first}
    detail = Detail(aggregation, [row for row in whole if row.day >= first], BERLIN, levels)
    assert aggregated(detail, 0, days, []) == counted(events, aggregation, days)


@given(EVENTS, DAYS, st.integers(1, 11))
def test_a_level_in_parts_adds_up_to_the_whole(events: list[Event], days: Period, cut: int) -> None:
    detail = Detail(Aggregation.TIME, rows(events, Aggregation.TIME), BERLIN, {})
    edge = min(days.start + timedelta(days=cut), days.end)
    first, second = Period(days.start, edge), Period(edge, days.end)
    whole = aggregated(detail, 0, days, [])
    assert aggregated(detail, 0, first, []) + aggregated(detail, 0, second, []) == whole
    assert aggregated(detail, 0, days, [second]) == aggregated(detail, 0, first, [])


@given(EVENTS, st.permutations(range(12)))
def test_the_order_of_events_of_one_day_does_not_matter(events: list[Event], order: list[int]) -> None:
    pairs = [(event.second % 86_400 * 1_000_000, event.quantity) for event in events] or [(0, 1)]
    mixed = [pairs[place] for place in order if place < len(pairs)]
    assert day_of_level(mixed, 86_400) == day_of_level(pairs, 86_400)
    assert day_of_last(mixed) == day_of_last(pairs)


def test_over_a_window_a_slot_counts_what_is_new_in_it() -> None:
    """Of a year's different users only those that January has not counted yet; of its highest value only the rise."""
    used = [DayRow(date(2025, 1, 5), "", "a", 1), DayRow(date(2025, 2, 5), "", "a", 1)]
    users = Detail(Aggregation.UNIQUE, [*used, DayRow(date(2025, 2, 6), "", "b", 1)], BERLIN, {})
    january, february, march = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)

    def grown(detail: Detail, since: date) -> Decimal:
        growth = Growth(Usage(0, (), detail=detail), Period(since, march), [], shared=False)
        return growth.between(february, march)

    assert [grown(users, january), grown(users, february)] == [Decimal(1), Decimal(2)]
    peaks = [DayRow(date(2025, 1, 5), "", "", 70), DayRow(date(2025, 2, 5), "", "", 75)]
    assert grown(Detail(Aggregation.MAX, peaks, BERLIN, {}), january) == Decimal(5)


@pytest.mark.parametrize(("per", "quantity"), [(1, "7200.000001"), (3600, "2.000000"), (7, "1028.571429")])
def test_a_quantity_is_rounded_once_where_its_divisor_leaves_a_rest(per: int, quantity: str) -> None:
    assert str(as_quantity(7_200_000_001, 6, per)) == quantity


# ---- local time ------------------------------------------------------------------------------------------------------


ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]


@given(st.integers(0, 3 * 365 * 86_400_000_000), st.sampled_from(ZONES))
def test_a_moment_is_its_local_midnight_and_the_time_since(micros: int, zone: str) -> None:
    at, where = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros), ZoneInfo(zone)
    day, moment = local_moment(at, where)
    assert day == at.astimezone(where).date()
    assert midnight(day, where) + timedelta(microseconds=moment) == at
    assert 0 <= moment < seconds_between(day, day + timedelta(days=1), where) * 1_000_000


def test_days_on_which_clocks_change_are_an_hour_shorter_or_longer() -> None:
    found = [seconds_between(date(2025, *day), date(2025, day[0], day[1] + 1), BERLIN) for day in ((3, 30), (10, 26))]
    assert found == [23 * 3600, 25 * 3600]
    assert seconds_between(date(2025, 3, 1), date(2025, 4, 1), BERLIN) == 743 * 3600


# ---- dimensions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "passing", "failing"),
    [
        ("", ["", "region=eu"], []),
        ("region=eu|ch", ["region=eu", "kind=a;region=ch"], ["", "region=us", "eu"]),
        ("region!=eu", ["", "region=us"], ["region=eu"]),
        ("region=eu; kind != test", ["region=eu", "kind=a;region=eu"], ["kind=test;region=eu", "kind=a"]),
        ("Inland|Ausland", ["Inland", "Ausland;x=1"], ["", "x=Inland"]),
        ("!Inland", ["", "Ausland"], ["Inland"]),
    ],
)
def test_a_filter_takes_events_by_their_dimension(only: str, passing: list[str], failing: list[str]) -> None:
    assert [passes(only, text) for text in passing] == [True] * len(passing)
    assert [passes(only, text) for text in failing] == [False] * len(failing)


@pytest.mark.parametrize("only", ["region=", "=eu", "a=b=c", "|", "a=b|"])
def test_a_filter_that_says_nothing_is_refused(only: str) -> None:
    with pytest.raises(InvalidFilterError):
        passes(only, "")


def test_a_dimension_means_the_same_in_any_order_and_spelling() -> None:
    assert canonical_dimension(" region = eu;kind=call ;") == canonical_dimension("kind=call; region=eu")
    assert canonical_dimension(" Inland ") == "Inland"
