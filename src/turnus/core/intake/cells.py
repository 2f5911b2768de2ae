"""One cell of human input: what a file hands over, why it is refused, and the parsers of text and of fixed words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, NamedTuple, TypeVar

from turnus.core.text import sort_key

T = TypeVar("T")

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class CellError(ValueError):
    """One cell cannot be read. ``code`` and ``params`` are the key and the blanks of a message in ``texts``."""

    def __init__(self, code: str, value: object = "", *, column: str = "", **params: str) -> None:
        super().__init__(code, str(value), column, params)
        self.code = code
        self.value = str(value)
        self.column = column
        self.params: Mapping[str, str] = params

    def at(self, column: str) -> CellError:
        """The same error, in this column unless it names one."""
        return CellError(self.code, self.value, column=self.column or column, **self.params)


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that the reader of a file does not hand out: a formula, an error value, a text without end."""

    code: str
    """Key of the message."""
    address: str
    """Where it is: ``B7``."""


Cell = str | bool | int | Decimal | date | datetime | Refused | None
"""What a file hands over: CSV only text, XLSX also typed values."""


class Condition(NamedTuple):
    """Only rows whose ``column`` has one of ``values``; compared as words, without case and accents."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read what the file itself leaves open."""

    zone: tzinfo
    """The seller's time zone: local times and days belong to it."""
    decimal: str = ""
    """Decimal sign of the file, ``,`` or ``.``; empty: a number with two readings is refused."""
    on: date | None = None
    """Day that ``heute``, ``+14`` and ``22.11.`` refer to; None: such dates are refused."""
    currency: str = "EUR"
    """Where the file states none."""
    country: str = "DE"
    """Where the file states none."""
    when: tuple[Condition, ...] = ()
    """Only rows that fulfil all of these are taken."""


Parser = Callable[[Cell, Reading], T]
"""From a cell that is not blank to a value. Raises ``CellError``."""


def key(text: str) -> str:
    """How words and headers are compared: ``"E-Mail (privat)"`` → ``"e mail privat"``."""
    return " ".join(re.findall(r"[a-z0-9%]+", sort_key(text)))


def nearest(word: str, known: Iterable[str]) -> str:
    """The two known words at most that look like ``word``, comma separated."""
    names = {key(name): name for name in known}
    return ", ".join(names[match] for match in get_close_matches(key(word), names, n=2))


def is_blank(cell: Cell) -> bool:
    """Nothing, or nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """A cell as a person would have typed it. Raises ``CellError`` for a refused one."""
    if isinstance(cell, Refused):
        raise CellError(cell.code, address=cell.address)
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def text(limit: int = 200, *, lines: bool = False) -> Parser[str]:
    """Parser of one line (``lines``: several) of up to ``limit`` characters, trimmed, in Unicode form C."""

    def parse(cell: Cell, _how: Reading) -> str:
        if isinstance(cell, date):
            raise CellError("text_is_date", as_text(cell))
        plain = unicodedata.normalize("NFC", as_text(cell))
        if _CONTROL.search(plain.replace("\n", " ") if lines else plain):
            raise CellError("control_character", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", plain[:40]))
        if len(plain) > limit:
            raise CellError("too_long", f"{plain[:40]}…", limit=str(limit))
        return plain

    return parse


def matching(pattern: str, code: str) -> Parser[str]:
    """Parser of a text that has the form of a regular expression; ``code`` names the message if it has not."""
    form = re.compile(pattern)

    def parse(cell: Cell, how: Reading) -> str:
        plain = text()(cell, how)
        if not form.fullmatch(plain):
            raise CellError(code, plain)
        return plain

    return parse


def choice(words: Mapping[T, str]) -> Parser[T]:
    """Parser of one of a few values, each with its words, separated by ``|``: the English first, then the German.

    A single word is said in both languages; all are read in both.
    """
    known = {key(word): value for value, names in words.items() for word in names.split("|")}
    english = ", ".join(names.split("|")[0] for names in words.values())
    german = ", ".join(names.split("|")[:2][-1] for names in words.values())

    def parse(cell: Cell, _how: Reading) -> T:
        word = as_text(cell)
        if key(word) not in known:
            raise CellError("choice", word, known_de=german, known_en=english)
        return known[key(word)]

    return parse


yes_no: Final = choice({True: "yes|ja|true|wahr|1|x|j|y", False: "no|nein|false|falsch|0|n"})
"""Parser of yes and no."""
