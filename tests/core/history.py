"""A contract whose facts are only ever added: what is in force is worked out anew each time, as loading does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from turnus.core.catalog import Model
from turnus.core.contracts import (
    ContractFacts,
    Decision,
    DecisionKind,
    Discount,
    Grid,
    Item,
    Terms,
    Timing,
    Usage,
    UsageTotal,
)
from turnus.core.payers import Parts, Shares
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period

SCALE = 4


@dataclass
class Rows:
    """An item: its opening and its later facts by day; of two facts on one day the later one counts."""

    number: int
    start: date
    model: Model
    basis: Basis
    terms: dict[date, Terms]
    grids: dict[date, Grid]
    used: dict[date, tuple[int, int]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def terms_on(self, day: date) -> Terms:
        """In force on a day; the first ones before any are."""
        return self.terms[max((since for since in self.terms if since <= day), default=min(self.terms))]

    def grid_on(self, day: date) -> Grid:
        return self.grids[max((since for since in self.grids if since <= day), default=min(self.grids))]

    @property
    def is_usage(self) -> bool:
        return self.model in {Model.METERED_UNIT, Model.RATED}

    @property
    def is_one_off(self) -> bool:
        return self.model is Model.ONE_OFF

    def item(self) -> Item:
        terms = [self.terms[since] for since in sorted(self.terms)]
        grids = [self.grids[since] for since in sorted(self.grids)]
        return Item(self.number, f"item-{self.number}", self.start, FAR_FUTURE, grids, terms, self.basis)


@dataclass
class History:
    """All facts of one contract. Every method records one and returns the day from which it takes effect."""

    number: int
    start: date
    floor: date
    items: dict[int, Rows] = field(default_factory=dict)
    end: date = FAR_FUTURE
    payers: dict[tuple[date, int], Parts] = field(default_factory=lambda: {(date.min, 0): ((1, 1),)})
    """By day and item (0: the contract)."""
    discounts: dict[int, Discount] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    carry_small_usage: bool = True
    zero_charges: bool = False
    pauses: dict[date, date] = field(default_factory=dict)
    """Pauses of the contract: first day → first day after."""
    serial: int = 0

    def facts(self) -> ContractFacts:
        usage = {
            rows.number: Usage(SCALE, [UsageTotal(day, *rows.used[day]) for day in sorted(rows.used)])
            for rows in self.items.values()
            if rows.is_usage
        }
        return ContractFacts(
            self.number, f"V-{self.number}", self.start, self.end, "EUR", [rows.item() for rows in self.items.values()],
            [(since, parts[0][0]) for (since, item), parts in sorted(self.payers.items()) if not item], self.floor,
            self.floor, list(self.discounts.values()), list(self.decisions.values()), usage, self.carry_small_usage,
            self.zero_charges, shares=self.shares(),
            pauses=[Period(start, end) for start, end in sorted(self.pauses.items())],
        )  # fmt: skip

    def shares(self) -> list[Shares]:
        rows = [Shares(since, item, parts) for (since, item), parts in sorted(self.payers.items())]
        return rows if any(row.item or len(row.parts) > 1 for row in rows) else []

    def next(self) -> int:
        self.serial += 1
        return 100 * self.number + self.serial

    def add_item(self, start: date, basis: Basis, terms: Terms, grid: Grid) -> date:
        number = 10 * self.number + len(self.items)
        opening = {start: terms._replace(since=start)}
        assert terms.model is not None
        self.items[number] = Rows(number, start, terms.model, basis, opening, {start: grid._replace(since=start)})
        return start

    def change_terms(self, item: int, day: date, *, price: Decimal, quantity: Decimal, product: int) -> date:
        rows = self.items[item]
        now = rows.terms_on(day)
        rows.terms[day] = now._replace(
            since=day, model=rows.model, unit_price=price, quantity=quantity, product=product
        )
        return day

    def pause(self, item: int, days: Period) -> date:
        """Nothing is owed on these days; a far end is the end of the item."""
        rows = self.items[item]
        after = rows.terms_on(days.end)
        if after.model is not None and days.end < FAR_FUTURE:
            rows.terms.setdefault(days.end, after._replace(since=days.end))
        rows.terms[days.start] = rows.terms_on(days.start)._replace(since=days.start, model=None)
        return days.start

    def pause_contract(self, days: Period) -> date:
        """Nothing is owed of any item on these days; they may overlap others, and replace a pause of the same start."""
        self.pauses[days.start] = days.end
        return days.start

    def resume(self, day: date) -> date:
        """Pauses that run on a day end with it; later ones never were."""
        effective = min([day, *(start for start in self.pauses if start >= day)])
        self.pauses = {start: min(end, day) for start, end in self.pauses.items() if start < day}
        return effective

    def change_grid(self, item: int, day: date, *, fee: Cycle, billing: Cycle, anchor: date, timing: Timing) -> date:
        self.items[item].grids[day] = Grid(day, fee, billing, anchor, timing)
        return day

    def change_payer(self, day: date, parts: Parts, item: int = 0) -> date:
        self.payers[day, item] = parts
        return day

    def move_end(self, end: date) -> date:
        before, self.end = self.end, end
        return min(before, end)

    def move_one_off(self, item: int, day: date) -> date:
        before = self.items[item].start
        self.items[item].start = day
        return min(before, day)

    def use(self, item: int, key: str, day: date, quantity: int, amount: int) -> date | None:
        """None where the key is there already."""
        rows = self.items[item]
        if key in rows.keys:
            return None
        rows.keys.add(key)
        before = rows.used.get(day, (0, 0))
        rows.used[day] = (before[0] + quantity, before[1] + amount)
        return day

    def grant(self, item: int, percent: Decimal | None, amount: int | None, days: Period, fee: Cycle) -> date:
        number = self.next()
        window = fee if amount is not None and not item else None
        self.discounts[number] = Discount(
            number, item, percent, amount, days.start, days.end, f"Rabatt {number}", window, self.start
        )
        return days.start

    def end_discount(self, number: int, end: date) -> date:
        before = self.discounts[number]
        self.discounts[number] = before._replace(end=max(end, before.start))
        return min(before.end, max(end, before.start))

    def decide(
        self, item: int, kind: DecisionKind, days: Period, *, amount: int = 0, day: date, until: date | None = None,
        corrects: tuple[int, int] | None = None, account: int = 0,
    ) -> date:  # fmt: skip
        number = self.next()
        self.decisions[number] = Decision(number, item, kind, days, amount, day, until, corrects, account=account)
        return days.start

    def withdraw(self, number: int) -> date:
        return self.decisions.pop(number).days.start
