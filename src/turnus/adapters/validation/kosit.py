"""KoSIT's validator configuration (``scenarios.xml``) as a manifest: files, XPath of each scenario, severities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIOS: Final = "scenarios.xml"
SPACE: Final = "http://www.xoev.de/de/validator/framework/1/scenarios "
_ROOTS: Final = (
    ("ubl-creditnote", re.compile(r"\bCreditNote\b")),
    ("cii", re.compile(r"\bCrossIndustryInvoice\b")),
    ("ubl-invoice", re.compile(r":Invoice\b")),
)


class _Node:
    """An element of the configuration."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[_Node] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def all(self, path: str) -> Iterator[_Node]:
        """Descendants by a path of names."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                yield from child.all(rest) if rest else (child,)

    def one(self, path: str) -> str:
        return next((node.text for node in self.all(path)), "")


def manifest_of(content: bytes) -> dict[str, Any]:
    """The manifest, without hashes. Raises ``ValueError`` where this is no configuration of KoSIT's validator."""
    top = _tree(content)
    if top.name != "scenarios":
        raise ValueError(f"<{top.name}>")
    rows = [row for node in top.all("scenario") if (row := _scenario(node))]
    return {"name": "xrechnung", "version": top.one("date") or "?", "scenario": rows}


def _scenario(node: _Node) -> dict[str, Any] | None:
    """One scenario; None for kinds of documents that are no invoices."""
    match = node.one("match")
    syntax = next((name for name, pattern in _ROOTS if pattern.search(match)), "")
    if not syntax:
        return None
    return {
        "name": node.one("name"),
        "syntaxes": [syntax],
        "match": match,
        "namespaces": {one.attributes["prefix"]: one.text for one in node.all("namespace")},
        "schema": node.one("validateWithXmlSchema/resource/location"),
        "schematron": [one.text for one in node.all("validateWithSchematron/resource/location")],
        "severity": {
            rule: _level(one.attributes["level"])
            for one in node.all("createReport/customLevel")
            for rule in one.text.split()
        },
        "complete": True,
    }


def _level(level: str) -> str:
    return "fatal" if level == "error" else level


def _tree(content: bytes) -> _Node:
    stack = [_Node("", {})]

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append(_Node(name.removeprefix(SPACE), attributes))

    def end(_name: str) -> None:
        node = stack.pop()
        stack[-1].children.append(node)

    def text(part: str) -> None:
        stack[-1].parts.append(part)

    def doctype(*_declaration: object) -> None:
        raise ValueError("DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's "this is all"
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return stack[0].children[0]
