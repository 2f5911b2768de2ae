"""Number formats of documents: ``RE-{YYYY}-{000000}`` → ``RE-2026-000123``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date

_COUNTER: Final = re.compile(r"\{(0+)\}")
_PLACEHOLDER: Final = re.compile(r"\{[^}]*\}")


class NumberPatternError(ValueError):
    """The pattern has no counter, two counters, or an unknown placeholder."""


class NumberFormat(NamedTuple):
    """A pattern resolved for one issue date: text before and after the counter, and the counter's least width."""

    prefix: str
    width: int
    suffix: str

    def number(self, counter: int) -> str:
        """The number of a document: the counter padded with zeros, never cut."""
        return f"{self.prefix}{counter:0{self.width}d}{self.suffix}"


def number_format(pattern: str, on: date) -> NumberFormat:
    """Resolve ``{YYYY}``/``{JJJJ}``, ``{YY}``/``{JJ}`` and ``{MM}`` for the issue date; exactly one ``{000…}`` counts.

    Raises ``NumberPatternError`` naming the pattern.
    """
    year, short, month = f"{on.year:04d}", f"{on.year % 100:02d}", f"{on.month:02d}"
    text = pattern
    for placeholder, value in (("YYYY", year), ("JJJJ", year), ("YY", short), ("JJ", short), ("MM", month)):
        text = text.replace("{" + placeholder + "}", value)
    counters = _COUNTER.findall(text)
    if len(counters) != 1 or len(_PLACEHOLDER.findall(text)) != 1:
        raise NumberPatternError(pattern)
    prefix, suffix = text.split("{" + counters[0] + "}")
    return NumberFormat(prefix, len(counters[0]), suffix)
