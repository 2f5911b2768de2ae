"""Number series and counters: gapless per seller, series and year of the issue date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.document import Kind
from turnus.core.numbering import number_format
from turnus.invoices.models import NumberRange, NumberSeries

if TYPE_CHECKING:
    from datetime import date


class IssueDateError(ValueError):
    """The issue date lies before the last one of the number range: numbers rise with the issue date."""

    def __init__(self, code: str, on: date, last: date) -> None:
        super().__init__(code, on, last)
        self.code, self.on, self.last = code, on, last


class NoSeriesError(LookupError):
    """The seller has no number series for this kind of document."""


def assert_issue_date(seller: int, on: date) -> None:
    """Numbers rise with the issue date: refuse early what the counters would refuse. Raises ``IssueDateError``."""
    later = NumberRange.objects.filter(seller_id=seller, year=on.year, last_issue_date__gt=on)
    last = later.order_by("-last_issue_date").values_list("last_issue_date", flat=True).first()
    if last is not None:
        raise IssueDateError("issue_date_before_last", on, last)


_SELF = ("GU", "GU-{YYYY}-{000000}")
_ADVANCE = ("AR", "AR-{YYYY}-{000000}")
OWN_RANGES: Final = {
    Kind.PROFORMA.value: ("PF", "PF-{YYYY}-{000000}"), Kind.SELF_BILLING.value: _SELF, Kind.SELF_CREDIT.value: _SELF,
    Kind.COVERED.value: ("DF", "DF-{YYYY}-{000000}"),
    Kind.DEPOSIT.value: _ADVANCE, Kind.PROGRESS.value: _ADVANCE,
}  # fmt: skip
"""Kinds that never share a range with others (L-08b): code and pattern where the seller has none for them."""


_LIKE: Final = {Kind.CORRECTION.value: (Kind.CREDIT.value,)}
"""Kinds that are numbered like another one where the seller has no series for them."""


def series_of(seller: int, kind: str, on: date) -> NumberSeries:
    """The number series of a kind of document on a day. Raises ``NoSeriesError``."""
    kinds = [kind] if kind in OWN_RANGES else ["*", *_LIKE.get(kind, ()), kind]
    rows = NumberSeries.objects.filter(seller_id=seller, kind__in=kinds, valid_from__lte=on)
    found = sorted(rows, key=lambda row: (kinds.index(row.kind), row.valid_from))
    if found:
        return found[-1]
    if kind not in OWN_RANGES:
        raise NoSeriesError(kind)
    code, pattern = OWN_RANGES[kind]
    return NumberSeries(seller_id=seller, kind=kind, code=code, pattern=pattern, valid_from=on)


def lock_range(seller: int, kind: str, on: date, taken: dict[str, NumberRange] | None = None) -> NumberRange:
    """The counter of (seller, series, year of the issue date), locked and made where there is none.

    Raises ``IssueDateError`` where the issue date lies before the last one of the range.
    """
    series = series_of(seller, kind, on)
    for row in (taken or {}).values():
        if row.code == series.code:
            return row
    key = {"seller_id": seller, "code": series.code, "year": on.year}
    NumberRange.objects.get_or_create(**key, defaults={"last_issue_date": on})
    row = NumberRange.objects.select_for_update(no_key=True).get(**key)
    if row.last_issue_date > on:
        raise IssueDateError("issue_date_before_last", on, row.last_issue_date)
    return row


def number_text(seller: int, kind: str, on: date, value: int) -> str:
    """The number of a document as text."""
    return number_format(series_of(seller, kind, on).pattern, on).number(value)
