"""Invoices payable in instalments (JB-21, JB-43; hard case 15): one VAT, several due days, credits in their turn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    ONE_OFF,
    Company,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    days,
    id_of,
    item,
    money,
    only,
    open_amount,
    pay,
    product,
    run,
    totals,
)
from turnus.contracts.amend import change_terms
from turnus.contracts.paperwork import set_paperwork
from turnus.core.document import InvoiceDocument
from turnus.core.girocode import girocode
from turnus.core.instalments import plan_of
from turnus.core.paperwork import Paperwork
from turnus.core.status import Status
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents
from turnus.invoices.manual import bill_period
from turnus.invoices.queries import document_rows
from turnus.ledger.facts import items_of_invoices
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.ledger.models import Posting

pytestmark = pytest.mark.database


def in_parts(price: str, plan: str, *, gross: bool = True) -> tuple[Company, InvoiceDocument]:
    """A contract of one month at a price with VAT, billed on 1 January with 14 days to pay, in instalments."""
    firm = company()
    product(firm, "abo", price, ONE_OFF, gross=gross)
    contract(firm, "V1", "2025-01-01", "abo", paperwork=Paperwork(day("2000-01-01"), instalments=plan_of(plan)))
    return firm, only(run(firm, "2025-01-01"))


def parts(firm: Company, document: InvoiceDocument) -> list[tuple[str, str]]:
    """Due day and what is open of each open item."""
    rows = items_of_invoices([id_of(firm, document)])[id_of(firm, document)]
    return [(str(row.due_on), money(row.open)) for row in rows]


@pytest.mark.parametrize(
    ("price", "plan", "expected"),
    [("1000.00", "3x/1m", ["333.34", "333.33", "333.33"]),
     ("100.00", "7x/14d", ["14.29"] * 4 + ["14.28"] * 3),
     ("119.99", "30+30+40%/1m", ["36.00", "36.00", "47.99"])],
)  # fmt: skip
def test_case_15_parts_are_open_items_with_their_own_due_day(price: str, plan: str, expected: list[str]) -> None:
    firm, document = in_parts(price, plan)
    assert [money(part.amount) for part in document.instalments] == expected == [p for _day, p in parts(firm, document)]
    assert [str(part.due_on) for part in document.instalments] == [due for due, _open in parts(firm, document)]
    assert str(document.due_date) == parts(firm, document)[0][0] == "2025-01-15"
    assert Posting.objects.filter(account="vat").count() == 1
    assert (changed_documents(), unbalanced(), overallocated()) == ([], [], [])
    assert receivable_of_invoices() == {id_of(firm, document): document.gross}


def test_case_15_only_what_is_due_is_overdue() -> None:
    firm, document = in_parts("1000.00", "3x/1m")
    number = id_of(firm, document)
    row = document_rows([number], on=day("2025-02-20"))[number]
    assert (row.status, money(row.overdue), money(row.open)) == (Status.OVERDUE, "666.67", "1000.00")
    pay(firm, document, "666.67", on="2025-02-21")
    row = document_rows([number], on=day("2025-02-22"))[number]
    assert (row.status, row.overdue, money(row.open)) == (Status.PART_PAID, 0, "333.33")


def test_case_15_a_credit_reduces_the_latest_instalments_first() -> None:
    firm, document = in_parts("1000.00", "3x/1m")
    credit_invoice(id_of(firm, document), amount=100_00, on=day("2025-01-10"), reason="Nachlass", by=BY)
    assert [left for _day, left in parts(firm, document)] == ["333.34", "333.33", "233.33"]
    credit_invoice(id_of(firm, document), amount=300_00, on=day("2025-01-11"), reason="Nachlass", by=BY)
    assert [left for _day, left in parts(firm, document)] == ["333.34", "266.66", "0.00"]


def test_by_setting_a_credit_reduces_the_earliest_first() -> None:
    firm, document = in_parts("1000.00", "3x/1m/first")
    credit_invoice(id_of(firm, document), amount=400_00, on=day("2025-01-10"), reason="Nachlass", by=BY)
    assert [left for _day, left in parts(firm, document)] == ["0.00", "266.67", "333.33"]


def test_payments_go_to_the_earliest_and_a_cancellation_takes_all_back() -> None:
    firm, document = in_parts("1000.00", "3x/1m")
    pay(firm, document, "400.00", on="2025-01-20")
    assert [left for _day, left in parts(firm, document)] == ["0.00", "266.67", "333.33"]
    cancel_invoice(id_of(firm, document), on=day("2025-01-21"), reason="Irrtum", bill_again=False, by=BY)
    assert [left for _day, left in parts(firm, document)] == ["0.00", "0.00", "0.00"]
    assert credit_on_account(firm) == "400.00"
    assert (unbalanced(), overallocated()) == ([], [])


def test_credit_on_account_pays_the_earliest_and_the_document_shows_what_is_left() -> None:
    firm = company()
    product(firm, "abo", "120.00", gross=True)
    plan = Paperwork(day("2000-01-01"), instalments=plan_of("3x/1m"))
    contract(firm, "V1", "2025-01-01", "abo", paperwork=plan)
    first = only(run(firm, "2025-01-01"))
    pay(firm, first, on="2025-01-02")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(70), correction=True, by=BY)
    assert only(run(firm, "2025-01-03")).instalments == ()
    second = only(run(firm, "2025-02-01"))
    assert (second.gross, second.applied, second.payable) == (70_00, 50_00, 20_00)
    assert [(str(part.due_on), money(part.amount)) for part in second.instalments] == [("2025-04-15", "20.00")]
    assert [left for _day, left in parts(firm, second)] == ["0.00", "0.00", "20.00"]
    assert sum(part.amount for part in second.instalments) == second.payable


def test_a_plan_holds_from_its_day_and_for_invoices_by_hand_out_of_the_contract() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo", payment_days=0)
    assert only(run(firm, "2025-01-01")).instalments == ()
    set_paperwork(firm.id, "V1", Paperwork(day("2025-02-01"), instalments=plan_of("2x/1m")), by=BY)
    [(number, _text)] = bill_period(firm.id, "V1", ["abo"], days=days("2025-02-01", "2025-02-28"),
                                    on=day("2025-02-01"), by=BY)  # fmt: skip
    document = invoice_document(number)
    assert totals(document) == "30.00 + 5.70 = 35.70"
    assert [(str(part.due_on), money(part.amount)) for part in document.instalments] == [
        ("2025-02-01", "17.85"), ("2025-03-01", "17.85"),
    ]  # fmt: skip


def test_the_giro_code_asks_for_the_first_instalment() -> None:
    _firm, document = in_parts("1000.00", "3x/1m")
    assert "EUR333.34" in str(girocode(document))


def test_a_customer_pays_two_contracts_with_plans_and_open_items_stay_apart() -> None:
    firm = company()
    product(firm, "abo", "100.00", gross=True)
    customer(firm, "K1")
    for number, plan in (("V1", "2x/1m"), ("V2", "4x/1m")):
        contract(firm, number, "2025-01-01", item("abo"), paperwork=Paperwork(day("2000-01-01"),
                 instalments=plan_of(plan)))  # fmt: skip
    first, second = run(firm, "2025-01-01")
    pay(firm, second, "60.00", on="2025-01-05")
    assert [left for _day, left in parts(firm, first)] == ["50.00", "50.00"]
    assert [left for _day, left in parts(firm, second)] == ["0.00", "0.00", "15.00", "25.00"]
    assert open_amount(firm, second) == "40.00"
