"""XLSX files: typed cells, formulas by address, and what a hostile zip may not do."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from turnus.core.intake.cells import Refused
from turnus.core.intake.columns import FileError
from turnus.integration.files import read_rows
from turnus.integration.tables import DEFAULT_LIMITS, Limits


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def rewritten(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The file with bytes of one part replaced; a part that is not there is added."""
    with ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = parts.get(name, old).replace(old, new)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def refused(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(FileError) as caught:
        list(read_rows(path, limits=limits))
    return caught.value.code


def test_cells_keep_their_types(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 22, 10, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
    values = ["Müller", 4711, 0.1 + 0.2, 1e-7, date(2026, 11, 22), moment, True, None, time(9, 30)]
    header, row = read_rows(workbook(tmp_path, [list("abcdefghi"), values]))
    assert header.cells == tuple("abcdefghi")
    midnight = moment.replace(hour=0, minute=0)
    assert row.number == 2
    assert row.cells == (
        *("Müller", 4711, Decimal("0.3"), Decimal("1E-7")),
        *(midnight, moment, True, None, "09:30:00"),
    )


def formatted(path: Path, value: int, number_format: str) -> object:
    """What is read of a single number shown in this format."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Wert"])
    sheet.append([value])
    sheet["A2"].number_format = number_format
    book.save(path / "a.xlsx")
    return [row.cells for row in read_rows(path / "a.xlsx")][1][0]


def test_a_number_shown_with_leading_zeros_keeps_them(tmp_path: Path) -> None:
    assert formatted(tmp_path, 1067, "00000") == "01067"
    assert formatted(tmp_path, 1067, "0") == "1067"
    assert formatted(tmp_path, 1067, "General") == 1067


def test_a_date_beyond_the_calendar_is_an_error_of_its_cell(tmp_path: Path) -> None:
    assert formatted(tmp_path, 99_999_999, "dd.mm.yyyy") == Refused("cell_error", "A2")


def test_formulas_and_error_values_are_refused_by_address(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], ["=1+1", "#N/A"], [1, "=HYPERLINK(A1)"]])
    assert [row.cells for row in read_rows(path)][1:] == [
        (Refused("formula", "A2"), Refused("cell_error", "B2")),
        (1, Refused("formula", "B3")),
    ]


def test_missing_rows_and_cells_are_blank_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b", "c"], [], [], ["x"], [None, None, None, "stray"]])
    assert [(row.number, row.cells) for row in read_rows(path)][1:] == [
        (2, (None, None, None)),
        (3, (None, None, None)),
        (4, ("x", None, None)),
        (5, (None, None, None, "stray")),
    ]


def test_limits_of_columns_cells_and_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], ["123456", 2]])
    assert refused(path, Limits(columns=1)) == "too_wide"
    assert refused(path, Limits(rows=1)) == "too_many_rows"
    assert [row.cells for row in read_rows(path, limits=Limits(cell_chars=5))][1] == (Refused("cell_long", "A2"), 2)


def test_a_row_number_beyond_any_spreadsheet_ends_the_reading(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["b"]])
    rewritten(path, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="999999999999"')
    assert refused(path, Limits(rows=1_000)) == "too_many_rows"


def test_a_zip_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"]])
    with ZipFile(path, "a", ZIP_DEFLATED) as archive, archive.open("xl/media/zeros.bin", "w") as part:
        for _ in range(64):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 200_000
    assert refused(path, Limits(unpacked_bytes=50_000_000)) == "unpacked"


def test_macros_entities_and_what_is_no_workbook_are_refused(tmp_path: Path) -> None:
    assert refused(rewritten(workbook(tmp_path, [["a"]]), "xl/vbaProject.bin", b"x", b"x")) == "macros"
    evil = b'<!DOCTYPE x [<!ENTITY e "boom">]><worksheet'
    assert refused(rewritten(workbook(tmp_path, [["a"]]), "xl/worksheets/sheet1.xml", b"<worksheet", evil)) == "xlsx"
    broken = rewritten(workbook(tmp_path, [["a"]]), "xl/worksheets/sheet1.xml", b"</sheetData>", b"</oops>")
    assert refused(broken) == "xlsx"
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no zip at all")
    assert refused(tmp_path / "b.xlsx") == "xlsx"
    with ZipFile(buffer := BytesIO(), "w") as archive:
        archive.writestr("content.xml", "<office/>")
    (tmp_path / "c.ods").write_bytes(buffer.getvalue())
    assert refused(tmp_path / "c.ods") == "xlsx"
