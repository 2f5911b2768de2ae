"""Take in what was traded: rows are kept for their key, the three contracts behind them are metered. Set-based."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from turnus.contracts.market_models import MarketTrade
from turnus.contracts.markets import (
    BUYER,
    SUPPLIER,
    Member,
    StoredMarket,
    join_buyers,
    lock_market,
    markets,
    members,
    unknown_market,
)
from turnus.contracts.meter import UsageIntake
from turnus.contracts.models import Contract, Item, Span
from turnus.core.faults import Fault, fault
from turnus.core.marketplace import Act, Trade, records, trade_fault
from turnus.parties.facts import customer_ids, customer_numbers
from turnus.parties.suppliers import Agreement, agreement_on, agreements
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp
    from turnus.core.marketplace import TradeRow
    from turnus.core.usage import UsageRecord

Taken = Literal["created", "unchanged"] | Fault

TRADE: Final = (
    "market_id", "key", "act", "of_key", "product", "buyer_id", "supplier_id", "day", "net", "currency",
    "buyer_item_id", "supplier_item_id",
)  # fmt: skip


class TradeIntake:
    """Takes trades batch by batch inside one transaction; ``close`` at its end tells the contracts."""

    def __init__(self, seller: int, *, by: Stamp) -> None:
        self.seller, self.by = seller, by
        self.markets = {row.market.code: row for row in markets(seller)}
        self.usage = UsageIntake(seller)
        lock_market([row.id for row in self.markets.values()])

    def take(self, rows: Sequence[TradeRow]) -> list[Taken]:
        """Add rows; answers for each: created, unchanged, or why it is refused."""
        batch = _Batch(self, rows)
        taken = [batch.decide(*row) for row in rows]
        insert(MarketTrade, TRADE, batch.rows)
        if batch.records:
            self.usage.take(batch.records)
        return taken

    def close(self) -> None:
        """The next run looks at the contracts again."""
        self.usage.close()


class _Batch:
    """Rows against what is there: decided one after the other, saved at once."""

    def __init__(self, intake: TradeIntake, rows: Sequence[TradeRow]) -> None:
        self.intake = intake
        mine = [(intake.markets[row.market], row.trade) for row in rows if row.market in intake.markets]
        self.known = _stored({(stored.id, key) for stored, trade in mine for key in (trade.key, trade.of) if key})
        of = {(stored.id, trade.of) for stored, trade in mine if trade.of}
        self.superseded = _superseding(of)
        trades = [*(trade for _stored, trade in mine), *self.known.values()]
        numbers = {number for trade in trades for number in (trade.buyer, trade.supplier) if number}
        self.customers = customer_ids(intake.seller, numbers)
        self._join(mine)
        self.members = {(row.market, row.customer, row.role): row for row in self._members(mine)}
        self.agreements: dict[int, list[Agreement]] = agreements(
            {row.customer for row in self.members.values() if row.role == SUPPLIER}
        )
        contracts = {row.contract for row in self.members.values()}
        self.items = {(contract, code): item for item, contract, code in _items(contracts)}
        self.ends = _ends(contracts)
        self.rows: list[tuple[Any, ...]] = []
        self.records: list[UsageRecord] = []

    def _members(self, mine: Iterable[tuple[StoredMarket, Trade]]) -> list[Member]:
        return members({stored.id for stored, _trade in mine}, set(self.customers.values()))

    def _join(self, mine: Sequence[tuple[StoredMarket, Trade]]) -> None:
        """Buyers join with what they buy; suppliers never do: theirs is an agreement."""
        joined = {(row.market, row.customer, row.role) for row in self._members(mine)}
        new: dict[str, dict[str, int]] = {}
        for stored, trade in mine:
            buyer, supplier = self.customers.get(trade.buyer), self.customers.get(trade.supplier, 0)
            wrong = trade_fault(trade._replace(of=""), None, "", stored.market)
            if buyer is None or wrong or trade.act is Act.CANCELLATION or (stored.id, buyer, BUYER) in joined:
                continue
            if (stored.id, supplier, SUPPLIER) in joined:
                new.setdefault(stored.market.code, {})[trade.buyer] = buyer
        for code, customers in sorted(new.items()):
            join_buyers(self.intake.seller, self.intake.markets[code], customers, by=self.intake.by)

    def decide(self, code: str, trade: Trade) -> Taken:
        """What becomes of a row, with what it changes noted."""
        stored = self.intake.markets.get(code)
        if stored is None:
            return unknown_market(code, self.intake.markets)
        before = self.known.get((stored.id, trade.of)) if trade.of else None
        if trade.act is Act.CANCELLATION and before is not None:
            trade = before._replace(key=trade.key, act=trade.act, of=trade.of)
        there = self.known.get((stored.id, trade.key))
        if there is not None:
            return "unchanged" if there == trade else fault("trade_contradicts", key=trade.key)
        found = trade_fault(trade, before, self.superseded.get((stored.id, trade.of), ""), stored.market)
        found = found or (None if trade.act is Act.CANCELLATION else self._parties(stored, trade))
        if found is not None:
            return found
        self._note(stored, trade, before)
        return "created"

    def _parties(self, stored: StoredMarket, trade: Trade) -> Fault | None:
        for number in (trade.buyer, trade.supplier):
            if number not in self.customers:
                return fault("unknown_customer", customer=number)
        supplier = self.customers[trade.supplier]
        if (stored.id, supplier, SUPPLIER) not in self.members:
            return fault("market_no_supplier", market=stored.market.code, supplier=trade.supplier)
        if agreement_on(self.agreements.get(supplier, ()), trade.day) is None:
            return fault("market_no_agreement", supplier=trade.supplier, day=trade.day)
        for customer, role in ((self.customers[trade.buyer], BUYER), (supplier, SUPPLIER)):
            contract = self.members[stored.id, customer, role].contract
            if (end := self.ends[contract][1]) is not None and trade.day >= end:
                return fault("contract_ended", contract=self.ends[contract][0], end=end)
        return None

    def _note(self, stored: StoredMarket, trade: Trade, before: Trade | None) -> None:
        self.known[stored.id, trade.key] = trade
        if trade.of:
            self.superseded[stored.id, trade.of] = trade.key
        buyer, supplier = self.customers[trade.buyer], self.customers[trade.supplier]
        items = [
            self.items[self.members[stored.id, customer, role].contract, trade.product]
            for customer, role in ((buyer, BUYER), (supplier, SUPPLIER))
        ]
        self.rows.append(
            (stored.id, trade.key, trade.act.value, trade.of, trade.product, buyer, supplier, trade.day, trade.net,
             trade.currency, *items)
        )  # fmt: skip
        self.records += records(stored.market, trade, before)


# ---- what there is ---------------------------------------------------------------------------------------------------

_STORED: Final = (
    "market_id", "key", "act", "of_key", "product", "buyer_id", "supplier_id", "net", "currency", "day",
)  # fmt: skip


def trades_of(rows: QuerySet[MarketTrade]) -> list[tuple[int, Trade]]:
    """(Marketplace, trade) of stored rows, in their order."""
    found = list(rows.values_list(*_STORED))
    numbers = customer_numbers({row[5] for row in found} | {row[6] for row in found})
    return [
        (market, Trade(key, Act(act), of, product, numbers[buyer], numbers[supplier], *rest))
        for market, key, act, of, product, buyer, supplier, *rest in found
    ]


def _stored(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Trade]:
    found: dict[tuple[int, str], Trade] = {}
    for market in sorted({market for market, _key in keys}):
        mine = [key for other, key in keys if other == market]
        rows = trades_of(MarketTrade.objects.filter(market_id=market, key__in=mine))
        found |= {(market, trade.key): trade for _market, trade in rows}
    return found


def _superseding(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """(Marketplace, key) → key of the row that superseded it."""
    found: dict[tuple[int, str], str] = {}
    for market in sorted({market for market, _key in keys}):
        mine = [key for other, key in keys if other == market]
        rows = MarketTrade.objects.filter(market_id=market, of_key__in=mine).values_list("of_key", "key")
        found |= {(market, of): key for of, key in rows}
    return found


def _items(contracts: Collection[int]) -> list[tuple[int, int, str]]:
    return list(Item.objects.filter(contract_id__in=contracts).values_list("id", "contract_id", "code"))


def _ends(contracts: Collection[int]) -> dict[int, tuple[str, date | None]]:
    """Contract → its number and first day not covered."""
    rows = Contract.objects.filter(id__in=contracts).values_list("id", "number", "end_on")
    found = {contract: (number, end) for contract, number, end in rows}
    spans = Span.objects.filter(contract_id__in=contracts).order_by("id").values_list("contract_id", "end_on")
    return found | {contract: (found[contract][0], end) for contract, end in spans}
