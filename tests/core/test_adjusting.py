"""Price adjustment by rule (JB-17, 27; hard case 6): exact prices, and what must hold for every rule and price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypedDict, Unpack

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.builders import on
from turnus.core.adjusting import Given, Rule, RuleKind, Why, adjusted, decimals_of, faults_of, part_of
from turnus.core.indices import IndexMissingError, IndexTable, IndexValue, month_of

PRICES = st.decimals(Decimal(0), Decimal(100_000), places=2)
FINE = st.integers(0, 5).flatmap(lambda n: st.decimals(Decimal(0), Decimal(1_000), places=n))
PERCENT = st.decimals(Decimal(-100), Decimal(100), places=3)
RATIO = st.fractions(Fraction(1, 2), Fraction(2), max_denominator=2_000)


class Bounds(TypedDict, total=False):
    cap: Decimal
    floor: Decimal
    year_cap: Decimal


def by(kind: RuleKind, value: str | Decimal, **bounds: Unpack[Bounds]) -> Rule:
    return Rule(kind, Decimal(value), **bounds)


def percent(value: Decimal, old: Decimal, **bounds: Unpack[Bounds]) -> Decimal:
    return adjusted(by(RuleKind.PERCENT, value, **bounds), old, 2).price


def indexed(old: Decimal, ratio: Fraction, *, threshold: str = "0", **bounds: Unpack[Bounds]) -> Decimal:
    rule = Rule(RuleKind.INDEX, series="VPI", threshold=Decimal(threshold), **bounds)
    return adjusted(rule, old, 2, Given(ratio)).price


# ---- what holds for every price --------------------------------------------------------------------------------------


@given(FINE)
def test_nothing_by_nothing_changes_nothing(old: Decimal) -> None:
    for rule in (by(RuleKind.PERCENT, "0"), by(RuleKind.AMOUNT, "0"), by(RuleKind.TARGET, old)):
        assert adjusted(rule, old, 2) == (old, Why.SAME)
    assert indexed(old, Fraction(1)) == old


@given(PRICES, PERCENT, st.decimals(Decimal(0), Decimal(20), places=2))
def test_a_price_never_rises_beyond_its_cap(old: Decimal, value: Decimal, cap: Decimal) -> None:
    assert percent(value, old, cap=cap) <= max(old, old * (100 + cap) / 100)
    new = adjusted(by(RuleKind.TARGET, old * 3, cap=cap), old, 2).price
    assert old <= new <= old * (100 + cap) / 100


@given(PRICES, PERCENT, st.decimals(Decimal(-50), Decimal(0), places=2))
def test_a_price_never_falls_below_its_floor(old: Decimal, value: Decimal, floor: Decimal) -> None:
    assert percent(value, old, floor=floor) >= old * (100 + floor) / 100


@given(PRICES, PRICES, PERCENT, st.decimals(Decimal(0), Decimal(20), places=1))
def test_a_price_never_rises_beyond_the_cap_of_the_year(
    old: Decimal, year_ago: Decimal, value: Decimal, cap: Decimal
) -> None:
    rule = by(RuleKind.PERCENT, value, year_cap=cap)
    new = adjusted(rule, old, 2, Given(year_ago=year_ago)).price
    assert new <= max(old, year_ago * (100 + cap) / 100)
    if value >= 0:
        assert new >= old  # a cap holds an increase back; it lowers nothing


@given(PRICES, PERCENT, PERCENT)
def test_more_percent_is_never_less_money(old: Decimal, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert percent(low, old) <= percent(high, old)


@given(PRICES, PRICES, PERCENT)
def test_a_dearer_price_stays_dearer(one: Decimal, other: Decimal, value: Decimal) -> None:
    low, high = sorted((one, other))
    assert percent(value, low) <= percent(value, high)


@given(PRICES, RATIO)
def test_a_decrease_of_the_index_decreases_and_an_increase_increases(old: Decimal, ratio: Fraction) -> None:
    new = indexed(old, ratio)
    assert (new <= old) if ratio <= 1 else (new >= old)
    if abs(Fraction(old) * (ratio - 1)) >= Fraction(1, 100):
        assert new != old


@given(PRICES, RATIO, st.decimals(Decimal(0), Decimal(30), places=1))
def test_below_its_threshold_an_index_does_nothing(old: Decimal, ratio: Fraction, threshold: Decimal) -> None:
    rule = Rule(RuleKind.INDEX, series="VPI", threshold=threshold)
    acts = abs(ratio - 1) * 100 >= Fraction(threshold)
    assert (adjusted(rule, old, 2, Given(ratio)).why is Why.THRESHOLD) == (not acts)


@given(FINE, FINE, FINE)
def test_amounts_in_pieces_equal_the_amount_at_once(old: Decimal, first: Decimal, second: Decimal) -> None:
    def more(price: Decimal, amount: Decimal) -> Decimal:
        return adjusted(by(RuleKind.AMOUNT, amount), price, 2).price

    assert more(more(old, first), second) == more(old, first + second)


@given(PRICES, st.lists(st.integers(900, 1_200), min_size=3, max_size=3))
def test_months_that_the_threshold_skips_are_not_lost(old: Decimal, months: list[int]) -> None:
    """The reference moves only where the index acted, so what was skipped is caught up at once."""
    reference, skipped, last = months
    values = {on(f"2025-0{n}-01"): Decimal(value) for n, value in enumerate((reference, skipped, last), 1)}
    table = IndexTable(IndexValue("VPI", month, value, "x") for month, value in values.items())
    first, second, third = values
    threshold = "5"
    assume(indexed(old, table.ratio("VPI", second, first), threshold=threshold) == old)
    later = indexed(old, table.ratio("VPI", third, first), threshold=threshold)
    assert later == indexed(old, Fraction(last, reference), threshold=threshold)


@given(PRICES, st.decimals(Decimal(0), Decimal(50), places=2), st.fractions(0, 1, max_denominator=97))
def test_part_of_an_increase_never_exceeds_its_share(old: Decimal, more: Decimal, share: Fraction) -> None:
    found = part_of(old, old + more, share, 2)
    assert old <= found <= old + more
    assert Fraction(found) - Fraction(old) <= Fraction(more) * share


@given(FINE, PERCENT)
def test_a_price_keeps_its_decimals(old: Decimal, value: Decimal) -> None:
    assert decimals_of(percent(value, old), 0) <= decimals_of(old, 2)


# ---- single rules ----------------------------------------------------------------------------------------------------


def test_a_price_is_never_negative() -> None:
    assert adjusted(by(RuleKind.AMOUNT, "-5"), Decimal("3.00"), 2).price == 0


def test_a_price_that_a_cap_holds_back_whole_says_so() -> None:
    assert adjusted(by(RuleKind.PERCENT, "3", cap=Decimal(0)), Decimal("10.00"), 2) == (Decimal("10.00"), Why.CAPPED)
    used_up = Given(year_ago=Decimal("9.50"))
    assert adjusted(by(RuleKind.PERCENT, "3", year_cap=Decimal(5)), Decimal("10.00"), 2, used_up).why is Why.CAPPED


def test_a_month_without_a_value_is_an_error_and_never_a_default() -> None:
    table = IndexTable([IndexValue("VPI", on("2025-01-01"), Decimal("120.0"), "x")])
    with pytest.raises(IndexMissingError) as missing:
        table.ratio("VPI", on("2025-02-01"), on("2025-01-01"))
    assert (missing.value.series, missing.value.month) == ("VPI", on("2025-02-01"))
    with pytest.raises(IndexMissingError):
        table.value("HVPI", on("2025-01-01"))


def test_the_month_of_a_lag_is_counted_back_from_the_effective_day() -> None:
    assert month_of(on("2026-01-31"), 2) == on("2025-11-01")


def test_a_rule_tells_everything_that_is_wrong_at_once() -> None:
    rule = Rule(
        RuleKind.INDEX, Decimal(3), month=on("2026-10-15"), lag=2, threshold=Decimal(-1), cap=Decimal(2),
        floor=Decimal(5), year_cap=Decimal("0.0000000000000001"), as_of=on("2026-01-01"),
    )  # fmt: skip
    assert sorted(fault.code for fault in faults_of(rule)) == [
        "rule_decimals", "rule_floor_above_cap", "rule_floor_above_cap", "rule_low", "rule_month_day",
        "rule_month_or_lag", "rule_no_series", "rule_unused", "rule_unused",
    ]  # fmt: skip
    missing = [faults_of(Rule(kind)) for kind in RuleKind]
    assert [[fault.code for fault in faults] for faults in missing] == [
        ["rule_no_value"], ["rule_no_value"], ["rule_no_series", "rule_month_or_lag"], ["rule_no_value"],
        ["rule_no_day"],
    ]  # fmt: skip


def test_a_rule_that_is_in_order_has_no_faults() -> None:
    assert faults_of(by(RuleKind.PERCENT, "2.9", cap=Decimal(3), floor=Decimal(-5))) == []
    assert faults_of(Rule(RuleKind.INDEX, series="VPI", month=on("2026-10-01"), threshold=Decimal(5))) == []
    assert faults_of(Rule(RuleKind.CATALOGUE, as_of=on("2026-10-01"))) == []
