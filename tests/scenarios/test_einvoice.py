"""E-invoices: what a buyer's profile lacks holds the document, all at once, before a number is spent."""

from decimal import Decimal
from typing import Unpack

import pytest

from tests.builders import (
    BY,
    Buyer,
    Company,
    Settings,
    company,
    contract,
    customer,
    day,
    days,
    id_of,
    only,
    parked,
    product,
    run,
)
from turnus.adapters.einvoice import Xml
from turnus.core.document import Kind
from turnus.core.einvoice.checks import check
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.messages import message
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.details import Right, correct_details
from turnus.invoices.document import invoice_document
from turnus.invoices.manual import ManualLine, issue_draft, open_draft
from turnus.invoices.models import Invoice, NumberRange, Run, RunUnit
from turnus.invoices.single import MissingDataError

pytestmark = pytest.mark.database

CONTACT: Settings = {"contact_name": "Jana Muster", "phone": "+49 341 1234", "email": "rechnung@main.example"}
XRECHNUNG = PROFILES["xrechnung"]


def authority(firm: Company, **changes: Unpack[Buyer]) -> None:
    given: Buyer = {"leitweg_id": "991-01234-38", "email": "eingang@stadt.example", "einvoice_profile": "xrechnung"}
    given.update(changes)
    customer(firm, "K1", **given)


def served(**settings: Unpack[Settings]) -> Company:
    firm = company(**settings)
    product(firm, "abo", "100.00")
    authority(firm)
    contract(firm, "V1", "2025-01-01", "abo")
    return firm


def detail() -> str:
    return str(RunUnit.objects.order_by("id").last().detail)  # type: ignore[union-attr]


def test_everything_that_the_profile_lacks_is_named_before_a_number_is_spent() -> None:
    firm = served()
    authority(firm, leitweg_id="", email="")
    assert run(firm, "2025-01-01") == []
    assert parked(Run.objects.latest("id").id) == ["missing"]
    for lack in ("BT-34 (PEPPOL-EN16931-R020)", "BG-6 (BR-DE-2)", "BT-49 (PEPPOL-EN16931-R010)", "BT-10 (BR-DE-15)"):
        assert lack in detail()
    assert list(NumberRange.objects.values_list("next", flat=True)) in ([], [1])
    assert not Invoice.objects.filter(state="issued").exists()


def test_when_all_is_there_the_document_is_issued_and_its_file_is_right() -> None:
    firm = served(**CONTACT)
    document = only(run(firm, "2025-01-01"))
    invoice = compose(document, XRECHNUNG)
    assert invoice
    assert check(invoice, XRECHNUNG, net_prices=True) == []
    for syntax in XRECHNUNG.syntaxes:
        assert Xml().read(Xml().write(invoice, syntax)).invoice == invoice
    assert (invoice.number, invoice.buyer_reference) == ("RE-2025-000001", "991-01234-38")
    assert (invoice.lines[0].period, str(invoice.totals.gross)) == (invoice.period, "119.00")


def test_a_cancellation_states_positive_amounts_and_names_its_invoice() -> None:
    firm = served(**CONTACT)
    document = only(run(firm, "2025-01-01"))
    number = Invoice.objects.get(number=document.number).id
    made = cancel_invoice(number, on=day("2025-01-02"), reason="Irrtum", by=BY)
    invoice = compose(invoice_document(made.invoice), XRECHNUNG)
    assert invoice
    assert check(invoice, XRECHNUNG, net_prices=True) == []
    assert (invoice.code, str(invoice.totals.gross)) == ("381", "119.00")
    assert [preceding.number for preceding in invoice.preceding] == ["RE-2025-000001"]


def test_without_a_profile_nothing_more_is_demanded() -> None:
    firm = served()
    authority(firm, leitweg_id="", email="", einvoice_profile="")
    assert only(run(firm, "2025-01-01")).kind is Kind.INVOICE


def test_an_invoice_by_hand_is_refused_with_the_same_list() -> None:
    firm = company()
    number = customer(firm, "K1", einvoice_profile="xrechnung")
    product(firm, "work")
    line = ManualLine("work", Decimal(1), Decimal("1.00"), days("2025-01-01", "2025-01-31"))
    draft = open_draft(firm.id, number, [line], on=day("2025-02-01"), by=BY)
    with pytest.raises(MissingDataError) as refused:
        issue_draft(draft, by=BY)
    assert [(lack.field, lack.law) for lack in refused.value.missing] == [
        ("BT-49", "PEPPOL-EN16931-R010"),
        ("BT-34", "PEPPOL-EN16931-R020"),
        ("BG-6", "BR-DE-2"),
        ("BT-10", "BR-DE-15"),
    ]


def test_the_list_reads_in_both_languages() -> None:
    fields = {"fields": "BT-10 (BR-DE-15); BT-49 (PEPPOL-EN16931-R010)"}
    assert "Käuferreferenz (Leitweg-ID) (BR-DE-15); Elektronische Adresse des Käufers" in message(
        "missing", fields, "de"
    )
    assert "Buyer reference (Leitweg-ID) (BR-DE-15); Buyer electronic address" in message("missing", fields, "en")


def test_l_08_a_correction_is_judged_as_it_would_be_printed() -> None:
    firm = served(**CONTACT)
    document = only(run(firm, "2025-01-01"))
    number, on = id_of(firm, document), day("2025-01-02")
    with pytest.raises(MissingDataError) as error:
        correct_details(number, Right(texts={1: " "}), on=on, reason="Text falsch", by=BY)
    assert [(lack.field, lack.law) for lack in error.value.missing] == [("BT-153", "BR-25")]
    made = correct_details(number, Right("PO-7"), on=on, reason="Bestellung fehlt", by=BY)
    assert invoice_document(made.invoice).order_reference == "PO-7"
