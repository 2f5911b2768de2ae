"""Jobs invoiced in parts: deposits, progress, partial and final invoices (L-10, hard case 20, JB-69 to 72)."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    credit_on_account,
    customer,
    day,
    days,
    id_of,
    lines,
    money,
    open_amount,
    pay,
    product,
    totals,
)
from tests.builders import cents as minor
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents, gross_of_issued
from turnus.invoices.jobs import JobData, ask_advance, bill_part, finish_job, job_facts, open_job
from turnus.invoices.manual import ManualLine
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.ledger.models import Posting

pytestmark = pytest.mark.database

SUMMER = days("2026-03-01", "2026-08-31")
DEPOSIT, PROGRESS = Kind.DEPOSIT, Kind.PROGRESS


def job(price: str = "100.00", quantity: str = "100", *, construction: bool = False) -> Company:
    """A job A-1 of 100 hours at 100.00: 10,000.00 net."""
    firm = company()
    product(firm, "work", unit="HUR")
    line = ManualLine("work", Decimal(quantity), Decimal(price), SUMMER)
    open_job(
        firm.id, JobData("A-1", customer(firm), [line], "Umbau", construction=construction), on=day("2026-03-01"), by=BY
    )
    return firm


def advance(firm: Company, net: str, on: str = "2026-03-02", kind: Kind = DEPOSIT) -> InvoiceDocument:
    return invoice_document(ask_advance(firm.id, "A-1", kind, net=minor(net), on=day(on), by=BY).invoice)


def final(firm: Company, on: str = "2026-09-01") -> InvoiceDocument:
    return invoice_document(finish_job(firm.id, "A-1", on=day(on), by=BY).invoice)


def deducted(document: InvoiceDocument) -> list[str]:
    return [f"{row.number} {money(row.net)} + {money(row.tax)}" for row in document.received]


def sound() -> None:
    """The books agree with the documents, and every document with its digest."""
    claims = {number: gross for number, gross in gross_of_issued().items() if gross}
    assert {number: total for number, total in receivable_of_invoices().items() if total} == claims
    assert (unbalanced(), overallocated(), changed_documents()) == ([], [], [])


def balance(account: str) -> str:
    return money(sum(row.amount for row in Posting.objects.filter(account=account)))


def refused(code: str, act: object) -> dict[str, str]:
    with pytest.raises(CorrectionRefusedError) as error:
        act()  # type: ignore[operator]
    assert error.value.code == code
    return error.value.params


def test_l_10_the_final_invoice_deducts_what_was_received_with_its_vat() -> None:
    firm = job()
    first, second = advance(firm, "3000.00"), advance(firm, "2000.00", "2026-05-04", PROGRESS)
    assert (first.number, second.number, second.job) == ("AR-2026-000001", "AR-2026-000002", "A-1")
    assert lines(first) == ["1 Anzahlung auf Auftrag A-1: Umbau 01.03.2026–31.08.2026 3000.00"]
    pay(firm, first, on="2026-03-10")
    pay(firm, second, on="2026-05-10")
    assert (balance("revenue"), balance("advance"), balance("advance_vat")) == ("0.00", "-5000.00", "-950.00")
    last = final(firm)
    assert (last.number, totals(last)) == ("RE-2026-000001", "10000.00 + 1900.00 = 11900.00")
    assert deducted(last) == ["AR-2026-000001 3000.00 + 570.00", "AR-2026-000002 2000.00 + 380.00"]
    assert (money(last.payable), open_amount(firm, last)) == ("5950.00", "5950.00")
    assert [row.number for row in last.preceding] == ["AR-2026-000001", "AR-2026-000002"]
    assert (balance("revenue"), balance("vat"), balance("advance"), balance("advance_vat")) == (
        "-10000.00", "-1900.00", "0.00", "0.00",
    )  # fmt: skip
    sound()


def test_l_10_an_advance_that_was_not_paid_is_not_deducted_and_no_longer_collected() -> None:
    firm = job()
    paid, unpaid = advance(firm, "3000.00"), advance(firm, "2000.00")
    pay(firm, paid, on="2026-03-10")
    last = final(firm)
    assert deducted(last) == ["AR-2026-000001 3000.00 + 570.00"]
    assert (money(last.payable), open_amount(firm, unpaid)) == ("8330.00", "0.00")
    pay(firm, unpaid, on="2026-09-10")  # too late: it stays as credit, the final invoice asks for the money
    assert credit_on_account(firm) == "2380.00"
    sound()


def test_case_20_part_of_an_advance_was_paid() -> None:
    firm = job()
    pay(firm, advance(firm, "2500.00"), on="2026-03-10")
    pay(firm, advance(firm, "2500.00"), "1000.00", on="2026-03-10")
    last = final(firm)
    assert deducted(last) == ["AR-2026-000001 2500.00 + 475.00", "AR-2026-000002 840.34 + 159.66"]
    assert money(last.payable) == "7925.00"
    sound()


def test_l_10_the_rate_of_the_advance_stays_when_the_supply_has_another() -> None:
    firm = job()
    row = ManualLine("work", Decimal(100), Decimal("50.00"), days("2020-05-01", "2020-08-31"))
    open_job(firm.id, JobData("A-2", customer(firm, "K2"), [row]), on=day("2020-05-01"), by=BY)
    made = ask_advance(firm.id, "A-2", DEPOSIT, net=minor("1000.00"), on=day("2020-06-02"), by=BY)
    first = invoice_document(made.invoice)
    assert totals(first) == "1000.00 + 190.00 = 1190.00"
    pay(firm, first, on="2020-06-10")
    last = invoice_document(finish_job(firm.id, "A-2", on=day("2020-09-01"), by=BY).invoice)
    assert (totals(last), deducted(last)) == ("5000.00 + 800.00 = 5800.00", ["AR-2020-000001 1000.00 + 190.00"])
    assert money(last.payable) == "4610.00"
    sound()


def test_an_overpayment_becomes_credit_on_account() -> None:
    firm = job()
    pay(firm, advance(firm, "10000.00"), "12900.00", on="2026-03-10")
    assert credit_on_account(firm) == "1000.00"  # above the advance: on account, not deducted
    last = final(firm)
    assert (money(last.payable), last.due_date, credit_on_account(firm)) == ("0.00", None, "1000.00")
    sound()


def test_a_rate_that_fell_gives_money_back() -> None:
    firm = job()
    row = ManualLine("work", Decimal(100), Decimal("50.00"), days("2020-05-01", "2020-08-31"))
    open_job(firm.id, JobData("A-2", customer(firm, "K2"), [row]), on=day("2020-05-01"), by=BY)
    made = ask_advance(firm.id, "A-2", DEPOSIT, percent=10_000, on=day("2020-06-02"), by=BY)
    pay(firm, invoice_document(made.invoice), on="2020-06-10")
    last = invoice_document(finish_job(firm.id, "A-2", on=day("2020-09-01"), by=BY).invoice)
    assert (totals(last), money(last.payable)) == ("5000.00 + 800.00 = 5800.00", "-150.00")
    assert credit_on_account(firm, "K2") == "150.00"
    sound()


def test_jb_69_advances_and_parts_never_ask_for_more_than_was_agreed() -> None:
    firm = job()
    advance(firm, "6000.00")
    said = refused("overbilled", lambda: advance(firm, "4000.01", kind=PROGRESS))
    assert said == {"left": "4000.00", "asked": "4000.01", "currency": "EUR"}
    refused("overbilled", lambda: bill_part(firm.id, "A-1", {1: Decimal("40.01")}, on=day("2026-04-01"), by=BY))
    refused("part_too_large", lambda: bill_part(firm.id, "A-1", {1: Decimal("100.5")}, on=day("2026-04-01"), by=BY))
    refused("part_too_large", lambda: bill_part(firm.id, "A-1", {2: Decimal(1)}, on=day("2026-04-01"), by=BY))
    assert money(job_facts(firm.id, "A-1").left) == "4000.00"


def test_jb_71_what_partial_invoices_billed_is_not_on_the_final_invoice() -> None:
    firm = job()
    made = bill_part(firm.id, "A-1", {1: Decimal(40)}, on=day("2026-04-01"), by=BY)
    part = invoice_document(made.invoice)
    assert (part.kind, part.number, totals(part)) == (Kind.PARTIAL, "RE-2026-000001", "4000.00 + 760.00 = 4760.00")
    pay(firm, advance(firm, "1000.00", "2026-05-01"), on="2026-05-05")
    last = final(firm)
    assert (totals(last), money(last.payable)) == ("6000.00 + 1140.00 = 7140.00", "5950.00")
    refused("job_finished", lambda: advance(firm, "1.00", "2026-09-02"))
    refused("job_finished", lambda: final(firm, "2026-09-02"))
    sound()


def test_an_advance_that_is_cancelled_can_be_asked_for_again() -> None:
    firm = job()
    paid = advance(firm, "10000.00")
    pay(firm, paid, on="2026-03-10")
    taken = cancel_invoice(id_of(firm, paid), on=day("2026-03-11"), reason="Falscher Betrag", by=BY)
    assert invoice_document(taken.invoice).preceding[0].number == paid.number
    assert (credit_on_account(firm), balance("advance"), balance("revenue")) == ("11900.00", "0.00", "0.00")
    again = advance(firm, "8000.00", "2026-03-12")
    assert (money(again.applied), money(again.payable)) == ("9520.00", "0.00")  # the money pays the new one
    last = final(firm)
    assert (deducted(last), credit_on_account(firm)) == (["AR-2026-000002 8000.00 + 1520.00"], "0.00")
    sound()


def test_a_final_invoice_that_is_cancelled_gives_its_advances_back() -> None:
    firm = job()
    paid, half = advance(firm, "3000.00"), advance(firm, "2000.00")
    pay(firm, paid, on="2026-03-10")
    pay(firm, half, "1190.00", on="2026-03-10")
    last = final(firm)
    assert refused("settled", lambda: cancel_invoice(id_of(firm, paid), on=day("2026-09-02"), reason="x", by=BY)) == {
        "number": paid.number, "final": last.number,
    }  # fmt: skip
    taken = invoice_document(
        cancel_invoice(id_of(firm, last), on=day("2026-09-02"), reason="Maße falsch", by=BY).invoice
    )
    assert (totals(taken), money(taken.payable)) == ("-10000.00 + -1900.00 = -11900.00", "-7140.00")
    assert deducted(taken) == ["AR-2026-000001 -3000.00 + -570.00", "AR-2026-000002 -1000.00 + -190.00"]
    assert (open_amount(firm, last), open_amount(firm, half), balance("advance")) == ("0.00", "1190.00", "-5000.00")
    sound()
    pay(firm, half, "595.00", on="2026-09-03")
    again = final(firm, "2026-09-04")
    assert deducted(again)[1] == "AR-2026-000002 1500.00 + 285.00"
    assert money(again.payable) == "6545.00"
    sound()


def test_a_final_invoice_is_credited_in_part_like_any_other() -> None:
    firm = job()
    pay(firm, advance(firm, "9000.00"), on="2026-03-10")
    last = final(firm)
    credit_invoice(id_of(firm, last), amount=minor("2000.00"), on=day("2026-09-02"), reason="Mängel", by=BY)
    assert (open_amount(firm, last), credit_on_account(firm)) == ("0.00", "1190.00")
    sound()


def test_l_08b_codes_and_prepaid_amount_in_the_e_invoice() -> None:
    firm = job(construction=True)
    paid = advance(firm, "3000.00")
    work = advance(firm, "1000.00", kind=PROGRESS)
    pay(firm, paid, on="2026-03-10")
    last = final(firm)
    found = [compose(document, PROFILES["xrechnung"]) for document in (paid, work, last)]
    assert [invoice.code for invoice in found if invoice] == ["326", "875", "877"]
    whole = found[2]
    assert whole is not None
    assert (whole.totals.prepaid, whole.totals.due) == (Decimal("3570.00"), Decimal("8330.00"))
    assert [row.number for row in whole.preceding] == ["AR-2026-000001", "AR-2026-000002"]
    text = " ".join(whole.notes[0].text.split())
    assert text == "Erhalten auf AR-2026-000001 vom 02.03.2026: 3.000,00 € netto, 570,00 € USt (19 %)"
