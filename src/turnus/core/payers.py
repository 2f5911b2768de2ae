"""Who pays what of an item: one account, or several by shares such as 60/40 (billing-core S, Account).

A slot's amount is shared by ``allocate`` before it is cut by days. Days are cut by one running total of the whole slot,
whose minor units are dealt out to the shares as they come up; so over any days the parts add up to what the days cost,
and no part ever moves against the others. An identity tells its share as text: ``1:60:40`` is the second of two.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import allocate, half_up
from turnus.core.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Parts = tuple[tuple[int, int], ...]
"""(billing account, weight): the first one gets the odd cents."""

WHOLE: Final = ""
"""The share of an account that pays alone."""


class Shares(NamedTuple):
    """From ``since`` on these accounts pay an item, or (item 0) all items that have no shares of their own."""

    since: date
    item: int
    parts: Parts
    """Empty, for an item: it is paid like the contract again."""


class Paying(NamedTuple):
    """Some days of an item and one of those who pay them."""

    account: int
    days: Period
    share: str


def part_of(kind: str, account: int, share: str) -> str:
    """The part of an identity: every share after the first names its account, so that keys stay unique."""
    return f"{kind}/{account}" if share and not share.startswith("0:") else kind


def timeline(shares: Iterable[Shares], item: int) -> list[tuple[date, Parts]]:
    """(from, who pays) for one item in order of days: its own shares where it has any, else those of the contract."""
    rows = sorted((row for row in shares if row.item in (0, item)), key=lambda row: (row.since, row.item))
    found: list[tuple[date, Parts]] = []
    own: Parts = ()
    common: Parts = ()
    for row in rows:
        if row.item:
            own = row.parts
        else:
            common = row.parts
        if found and found[-1][0] == row.since:
            found.pop()
        if not found or found[-1][1] != (own or common):
            found.append((row.since, own or common))
    return found


def paying(times: Sequence[tuple[date, Parts]], days: Period, *, whole: bool) -> list[Paying]:
    """Who pays the days: cut where the payers change; ``whole`` charges go to those who pay the last day."""
    found: list[Paying] = []
    for index, (since, parts) in enumerate(times):
        start = days.start if index == 0 else max(days.start, since)
        end = min(days.end, times[index + 1][0]) if index + 1 < len(times) else days.end
        if start < end and (not whole or end == days.end):
            piece = days if whole else Period(start, end)
            found += [Paying(account, piece, share) for account, share in _named(parts)]
    return found


@lru_cache(maxsize=4_096)
def _named(parts: Parts) -> tuple[tuple[int, str], ...]:
    if len(parts) == 1:
        return ((parts[0][0], WHOLE),)
    weights = ":".join(str(weight) for _account, weight in parts)
    return tuple((account, f"{place}:{weights}") for place, (account, _weight) in enumerate(parts))


@lru_cache(maxsize=4_096)
def place_of(share: str) -> tuple[int, tuple[int, ...]]:
    """``1:60:40`` → (1, (60, 40)): the place among the shares, and their weights."""
    place, *weights = (int(figure) for figure in share.split(":"))
    return place, tuple(weights)


def fraction(share: str) -> tuple[int, int]:
    """``1:60:40`` → (40, 100); an account that pays alone has (1, 1)."""
    if not share:
        return 1, 1
    place, weights = place_of(share)
    return weights[place], sum(weights)


def share_of(share: str, whole: int, through: int) -> int:
    """Of the first ``through`` minor units of ``whole``, those that fall on a share.

    Each share takes its part of what the earlier ones left, so the shares add up to ``through`` and none ever shrinks
    as ``through`` grows. All of ``whole`` is shared by ``allocate``: 0.05 by 60 and 40 → 0.03 and 0.02.
    """
    place, weights = place_of(share)
    left, rest = through, whole
    for index, own in enumerate(_allocated(whole, weights)):
        taken = half_up(left * own, rest) if rest else 0
        if index == place:
            return taken
        left, rest = left - taken, rest - own
    raise ValueError(share)


_allocated = lru_cache(maxsize=16_384)(allocate)
