"""Rows of jobs in parts, corrections of details and objections for the tests of guards."""

from decimal import Decimal

from tests.builders import BY, company, contract, customer, day, days, id_of, only, product, run
from turnus.core.document import Kind
from turnus.core.parties import SupplierData
from turnus.documents.letters import LetterData, file_letter
from turnus.invoices.details import Right, correct_details
from turnus.invoices.jobs import JobData, ask_advance, finish_job, open_job
from turnus.invoices.manual import ManualLine
from turnus.invoices.objections import object_to
from turnus.parties.suppliers import agree_self_billing


def corrected_and_objected() -> None:
    """Another company's correction of a text, and a self-billing document that was objected to."""
    firm = company("six")
    product(firm, "share", "100.00")
    contract(firm, "V1", "2025-01-01", "share")
    number = id_of(firm, only(run(firm, "2025-01-01")))
    correct_details(number, Right(texts={1: "Anteil"}), on=day("2025-01-02"), reason="Text", by=BY)
    agree_self_billing(customer(firm, "S1"), SupplierData(day("2024-12-15"), "1"), valid_from=day("2025-01-01"), by=BY)
    contract(firm, "P1", "2025-01-03", "share", by="S1", payout=True)
    made = next(row for row in run(firm, "2025-01-03") if row.kind is Kind.SELF_BILLING)
    object_to(id_of(firm, made), received_on=day("2025-01-04"), by=BY)


def half_paid_job() -> None:
    """Another company's job with a deposit and its final invoice."""
    firm = company("five")
    file_letter(LetterData(firm.id, customer(firm), None, "order", "x", day("2025-01-01"), "0" * 64, 1), by=BY)
    product(firm, "work")
    row = ManualLine("work", Decimal(1), Decimal(80), days("2025-01-01", "2025-01-31"))
    open_job(firm.id, JobData("A-1", customer(firm), [row]), on=day("2025-01-01"), by=BY)
    ask_advance(firm.id, "A-1", Kind.DEPOSIT, net=1000, on=day("2025-01-02"), by=BY)
    finish_job(firm.id, "A-1", on=day("2025-02-01"), by=BY)
