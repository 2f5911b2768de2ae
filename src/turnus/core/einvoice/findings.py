"""What the checks find: rule, term, place in the model, and words in two languages that say how to mend it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.words.einvoice import PLACES, TERMS, TEXTS

if TYPE_CHECKING:
    from decimal import Decimal


class Severity(StrEnum):
    """An error stops the document, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Finding(NamedTuple):
    """One rule that an invoice breaks."""

    rule: str
    """As the standard names it: ``BR-CO-10``, ``BR-DE-15``, ``PEPPOL-EN16931-R120``; our own begin with ``T-``."""
    term: str
    """BT or BG id."""
    path: str
    """Field of the model: ``lines[1].price.net``."""
    code: str
    """Key of its words."""
    severity: Severity = Severity.ERROR
    value: str = ""
    """What stands there."""
    expected: str = ""
    """What should stand there."""


def say(finding: Finding, language: str) -> str:
    """The finding in words: rule, term, what is wrong, where to mend it. ``language``: ``de``, or else English."""
    index = 0 if language == "de" else 1
    name = TERMS[finding.term]
    text = TEXTS[finding.code][index].format(name=name[index], value=finding.value, expected=finding.expected)
    return f"{finding.rule} ({finding.term}): {text} {PLACES[name[2]][index]}"


class Findings(list[Finding]):
    """All findings of an invoice, collected."""

    def error(
        self, rule: str, term: str, path: str, code: str, value: Decimal | str = "", expected: Decimal | str = ""
    ) -> None:
        """Add an error."""
        self.append(Finding(rule, term, path, code, Severity.ERROR, str(value), str(expected)))

    def warn(
        self, rule: str, term: str, path: str, code: str, value: Decimal | str = "", expected: Decimal | str = ""
    ) -> None:
        """Add a warning."""
        self.append(Finding(rule, term, path, code, Severity.WARNING, str(value), str(expected)))

    def need(self, found: object, rule: str, term: str, path: str) -> bool:
        """An error where something mandatory is missing; whether it is there."""
        if found:
            return True
        self.error(rule, term, path, "missing")
        return False

    def listed(self, value: str, known: frozenset[str], rule: str, term: str, path: str) -> None:
        """An error where a code is given and not in its list."""
        if value and value not in known:
            self.error(rule, term, path, "not_in_list", value)
