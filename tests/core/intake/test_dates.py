"""Days, moments and cycles people write: H-02, time zones, the hours that exist twice or not at all."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.intake.cells import Cell, CellError, Reading
from turnus.core.intake.dates import (
    first_day,
    format_date,
    format_last_day,
    last_day,
    parse_cycle,
    parse_date,
    parse_moment,
)
from turnus.core.periods import FAR_FUTURE, Cycle
from turnus.core.usage import local_day

BERLIN = ZoneInfo("Europe/Berlin")
FILE = Reading(BERLIN)
FORM = Reading(BERLIN, on=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("2.1.1999", date(1999, 1, 2)),
        ("02.01.99", date(1999, 1, 2)),
        ("2026-11-22", date(2026, 11, 22)),
        ("22.11.", date(2026, 11, 22)),
        ("2211", date(2026, 11, 22)),
        ("heute", date(2026, 11, 20)),
        ("Morgen", date(2026, 11, 21)),
        ("+14", date(2026, 12, 4)),
        ("-20", date(2026, 10, 31)),
        (date(2026, 11, 22), date(2026, 11, 22)),
        (datetime(2026, 11, 22), date(2026, 11, 22)),  # noqa: DTZ001 - a spreadsheet's date
        ("31.12.9999", FAR_FUTURE),
    ],
)
def test_a_day_is_read_as_people_write_it(written: Cell, day: date) -> None:
    assert parse_date(written, FORM) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("31.02.2026", "date_missing"),
        ("2026-13-01", "date_missing"),
        ("11/22/2026", "date"),
        ("22.11.2026 10:00", "date"),
        ("demnächst", "date"),
        (45983, "date"),
        (True, "date"),
        ("01.01.1066", "date_range"),
        ("01.01.2999", "date_range"),
        (datetime(2026, 11, 22, 10), "date_has_time"),  # noqa: DTZ001 - a spreadsheet's date
        ("22.11.", "date_relative"),
        ("2211", "date_relative"),
        ("heute", "date_relative"),
        ("+14", "date_relative"),
    ],
)
def test_what_is_no_day_is_refused(written: Cell, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_date(written, FILE)
    assert caught.value.code == code


def test_a_last_day_is_inclusive_in_files_and_half_open_in_values() -> None:
    assert last_day("30.11.2026", FILE) == date(2026, 12, 1)
    assert last_day("31.12.9999", FILE) is None
    assert format_last_day(date(2026, 12, 1)) == "30.11.2026"
    with pytest.raises(CellError, match="date_range"):
        first_day("31.12.9999", FILE)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_reading_gives_back_the_day_that_was_written(day: date) -> None:
    assert parse_date(format_date(day), FILE) == parse_date(day.isoformat(), FILE) == day


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-30T23:30:00Z", datetime(2026, 11, 30, 23, 30, tzinfo=UTC)),
        ("2026-11-30T23:30+01:00", datetime(2026, 11, 30, 22, 30, tzinfo=UTC)),
        ("2026-11-30 23:30:15.250-0500", datetime(2026, 12, 1, 4, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-11-30 23:30 +01", datetime(2026, 11, 30, 22, 30, tzinfo=UTC)),
        ("30.11.2026 23:30", datetime(2026, 11, 30, 22, 30, tzinfo=UTC)),
        ("2026-07-01 00:30", datetime(2026, 6, 30, 22, 30, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 11, 30, 23, 30), datetime(2026, 11, 30, 22, 30, tzinfo=UTC)),  # noqa: DTZ001 - spreadsheet
        ("30.11.2026", date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 11, 30)),
    ],
)
def test_a_moment_without_zone_is_local(written: Cell, moment: datetime | date) -> None:
    assert parse_moment(written, FILE) == moment


@pytest.mark.parametrize(
    ("written", "code"),
    [("2026-03-29 02:30", "time_skipped"), ("2026-11-30 24:30", "time"), ("2026-11-30 abends", "date")],
)
def test_an_hour_that_does_not_exist_is_refused(written: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_moment(written, FILE)
    assert caught.value.code == code


@given(st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_an_instant_survives_being_written(moment: datetime) -> None:
    assert parse_moment(moment.isoformat(), FILE) == moment
    assert parse_moment(moment.isoformat(" ").replace("+00:00", "Z"), FILE) == moment


def test_usage_counts_on_the_sellers_day() -> None:
    assert local_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), BERLIN) == date(2026, 12, 1)
    assert local_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), UTC) == date(2026, 11, 30)
    assert local_day(date(2026, 11, 30), BERLIN) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("written", "cycle"),
    [
        ("1 month", Cycle(1, 0)),
        ("3 months", Cycle(3, 0)),
        ("monatlich", Cycle(1, 0)),
        ("quarterly", Cycle(3, 0)),
        ("vierteljährlich", Cycle(3, 0)),
        ("halbjährlich", Cycle(6, 0)),
        ("half-yearly", Cycle(6, 0)),
        ("yearly", Cycle(12, 0)),
        ("JÄHRLICH", Cycle(12, 0)),
        ("2 Jahre", Cycle(24, 0)),
        ("2 Wochen", Cycle(0, 14)),
        ("14 Tage", Cycle(0, 14)),
        ("14-tägig", Cycle(0, 14)),
        ("alle 2 Wochen", Cycle(0, 14)),
        ("every 3 months", Cycle(3, 0)),
        ("pro Monat", Cycle(1, 0)),
    ],
)
def test_a_cycle_is_read_as_people_write_it(written: str, cycle: Cycle) -> None:
    assert parse_cycle(written, FILE) == cycle


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0 Monate", "cycle_length"),
        ("11 Jahre", "cycle_length"),
        ("monatlcih", "cycle"),
        ("bimonthly", "cycle"),
        ("3", "cycle"),
    ],
)
def test_what_is_no_cycle_is_refused(written: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_cycle(written, FILE)
    assert caught.value.code == code
    assert "monatlich" in caught.value.params.get("nearest", "") or written != "monatlcih"


@given(st.one_of(st.integers(1, 120).map(lambda n: Cycle(n, 0)), st.integers(1, 3660).map(lambda n: Cycle(0, n))))
def test_every_length_of_a_cycle_is_read(cycle: Cycle) -> None:
    count, unit = (cycle.months, "month") if cycle.months else (cycle.days, "day")
    assert parse_cycle(f"{count} {unit}" if count == 1 else f"{count} {unit}s", FILE) == cycle
