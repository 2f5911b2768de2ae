"""Pro forma invoices out of a run (JB-59, JB-68): a range of their own, no claim, and real invoices later."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    credit_on_account,
    day,
    id_of,
    lines,
    only,
    pay,
    product,
    run,
    run_months,
    totals,
)
from turnus.contracts.amend import change_terms, end_contract
from turnus.contracts.paperwork import set_paperwork
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import Kind
from turnus.core.girocode import girocode
from turnus.core.instalments import plan_of
from turnus.core.paperwork import Paperwork
from turnus.core.status import Status
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents, gross_of_issued, number_gaps, overcredited
from turnus.invoices.proforma import convert_proforma
from turnus.invoices.queries import document_rows
from turnus.ledger.models import Posting

pytestmark = pytest.mark.database

PROFORMA = Paperwork(day("2000-01-01"), proforma=True)


def stated(price: str = "100.00") -> Company:
    """A contract from January 2025 on whose documents are pro forma."""
    firm = company()
    product(firm, "abo", price)
    contract(firm, "V1", "2025-01-01", "abo", paperwork=PROFORMA)
    return firm


def test_a_run_makes_pro_formas_where_the_contract_says_so() -> None:
    firm = stated()
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    made = {document.kind: document for document in run(firm, "2025-01-01")}
    assert made[Kind.PROFORMA].number == "PF-2025-000001"
    assert made[Kind.INVOICE].number == "RE-2025-000001"
    assert totals(made[Kind.PROFORMA]) == "100.00 + 19.00 = 119.00"
    assert list(gross_of_issued()) == [id_of(firm, made[Kind.INVOICE])]
    assert not Posting.objects.filter(invoice_id=id_of(firm, made[Kind.PROFORMA])).exists()
    assert girocode(made[Kind.PROFORMA]) is None
    number = id_of(firm, made[Kind.PROFORMA])
    assert document_rows([number], on=day("2026-01-01"))[number].status is Status.STATED
    assert run(firm, "2025-01-31") == []
    assert (changed_documents(), number_gaps()) == ([], [])


def test_a_pro_forma_uses_no_credit_and_is_in_no_instalments() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo", group="A")
    pay(firm, only(run(firm, "2025-01-01")), on="2025-01-02")
    end_contract(firm.id, "V1", end=day("2025-01-01"), by=BY)
    run(firm, "2025-01-03")
    assert credit_on_account(firm) == "119.00"
    contract(
        firm, "V2", "2025-02-01", "abo", group="A",
        paperwork=Paperwork(day("2000-01-01"), proforma=True, instalments=plan_of("2x/1m")),
    )  # fmt: skip
    document = only(run(firm, "2025-02-01"))
    assert (document.kind, document.applied, document.instalments) == (Kind.PROFORMA, 0, ())
    assert credit_on_account(firm) == "119.00"


def test_it_becomes_an_invoice_with_a_number_date_and_claim_of_its_own() -> None:
    firm = stated("99.99")
    proforma = only(run(firm, "2025-01-01"))
    made = convert_proforma(id_of(firm, proforma), on=day("2025-01-10"), by=BY)
    invoice = invoice_document(made.invoice)
    assert (invoice.kind, invoice.number, str(invoice.issue_date)) == (Kind.INVOICE, "RE-2025-000001", "2025-01-10")
    assert (lines(invoice), totals(invoice)) == (lines(proforma), totals(proforma))
    assert list(gross_of_issued().values()) == [invoice.gross]
    assert run(firm, "2025-01-31") == []
    number = id_of(firm, proforma)
    assert document_rows([number], on=day("2026-01-01"))[number].status is Status.CANCELLED
    with pytest.raises(CorrectionRefusedError) as error:
        convert_proforma(number, on=day("2025-01-11"), by=BY)
    assert error.value.code == "nothing_left"
    assert (changed_documents(), number_gaps(), overcredited()) == ([], [], [])


def test_changes_are_stated_pro_forma_too_and_only_what_stands_becomes_an_invoice() -> None:
    firm = stated("31.00")
    proforma = only(run(firm, "2025-01-01"))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-17"), price=Decimal(62), by=BY)
    difference = only(run(firm, "2025-01-17"))
    assert (difference.kind, difference.net) == (Kind.PROFORMA, 15_00)
    made = convert_proforma(id_of(firm, proforma), on=day("2025-01-20"), by=BY)
    assert lines(invoice_document(made.invoice)) == ["1 abo 01.01.2025–16.01.2025 16.00"]
    rest = convert_proforma(id_of(firm, difference), on=day("2025-01-20"), by=BY)
    assert lines(invoice_document(rest.invoice)) == ["1 abo 17.01.2025–31.01.2025 30.00"]
    assert run(firm, "2025-01-31") == []
    assert overcredited() == []


def test_from_a_day_on_the_contract_is_invoiced_and_corrections_follow_what_they_correct() -> None:
    firm = stated("31.00")
    run(firm, "2025-01-01")
    set_paperwork(firm.id, "V1", Paperwork(day("2025-02-01")), by=BY)
    assert only(run(firm, "2025-02-01")).kind is Kind.INVOICE
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-31"), price=Decimal(62), by=BY)
    kinds = sorted((document.kind.value, document.net) for document in run(firm, "2025-02-15"))
    assert kinds == [("invoice", 31_00 + 2_00), ("proforma", -1_00)]
    assert run(firm, "2025-02-16") == []


def test_a_real_invoice_of_a_contract_that_turned_pro_forma_is_credited_for_real() -> None:
    firm = company()
    product(firm, "abo", "31.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    set_paperwork(firm.id, "V1", Paperwork(day("2025-01-10"), proforma=True), by=BY)
    end_contract(firm.id, "V1", end=day("2025-01-17"), by=BY)
    credit = only(run(firm, "2025-01-17"))
    assert (credit.kind, credit.net) == (Kind.CREDIT, -15_00)
    assert credit_on_account(firm) == "0.00"


def test_a_pro_forma_is_taken_back_in_its_own_range_and_is_never_credited() -> None:
    firm = stated()
    proforma = only(run(firm, "2025-01-01"))
    number = id_of(firm, proforma)
    with pytest.raises(CorrectionRefusedError) as error:
        credit_invoice(number, amount=1_00, on=day("2025-01-02"), reason="Nachlass", by=BY)
    assert error.value.code == "not_an_invoice"
    back = invoice_document(cancel_invoice(number, on=day("2025-01-02"), reason="Irrtum", by=BY).invoice)
    assert (back.kind, back.number, back.gross) == (Kind.PROFORMA, "PF-2025-000002", -119_00)
    for target in (number, id_of(firm, back)):
        with pytest.raises(CorrectionRefusedError):
            cancel_invoice(target, on=day("2025-01-03"), reason="Irrtum", by=BY)
        with pytest.raises(CorrectionRefusedError):
            convert_proforma(target, on=day("2025-01-03"), by=BY)
    assert only(run(firm, "2025-01-04")).number == "PF-2025-000003"
    assert Posting.objects.count() == 0


def test_twelve_pro_formas_and_twelve_invoices_have_two_ranges_without_gaps() -> None:
    firm = stated()
    months = [f"2025-{month:02d}-01" for month in range(1, 13)]
    made = run_months(firm, *months)
    for document in made:
        convert_proforma(id_of(firm, document), on=day("2025-12-31"), by=BY)
    assert sum(gross_of_issued().values()) == 12 * 119_00
    assert (number_gaps(), overcredited(), changed_documents()) == ([], [], [])
