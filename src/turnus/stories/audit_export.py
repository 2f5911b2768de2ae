"""Write the tables of a tax audit (Z3): CSV, ``index.xml`` and its DTD, in chunks, however many rows (G-05, G-06)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import DateTimeField

from turnus.core.auditing import CODES, TABLES, Column, Table, cell
from turnus.core.gdpdu import DTD_NAME, Medium, dtd, index_xml
from turnus.parties.facts import seller_facts
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from django.db.models import Model, QuerySet

    from turnus.core.actors import Stamp

CHUNK = 2_000
_BY_NAME = {table.name: table for table in TABLES}
_CODES = Table(
    "Schluessel",
    "Bedeutung der Schlüssel in den anderen Tabellen",
    "",
    (Column("Spalte", ""), Column("Schluessel", ""), Column("Deutsch", ""), Column("Englisch", "")),
    keys=2,
)


class Wanted(NamedTuple):
    """Whose data of which days."""

    seller: int
    since: date
    until: date
    """The first day after."""
    zone: ZoneInfo


class Written(NamedTuple):
    """What lies in the folder: table → number of rows."""

    rows: dict[str, int]


def export_audit(seller: int, folder: Path, *, since: date, until: date, by: Stamp) -> Written:
    """Write everything of a seller from ``since`` to before ``until`` into a folder, and log that it was given out.

    Master data and contracts are given whole, with all their versions. Raises ``OSError``.
    """
    last = until - timedelta(days=1)
    facts = seller_facts(seller, on=last)
    wanted = Wanted(seller, since, until, ZoneInfo(facts.data.time_zone))
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    tables: list[tuple[Table, dict[str, int]]] = []
    for table in TABLES:
        digits: dict[str, int] = {}
        counts[table.name] = _write(folder, table, _lines(table, wanted, digits, seen))
        tables.append((table, digits))
    codes = [(name, code, *CODES.get(f"{name} {code}", ("?", "?"))) for name, code in sorted(seen)]
    counts[_CODES.name] = _write(folder, _CODES, (";".join(cell("text", part) for part in row) for row in codes))
    address = facts.data.address
    place = f"{address.street}, {address.postcode} {address.city}"
    medium = Medium(facts.data.name, place, since, last, [*tables, (_CODES, {})])
    (folder / DTD_NAME).write_text(dtd(), encoding="utf-8")
    (folder / "index.xml").write_text(index_xml(medium), encoding="utf-8")
    audit(by, "archive.export", "seller", seller, after={"since": since, "until": last, "rows": counts})
    return Written(counts)


def _write(folder: Path, table: Table, lines: Iterator[str]) -> int:
    count = 0
    with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(f'"{column.name}"' for column in table.columns) + "\r\n")
        for line in lines:
            file.write(line + "\r\n")
            count += 1
    return count


def _lines(table: Table, wanted: Wanted, digits: dict[str, int], seen: set[tuple[str, str]]) -> Iterator[str]:
    """The rows of a table as text; ``digits`` and ``seen`` take down decimals and codes on the way."""
    for row, currency in _rows(table, wanted):
        cells = []
        for column, value in zip(table.columns, row, strict=False):
            text = cell(column.kind, value, currency)
            if column.kind == "code" and value not in {"", None}:
                seen.add((column.name, str(value)))
            elif "," in text and column.kind in {"money", "percent", "number"}:
                digits[column.name] = max(digits.get(column.name, 0), len(text.partition(",")[2]))
            cells.append(text)
        yield ";".join(cells)


def _rows(table: Table, wanted: Wanted) -> Iterator[tuple[Sequence[Any], str]]:
    """(values, currency) in the order of the keys."""
    fields = [column.field for column in table.columns]
    own = next((place for place, name in enumerate(fields) if name == "currency"), None)
    where = table.parent[1] if table.parent else ""
    found = _query(table, wanted).order_by(*fields[: table.keys]).values_list(*fields, *([where] if where else []))
    rows = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        currencies = _currencies(table, {row[-1] for row in chunk}) if where else {}
        for row in chunk:
            yield row, currencies[row[-1]] if where else row[own] if own is not None else "EUR"


def _currencies(table: Table, parents: set[int]) -> dict[int, str]:
    assert table.parent is not None
    model = apps.get_model(_BY_NAME[table.parent[0]].model)
    return dict(model._default_manager.filter(id__in=parents).values_list("id", "currency"))  # noqa: SLF001 - Django's way


def _query(table: Table, wanted: Wanted) -> QuerySet[Model]:
    model = apps.get_model(table.model)
    rows: QuerySet[Model] = model._default_manager.filter(**dict(table.only))  # noqa: SLF001 - any model's rows
    if table.seller:
        rows = rows.filter(**{table.seller: wanted.seller})
    if table.parent:
        parent = _BY_NAME[table.parent[0]]
        if table.day:
            parent = parent._replace(day="")
        rows = rows.filter(**{f"{table.parent[1]}__in": _query(parent, wanted).values("id")})
    if table.day:
        rows = rows.filter(**_period(model, table.day, wanted))
    return rows


def _period(model: type[Model], field: str, wanted: Wanted) -> dict[str, date]:
    first, end = wanted.since, wanted.until
    if isinstance(model._meta.get_field(field), DateTimeField):
        first = datetime.combine(first, datetime.min.time(), wanted.zone)
        end = datetime.combine(end, datetime.min.time(), wanted.zone)
    return {f"{field}__gte": first, f"{field}__lt": end}
