"""Several rows that form one value: what they share stands in the first and must not be contradicted later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from turnus.core.intake.cells import CellError
from turnus.core.intake.columns import Column, Values

Placed = tuple[int, CellError]
"""An error and the row where it stands."""


def head_of(rows: Sequence[tuple[int, Values]], columns: Sequence[Column[Any]]) -> tuple[Values, list[Placed]]:
    """The shared columns: the first value of each; a different one later is an error."""
    found: dict[str, object] = {}
    errors: list[Placed] = []
    for column in columns:
        given = [(at, row[column]) for at, row in rows if row[column] is not None]
        for at, value in given[1:]:
            if value != given[0][1]:
                errors.append((at, CellError("contradiction", value, column=column.name, row=str(given[0][0]))))
        if given:
            found[column.name] = given[0][1]
        elif column.required:
            errors.append((rows[0][0], CellError("required", column=column.name)))
    return Values(found), errors
