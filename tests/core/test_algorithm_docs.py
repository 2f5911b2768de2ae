"""The tables in docs/algorithms are run: a number that is no longer true fails here."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.core.builders import contract, item, terms
from turnus.catalog.rates import GERMAN_RATES
from turnus.core.billing import bill
from turnus.core.catalog import ProductKind, TaxClass
from turnus.core.charges import Charge, Entry, Identity
from turnus.core.invoicing import Line, compose, lines_of
from turnus.core.money import allocate, from_minor, line_amount, minor_digits, to_minor
from turnus.core.parties import CustomerKind
from turnus.core.periods import Basis, Cycle, Period, prorate, slot_at
from turnus.core.receivables import OpenItem, settle
from turnus.core.tax import RateTable, Supply, Tax, TaxBuyer, TaxHoldError, TaxSeller, treat

PAGES = Path(__file__).parent.parent.parent / "docs" / "algorithms"
RATES = RateTable(row for row, _source in GERMAN_RATES)
Row = dict[str, str]


def tables() -> dict[str, list[Row]]:
    """Name of each marked table → its rows."""
    found: dict[str, list[Row]] = {}
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for name, table in re.findall(r"<!-- table: (\w+) -->\n((?:\|.*\n)+)", text):
            head, _rule, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
            found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


TABLES = tables()


def rows(name: str) -> list[ParameterSet]:
    """Rows of a table, named by their content."""
    return [pytest.param(row, id=" ".join(row.values())) for row in TABLES[name]]


def cents(text: str) -> int:
    return to_minor(Decimal(text), "EUR")


def period(text: str) -> Period:
    start, end = text.split("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def euros(amounts: list[int]) -> str:
    return " ".join(str(from_minor(amount, "EUR")) for amount in amounts)


def test_every_table_is_run() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert set(TABLES) == set(re.findall(r'rows\("(\w+)"\)', here))


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
    seller = TaxSeller("DE", "DE123456789", row["special"] == "small", row["special"] == "oss", 30)
    supply = Supply(ProductKind(row["product"]), TaxClass.STANDARD, on, on)
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
