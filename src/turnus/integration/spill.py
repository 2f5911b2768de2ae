"""What has to be remembered of a whole file, kept on disk: which keys were there, and rows that belong together.

A private SQLite database without a name: it holds a few megabytes in memory, the rest in a temporary file that the
system removes.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby

from turnus.core.intake.cells import Cell

NamedCells = Mapping[str, Cell]
"""Cells of one row by the name of their column."""


def _database(*statements: str) -> sqlite3.Connection:
    connection = sqlite3.connect("", isolation_level=None)
    for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", *statements):
        connection.execute(statement)
    return connection


class Seen:
    """Keys that a file has brought so far, each with the row that brought it first and a note."""

    def __init__(self) -> None:
        self._database: sqlite3.Connection | None = None

    def first(self, row: int, *key: str, note: str = "") -> tuple[int, str] | None:
        """Row and note of the same key before this row; None if there was none, and it is remembered."""
        if self._database is None:
            table = "CREATE TABLE seen (key TEXT PRIMARY KEY, row INT, note TEXT) WITHOUT ROWID"
            self._database = _database(table, "BEGIN")
        joined = "\x1f".join(key)
        if self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (joined, row, note)).rowcount:
            return None
        found: tuple[int, str] = self._database.execute(
            "SELECT row, note FROM seen WHERE key = ?", (joined,)
        ).fetchone()
        return found

    def close(self) -> None:
        """Forget everything."""
        if self._database is not None:
            self._database.close()
            self._database = None


class Groups:
    """Rows by key; they come back group by group, in the order in which the groups began."""

    def __init__(self) -> None:
        self._seen = Seen()
        self._database = _database(
            "CREATE TABLE rows (first INT, row INT, cells BLOB, PRIMARY KEY (first, row)) WITHOUT ROWID", "BEGIN"
        )

    def add(self, key: str, row: int, cells: NamedCells) -> None:
        """Put a row aside."""
        before = self._seen.first(row, key)
        values = (before[0] if before else row, row, pickle.dumps(dict(cells)))
        self._database.execute("INSERT INTO rows VALUES (?, ?, ?)", values)

    def __iter__(self) -> Iterator[list[tuple[int, NamedCells]]]:
        """The rows of each group in their order."""
        found = self._database.execute("SELECT first, row, cells FROM rows ORDER BY first, row")
        for _, group in groupby(found, key=lambda row: int(row[0])):
            yield [(row, pickle.loads(cells)) for _, row, cells in group]  # noqa: S301 - written above, by ourselves

    def close(self) -> None:
        """Forget everything."""
        self._seen.close()
        self._database.close()
