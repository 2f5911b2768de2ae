"""The invoice's XML inside a PDF: found by its known names, unpacked within bounds, nothing else of the PDF touched."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final

import pikepdf

from turnus.core.validation import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

PDF_MARK: Final = b"%PDF-"
NAMES: Final = frozenset({"factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"})
"""Names of Factur-X, XRechnung and ZUGFeRD; order and delivery files are other documents."""
NODES: Final = 1_000
"""Nodes of the tree of names."""


def xml_in_pdf(content: bytes) -> tuple[str, bytes] | str:
    """Name and bytes of the only invoice attached, or the code of what is wrong."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True, inherit_page_attributes=False) as pdf:
            found = {_key(spec): (name, spec) for name, spec in _attached(pdf)}
            if len(found) != 1:
                return "pdf_several_xml" if found else "pdf_without_xml"
            ((name, spec),) = found.values()
            return name, _unpacked(_stream(spec))
    except pikepdf.PasswordError:
        return "pdf_locked"
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, zlib.error):
        return "pdf_damaged"
    except (MemoryError, RecursionError):
        return "pdf_too_large"


def _attached(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """(name, file specification) of what calls itself an invoice, associated with the PDF or embedded in it."""
    root = pdf.Root
    specs = list(root.get("/AF", pikepdf.Array()))
    trees = root.get("/Names", pikepdf.Dictionary())
    if "/EmbeddedFiles" in trees:
        specs += _leaves(trees["/EmbeddedFiles"])
    for spec in specs:
        if isinstance(spec, pikepdf.Dictionary) and "/EF" in spec:
            names = {str(spec[key]).lower() for key in ("/UF", "/F") if key in spec} & NAMES
            if names:
                yield min(names), spec


def _leaves(top: pikepdf.Object) -> list[pikepdf.Object]:
    """The values of a name tree; bounded, for a hostile one may be a ring."""
    found: list[pikepdf.Object] = []
    waiting, seen = [top], 0
    while waiting:
        seen += 1
        if seen > NODES:
            raise ValueError("tree of names")
        node = waiting.pop()
        values = list(node.get("/Names", pikepdf.Array()))
        found += values[1::2]
        waiting += list(node.get("/Kids", pikepdf.Array()))
    return found


def _stream(spec: pikepdf.Object) -> pikepdf.Stream:
    files = spec["/EF"]
    stream = files["/F"] if "/F" in files else files["/UF"]
    if not isinstance(stream, pikepdf.Stream):
        raise TypeError("no stream")
    return stream


def _key(spec: pikepdf.Object) -> tuple[int, int] | int:
    """What makes two mentions of one file the same file."""
    stream = _stream(spec)
    return stream.objgen if stream.is_indirect else id(stream)


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """The bytes of an embedded file: plain or deflated, never more than ``LIMIT`` of them."""
    filters = stream.get("/Filter", pikepdf.Array())
    kinds = [str(kind) for kind in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    raw = stream.read_raw_bytes()
    if kinds not in ([], ["/FlateDecode"]):
        raise ValueError("filter")
    if not kinds:
        return raw
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(raw, LIMIT + 1)
    if len(content) > LIMIT:
        raise MemoryError
    return content
