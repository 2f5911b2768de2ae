"""Which version of a price a line was billed by: since when it holds, where it comes from, when it was entered, why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import PriceBook, scheme_names
from turnus.catalog.indices import index_table
from turnus.catalog.plans import variants_of
from turnus.contracts.campaign_models import Campaign, CampaignLine
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.follow import market_of
from turnus.contracts.models import Contract, ContractDiscount, Item, ItemTerms
from turnus.core.catalog import Model
from turnus.core.money import minor_digits
from turnus.core.raising import risen, with_raises

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.contracts import ContractFacts, Raise
    from turnus.core.price_lists import PriceRow


class Source(StrEnum):
    """Where a price comes from."""

    CATALOGUE = "catalogue"
    PRICE_LIST = "price_list"
    PLAN = "plan"
    AGREED = "agreed"
    CORRECTION = "correction"
    CAMPAIGN = "campaign"


class Origin(NamedTuple):
    """A version of an item's price."""

    since: date
    recorded: datetime | None
    """None: with the contract."""
    reason: str
    scheme: str
    """Code of its price scheme; empty: none, or one agreed for this contract."""
    version: int
    source: Source
    name: str = ""
    """Of the price list or the plan's variant."""
    valid_from: date | None = None
    """Since when the catalogue's price, or the version of the plan, is valid."""
    raises: Sequence[Raise] = ()
    """What the contract plans, on top of ``before``: the price that held until then."""
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    ratio: Ratio | None = None
    """The index by which a campaign set it."""


class Ratio(NamedTuple):
    """Index and reference index, with their months."""

    series: str
    month: date
    value: Decimal
    reference: date
    base: Decimal


def facts_known(contract: int, by: datetime | None) -> ContractFacts | None:
    """A contract as it was known ``by`` a moment (None: now); None where there is none of this id."""
    loaded = contract_facts([contract], Settings(carry_small_usage=True, print_zero_charges=False), known_by=by)
    return loaded[0].facts if loaded else None


def granted_periods(contract: int) -> dict[int, int]:
    """Discount → for how many fee periods it was granted, where it was so."""
    rows = ContractDiscount.objects.filter(contract_id=contract, periods__isnull=False)
    return {number: periods for number, periods in rows.values_list("id", "periods") if periods}


def origin_of(item: int, day: date, facts: ContractFacts, *, by: datetime | None) -> Origin | None:
    """The version in force on ``day`` as known ``by``; ``facts``: those of its contract.

    None where the item is unknown: lines by hand.
    """
    first = Item.objects.filter(id=item).first()
    if first is None:
        return None
    later = ItemTerms.objects.filter(item_id=item, valid_from__lte=day)
    if by is not None:
        later = later.filter(recorded_at__lte=by)
    found = later.order_by("-valid_from", "-id").first()
    code, version = scheme_names([(found or first).scheme_id or 0]).get((found or first).scheme_id or 0, ("", 0))
    if found is None:
        contract = Contract.objects.get(id=first.contract_id)
        since = max(first.start_on or facts.start, facts.start)
        source, name, valid_from = _opening(first, contract, since)
        return _raised(Origin(since, None, "", code, version, source, name, valid_from), item, facts, day)
    ratio = _index(found.campaign_id, item) if found.campaign_id else None
    source, name, valid_from = _later(found, first.contract_id)
    origin = Origin(found.valid_from, found.recorded_at, found.reason, code, version, source, name, valid_from,
                    ratio=ratio)  # fmt: skip
    return _raised(origin, item, facts, day)


_Named = tuple[Source, str, date | None]


def _opening(item: Item, contract: Contract, since: date) -> _Named:
    """Of the price that an item began with: its plan states it, or it was the catalogue's on that day."""
    variant = variants_of([contract.variant_id]).get(contract.variant_id) if contract.variant_id else None
    for offered in variant.items if variant else ():
        if variant and offered.code == item.code and (offered.price == item.unit_price or offered.scheme):
            return Source.PLAN, f"{variant.plan}/{variant.code}", variant.valid_from
    found = _catalogue(item, contract, since)
    return found or (Source.AGREED, "", None)


def _later(row: ItemTerms, contract: int) -> _Named:
    if row.of_catalogue:
        return _catalogue(row, Contract.objects.get(id=contract), row.valid_from) or (Source.CATALOGUE, "", None)
    if row.campaign_id is not None:
        return Source.CAMPAIGN, "", None
    return Source.CORRECTION if row.correction else Source.AGREED, "", None


def _catalogue(row: Item | ItemTerms, contract: Contract, day: date) -> _Named | None:
    """The catalogue's price on a day, where it is that of the row."""
    if row.model is None:
        return None
    book = PriceBook(contract.seller_id)
    market = market_of(contract, day, book)
    found: PriceRow | None = book.row_on(row.product_id, contract.currency, day, Model(row.model), market)
    if found is None or (found.unit_price, found.scheme) != (row.unit_price, row.scheme_id):
        return None
    return (Source.PRICE_LIST if found.price_list else Source.CATALOGUE), found.price_list, found.valid_from


def _raised(stated: Origin, item: int, facts: ContractFacts, day: date) -> Origin:
    """The version of a planned raise, where one came after what was stated."""
    known = next((row for row in facts.items if row.id == item), None)
    if known is None or not known.raises:
        return stated
    rows = with_raises(known, day + timedelta(days=1), minor_digits(facts.currency)).terms
    place = max((n for n, row in enumerate(rows) if row.since <= day), default=0)
    now = rows[place]
    if now.since <= stated.since or any(row.since == now.since for row in known.terms):
        return stated
    return stated._replace(
        since=now.since, recorded=None, reason="", ratio=None, raises=risen(known, now.since),
        before=rows[place - 1].unit_price, after=now.unit_price,
    )  # fmt: skip


def _index(campaign: int, item: int) -> Ratio | None:
    series = Campaign.objects.values_list("series", flat=True).get(id=campaign)
    line = CampaignLine.objects.filter(campaign_id=campaign, item_id=item, month__isnull=False).first()
    if not series or line is None or line.month is None or line.reference is None:
        return None
    table = index_table([series])
    return Ratio(series, line.month, table.value(series, line.month), line.reference,
                 table.value(series, line.reference))  # fmt: skip
