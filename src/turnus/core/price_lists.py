"""Which catalogue price holds: by price list, country and day, in one fixed order (OD-55, JB-42).

An agreed price comes before all of these. Then the customer's price list, the list of the customer's group, the price
of the customer's country, and the price for everybody. In each list a price of the country comes before one without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.core.faults import Fault, fault
from turnus.core.money import CURRENCIES, MAX_DECIMALS
from turnus.core.periods import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from turnus.core.catalog import Model, PriceData


class PriceRow(NamedTuple):
    """A catalogue price of one product and currency on ``[valid_from, valid_to)``."""

    model: Model
    unit_price: Decimal
    gross: bool
    scheme: int | None
    """The version of a price scheme."""
    valid_from: date
    valid_to: date | None
    price_list: str = ""
    """Empty: for everybody."""
    country: str = ""
    """ISO 3166-1; empty: every country."""


class Market(NamedTuple):
    """Where a customer stands: price lists in order of precedence, and country."""

    lists: tuple[str, ...] = ()
    country: str = ""

    def places(self) -> Iterator[tuple[str, str]]:
        """(list, country) of the prices that may hold, the first first."""
        for name in (*self.lists, ""):
            if self.country:
                yield name, self.country
            yield name, ""


EVERYBODY = Market()


def price_on(rows: Sequence[PriceRow], day: date, market: Market, model: Model | None = None) -> PriceRow | None:
    """The price that holds on a day; in the first list that has one, the price that starts latest."""
    valid = [
        row
        for row in rows
        if row.valid_from <= day and (row.valid_to is None or day < row.valid_to) and model in (None, row.model)
    ]
    for place in market.places():
        found = [row for row in valid if (row.price_list, row.country) == place]
        if found:
            return max(found, key=lambda row: row.valid_from)
    return None


def windows(rows: Sequence[PriceRow], since: date, market: Market, model: Model) -> list[tuple[date, PriceRow | None]]:
    """The prices that hold from ``since`` on, each with its first day; None: no price holds, so nothing is owed."""
    edges = {row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to is not None}
    found: list[tuple[date, PriceRow | None]] = []
    for day in sorted({since, *(edge for edge in edges if edge > since)}):
        price = price_on(rows, day, market, model)
        if not found or not _alike(found[-1][1], price):
            found.append((day, price))
    return found


def _alike(one: PriceRow | None, other: PriceRow | None) -> bool:
    """The same price on paper, whichever row it comes from."""
    return one == other if one is None or other is None else one[:4] == other[:4]


def price_faults(new: PriceData, known: Sequence[PriceRow]) -> list[Fault]:
    """Everything that is wrong with a new price. ``known``: the prices of its product and currency.

    Of two windows with an end, one may lie inside the other (a promotion), but they must not cross.
    """
    what = {"product": new.product, "day": new.valid_from}
    found = []
    if new.currency not in CURRENCIES:
        found.append(fault("unknown_currency", currency=new.currency))
    if new.unit_price < 0:
        found.append(fault("negative_price", price=new.unit_price, **what))
    if -int(new.unit_price.as_tuple().exponent) > MAX_DECIMALS:
        found.append(fault("too_many_decimals", item=new.product, decimals=MAX_DECIMALS))
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        found.append(fault("negative_period", start=new.valid_from, end=new.valid_to))
        return found
    for row in known:
        same = (row.model, row.price_list, row.country) == (new.model, new.price_list, new.country)
        if same and _cross((row.valid_from, row.valid_to), (new.valid_from, new.valid_to)):
            found.append(fault("price_overlap", start=row.valid_from, end=row.valid_to or FAR_FUTURE, **what))
    return found


def _cross(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Both have an end, and each has days that the other has not beside common ones."""
    (start, end), (later, until) = sorted((one, other), key=lambda days: days[0])
    return end is not None and until is not None and start < later < end < until
