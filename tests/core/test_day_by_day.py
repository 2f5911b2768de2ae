"""A contract's bill against a calculator that knows nothing of slots and segments: it walks the days, one by one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import oracle
from tests.core.builders import HALF_YEAR, MONTH, QUARTER, WEEK, YEAR, Book, vat19
from tests.core.history import History, Rows
from turnus.core.catalog import Model
from turnus.core.contracts import Grid, Terms, Timing
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period

FIRST, LAST, SETTLED = date(2025, 1, 1), date(2026, 6, 1), date(2028, 1, 1)
DAYS = st.dates(FIRST, LAST)
PRICES = st.integers(0, 50_000).map(lambda cents: Decimal(cents).scaleb(-2))
CYCLES = st.sampled_from([WEEK, MONTH, MONTH, QUARTER, HALF_YEAR, YEAR])

Act = Callable[[History], date]
"""Records a fact and returns the day from which it takes effect."""


def price_from(day: date, price: Decimal) -> Act:
    return lambda history: history.change_terms(10, day, price=price, quantity=Decimal(1), product=1)


def pause(day: date, length: int) -> Act:
    return lambda history: history.pause(10, Period(day, day + timedelta(days=length)))


def pause_all(day: date, length: int) -> Act:
    return lambda history: history.pause_contract(Period(day, day + timedelta(days=length)))


def resume(day: date) -> Act:
    return lambda history: history.resume(day)


def grid_from(day: date, fee: Cycle, anchor: date, timing: Timing) -> Act:
    return lambda history: history.change_grid(10, day, fee=fee, billing=fee, anchor=anchor, timing=timing)


def end_on(day: date) -> Act:
    return lambda history: history.move_end(day)


def percent_off(percent: int, day: date, length: int) -> Act:
    days = Period(day, day + timedelta(days=length))
    return lambda history: history.grant(10, Decimal(percent), None, days, MONTH)


ACTS = st.one_of(
    st.builds(price_from, DAYS, PRICES),
    st.builds(price_from, DAYS, PRICES),
    st.builds(pause, DAYS, st.integers(1, 90)),
    st.builds(pause_all, DAYS, st.integers(1, 90)),
    st.builds(resume, DAYS),
    st.builds(grid_from, DAYS, CYCLES, DAYS, st.sampled_from(list(Timing))),
    st.builds(end_on, DAYS | st.just(FAR_FUTURE)),
    st.builds(percent_off, st.integers(1, 100), DAYS, st.integers(1, 200)),
)


# ---- the calculator --------------------------------------------------------------------------------------------------


def months_later(anchor: date, months: int) -> date:
    year, month = anchor.year, anchor.month + months
    while month > 12:
        year, month = year + 1, month - 12
    while month < 1:
        year, month = year - 1, month + 12
    return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def slot_length(grid: Grid, day: date) -> int:
    """Days of the period around a day: stepping from the anchor until it is passed."""

    def edge(step: int) -> date:
        if grid.fee.months:
            return months_later(grid.anchor, step * grid.fee.months)
        return grid.anchor + timedelta(days=step * grid.fee.days)

    step = 0
    while edge(step) > day:
        step -= 1
    while edge(step + 1) <= day:
        step += 1
    return (edge(step + 1) - edge(step)).days


def in_cents(amount: Decimal) -> int:
    return int(amount.scaleb(2).quantize(Decimal(1), ROUND_HALF_UP))


def price_of(history: History, rows: Rows, day: date) -> int | None:
    """Minor units of a whole period at the terms of a day; None where nothing is owed."""
    terms = rows.terms_on(day)
    if terms.model is None or not max(rows.start, history.start) <= day < history.end:
        return None
    if any(begin <= day < end for begin, end in history.pauses.items()):
        return None
    amount = in_cents(terms.unit_price * terms.quantity)
    for discount in sorted(history.discounts.values(), key=lambda d: d.id):
        if discount.start <= day < discount.end:
            assert discount.percent is not None
            amount -= in_cents(Decimal(amount) * discount.percent / 100 / 100)
    return amount


@settings(max_examples=150)
@given(
    start=st.dates(FIRST, date(2025, 3, 31)), price=PRICES, fee=CYCLES,
    acts=st.lists(st.tuples(st.none() | DAYS, ACTS), max_size=8),
)  # fmt: skip
def test_a_history_costs_what_its_days_cost(
    start: date, price: Decimal, fee: Cycle, acts: list[tuple[date | None, Act]]
) -> None:
    history = History(1, start, date.min)
    opening = Terms(start, 1, Model.RECURRING_UNIT, price, Decimal(1), gross=False, label="")
    history.add_item(start, Basis.ACTUAL_PERIOD, opening, Grid(start, fee, fee, start, Timing.ADVANCE))
    book = Book(history.facts(), tax=vat19)
    for run, act in acts:
        book.amend(history.facts(), act(history))
        book.contracts[1] = history.facts()
        if run:
            book.run(run)
    book.amend(history.facts(), history.move_end(min(history.end, LAST)))
    book.contracts[1] = history.facts()
    book.run(SETTLED)
    exact, owing = Fraction(0), 0
    rows = history.items[10]
    for day in oracle.each_day(Period(start, LAST)):
        amount = price_of(history, rows, day)
        if amount is not None:
            exact += Fraction(amount, slot_length(rows.grid_on(day), day))
            owing |= oracle.days_of(Period(day, day + timedelta(days=1)))
    stands = [stand for stand in book.standing if stand.entry.charge.identity.amount]
    assert abs(book.total - exact) < 1 + len(stands)
    billed = 0
    for stand in stands:
        billed = oracle.added(billed, oracle.days_of(stand.days))
    assert billed & ~owing == 0
    for missing in oracle.runs(owing & ~billed):
        prices = [price_of(history, rows, day) for day in oracle.each_day(missing)]
        assert max(amount or 0 for amount in prices) * missing.days <= 366
