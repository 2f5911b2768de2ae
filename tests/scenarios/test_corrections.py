"""Corrections (hard case 10; JB-60, 73, 74, 75): originals stay, and never more is taken back than is left."""

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
    drafts,
    id_of,
    item,
    lines,
    only,
    open_amount,
    parked,
    pay,
    product,
    run,
    started,
    totals,
)
from tests.builders import (
    issued as finish,
)
from turnus.contracts.amend import change_terms
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument, Kind
from turnus.invoices.correct import cancel_invoice, credit_invoice, remaining_of
from turnus.invoices.document import invoice_document
from turnus.invoices.manual import bill_period
from turnus.invoices.models import Invoice
from turnus.invoices.numbers import IssueDateError
from turnus.invoices.runs import withdraw

pytestmark = pytest.mark.database


def issued(firm: Company) -> InvoiceDocument:
    """January 2025 of one contract: 100.00 net, 119.00 gross."""
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    return only(run(firm, "2025-01-01"))


def credit(
    firm: Company, document: InvoiceDocument, net: str, on: str = "2025-01-20", line: int | None = None
) -> InvoiceDocument:
    amount = int(net.replace(".", ""))
    made = credit_invoice(id_of(firm, document), amount=amount, line=line, on=day(on), reason="Mangel", by=BY)
    return invoice_document(made.invoice)


def cancel(firm: Company, document: InvoiceDocument, on: str = "2025-01-20", *, again: bool = True) -> InvoiceDocument:
    made = cancel_invoice(id_of(firm, document), on=day(on), reason="Irrtum", bill_again=again, by=BY)
    return invoice_document(made.invoice)


def refused(firm: Company, document: InvoiceDocument, net: str) -> tuple[str, dict[str, str]]:
    with pytest.raises(CorrectionRefusedError) as error:
        credit(firm, document, net)
    return error.value.code, error.value.params


def test_case_10_a_credit_above_the_open_amount_stays_on_the_account() -> None:
    firm = company()
    invoice = issued(firm)
    pay(firm, invoice, "100.00", on="2025-01-10")
    assert open_amount(firm, invoice) == "19.00"
    note = credit(firm, invoice, "50.00")
    assert (note.kind, totals(note)) == (Kind.CREDIT, "-50.00 + -9.50 = -59.50")
    assert (open_amount(firm, invoice), open_amount(firm, note), credit_on_account(firm)) == ("0.00", "-40.50", "40.50")
    february = only(run(firm, "2025-02-01"))
    assert (february.applied, february.payable, credit_on_account(firm)) == (40_50, 78_50, "0.00")


def test_case_10_never_more_is_credited_than_remains() -> None:
    firm = company()
    invoice = issued(firm)
    assert totals(credit(firm, invoice, "60.00")) == "-60.00 + -11.40 = -71.40"
    assert refused(firm, invoice, "50.00") == ("too_much", {"left": "4000"})
    assert [row.left for row in remaining_of(id_of(firm, invoice))] == [40_00]
    assert totals(credit(firm, invoice, "40.00")) == "-40.00 + -7.60 = -47.60"
    assert refused(firm, invoice, "0.01") == ("too_much", {"left": "0"})
    assert open_amount(firm, invoice) == "0.00"


def test_case_10_the_cap_holds_per_line_too() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "extra", "10.00")
    contract(firm, "V1", "2025-01-01", "abo", "extra")
    invoice = only(run(firm, "2025-01-01"))
    credit(firm, invoice, "4.00", line=2)
    with pytest.raises(CorrectionRefusedError) as error:
        credit(firm, invoice, "7.00", line=2)
    assert (error.value.code, error.value.params) == ("too_much", {"left": "600"})
    assert [row.left for row in remaining_of(id_of(firm, invoice))] == [100_00, 6_00]


def test_case_10_cancelling_a_part_paid_invoice_frees_the_money_paid() -> None:
    firm = company()
    invoice = issued(firm)
    pay(firm, invoice, "100.00", on="2025-01-10")
    cancellation = cancel(firm, invoice, again=False)
    assert (cancellation.kind, totals(cancellation)) == (Kind.CANCELLATION, "-100.00 + -19.00 = -119.00")
    assert (open_amount(firm, invoice), credit_on_account(firm)) == ("0.00", "100.00")


def test_jb_75_a_cancelled_invoice_stays_readable_and_its_period_is_billed_again_once() -> None:
    firm = company()
    invoice = issued(firm)
    cancellation = cancel(firm, invoice)
    assert (cancellation.number, [r.number for r in cancellation.preceding]) == ("SR-2025-000001", ["RE-2025-000001"])
    assert invoice_document(id_of(firm, invoice)) == invoice
    again = only(run(firm, "2025-01-21"))
    assert (again.number, lines(again)) == ("RE-2025-000002", lines(invoice))
    assert run(firm, "2025-01-21") == []
    cancel(firm, again, on="2025-01-22")
    assert lines(only(run(firm, "2025-01-22"))) == lines(invoice)


def test_jb_75_cancelled_without_billing_again_the_period_is_held() -> None:
    firm = company()
    cancel(firm, issued(firm), again=False)
    assert run(firm, "2025-01-31") == []
    assert lines(only(run(firm, "2025-02-01"))) == ["1 abo 01.02.2025–28.02.2025 100.00"]


def test_jb_75_what_cannot_be_cancelled_is_refused_with_its_reason() -> None:
    firm = company()
    invoice = issued(firm)
    cancellation = cancel(firm, invoice)
    for document, code in ((invoice, "already_cancelled"), (cancellation, "is_cancellation")):
        with pytest.raises(CorrectionRefusedError) as error:
            cancel(firm, document)
        assert error.value.code == code
    with pytest.raises(CorrectionRefusedError) as error:
        cancel_invoice(id_of(firm, invoice), on=day("2025-01-20"), reason=" ", by=BY)
    assert error.value.code == "no_reason"


def test_cancelling_a_credit_restores_what_it_took_unless_that_was_billed_again() -> None:
    firm = company()
    invoice = issued(firm)
    note = credit(firm, invoice, "30.00")
    back = cancel(firm, note)
    assert totals(back) == "30.00 + 5.70 = 35.70"
    assert [row.left for row in remaining_of(id_of(firm, invoice))] == [100_00]


def test_a_part_credited_invoice_is_cancelled_for_the_rest() -> None:
    firm = company()
    invoice = issued(firm)
    credit(firm, invoice, "30.00")
    cancellation = cancel(firm, invoice)
    assert totals(cancellation) == "-70.00 + -13.30 = -83.30"
    assert open_amount(firm, invoice) == "0.00"
    assert credit_on_account(firm) == "0.00"


def test_a_credit_survives_later_runs_and_changes() -> None:
    firm = company()
    invoice = issued(firm)
    credit(firm, invoice, "30.00")
    assert run(firm, "2025-01-31") == []
    assert [document.net for document in run(firm, "2025-02-01")] == [100_00]


def test_gross_priced_lines_are_credited_gross() -> None:
    firm = company()
    product(firm, "abo", "119.00", gross=True)
    contract(firm, "V1", "2025-01-01", "abo")
    invoice = only(run(firm, "2025-01-01"))
    assert totals(credit(firm, invoice, "59.50")) == "-50.00 + -9.50 = -59.50"
    assert refused(firm, invoice, "59.51") == ("too_much", {"left": "5950"})


def test_a_correction_before_the_last_issue_date_of_its_range_is_refused() -> None:
    firm = company()
    invoice = issued(firm)
    run(firm, "2025-02-01")
    with pytest.raises(IssueDateError):
        credit(firm, invoice, "10.00", on="2025-01-31")
    assert Invoice.objects.filter(kind=Kind.CREDIT).count() == 0
    assert [row.left for row in remaining_of(id_of(firm, invoice))] == [100_00]


def test_quantities_are_credited_by_line_with_their_tax() -> None:
    firm = company()
    product(firm, "seat", "20.00", UNIT)
    contract(firm, "V1", "2020-12-01", item("seat", "10"))
    invoice = only(run(firm, "2020-12-01"))
    assert totals(credit(firm, invoice, "20.00", on="2021-02-01")) == "-20.00 + -3.20 = -23.20"


def test_credit_on_account_of_one_customer_is_no_money_of_another() -> None:
    firm = company()
    invoice = issued(firm)
    pay(firm, invoice, on="2025-01-10")
    credit(firm, invoice, "50.00")
    customer(firm, "K2")
    contract(firm, "V2", "2025-01-20", "abo", by="K2")
    assert [document.applied for document in run(firm, "2025-01-20")] == [0]
    assert credit_on_account(firm) == "59.50"


def test_an_invoice_that_replaced_days_is_cancelled_and_what_it_replaced_stands_again() -> None:
    firm = company()
    invoice = issued(firm)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-16"), price=Decimal(200), by=BY)
    change = only(run(firm, "2025-01-16"))
    assert totals(change) == "51.62 + 9.81 = 61.43"
    cancellation = cancel(firm, change)
    assert totals(cancellation) == "-51.62 + -9.81 = -61.43"
    assert lines(only(run(firm, "2025-01-20"))) == lines(change)
    assert credit(firm, invoice, "1.00").net == -1_00


def test_while_a_run_has_released_nothing_else_is_decided_for_its_accounts() -> None:
    firm = company()
    invoice = issued(firm)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-16"), price=Decimal(50), by=BY)
    number = started(firm, "2025-01-16")  # straight through: released, not yet issued
    acts = (
        lambda: cancel(firm, invoice),
        lambda: credit(firm, invoice, "60.00"),
        lambda: bill_period(firm.id, "V1", ["abo"], days=days("2025-02-01", "2025-02-03"), on=day("2025-01-16"), by=BY),
    )
    for act in acts:
        with pytest.raises(CorrectionRefusedError) as error:
            act()
        assert (error.value.code, error.value.params) == ("being_issued", {"run": str(number)})
    withdraw(number, reason="erst stornieren", by=BY)
    assert totals(cancel(firm, invoice)) == "-100.00 + -19.00 = -119.00"
    assert only(run(firm, "2025-01-21")).net == 74_20


def test_a_draft_that_a_correction_overtook_is_drafted_anew() -> None:
    firm = company(automation="draft")
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    [invoice] = finish(started(firm, "2025-01-01"))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-16"), price=Decimal(50), by=BY)
    number = started(firm, "2025-01-16")
    cancel(firm, invoice, on="2025-01-16")
    assert finish(number) == []
    assert parked(number) == ["redraft"]
    again = finish(started(firm, "2025-01-17"))
    assert [document.net for document in again] == [74_20]


def test_what_a_draft_is_about_to_take_back_may_be_cancelled_first() -> None:
    """Both reverse the same piece: the draft goes, and its account is drafted anew."""
    firm = company(automation="draft")
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    january = only(finish(started(firm, "2025-01-01")))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(80), by=BY)
    waiting = started(firm, "2025-01-15")
    corrected = cancel_invoice(id_of(firm, january), on=day("2025-01-15"), reason="Falsch", by=BY)
    assert (corrected.gross, drafts()) == (-119_00, [])
    assert (finish(waiting), parked(waiting)) == ([], ["redraft"])
    assert [totals(document) for document in finish(started(firm, "2025-01-16"))] == ["80.00 + 15.20 = 95.20"]
