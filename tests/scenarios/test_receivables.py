"""Receivables: payments by hand, allocation, credit on account; balanced, append-only, never used twice (JB-95)."""

import pytest

from tests.builders import (
    BY,
    Company,
    cents,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    id_of,
    issued,
    only,
    open_amount,
    pay,
    product,
    run,
    started,
)
from turnus.core.document import InvoiceDocument
from turnus.core.receivables import AllocationError
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.credit import reserved_credit
from turnus.invoices.models import Invoice
from turnus.ledger.models import Allocation, Payment, Posting
from turnus.ledger.post import PaymentData, record_payment, settle_account
from turnus.parties.facts import customer_ids

pytestmark = pytest.mark.database


def invoiced(firm: Company, number: str = "V1", by: str = "K1") -> InvoiceDocument:
    """January 2025 of a contract: 119.00 gross."""
    product(firm, "abo", "100.00")
    contract(firm, number, "2025-01-01", "abo", by=by)
    return only(run(firm, "2025-01-01"))


def paid(firm: Company, amount: str, key: str, *invoices: InvoiceDocument, by: str = "K1") -> tuple[int, bool]:
    buyer = customer_ids(firm.id, [by])[by]
    numbers = [id_of(firm, invoice) for invoice in invoices]
    payment = PaymentData(buyer, key, "EUR", cents(amount), day("2025-01-10"), invoices=numbers)
    return record_payment(firm.id, payment, by=BY)


def test_an_issued_invoice_is_posted_balanced_against_revenue_and_tax() -> None:
    firm = company()
    invoice = invoiced(firm)
    rows = Posting.objects.order_by("id").values_list("account", "amount", "category", "rate", "due_on")
    assert list(rows) == [
        ("receivable", 119_00, "", 0, invoice.due_date),
        ("revenue", -100_00, "S", 1900, None),
        ("vat", -19_00, "S", 1900, None),
    ]
    assert len(set(Posting.objects.values_list("transaction", flat=True))) == 1


def test_a_payment_entered_twice_under_its_key_counts_once() -> None:
    firm = company()
    invoice = invoiced(firm)
    first = paid(firm, "50.00", "bank-1", invoice)
    assert paid(firm, "50.00", "bank-1", invoice) == (first[0], False)
    assert (open_amount(firm, invoice), Payment.objects.count()) == ("69.00", 1)
    with pytest.raises(AllocationError):
        paid(firm, "51.00", "bank-1", invoice)


def test_an_overpayment_is_credit_on_account_for_the_next_invoice() -> None:
    firm = company()
    invoice = invoiced(firm)
    paid(firm, "150.00", "bank-1", invoice)
    assert (open_amount(firm, invoice), credit_on_account(firm)) == ("0.00", "31.00")
    february = only(run(firm, "2025-02-01"))
    assert (february.applied, february.payable, open_amount(firm, february)) == (31_00, 88_00, "88.00")


def test_a_payment_settles_its_invoices_in_the_order_given() -> None:
    firm = company()
    january = invoiced(firm)
    february = only(run(firm, "2025-02-01"))
    paid(firm, "150.00", "bank-1", february, january)
    assert (open_amount(firm, february), open_amount(firm, january)) == ("0.00", "88.00")
    paid(firm, "100.00", "bank-2", january, january)
    assert (open_amount(firm, january), credit_on_account(firm)) == ("0.00", "12.00")


def test_nobody_pays_the_invoice_of_another_customer() -> None:
    firm = company()
    invoice = invoiced(firm)
    customer(firm, "K2")
    with pytest.raises(AllocationError):
        paid(firm, "119.00", "bank-1", invoice, by="K2")
    assert (Payment.objects.count(), open_amount(firm, invoice)) == (0, "119.00")


def test_money_without_an_invoice_is_settled_with_the_oldest() -> None:
    firm = company()
    january = invoiced(firm)
    paid(firm, "150.00", "bank-1")
    assert credit_on_account(firm) == "150.00"
    buyer = customer_ids(firm.id, ["K1"])["K1"]
    assert settle_account(buyer, "EUR", on=day("2025-01-12"), by=BY) == 119_00
    assert (open_amount(firm, january), credit_on_account(firm)) == ("0.00", "31.00")
    assert settle_account(buyer, "EUR", on=day("2025-01-12"), by=BY) == 0


def test_returned_money_opens_a_claim_and_leaves_the_invoice_paid() -> None:
    firm = company()
    invoice = invoiced(firm)
    paid(firm, "119.00", "bank-1", invoice)
    paid(firm, "-119.00", "bank-2")
    assert sum(Posting.objects.filter(account="receivable").values_list("amount", flat=True)) == 119_00
    assert open_amount(firm, invoice) == "0.00"


def test_credit_promised_to_a_released_document_is_not_used_elsewhere() -> None:
    firm = company()
    paid_january = invoiced(firm)
    paid(firm, "150.00", "bank-1", paid_january)
    number = started(firm, "2025-02-01")  # straight through: released with 31.00 of credit, not yet issued
    contract(firm, "V2", "2025-02-02", "abo")
    other = only(run(firm, "2025-02-02", on="2025-02-01"))
    assert other.applied == 0
    buyer = customer_ids(firm.id, ["K1"])["K1"]
    promised = reserved_credit([buyer])[buyer, "EUR"]
    assert settle_account(buyer, "EUR", reserved=promised, on=day("2025-02-02"), by=BY) == 0
    assert [document.applied for document in issued(number) if document.contracts == ("V1",)] == [31_00]
    assert credit_on_account(firm) == "0.00"


def test_two_invoices_of_one_run_share_the_credit_and_use_it_once() -> None:
    firm = company()
    paid(firm, "150.00", "bank-1", invoiced(firm))
    contract(firm, "V2", "2025-02-01", "abo")
    contract(firm, "V3", "2025-02-01", "abo")
    assert [document.applied for document in run(firm, "2025-02-01")] == [31_00, 0, 0]
    assert credit_on_account(firm) == "0.00"


def test_the_credit_that_a_cancelled_invoice_used_is_free_again() -> None:
    firm = company()
    paid(firm, "150.00", "bank-1", invoiced(firm))
    february = only(run(firm, "2025-02-01"))
    assert february.applied == 31_00
    cancel_invoice(id_of(firm, february), on=day("2025-02-02"), reason="Irrtum", bill_again=False, by=BY)
    assert (open_amount(firm, february), credit_on_account(firm)) == ("0.00", "31.00")


def test_allocations_never_exceed_what_they_join() -> None:
    firm = company()
    invoice = invoiced(firm)
    pay(firm, invoice, "100.00", on="2025-01-10")
    credit_invoice(id_of(firm, invoice), amount=50_00, on=day("2025-01-20"), reason="Mangel", by=BY)
    run(firm, "2025-02-01")
    amounts = dict(Posting.objects.values_list("id", "amount"))
    for side, sign in (("debit_id", 1), ("credit_id", -1)):
        used: dict[int, int] = {}
        for posting, amount in Allocation.objects.values_list(side, "amount"):
            used[posting] = used.get(posting, 0) + amount
        assert all(0 < amount <= sign * amounts[posting] for posting, amount in used.items())
    assert Invoice.objects.filter(state="issued").count() == 3
