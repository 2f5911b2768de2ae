"""Rows of usage beside a line add up to it, whatever was used."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from turnus.core.aggregation import DayRow, Detail, aggregated, as_quantity
from turnus.core.contracts import Usage, UsageTotal
from turnus.core.periods import Period
from turnus.core.usage import Aggregation, Display
from turnus.core.usage_rows import difference, usage_rows

BERLIN = ZoneInfo("Europe/Berlin")
MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))
SHOWN = [Display.TABLE, Display.APPENDIX]
ROWS = st.lists(
    st.builds(
        DayRow, st.integers(0, 40).map(lambda place: date(2025, 2, 25) + timedelta(days=place)),
        st.sampled_from(["", "a=1", "a=2"]), st.sampled_from(["", "x", "y"]), st.integers(-9, 9_999),
        st.just(0), st.just(0), st.integers(0, 10**6),
    ),
    max_size=12, unique_by=lambda row: (row[0], row[1], row[2]),
).map(sorted)  # fmt: skip
HOLES = st.sampled_from([[], [Period(date(2025, 3, 10), date(2025, 3, 15))]])


def usage(rows: list[DayRow], aggregation: Aggregation, display: Display, per: int = 1) -> Usage:
    totals = [UsageTotal(row.day, row.quantity, row.amount) for row in rows]
    return Usage(3, totals, per=per, detail=Detail(aggregation, rows, BERLIN, {}, display))


@given(ROWS, HOLES, st.sampled_from(SHOWN), st.sampled_from([1, 7, 3600]))
def test_rows_of_a_sum_add_up_to_the_quantity_of_the_line(
    rows: list[DayRow], holes: list[Period], display: Display, per: int
) -> None:
    inside = [row for row in rows if row.day in _days(holes)]
    found = usage_rows(usage(rows, Aggregation.SUM, display, per), MARCH, holes)
    assert sum(row.quantity for row in found) == as_quantity(sum(row.quantity for row in inside), 3, per)


def _days(holes: list[Period]) -> set[date]:
    whole = {MARCH.start + timedelta(days=place) for place in range(MARCH.days)}
    return {day for day in whole if not any(hole.start <= day < hole.end for hole in holes)}


@given(ROWS, st.sampled_from(SHOWN), st.sampled_from([Aggregation.TIME, Aggregation.MAX, Aggregation.LAST]))
def test_rows_per_subject_add_up_to_the_quantity_of_the_line(
    rows: list[DayRow], display: Display, aggregation: Aggregation
) -> None:
    """A level per day and subject; highest and last only per subject."""
    own = [row._replace(dimension="", subject="x" if not row.subject else row.subject) for row in rows]
    own = sorted({(row.day, row.subject): row for row in own}.values())
    if aggregation is not Aggregation.TIME:
        display = Display.TABLE
    used = usage(own, aggregation, display)
    assert used.detail is not None
    whole = as_quantity(aggregated(used.detail, 3, MARCH, []), 3, 1)
    assert sum(row.quantity for row in usage_rows(used, MARCH, [])) == whole


@given(ROWS)
def test_an_appendix_lists_each_subject_that_is_counted(rows: list[DayRow]) -> None:
    used = usage(rows, Aggregation.UNIQUE, Display.APPENDIX)
    assert used.detail is not None
    found = usage_rows(used, MARCH, [])
    assert Decimal(len(found)) == as_quantity(aggregated(used.detail, 3, MARCH, []), 3, 1)
    assert len({row.label for row in found}) == len(found)


@given(ROWS, ROWS, st.sampled_from(SHOWN))
def test_the_difference_of_rows_is_what_was_added(before: list[DayRow], after: list[DayRow], display: Display) -> None:
    dims = [row._replace(dimension=row.dimension or "a=0") for row in before]
    later = [row._replace(dimension=row.dimension or "a=0") for row in after]
    old = usage_rows(usage(dims, Aggregation.SUM, display), MARCH, [])
    new = usage_rows(usage(later, Aggregation.SUM, display), MARCH, [])
    rest = difference(new, old)
    assert sum(row.quantity for row in rest) == sum(row.quantity for row in new) - sum(row.quantity for row in old)
    assert all(row.quantity for row in rest)
    assert difference(new, new) == []


def test_a_line_that_says_it_all_shows_nothing_below_it() -> None:
    rows = [DayRow(MARCH.start, "a=1", "", 5)]
    assert usage_rows(usage(rows, Aggregation.SUM, Display.TOTAL), MARCH, []) == []
    assert usage_rows(Usage(3, [UsageTotal(MARCH.start, 5, 0)]), MARCH, []) == []
