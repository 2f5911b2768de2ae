"""Amounts, numbers, rates, dates and periods as people read them: one set of conventions per language.

German follows H-01 and H-02 (``-1.234,56 €``, ``22.11.2026``), English CLDR ``en-GB`` (``-€1,234.56``,
``22 Nov 2026``), the others CLDR too, but for two things: digits are grouped from a thousand on in every language, as
amounts stand in columns, and the group mark of French is U+00A0, which every font has. What must not break over a line
is joined by U+00A0. Nothing here rounds: every digit is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from turnus.core.money import minor_digits

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from turnus.core.periods import Period

NBSP: Final = "\u00a0"
"""No-break space."""

SYMBOLS: Final[dict[str, str]] = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
"""Signs printed for a currency; every other currency prints its ISO 4217 code."""

_MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GROUP: Final = 3
_IBAN_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a language writes numbers and dates."""

    decimal_mark: str
    group_mark: str
    currency_first: bool
    """True where the currency stands before the number."""
    percent: str
    """What follows the number of a percentage."""
    dash: str
    """What stands between the first and the last day of a period."""
    date: str = "{day:02d}.{month:02d}.{year:04d}"
    """Pattern of a date; ``{name}`` is the name of the month."""
    months: tuple[str, ...] = ()
    """Names of the months for ``{name}``."""
    apart: bool = False
    """Where the currency stands first: its sign keeps a space, and the minus stands after it (``€ -1,00``)."""


_SLASHES: Final = "{day:02d}/{month:02d}/{year:04d}"
CONVENTIONS: Final[dict[str, Conventions]] = {
    "de": Conventions(",", ".", currency_first=False, percent=f"{NBSP}%", dash="–"),
    "en": Conventions(
        ".", ",", currency_first=True, percent="%", dash=" – ", date="{day} {name} {year}", months=_MONTHS_EN
    ),
    "es": Conventions(",", ".", currency_first=False, percent=f"{NBSP}%", dash=" – ", date=_SLASHES),
    "fr": Conventions(",", NBSP, currency_first=False, percent=f"{NBSP}%", dash=" – ", date=_SLASHES),
    "it": Conventions(",", ".", currency_first=False, percent="%", dash=" – ", date=_SLASHES),
    "nl": Conventions(
        ",", ".", currency_first=True, percent="%", dash=" – ", date="{day:02d}-{month:02d}-{year:04d}", apart=True
    ),
    "pl": Conventions(",", NBSP, currency_first=False, percent="%", dash=" – "),
}
FALLBACK: Final = "en"
"""Language whose conventions hold where a language has none of its own."""


Locale = str | Conventions
"""A language, or conventions of one's own (JB-88, JB-89)."""


def conventions(language: Locale) -> Conventions:
    """Conventions of ``de``, ``de-AT``, ``en`` …; English for a language without its own."""
    if isinstance(language, Conventions):
        return language
    return CONVENTIONS.get(language.partition("-")[0].lower(), CONVENTIONS[FALLBACK])


def _grouped(digits: str, mark: str) -> str:
    head = len(digits) % _GROUP
    groups = [digits[:head]] if head else []
    groups += [digits[at : at + _GROUP] for at in range(head, len(digits), _GROUP)]
    return mark.join(groups)


def _written(whole: str, fraction: str, rules: Conventions) -> str:
    return _grouped(whole, rules.group_mark) + (rules.decimal_mark + fraction if fraction else "")


def _with_currency(number: str, *, negative: bool, currency: str, rules: Conventions) -> str:
    sign = "-" if negative else ""
    mark = SYMBOLS.get(currency, currency)
    if not rules.currency_first:
        return f"{sign}{number}{NBSP}{mark}"
    if rules.apart:
        return f"{mark}{NBSP}{sign}{number}"
    return f"{sign}{mark}{number}" if mark != currency else f"{sign}{mark}{NBSP}{number}"


def _decimal_parts(value: Decimal, least: int) -> tuple[bool, str, str]:
    """Sign, whole digits and fraction without trailing zeros, but at least ``least`` decimals."""
    sign, digits, exponent = value.as_tuple()
    if isinstance(exponent, str):  # NaN or infinity
        raise ValueError(value)  # noqa: TRY004
    text = "".join(map(str, digits)) + "0" * max(exponent, 0)
    places = max(-exponent, 0)
    text = text.rjust(places + 1, "0")
    whole, fraction = text[: len(text) - places], text[len(text) - places :]
    fraction = fraction.rstrip("0").ljust(least, "0")
    whole = whole.lstrip("0") or "0"
    return bool(sign) and value != 0, whole, fraction


def format_amount(amount: int, currency: str, language: Locale) -> str:
    """An amount in minor units: ``-123456`` EUR → ``-1.234,56 €`` (de), ``-€1,234.56`` (en); yen without decimals.

    Raises ``UnknownCurrencyError``.
    """
    places = minor_digits(currency)
    rules = conventions(language)
    text = str(abs(amount)).rjust(places + 1, "0")
    number = _written(text[: len(text) - places], text[len(text) - places :], rules)
    return _with_currency(number, negative=amount < 0, currency=currency, rules=rules)


def format_price(price: Decimal, currency: str, language: Locale) -> str:
    """A price in major units with every decimal it needs, and never fewer than its currency: ``0,00115 €``.

    Raises ``UnknownCurrencyError``, and ``ValueError`` for NaN and infinity.
    """
    rules = conventions(language)
    negative, whole, fraction = _decimal_parts(price, minor_digits(currency))
    return _with_currency(_written(whole, fraction, rules), negative=negative, currency=currency, rules=rules)


def format_number(value: Decimal | int, language: Locale) -> str:
    """A quantity without trailing zeros: ``1.234,5``. Raises ``ValueError`` for NaN and infinity."""
    rules = conventions(language)
    if isinstance(value, int):
        return ("-" if value < 0 else "") + _grouped(str(abs(value)), rules.group_mark)
    negative, whole, fraction = _decimal_parts(value, 0)
    return ("-" if negative else "") + _written(whole, fraction, rules)


def format_rate(basis_points: int, language: Locale) -> str:
    """A percentage from basis points: 1900 → ``19 %`` (de), ``19%`` (en); 770 → ``7,7 %``."""
    rules = conventions(language)
    whole, rest = divmod(abs(basis_points), 100)
    fraction = str(rest).rjust(2, "0").rstrip("0")
    return ("-" if basis_points < 0 else "") + _written(str(whole), fraction, rules) + rules.percent


def format_share(part: int, whole: int, language: Locale) -> str:
    """A part of a whole as a percentage where that is exact to two decimals, else as a fraction: ``60 %``, ``1/3``."""
    basis_points, rest = divmod(10_000 * part, whole)
    if rest:
        shortened = Fraction(part, whole)
        return f"{shortened.numerator}/{shortened.denominator}"
    return format_rate(basis_points, language)


def format_date(day: date, language: Locale) -> str:
    """A day: ``22.11.2026`` (de), ``22 Nov 2026`` (en), ``22/11/2026`` (fr)."""
    rules = conventions(language)
    name = rules.months[day.month - 1] if rules.months else ""
    return rules.date.format(day=day.day, month=day.month, year=day.year, name=name)


def format_period(period: Period, language: Locale) -> str:
    """First to inclusive last day: ``01.11.2026–30.11.2026``; one day stands alone."""
    first, last = format_date(period.start, language), format_date(period.last_day, language)
    return first if first == last else first + conventions(language).dash + last


def format_iban(iban: str) -> str:
    """In groups of four as ISO 13616 prints it: ``DE89 3704 0044 0532 0130 00``, joined by U+00A0."""
    plain = "".join(iban.split()).upper()
    return NBSP.join(plain[at : at + _IBAN_GROUP] for at in range(0, len(plain), _IBAN_GROUP))
