"""The bulk writer and reader: one call for both databases, at the speed of the driver.

The writer is binary COPY on PostgreSQL and ``executemany`` on SQLite. Bulk tables have integer, date, text, boolean and
exact-decimal columns only, each supplied or with a database default. Exact decimals are canonical text on both ways.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from turnus.records.fields import Exact, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from django.db.backends.utils import CursorWrapper
    from django.db.models import Field, Model


class NulError(ValueError):
    """A text holds U+0000, which PostgreSQL cannot store; it is refused on both databases."""


class _Columns(NamedTuple):
    """What the writer knows of the columns it fills, by place in the row."""

    types: tuple[str, ...]
    texts: tuple[int, ...]
    dates: tuple[int, ...]
    decimals: tuple[int, ...]


def take_ids(model: type[Model], count: int) -> Sequence[int]:
    """``count`` new primary keys of a table, rising, drawn from its sequence. Inside a transaction."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence's name is looked up once (OFFSET 0 keeps it out of the loop), not once per key.
            cursor.execute(
                "SELECT nextval(name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS s, "
                "generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
            return range(1, count + 1)
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        return range(row[0] + 1, row[0] + count + 1)


# ---- writing ---------------------------------------------------------------------------------------------------------


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values into the named database columns. Raises ``NulError``."""
    rows = list(rows)
    if not rows:
        return
    known = _columns(model, tuple(columns))
    _refuse_nul(rows, known.texts)
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)', known, rows)
        else:
            marks = ", ".join(["%s"] * len(columns))
            # Days as text: the driver's own conversion costs more than the rest of the row.
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(_with(_iso, known.dates, rows))
            )


def _copy(cursor: CursorWrapper, statement: str, known: _Columns, rows: Iterable[Sequence[Any]]) -> None:
    """COPY goes past Django's cursor, so its errors are made Django's here."""
    with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        copy.set_types(known.types)
        for row in _with(exact, known.decimals, rows):
            copy.write_row(row)


def _with(
    convert: Callable[[Any], Any], places: Sequence[int], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """The rows with the values at ``places`` converted; None stays."""
    return _converted(convert, places, rows) if places else rows


def _converted(
    convert: Callable[[Any], Any], places: Sequence[int], rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        values = list(row)
        for place in places:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield values


def _refuse_nul(rows: Sequence[Sequence[Any]], places: Sequence[int]) -> None:
    for place in places:
        for row in rows:
            if row[place] and "\x00" in row[place]:
                raise NulError(row[place])


@lru_cache(maxsize=4_096)
def _iso(day: date) -> str:
    return day.isoformat()


@lru_cache
def _columns(model: type[Model], columns: tuple[str, ...]) -> _Columns:
    fields = _fields(model)
    types = tuple((fields[column].db_type(connection) or "").partition("(")[0] for column in columns)
    decimals = tuple(place for place, column in enumerate(columns) if isinstance(fields[column], Exact))
    return _Columns(
        types,
        tuple(place for place, name in enumerate(types) if name == "text" and place not in decimals),
        tuple(place for place, name in enumerate(types) if name == "date"),
        decimals,
    )


def _fields(model: type[Model]) -> dict[str, Field[Any, Any]]:
    return {field.column: field for field in model._meta.concrete_fields if field.column}


# ---- reading ---------------------------------------------------------------------------------------------------------


def read(
    model: type[Model],
    columns: Sequence[str],
    key: str,
    values: Collection[int],
    *,
    order: str = "",
    known_by: datetime | None = None,
) -> list[tuple[Any, ...]]:
    """The named columns of all rows whose ``key`` is among ``values``; ``order`` is SQL. Exact decimals as text.

    ``known_by``: of facts only those that were recorded by then.
    """
    if not values:
        return []
    condition, parameter = among(f'"{key}"', values)
    ordered = f" ORDER BY {order}" if order else ""
    parameters: list[Any] = [parameter]
    if known_by is not None:
        condition += ' AND "recorded_at" <= %s'
        parameters.append(connection.ops.adapt_datetimefield_value(known_by))
    statement = f'SELECT {selected(model, columns)} FROM "{model._meta.db_table}" WHERE {condition}{ordered}'
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def among(column: str, values: Collection[int]) -> tuple[str, str]:
    """Condition and its one parameter for "column is one of these integers", cheap however many there are."""
    listed = ",".join(map(str, values))
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::bigint[])", f"{{{listed}}}"
    return f"{column} IN (SELECT value FROM json_each(%s))", f"[{listed}]"


@lru_cache
def selected(model: type[Model], columns: Sequence[str], alias: str = "") -> str:
    """The columns as a SELECT list; exact decimals as canonical text, the same on both databases."""
    fields = _fields(model)
    prefix = f"{alias}." if alias else ""
    exact_text = "trim_scale({})::text" if connection.vendor == "postgresql" else "{}"
    return ", ".join(
        (exact_text if isinstance(fields[column], Exact) else "{}").format(f'{prefix}"{column}"') for column in columns
    )


# ---- many keys at once -----------------------------------------------------------------------------------------------


def given(
    names: Sequence[str], types: Sequence[str], rows: Collection[Sequence[Any]], alias: str = "w"
) -> tuple[str, list[Any]]:
    """Plain rows as a table of a statement's FROM: its SQL and parameters. ``types``: ``bigint``, ``text``, ``date``.

    For joins "is one of these keys", cheap however many there are.
    """
    if connection.vendor == "postgresql":
        marks = ", ".join(f"%s::{name}[]" for name in types)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _name in names]
        return f"unnest({marks}) AS {alias}({', '.join(names)})", columns
    picked = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
    return f"(SELECT {picked} FROM json_each(%s)) AS {alias}", [json.dumps([list(row) for row in rows], default=str)]


def merge(
    model: type[Model], columns: Sequence[str], key: int, rows: Sequence[tuple[Any, ...]], changes: Sequence[str]
) -> None:
    """Insert rows; where a row with the same first ``key`` columns, which are unique, is there, change it instead.

    ``changes`` are SQL assignments that know the old row as ``old`` and the new one as ``excluded``.
    """
    if not rows:
        return
    known = _columns(model, tuple(columns))
    _refuse_nul(rows, known.texts)
    table, names, keys = model._meta.db_table, ", ".join(columns), ", ".join(columns[:key])
    conflict = f"ON CONFLICT ({keys}) DO UPDATE SET {', '.join(changes)}"
    ordered = sorted(rows, key=lambda row: row[:key])  # one order for all, so that two writers do not deadlock
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, parameters = given(columns, known.types, ordered)
            cursor.execute(f"INSERT INTO {table} AS old ({names}) SELECT * FROM {source} {conflict}", parameters)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} AS old ({names}) VALUES ({marks}) {conflict}",
                list(_with(_iso, known.dates, ordered)),
            )
