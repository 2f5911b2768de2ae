"""Contracts that change (hard cases 3 and 4; JB-42, 60, PI-03, PI-12, PI-15): the next run bills or credits."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    UNIT,
    Company,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    days,
    id_of,
    item,
    lines,
    money,
    only,
    open_amount,
    pay,
    product,
    run,
    totals,
)
from turnus.contracts.amend import change_grid, change_payer, change_terms, end_contract, end_item
from turnus.contracts.discounts import grant_discount
from turnus.core.contracts import Grid, NewDiscount, Timing
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.periods import Cycle
from turnus.invoices.document import invoice_document

pytestmark = pytest.mark.database


def on_plan(firm: Company, plan: str) -> InvoiceDocument:
    """April 2025 on one of the plans a (30.00), b (90.00) and c (150.00), billed and paid on the first."""
    for code, price in (("a", "30.00"), ("b", "90.00"), ("c", "150.00")):
        product(firm, code, price)
    contract(firm, "V1", "2025-04-01", item(plan, named="plan"))
    april = only(run(firm, "2025-04-01"))
    pay(firm, april, on="2025-04-01")
    return april


def move_to(firm: Company, code: str, since: str, price: str) -> None:
    change_terms(firm.id, "V1", "plan", valid_from=day(since), product=code, price=Decimal(price), by=BY)


def test_case_3_an_upgrade_credits_the_plan_value_left_and_charges_the_new_one() -> None:
    firm = company()
    on_plan(firm, "a")
    move_to(firm, "b", "2025-04-11", "90.00")
    first = only(run(firm, "2025-04-11"))
    assert lines(first) == ["-1 a 11.04.2025–30.04.2025 -20.00", "1 b 11.04.2025–30.04.2025 60.00"]
    assert totals(first) == "40.00 + 7.60 = 47.60"
    move_to(firm, "c", "2025-04-21", "150.00")
    second = only(run(firm, "2025-04-21"))
    assert lines(second) == ["-1 b 21.04.2025–30.04.2025 -30.00", "1 c 21.04.2025–30.04.2025 50.00"]
    assert totals(second) == "20.00 + 3.80 = 23.80"
    assert 30_00 + first.net + second.net == 90_00 == 10_00 + 30_00 + 50_00


def test_case_3_a_downgrade_is_a_credit_that_the_next_invoice_uses() -> None:
    firm = company()
    april = on_plan(firm, "b")
    move_to(firm, "a", "2025-04-11", "30.00")
    credit = only(run(firm, "2025-04-11"))
    assert (credit.kind, totals(credit)) == (Kind.CREDIT, "-40.00 + -7.60 = -47.60")
    assert sorted(lines(credit)) == ["-1 b 11.04.2025–30.04.2025 -60.00", "1 a 11.04.2025–30.04.2025 20.00"]
    assert [reference.number for reference in credit.preceding] == [april.number]
    assert (open_amount(firm, credit), credit_on_account(firm)) == ("-47.60", "47.60")
    may = only(run(firm, "2025-05-01"))
    assert (totals(may), may.applied, may.payable) == ("30.00 + 5.70 = 35.70", 35_70, 0)
    assert (open_amount(firm, may), open_amount(firm, credit), credit_on_account(firm)) == ("0.00", "-11.90", "11.90")


def test_case_3_a_downgrade_at_period_end_leaves_april_alone() -> None:
    firm = company()
    on_plan(firm, "b")
    move_to(firm, "a", "2025-05-01", "30.00")
    assert run(firm, "2025-04-11") == []
    assert totals(only(run(firm, "2025-05-01"))) == "30.00 + 5.70 = 35.70"


def test_case_4_fewer_seats_reported_late_are_credited_on_the_days_they_were_wrong() -> None:
    firm = company()
    product(firm, "seat", "20.00", UNIT)
    contract(firm, "V1", "2025-01-01", item("seat", "10"), billing=Cycle(3, 0))
    original = only(run(firm, "2025-01-01"))
    assert totals(original) == "600.00 + 114.00 = 714.00"
    pay(firm, original, on="2025-01-10")
    before = invoice_document(id_of(firm, original))
    change_terms(firm.id, "V1", "seat", valid_from=day("2025-02-15"), quantity=Decimal(8), by=BY)
    credit = only(run(firm, "2025-03-10"))
    assert lines(credit) == ["-2 seat 15.02.2025–28.02.2025 -20.00", "-2 seat 01.03.2025–31.03.2025 -40.00"]
    assert [(line.days, line.whole_days) for line in credit.lines] == [(14, 28), (0, 0)]
    assert [line.corrects for line in credit.lines] == [original.number] * 2
    assert (credit.kind, totals(credit)) == (Kind.CREDIT, "-60.00 + -11.40 = -71.40")
    assert [reference.number for reference in credit.preceding] == [original.number]
    assert credit.issue_date == day("2025-03-10")
    assert original.net + credit.net == 540_00
    assert invoice_document(id_of(firm, original)) == before == original
    assert run(firm, "2025-03-10") == []
    assert totals(only(run(firm, "2025-04-01"))) == "480.00 + 91.20 = 571.20"


def test_case_4_the_correction_carries_the_tax_rate_of_the_corrected_days() -> None:
    firm = company()
    product(firm, "seat", "20.00", UNIT)
    contract(firm, "V1", "2020-10-01", item("seat", "10"), billing=Cycle(3, 0))
    assert totals(only(run(firm, "2020-10-01"))) == "600.00 + 96.00 = 696.00"
    change_terms(firm.id, "V1", "seat", valid_from=day("2020-12-01"), quantity=Decimal(8), by=BY)
    credit = only(run(firm, "2021-03-10", on="2021-03-10"))
    december = [line for line in credit.lines if line.period and line.period.end <= day("2021-01-01")]
    assert [(line.net, line.tax_rate) for line in december] == [(-40_00, 1600)]


def test_jb_42_a_price_with_a_window_splits_the_period_at_its_edge() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", item("abo", timing=Timing.ARREARS))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-05-16"), price=Decimal("110.00"), by=BY)
    document = only(run(firm, "2025-06-01"))
    assert lines(document) == ["1 abo 01.05.2025–15.05.2025 48.39", "1 abo 16.05.2025–31.05.2025 56.77"]
    assert document.net == 105_16


def test_pi_15_a_saved_change_is_in_the_next_bill_whatever_was_drafted_before() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", "abo")
    run(firm, "2025-05-01")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-06-01"), price=Decimal("120.00"), by=BY)
    assert totals(only(run(firm, "2025-06-01"))) == "120.00 + 22.80 = 142.80"


def test_pi_12_one_customer_has_a_price_cycle_and_term_of_payment_of_its_own() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", "abo")
    special = item("abo", price="79.5", fee=Cycle(2, 0), label="Sonderkondition")
    contract(firm, "V2", "2025-05-01", special, by="K2", payment_days=30)
    usual, own = run(firm, "2025-05-01")
    assert (totals(usual), usual.due_date) == ("100.00 + 19.00 = 119.00", day("2025-05-15"))
    assert (lines(own), own.due_date) == (["1 Sonderkondition 01.05.2025–30.06.2025 79.50"], day("2025-05-31"))


def test_a_price_is_corrected_back_to_the_beginning_and_only_the_difference_is_billed() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    for first in ("2025-01-01", "2025-02-01", "2025-03-01"):
        run(firm, first)
    change_terms(
        firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal("90.00"), correction=True, by=BY
    )  # fmt: skip
    credit = only(run(firm, "2025-03-20"))
    assert totals(credit) == "-30.00 + -5.70 = -35.70"
    assert len(credit.preceding) == 3


def test_an_item_that_ends_early_is_credited_and_the_others_go_on() -> None:
    firm = company()
    product(firm, "base", "30.00")
    product(firm, "extra", "15.00")
    contract(firm, "V1", "2025-04-01", "base", "extra")
    run(firm, "2025-04-01")
    end_item(firm.id, "V1", "extra", end=day("2025-04-11"), by=BY)
    assert lines(only(run(firm, "2025-04-11"))) == ["-1 extra 11.04.2025–30.04.2025 -10.00"]
    assert lines(only(run(firm, "2025-05-01"))) == ["1 base 01.05.2025–31.05.2025 30.00"]


def test_a_termination_taken_back_is_billed_again() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    run(firm, "2025-04-01")
    end_contract(firm.id, "V1", end=day("2025-04-16"), by=BY)
    assert only(run(firm, "2025-04-16")).net == -15_00
    end_contract(firm.id, "V1", end=None, by=BY)
    assert lines(only(run(firm, "2025-04-20"))) == ["1 abo 16.04.2025–30.04.2025 15.00"]


def test_from_monthly_to_yearly_keeps_every_day_billed_once() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    yearly = Grid(day("2025-02-01"), Cycle(12, 0), Cycle(12, 0), day("2025-02-01"), Timing.ADVANCE)
    change_grid(firm.id, "V1", "abo", grid=yearly, by=BY)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-01"), price=Decimal("300.00"), by=BY)
    assert lines(only(run(firm, "2025-02-01"))) == ["1 abo 01.02.2025–31.01.2026 300.00"]
    assert run(firm, "2025-12-31") == []


def test_another_payer_gets_the_rest_of_the_month_and_the_first_a_credit() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    pay(firm, only(run(firm, "2025-04-01")), on="2025-04-02")
    second = customer(firm, "K2")
    change_payer(firm.id, "V1", customer=second, valid_from=day("2025-04-16"), by=BY)
    documents = {document.customer_number: document for document in run(firm, "2025-04-16")}
    assert lines(documents["K1"]) == ["-1 abo 16.04.2025–30.04.2025 -15.00"]
    assert lines(documents["K2"]) == ["1 abo 16.04.2025–30.04.2025 15.00"]
    assert (credit_on_account(firm, "K1"), credit_on_account(firm, "K2")) == ("17.85", "0.00")
    assert only(run(firm, "2025-05-01")).customer_number == "K2"


def test_jb_20_od_56_discounts_end_with_their_days_and_show_on_the_line() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    quarter = days("2025-01-01", "2025-03-31")
    grant_discount(firm.id, "V1", NewDiscount("Treue", Decimal(10), None, "abo", *quarter), by=BY)
    first = only(run(firm, "2025-01-01"))
    assert (totals(first), first.lines[0].allowance, first.lines[0].allowance_reason) == (
        "90.00 + 17.10 = 107.10", 10_00, "Treue",
    )  # fmt: skip
    assert [document.net for first in ("2025-03-01", "2025-04-01") for document in run(firm, first)] == [180_00, 100_00]


def test_jb_20_an_amount_off_the_contract_is_a_line_of_its_own_and_never_more_than_the_bill() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    january_only = NewDiscount("Gutschein", None, 5000, None, *days("2025-01-01", "2025-01-31"))
    grant_discount(firm.id, "V1", january_only, by=BY)
    january = only(run(firm, "2025-01-01"))
    assert sorted((line.name, money(line.net)) for line in january.lines) == [("Gutschein", "-30.00"), ("abo", "30.00")]
    assert totals(january) == "0.00 + 0.00 = 0.00"
    assert totals(only(run(firm, "2025-02-01"))) == "30.00 + 5.70 = 35.70"


def test_a_discount_granted_late_is_credited_for_what_was_billed_already() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    january = days("2025-01-01", "2025-01-31")
    grant_discount(firm.id, "V1", NewDiscount("Kulanz", Decimal(20), None, "abo", *january), by=BY)
    assert totals(only(run(firm, "2025-01-15"))) == "-20.00 + -3.80 = -23.80"
