"""CSV files → rows, as a stream: the separators, quotes and encodings that spreadsheets write; no silent guess.

Encoding. A byte order mark means UTF-8. Else the whole file is looked through once: all of it valid UTF-8 → UTF-8; none
of its bytes beyond ASCII valid UTF-8 → Windows-1252 (a superset of ISO 8859-1's letters); both kinds, or bytes that are
neither → refused, with line and byte. A caller may name the encoding.

Separator. ``;``, ``,`` or tab: whichever cuts the header into most cells; Excel's ``sep=;`` line settles it.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openpyxl.utils import get_column_letter

from turnus.core.intake.cells import Cell, Refused
from turnus.core.intake.columns import FileError
from turnus.integration.tables import Limits, Row

_SEPARATORS: Final = ";,\t"
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([;,\t])"?\s*')
_UTF8_LETTERS: Final = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""Letters of European languages, the euro and quotation marks in UTF-8; hardly ever text in Windows-1252."""


def rows(path: Path, limits: Limits, encoding: str = "") -> Iterator[Row]:
    """All rows, blank ones included. Raises ``FileError``."""
    feed = _Feed(path, limits, encoding or _recognise(path, limits))
    line = next(feed, "")
    if match := _SEPARATOR_LINE.fullmatch(line):
        separator, line = match[1], next(feed, "")
    else:
        separator = max(_SEPARATORS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))
    reader = csv.reader(feed.after(line), delimiter=separator, strict=True)
    width = number = 0
    while True:
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileError("csv", row=str(number + 1), reason=str(error)) from None
        number, width = number + 1, width or len(texts)
        if len(texts) > limits.columns:
            raise FileError("too_wide", row=str(number), limit=str(limits.columns))
        if feed.cut_off and len(texts) < width:
            raise FileError("truncated", row=str(number))
        feed.row_done()
        if max(map(len, texts), default=0) <= limits.cell_chars:
            yield Row(number, tuple(texts))
        else:
            yield Row(number, tuple(_cell(text, number, index, limits) for index, text in enumerate(texts, 1)))


def _cell(text: str, row: int, column: int, limits: Limits) -> Cell:
    return text if len(text) <= limits.cell_chars else Refused("cell_long", f"{get_column_letter(column)}{row}")


class _Feed:
    """The decoded lines of a file for the CSV parser; refuses a row that never ends."""

    def __init__(self, path: Path, limits: Limits, encoding: str) -> None:
        self._lines = enumerate(_lines(path, limits), 1)
        self._encoding = encoding
        self._limit = limits.line_bytes
        self._row_bytes = 0
        self.cut_off = False
        """The last line was handed out, and it has no line end."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        self._row_bytes += len(line)
        if self._row_bytes > self._limit:
            raise FileError("line_long", row=str(number), limit=str(self._limit))
        self.cut_off = not line.endswith(b"\n")
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise FileError("encoding", row=str(number), byte=str(error.start + 1)) from None

    def after(self, line: str) -> Iterator[str]:
        """This line once more, then the others."""
        if line:
            yield line
        yield from self

    def row_done(self) -> None:
        """A row has ended."""
        self._row_bytes = 0


def _lines(path: Path, limits: Limits) -> Iterator[bytes]:
    """Raw lines without byte order mark, never more than a line in memory."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(limits.line_bytes + 1):
            number += 1
            if number == 1 and line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                raise FileError("encoding_utf16")
            if b"\0" in line:
                raise FileError("nul", row=str(number), byte=str(line.index(b"\0") + 1))
            if len(line) > limits.line_bytes:
                raise FileError("line_long", row=str(number), limit=str(limits.line_bytes))
            yield line.removeprefix(BOM_UTF8) if number == 1 else line


def _recognise(path: Path, limits: Limits) -> str:
    """The encoding, after the rule above; bytes that are neither are found on decoding."""
    with path.open("rb") as file:
        letters = file.read(len(BOM_UTF8)) == BOM_UTF8
    broken: tuple[int, int] | None = None
    for number, line in enumerate(_lines(path, limits), 1):
        if line.isascii():
            continue
        letters = letters or bool(_UTF8_LETTERS.search(line))
        try:
            line.decode()
        except UnicodeDecodeError as error:
            broken = broken or (number, error.start + 1)
        if broken and letters:
            raise FileError("encoding_mixed", row=str(broken[0]), byte=str(broken[1]))
    return "cp1252" if broken else "utf-8"
