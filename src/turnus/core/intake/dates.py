"""Days, moments and cycles as people write them. There is no clock here: ``heute`` needs a day to refer to."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from turnus.core.intake.cells import Cell, CellError, Reading, as_text, key, nearest
from turnus.core.periods import FAR_FUTURE, Cycle

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_GERMAN: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?")
_SHORT: Final = re.compile(r"([0-9]{2})([0-9]{2})")
_SHIFT: Final = re.compile(r"[+-][0-9]{1,4}")
_MOMENT: Final = re.compile(
    r"([0-9.-]+)[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?\s?([zZ]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_WORDS: Final = {"heute": 0, "today": 0, "gestern": -1, "yesterday": -1, "morgen": 1, "tomorrow": 1}
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199


def parse_date(cell: Cell, how: Reading) -> date:
    """``22.11.2026``, ``22.11.26``, ``2026-11-22``; from ``how.on`` also ``22.11.``, ``2211``, ``heute``, ``+14``.

    31.12.9999 passes for "open end"; otherwise years 1900 to 2199. Two digits of a year mean 1969 to 2068.
    """
    shown = as_text(cell)
    if isinstance(cell, datetime) and cell.time() != time.min:
        raise CellError("date_has_time", shown)
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day, shown)
    if not isinstance(cell, str):
        raise CellError("date", shown)
    if match := _ISO.fullmatch(shown):
        return _day(int(match[1]), int(match[2]), int(match[3]), shown)
    if (match := _GERMAN.fullmatch(shown)) and match[3]:
        year = int(match[3]) + (len(match[3]) == 2) * (2000 if int(match[3]) < 69 else 1900)
        return _day(year, int(match[2]), int(match[1]), shown)
    return _relative(shown, how.on)


def _relative(shown: str, on: date | None) -> date:
    match = _GERMAN.fullmatch(shown) or _SHORT.fullmatch(shown)
    days = _WORDS.get(shown.casefold())
    if days is None and _SHIFT.fullmatch(shown):
        days = int(shown)
    if match is None and days is None:
        raise CellError("date", shown)
    if on is None:
        raise CellError("date_relative", shown)
    if match is not None:
        return _day(on.year, int(match[2]), int(match[1]), shown)
    return on + timedelta(days=days or 0)


def _day(year: int, month: int, day: int, shown: str) -> date:
    try:
        value = date(year, month, day)
    except ValueError:
        raise CellError("date_missing", shown) from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR and value != FAR_FUTURE:
        raise CellError("date_range", shown, first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
    return value


def first_day(cell: Cell, how: Reading) -> date:
    """A day on which something begins or happens: 31.12.9999 is refused."""
    day = parse_date(cell, how)
    if day == FAR_FUTURE:
        raise CellError("date_range", as_text(cell), first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
    return day


def last_day(cell: Cell, how: Reading) -> date | None:
    """An inclusive last day → the half-open end, the day after. 31.12.9999 means open: None."""
    day = parse_date(cell, how)
    return None if day == FAR_FUTURE else day + timedelta(days=1)


def format_date(day: date) -> str:
    """``22.11.2026``."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def format_last_day(end: date) -> str:
    """A half-open end as the inclusive last day: ``last_day`` reads it back."""
    return format_date(end - timedelta(days=1))


def parse_moment(cell: Cell, how: Reading) -> datetime | date:
    """ISO 8601 with zone → that instant, in UTC; without zone: local time of ``how.zone``; a bare date: a local day."""
    if isinstance(cell, datetime) and cell.time() != time.min:
        return _instant(cell, how, as_text(cell))
    match = _MOMENT.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return first_day(cell, how)
    shown, day = match[0], first_day(match[1], how)
    micros = int((match[5] or "").ljust(6, "0")[:6])
    try:
        clock = time(int(match[2]), int(match[3]), int(match[4] or 0), micros)
    except ValueError:
        raise CellError("time", shown) from None
    local = datetime.combine(day, clock)
    if not (zone := match[6]):
        return _instant(local, how, shown)
    east = 0 if zone in "zZ" else int(f"{zone[0]}1") * (int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0))
    return (local - timedelta(minutes=east)).replace(tzinfo=UTC)


def _instant(local: datetime, how: Reading, shown: str) -> datetime:
    """The instant of a local time: of an hour that comes twice the first; in a skipped hour there is none."""
    instant = local.replace(tzinfo=how.zone).astimezone(UTC)
    if instant.astimezone(how.zone).replace(tzinfo=None) != local:
        raise CellError("time_skipped", shown)
    return instant


_CYCLE_WORDS: Final = {
    Cycle(0, 1): "day|days|daily|tag|tage|tagen|täglich|tägig",
    Cycle(0, 7): "week|weeks|weekly|woche|wochen|wöchentlich|wöchig",
    Cycle(1, 0): "month|months|monthly|monat|monate|monaten|monatlich|monatig",
    Cycle(3, 0): "quarter|quarters|quarterly|quartal|quartale|quartalsweise|vierteljahr|vierteljahre|vierteljährlich",
    Cycle(6, 0): "half year|half years|half yearly|semi annual|semi annually|halbjahr|halbjahre|halbjährlich",
    Cycle(12, 0): "year|years|yearly|annual|annually|jahr|jahre|jahren|jährlich",
}
_CYCLES: Final = {key(word): cycle for cycle, words in _CYCLE_WORDS.items() for word in words.split("|")}


def parse_cycle(cell: Cell, _how: Reading) -> Cycle:
    """``1 month``, ``3 Monate``, ``vierteljährlich``, ``14 Tage``, ``alle 2 Wochen``: at most ten years."""
    shown = as_text(cell)
    match = re.fullmatch(r"(?:(?:alle|every|je|jede[nrs]?|pro|per) )?(?:([0-9]{1,4}) ?)?([a-z ]+)", key(shown))
    unit = _CYCLES.get(match[2]) if match else None
    if match is None or unit is None:
        raise CellError("cycle", shown, nearest=nearest(match[2] if match else shown, _CYCLES))
    count = int(match[1] or 1)
    cycle = Cycle(unit.months * count, unit.days * count)
    if not count or cycle.months > 120 or cycle.days > 3660:
        raise CellError("cycle_length", shown)
    return cycle
