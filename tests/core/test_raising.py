"""Planned raises inside a contract (JB-18): terms with them, and what a run bills."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import QUARTER, YEAR, Book, contract, item, on, terms
from turnus.core.adjusting import Rule, RuleKind, adjusted_scheme
from turnus.core.catalog import Model
from turnus.core.contracts import Item, Raise, Terms
from turnus.core.periods import FAR_FUTURE
from turnus.core.raising import first_anniversary, raised
from turnus.core.schemes import Function, Scheme, Tier

THREE = Raise(RuleKind.PERCENT, Decimal(3), on("2026-01-01"), 12, FAR_FUTURE)


def prices(rows: list[Terms]) -> list[str]:
    return [f"{row.since} {row.unit_price}" for row in rows]


def rising(plan: Item, *raises: Raise) -> Item:
    return plan._replace(raises=raises)


def test_each_anniversary_raises_what_the_one_before_left() -> None:
    rows = raised([terms("2025-01-01", "100")], [THREE], on("2028-01-02"), 2)
    assert prices(rows) == ["2025-01-01 100", "2026-01-01 103.00", "2027-01-01 106.09", "2028-01-01 109.27"]


def test_a_price_agreed_anew_is_not_overtaken_and_is_raised_from_then_on() -> None:
    rows = [terms("2025-01-01", "100"), terms("2026-06-01", "120"), terms("2027-01-01", "121")]
    found = raised(rows, [THREE], on("2028-01-02"), 2)
    assert prices(found) == [
        "2025-01-01 100", "2026-01-01 103.00", "2026-06-01 120", "2027-01-01 121", "2028-01-01 124.63",
    ]  # fmt: skip


def test_what_is_sold_once_never_rises_not_even_if_sold_later() -> None:
    rows = [terms("2025-01-01", "49", model=Model.ONE_OFF)]
    assert raised(rows, [THREE], on("2030-01-01"), 2) == rows
    later = rising(item("49", start="2027-05-01", model=Model.ONE_OFF), THREE)
    early = later._replace(terms=rows)
    for sold in (later, early):
        assert [document.totals[0] for document in Book(contract(sold)).run("2027-05-01")] == [49_00]


def test_a_raise_that_happens_once_and_one_that_ends() -> None:
    once = Raise(RuleKind.AMOUNT, Decimal("-2.50"), on("2025-07-01"), 0, FAR_FUTURE)
    ending = THREE._replace(end=on("2027-01-01"))
    found = raised([terms("2025-01-01", "100")], [once, ending], on("2030-01-01"), 2)
    assert prices(found) == ["2025-01-01 100", "2025-07-01 97.50", "2026-01-01 100.43"]


def test_two_raises_of_one_day_are_one_price() -> None:
    both = [THREE, THREE._replace(kind=RuleKind.AMOUNT, value=Decimal(1))]
    assert prices(raised([terms("2025-01-01", "100")], both, on("2026-02-01"), 2)) == [
        "2025-01-01 100", "2026-01-01 104.00",
    ]  # fmt: skip


def test_what_has_ended_rises_no_more() -> None:
    rows = [terms("2025-01-01", "100"), terms("2025-06-01", "100", model=None)]
    assert prices(raised(rows, [THREE], on("2030-01-01"), 2)) == ["2025-01-01 100", "2025-06-01 100"]


def test_the_first_anniversary_is_never_the_beginning() -> None:
    assert first_anniversary(on("2025-01-15"), on("2025-01-15")) == on("2026-01-15")
    assert first_anniversary(on("2020-01-15"), on("2025-01-15")) == on("2025-01-15")
    assert first_anniversary(on("2020-01-15"), on("2025-01-16")) == on("2026-01-15")
    assert first_anniversary(on("2024-02-29"), on("2025-01-01")) == on("2025-02-28")


def test_a_run_bills_the_raise_without_a_campaign_and_cuts_the_period_it_falls_into() -> None:
    plan = rising(item("100"), THREE._replace(first=on("2025-05-16")))
    book = Book(contract(plan))
    assert [document.totals[0] for document in book.run("2025-04-01")] == [400_00]
    assert [row for document in book.run("2025-05-01") for row in document.rows] == [
        ("01.05.2025–15.05.2025", 48_39), ("16.05.2025–31.05.2025", 53_16),
    ]  # fmt: skip
    assert [document.totals[0] for document in book.run("2026-06-01")] == [11 * 103_00 + 104_60 + 106_09]
    assert book.run("2026-06-01") == []


def test_a_yearly_invoice_of_monthly_prices_knows_the_raises_of_its_year() -> None:
    plan = rising(item("100", billing=YEAR, fee=QUARTER), THREE._replace(first=on("2025-07-01"), months=6))
    [document] = Book(contract(plan)).run("2025-01-01")
    assert [value for _days, value in document.rows] == [100_00, 100_00, 103_00, 103_00]
    [document] = Book(contract(plan, floor=on("2026-01-01"))).run("2026-01-01")
    assert [value for _days, value in document.rows] == [106_09, 106_09, 109_27, 109_27]


@given(st.dates(on("2025-02-01"), on("2027-12-31")), st.lists(st.dates(on("2025-01-01"), on("2028-01-01")), max_size=6))
def test_runs_in_pieces_bill_a_rising_price_as_one_run_does(first: object, runs: list[object]) -> None:
    plan = rising(item("49.90"), THREE._replace(first=on(str(first)), months=5))
    at_once, in_pieces = Book(contract(plan)), Book(contract(plan))
    for day in sorted(str(day) for day in runs):
        in_pieces.run(day)
    at_once.run("2028-01-01")
    in_pieces.run("2028-01-01")
    assert at_once.total == in_pieces.total


def test_prices_inside_a_scheme_rise_and_what_is_free_stays_free() -> None:
    tiers = (Tier(Decimal(10)), Tier(Decimal(100), Decimal("2.50"), Decimal(5)), Tier(None, Decimal("2.00")))
    old = Scheme(Function.GRADUATED, tiers, least=Decimal(20), id=7)
    new = raised([terms("2025-01-01", "0")._replace(scheme=old)], [THREE], on("2026-02-01"), 2)[1].scheme
    assert new is not None
    assert [(str(tier.unit_price), str(tier.flat)) for tier in new.tiers] == [
        ("0", "0"),
        ("2.58", "5.15"),
        ("2.06", "0"),
    ]
    assert (str(new.least), new.most, new.id) == ("20.60", None, 0)


def test_an_amount_moves_the_unit_prices_of_a_scheme_only_and_a_commission_stays() -> None:
    rule = Rule(RuleKind.AMOUNT, Decimal("0.10"))
    graduated = Scheme(Function.GRADUATED, (Tier(None, Decimal(1), Decimal(5)),), most=Decimal(50), id=7)
    assert adjusted_scheme(rule, graduated, 2).tiers == (Tier(None, Decimal("1.10"), Decimal(5)),)
    commission = graduated._replace(percent=True)
    assert adjusted_scheme(rule, commission, 2) is commission
    assert adjusted_scheme(replace(rule, value=Decimal(0)), graduated, 2) is graduated


def test_the_cap_of_a_year_holds_for_each_price_inside_a_scheme() -> None:
    then = Scheme(Function.VOLUME, (Tier(None, Decimal(100)),))
    now = then._replace(tiers=(Tier(None, Decimal(103)),))
    rule = Rule(RuleKind.PERCENT, Decimal(3), year_cap=Decimal(4))
    assert adjusted_scheme(rule, now, 2, year_ago=then).tiers[0].unit_price == Decimal(104)
