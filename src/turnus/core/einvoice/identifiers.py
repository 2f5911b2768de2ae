"""Check digits: IBAN and Leitweg-ID (both ISO 7064 mod 97-10), GLN."""

from __future__ import annotations

import re
from typing import Final

_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_LEITWEG: Final = re.compile(r"(\d{2}|\d{3}|\d{5}|\d{8}|\d{9}|\d{12})(-[A-Za-z0-9]{1,30})?-\d{2}")
_STATES: Final = frozenset({*(f"{number:02d}" for number in range(1, 17)), "99"})
"""First digits of a Leitweg-ID: the state, 99 the federation."""


def _numbers(text: str) -> int:
    return int("".join(str(int(mark, 36)) for mark in text))


def is_iban(text: str) -> bool:
    """Form and check digits of an IBAN; blanks do not count."""
    plain = "".join(text.split()).upper()
    return bool(_IBAN.fullmatch(plain)) and _numbers(plain[4:] + plain[:4]) % 97 == 1


def is_leitweg(text: str) -> bool:
    """The text has the form of a Leitweg-ID: coarse, perhaps fine address, and two check digits."""
    return bool(_LEITWEG.fullmatch(text)) and text[:2] in _STATES


def leitweg_holds(text: str) -> bool:
    """Form and check digits of a Leitweg-ID: ``991-01234-44``."""
    return is_leitweg(text) and _numbers(text.replace("-", "")) % 97 == 1


def gln_holds(text: str) -> bool:
    """The last of 13 digits is the check digit of the others (GS1, weights 1 and 3)."""
    if not re.fullmatch(r"[0-9]{13}", text):
        return False
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(text)) % 10 == 0
