"""What people read: billing plan (JB-09), documents at the customer (FL-07), honest states (JB-75)."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    ONE_OFF,
    Company,
    company,
    contract,
    customer,
    day,
    days,
    id_of,
    item,
    money,
    only,
    pay,
    product,
    run,
)
from turnus.contracts.amend import change_terms
from turnus.contracts.queries import contract_plan
from turnus.core.contracts import NewDiscount, Timing
from turnus.core.document import InvoiceDocument
from turnus.core.formatting import format_period
from turnus.core.periods import Cycle
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.queries import Filter, document_rows, documents

pytestmark = pytest.mark.database

YEAR = days("2025-01-01", "2025-12-31")
Planned = tuple[str, str, str, str]


def planned(number: int) -> list[Planned]:
    """(due day, item, period, amount) as the plan lists them."""
    rows = contract_plan(number, window=YEAR)
    return [(str(row.due_on), row.item, format_period(row.period, "de"), money(row.amount)) for row in rows]


def billed(documents_: list[InvoiceDocument]) -> list[Planned]:
    """The same of invoices, dated by the run that issued them."""
    return [
        (str(document.issue_date), line.name, format_period(line.period, "de"), money(line.net))
        for document in documents_
        for line in document.lines
        if line.period
    ]


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


def test_jb_09_later_invoices_equal_the_plan() -> None:
    firm, number = mixed()
    plan = planned(number)
    dues = sorted({due for due, *_rest in plan})
    assert len(plan) == 1 + 7 + 3
    assert sorted(billed([document for due in dues for document in run(firm, due)])) == sorted(plan)
    assert run(firm, "2025-12-31") == []


def test_jb_09_the_plan_follows_a_change_of_the_contract() -> None:
    firm, number = mixed()
    before = planned(number)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-06-01"), price=Decimal(39), by=BY)
    after = planned(number)
    assert [row for row in after if row[0] < "2025-06-01"] == [row for row in before if row[0] < "2025-06-01"]
    assert [row[3] for row in after if row[1] == "abo" and row[0] >= "2025-06-01"] == ["39.00"] * 3


def test_fl_07_an_invoice_is_filed_at_its_customer() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    for name in ("K1", "K2"):
        contract(firm, f"V{name}", "2025-01-01", "abo", by=name)
    run(firm, "2025-01-01")
    run(firm, "2025-02-01")
    rows, count = documents(firm.id, Filter(customer=customer(firm, "K2")), on=day("2025-02-01"))
    assert ([row.number for row in rows], count) == (["RE-2025-000004", "RE-2025-000002"], 2)


def state(firm: Company, document: InvoiceDocument, on: str) -> str:
    number = id_of(firm, document)
    return document_rows([number], on=day(on))[number].status


def test_states_follow_from_later_rows() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    invoice = only(run(firm, "2025-01-01"))
    assert [state(firm, invoice, on) for on in ("2025-01-15", "2025-01-16")] == ["open", "overdue"]
    pay(firm, invoice, "19.00", on="2025-01-10")
    assert state(firm, invoice, "2025-01-15") == "part_paid"
    credit_invoice(id_of(firm, invoice), amount=50_00, on=day("2025-01-12"), reason="Mangel", by=BY)
    pay(firm, invoice, "40.50", on="2025-01-13")
    assert state(firm, invoice, "2025-01-16") == "paid"
    february = only(run(firm, "2025-02-01"))
    cancel_invoice(id_of(firm, february), on=day("2025-02-02"), reason="Irrtum", by=BY)
    assert state(firm, february, "2025-02-02") == "cancelled"
