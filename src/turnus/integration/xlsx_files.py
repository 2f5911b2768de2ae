"""XLSX files → rows: the first sheet, typed cells; formulas are refused by address, and a zip that unpacks to too much.

Numbers come as a spreadsheet shows them, with 15 significant digits: 0.1 + 0.2 is 0.3. Rows are a stream; the texts
that cells share are held in memory, within a limit. For very large files CSV is the better choice.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from turnus.core.intake.cells import Cell, Refused
from turnus.core.intake.columns import FileError
from turnus.integration.tables import MEGABYTE, Limits, Row

_BATCH: Final = 1_000
_ZEROS: Final = re.compile("0+")


def rows(path: Path, limits: Limits) -> Iterator[Row]:
    """All rows, blank ones included, padded to the width of the first. Raises ``FileError``."""
    _inspect(path, limits)
    width = number = 0
    for batch in _batches(path):
        for raw in batch:
            number, width = number + 1, width or len(raw)
            if number > limits.rows:
                raise FileError("too_many_rows", limit=str(limits.rows))
            cells = [_cell(cell, limits) for cell in raw]
            while len(cells) > width and cells[-1] is None:
                cells.pop()
            if len(cells) > limits.columns:
                raise FileError("too_wide", row=str(number), limit=str(limits.columns))
            yield Row(number, (*cells, *[None] * (width - len(cells))))


def _inspect(path: Path, limits: Limits) -> None:
    """What the table of contents of the zip gives away, before anything is unpacked."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            heads = [archive.open(part).read(1024) for part in parts if part.filename.endswith((".xml", ".rels"))]
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileError("xlsx", reason=type(error).__name__) from None
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise FileError("macros")
    if any(b"<!DOCTYPE" in head for head in heads):
        raise FileError("xlsx", reason="DOCTYPE")
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise FileError("unpacked", limit=str(limits.unpacked_bytes // MEGABYTE))


def _batches(path: Path) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of the first sheet by the thousand. A file may break the library anywhere; that is its fault, not ours."""
    workbook = None
    try:
        with warnings.catch_warnings(action="ignore"):
            workbook = load_workbook(path, read_only=True, keep_links=False)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()
            stream = sheet.iter_rows()
        while True:
            with warnings.catch_warnings(action="ignore"):
                batch = list(islice(stream, _BATCH))
            if not batch:
                return
            yield batch
    except Exception as error:  # noqa: BLE001 - see above
        raise FileError("xlsx", reason=type(error).__name__) from None
    finally:
        if workbook is not None:
            workbook.close()


def _cell(cell: Any, limits: Limits) -> Cell:  # noqa: ANN401 - openpyxl has many kinds of cell and no common type
    value = cell.value
    if value is None:
        return None
    if cell.data_type in "fe":
        return Refused("formula" if cell.data_type == "f" else "cell_error", cell.coordinate)
    if isinstance(value, str):
        return value if len(value) <= limits.cell_chars else Refused("cell_long", cell.coordinate)
    if isinstance(value, bool | date):
        return value
    if isinstance(value, int):
        return f"{value:0{len(form)}}" if (form := cell.number_format or "") and _ZEROS.fullmatch(form) else value
    if isinstance(value, time | timedelta):
        return str(value)
    number = Decimal(f"{value:.15g}")
    return number if number.is_finite() else Refused("cell_error", cell.coordinate)
