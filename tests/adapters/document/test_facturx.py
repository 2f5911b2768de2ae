"""ZUGFeRD and Factur-X: the PDF carries the XML and says so, by the rules of PDF/A-3 and of the standard."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from lxml import etree

from tests.adapters.document.samples import INVOICE
from turnus.adapters.document import TypstRenderer
from turnus.adapters.document.facturx import NAMESPACE, UnknownLayoutError, with_facturx
from turnus.core.einvoice.hybrid import LEVELS, inside
from turnus.ports import Rejected

XML = "<a>Größe</a>".encode()
FX = f"{{{NAMESPACE}}}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
PRINTER = TypstRenderer()


@pytest.fixture(scope="module", params=LEVELS)
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, PRINTER.render(INVOICE, inside(request.param, XML))


def packet(pdf: pikepdf.Pdf) -> etree._Element:
    return etree.fromstring(pdf.Root.Metadata.read_bytes())


def test_the_xml_is_attached_to_the_whole_document_and_named_by_its_profile(made: tuple[str, bytes]) -> None:
    profile, content = made
    name = "xrechnung.xml" if profile == "facturx-xrechnung" else "factur-x.xml"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        [spec] = pdf.Root.AF
        assert list(pdf.attachments) == [name]
        assert pdf.Root.Names.EmbeddedFiles.Names[1].objgen == spec.objgen
        assert (str(spec.F), str(spec.UF), str(spec.AFRelationship)) == (name, name, "/Alternative")
        file = spec.EF.F
        assert spec.EF.UF.objgen == file.objgen
        assert (str(file.Type), str(file.Subtype), int(file.Params.Size)) == ("/EmbeddedFile", "/text/xml", len(XML))
        assert str(file.Params.ModDate) == f"D:{INVOICE.issue_date:%Y%m%d}000000Z"
        assert file.read_bytes() == XML


def test_the_metadata_name_the_standard_once_and_describe_its_words(made: tuple[str, bytes]) -> None:
    profile, content = made
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = packet(pdf)
        assert int(pdf.Root.Metadata.Length) == len(pdf.Root.Metadata.read_raw_bytes())
    assert len(root.findall(f"{RDF}RDF")) == 1
    said = {str(node.tag).removeprefix(FX): node.text for node in root.iter() if str(node.tag).startswith(FX)}
    level, version = LEVELS[profile]
    assert said == {
        "DocumentFileName": "xrechnung.xml" if profile == "facturx-xrechnung" else "factur-x.xml",
        "DocumentType": "INVOICE",
        "Version": version,
        "ConformanceLevel": level,
    }
    [bag] = root.iter(f"{EXTENSION}schemas")
    [schema] = [node for node in bag.iter(f"{RDF}li") if node.findtext(f"{SCHEMA}namespaceURI") == NAMESPACE]
    assert schema.findtext(f"{SCHEMA}prefix") == "fx"
    assert {node.text for node in schema.iter(f"{PROPERTY}name")} == said.keys()
    assert {node.text for node in schema.iter(f"{PROPERTY}category")} == {"external"}
    assert {node.text for node in schema.iter(f"{PROPERTY}valueType")} == {"Text"}


def test_it_is_pdf_a_3b_with_every_object_where_the_table_says(made: tuple[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made[1])) as pdf:
        assert pdf.open_metadata().pdfa_status == "3B"
        assert [str(intent.S) for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert "/ID" in pdf.trailer
        assert not pdf.is_encrypted
        assert pdf.check_pdf_syntax() == []
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_equal_documents_give_equal_bytes() -> None:
    held = inside("facturx-en16931", XML)
    assert TypstRenderer().render(INVOICE, held) == PRINTER.render(INVOICE, held)


def test_the_paper_looks_the_same_with_and_without_the_file() -> None:
    def pages(content: bytes) -> list[bytes]:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [page.Contents.read_bytes() for page in pdf.pages]

    assert pages(PRINTER.render(INVOICE, inside("facturx-basic", XML))) == pages(PRINTER.render(INVOICE))


def test_a_sign_without_glyph_is_refused_as_plain_pdf_may_carry_no_invoice() -> None:
    line = replace(INVOICE.lines[0], name="請求書")
    document = replace(INVOICE, lines=(line, *INVOICE.lines[1:]))
    assert PRINTER.render(document)
    with pytest.raises(Rejected, match="請"):
        PRINTER.render(document, inside("facturx-basic", XML))


@pytest.mark.parametrize("pdf", [b"", b"<</Length 3/Type/Metadata/Subtype/XML>>\nstream\nabc\nendstream"])
def test_a_pdf_of_another_make_is_left_alone(pdf: bytes) -> None:
    with pytest.raises(UnknownLayoutError):
        with_facturx(pdf, inside("facturx-basic", XML))
