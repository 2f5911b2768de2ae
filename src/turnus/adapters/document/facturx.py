"""The XMP of ZUGFeRD and Factur-X, put into the bytes that Typst wrote.

Typst attaches the file but cannot name the standard. Its metadata is one uncompressed object and its table of
objects a plain one, so both are patched in 0.1 ms; reading and writing the whole PDF anew takes 3 ms. The only
``pdfaExtension:schemas`` bag is added to: a second one would hide the first from readers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from turnus.core.einvoice.hybrid import Inside

NAMESPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_METADATA: Final = re.compile(rb"<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_END_OF_SCHEMAS: Final = b"</rdf:Bag></pdfaExtension:schemas>"
_END: Final = b"</rdf:RDF>"
_ENTRY: Final = 20
"""Bytes of a row of the table of objects (ISO 32000-1, 7.5.4)."""

_PROPERTIES: Final = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)
_SCHEMA: Final = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>"
    + "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{text}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, text in _PROPERTIES
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
).encode()


class UnknownLayoutError(ValueError):
    """The PDF is not laid out as Typst lays it out: nothing may be put into it."""


def with_facturx(pdf: bytes, held: Inside) -> bytes:
    """The PDF with the standard, its version and level named in its metadata. Raises ``UnknownLayoutError``."""
    found = list(_METADATA.finditer(pdf))
    if len(found) != 1:
        raise UnknownLayoutError("metadata")
    start, length = found[0].end(), int(found[0][1])
    xmp = pdf[start : start + length]
    if xmp.count(_END_OF_SCHEMAS) != 1 or xmp.count(_END) != 1:
        raise UnknownLayoutError("schemas")
    xmp = xmp.replace(_END_OF_SCHEMAS, _SCHEMA + _END_OF_SCHEMAS).replace(_END, _said(held) + _END)
    head = found[0][0].replace(found[0][1], str(len(xmp)).encode())
    body = pdf[: found[0].start()] + head + xmp + pdf[start + length :]
    return _moved(body, found[0].start(), len(body) - len(pdf))


def _said(held: Inside) -> bytes:
    values = (held.name, "INVOICE", held.version, held.level)
    fields = "".join(
        f"<fx:{name}>{value}</fx:{name}>" for (name, _text), value in zip(_PROPERTIES, values, strict=True)
    )
    return f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{fields}</rdf:Description>'.encode()


def _moved(pdf: bytes, after: int, by: int) -> bytes:
    """The table of objects and its own place, where all that lies behind ``after`` moved ``by`` bytes."""
    body, mark, tail = pdf.rpartition(b"startxref\n")
    place, end = tail.split(b"\n", 1)
    begin = int(place) + by
    table = re.compile(rb"xref\n0 (\d+)\n").match(body, begin)
    if not mark or table is None:
        raise UnknownLayoutError("xref")
    rows = []
    for index in range(int(table[1])):
        row = body[table.end() + index * _ENTRY : table.end() + (index + 1) * _ENTRY]
        offset = int(row[:10])
        rows.append(b"%010d" % (offset + by) + row[10:] if row[17:18] == b"n" and offset > after else row)
    rest = body[table.end() + int(table[1]) * _ENTRY :]
    return body[: table.end()] + b"".join(rows) + rest + mark + str(begin).encode() + b"\n" + end
