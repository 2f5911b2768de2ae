"""CPU microseconds per contract for rating realistic price models in the core.

    python -m benchmarks.rating [--contracts 20000] [--seed 7] [--json FILE]

A contract has one metered item with 10 graduated tiers, two stacked percentages off the item, and a minimum fee. What
is measured is ``owed`` for one month: from facts to charges, VAT and the minimum included, without any database. Beside
it the same contract with a plain unit price and nothing else; the ratio says what the model costs.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from turnus.core.catalog import Model
from turnus.core.contracts import ContractFacts, Discount, Grid, Item, Minimum, Terms, Timing, Usage, UsageTotal
from turnus.core.owed import owed
from turnus.core.periods import FAR_FUTURE, Basis, Cycle
from turnus.core.schemes import Function, Scheme, Tier
from turnus.core.tax import Tax

START, THROUGH = date(2025, 1, 1), date(2025, 2, 1)
MONTH: Final = Cycle(1, 0)
TARGET: Final = 40
TAX = Tax("S", 1900)


def contract(number: int, draw: random.Random, *, plain: bool) -> ContractFacts:
    """One contract with usage on some days of January."""
    gross = False
    bounds = sorted(draw.sample(range(10, 5_000), 9))
    prices = sorted((Decimal(draw.randint(1, 99)).scaleb(-3) for _tier in range(10)), reverse=True)
    ends: list[Decimal | None] = [*map(Decimal, bounds), None]
    scheme = Scheme(Function.GRADUATED, tuple(Tier(end, price) for end, price in zip(ends, prices, strict=True)))
    terms = Terms(START, 1, Model.METERED_UNIT, Decimal("0.05"), Decimal(1), gross, "", None if plain else scheme)
    grid = Grid(START, MONTH, MONTH, START, Timing.ARREARS)
    totals = [UsageTotal(date(2025, 1, day), draw.randint(0, 400), 0) for day in range(1, 32, 3)]
    discounts = () if plain else (
        Discount(1, 1, Decimal(10), None, START, FAR_FUTURE, "Treue"),
        Discount(2, 1, Decimal("2.5"), None, START, FAR_FUTURE, "Aktion"),
    )  # fmt: skip
    minimums = () if plain else (Minimum(1, 1, 50_00, 1, gross, START, FAR_FUTURE, MONTH, START),)
    return ContractFacts(
        number, f"V{number}", START, FAR_FUTURE, "EUR",
        [Item(1, "calls", START, FAR_FUTURE, [grid], [terms], Basis.ACTUAL_PERIOD)], [(START, 1)], date.min, date.min,
        discounts, (), {1: Usage(0, totals)}, minimums=minimums,
    )  # fmt: skip


def microseconds(work: Callable[[], int]) -> float:
    """CPU time per contract of some work that returns how many it did."""
    began = time.process_time()
    done = work()
    return (time.process_time() - began) / done * 1e6


def rate(contracts: list[ContractFacts]) -> int:
    """Owe each contract for January."""
    for facts in contracts:
        owed(facts, lambda _account, _product, _day: TAX, through=THROUGH)
    return len(contracts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {}
    for name, plain in (("unit price alone", True), ("10 tiers, 2 discounts, minimum", False)):
        draw = random.Random(options.seed)  # noqa: S311 - a portfolio, no secret
        contracts = [contract(number, draw, plain=plain) for number in range(options.contracts)]
        rate(contracts[:200])
        found[name] = microseconds(lambda: rate(contracts))  # noqa: B023 - called at once
        print(f"{name:32} {found[name]:6.1f} µs per contract")
    plain_time, full = found.values()
    print(f"ratio                            {full / plain_time:6.2f}")
    print(f"target                           at most {TARGET} µs: {'met' if full <= TARGET else 'missed'}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
