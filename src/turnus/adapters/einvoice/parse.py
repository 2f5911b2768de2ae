"""Bytes from outside → element tree, bounded: no DTD, no entities, no network; limits of size, nesting and encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from turnus.ports import Rejected

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYTES: Final = 15 * 1024 * 1024
MAX_MARKS: Final = 1_000_000
"""Most ``<`` in a file: about half a million elements."""
MAX_DEPTH: Final = 64
ENCODINGS: Final = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})

_DECLARATION: Final = re.compile(r"<\?xml\s[^>]{0,200}?\?>")
_ENCODING: Final = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def parsed(data: bytes) -> Element:
    """The root element. Raises ``Rejected`` for whatever is no plain, bounded XML."""
    if len(data) > MAX_BYTES:
        raise _refused("is larger than 15 MB", "ist größer als 15 MB")
    text = _decoded(data)
    _refuse_doctype(text)
    if text.count("<") > MAX_MARKS:
        raise _refused("has too many elements", "hat zu viele Elemente")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _refused(f"is not well-formed: {error.msg}", f"ist nicht wohlgeformt: {error.msg}") from None
    _refuse_depth(root)
    return root


def _decoded(data: bytes) -> str:
    """The text without its declaration; wrong bytes are an error, never replaced."""
    bom = next((codec for mark, codec in _BOMS if data.startswith(mark)), "")
    if bom:
        codec = bom
    else:
        declared = _DECLARATION.match(data[:256].decode("ascii", "replace"))
        found = _ENCODING.search(declared[0]) if declared else None
        codec = found[1].lower() if found else "utf-8"
        if codec not in ENCODINGS or codec == "utf-16":
            raise _refused(f"has the encoding {codec}", f"hat die Zeichenkodierung {codec}")
    try:
        text = data.decode(codec)
    except UnicodeError:
        raise _refused(f"is not written in {codec}", f"ist nicht in {codec} geschrieben") from None
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _refuse_doctype(text: str) -> None:
    """A document type stands before the root element or nowhere: look past comments and instructions."""
    position = 0
    while True:
        position = _skip_blanks(text, position)
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opening, position):
                end = text.find(closing, position + len(opening))
                if end < 0:
                    raise _refused("is not well-formed", "ist nicht wohlgeformt")
                position = end + len(closing)
                break
        else:
            break
    if text.startswith("<!", position):
        raise _refused("declares a document type", "deklariert einen Dokumenttyp (DOCTYPE)")


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _refuse_depth(root: Element) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _refused("is nested too deeply", "ist zu tief verschachtelt")


def _refused(english: str, german: str) -> Rejected:
    return Rejected(f"The file {english}; it cannot be read as an e-invoice.",
                    f"Die Datei {german}; sie ist nicht als E-Rechnung lesbar.")  # fmt: skip
