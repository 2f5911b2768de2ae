"""The tables of docs/algorithms/discounts.md are run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from tests.core.builders import Book, contract, item, off, percent
from tests.core.tables import Row, cents, euros, period, rows
from turnus.core.contracts import Discount, Grid, Origin, Timing
from turnus.core.discounts import for_periods
from turnus.core.periods import Cycle
from turnus.core.tax import Tax


@pytest.mark.parametrize("row", rows("stacking"))
def test_discounts_are_taken_off_in_one_order(row: Row) -> None:
    texts = row["discounts"].split()
    for order in permutations(texts):
        discounts = [discount_of(text, number) for number, text in enumerate(order, 1)]
        [document] = Book(contract(item(row["price"], row["quantity"]), discounts=discounts)).run("2025-01-01")
        assert euros(sorted(placed.line.value for placed in document.composed.lines)) == row["lines"], order


def discount_of(text: str, number: int) -> Discount:
    """``i10%@20``: ten percent off the item from 20 units on."""
    kind, (value, _, threshold) = text[0], text[1:].partition("@")
    of, origin = int(kind == "i"), {"g": Origin.GROUP, "k": Origin.COUPON}.get(kind, Origin.AGREED)
    made = percent(value[:-1], number=number, of=of) if value.endswith("%") else off(cents(value), number=number, of=of)
    return made._replace(origin=origin, from_quantity=Decimal(threshold) if threshold else None)


@pytest.mark.parametrize("row", rows("periods_of_discount"))
def test_periods_of_a_discount_become_days(row: Row) -> None:
    begin, anchor = date.fromisoformat(row["begin"]), date.fromisoformat(row["anchor"])
    grid = Grid(begin, Cycle(1, 0), Cycle(1, 0), anchor, Timing.ADVANCE)
    days = for_periods([grid], begin, date.fromisoformat(row["granted from"]), int(row["periods"]))
    assert days == period(row["days"])


@pytest.mark.parametrize("row", rows("discount_over_vat"))
def test_a_discount_is_spread_over_vat_rates(row: Row) -> None:
    pairs = [text.split("@") for text in row["items"].split()]
    items = [item(price, number=n, product=1 if rate == "19" else 2) for n, (price, rate) in enumerate(pairs, 1)]
    facts = contract(*items, discounts=[off(cents(row["off"]))])
    [document] = Book(facts, tax=lambda _a, product, _d: Tax("S", 1900 if product == 1 else 700)).run("2025-01-01")
    taken: dict[int, int] = {}
    for placed in document.composed.lines:
        if placed.line.value < 0:
            rate = placed.line.charge.identity.rate
            taken[rate] = taken.get(rate, 0) - placed.line.value
    nets = sorted(((tax.rate, tax.base) for tax in document.composed.taxes), reverse=True)
    assert " ".join(f"{euros([amount])}@{rate // 100}" for rate, amount in taken.items()) == row["reductions"]
    assert " ".join(f"{rate // 100}:{euros([base])}" for rate, base in nets) == row["net per rate"]
    assert euros([document.composed.gross]) == row["gross"]
