"""Instalments (hard case 15): dated parts whose sum is the invoice to the cent."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.instalments import Plan, PlanError, instalments, plan_of, reduced
from turnus.core.intake.cells import CellError, Reading
from turnus.core.intake.plans import parse_plan
from turnus.core.periods import Cycle

MONTH = Cycle(1, 0)
FIRST = date(2025, 1, 31)


def amounts(cents: int, text: str) -> list[int]:
    return [part.amount for part in instalments(cents, plan_of(text), FIRST)]


def test_case_15_cents_go_to_the_earliest_and_the_last_takes_the_rest() -> None:
    assert amounts(1_000_00, "3x/1m") == [333_34, 333_33, 333_33]
    assert amounts(100_00, "7x/1m") == [14_29] * 4 + [14_28] * 3
    assert amounts(119_99, "30+30+40%/1m") == [36_00, 36_00, 47_99]


def test_case_15_a_credit_reduces_the_latest_or_the_earliest() -> None:
    parts = instalments(1_000_00, plan_of("3x/1m"), FIRST)
    assert [part.amount for part in reduced(parts, 100_00, latest=True)] == [333_34, 333_33, 233_33]
    assert [part.amount for part in reduced(parts, 400_00, latest=True)] == [333_34, 266_66]
    assert [part.amount for part in reduced(parts, 400_00, latest=False)] == [266_67, 333_33]
    assert [part.number for part in reduced(parts, 400_00, latest=False)] == [2, 3]


def test_due_days_are_counted_from_the_first() -> None:
    assert [str(part.due_on) for part in instalments(3, plan_of("3x/1m"), FIRST)] == [
        "2025-01-31", "2025-02-28", "2025-03-31",
    ]  # fmt: skip
    assert [str(part.due_on) for part in instalments(3, plan_of("3x/14d"), FIRST)] == [
        "2025-01-31", "2025-02-14", "2025-02-28",
    ]  # fmt: skip


PLANS = st.builds(
    Plan, st.integers(2, 60), st.sampled_from([MONTH, Cycle(0, 14)]), st.just(()), st.booleans()
) | st.builds(
    lambda rates, credit_first: Plan(
        len(rates), MONTH, tuple(Decimal(100 * rate) / sum(rates) for rate in rates), credit_first
    ),
    st.lists(st.integers(1, 5), min_size=2, max_size=8).filter(lambda rates: 100 % sum(rates) == 0),
    st.booleans(),
)  # fmt: skip


@given(st.integers(1, 50) | st.integers(1, 10**9), PLANS)
def test_parts_add_up_none_is_negative_and_no_part_is_nothing(cents: int, plan: Plan) -> None:
    parts = instalments(cents, plan, FIRST)
    assert sum(part.amount for part in parts) == cents
    assert all(part.amount > 0 for part in parts)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert [part.due_on for part in parts] == sorted(part.due_on for part in parts)


@given(st.integers(1, 10**6), PLANS, st.integers(0, 120), st.booleans())
def test_what_is_left_after_a_credit_adds_up(cents: int, plan: Plan, percent: int, latest: bool) -> None:
    credit = cents * percent // 100
    left = reduced(instalments(cents, plan, FIRST), credit, latest=latest)
    assert sum(part.amount for part in left) == max(0, cents - credit)


@given(PLANS)
def test_a_plan_reads_back_as_it_was_written(plan: Plan) -> None:
    read = plan_of(str(plan))
    assert read._replace(rates=()) == plan._replace(rates=())
    assert [Decimal(rate) for rate in read.rates] == list(plan.rates)


@pytest.mark.parametrize(
    "text",
    ["", "3", "1x/1m", "61x/1m", "3x/0m", "3x/1y", "30+30%/1m", "50+60%/1m", "100+0%/1m", "3x/1m/last", "-3x/1m"],
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        plan_of(text)


@pytest.mark.parametrize(
    ("cell", "plan"),
    [("3", "3x/1m"), ("3x", "3x/1m"), ("3 Raten", "3x/1m"), ("30/30/40", "30+30+40%/1m"),
     ("30/30/40 %", "30+30+40%/1m"), ("12,5+87,5%/14d", "12.5+87.5%/14d"), ("30+30+40%", "30+30+40%/1m"),
     ("4x/1m/first", "4x/1m/first")],
)  # fmt: skip
def test_people_write_plans_in_many_ways(cell: str, plan: str) -> None:
    assert str(parse_plan(cell, Reading(UTC))) == plan


def test_a_cell_that_is_no_plan_says_so() -> None:
    with pytest.raises(CellError) as error:
        parse_plan("bald", Reading(UTC))
    assert error.value.code == "instalments"
