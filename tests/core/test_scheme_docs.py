"""The tables of docs/algorithms/price-schemes.md are run."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.core.builders import MONTH, contract, item, used, vat19
from tests.core.tables import Row, cents, euros, period, rows
from turnus.core.catalog import Model
from turnus.core.contracts import Minimum
from turnus.core.money import allocate
from turnus.core.owed import owed
from turnus.core.periods import FAR_FUTURE
from turnus.core.pricing import Measured, by_scheme
from turnus.core.rating import text_of
from turnus.core.schemes import Break, Function, Scheme, Tier, check

D = Decimal
COURIER = Scheme(
    Function.FORMULA, (Tier(D(100), D("2.50")), Tier(None, D("1.90"))),
    formula="min(500, max(20, quantity * price if quantity <= 10 else 10 * price + graduated(quantity - 10)))",
)  # fmt: skip


def scheme(text: str) -> Scheme:
    function, *words = text.split()
    found = Scheme(Function(function))
    for word in words:
        name, mark, value = word.partition("=")
        if word == "percent":
            found = found._replace(percent=True)
        elif name == "break":
            since, _colon, percent = value.rstrip("%").partition(":")
            found = found._replace(breaks=(Break(D(since), D(percent)),))
        elif mark:
            found = found._replace(**{name: D(value)})  # type: ignore[arg-type]
        else:
            bound, price, *flat = word.split(":")
            tier = Tier(D(bound) if bound else None, D(price), D(flat[0]) if flat else D(0))
            found = found._replace(tiers=(*found.tiers, tier))
    check(found)
    return found


def rated(found: Scheme, quantity: str, price: str, earlier: Decimal | None = None) -> tuple[str, str]:
    row = by_scheme(found, D(quantity), D(price or "0"), Measured(D(quantity), 0, 0, 0, earlier), 2)
    return euros([row.amount]), text_of(row.steps)


@pytest.mark.parametrize("row", rows("scheme"))
def test_a_scheme_costs_this_much_and_says_why(row: Row) -> None:
    amount, steps = rated(scheme(row["scheme"]), row["quantity"], row["price"])
    assert (amount, steps.replace(";", " ")) == (row["amount"], row["steps"])


@pytest.mark.parametrize("row", rows("window"))
def test_slots_of_a_window_cost_what_is_new(row: Row) -> None:
    earlier: Decimal | None = None
    amounts = []
    for quantity in row["used per month"].split():
        amounts.append(rated(scheme("graduated 100:0.10 :0.05"), quantity, "", earlier)[0])
        earlier = (earlier or D(0)) + D(quantity)
    assert " ".join(amounts) == row["amounts"]


@pytest.mark.parametrize("row", rows("set"))
def test_a_set_is_shared_like_this(row: Row) -> None:
    assert euros(allocate(cents(row["price"]), [int(weight) for weight in row["weights"].split()])) == row["parts"]


@pytest.mark.parametrize("row", rows("minimum"))
def test_a_minimum_lifts_by_this_much(row: Row) -> None:
    window, covered = period(row["window"]), period(row["covered"])
    first, after = str(covered.start), str(covered.end)
    metered = item(row["charged"], start=first, anchor=str(window.start), model=Model.METERED_UNIT)
    least = Minimum(1, 0, cents(row["minimum"]), 1, False, window.start, FAR_FUTURE, MONTH, window.start)  # noqa: FBT003
    facts = contract(metered, start=first, end=after, usage={1: used((first, 1))}, zero_charges=True)
    charges = owed(facts._replace(minimums=(least,)), vat19, through=window.end).charges
    assert [euros([charge.value]) for charge in charges] == [row["charged"], row["lifted by"]]
    assert charges[1].identity.part == "minimum:1"


@pytest.mark.parametrize("row", rows("courier"))
def test_the_courier_charges_this_much(row: Row) -> None:
    assert rated(COURIER, row["quantity"], row["price"])[0] == row["amount"]
