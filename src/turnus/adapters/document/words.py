"""The words of a language: one TOML file each in ``texts/``; a new file there is a new language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from turnus.core.formatting import FALLBACK, format_number

if TYPE_CHECKING:
    from decimal import Decimal

    from turnus.core.formatting import Locale

TEXTS: Final = Path(__file__).parent / "texts"


class Words:
    """Everything a document says in one language, section by section."""

    def __init__(self, language: str, sections: dict[str, dict[str, Any]], locale: Locale = "") -> None:
        self.language = language
        self.locale = locale or language
        """How numbers and dates are written."""
        self._sections = sections

    def written(self, locale: Locale) -> Words:
        """The same words with other numbers and dates."""
        return Words(self.language, self._sections, locale)

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
        one, few, *many = self._sections["units"].get(unit, (unit, unit))
        form = one if abs(value) == 1 else few if not many or _few(value) else many[0]
        return f"{format_number(value, self.locale)} {form}"


def _few(value: Decimal) -> bool:
    """Polish: numbers that end in 2, 3 or 4, but not in 12, 13 or 14."""
    return abs(value) % 10 in {2, 3, 4} and abs(value) % 100 not in {12, 13, 14}


@cache
def words(language: str) -> Words:
    """The words of ``de``, ``de-AT``, ``en``, ``fr`` …; English for a language that has no file.

    What a file lacks is said in English, and what English lacks in German.
    """
    plain = language.partition("-")[0].lower()
    if plain not in languages():
        plain = FALLBACK
    found: dict[str, dict[str, Any]] = {}
    for name in ("de", FALLBACK, plain):
        for section, texts in tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8")).items():
            found[section] = found.get(section, {}) | texts
    return Words(plain, found)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a file, in order of their codes."""
    return tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))
