"""The tables in docs/algorithms are run: a number that is no longer true fails here."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.core.builders import Book, contract, item, off, rated, terms, used, vat_of_2020
from tests.core.tables import TABLES, Row, cents, euros, period, rows
from turnus.catalog.rates import GERMAN_RATES
from turnus.core.adjusting import Given, Rule, RuleKind, adjusted
from turnus.core.billing import bill
from turnus.core.campaigns import Line as PriceLine
from turnus.core.campaigns import When
from turnus.core.catalog import Model, ProductKind, TaxClass
from turnus.core.charges import Charge, Entry, Identity, value_on
from turnus.core.commission import Allocated, BaseLine, CommissionRule, paid_base
from turnus.core.commission import Basis as Counting
from turnus.core.contracts import Decision, DecisionKind, Raise, Timing
from turnus.core.document import DocumentTax
from turnus.core.final import Progress, settle_final
from turnus.core.instalments import instalments, plan_of, reduced
from turnus.core.invoicing import Line, compose, lines_of
from turnus.core.money import allocate, from_minor, half_up, line_amount, minor_digits
from turnus.core.parties import CustomerKind
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period, prorate, slot_at
from turnus.core.raising import raised
from turnus.core.receivables import OpenItem, settle
from turnus.core.repricing import effective_day, new_terms
from turnus.core.tax import RateTable, Supply, Tax, TaxBuyer, TaxHoldError, TaxSeller, treat

RATES = RateTable(row for row, _source in GERMAN_RATES)


def test_every_table_is_run() -> None:
    """Here, in a ``test_*_docs.py`` beside it, or where slots are cut; ready plans by the whole program."""
    here = Path(__file__).parent
    files = [*here.glob("test_*_docs.py"), here / "test_cut_slots.py", here.parent / "scenarios" / "test_templates.py"]
    run = {name for file in files for name in re.findall(r'rows\("(\w+)"\)', file.read_text(encoding="utf-8"))}
    assert set(TABLES) == run


@pytest.mark.parametrize("row", rows("slots"))
def test_a_period_has_these_boundaries(row: Row) -> None:
    count, unit = row["cycle"].split()
    slot = slot_at(date.fromisoformat(row["anchor"]), Cycle.of(int(count), unit), int(row["k"]))
    assert [day.isoformat() for day in slot] == [row["start"], row["end"]]


@pytest.mark.parametrize("row", rows("prorate"))
def test_a_part_of_a_period_costs_this_much(row: Row) -> None:
    share = prorate(cents(row["amount"]), period(row["whole"]), period(row["part"]), Basis(row["basis"]))
    assert euros([share]) == row["share"]


@pytest.mark.parametrize("row", rows("difference"))
def test_an_amendment_appends_this_difference(row: Row) -> None:
    """The rows build on each other: what an earlier row issued stands for the later ones."""
    entries: list[Entry] = []
    for earlier in TABLES["difference"]:
        prices = [(since[-10:], price) for since, price in earlier.items() if "from" in since and price]
        (start, first), *later = prices
        plan = item(
            first, start=start, later=[terms(since, price, product=2 + n) for n, (since, price) in enumerate(later)]
        )
        on = date.fromisoformat(earlier["run"])
        found = bill(contract(plan, start=start), entries, lambda _a, _p, _d: Tax("S", 1900), through=on, on=on)
        lines = lines_of(1, found)
        charged, taken = ([line.value for line in lines if line.sign == sign] for sign in (1, -1))
        assert (euros(charged), euros(taken)) == (earlier["charges"], earlier["reversals"])
        assert euros([sum(charged) + sum(taken)]) == earlier["net"]
        if earlier is row:
            return
        document = len(entries) + 1
        entries += [
            Entry(line.charge, document, place, line.sign, line.value, line.corrects, line.sequence, on)
            for place, line in enumerate(lines, 1)
        ]


@pytest.mark.parametrize("row", rows("due"))
def test_a_slot_falls_due_on_this_day(row: Row) -> None:
    count, unit = row["billing"].split()
    plan = item("30.00", start="2025-01-15", billing=Cycle.of(int(count), unit), timing=Timing(row["timing"]))
    found = Book(contract(plan, start="2025-01-15", end="2025-06-01")).preview("2025-06-01").difference
    assert [charge.due_on.isoformat() for charge in found.charges] == row["due"].split()


@pytest.mark.parametrize("row", rows("decisions"))
def test_a_decision_changes_january_like_this(row: Row) -> None:
    amount = cents(row["amount"]) if row["amount"] else 0
    decision = Decision(1, 1, DecisionKind(row["decision"]), period(row["days"]), amount, date(2025, 1, 1))
    book = Book(contract(item("31.00"), decisions=[decision]))
    lines = [placed.line.value for document in book.run("2025-01-31") for placed in document.composed.lines]
    assert euros(lines) == row["lines"]
    assert book.run("2025-01-31") == []


@pytest.mark.parametrize("row", rows("windows"))
def test_an_amount_off_a_year_is_used_up_month_by_month(row: Row) -> None:
    """Each run builds on those before it."""
    book = Book(contract(item("30.00"), discounts=[off(10_000, fee=Cycle.of(1, "year"))]))
    place = TABLES["windows"].index(row)
    for earlier in TABLES["windows"][:place]:
        book.run(earlier["run"])
    entered = len(book.entries)
    book.run(row["run"])
    fresh = book.entries[entered:]
    charged, taken = ([entry.value for entry in fresh if entry.sign == sign] for sign in (1, -1))
    assert (euros(charged), euros(taken)) == (row["charges"], row["reversals"])
    assert euros([sum(charged) + sum(taken)]) == row["net"]


@pytest.mark.parametrize("row", rows("metered"))
def test_a_meter_costs_this_much(row: Row) -> None:
    later = row["price from 2025-01-16"]
    changes = [terms("2025-01-16", later, model=Model.METERED_UNIT)] if later else []
    meter = item(row["price"], model=Model.METERED_UNIT, later=changes)
    records = [record.split(":") for record in row["records"].split()]
    totals = used(*((f"2025-01-{int(day):02d}", int(quantity)) for day, quantity in records))
    documents = Book(contract(meter, usage={1: totals})).run("2025-02-01")
    assert euros([placed.line.value for found in documents for placed in found.composed.lines]) == row["lines"]


@pytest.mark.parametrize("row", rows("rated"))
def test_rated_amounts_are_carried_or_dropped(row: Row) -> None:
    months = [int(Decimal(text).scaleb(3)) for text in row["used"].split()]
    totals = rated(*((f"2025-{n:02d}-10", amount) for n, amount in enumerate(months, 1)), scale=3)
    for column, carry in (("carried", True), ("dropped", False)):
        facts = contract(item("0", model=Model.RATED), usage={1: totals})
        book = Book(facts._replace(carry_small_usage=carry))
        billed = [sum(document.composed.net for document in book.run(f"2025-{n:02d}-01")) for n in (2, 3, 4)]
        assert euros(billed) == row[column]


@pytest.mark.parametrize("row", rows("supplies"))
def test_a_supply_has_the_rate_of_its_end(row: Row) -> None:
    start, end = row["days"].split("/")
    count, unit = row["cycle"].split()
    fee = item(row["price"], start=start, fee=Cycle.of(int(count), unit))
    [document] = Book(contract(fee, start=start, end=end), tax=vat_of_2020).run(end)
    nets = [f"{tax.rate // 100}:{euros([tax.base])}" for tax in document.composed.taxes]
    assert (" ".join(nets), euros([document.composed.gross])) == (row["net per rate"], row["gross"])


@pytest.mark.parametrize("row", rows("rates"))
def test_a_rate_follows_the_last_day_of_the_service(row: Row) -> None:
    day = date.fromisoformat(row["last day of service"])
    if row["rate"] == "error":
        with pytest.raises(TaxHoldError, match="rate_missing"):
            RATES.rate("DE", row["class"], day)
    else:
        assert RATES.rate("DE", row["class"], day) == int(row["rate"]) * 100


@pytest.mark.parametrize("row", rows("treatment"))
def test_a_supply_is_treated_so(row: Row) -> None:
    on = date(2025, 6, 30)
    country, _, postcode = row["buyer"].partition(" ")
    age = row["check"]
    buyer = TaxBuyer(
        country, postcode or "1010", CustomerKind(row["kind"]), "ATU12345678" if row["VAT id"] else "", row["proof"],
        on - timedelta(days=int(age) if age.isdigit() else 1) if age else None, age != "no",
    )  # fmt: skip
    special = row["special"]
    seller = TaxSeller("DE", "DE123456789", special == "small", special == "oss", 30, special == "ships")
    tax_class = TaxClass(special) if special in set(TaxClass) else TaxClass.STANDARD
    supply = Supply(ProductKind(row["product"]), tax_class, on, on)
    try:
        tax = treat(seller, buyer, supply, RATES)
        result = f"{tax.category} {tax.rate // 100}"
        assert tax.because.startswith("L-12."), "the decision says why"
    except TaxHoldError as hold:
        result = hold.code
    assert result == row["result"]


@pytest.mark.parametrize("row", rows("lines"))
def test_a_line_is_rounded_once(row: Row) -> None:
    digits = minor_digits(row["currency"])
    amount = line_amount(Decimal(row["quantity"]), Decimal(row["unit price"]), digits)
    assert str(from_minor(amount, row["currency"])) == row["amount"]


@pytest.mark.parametrize("row", rows("totals"))
def test_a_document_adds_up(row: Row) -> None:
    days = Period(date(2025, 1, 1), date(2025, 2, 1))
    lines = []
    for place, text in enumerate(row["lines"].split()):
        amount, rate = text.split("@")
        value = cents(amount.removesuffix("g"))
        identity = Identity(
            place, "fee", 1, days, Basis.ACTUAL_PERIOD, value, amount.endswith("g"), 1, "S", int(rate) * 100
        )
        charge = Charge(identity, days, days.start, days, Decimal(1), Decimal(1))
        lines.append(Line(1, charge, 1, value, None, 0))
    document = compose(lines)
    assert euros([document.net]) == row["net"]
    assert euros([document.tax]) == row["VAT"]
    assert euros([document.gross]) == row["gross"]
    assert sum(placed.net for placed in document.lines) == document.net


@pytest.mark.parametrize("row", rows("settle"))
def test_credit_is_used_so(row: Row) -> None:
    day = date(2025, 1, 1)
    free = [OpenItem(100 + n, -cents(text), None, day) for n, text in enumerate(row["credits"].split())]
    debts = [OpenItem(n, cents(text), day + timedelta(days=n), day) for n, text in enumerate(row["debits"].split())]
    shares = settle(free, debts)
    left = [-i.open - sum(s.amount for s in shares if s.credit == i.id) for i in free]
    still = [i.open - sum(s.amount for s in shares if s.debit == i.id) for i in debts]
    assert (euros(left), euros(still)) == (row["credits left"], row["debits left"])


@pytest.mark.parametrize("row", rows("allocate"))
def test_parts_add_up(row: Row) -> None:
    parts = allocate(cents(row["amount"]), [int(weight) for weight in row["weights"].split()])
    assert euros(parts) == row["parts"]
    assert sum(parts) == cents(row["amount"])


@pytest.mark.parametrize("row", rows("adjusted"))
def test_a_rule_makes_this_of_a_price(row: Row) -> None:
    words = row["bounds"].split()
    bounds = dict(zip(words[::2], map(Decimal, words[1::2]), strict=True))
    rule = Rule(
        RuleKind(row["kind"]), Decimal(row["value"]), cap=bounds.get("cap"), floor=bounds.get("floor"),
        year_cap=bounds.get("year_cap"),
    )  # fmt: skip
    given = Given(year_ago=bounds.get("year_ago"))
    assert str(adjusted(rule, Decimal(row["old price"]), 2, given).price) == row["new price"]


@pytest.mark.parametrize("row", rows("indexed"))
def test_an_index_makes_this_of_a_price(row: Row) -> None:
    words = row["bounds"].split()
    bounds = dict(zip(words[::2], map(Decimal, words[1::2]), strict=True))
    rule = Rule(
        RuleKind.INDEX, series="VPI", threshold=Decimal(row["threshold"] or 0), cap=bounds.get("cap"),
        floor=bounds.get("floor"),
    )  # fmt: skip
    given = Given(Fraction(row["index"]) / Fraction(row["reference"]))
    assert str(adjusted(rule, Decimal(row["old price"]), 2, given).price) == row["new price"]


@pytest.mark.parametrize("row", rows("raised"))
def test_a_planned_raise_leads_to_these_prices(row: Row) -> None:
    value, _, percent = row["raise"].partition(" ")
    kind = RuleKind.PERCENT if percent else RuleKind.AMOUNT
    step = Raise(kind, Decimal(value), date.fromisoformat(row["first"]), int(row["every"]), FAR_FUTURE)
    known = [terms("2025-01-01", "100.00"), *([terms(*row["agreed"].split())] if row["agreed"] else [])]
    found = raised(known, [step], date(2028, 2, 1), 2)
    assert ", ".join(f"{price.since} {price.unit_price}" for price in found[1:]) == row["prices"]


@pytest.mark.parametrize("row", rows("shares"))
def test_those_who_share_a_month_pay_this_much_of_its_days(row: Row) -> None:
    weights, (first, last) = row["weights"].split(), row["days of April"].split("–")
    april = Period(date(2025, 4, 1), date(2025, 5, 1))
    part = Period(date(2025, 4, int(first)), date(2025, 4, int(last)) + timedelta(days=1))
    identities = [
        Identity(1, "fee", 1, april, Basis.ACTUAL_PERIOD, cents(row["price"]), False, place, "S", 1900,  # noqa: FBT003
                 f"{place}:{':'.join(weights)}")
        for place in range(len(weights))
    ]  # fmt: skip
    parts = [value_on(identity, part) for identity in identities]
    assert euros(parts) == row["parts"]
    assert sum(parts) == prorate(cents(row["price"]), april, part)


@pytest.mark.parametrize("row", rows("effective"))
def test_a_new_price_takes_effect_on_this_day(row: Row) -> None:
    """Planned by the rule of the effective day, written as terms, billed by runs."""
    since, mid = date(2025, 5, 16), row["mid-period"] == "yes"
    plan = item("100.00", start="2025-05-01", timing=Timing(row["in"]))
    book = Book(contract(plan, start="2025-05-01"))
    lines: list[int] = []

    def bill_on(day: str) -> list[int]:
        return [placed.line.value for found in book.run(day) for placed in found.composed.lines]

    if row["billed on"]:
        lines += bill_on(row["billed on"])
    billed = max((entry.charge.days.end for entry in book.entries), default=date.min)
    effective = effective_day(When(row["at"]), since, plan, plan.start, billed, mid_period=mid)
    change = PriceLine(1, "", effective, Decimal(100), Decimal(110))
    written = new_terms(plan, change, effective, 2)
    assert written is not None
    book.amend(contract(plan._replace(terms=[*plan.terms, *written]), start="2025-05-01"), effective)
    lines += bill_on("2025-05-10" if row["in"] == "advance" else "2025-06-01")
    assert euros(lines) == row["lines of May"]
    assert euros(bill_on("2025-06-01" if row["in"] == "advance" else "2025-07-01")) == row["June"]


@pytest.mark.parametrize("row", rows("paid"))
def test_what_is_paid_counts_this_much_for_a_commission(row: Row) -> None:
    lines = [BaseLine(1, place, 1, "fee", cents(net), Decimal(1)) for place, net in enumerate(row["net"].split(), 1)]
    paid = [Allocated(number, date.min, cents(amount)) for number, amount in enumerate(row["paid"].split(), 1)]
    rule = CommissionRule(1, date.min, FAR_FUTURE, Counting.PAID)
    counted: dict[int, Decimal] = {}
    for allocation, base in paid_base(lines, rule, cents(row["gross"]), paid, 2):
        counted[allocation] = counted.get(allocation, Decimal(0)) + base.quantity
    assert " ".join(f"{amount:f}" for amount in counted.values()) == row["counts"]


@pytest.mark.parametrize("row", rows("instalments"))
def test_an_invoice_is_paid_in_these_parts(row: Row) -> None:
    plan = plan_of(row["plan"])
    parts = instalments(cents(row["gross"]), plan, date.fromisoformat(row["first"]))
    assert " ".join(f"{part.due_on:%d.%m.}" for part in parts) == row["days"]
    assert euros([part.amount for part in parts]) == row["parts"]
    left = reduced(parts, 100_00, latest=not plan.credit_first)
    assert euros([part.amount for part in left]) == row["after a credit of 100.00"]


@pytest.mark.parametrize("row", rows("final"))
def test_a_final_invoice_deducts_what_was_received(row: Row) -> None:
    def group(text: str) -> DocumentTax:
        net, rate = text.replace(" ", "").split("@")
        return DocumentTax("S", int(rate) * 100, cents(net), half_up(cents(net) * int(rate), 100))

    parts = [Progress("AR", (group(text.split(":")[0]),), cents(text.split(":")[1])) for text in row["parts"].split()]
    found = settle_final([group(row["whole"])], parts)
    figures = {
        "deducted net": sum(each.net for each in found.deductions), "left net": found.net_left,
        "deducted VAT": sum(each.tax for each in found.deductions), "left VAT": found.tax_left,
        "payable": found.payable, "closed": sum(each.closed for each in found.deductions),
    }  # fmt: skip
    assert {name: euros([figure]) for name, figure in figures.items()} == {name: row[name] for name in figures}
