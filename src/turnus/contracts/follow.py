"""Items that follow the catalogue: should-be terms by its price windows, minus the terms recorded (JB-42).

Where a catalogue price begins or ends, an item that follows has terms of its own from that day on, as a fact with its
reason; billing splits the fee period there. The facts are written when a contract is concluded or amended and when a
price is entered. An item follows until another price is agreed; another product at its catalogue price is followed too.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.catalog.facts import PinnedPrice, PriceBook, product_ids
from turnus.contracts.models import Contract, Item, ItemTerms, Span
from turnus.contracts.terms import COLUMNS
from turnus.contracts.touch import touch
from turnus.core.amending import ENDED, Fields, Row, Statement, in_force, latest, stated
from turnus.core.catalog import Model
from turnus.core.price_lists import Market
from turnus.parties.facts import CustomerFacts, customer_facts, is_consumer
from turnus.parties.facts import in_force as version_on
from turnus.records.audit import Act, audit_many

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from turnus.core.actors import Stamp

CHUNK: Final = 1_000
REASON: Final = "catalogue price"
STATES: Final = f"{ENDED},gross,scheme_id,unit_price"
"""What a row says that follows the catalogue: the price, or that none holds."""


class _Deal(NamedTuple):
    """What the prices of a contract's items depend on."""

    currency: str
    start: date
    lists: tuple[str, ...]
    versions: Sequence[CustomerFacts]

    def market(self, day: date) -> Market:
        """Where the customer stands on a day."""
        country = version_on(list(self.versions), day).data.address.country if self.versions else ""
        return Market(self.lists, country)


def market_of(contract: Contract, day: date, book: PriceBook) -> Market:
    """Where the customer of a contract stands on a day."""
    versions = customer_facts([contract.customer_id]).get(contract.customer_id, []) if book.countries else []
    return _Deal("", day, tuple(contract.price_lists.splitlines()), versions).market(day)


def follow_new_prices(seller: int, products: Collection[str], *, by: Stamp) -> int:
    """Bring every contract that follows one of the products up to its prices. Inside the caller's transaction.

    Returns how many items got other terms.
    """
    known = product_ids(seller)
    ids = [known[code] for code in products if code in known]
    mine = Item.objects.filter(follows=True, contract_id__in=Contract.objects.filter(seller_id=seller).values("id"))
    contracts = set(mine.filter(product_id__in=ids).values_list("contract_id", flat=True))
    if mine.exists():
        later = ItemTerms.objects.filter(product_id__in=ids, item_id__in=mine.values("id"))
        contracts |= set(later.values_list("contract_id", flat=True))
    if not contracts:
        return 0
    book, ordered = PriceBook(seller), sorted(contracts)
    return sum(follow(ordered[place : place + CHUNK], book, by=by) for place in range(0, len(ordered), CHUNK))


def follow(contracts: Collection[int], book: PriceBook, *, concluded: bool = False, by: Stamp) -> int:
    """Write the terms that the items of these contracts lack to follow the catalogue; returns of how many items.

    ``concluded``: these are new, so the windows that the catalogue has now are agreed. Later a consumer follows none:
    silence is no consent to another price (L-35), which takes a campaign (``turnus prices``).
    """
    if not concluded:
        contracts = _without_consumers(contracts, on=by.at.date())
    locked = Contract.objects.select_for_update(no_key=True).filter(id__in=contracts).order_by("id")
    columns = ("id", "currency", "start_on", "price_lists", "customer_id")
    rows = {row[0]: row[1:] for row in locked.values_list(*columns)}
    versions = customer_facts({row[-1] for row in rows.values()}) if book.countries else {}
    spans = dict(Span.objects.filter(contract_id__in=rows).order_by("id").values_list("contract_id", "start_on"))
    deals = {
        number: _Deal(currency, spans.get(number, start), tuple(lists.splitlines()), versions.get(customer, ()))
        for number, (currency, start, lists, customer) in rows.items()
    }
    missing: list[ItemTerms] = []
    days: dict[int, date] = {}
    for item in _items(deals):
        for row in _missing(item, deals[item.contract], book):
            missing.append(_terms(item, row, by))
            days[item.contract] = min(days.get(item.contract, row.since), row.since)
    ItemTerms.objects.bulk_create(missing, batch_size=CHUNK)
    for day in sorted(set(days.values())):
        touch([contract for contract, first in days.items() if first == day], day)
    audit_many(by, "contract.follow_prices", "contract", [Act(c, {"from": day}) for c, day in days.items()])
    return len({row.item_id for row in missing})


def _without_consumers(contracts: Collection[int], *, on: date) -> list[int]:
    """The contracts whose customer is no consumer (§ 13 BGB) on a day."""
    owners = dict(Contract.objects.filter(id__in=set(contracts)).values_list("id", "customer_id"))
    customers = customer_facts(set(owners.values()))
    consumers = {customer for customer, versions in customers.items() if is_consumer(versions, on)}
    return [contract for contract in contracts if owners.get(contract) not in consumers]


class _Item(NamedTuple):
    """An item that follows: its first day, and all rows of its terms in the order of recording."""

    id: int
    contract: int
    start: date
    rows: list[Row]
    of_catalogue: list[bool]


def _items(deals: dict[int, _Deal]) -> Iterator[_Item]:
    found: dict[int, _Item] = {}
    opening = Item.objects.filter(contract_id__in=deals, follows=True).order_by("id")
    for number, contract, start, *values in opening.values_list("id", "contract_id", "start_on", *COLUMNS):
        fields = dict(zip(COLUMNS, values, strict=True)) | {ENDED: False}
        found[number] = _Item(number, contract, start or deals[contract].start, [Row(date.min, 0, fields, "")], [False])
    later = ItemTerms.objects.filter(item_id__in=found).order_by("id")
    names = ("item_id", "id", "valid_from", "states", "of_catalogue")
    for number, order, since, states, mark, *values in later.values_list(*names, *COLUMNS):
        item, fields = found[number], dict(zip(COLUMNS, values, strict=True))
        before = latest(item.rows, since)
        assert before is not None
        ended = {"model": fields["model"] or before.fields["model"], ENDED: fields["model"] is None}
        item.rows.append(Row(since, order, fields | ended, states))
        item.of_catalogue.append(mark)
    yield from found.values()


def _terms(item: _Item, row: Row, by: Stamp) -> ItemTerms:
    columns: dict[str, Any] = {name: row.fields[name] for name in COLUMNS}
    if row.fields[ENDED]:
        columns["model"] = None
    return ItemTerms(
        contract_id=item.contract, item_id=item.id, valid_from=row.since, recorded_at=by.at, reason=REASON,
        states=STATES, of_catalogue=True, **columns,
    )  # fmt: skip


def _missing(item: _Item, deal: _Deal, book: PriceBook) -> Iterator[Row]:
    """Rows to append so that on every day the terms are what people stated, at the catalogue's price."""
    said = stated(item.rows)
    people = [statement for statement, mark in zip(said, item.of_catalogue, strict=True) if not mark]
    should, stands = dict(_should_be(item, people, deal, book)), list(item.rows)
    order = max(row.order for row in stands)
    for day in sorted({*should, *(row.since for row in stands)}):
        wanted = should[max(since for since in should if since <= day)]
        standing = latest(stands, day)
        if standing is None or standing.fields != wanted:
            order += 1
            stands.append(Row(day, order, wanted, STATES))
            yield stands[-1]


def _should_be(item: _Item, people: Sequence[Statement], deal: _Deal, book: PriceBook) -> Iterator[tuple[date, Fields]]:
    """What people stated from each day on, and where that follows the catalogue its price in each of its windows."""
    timeline = sorted(in_force(people).items())
    follows = True
    for place, (since, fields) in enumerate(timeline):
        yield since, fields
        day, market = max(since, item.start), deal.market(max(since, item.start))
        product, model = fields["product_id"], Model(fields["model"])
        stated_here = {name for row in people if row.since == since for name in row.fields} if place else set()
        if stated_here & {"unit_price", "scheme_id"}:
            price = book.price_on(product, deal.currency, day, model, market)
            agreed = (fields["unit_price"], fields["scheme_id"])
            follows = "product_id" in stated_here and price is not None and (price.unit_price, price.scheme) == agreed
        if not follows or fields[ENDED]:
            continue
        until = timeline[place + 1][0] if place + 1 < len(timeline) else date.max
        for edge, found in book.windows(product, deal.currency, day, model, market):
            if edge < until:
                yield edge, fields | _price_fields(found)


def _price_fields(price: PinnedPrice | None) -> Fields:
    if price is None:
        return {ENDED: True}
    return {ENDED: False, "unit_price": price.unit_price, "gross": price.gross, "scheme_id": price.scheme}
