"""Keys for search and sorting, equal on every database (DIN 5007 variant 2: ä → ae)."""

from __future__ import annotations

import unicodedata
from typing import Final

_EXPANDED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l"}
)


def sort_key(text: str) -> str:
    """Casefolded, umlauts expanded, accents dropped, white space folded: ``"Müller  & Co"`` → ``"mueller & co"``."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_EXPANDED)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign))
    return " ".join(plain.split())
