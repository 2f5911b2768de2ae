"""CSV files: separators, quotes, encodings; what is broken says where, what is hostile fails fast and small."""

import tracemalloc
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path, PosixPath
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.intake.cells import Refused
from turnus.core.intake.columns import FileError
from turnus.integration.csv_files import rows
from turnus.integration.files import read_rows, write_csv
from turnus.integration.tables import DEFAULT_LIMITS, Limits, Row

GIGABYTE = 1_000_000_000
HUGE = Limits(file_bytes=10 * GIGABYTE, line_bytes=200_000)


def read(path: Path, content: bytes | str, limits: Limits = DEFAULT_LIMITS, encoding: str = "") -> list[list[Any]]:
    file = path / "file.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return [list(row.cells) for row in read_rows(file, limits=limits, encoding=encoding)]


def refused(path: Path, content: bytes | str, limits: Limits = DEFAULT_LIMITS) -> dict[str, str]:
    with pytest.raises(FileError) as caught:
        read(path, content, limits)
    return {"code": caught.value.code, **caught.value.params}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_every_separator_line_end_and_byte_order_mark_reads_the_same(
    tmp_path: Path, separator: str, end: str, mark: bytes
) -> None:
    content = end.join(
        separator.join(cells) for cells in [("PLZ", "Ort"), ("01067", '"Dresden; a,b\tc"'), ("", "Köln")]
    )
    assert read(tmp_path, mark + content.encode()) == [["PLZ", "Ort"], ["01067", "Dresden; a,b\tc"], ["", "Köln"]]


def test_excels_separator_line_counts_as_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=,\r\na;b,c\r\n1;2,3\r\n", encoding="utf-8")
    assert list(read_rows(tmp_path / "a.csv")) == [Row(1, ("a;b", "c")), Row(2, ("1;2", "3"))]


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a;b\n"one\ntwo";2\n\n;\n3;4\n', encoding="utf-8")
    numbers = [(row.number, row.cells) for row in read_rows(tmp_path / "a.csv")]
    assert numbers == [(1, ("a", "b")), (2, ("one\ntwo", "2")), (3, ()), (4, ("", "")), (5, ("3", "4"))]


# ---- encodings ------------------------------------------------------------------------------------------------------


def test_windows_1252_is_recognised(tmp_path: Path) -> None:
    assert read(tmp_path, "Name;Preis\nMüller „Maß“;5 €\n".encode("cp1252"))[1] == ["Müller „Maß“", "5 €"]


def test_both_encodings_in_one_file_are_refused_with_line_and_byte(tmp_path: Path) -> None:
    content = "Name;Ort\nMüller;Köln\n".encode() + "Jäger;Ulm\n".encode("cp1252")
    assert refused(tmp_path, content) == {"code": "encoding_mixed", "row": "3", "byte": "2"}
    assert read(tmp_path, content, encoding="cp1252")[1] == ["MÃ¼ller", "KÃ¶ln"]


def test_broken_bytes_behind_a_byte_order_mark_are_refused(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + "Name\nMüller\n".encode("cp1252")
    assert refused(tmp_path, content) == {"code": "encoding_mixed", "row": "2", "byte": "2"}


def test_bytes_of_no_encoding_are_refused_with_line_and_byte(tmp_path: Path) -> None:
    assert refused(tmp_path, b"Name\nM\xfcller\nab\x81\n") == {"code": "encoding", "row": "3", "byte": "3"}


def test_utf_16_and_nul_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "Name\nMüller\n".encode("utf-16"))["code"] == "encoding_utf16"
    assert refused(tmp_path, b"Name\nab\0c\n") == {"code": "nul", "row": "2", "byte": "3"}


@given(st.text(alphabet="aäöüßÄÖÜ€„“–é 1", min_size=1, max_size=40))
def test_text_with_an_umlaut_before_a_letter_is_never_garbled(text: str) -> None:
    text += "für"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        with TemporaryDirectory() as folder:
            try:
                found = read(Path(folder), f"Kopf\n{text}\n".encode(encoding))[1]
            except FileError as error:
                assert (error.code, encoding) == ("encoding_mixed", "cp1252")  # noqa: PT017 - one of two outcomes
            else:
                assert found == [text]


# ---- what is broken -------------------------------------------------------------------------------------------------


def test_a_quote_that_never_closes_names_its_row(tmp_path: Path) -> None:
    assert refused(tmp_path, 'a;b\n1;2\n"3;4\n5;6\n') | {"reason": ""} == {"code": "csv", "row": "3", "reason": ""}
    assert refused(tmp_path, 'a;b\n"1"2;3\n')["code"] == "csv"


def test_a_file_that_was_cut_off_is_refused_but_short_rows_of_spreadsheets_are_not(tmp_path: Path) -> None:
    assert refused(tmp_path, "a;b;c\n1;2;3\n4;5") == {"code": "truncated", "row": "3"}
    assert read(tmp_path, "a;b;c\n1;2\n4;5;6")[1:] == [["1", "2"], ["4", "5", "6"]]


def test_too_wide_and_too_long_cells_are_refused(tmp_path: Path) -> None:
    limits = Limits(columns=3, cell_chars=5)
    assert refused(tmp_path, "a;b\n1;2;3;4\n", limits) == {"code": "too_wide", "row": "2", "limit": "3"}
    assert read(tmp_path, "a;b\n1;123456\n", limits)[1] == ["1", Refused("cell_long", "B2")]


def test_a_missing_an_empty_and_a_too_big_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="missing"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(FileError, match="unreadable"):
        read_rows(tmp_path)
    assert refused(tmp_path, b"")["code"] == "empty"
    assert refused(tmp_path, b"a;b\n", Limits(file_bytes=3))["code"] == "too_big"
    assert refused(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")["code"] == "xls"


# ---- what is hostile ------------------------------------------------------------------------------------------------


class Repeated(RawIOBase):
    """A file of one gigabyte that repeats some bytes behind a header (and an open quote), and counts what was read."""

    def __init__(self, pattern: bytes) -> None:
        self._stream = self._pieces(pattern * (65_536 // len(pattern)))
        self.taken = 0

    @staticmethod
    def _pieces(piece: bytes) -> Iterator[bytes]:
        yield b'a;b\n"' if piece.startswith(b"\n") else b"a;b\n"
        for _ in range(GIGABYTE // len(piece)):
            yield piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the signature of io
        piece = next(self._stream, b"")[: len(buffer)]
        buffer[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


class HostilePath(PosixPath):
    """A path whose file is generated on reading."""

    pattern = b""
    taken: list[Repeated]

    def open(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401 - the signature of pathlib
        raw = Repeated(self.pattern)
        self.__class__.taken.append(raw)
        return BufferedReader(raw, 65_536)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [(b"x", "line_long"), (b'"', "line_long"), (b"\0", "nul"), (b'"x\n";', "line_long"), (b"\nx", "csv")],
    ids=["letters", "quotes", "nul", "cells", "open quote"],
)
def test_a_line_or_row_of_a_gigabyte_fails_fast_with_little_memory(
    monkeypatch: pytest.MonkeyPatch, pattern: bytes, code: str
) -> None:
    monkeypatch.setattr(HostilePath, "pattern", pattern)
    monkeypatch.setattr(HostilePath, "taken", [], raising=False)
    tracemalloc.start()
    with pytest.raises(FileError) as caught:
        list(rows(HostilePath("hostile.csv"), HUGE, "utf-8"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == code
    assert peak < 20_000_000
    assert sum(raw.taken for raw in HostilePath.taken) < 10_000_000


def test_a_sparse_gigabyte_fails_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sparse.csv"
    with file.open("wb") as sparse:
        sparse.truncate(GIGABYTE)
    for limits, code in [(DEFAULT_LIMITS, "too_big"), (HUGE, "nul")]:
        with pytest.raises(FileError) as caught:
            list(read_rows(file, limits=limits))
        assert caught.value.code == code


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 20_000):
        write_csv(tmp_path / "a.csv", ["a", "b"], ((str(number), "Müller") for number in range(count)))
        tracemalloc.start()
        assert sum(1 for _ in read_rows(tmp_path / "a.csv")) == count + 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), min_size=2, max_size=2)))
def test_what_is_written_is_read_back(table: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        assert write_csv(file, ["a", "b"], table) == len(table)
        assert [list(row.cells) for row in read_rows(file)][1:] == table
