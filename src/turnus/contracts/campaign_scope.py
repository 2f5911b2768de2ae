"""Which contracts a campaign covers, read in chunks, and what it means for each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Sum

from turnus.catalog.facts import PriceBook, schemes_of
from turnus.catalog.groups import groups_on
from turnus.catalog.indices import index_table
from turnus.catalog.plans import variants_of, versions_on
from turnus.catalog.scopes import group_ids, names_of_versions, versions_of_plans
from turnus.contracts.campaign_facts import clauses_of, minimum_references, references_of
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.models import Contract, UsageDay
from turnus.core.adjusting import RuleKind
from turnus.core.campaigns import NO_CLAUSE, Campaign, Clause, Field, Line, needs_consent
from turnus.core.faults import Fault, fault
from turnus.core.indices import IndexMissingError
from turnus.core.parties import CustomerKind
from turnus.core.periods import add_months
from turnus.core.price_lists import Market as Place
from turnus.core.repricing import About, Market, Offer, plan_lines
from turnus.parties.facts import CustomerFacts, customer_facts, customer_ids, in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from turnus.core.catalog import Model
    from turnus.core.contracts import ContractFacts, Item

PAGE: Final = 1_000
SETTINGS: Final = Settings(carry_small_usage=True, print_zero_charges=False)

Billed = Callable[[Sequence[tuple[int, date]]], Mapping[int, date]]
"""(contract, sealed through) of some contracts → item → day before which it is billed."""


class PlannedContract(NamedTuple):
    """What a campaign means for one contract."""

    contract: int
    number: str
    customer: int
    currency: str
    needs_consent: bool
    lines: Sequence[Line]


class Chunk(NamedTuple):
    """Some contracts of the scope."""

    contracts: Sequence[PlannedContract]


class Reader:
    """Reads the contracts of a campaign's scope. What is wrong with the scope stands in ``faults``."""

    def __init__(self, seller: int, campaign: Campaign, *, on: date, billed: Billed) -> None:
        self.seller, self.campaign, self.on, self.billed = seller, campaign, on, billed
        self.book = PriceBook(seller)
        self.products = {self.book.products.get(code, 0) for code in campaign.values(Field.PRODUCT)}
        self.customers = customer_ids(seller, campaign.values(Field.CUSTOMER))
        self.plans = versions_of_plans(seller, campaign.values(Field.PLAN))
        self.groups = group_ids(seller, campaign.values(Field.GROUP))
        self.indices = index_table({campaign.rule.series} - {""})
        self.offers: dict[tuple[int, str, Model, Place], Offer | None] = {}
        self.variants: dict[int, dict[tuple[str, int], Offer]] = {}
        self.market = Market(self.indices, self._offer)
        self.faults = self._faults()

    def _faults(self) -> list[Fault]:
        campaign, rule = self.campaign, self.campaign.rule
        found = [fault("unknown_product", product=code) for code in sorted(campaign.values(Field.PRODUCT))
                 if code not in self.book.products]  # fmt: skip
        found += [fault("unknown_customer", customer=number) for number in sorted(campaign.values(Field.CUSTOMER))
                  if number not in self.customers]  # fmt: skip
        found += [fault("unknown_price_list", price_list=name, near="")
                  for name in sorted(campaign.values(Field.PRICE_LIST) - self.book.lists)]  # fmt: skip
        found += [fault("unknown_plan", plan=name) for name in sorted(campaign.values(Field.PLAN) - set(self.plans))]
        found += [
            fault("unknown_group", group=code) for code in sorted(campaign.values(Field.GROUP) - set(self.groups))
        ]
        for month in (rule.month, rule.reference) if rule.kind is RuleKind.INDEX else ():
            if month is not None and rule.series:
                try:
                    self.indices.value(rule.series, month)
                except IndexMissingError:
                    found.append(fault("index_missing", series=rule.series, month=month))
        return found

    def _offer(self, product: int, currency: str, model: Model, place: Place) -> Offer | None:
        """The catalogue's price on the rule's day; each looked up once."""
        key = (product, currency, model, place)
        if key not in self.offers:
            assert self.campaign.rule.as_of is not None
            found = self.book.price_on(product, currency, self.campaign.rule.as_of, model, place)
            scheme = schemes_of([found.scheme])[found.scheme] if found and found.scheme else None
            self.offers[key] = Offer(found.unit_price, scheme, found.gross) if found else None
        return self.offers[key]

    def _of_variants(self, versions: Collection[int]) -> None:
        """Learn the own prices of plans as they stand on the rule's day; each version is looked up once."""
        rule = self.campaign.rule
        new = set(versions) - self.variants.keys() - {0}
        if rule.kind is not RuleKind.CATALOGUE or rule.as_of is None or not new:
            return
        names = names_of_versions(new)
        now = versions_on(self.seller, [(name, rule.as_of) for name in names.values()])
        offered = variants_of(set(now.values()))
        for version, name in names.items():
            found = offered.get(now.get((name, rule.as_of), 0))
            items, gross = (found.items, found.gross) if found else ((), False)
            self.variants[version] = {
                (item.code, self.book.products[item.product]): Offer(item.price, None, gross)
                for item in items
                if item.price is not None and not item.scheme
            }

    def chunks(self, *, after: int) -> Iterator[Chunk]:
        """Contracts in scope in order of their ids; a set-based handful of queries per chunk."""
        scope = self._scope()
        while True:
            page = list(scope.filter(id__gt=after).order_by("id").values_list(*_CONTRACT)[:PAGE])
            if page:
                yield Chunk(self._planned(page))
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def _scope(self) -> QuerySet[Contract]:
        campaign = self.campaign
        found = Contract.objects.filter(seller_id=self.seller)
        if campaign.started_before is not None:
            found = found.filter(signed_on__lt=campaign.started_before)
        columns = {Field.KIND: "kind", Field.CONTRACT: "number", Field.CURRENCY: "currency"}
        for name, column in columns.items():
            if values := campaign.values(name):
                found = found.filter(**{f"{column}__in": sorted(values)})
        if campaign.values(Field.PLAN):
            found = found.filter(variant_id__in=sorted(set().union(*self.plans.values())))
        if campaign.values(Field.CUSTOMER):
            found = found.filter(customer_id__in=sorted(self.customers.values()))
        return found

    def _planned(self, page: Sequence[tuple[Any, ...]]) -> list[PlannedContract]:
        customers = customer_facts({row[2] for row in page})
        members = self._members({row[2] for row in page})
        rows = {row[0]: row for row in page if row[2] in members and self._meant(customers[row[2]], row[4])}
        facts = [row.facts for row in contract_facts(sorted(rows), SETTINGS)]
        scoped = {row.id: self._items(row) for row in facts}
        facts = [row for row in facts if scoped[row.id]]
        ids = [row.id for row in facts]
        clauses, billed = clauses_of(ids), self.billed([(row.id, row.sealed_through) for row in facts])
        references = references_of(ids, self.campaign.rule.series) if self.campaign.rule.series else {}
        fees = minimum_references(ids) if self.campaign.rule.series and self.campaign.rule.minimums else {}
        used = self._used(facts)
        self._of_variants({rows[row.id][5] for row in facts})
        found = []
        for row in facts:
            number, customer, currency, price_lists, variant = rows[row.id][1:]
            data = in_force(customers[customer], self.campaign.day).data
            place = Place(tuple(price_lists.splitlines()), data.address.country if self.book.countries else "")
            about = About(
                clauses.get(row.id, ()), references, billed, used, place, fees, self.variants.get(variant, {})
            )
            lines = plan_lines(self.campaign, row, scoped[row.id], about, self.market)
            consumer, ground = data.kind is CustomerKind.PERSON, self.campaign.ground
            consent = needs_consent(lines, consumer=consumer, grounds=grounds(lines, about.clauses, ground))
            found.append(PlannedContract(row.id, number, customer, currency, consent, lines))
        return found

    def _members(self, customers: set[int]) -> set[int]:
        """Those of the customers that belong to a group in scope on the campaign's day."""
        if not self.groups:
            return customers
        known, day = groups_on([(customer, self.campaign.day) for customer in customers]), self.campaign.day
        return {customer for customer in customers if known.get((customer, day)) in self.groups.values()}

    def _meant(self, versions: list[CustomerFacts], price_lists: str) -> bool:
        """Whether the customer is in scope, as it stands on the campaign's day."""
        lists = self.campaign.values(Field.PRICE_LIST)
        if lists and not lists & set(price_lists.splitlines()):
            return False
        data = in_force(versions, self.campaign.day).data
        countries, buyers = self.campaign.values(Field.COUNTRY), self.campaign.values(Field.BUYER)
        return (not countries or data.address.country in countries) and (not buyers or data.kind.value in buyers)

    def _items(self, facts: ContractFacts) -> set[int]:
        """Items in scope that have not ended by the campaign's day."""
        day = self.campaign.day
        return {item.id for item in facts.items if facts.end > day and item.end > day and self._sold(item)}

    def _sold(self, item: Item) -> bool:
        now = next((row for row in reversed(item.terms) if row.since <= self.campaign.day), item.terms[0])
        return now.model is not None and (not self.campaign.values(Field.PRODUCT) or now.product in self.products)

    def _used(self, facts: Sequence[ContractFacts]) -> dict[int, Decimal]:
        """Item → quantity of the twelve months before today, for the estimate of what usage will bring."""
        scales = {item: usage.scale for row in facts for item, usage in (row.usage or {}).items()}
        if not scales:
            return {}
        days = UsageDay.objects.filter(item_id__in=scales, day__gte=add_months(self.on, -12), day__lt=self.on)
        rows = days.values("item_id").annotate(total=Sum("quantity")).values_list("item_id", "total")
        return {item: Decimal(total).scaleb(-scales[item]) for item, total in rows}


def grounds(lines: Sequence[Line], clauses: Sequence[Clause], ground: str) -> dict[int, bool]:
    """Item → whether its price may change without consent: the campaign names a ground, or its own clause does."""
    own = {row.item: row for row in clauses}
    return {line.item: bool(ground or (own.get(line.item) or own.get(0) or NO_CLAUSE).ground) for line in lines}


_CONTRACT = ("id", "number", "customer_id", "currency", "price_lists", "variant_id")
