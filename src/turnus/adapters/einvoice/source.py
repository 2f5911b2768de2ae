"""What both readers share: an element tree that remembers what was read, so that the rest can be reported."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.model import ZERO, Fault, Identifier, Outside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

MOST_OUTSIDE: Final = 1_000
"""Most pieces of foreign content that are listed."""

_DECIMAL: Final = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_DAY: Final = {"": re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), "102": re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)}
NO_DAY: Final = date(1, 1, 1)
"""Stands for a mandatory day that is missing."""

_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


class Source:
    """A tree under reading."""

    def __init__(self, root: Element, namespaces: Mapping[str, str]) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self._namespaces = dict(namespaces)
        self._read: set[Element] = set()
        self._attributes: set[tuple[Element, str]] = set()

    def nodes(self, node: Element, path: str) -> list[Element]:
        """All elements at a path."""
        return node.findall(path, self._namespaces)

    def node(self, node: Element, path: str) -> Element | None:
        """The first element at a path."""
        return node.find(path, self._namespaces)

    def text(self, node: Element, path: str, *, term: str = "", raw: bool = False) -> str:
        """Text of the first element at a path, without blanks around it unless ``raw``. ``term``: it must be there."""
        found = self.node(node, path)
        text = self.own(found, raw=raw) if found is not None else ""
        if term and not text:
            self.faults.append(Fault(f"{self._path(node)}/{path}", term, "missing"))
        return text

    def own(self, node: Element, *, raw: bool = False) -> str:
        """Text of the element itself."""
        self._read.add(node)
        text = node.text or ""
        return text if raw and text.strip() else text.strip()

    def attribute(self, node: Element, name: str) -> str:
        """An attribute of an element."""
        self._attributes.add((node, name))
        return (node.get(name) or "").strip()

    def identifier(self, node: Element, path: str) -> Identifier | None:
        """Text and scheme of the first element at a path."""
        found = self.node(node, path)
        if found is None:
            return None
        text = self.own(found)
        return Identifier(text, self.attribute(found, "schemeID")) if text else None

    def expect(self, node: Element, path: str, value: str) -> bool:
        """Whether the text at a path is this one; only then it counts as read."""
        found = self.node(node, path)
        if found is None or (found.text or "").strip() != value:
            return False
        self._read.add(found)
        return True

    def number(self, node: Element, path: str, term: str, currency: str = "") -> Decimal | None:
        """A decimal number, or None where there is none. ``currency``: what its currencyID may say."""
        found = self.node(node, path)
        if found is None:
            return None
        if currency:
            self._attributes.add((found, "currencyID"))
            if (said := found.get("currencyID") or currency) != currency:
                self.faults.append(Fault(self._path(found), term, "currency", said))
        text = self.own(found)
        if not _DECIMAL.fullmatch(text):
            self.faults.append(Fault(self._path(found), term, "malformed", text))
            return None
        return Decimal(text)

    def amount(self, node: Element, path: str, term: str, currency: str = "") -> Decimal:
        """A number that must be there; 0 and a fault where it is not."""
        found = self.number(node, path, term, currency)
        if found is None:
            if self.node(node, path) is None:
                self.faults.append(Fault(f"{self._path(node)}/{path}", term, "missing"))
            return ZERO
        return found

    def day(self, node: Element, path: str, term: str, form: str = "") -> date | None:
        """A day. ``form``: ``102`` in CII, where the attribute ``format`` says so; empty for ISO 8601."""
        found = self.node(node, path)
        if found is None:
            return None
        text = self.own(found)
        match = _DAY[form].fullmatch(text)
        if not form or self.attribute(found, "format") == form:
            try:
                if match:
                    return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                pass
        self._bad(found, term, text)
        return None

    def must_day(self, node: Element, path: str, term: str, form: str = "") -> date:
        """A day that must be there; ``NO_DAY`` and a fault where it is not."""
        found = self.day(node, path, term, form)
        if found is None and self.node(node, path) is None:
            self.faults.append(Fault(f"{self._path(node)}/{path}", term, "missing"))
        return found or NO_DAY

    def content(self, node: Element, term: str) -> bytes:
        """Base64 content of an element."""
        text = self.own(node)
        try:
            return b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            self._bad(node, term, text[:40])
            return b""

    def _bad(self, node: Element, term: str, text: str) -> None:
        self.faults.append(Fault(self._path(node), term, "malformed", text))

    def _path(self, node: Element) -> str:
        found: str = node.getroottree().getpath(node)
        return found

    def outside(self) -> tuple[Outside, ...]:
        """Texts and attributes that nobody has read."""
        found: list[Outside] = []
        for node in self.root.iter():
            if node not in self._read and (node.text or "").strip():
                found.append(Outside(self._path(node), (node.text or "").strip()))
            for key, value in node.items():
                name = str(key)
                if (node, name) not in self._attributes and not name.startswith(_SCHEMA):
                    found.append(Outside(f"{self._path(node)}/@{name}", str(value)))
            if len(found) >= MOST_OUTSIDE:
                break
        return tuple(found)
