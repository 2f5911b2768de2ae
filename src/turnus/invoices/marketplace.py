"""Marketplaces settled: what was traded against what was invoiced, credited and kept; the three parts of each trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection

from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.lookup import contract_numbers
from turnus.contracts.markets import BUYER, SUPPLIER, markets, members
from turnus.contracts.trade_queries import history_of, market_items, traded, trades, wrong_trades
from turnus.core.marketplace import Parts, Rated, parts_of
from turnus.core.owed import owed
from turnus.core.periods import FAR_FUTURE, Period, slot_of
from turnus.core.tax import Tax
from turnus.parties.facts import customer_numbers, seller_ids
from turnus.records.bulk import among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from turnus.contracts.markets import StoredMarket
    from turnus.contracts.trade_queries import MarketItem
    from turnus.core.marketplace import Market, Trade


class Settled(NamedTuple):
    """A supplier in a period, net in minor units. ``payout``: what is credited less commission."""

    supplier: str
    trades: int
    traded: int
    credited: int
    commission: int

    @property
    def payout(self) -> int:
        """What the supplier keeps of what was credited."""
        return self.credited - self.commission


class Balance(NamedTuple):
    """A period of a marketplace, net in minor units. ``wrong``: items that are billed, but not with what was traded."""

    period: Period
    traded: int
    invoiced: int
    suppliers: tuple[Settled, ...]
    wrong: tuple[str, ...]

    @property
    def payout(self) -> int:
        """To all suppliers."""
        return sum(row.payout for row in self.suppliers)

    @property
    def commission(self) -> int:
        """Of all suppliers."""
        return sum(row.commission for row in self.suppliers)

    @property
    def difference(self) -> int:
        """What buyers were invoiced, less payouts, less commission: 0 where the period is billed."""
        return self.invoiced - self.payout - self.commission


class _Books(NamedTuple):
    """All that a marketplace's periods are computed from."""

    market: Market
    items: Mapping[int, MarketItem]
    supplier: Mapping[int, int]
    """Contract of a supplier → its customer; not those of buyers."""
    should: Mapping[tuple[Period, int], int]
    """(Period, item) → traded; of buyers' and suppliers' items."""
    trades: Mapping[tuple[Period, int], int]
    stands: Mapping[tuple[Period, int], int]
    """(Period, item) → issued."""


def reconcile(stored: StoredMarket, days: Period | None = None) -> list[Balance]:
    """Period by period; ``days``: those that begin in it, None: all."""
    books = _books(stored, days)
    numbers = customer_numbers(set(books.supplier.values()))
    contracts = contract_numbers({item.contract for item in books.items.values()})
    periods = sorted({period for period, _item in books.should.keys() | books.stands.keys()})
    return [_balance(books, period, numbers, contracts) for period in periods]


def _books(stored: StoredMarket, days: Period | None) -> _Books:
    market = stored.market
    whole = None if days is None else _whole(market, days)
    suppliers: dict[int, int] = {}
    contracts = set()
    for member in members([stored.id]):
        contracts |= {member.contract, member.charge} - {0}
        if member.role == SUPPLIER:
            suppliers |= {member.contract: member.customer, member.charge: member.customer}
    should: dict[tuple[Period, int], int] = {}
    count: dict[tuple[Period, int], int] = {}
    for side in (BUYER, SUPPLIER):
        for item, day, net, rows in traded(stored.id, side, whole):
            place = (slot_of(market.since, market.cycle, day), item)
            should[place] = should.get(place, 0) + net
            count[place] = count.get(place, 0) + rows
    stands: dict[tuple[Period, int], int] = {}
    for item, start, net in _issued(contracts, whole):
        place = (slot_of(market.since, market.cycle, start), item)
        stands[place] = stands.get(place, 0) + net
    return _Books(market, market_items(contracts), suppliers, should, count, stands)


def _whole(market: Market, days: Period) -> Period:
    """All days of the periods that begin in ``days``."""
    first = slot_of(market.since, market.cycle, days.start)
    start = first.start if first.start >= days.start else first.end
    end = days.end if days.end == FAR_FUTURE else slot_of(market.since, market.cycle, days.last_day).end
    return Period(start, max(start, end))


_ISSUED: Final = (
    "SELECT l.item_id, l.slot_start, SUM(l.net) FROM invoices_invoiceline AS l "
    "JOIN invoices_invoice AS i ON i.id = l.invoice_id AND i.state = 'issued' "
    "WHERE {mine} AND l.part LIKE %s{when} GROUP BY l.item_id, l.slot_start"
)


def _issued(contracts: Collection[int], days: Period | None) -> list[tuple[int, date, int]]:
    """(Item, first day of its slot, net of issued lines that bill usage)."""
    if not contracts:
        return []
    mine, ids = among("l.contract_id", contracts)
    when = "" if days is None else " AND l.slot_end > %s AND l.slot_start < %s"
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED.format(mine=mine, when=when), [ids, "usage%", *(days or ())])
        return [(item, start, int(net)) for item, start, net in cursor.fetchall()]


def _balance(books: _Books, period: Period, numbers: Mapping[int, str], contracts: Mapping[int, str]) -> Balance:
    """``Settled`` of each supplier, and what the buyers have."""
    totals: dict[int, list[int]] = {}
    bought = invoiced = 0
    wrong = []
    for item in books.items.values():
        place = (period, item.id)
        should, stands = books.should.get(place, 0), books.stands.get(place, 0)
        customer = books.supplier.get(item.contract)
        if customer is None:
            bought, invoiced = bought + should, invoiced + stands
        elif should or stands:
            row = totals.setdefault(customer, [0, 0, 0, 0])
            share = stands if books.market.charge else -stands
            added = [0, 0, 0, share] if item.commission else [books.trades.get(place, 0), should, stands, 0]
            row[:] = [a + b for a, b in zip(row, added, strict=True)]
        if not item.commission and should != stands and item.clean and period.end < item.due_on:
            wrong.append(f"{contracts[item.contract]}/{item.code}")
    rows = sorted(Settled(numbers[customer], *row) for customer, row in totals.items())
    return Balance(period, bought, invoiced, tuple(rows), tuple(wrong))


def unsettled() -> list[str]:
    """What the doctor finds: usage that is not what was traded, billed periods that do not add up to zero."""
    found = []
    for seller, _code in seller_ids():
        for stored in markets(seller):
            found += wrong_trades(stored.id, stored.market.currency)
            for balance in reconcile(stored):
                found += [f"{item} {balance.period.start.isoformat()}" for item in balance.wrong]
    return found


# ---- single trades ---------------------------------------------------------------------------------------------------


class TradeLine(NamedTuple):
    """A trade that counts, with its three parts; those of a period that is not billed yet may still change."""

    trade: Trade
    parts: Parts


def trade_lines(stored: StoredMarket, days: Period | None = None, *, supplier: int = 0) -> list[TradeLine]:
    """Trades of the periods that begin in ``days``, by day and key, each with its three parts."""
    market = stored.market
    rows = trades(stored.id, days=None if days is None else _whole(market, days), supplier=supplier)
    groups: dict[tuple[str, Period], list[Trade]] = {}
    for row in rows:
        groups.setdefault((row.supplier, slot_of(market.since, market.cycle, row.day)), []).append(row)
    shares = _commissions(stored, {period for _supplier, period in groups}, supplier)
    found: dict[str, Parts] = {}
    for (number, period), group in groups.items():
        found |= _parts(market, group, shares.get((number, period), {}))
    return [TradeLine(row, found[row.key]) for row in rows]


def trade_history(stored: StoredMarket, key: str) -> tuple[list[Trade], TradeLine | None]:
    """All rows around a key, and the one that counts with its parts; None: cancelled, or no such key."""
    rows = history_of(stored.id, key)
    if not rows:
        return [], None
    [member] = [m for m in members([stored.id]) if m.role == SUPPLIER and _number(m.customer) == rows[-1].supplier]
    period = slot_of(stored.market.since, stored.market.cycle, rows[-1].day)
    lines = trade_lines(stored, period, supplier=member.customer)
    return rows, next((line for line in lines if line.trade.key == rows[-1].key), None)


def _number(customer: int) -> str:
    return customer_numbers([customer])[customer]


def _parts(market: Market, group: Iterable[Trade], shares: Mapping[str, list[Rated]]) -> dict[str, Parts]:
    """A kept commission is that of a product; a charged one is of all that was sold."""
    found: dict[str, Parts] = {}
    by_meter: dict[str, dict[str, int]] = {}
    for row in group:
        by_meter.setdefault(market.charge or row.product, {})[row.key] = row.net
    for meter, nets in by_meter.items():
        found |= parts_of(nets, shares.get(meter, ()))
    return found


def _commissions(
    stored: StoredMarket, periods: Collection[Period], supplier: int
) -> dict[tuple[str, Period], dict[str, list[Rated]]]:
    """(Supplier, period) → meter → commission: of sealed periods what was issued, of others what is owed."""
    mine = [m for m in members([stored.id]) if m.role == SUPPLIER and supplier in (0, m.customer)]
    owner = {m.charge or m.contract: m.customer for m in mine}
    if not periods or not owner:
        return {}
    items = {number: item for number, item in market_items(owner).items() if item.commission}
    amounts: dict[tuple[int, Period], int] = {}
    for item, start, net in _issued(owner, Period(min(periods).start, max(periods).end)):
        period = slot_of(stored.market.since, stored.market.cycle, start)
        if item in items and period.end <= items[item].sealed:
            amounts[item, period] = amounts.get((item, period), 0) + net
    through = max(period.end for period in periods)
    for _row, facts in contract_facts(list(owner), Settings(carry_small_usage=True, print_zero_charges=False)):
        for charge in owed(facts, lambda _account, _product, _day: Tax("", 0), through=through).charges:
            place = (
                charge.identity.item,
                slot_of(stored.market.since, stored.market.cycle, charge.identity.slot.start),
            )
            if charge.identity.item in items and charge.identity.part.startswith("usage"):
                amounts[place] = amounts.get(place, 0) + charge.identity.amount
    numbers, sign = customer_numbers(set(owner.values())), 1 if stored.market.charge else -1
    found: dict[tuple[str, Period], dict[str, list[Rated]]] = {}
    for (number, period), amount in sorted(amounts.items()):
        item_ = items[number]
        rated = Rated(sign * amount, item_.counts)
        meters = found.setdefault((numbers[owner[item_.contract]], period), {})
        meters.setdefault(item_.meter, []).append(rated)
    return found
