"""Standing invoices (L-07): one document for all periods with the same amounts, replaced when something changes."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    UNIT,
    Company,
    company,
    contract,
    customer,
    day,
    id_of,
    item,
    only,
    open_amount,
    pay,
    product,
    run,
    run_months,
    totals,
    used,
)
from turnus.contracts.amend import change_terms
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.paperwork import Paperwork
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document, issued_of, paper_of
from turnus.invoices.integrity import changed_documents, gross_of_issued, number_gaps
from turnus.invoices.models import Invoice
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.ledger.models import Posting
from turnus.records.models import OutboxMessage

pytestmark = pytest.mark.database

STANDING = Paperwork(day("2000-01-01"), standing=True)
YEARS = [f"{year}-{month:02}-01" for year in (2025, 2026) for month in range(1, 13)]


def renting(*items: object) -> Company:
    firm = company()
    product(firm, "rent", "100.00", UNIT)
    contract(firm, "V1", "2025-01-01", *(items or ("rent",)), paperwork=STANDING)  # type: ignore[arg-type]
    return firm


def kinds(documents: list[InvoiceDocument]) -> list[str]:
    return [str(document.kind) for document in documents]


def sound() -> None:
    claims = {number: gross for number, gross in gross_of_issued().items() if gross}
    assert {number: total for number, total in receivable_of_invoices().items() if total} == claims
    assert (unbalanced(), overallocated(), changed_documents(), number_gaps()) == ([], [], [], [])


def test_l_07_two_standing_invoices_and_24_receivables_in_24_months_with_one_price_change() -> None:
    firm = renting()
    change_terms(firm.id, "V1", "rent", valid_from=day("2026-01-01"), price=Decimal("110.00"), by=BY)
    made = run_months(firm, *YEARS)
    standing = [document for document in made if document.kind is Kind.STANDING]
    assert [(d.number, totals(d)) for d in standing] == [
        ("RE-2025-000001", "100.00 + 19.00 = 119.00"), ("RE-2026-000001", "110.00 + 20.90 = 130.90"),
    ]  # fmt: skip
    assert [made.index(document) for document in standing] == [0, 12]
    assert made[1].number == "DF-2025-000001"
    receivables = Posting.objects.filter(account="receivable")
    assert sorted(row.amount for row in receivables) == [11900] * 12 + [13090] * 12
    assert sorted(row.due_on for row in receivables if row.due_on) == sorted(d.due_date for d in made if d.due_date)
    sound()


def test_l_07_of_periods_that_one_run_catches_up_the_newest_stands() -> None:
    firm = renting()
    made = run(firm, "2025-03-01")
    assert [(str(d.kind), str(d.service.start), d.number) for d in made if d.service] == [
        ("invoice", "2025-01-01", "RE-2025-000001"),
        ("invoice", "2025-02-01", "RE-2025-000002"),
        ("standing", "2025-03-01", "RE-2025-000003"),
    ]
    [claim] = run(firm, "2025-04-01")
    assert (claim.kind, paper_of(id_of(firm, claim))) == (Kind.COVERED, id_of(firm, made[2]))
    sound()


def test_a_claim_is_not_printed_and_names_its_standing_invoice() -> None:
    firm = renting()
    first, second = run_months(firm, "2025-01-01", "2025-02-01")
    numbers = [id_of(firm, first), id_of(firm, second)]
    assert issued_of(numbers) == numbers[:1]
    assert [paper_of(number) for number in numbers] == [numbers[0]] * 2
    queued = OutboxMessage.objects.filter(topic="invoices.render").values_list("key", flat=True)
    assert str(numbers[1]) not in queued
    assert compose(second, PROFILES["xrechnung"]) is None
    pay(firm, second, on="2025-02-10")
    assert open_amount(firm, second) == "0.00"
    credit = invoice_document(
        credit_invoice(numbers[1], amount=1000, on=day("2025-02-11"), reason="Ausfall", by=BY).invoice
    )
    assert [row.number for row in credit.preceding] == [first.number]
    sound()


def test_the_e_invoice_of_a_standing_invoice_says_that_it_stands() -> None:
    first = only(run(renting(), "2025-01-01"))
    found = compose(first, PROFILES["xrechnung"])
    assert found is not None
    assert (found.code, found.notes[0].text[:14]) == ("380", "Dauerrechnung:")


@pytest.mark.parametrize("change", ["address", "payment", "quantity", "item"])
def test_whatever_changes_makes_a_new_standing_invoice(change: str) -> None:
    firm = renting()
    assert kinds(run_months(firm, "2025-01-01", "2025-02-01")) == ["standing", "covered"]
    if change == "address":
        customer(firm, name="Neu AG", since="2025-02-15")
    elif change == "payment":
        customer(firm, payment_days=30, since="2025-02-15")
    elif change == "quantity":
        change_terms(firm.id, "V1", "rent", valid_from=day("2025-03-01"), quantity=Decimal(2), by=BY)
    else:
        product(firm, "garage", "20.00")
        contract(firm, "V2", "2025-03-01", "garage", paperwork=STANDING)
    expected = ["covered", "standing"] if change == "item" else ["standing"]
    assert sorted(kinds(run(firm, "2025-03-01"))) == expected
    assert set(kinds(run(firm, "2025-04-01"))) == {"covered"}
    sound()


def test_usage_and_differences_are_invoiced_by_themselves() -> None:
    firm = company()
    product(firm, "rent", "100.00")
    product(firm, "sms", "0.10", METERED)
    contract(firm, "V1", "2025-01-01", "rent", item("sms"), paperwork=STANDING)
    run(firm, "2025-01-01")
    used(firm, "V1", "sms", "2025-01-05", "10")
    assert sorted(kinds(run(firm, "2025-02-01"))) == ["covered", "invoice"]
    change_terms(firm.id, "V1", "rent", valid_from=day("2025-02-15"), price=Decimal("80.00"), by=BY)
    assert "credit" in kinds(run(firm, "2025-02-01", on="2025-02-20"))
    assert kinds(run(firm, "2025-03-01")) == ["standing"]
    sound()


def test_a_standing_invoice_is_cancelled_after_its_claims_and_its_periods_are_invoiced_anew() -> None:
    firm = renting()
    first, second = run_months(firm, "2025-01-01", "2025-02-01")
    with pytest.raises(CorrectionRefusedError) as refused:
        cancel_invoice(id_of(firm, first), on=day("2025-02-02"), reason="x", by=BY)
    assert (refused.value.code, refused.value.params["claim"]) == ("covering", second.number)
    taken = invoice_document(cancel_invoice(id_of(firm, second), on=day("2025-02-02"), reason="x", by=BY).invoice)
    assert taken.preceding[0].number == first.number
    assert taken.note == ("Das betrifft nur den Zeitraum 01.02.2025–28.02.2025; sonst gilt die Dauerrechnung weiter.")
    assert kinds(run(firm, "2025-02-01", on="2025-02-03")) == ["covered"]
    again = [d for d in (invoice_document(n) for n in issued_claims()) if d.kind is Kind.COVERED][-1]
    cancel_invoice(id_of(firm, again), on=day("2025-02-04"), reason="x", by=BY)
    cancel_invoice(id_of(firm, first), on=day("2025-02-04"), reason="x", by=BY)
    assert kinds(run(firm, "2025-02-01", on="2025-02-05")) == ["invoice", "standing"]
    sound()


def issued_claims() -> list[int]:
    return list(Invoice.objects.filter(kind="covered", state="issued").order_by("id").values_list("id", flat=True))
