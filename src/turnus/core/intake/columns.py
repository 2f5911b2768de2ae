"""Columns, rows and headers: one kind of file described as data, and a row of cells read by that description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from turnus.core.intake.cells import Cell, CellError, Parser, Reading, is_blank, key, nearest

T = TypeVar("T")


class FileError(ValueError):
    """A whole file cannot be read, or not from here on. ``code`` and ``params`` make a message in ``texts``."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, str] = params


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell of one row, as the person sees them in the spreadsheet."""

    row: int
    header: str
    """The column as the file calls it; empty where the whole row is meant."""
    error: CellError


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column of a kind of file."""

    name: str
    german: str
    """German headers that mean the same, separated by ``|``, the usual one first."""
    parse: Parser[T]
    de: str
    """What belongs here, in German."""
    en: str
    """What belongs here, in English."""
    required: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that mean this column, its name first."""
        return (self.name, *self.german.split("|"))

    def title(self, language: str) -> str:
        """The header in a language: ``de``, or else the name."""
        return self.headers[1] if language == "de" else self.name


class Values:
    """The parsed cells of one row, typed by their columns."""

    __slots__ = ("_parsed",)

    def __init__(self, parsed: Mapping[str, Any]) -> None:
        self._parsed = parsed

    def __getitem__(self, column: Column[T]) -> T | None:
        """The value; None where the cell is blank or the file has no such column."""
        value: T | None = self._parsed.get(column.name)
        return value

    def need(self, column: Column[T]) -> T:
        """The value of a required column."""
        value = self[column]
        assert value is not None, column.name
        return value


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file."""

    kind: str
    columns: tuple[Column[Any], ...]
    grouped: bool = False
    """Several rows form one value: only the first column must be filled in every row."""

    def titles(self, language: str) -> list[str]:
        """The header line of a template."""
        return [column.title(language) for column in self.columns]

    def match(self, headers: Sequence[str]) -> list[Column[Any] | None]:
        """The column of each header; None for one without a name. Raises ``FileError`` naming all that is wrong."""
        known = {key(header): column for column in self.columns for header in column.headers}
        found = [known.get(key(header)) for header in headers]
        unknown = [h for h, column in zip(headers, found, strict=True) if h.strip() and column is None]
        names = [column.name for column in found if column]
        missing = [column.name for column in self.columns if column.required and column.name not in names]
        twice = [h for h, column in zip(headers, found, strict=True) if column and names.count(column.name) > 1]
        if unknown or missing or twice:
            titles = [header for column in self.columns for header in column.headers[:2]]
            raise FileError(
                "columns",
                unknown=", ".join(f"{h} (→ {near})" if (near := nearest(h, titles)) else h for h in unknown),
                missing=", ".join(missing),
                twice=", ".join(twice),
                known=", ".join(column.name for column in self.columns),
            )
        return found

    def parse(self, named: Mapping[str, Cell], how: Reading) -> tuple[Values, list[CellError]]:
        """Cells by column name → values and all errors of the row. A blank cell may also be left out."""
        parsed: dict[str, object] = {}
        errors = []
        for index, column in enumerate(self.columns):
            cell = named.get(column.name)
            if cell is None or is_blank(cell):
                if column.required and not (self.grouped and index):
                    errors.append(CellError("required", column=column.name))
                continue
            try:
                parsed[column.name] = column.parse(cell, how)
            except CellError as error:
                errors.append(error.at(column.name))
        return Values(parsed), errors
