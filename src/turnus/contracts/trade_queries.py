"""What was traded, for reading and for the doctor: sums by item and day, and trades of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, OuterRef, Sum

from turnus.contracts.lookup import contract_numbers
from turnus.contracts.market_models import MarketMember, MarketTrade
from turnus.contracts.models import Contract, Item, UsageDay
from turnus.contracts.trades import trades_of
from turnus.core.marketplace import Act, Trade
from turnus.core.money import minor_digits
from turnus.core.usage import Aggregation

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from turnus.core.periods import Period


class Traded(NamedTuple):
    """Net amount, minor units, and number of trades that count on one day, for one item."""

    item: int
    day: date
    net: int
    trades: int


class MarketItem(NamedTuple):
    """A metered item of a member's contract. ``clean``: billed as it stands; then all due before ``due_on`` is."""

    id: int
    contract: int
    code: str
    meter: str
    aggregation: str
    clean: bool
    due_on: date
    sealed: date

    @property
    def counts(self) -> bool:
        """It counts trades, not money."""
        return self.aggregation == Aggregation.COUNT

    @property
    def commission(self) -> bool:
        """It listens to what is sold, or charges a share of it."""
        return bool(self.meter)


def traded(market: int, side: str, days: Period | None = None) -> list[Traded]:
    """Sums of what counts; ``side``: ``buyer`` or ``supplier``. ``days``: only these; None: all."""
    item = f"{side}_item_id"
    rows = _counting(market, days).values_list(item, "day").annotate(net=Sum("net"), trades=Count("id")).order_by()
    return sorted(Traded(number, day, int(net), count) for number, day, net, count in rows)


def _counting(market: int, days: Period | None) -> QuerySet[MarketTrade]:
    """Rows that are neither cancellations nor superseded."""
    later = MarketTrade.objects.filter(market_id=OuterRef("market_id"), of_key=OuterRef("key")).exclude(of_key="")
    rows = MarketTrade.objects.filter(market_id=market).exclude(act=Act.CANCELLATION.value)
    if days is not None:
        rows = rows.filter(day__gte=days.start, day__lt=days.end)
    return rows.exclude(Exists(later))


def trades(market: int, *, days: Period | None = None, supplier: int = 0) -> list[Trade]:
    """Trades that count, by day and key."""
    rows = _counting(market, days)
    if supplier:
        rows = rows.filter(supplier_id=supplier)
    return [trade for _market, trade in trades_of(rows.order_by("day", "key"))]


def history_of(market: int, key: str) -> list[Trade]:
    """All rows that superseded each other around a key, the first one first; none: there is no such key."""
    [first] = _rows(market, key=key) or [None]
    while first is not None and first.of:
        [first] = _rows(market, key=first.of)
    found = []
    while first is not None:
        found.append(first)
        [first] = _rows(market, of_key=first.key) or [None]
    return found


def _rows(market: int, **condition: str) -> list[Trade | None]:
    return [trade for _market, trade in trades_of(MarketTrade.objects.filter(market_id=market, **condition))]


def market_items(contracts: Collection[int]) -> dict[int, MarketItem]:
    """Items of the contracts, with how far these are billed."""
    columns = ("id", "revision", "billed_revision", "due_on", "sealed_through")
    rows = Contract.objects.filter(id__in=contracts).values_list(*columns)
    heads = {contract: (revision == billed, due, seal) for contract, revision, billed, due, seal in rows}
    items = Item.objects.filter(contract_id__in=contracts).order_by("id")
    return {
        row[0]: MarketItem(*row, *heads[row[1]])
        for row in items.values_list("id", "contract_id", "code", "meter", "aggregation")
    }


def wrong_trades(market: int, currency: str) -> list[str]:
    """Contract, item and day whose usage is not what was traded: then the three contracts no longer agree."""
    should = _should(market)
    items = Item.objects.filter(contract_id__in=_contracts(market)).values_list("id", "contract_id", "code", "scale")
    known = {item: (contract, code, scale) for item, contract, code, scale in items}
    counting = {row.id for row in market_items({row[0] for row in known.values()}).values() if row.counts}
    days = UsageDay.objects.filter(item_id__in=known).values_list("item_id", "day").annotate(total=Sum("quantity"))
    stands = {(item, day): int(total) for item, day, total in days.order_by() if total}
    digits = minor_digits(currency)
    wanted = {
        (item, day): value * 10 ** (known[item][2] - (0 if item in counting else digits))
        for (item, day), value in should.items()
    }
    wrong = sorted(place for place in wanted.keys() | stands.keys() if wanted.get(place, 0) != stands.get(place, 0))
    numbers = contract_numbers({known[item][0] for item, _day in wrong})
    return [f"{numbers[known[item][0]]}/{known[item][1]} {day.isoformat()}" for item, day in wrong]


def _contracts(market: int) -> set[int]:
    rows = MarketMember.objects.filter(market_id=market).values_list("contract_id", "charge_contract_id")
    return {contract for row in rows for contract in row} - {0}


def _should(market: int) -> dict[tuple[int, date], int]:
    """(Item, day) → what was traded, minor units, or how often, where the item counts trades."""
    found: dict[tuple[int, date], int] = {}
    for row in traded(market, "buyer"):
        found[row.item, row.day] = row.net
    items = market_items(_contracts(market))
    charged = dict(MarketMember.objects.filter(market_id=market).values_list("contract_id", "charge_contract_id"))
    heard: dict[tuple[int, str], list[MarketItem]] = {}
    for item in items.values():
        own = item.contract in charged  # a contract that charges counts what all products sold
        heard.setdefault((item.contract, item.meter if own else ""), []).append(item)
    for row in traded(market, "supplier"):
        sold = items[row.item]
        charge = charged[sold.contract]
        for item in [sold, *heard.get((charge, "") if charge else (sold.contract, sold.code), ())]:
            place = (item.id, row.day)
            found[place] = found.get(place, 0) + (row.trades if item.counts else row.net)
    return found
