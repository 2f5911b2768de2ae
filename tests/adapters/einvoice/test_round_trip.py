"""Model → XML → model is equal, and XML is what the schemas allow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from tests.adapters.einvoice.models import invoices
from tests.adapters.einvoice.schemas import faults
from turnus.adapters.einvoice import Xml
from turnus.core.einvoice.model import Invoice, ReadInvoice

XML = Xml()
SYNTAXES = ["cii", "ubl"]


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(invoice=invoices())
def test_what_is_written_is_read_again(syntax: str, invoice: Invoice) -> None:
    written = XML.write(invoice, syntax)
    read = XML.read(written)
    assert read == ReadInvoice(invoice, syntax, (), ())
    assert XML.write(read.invoice, syntax) == written


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(invoice=invoices())
def test_what_is_written_follows_the_schema(syntax: str, invoice: Invoice) -> None:
    assert faults(XML.write(invoice, syntax)) == []


def files(folder: Path) -> list[Path]:
    found = sorted((folder / "xrechnung").glob("*.xml"))
    assert len(found) == 42
    return found


def test_the_official_examples_are_read_without_loss(sample_data: Path) -> None:
    outside = {}
    for path in files(sample_data):
        read = XML.read(path.read_bytes())
        assert read.faults == (), path
        for syntax in SYNTAXES:
            again = XML.read(XML.write(read.invoice, syntax))
            assert again == (read.invoice, syntax, (), ()), path
        if read.outside:
            outside[path.name] = [(found.path.rpartition("/")[2], found.value) for found in read.outside]
    assert outside == {  # EN 16931 has a reason of exemption for the document's breakdown only
        "01.21a-INVOICE_uncefact.xml": [("ram:ExemptionReason", "Umkehrung der Steuerschuldnerschaft")]
    }


def texts(data: bytes) -> set[str]:
    """Texts of a file that are no numbers."""
    found = {(element.text or "").strip() for element in etree.fromstring(data).iter(etree.Element)}
    return {text for text in found if text.strip("0123456789.-")}


def test_every_text_of_the_official_examples_is_written_again(sample_data: Path) -> None:
    for path in files(sample_data):
        data = path.read_bytes()
        syntax = "ubl" if "_ubl" in path.name else "cii"
        lost = texts(data) - texts(XML.write(XML.read(data).invoice, syntax))
        assert lost <= {"???", "Umkehrung der Steuerschuldnerschaft", "credit card", "ID"}, path
