"""Periods, anchors and cycles (hard cases 1 and 2; JB-01, 14, 28, 30; FL-06, OD-58, PI-11)."""

import pytest

from tests.builders import (
    BY,
    company,
    contract,
    day,
    item,
    lines,
    only,
    product,
    run,
    run_months,
    totals,
)
from turnus.contracts.amend import end_contract
from turnus.core.contracts import Timing
from turnus.core.formatting import format_period
from turnus.core.periods import Cycle, add_months

pytestmark = pytest.mark.database

MONTH, QUARTER, YEAR = Cycle(1, 0), Cycle(3, 0), Cycle(12, 0)


def starts(anchor: str, cycle: Cycle, count: int) -> list[str]:
    return [add_months(day(anchor), index * cycle.months).isoformat() for index in range(count)]


def test_case_1_anchor_31_gives_twelve_full_months_without_drift() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-31", "abo")
    documents = run_months(firm, *starts("2025-01-31", MONTH, 12))
    assert [lines(document) for document in documents] == [
        ["1 abo 31.01.2025–27.02.2025 30.00"],
        ["1 abo 28.02.2025–30.03.2025 30.00"],
        ["1 abo 31.03.2025–29.04.2025 30.00"],
        ["1 abo 30.04.2025–30.05.2025 30.00"],
        ["1 abo 31.05.2025–29.06.2025 30.00"],
        ["1 abo 30.06.2025–30.07.2025 30.00"],
        ["1 abo 31.07.2025–30.08.2025 30.00"],
        ["1 abo 31.08.2025–29.09.2025 30.00"],
        ["1 abo 30.09.2025–30.10.2025 30.00"],
        ["1 abo 31.10.2025–29.11.2025 30.00"],
        ["1 abo 30.11.2025–30.12.2025 30.00"],
        ["1 abo 31.12.2025–30.01.2026 30.00"],
    ]
    assert sum(document.net for document in documents) == 360_00
    assert run(firm, "2026-01-30") == []
    assert lines(only(run(firm, "2026-01-31"))) == ["1 abo 31.01.2026–27.02.2026 30.00"]


def test_case_1_anchor_30_returns_to_the_30th_after_a_leap_february() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2024-01-30", "abo")
    documents = run_months(firm, "2024-01-30", "2024-02-29", "2024-03-30")
    assert [lines(document) for document in documents] == [
        ["1 abo 30.01.2024–28.02.2024 30.00"],
        ["1 abo 29.02.2024–29.03.2024 30.00"],
        ["1 abo 30.03.2024–29.04.2024 30.00"],
    ]


def test_case_2a_yearly_from_29_february_is_back_on_the_29th_in_2028() -> None:
    firm = company()
    product(firm, "abo", "365.00")
    contract(firm, "V1", "2024-02-29", "abo", fee=YEAR)
    documents = run_months(firm, *starts("2024-02-29", YEAR, 5))
    periods = [document.lines[0].period for document in documents]
    assert [format_period(period, "de") for period in periods if period] == [
        "29.02.2024–27.02.2025",
        "28.02.2025–27.02.2026",
        "28.02.2026–27.02.2027",
        "28.02.2027–28.02.2028",
        "29.02.2028–27.02.2029",
    ]
    assert [period.days for period in periods[:4] if period] == [365, 365, 365, 366]


@pytest.mark.parametrize(
    ("year", "price", "refund"),
    [("2024", "366.00", "-335.00 + -63.65 = -398.65"), ("2025", "365.00", "-334.00 + -63.46 = -397.46")],
)
def test_case_2b_a_year_ended_after_january_is_refunded_by_its_own_length(year: str, price: str, refund: str) -> None:
    firm = company()
    product(firm, "abo", price)
    contract(firm, "V1", f"{year}-01-01", "abo", fee=YEAR)
    run(firm, f"{year}-01-01")
    end_contract(firm.id, "V1", end=day(f"{year}-02-01"), by=BY)
    credit = only(run(firm, f"{year}-02-01"))
    assert totals(credit) == refund
    assert lines(credit) == [f"-1 abo 01.02.{year}–31.12.{year} {refund.split(maxsplit=1)[0]}"]


@pytest.mark.parametrize(
    ("start", "price", "net"), [("2024-02-15", "29.00", "15.00"), ("2023-02-15", "28.00", "14.00")]
)
def test_case_2c_a_first_part_of_a_calendar_month_counts_the_days_of_that_february(
    start: str, price: str, net: str
) -> None:
    firm = company()
    product(firm, "abo", price)
    contract(firm, "V1", start, "abo", anchor=f"{start[:4]}-01-01")
    first = only(run(firm, start))
    assert first.net == int(net.replace(".", ""))
    assert (first.lines[0].days, first.lines[0].whole_days) == (int(net[:2]), int(price[:2]))
    assert lines(only(run(firm, f"{start[:4]}-03-01"))) == [f"1 abo 01.03.{start[:4]}–31.03.{start[:4]} {price}"]


@pytest.mark.parametrize(
    ("cycle", "second", "third"),
    [
        (Cycle(0, 1), "2025-01-02", "2025-01-03"),
        (Cycle(0, 10), "2025-01-11", "2025-01-21"),
        (Cycle(0, 14), "2025-01-15", "2025-01-29"),
        (Cycle(0, 21), "2025-01-22", "2025-02-12"),
        (Cycle(2, 0), "2025-03-01", "2025-05-01"),
        (Cycle(6, 0), "2025-07-01", "2026-01-01"),
        (Cycle(18, 0), "2026-07-01", "2028-01-01"),
    ],
)
def test_jb_28_od_58_cycles_of_n_days_weeks_or_months_follow_each_other_without_gap(
    cycle: Cycle, second: str, third: str
) -> None:
    firm = company()
    product(firm, "abo", "10.00")
    contract(firm, "V1", "2025-01-01", "abo", fee=cycle)
    periods = [document.lines[0].period for document in run_months(firm, "2025-01-01", second, third)]
    assert [period.start for period in periods if period] == [day("2025-01-01"), day(second), day(third)]
    assert [period.end for period in periods[:2] if period] == [day(second), day(third)]


def test_jb_01_nothing_is_billed_before_it_is_due_or_twice() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-15", "abo")
    counts = [
        len(run(firm, through)) for through in ("2025-01-14", "2025-01-15", "2025-01-15", "2025-02-14", "2025-02-15")
    ]
    assert counts == [0, 1, 0, 0, 1]


def test_jb_14_nothing_before_start_or_after_end_and_the_last_part_is_prorated() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-11", "abo", end="2025-06-16", anchor="2025-04-01")
    documents = run_months(firm, "2025-04-01", "2025-04-11", "2025-05-01", "2025-06-01", "2025-07-01", "2026-01-01")
    assert [lines(document) for document in documents] == [
        ["1 abo 11.04.2025–30.04.2025 20.00"],
        ["1 abo 01.05.2025–31.05.2025 30.00"],
        ["1 abo 01.06.2025–15.06.2025 15.00"],
    ]


def test_fl_06_customers_with_different_intervals_are_billed_side_by_side() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "abo", fee=QUARTER)
    contract(firm, "V3", "2025-01-01", "abo", fee=YEAR, timing=Timing.ARREARS)
    assert [len(documents) for documents in (run(firm, first) for first in starts("2025-01-01", MONTH, 13))] == [
        2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 3,
    ]  # fmt: skip


def test_arrears_are_billed_when_the_period_is_over() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-10", item("abo", timing=Timing.ARREARS))
    assert run(firm, "2025-02-09") == []
    assert lines(only(run(firm, "2025-02-10"))) == ["1 abo 10.01.2025–09.02.2025 30.00"]


def test_several_missed_periods_are_caught_up_on_one_invoice() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    assert lines(only(run(firm, "2025-04-20"))) == [
        "1 abo 01.02.2025–28.02.2025 30.00",
        "1 abo 01.03.2025–31.03.2025 30.00",
        "1 abo 01.04.2025–30.04.2025 30.00",
    ]
