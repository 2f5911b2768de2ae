"""Marketplaces: whatever is traded, corrected and cancelled in whatever order, the three parts add up to zero."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.marketplace import (
    Act,
    Commission,
    Market,
    Parts,
    Rated,
    Trade,
    commission_faults,
    parts_of,
    places,
    records,
    supplying,
    trade_fault,
)
from turnus.core.rating import minor, steps, total
from turnus.core.schemes import Function, Scheme, Tier
from turnus.core.usage import Aggregation, UsageRecord

SINCE = date(2025, 1, 1)
KEPT = Market("M1", SINCE, "EUR", ("WARE", "BUCH"), Commission(Decimal(10)))
CHARGED = KEPT._replace(charge="PROV")
AMOUNTS = st.integers(1, 10**9)
TRADES = st.tuples(
    st.just(""), st.just(Act.SALE), st.just(""), st.sampled_from(["WARE", "BUCH"]), st.sampled_from(["K1", "K2"]),
    st.sampled_from(["S1", "S2"]), AMOUNTS, st.just("EUR"), st.integers(0, 60).map(lambda n: SINCE + timedelta(n)),
).map(lambda row: Trade(*row))  # fmt: skip
TIERS = st.tuples(st.integers(1, 10**6), st.decimals(0, 100, places=2), st.decimals(0, 100, places=2)).map(
    lambda row: (Tier(Decimal(row[0]), row[1]), Tier(None, row[2]))
)
SCHEMES = st.tuples(st.sampled_from([Function.GRADUATED, Function.VOLUME]), TIERS).map(
    lambda row: Scheme(row[0], row[1], percent=True)
)
COMMISSIONS = st.tuples(st.decimals("0.01", 100, places=2), st.decimals(0, 10, places=2), st.none() | SCHEMES).map(
    lambda row: Commission(*row)
)


@st.composite
def histories(draw: st.DrawFn) -> list[Trade]:
    """Sales, some of them corrected, some of them cancelled, each row after the one that it names."""
    rows: list[Trade] = []
    alive: list[Trade] = []
    for place, drawn in enumerate(draw(st.lists(TRADES, min_size=1, max_size=12))):
        row = drawn._replace(key=f"{place:02}")
        again: bool = draw(st.booleans())
        if alive and again:
            gone = alive.pop(draw(st.integers(0, len(alive) - 1)))
            if draw(st.booleans()):
                rows.append(gone._replace(key=row.key, act=Act.CANCELLATION, of=gone.key))
                continue
            row = row._replace(act=Act.CORRECTION, of=gone.key)
        rows.append(row)
        alive.append(row)
    return rows


def standing(trades: Iterable[Trade]) -> list[Trade]:
    """Rows that count, by day and key: neither cancellations nor superseded."""
    rows = list(trades)
    gone = {row.of for row in rows if row.of}
    counting = [row for row in rows if row.act is not Act.CANCELLATION and row.key not in gone]
    return sorted(counting, key=lambda row: (row.day, row.key))


def metered(market: Market, rows: list[Trade]) -> list[UsageRecord]:
    known: dict[str, Trade] = {}
    found = []
    for row in rows:
        assert trade_fault(row, known.get(row.of), "", market) is None
        found += records(market, row, known.get(row.of))
        known[row.key] = row
    return found


def counted(taken: Iterable[UsageRecord]) -> dict[tuple[str, str, date], Decimal]:
    """What a meter counts: events that no other one corrects, whatever came first."""
    rows = list(taken)
    dead = {(row.contract, row.meter, row.corrects) for row in rows if row.corrects}
    found: dict[tuple[str, str, date], Decimal] = {}
    for row in rows:
        if row.quantity is not None and (row.contract, row.meter, row.key) not in dead:
            place = (row.contract, row.meter, row.day)
            found[place] = found.get(place, Decimal(0)) + row.quantity
    return found


@given(histories(), st.sampled_from([KEPT, CHARGED]), st.randoms(use_true_random=False))
def test_three_contracts_count_what_stands_in_whatever_order_it_comes(
    rows: list[Trade], market: Market, random: Random
) -> None:
    should: dict[tuple[str, str, date], Decimal] = {}
    for row in standing(rows):
        for contract, meter in places(market, row):
            place = (contract, meter, row.day)
            should[place] = should.get(place, Decimal(0)) + Decimal(row.net).scaleb(-2)
    taken = metered(market, rows)
    assert counted(taken) == should
    random.shuffle(taken)
    assert counted(taken) == should
    sums = {side: sum(v for (c, _m, _d), v in should.items() if c.endswith(side)) for side in "BSC"}
    assert sums["B"] == sums["S"]
    assert sums["C"] == (sums["B"] if market.charge else 0)


@given(histories(), COMMISSIONS, st.sampled_from([KEPT, CHARGED]))
def test_the_parts_of_a_period_add_up_to_zero_at_any_rate(
    rows: list[Trade], commission: Commission, market: Market
) -> None:
    nets = {row.key: row.net for row in standing(rows)}
    rated = [Rated(amount, evenly) for amount, evenly in amounts(market, commission, nets)]
    parts = parts_of(nets, rated)
    assert [part.difference for part in parts.values()] == [0] * len(nets)
    assert sum(part.buyer for part in parts.values()) == sum(nets.values())
    assert sum(part.commission for part in parts.values()) == (sum(row.amount for row in rated) if nets else 0)
    assert {key: part.buyer for key, part in parts.items()} == nets


def amounts(market: Market, commission: Commission, nets: dict[str, int]) -> list[tuple[int, bool]]:
    """Each part of the commission on the whole, as an amount above zero, as its item rates it."""
    items = [item for new in supplying(market, "S1", commission) for item in new.items]
    shares = [item for item in items if item.metering.meter in ("PROV", "WARE")]
    found = []
    for item in shares:
        counts = item.metering.aggregation is Aggregation.COUNT
        quantity = Decimal(len(nets)) if counts else Decimal(sum(nets.values())).scaleb(-2)
        price = item.price or Decimal(0)
        scheme = item.scheme if isinstance(item.scheme, Scheme) else Scheme()
        exact = total(steps(scheme, quantity, price))
        found.append((minor(exact, 2) * (1 if market.charge else -1), counts))
    return found


@given(COMMISSIONS, st.lists(AMOUNTS, min_size=1, max_size=5))
def test_commission_is_the_same_kept_or_charged(commission: Commission, values: list[int]) -> None:
    nets = {str(place): value for place, value in enumerate(values)}
    assert amounts(KEPT, commission, nets) == amounts(CHARGED, commission, nets)


def test_odd_cents_go_to_the_largest_remainders_and_fixed_amounts_to_every_trade() -> None:
    nets = {"a": 3_35, "b": 3_35, "c": 3_35}  # 10 % of 10.05 is 1.005: 1.01 once, not 0.34 three times
    assert parts_of(nets, [Rated(1_01), Rated(90, evenly=True)]) == {
        "a": Parts(3_35, 2_71, 64), "b": Parts(3_35, 2_71, 64), "c": Parts(3_35, 2_72, 63),
    }  # fmt: skip
    assert parts_of({}, [Rated(5)]) == {}


@pytest.mark.parametrize(
    ("commission", "market", "codes"),
    [
        (Commission(), KEPT, ["market_no_commission"]),
        (Commission(Decimal(101)), KEPT, ["market_commission_range"]),
        (Commission(fixed=Decimal(-1)), CHARGED, ["market_commission_range"]),
        (Commission(scheme=Scheme(percent=True, least=Decimal(5))), KEPT, ["market_scheme_kept"]),
        (Commission(scheme=Scheme(percent=True, least=Decimal(5))), CHARGED, []),
        (Commission(scheme=Scheme(Function.VOLUME, (Tier(None, Decimal(5)),), percent=True)), KEPT, []),
        (Commission(scheme=Scheme(Function.VOLUME, (Tier(None, Decimal(5)),))), KEPT, ["market_scheme_kept"]),
    ],
)
def test_a_commission_that_cannot_work_is_refused(commission: Commission, market: Market, codes: list[str]) -> None:
    assert [fault.code for fault in commission_faults(market, commission)] == codes
