"""Text of people made safe to print: data stays data, and no word is wider than its column."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_WORD: Final = 32
"""Characters after which a word without a space may break."""
MAX_NARROW: Final = 24
"""The same in a column of the footer."""

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of signs that have no picture of their own, or turn and hide text."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width (non-)joiners shape Persian and Indic words and emoji: they stay."""
_SPACES: Final = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_LONG: Final = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_NARROW: Final = re.compile(rf"\S{{{MAX_NARROW + 1},}}")
_BREAK_HERE: Final = "\u200b"
"""Zero-width space."""


def one_line(text: str) -> str:
    """On one line, without signs that turn or hide text; words of over 32 characters can break."""
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not spaced.isprintable():
        spaced = "".join(sign for sign in spaced if sign in _JOINERS or unicodedata.category(sign) not in _HIDDEN)
    return _LONG.sub(_breakable, spaced)


def lines(text: str) -> list[str]:
    """The lines that are not empty, each as ``one_line`` prints it."""
    return [line for part in text.splitlines() if (line := one_line(part))]


def narrow(text: str) -> str:
    """The same for a narrow column: words of over 24 characters can break."""
    return _NARROW.sub(lambda match: _BREAK_HERE.join(_pieces(match[0], MAX_NARROW)), text.replace(_BREAK_HERE, ""))


def mail_address(text: str) -> str:
    """An address that may break after the at sign."""
    return one_line(text).replace("@", "@" + _BREAK_HERE)


def _breakable(match: re.Match[str]) -> str:
    return _BREAK_HERE.join(_pieces(match[0], MAX_WORD))


def _pieces(word: str, size: int) -> list[str]:
    return [word[at : at + size] for at in range(0, len(word), size)]
