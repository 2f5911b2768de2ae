"""What people and scripts see: tables, amounts, days, JSON. Results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from turnus.core.document import PostalAddress
from turnus.core.formatting import format_amount, format_date, format_number, format_period, format_price, format_rate
from turnus.core.periods import FAR_FUTURE, Period
from turnus.interfaces.cli.language import language, say

PLAIN_WIDTH: Final = 132
"""Columns where the output is no terminal."""


def console(*, errors: bool = False) -> Console:
    """The terminal as it is now; wide and without colour where the output goes to a file or a program."""
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def show(*lines: object) -> None:
    """Print lines; markup of ``rich`` is understood, so what people entered goes through ``plain``."""
    out = console()
    for line in lines:
        out.print(line)


def plain(text: object) -> str:
    """Text that is printed as it is."""
    return escape(str(text))


def heading(text: str) -> None:
    """A line above a table."""
    show("", f"[bold]{text}[/bold]")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """A table; ``right``: columns of numbers, aligned at their end. Cells may hold markup."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for index, title in enumerate(columns):
        number = index in right
        grid.add_column(title, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for row in rows:
        grid.add_row(*(str(cell) for cell in row))
    show(grid)


def pairs(rows: Iterable[tuple[str, object]], *, right: bool = False) -> None:
    """Names with their values; those without a value are left out. ``right``: the values are numbers."""
    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", justify="right" if right else "left")
    for name, value in rows:
        if value not in ("", None):
            grid.add_row(name, str(value))
    show(grid)


def answer(value: object) -> None:
    """A result as JSON: amounts are integers of the currency's minor unit, other exact numbers and days are texts."""
    sys.stdout.write(json.dumps(_json(value), ensure_ascii=False, indent=2) + "\n")


def _json(value: Any) -> Any:  # noqa: ANN401 - any value of a result
    if isinstance(value, Enum):
        return _json(value.value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _json(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _json(part) for name, part in value._asdict().items()}
    if isinstance(value, dict):
        return {str(name): _json(part) for name, part in value.items()}
    return [_json(part) for part in value]


# ---- values as people read them --------------------------------------------------------------------------------------


def amount(minor: int, currency: str) -> str:
    """``1.234,56 €``."""
    return format_amount(minor, currency, language())


def price(value: Decimal, currency: str) -> str:
    """``0,00115 €``."""
    return format_price(value, currency, language())


def number(value: Decimal | int) -> str:
    """``1.234,5``."""
    return format_number(value, language())


def rate(basis_points: int) -> str:
    """``19 %``."""
    return format_rate(basis_points, language())


def day(value: date | None) -> str:
    """``22.11.2026``; empty for none and for the far future."""
    return "" if value is None or value == FAR_FUTURE else format_date(value, language())


def instant(value: datetime, zone: tzinfo) -> str:
    """``22.11.2026 14:09`` in a time zone."""
    local = value.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def period(value: Period) -> str:
    """First to inclusive last day."""
    return format_period(value, language())


def last_day(end: date | None) -> str:
    """A half-open end as the inclusive last day; empty for open."""
    return "" if end is None or end == FAR_FUTURE else day(Period(end, end).last_day)


def seconds(value: float) -> str:
    """``3,2 s``."""
    return format_number(Decimal(f"{value:.1f}"), language()) + "\u00a0s"


def place(address: PostalAddress) -> str:
    """``01067 Dresden``."""
    return plain(f"{address.postcode} {address.city}".strip())


def lines_of(address: PostalAddress) -> str:
    """``Weg 1, 01067 Dresden, DE``; what is missing is left out."""
    return ", ".join(part for part in (plain(address.street), place(address), address.country) if part)


@contextmanager
def progress(german: str, english: str, *, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error; yields ``advance(count)``. Nothing is drawn where nobody looks."""
    out = console(errors=True)
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(say(german, english), total=total)

        def advance(count: int = 1, *, of: int | None = None) -> None:
            if of is not None:
                bar.update(task, total=of)
            bar.advance(task, count)

        yield advance
