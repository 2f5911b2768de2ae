"""Rules that hold for every amount, period and order: parts add up, billed periods form a partition."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.builders import contract, item
from turnus.core.billing import Billing, bill
from turnus.core.charges import Entry
from turnus.core.invoicing import compose, lines_of
from turnus.core.money import (
    CURRENCIES,
    InexactAmountError,
    UnknownCurrencyError,
    allocate,
    from_minor,
    half_up,
    line_amount,
    minor_digits,
    percent_of,
    to_minor,
)
from turnus.core.numbering import NumberPatternError, number_format
from turnus.core.periods import Basis, Cycle, InvalidPeriodError, Period, prorate, slot_of, subtract
from turnus.core.receivables import OpenItem, UnbalancedError, balanced, document_postings, settle
from turnus.core.tax import Tax
from turnus.core.text import sort_key

AMOUNTS = st.integers(-(10**10), 10**10)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
CYCLES = st.sampled_from(
    [Cycle.of(n, u) for n, u in ((1, "week"), (10, "day"), (1, "month"), (2, "month"), (1, "year"))]
)


def taxed(_account: int, _product: int, _last_day: date) -> Tax:
    return Tax("S", 1900)


# ---- money -----------------------------------------------------------------------------------------------------------


@given(st.integers(), st.integers().filter(bool))
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_add_up_and_are_off_by_less_than_one(amount: int, weights: list[int]) -> None:
    assume(sum(weights))
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    assert all(abs(part - Fraction(amount * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True))


@given(st.sampled_from(sorted(CURRENCIES)), AMOUNTS)
def test_an_amount_survives_the_way_to_major_units_and_back(currency: str, amount: int) -> None:
    assert to_minor(from_minor(amount, currency), currency) == amount


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("HUF", 2)])
def test_currencies_have_their_decimals(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_an_unknown_currency_and_a_surplus_decimal_are_errors() -> None:
    with pytest.raises(UnknownCurrencyError):
        minor_digits("EURO")
    with pytest.raises(InexactAmountError):
        to_minor(Decimal("1.001"), "EUR")


@given(st.decimals(-(10**6), 10**6, places=6), st.decimals(0, 10**4, places=15))
def test_a_line_is_exact_until_its_one_rounding(quantity: Decimal, price: Decimal) -> None:
    exact = Fraction(quantity) * Fraction(price) * 100
    assert line_amount(quantity, price, 2) == half_up(exact.numerator, exact.denominator)


def test_a_percentage_is_rounded_once() -> None:
    assert (percent_of(999, Decimal(10)), percent_of(-999, Decimal(10)), percent_of(5, Decimal(50))) == (100, -100, 3)


# ---- periods ---------------------------------------------------------------------------------------------------------


@given(AMOUNTS, DAYS, CYCLES, st.sampled_from(list(Basis)), st.lists(st.integers(1, 400), max_size=8))
def test_parts_of_a_period_add_up_for_every_basis(
    amount: int, start: date, cycle: Cycle, basis: Basis, cuts: list[int]
) -> None:
    whole = slot_of(start, cycle, start)
    edges = sorted({whole.start, whole.end} | {whole.start + timedelta(days=n) for n in cuts if n < whole.days})
    parts = [Period(a, b) for a, b in pairwise(edges)]
    assert sum(prorate(amount, whole, part, basis) for part in parts) == amount


@given(
    st.lists(st.tuples(DAYS, st.integers(1, 60)), max_size=6), st.lists(st.tuples(DAYS, st.integers(1, 60)), max_size=6)
)
def test_subtracting_days_leaves_exactly_the_days_that_are_not_taken(
    own: list[tuple[date, int]], taken: list[tuple[date, int]]
) -> None:
    def periods(rows: list[tuple[date, int]]) -> list[Period]:
        return [Period(start, start + timedelta(days=n)) for start, n in rows]

    def days(rows: list[Period]) -> set[date]:
        return {row.start + timedelta(days=n) for row in rows for n in range(row.days)}

    left = subtract(periods(own), periods(taken))
    assert days(left) == days(periods(own)) - days(periods(taken))
    assert sum(row.days for row in left) == len(days(left))


@pytest.mark.parametrize(("count", "unit"), [(0, "month"), (-1, "week"), (1, "decade")])
def test_a_cycle_has_a_length_and_a_unit(count: int, unit: str) -> None:
    with pytest.raises(InvalidPeriodError):
        Cycle.of(count, unit)


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "half_year", "year"])
@pytest.mark.parametrize("day", range(1, 32))
def test_billed_periods_form_a_partition_of_ten_years(day: int, unit: str) -> None:
    start, end = date(2024, 1, day), date(2034, 1, day)
    facts = contract(item("30.00", start=start.isoformat(), fee=Cycle.of(1, unit)), start=start.isoformat())
    found = bill(facts, [], taxed, through=end - timedelta(days=1), on=end)
    days = [charge.days for charge in found.difference.charges]
    assert days[0].start == start
    assert all(a.end == b.start for a, b in pairwise(days))
    assert days[-1].end >= end > days[-1].start
    assert all(charge.value == 30_00 for charge in found.difference.charges)


# ---- billing ---------------------------------------------------------------------------------------------------------


def issued(found: Billing, document: int, on: date) -> list[Entry]:
    return [
        Entry(line.charge, document, place, line.sign, line.value, line.corrects, line.sequence, on)
        for place, line in enumerate(lines_of(1, found), 1)
    ]


@given(
    st.decimals(0, 500, places=2), st.dates(date(2025, 1, 1), date(2025, 3, 31)), CYCLES, st.integers(0, 300),
    st.integers(0, 300),
)  # fmt: skip
def test_a_run_split_in_two_bills_what_one_run_bills(
    price: Decimal, start: date, cycle: Cycle, first: int, more: int
) -> None:
    facts = contract(item(str(price), start=start.isoformat(), fee=cycle), start=start.isoformat())
    middle, last = start + timedelta(days=first), start + timedelta(days=first + more)
    entries = issued(bill(facts, [], taxed, through=middle, on=middle), 1, middle)
    rest = bill(facts, entries, taxed, through=last, on=last)
    whole = bill(facts, [], taxed, through=last, on=last)
    split = sum(e.value for e in entries) + sum(line.value for line in lines_of(1, rest))
    assert split == sum(line.value for line in lines_of(1, whole))
    again = bill(facts, entries + issued(rest, 2, last), taxed, through=last, on=last)
    assert not again.difference


@given(st.permutations([("10.00", 1), ("0.33", 2), ("99.99", 3)]))
def test_the_order_of_items_changes_nothing(order: list[tuple[str, int]]) -> None:
    items = [item(price, number=number) for price, number in order]
    found = bill(contract(*items), [], taxed, through=date(2025, 3, 1), on=date(2025, 3, 1))
    document = compose(lines_of(1, found))
    assert (document.net, document.tax) == (330_96, 62_88)
    assert [p.line.charge.identity.item for p in document.lines] == sorted(
        p.line.charge.identity.item for p in document.lines
    )


# ---- numbers, ledger, text -------------------------------------------------------------------------------------------


@given(st.integers(1, 10**9), DAYS)
def test_a_number_holds_its_counter_and_year(counter: int, on: date) -> None:
    text = number_format("RE-{JJJJ}-{000000}", on).number(counter)
    assert text == f"RE-{on.year}-{counter:06d}"


@pytest.mark.parametrize("pattern", ["RE", "RE-{000}-{000}", "RE-{XX}-{000}", "{}{000}"])
def test_a_pattern_has_one_counter_and_known_placeholders(pattern: str) -> None:
    with pytest.raises(NumberPatternError):
        number_format(pattern, date(2026, 1, 1))


def test_postings_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(UnbalancedError):
        balanced(document_postings(100, []))


ITEMS = st.lists(st.integers(1, 10**6), max_size=6)


@given(ITEMS, ITEMS, st.none() | st.integers(0, 10**6))
def test_nothing_is_allocated_beyond_what_is_open(credits_: list[int], debits: list[int], limit: int | None) -> None:
    day = date(2025, 1, 1)
    free = [OpenItem(100 + n, -amount, None, day) for n, amount in enumerate(credits_)]
    debts = [OpenItem(n, amount, day, day) for n, amount in enumerate(debits)]
    shares = settle(free, debts, limit)
    total = sum(share.amount for share in shares)
    wanted = min(sum(credits_), sum(debits))
    assert total == (wanted if limit is None else min(wanted, limit))
    for row in free:
        assert sum(s.amount for s in shares if s.credit == row.id) <= -row.open
    for row in debts:
        assert sum(s.amount for s in shares if s.debit == row.id) <= row.open


@pytest.mark.parametrize(
    ("text", "key"),
    [("Müller  & Söhne", "mueller & soehne"), ("ŁÓDŹ", "lodz"), ("Straße", "strasse"), ("Émile", "emile")],
)
def test_names_are_found_whatever_their_signs(text: str, key: str) -> None:
    assert sort_key(text) == key
