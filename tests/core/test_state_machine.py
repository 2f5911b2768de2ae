"""Random histories of contracts: whatever happens, what stands is what is owed, and nothing is billed twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.core import oracle
from tests.core.builders import MONTH, QUARTER, WEEK, YEAR, Book
from tests.core.cancelling import cancelled
from tests.core.history import History, Rows
from turnus.core.catalog import Model
from turnus.core.charges import Entry
from turnus.core.contracts import DecisionKind, Grid, Terms, Timing
from turnus.core.correcting import remaining
from turnus.core.document import Kind
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period
from turnus.core.tax import Tax

FIRST, LAST = date(2024, 12, 1), date(2026, 3, 1)
SETTLED = date(2027, 3, 1)
"""By then all that can be owed of the days before ``LAST`` has fallen due."""

DAYS = st.dates(FIRST, LAST) | st.sampled_from([date(2025, month, 1) for month in range(1, 13)])
STARTS = st.dates(FIRST, date(2025, 3, 1))
LENGTHS = st.integers(1, 100)
PRICES = st.integers(0, 20_000).map(lambda cents: Decimal(cents).scaleb(-2))
QUANTITIES = st.sampled_from([Decimal(1), Decimal(2), Decimal("2.5"), Decimal(7)])
CYCLES = st.sampled_from([MONTH, MONTH, MONTH, QUARTER, YEAR, WEEK, Cycle(0, 30)])
MODELS = st.sampled_from(
    [Model.RECURRING_UNIT, Model.RECURRING_UNIT, Model.RECURRING_FLAT, Model.METERED_UNIT, Model.RATED, Model.ONE_OFF]
)
BASES = st.sampled_from([*Basis, Basis.ACTUAL_PERIOD])
TIMINGS = st.sampled_from(list(Timing))
PLACES = st.integers(0, 7)
"""Which of the things there are: counted round."""


class NewItem(NamedTuple):
    """An item as it is added to a contract."""

    start: date
    anchor: date
    price: Decimal
    model: Model = Model.RECURRING_UNIT
    fee: Cycle = MONTH
    basis: Basis = Basis.ACTUAL_PERIOD
    timing: Timing = Timing.ADVANCE
    gross: bool = False


ITEMS = st.builds(NewItem, DAYS, DAYS, PRICES, MODELS, CYCLES, BASES, TIMINGS, st.booleans())


def period(start: date, length: int) -> Period:
    return Period(start, start + timedelta(days=length))


class Billing(RuleBasedStateMachine):
    """Two contracts that share their payers' documents."""

    def __init__(self) -> None:
        super().__init__()
        self.rates = [(date.min, 1900)]
        self.histories: dict[int, History] = {}
        self.book = Book(tax=self.tax)
        self.through = FIRST
        self.changed = False
        self.cancelled: set[int] = set()

    def tax(self, account: int, product: int, last_day: date) -> Tax:
        if account == 3:
            return Tax("O", 0)
        rate = [rate for since, rate in self.rates if since <= last_day][-1]
        return Tax("S", rate - 1200 if product == 2 else rate)

    # ---- what there is -----------------------------------------------------------------------------------------------

    @initialize(first=STARTS, second=STARTS, floor=st.just(date.min) | STARTS, more=st.lists(ITEMS, max_size=4),
                carry=st.booleans(), zero=st.booleans())  # fmt: skip
    def conclude(self, first: date, second: date, floor: date, more: list[NewItem], carry: bool, zero: bool) -> None:
        """The second contract was billed elsewhere before the floor."""
        for number, start in ((1, first), (2, second)):
            history = History(number, start, date.min if number == 1 else floor)
            history.carry_small_usage, history.zero_charges = carry, zero
            self.histories[number], facts = history, history.facts()
            self.book.contracts[number], self.book.seals[number], self.book.lines[number] = facts, facts.floor, []
            self.new_item(number, NewItem(start, start, Decimal(30)))
        for place, new in enumerate(more):
            self.new_item(1 + place % 2, new)

    def record(self, contract: int, effective: date | None) -> None:
        """A fact was recorded: the next run reads it, and the seal moves back to the day it takes effect."""
        if effective is not None:
            self.book.amend(self.histories[contract].facts(), effective)
            self.changed = True

    def item(self, contract: int, place: int, *, recurring: bool = False) -> Rows | None:
        rows = [r for r in self.histories[contract].items.values() if not (recurring and r.is_one_off)]
        return rows[place % len(rows)] if rows else None

    # ---- facts -------------------------------------------------------------------------------------------------------

    @rule(contract=st.sampled_from([1, 2]), new=ITEMS)
    def new_item(self, contract: int, new: NewItem) -> None:
        history = self.histories[contract]
        if len(history.items) < 4:
            terms = Terms(new.start, 1, new.model, new.price, Decimal(1), new.gross, "")
            grid = Grid(new.start, new.fee, new.fee, new.anchor, new.timing)
            self.record(contract, history.add_item(new.start, new.basis, terms, grid))

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, day=DAYS, price=PRICES, quantity=QUANTITIES,
          product=st.sampled_from([1, 1, 1, 2]))  # fmt: skip
    def change_terms(
        self, contract: int, place: int, day: date, price: Decimal, quantity: Decimal, product: int
    ) -> None:
        """A new price, quantity or product from a day on, past or future; also of an item that had ended."""
        rows = self.item(contract, place)
        if rows:
            effective = self.histories[contract].change_terms(
                rows.number, day, price=price, quantity=quantity, product=product
            )
            self.record(contract, min(effective, rows.start) if rows.is_one_off else effective)

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, which=PLACES, price=PRICES)
    def correct_terms(self, contract: int, place: int, which: int, price: Decimal) -> None:
        """The price was wrong: a row that supersedes another of the same day."""
        rows = self.item(contract, place)
        if rows:
            day = sorted(rows.terms)[which % len(rows.terms)]
            now = rows.terms[day]
            self.record(contract, self.histories[contract].change_terms(
                rows.number, day, price=price, quantity=now.quantity, product=now.product
            ))  # fmt: skip

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, day=DAYS, length=LENGTHS, for_good=st.booleans())
    def pause_or_end(self, contract: int, place: int, day: date, length: int, for_good: bool) -> None:
        rows = self.item(contract, place, recurring=True)
        if rows:
            days = Period(day, FAR_FUTURE) if for_good else period(day, length)
            self.record(contract, self.histories[contract].pause(rows.number, days))

    @rule(contract=st.sampled_from([1, 2]), day=DAYS, length=LENGTHS, open_=st.booleans())
    def pause_contract(self, contract: int, day: date, length: int, open_: bool) -> None:
        days = Period(day, FAR_FUTURE) if open_ else period(day, length)
        self.record(contract, self.histories[contract].pause_contract(days))

    @rule(contract=st.sampled_from([1, 2]), day=DAYS)
    def resume(self, contract: int, day: date) -> None:
        self.record(contract, self.histories[contract].resume(day))

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, day=DAYS, fee=CYCLES, times=st.sampled_from([1, 1, 3]),
          anchor=DAYS, timing=TIMINGS)  # fmt: skip
    def change_grid(
        self, contract: int, place: int, day: date, fee: Cycle, times: int, anchor: date, timing: Timing
    ) -> None:
        rows = self.item(contract, place, recurring=True)
        if rows:
            billing = Cycle(fee.months * times, fee.days * times)
            self.record(contract, self.histories[contract].change_grid(
                rows.number, day, fee=fee, billing=billing, anchor=anchor, timing=timing
            ))  # fmt: skip

    @rule(contract=st.sampled_from([1, 2]), day=DAYS, account=st.sampled_from([1, 2, 3]))
    def change_payer(self, contract: int, day: date, account: int) -> None:
        self.record(contract, self.histories[contract].change_payer(day, ((account, 1),)))

    @rule(contract=st.sampled_from([1, 2]), day=DAYS, place=PLACES, whole=st.booleans(),
          accounts=st.lists(st.sampled_from([1, 2, 3]), max_size=3, unique=True),
          weights=st.tuples(*[st.integers(1, 9)] * 3))  # fmt: skip
    def share_payers(
        self, contract: int, day: date, place: int, whole: bool, accounts: list[int], weights: tuple[int, ...]
    ) -> None:
        """Several pay the contract or one item, which without any follows the contract again."""
        rows = self.item(contract, place)
        if rows and (accounts or not whole):
            parts = tuple(zip(accounts, weights, strict=False))
            self.record(contract, self.histories[contract].change_payer(day, parts, 0 if whole else rows.number))

    @rule(day=DAYS, rate=st.sampled_from([1600, 1900, 2000]))
    def change_vat(self, day: date, rate: int) -> None:
        self.rates = sorted([(since, old) for since, old in self.rates if since != day] + [(day, rate)])
        for contract in self.histories:
            self.record(contract, day)

    @rule(contract=st.sampled_from([1, 2]), end=DAYS | st.just(FAR_FUTURE))
    def move_end(self, contract: int, end: date) -> None:
        """Terminate, terminate for another day, or revoke."""
        self.record(contract, self.histories[contract].move_end(end))

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, whole=st.booleans(), start=DAYS, length=st.integers(1, 500),
          percent=st.sampled_from([None, Decimal(10), Decimal("33.3"), Decimal(100)]), amount=st.integers(1, 5000),
          fee=st.sampled_from([MONTH, QUARTER, YEAR]))  # fmt: skip
    def grant_discount(self, contract: int, place: int, whole: bool, start: date, length: int,
                       percent: Decimal | None, amount: int, fee: Cycle) -> None:  # fmt: skip
        rows = self.item(contract, place)
        if rows and len(self.histories[contract].discounts) < 3:
            effective = self.histories[contract].grant(
                0 if whole else rows.number, percent, None if percent else amount, period(start, length), fee
            )
            self.record(contract, effective)

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, end=DAYS)
    def end_discount(self, contract: int, place: int, end: date) -> None:
        numbers = list(self.histories[contract].discounts)
        if numbers:
            self.record(contract, self.histories[contract].end_discount(numbers[place % len(numbers)], end))

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, key=st.integers(1, 30), day=DAYS,
          quantity=st.integers(-30_000, 500_000), amount=st.integers(-200, 2_000))  # fmt: skip
    def use(self, contract: int, place: int, key: int, day: date, quantity: int, amount: int) -> None:
        """Usage, also late, negative or reported twice."""
        rows = [r for r in self.histories[contract].items.values() if r.is_usage]
        if rows:
            item = rows[place % len(rows)].number
            self.record(contract, self.histories[contract].use(item, str(key), day, quantity, amount))

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, day=DAYS)
    def move_one_off(self, contract: int, place: int, day: date) -> None:
        rows = [r for r in self.histories[contract].items.values() if r.is_one_off]
        if rows:
            self.record(contract, self.histories[contract].move_one_off(rows[place % len(rows)].number, day))

    # ---- decisions ---------------------------------------------------------------------------------------------------

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, start=DAYS, length=LENGTHS, amount=st.integers(0, 9_000),
          kind=st.sampled_from([DecisionKind.CONCESSION, DecisionKind.AGREED]))  # fmt: skip
    def decide(self, contract: int, place: int, start: date, length: int, amount: int, kind: DecisionKind) -> None:
        """Goodwill for some days, or another price for them; of two prices for one day the second is refused."""
        rows = self.item(contract, place)
        days = period(start, length)
        history = self.histories[contract]
        agreed = [d.days for d in history.decisions.values() if d.kind is kind and rows and d.item == rows.number]
        if rows and not (kind is DecisionKind.AGREED and any(days.cut(other) for other in agreed)):
            day = max(self.through, start)
            self.record(contract, history.decide(rows.number, kind, days, amount=amount, day=day))

    @rule(contract=st.sampled_from([1, 2]), place=st.integers(0, 50), amount=st.integers(1, 9_000))
    def credit_a_line(self, contract: int, place: int, amount: int) -> None:
        """Part of an issued line is credited: at most what is left of it."""
        entries = self.book.lines[contract]
        lines = [row for row in remaining(entries, entries) if row.left > 0]
        if lines:
            entry, left = lines[place % len(lines)]
            identity = entry.charge.identity
            self.record(contract, self.histories[contract].decide(
                identity.item, DecisionKind.CONCESSION, entry.charge.service, amount=min(amount, left),
                day=self.through, corrects=(entry.invoice, entry.position),
                account=identity.account if identity.share else 0,
            ))  # fmt: skip

    @rule(contract=st.sampled_from([1, 2]), place=PLACES, start=DAYS, length=LENGTHS, until=st.none() | DAYS)
    def hold(self, contract: int, place: int, start: date, length: int, until: date | None) -> None:
        rows = self.item(contract, place)
        if rows:
            self.record(contract, self.histories[contract].decide(
                rows.number, DecisionKind.HOLD, period(start, length), day=self.through, until=until
            ))  # fmt: skip

    @rule(contract=st.sampled_from([1, 2]), place=PLACES)
    def withdraw_decision(self, contract: int, place: int) -> None:
        numbers = list(self.histories[contract].decisions)
        if numbers:
            self.record(contract, self.histories[contract].withdraw(numbers[place % len(numbers)]))

    # ---- runs and cancellations --------------------------------------------------------------------------------------

    @rule(through=DAYS, scope=st.sampled_from([(), (), (), (1,), (2,)]))
    def run(self, through: date, scope: tuple[int, ...]) -> None:
        """Also of one contract only, and dated before the last."""
        self.book.run(through, scope=scope)
        self.through = through
        self.changed = True

    @rule(days=st.integers(1, 45))
    def run_on(self, days: int) -> None:
        """The next run of a row."""
        self.run(min(self.through + timedelta(days=days), LAST), ())

    @rule(contract=st.sampled_from([1, 2]), through=DAYS, day=DAYS, price=PRICES)
    def change_between_draft_and_issue(self, contract: int, through: date, day: date, price: Decimal) -> None:
        """What was released is issued as it is; the seal stays where the fact moved it, so the next run corrects."""
        drafts = self.book.draft(through)
        self.change_terms(contract, 0, day, price, Decimal(1), 1)
        self.book.enter(drafts, through, changed=[contract])
        self.through = through
        self.changed = True

    @rule(place=st.integers(0, 50), hold=st.booleans())
    def cancel(self, place: int, hold: bool) -> None:
        """Take a whole document back, where its days are not billed again; with a hold they will not be."""
        documents = [
            document for document in self.book.documents
            if document.composed.kind is not Kind.CANCELLATION and document.number not in self.cancelled
        ]  # fmt: skip
        if not documents:
            return
        document = documents[place % len(documents)]
        contract_of = {item: number for number, h in self.histories.items() for item in h.items}
        lines = cancelled(self.entries_of({document.number}), self.entries_of(None), contract_of)
        if not lines:
            return
        self.cancelled.add(document.number)
        self.book.issue(document.account, lines, self.through, Kind.CANCELLATION)
        for line in lines:
            item = line.charge.identity.item
            if hold and line.sign < 0:
                self.record(line.contract, self.histories[line.contract].decide(
                    item, DecisionKind.HOLD, line.charge.service, day=self.through
                ))  # fmt: skip
            self.record(line.contract, line.charge.service.start)

    def entries_of(self, documents: set[int] | None) -> list[Entry]:
        return [
            entry
            for entries in self.book.lines.values()
            for entry in entries
            if documents is None or entry.invoice in documents
        ]

    # ---- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def a_run_now_would_be_right(self) -> None:
        if self.changed:
            check(self.book, self.through)
        self.changed = False

    def teardown(self) -> None:
        if not self.histories:
            return
        for number, history in self.histories.items():
            for decision in [d for d in history.decisions.values() if d.kind is DecisionKind.HOLD]:
                self.record(number, history.withdraw(decision.id))
            self.record(number, history.move_end(min(history.end, LAST)))
        self.book.run(SETTLED)
        for number in self.histories:
            oracle.check_settled(self.book, number, SETTLED)


def check(book: Book, through: date) -> None:
    """Bill a copy of the book, and look at it from every side."""
    probe = book.copy()
    probe.enter(first := probe.draft(through), through)
    for contract, entries in probe.lines.items():
        oracle.check_standing_is_owed(book, probe, contract, through)
        oracle.check_no_day_twice(entries)
        oracle.check_lines_stay_within_themselves(entries)
        oracle.check_guard(contract, entries)
        assert first[contract].guard != "overlap"
    oracle.check_documents(probe)
    for billing in probe.draft(through).values():
        assert not billing.difference, f"a second run is not empty: {billing.difference}"


def test_whatever_happens_to_contracts_what_stands_is_what_is_owed() -> None:
    run_state_machine_as_test(Billing, settings=settings(max_examples=80, stateful_step_count=50))


@pytest.mark.soak
def test_long_histories_of_contracts_end_with_what_is_owed() -> None:
    run_state_machine_as_test(Billing)  # as many and as long as the profile says
