"""Import files → values: every row accounted for, errors with row and column, nothing twice."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from turnus.core.intake.cells import Reading
from turnus.core.intake.columns import FileError, Layout
from turnus.core.intake.contract_columns import CONTRACTS
from turnus.core.intake.customers import CUSTOMERS
from turnus.core.intake.products import PRODUCTS
from turnus.core.intake.texts import explain, message
from turnus.core.intake.usage import USAGE
from turnus.integration.files import write_csv
from turnus.integration.reading import Parsed, Tally, read_contracts, read_customers, read_products, read_usage

HOW = Reading(ZoneInfo("Europe/Berlin"))
Read = Callable[[Path, Reading], Iterator[Parsed[Any]]]
READERS: list[tuple[Read, Layout]] = [
    (read_customers, CUSTOMERS),
    (read_products, PRODUCTS),
    (read_contracts, CONTRACTS),
    (read_usage, USAGE),
]
CUSTOMER_FILE = "Kundennummer;Name;Art;PLZ;Ort;Währung\n"
CONTRACT_FILE = "Vertrag;Kunde;Beginn;Ende;Artikelnummer;Preis\n"
USAGE_FILE = "Vertrag;Position;Schlüssel;Zeitpunkt;Menge\n"


def csv(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def errors(parsed: Iterable[Parsed[Any]]) -> list[tuple[int, str, str]]:
    return [(error.row, error.header, error.error.code) for each in parsed for error in each.errors]


def test_every_row_is_a_value_an_error_or_blank(tmp_path: Path) -> None:
    rows = "1;Müller;Firma;01067;Dresden;\n;;;;;\n2;;Firma;1067;X;EURO!\n\n3;Maier;privat;80331;München;EUR\n"
    parsed = list(read_customers(csv(tmp_path, CUSTOMER_FILE + rows), HOW))
    tally = Tally()
    for each in parsed:
        tally.count(each)
    assert (tally.ok, tally.errors, tally.blank, tally.total) == (2, 1, 2, 5)
    assert [each.value.data.name for each in parsed if each.value] == ["Müller", "Maier"]
    assert errors(parsed) == [(4, "Name", "required"), (4, "Währung", "currency")]
    assert [explain(error, "de") for error in parsed[2].errors] == [
        "Zeile 4, Spalte „Name“: fehlt. Bitte ausfüllen.",
        "Zeile 4, Spalte „Währung“: „EURO!“ ist keine Währung nach ISO 4217. Gemeint: EUR?",
    ]


def test_the_same_table_reads_alike_from_csv_and_xlsx(tmp_path: Path) -> None:
    header = ["Vertrag", "Kunde", "Beginn", "Ende", "Artikelnummer", "Preis", "Menge"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    sheet.append(["V-1", 4711, date(2026, 1, 1), date(2026, 12, 31), "HOST", 9.9, 3])
    book.save(tmp_path / "a.xlsx")
    write_csv(tmp_path / "a.csv", header, [["V-1", "4711", "01.01.2026", "31.12.2026", "HOST", "9,90", "3"]])
    assert list(read_contracts(tmp_path / "a.xlsx", HOW)) == list(read_contracts(tmp_path / "a.csv", HOW))


def test_formula_cells_are_errors_of_their_row_with_the_address(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Vertrag", "Kunde", "Beginn", "Artikelnummer", "Preis"])
    sheet.append(["V-1", "K-1", date(2026, 1, 1), "HOST", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    (parsed,) = read_contracts(tmp_path / "a.xlsx", HOW)
    assert [explain(error, "en") for error in parsed.errors] == [
        "Row 2, column “Preis”: E2 holds a formula. Please replace it by its value."
    ]


# ---- whole files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("read", "layout"), READERS, ids=lambda value: getattr(value, "kind", ""))
def test_an_unknown_column_refuses_the_file_and_names_the_nearest(tmp_path: Path, read: Read, layout: Layout) -> None:
    titles = layout.titles("de")
    with pytest.raises(FileError) as caught:
        read(csv(tmp_path, ";".join([*titles, f"{titles[0]}x", "Sternzeichen"]) + "\n"), HOW)
    said = message(caught.value, "en")
    assert f"{titles[0]}x (→ {titles[0]}" in said
    assert "Sternzeichen" in said


@pytest.mark.parametrize(("read", "layout"), READERS, ids=lambda value: getattr(value, "kind", ""))
def test_a_missing_column_refuses_the_file(tmp_path: Path, read: Read, layout: Layout) -> None:
    with pytest.raises(FileError) as caught:
        read(csv(tmp_path, f"{layout.columns[0].name}\n1\n"), HOW)
    wanted = [column.name for column in layout.columns[1:] if column.required]
    assert caught.value.params["missing"] == ", ".join(wanted)


@pytest.mark.parametrize(("read", "layout"), READERS, ids=lambda value: getattr(value, "kind", ""))
def test_a_file_with_nothing_but_its_header_has_no_rows(tmp_path: Path, read: Read, layout: Layout) -> None:
    for language in ("de", "en"):
        assert list(read(csv(tmp_path, ";".join(layout.titles(language)) + "\n"), HOW)) == []


def test_broken_bytes_refuse_the_file_before_any_row(tmp_path: Path) -> None:
    content = (CUSTOMER_FILE + "1;Müller;Firma;01067;Dresden;\n").encode() + b"2;M\xfcller;Firma;01067;Dresden;\n"
    with pytest.raises(FileError) as caught:
        next(read_customers(csv(tmp_path, content), HOW))
    assert message(caught.value, "de").startswith("Zeile 3, Byte 4: kein UTF-8")


def test_a_cell_beside_the_table_is_an_error(tmp_path: Path) -> None:
    rows = "1;Müller;Firma;01067;Dresden;;oops\n2;Maier;Firma;01067;Dresden;;\n"
    parsed = list(read_customers(csv(tmp_path, CUSTOMER_FILE.strip() + ";\n" + rows), HOW))
    assert errors(parsed) == [(2, "", "cell_without_header")]
    assert message(parsed[0].errors[0].error, "de") == "In G2 steht „oops“, aber die Spalte hat keine Überschrift."


# ---- nothing twice --------------------------------------------------------------------------------------------------


def test_the_second_of_two_customers_with_one_number_is_an_error(tmp_path: Path) -> None:
    rows = "1;Müller;Firma;01067;Dresden;\n1;Maier;Firma;01067;Dresden;\n"
    parsed = list(read_customers(csv(tmp_path, CUSTOMER_FILE + rows), HOW))
    assert [explain(error, "de") for error in parsed[1].errors] == [
        "Zeile 3, Spalte „Kundennummer“: „1“ steht schon in Zeile 2."
    ]


def test_products_repeat_with_new_prices_but_must_be_described_alike(tmp_path: Path) -> None:
    rows = "code;name;unit;model;price;valid_from\n"
    rows += "A;Host;Monat;recurring_flat;5;01.01.2025\nA;Host;MON;recurring_flat;6;01.01.2026\n"
    rows += "A;Host;Jahr;recurring_flat;7;01.01.2027\nA;Host;Monat;recurring_flat;8;01.01.2026\n"
    parsed = list(read_products(csv(tmp_path, rows), HOW))
    assert [each.value is not None for each in parsed] == [True, True, False, False]
    assert errors(parsed) == [(4, "unit", "contradiction"), (5, "valid_from", "duplicate")]


QUICK = ["V;api;{n};2026-10-25T00:30:00Z;1", "V;api;{n};2026-10-25T02:30:00+02:00;1,5", "V;api;k{n};2026-03-29;-7"]
SLOW = ["V ;api;{n} ;25.10.2026 02:30;1", "V;äpi;ü{n};2026-10-25 00:30Z;1.0", " V;api;{n};2026-10-25T00:30:00.5Z;2"]


def test_the_quick_way_reads_what_the_careful_way_reads(tmp_path: Path) -> None:
    """A blank before the contract sends a row the careful way; the value is the same."""
    cells = [row.format(n=number) for number, row in enumerate([*QUICK, *SLOW])]
    careful = [
        parsed.value for parsed in read_usage(csv(tmp_path, USAGE_FILE + "\n".join(" " + c for c in cells)), HOW)
    ]
    quick = [parsed.value for parsed in read_usage(csv(tmp_path, USAGE_FILE + "\n".join(cells)), HOW)]
    assert quick == careful
    assert [(value.day.isoformat(), value.moment // 60_000_000) for value in quick if value] == [
        ("2026-10-25", 150), ("2026-10-25", 150), ("2026-03-29", 0), ("2026-10-25", 150), ("2026-10-25", 150),
        ("2026-10-25", 150),
    ]  # fmt: skip


def test_what_the_quick_way_does_not_read_is_explained_by_the_careful_way(tmp_path: Path) -> None:
    rows = (
        "V;api;;2026-11-30;1\nV;api;k;2026-02-30T00:00:00Z;1\nV;api;k;2026-11-30;1.234\n;;;;\nV;api;k;2026-11-30;1;x\n"
    )
    parsed = list(read_usage(csv(tmp_path, USAGE_FILE + rows), HOW))
    assert [each.value for each in parsed] == [None] * 5
    assert errors(parsed) == [
        (2, "Schlüssel", "required"), (3, "Zeitpunkt", "date_missing"), (4, "Menge", "number_ambiguous"),
        (6, "", "cell_without_header"),
    ]  # fmt: skip


# ---- contracts ------------------------------------------------------------------------------------------------------


def test_rows_of_a_contract_need_not_stand_together(tmp_path: Path) -> None:
    rows = "V2;K;01.01.2026;;A;1\nV1;K;01.01.2026;;A;1\n;;;;;\nV2;;;;B;2\n"
    parsed = list(read_contracts(csv(tmp_path, CONTRACT_FILE + rows), HOW))
    assert [each.rows for each in parsed] == [(4,), (2, 5), (3,)]
    assert [[item.code for item in each.value.order.items] for each in parsed if each.value] == [["A", "B"], ["A"]]


def test_one_wrong_row_refuses_its_whole_contract_and_no_other(tmp_path: Path) -> None:
    rows = "V1;K;31.02.2026;;A;1\nV1;;;;B;2\nV2;K;01.01.2026;31.12.2025;A;1\n;K;01.01.2026;;A;1\nV3;K;01.01.2026;;A;1\n"
    parsed = list(read_contracts(csv(tmp_path, CONTRACT_FILE + rows), HOW))
    tally = Tally()
    for each in parsed:
        tally.count(each)
    assert (tally.ok, tally.errors, tally.total) == (1, 4, 5)
    assert errors(parsed) == [(5, "Vertrag", "required"), (2, "Beginn", "date_missing"), (4, "Ende", "period_negative")]


# ---- anything -------------------------------------------------------------------------------------------------------

WORDS = ["", "V1", "V2", "K", "01.01.2026", "31.12.2025", "1.234", "5 €", "A", "ja", "x" * 300, "=1+1", "DE", "\u00a0"]


@given(
    st.sampled_from(range(len(READERS))),
    st.lists(
        st.lists(st.one_of(st.sampled_from(WORDS), st.text(st.characters(codec="utf-8"), max_size=8)), max_size=45)
    ),
)
def test_whatever_stands_in_a_file_all_its_rows_are_accounted_for(kind: int, rows: list[list[str]]) -> None:
    read, layout = READERS[kind]
    width = len(layout.columns)
    table = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    with TemporaryDirectory() as folder:
        write_csv(Path(folder) / "a.csv", layout.titles("de"), table)
        tally = Tally()
        seen: list[int] = []
        try:
            for parsed in read(Path(folder) / "a.csv", Reading(UTC)):
                tally.count(parsed)
                seen += parsed.rows
                assert all(explain(error, "de") for error in parsed.errors)
        except FileError as error:
            assert error.code in {"nul", "csv"}  # noqa: PT017 - one of two outcomes
        else:
            assert tally.total == len(table)
            assert sorted(seen) == list(range(2, len(table) + 2))
