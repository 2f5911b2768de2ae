"""What a filled database holds, taken once in a process and written again for every further test."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

Rows = dict[str, list[tuple[Any, ...]]]


class Kept(NamedTuple):
    """New rows by table, and the files beside them."""

    rows: Rows
    files: dict[str, bytes]


def rows_of_all() -> Rows:
    """Every row of every table as the database itself writes it."""
    tables = [name for name in connection.introspection.table_names() if name != "sqlite_sequence"]
    with connection.cursor() as cursor:
        found: Rows = {}
        for table in tables:
            whole = f'"{table}"::text' if connection.vendor == "postgresql" else "*"
            cursor.execute(f'SELECT {whole} FROM "{table}"')
            if rows := cursor.fetchall():
                found[table] = rows
    return found


def taken(before: Rows, home: Path) -> Kept:
    """What came since ``before``; nothing that was there may have changed."""
    after = rows_of_all()
    new = {}
    for table, rows in after.items():
        known = set(before.get(table, []))
        assert known <= set(rows), f"{table} has changed rows"
        new[table] = [row for row in rows if row not in known]
    return Kept(
        {table: rows for table, rows in new.items() if rows},
        {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()},
    )


def written(kept: Kept, home: Path) -> None:
    """Write it into a database and a folder that are empty."""
    with connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            blanks = ", ".join(["%s"] * len(rows[0]))
            values = f'SELECT (%s::"{table}").*' if connection.vendor == "postgresql" else f"VALUES ({blanks})"
            cursor.executemany(f'INSERT INTO "{table}" {values}', rows)
    for name, content in kept.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
