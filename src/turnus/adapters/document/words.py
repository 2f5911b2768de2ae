"""The words of a language: one TOML file each in ``texts/``; a new file there is a new language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from turnus.core.formatting import FALLBACK, format_number

if TYPE_CHECKING:
    from decimal import Decimal

TEXTS: Final = Path(__file__).parent / "texts"


class Words:
    """Everything a document says in one language, section by section."""

    def __init__(self, language: str, sections: dict[str, dict[str, Any]]) -> None:
        self.language = language
        self._sections = sections

    def __call__(self, key: str, **parts: str) -> str:
        """The text ``section.name`` with its braces filled in."""
        section, name = key.split(".")
        text: str = self._sections[section][name]
        return text.format(**parts) if parts else text

    def one_of(self, section: str, name: str) -> str:
        """A text of an open list, or an empty string where the list does not have it."""
        return str(self._sections[section].get(name, ""))

    def quantity(self, value: Decimal, unit: str) -> str:
        """A quantity with its unit: 3 and ``HUR`` → ``3 Stunden``; an unknown code stands as it is."""
        singular, plural = self._sections["units"].get(unit, (unit, unit))
        return f"{format_number(value, self.language)} {singular if abs(value) == 1 else plural}"


@cache
def words(language: str) -> Words:
    """The words of ``de``, ``de-AT``, ``en`` …; English for a language that has no file."""
    plain = language.partition("-")[0].lower()
    path = TEXTS / f"{plain}.toml"
    if not plain.isalpha() or not path.is_file():
        plain, path = FALLBACK, TEXTS / f"{FALLBACK}.toml"
    return Words(plain, tomllib.loads(path.read_text(encoding="utf-8")))
