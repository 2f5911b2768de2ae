"""Files of rows. Reading: CSV or XLSX, told by content. Writing: CSV as German spreadsheets expect it (H-03)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from turnus.core.intake.columns import FileError
from turnus.integration import csv_files, xlsx_files
from turnus.integration.tables import DEFAULT_LIMITS, MEGABYTE, Limits, Row


def read_rows(path: Path, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS) -> Iterator[Row]:
    """All rows of a file, the header first, blank ones included; memory does not grow with the file.

    ``encoding`` (CSV only) overrides what ``csv_files`` recognises. Raises ``FileError``, also between rows.
    """
    head = _head(path, limits)
    if head.startswith(b"PK\x03\x04"):
        return xlsx_files.rows(path, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError("xls")
    return csv_files.rows(path, limits, encoding)


def _head(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4)
    except FileNotFoundError:
        raise FileError("missing", path=path.name) from None
    except OSError as error:
        raise FileError("unreadable", path=path.name, reason=error.strerror or "") from None
    if size > limits.file_bytes:
        raise FileError("too_big", found=str(size // MEGABYTE), limit=str(limits.file_bytes // MEGABYTE))
    if not head:
        raise FileError("empty")
    return head


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    """Write UTF-8 with byte order mark, ``;`` and CRLF; the number of data rows written."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted on the way
            writer.writerow(row)
    return count
