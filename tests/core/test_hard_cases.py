"""Cases a billing engine gets wrong, with exact results: hard-cases 1–18 and H-23, as far as core decides them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from tests.core.builders import (
    MONTH,
    QUARTER,
    YEAR,
    Book,
    Document,
    contract,
    item,
    loose_line,
    on,
    terms,
    used,
    vat_of_2020,
)
from turnus.core.catalog import Model
from turnus.core.contracts import Timing
from turnus.core.document import Kind
from turnus.core.invoicing import compose
from turnus.core.money import from_minor, half_up, line_amount, to_minor
from turnus.core.periods import Basis, Period, prorate, slot_at
from turnus.core.receivables import OpenItem, settle
from turnus.core.tax import Tax


def rows(documents: Sequence[Document]) -> list[tuple[str, int]]:
    return [row for document in documents for row in document.rows]


def printed(document: Document) -> list[int]:
    """Net of each printed line: a reversal and what replaces it may be one."""
    nets: dict[int, int] = {}
    for placed in document.composed.lines:
        nets[placed.printed] = nets.get(placed.printed, 0) + placed.net
    return list(nets.values())


# ---- 1: anchor day 31 ------------------------------------------------------------------------------------------------

TWELVE = [
    "31.01.2025–27.02.2025", "28.02.2025–30.03.2025", "31.03.2025–29.04.2025", "30.04.2025–30.05.2025",
    "31.05.2025–29.06.2025", "30.06.2025–30.07.2025", "31.07.2025–30.08.2025", "31.08.2025–29.09.2025",
    "30.09.2025–30.10.2025", "31.10.2025–29.11.2025", "30.11.2025–30.12.2025", "31.12.2025–30.01.2026",
]  # fmt: skip


def test_case_1_a_contract_of_the_31st_returns_to_the_31st() -> None:
    book = Book(contract(item("30.00", start="2025-01-31"), start="2025-01-31"))
    day = on("2025-01-31")
    while day < on("2026-01-31"):
        [_document] = book.run(day)
        day = book.preview(day).next_due
    assert rows(book.documents) == [(period, 3000) for period in TWELVE]
    assert (book.total, day) == (36_000, on("2026-01-31"))


def test_case_1_a_contract_of_the_30th_keeps_the_30th_after_a_leap_day() -> None:
    book = Book(contract(item("30.00", start="2024-01-30"), start="2024-01-30"))
    assert [row[0] for row in rows(book.run("2024-03-30"))] == [
        "30.01.2024–28.02.2024", "29.02.2024–29.03.2024", "30.03.2024–29.04.2024",
    ]  # fmt: skip


# ---- 2: leap years ---------------------------------------------------------------------------------------------------


def test_case_2a_a_year_from_29_february_returns_to_it() -> None:
    found = [slot_at(on("2024-02-29"), YEAR, index) for index in range(5)]
    starts = [slot.start.isoformat() for slot in found]
    assert starts == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
    assert [slot.days for slot in found[:4]] == [365, 365, 365, 366]


@pytest.mark.parametrize(("price", "year", "refund"), [("366.00", 2024, -33_500), ("365.00", 2025, -33_400)])
def test_case_2b_a_year_ended_after_january_is_refunded_by_its_real_days(price: str, year: int, refund: int) -> None:
    start = f"{year}-01-01"
    yearly = item(price, start=start, fee=YEAR)
    book = Book(contract(yearly, start=start))
    book.run(start)
    book.amend(contract(yearly, start=start, end=f"{year}-02-01"), f"{year}-02-01")
    [credit] = book.run(f"{year}-02-01")
    assert (credit.composed.net, credit.composed.kind) == (refund, Kind.CREDIT)
    assert book.total == 3100


@pytest.mark.parametrize(("price", "start", "amount"), [("29.00", "2024-02-15", 1500), ("28.00", "2023-02-15", 1400)])
def test_case_2c_half_a_february_in_calendar_months(price: str, start: str, amount: int) -> None:
    book = Book(contract(item(price, start=start, anchor=f"{start[:4]}-01-01"), start=start))
    assert [row[1] for row in rows(book.run(start))] == [amount]


# ---- 3: change inside a paid period ----------------------------------------------------------------------------------


def april(*later: tuple[str, str, int], price: str = "30.00") -> Book:
    """A plan billed in advance for April, then the changes, each billed on its day."""
    plan_a = item(price, start="2025-04-01")
    book = Book(contract(plan_a, start="2025-04-01"))
    book.run("2025-04-01")
    changes = []
    for since, new, product in later:
        changes.append(terms(since, new, product=product))
        book.amend(contract(item(price, start="2025-04-01", later=changes), start="2025-04-01"), since)
        book.run(since)
    return book


def test_case_3_up_and_up_again_credits_the_plan_and_not_the_last_charge() -> None:
    book = april(("2025-04-11", "90.00", 2), ("2025-04-21", "150.00", 3))
    assert [[row[1] for row in document.rows] for document in book.documents] == [[3000], [-2000, 6000], [-3000, 5000]]
    assert [document.totals for document in book.documents[1:]] == [(4000, 760, 4760), (2000, 380, 2380)]
    assert book.total == 9000


def test_case_3_down_is_a_credit_that_pays_the_next_month() -> None:
    book = april(("2025-04-11", "30.00", 2), price="90.00")
    assert [row[1] for row in book.documents[1].rows] == [-6000, 2000]
    assert book.documents[1].totals == (-4000, -760, -4760)
    assert book.documents[1].composed.kind is Kind.CREDIT
    [may] = book.run("2025-05-01")
    assert may.totals == (3000, 570, 3570)
    [used_credit] = settle(
        [OpenItem(2, -4760, None, on("2025-04-11"))], [OpenItem(3, 3570, on("2025-05-15"), on("2025-05-01"))]
    )
    assert (3570 - used_credit.amount, 4760 - used_credit.amount) == (0, 1190)


def test_case_3_down_at_the_period_s_end_leaves_april_alone() -> None:
    plan_b = item("90.00", start="2025-04-01", later=[terms("2025-05-01", "30.00", product=1)])
    book = Book(contract(item("90.00", start="2025-04-01"), start="2025-04-01"))
    book.run("2025-04-01")
    book.amend(contract(plan_b, start="2025-04-01"), "2025-05-01")
    assert book.run("2025-04-11") == []
    assert [document.composed.net for document in book.run("2025-05-01")] == [3000]


# ---- 4: retroactive change after invoicing ---------------------------------------------------------------------------


def test_case_4_fewer_seats_from_the_middle_of_a_billed_quarter() -> None:
    book = Book(contract(item("20.00", "10", billing=QUARTER)))
    [quarter] = book.run("2025-01-01")
    assert quarter.totals == (60_000, 11_400, 71_400)
    assert len(quarter.rows) == 3
    fewer = item("20.00", "10", billing=QUARTER, later=[terms("2025-02-15", "20.00", "8")])
    book.amend(contract(fewer), "2025-02-15")
    [credit] = book.run("2025-03-10")
    assert credit.totals == (-6000, -1140, -7140)
    assert credit.composed.kind is Kind.CREDIT
    assert printed(credit) == [-2000, -4000]  # two difference lines: 14 of 28 days, and March
    assert [row[0] for row in credit.rows] == ["15.02.2025–28.02.2025"] * 2 + ["01.03.2025–31.03.2025"] * 2
    assert {p.line.corrects for p in credit.composed.lines if p.line.sign < 0} == {(1, 2), (1, 3)}
    assert book.total == 54_000


# ---- 5, 6, 9: parts of a month ---------------------------------------------------------------------------------------


def test_case_5_one_last_day_is_one_31st() -> None:
    monthly = item("31.00", start="2025-01-15", timing=Timing.ARREARS)
    book = Book(contract(monthly, start="2025-01-15", end="2026-01-16"))
    assert rows(book.run("2026-01-16"))[-1] == ("15.01.2026–15.01.2026", 100)


def test_case_6_a_new_price_inside_a_period_is_two_lines() -> None:
    dearer = item("100.00", start="2025-05-01", timing=Timing.ARREARS, later=[terms("2025-05-16", "110.00")])
    book = Book(contract(dearer, start="2025-05-01"))
    assert [row[1] for row in rows(book.run("2025-06-01"))] == [4839, 5677]
    advance = Book(contract(item("100.00", start="2025-05-01"), start="2025-05-01"))
    advance.run("2025-05-01")
    advance.amend(contract(item("100.00", start="2025-05-01", later=[terms("2025-05-16", "110.00")]),
                           start="2025-05-01"), "2025-05-16")  # fmt: skip
    assert sum(row[1] for row in rows(advance.run("2025-05-10"))) == 516


def test_case_9_a_fee_that_starts_on_17_january_costs_15_of_31_days() -> None:
    book = Book(contract(item("100.00", start="2025-01-17", anchor="2025-01-01"), start="2025-01-17"))
    assert rows(book.run("2025-01-17")) == [("17.01.2025–31.01.2025", 4839)]
    ended = item("100.00", start="2025-03-01", end="2025-03-11")
    assert rows(Book(contract(ended)).run("2025-03-01")) == [("01.03.2025–10.03.2025", 3226)]


# ---- 7: the rate changes ---------------------------------------------------------------------------------------------


def taxed_in_2020(*, start: str, through: str, fee: object = MONTH, end: str = "") -> Document:
    price = "1200.00" if fee == YEAR else "100.00"
    monthly = item(price, start=start, fee=YEAR if fee == YEAR else MONTH)
    book = Book(contract(monthly, start=start, end=end), tax=vat_of_2020)
    [document] = book.run(through)
    return document


def test_case_7a_june_invoiced_in_july_has_june_s_rate() -> None:
    assert taxed_in_2020(start="2020-06-01", through="2020-06-30", end="2020-07-01").totals == (10_000, 1900, 11_900)


def test_case_7b_july_invoiced_in_june_has_july_s_rate() -> None:
    book = Book(contract(item("100.00", start="2020-07-01"), start="2020-07-01"), tax=vat_of_2020)
    [document] = book.run("2020-07-01", "2020-06-28")
    assert document.totals == (10_000, 1600, 11_600)


def test_case_7c_one_invoice_over_both_rates_has_two_groups() -> None:
    document = taxed_in_2020(start="2020-06-01", through="2020-08-01")
    assert [(row.rate, row.base, row.tax) for row in document.composed.taxes] == [
        (1600, 20_000, 3200), (1900, 10_000, 1900),
    ]  # fmt: skip
    assert document.totals == (30_000, 5100, 35_100)


def test_case_7d_an_indivisible_year_that_ends_in_the_window_is_corrected_as_a_whole() -> None:
    book = Book(contract(item("1200.00", start="2020-01-01", fee=YEAR), start="2020-01-01"))
    [first] = book.run("2020-01-02")
    assert first.composed.tax == 22_800
    book.tax = vat_of_2020
    book.touch(on("2020-07-01"))
    [correction] = book.run("2020-07-01")
    assert (correction.composed.net, correction.composed.tax) == (0, -3600)
    fixed = compose([loose_line(142_800, rate=1600, gross=True)])
    assert (fixed.net, fixed.tax, fixed.gross) == (123_103, 19_697, 142_800)


def test_case_7e_a_year_that_ends_after_the_window_has_the_higher_rate_as_a_whole() -> None:
    assert taxed_in_2020(start="2020-07-01", through="2020-07-01", fee=YEAR).totals == (120_000, 22_800, 142_800)


def test_case_7f_a_month_across_the_change_is_not_split() -> None:
    document = taxed_in_2020(start="2020-12-15", through="2020-12-15")
    assert document.rows == [("15.12.2020–14.01.2021", 10_000)]
    assert document.totals == (10_000, 1900, 11_900)


# ---- 8: usage --------------------------------------------------------------------------------------------------------


def test_case_8_a_late_record_is_a_line_with_its_own_service_period() -> None:
    calls = item("0.05", start="2025-03-01", model=Model.METERED_UNIT)
    book = Book(contract(calls, start="2025-03-01", usage={1: used(("2025-03-31", 105))}))
    assert rows(book.run("2025-04-01")) == [("01.03.2025–31.03.2025", 525)]
    late = contract(calls, start="2025-03-01", usage={1: used(("2025-03-15", 20), ("2025-03-31", 105))})
    book.amend(late, "2025-03-15")
    [document] = book.run("2025-05-01")
    assert {row[0] for row in document.rows} == {"01.03.2025–31.03.2025"}
    assert document.composed.net == 100


# ---- 12: rounding ----------------------------------------------------------------------------------------------------


def test_case_12_vat_is_computed_on_the_column() -> None:
    amounts = [line_amount(Decimal(3), Decimal("0.69"), 2), line_amount(Decimal(4), Decimal("0.99"), 2)]
    assert amounts == [207, 396]
    assert sum(half_up(amount * 19, 100) for amount in amounts) == 114  # by rows: not what is printed
    document = compose([loose_line(amount, number=n) for n, amount in enumerate(amounts, 1)])
    assert (document.net, document.tax, document.gross) == (603, 115, 718)


def test_case_12_a_unit_price_is_never_rounded() -> None:
    assert line_amount(Decimal(1000), Decimal("0.00115"), 2) == 115
    book = Book(contract(item("0.00115", model=Model.METERED_UNIT), usage={1: used(("2025-01-10", 1000))}))
    assert [row[1] for row in rows(book.run("2025-02-01"))] == [115]


def test_case_12_gross_prices_keep_their_gross() -> None:
    """3 × 9.99 incl. VAT = 29.97: net 25.18 and VAT 4.79, never 3 × 8.39 = 25.17."""
    one = compose([loose_line(line_amount(Decimal(3), Decimal("9.99"), 2), gross=True)])
    three = compose([loose_line(999, gross=True, number=n) for n in (1, 2, 3)])
    for document in (one, three):
        assert (document.net, document.tax, document.gross) == (2518, 479, 2997)
    assert [placed.net for placed in three.lines] == [839, 840, 839]
    book = Book(contract(item("9.99", "3", gross=True)))
    assert book.run("2025-01-01")[0].totals == (2518, 479, 2997)


# ---- 13: currencies --------------------------------------------------------------------------------------------------


def ten_percent(_account: int, _product: int, _last_day: date) -> Tax:
    return Tax("S", 1000)


@pytest.mark.parametrize(
    ("currency", "price", "net", "tax", "gross"),
    [("JPY", "1127", "1127", "113", "1240"), ("BHD", "12.345", "12.345", "1.235", "13.580")],
)
def test_case_13_vat_is_rounded_to_the_currency_s_own_decimals(
    currency: str, price: str, net: str, tax: str, gross: str
) -> None:
    book = Book(contract(item(price), currency=currency), tax=ten_percent)
    [document] = book.run("2025-01-01")
    assert [str(from_minor(amount, currency)) for amount in document.totals] == [net, tax, gross]


@pytest.mark.parametrize(("currency", "price", "part"), [("JPY", "10000", "3226"), ("KWD", "10.000", "3.226")])
def test_case_13_ten_of_31_days_in_the_currency_s_own_decimals(currency: str, price: str, part: str) -> None:
    book = Book(contract(item(price), end="2025-01-11", currency=currency), tax=ten_percent)
    [document] = book.run("2025-01-01")
    assert str(from_minor(document.composed.net, currency)) == part
    month = Period(on("2025-01-01"), on("2025-02-01"))
    whole = to_minor(Decimal(price), currency)
    assert prorate(whole, month, Period(month.start, on("2025-01-11"))) == document.composed.net


# ---- 14: a year in advance and months of usage in arrears ------------------------------------------------------------


def test_case_14_licence_and_usage_meet_on_one_invoice() -> None:
    licence = item("1200.00", start="2025-03-01", fee=YEAR)
    calls = item("0.02", number=2, start="2025-03-01", model=Model.METERED_UNIT)
    usage = {2: used(("2025-03-20", 500), ("2026-02-27", 12_345))}
    book = Book(contract(licence, calls, start="2025-03-01", usage=usage))
    assert rows(book.run("2025-03-01")) == [("01.03.2025–28.02.2026", 120_000)]
    assert rows(book.run("2025-04-01")) == [("01.03.2025–31.03.2025", 1000)]
    for month in range(5, 13):
        assert book.run(date(2025, month, 1)) == []
    assert book.run("2026-02-01") == []
    [document] = book.run("2026-03-01")
    assert document.rows == [("01.03.2026–28.02.2027", 120_000), ("01.02.2026–28.02.2026", 24_690)]
    assert document.totals == (144_690, 27_491, 172_181)
    assert document.composed.service == Period(on("2026-02-01"), on("2027-03-01"))


def test_case_14_the_last_month_of_usage_is_billed_when_the_contract_ends() -> None:
    calls = item("0.02", start="2025-03-01", model=Model.METERED_UNIT)
    usage = {1: used(("2025-03-20", 500), ("2025-04-10", 100))}
    book = Book(contract(calls, start="2025-03-01", end="2025-04-16", usage=usage))
    book.run("2025-04-01")
    assert book.preview("2025-04-01").next_due == on("2025-04-16")
    assert rows(book.run("2025-04-16")) == [("01.04.2025–15.04.2025", 200)]


# ---- 16: trial -------------------------------------------------------------------------------------------------------


def test_case_16_the_first_invoice_after_a_trial_has_setup_and_plan() -> None:
    """Trial from 18 January for 14 civil days: paid from 1 February, which is the anchor."""
    setup = item("49.00", number=1, start="2025-02-01", model=Model.ONE_OFF)
    plan_ = item("29.00", number=2, start="2025-02-01")
    book = Book(contract(setup, plan_, start="2025-02-01"))
    assert book.run("2025-01-31") == []
    [document] = book.run("2025-02-01")
    assert document.totals == (7800, 1482, 9282)
    assert rows(book.run("2025-03-01")) == [("01.03.2025–31.03.2025", 2900)]


def test_case_16_cancelled_within_the_trial_nothing_is_billed() -> None:
    setup = item("49.00", number=1, start="2025-02-01", model=Model.ONE_OFF)
    book = Book(contract(setup, item("29.00", number=2, start="2025-02-01"), start="2025-02-01", end="2025-02-01"))
    assert book.run("2025-12-31") == []


# ---- 17: backdated start ---------------------------------------------------------------------------------------------

FOUR = ["15.02.2025–14.03.2025", "15.03.2025–14.04.2025", "15.04.2025–14.05.2025", "15.05.2025–14.06.2025"]


def test_case_17_all_periods_that_are_due_are_billed_at_once() -> None:
    book = Book(contract(item("50.00", start="2025-02-15"), start="2025-02-15"))
    [document] = book.run("2025-06-10")
    assert document.rows == [(period, 5000) for period in FOUR]
    assert document.totals == (20_000, 3800, 23_800)
    assert document.issued_on == on("2025-06-10")
    assert book.preview("2025-06-10").next_due == on("2025-06-15")


def test_case_17_what_was_billed_elsewhere_is_not_billed_again() -> None:
    book = Book(contract(item("50.00", start="2025-02-15"), start="2025-02-15", floor=on("2025-05-15")))
    assert rows(book.run("2025-06-10")) == [(FOUR[3], 5000)]


def test_case_17_the_last_period_ends_with_the_contract() -> None:
    book = Book(contract(item("50.00", start="2025-02-15"), start="2025-02-15", end="2025-06-01"))
    [document] = book.run("2025-06-10")
    assert document.rows == [(period, 5000) for period in FOUR[:3]] + [("15.05.2025–31.05.2025", 2742)]
    assert document.composed.net == 17_742


# ---- 18: co-terming --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "amount"),
    [(Basis.ACTUAL_PERIOD, 42_904), (Basis.CALENDAR_MONTH, 42_667), (Basis.AVG_MONTH, 42_795),
     (Basis.THIRTY_360, 42_667), (Basis.NONE, 60_000)],
)  # fmt: skip
def test_case_18_an_add_on_ends_with_the_main_contract(basis: Basis, amount: int) -> None:
    main = item("1200.00", fee=YEAR)
    add_on = item("600.00", number=2, start="2025-04-15", anchor="2025-01-01", fee=YEAR, basis=basis)
    book = Book(contract(main, add_on))
    assert [document.composed.net for document in book.run("2025-01-01")] == [120_000]
    assert rows(book.run("2025-04-15")) == [("15.04.2025–31.12.2025", amount)]
    [next_year] = book.run("2026-01-01")
    assert next_year.composed.net == 180_000


@pytest.mark.parametrize("basis", [b for b in Basis if b is not Basis.NONE])
def test_case_18_a_credit_is_measured_as_the_charge_was(basis: Basis) -> None:
    """Ended at once, nothing is left; ended later, charge and credit add up to the days used."""
    add_on = item("600.00", start="2025-04-15", anchor="2025-01-01", fee=YEAR, basis=basis)
    for end in ("2025-04-15", "2025-07-01", "2025-12-31"):
        book = Book(contract(add_on))
        book.run("2025-04-15")
        book.amend(contract(add_on, end=end), end)
        book.run("2025-04-15")
        straight = Book(contract(add_on, end=end))
        straight.run("2025-04-15")
        assert book.total == straight.total


# ---- H-23 ------------------------------------------------------------------------------------------------------------


def test_h_23_ten_of_thirty_days_are_shown_by_credit_and_charge() -> None:
    book = Book(contract(item("10.00", start="2025-04-01"), start="2025-04-01"))
    book.run("2025-04-01")
    dearer = item("10.00", start="2025-04-01", later=[terms("2025-04-11", "25.00", product=2)])
    book.amend(contract(dearer, start="2025-04-01"), "2025-04-11")
    [change] = book.run("2025-04-11")
    assert [row[1] for row in change.rows] == [-667, 1667]
    assert change.composed.net == 1000
    slot = change.composed.lines[1].line.charge.identity.slot
    assert (slot.days, change.composed.lines[1].line.charge.days.days) == (30, 20)
