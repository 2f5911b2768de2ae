"""Which version of a price a line was billed by: since when it holds, when it was entered and why."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from turnus.catalog.facts import scheme_names
from turnus.contracts.models import Contract, Item, ItemTerms


class Origin(NamedTuple):
    """A version of an item's price."""

    since: date
    recorded: datetime | None
    """None: with the contract."""
    reason: str
    scheme: str
    """Code of its price scheme; empty: none, or one agreed for this contract."""
    version: int


def origin_of(item: int, day: date, price: Decimal, *, by: datetime) -> Origin | None:
    """The version in force on ``day`` as known ``by``: of several for that day the one with this unit price.

    None where the item is unknown: lines by hand.
    """
    first = Item.objects.filter(id=item).first()
    if first is None:
        return None
    start = Contract.objects.filter(id=first.contract_id).values_list("start_on", flat=True).get()
    later = ItemTerms.objects.filter(item_id=item, valid_from__lte=day, recorded_at__lte=by)
    known = list(later.order_by("-valid_from", "-id"))
    found = next((row for row in known if row.unit_price == price), known[0] if known else None)
    code, version = scheme_names([(found or first).scheme_id or 0]).get((found or first).scheme_id or 0, ("", 0))
    if found is None:
        return Origin(first.start_on or start, None, "", code, version)
    return Origin(found.valid_from, found.recorded_at, found.reason, code, version)
