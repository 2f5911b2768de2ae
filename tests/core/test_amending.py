"""How changes combine, and on which day they take effect (PI-03, PI-15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import item, terms
from turnus.core.amending import CARRIED, Moment, Row, effective_day, fee_period_end, in_force, restated, stated
from turnus.core.catalog import Model
from turnus.core.contracts import Grid, Timing
from turnus.core.periods import Cycle

FIRST = date(2025, 1, 1)
NAMES = ("price", "quantity", "product")
DAYS = st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))
STATEMENTS = st.lists(
    st.tuples(DAYS, st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1)), max_size=8
)
Fields = dict[str, Any]


def recorded(statements: list[tuple[date, Fields]]) -> list[Row]:
    """The rows that these statements leave, recorded one after the other."""
    rows = [Row(date.min, 0, dict.fromkeys(NAMES, 0), "")]
    for since, fields in statements:
        for row in restated(rows, since, fields):
            rows.append(row._replace(order=len(rows)))
    return rows


def in_rows(rows: list[Row], day: date) -> Fields:
    """What the rows alone say of a day: the latest up to it; of two on one day the one recorded later."""
    return max((row for row in rows if row.since <= day), key=lambda row: (row.since, row.order)).fields


def naive(statements: list[tuple[date, Fields]], day: date) -> Fields:
    """Field by field what was stated last for a day up to this one."""
    found: Fields = dict.fromkeys(NAMES, 0)
    for since in sorted({since for since, _fields in statements if since <= day}):
        for other, fields in statements:
            if other == since:
                found |= fields
    return found


@given(STATEMENTS)
def test_in_whatever_order_changes_are_recorded_each_field_is_what_was_stated_last_for_the_day(
    statements: list[tuple[date, Fields]],
) -> None:
    rows = recorded(statements)
    for offset in range(32):
        day = FIRST + timedelta(days=offset)
        assert in_rows(rows, day) == naive(statements, day)


@given(STATEMENTS, st.data())
def test_changes_of_different_days_may_be_recorded_in_any_order(
    statements: list[tuple[date, Fields]], data: st.DataObject
) -> None:
    once = list({since: (since, fields) for since, fields in statements}.values())
    shuffled = data.draw(st.permutations(once))
    for offset in range(32):
        day = FIRST + timedelta(days=offset)
        assert in_rows(recorded(once), day) == in_rows(recorded(shuffled), day)


def test_rows_that_do_not_say_what_they_state_state_what_differs() -> None:
    """So were rows written before amendments were kept: a later price does not take an earlier quantity back."""
    start: Fields = {"price": 10, "quantity": 5}
    later = Row(date(2025, 4, 21), 1, {"price": 12, "quantity": 5}, "")
    rows = [Row(date.min, 0, start, ""), later]
    assert stated(rows)[1].fields == {"price": 12}
    own, carried = restated(rows, date(2025, 4, 11), {"quantity": 8})
    assert (own.since, own.fields, own.states) == (date(2025, 4, 11), {"price": 10, "quantity": 8}, "quantity")
    assert (carried.since, carried.fields) == (date(2025, 4, 21), {"price": 12, "quantity": 8})
    assert carried.states == CARRIED
    assert in_force(stated([*rows, own, carried]))[date(2025, 4, 21)] == {"price": 12, "quantity": 8}


@pytest.mark.parametrize(
    ("day", "end"),
    [("2025-01-31", "2025-02-28"), ("2025-02-27", "2025-02-28"), ("2025-02-28", "2025-03-31")],
)
def test_the_end_of_the_period_is_that_of_the_items_own_fee_period(day: str, end: str) -> None:
    """Anchor day 31 (hard case 1): on the first day of a period the change waits for the end of that very period."""
    fee = item("30.00", start="2025-01-31")
    assert effective_day(fee, Moment.PERIOD_END, on=date.fromisoformat(day)) == date.fromisoformat(end)
    assert effective_day(fee, Moment.AT_ONCE, on=date.fromisoformat(day)) == date.fromisoformat(day)


def test_a_period_ends_where_another_grid_begins() -> None:
    yearly = Grid(date(2025, 3, 15), Cycle(12, 0), Cycle(12, 0), date(2025, 3, 15), Timing.ADVANCE)
    fee = item("30.00")
    fee = fee._replace(grids=[*fee.grids, yearly])
    assert fee_period_end(fee, date(2025, 3, 10)) == date(2025, 3, 15)
    assert fee_period_end(fee, date(2025, 3, 15)) == date(2026, 3, 15)


def test_where_no_period_runs_a_change_waits_for_none() -> None:
    once = item("49.00", model=Model.ONE_OFF)
    assert effective_day(once, Moment.PERIOD_END, on=date(2025, 1, 10)) == date(2025, 1, 10)
    later = item("30.00", start="2025-06-01", later=[terms("2025-06-01", "31.00")])
    assert effective_day(later, Moment.PERIOD_END, on=date(2025, 1, 10)) == date(2025, 1, 10)
