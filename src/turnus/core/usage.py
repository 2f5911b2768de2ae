"""Usage as it is reported, and how an item measures it: meter, aggregation, filter, unit, rounding, display."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from turnus.core.schemes import Rounding


class Aggregation(StrEnum):
    """What the events of an item add up to in one slot."""

    SUM = "sum"
    COUNT = "count"
    """Events; one with a negative quantity takes one off, one with quantity 0 counts nothing."""
    UNIQUE = "unique"
    """Different subjects of which something is left when all their quantities are added."""
    MAX = "max"
    LAST = "last"
    TIME = "time"
    """A level that holds until the next event: level × hours."""
    AVERAGE = "average"
    """The same level × time, divided by the time of the slot."""


ADDITIVE: Final = frozenset({Aggregation.SUM, Aggregation.COUNT})
"""A slot is the sum of its days, and a day the sum of its events."""
SUMMED: Final = ADDITIVE | {Aggregation.UNIQUE}
"""A day's rows are sums of its events."""
LEVELS: Final = frozenset({Aggregation.TIME, Aggregation.AVERAGE})
"""What was reported last holds on, over midnight and over the end of a slot."""


class Display(StrEnum):
    """How usage is shown on the invoice (JB-90)."""

    TOTAL = "total"
    TABLE = "table"
    APPENDIX = "appendix"


@dataclass(frozen=True, slots=True)
class Metering:
    """How an item measures usage. Fixed for the item's life."""

    meter: str = ""
    """Name of the meter that the item listens to; empty: its own code."""
    aggregation: Aggregation = Aggregation.SUM
    only: str = ""
    """Only events with these dimensions: ``region=eu|ch;kind!=test``; empty: all."""
    unit: str = ""
    """Unit (UN/ECE) that is counted and priced; events in another of its kind are converted. Empty: as reported."""
    quantum: Decimal | None = None
    """Each event counts in multiples of this: 15 minutes begun, of hours, are 0.25."""
    rounding: Rounding = Rounding.UP
    """Of a negative event its amount, so that it takes back just what the positive one counted."""
    display: Display = Display.TOTAL


PLAIN: Final = Metering()


class UsageRecord(NamedTuple):
    """One event. ``key`` makes it unique for every item that listens: reported twice, it counts once."""

    contract: str
    meter: str
    """Name of a meter of the contract, or code of an item."""
    key: str
    day: date
    """Local day of the seller."""
    quantity: Decimal | None
    """None: one, where events or subjects are counted; with ``corrects``: the corrected event does not count at all."""
    amount: Decimal | None = None
    """Rated usage brings its own amount, major units, unrounded; None: the price of the item decides."""
    unit: str = ""
    dimension: str = ""
    """``region=eu;kind=call``, or a bare word."""
    moment: int = 0
    """Microseconds since local midnight."""
    subject: str = ""
    """What a level or a count is of: a user, a device, a bucket."""
    corrects: str = ""
    """Key of the event that this one replaces."""


# ---- the seller's local time -----------------------------------------------------------------------------------------


def local_day(at: datetime | date, zone: tzinfo) -> date:
    """The day in the seller's zone on which usage counts: 30 November 23:30 UTC is 1 December in Berlin."""
    return at.astimezone(zone).date() if isinstance(at, datetime) else at


def local_moment(at: datetime | date, zone: tzinfo) -> tuple[date, int]:
    """Local day, and microseconds that have passed since its midnight; a bare day is its midnight."""
    if not isinstance(at, datetime):
        return at, 0
    day = at.astimezone(zone).date()
    return day, (at - midnight(day, zone)) // _MICROSECOND


@lru_cache(maxsize=16_384)
def midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def seconds_between(start: date, end: date, zone: tzinfo) -> int:
    """From the beginning of one local day to that of another: 82,800, 86,400 or 90,000 for a single day."""
    return (midnight(end, zone) - midnight(start, zone)) // _SECOND


_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = timedelta(seconds=1)


# ---- dimensions ------------------------------------------------------------------------------------------------------


class InvalidFilterError(ValueError):
    """A filter of dimensions cannot be read; its one argument is the part that is wrong."""


@lru_cache(maxsize=65_536)
def canonical_dimension(text: str) -> str:
    """Parts without blanks, in order, each once: ``kind = call; region=eu`` → ``kind=call;region=eu``."""
    if ";" not in text and "=" not in text:
        return text.strip()
    return ";".join(sorted({"=".join(word.strip() for word in part.split("=")) for part in text.split(";")} - {""}))


@lru_cache(maxsize=65_536)
def passes(only: str, dimension: str) -> bool:
    """Whether events of a (canonical) dimension count. Raises ``InvalidFilterError``."""
    parts = dimension.split(";")
    values = {tuple(part.split("=", 1)) if "=" in part else ("", part) for part in parts if part}
    return all(any((name, word) in values for word in words) is not negated for name, words, negated in _filter(only))


def check_filter(only: str) -> None:
    """Raises ``InvalidFilterError``."""
    _filter(only)


@lru_cache(maxsize=4_096)
def _filter(only: str) -> list[tuple[str, list[str], bool]]:
    """``a=1|2;b!=3;!c`` → name (empty for bare words), words, and whether none of them may be there."""
    found = []
    for part in filter(None, (part.strip() for part in only.split(";"))):
        left, sign, right = part.partition("=")
        negated = left.endswith("!") if sign else left.startswith("!")
        name = left.removesuffix("!").strip() if sign else ""
        words = [word.strip() for word in (right if sign else left.removeprefix("!")).split("|")]
        if not all(words) or (sign and not name) or any("=" in word for word in words):
            raise InvalidFilterError(part)
        found.append((name, words, negated))
    return found
