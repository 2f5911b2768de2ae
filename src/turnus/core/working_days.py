"""Working days in Germany and the shift of § 193 BGB.

Only holidays of the whole country are known; where one of a Land bears on a deadline, set the deadline on another day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Gregorian Easter (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@lru_cache(maxsize=256)
def holidays(year: int) -> frozenset[date]:
    """Public holidays of the whole of Germany; 3 October since 1990."""
    easter = easter_sunday(year)
    movable = {easter + timedelta(days=shift) for shift in (-2, 1, 39, 50)}
    fixed = {date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(movable | fixed | ({date(year, 10, 3)} if year >= 1990 else set()))


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def deadline_day(day: date) -> date:
    """The last day on which to act or pay by ``day``: itself, or the next working day (§ 193 BGB)."""
    while not is_working_day(day):
        day += _DAY
    return day
