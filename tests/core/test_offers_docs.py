"""The tables of docs/algorithms/offers.md are run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.core.builders import Book, contract, item, terms
from tests.core.tables import Row, euros, rows
from turnus.core.catalog import Model
from turnus.core.contracts import Timing
from turnus.core.offers import Conditions, Offer, OfferedItem, Order, Special, VariantData, contract_of
from turnus.core.price_lists import EVERYBODY, Market, PriceRow, price_on, windows

START = date(2025, 1, 1)
FLAT = Model.RECURRING_FLAT


@pytest.mark.parametrize("row", rows("conditions"))
def test_the_first_that_says_something_wins(row: Row) -> None:
    order, customer, group, variant = (
        Conditions(payment_days=None if row[name] == "-" else int(row[name]))
        for name in ("order", "customer", "group", "variant")
    )
    plan = VariantData("P", "v", START, "P", "EUR", (OfferedItem("abo", "ABO"),), variant)
    asked = Order("V1", "K1", START, plan="P/v", own=order)
    made, faults = contract_of(asked, Offer("EUR", plan, Special(customer), Special(group)))
    assert faults == []
    assert ("-" if made.payment_days is None else str(made.payment_days)) == row["contract"]


def price_rows(text: str) -> list[PriceRow]:
    found = []
    for part in text.split(";"):
        *place, days, price = part.split()
        name, _, country = (place or ["/"])[0].partition("/")
        start, _, until = days.partition("–")
        end = date.fromisoformat(until) if until else None
        found.append(PriceRow(FLAT, Decimal(price), False, None, date.fromisoformat(start), end, name, country))  # noqa: FBT003 - net
    return found


@pytest.mark.parametrize("row", rows("price_precedence"))
def test_one_price_holds(row: Row) -> None:
    market = Market(tuple(row["lists"].split()), row["country"])
    found = price_on(price_rows(row["prices"]), date.fromisoformat(row["day"]), market)
    assert ("none" if found is None else str(found.unit_price)) == row["price"]


@pytest.mark.parametrize("row", rows("following"))
def test_a_period_is_split_where_another_price_holds(row: Row) -> None:
    prices = price_rows(f"2025-01-01– 100; {row['second price']}")
    first, *later = windows(prices, date(2025, 5, 1), EVERYBODY, FLAT)
    assert first[1] is not None
    changes = [terms(str(day), str(price.unit_price)) for day, price in later if price is not None]
    following = item("100.00", start="2025-05-01", timing=Timing.ARREARS, later=changes)
    [document] = Book(contract(following, start="2025-05-01")).run("2025-06-01")
    assert euros([placed.line.value for placed in document.composed.lines]) == row["May"]
