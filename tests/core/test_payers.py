"""Several who pay one item: the parts add up to what one would pay, over any days, and every line can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.builders import MONTH, Book, contract, item, off, on, percent, terms, used
from turnus.core.catalog import Model
from turnus.core.charges import Difference, overfull, overlapping, standing, value_on
from turnus.core.contracts import ContractFacts, Minimum, Timing
from turnus.core.payers import Parts, Shares, fraction, paying, share_of, timeline
from turnus.core.periods import Basis, Period

AMOUNTS = st.integers(-400, 400) | st.integers(-(10**9), 10**9)
WEIGHTS = st.lists(st.integers(1, 12) | st.integers(1, 10**6), min_size=1, max_size=5)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
DAYS = st.dates(*YEAR)


@st.composite
def parts(draw: st.DrawFn) -> Parts:
    """Some of six accounts with their weights, in any order."""
    accounts = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True))
    return tuple((account, draw(st.integers(1, 9))) for account in accounts)


@st.composite
def shares(draw: st.DrawFn) -> list[Shares]:
    """Who pays from which days on: the contract, and item 1 of it."""
    first = Shares(date.min, 0, ((1, 1),))
    later = [
        Shares(day, of, draw(parts()) if not of or draw(st.booleans()) else ())
        for day, of in draw(st.lists(st.tuples(DAYS, st.sampled_from([0, 0, 1])), max_size=5, unique=True))
    ]
    return [first, *sorted(later)]


def texts(weights: list[int]) -> list[str]:
    return [f"{place}:{':'.join(map(str, weights))}" for place in range(len(weights))]


@given(AMOUNTS, WEIGHTS, st.integers(0, 100), st.integers(0, 100))
@example(99, [1, 1, 1], 16, 84)
def test_shares_add_up_at_every_point_and_none_ever_shrinks(
    amount: int, weights: list[int], first: int, second: int
) -> None:
    one, other = sorted((amount * first // 100, amount * second // 100), key=abs)
    sign = -1 if amount < 0 else 1
    before = [share_of(share, amount, one) for share in texts(weights)]
    after = [share_of(share, amount, other) for share in texts(weights)]
    whole = [share_of(share, amount, amount) for share in texts(weights)]
    assert (sum(before), sum(after), sum(whole)) == (one, other, amount)
    assert all(0 <= sign * a <= sign * b <= sign * c for a, b, c in zip(before, after, whole, strict=True))


def test_the_odd_cents_go_to_the_first() -> None:
    assert [share_of(share, 5, 5) for share in texts([60, 40])] == [3, 2]
    assert [share_of(share, 10_01, 10_01) for share in texts([50, 50])] == [5_01, 5_00]
    assert [share_of(share, 1_000_00, 1_000_00) for share in texts([1, 1, 1])] == [333_34, 333_33, 333_33]


def value_per_slot(facts: ContractFacts) -> dict[Period, int]:
    found: dict[Period, int] = {}
    for charge in Book(facts).preview("2026-01-31").difference.charges:
        found[charge.identity.slot] = found.get(charge.identity.slot, 0) + charge.value
    return {slot: value for slot, value in found.items() if value}


@given(
    shares(), st.integers(1, 500) | st.integers(1, 10**6), st.sampled_from(Basis), DAYS, st.integers(1, 400),
    st.sampled_from(["0", "10", "33.3"]), st.booleans(),
)  # fmt: skip
def test_over_all_payers_a_slot_costs_what_it_costs_one(
    rows: list[Shares], cents: int, basis: Basis, start: date, length: int, rebate: str, usage: bool
) -> None:
    end = start + timedelta(days=length)
    model = Model.METERED_UNIT if usage else Model.RECURRING_UNIT
    one = item(
        f"{cents}e-2", start=start.isoformat(), end=end.isoformat(), anchor="2025-01-01", basis=basis, model=model,
        timing=Timing.ARREARS,
    )  # fmt: skip
    facts = contract(
        one, discounts=[percent(rebate)] if rebate != "0" else [],
        usage={1: used((start.isoformat(), 3), ((start + timedelta(days=length // 2)).isoformat(), 5))},
    )._replace(minimums=[Minimum(1, 0, 2_001, 1, False, start, end, MONTH, start)])  # noqa: FBT003  # fmt: skip
    assert value_per_slot(facts._replace(shares=rows)) == value_per_slot(facts)


@given(st.lists(shares(), min_size=1, max_size=4), st.integers(1, 400), st.sampled_from(Basis), DAYS)
def test_changing_shares_back_and_forth_never_loses_or_doubles_a_cent(
    history: list[list[Shares]], cents: int, basis: Basis, end: date
) -> None:
    """Whatever the shares become: what stands is what is owed, a second run is empty, nobody is credited too much."""
    facts = contract(item(f"{cents}e-2", basis=basis), end=end.isoformat(), discounts=[off(50)])
    book = Book(facts)
    for rows in history:
        book.amend(facts._replace(shares=rows), "2025-01-01")
        book.run("2025-12-31")
        assert not book.preview("2025-12-31").difference
        assert book.total == sum(stand_value for _account, stand_value in standing_values(book))
        left: dict[tuple[int, int], int] = {}
        for entry in book.entries:
            place = entry.corrects if entry.sign < 0 and entry.corrects else (entry.invoice, entry.position)
            left[place] = left.get(place, 0) + entry.value
        values = {(entry.invoice, entry.position): entry.value for entry in book.entries if entry.sign > 0}
        assert all(min(0, values[p]) <= rest <= max(0, values[p]) for p, rest in left.items())
        keys = [
            (e.charge.identity.slot.end, e.charge.identity.part, e.charge.days.start, e.sign, e.sequence)
            for e in book.entries
        ]
        assert len(keys) == len(set(keys))


def standing_values(book: Book) -> list[tuple[int, int]]:
    return [
        (stand.entry.charge.identity.account, value_on(stand.entry.charge.identity, stand.days))
        for stand in standing(book.entries)
    ]


def test_half_a_month_of_sixty_forty_and_half_of_fifty_fifty() -> None:
    rows = [Shares(date.min, 0, ((1, 60), (2, 40))), Shares(on("2025-04-16"), 0, ((1, 50), (2, 50)))]
    book = Book(contract(item("10.01", start="2025-04-01"), start="2025-04-01")._replace(shares=rows))
    first, second = book.run("2025-04-01")
    assert first.rows == [("01.04.2025–15.04.2025", 3_01), ("16.04.2025–30.04.2025", 2_50)]
    assert second.rows == [("01.04.2025–15.04.2025", 2_00), ("16.04.2025–30.04.2025", 2_50)]
    assert book.total == 10_01


def test_an_item_has_shares_of_its_own_until_it_follows_the_contract_again() -> None:
    rows = [
        Shares(date.min, 0, ((1, 1),)), Shares(on("2025-02-01"), 7, ((2, 1), (3, 1))),
        Shares(on("2025-03-01"), 0, ((4, 1),)), Shares(on("2025-04-01"), 7, ()),
    ]  # fmt: skip
    assert timeline(rows, 7) == [
        (date.min, ((1, 1),)), (on("2025-02-01"), ((2, 1), (3, 1))), (on("2025-04-01"), ((4, 1),)),
    ]  # fmt: skip
    assert timeline(rows, 8) == [(date.min, ((1, 1),)), (on("2025-03-01"), ((4, 1),))]


def test_whole_charges_go_to_those_who_pay_the_last_day() -> None:
    times = [(date.min, ((1, 1),)), (on("2025-01-16"), ((2, 3), (3, 1)))]
    days = Period(on("2025-01-01"), on("2025-02-01"))
    assert [(payer.account, payer.days, payer.share) for payer in paying(times, days, whole=True)] == [
        (2, days, "0:3:1"), (3, days, "1:3:1"),
    ]  # fmt: skip
    assert [fraction(payer.share) for payer in paying(times, days, whole=False)] == [(1, 1), (3, 4), (1, 4)]


def test_shares_of_one_day_overlap_only_beyond_the_whole() -> None:
    rows = [Shares(date.min, 0, ((1, 60), (2, 40)))]
    book = Book(contract(item("30.00"))._replace(shares=rows))
    book.run("2025-01-01")
    assert overlapping(book.standing, Difference([], [])) is None
    day = Period(on("2025-01-01"), on("2025-01-02"))
    assert overfull([(1, "fee", day, "0:60:40"), (1, "fee", day, "0:50:50")]) == 1
    assert overfull([(1, "fee", day, "0:60:40"), (1, "fee", day, "")]) == 1
    assert overfull([(1, "fee", day, "0:50:50"), (1, "fee", day, "1:60:40"), (2, "fee", day, "")]) is None


@pytest.mark.parametrize("model", [Model.RECURRING_FLAT, Model.ONE_OFF, Model.METERED_UNIT])
def test_every_kind_of_price_is_shared(model: Model) -> None:
    rows = [Shares(date.min, 0, ((5, 2), (9, 1)))]
    facts = contract(item("10.00", model=model), usage={1: used(("2025-01-05", 1))})._replace(shares=rows)
    book = Book(facts)
    documents = book.run("2025-02-01" if model is Model.METERED_UNIT else "2025-01-01")
    assert {document.account: document.composed.net for document in documents} == {5: 6_67, 9: 3_33}


def test_a_change_of_price_reverses_each_payers_part_by_itself() -> None:
    rows = [Shares(date.min, 0, ((1, 60), (2, 40)))]
    facts = contract(item("100.00"))._replace(shares=rows)
    book = Book(facts)
    book.run("2025-01-01")
    dearer = item("100.00", later=[terms("2025-01-16", "200.00")])
    book.amend(facts._replace(items=[dearer]), "2025-01-16")
    nets = {document.account: document.composed.net for document in book.run("2025-01-16")}
    assert (nets, sum(nets.values())) == ({1: 30_97, 2: 20_65}, 51_62)
