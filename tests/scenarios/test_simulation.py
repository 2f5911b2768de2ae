"""A year of forty contracts with everything that happens to them, drawn from a seed (F-17, B5): the books stay right.

After each month I-1, I-2, I-3, I-4 and I-6 hold; at the end what was billed is what a naive calculator owes day by day.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction

from tests.builders import BY, METERED, ONE_OFF, UNIT, Company, company, contract, customer, item, product
from tests.scenarios import books
from turnus import order_to_cash
from turnus.contracts.amend import change_payer, change_terms, end_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import grant_discount
from turnus.contracts.due import Scope, accounts_of
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.contracts.models import Contract, Item
from turnus.core.billing import bill
from turnus.core.contracts import NewDiscount, Timing
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.periods import Cycle, Period, add_months
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.decide import Taxes, basics
from turnus.invoices.facts import issued_entries
from turnus.invoices.models import Invoice, InvoiceLine, Pending, Run, RunUnit
from turnus.invoices.runs import approve
from turnus.ledger.post import PaymentData, record_payment
from turnus.parties.facts import seller_facts

pytestmark = pytest.mark.database

CONTRACTS, CUSTOMERS, MONTHS = 40, 25, 12
START = date(2025, 1, 1)
ONE = timedelta(days=1)
CYCLES = [Cycle(1, 0), Cycle(1, 0), Cycle(1, 0), Cycle(3, 0), Cycle(12, 0), Cycle(0, 14), Cycle(0, 30)]

REASONS = {
    "nothing_left", "already_cancelled", "billed_again", "too_much", "pending_difference", "contract_ended",
}  # fmt: skip
"""Why a correction of an invoice, or a change of a contract, may be refused in such a year."""


@dataclass
class Known:
    """What the naive calculator knows of a contract that only changes its price, quantity and end."""

    start: date
    cycle: Cycle
    timing: Timing
    terms: list[tuple[date, Decimal | None, Decimal | None]]
    """From a day on a price, a quantity, or both; in the order of recording."""
    end: date | None = None
    usage: dict[date, Decimal] = field(default_factory=dict)

    def terms_on(self, day: date) -> tuple[Decimal, Decimal]:
        """Price and quantity, each as stated last for a day up to this one."""
        rows = [row for row in sorted(self.terms, key=lambda row: row[0]) if row[0] <= day]
        price = [price for _since, price, _quantity in rows if price is not None][-1]
        return price, [quantity for _since, _price, quantity in rows if quantity is not None][-1]

    def slots(self, through: date) -> Iterator[tuple[date, date]]:
        """Every period from the start on, counted from the start, as far as the year and its advance payments go."""
        for index in range(400):
            months, days = self.cycle.months * index, timedelta(days=self.cycle.days * index)
            following = add_months(self.start, months + self.cycle.months) + days + timedelta(days=self.cycle.days)
            start = add_months(self.start, months) + days
            if start > through:
                return
            yield start, following

    def owed_days(self, through: date) -> dict[date, Fraction]:
        """Day → exact amount of the fee that was due by `through`."""
        found = {}
        for start, following in self.slots(through):
            last = min(following, self.end or following)
            if start <= through if self.timing is Timing.ADVANCE else last <= through:
                for offset in range((last - start).days):
                    price, quantity = self.terms_on(start + offset * ONE)
                    found[start + offset * ONE] = Fraction(price * quantity * 100) / (following - start).days
        return found

    def owed_usage(self, through: date) -> int:
        total = 0
        for start, following in self.slots(through):
            last = min(following, self.end or following)
            if last <= through:
                used = sum((q for day, q in self.usage.items() if start <= day < last), start=Decimal(0))
                total += books.rounded(Fraction(used) * 7)
        return total


class Year:
    """The company, its contracts and what happens to them."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.firm: Company = company(automation="send")
        self.known: dict[str, Known] = {}
        for code, price, model in (("seat", "20.00", UNIT), ("sms", "0.07", METERED), ("setup", "49.90", ONE_OFF)):
            product(self.firm, code, price, model)
        self.customers = [customer(self.firm, f"K{number}") for number in range(CUSTOMERS)]
        self.numbers = [self.conclude(f"V{number}") for number in range(CONTRACTS)]
        self.today = START

    def conclude(self, number: str) -> str:
        """Half of them are plain: only price, quantity, end and usage change, which the naive calculator follows."""
        draw = self.draw
        plain = draw.random() < 0.5
        start, cycle = START + timedelta(days=draw.randint(0, 59)), draw.choice(CYCLES)
        price, quantity = Decimal(draw.randint(1, 9_999)).scaleb(-2), Decimal(draw.randint(1, 20))
        timing = draw.choice(list(Timing))
        extra = [] if plain else draw.sample(["setup"], draw.randint(0, 1))
        contract(
            self.firm, number, start.isoformat(), item("seat", str(quantity), price=str(price)), "sms", *extra,
            by=f"K{draw.randrange(CUSTOMERS)}", fee=cycle, timing=timing, group=draw.choice(["", "", "all"]),
            split_periods=not plain and draw.random() < 0.2,
        )  # fmt: skip
        if plain:
            self.known[number] = Known(start, cycle, timing, [(date.min, price, quantity)])
        return number

    def some_day(self, number: str) -> date:
        """A day from the start of the contract to a month from now: most changes come late."""
        first = Contract.objects.get(number=number).start_on
        return first + timedelta(days=self.draw.randint(0, max(1, (self.today - first).days + 31)))

    def change(self) -> None:
        number = self.draw.choice(self.numbers)
        day = self.some_day(number)
        price = Decimal(self.draw.randint(0, 9_999)).scaleb(-2) if self.draw.random() < 0.6 else None
        quantity = Decimal(self.draw.randint(0, 20)) if price is None else None
        change_terms(self.firm.id, number, "seat", valid_from=day, price=price, quantity=quantity, by=BY)
        if number in self.known:
            known = self.known[number]
            old_price, old_quantity = known.terms_on(day)
            if (old_price if price is None else price, old_quantity if quantity is None else quantity) != (
                old_price,
                old_quantity,
            ):  # what holds already is no change
                known.terms.append((day, price, quantity))

    def end(self) -> None:
        number = self.draw.choice(self.numbers)
        end = None if self.draw.random() < 0.3 else self.some_day(number) + ONE
        end_contract(self.firm.id, number, end=end, by=BY)
        if number in self.known:
            self.known[number].end = end

    def use(self) -> None:
        number = self.draw.choice(self.numbers)
        day, quantity = self.some_day(number), Decimal(self.draw.randint(0, 10**7)).scaleb(-6)
        if day > self.today:
            return
        key = f"{self.today} {day} {quantity}"
        with transaction.atomic():
            record_usage(self.firm.id, [UsageRecord(number, "sms", key, day, quantity)])
        if number in self.known:
            usage = self.known[number].usage
            usage[day] = usage.get(day, Decimal(0)) + quantity

    def discount(self) -> None:
        others = [number for number in self.numbers if number not in self.known]
        number, first = self.draw.choice(others), self.today + timedelta(days=self.draw.randint(-60, 30))
        period = Period(first, first + timedelta(days=self.draw.randint(1, 90)))
        percent = Decimal(self.draw.randint(1, 100)) if self.draw.random() < 0.5 else None
        off = NewDiscount("Nachlass", percent, None if percent else 3_00, None, *period)
        grant_discount(self.firm.id, number, off, by=BY)

    def another_payer(self) -> None:
        number = self.draw.choice(self.numbers)
        to = self.draw.choice(self.customers)
        change_payer(self.firm.id, number, customer=to, valid_from=self.some_day(number), by=BY)

    def some_invoice(self) -> Invoice | None:
        rows = list(Invoice.objects.filter(kind="invoice", state="issued", gross__gt=0).order_by("number"))
        return self.draw.choice(rows) if rows else None

    def cancel(self) -> None:
        invoice = self.some_invoice()
        if invoice is not None:
            cancel_invoice(invoice.id, on=self.today, reason="Irrtum", by=BY)

    def credit(self) -> None:
        invoice = self.some_invoice()
        numbers = set(Contract.objects.filter(number__in=self.known).values_list("id", flat=True))
        if invoice is None:
            return
        lines = InvoiceLine.objects.filter(invoice_id=invoice.id)
        if not numbers & set(lines.values_list("contract_id", flat=True)):
            amount = self.draw.randint(1, max(1, invoice.net // 2))
            credit_invoice(invoice.id, amount=amount, on=self.today, reason="Mangel", by=BY)

    def pay(self) -> None:
        invoice = self.some_invoice()
        if invoice is None:
            return
        amount = self.draw.choice([invoice.gross, invoice.gross // 2 + 1, invoice.gross + 10_00])
        key = f"{self.today} {invoice.number} {amount}"
        payment = PaymentData(invoice.customer_id, key, "EUR", amount, self.today, invoices=[invoice.id])
        record_payment(self.firm.id, payment, by=BY)

    def something(self) -> None:
        """One thing that happens; what the program refuses, it refuses with a reason."""
        acts: list[Callable[[], None]] = [
            self.change, self.change, self.change, self.end, self.use, self.use, self.use, self.discount,
            self.another_payer, self.cancel, self.credit, self.pay, self.pay, self.pay,
        ]  # fmt: skip
        try:
            self.draw.choice(acts)()
        except (CorrectionRefusedError, ContractRefusedError) as refused:
            if refused.code not in REASONS:
                raise

    def bill(self) -> None:
        """A run to its end; what a safety bound holds for its many lines, a person approves."""
        run = 0
        for step, number, _documents in order_to_cash.bill(
            self.firm.definition, through=self.today, on=self.today, by=BY
        ):
            run = number if step == "run" else run
        held = RunUnit.objects.filter(run_id=run, code="many_lines", state="parked")
        for unit in list(held.values_list("unit", flat=True)):
            approve(run, unit=unit, reason="viele Änderungen", by=BY)
        for _step in order_to_cash.draft_invoices(run, by=BY):
            pass
        for _released in order_to_cash.issue_invoices(run, by=BY):
            pass
        assert list(RunUnit.objects.filter(state="parked").values_list("code", "detail")) == []
        assert set(Run.objects.values_list("state", flat=True)) == {Run.State.DONE}


def unbilled_of_all_time(year: Year) -> list[str]:
    """Contracts whose whole history, seals taken off, still shows a difference."""
    seller = seller_facts(year.firm.id, on=year.today)
    given = basics(Scope(year.firm.id), seller, through=year.today, on=year.today)
    units = set(Contract.objects.values_list("account__unit", flat=True))
    taxes = Taxes(given, accounts_of([unit for unit in units if unit is not None], lock=False))
    numbers = list(Contract.objects.values_list("id", flat=True))
    entries = issued_entries([(number, date.min) for number in numbers])
    found = []
    for row, facts in contract_facts(numbers, Settings(carry_small_usage=True, print_zero_charges=False)):
        open_ = facts._replace(sealed_through=facts.floor)
        if bill(open_, entries.get(row.id, ()), taxes.tax, through=year.today, on=year.today).difference:
            found.append(row.number)
    return found


def assert_billed_is_owed(year: Year) -> None:
    """I-4 and I-5 against the naive calculator: the same days, and the same amount to a cent per line."""
    standing = books.standing_days()
    for number, known in year.known.items():
        items = dict(Item.objects.filter(contract_id=Contract.objects.get(number=number).id).values_list("code", "id"))
        owed = known.owed_days(year.today)
        billed_days = {day for day, count in standing.get(items["seat"], {}).items() if count}
        charged = {day for day, amount in owed.items() if amount}
        assert billed_days >= charged, f"{number} has days that nobody billed"
        assert billed_days <= owed.keys(), f"{number} has days billed that nobody owes"
        lines = list(InvoiceLine.objects.filter(item_id=items["seat"]).values_list("value", flat=True))
        assert abs(sum(lines) - sum(owed.values(), start=Fraction(0))) <= len(lines), number
        used = InvoiceLine.objects.filter(item_id=items["sms"]).values_list("value", flat=True)
        assert sum(used) == known.owed_usage(year.today), f"usage of {number}"


def live(seed: int, acts: int = 12) -> Year:
    year = Year(seed)
    kept: dict[str, str] = {}
    for month in range(MONTHS):
        for day in (date(2025, month + 1, 1), date(2025, month + 1, 16)):
            year.today = day
            for _act in range(acts):
                year.something()
            year.bill()
        assert books.findings() == [], f"seed {seed}, month {month + 1}"
        sealed = books.sealed()
        assert sealed.items() >= kept.items(), f"seed {seed}: an issued document changed in month {month + 1}"
        kept = sealed
    return year


def assert_right_at_the_end(year: Year) -> None:
    year.today = date(2025, 12, 31)
    year.bill()
    assert (books.findings(), books.unbilled(), Pending.objects.count()) == ([], [], 0)
    assert unbilled_of_all_time(year) == []
    assert_billed_is_owed(year)
    before = Invoice.objects.count()
    year.bill()
    assert Invoice.objects.count() == before, "a second run is empty"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_forty_contracts_ends_with_billed_equal_to_owed(seed: int) -> None:
    assert_right_at_the_end(live(seed))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_forty_years_of_forty_contracts_end_with_billed_equal_to_owed(seed: int) -> None:
    assert_right_at_the_end(live(seed, acts=25))
