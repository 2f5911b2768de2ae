"""What an invoice shows of the usage behind a line: rows per dimension, subject or day (JB-90)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from turnus.core.aggregation import Detail, aggregated, as_quantity
from turnus.core.document import UsageRow
from turnus.core.intake.numbers import format_decimal
from turnus.core.periods import Period
from turnus.core.usage import ADDITIVE, LEVELS, Aggregation, Display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from turnus.core.aggregation import DayRow
    from turnus.core.contracts import Usage
    from turnus.core.document import InvoiceDocument

Key = tuple["date | None", str]
_DAY: Final = timedelta(days=1)
_NOTHING: Final = Decimal(0)


def usage_rows(usage: Usage, days: Period, holes: Sequence[Period]) -> list[UsageRow]:
    """The rows of one line, in order. Sums add up to the line's quantity or, of rated usage, to its exact amount.

    A table has one row per dimension or subject where there are any, else per day; an appendix one per day and
    dimension or subject, and one per different subject where these are counted. Nothing where a line says it all.
    """
    detail = usage.detail
    if detail is None or detail.display is Display.TOTAL:
        return []
    outside = [hole for hole in holes if hole.cut(days)]
    mine = [row for row in detail.rows if days.start <= row.day < days.end and not _in(outside, row.day)]
    if detail.aggregation in ADDITIVE:
        return _sums(usage, mine, _key(detail, mine))
    if detail.aggregation is Aggregation.UNIQUE:
        return list(_different(usage, detail, mine))
    return list(_values(usage, detail, days, outside))


def _in(periods: Sequence[Period], day: date) -> bool:
    return any(period.start <= day < period.end for period in periods)


def _key(detail: Detail, rows: Sequence[DayRow]) -> Callable[[DayRow], Key]:
    """What a row is for: of a table one dimension or day, of an appendix both."""
    if detail.display is Display.APPENDIX:
        return lambda row: (row.day, row.dimension)
    if any(row.dimension for row in rows):
        return lambda row: (None, row.dimension)
    return lambda row: (row.day, "")


def _sums(usage: Usage, rows: Sequence[DayRow], key: Callable[[DayRow], Key]) -> list[UsageRow]:
    totals: dict[Key, tuple[int, int]] = {}
    for row in rows:
        quantity, amount = totals.get(key(row), (0, 0))
        totals[key(row)] = (quantity + row.quantity, amount + row.amount)
    found, through, rated = [], 0, any(row.amount for row in rows)
    for (day, label), (quantity, amount) in sorted(totals.items(), key=lambda item: _order(item[0])):
        # Differences of one rounded running total, so that the rows add up to the line.
        part = as_quantity(through + quantity, usage.scale, usage.per) - as_quantity(through, usage.scale, usage.per)
        through += quantity
        if quantity or amount:
            found.append(UsageRow(day, label, part, Decimal(amount).scaleb(-usage.scale) if rated else None))
    return found


def _order(key: Key) -> tuple[str, str]:
    return key[0].isoformat() if key[0] else "", key[1]


def _different(usage: Usage, detail: Detail, rows: Sequence[DayRow]) -> Iterator[UsageRow]:
    """Different subjects per dimension or day; in an appendix each of them."""
    if detail.display is Display.APPENDIX:
        left: dict[str, int] = {}
        for row in rows:
            left[row.subject] = left.get(row.subject, 0) + row.quantity
        yield from (UsageRow(None, subject, Decimal(1)) for subject, rest in sorted(left.items()) if rest > 0)
        return
    key = _key(detail, rows)
    groups: dict[Key, list[DayRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    for (day, label), group in sorted(groups.items(), key=lambda item: _order(item[0])):
        part = Detail(detail.aggregation, group, detail.zone, {})
        number = aggregated(part, usage.scale, Period(group[0].day, group[-1].day + _DAY), [])
        if number:
            yield UsageRow(day, label, as_quantity(number, usage.scale, usage.per))


def _values(usage: Usage, detail: Detail, days: Period, holes: Sequence[Period]) -> Iterator[UsageRow]:
    """Highest, last or level: per subject where subjects are told apart, else per day; in an appendix both."""
    subjects = sorted({row.subject for row in detail.rows if row.day < days.end} | detail.levels.keys())
    whole = detail.display is Display.TABLE and subjects != [""]
    for period in [days] if whole else _days(days):
        if not whole and _in(holes, period.start):
            continue
        for subject in subjects:
            own = Detail(
                detail.aggregation, [row for row in detail.rows if row.subject == subject], detail.zone,
                {subject: detail.levels[subject]} if subject in detail.levels else {},
            )  # fmt: skip
            reported = any(period.start <= row.day < period.end for row in own.rows)
            number = aggregated(own, usage.scale, period, holes)
            if number or (reported and detail.aggregation not in LEVELS):
                day = None if whole else period.start
                yield UsageRow(day, subject, as_quantity(number, usage.scale, usage.per))


def _days(days: Period) -> Iterator[Period]:
    return (
        Period(days.start + timedelta(days=place), days.start + timedelta(days=place + 1)) for place in range(days.days)
    )


def difference(rows: Sequence[UsageRow], taken: Sequence[UsageRow]) -> list[UsageRow]:
    """What the rows show beyond those that were shown before."""
    left: dict[Key, UsageRow] = {(row.day, row.label): row for row in rows}
    for row in taken:
        place = (row.day, row.label)
        now = left.get(place, UsageRow(row.day, row.label, _NOTHING, None if row.amount is None else _NOTHING))
        amount = None if now.amount is None else now.amount - (row.amount or _NOTHING)
        left[place] = UsageRow(row.day, row.label, now.quantity - row.quantity, amount)
    return [left[place] for place in sorted(left, key=_order) if left[place].quantity or left[place].amount]


# ---- as a file -------------------------------------------------------------------------------------------------------

HEADS: Final = (
    "Beleg|document", "Position|line", "Vertrag|contract", "Leistung|service", "Von|from", "Bis|to", "Tag|day",
    "Merkmal|dimension", "Menge|quantity", "Einheit|unit", "Betrag|amount", "Währung|currency",
)  # fmt: skip
"""Columns of the CSV appendix, German and English; ``to`` is the last day, inclusive."""


def usage_file(document: InvoiceDocument) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the usage that a document shows, as text in its language (JB-90)."""
    german = document.language == "de"
    point = "," if german else "."
    header = [head.split("|")[0 if german else 1] for head in HEADS]
    rows = []
    for line in document.lines:
        contract = line.contract or ", ".join(document.contracts)
        start, last = (line.period.start, line.period.last_day) if line.period else (None, None)
        for row in line.usage:
            amount = "" if row.amount is None else format_decimal(row.amount, point)
            quantity = format_decimal(row.quantity, point) if row.quantity or row.amount is None else ""
            days = ["" if day is None else day.isoformat() for day in (start, last, row.day)]
            rows.append(
                [document.number, str(line.number), contract, line.name, *days, row.label, quantity, line.unit, amount,
                 document.currency if amount else ""]
            )  # fmt: skip
    return header, rows
