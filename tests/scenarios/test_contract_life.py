"""Contracts live through everything: after each step the books are right and equal a naive calculator (I-1, I-4, I-5).

A state machine over the whole application: contracts are concluded, amended at once, later and backwards, paused,
renewed, ended and revived, used early, late and twice; runs draft and issue, documents are cancelled and credited, and
the clock goes on. After every step a run on trial must bill exactly what a calculator owes day by day that shares no
code with the program, a second run must be empty, and every preview must have said what the run then issues.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.builders import BY, FLAT, METERED, ONE_OFF, UNIT, company, customer, product
from tests.scenarios import books
from tests.scenarios.agreements import bare
from tests.scenarios.naive import NEVER, ONE, NaiveContract, NaiveItem, Statement
from turnus import order_to_cash
from turnus.contracts.amend import end_contract
from turnus.contracts.change import Amended, change_contract
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.contracts.models import Contract, Item
from turnus.contracts.pauses import pause, resume
from turnus.contracts.renewals import record_renewals
from turnus.core.amending import AddItem, Change, ChangeItem, Moment, RemoveItem, RestoreItem, When
from turnus.core.contracts import NewContract, NewItem, Timing
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument
from turnus.core.pausing import NewPause
from turnus.core.periods import Cycle
from turnus.core.terms import NewContractTerms
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.models import Invoice, InvoiceLine, Run, RunUnit
from turnus.invoices.runs import approve
from turnus.stories.amending import preview

pytestmark = pytest.mark.database

START = date(2025, 1, 31)
CYCLES = [
    (Cycle(1, 0), Cycle(1, 0)), (Cycle(1, 0), Cycle(3, 0)), (Cycle(3, 0), Cycle(3, 0)), (Cycle(0, 14), Cycle(0, 14)),
    (Cycle(12, 0), Cycle(12, 0)),
]  # fmt: skip
PLANS = {"small": (FLAT, "29.90"), "large": (FLAT, "100.00"), "seat": (UNIT, "17.77")}
NUMBERS = st.sampled_from(["V1", "V1", "V1", "V2"])
CODES = st.sampled_from(["plan", "seat", "seat", "sms", "setup", "x0"])
PRICES = st.integers(500, 20_000).map(lambda n: Decimal(n).scaleb(-2))
COUNTS = st.integers(1, 12).map(Decimal)
OFFSETS = st.integers(-70, 50)
EXPECTED = {
    "nothing_left", "already_cancelled", "billed_again", "too_much", "pending_difference", "being_issued",
    "is_cancellation", "contract_ended", "item_ended", "unknown_item", "duplicate_item", "before_contract",
    "other_kind_of_price", "pause_overlaps", "pause_outside", "negative_period", "not_a_fee",
}  # fmt: skip
"""Why the program may refuse something in such a life."""


Rhythm = tuple[int, tuple[Cycle, Cycle], Timing]
"""Days after the beginning, fee and billing period, timing."""
MAYBE_PLANS = st.none() | st.none() | st.sampled_from(sorted(PLANS))


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.firm = company(automation="send")
        for code, (model, price) in PLANS.items():
            product(self.firm, code, price, model)
        product(self.firm, "sms", "0.07", METERED)
        product(self.firm, "setup", "49.90", ONE_OFF)
        customer(self.firm, "K1")
        self.known: dict[str, NaiveContract] = {}
        self.today = START
        self.open_run = 0
        self.serial = 0
        self.changed = False

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # ---- contracts ---------------------------------------------------------------------------------------------------

    @initialize(first=st.tuples(st.integers(-20, 5), st.sampled_from(CYCLES), st.sampled_from(Timing)),
                second=st.tuples(st.integers(-20, 5), st.sampled_from(CYCLES), st.sampled_from(Timing)),
                group=st.sampled_from(["", "all"]))  # fmt: skip
    def conclude_both(
        self,
        first: tuple[int, tuple[Cycle, Cycle], Timing],
        second: tuple[int, tuple[Cycle, Cycle], Timing],
        group: str,
    ) -> None:
        """Two contracts of one customer, with or without common invoices."""
        self.group, self.changed = group, True
        for number, (offset, (fee, billing), timing) in (("V1", first), ("V2", second)):
            self.conclude(number, START + offset * ONE, fee, billing, timing, group)

    def conclude(self, number: str, start: date, fee: Cycle, billing: Cycle, timing: Timing, group: str) -> None:
        items = (
            NewItem("plan", "small", Decimal(1)), NewItem("seat", "seat", Decimal(3)),
            NewItem("sms", "sms", Decimal(1)), NewItem("setup", "setup", Decimal(2)),
        )  # fmt: skip
        terms = NewContractTerms(initial=Cycle(3, 0), renewal=Cycle(1, 0), notice=Cycle(1, 0))
        new = NewContract(
            number, "K1", start, items, fee=fee, billing=billing, timing=timing, group=group, terms=terms
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
        return {"at once": Moment.AT_ONCE, "period end": Moment.PERIOD_END}.get(kind) or self.today + offset * ONE

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "period end", "day", "day"]), offset=OFFSETS,
          price=st.none() | PRICES, quantity=st.none() | COUNTS, plan=MAYBE_PLANS)  # fmt: skip
    def change(
        self, number: str, code: str, kind: str, offset: int, price: Decimal | None, quantity: Decimal | None,
        plan: str | None,
    ) -> None:  # fmt: skip
        """Up- and downgrade: price, quantity, product, each or together, also backwards."""
        if price or quantity or plan:
            self.amend(number, ChangeItem(code, self.when(kind, offset), plan, price, quantity))

    @rule(offset=OFFSETS, price=PRICES, quantity=COUNTS, what=st.sampled_from(["price", "quantity"]))
    def change_the_seats(self, offset: int, price: Decimal, quantity: Decimal, what: str) -> None:
        """One item is changed again and again, before and after what was agreed earlier."""
        wanted = ChangeItem("seat", self.today + offset * ONE)
        self.amend("V1", replace(wanted, price=price) if what == "price" else replace(wanted, quantity=quantity))

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "period end", "day"]), offset=OFFSETS)
    def remove(self, number: str, code: str, kind: str, offset: int) -> None:
        self.amend(number, RemoveItem(code, self.when(kind, offset)))

    @rule(number=NUMBERS, code=CODES, kind=st.sampled_from(["at once", "day"]), offset=OFFSETS)
    def restore(self, number: str, code: str, kind: str, offset: int) -> None:
        self.amend(number, RestoreItem(code, self.when(kind, offset)))

    @rule(number=NUMBERS, plan=st.sampled_from([*sorted(PLANS), "setup"]), count=COUNTS, offset=OFFSETS,
          own=st.booleans())  # fmt: skip
    def add(self, number: str, plan: str, count: Decimal, offset: int, own: bool) -> None:
        code = f"x{len(self.known[number].items) - 4}"
        new = AddItem(NewItem(code, plan, count), self.today + offset * ONE, own_rhythm=own)
        self.amend(number, new)

    @rule(number=NUMBERS, codes=st.lists(CODES, min_size=2, max_size=3, unique=True), offset=OFFSETS, price=PRICES)
    def change_several(self, number: str, codes: list[str], offset: int, price: Decimal) -> None:
        """One amendment of several changes: made whole or not at all."""
        day = self.today + offset * ONE
        self.amend(number, RemoveItem(codes[0], day), *(ChangeItem(code, day, price=price) for code in codes[1:]))

    def amend(self, number: str, *wanted: Change) -> None:
        """Preview, make, and see whether the run of today issues what the preview said."""
        act = partial(change_contract, self.firm.id, number, wanted, on=self.today, by=BY)
        try:
            before = Invoice.objects.count()
            found = preview(self.firm.id, number, act, on=self.today)
            assert Invoice.objects.count() == before
            made = act()
        except ContractRefusedError as refused:
            expect(refused.code)
            return
        assert made.changes == found.outcome.changes
        foreseen = [row.document for row in found.after.today.documents]
        mine = {"V1", "V2"} if self.group else {number}
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
        end = None if offset is None else self.today + offset * ONE
        self.refusing(partial(end_contract, self.firm.id, number, end=end, by=BY))
        if not self.refused:
            self.known[number].end = end or NEVER

    @rule(number=NUMBERS, offset=OFFSETS, length=st.none() | st.integers(1, 60))
    def pause(self, number: str, offset: int, length: int | None) -> None:
        start = self.today + offset * ONE
        end = None if length is None else start + length * ONE
        self.refusing(partial(pause, self.firm.id, number, NewPause(start, end), by=BY))
        if not self.refused:
            self.known[number].pauses.append([start, end or NEVER])

    @rule(number=NUMBERS)
    def resume(self, number: str) -> None:
        running = [row for row in self.known[number].pauses if row[0] < self.today < row[1]]
        if running and not any(row[0] > self.today for row in self.known[number].pauses):
            resume(self.firm.id, number, on=self.today, by=BY)
            running[0][1] = self.today

    @rule()
    def renew(self) -> None:
        record_renewals(self.firm.id, on=self.today, by=BY)

    def refusing(self, act: partial[None]) -> None:
        self.refused = ""
        try:
            act()
        except (ContractRefusedError, CorrectionRefusedError) as refused:
            expect(refused.code)
            self.refused = refused.code
        self.changed = True

    # ---- usage -------------------------------------------------------------------------------------------------------

    @rule(number=NUMBERS, offset=OFFSETS, quantity=st.integers(1, 500), again=st.booleans())
    def use(self, number: str, offset: int, quantity: int, again: bool) -> None:
        """Early, late, and once more under the same key."""
        day = self.today + offset * ONE
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

    # ---- runs, corrections, time -------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 45))
    def go_on(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.changed = True

    @rule()
    def run(self) -> None:
        self.bill()
        self.changed = True

    @rule()
    def draft(self) -> None:
        """A run that waits at its drafts while life goes on."""
        self.open_run, _new = order_to_cash.start_run(
            self.firm.definition, through=self.today, on=self.today, automation="draft", by=BY
        )
        for _report in order_to_cash.draft_invoices(self.open_run, by=BY):
            pass
        self.changed = True

    @rule()
    def issue_drafts(self) -> None:
        row = Run.objects.filter(id=self.open_run).exclude(state=Run.State.DONE).first()
        if row is not None and row.on == self.today:
            for _report in order_to_cash.draft_invoices(row.id, by=BY):
                pass
            for _step in order_to_cash.issue_invoices(row.id, by=BY):
                pass
            self.changed = True

    def documents(self) -> list[int]:
        rows = Invoice.objects.filter(state="issued", kind="invoice", gross__gt=0).order_by("id")
        return list(rows.values_list("id", flat=True))

    @rule(place=st.integers(0, 50))
    def cancel(self, place: int) -> None:
        if found := self.documents():
            number = found[place % len(found)]
            self.refusing(partial(ignoring, cancel_invoice, number, on=self.today, reason="Irrtum", by=BY))

    @rule(place=st.integers(0, 50), amount=st.integers(1, 2_000))
    def credit(self, place: int, amount: int) -> None:
        if found := self.documents():
            number = found[place % len(found)]
            self.refusing(
                partial(ignoring, credit_invoice, number, amount=amount, on=self.today, reason="Mangel", by=BY)
            )

    def bill(self) -> list[InvoiceDocument]:
        """A run to its end; what a safety bound holds for its many lines, a person approves."""
        before = set(Invoice.objects.filter(state="issued").values_list("id", flat=True))
        run, _new = order_to_cash.start_run(self.firm.definition, through=self.today, on=self.today, by=BY)
        for _report in order_to_cash.draft_invoices(run, by=BY):
            pass
        held = RunUnit.objects.filter(run_id=run, code="many_lines")
        if units := list(held.values_list("unit", flat=True)):
            for unit in units:
                approve(run, unit=unit, reason="viele Änderungen", by=BY)
            for _report in order_to_cash.draft_invoices(run, by=BY):
                pass
        for _step in order_to_cash.issue_invoices(run, by=BY):
            pass
        rows = Invoice.objects.filter(state="issued").exclude(id__in=before).order_by("range_id", "number_value")
        return [invoice_document(number) for number in rows.values_list("id", flat=True)]

    def tried(self) -> list[InvoiceDocument]:
        """What a run of today would issue; it is undone."""
        savepoint = transaction.savepoint()
        try:
            return [bare(document) for document in self.bill()]
        finally:
            transaction.savepoint_rollback(savepoint)

    # ---- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def a_run_now_would_leave_the_books_right(self) -> None:
        if not (self.known and self.changed):
            return
        self.changed = False
        savepoint = transaction.savepoint()
        try:
            self.bill()
            assert self.bill() == [], "a second run is empty"
            assert books.findings() == []
            for number in self.known:
                self.check(number)
        finally:
            transaction.savepoint_rollback(savepoint)

    def check(self, number: str) -> None:
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


def expect(code: str) -> None:
    """The program may refuse for this reason."""
    assert code in EXPECTED


def ignoring(act: object, *args: object, **named: object) -> None:
    assert callable(act)
    act(*args, **named)


CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_after_every_step_of_a_contracts_life_the_books_equal_a_naive_calculator() -> None:
    limits = settings(max_examples=15, stateful_step_count=20, suppress_health_check=CHECKS)
    run_state_machine_as_test(Life, settings=limits)


@pytest.mark.soak
def test_long_lives_of_contracts_keep_the_books_right() -> None:
    run_state_machine_as_test(Life, settings=settings(suppress_health_check=CHECKS))
