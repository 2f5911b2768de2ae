"""What a contract owes: facts and a horizon in, charges out. Pure, and the same for preview, plan, run and audit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from turnus.core.charges import ONCE, Charge, Identity
from turnus.core.contracts import DecisionKind, Timing
from turnus.core.counting import Place, continued, is_cut, plain
from turnus.core.derived import concessions, contract_discounts, reading_since
from turnus.core.discounts import discounted
from turnus.core.minimums import minimums
from turnus.core.money import half_up, minor_digits
from turnus.core.pausing import paused
from turnus.core.payers import WHOLE, Paying, part_of, paying, timeline
from turnus.core.periods import FAR_FUTURE, NONE, Basis, Period, index_at, join, measure, slot_at, slot_of, subtract
from turnus.core.pricing import MODELS, NOTHING_USED, Measured, Rated, Shape, products_of
from turnus.core.raising import raised_until, with_raises
from turnus.core.schemes import by_days, counting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.core.contracts import ContractFacts, Decision, Discount, Grid, Item, Terms
    from turnus.core.payers import Parts
    from turnus.core.tax import Tax

_AGREED: Final = DecisionKind.AGREED
_ONCE: Final = Shape.ONCE
_USAGE: Final = Shape.USAGE
OWN_SLOT: Final = frozenset({Basis.AVG_MONTH, Basis.THIRTY_360})
"""Bases whose shares are measured from the item's start, so a mid-period start makes a slot of its own."""


class TaxAt(Protocol):
    """Treatment of a product for the customer of an account when its service ends on ``last_day``."""

    def __call__(self, account: int, product: int, last_day: date, /) -> Tax:
        """Raises ``TaxHoldError`` where it cannot be decided."""
        ...


class Owed(NamedTuple):
    """Charges due by the horizon, when the next one falls due, and how far slots may be sealed once they are billed."""

    charges: list[Charge]
    next_due: date
    seal: date


class _Segment(NamedTuple):
    """Days of an item on which grid, terms and discounts stay the same."""

    days: Period
    grid: Grid
    terms: Terms
    discounts: list[Discount]
    alike: date = date.min
    """Since when usage counts on: another grid or another way of counting begins tiers and allowances anew."""


def owed(facts: ContractFacts, tax: TaxAt, *, through: date, horizons: Mapping[int, date] | None = None) -> Owed:
    """All charges of a contract that fall due by ``through`` in slots that are not sealed.

    ``horizons`` (item → latest ``due_on`` billed) extends the horizon of single items: an earlier run never credits
    what was billed ahead. Raises ``TaxHoldError`` and ``UnknownCurrencyError``.
    """
    reader = _Reader(facts, tax, through, horizons or {})
    for item in facts.items:
        reader.read(item)
    charges = reader.charges
    if facts.decisions:
        charges = charges + _agreed(reader)
    if facts.discounts:
        charges = charges + contract_discounts(facts, charges, reader.digits)
    if facts.minimums:
        lifted = minimums(facts, charges, reader)
        charges = charges + lifted.charges
        reader.next_due, reader.seal = min(reader.next_due, lifted.next_due), min(reader.seal, lifted.seal)
    if facts.decisions:
        charges = charges + concessions(facts, charges, reader.digits)
    sealed, zero = facts.sealed_through, facts.zero_charges
    charges = [c for c in charges if c.identity.slot.end > sealed and (zero or c.identity.amount)]
    return Owed(charges, reader.next_due, min(reader.seal, through))


class _Walk(NamedTuple):
    """The slots of a segment that are due; and of the next slot, if one follows, due day and start."""

    places: tuple[Place, ...]
    next_due: date = FAR_FUTURE
    seal: date = FAR_FUTURE


class _Reader:
    """Walks the items of one contract. Holds what they share: horizon, tax, and the two dates that come out beside."""

    def __init__(self, facts: ContractFacts, tax: TaxAt, through: date, horizons: Mapping[int, date]) -> None:
        self.facts = facts
        self.tax = tax
        self.through = through
        self.horizons = horizons
        self.digits = minor_digits(facts.currency)
        self.charges: list[Charge] = []
        self.next_due = FAR_FUTURE
        self.seal = FAR_FUTURE
        self.since = reading_since(facts)
        self.alone = facts.accounts[0][1] if len(facts.accounts) == 1 and not facts.shares else 0
        """The account that pays all of the contract at any time; 0: there are several."""
        self.covered = date.min
        """End of the last slot of the item that counts whole (``Basis.NONE``): no later slot charges its days again."""
        self.times: dict[int, list[tuple[date, Parts]]] = {}
        self.given: dict[Period, dict[int, int]] = {}
        """Slot of the item → discount → minor units that it took off usage there."""

    def horizon(self, item: int) -> date:
        """An earlier run sees as far as the latest that was billed of the item."""
        return max(self.through, self.horizons.get(item, self.through)) if self.horizons else self.through

    def due_for(self, item: Item, days: Period) -> date:
        """When the last charge of an item for these days falls due; ``date.min`` where it has none."""
        facts = self.facts
        span = Period(max(item.start, facts.start, facts.floor), min(_ends_on(item), facts.end))
        common, shape = days.cut(span), _shape(item)
        if common is None or shape is _ONCE:
            return date.min
        grid = _latest(item.grids, common.last_day)
        return _due_on(grid, shape, slot_of(grid.anchor, grid.fee, common.last_day), _window(item, grid, span))

    def read(self, item: Item) -> None:
        """Charge the item's slots from the look-back to its horizon."""
        if _shape(item) is _ONCE:
            self._once(item)
            return
        facts = self.facts
        if item.raises:
            item = with_raises(item, raised_until(item, self.horizon(item.id)), self.digits)
        if facts.pauses:
            item = paused(item, facts.pauses)
        span = Period(max(item.start, facts.start, facts.floor), min(_ends_on(item), facts.end))
        agreed = [d.days for d in facts.decisions if d.kind is _AGREED and d.item == item.id]
        self.covered, self.given = date.min, {}
        segments = _counting_on([s for s in _segments(item, facts.discounts, span) if s.terms.model is not None])
        if len(segments) == 1 and segments[0].days == span and len(item.grids) == 1:
            self._segment(item, segments[0], span, (span,), agreed)
            return
        active = tuple(join([segment.days for segment in segments]))
        for segment in segments:
            self._segment(item, segment, _window(item, segment.grid, span), active, agreed)

    def _segment(
        self, item: Item, segment: _Segment, window: Period, active: tuple[Period, ...], agreed: list[Period]
    ) -> None:
        """Charge the segment's slots that end after the look-back; also one whose other days lie across it."""
        assert segment.terms.model is not None
        shape, rate = MODELS[segment.terms.model]
        walk = _walk(segment.grid, shape, window, segment.days, active, self.since, self.horizon(item.id))
        self.next_due = min(self.next_due, walk.next_due)
        self.seal = min(self.seal, walk.seal)
        # Of an item that is not prorated also a slot that ended: it may cover days of the next one.
        places = [p for p in walk.places if p.slot.end > self.since or item.basis is NONE]
        if shape is _USAGE:
            # Another grid counts its own days alone, also where its slot reaches across the change.
            held = active if len(item.grids) == 1 else [days for days in map(window.cut, active) if days]
            for place in places:
                measured, count = self._measured(item, segment, place, held, agreed)
                self._add(item, segment, place, rate(segment.terms, measured, self.digits), count, None)
        elif places:
            fixed = None if by_days(segment.terms.scheme) else rate(segment.terms, NOTHING_USED, self.digits)
            for place in places:
                days = place.slot.days
                rated = fixed or rate(segment.terms, NOTHING_USED._replace(days=(days, days)), self.digits)
                self._add(item, segment, place, rated, segment.terms.quantity, agreed)

    def _add(
        self, item: Item, segment: _Segment, place: Place, rated: Rated, count: Decimal, agreed: list[Period] | None
    ) -> None:
        """Charge one slot. ``count``: its quantity, which thresholds look at. ``agreed``: days that terms do not price;
        None for usage, of which they are left out.
        """
        slot, days, due_on, last_day, _counts = place
        usage, whole = agreed is None, agreed is None or item.basis is NONE
        if whole and not usage:
            if self.covered >= days.end:
                return
            days = Period(max(days.start, self.covered), days.end)
        terms, covered = segment.terms, self.covered
        amount, allowance, reason = rated.amount, 0, ""
        if segment.discounts:
            given = self.given.setdefault(slot, {}) if usage and days != slot else None
            allowance, reason = discounted(amount, segment.discounts, count, given)
            amount -= allowance
        if item.basis in OWN_SLOT and not usage:
            slot, amount, allowance = self._own_slot(item, slot, amount, allowance)
        part = _FEE if not usage else "usage" if days.start <= slot.start else f"usage:{days.start}"
        payers = ((self.alone, days, WHOLE),) if self.alone else self.payers(item.id, days, whole=whole)
        for suffix, product, share, off, price, quantity in products_of(terms, rated, amount, allowance, self.digits):
            for account, piece, paid in payers:
                tax = self.tax(account, product, last_day)
                identity = Identity(
                    item.id, part_of(part + suffix, account, paid), product, slot, item.basis, share,
                    terms.gross, account, tax.category, tax.rate, paid,
                )  # fmt: skip
                pieces = subtract([piece], agreed) if agreed else [piece]
                for service in pieces[:1] if whole else pieces:
                    self.charges.append(
                        Charge(identity, slot if whole else service, due_on, service, price, quantity, off, reason,
                               terms.label, None, rated.steps or "")
                    )  # fmt: skip
                    if whole and not usage:
                        covered = max(covered, slot.end)
        self.covered = covered

    def _own_slot(self, item: Item, slot: Period, amount: int, allowance: int) -> tuple[Period, int, int]:
        start = max(item.start, self.facts.start)
        if not slot.start < start < slot.end:
            return slot, amount, allowance
        own = Period(start, slot.end)
        ratio = measure(item.basis, own.start, own.end) / measure(item.basis, slot.start, slot.end)
        top, bottom = ratio.numerator, ratio.denominator
        return own, half_up(amount * top, bottom), half_up(allowance * top, bottom)

    def payers(self, item: int, days: Period, *, whole: bool) -> list[Paying]:
        """Who pays the days: spread charges are cut where the payer changes, whole ones go to the last."""
        facts = self.facts
        if self.alone:
            return [Paying(self.alone, days, WHOLE)]
        if facts.shares:
            if item not in self.times:
                self.times[item] = timeline(facts.shares, item)
            return paying(self.times[item], days, whole=whole)
        return paying([(since, ((account, 1),)) for since, account in facts.accounts], days, whole=whole)

    def _measured(
        self, item: Item, segment: _Segment, place: Place, active: Sequence[Period], agreed: Sequence[Period]
    ) -> tuple[Measured, Decimal]:
        usage = (self.facts.usage or {}).get(item.id)
        if usage is None:
            return NOTHING_USED, NOTHING_USED.quantity
        scheme = segment.terms.scheme
        window = None
        if scheme is not None and scheme.window is not None:
            window = slot_of(segment.grid.anchor, scheme.window, place.days.start)
        found = plain(usage, place, agreed, carry=self.facts.carry_small_usage)
        if window is None and not is_cut(place, active):
            return found, found.quantity
        return continued(found, usage, place, active, agreed, window=window, alike=segment.alike)

    def _once(self, item: Item) -> None:
        terms = item.terms[-1]
        start = max(item.start, self.facts.start)
        if terms.model is None or start < self.facts.floor or start >= self.facts.end:
            return
        if any(_is_agreed(decision, item, start) for decision in self.facts.decisions):
            return
        if start > self.horizon(item.id):
            self.next_due = min(self.next_due, start)
            return
        rated = MODELS[terms.model].rate(terms, NOTHING_USED._replace(days=(1, 1)), self.digits)
        discounts = [d for d in self.facts.discounts if d.item == item.id and d.start <= start < d.end]
        allowance, reason = discounted(rated.amount, discounts, terms.quantity)
        amount = rated.amount - allowance
        payers = self.payers(item.id, Period(start, start + _DAY), whole=True)
        for suffix, product, share, off, price, quantity in products_of(terms, rated, amount, allowance, self.digits):
            for account, days, paid in payers:
                tax = self.tax(account, product, start)
                identity = Identity(
                    item.id, part_of("once:1" + suffix, account, paid), product, ONCE, NONE, share, terms.gross,
                    account, tax.category, tax.rate, paid,
                )  # fmt: skip
                self.charges.append(
                    Charge(identity, ONCE, start, days, price, quantity, off, reason, terms.label, None,
                           rated.steps or "")
                )  # fmt: skip


_DAY: Final = timedelta(days=1)
_FEE: Final = "fee"


class _Dated(Protocol):
    @property
    def since(self) -> date: ...


Row = TypeVar("Row", bound=_Dated)


def _latest(rows: Sequence[Row], day: date) -> Row:
    """The row in force on ``day``; the first one before any is."""
    found = rows[0]
    for row in rows:
        if row.since <= day:
            found = row
    return found


def _shape(item: Item) -> Shape:
    """Shape of the item's prices; an item that ended before it began has none and is walked like a fee of nothing."""
    first = item.terms[0].model
    if first is not None:
        return MODELS[first].shape
    return next((MODELS[terms.model].shape for terms in item.terms if terms.model is not None), Shape.SPREAD)


def _ends_on(item: Item) -> date:
    """The item's end: its own, or the day from which its terms owe nothing any more."""
    end = item.end
    if item.terms[-1].model is not None:
        return end
    for terms in reversed(item.terms):
        if terms.model is not None:
            break
        end = min(end, terms.since)
    return end


def _counting_on(segments: list[_Segment]) -> list[_Segment]:
    """The segments, each knowing since when usage counts on; pauses between them change nothing."""
    if len(segments) < 2:
        return segments
    found: list[_Segment] = []
    for segment in segments:
        last = found[-1] if found else segment
        same = last.grid == segment.grid and counting(last.terms.scheme) == counting(segment.terms.scheme)
        found.append(segment._replace(alike=last.alike if found and same else segment.days.start))
    return found


def _is_agreed(decision: Decision, item: Item, day: date) -> bool:
    mine = decision.kind is _AGREED and decision.item == item.id
    return mine and decision.days.start <= day < decision.days.end


def _window(item: Item, grid: Grid, span: Period) -> Period:
    """The days of the item on which this grid holds."""
    end = min([span.end, *(other.since for other in item.grids if other.since > grid.since)])
    return span if grid.since <= span.start and end == span.end else Period(max(span.start, grid.since), end)


@lru_cache(maxsize=16_384)
def _walk(
    grid: Grid, shape: Shape, window: Period, days: Period, active: tuple[Period, ...], since: date, horizon: date
) -> _Walk:
    """Slots of ``days`` from that of ``since`` on that are due by ``horizon``. ``active``: days that owe something.

    Contracts that began on one day walk the same slots, so the walk is remembered.
    """
    start, end = days
    places: list[Place] = []
    index = index_at(grid.anchor, grid.fee, min(max(start, since), end - _DAY))
    while (slot := slot_at(grid.anchor, grid.fee, index)).start < end:
        due_on = _due_on(grid, shape, slot, window)
        if due_on > horizon:
            return _Walk(tuple(places), due_on, slot.start)
        within = Period(max(start, slot.start), min(end, slot.end))
        until = next(period.end for period in reversed(active) if period.start < slot.end)
        last_day = min(slot.end, window.end, until) - _DAY
        places.append(Place(slot, within, due_on, last_day, (within.days, slot.days)))
        index += 1
    return _Walk(tuple(places))


def _due_on(grid: Grid, shape: Shape, slot: Period, window: Period) -> date:
    """Advance: start of the billing period the slot starts in; arrears and usage: end of the one it ends in."""
    _since, fee, billing, anchor, timing = grid
    if timing is Timing.ADVANCE and shape is not _USAGE:
        start = slot.start if billing == fee else slot_of(anchor, billing, slot.start).start
        return max(start, window.start)
    end = slot.end if billing == fee else slot_of(anchor, billing, slot.end - _DAY).end
    return min(end, window.end)


def _segments(item: Item, discounts: Sequence[Discount], window: Period) -> list[_Segment]:
    """Cut the window where grid, terms or discounts change."""
    if window.start >= window.end:
        return []
    mine = [d for d in discounts if d.item == item.id or (not d.item and d.percent is not None)]
    part = [d for d in mine if d.start > window.start or d.end < window.end]
    if not part and len(item.grids) == 1 and len(item.terms) == 1:
        return [_Segment(window, item.grids[0], item.terms[0], mine)]
    edges = {window.start, window.end}
    edges.update(grid.since for grid in item.grids)
    edges.update(terms.since for terms in item.terms)
    for discount in mine:
        edges.update((discount.start, discount.end))
    days = sorted(edge for edge in edges if window.start <= edge <= window.end)
    return [
        _Segment(
            Period(start, end), _latest(item.grids, start), _latest(item.terms, start),
            [discount for discount in mine if discount.start <= start < discount.end],
        )
        for start, end in pairwise(days)
    ]  # fmt: skip


def _agreed(reader: _Reader) -> list[Charge]:
    """What people agreed for single days, in place of the terms."""
    charges = []
    items = {item.id: item for item in reader.facts.items}
    for decision in reader.facts.decisions:
        if decision.kind is not _AGREED:
            continue
        if decision.day > reader.horizon(decision.item):
            reader.next_due = min(reader.next_due, decision.day)
            reader.seal = min(reader.seal, decision.days.start)
            continue
        terms = _latest(items[decision.item].terms, decision.days.start)
        price = Decimal(decision.amount).scaleb(-reader.digits)
        for account, _days, paid in reader.payers(decision.item, decision.days, whole=True):
            tax = reader.tax(account, terms.product, decision.days.last_day)
            identity = Identity(
                decision.item, part_of(f"agreed:{decision.id}", account, paid), terms.product, decision.days, NONE,
                decision.amount, terms.gross, account, tax.category, tax.rate, paid,
            )  # fmt: skip
            charges.append(
                Charge(identity, decision.days, decision.day, decision.days, price, Decimal(1), label=decision.label)
            )
    return charges
