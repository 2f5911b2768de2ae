"""Every price model × every property that must hold for it (the table is in docs/algorithms/price-schemes.md).

What a model must *not* promise is shown by an example, so nobody takes it for granted.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.builders import (
    MONTH,
    NEW_YEAR,
    YEAR,
    Book,
    contract,
    item,
    loose_charge,
    off,
    percent,
    used,
    vat19,
    vat_of_2020,
)
from tests.core.builders import rated as amounts
from turnus.core.catalog import Model
from turnus.core.charges import is_of_set
from turnus.core.contracts import ContractFacts, Discount, Item, Minimum, Terms, Usage, UsageTotal
from turnus.core.discounts import discounted
from turnus.core.explaining import Told, explain
from turnus.core.owed import OWN_SLOT, owed
from turnus.core.payers import Shares
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period
from turnus.core.pricing import Measured, by_scheme
from turnus.core.rating import steps, total
from turnus.core.schemes import Break, Function, Part, Rounding, Scheme, Tier, check

D = Decimal
PRICES = st.integers(0, 5_000).map(lambda mills: D(mills).scaleb(-3))
QUANTITIES = st.integers(0, 30_000).map(lambda cents: D(cents).scaleb(-2))
TINY = D("0.000001")
PRICE = D("0.37")
GRADUATED = Scheme(Function.GRADUATED, (Tier(D(100), D("0.10")), Tier(None, D("0.05"))))
VOLUME = Scheme(Function.VOLUME, (Tier(D(10), D("2.50")), Tier(None, D("2.40"))))
FEW = settings(max_examples=40)


# ---- the models, each with any prices --------------------------------------------------------------------------------


@st.composite
def tiers(draw: st.DrawFn, *, price: bool = True, flat: bool = False) -> tuple[Tier, ...]:
    """Flat amounts rise from tier to tier."""
    ends = [*map(D, sorted(draw(st.sets(st.integers(1, 250), max_size=3)))), None]
    flats = sorted(draw(st.lists(PRICES, min_size=len(ends), max_size=len(ends)))) if flat else [D(0)] * len(ends)
    return tuple(
        Tier(end, draw(PRICES) if price else D(0), amount) for end, amount in zip(ends, flats, strict=True)
    )  # fmt: skip


def _bounded(scheme: Scheme, least: Decimal, more: Decimal) -> Scheme:
    return scheme._replace(least=least, most=least + more)


_SIZES = st.sampled_from([D("0.25"), D(1), D(12), D(100)])
_GRADUATED = tiers().map(lambda rows: Scheme(Function.GRADUATED, rows))
_PERCENT = st.just(Scheme(percent=True))
MODELS = {
    "per unit": st.just(Scheme()),
    "graduated": _GRADUATED,
    "graduated with flat amounts": tiers(flat=True).map(lambda rows: Scheme(Function.GRADUATED, rows)),
    "volume": tiers().map(lambda rows: Scheme(Function.VOLUME, rows)),
    "flat per tier": tiers(price=False, flat=True).map(lambda rows: Scheme(Function.VOLUME, rows)),
    "package": _SIZES.map(lambda size: Scheme(package=size)),
    "steps": st.builds(lambda size, how: Scheme(quantum=size, rounding=how), _SIZES, st.sampled_from(Rounding)),
    "percent": _PERCENT,
    "percent with caps": st.builds(_bounded, _PERCENT, PRICES, PRICES),
    "tiers with caps": st.builds(_bounded, _GRADUATED, PRICES, PRICES),
    "allowance": QUANTITIES.map(lambda free: Scheme(included=free)),
    "commission": tiers().map(lambda rows: Scheme(Function.GRADUATED, rows, percent=True)),
    "quantity discount": st.builds(
        lambda at, cut, amount: Scheme(breaks=(Break(at, cut), Break(at + 50, D(0), amount))),
        QUANTITIES, st.integers(1, 100).map(D), PRICES.filter(bool),
    ),
    "formula": st.builds(
        lambda rows: Scheme(Function.FORMULA, rows, formula="max(price, graduated(quantity)) + volume(quantity) / 3"),
        tiers(),
    ),
}  # fmt: skip
MONOTONE = sorted(MODELS.keys() - {"volume", "quantity discount", "formula"})
CONTINUOUS = ["per unit", "graduated", "percent", "percent with caps", "tiers with caps", "allowance", "commission"]
ANY = st.one_of(*MODELS.values())


def exact(scheme: Scheme, quantity: Decimal, price: Decimal) -> Decimal:
    return total(steps(scheme, quantity, price))


def cents(scheme: Scheme, quantity: Decimal, price: Decimal) -> int:
    return by_scheme(scheme, quantity, price, Measured(quantity, 0, 0, 0), 2).amount


# ---- monotone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MONOTONE)
@FEW
@given(data=st.data(), one=QUANTITIES, other=QUANTITIES, price=PRICES)
def test_more_never_costs_less(model: str, data: st.DataObject, one: Decimal, other: Decimal, price: Decimal) -> None:
    scheme = data.draw(MODELS[model])
    check(scheme)
    assert 0 <= cents(scheme, min(one, other), price) <= cents(scheme, max(one, other), price)


@pytest.mark.parametrize(
    ("scheme", "less", "more", "amounts"),
    [
        (VOLUME, "10", "10.01", (2500, 2402)),
        (Scheme(breaks=(Break(D(50), D(10)),)), "49", "50", (9800, 9000)),
        (Scheme(breaks=(Break(D(50), D(0), D(5)),)), "49", "50", (9800, 9500)),
        (Scheme(Function.FORMULA, formula="price * quantity if quantity <= 10 else price"), "10", "11", (2000, 200)),
    ],
)  # fmt: skip
def test_more_may_cost_less_where_one_price_holds_for_all(
    scheme: Scheme, less: str, more: str, amounts: tuple[int, int]
) -> None:
    """Volume tiers, quantity discounts and formulas promise nothing of the kind: that is what they are for."""
    assert (cents(scheme, D(less), D(2)), cents(scheme, D(more), D(2))) == amounts


@given(MODELS["volume"], QUANTITIES, QUANTITIES)
def test_within_one_tier_of_a_volume_price_more_never_costs_less(scheme: Scheme, one: Decimal, other: Decimal) -> None:
    """So an amount can fall at the edge of a tier alone, and there by the difference of the two prices, for all."""
    less, more = min(one, other), max(one, other)
    edges = [tier.up_to for tier in scheme.tiers if tier.up_to is not None]
    if not any(less <= edge < more for edge in edges):
        assert cents(scheme, less, D(0)) <= cents(scheme, more, D(0))
    for tier, following in pairwise(scheme.tiers):
        assert tier.up_to is not None
        jump = exact(scheme, tier.up_to + TINY, D(0)) - exact(scheme, tier.up_to, D(0))
        assert jump == tier.up_to * (following.unit_price - tier.unit_price) + TINY * following.unit_price


# ---- continuous ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CONTINUOUS)
@FEW
@given(data=st.data(), at=QUANTITIES, price=PRICES)
def test_a_little_more_costs_little_more_also_at_every_edge(
    model: str, data: st.DataObject, at: Decimal, price: Decimal
) -> None:
    scheme = data.draw(MODELS[model])
    edges = [tier.up_to for tier in scheme.tiers if tier.up_to is not None]
    for quantity in (at, scheme.included, *edges):
        more = exact(scheme, quantity + TINY, price) - exact(scheme, quantity, price)
        assert 0 <= more <= TINY * max(price, *(tier.unit_price for tier in scheme.tiers), D(0))


@given(_SIZES, st.integers(0, 50), st.integers(1, 100).map(lambda part: D(part).scaleb(-2)), PRICES)
def test_packages_step_by_one_price_and_cost_the_same_in_between(
    size: Decimal, full: int, part: Decimal, price: Decimal
) -> None:
    assert exact(Scheme(package=size), size * (full + part), price) == (full + 1) * price


@given(tiers(price=False, flat=True), QUANTITIES)
def test_flat_amounts_of_tiers_count_alone_or_together(rows: tuple[Tier, ...], quantity: Decimal) -> None:
    """By volume the one of the tier that is reached, graduated all up to it."""
    reached = [n for n, tier in enumerate(rows) if n == 0 or quantity > (rows[n - 1].up_to or 0)]
    assert exact(Scheme(Function.VOLUME, rows), quantity, D(0)) == rows[reached[-1]].flat
    assert exact(Scheme(Function.GRADUATED, rows), quantity, D(0)) == sum(rows[n].flat for n in reached)


@given(ANY, PRICES, PRICES, QUANTITIES, PRICES)
def test_caps_bound_an_amount_and_change_nothing_in_between(
    scheme: Scheme, least: Decimal, more: Decimal, quantity: Decimal, price: Decimal
) -> None:
    free = exact(scheme._replace(least=None, most=None), quantity, price)
    assert exact(_bounded(scheme, least, more), quantity, price) == min(max(free, least), least + more)


@given(QUANTITIES, QUANTITIES, PRICES)
def test_an_allowance_is_free_and_what_goes_beyond_is_not(free: Decimal, used_up: Decimal, price: Decimal) -> None:
    assert exact(Scheme(included=free), used_up, price) == max(D(0), used_up - free) * price


# ---- in pieces and in any order --------------------------------------------------------------------------------------


class Event(NamedTuple):
    day: int
    """Since New Year."""
    quantity: int
    """Hundredths."""
    run: int
    """A run as of so many days since New Year comes before the event; 0: none."""


EVENTS = st.lists(
    st.builds(Event, st.integers(0, 119), st.integers(-2_000, 15_000), st.sampled_from([0, 32, 59, 60, 95])),
    min_size=1, max_size=6,
)  # fmt: skip


def at(day: int) -> date:
    return NEW_YEAR + timedelta(days=day)


def metered(scheme: Scheme | None, price: Decimal = PRICE, *, model: Model = Model.METERED_UNIT) -> Item:
    found = item(str(price), model=model)
    return found._replace(terms=[found.terms[0]._replace(scheme=scheme)])


def usage_of(events: list[Event], model: Model) -> Usage:
    rows = [(str(at(event.day)), event.quantity) for event in events]
    return amounts(*rows, scale=4) if model is Model.RATED else used(*rows, scale=2)


def rows_of(book: Book) -> dict[Period, int]:
    """What stands of each slot."""
    found: dict[Period, int] = {}
    for entry, _days in book.standing:
        slot = entry.charge.identity.slot
        found[slot] = found.get(slot, 0) + entry.value
    return {slot: value for slot, value in found.items() if value}


def in_pieces(facts: ContractFacts, model: Model, events: list[Event]) -> Book:
    """Events come one by one, in the order given, some after runs that could have billed them."""
    book = Book(facts._replace(usage={1: usage_of([], model)}))
    for number, event in enumerate(events, 1):
        if event.run:
            book.run(at(event.run))
        book.amend(facts._replace(usage={1: usage_of(events[:number], model)}), at(event.day))
    book.run("2025-05-01")
    return book


def at_once(facts: ContractFacts, model: Model, events: list[Event]) -> Book:
    book = Book(facts._replace(usage={1: usage_of(sorted(events), model)}))
    book.run("2025-05-01")
    return book


@pytest.mark.parametrize("window", [None, YEAR], ids=["slot", "year"])
@given(scheme=ANY, events=EVENTS)
def test_usage_in_pieces_late_and_in_any_order_costs_what_it_costs_at_once(
    window: Cycle | None, scheme: Scheme, events: list[Event]
) -> None:
    facts = contract(metered(scheme._replace(window=window)))
    one, other = in_pieces(facts, Model.METERED_UNIT, events), at_once(facts, Model.METERED_UNIT, events)
    assert (rows_of(one), one.total) == (rows_of(other), other.total)


@given(EVENTS)
def test_rated_usage_in_pieces_costs_its_sum_rounded_once(events: list[Event]) -> None:
    facts = contract(metered(None, model=Model.RATED))
    one, other = in_pieces(facts, Model.RATED, events), at_once(facts, Model.RATED, events)
    assert rows_of(one) == rows_of(other)
    assert one.total == cents(Scheme(), D(sum(event.quantity for event in events)).scaleb(-4), D(1))


@given(ANY, EVENTS)
def test_months_of_a_year_s_window_add_up_to_the_year(scheme: Scheme, events: list[Event]) -> None:
    """A first month without usage costs what nothing costs; from there on each adds what is new."""
    facts = contract(metered(scheme._replace(window=YEAR)))
    whole = D(sum(event.quantity for event in events)).scaleb(-2)
    assert at_once(facts, Model.METERED_UNIT, events).total == cents(scheme, whole, PRICE)


@given(ANY, QUANTITIES, st.sets(st.integers(1, 89), max_size=4), st.sampled_from([Basis.ACTUAL_PERIOD, Basis.NONE]))
def test_a_fee_that_is_cut_costs_what_it_costs_whole(
    scheme: Scheme, quantity: Decimal, cuts: set[int], basis: Basis
) -> None:
    """Terms stated again, and an item that ends where another goes on, move no cent."""
    first = Terms(NEW_YEAR, 1, Model.RECURRING_UNIT, PRICE, quantity, gross=False, label="", scheme=scheme)
    cut = item()._replace(terms=[first, *(first._replace(since=at(day)) for day in sorted(cuts))], basis=basis)
    charges = owed(contract(cut, end="2025-04-01"), vat19, through=date(2025, 4, 1)).charges
    assert sum(charge.value for charge in charges) == 3 * cents(scheme, quantity, PRICE)


# ---- sets, discounts, minimums ---------------------------------------------------------------------------------------


@given(ANY, QUANTITIES, st.lists(st.integers(0, 9), min_size=1, max_size=4).filter(any), st.integers(0, 100))
def test_the_products_of_a_set_add_up_over_their_vat_rates(
    scheme: Scheme, quantity: Decimal, weights: list[int], cut: int
) -> None:
    parts = tuple(Part(number, weight) for number, weight in enumerate(weights, 1))
    sold = metered(scheme._replace(parts=parts), model=Model.RECURRING_UNIT)
    sold = sold._replace(terms=[sold.terms[0]._replace(quantity=quantity)])
    plain = metered(scheme, model=Model.RECURRING_UNIT)
    plain = plain._replace(terms=[plain.terms[0]._replace(quantity=quantity)])
    off_it = [percent(str(cut), of=1)] if cut else []

    def billed(what: Item) -> list[tuple[int, int, int, int]]:
        facts = contract(what, discounts=off_it, end="2025-01-20", zero_charges=True)
        rows = owed(facts, vat_of_2020, through=NEW_YEAR).charges
        return [(c.identity.product, c.identity.rate, c.identity.amount, c.value) for c in rows]

    found, [whole] = billed(sold), billed(plain)
    assert sum(row[2] for row in found) == whole[2]
    assert abs(sum(row[3] for row in found) - whole[3]) <= len(found)
    assert {rate for product, rate, *_rest in found if product == 2} <= {700}
    for product, _rate, amount, _value in found:
        assert abs(amount * sum(weights) - whole[2] * weights[product - 1]) < sum(weights)


DISCOUNTS = st.lists(
    st.builds(
        lambda kind, value, of, scale: (
            percent(str(value), of=of)._replace(from_quantity=D(50) if scale else None)
            if kind
            else off(value * 7, of=1)._replace(from_quantity=D(50) if scale else None)
        ),
        st.booleans(),
        st.integers(1, 100),
        st.sampled_from([0, 1]),
        st.booleans(),
    ),
    max_size=3,
).map(lambda rows: [row._replace(id=number, label=f"Rabatt {number}") for number, row in enumerate(rows, 1)])


@given(ANY, DISCOUNTS, EVENTS)
def test_with_discounts_pieces_in_any_order_are_still_the_whole(
    scheme: Scheme, discounts: list[Discount], events: list[Event]
) -> None:
    facts = contract(metered(scheme), discounts=discounts)
    one, other = in_pieces(facts, Model.METERED_UNIT, events), at_once(facts, Model.METERED_UNIT, events)
    assert (rows_of(one), one.total) == (rows_of(other), other.total)


@given(DISCOUNTS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_discounts_never_turn_more_into_less(discounts: list[Discount], one: int, other: int) -> None:
    """At one quantity; a threshold is the quantity discount above."""
    less, more = min(one, other), max(one, other)
    left = [amount - discounted(amount, discounts, D(50))[0] for amount in (less, more)]
    assert 0 <= left[0] <= left[1]


def with_minimum(amount: int, of: int, *items: Item) -> ContractFacts:
    least = Minimum(7, of, amount, 1, False, NEW_YEAR, FAR_FUTURE, MONTH, NEW_YEAR, "Mindestumsatz")  # noqa: FBT003
    return contract(*items)._replace(minimums=(least,))


@given(ANY, st.integers(0, 20_000), st.sampled_from([0, 1]), EVENTS, st.integers(0, 9_999))
def test_a_minimum_lifts_each_month_to_itself_whatever_comes_in_which_order(
    scheme: Scheme, least: int, of: int, events: list[Event], fee: int
) -> None:
    """Of an item, or of the contract: then its fee counts too. What is above the minimum is never lowered."""
    other = item(str(D(fee).scaleb(-2)), number=2)
    facts = with_minimum(least, of, metered(scheme), other)
    one, once = in_pieces(facts, Model.METERED_UNIT, events), at_once(facts, Model.METERED_UNIT, events)
    assert rows_of(one) == rows_of(once)
    free = at_once(contract(metered(scheme)), Model.METERED_UNIT, events)
    month = [Period(date(2025, number, 1), date(2025, number + 1, 1)) for number in range(1, 5)]
    for slot in month:
        used_up = rows_of(free).get(slot, 0)
        lifted = max(least, used_up + (0 if of else fee)) + (fee if of else 0)
        assert rows_of(once).get(slot, 0) == lifted


@given(st.integers(0, 20_000), QUANTITIES, QUANTITIES, MODELS["graduated"])
def test_with_a_minimum_more_never_costs_less_and_steps_nowhere(
    least: int, one: Decimal, other: Decimal, scheme: Scheme
) -> None:
    def billed(quantity: Decimal) -> int:
        facts = with_minimum(least, 1, metered(scheme))
        facts = facts._replace(usage={1: Usage(2, [UsageTotal(NEW_YEAR, int(quantity.scaleb(2)), 0)])})
        return sum(charge.value for charge in owed(facts, vat19, through=date(2025, 2, 1)).charges)

    less, more = min(one, other), max(one, other)
    assert least <= billed(less) <= billed(more)
    assert billed(more) - billed(less) <= max(0, cents(scheme, more, D(0)) - cents(scheme, less, D(0)))


# ---- explained -------------------------------------------------------------------------------------------------------

TOLD = Told("EUR", 2, "de")
WEIGHTS = st.sampled_from([(), (7, 3), (1, 1, 1)])
SHARES: list[tuple[Shares, ...]] = [(), (Shares(date.min, 0, ((1, 60), (2, 40))),)]


@st.composite
def agreements(draw: st.DrawFn) -> tuple[ContractFacts, Model, Basis]:
    """An item of any model, basis and scheme, also a set, net or gross, with discounts, a minimum, two payers."""
    scheme, model, basis = draw(ANY | st.none()), draw(st.sampled_from(Model)), draw(st.sampled_from(Basis))
    if scheme is not None:
        parts = tuple(Part(number, weight) for number, weight in enumerate(draw(WEIGHTS), 1))
        scheme = scheme._replace(window=draw(st.sampled_from([None, YEAR])), parts=parts)
    sold = metered(scheme, model=model)
    terms = sold.terms[0]._replace(gross=draw(st.booleans()), quantity=D("120.5"))
    facts = with_minimum(draw(st.sampled_from([0, 9_000])), 0, sold._replace(basis=basis, terms=[terms]))
    facts = facts._replace(discounts=draw(DISCOUNTS), shares=draw(st.sampled_from(SHARES)))
    return facts, model, basis


@given(st.integers(1, 50), st.integers(0, 30), st.integers(1, 31), st.sampled_from([1, -1]))
def test_days_of_a_small_fee_are_explained_also_where_they_are_worth_nothing(
    fee: int, first: int, count: int, sign: int
) -> None:
    charge = loose_charge(fee)
    charge = charge._replace(days=Period(at(first), at(min(first + count, 31))))
    pieces = explain(charge, sign, sign * charge.value, sign * charge.value, TOLD)
    assert sum(piece.amount for piece in pieces) == sign * charge.value
    assert {piece.code for piece in pieces} <= {"explain_price", "explain_days", "explain_reversal"}


@settings(max_examples=150)
@given(agreements(), EVENTS, st.integers(1, 120))
def test_what_is_explained_adds_up_to_the_line_and_leaves_no_rest(
    agreed: tuple[ContractFacts, Model, Basis], events: list[Event], ends: int
) -> None:
    """Every line, also what is taken back; nothing is explained as a share that is none."""
    facts, model, basis = agreed
    book = in_pieces(facts, model, events)
    book.amend(book.facts._replace(end=at(ends)), at(ends))
    book.run("2025-06-01")
    for document in book.documents:
        for line, _position, _printed, net in document.composed.lines:
            pieces = explain(line.charge, line.sign, net, line.value, TOLD)
            codes = {piece.code for piece in pieces}
            assert sum(piece.amount for piece in pieces) == net
            assert "explain_rest" not in codes
            assert "explain_part" not in codes or basis in OWN_SLOT
            assert "explain_share" not in codes or is_of_set(line.charge.identity.part)


@given(st.integers(1, 400), st.lists(st.integers(1, 400), min_size=1, max_size=3), PRICES.filter(bool))
def test_what_earlier_months_of_a_window_cost_is_taken_off_as_it_was_rounded_then(
    first: int, more: list[int], price: Decimal
) -> None:
    facts = contract(metered(Scheme(window=YEAR), price))
    events = [Event(30 * number, quantity, 0) for number, quantity in enumerate([first, *more])]
    for document in at_once(facts, Model.METERED_UNIT, events).documents:
        for line, _position, _printed, net in document.composed.lines:
            pieces = explain(line.charge, line.sign, net, line.value, TOLD)
            assert sum(piece.amount for piece in pieces) == net
            assert {piece.code for piece in pieces} <= {"step_units", "step_earlier", "explain_rounding"}
