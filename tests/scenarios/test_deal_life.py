"""Agreements live through everything: tiers, discounts, raises, minimum fees, several payers, trials, other periods.

The second state machine (I-1, I-4, I-5): after every step a run on trial must bill what a naive calculator owes, item
by item, day by day and payer by payer. What amendments of items do is the first one's (`test_contract_life`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.builders import BY, METERED, ONE_OFF, UNIT, contract, customer, item, product
from tests.scenarios.living import CHECKS, CORRECTING, OFFSETS, START, Living
from tests.scenarios.naive import NEVER, ONE
from tests.scenarios.naive_deals import Deal, DealItem, Event, Off, Raise, around
from turnus.contracts.amend import change_payer, decide, end_contract
from turnus.contracts.anchors import change_billing_day, co_term
from turnus.contracts.change import change_contract
from turnus.contracts.discounts import grant_discount
from turnus.contracts.lookup import contract_id
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.contracts.minimums import set_minimum
from turnus.contracts.models import Account, Item
from turnus.contracts.raises import plan_raise, stop_raises
from turnus.contracts.sharing import Sharer, share_payers
from turnus.contracts.successors import reactivate
from turnus.contracts.trials import convert_trial
from turnus.core.adjusting import RuleKind
from turnus.core.amending import ChangeItem
from turnus.core.contracts import DecisionKind, NewDiscount, NewMinimum, NewRaise, Timing
from turnus.core.periods import Cycle, Period
from turnus.core.schemes import Function, Scheme, Tier
from turnus.invoices.manual import ManualLine, bill_period, issue_draft, open_draft
from turnus.invoices.models import Invoice, InvoiceLine
from turnus.parties.facts import customer_ids

pytestmark = pytest.mark.database

CYCLES = [
    (Cycle(1, 0), Cycle(1, 0)), (Cycle(1, 0), Cycle(3, 0)), (Cycle(3, 0), Cycle(3, 0)), (Cycle(0, 14), Cycle(0, 14)),
]  # fmt: skip
SEATS = ((5, Decimal("10.00")), (None, Decimal("8.00")))
CALLS = ((100, Decimal("0.10")), (None, Decimal("0.05")))
NUMBERS = st.sampled_from(["D1", "D1", "D1", "T1"])
WEIGHTS = st.sampled_from([(60, 40), (50, 50), (1, 2), (100, 0), (0, 100)])
TRIAL = 14


def scheme(tiers: tuple[tuple[int | None, Decimal], ...]) -> Scheme:
    rows = [Tier(None if up_to is None else Decimal(up_to), price) for up_to, price in tiers]
    return Scheme(Function.GRADUATED, tuple(rows))


class DealLife(Living):
    """Contract D1 with everything, T1 with a trial; K1 owns both, K2 may share."""

    expected: ClassVar[set[str]] = CORRECTING | {
        "negative_period",
        "not_ended",
        "contract_ended",
        "before_contract",
    }

    def __init__(self) -> None:
        super().__init__()
        for code, price, model in (("base", "29.90", UNIT), ("seats", "10.00", UNIT), ("api", "0.10", METERED),
                                   ("setup", "49.90", ONE_OFF)):  # fmt: skip
            product(self.firm, code, price, model)
        self.customers = {code: customer(self.firm, code) for code in ("K1", "K2")}
        self.deals: dict[str, Deal] = {}
        self.holds: list[tuple[str, str, date, date, date]] = []
        """(contract, item, first day, first day after it, day on which it ends)."""
        self.later: dict[str, Event] = {}
        """Events that were corrected before they arrived."""
        self.serial = 0

    @initialize(rhythm=st.sampled_from(CYCLES), timing=st.sampled_from(Timing), offset=st.integers(-20, 5),
                group=st.sampled_from(["", "all"]))  # fmt: skip
    def conclude(self, rhythm: tuple[Cycle, Cycle], timing: Timing, offset: int, group: str) -> None:
        fee, billing = rhythm
        start = START + timedelta(days=offset)
        contract(
            self.firm, "D1", start.isoformat(), "base", item("seats", "7", scheme=scheme(SEATS)),
            item("api", scheme=scheme(CALLS), model=METERED), item("setup", "2"),
            fee=fee, billing=billing, timing=timing, group=group,
        )  # fmt: skip
        contract(self.firm, "T1", start.isoformat(), "base", "setup", fee=fee, billing=billing, timing=timing,
                 group=group, trial_days=TRIAL)  # fmt: skip

        def made(kind: str, price: str, quantity: int) -> DealItem:
            return DealItem(kind, [(date.min, Decimal(price), Decimal(quantity))])

        self.deals = {
            "D1": Deal(start, start, fee, billing, timing, {
                "base": made("fee", "29.90", 1), "seats": made("fee", "10.00", 7), "api": made("usage", "0.10", 1),
                "setup": made("once", "49.90", 2),
            }, "K1"),
            "T1": Deal(start + TRIAL * ONE, start + TRIAL * ONE, fee, billing, timing, {
                "base": made("fee", "29.90", 1), "setup": made("once", "49.90", 1),
            }, "K1"),
        }  # fmt: skip
        for deal in self.deals.values():
            deal.items["base"].first = deal.start
        self.deals["D1"].items["seats"].tiers, self.deals["D1"].items["api"].tiers = SEATS, CALLS
        self.changed = True

    # ---- prices ------------------------------------------------------------------------------------------------------

    @rule(number=NUMBERS, offset=OFFSETS, cents=st.integers(500, 20_000))
    def reprice(self, number: str, offset: int, cents: int) -> None:
        self.amend(number, ChangeItem("base", self.day(offset), price=Decimal(cents).scaleb(-2)))

    @rule(code=st.sampled_from(["base", "seats"]), offset=OFFSETS, quantity=st.integers(1, 12))
    def recount(self, code: str, offset: int, quantity: int) -> None:
        self.amend("D1", ChangeItem(code, self.day(offset), quantity=Decimal(quantity)))

    def amend(self, number: str, wanted: ChangeItem) -> None:
        assert isinstance(wanted.when, date)
        made = []
        act = partial(change_contract, self.firm.id, number, [wanted], on=self.today, by=BY)
        if self.accepted(lambda: made.append(act())) and made[0].changes:
            self.deals[number].items[wanted.item].terms.append((wanted.when, wanted.price, wanted.quantity))

    @rule(number=NUMBERS, percent=st.integers(-20, 30), offset=OFFSETS, months=st.sampled_from([0, 1, 3]))
    def plan_a_raise(self, number: str, percent: int, offset: int, months: int) -> None:
        new = NewRaise(RuleKind.PERCENT, Decimal(percent), "base", self.day(offset), months)
        if self.accepted(partial(plan_raise, self.firm.id, number, new, on=self.today, by=BY)):
            planned = Raise(Decimal(percent), self.day(offset), months)
            self.deals[number].items["base"].raises.append(planned)

    @rule(number=NUMBERS, offset=OFFSETS)
    def end_raises(self, number: str, offset: int) -> None:
        stop_raises(self.firm.id, number, end=self.day(offset), by=BY)
        self.changed = True
        for planned in self.deals[number].items["base"].raises:
            planned.end = min(planned.end, self.day(offset))

    @rule(number=NUMBERS, code=st.sampled_from(["base", "seats", "api", "setup", ""]), percent=st.integers(1, 60),
          amount=st.none() | st.integers(1, 3_000), offset=OFFSETS, length=st.none() | st.integers(1, 70),
          periods=st.none() | st.integers(1, 3))  # fmt: skip
    def discount(
        self, number: str, code: str, percent: int, amount: int | None, offset: int, length: int | None,
        periods: int | None,
    ) -> None:  # fmt: skip
        """Percent or amount, on an item or all, for days, periods or ever; one amount off the whole is enough."""
        deal, start = self.deals[number], self.day(offset)
        if (code and code not in deal.items) or (
            amount and not code and any(not o.item and o.amount for o in deal.offs)
        ):
            return
        if code == "setup":
            periods = None
        end = None if length is None or periods else start + timedelta(days=length)
        label, share = f"Nachlass {len(deal.offs)}", None if amount else Decimal(percent)
        new = NewDiscount(label, share, amount, code or None, start, end, periods)
        if periods:
            start, end = self.span_of(deal, deal.items[code or "base"], start, periods)
        if self.accepted(partial(grant_discount, self.firm.id, number, new, by=BY)):
            deal.offs.append(Off(code, 0 if amount else percent, amount or 0, start, end or NEVER))

    def span_of(self, deal: Deal, of: DealItem, since: date, count: int) -> tuple[date, date]:
        """So many periods; one that runs already is left alone."""
        endless = Deal(deal.start, deal.anchor, deal.fee, deal.billing, deal.timing, {}, deal.payer)
        slots = [slot.days for slot in endless.slots(of, since + timedelta(days=500))]
        chosen = [days for days in slots if days[0] >= since][:count]
        return chosen[0][0], chosen[-1][1]

    @rule(amount=st.integers(0, 15_000), offset=OFFSETS)
    def agree_a_minimum(self, amount: int, offset: int) -> None:
        deal, start = self.deals["D1"], self.day(offset)
        if self.accepted(partial(set_minimum, self.firm.id, "D1", NewMinimum(amount, item="api", start=start), by=BY)):
            deal.minimums = [(first, min(end, start), cents) for first, end, cents in deal.minimums if first < start]
            deal.minimums += [(start, NEVER, amount)] if amount else []

    # ---- who pays, when, how long ------------------------------------------------------------------------------------

    @rule(number=NUMBERS, code=st.sampled_from(["", "", "base", "api"]), weights=WEIGHTS, offset=OFFSETS)
    def share(self, number: str, code: str, weights: tuple[int, int], offset: int) -> None:
        deal = self.deals[number]
        if code and code not in deal.items:
            return
        parts = {code: weight for code, weight in zip(("K1", "K2"), weights, strict=True) if weight}
        sharers = [Sharer(self.customers[name], weight) for name, weight in parts.items()]
        act = partial(share_payers, self.firm.id, number, sharers, valid_from=self.day(offset), item=code, by=BY)
        if self.accepted(act):
            deal.shares.append((self.day(offset), code, parts))

    @rule(number=NUMBERS, customer=st.sampled_from(["K1", "K2"]), offset=OFFSETS)
    def hand_over(self, number: str, customer: str, offset: int) -> None:
        """Another customer gets the documents."""
        since = self.day(offset)
        act = partial(change_payer, self.firm.id, number, customer=self.customers[customer], valid_from=since, by=BY)
        if self.accepted(act):
            self.deals[number].shares.append((since, "", {customer: 1}))

    @rule(number=NUMBERS, only=st.sampled_from(["", "", "seats", "api"]), day=st.none() | st.integers(1, 31),
          offset=st.integers(-20, 30), at_once=st.booleans())  # fmt: skip
    def bill_on_another_day(self, number: str, only: str, day: int | None, offset: int, *, at_once: bool) -> None:
        """All items or one; without a day an item joins the first one (co-terming). One change after the other."""
        deal, since = self.deals[number], self.day(offset)
        at_once = at_once and day is not None
        codes = [code for code, row in deal.items.items() if only in ("", code) and row.kind != "once"]
        begins = {code: self.begin(deal, deal.items[code], since, at_once=at_once) for code in codes}
        if not codes or any(known >= begins[code] for code in codes for known, _anchor in deal.items[code].rhythms):
            return
        lead = deal.items["base"].rhythms[-1][1] if deal.items["base"].rhythms else deal.anchor
        if day is not None:
            act = partial(change_billing_day, self.firm.id, number, day=day, since=since, at_once=at_once,
                          items=[only] if only else [], by=BY)  # fmt: skip
        elif only:
            act = partial(co_term, self.firm.id, number, only, since=since, by=BY)
        else:
            return
        if self.accepted(act):
            for code in codes:
                anchor = lead if day is None else day_of_month(day, begins[code])
                deal.items[code].rhythms.append((begins[code], anchor))

    def begin(self, deal: Deal, row: DealItem, since: date, *, at_once: bool) -> date:
        since = max(since, deal.start)
        anchor = row.rhythms[-1][1] if row.rhythms else deal.anchor
        longest = max(deal.fee, deal.billing, key=lambda cycle: 31 * cycle.months + cycle.days)
        running = around(anchor, longest, since)
        return since if at_once or running[0] == since else running[1]

    @rule(number=NUMBERS, offset=st.none() | OFFSETS)
    def end(self, number: str, offset: int | None) -> None:
        end = None if offset is None else self.day(offset)
        if self.accepted(partial(end_contract, self.firm.id, number, end=end, by=BY)):
            self.deals[number].end = end or NEVER

    @rule(number=NUMBERS, offset=OFFSETS, restart=st.booleans())
    def come_back(self, number: str, offset: int, *, restart: bool) -> None:
        """Reactivation, on the day of the end or later; periods stay or begin anew."""
        deal, on = self.deals[number], self.day(offset)
        restart = restart and not any(known >= on for row in deal.items.values() for known, _anchor in row.rhythms)
        before = deal.end
        if self.accepted(partial(reactivate, self.firm.id, number, on=on, restart=restart, by=BY)):
            deal.end = NEVER
            deal.gaps += [(before, on)] if before < on else []
            for row in deal.items.values():
                row.rhythms += [(on, on)] if restart and row.kind != "once" else []

    @precondition(lambda self: "T1" in self.deals and not self.deals["T1"].items["base"].rhythms)
    @rule(before=st.integers(0, TRIAL))
    def pay_before_the_trial_ends(self, before: int) -> None:
        deal = self.deals["T1"]
        day = deal.start - before * ONE
        if deal.end == NEVER and self.accepted(partial(convert_trial, self.firm.id, "T1", paid_from=day, by=BY)):
            deal.start = deal.anchor = deal.items["base"].first = day

    # ---- usage -------------------------------------------------------------------------------------------------------

    @rule(offset=OFFSETS, quantity=st.integers(-60, 300), again=st.booleans())
    def use(self, offset: int, quantity: int, *, again: bool) -> None:
        """Early, late, negative, and once more under the same key."""
        self.serial += 1
        for _time in range(2 if again else 1):
            self.report(f"e{self.serial}", self.day(offset), Decimal(quantity))
        self.deals["D1"].items["api"].events[f"e{self.serial}"] = Event(self.day(offset), Decimal(quantity))

    @rule(place=st.integers(0, 50), quantity=st.none() | st.integers(-60, 300), offset=OFFSETS)
    def correct(self, place: int, quantity: int | None, offset: int) -> None:
        """Another quantity or day, or none at all; every second correction comes before what it corrects."""
        events = self.deals["D1"].items["api"].events
        known = [key for key, event in events.items() if not event.replaced]
        self.serial += 1
        if place % 2 or not known:
            old, self.later[f"l{self.serial}"] = f"l{self.serial}", Event(self.day(offset), Decimal(77))
        else:
            old = known[place % len(known)]
            events[old] = events[old]._replace(replaced=True)
        count = None if quantity is None else Decimal(quantity)
        self.report(f"c{self.serial}", self.day(offset), count, old)
        if count is not None:
            events[f"c{self.serial}"] = Event(self.day(offset), count)

    @precondition(lambda self: self.later)
    @rule()
    def arrive_at_last(self) -> None:
        """What was corrected before it came counts nothing."""
        key, event = self.later.popitem()
        self.report(key, event.day, event.quantity)

    def report(self, key: str, day: date, quantity: Decimal | None, corrects: str = "") -> None:
        with transaction.atomic():
            record_usage(self.firm.id, [UsageRecord("D1", "api", key, day, quantity, corrects=corrects)])
        self.changed = True

    # ---- people decide -----------------------------------------------------------------------------------------------

    @rule(code=st.sampled_from(["base", "seats", "api"]), offset=OFFSETS, length=st.integers(1, 40),
          until=st.integers(1, 40))  # fmt: skip
    def hold(self, code: str, offset: int, length: int, until: int) -> None:
        """A dispute: these days stay as they are until it ends."""
        number = contract_id(self.firm.id, "D1")
        days = Period(self.day(offset), self.day(offset + length))
        of = Item.objects.get(contract_id=number, code=code).id
        with transaction.atomic():
            decide(number, of, DecisionKind.HOLD, days=days, day=self.today, until=self.day(until), by=BY)
        self.holds.append(("D1", code, *days, self.day(until)))
        self.changed = True

    @rule(code=st.sampled_from(["base", "seats"]), offset=OFFSETS, length=st.integers(1, 40),
          amount=st.integers(1, 5_000))  # fmt: skip
    def bill_by_hand(self, code: str, offset: int, length: int, amount: int) -> None:
        """A period of the contract at an agreed amount; no run bills it again."""
        days = Period(self.day(offset), self.day(offset + length))
        if days.start < self.deals["D1"].start or any(row[0] == "D1" for row in self.active()):
            return
        act = partial(bill_period, self.firm.id, "D1", [code], days=days, on=self.today, amount=amount, by=BY)
        if self.accepted(act):
            self.deals["D1"].items[code].agreed.append(((days.start, days.end), amount))

    @rule(customer=st.sampled_from(["K1", "K2"]), cents=st.integers(1, 99_999), quantity=st.integers(1, 5))
    def write_an_invoice(self, customer: str, cents: int, quantity: int) -> None:
        """Beside all contracts."""
        days = Period(self.today, self.today + ONE)
        line = ManualLine("setup", Decimal(quantity), Decimal(cents).scaleb(-2), days)
        number = open_draft(self.firm.id, self.customers[customer], [line], on=self.today, by=BY)
        issue_draft(number, by=BY)
        assert Invoice.objects.get(id=number).net == cents * quantity
        self.changed = True

    # ---- what must hold ----------------------------------------------------------------------------------------------

    def active(self) -> list[tuple[str, str, date, date, date]]:
        return [row for row in self.holds if row[4] > self.today]

    def check(self) -> None:
        for number in self.deals:
            self.check_deal(number)

    def check_deal(self, number: str) -> None:
        """I-5: by item and payer; I-4: by day and payer, each day of a fee that costs something stands once."""
        deal = self.deals[number]
        issued = set(Invoice.objects.filter(state="issued").values_list("id", flat=True))
        ids = dict(Item.objects.filter(contract_id=contract_id(self.firm.id, number)).values_list("id", "code"))
        names = {of: code for code, of in customer_ids(self.firm.id, list(self.customers)).items()}
        payer = {row.id: names[row.customer_id] for row in Account.objects.all()}
        lines = [row for row in InvoiceLine.objects.filter(item_id__in=ids) if row.invoice_id in issued]
        held = {code: (start, end) for of, code, start, end, _until in self.active() if of == number}
        all_off = 0
        for code, row in deal.items.items():
            mine = [line for line in lines if ids[line.item_id] == code]
            all_off -= sum(line.value for line in mine if line.part.startswith("discount:"))
            mine = [line for line in mine if line.part.partition(":")[0].partition("/")[0] in OWN]
            if row.kind == "fee":
                self.check_days(number, code, mine, payer)
            if code in held:
                continue
            found: dict[str, Fraction] = defaultdict(Fraction)
            for piece in deal.pieces(code, self.today):
                for name, part in deal.payers(code, piece.paid).items():
                    found[name] += piece.cents * part
            for name in self.customers:
                theirs = [line for line in mine if payer[line.account_id] == name]
                slack = len(theirs) + len(row.terms) + len(deal.offs) + len(deal.shares)
                total = sum(line.value for line in theirs)
                assert abs(total - found[name]) <= slack, f"{number} {code} {name}: {total} {float(found[name])}"
        if not held:
            wanted = deal.off_all(self.today)
            assert abs(all_off - wanted) <= len(lines) + len(deal.shares), f"{number}: {all_off} {float(wanted)}"

    def check_days(self, number: str, code: str, lines: list[InvoiceLine], payer: dict[int, str]) -> None:
        deal = self.deals[number]
        stands: dict[tuple[date, str], int] = defaultdict(int)
        for line in lines:
            if line.part.startswith("fee"):
                for offset in range((line.days_end - line.days_start).days):
                    stands[line.days_start + offset * ONE, payer[line.account_id]] += line.sign
        owed = {
            (piece.days[0], name)
            for piece in deal.fees(code, self.today)
            for name, part in deal.payers(code, piece.days[0]).items()
            if piece.cents * part * (piece.slot[1] - piece.slot[0]).days >= 1
        }
        held = [row for row in self.active() if row[:2] == (number, code)]
        free = {day for day, _name in stands.keys() | owed if not any(row[2] <= day < row[3] for row in held)}
        billed = {place for place, count in stands.items() if count}
        assert set(stands.values()) <= {0, 1}, f"{number} {code} twice"
        off = {place for place in billed ^ owed if place[0] in free}
        assert not off, f"{number} {code}: {sorted(off)}"


OWN = {"fee", "usage", "once", "minimum", "agreed"}


def day_of_month(day: int, since: date) -> date:
    """The first day from ``since`` on that is this day of its month."""
    while since.day != day:
        since += ONE
    return since


def test_after_every_step_of_an_agreement_s_life_each_payer_owes_what_a_naive_calculator_says() -> None:
    limits = settings(max_examples=3, stateful_step_count=15, suppress_health_check=CHECKS)
    run_state_machine_as_test(DealLife, settings=limits)


@pytest.mark.soak
def test_long_lives_of_agreements_keep_the_books_right() -> None:
    run_state_machine_as_test(DealLife, settings=settings(suppress_health_check=CHECKS))
