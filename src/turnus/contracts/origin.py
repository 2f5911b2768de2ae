"""Which version of a price a line was billed by: since when it holds, when it was entered and why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from turnus.catalog.facts import scheme_names
from turnus.catalog.indices import index_table
from turnus.contracts.campaign_models import Campaign, CampaignLine
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.models import Contract, Item, ItemTerms, PlannedRaise
from turnus.core.money import minor_digits
from turnus.core.raising import with_raises


class Origin(NamedTuple):
    """A version of an item's price."""

    since: date
    recorded: datetime | None
    """None: with the contract."""
    reason: str
    scheme: str
    """Code of its price scheme; empty: none, or one agreed for this contract."""
    version: int
    raised: bool = False
    """A raise that the contract plans, on top of what was stated before."""
    ratio: Ratio | None = None
    """The index by which a campaign set it."""


class Ratio(NamedTuple):
    """Index and reference index, with their months."""

    series: str
    month: date
    value: Decimal
    reference: date
    base: Decimal


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
        known_origin = Origin(first.start_on or start, None, "", code, version)
    else:
        ratio = _index(found.campaign_id, item) if found.campaign_id else None
        known_origin = Origin(found.valid_from, found.recorded_at, found.reason, code, version, ratio=ratio)
    return _raised(first, known_origin, day)


def _raised(item: Item, stated: Origin, day: date) -> Origin:
    """The version of a planned raise, where one came after what was stated."""
    if not PlannedRaise.objects.filter(contract_id=item.contract_id).exists():
        return stated
    [loaded] = contract_facts([item.contract_id], Settings(carry_small_usage=True, print_zero_charges=False))
    facts = next(row for row in loaded.facts.items if row.id == item.id)
    rows = with_raises(facts, day + timedelta(days=1), minor_digits(loaded.facts.currency)).terms
    now = next((row for row in reversed(rows) if row.since <= day), rows[0])
    if now.since <= stated.since or any(row.since == now.since for row in facts.terms):
        return stated
    return stated._replace(since=now.since, recorded=None, reason="", raised=True, ratio=None)


def _index(campaign: int, item: int) -> Ratio | None:
    series = Campaign.objects.values_list("series", flat=True).get(id=campaign)
    line = CampaignLine.objects.filter(campaign_id=campaign, item_id=item, month__isnull=False).first()
    if not series or line is None or line.month is None or line.reference is None:
        return None
    table = index_table([series])
    return Ratio(series, line.month, table.value(series, line.month), line.reference,
                 table.value(series, line.reference))  # fmt: skip
