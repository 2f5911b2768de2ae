"""What a campaign means for one contract, and the terms that it writes. Pure: facts in, lines and terms out.

Billed periods stay as they are unless the contract permits a change inside them; then the run bills the difference.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.adjusting import Given, Rule, RuleKind, Why, adjusted, adjusted_scheme, part_of
from turnus.core.campaigns import NO_CLAUSE, Line, When, same_scheme
from turnus.core.catalog import Model
from turnus.core.discounts import discounted
from turnus.core.indices import month_of
from turnus.core.money import half_up, minor_digits
from turnus.core.periods import add_months, index_at, slot_at
from turnus.core.price_lists import EVERYBODY
from turnus.core.price_lists import Market as Place
from turnus.core.pricing import MODELS, Measured, Shape
from turnus.core.raising import first_anniversary, raised, with_raises

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from turnus.core.campaigns import Campaign, Clause
    from turnus.core.contracts import ContractFacts, Grid, Item, Minimum, Terms
    from turnus.core.indices import IndexTable
    from turnus.core.schemes import Scheme

_DAY: Final = timedelta(days=1)


class Offer(NamedTuple):
    """A price of the catalogue."""

    price: Decimal
    scheme: Scheme | None = None
    gross: bool = False


class About(NamedTuple):
    """What is known of a contract beside its facts."""

    clauses: Sequence[Clause] = ()
    references: Mapping[int, date] = {}
    """Item → month of the index that the last campaign used."""
    billed: Mapping[int, date] = {}
    """Item → day before which it is billed (half-open)."""
    used: Mapping[int, Decimal] = {}
    """Item → quantity of the last twelve months."""
    place: Place = EVERYBODY
    """Price lists and country of the customer."""
    minimum_references: Mapping[int, date] = {}
    """Minimum fee → month of the index that the last campaign used."""
    own: Mapping[tuple[str, int], Offer] = {}
    """(item, product) → its own price in the plan that the contract was made from, as it stands on the rule's day."""


class Market(NamedTuple):
    """What is the same for every contract of a campaign."""

    indices: IndexTable
    offer: Callable[[int, str, Model, Place], Offer | None]
    """The catalogue's price of (product, currency, model) on the rule's day where the customer stands."""


# ---- from which day --------------------------------------------------------------------------------------------------


def grid_on(item: Item, day: date) -> Grid:
    """The grid in force on a day; the first one before any is."""
    return next((row for row in reversed(item.grids) if row.since <= day), item.grids[0])


def next_period(item: Item, day: date) -> date:
    """First day of the first fee period that begins on ``day`` or later."""
    grid = grid_on(item, day)
    index = index_at(grid.anchor, grid.fee, day)
    slot = slot_at(grid.anchor, grid.fee, index)
    later = min((row.since for row in item.grids if row.since > day), default=slot.end)
    return slot.start if day in (slot.start, grid.since) else min(slot.end, later)


def effective_day(when: When, day: date, item: Item, start: date, billed: date, *, mid_period: bool) -> date:
    """The day from which an item's new price holds. ``start``: of the contract; ``billed``: its billed days end here.

    What is billed is left alone, so the new price waits for the next period, unless the contract permits a change
    inside a billed one (``mid_period``).
    """
    found = day
    if when is When.NEXT_PERIOD:
        found = next_period(item, day)
    elif when is When.ANNIVERSARY:
        found = first_anniversary(start, day)
    return found if mid_period or billed <= found else next_period(item, billed)


def next_window(row: Minimum, day: date) -> date:
    """First day of the first window of a minimum fee that begins on ``day`` or later: it never changes inside one."""
    slot = slot_at(row.anchor, row.fee, index_at(row.anchor, row.fee, day))
    return slot.start if slot.start == day else slot.end


def minimum_day(campaign: Campaign, row: Minimum, start: date, billed: date, *, mid_period: bool) -> date:
    """The day from which a minimum fee's new amount holds; as with prices, what is billed is left alone."""
    day = first_anniversary(start, campaign.day) if campaign.when is When.ANNIVERSARY else campaign.day
    return next_window(row, day if mid_period else max(day, billed))


# ---- planning --------------------------------------------------------------------------------------------------------


def plan_lines(
    campaign: Campaign, facts: ContractFacts, items: Collection[int], about: About, market: Market
) -> list[Line]:
    """What the campaign means for those of the contract's items that are in its scope.

    Raises ``IndexMissingError`` for a month without a value.
    """
    planner = _Planner(campaign, facts, about, market)
    lines = [planner.line(item) for item in facts.items if item.id in items]
    if campaign.rule.minimums:
        lines += [planner.minimum(row) for row in _minimums_in_scope(facts, items, campaign.day)]
    cap = campaign.rule.contract_cap
    return lines if cap is None else planner.within(lines, cap)


def _minimums_in_scope(facts: ContractFacts, items: Collection[int], day: date) -> list[Minimum]:
    """Minimum fees of items in scope; that of the whole contract where every item that runs on the day is."""
    whole = all(item.id in items for item in facts.items if item.end > day)
    running = [row for row in facts.minimums if row.start < row.end and row.end > day]
    return [row for row in running if (row.item in items if row.item else whole)]


class _Planner:
    """Plans the items of one contract."""

    def __init__(self, campaign: Campaign, facts: ContractFacts, about: About, market: Market) -> None:
        self.campaign, self.facts, self.about, self.market = campaign, facts, about, market
        self.digits = minor_digits(facts.currency)

    def clause(self, item: int) -> Clause:
        """The item's own clause, or the contract's."""
        own = {row.item: row for row in self.about.clauses}
        return own.get(item) or own.get(0) or NO_CLAUSE

    def minimum(self, row: Minimum) -> Line:
        """The new amount of a minimum fee from the next of its windows that is not billed, or why it has none."""
        clause, rule = self.clause(row.item), self.campaign.rule
        billed = max([self.facts.sealed_through, *(self.about.billed.get(i.id, date.min) for i in self._of(row))])
        effective = minimum_day(self.campaign, row, self.facts.start, billed, mid_period=clause.mid_period)
        old = Decimal(row.amount).scaleb(-self.digits)
        kept = Line(row.item, "", effective, old, old, months=row.fee.months, days=row.fee.days, minimum=row.id)
        if min(row.end, self.facts.end) <= effective:
            return kept._replace(verdict="ended")
        if max(row.start, self.facts.start) >= effective:
            return kept._replace(verdict="starts_later")
        if clause.fixed_until is not None and effective < clause.fixed_until:
            return kept._replace(verdict="fixed_price")
        rule, given = _own(rule, clause), Given()
        if rule.kind is RuleKind.INDEX:
            reference = self.about.minimum_references.get(row.id) or clause.reference or rule.reference
            if reference is None:
                return kept._replace(verdict="no_reference")
            kept, given = self._indexed(rule, kept, reference, given)
        new, why = adjusted(rule, old, self.digits, given)
        return kept._replace(new_price=new, verdict=str(why))

    def _of(self, row: Minimum) -> list[Item]:
        return [item for item in self.facts.items if row.item in (0, item.id)]

    def _indexed(self, rule: Rule, kept: Line, reference: date, given: Given) -> tuple[Line, Given]:
        """The line with the months that its index compares, and their ratio."""
        month = rule.month or month_of(kept.effective, rule.lag or 0)
        ratio = self.market.indices.ratio(rule.series, month, reference)
        return kept._replace(month=month, reference=reference), given._replace(ratio=ratio)

    def line(self, item: Item) -> Line:
        """One item's new price, or why it has none."""
        clause = self.clause(item.id)
        billed = max(self.about.billed.get(item.id, date.min), self.facts.sealed_through)
        effective = effective_day(
            self.campaign.when, self.campaign.day, item, self.facts.start, billed, mid_period=clause.mid_period
        )
        risen = with_raises(item, effective + _DAY, self.digits)
        now = _on(risen, effective)
        months, days = grid_on(item, effective).fee
        kept = Line(item.id, "", effective, now.unit_price, now.unit_price, now.scheme, now.scheme, None, None, 0, 0,
                    usage=False, months=months, days=days)  # fmt: skip
        verdict = self._outside(item, now, clause, effective)
        return kept._replace(verdict=verdict) if verdict else self._priced(risen, now, clause, kept)

    def _outside(self, item: Item, now: Terms, clause: Clause, effective: date) -> str:
        """Why an item is left out, before any price is looked at."""
        if now.model is None or min(item.end, self.facts.end) <= effective:
            return "ended"
        if max(item.start, self.facts.start) >= effective:
            return "starts_later"
        if MODELS[now.model].shape is Shape.ONCE:
            return "one_off"
        if now.model is Model.RATED and now.scheme is None:
            return "rated"
        if clause.fixed_until is not None and effective < clause.fixed_until:
            return "fixed_price"
        return ""

    def _priced(self, item: Item, now: Terms, clause: Clause, kept: Line) -> Line:
        rule = _own(self.campaign.rule, clause)
        given = Given(year_ago=_on(item, add_months(kept.effective, -12)).unit_price)
        if rule.kind is RuleKind.CATALOGUE:
            return self._moved(item, now, kept)
        if rule.kind is RuleKind.INDEX:
            reference = self.about.references.get(item.id) or clause.reference or rule.reference
            if reference is None:
                return kept._replace(verdict="no_reference")
            kept, given = self._indexed(rule, kept, reference, given)
        if now.scheme is not None and rule.kind is RuleKind.TARGET:
            return kept._replace(verdict="scheme")
        why, price, scheme = Why.SAME, now.unit_price, now.scheme
        if price:
            price, why = adjusted(rule, price, self.digits, given)
        elif scheme is None:
            return kept._replace(verdict="free")
        if scheme is not None and why is not Why.THRESHOLD:
            year_ago = _on(item, add_months(kept.effective, -12)).scheme
            scheme = adjusted_scheme(rule, scheme, self.digits, given, year_ago)
        if (price, scheme) == (now.unit_price, now.scheme):
            return kept._replace(verdict=why)
        return self._valued(item, now, kept._replace(new_price=price, new_scheme=scheme))

    def _moved(self, item: Item, now: Terms, kept: Line) -> Line:
        assert now.model is not None
        offer = self.about.own.get((item.code, now.product)) or self.market.offer(
            now.product, self.facts.currency, now.model, self.about.place
        )
        if offer is None:
            return kept._replace(verdict="no_catalogue_price")
        if offer.gross != now.gross:
            return kept._replace(verdict="gross_and_net")
        scheme = now.scheme if same_scheme(now.scheme, offer.scheme) else offer.scheme
        price = offer.price
        if self.campaign.rule.cap is not None or self.campaign.rule.floor is not None:
            price = adjusted(self.campaign.rule, now.unit_price, self.digits, Given(target=price)).price
        if (price, scheme) == (now.unit_price, now.scheme):
            return kept._replace(verdict=Why.SAME)
        return self._valued(item, now, kept._replace(new_price=price, new_scheme=scheme))

    def _valued(self, item: Item, now: Terms, line: Line) -> Line:
        """The line with what a fee period costs before and after."""
        assert now.model is not None
        usage = MODELS[now.model].shape is Shape.USAGE
        new = now._replace(unit_price=line.new_price, scheme=line.new_scheme)
        return line._replace(
            old_amount=self._slot(item, now, line), new_amount=self._slot(item, new, line), usage=usage
        )  # fmt: skip

    def _slot(self, item: Item, terms: Terms, line: Line) -> int:
        """Minor units of a whole fee period, discounts of the item taken off; of usage an average one."""
        assert terms.model is not None
        used = Fraction(self.about.used.get(item.id, Decimal(0))) / 12 / monthly(line)
        quantity = Decimal(half_up(used.numerator * 10**6, used.denominator)).scaleb(-6)
        rated = MODELS[terms.model].rate(terms, Measured(quantity, 0, 0, 0), self.digits)
        mine = [
            row
            for row in self.facts.discounts
            if row.start <= line.effective < row.end and (row.item == item.id or (not row.item and row.percent))
        ]
        return rated.amount - discounted(rated.amount, mine, rated.quantity)[0]

    def within(self, lines: list[Line], cap: Decimal) -> list[Line]:
        """The lines held back so that the contract rises at most ``cap`` (major units) a month; each in proportion.

        Usage and schemes have no fixed monthly value: they count as estimated, and are left out where nothing is left.
        """
        rising = [line for line in lines if not line.verdict and line.new_amount > line.old_amount]
        total = sum((line.new_amount - line.old_amount) * monthly(line) for line in rising)
        most = Fraction(cap) * 10**self.digits
        if total <= most:
            return lines
        share = most / total
        return [self._held(line, share) if line in rising else line for line in lines]

    def _held(self, line: Line, share: Fraction) -> Line:
        if line.old_scheme is not None:
            return line._replace(
                verdict=Why.CAPPED, new_price=line.old_price, new_scheme=line.old_scheme, new_amount=line.old_amount
            )
        item = next(row for row in self.facts.items if row.id == line.item)
        now = _on(with_raises(item, line.effective + _DAY, self.digits), line.effective)
        price = part_of(line.old_price, line.new_price, share, self.digits)
        if price == line.old_price:
            return line._replace(verdict=Why.CAPPED, new_price=price, new_amount=line.old_amount)
        return self._valued(item, now, line._replace(new_price=price))


def monthly(line: Line) -> Fraction:
    """Fee periods in a month: 1 / n months; 365 / 12 / n days."""
    return Fraction(1, line.months) if line.months else Fraction(365, 12 * line.days)


def _own(rule: Rule, clause: Clause) -> Rule:
    """The rule with what the contract agreed for itself: series, threshold and cap of its index clause."""
    if rule.kind is not RuleKind.INDEX or clause.series != rule.series:
        return rule
    threshold = rule.threshold if clause.threshold is None else clause.threshold
    caps = [cap for cap in (rule.cap, clause.cap) if cap is not None]
    return Rule(
        rule.kind, series=rule.series, month=rule.month, lag=rule.lag, reference=rule.reference, threshold=threshold,
        cap=min(caps, default=None), floor=rule.floor, year_cap=rule.year_cap, contract_cap=rule.contract_cap,
    )  # fmt: skip


def _on(item: Item, day: date) -> Terms:
    """The terms in force on a day; the first ones before any are."""
    return next((row for row in reversed(item.terms) if row.since <= day), item.terms[0])


# ---- applying --------------------------------------------------------------------------------------------------------


def postponed(line: Line, item: Item, *, billed: date, consented: date | None, mid_period: bool) -> date:
    """The effective day, put off where its period was billed since, or the consent came after it: never backwards."""
    found = line.effective
    if consented is not None and consented > found:
        found = next_period(item, consented)
    return found if mid_period or billed <= found else max(found, next_period(item, billed))


def new_terms(item: Item, line: Line, effective: date, digits: int) -> list[Terms] | None:
    """The terms that a line writes: at the effective day, and anew at later days that kept the old price.

    None where the old price is no longer what the line was planned with: then nothing may be written.
    """
    now = _on(with_raises(item, effective + _DAY, digits), effective)
    if now.model is None or now.unit_price != line.old_price or not same_scheme(now.scheme, line.old_scheme):
        return None
    world = [row for row in item.terms if row.since < effective]
    found = [now._replace(since=effective, unit_price=line.new_price, scheme=line.new_scheme)]
    world += found
    for place, row in enumerate(item.terms):
        if row.since <= effective:
            continue
        before = raised(item.terms[:place], item.raises, row.since + _DAY, digits)[-1]
        if row.model is not None:
            if row.unit_price != before.unit_price or not same_scheme(row.scheme, before.scheme):
                break  # agreed anew for then
            last = raised(world, item.raises, row.since + _DAY, digits)[-1]
            row = row._replace(unit_price=last.unit_price, scheme=last.scheme)  # noqa: PLW2901 - the row as it becomes
            found.append(row)
        world.append(row)
    return found
