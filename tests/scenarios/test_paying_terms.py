"""How a customer pays stands in XML and on paper: direct debit, card, Skonto; self-billing by its own profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Unpack

import pytest
from django.conf import settings as django

from tests.builders import (
    BY,
    Buyer,
    Settings,
    company,
    contract,
    customer,
    day,
    id_of,
    item,
    only,
    parked,
    product,
    run,
)
from turnus.adapters.document.view import view
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.core.contracts import Timing
from turnus.core.document import InvoiceDocument
from turnus.core.einvoice.model import Invoice as Electronic
from turnus.core.parties import SupplierData
from turnus.core.validation import Verdict
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.models import Invoice, Run, RunUnit
from turnus.parties.suppliers import agree_self_billing
from turnus.ports import Validator
from turnus.stories.render import Press, xml_of
from turnus.wiring import ports

pytestmark = pytest.mark.database

CONTACT: Settings = {"contact_name": "Jana Muster", "phone": "+49 341 1234", "email": "rechnung@main.example"}
IBAN = "DE89370400440532013000"


@pytest.fixture(scope="module")
def validator() -> Iterator[Validator]:
    found = ports(Path(str(django.ENVIRONMENT.home))).validator
    yield found
    found.close()


def billed(folder: Path, *, creditor: str = "", **data: Unpack[Buyer]) -> tuple[InvoiceDocument, bytes, Electronic]:
    """An invoice over 1,190.00 € to an authority: document, XML and what it says."""
    own: Settings = {**CONTACT, "creditor_id": creditor}
    firm = company(**own)
    product(firm, "abo", "1000.00")
    given: Buyer = {"leitweg_id": "991-01234-38", "email": "eingang@stadt.example", "einvoice_profile": "xrechnung"}
    given.update(data)
    customer(firm, "K1", **given)
    contract(firm, "V1", "2025-01-01", "abo")
    document = only(run(firm, "2025-01-01"))
    found = ports(Path(str(django.ENVIRONMENT.home)))
    content = xml_of(id_of(firm, document), Press(found.renderer, found.xml, FolderStore(folder)), by=BY)
    return document, content, Xml().read(content).invoice


def terms(document: InvoiceDocument) -> str:
    return str(view(document, logo="")["payment"]["terms"]).replace("\u00a0", " ")


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_a_mandate_collects_with_its_reference_creditor_and_account(
    tmp_path: Path, validator: Validator, syntax: str
) -> None:
    document, content, invoice = billed(
        tmp_path, creditor="DE98ZZZ09999999999", mandate="M-2024-7", mandate_iban=IBAN, einvoice_syntax=syntax
    )
    assert validator.validate(content, at=BY.at).verdict is Verdict.VALID
    [means] = invoice.payment.means
    assert (means.code, means.debited, means.transfer) == ("59", IBAN, None)
    assert (invoice.payment.mandate, invoice.payment.creditor) == ("M-2024-7", "DE98ZZZ09999999999")
    assert terms(document) == (
        "Wir ziehen den Betrag am 15.01.2025 vom Konto DE89 3704 0044 0532 0130 00 ein. Mandat M-2024-7, "
        "Gläubiger-ID DE98ZZZ09999999999"
    )
    payment = view(document, logo="")["payment"]
    assert (payment["rows"], payment["qr"]) == ([], ""), "nobody is asked to transfer what is collected"


def test_without_a_creditor_id_nothing_is_collected(tmp_path: Path) -> None:
    document, _content, invoice = billed(tmp_path, mandate="M-2024-7", mandate_iban=IBAN)
    assert document.debit is None
    assert [means.code for means in invoice.payment.means] == ["58"]


def test_a_card_is_charged_and_only_its_last_digits_are_told(tmp_path: Path, validator: Validator) -> None:
    document, content, invoice = billed(tmp_path, card_digits="4711")
    assert validator.validate(content, at=BY.at).verdict is Verdict.VALID
    [means] = invoice.payment.means
    assert (means.code, means.card and means.card.number) == ("48", "4711")
    assert terms(document) == "Der Betrag wird Ihrer Karte mit den letzten Ziffern 4711 belastet"


def test_l18_skonto_stands_in_words_and_in_the_syntax_of_xrechnung(tmp_path: Path, validator: Validator) -> None:
    document, content, invoice = billed(tmp_path, cash_discount_days=14, cash_discount_percent=200, payment_days=30)
    assert validator.validate(content, at=BY.at).verdict is Verdict.VALID
    assert invoice.terms[0].text.splitlines() == ["Zahlbar bis 31.01.2025.", "#SKONTO#TAGE=14#PROZENT=2.00#"]
    assert invoice.terms[0].due == date(2025, 1, 31)
    assert invoice.totals.due == Decimal("1190.00"), "the tax falls when the discount is taken, not before"
    assert terms(document) == ("Zahlbar bis 31.01.2025 ohne Abzug; bis 15.01.2025 mit 2 % Skonto: 1.166,20 €")


def test_what_takes_back_has_neither_skonto_nor_collection() -> None:
    own: Settings = {**CONTACT, "creditor_id": "DE98ZZZ09999999999"}
    firm = company(**own)
    product(firm, "abo", "1000.00")
    customer(firm, "K1", mandate="M-1", mandate_iban=IBAN, cash_discount_days=14, cash_discount_percent=200)
    contract(firm, "V1", "2025-01-01", "abo")
    invoice = id_of(firm, only(run(firm, "2025-01-01")))
    back = invoice_document(cancel_invoice(invoice, on=day("2025-01-02"), reason="Irrtum", by=BY).invoice)
    assert (back.debit, back.card, back.cash_discounts) == (None, None, ())


def test_l04_a_leitweg_id_with_wrong_check_digits_holds_the_document() -> None:
    firm = company(**CONTACT)
    product(firm, "abo", "1.00")
    customer(firm, "K1", leitweg_id="991-01234-39", email="eingang@stadt.example", einvoice_profile="xrechnung")
    contract(firm, "V1", "2025-01-01", "abo")
    assert run(firm, "2025-01-01") == []
    assert "BT-10 (T-LEITWEG)" in str(RunUnit.objects.latest("id").detail)


SUPPLIER: Buyer = {"email": "kunst@lieferant.example", "phone": "+49 30 5550", "contact_name": "Ada Kunst",
                   "vat_id": "DE999999999"}  # fmt: skip


def payout(profile: str, **data: Unpack[Buyer]) -> list[InvoiceDocument]:
    """What a supplier is owed for January, by self-billing."""
    firm = company(**CONTACT)
    product(firm, "share", "100.00")
    given: Buyer = {**SUPPLIER, "einvoice_profile": profile}
    given.update(data)
    agreed = SupplierData(day("2024-12-15"), reference="Ordner 7")
    agree_self_billing(customer(firm, "S1", **given), agreed, valid_from=day("2025-01-01"), by=BY)
    contract(firm, "P1", "2025-01-01", item("share", timing=Timing.ARREARS), by="S1", payout=True)
    return run(firm, "2025-02-01")


@pytest.mark.parametrize("profile", ["xrechnung", "facturx-en16931", "peppol", "peppol-selfbilling"])
def test_a_suppliers_document_has_its_profile_and_is_valid(profile: str, tmp_path: Path, validator: Validator) -> None:
    document = only(payout(profile))
    found = ports(Path(str(django.ENVIRONMENT.home)))
    made = Invoice.objects.get(number=document.number).id
    content = xml_of(made, Press(found.renderer, found.xml, FolderStore(tmp_path)), by=BY)
    report = validator.validate(content, at=BY.at)
    assert (report.verdict, report.fatal) == (Verdict.VALID, ())
    invoice = Xml().read(content).invoice
    assert (invoice.code, invoice.seller.name, invoice.buyer.name) == ("389", "Kunde S1", "main GmbH")
    assert ("selfbilling" in invoice.specification) == profile.startswith("peppol")
    assert invoice.buyer_reference == "P1", "we are the buyer: the contract names the matter with us"


def test_a_supplier_who_lacks_what_its_profile_demands_is_not_accounted_for_yet() -> None:
    assert payout("xrechnung", phone="", email="") == []
    assert parked(Run.objects.latest("id").id) == ["missing"]
    assert "BT-42 (BR-DE-6)" in str(RunUnit.objects.latest("id").detail)
