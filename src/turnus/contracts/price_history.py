"""Every price that an item has, had and will have, each with where it comes from and the consent behind it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.catalog.facts import PriceBook
from turnus.contracts.campaign_models import Campaign, CampaignLine, PriceDeclaration
from turnus.contracts.campaign_scope import SETTINGS
from turnus.contracts.facts import contract_facts
from turnus.contracts.follow import market_of
from turnus.contracts.models import Contract, Item, ItemTerms
from turnus.core.adjusting import RuleKind
from turnus.core.campaigns import same_scheme
from turnus.core.money import minor_digits
from turnus.core.raising import with_raises

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from turnus.core.contracts import Item as ItemFacts
    from turnus.core.contracts import Terms


class Origin(StrEnum):
    """Where a price comes from."""

    CATALOGUE = "catalogue"
    AGREED = "agreed"
    CORRECTION = "correction"
    CAMPAIGN = "campaign"
    INDEX = "index"
    RAISE = "planned_raise"


class PriceEntry(NamedTuple):
    """A price from a day on, until the next one. ``price`` in major units for one unit and one fee period."""

    item: str
    since: date
    price: Decimal
    tiers: bool
    """Prices by a scheme; ``price`` is that of a unit where the scheme has none."""
    origin: Origin
    campaign: str
    month: date | None
    """Index: the month used."""
    reference: date | None
    """Index: the month compared with."""
    ground: str
    """What the change rests on where no consent was needed."""
    answer: str
    given_at: datetime | None
    channel: str
    text_version: str
    reason: str
    recorded_at: datetime | None


class _Row(NamedTuple):
    """A recorded row of terms, as far as its origin goes."""

    reason: str
    correction: bool
    of_catalogue: bool
    campaign: int | None
    declaration: int | None
    recorded_at: datetime


def price_history(contract: int, *, until: date) -> list[PriceEntry]:
    """The prices of all items from their first day on, planned raises up to ``until`` included."""
    history = _History(contract)
    [loaded] = contract_facts([contract], SETTINGS)
    digits = minor_digits(loaded.facts.currency)
    return [
        entry
        for item in loaded.facts.items
        for entry in history.entries(with_raises(item, until + timedelta(days=1), digits), item)
        if entry.since <= until
    ]


class _History:
    """What stands beside the terms of one contract: recorded rows, campaigns, declarations, the catalogue."""

    def __init__(self, contract: int) -> None:
        self.contract = Contract.objects.get(id=contract)
        self.book = PriceBook(self.contract.seller_id)
        self.rows: dict[tuple[int, date], _Row] = {}
        columns = ("item_id", "valid_from", "reason", "correction", "of_catalogue", "campaign_id", "declaration_id",
                   "recorded_at")  # fmt: skip
        for item, since, *rest in ItemTerms.objects.filter(contract_id=contract).order_by("id").values_list(*columns):
            self.rows[item, since] = _Row(*rest)
        campaigns = {row.campaign for row in self.rows.values() if row.campaign is not None}
        self.campaigns = {row.id: row for row in Campaign.objects.filter(id__in=campaigns)}
        lines = CampaignLine.objects.filter(campaign_id__in=campaigns, contract_id=contract)
        self.lines = {(row.campaign_id, row.item_id): row for row in lines}
        self.said = {row.id: row for row in PriceDeclaration.objects.filter(contract_id=contract)}
        opening = Item.objects.filter(contract_id=contract)
        self.follows = dict(opening.values_list("id", "follows"))

    def entries(self, risen: ItemFacts, item: ItemFacts) -> Iterator[PriceEntry]:
        """Each change of an item's price, in order."""
        stated = {row.since for row in item.terms}
        before: Terms | None = None
        for terms in risen.terms:
            if terms.model is None:
                before = None
                continue
            if (
                before is None
                or (terms.unit_price, terms.product) != (before.unit_price, before.product)
                or not (same_scheme(terms.scheme, before.scheme))
            ):
                yield self._entry(item, terms, raised=terms.since not in stated)
            before = terms

    def _entry(self, item: ItemFacts, terms: Terms, *, raised: bool) -> PriceEntry:
        row = None if raised else self.rows.get((item.id, terms.since))
        found = PriceEntry(
            item.code, terms.since, terms.unit_price, terms.scheme is not None, Origin.RAISE, "", None, None, "", "",
            None, "", "", "", None,
        )  # fmt: skip
        if raised:
            return found
        if row is None:
            return found._replace(origin=self._opening(terms))
        found = found._replace(reason=row.reason, recorded_at=row.recorded_at)
        if row.campaign is not None:
            return self._of_campaign(found, row.campaign, item.id, row.declaration)
        if row.of_catalogue:
            return found._replace(origin=Origin.CATALOGUE)
        return found._replace(origin=Origin.CORRECTION if row.correction else Origin.AGREED)

    def _opening(self, terms: Terms) -> Origin:
        """Whether the price that a contract began with was the catalogue's on that day."""
        market = market_of(self.contract, terms.since, self.book)
        found = self.book.price_on(terms.product, self.contract.currency, terms.since, terms.model, market)
        scheme = terms.scheme.id if terms.scheme else None
        same = found is not None and (found.unit_price, found.scheme) == (terms.unit_price, scheme)
        return Origin.CATALOGUE if same else Origin.AGREED

    def _of_campaign(self, found: PriceEntry, campaign: int, item: int, declaration: int | None) -> PriceEntry:
        row, line = self.campaigns[campaign], self.lines.get((campaign, item))
        kinds = {RuleKind.INDEX: Origin.INDEX, RuleKind.CATALOGUE: Origin.CATALOGUE}
        values: dict[str, Any] = {"origin": kinds.get(RuleKind(row.kind), Origin.CAMPAIGN), "campaign": row.code}
        if line is not None:
            values |= {"month": line.month, "reference": line.reference}
        said = self.said.get(declaration or 0)
        if said is None:
            return found._replace(ground=row.ground, **values)
        return found._replace(
            answer=said.answer, given_at=said.given_at, channel=said.channel, text_version=said.text_version, **values
        )
