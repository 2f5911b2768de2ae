"""Money as integer minor units, and the only rounding of the system.

An amount is an ``int`` of the currency's minor unit (cent, yen, fils) beside its ISO 4217 code; unit prices and
quantities are ``Decimal`` with up to 15 decimals. Nothing else exists: no float, no second rounding function.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DECIMALS: Final = 15
"""Most decimals that a unit price or a quantity may have."""

_TWO: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_ZERO: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR: Final = "CLF UYW"

CURRENCIES: Final[dict[str, int]] = {
    code: digits for digits, codes in ((2, _TWO), (0, _ZERO), (3, _THREE), (4, _FOUR)) for code in codes.split()
}
"""ISO 4217 code → number of decimals of its minor unit."""


class UnknownCurrencyError(ValueError):
    """The code is not an ISO 4217 currency with a minor unit."""


class InexactAmountError(ValueError):
    """An amount has more decimals than its currency, or a number more than 15."""


def minor_digits(currency: str) -> int:
    """Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD. Raises ``UnknownCurrencyError``."""
    try:
        return CURRENCIES[currency]
    except KeyError:
        raise UnknownCurrencyError(currency) from None


def half_up(numerator: int, denominator: int = 1) -> int:
    """The quotient rounded to an integer, halves away from zero, also below zero: 5/2 → 3, −5/2 → −3."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def to_minor(amount: Decimal, currency: str) -> int:
    """12.34 EUR → 1234. Raises ``InexactAmountError`` where the currency has fewer decimals than the amount."""
    numerator, denominator = amount.as_integer_ratio()
    scaled: int = numerator * 10 ** minor_digits(currency)
    if scaled % denominator:
        raise InexactAmountError(f"{amount} {currency}")
    return scaled // denominator


def from_minor(amount: int, currency: str) -> Decimal:
    """1234 EUR → Decimal("12.34"): exact, with the currency's decimals."""
    return Decimal(amount).scaleb(-minor_digits(currency))


EXACT: Final = Context(prec=200, rounding=ROUND_HALF_UP)
"""Wide enough for the product of any two numbers that a column holds; its rounding is that of ``half_up``."""


def canonical(value: Decimal) -> str:
    """Plain notation without exponent and trailing zeros: ``Decimal("1E+2")`` → ``"100"``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_amount(quantity: Decimal, unit_price: Decimal, digits: int) -> int:
    """Quantity × unit price in minor units of a currency with ``digits`` decimals: exact, then rounded once."""
    return int(EXACT.to_integral_value(EXACT.scaleb(EXACT.multiply(quantity, unit_price), digits)))


def percent_of(amount: int, percent: Decimal) -> int:
    """``percent`` of an amount in minor units, rounded once: 10 % of 999 → 100."""
    return int(EXACT.to_integral_value(EXACT.scaleb(EXACT.multiply(amount, percent), -2)))


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount`` in proportion to non-negative weights: largest remainder, ties to the earliest.

    The parts add up to the amount: 1000 over (1, 1, 1) → 334, 333, 333. Raises ``ValueError`` without any weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(weights)
    sign = -1 if amount < 0 else 1
    shares = [divmod(abs(amount) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    missing = abs(amount) - sum(parts)
    for index in sorted(range(len(shares)), key=lambda i: -shares[i][1])[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def in_euro(amount: int, currency: str, rate: Decimal) -> int:
    """Cents of EUR at ``rate`` units of the currency for one EUR, rounded once: 19.00 USD at 1.0801 → 1759.

    Raises ``UnknownCurrencyError``.
    """
    top, bottom = rate.as_integer_ratio()
    return half_up(amount * bottom * 100, top * 10 ** minor_digits(currency))
