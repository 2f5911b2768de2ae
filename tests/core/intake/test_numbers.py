"""Numbers people write: H-01 and what is asked back."""

from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.intake.cells import Cell, CellError, Reading, Refused
from turnus.core.intake.numbers import Amount, amount, format_decimal, in_currency, parse_decimal, percent, whole

OPEN, GERMAN, ENGLISH = Reading(UTC), Reading(UTC, decimal=","), Reading(UTC, decimal=".")
EXACT = st.decimals(min_value=-(10**14), max_value=10**14, allow_nan=False, allow_infinity=False, places=15)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u00a0567,5", "1234567.5"),
        ("1'234.50", "1234.5"),
        ("-1.234,56", "-1234.56"),
        ("\N{MINUS SIGN}5", "-5"),
        ("1.234.567", "1234567"),
        ("1234.567", "1234.567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (",5", "0.5"),
        ("007", "7"),
        ("-0", "0"),
        (" 12,50 ", "12.5"),
        ("123456789012345,123456789012345", "123456789012345.123456789012345"),
        (1234, "1234"),
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_number_is_read_as_people_write_it(written: Cell, value: str) -> None:
    assert str(parse_decimal(written, OPEN)) == value


@pytest.mark.parametrize(("written", "whole_", "fraction"), [("1.234", "1234", "1,2340"), ("12,000", "12000", "12")])
def test_a_number_with_two_readings_is_asked_back(written: str, whole_: str, fraction: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_decimal(written, OPEN)
    assert (caught.value.code, caught.value.value) == ("number_ambiguous", written)
    assert caught.value.params == {"whole": whole_, "fraction": fraction}


def test_the_decimal_sign_of_the_file_settles_it() -> None:
    assert parse_decimal("1.234", GERMAN) == 1234
    assert parse_decimal("1.234", ENGLISH) == Decimal("1.234")
    assert parse_decimal("1,234", GERMAN) == Decimal("1.234")
    assert parse_decimal("1,234", ENGLISH) == 1234
    with pytest.raises(CellError, match="number"):
        parse_decimal("1234.5", GERMAN)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("zwölf", "number"),
        ("12,34,56", "number"),
        ("1.23.456", "number"),
        ("1,", "number"),
        ("-", "number"),
        ("٣", "number"),
        ("1e5", "number_exponent"),
        ("1,23E+11", "number_exponent"),
        ("1234567890123456", "number_too_large"),
        ("0.1234567890123456", "number_decimals"),
        (True, "number"),
        (date(2026, 11, 22), "number"),
        (Decimal("NaN"), "number"),
        (Decimal("1E999999"), "number_too_large"),
        (Refused("formula", "B7"), "formula"),
    ],
)
def test_what_is_no_number_is_refused(written: Cell, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_decimal(written, OPEN)
    assert caught.value.code == code


@given(EXACT, st.sampled_from(",."))
def test_reading_gives_back_what_was_written(value: Decimal, point: str) -> None:
    assert parse_decimal(format_decimal(value, point), OPEN) == value
    assert parse_decimal(format_decimal(value, point), Reading(UTC, decimal=point)) == value


@given(st.text(alphabet="0123456789.,-+ _eE%", max_size=12))
def test_any_text_is_a_number_or_a_cell_error(written: str) -> None:
    try:
        value = parse_decimal(written, OPEN)
    except CellError:
        return
    assert parse_decimal(format_decimal(value), OPEN) == value


def test_an_amount_may_carry_its_currency() -> None:
    assert amount("1.234,56 €", OPEN) == Amount(Decimal("1234.56"), "EUR")
    assert amount("CHF 12.50", OPEN) == Amount(Decimal("12.5"), "CHF")
    assert amount("-5", OPEN) == Amount(Decimal(-5), "")
    assert amount(5, OPEN) == Amount(Decimal(5), "")
    for wrong, code in [("5 XYZ", "currency"), ("€ 5 €", "number"), ("fünf", "number")]:
        with pytest.raises(CellError) as caught:
            amount(wrong, OPEN)
        assert caught.value.code == code


def test_an_amount_in_another_currency_is_refused() -> None:
    assert in_currency(Amount(Decimal(5), "EUR"), "EUR", "price") == 5
    assert in_currency(None, "EUR", "price") is None
    with pytest.raises(CellError, match="currency_conflict"):
        in_currency(Amount(Decimal(5), "CHF"), "EUR", "price")


def test_percentages_and_whole_numbers_know_their_bounds() -> None:
    assert percent("12,5 %", OPEN) == Decimal("12.5")
    assert percent(Decimal(10), OPEN) == 10
    assert whole(0, 365)("14", OPEN) == 14
    refused = [(percent, "0", "number_zero"), (percent, "101", "number_high"), (percent, "-1", "number_low")]
    for parse, written, code in [*refused, (whole(0, 365), "1,5", "number_whole"), (whole(0, 9), "10", "number_high")]:
        with pytest.raises(CellError) as caught:
            parse(written, OPEN)
        assert caught.value.code == code
