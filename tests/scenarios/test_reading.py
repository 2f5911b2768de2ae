"""What people read: billing plan (JB-09), documents at the customer (FL-07), honest states (JB-75)."""

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    customer,
    day,
    id_of,
    only,
    pay,
    product,
    run,
)
from turnus.core.document import InvoiceDocument
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.queries import Filter, document_rows, documents

pytestmark = pytest.mark.database


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
