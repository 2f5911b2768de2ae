"""Broken documents, each made from a valid one by code, with the class in which it must land."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pikepdf

FOLDER = Path(__file__).parent / "documents"
UBL = (FOLDER / "ubl.xml").read_bytes()
CII = (FOLDER / "cii.xml").read_bytes()
XRECHNUNG = "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
FACTUR_X = CII.replace(XRECHNUNG.encode(), b"")


class Broken(NamedTuple):
    """One document; ``expected``: its class, or ``own`` where only our own exact checks find what is wrong."""

    name: str
    content: bytes
    expected: str


def swap(base: bytes, old: str, new: str, *, times: int = 1) -> bytes:
    """The document with one thing changed; the thing must be there."""
    assert old.encode() in base, old
    return base.replace(old.encode(), new.encode(), times)


def without(base: bytes, name: str, *, nth: int = 0) -> bytes:
    """The document without the n-th element of this name."""
    start = -1
    for _ in range(nth + 1):
        start = base.index(f"<{name}".encode(), start + 1)
    end = base.index(f"</{name}>".encode(), start) + len(f"</{name}>")
    return base[:start] + base[end:]


def encoded(base: bytes, codec: str, declared: str) -> bytes:
    return swap(base, 'encoding="UTF-8"', f'encoding="{declared}"').decode().encode(codec)


def with_doctype(declaration: str, use: str = "") -> bytes:
    document = swap(UBL, "\n<Invoice", f"\n<!DOCTYPE Invoice {declaration}>\n<Invoice")
    return swap(document, "Lieferung nach Größe", use or "x")


def laughs() -> bytes:
    parts = ['<!ENTITY a "ha">']
    parts += [f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20)]
    return with_doctype(f"[{''.join(parts)}]", "&u;")


# ---- XML that is none ------------------------------------------------------------------------------------------------


def unreadable() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "blank", b" \n\t\n"
    yield "text", b"Rechnung Nr. 1"
    yield "json", b'{"invoice": 1}'
    yield "truncated in the middle", UBL[: len(UBL) // 2]
    yield "truncated at the end", CII[:-5]
    yield "two roots", UBL + UBL.partition(b"\n")[2]
    yield "rubbish behind", UBL + b"rubbish"
    yield "declaration behind a blank line", b"\n" + UBL
    yield "two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + UBL
    yield "UTF-16 declared as UTF-8", UBL.decode().encode("utf-16-le")
    yield "UTF-8 declared as UTF-16", swap(UBL, 'encoding="UTF-8"', 'encoding="UTF-16"')
    yield "Latin-1 declared as UTF-8", UBL.decode().encode("iso-8859-1")
    yield "encoding that nobody knows", swap(UBL, 'encoding="UTF-8"', 'encoding="KLINGON-8"')
    yield "encoding that hides", swap(UBL, 'encoding="UTF-8"', 'encoding="UTF-7"')
    yield "zero byte", swap(UBL, "Lizenz", "Liz\0enz")
    yield "control character", swap(UBL, "Lizenz", "Liz\x07enz")
    yield "reference to a control character", swap(UBL, "Lizenz", "Liz&#7;enz")
    yield "bare ampersand", swap(UBL, "&amp;", "&")
    yield "attribute twice", swap(UBL, 'schemeID="EM"', 'schemeID="EM" schemeID="EM"')
    yield "prefix without a namespace", swap(UBL, "<cbc:Note>", "<xyz:Note/><cbc:Note>")
    yield "DOCTYPE", with_doctype("")
    yield "external DTD", with_doctype('SYSTEM "http://127.0.0.1:9/x.dtd"')
    yield "XXE reads a file", with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;")
    yield "XXE asks the network", with_doctype('[<!ENTITY x SYSTEM "http://127.0.0.1:9/">]', "&x;")
    yield "XXE by a parameter entity", with_doctype('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]')
    yield "billion laughs", laughs()
    yield "quadratic blow-up", with_doctype(f'[<!ENTITY a "{"a" * 50_000}">]', "&a;" * 50_000)
    yield "100 MB", swap(UBL, "Lieferung nach Größe", "x" * 100_000_000)
    yield "10,000 deep", swap(UBL, "<cbc:Note>", "<cbc:a>" * 10_000 + "</cbc:a>" * 10_000 + "<cbc:Note>")
    yield "600,000 elements", swap(UBL, "<cbc:Note>", "<a/>" * 600_000 + "<cbc:Note>")
    many = " ".join(f'a{n}=""' for n in range(10_000))
    yield "10,000 attributes", swap(UBL, "<cbc:Note>", f"<cbc:Note {many}>")


def other_documents() -> Iterator[tuple[str, bytes]]:
    yield "HTML", b"<html><body>Rechnung</body></html>"
    yield "an order", UBL.replace(b"Invoice", b"Order")
    yield "another namespace", swap(UBL, "schema:xsd:Invoice-2", "schema:xsd:Invoice-3")
    yield "ZUGFeRD 1.0", CII.replace(b"CrossIndustryInvoice:100", b"CrossIndustryDocument:1p0")
    yield "no BT-24", without(UBL, "cbc:CustomizationID")
    yield "BT-24 of nobody", swap(UBL, "urn:cen.eu:en16931:2017#compliant", "urn:example:2017#compliant")
    yield "BT-24 empty", swap(CII, f"urn:cen.eu:en16931:2017{XRECHNUNG}", "")
    yield "MINIMUM", swap(CII, f"urn:cen.eu:en16931:2017{XRECHNUNG}", "urn:factur-x.eu:1p0:minimum")
    yield "BASIC WL", swap(CII, f"urn:cen.eu:en16931:2017{XRECHNUNG}", "urn:factur-x.eu:1p0:basicwl")


def against_the_schema() -> Iterator[tuple[str, bytes]]:
    number = "<cbc:ID>RE-2026-000001</cbc:ID>"
    yield "UBL order of elements", swap(swap(UBL, number, ""), "<cbc:DueDate>", f"{number}<cbc:DueDate>")
    yield "UBL unknown element", swap(UBL, "<cbc:Note>", "<cbc:Foo>1</cbc:Foo><cbc:Note>")
    yield (
        "UBL XInclude",
        swap(
            UBL,
            "<cbc:Note>",
            '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><cbc:Note>',
        ),
    )
    yield "UBL no BT-1", without(UBL, "cbc:ID")
    yield "UBL no BT-2", without(UBL, "cbc:IssueDate")
    yield "UBL BT-2 twice", swap(UBL, "<cbc:DueDate>", "<cbc:IssueDate>2026-12-02</cbc:IssueDate><cbc:DueDate>")
    yield "UBL 31 February", swap(UBL, "<cbc:IssueDate>2026-12-01", "<cbc:IssueDate>2026-02-31")
    yield "UBL German date", swap(UBL, "<cbc:IssueDate>2026-12-01", "<cbc:IssueDate>01.12.2026")
    yield "UBL amount with a comma", swap(UBL, ">172.50<", ">172,50<")
    yield "UBL amount as a word", swap(UBL, ">172.50<", ">NaN<")
    yield "UBL amount without a currency", swap(UBL, 'PayableAmount currencyID="EUR"', "PayableAmount")
    yield "UBL no seller", without(UBL, "cac:AccountingSupplierParty")
    yield "UBL no lines", without(without(UBL, "cac:InvoiceLine"), "cac:InvoiceLine")
    yield "UBL no totals", without(UBL, "cac:LegalMonetaryTotal")
    yield "UBL credit note inside", UBL.replace(b"InvoiceLine>", b"CreditNoteLine>")
    yield "CII no BT-2", without(CII, "ram:IssueDateTime")
    yield "CII unknown element", swap(CII, "<ram:Name>Heft", "<ram:Foo>1</ram:Foo><ram:Name>Heft")
    yield (
        "CII order of elements",
        swap(
            without(CII, "ram:TypeCode"),
            "<ram:ID>RE-2026-000001",
            "<ram:TypeCode>380</ram:TypeCode><ram:ID>RE-2026-000001",
        ),
    )
    yield "CII amount with a comma", swap(CII, "DuePayableAmount>172.50", "DuePayableAmount>172,50")
    yield "Factur-X no BT-5", without(FACTUR_X, "ram:InvoiceCurrencyCode")
    yield "Factur-X no BT-1", without(FACTUR_X, "ram:ID", nth=2)


# ---- rules -----------------------------------------------------------------------------------------------------------


def against_the_law() -> Iterator[tuple[str, bytes]]:
    """A rule is broken that is about an item of §§ 14, 14a UStG."""
    yield "UBL no BT-5", without(UBL, "cbc:DocumentCurrencyCode")
    yield "CII no BT-5", without(CII, "ram:InvoiceCurrencyCode")
    yield "CII no BT-1", without(CII, "ram:ID", nth=2)
    yield "CII no BT-3", without(CII, "ram:TypeCode")
    yield "UBL no BT-27", without(UBL, "cac:PartyLegalEntity")
    yield "CII no BT-27", swap(CII, "<ram:Name>Beispiel GmbH</ram:Name>", "")
    yield "UBL no BT-44", without(UBL, "cac:PartyLegalEntity", nth=1)
    yield "CII no BT-44", swap(CII, "<ram:Name>Müller &amp; Söhne AG</ram:Name>", "")
    yield "UBL no BT-31", without(UBL, "cac:PartyTaxScheme")
    yield "CII no BT-31", without(CII, "ram:SpecifiedTaxRegistration")
    yield "UBL no seller address", without(UBL, "cac:PostalAddress")
    yield "CII no buyer address", without(CII, "ram:PostalTradeAddress", nth=1)
    yield "UBL BT-117 + 0.01", swap(UBL, ">19.00<", ">19.01<")
    yield "CII BT-117 - 0.01", swap(CII, "<ram:CalculatedAmount>3.50", "<ram:CalculatedAmount>3.49")
    yield "UBL BT-110 + 0.01", swap(UBL, ">22.50<", ">22.51<")
    yield "CII BT-112 + 0.01", swap(CII, "GrandTotalAmount>172.50", "GrandTotalAmount>172.51")
    yield (
        "UBL BT-109 + 0.01",
        swap(UBL, 'TaxExclusiveAmount currencyID="EUR">150.00', 'TaxExclusiveAmount currencyID="EUR">150.01'),
    )
    yield (
        "CII BT-106 + 0.01",
        swap(CII, "Summation><ram:LineTotalAmount>150.00", "Summation><ram:LineTotalAmount>150.01"),
    )
    yield "UBL BT-116 + 1", swap(UBL, 'TaxableAmount currencyID="EUR">100.00', 'TaxableAmount currencyID="EUR">101.00')
    yield "UBL currency of nobody", swap(UBL, "Code>EUR<", "Code>EUX<")
    yield "CII currency of nobody", swap(CII, "Code>EUR<", "Code>EUX<")
    yield "UBL country of nobody", swap(UBL, "Code>DE<", "Code>XX<")
    yield "UBL type of nobody", swap(UBL, "InvoiceTypeCode>380", "InvoiceTypeCode>999")
    yield "CII type of nobody", swap(CII, "TypeCode>380", "TypeCode>999")
    yield "UBL category of nobody", swap(UBL, "<cac:TaxCategory><cbc:ID>S", "<cac:TaxCategory><cbc:ID>Q")
    yield "UBL rate of 0 in category S", swap(UBL, "<cbc:Percent>19", "<cbc:Percent>0", times=2)
    yield "UBL no rate", without(UBL, "cbc:Percent")
    yield "CII period ends before it begins", swap(CII, "20261231", "20261130")
    yield "UBL no name of an item", without(UBL, "cbc:Name", nth=1)
    yield "UBL no quantity", without(UBL, "cbc:InvoicedQuantity")
    yield "CII no quantity", without(CII, "ram:BilledQuantity")
    yield "UBL no tax", without(UBL, "cac:TaxTotal")
    yield "UBL negative price", swap(UBL, ">50.00</cbc:PriceAmount>", ">-50.00</cbc:PriceAmount>")
    yield (
        "UBL exempt without a reason",
        swap(
            swap(UBL, "<cbc:ID>S</cbc:ID><cbc:Percent>7", "<cbc:ID>E</cbc:ID><cbc:Percent>0", times=2),
            ">3.50<",
            ">0.00<",
        ),
    )


def against_a_rule() -> Iterator[tuple[str, bytes]]:
    """A rule is broken that the law does not ask for."""
    yield (
        "UBL BT-115 + 0.01",
        swap(UBL, 'PayableAmount currencyID="EUR">172.50', 'PayableAmount currencyID="EUR">172.51'),
    )
    yield "CII BT-115 + 0.01", swap(CII, "DuePayableAmount>172.50", "DuePayableAmount>172.51")
    yield "UBL payment means of nobody", swap(UBL, "MeansCode>58", "MeansCode>999")
    yield "UBL transfer without an account", without(UBL, "cac:PayeeFinancialAccount")
    yield "UBL three decimals", swap(UBL, 'TaxAmount currencyID="EUR">22.50', 'TaxAmount currencyID="EUR">22.500')
    yield "UBL scheme of nobody", swap(UBL, 'schemeID="EM"', 'schemeID="ZZ99"')
    yield "UBL no id of a line", swap(UBL, "<cac:InvoiceLine><cbc:ID>1</cbc:ID>", "<cac:InvoiceLine><cbc:ID/>")


def tolerated() -> Iterator[tuple[str, bytes]]:
    """What the official rules let pass (einvoice.md §4.2): found by our own exact checks alone."""
    wrong = swap(UBL, ">19.00<", ">19.50<")
    yield "UBL VAT 0.50 too high throughout", swap(swap(wrong, ">22.50<", ">23.00<"), ">172.50<", ">173.00<", times=2)
    yield "UBL BT-131 is not quantity × price", swap(UBL, ">50.00</cbc:PriceAmount>", ">49.99</cbc:PriceAmount>")
    yield "CII BT-131 is not quantity × price", swap(CII, "ChargeAmount>50.00", "ChargeAmount>49.99")
    yield "CII 31 February", swap(CII, "20261201", "20260231")
    yield (
        "UBL another currency on one amount",
        swap(UBL, 'PriceAmount currencyID="EUR"', 'PriceAmount currencyID="USD"'),
    )
    yield "UBL no due date and no terms", without(UBL, "cbc:DueDate")
    yield "XRechnung without BT-10", without(UBL, "cbc:BuyerReference")


# ---- PDF -------------------------------------------------------------------------------------------------------------


def pdf(
    *files: tuple[str, bytes],
    change: Callable[[pikepdf.Pdf], None] | None = None,
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """A PDF with these files associated and embedded."""
    document = pikepdf.new()
    document.add_blank_page()
    specs = pikepdf.Array()
    for name, content in files:
        stream = pikepdf.Stream(document, content)
        stream.Type = pikepdf.Name.EmbeddedFile
        stream.Subtype = pikepdf.Name("/text/xml")
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F=name, UF=name, EF=pikepdf.Dictionary(F=stream, UF=stream),
            AFRelationship=pikepdf.Name.Alternative,
        )  # fmt: skip
        specs.append(document.make_indirect(spec))
    document.Root.AF = specs
    leaves = pikepdf.Array([part for spec in specs for part in (spec.UF, spec)])
    document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=leaves))
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, encryption=encryption or False)
    return out.getvalue()


def ring(document: pikepdf.Pdf) -> None:
    """A tree of names that bites its tail."""
    node = document.make_indirect(pikepdf.Dictionary())
    node.Kids = pikepdf.Array([node, node])
    document.Root.Names.EmbeddedFiles = node


def two_names(document: pikepdf.Pdf) -> None:
    """The second file shows a harmless name and keeps the other."""
    document.Root.AF[1].UF = pikepdf.String("liesmich.txt")
    document.Root.AF[1].F = pikepdf.String("xrechnung.xml")


def bomb(document: pikepdf.Pdf) -> None:
    """An attachment that unpacks to 100 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()
    document.Root.AF[0].EF.F.write(packed, filter=pikepdf.Name.FlateDecode)


def broken_filter(document: pikepdf.Pdf) -> None:
    document.Root.AF[0].EF.F.write(b"\0" * 40, filter=pikepdf.Name.FlateDecode)


def no_stream(document: pikepdf.Pdf) -> None:
    document.Root.AF[0].EF.F = pikepdf.String("none")


def broken_pdfs() -> Iterator[tuple[str, bytes]]:
    good, wrong = ("factur-x.xml", FACTUR_X), ("xrechnung.xml", CII)
    yield "PDF without XML", pdf()
    yield "PDF with XML of another name", pdf(("rechnung.xml", CII))
    yield "PDF with an order", pdf(("order-x.xml", CII))
    yield "PDF with two XML", pdf(good, wrong)
    yield "PDF with the same name twice", pdf(good, good)
    yield "PDF with a hidden second XML", pdf(good, wrong, change=two_names)
    yield "PDF truncated", pdf(good)[:400]
    yield "PDF of rubbish", b"%PDF-1.7\n" + b"\x9c" * 5_000
    yield "PDF locked", pdf(good, encryption=pikepdf.Encryption(owner="a", user="b"))
    yield "PDF with a ring of names", pdf(good, change=ring)
    yield "PDF with a bomb", pdf(good, change=bomb)
    yield "PDF with a damaged attachment", pdf(good, change=broken_filter)
    yield "PDF with a string for a file", pdf(good, change=no_stream)
    yield "PDF with an empty XML", pdf(("factur-x.xml", b""))
    yield "PDF with a PDF", pdf(("factur-x.xml", pdf(good)))
    yield "PDF with XXE", pdf(("factur-x.xml", with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;")))


def corpus() -> list[Broken]:
    """Everything, in the order of this file."""
    kinds: list[tuple[Callable[[], Iterator[tuple[str, bytes]]], str]] = [
        (unreadable, "format"), (other_documents, "format"), (against_the_schema, "format"), (broken_pdfs, "format"),
        (against_the_law, "content"), (against_a_rule, "rule"), (tolerated, "own"),
    ]  # fmt: skip
    return [Broken(name, content, expected) for make, expected in kinds for name, content in make()]
