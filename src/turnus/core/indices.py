"""Index values (VPI): dated data with their source. A month without a value is an error, never a default."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


class IndexValue(NamedTuple):
    """The value of a series in a month (its first day), and where it was published."""

    series: str
    month: date
    value: Decimal
    source: str


class IndexMissingError(LookupError):
    """The series has no value for a month."""

    def __init__(self, series: str, month: date) -> None:
        super().__init__(series, month)
        self.series, self.month = series, month


class IndexTable:
    """Values by series and month."""

    def __init__(self, values: Iterable[IndexValue]) -> None:
        self._values = {(row.series, row.month): row.value for row in values}

    def value(self, series: str, month: date) -> Decimal:
        """The value of a month. Raises ``IndexMissingError``."""
        try:
            return self._values[series, month]
        except KeyError:
            raise IndexMissingError(series, month) from None

    def ratio(self, series: str, month: date, reference: date) -> Fraction:
        """Index / reference index, exact. Raises ``IndexMissingError``."""
        return Fraction(self.value(series, month)) / Fraction(self.value(series, reference))


def month_of(day: date, lag: int = 0) -> date:
    """First day of the month that lies ``lag`` months before that of ``day``."""
    return add_months(day.replace(day=1), -lag)
