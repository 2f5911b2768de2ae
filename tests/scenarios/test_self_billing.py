"""Payouts to suppliers by self-billing (JB-05, JB-60; § 14 Abs. 2 UStG): agreement first, then documents of our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    Company,
    cents,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    id_of,
    item,
    lines,
    only,
    open_amount,
    parked,
    product,
    run,
    started,
    totals,
    used,
)
from turnus.contracts.amend import change_terms
from turnus.contracts.sharing import Sharer, share_payers
from turnus.core.contracts import Timing
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.girocode import girocode
from turnus.core.parties import CustomerKind, SupplierData
from turnus.core.status import Status
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents, gross_of_issued, number_gaps, overcredited
from turnus.invoices.models import Invoice, RunUnit
from turnus.invoices.queries import document_rows
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.ledger.models import Posting
from turnus.ledger.post import PaymentData, record_payment
from turnus.parties.facts import customer_ids
from turnus.parties.suppliers import agree_self_billing, end_self_billing

pytestmark = pytest.mark.database

AGREED = SupplierData(day("2024-12-15"), "231/107/04512", reference="Ordner 7")


def supplier(firm: Company, number: str = "S1", *, agreed: SupplierData | None = AGREED, **data: object) -> int:
    made = customer(firm, number, **data)  # type: ignore[arg-type]
    if agreed is not None:
        agree_self_billing(made, agreed, valid_from=day("2025-01-01"), by=BY)
    return made


def paying_out() -> Company:
    """A supplier is owed 100.00 a month from January 2025 on."""
    firm = company()
    product(firm, "share", "100.00")
    supplier(firm)
    contract(firm, "P1", "2025-01-01", item("share", timing=Timing.ARREARS), by="S1", payout=True)
    return firm


def postings(document: InvoiceDocument) -> dict[str, int]:
    rows = Posting.objects.filter(invoice_id=Invoice.objects.get(number=document.number).id)
    return {row.account: row.amount for row in rows}


def test_a_payout_is_a_document_of_our_own_in_a_range_of_its_own_with_the_suppliers_tax_data() -> None:
    firm = paying_out()
    document = only(run(firm, "2025-02-01"))
    assert (document.kind, document.number, totals(document)) == (
        Kind.SELF_BILLING, "GU-2025-000001", "100.00 + 19.00 = 119.00",
    )  # fmt: skip
    assert (document.buyer.tax_number, document.agreed_on) == ("231/107/04512", day("2024-12-15"))
    assert postings(document) == {"payable": -119_00, "expense": 100_00, "input_vat": 19_00}
    assert girocode(document) is None
    assert run(firm, "2025-02-28") == []
    assert (unbalanced(), overallocated(), changed_documents(), number_gaps()) == ([], [], [], [])
    assert receivable_of_invoices() == gross_of_issued() == {id_of(firm, document): -119_00}


def test_l_08b_without_a_stored_agreement_the_payout_waits_with_clear_words() -> None:
    firm = company()
    product(firm, "share", "100.00")
    supplier(firm, agreed=None)
    contract(firm, "P1", "2025-01-01", "share", by="S1", payout=True)
    number = started(firm, "2025-01-01")
    assert parked(number) == ["missing"]
    assert RunUnit.objects.get(run_id=number).detail == '{"fields": "supplier.agreement (§ 14 Abs. 2 S. 2 UStG)"}'
    agree_self_billing(customer_ids(firm.id, ["S1"])["S1"], SupplierData(day("2025-01-02")),
                       valid_from=day("2025-01-01"), by=BY)  # fmt: skip
    number = started(firm, "2025-01-02")
    assert "supplier.vat_id (§ 14 Abs. 4 Nr. 2 UStG)" in RunUnit.objects.get(run_id=number, state="parked").detail
    customer(firm, "S1", vat_id="DE999999999", since="2025-01-01")
    assert only(run(firm, "2025-01-03")).buyer.vat_id == "DE999999999"


def test_an_agreement_that_ended_lets_nothing_be_issued_any_more() -> None:
    firm = paying_out()
    run(firm, "2025-02-01")
    end_self_billing(customer_ids(firm.id, ["S1"])["S1"], valid_from=day("2025-02-15"), by=BY)
    assert parked(started(firm, "2025-03-01")) == ["missing"]


@pytest.mark.parametrize(
    ("country", "small", "category", "tax"), [("DE", False, "S", 19_00), ("DE", True, "E", 0), ("AT", False, "AE", 0),
                                              ("CH", False, "AE", 0)],
)  # fmt: skip
def test_vat_is_that_of_the_suppliers_service_to_us(country: str, small: bool, category: str, tax: int) -> None:
    firm = company()
    product(firm, "share", "100.00")
    agreed = SupplierData(AGREED.agreed_on, AGREED.tax_number, small_business=small)
    supplier(firm, country=country, agreed=agreed, vat_id="ATU12345675" if country == "AT" else "")
    contract(firm, "P1", "2025-01-01", "share", by="S1", payout=True)
    document = only(run(firm, "2025-01-01"))
    assert [(row.category, row.tax) for row in document.taxes] == [(category, tax)]
    assert document.taxes[0].reason == {"E": "small_business", "AE": "reverse_charge"}.get(category, "")


def test_a_private_person_cannot_be_accounted_for_by_self_billing() -> None:
    firm = company()
    product(firm, "share", "100.00")
    supplier(firm, kind=CustomerKind.PERSON)
    contract(firm, "P1", "2025-01-01", "share", by="S1", payout=True)
    assert parked(started(firm, "2025-01-01")) == ["supplier_private"]


def test_the_same_party_buys_and_supplies_and_nothing_is_netted_by_itself() -> None:
    firm = paying_out()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo", by="S1", group="A")
    contract(firm, "P2", "2025-01-01", item("share", timing=Timing.ARREARS), by="S1", payout=True, group="A")
    documents = run(firm, "2025-02-01")
    assert sorted((document.kind.value, document.net) for document in documents) == [
        ("invoice", 60_00), ("self_billing", 100_00), ("self_billing", 100_00),
    ]  # fmt: skip
    assert [document.applied for document in documents] == [0, 0, 0]
    assert credit_on_account(firm, "S1") == "0.00"


def test_a_correction_and_a_cancellation_stay_on_the_payable_side() -> None:
    firm = paying_out()
    first = only(run(firm, "2025-02-01"))
    change_terms(firm.id, "P1", "share", valid_from=day("2025-01-01"), price=Decimal(80), correction=True, by=BY)
    credit = only(run(firm, "2025-02-10"))
    assert (credit.kind, credit.number, credit.gross) == (Kind.SELF_CREDIT, "GU-2025-000002", -23_80)
    assert open_of(firm, first) == 95_20
    assert postings(credit) == {"payable": 23_80, "expense": -20_00, "input_vat": -3_80}
    back = invoice_document(cancel_invoice(id_of(firm, credit), on=day("2025-02-11"), reason="Irrtum", by=BY).invoice)
    assert (back.kind, back.gross) == (Kind.SELF_BILLING, 23_80)
    assert only(run(firm, "2025-02-12")).gross == -23_80
    assert (unbalanced(), overallocated(), overcredited(), changed_documents()) == ([], [], [], [])


def open_of(firm: Company, document: InvoiceDocument) -> int:
    number = id_of(firm, document)
    return document_rows([number], on=day("2025-02-12"))[number].open


def test_a_payout_is_paid_and_settled() -> None:
    firm = paying_out()
    document = only(run(firm, "2025-02-01"))
    number = id_of(firm, document)
    row = document_rows([number], on=day("2025-02-20"))[number]
    assert (row.status, row.open, row.overdue) == (Status.OVERDUE, 119_00, 119_00)
    buyer = customer_ids(firm.id, ["S1"])["S1"]
    paid = PaymentData(buyer, "T-1", "EUR", -cents("119.00"), day("2025-02-21"), invoices=[number], side="payable")
    record_payment(firm.id, paid, by=BY)
    row = document_rows([number], on=day("2025-02-21"))[number]
    assert (row.status, row.open) == (Status.PAID, 0)
    assert (unbalanced(), overallocated()) == ([], [])
    assert open_amount(firm, document) == "0.00"


def test_payouts_are_shared_by_two_suppliers_and_metered_like_anything_else() -> None:
    firm = company()
    product(firm, "clicks", "0.05", METERED)
    first, second = supplier(firm), supplier(firm, "S2")
    contract(firm, "P1", "2025-01-01", "clicks", by="S1", payout=True)
    share_payers(firm.id, "P1", [Sharer(first, 2), Sharer(second, 1)], valid_from=day("2025-01-01"), by=BY)
    used(firm, "P1", "clicks", "2025-01-10", "2001")
    documents = run(firm, "2025-02-01")
    assert {(document.customer_number, document.kind, document.net) for document in documents} == {
        ("S1", Kind.SELF_BILLING, 66_70), ("S2", Kind.SELF_BILLING, 33_35),
    }  # fmt: skip
    assert lines(documents[0])[0].startswith("2001 clicks")
