"""A rule for the rows of a foreign file: ``status=won|signed`` takes only rows whose column has one of the values.

A deal that is not won yet is left out and counted; the same file taken in again later brings it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from turnus.core.intake.cells import Cell, CellError, Condition, as_text, is_blank, key, text
from turnus.core.intake.columns import Column, Layout


def condition_of(written: str) -> Condition:
    """``"Status=Gewonnen|won"``. Raises ``CellError``."""
    column, sign, values = written.partition("=")
    found = tuple(value.strip() for value in values.split("|") if value.strip())
    if not (sign and key(column) and found):
        raise CellError("condition", written)
    return Condition(column.strip(), found)


def with_conditions(layout: Layout, conditions: Sequence[Condition]) -> tuple[Layout, tuple[Condition, ...]]:
    """The layout whose files must have the columns of the conditions, and the conditions by the names of columns."""
    known = {key(header): column for column in layout.columns for header in column.headers}
    columns: dict[str, Column[Any]] = {column.name: column for column in layout.columns}
    found = []
    for condition in conditions:
        column = known.get(key(condition.column)) or Column(
            condition.column, condition.column, text(), "Bedingung.", "Condition."
        )
        columns[column.name] = replace(column, required=True)
        found.append(condition._replace(column=column.name))
    return replace(layout, columns=tuple(columns.values())), tuple(found)


def left_out(rows: Iterable[Mapping[str, Cell]], conditions: Sequence[Condition]) -> str:
    """Why the rows of one value are left out: ``status: lost``; empty where they fulfil every condition.

    A later row may leave the cell blank. Raises ``CellError`` where one row fulfils a condition and another does not.
    """
    rows = list(rows)
    for column, values in conditions:
        found = {_word(cell): as_text(cell) for row in rows if not is_blank(cell := row.get(column))}
        wanted = {_word(value) for value in values}
        if not found:
            return f"{column}: –"
        if wanted.isdisjoint(found):
            return f"{column}: {', '.join(sorted(found.values()))}"
        if not wanted.issuperset(found):
            raise CellError("condition_mixed", ", ".join(sorted(found.values())), column=column)
    return ""


def _word(cell: Cell) -> str:
    return key(as_text(cell)) or as_text(cell)
