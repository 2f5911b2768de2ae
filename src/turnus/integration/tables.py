"""A table as files hold it: numbered rows of cells, and what a file may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from turnus.core.intake.cells import Cell

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes beyond which a file is refused."""

    file_bytes: int = 512 * MEGABYTE
    line_bytes: int = 1 * MEGABYTE
    """One line of a CSV file, and one row that spans several lines."""
    cell_chars: int = 32_767
    """As a spreadsheet has it."""
    columns: int = 200
    rows: int = 1_048_576
    """XLSX only, as a spreadsheet has it."""
    unpacked_bytes: int = 256 * MEGABYTE
    """All parts of an XLSX file together; one of them, the texts that cells share, has to be held in memory."""


DEFAULT_LIMITS: Final = Limits()


class Row(NamedTuple):
    """One row, numbered as the spreadsheet numbers it: the header is 1, and a cell of three lines counts once."""

    number: int
    cells: tuple[Cell, ...]
