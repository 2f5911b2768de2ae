"""Contracts live through everything: after each step the books are right and equal a naive calculator (I-1, I-4, I-5).

A state machine over the whole application: contracts are concluded, amended at once, later and backwards, paused,
renewed, ended and revived, used early, late and twice; runs draft and issue, documents are cancelled and credited, and
the clock goes on. After every step a run on trial must bill exactly what a calculator owes day by day that shares no
code with the program, a second run must be empty, and every preview must have said what the run then issues.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.builders import BY, FLAT, METERED, ONE_OFF, UNIT, customer, product
from tests.scenarios import books
from tests.scenarios.living import CHECKS, CORRECTING, OFFSETS, START, Living
from tests.scenarios.naive import NEVER, ONE, NaiveContract, NaiveItem, Statement
from turnus.contracts.amend import end_contract
from turnus.contracts.change import Amended, change_contract
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.contracts.models import Contract, Item
from turnus.contracts.pauses import pause, resume
from turnus.contracts.renewals import record_renewals
from turnus.core.amending import AddItem, Change, ChangeItem, Moment, RemoveItem, RestoreItem, When
from turnus.core.contracts import NewContract, NewItem, Timing
from turnus.core.pausing import NewPause
from turnus.core.periods import Cycle
from turnus.core.terms import NewContractTerms
from turnus.invoices.models import Invoice, InvoiceLine
from turnus.stories.amending import preview

pytestmark = pytest.mark.database

CYCLES = [
    (Cycle(1, 0), Cycle(1, 0)), (Cycle(1, 0), Cycle(3, 0)), (Cycle(3, 0), Cycle(3, 0)), (Cycle(0, 14), Cycle(0, 14)),
    (Cycle(12, 0), Cycle(12, 0)),
]  # fmt: skip
PLANS = {"small": (FLAT, "29.90"), "large": (FLAT, "100.00"), "seat": (UNIT, "17.77")}
NUMBERS = st.sampled_from(["V1", "V1", "V1", "V2", "V3"])
CODES = st.sampled_from(["plan", "seat", "seat", "sms", "setup", "x0"])
PRICES = st.integers(500, 20_000).map(lambda n: Decimal(n).scaleb(-2))
COUNTS = st.integers(1, 12).map(Decimal)


RHYTHMS = st.tuples(st.integers(-20, 5), st.sampled_from(CYCLES), st.sampled_from(Timing))
Rhythm = tuple[int, tuple[Cycle, Cycle], Timing]
"""Days after the beginning, fee and billing period, timing."""
MAYBE_PLANS = st.none() | st.none() | st.sampled_from(sorted(PLANS))


class Life(Living):
    """Two contracts, later a third, and all that amendments do to their items."""

    expected: ClassVar[set[str]] = CORRECTING | {
        "contract_ended", "item_ended", "unknown_item", "duplicate_item", "before_contract", "other_kind_of_price",
        "pause_overlaps", "pause_outside", "negative_period", "not_a_fee",
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        for code, (model, price) in PLANS.items():
            product(self.firm, code, price, model)
        product(self.firm, "sms", "0.07", METERED)
        product(self.firm, "setup", "49.90", ONE_OFF)
        customer(self.firm, "K1")
        self.known: dict[str, NaiveContract] = {}
        self.group = ""
        self.serial = 0

    # ---- contracts ---------------------------------------------------------------------------------------------------

    @initialize(first=RHYTHMS, second=RHYTHMS, group=st.sampled_from(["", "all"]))
    def conclude_both(self, first: Rhythm, second: Rhythm, group: str) -> None:
        """Two contracts of one customer, with or without common invoices."""
        self.group, self.changed = group, True
        for number, (offset, (fee, billing), timing) in (("V1", first), ("V2", second)):
            self.conclude(number, START + offset * ONE, fee, billing, timing)

    @precondition(lambda self: "V3" not in self.known)
    @rule(rhythm=RHYTHMS, offset=OFFSETS)
    def create(self, rhythm: Rhythm, offset: int) -> None:
        """One more contract, also one that began long ago."""
        _days, (fee, billing), timing = rhythm
        self.conclude("V3", self.day(offset), fee, billing, timing)
        self.changed = True

    def named(self, number: str) -> str:
        return number if number in self.known else "V1"

    def conclude(self, number: str, start: date, fee: Cycle, billing: Cycle, timing: Timing) -> None:
        items = (
            NewItem("plan", "small", Decimal(1)), NewItem("seat", "seat", Decimal(3)),
            NewItem("sms", "sms", Decimal(1)), NewItem("setup", "setup", Decimal(2)),
        )  # fmt: skip
        terms = NewContractTerms(initial=Cycle(3, 0), renewal=Cycle(1, 0), notice=Cycle(1, 0))
        new = NewContract(
            number, "K1", start, items, fee=fee, billing=billing, timing=timing, group=self.group, terms=terms
        )  # fmt: skip
        with transaction.atomic():
            conclude(self.firm.id, [new], by=BY)
        made = {
            "plan": ("fee", "29.90", 1, True), "seat": ("fee", "17.77", 3, False), "sms": ("usage", "0.07", 1, False),
            "setup": ("once", "49.90", 2, False),
        }  # fmt: skip
        self.known[number] = NaiveContract(start, {
            code: NaiveItem(kind, start, start, fee, billing, timing, [opening(price, Decimal(count), flat=flat)])
            for code, (kind, price, count, flat) in made.items()
        })  # fmt: skip

    def when(self, kind: str, offset: int) -> When:
        return {"at once": Moment.AT_ONCE, "period end": Moment.PERIOD_END}.get(kind) or self.day(offset)

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "period end", "day", "day"]), offset=OFFSETS,
          price=st.none() | PRICES, quantity=st.none() | COUNTS, plan=MAYBE_PLANS)  # fmt: skip
    def change(
        self, number: str, code: str, kind: str, offset: int, price: Decimal | None, quantity: Decimal | None,
        plan: str | None,
    ) -> None:  # fmt: skip
        """Up- and downgrade: price, quantity, product, each or together, also backwards."""
        if price or quantity or plan:
            self.amend(self.named(number), ChangeItem(code, self.when(kind, offset), plan, price, quantity))

    @rule(offset=OFFSETS, price=PRICES, quantity=COUNTS, what=st.sampled_from(["price", "quantity"]))
    def change_the_seats(self, offset: int, price: Decimal, quantity: Decimal, what: str) -> None:
        """One item is changed again and again, before and after what was agreed earlier."""
        wanted = ChangeItem("seat", self.day(offset))
        self.amend("V1", replace(wanted, price=price) if what == "price" else replace(wanted, quantity=quantity))

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "period end", "day"]), offset=OFFSETS)
    def remove(self, number: str, code: str, kind: str, offset: int) -> None:
        self.amend(self.named(number), RemoveItem(code, self.when(kind, offset)))

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "day"]), offset=OFFSETS)
    def restore(self, number: str, code: str, kind: str, offset: int) -> None:
        self.amend(self.named(number), RestoreItem(code, self.when(kind, offset)))

    @rule(number=NUMBERS, plan=st.sampled_from([*sorted(PLANS), "setup"]), count=COUNTS, offset=OFFSETS,
          own=st.booleans())  # fmt: skip
    def add(self, number: str, plan: str, count: Decimal, offset: int, own: bool) -> None:
        number = self.named(number)
        code = f"x{len(self.known[number].items) - 4}"
        new = AddItem(NewItem(code, plan, count), self.day(offset), own_rhythm=own)
        self.amend(number, new)

    @rule(number=NUMBERS, codes=st.lists(CODES, min_size=2, max_size=3, unique=True), offset=OFFSETS, price=PRICES)
    def change_several(self, number: str, codes: list[str], offset: int, price: Decimal) -> None:
        """One amendment of several changes: made whole or not at all."""
        day = self.day(offset)
        self.amend(
            self.named(number), RemoveItem(codes[0], day), *(ChangeItem(code, day, price=price) for code in codes[1:])
        )

    def amend(self, number: str, *wanted: Change) -> None:
        """Preview, make, and see whether the run of today issues what the preview said."""
        act = partial(change_contract, self.firm.id, number, wanted, on=self.today, by=BY)
        try:
            before = Invoice.objects.count()
            found = preview(self.firm.id, number, act, on=self.today)
            assert Invoice.objects.count() == before
            made = act()
        except ContractRefusedError as refused:
            self.foreseen(refused.code)
            return
        assert made.changes == found.outcome.changes
        foreseen = [row.document for row in found.after.today.documents]
        mine = set(self.known) if self.group else {number}
        assert [d for d in self.tried() if mine & set(d.contracts)] == foreseen, "the preview equals the result"
        self.learn(number, wanted, made)
        self.changed = True

    def learn(self, number: str, wanted: tuple[Change, ...], made: Amended) -> None:
        """What the amendment states, for the naive calculator; a change that held already stated nothing."""
        items = self.known[number].items
        since = {(change.what, change.item): change.since for change in made.changes}
        for change in wanted:
            if isinstance(change, AddItem):
                items[change.item.code] = self.added(number, change)
            elif isinstance(change, RemoveItem | RestoreItem):
                ended = isinstance(change, RemoveItem)
                day = since.get(("remove" if ended else "restore", change.item))
                if day is not None:
                    rows = items[change.item].statements
                    for row in [row for row in rows if row.since > day]:
                        row.fields.pop("ended", None)
                    rows.append(Statement(day, {"ended": ended}))
            elif ("change", change.item) in since:
                stated: dict[str, object] = {"price": change.price, "quantity": change.quantity}
                if change.product is not None:
                    model, price = PLANS[change.product]
                    stated |= {"flat": model is FLAT, "price": change.price or Decimal(price)}
                fields = {name: value for name, value in stated.items() if value is not None}
                items[change.item].statements.append(Statement(since["change", change.item], fields))

    def added(self, number: str, change: AddItem) -> NaiveItem:
        lead, day = self.known[number].items["plan"], change.when
        assert isinstance(day, date)
        model, price = (ONE_OFF, "49.90") if change.item.product == "setup" else PLANS[change.item.product]
        first = opening(price, change.item.quantity, flat=model is FLAT)
        kind = "once" if model is ONE_OFF else "fee"
        anchor = day if change.own_rhythm else lead.anchor
        return NaiveItem(kind, day, anchor, lead.cycle, lead.billing, lead.timing, [first])

    @rule(number=NUMBERS, offset=st.none() | OFFSETS)
    def end(self, number: str, offset: int | None) -> None:
        """Terminate, also backwards, or take the termination back."""
        number = self.named(number)
        end = None if offset is None else self.day(offset)
        if self.accepted(partial(end_contract, self.firm.id, number, end=end, by=BY)):
            self.known[number].end = end or NEVER

    @rule(number=NUMBERS, offset=OFFSETS, length=st.none() | st.integers(1, 60))
    def pause(self, number: str, offset: int, length: int | None) -> None:
        number, start = self.named(number), self.day(offset)
        end = None if length is None else start + length * ONE
        if self.accepted(partial(pause, self.firm.id, number, NewPause(start, end), by=BY)):
            self.known[number].pauses.append([start, end or NEVER])

    @rule(number=NUMBERS)
    def resume(self, number: str) -> None:
        number = self.named(number)
        running = [row for row in self.known[number].pauses if row[0] < self.today < row[1]]
        if running and not any(row[0] > self.today for row in self.known[number].pauses):
            resume(self.firm.id, number, on=self.today, by=BY)
            running[0][1] = self.today

    @rule()
    def renew(self) -> None:
        record_renewals(self.firm.id, on=self.today, by=BY)

    # ---- usage -------------------------------------------------------------------------------------------------------

    @rule(number=NUMBERS, offset=OFFSETS, quantity=st.integers(1, 500), again=st.booleans())
    def use(self, number: str, offset: int, quantity: int, again: bool) -> None:
        """Early, late, and once more under the same key."""
        number, day = self.named(number), self.day(offset)
        if day < self.known[number].start:
            return
        self.serial += 1
        record = UsageRecord(number, "sms", f"e{self.serial}", day, Decimal(quantity))
        for _time in range(2 if again else 1):
            with transaction.atomic():
                record_usage(self.firm.id, [record])
        used = self.known[number].items["sms"].used
        used[day] = used.get(day, Decimal(0)) + quantity
        self.changed = True

    # ---- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        for number in self.known:
            self.check_contract(number)

    def check_contract(self, number: str) -> None:
        """I-4 and I-5: the days and amounts that stand are those that the naive calculator owes."""
        known = self.known[number]
        contract = Contract.objects.get(seller_id=self.firm.id, number=number)
        ids = dict(Item.objects.filter(contract_id=contract.id).values_list("code", "id"))
        assert set(ids) == set(known.items)
        standing = books.standing_days()
        for code, item in known.items.items():
            lines = [
                value for part, value in InvoiceLine.objects.filter(item_id=ids[code]).values_list("part", "value")
                if part.partition(":")[0] in ("fee", "usage", "once")
            ]  # fmt: skip
            if item.kind == "once":
                assert sum(lines) == known.once(item, self.today), f"{number} {code}"
                continue
            owed = known.owed(item, self.today)
            total = sum(owed.values(), start=Fraction(0))
            assert abs(sum(lines) - total) <= len(lines) + len(item.statements), (
                f"{number} {code}: {sum(lines)} {total}"
            )
            if item.kind == "fee":
                billed = {day for day, count in standing.get(ids[code], {}).items() if count}
                assert billed == set(owed), f"{number} {code}: {sorted(billed ^ set(owed))}"


def opening(price: str, quantity: Decimal, *, flat: bool) -> Statement:
    return Statement(date.min, {"price": Decimal(price), "quantity": quantity, "flat": flat, "ended": False})


def test_after_every_step_of_a_contracts_life_the_books_equal_a_naive_calculator() -> None:
    limits = settings(max_examples=3, stateful_step_count=15, suppress_health_check=CHECKS)
    run_state_machine_as_test(Life, settings=limits)


@pytest.mark.soak
def test_long_lives_of_contracts_keep_the_books_right() -> None:
    run_state_machine_as_test(Life, settings=settings(suppress_health_check=CHECKS))
