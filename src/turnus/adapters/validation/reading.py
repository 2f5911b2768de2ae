"""Find the invoice's XML in what came, and read it without trusting it. Runs in a process of its own."""

from __future__ import annotations

from typing import Any, Final
from xml.parsers import expat

from turnus.adapters.validation.pdf import PDF_MARK, xml_in_pdf

DEPTH: Final = 100
ELEMENTS: Final = 500_000
ATTRIBUTES: Final = 100
"""Of one element."""

CII: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice"
UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
SYNTAXES: Final = {
    CII: "cii",
    f"{UBL}Invoice-2 Invoice": "ubl-invoice",
    f"{UBL}CreditNote-2 CreditNote": "ubl-creditnote",
}
_PROFILE_AT: Final = {
    "cii": ["ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID"],
    "ubl-invoice": ["CustomizationID"],
    "ubl-creditnote": ["CustomizationID"],
}
_UTF8: Final = {"", "utf-8", "utf8", "us-ascii"}
_BEFORE_XML: Final = b"\xef\xbb\xbf\xff\xfe\0\t\r\n "
"""Byte order marks, zeros of UTF-16, white space."""


class UnreadableError(ValueError):
    """The file holds no XML invoice that can be read: ``code`` of the message and its blanks."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


def read(_question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Syntax, profile and XML of a file, or the reason why it has none."""
    try:
        name, xml = _opened(content)
        scan = Scan()
        scan.run(xml)
    except UnreadableError as error:
        return {"error": error.code, "params": error.params}, b""
    except (MemoryError, RecursionError):
        return {"error": "xml_too_large", "params": {}}, b""
    return {
        "attachment": name,
        "syntax": scan.syntax,
        "profile": "".join(scan.profile).strip(),
        "utf8": scan.encoding in _UTF8 and b"\0" not in xml[:4],
    }, xml


def _opened(content: bytes) -> tuple[str, bytes]:
    if not content.strip(b"\0\t\r\n "):
        raise UnreadableError("file_empty")
    if content.lstrip(_BEFORE_XML).startswith(b"<"):
        return "", content
    if PDF_MARK not in content[:1024]:
        raise UnreadableError("neither_xml_nor_pdf")
    found = xml_in_pdf(content)
    if isinstance(found, str):
        raise UnreadableError(found)
    return found


class Scan:
    """One pass that refuses what no invoice needs: document types, entities, depth, masses; and sees what it is."""

    def __init__(self) -> None:
        self.syntax = ""
        self.encoding = ""
        self.profile: list[str] = []
        self._path: list[str] = []
        self._count = 0

    def run(self, xml: bytes) -> None:
        """Read all of it. Raises ``UnreadableError``."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(xml, True)  # noqa: FBT003 - expat's "this is all"
        except expat.ExpatError as error:
            raise UnreadableError(
                "xml_malformed", line=error.lineno, column=error.offset, reason=expat.ErrorString(error.code)
            ) from None
        except (LookupError, ValueError) as error:
            if isinstance(error, UnreadableError):
                raise
            raise UnreadableError("xml_encoding", encoding=self.encoding) from None

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "").lower()

    def _doctype(self, *_declaration: object) -> None:
        raise UnreadableError("xml_doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if not self._path and not self.syntax:
            if name not in SYNTAXES:
                raise UnreadableError("syntax_unknown", root=name.rpartition(" ")[2][:80])
            self.syntax = SYNTAXES[name]
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > DEPTH:
            raise UnreadableError("xml_too_deep", depth=DEPTH)
        if self._count > ELEMENTS or len(attributes) > ATTRIBUTES:
            raise UnreadableError("xml_too_large")

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._path[1:] == _PROFILE_AT[self.syntax] and sum(map(len, self.profile)) < 500:
            self.profile.append(text)
