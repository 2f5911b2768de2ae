"""Corrections of details (L-08, § 31 Abs. 5 UStDV) and objections to self-billing documents (L-08b, § 14 Abs. 2)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    Company,
    address,
    company,
    contract,
    customer,
    day,
    id_of,
    money,
    only,
    open_amount,
    product,
    run,
    totals,
)
from tests.scenarios.test_self_billing import paying_out
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.status import Status
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.details import Right, correct_details
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents, gross_of_issued, number_gaps
from turnus.invoices.models import Invoice
from turnus.invoices.objections import object_to
from turnus.invoices.queries import corrections_of, document_rows
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.ledger.models import Posting
from turnus.ledger.post import PaymentData, record_payment

pytestmark = pytest.mark.database

MOVED = "Neue Straße 9"
NOTHING = Right()


def billed() -> tuple[Company, InvoiceDocument]:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2026-01-01", "abo")
    return firm, only(run(firm, "2026-01-01"))


def corrected(invoice: int, right: Right = NOTHING, *, on: str = "2026-01-10") -> InvoiceDocument:
    made = correct_details(invoice, right, on=day(on), reason="Umzug übersehen", by=BY)
    return invoice_document(made.invoice)


def refused(code: str, act: object) -> None:
    with pytest.raises(CorrectionRefusedError) as error:
        act()  # type: ignore[operator]
    assert error.value.code == code


def sound() -> None:
    claims = {number: gross for number, gross in gross_of_issued().items() if gross}
    assert {number: total for number, total in receivable_of_invoices().items() if total} == claims
    assert (unbalanced(), overallocated(), changed_documents(), number_gaps()) == ([], [], [], [])


def test_l_08_a_correction_of_details_names_its_invoice_and_what_was_wrong_and_moves_no_money() -> None:
    firm, before = billed()
    number = id_of(firm, before)
    customer(firm, address=replace(address(), street=MOVED), name="Neu AG")
    made = corrected(number, Right("PO-7", texts={1: "Wartung Januar"}, note="Wir bitten um Entschuldigung."))
    assert (made.kind, made.preceding[0].number, totals(made)) == (Kind.CORRECTION, before.number, totals(before))
    assert made.note.splitlines() == [
        "Rechnungsempfänger: Neu AG (bisher: Kunde K1)",
        f"Anschrift: {MOVED}, 04109 Leipzig, DE (bisher: {before.buyer.address.street}, 04109 Leipzig, DE)",
        "Referenz: PO-7 (bisher: keine Angabe)",
        "Position 1: Wartung Januar (bisher: abo)",
        "Wir bitten um Entschuldigung.",
    ]
    assert (made.buyer.address.street, made.lines[0].name, made.contracts) == (MOVED, "Wartung Januar", ("V1",))
    assert invoice_document(number) == before
    assert not Posting.objects.filter(invoice_id=id_of(firm, made)).exists()
    rows = document_rows([number, id_of(firm, made)], on=day("2026-01-10"))
    assert [row.status for row in rows.values()] == [Status.OPEN, Status.STATED]
    assert [row.number for row in corrections_of(number, on=day("2026-01-10"))] == [made.number]
    assert run(firm, "2026-01-01", on="2026-01-11") == []  # nothing became billable again
    sound()


def test_l_08_the_e_invoice_of_a_correction_is_384_with_the_whole_content() -> None:
    firm, before = billed()
    made = corrected(id_of(firm, before), Right("PO-7"))
    found = compose(made, PROFILES["xrechnung"])
    assert found is not None
    assert (found.code, found.preceding[0].number, found.buyer_reference) == ("384", before.number, "PO-7")
    assert (found.totals.gross, found.totals.due) == (Decimal("119.00"), Decimal("119.00"))


def test_a_second_correction_says_what_is_new_since_the_first() -> None:
    firm, before = billed()
    number = id_of(firm, before)
    corrected(number, Right(texts={1: "Wartung"}))
    again = corrected(number, Right("PO-8"), on="2026-01-11")
    assert again.note == "Referenz: PO-8 (bisher: keine Angabe)"
    assert (again.lines[0].name, again.preceding[0].number) == ("Wartung", before.number)
    refused("nothing_to_correct", lambda: corrected(number, on="2026-01-12"))


def test_what_cannot_be_corrected_is_refused() -> None:
    firm, before = billed()
    number = id_of(firm, before)
    refused("unknown_line", lambda: corrected(number, Right(texts={2: "x"})))
    made = id_of(firm, corrected(number, Right("PO-7")))
    refused("not_correctable", lambda: corrected(made, Right("PO-8")))
    refused("is_correction", lambda: cancel_invoice(made, on=day("2026-01-11"), reason="x", by=BY))
    refused("not_an_invoice", lambda: credit_invoice(made, amount=1, on=day("2026-01-11"), reason="x", by=BY))
    taken = cancel_invoice(number, on=day("2026-01-12"), reason="x", by=BY)
    refused("already_cancelled", lambda: corrected(number, Right("PO-9"), on="2026-01-13"))
    refused("not_correctable", lambda: corrected(taken.invoice, Right("PO-9"), on="2026-01-13"))
    sound()


def test_l_08b_an_objection_takes_the_effect_of_a_self_billing_document_back() -> None:
    firm = paying_out()
    document = only(run(firm, "2025-02-01"))
    number = id_of(firm, document)
    refused("before_issue", lambda: object_to(number, received_on=day("2025-01-31"), by=BY))
    assert object_to(number, received_on=day("2025-02-03"), reason="Menge", by=BY) == document.number
    assert document_rows([number], on=day("2025-02-03"))[number].status is Status.OBJECTED
    sums: dict[str, int] = {}
    for row in Posting.objects.filter(invoice_id=number):
        sums[row.account] = sums.get(row.account, 0) + row.amount
    assert sums == {"payable": 0, "expense": 0, "input_vat": 0}
    assert {row.booked_on for row in Posting.objects.filter(invoice_id=number)} == {
        day("2025-02-01"),
        day("2025-02-03"),
    }
    assert open_amount(firm, document) == "0.00"
    assert run(firm, "2025-02-01", on="2025-02-04") == []  # the supplier invoices by himself; nothing is settled again
    refused("objected", lambda: object_to(number, received_on=day("2025-02-04"), by=BY))
    refused("objected", lambda: cancel_invoice(number, on=day("2025-02-04"), reason="x", by=BY))
    sound()


def test_what_was_paid_out_before_the_objection_stays_on_the_suppliers_account() -> None:
    firm = paying_out()
    document = only(run(firm, "2025-02-01"))
    number = id_of(firm, document)
    row = Invoice.objects.get(id=number)
    paid = PaymentData(row.customer_id, "p", "EUR", -row.gross, day("2025-02-02"), invoices=[number], side="payable")
    record_payment(firm.id, paid, by=BY)
    object_to(number, received_on=day("2025-02-03"), by=BY)
    left = Posting.objects.filter(customer_id=row.customer_id, account="payable")
    assert money(sum(each.amount for each in left)) == "119.00"
    sound()


def test_an_objection_is_against_self_billing_only() -> None:
    firm, before = billed()
    refused("not_self_billing", lambda: object_to(id_of(firm, before), received_on=day("2026-01-10"), by=BY))
