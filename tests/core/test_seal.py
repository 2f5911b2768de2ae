"""Sealed slots are compared on neither side; what is still open is computed whole, also from days before the seal."""

from __future__ import annotations

from datetime import date

from tests.core.builders import MONTH, YEAR, Book, concession, contract, gone, grid, item, off, on, terms, used
from turnus.core.catalog import Model
from turnus.core.contracts import Timing


def test_a_price_change_inside_an_open_year_is_not_credited_once_the_seal_has_passed_it() -> None:
    book = Book(contract(item("1200.00", fee=YEAR)))
    book.run("2025-01-01")
    book.amend(contract(item("1200.00", fee=YEAR, later=[terms("2025-03-01", "2400.00")])), "2025-03-01")
    [change] = book.run("2025-03-01")
    assert change.rows == [("01.03.2025–31.12.2025", -100603), ("01.03.2025–31.12.2025", 201205)]
    for day in ("2025-06-01", "2025-07-01", "2025-12-31"):
        assert book.run(day) == []
        assert book.sealed == on(day)  # in the middle of the open year


def test_a_new_grid_inside_an_open_year_leaves_the_days_before_it_as_they_were_billed() -> None:
    book = Book(contract(item("365.00", fee=YEAR)))
    book.run("2025-01-01")
    monthly = grid("2025-03-01", fee=MONTH)
    book.amend(contract(item("365.00", fee=YEAR, grids=[monthly])), "2025-03-01")
    [change] = book.run("2025-03-01")
    assert change.rows == [("01.03.2025–31.03.2025", 36500), ("01.03.2025–31.12.2025", -30600)]
    assert book.run("2025-03-20") == []
    assert [row for document in book.run("2025-04-01") for row in document.rows] == [("01.04.2025–30.04.2025", 36500)]


def test_the_seal_follows_the_runs_and_stops_before_what_is_not_billed_yet() -> None:
    arrears = item("30.00", number=2, timing=Timing.ARREARS)
    book = Book(contract(item("30.00"), arrears))
    book.run("2025-03-15")
    assert book.sealed == on("2025-03-01")  # March of item 2 falls due on 1 April
    book.run("2025-04-10")
    assert book.sealed == on("2025-04-01")


def test_a_slot_is_sealed_by_its_end_alone() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-03-15")
    assert book.sealed == on("2025-03-15")
    assert [entry.charge.days.start for entry in book.open_entries()] == [on("2025-03-01")]
    book.sealed = on("2025-04-01")
    assert book.open_entries() == []
    assert book.preview("2025-03-31").difference.charges == []  # March ended by the seal: neither owed nor billed
    assert book.preview("2025-03-31").difference.reversals == []


def test_an_item_that_has_not_begun_does_not_let_the_seal_pass_its_first_slot() -> None:
    book = Book(contract(item("30.00"), item("5.00", number=2, start="2025-06-01")))
    book.run("2025-04-10")
    assert book.sealed == on("2025-04-10")
    book = Book(contract(item("30.00"), item("5.00", number=2, start="2025-06-01", anchor="2025-01-01", fee=YEAR)))
    book.run("2025-04-10")
    assert book.sealed == on("2025-01-01")  # its first slot is the rest of the calendar year


def test_an_ended_item_and_a_one_off_do_not_hold_the_seal_back() -> None:
    setup = item("49.00", number=2, model=Model.ONE_OFF, start="2025-12-24")
    book = Book(contract(item("30.00"), item("5.00", number=3, end="2025-02-01"), setup))
    book.run("2025-04-10")
    assert book.sealed == on("2025-04-10")
    assert [row for document in book.run("2025-12-24") for row in document.rows][-1] == ("24.12.2025–24.12.2025", 4900)
    book.sealed = on("2026-06-01")
    assert [entry.charge.identity.part for entry in book.open_entries()] == ["once:1"]  # its slot never ends


def test_a_fact_that_takes_effect_earlier_moves_the_seal_back_but_not_below_the_floor() -> None:
    facts = contract(item("30.00"), floor=on("2025-03-01"))
    book = Book(facts)
    [first] = book.run("2025-05-10")
    assert first.rows == [
        ("01.03.2025–31.03.2025", 3000), ("01.04.2025–30.04.2025", 3000), ("01.05.2025–31.05.2025", 3000),
    ]  # fmt: skip
    cheaper = contract(item("30.00", later=[terms("2025-02-01", "20.00")]), floor=on("2025-03-01"))
    book.amend(cheaper, "2025-02-01")
    assert book.sealed == on("2025-03-01")
    [credit] = book.run("2025-05-10")
    assert credit.composed.net == -3000  # March to May, never February


def test_usage_that_arrives_late_opens_its_slot_again() -> None:
    calls = item("0.10", model=Model.METERED_UNIT)
    book = Book(contract(calls, usage={1: used(("2025-01-10", 100))}))
    book.run("2025-04-02")
    assert book.sealed == on("2025-04-01")
    book.amend(contract(calls, usage={1: used(("2025-01-10", 100), ("2025-01-20", 5))}), "2025-01-20")
    [change] = book.run("2025-04-02")
    assert change.rows == [("01.01.2025–31.01.2025", -1000), ("01.01.2025–31.01.2025", 1050)]
    assert book.run("2025-04-02") == []


def test_the_discount_of_an_open_year_is_computed_from_months_that_are_sealed() -> None:
    """100.00 off per year: 30.00, 60.00, 90.00, then never more than 100.00."""
    book = Book(contract(item("30.00"), discounts=[off(10_000, fee=YEAR)]))
    nets = [sum(document.composed.net for document in book.run(f"2025-{month:02d}-01")) for month in range(1, 7)]
    assert nets == [0, 0, 0, 2000, 3000, 3000]
    assert book.sealed == on("2025-06-01")
    assert book.run("2025-06-01") == []
    assert book.total == 6 * 3000 - 10_000


def test_a_month_s_discount_follows_a_year_s_item_as_long_as_its_year_is_open() -> None:
    """25.00 off a month of 20.00 a year and 10.00 a month; half the year is credited later, 5.00 too much then."""
    yearly = item("20.00", fee=YEAR)
    monthly = item("10.00", number=2)
    book = Book(contract(yearly, monthly, discounts=[off(2500)]))
    [first] = book.run("2025-01-01")
    assert first.rows == [
        ("01.01.2025–31.12.2025", -1667), ("01.01.2025–31.12.2025", 2000),
        ("01.01.2025–31.01.2025", -833), ("01.01.2025–31.01.2025", 1000),
    ]  # fmt: skip
    book.run("2025-06-10")
    assert (book.total, book.sealed) == (500, on("2025-06-10"))
    ended = item("20.00", fee=YEAR, later=[gone("2025-07-02")])
    book.amend(contract(ended, monthly, discounts=[off(2500)]), "2025-07-02")
    book.run("2025-06-10")
    assert book.total == 0  # 9.97 of the year's 20.00 are left in January's window: 19.97 less 19.97
    assert book.run("2025-06-20") == []


def test_goodwill_reaching_across_the_seal_is_computed_from_all_its_days() -> None:
    goodwill = concession(5000, "2025-01-01/2025-04-01", day="2025-03-10")
    book = Book(contract(item("30.00"), decisions=[goodwill]))
    book.run("2025-03-10")
    assert book.total == 3 * 3000 - 5000
    assert book.sealed == on("2025-03-10")
    assert book.run("2025-03-20") == []
    book.run("2025-04-10")
    assert book.total == 4 * 3000 - 5000


def test_a_contract_sealed_since_the_first_day_there_is_may_have_an_amount_off() -> None:
    book = Book(contract(item("30.00", start="2025-01-15"), discounts=[off(500, anchor="2025-01-15")]))
    assert book.facts.sealed_through == date.min
    [first] = book.run("2025-01-15")
    assert first.composed.net == 2500
