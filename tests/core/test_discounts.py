"""Discounts as rules: one order whatever was entered first, never below zero, parts that add up (JB-20, JB-39)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import Book, contract, item, off, on, percent
from turnus.core.catalog import Model
from turnus.core.contracts import Discount, Grid, NewDiscount, Origin, Timing
from turnus.core.discounts import discount_faults, discounted, for_periods
from turnus.core.periods import Cycle, Period, slots

ORIGINS = st.sampled_from(Origin)
QUANTITY = st.integers(0, 60).map(Decimal)
THRESHOLD = st.none() | st.integers(1, 50).map(Decimal)


@st.composite
def some_discounts(draw: st.DrawFn, *, scales: bool = True) -> list[Discount]:
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        of = draw(st.sampled_from([0, 1, 2]))
        if draw(st.booleans()):
            made = percent(str(draw(st.integers(1, 100))), number=number, of=of)
        else:
            made = off(draw(st.integers(1, 8_000)), number=number, of=of)
        threshold = draw(THRESHOLD) if scales and (of or made.percent is not None) else None
        found.append(made._replace(origin=draw(ORIGINS), from_quantity=threshold, label=draw(st.sampled_from("ab"))))
    return found


@given(some_discounts(), st.data())
def test_the_order_of_entry_changes_nothing(discounts: list[Discount], data: st.DataObject) -> None:
    """The same discounts entered in another order get other numbers; every printed line stays the same."""
    again = [d._replace(id=n) for n, d in enumerate(data.draw(st.permutations(discounts)), 1)]
    items = [item("40.00", "20"), item("19.99", "3", number=2)]

    def billed(granted: list[Discount]) -> list[tuple[int, int, str]]:
        documents = Book(contract(*items, discounts=granted)).run("2025-01-01")
        lines = [placed.line for document in documents for placed in document.composed.lines]
        return sorted((line.charge.identity.item, line.value, line.charge.allowance_reason) for line in lines)

    assert billed(discounts) == billed(again)


@given(st.integers(0, 100_000), some_discounts(), QUANTITY)
def test_no_discount_makes_an_amount_negative(amount: int, discounts: list[Discount], quantity: Decimal) -> None:
    allowance, _reason = discounted(amount, [d for d in discounts if d.item == 1], quantity)
    assert 0 <= allowance <= amount


@given(some_discounts(scales=False))
def test_all_together_take_at_most_what_is_owed(discounts: list[Discount]) -> None:
    facts = contract(item("40.00"), item("0.03", number=2), discounts=discounts)
    for document in Book(facts).run("2025-03-01"):
        assert document.composed.net >= 0
        per_item: dict[int, int] = {}
        for placed in document.composed.lines:
            number = placed.line.charge.identity.item
            per_item[number] = per_item.get(number, 0) + placed.line.value
        assert all(left >= 0 for left in per_item.values())


@given(st.integers(0, 100_000), QUANTITY, QUANTITY)
def test_with_a_threshold_more_units_never_cost_a_higher_price_each(amount: int, few: Decimal, many: Decimal) -> None:
    scale = [percent("5", number=1, of=1), percent("10", number=2, of=1)]
    scale = [d._replace(from_quantity=Decimal(n), label="Menge") for d, n in zip(scale, (10, 50), strict=True)]
    few, many = min(few, many), max(few, many)
    assert discounted(amount, scale, few)[0] <= discounted(amount, scale, many)[0]


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400), st.integers(1, 24),
    st.sampled_from([Cycle(1, 0), Cycle(3, 0), Cycle(0, 14), Cycle(12, 0)]),
)  # fmt: skip
def test_periods_of_a_discount_are_whole_periods_of_the_item(
    anchor: date, begins: int, granted: int, count: int, fee: Cycle
) -> None:
    begin = date.fromordinal(anchor.toordinal() + begins)
    since = date.fromordinal(begin.toordinal() + granted)
    days = for_periods([Grid(begin, fee, fee, anchor, Timing.ADVANCE)], begin, since, count)
    assert days.start >= since
    covered = list(slots(anchor, fee, days))
    assert len(covered) == count
    assert (max(covered[0].start, begin), covered[-1].end) == days


def test_periods_follow_the_item_into_another_grid() -> None:
    yearly = Grid(on("2025-03-01"), Cycle(12, 0), Cycle(12, 0), on("2025-03-01"), Timing.ADVANCE)
    monthly = Grid(on("2025-01-01"), Cycle(1, 0), Cycle(1, 0), on("2025-01-01"), Timing.ADVANCE)
    days = for_periods([monthly, yearly], on("2025-01-01"), on("2025-02-01"), 2)
    assert days == Period(on("2025-02-01"), on("2026-03-01"))


def test_a_discount_on_the_whole_contract_leaves_out_what_is_sold_once() -> None:
    items = [item("100.00"), item("49.00", number=2, model=Model.ONE_OFF)]
    granted = {"contract": percent("10"), "item": percent("10", of=2), "amount": off(120_00)}
    nets = {
        name: Book(contract(*items, discounts=[row])).run("2025-01-01")[0].totals[0] for name, row in granted.items()
    }
    assert nets == {"contract": 90_00 + 49_00, "item": 100_00 + 44_10, "amount": 49_00}


def test_everything_that_is_wrong_with_a_discount_is_said_at_once() -> None:
    bad = NewDiscount(
        "x", Decimal(101), -5, "nix", on("2025-02-01"), on("2025-01-01"), periods=3, from_quantity=Decimal(0)
    )
    assert [fault.code for fault in discount_faults(bad, ["abo"])] == [
        "discount_kind", "discount_percent", "discount_amount", "discount_periods", "discount_threshold",
        "unknown_item", "negative_period",
    ]  # fmt: skip
    assert discount_faults(NewDiscount("x", Decimal(100), item="abo"), ["abo"]) == []
