from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.formatting import (
    CONVENTIONS,
    NBSP,
    conventions,
    format_amount,
    format_date,
    format_iban,
    format_number,
    format_period,
    format_price,
    format_rate,
)
from turnus.core.money import CURRENCIES, UnknownCurrencyError, from_minor
from turnus.core.periods import Period

LANGUAGES = st.sampled_from([*CONVENTIONS, "de-AT", "xx"])
EXACT = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=15)


@pytest.mark.parametrize(
    ("amount", "currency", "german", "english"),
    [
        (0, "EUR", "0,00 €", "€0.00"),
        (5, "EUR", "0,05 €", "€0.05"),
        (-5, "EUR", "-0,05 €", "-€0.05"),
        (99999, "EUR", "999,99 €", "€999.99"),
        (100000, "EUR", "1.000,00 €", "€1,000.00"),
        (-123456, "EUR", "-1.234,56 €", "-€1,234.56"),
        (123456789012, "EUR", "1.234.567.890,12 €", "€1,234,567,890.12"),
        (134000, "JPY", "134.000 ¥", "¥134,000"),
        (-7, "JPY", "-7 ¥", "-¥7"),
        (1234567, "KWD", "1.234,567 KWD", "KWD 1,234.567"),
        (-1, "KWD", "-0,001 KWD", "-KWD 0.001"),
        (123456, "USD", "1.234,56 $", "$1,234.56"),
        (123456, "CHF", "1.234,56 CHF", "CHF 1,234.56"),
    ],
)
def test_an_amount_reads_as_its_language_and_currency_write_it(
    amount: int, currency: str, german: str, english: str
) -> None:
    assert format_amount(amount, currency, "de") == german.replace(" ", NBSP)
    assert format_amount(amount, currency, "en") == english.replace(" ", NBSP)


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrencyError):
        format_amount(1, "XXX", "de")
    with pytest.raises(UnknownCurrencyError):
        format_price(Decimal(1), "XXX", "de")


@pytest.mark.parametrize(
    ("price", "currency", "german"),
    [
        ("0.00115", "EUR", "0,00115 €"),
        ("890", "EUR", "890,00 €"),
        ("890.000", "EUR", "890,00 €"),
        ("-1234.5", "EUR", "-1.234,50 €"),
        ("1E+3", "EUR", "1.000,00 €"),
        ("0.50", "JPY", "0,5 ¥"),
        ("100", "JPY", "100 ¥"),
        ("0.123456789012345", "EUR", "0,123456789012345 €"),
        ("-0", "EUR", "0,00 €"),
    ],
)
def test_a_price_prints_every_decimal_it_needs(price: str, currency: str, german: str) -> None:
    assert format_price(Decimal(price), currency, "de") == german.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("number", "german", "english"),
    [
        (Decimal(82000), "82.000", "82,000"),
        (Decimal("7.50"), "7,5", "7.5"),
        (Decimal("-0.25"), "-0,25", "-0.25"),
        (Decimal("1E-15"), "0,000000000000001", "0.000000000000001"),
        (-1234, "-1.234", "-1,234"),
        (0, "0", "0"),
    ],
)
def test_a_quantity_has_no_trailing_zeros(number: Decimal | int, german: str, english: str) -> None:
    assert format_number(number, "de") == german
    assert format_number(number, "en") == english


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match=number):
        format_number(Decimal(number), "de")


@pytest.mark.parametrize(
    ("points", "german", "english"),
    [
        (1900, "19 %", "19%"),
        (700, "7 %", "7%"),
        (770, "7,7 %", "7.7%"),
        (0, "0 %", "0%"),
        (255, "2,55 %", "2.55%"),
        (-1600, "-16 %", "-16%"),
        (105, "1,05 %", "1.05%"),
    ],
)
def test_a_rate_is_printed_from_basis_points(points: int, german: str, english: str) -> None:
    assert format_rate(points, "de") == german.replace(" ", NBSP)
    assert format_rate(points, "en") == english


def test_dates_and_periods_name_the_last_day() -> None:
    november = Period(date(2026, 11, 1), date(2026, 12, 1))
    assert format_date(date(2026, 11, 2), "de") == "02.11.2026"
    assert format_date(date(2026, 11, 2), "en") == "2 Nov 2026"
    assert format_period(november, "de") == "01.11.2026–30.11.2026"
    assert format_period(november, "en") == "1 Nov 2026 – 30 Nov 2026"
    assert format_period(Period(date(2026, 11, 17), date(2026, 11, 18)), "de") == "17.11.2026"


def test_an_iban_stands_in_groups_of_four() -> None:
    assert format_iban("de89 3704 0044 0532 0130 00") == "DE89 3704 0044 0532 0130 00".replace(" ", NBSP)
    assert format_iban("NO9386011117947") == "NO93 8601 1117 947".replace(" ", NBSP)


def test_a_region_follows_its_language_and_an_unknown_language_english() -> None:
    assert conventions("de-AT") is conventions("de")
    assert conventions("xx") is conventions("en")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("es", "-1.234,50 € | 1.234,567 KWD | 82.000,5 | 7,7 % | 02/11/2026 | 01/11/2026 – 30/11/2026"),
        ("fr", "-1 234,50 € | 1 234,567 KWD | 82 000,5 | 7,7 % | 02/11/2026 | 01/11/2026 – 30/11/2026"),
        ("it", "-1.234,50 € | 1.234,567 KWD | 82.000,5 | 7,7% | 02/11/2026 | 01/11/2026 – 30/11/2026"),
        ("nl", "€ -1.234,50 | KWD 1.234,567 | 82.000,5 | 7,7% | 02-11-2026 | 01-11-2026 – 30-11-2026"),
        ("pl", "-1 234,50 € | 1 234,567 KWD | 82 000,5 | 7,7% | 02.11.2026 | 01.11.2026 – 30.11.2026"),
    ],
)
def test_jb_88_89_numbers_and_dates_follow_the_language(language: str, written: str) -> None:
    november = Period(date(2026, 11, 1), date(2026, 12, 1))
    parts = (
        format_amount(-123450, "EUR", language),
        format_amount(1234567, "KWD", language),
        format_number(Decimal("82000.5"), language),
        format_rate(770, language),
        format_date(date(2026, 11, 2), language),
        format_period(november, language),
    )
    assert " | ".join(parts).replace(NBSP, " ") == written


def test_jb_88_89_conventions_of_ones_own_go_before_those_of_the_language() -> None:
    own = replace(conventions("de"), group_mark="’", date="{year:04d}-{month:02d}-{day:02d}")
    assert format_amount(123456, "CHF", own) == "1’234,56 CHF".replace(" ", NBSP)
    assert format_date(date(2026, 11, 2), own) == "2026-11-02"


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(CURRENCIES)), LANGUAGES)
def test_the_digits_of_an_amount_are_never_changed(amount: int, currency: str, language: str) -> None:
    text = format_amount(amount, currency, language)
    assert int("".join(sign for sign in text if sign.isdigit())) == abs(amount)
    assert ("-" in text) == (amount < 0)
    assert " " not in text


@given(EXACT, LANGUAGES)
def test_a_number_can_be_read_back(value: Decimal, language: str) -> None:
    rules = conventions(language)
    text = format_number(value, language)
    assert Decimal(text.replace(rules.group_mark, "").replace(rules.decimal_mark, ".")) == value


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]), LANGUAGES)
def test_a_price_of_whole_minor_units_reads_like_the_amount(amount: int, currency: str, language: str) -> None:
    assert format_price(from_minor(amount, currency), currency, language) == format_amount(amount, currency, language)
