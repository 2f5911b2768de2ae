"""Texts of e-mails with placeholders (JB-86): ``{number}`` is replaced, and nothing else can be reached from a text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.faults import Fault, fault
from turnus.core.words.mails import MAILS, TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDERS: Final = (
    "title", "number", "date", "due_date", "total", "period", "customer", "customer_number", "contact", "seller",
)  # fmt: skip
"""What a text may name. Double braces are braces."""

_PART: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
FALLBACK: Final = "en"


class Template(NamedTuple):
    """Subject and body as a person wrote them."""

    subject: str
    body: str


class Mail(NamedTuple):
    """Subject and body in both forms, filled."""

    subject: str
    text: str
    html: str


def template_faults(template: Template) -> list[Fault]:
    """Everything that is wrong with a text: unknown placeholders, single braces, a subject of several lines."""
    found = []
    for name, text in (("subject", template.subject), ("body", template.body)):
        if not text.strip():
            found.append(fault("mail_empty", field=name))
        for match in _PART.finditer(text):
            if match[0] in {"{", "}"}:
                found.append(fault("mail_brace", field=name))
            elif match[1] is not None and match[1] not in PLACEHOLDERS:
                found.append(fault("mail_placeholder", name=match[1], known=", ".join(PLACEHOLDERS)))
    if len(template.subject.splitlines()) > 1:
        found.append(fault("mail_subject_lines"))
    return list({(one.code, *one.params.items()): one for one in found}.values())


def filled(template: Template, values: Mapping[str, str]) -> Mail:
    """The text with its values; the HTML form escapes them, the subject stays one line."""
    text = _fill(template.body, values)
    paragraphs = (part.strip("\n") for part in re.split(r"\n{2,}", text))
    html = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)
    return Mail(" ".join(_fill(template.subject, values).split()), text, f"<html><body>{html}</body></html>")


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: match[0][0] if match[1] is None else values[match[1]], text)


def chosen(kind: str, language: str, own: Mapping[tuple[str, str], Template]) -> Template:
    """The text for a kind of document in a language: of the house (kind, language), else the built-in one.

    A language without any text falls back to English; a kind without one to ``*``.
    """
    for spoken in dict.fromkeys((language, FALLBACK)):
        for wanted in (kind, "*"):
            if found := own.get((wanted, spoken)):
                return found
        if spoken in MAILS:
            return Template(*(MAILS[spoken].get(kind) or MAILS[spoken]["*"]))
    raise AssertionError(language)  # pragma: no cover - the fallback has texts


def title(kind: str, language: str) -> str:
    """What a kind of document is called: ``Rechnung``."""
    titles = TITLES.get(language, TITLES[FALLBACK])
    return titles.get(kind, titles["*"])
