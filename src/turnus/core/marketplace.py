"""Marketplaces (JB-06): one trade is an invoice to the buyer, a payout to the supplier and the commission between them.

The marketplace buys and sells in its own name (commission agent, § 3 Abs. 3 and 11 UStG). The three contracts behind a
trade are metered by its net amount, so a trade is a fact and documents hold one line per product, not one per trade.
Commission is *kept* (the payout is lowered by it, with the VAT of what is sold) or *charged* (an own service).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.contracts import NewContract, NewItem
from turnus.core.faults import fault
from turnus.core.money import allocate, from_minor
from turnus.core.periods import Cycle
from turnus.core.schemes import ZERO, Function, Scheme
from turnus.core.usage import Aggregation, Display, Metering, UsageRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.faults import Fault

MONTHLY: Final = Cycle(1, 0)


class Act(StrEnum):
    """What a row says of a trade."""

    SALE = "sale"
    CORRECTION = "correction"
    """Takes the place of the row that it names."""
    CANCELLATION = "cancellation"
    """The row that it names counts no more."""


class Trade(NamedTuple):
    """A row: what a buyer bought of a supplier, net in minor units. ``of``: key of the row that it supersedes."""

    key: str
    act: Act
    of: str
    product: str
    buyer: str
    supplier: str
    net: int
    currency: str
    day: date


class TradeRow(NamedTuple):
    """A row and the code of its marketplace. A cancellation needs neither product, parties, amount nor day."""

    market: str
    trade: Trade


class Commission(NamedTuple):
    """The marketplace's share: percent of the net amount, an amount (major units) per trade, and a scheme of tiers."""

    percent: Decimal = ZERO
    fixed: Decimal = ZERO
    scheme: Scheme | None = None


class Market(NamedTuple):
    """A marketplace contract. ``charge``: the product that is charged as commission; empty: commission is kept."""

    code: str
    since: date
    currency: str
    products: tuple[str, ...]
    commission: Commission
    charge: str = ""
    cycle: Cycle = MONTHLY
    label: str = ""
    """How the line of a kept commission is called; empty: ``Provision``."""


# ---- the three contracts ---------------------------------------------------------------------------------------------


def buyer_contract(market: str, customer: str) -> str:
    """Number of the contract that bills a buyer."""
    return f"{market}-{customer}-B"


def supplier_contract(market: str, customer: str) -> str:
    """Number of the contract that pays a supplier out."""
    return f"{market}-{customer}-S"


def charge_contract(market: str, customer: str) -> str:
    """Number of the contract that charges a supplier commission."""
    return f"{market}-{customer}-C"


_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
_WHOLE: Final = Scheme(percent=True)


def buying(market: Market, customer: str) -> NewContract:
    """What a buyer is billed: 100 % of what was bought, a line per product with a table by supplier."""
    items = [_sold(product, Display.TABLE) for product in market.products]
    return _contract(market, buyer_contract(market.code, customer), customer, items)


def supplying(market: Market, customer: str, commission: Commission) -> list[NewContract]:
    """The payout by self-billing and, where commission is charged, the contract that charges it."""
    number = supplier_contract(market.code, customer)
    sold = [_sold(product, Display.APPENDIX) for product in market.products]
    if not market.charge:
        label = market.label or "Provision"
        kept = [_share(row, product, product, label) for product in market.products for row in _kept(commission)]
        return [replace(_contract(market, number, customer, [*sold, *kept]), payout=True)]
    charged = [_share(row, market.charge, market.charge, "") for row in _charged(commission)]
    return [
        replace(_contract(market, number, customer, sold), payout=True),
        _contract(market, charge_contract(market.code, customer), customer, charged),
    ]


def _contract(market: Market, number: str, customer: str, items: Sequence[NewItem]) -> NewContract:
    return NewContract(
        number, customer, market.since, tuple(items), kind=market.code, currency=market.currency, fee=market.cycle
    )


def _sold(product: str, display: Display) -> NewItem:
    return NewItem(
        product, product, _ONE, _HUNDRED, Model.METERED_UNIT, gross=False, scheme=_WHOLE,
        metering=Metering(display=display),
    )  # fmt: skip


class _Rate(NamedTuple):
    """A part of the commission: suffix of its item, price, scheme, and whether it counts trades in place of money."""

    suffix: str
    price: Decimal
    scheme: Scheme | None
    counts: bool = False


def _share(rate: _Rate, product: str, meter: str, label: str) -> NewItem:
    """Commission listens to the meter of what is sold, so one record feeds all parts."""
    metering = Metering(meter=meter, aggregation=Aggregation.COUNT if rate.counts else Aggregation.SUM)
    return NewItem(
        f"{meter}-{rate.suffix}", product, _ONE, rate.price, Model.METERED_UNIT, label=label, gross=False,
        scheme=rate.scheme, metering=metering,
    )  # fmt: skip


def _charged(commission: Commission) -> list[_Rate]:
    percent, fixed, scheme = commission
    rows = [_Rate("P", percent, _WHOLE)] if percent else []
    rows += [_Rate("F", fixed, None, counts=True)] if fixed else []
    return rows + ([_Rate("T", ZERO, scheme)] if scheme else [])


def _kept(commission: Commission) -> list[_Rate]:
    """The same below zero. Tiers know no negative price, and no price on paper is below zero (BR-27): by formulas."""
    found = []
    for rate in _charged(commission):
        scheme = rate.scheme or Scheme(Function.FORMULA, formula="quantity * price")
        if scheme.function is not Function.FORMULA and scheme.tiers:
            formula = f"-{scheme.function.value}(quantity) / 100"
            scheme = Scheme(Function.FORMULA, scheme.tiers, formula=formula, window=scheme.window)
        found.append(rate._replace(price=-rate.price, scheme=scheme))
    return found


def commission_faults(market: Market, commission: Commission) -> list[Fault]:
    """Everything that keeps a commission from working."""
    percent, fixed, scheme = commission
    faults = []
    if not (percent or fixed or scheme):
        faults.append(fault("market_no_commission", market=market.code))
    if percent < 0 or fixed < 0 or percent > _HUNDRED:
        faults.append(fault("market_commission_range"))
    if scheme is not None and not market.charge:
        tiers = Scheme(scheme.function, scheme.tiers, percent=True, window=scheme.window)
        if not scheme.tiers or scheme._replace(id=0) != tiers:
            faults.append(fault("market_scheme_kept", market=market.code))
    return faults


# ---- what a row does -------------------------------------------------------------------------------------------------


def places(market: Market, trade: Trade) -> dict[tuple[str, str], str]:
    """(Contract, meter) that a trade counts on → dimension: the buyer's table is by supplier."""
    found = {
        (buyer_contract(market.code, trade.buyer), trade.product): trade.supplier,
        (supplier_contract(market.code, trade.supplier), trade.product): "",
    }
    if market.charge:
        found[charge_contract(market.code, trade.supplier), market.charge] = ""
    return found


def records(market: Market, trade: Trade, before: Trade | None) -> list[UsageRecord]:
    """What a row changes on the three contracts; ``before``: the row that it supersedes.

    What is superseded stops counting on its own day, so periods that were billed are corrected as they were.
    """
    old = places(market, before) if before is not None else {}
    new = {} if trade.act is Act.CANCELLATION else places(market, trade)
    net = from_minor(trade.net, trade.currency)
    found = []
    for place in sorted(old.keys() | new.keys()):
        gone = before.key if before is not None and place in old else ""
        day = trade.day if place in new or before is None else before.day
        quantity = net if place in new else None
        found.append(UsageRecord(*place, trade.key, day, quantity, dimension=new.get(place, ""), corrects=gone))
    return found


def trade_fault(trade: Trade, before: Trade | None, superseded_by: str, market: Market) -> Fault | None:
    """Why a new row cannot be taken. ``before``: the row that it names; ``superseded_by``: which replaced that."""
    if trade.of and before is None:
        return fault("trade_unknown", of=trade.of, market=market.code)
    if superseded_by:
        return fault("trade_superseded", of=trade.of, by=superseded_by)
    if before is not None and before.act is Act.CANCELLATION:
        return fault("trade_cancelled", of=trade.of)
    if trade.act is Act.CANCELLATION:
        return None
    if trade.currency != market.currency:
        return fault("market_currency", market=market.code, wanted=market.currency, currency=trade.currency)
    if trade.product not in market.products:
        known = ", ".join(market.products)
        return fault("market_product", market=market.code, product=trade.product, known=known)
    if trade.day < market.since:
        return fault("market_early", market=market.code, since=market.since, day=trade.day)
    return None


# ---- the parts add up to zero ----------------------------------------------------------------------------------------


class Parts(NamedTuple):
    """The three parts of a trade, net in minor units: what the buyer pays, and to whom it goes."""

    buyer: int
    payout: int
    commission: int

    @property
    def difference(self) -> int:
        """What is left of the buyer's money: 0."""
        return self.buyer - self.payout - self.commission


class Rated(NamedTuple):
    """One part of a period's commission, minor units; ``evenly``: per trade, else by net amount."""

    amount: int
    evenly: bool = False


def parts_of(nets: Mapping[str, int], commission: Sequence[Rated]) -> dict[str, Parts]:
    """Key → the three parts of each trade of a supplier and period.

    Commission is rated and rounded once per period; its cents are shared by largest remainder in the order given.
    """
    if not nets:
        return {}
    shares = [0] * len(nets)
    for amount, evenly in commission:
        weights = [1] * len(nets) if evenly or not any(nets.values()) else list(nets.values())
        shares = [share + part for share, part in zip(shares, allocate(amount, weights), strict=True)]
    return {key: Parts(net, net - share, share) for (key, net), share in zip(nets.items(), shares, strict=True)}
