"""The billing plan (JB-09, JB-10): future documents as data, which the later invoices equal to the last field."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    BY,
    METERED,
    ONE_OFF,
    Company,
    address,
    company,
    contract,
    customer,
    day,
    days,
    item,
    lines,
    product,
    run,
    run_months,
    totals,
    used,
)
from tests.scenarios.agreements import FIRST, agreed, agreements, bare, seller, undone
from turnus.contracts.amend import change_terms
from turnus.core.contracts import NewContract, NewDiscount, Timing
from turnus.core.periods import Cycle, Period, add_months
from turnus.invoices.plan import BillingPlan, billing_plan

pytestmark = pytest.mark.database

YEAR = days("2025-01-01", "2025-12-31")


def planned(firm: Company, number: int, window: Period = YEAR, on: str = "2025-01-01") -> BillingPlan:
    return billing_plan(firm.id, number, window=window, on=day(on))


def mixed() -> tuple[Company, int]:
    firm = company()
    product(firm, "setup", "49.00", ONE_OFF)
    product(firm, "abo", "29.00")
    product(firm, "backup", "12.00")
    first_months = NewDiscount("Start", percent=Decimal(50), item="abo", end=day("2025-05-01"))
    number = contract(
        firm, "V1", "2025-02-10", "setup", "abo", item("backup", fee=Cycle(3, 0), timing=Timing.ARREARS),
        end="2025-09-01", anchor="2025-02-01", discounts=(first_months,),
    )  # fmt: skip
    return firm, number


def test_jb_09_the_plan_lists_due_days_with_net_vat_and_gross() -> None:
    firm, number = mixed()
    plan = planned(firm, number)
    assert [(str(row.due_on), totals(row.document)) for row in plan.documents] == [
        ("2025-02-10", "58.84 + 11.18 = 70.02"),
        ("2025-03-01", "14.50 + 2.76 = 17.26"),
        ("2025-04-01", "14.50 + 2.76 = 17.26"),
        ("2025-05-01", "39.79 + 7.56 = 47.35"),
        ("2025-06-01", "29.00 + 5.51 = 34.51"),
        ("2025-07-01", "29.00 + 5.51 = 34.51"),
        ("2025-08-01", "41.00 + 7.79 = 48.79"),
        ("2025-09-01", "4.04 + 0.77 = 4.81"),
    ]
    may = plan.documents[3]
    assert [(row.item, row.line.period, row.line.net) for row in may.lines] == [
        ("abo", days("2025-05-01", "2025-05-31"), 29_00), ("backup", days("2025-02-10", "2025-04-30"), 10_79),
    ]  # fmt: skip


def test_jb_09_later_invoices_equal_the_plan() -> None:
    firm, number = mixed()
    plan = planned(firm, number)
    issued = [run(firm, str(row.due_on)) for row in plan.documents]
    assert [[bare(document) for document in documents] for documents in issued] == [
        [row.document] for row in plan.documents
    ]
    assert run(firm, "2025-12-31") == []
    assert planned(firm, number).documents == [], "what is billed is no longer planned"


def test_jb_09_the_plan_follows_a_change_of_the_contract() -> None:
    firm, number = mixed()
    before = planned(firm, number).documents
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-06-01"), price=Decimal(39), by=BY)
    after = planned(firm, number).documents
    assert after[:4] == before[:4]
    assert [row.net for row in after[4:]] == [39_00, 39_00, 51_00, 4_04]


def test_jb_10_the_plan_carries_what_invoices_will_print_in_the_customers_language() -> None:
    firm = company()
    customer(firm, "K1", name="Smith Ltd", language="en", address=address("DE"))
    product(firm, "abo", "30.00", name_en="Subscription", description="Grundpaket", description_en="Basic package")
    number = contract(firm, "V1", "2025-01-01", item("abo", "1"))
    document = planned(firm, number).documents[0].document
    assert (document.buyer.name, document.language, document.customer_number) == ("Smith Ltd", "en", "K1")
    line = document.lines[0]
    assert (line.name, line.description, line.quantity, line.unit_price) == (
        "Subscription", "Basic package", Decimal(1), Decimal(30),
    )  # fmt: skip


def test_a_shared_document_is_planned_whole_and_tells_what_is_the_contracts_own() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    product(firm, "extra", "0.50")
    first = contract(firm, "V1", "2025-01-01", "abo", group="all")
    contract(firm, "V2", "2025-01-01", "extra", group="all")
    january = planned(firm, first).documents[0]
    assert totals(january.document) == "30.50 + 5.80 = 36.30"
    assert (january.net, [(row.contract, row.item) for row in january.lines]) == (
        30_00, [("V1", "abo"), ("V2", "extra")],
    )  # fmt: skip
    assert [bare(document) for document in run(firm, "2025-01-01")] == [january.document]


def test_reported_usage_is_planned_and_unreported_is_not() -> None:
    firm = company()
    product(firm, "sms", "0.10", METERED)
    number = contract(firm, "V1", "2025-01-01", "sms")
    assert planned(firm, number).documents == []
    used(firm, "V1", "sms", "2025-01-10", "50")
    assert [(str(row.due_on), row.net) for row in planned(firm, number).documents] == [("2025-02-01", 5_00)]


def test_a_plan_that_begins_later_leaves_out_what_is_due_before() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    number = contract(firm, "V1", "2025-01-01", "abo")
    found = planned(firm, number, days("2025-06-01", "2025-07-31")).documents
    assert [lines(row.document) for row in found] == [
        ["1 abo 01.06.2025–30.06.2025 30.00"], ["1 abo 01.07.2025–31.07.2025 30.00"],
    ]  # fmt: skip


@settings(max_examples=10)
@given(agreement=agreements(), billed=st.sampled_from([None, 0, 45]))
def test_for_24_months_the_invoices_of_any_contract_equal_its_plan(agreement: NewContract, billed: int | None) -> None:
    with undone():
        firm = seller()
        number = agreed(firm, agreement)
        on = FIRST
        if billed is not None:
            on += timedelta(days=billed)
            run(firm, str(on))
        plan = billing_plan(firm.id, number, window=Period(on, add_months(on, 24)), on=on)
        assert plan.held == []
        check_issued(firm, plan)


def check_issued(firm: Company, plan: BillingPlan) -> None:
    """On every planned day what was planned, and nothing on the days between."""
    for place, row in enumerate(plan.documents):
        same_day = [other.document for other in plan.documents if other.due_on == row.due_on]
        if place and plan.documents[place - 1].due_on == row.due_on:
            continue
        assert [bare(document) for document in run(firm, str(row.due_on))] == same_day
    last: date = plan.window.end - timedelta(days=1)
    assert run(firm, str(last)) == []


def test_however_the_runs_are_dated_the_same_lines_are_billed() -> None:
    firm, number = mixed()
    wanted = [
        (row.line.name, row.line.period, row.line.net) for d in planned(firm, number).documents for row in d.lines
    ]
    billed = run_months(firm, "2025-03-20", "2025-07-02", "2025-12-31")
    assert sorted((line.name, line.period, line.net) for d in billed for line in d.lines) == sorted(wanted)
