"""Price adjustment by rule: what a price becomes by percent, amount, index, target or catalogue, and why it stays.

Exact arithmetic, one rounding: half-up to the price's decimals (49.90 + 2.9 % → 51.35). Bounds hold after rounding:
a price never rises beyond a cap and never falls below the floor, not even by half a cent. Without VAT or with it, as
the price is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.faults import Fault
from turnus.core.money import MAX_DECIMALS, half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from turnus.core.schemes import Scheme


class RuleKind(StrEnum):
    """Where the new price comes from."""

    PERCENT = "percent"
    AMOUNT = "amount"
    """Major units, added to the price of one unit."""
    INDEX = "index"
    """New price = old price × index / reference index (VPI)."""
    TARGET = "target"
    """This price, whatever the old one is."""
    CATALOGUE = "catalogue"
    """The catalogue's price on a day: contracts move to another version of the catalogue (JB-27)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How prices change. Percentages are of the old price: ``Decimal("2.9")`` is 2.9 %."""

    kind: RuleKind
    value: Decimal | None = None
    """Percent, amount or target price."""
    series: str = ""
    """Index: code of the series, base year included."""
    month: date | None = None
    """Index: first day of the month whose value is used; or ``lag``."""
    lag: int | None = None
    """Index: months before that of the effective day, where contracts change on days of their own."""
    reference: date | None = None
    """Index: first day of the month compared with, for contracts that name none."""
    as_of: date | None = None
    """Catalogue: the day whose prices hold."""
    threshold: Decimal = Decimal(0)
    """Index: it acts once it has moved at least this many percent, up or down."""
    cap: Decimal | None = None
    """A price rises at most this many percent."""
    floor: Decimal | None = None
    """A price changes at least this many percent: −5 limits a decrease, 1 makes sure of an increase."""
    year_cap: Decimal | None = None
    """A price rises at most this many percent above what it was a year before."""
    contract_cap: Decimal | None = None
    """A contract rises at most this much a month, major units."""
    minimums: bool = False
    """Minimum fees are adjusted like prices (percent and index only)."""


class AdjustmentRefusedError(ValueError):
    """A rule, a campaign or a declaration is refused; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*(f"{code} {dict(params)}" for code, params in faults))
        self.faults = list(faults)


def refusal(code: str, **params: str) -> AdjustmentRefusedError:
    """A refusal with a single fault."""
    return AdjustmentRefusedError([Fault(code, params)])


# ---- what a price becomes --------------------------------------------------------------------------------------------


class Why(StrEnum):
    """Why a price stays as it is."""

    CHANGED = ""
    THRESHOLD = "below_threshold"
    CAPPED = "capped"
    SAME = "no_change"


class Adjusted(NamedTuple):
    """The new price of one unit, or the old one and why it stays."""

    price: Decimal
    why: Why = Why.CHANGED


class Given(NamedTuple):
    """What a rule needs to know beside the price."""

    ratio: Fraction | None = None
    """Index / reference index."""
    target: Decimal | None = None
    """The catalogue's price."""
    year_ago: Decimal | None = None
    """The price in force one year before the effective day."""


NOTHING: Given = Given()


def decimals_of(price: Decimal, digits: int) -> int:
    """The price's decimals: its own, at least those of its currency (``digits``). 49.9 € has two, 0.00115 € five."""
    return max(digits, len(f"{price:f}".partition(".")[2].rstrip("0")))


def adjusted(rule: Rule, old: Decimal, digits: int, given: Given = NOTHING) -> Adjusted:
    """What the rule makes of a price. ``digits``: decimals of the currency. Never negative."""
    before = Fraction(old)
    if rule.kind is RuleKind.INDEX:
        assert given.ratio is not None
        if abs(given.ratio - 1) * 100 < Fraction(rule.threshold):
            return Adjusted(old, Why.THRESHOLD)
    wanted = max(_wanted(rule, before, given), Fraction(0))
    places = decimals_of(old, digits)
    if rule.kind in {RuleKind.AMOUNT, RuleKind.TARGET, RuleKind.CATALOGUE}:
        places = max(places, decimals_of(_named(rule, given), digits))
    price = _bounded(rule, before, wanted, given, 10**places)
    new = _decimal(price, places)
    if new != old:
        return Adjusted(new)
    return Adjusted(old, Why.CAPPED if wanted > before and _rounded(wanted, 10**places) != price else Why.SAME)


def _wanted(rule: Rule, old: Fraction, given: Given) -> Fraction:
    if rule.kind is RuleKind.INDEX:
        assert given.ratio is not None
        return old * given.ratio
    value = Fraction(_named(rule, given))
    if rule.kind is RuleKind.PERCENT:
        return old * (100 + value) / 100
    return old + value if rule.kind is RuleKind.AMOUNT else value


def _named(rule: Rule, given: Given) -> Decimal:
    """The number that the rule or the catalogue names."""
    value = given.target if rule.kind is RuleKind.CATALOGUE else rule.value
    assert value is not None
    return value


def _bounded(rule: Rule, old: Fraction, wanted: Fraction, given: Given, unit: int) -> int:
    """``wanted`` within the bounds, in units of the price's last decimal: caps win over the floor."""
    price = _rounded(wanted, unit)
    if rule.floor is not None:
        price = max(price, -(-(old * (100 + Fraction(rule.floor)) / 100 * unit) // 1))
    tops = [] if rule.cap is None else [old * (100 + Fraction(rule.cap)) / 100]
    if rule.year_cap is not None:
        year_ago = old if given.year_ago is None else Fraction(given.year_ago)
        tops.append(year_ago * (100 + Fraction(rule.year_cap)) / 100)
    if not tops:
        return price
    return min(price, max(min(tops), old) * unit // 1)  # a cap holds increases back; it lowers nothing


def _rounded(price: Fraction, unit: int) -> int:
    return half_up(price.numerator * unit, price.denominator)


def _decimal(units: int, places: int) -> Decimal:
    """Exact: no context rounds it."""
    return Decimal(f"{units}E-{places}")


def part_of(old: Decimal, new: Decimal, share: Fraction, digits: int) -> Decimal:
    """``share`` (0 to 1) of an increase, rounded down to the new price's decimals, so that no sum exceeds its cap."""
    places = decimals_of(new, decimals_of(old, digits))
    unit, before = 10**places, Fraction(old)
    return _decimal(int(before * unit) + max((Fraction(new) - before) * share * unit // 1, 0), places)


# ---- prices inside a scheme ------------------------------------------------------------------------------------------


def adjusted_scheme(
    rule: Rule, old: Scheme, digits: int, given: Given = NOTHING, year_ago: Scheme | None = None
) -> Scheme:
    """A scheme with its tiers' prices adjusted; percent and index move its flat amounts, least and most too.

    What is free stays free; commissions (percent of an amount), quantity discounts and formulas stay as they are. The
    same scheme comes back, with its id, where nothing changed. ``year_ago``: the scheme in force a year before.
    """
    if old.percent or rule.kind not in {RuleKind.PERCENT, RuleKind.AMOUNT, RuleKind.INDEX}:
        return old
    before = year_ago if year_ago is not None and len(year_ago.tiers) == len(old.tiers) else old

    def moved(price: Decimal, then: Decimal | None) -> Decimal:
        return adjusted(rule, price, digits, given._replace(year_ago=then)).price if price else price

    prices = [moved(tier.unit_price, then.unit_price) for tier, then in zip(old.tiers, before.tiers, strict=True)]
    tiers = [tier._replace(unit_price=price) for tier, price in zip(old.tiers, prices, strict=True)]
    least, most = old.least, old.most
    if rule.kind is not RuleKind.AMOUNT:
        flats = [moved(tier.flat, then.flat) for tier, then in zip(old.tiers, before.tiers, strict=True)]
        tiers = [tier._replace(flat=flat) for tier, flat in zip(tiers, flats, strict=True)]
        least = least and moved(least, before.least)
        most = most and moved(most, before.most)
    new = old._replace(tiers=tuple(tiers), least=least, most=most)
    return old if new == old else new._replace(id=0)


# ---- is the rule in order? -------------------------------------------------------------------------------------------

_MEANT_FOR = {
    "value": {RuleKind.PERCENT, RuleKind.AMOUNT, RuleKind.TARGET},
    "series": {RuleKind.INDEX},
    "month": {RuleKind.INDEX},
    "lag": {RuleKind.INDEX},
    "reference": {RuleKind.INDEX},
    "threshold": {RuleKind.INDEX},
    "as_of": {RuleKind.CATALOGUE},
    "minimums": {RuleKind.PERCENT, RuleKind.INDEX},
}
"""Field → kinds of rule that use it."""


def faults_of(rule: Rule) -> list[Fault]:
    """Everything that is wrong with a rule; empty: nothing."""
    return [*_missing(rule), *_strange(rule), *_out_of_range(rule)]


def _missing(rule: Rule) -> Iterator[Fault]:
    if rule.kind in _MEANT_FOR["value"] and rule.value is None:
        yield Fault("rule_no_value", {"kind": rule.kind})
    if rule.kind is RuleKind.INDEX:
        if not rule.series:
            yield Fault("rule_no_series", {})
        if (rule.month is None) == (rule.lag is None):
            yield Fault("rule_month_or_lag", {})
    if rule.kind is RuleKind.CATALOGUE and rule.as_of is None:
        yield Fault("rule_no_day", {})


def _strange(rule: Rule) -> Iterator[Fault]:
    for field, kinds in _MEANT_FOR.items():
        if rule.kind not in kinds and getattr(rule, field) not in (None, "", 0):
            yield Fault("rule_unused", {"field": field, "kind": rule.kind})
    if rule.minimums and rule.contract_cap is not None:
        yield Fault("rule_minimums_cap", {})


def _out_of_range(rule: Rule) -> Iterator[Fault]:
    least = {
        "value": {RuleKind.PERCENT: -100, RuleKind.TARGET: 0}.get(rule.kind), "lag": 0, "threshold": 0, "cap": 0,
        "year_cap": 0, "contract_cap": 0, "floor": -100,
    }  # fmt: skip
    for field, bound in least.items():
        value = getattr(rule, field)
        if value is None:
            continue
        if bound is not None and value < bound:
            yield Fault("rule_low", {"field": field, "value": str(value), "least": str(bound)})
        if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > MAX_DECIMALS:
            yield Fault("rule_decimals", {"field": field, "value": str(value), "most": str(MAX_DECIMALS)})
    for field in ("cap", "year_cap"):
        top = getattr(rule, field)
        if rule.floor is not None and top is not None and rule.floor > top:
            yield Fault("rule_floor_above_cap", {"floor": str(rule.floor), "cap": str(top), "field": field})
    for field in ("month", "reference"):
        day = getattr(rule, field)
        if day is not None and day.day != 1:
            yield Fault("rule_month_day", {"field": field, "day": str(day)})
