"""The marked tables of docs/algorithms, for the tests that run them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from turnus.core.money import from_minor, to_minor
from turnus.core.periods import Period

PAGES = Path(__file__).parent.parent.parent / "docs" / "algorithms"
Row = dict[str, str]


def tables() -> dict[str, list[Row]]:
    """Name of each marked table → its rows."""
    found: dict[str, list[Row]] = {}
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for name, table in re.findall(r"<!-- table: (\w+) -->\n((?:\|.*\n)+)", text):
            head, _rule, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
            found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


TABLES = tables()


def rows(name: str) -> list[ParameterSet]:
    """Rows of a table, named by their content."""
    return [pytest.param(row, id=" ".join(row.values())) for row in TABLES[name]]


def cents(text: str) -> int:
    return to_minor(Decimal(text), "EUR")


def period(text: str) -> Period:
    start, end = text.split("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def euros(amounts: list[int]) -> str:
    return " ".join(str(from_minor(amount, "EUR")) for amount in amounts)
