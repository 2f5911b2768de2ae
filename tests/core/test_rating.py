"""Price schemes: exact amounts, their steps, and the rules that hold for any of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.formula import FormulaError, compiled
from turnus.core.money import half_up, percent_of
from turnus.core.periods import Cycle
from turnus.core.pricing import Measured, by_scheme
from turnus.core.rating import Kind, steps, steps_of, text_of, total
from turnus.core.schemes import Break, Function, Part, Rounding, Scheme, SchemeError, Tier, check, faults_of, scheme_of
from turnus.core.schemes import text_of as scheme_text

D = Decimal
VENDOR = (Tier(D(10), D("2.50")), Tier(D(20), D("2.40")), Tier(D(30), D("2.30")), Tier(None, D("2.20")))
CALLS = (Tier(D(100), D("0.10")), Tier(None, D("0.05")))


def graduated(tiers: tuple[Tier, ...] = CALLS, **more: object) -> Scheme:
    return Scheme(Function.GRADUATED, tiers, **more)  # type: ignore[arg-type]


def volume(tiers: tuple[Tier, ...] = CALLS, **more: object) -> Scheme:
    return Scheme(Function.VOLUME, tiers, **more)  # type: ignore[arg-type]


def formula(text: str, tiers: tuple[Tier, ...] = CALLS) -> Scheme:
    return Scheme(Function.FORMULA, tiers, formula=text)


@pytest.mark.parametrize(
    ("scheme", "quantity", "price", "amount"),
    [
        (graduated(), "105", "0", "10.25"),
        (volume(), "105", "0", "5.25"),
        (volume(VENDOR), "25", "0", "57.50"),
        (graduated(VENDOR), "25", "0", "60.50"),
        (graduated(VENDOR), "10", "0", "25.00"),
        (volume(VENDOR), "10", "0", "25.00"),
        (volume(VENDOR), "10.001", "0", "24.00"),
        (graduated(), "0", "0", "0.00"),
        (graduated(), "-5", "0", "-0.50"),
        (graduated(included=D(100)), "105", "0", "0.50"),
        (graduated(included=D(200)), "105", "0", "0.00"),
        (Scheme(included=D(1000)), "1250", "0.02", "5.00"),
        (Scheme(package=D(100)), "201", "9.90", "29.70"),
        (Scheme(package=D(100)), "200", "9.90", "19.80"),
        (Scheme(package=D(100), included=D(50)), "150", "9.90", "9.90"),
        (Scheme(quantum=D(15)), "46", "0.50", "30.00"),
        (Scheme(quantum=D(15), rounding=Rounding.DOWN), "46", "0.50", "22.50"),
        (Scheme(quantum=D(15), rounding=Rounding.HALF_UP), "52.5", "0.50", "30.00"),
        (Scheme(percent=True), "1234.56", "2.5", "30.86"),
        (Scheme(percent=True, least=D(5)), "100", "2.5", "5.00"),
        (Scheme(percent=True, most=D(20)), "1234.56", "2.5", "20.00"),
        (graduated((Tier(D(1000), D(10)), Tier(None, D(5))), percent=True), "3000", "0", "200.00"),
        (volume((Tier(D(10), flat=D(20)), Tier(D(50), flat=D(60)), Tier(None, flat=D(100)))), "11", "0", "60.00"),
        (volume((Tier(D(10), flat=D(20)), Tier(None, flat=D(60)))), "0", "0", "20.00"),
        (graduated((Tier(D(10), flat=D(20)), Tier(None, D(1), D(5)))), "12", "0", "27.00"),
        (Scheme(breaks=(Break(D(10), D(5)), Break(D(50), D(10)))), "50", "2", "90.00"),
        (Scheme(breaks=(Break(D(10), amount=D(3)),)), "10", "2", "17.00"),
        (Scheme(breaks=(Break(D(10), amount=D(30)),)), "10", "2", "0.00"),
        (formula("price * quantity if quantity <= 10 else 10 * price + graduated(quantity - 10)"), "15", "1", "10.50"),
        (formula("max(20, min(quantity * 0.1, 50))"), "300", "0", "30.00"),
        (formula("round_up(quantity, 15) * price"), "46", "0.50", "30.00"),
        (formula("tier_price(quantity) * quantity"), "105", "0", "5.25"),
    ],
)  # fmt: skip
def test_amounts_of_schemes(scheme: Scheme, quantity: str, price: str, amount: str) -> None:
    check(scheme)
    rated = by_scheme(scheme, D(quantity), D(price), Measured(D(quantity), 0, 0, 0), 2)
    assert D(rated.amount).scaleb(-2) == D(amount)


def test_steps_tell_how_an_amount_came_about() -> None:
    rows = steps(graduated(included=D(10)), D(115), D(0))
    assert text_of(rows) == "included:10:0:0;units:100:0.1:10;units:5:0.05:0.25"
    assert steps_of(text_of(rows)) == rows


def test_on_paper_one_price_stands_where_all_units_have_the_same() -> None:
    same = by_scheme(volume(), D(105), D(0), Measured(D(105), 0, 0, 0), 2)
    assert (same.quantity, same.unit_price) == (D(105), D("0.05"))
    mixed = by_scheme(graduated(), D(105), D(0), Measured(D(105), 0, 0, 0), 2)
    assert (mixed.quantity, mixed.unit_price) == (D(1), D("10.25"))


def test_every_fault_of_a_scheme_is_named_at_once() -> None:
    wrong = Scheme(
        Function.GRADUATED,
        (Tier(D(10), D(-1)), Tier(None, D(1)), Tier(D(5), D(1)), Tier(D(4), D(1))),
        breaks=(Break(D(10), D(5), D(5)), Break(D(5), D(120))), least=D(9), most=D(8), formula="1",
        parts=(Part(1, 0), Part(1, 0)),
    )  # fmt: skip
    with pytest.raises(SchemeError) as error:
        check(wrong)
    assert [fault.code for fault in error.value.faults] == [
        "scheme_negative", "scheme_open_tier", "scheme_tiers_overlap", "scheme_tiers_end", "scheme_formula_unused",
        "scheme_break_kind", "scheme_break_percent", "scheme_break_order", "scheme_least_above_most",
        "scheme_no_weight", "scheme_part_twice",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["price * days / slot_days", "max(days, quantity)"])
def test_over_a_window_a_formula_may_not_count_days(text: str) -> None:
    """A slot costs the difference of two running totals; what depends on this slot's days would leave it again."""
    assert list(faults_of(formula(text))) == []
    assert [fault.code for fault in faults_of(formula(text)._replace(window=Cycle(12, 0)))] == ["scheme_formula_days"]


@pytest.mark.parametrize(
    "text",
    ["", "quantity **2", "__import__('os')", "quantity.real", "lambda: 1", "[1]", "'a'", "1e9", "0x10", "open(1)",
     "graduated()", "min()", "quantity if quantity else 1", "f(1)", "a", "quantity @ 2", "True", "1 < 2",
     "(" * 40 + "1" + ")" * 40 + "+", "+".join(["1"] * 300), "quantity := 3"],
)  # fmt: skip
def test_a_formula_knows_nothing_but_its_few_words(text: str) -> None:
    with pytest.raises(FormulaError):
        compiled(text).amount({"quantity": Fraction(1)}, {})


# ---- rules for any scheme --------------------------------------------------------------------------------------------

prices = st.decimals(D(0), D(100), places=4)
quantities = st.decimals(D(0), D(2000), places=2)


@st.composite
def tiers(draw: st.DrawFn, *, flat: bool = False) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.integers(1, 1000), max_size=5)))
    ends: list[Decimal | None] = [*map(D, bounds), None]
    return tuple(Tier(end, draw(prices), draw(prices) if flat else D(0)) for end in ends)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    function = draw(st.sampled_from([Function.UNIT, Function.GRADUATED, Function.VOLUME]))
    rows = () if function is Function.UNIT else draw(tiers(flat=True))
    return Scheme(
        function, rows, percent=draw(st.booleans()), quantum=draw(st.sampled_from([D(0), D(1), D("0.25"), D(15)])),
        rounding=draw(st.sampled_from(list(Rounding))), included=draw(st.sampled_from([D(0), D(10), D("99.5")])),
        package=draw(st.sampled_from([D(0), D(1), D(12)])),
        breaks=draw(st.sampled_from([(), (Break(D(50), D(5)),), (Break(D(5), amount=D(1)), Break(D(80), D("7.5")))])),
        least=draw(st.sampled_from([None, D(3)])), most=draw(st.sampled_from([None, D(50)])),
    )  # fmt: skip


@given(schemes(), st.decimals(D(-500), D(2000), places=3), prices, st.sampled_from([0, 2, 3]))
def test_the_steps_add_up_to_the_amount_which_is_rounded_once(
    scheme: Scheme, quantity: Decimal, price: Decimal, digits: int
) -> None:
    check(scheme)
    rated = by_scheme(scheme, quantity, price, Measured(quantity, 0, 0, 0), digits)
    exact = sum((Fraction(step.amount) for step in steps_of(rated.steps)), Fraction(0)) * 10**digits
    assert rated.amount == half_up(exact.numerator, exact.denominator)
    on_paper = Fraction(rated.quantity) * Fraction(rated.unit_price) * 10**digits
    assert half_up(on_paper.numerator, on_paper.denominator) == rated.amount


@given(schemes())
def test_a_scheme_as_text_is_the_same_scheme(scheme: Scheme) -> None:
    assert scheme_of(scheme_text(scheme)) == scheme
    assert scheme_text(scheme_of(scheme_text(scheme))) == scheme_text(scheme)


@given(tiers(), quantities, quantities)
def test_graduated_prices_never_fall_when_more_is_used(rows: tuple[Tier, ...], one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert total(steps(graduated(rows), less, D(0))) <= total(steps(graduated(rows), more, D(0)))


@given(tiers())
def test_graduated_prices_are_continuous_at_the_edges_of_their_tiers(rows: tuple[Tier, ...]) -> None:
    tiny = D("0.000001")
    for tier in rows[:-1]:
        assert tier.up_to is not None
        at, after = (total(steps(graduated(rows), q, D(0))) for q in (tier.up_to, tier.up_to + tiny))
        assert 0 <= after - at <= 100 * tiny


@given(tiers(flat=True), quantities)
def test_volume_prices_are_those_of_one_tier(rows: tuple[Tier, ...], quantity: Decimal) -> None:
    tier = next(tier for tier in rows if tier.up_to is None or quantity <= tier.up_to)
    assert total(steps(volume(rows), quantity, D(0))) == tier.flat + quantity * tier.unit_price


@given(tiers(), quantities)
def test_a_formula_over_the_tiers_equals_the_function(rows: tuple[Tier, ...], quantity: Decimal) -> None:
    for name, scheme in (("graduated", graduated(rows)), ("volume", volume(rows))):
        assert total(steps(formula(f"{name}(quantity)", rows), quantity, D(0))) == total(steps(scheme, quantity, D(0)))


@given(schemes(), st.lists(quantities, min_size=1, max_size=8), prices)
def test_slots_of_a_window_add_up_to_the_window_rated_at_once(
    scheme: Scheme, pieces: list[Decimal], price: Decimal
) -> None:
    earlier: Decimal | None = None
    amounts = []
    for piece in pieces:
        amounts.append(by_scheme(scheme, piece, price, Measured(piece, 0, 0, 0, earlier), 2).amount)
        earlier = (earlier or D(0)) + piece
    whole = by_scheme(scheme, sum(pieces, D(0)), price, Measured(D(0), 0, 0, 0), 2).amount
    assert sum(amounts) == whole


@given(quantities, prices, st.decimals(D("0.01"), D(100), places=2))
def test_a_quantity_discount_in_percent_takes_that_share(quantity: Decimal, price: Decimal, percent: Decimal) -> None:
    scheme = Scheme(breaks=(Break(D(0), percent),))
    amount = by_scheme(scheme, quantity, price, Measured(quantity, 0, 0, 0), 2).amount
    plain = by_scheme(Scheme(), quantity, price, Measured(quantity, 0, 0, 0), 2).amount
    assert abs(amount - (plain - percent_of(plain, percent))) <= 1


def test_what_bounds_an_amount_stands_among_its_steps() -> None:
    assert [step.kind for step in steps(Scheme(most=D(1)), D(5), D(1))] == [Kind.UNITS, Kind.MOST]
    assert [step.kind for step in steps(Scheme(least=D(9)), D(5), D(1))] == [Kind.UNITS, Kind.LEAST]
