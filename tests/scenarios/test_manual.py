"""Invoices that a person makes (JB-80, 81, 83): drafts without a number, periods of a contract, corrections of both."""

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
    item,
    lines,
    only,
    product,
    run,
    totals,
)
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.invoices.correct import cancel_invoice, credit_invoice, remaining_of
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents
from turnus.invoices.manual import (
    Edit,
    Heading,
    ManualLine,
    NotADraftError,
    bill_period,
    check_draft,
    discard_draft,
    edit_draft,
    head_of_draft,
    issue_draft,
    lines_of_draft,
    open_draft,
)
from turnus.invoices.models import Invoice
from turnus.invoices.proforma import convert_proforma
from turnus.invoices.single import MissingDataError
from turnus.ledger.models import Posting

pytestmark = pytest.mark.database

JANUARY = days("2025-01-01", "2025-01-31")


def line(quantity: str, price: str, label: str = "") -> ManualLine:
    return ManualLine("work", Decimal(quantity), Decimal(price), JANUARY, label)


def draft(firm: Company, *rows: ManualLine) -> int:
    product(firm, "work", unit="HUR")
    return open_draft(firm.id, customer(firm), rows or (line("2.5", "80.00"),), on=day("2025-02-01"), by=BY)


def test_l_08_a_total_below_zero_by_hand_is_a_credit_and_no_invoice() -> None:
    firm = company()
    number = draft(firm, line("-1", "100.00"), line("1", "40.00"))
    issue_draft(number, by=BY)
    document = invoice_document(number)
    assert (document.kind, totals(document)) == (Kind.CREDIT, "-60.00 + -11.40 = -71.40")
    found = compose(document, PROFILES["xrechnung"])
    assert found is not None
    assert (found.code, found.totals.due) == ("381", Decimal("71.40"))
    assert credit_on_account(firm) == "71.40"


def test_l_08_a_draft_that_rises_above_zero_is_an_invoice_again() -> None:
    number = draft(company(), line("-1", "100.00"))
    edit_draft(number, Edit([line("1", "100.00")]), by=BY)
    issue_draft(number, by=BY)
    assert invoice_document(number).kind is Kind.INVOICE


def test_jb_78_lines_by_hand_stay_in_the_order_in_which_they_were_written_and_are_taken_back_in_it() -> None:
    firm = company()
    names = [f"Schritt {number}" for number in range(12, 0, -1)]
    number = draft(firm, *(line("1", "10.00", name) for name in names))
    issue_draft(number, by=BY)
    assert [row.name for row in invoice_document(number).lines] == names
    taken = cancel_invoice(number, on=day("2025-02-02"), reason="Falscher Empfänger", by=BY)
    assert [row.name for row in invoice_document(taken.invoice).lines] == names


def finished(firm: Company, *rows: ManualLine) -> int:
    number = draft(firm, *rows)
    issue_draft(number, by=BY)
    return number


def test_jb_80_a_draft_has_no_number_and_can_be_edited() -> None:
    firm = company()
    number = draft(firm)
    document = invoice_document(number)
    assert (document.number, lines(document)) == ("", ["2.5 work 01.01.2025–31.01.2025 200.00"])
    rows = [*lines_of_draft(number), line("1", "50.00", "Anfahrt")]
    edit_draft(number, Edit(rows, day("2025-02-02")), by=BY)
    assert totals(invoice_document(number)) == "250.00 + 47.50 = 297.50"
    edit_draft(number, Edit(rows[1:]), by=BY)
    assert lines(invoice_document(number)) == ["1 Anfahrt 01.01.2025–31.01.2025 50.00"]


def test_jb_81_finalising_gives_the_number_and_freezes() -> None:
    firm = company()
    number = draft(firm)
    assert issue_draft(number, by=BY) == "RE-2025-000001"
    for act in (lambda: edit_draft(number, Edit([line("1", "1.00")]), by=BY),
                lambda: discard_draft(number, by=BY), lambda: issue_draft(number, by=BY)):  # fmt: skip
        with pytest.raises(NotADraftError):
            act()
    document = invoice_document(number)
    assert (document.due_date, document.issue_date) == (day("2025-02-15"), day("2025-02-01"))


def test_a_discarded_draft_leaves_no_gap_in_the_numbers() -> None:
    firm = company()
    discard_draft(draft(firm), by=BY)
    assert issue_draft(draft(firm), by=BY) == "RE-2025-000001"


def test_several_drafts_may_be_open_at_once() -> None:
    firm = company()
    first, second = draft(firm), draft(firm)
    assert (issue_draft(second, by=BY), issue_draft(first, by=BY)) == ("RE-2025-000001", "RE-2025-000002")


def test_jb_80_a_check_lists_all_that_a_draft_lacks_and_issuing_refuses_it() -> None:
    firm = company(vat_id="", tax_number="")
    product(firm, "work")
    number = open_draft(firm.id, customer(firm, name=""), [line("1", "1.00")], on=day("2025-02-01"), by=BY)
    assert sorted(lack.field for lack in check_draft(number)) == ["buyer.name", "seller.vat_id"]
    with pytest.raises(MissingDataError) as error:
        issue_draft(number, by=BY)
    assert sorted(lack.field for lack in error.value.missing) == ["buyer.name", "seller.vat_id"]
    company(tax_number="231/107/04512")
    customer(firm, name="Müller AG")
    assert check_draft(number) == []
    assert issue_draft(number, by=BY) == "RE-2025-000001"
    document = invoice_document(number)
    assert (document.buyer.name, document.seller.tax_number) == ("Müller AG", "231/107/04512")


def test_jb_80_head_date_and_recipient_of_a_draft_can_be_changed() -> None:
    firm = company()
    number = draft(firm)
    other = customer(firm, "K2", country="AT", vat_id="ATU12345675")
    head = head_of_draft(number)._replace(note="Wie besprochen", reference="PO 7", cost_centre="4711", payment_days=30)
    edit_draft(number, Edit(on=day("2025-02-10"), head=head), by=BY)
    document = invoice_document(number)
    assert (document.note, document.buyer_reference, document.cost_centre) == ("Wie besprochen", "PO 7", "4711")
    assert (document.issue_date, document.due_date) == (day("2025-02-10"), day("2025-03-12"))
    assert lines(document) == ["2.5 work 01.01.2025–31.01.2025 200.00"]
    edit_draft(number, Edit([line("1", "50.00")]), by=BY)  # the head stays
    document = invoice_document(number)
    assert (totals(document), document.note, document.cost_centre) == (
        "50.00 + 9.50 = 59.50", "Wie besprochen", "4711",
    )  # fmt: skip
    edit_draft(number, Edit(customer=customer(firm, "K3", name="Dritte AG")), by=BY)
    assert invoice_document(number).buyer.name == "Dritte AG"
    assert other


def test_jb_79_a_pro_forma_invoice_by_hand_claims_nothing_and_becomes_an_invoice() -> None:
    firm = company()
    product(firm, "work", unit="HUR")
    head = Heading(kind=Kind.PROFORMA)
    number = open_draft(firm.id, customer(firm), [line("1", "80.00")], on=day("2025-02-01"), head=head, by=BY)
    assert issue_draft(number, by=BY) == "PF-2025-000001"
    assert not Posting.objects.exists()
    made = convert_proforma(number, on=day("2025-02-02"), by=BY)
    document = invoice_document(made.invoice)
    assert (document.kind, document.number, totals(document)) == (
        Kind.INVOICE, "RE-2025-000001", "80.00 + 15.20 = 95.20",
    )  # fmt: skip
    assert changed_documents() == []


def test_lines_by_hand_are_credited_as_often_as_something_is_left() -> None:
    firm = company()
    number = finished(firm, line("1", "100.00"), line("1", "50.00"))
    for amount in (30_00, 20_00, 10_00):
        credit_invoice(number, amount=amount, line=1, on=day("2025-02-03"), reason="Nachlass", by=BY)
    assert [row.left for row in remaining_of(number)] == [40_00, 50_00]
    with pytest.raises(CorrectionRefusedError) as error:
        credit_invoice(number, amount=40_01, line=1, on=day("2025-02-03"), reason="Nachlass", by=BY)
    assert error.value.params == {"left": "4000"}


def test_a_part_credited_invoice_by_hand_is_cancelled_for_the_rest() -> None:
    firm = company()
    number = finished(firm, line("1", "100.00"), line("1", "50.00"))
    credit_invoice(number, amount=30_00, line=1, on=day("2025-02-03"), reason="Nachlass", by=BY)
    made = cancel_invoice(number, on=day("2025-02-04"), reason="Irrtum", by=BY)
    assert totals(invoice_document(made.invoice)) == "-120.00 + -22.80 = -142.80"
    assert [row.left for row in remaining_of(number)] == [0, 0]
    assert credit_on_account(firm) == "0.00"


def test_a_credit_of_a_line_by_hand_can_be_cancelled() -> None:
    firm = company()
    number = finished(firm, line("1", "100.00"))
    note = credit_invoice(number, amount=30_00, on=day("2025-02-03"), reason="Nachlass", by=BY)
    back = cancel_invoice(note.invoice, on=day("2025-02-04"), reason="Irrtum", by=BY)
    assert totals(invoice_document(back.invoice)) == "30.00 + 5.70 = 35.70"
    assert [row.left for row in remaining_of(number)] == [100_00]


def billed(firm: Company, *codes: str, amount: int | None = None) -> InvoiceDocument:
    [(number, _text)] = bill_period(
        firm.id, "V1", codes, days=days("2025-01-10", "2025-01-20"), on=day("2025-01-10"), amount=amount, by=BY
    )
    return invoice_document(number)


def test_jb_83_a_period_billed_by_hand_is_not_billed_again_by_a_run() -> None:
    firm = company()
    product(firm, "seat", "31.00", UNIT)
    contract(firm, "V1", "2025-01-01", item("seat", "2"))
    assert lines(billed(firm, "seat")) == ["1 seat 10.01.2025–20.01.2025 22.00"]
    assert lines(only(run(firm, "2025-01-31"))) == [
        "2 seat 01.01.2025–09.01.2025 18.00",
        "2 seat 21.01.2025–31.01.2025 22.00",
    ]
    assert lines(only(run(firm, "2025-02-01"))) == ["2 seat 01.02.2025–28.02.2025 62.00"]


def test_jb_83_an_agreed_amount_replaces_what_the_terms_say() -> None:
    firm = company()
    product(firm, "seat", "31.00", UNIT)
    contract(firm, "V1", "2025-01-01", "seat")
    assert billed(firm, "seat", amount=5_00).net == 5_00
    assert only(run(firm, "2025-01-31")).net == 20_00


def test_jb_83_days_that_stand_on_an_invoice_are_refused() -> None:
    firm = company()
    product(firm, "seat", "31.00", UNIT)
    contract(firm, "V1", "2025-01-01", "seat")
    run(firm, "2025-01-01")
    with pytest.raises(CorrectionRefusedError) as error:
        billed(firm, "seat")
    assert error.value.code == "already_billed"
    with pytest.raises(CorrectionRefusedError) as error:
        billed(firm, "nothing")
    assert error.value.code == "unknown_item"


def test_jb_83_an_invoice_of_a_period_can_be_cancelled_and_is_then_billed_as_agreed_again() -> None:
    firm = company()
    product(firm, "seat", "31.00", UNIT)
    contract(firm, "V1", "2025-01-01", "seat")
    by_hand = Invoice.objects.get(number=billed(firm, "seat").number)
    cancel_invoice(by_hand.id, on=day("2025-01-11"), reason="Irrtum", by=BY)
    assert sum(document.net for document in run(firm, "2025-01-31")) == 31_00


def test_a_credit_of_a_cancelled_invoice_by_hand_cannot_come_back() -> None:
    firm = company()
    number = finished(firm, line("1", "100.00"))
    note = credit_invoice(number, amount=30_00, on=day("2025-02-03"), reason="Nachlass", by=BY)
    cancel_invoice(number, on=day("2025-02-04"), reason="Irrtum", by=BY)
    with pytest.raises(CorrectionRefusedError) as error:
        cancel_invoice(note.invoice, on=day("2025-02-04"), reason="Irrtum", by=BY)
    assert error.value.code == "already_cancelled"


def test_a_partial_credit_prints_a_price_that_multiplies_to_its_amount() -> None:
    firm = company()
    number = finished(firm, line("4", "25.00"))
    note = credit_invoice(number, amount=30_00, on=day("2025-02-03"), reason="Nachlass", by=BY)
    [printed] = invoice_document(note.invoice).lines
    assert (printed.quantity, printed.unit_price, printed.net) == (Decimal(-1), Decimal(30), -30_00)
