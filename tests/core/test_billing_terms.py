"""Should-be minus is, by example: what is agreed, not prorated, worth nothing, in arrears, and what stops a run."""

from __future__ import annotations

from collections.abc import Sequence

from tests.core.builders import (
    QUARTER,
    YEAR,
    Book,
    Document,
    agreed,
    contract,
    days,
    gone,
    grid,
    hold,
    item,
    on,
    terms,
    used,
    vat19,
)
from turnus.core.catalog import Model
from turnus.core.charges import value_on
from turnus.core.contracts import ContractFacts, Decision, Timing
from turnus.core.correcting import cancellation
from turnus.core.document import Kind
from turnus.core.periods import Basis
from turnus.core.tax import Tax

JANUARY = "2025-01-01/2025-02-01"


def rows(documents: Sequence[Document]) -> list[tuple[str, int]]:
    return [row for document in documents for row in document.rows]


def cancel(book: Book, number: int, *, hold_days: bool = False) -> Document:
    """Cancel as the app does: the seal moves back, and with a hold the days are not billed again."""
    document = book.documents[number - 1]
    own = [entry for entry in book.entries if entry.invoice == number]
    lines = cancellation(own, book.entries, {entry.charge.identity.item: 1 for entry in book.entries})
    issued = book.issue(document.account, lines, document.issued_on, Kind.CANCELLATION)
    book.touch(min(line.charge.service.start for line in lines))
    if hold_days:
        held = [
            hold(f"{line.charge.service.start}/{line.charge.service.end}", number=900 + n, of=line.charge.identity.item)
            for n, line in enumerate(lines)
            if line.sign < 0
        ]
        book.contracts[1] = with_decisions(book.facts, *book.facts.decisions, *held)
    return issued


def with_decisions(facts: ContractFacts, *decisions: Decision) -> ContractFacts:
    return facts._replace(decisions=decisions)


# ---- what is agreed --------------------------------------------------------------------------------------------------


def test_an_agreed_price_for_part_of_a_slot_replaces_those_days_only() -> None:
    book = Book(contract(item("31.00"), decisions=[agreed(400, "2025-01-11/2025-01-21")]))
    assert rows(book.run("2025-01-31")) == [
        ("01.01.2025–10.01.2025", 1000), ("11.01.2025–20.01.2025", 400), ("21.01.2025–31.01.2025", 1100),
    ]  # fmt: skip
    assert book.run("2025-01-31") == []


def test_an_agreed_price_replaces_the_usage_of_its_days() -> None:
    calls = item("0.10", model=Model.METERED_UNIT)
    usage = {1: used(("2025-01-05", 100), ("2025-01-15", 1000), ("2025-01-25", 10))}
    book = Book(contract(calls, usage=usage, decisions=[agreed(5000, "2025-01-11/2025-01-21")]))
    book.run("2025-02-01")
    assert book.total == 1000 + 5000 + 100


def test_an_agreed_price_is_billed_when_it_was_agreed_and_holds_the_seal_until_then() -> None:
    book = Book(contract(item("31.00"), decisions=[agreed(400, JANUARY, day="2025-03-15")]))
    assert rows(book.run("2025-02-01")) == [("01.02.2025–28.02.2025", 3100)]
    assert book.sealed == on("2025-01-01")
    assert book.preview("2025-02-01").next_due == on("2025-03-01")
    assert ("01.01.2025–31.01.2025", 400) in rows(book.run("2025-03-15"))


# ---- what is not prorated --------------------------------------------------------------------------------------------


def test_a_fee_that_is_not_prorated_counts_whole_once_it_has_begun() -> None:
    book = Book(contract(item("100.00", start="2025-01-20", anchor="2025-01-01", basis=Basis.NONE)))
    assert rows(book.run("2025-01-20")) == [("20.01.2025–31.01.2025", 10_000)]
    ended = item("100.00", start="2025-01-20", anchor="2025-01-01", basis=Basis.NONE, end="2025-01-25")
    book.amend(contract(ended), "2025-01-25")
    assert book.run("2025-01-31") == []


def test_a_change_inside_a_slot_that_is_not_prorated_counts_from_the_next_slot_on() -> None:
    flat = item("100.00", basis=Basis.NONE, later=[terms("2025-01-16", "110.00")])
    book = Book(contract(flat))
    assert rows(book.run("2025-02-01")) == [("01.01.2025–15.01.2025", 10_000), ("01.02.2025–28.02.2025", 11_000)]
    assert book.preview("2025-02-01").guard == ""
    paused = item("100.00", basis=Basis.NONE, later=[gone("2025-01-10"), terms("2025-01-20", "100.00")])
    assert [value for _days, value in rows(Book(contract(paused)).run("2025-01-31"))] == [10_000]


def test_another_grid_for_a_fee_that_is_not_prorated_bills_no_day_twice() -> None:
    quarterly = item("90.00", fee=QUARTER, basis=Basis.NONE, grids=[grid("2025-02-01")])
    book = Book(contract(quarterly))
    book.run("2025-04-01")
    assert rows(book.documents) == [("01.01.2025–31.01.2025", 9000), ("01.04.2025–30.04.2025", 9000)]


# ---- what is worth nothing -------------------------------------------------------------------------------------------


def test_nothing_is_sent_for_charges_of_zero_unless_asked_for() -> None:
    free = item("0.00")
    assert Book(contract(free)).run("2025-01-01") == []
    assert rows(Book(contract(free, zero_charges=True)).run("2025-01-01")) == [("01.01.2025–31.01.2025", 0)]
    tiny = item("0.01", start="2025-01-28", anchor="2025-01-01")  # 4/31 of a cent
    assert Book(contract(tiny)).run("2025-01-28") == []
    assert rows(Book(contract(tiny, zero_charges=True)).run("2025-01-28")) == [("28.01.2025–31.01.2025", 0)]


def test_days_that_were_worth_nothing_are_billed_with_the_days_that_make_them_worth_something() -> None:
    short = item("0.01", end="2025-01-10")
    book = Book(contract(short))
    assert book.run("2025-01-01") == []
    book.amend(contract(item("0.01")), "2025-01-10")
    assert rows(book.run("2025-01-01")) == [("01.01.2025–31.01.2025", 1)]


# ---- arrears ---------------------------------------------------------------------------------------------------------


def test_arrears_and_usage_of_an_ended_item_fall_due_with_its_end() -> None:
    fee = item("365.00", fee=YEAR, timing=Timing.ARREARS, later=[gone("2025-03-11")])
    calls = item("0.10", number=2, model=Model.METERED_UNIT, fee=QUARTER, later=[gone("2025-03-11")])
    book = Book(contract(fee, calls, usage={2: used(("2025-03-10", 40))}))
    assert book.run("2025-03-10") == []
    assert book.preview("2025-03-10").next_due == on("2025-03-11")
    assert rows(book.run("2025-03-11")) == [("01.01.2025–10.03.2025", 6900), ("01.01.2025–10.03.2025", 400)]


def test_a_billing_period_groups_the_fee_periods_in_it_by_their_due_day() -> None:
    advance = contract(item("10.00", billing=QUARTER))
    assert [value for _days, value in rows(Book(advance).run("2025-01-01"))] == [1000, 1000, 1000]
    arrears = contract(item("10.00", billing=QUARTER, timing=Timing.ARREARS))
    assert Book(arrears).run("2025-03-31") == []
    assert [value for _days, value in rows(Book(arrears).run("2025-04-01"))] == [1000, 1000, 1000]


# ---- bases whose shares are measured from the start ------------------------------------------------------------------


def test_a_mid_period_start_measured_from_the_start_is_a_slot_of_its_own() -> None:
    for basis, amount in ((Basis.AVG_MONTH, 42795), (Basis.THIRTY_360, 42667)):
        book = Book(contract(item("600.00", start="2025-04-15", anchor="2025-01-01", fee=YEAR, basis=basis)))
        [first] = book.run("2025-04-15")
        identity = first.composed.lines[0].line.charge.identity
        assert (identity.slot, identity.amount) == (days("2025-04-15/2026-01-01"), amount)
        whole = days("2025-04-15/2026-01-01")
        cuts = [days("2025-04-15/2025-06-30"), days("2025-06-30/2025-07-01"), days("2025-07-01/2026-01-01")]
        assert sum(value_on(identity, cut) for cut in cuts) == value_on(identity, whole) == amount


# ---- safety ----------------------------------------------------------------------------------------------------------


def test_more_than_fifteen_lines_of_an_item_on_one_day_wait_for_a_person() -> None:
    facts = contract(item("10.00", start="2024-01-01"), start="2024-01-01")
    assert Book(facts).preview("2025-03-31").guard == ""
    assert Book(facts).preview("2025-04-01").guard == "many_lines"
    book = Book(contract(item("10.00")))
    for cents in range(15):
        book.amend(contract(item(f"10.{cents:02d}")), "2025-01-01")
        assert book.preview("2025-01-31").guard == ""
        book.run("2025-01-31")
    book.amend(contract(item("11.00")), "2025-01-01")
    assert book.preview("2025-01-31").guard == "many_lines"
    assert book.preview("2025-01-31", "2025-02-01").guard == ""


def test_a_day_that_would_be_billed_twice_stops_the_run() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-01-01")
    twin = book.entries[0]
    other = twin.charge.identity._replace(rate=700)
    doubled = [twin, twin._replace(charge=twin.charge._replace(identity=other), invoice=2)]
    book.lines[1] = doubled
    assert book.preview("2025-01-01").guard == ""  # the wrong one is reversed
    book.lines[1] = [twin, twin._replace(invoice=2)]
    assert [r.value for r in book.preview("2025-01-01").difference.reversals] == [-3000]
    book.amend(with_decisions(book.facts, hold(JANUARY)), "2025-01-01")
    assert book.preview("2025-01-01").guard == "overlap"  # both are held, so neither can be reversed


def test_the_tax_of_every_account_is_asked_for() -> None:
    seen = set()

    def tax(account: int, product: int, last_day: object) -> Tax:
        seen.add((account, product, last_day))
        return vat19(account, product, on("2025-01-31"))

    Book(contract(item("31.00", product=7), payers=[("2025-01-11", 2)]), tax=tax).run("2025-01-01")
    assert seen == {(1, 7, on("2025-01-31")), (2, 7, on("2025-01-31"))}
