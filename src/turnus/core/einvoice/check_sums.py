"""The arithmetic of EN 16931, exact to the minor unit: stricter than the official rules, which tolerate up to 1.00."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.check_content import OF_DOCUMENT, OF_LINE
from turnus.core.einvoice.model import ZERO
from turnus.core.money import CURRENCIES, EXACT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from turnus.core.einvoice.findings import Findings
    from turnus.core.einvoice.model import Adjustment, Invoice, Line

MOST_DECIMALS: Final = 2
"""BR-DEC: whatever the currency has."""
_HUNDRED: Final = Decimal(100)


def rounded(value: Decimal, digits: int) -> Decimal:
    """An amount rounded once, halves away from zero, to the decimals of its currency."""
    return EXACT.scaleb(EXACT.to_integral_value(EXACT.scaleb(value, digits)), -digits)


def check_sums(invoice: Invoice, found: Findings, *, net_prices: bool = False) -> None:
    """Every sum and product of the invoice. ``net_prices``: it is known that no line has a gross price."""
    digits = min(CURRENCIES.get(invoice.currency, MOST_DECIMALS), MOST_DECIMALS)
    _decimals(invoice, digits, found)
    for index, line in enumerate(invoice.lines):
        _line(line, f"lines[{index}]", digits, found)
    for index, adjustment in enumerate(invoice.adjustments):
        check_percent(adjustment, f"adjustments[{index}]", digits, found, OF_DOCUMENT)
    _totals(invoice, found)
    for index, row in enumerate(invoice.taxes):
        if row.rate is not None:
            check_tax(row.base, row.rate, row.tax, f"taxes[{index}].tax", digits, found, net_prices=net_prices)


def _totals(invoice: Invoice, found: Findings) -> None:
    totals = invoice.totals
    allowances = sum((each.amount for each in invoice.adjustments if not each.charge), ZERO)
    charges = sum((each.amount for each in invoice.adjustments if each.charge), ZERO)
    tax = totals.tax or ZERO
    given, extra = totals.allowances or ZERO, totals.charges or ZERO
    for rule, term, name, value, expected in (
        ("BR-CO-10", "BT-106", "lines", totals.lines, sum((line.net for line in invoice.lines), ZERO)),
        ("BR-CO-11", "BT-107", "allowances", given, allowances),
        ("BR-CO-12", "BT-108", "charges", extra, charges),
        ("BR-CO-13", "BT-109", "net", totals.net, totals.lines - given + extra),
        ("BR-CO-14", "BT-110", "tax", tax, sum((row.tax for row in invoice.taxes), ZERO)),
        ("BR-CO-15", "BT-112", "gross", totals.gross, totals.net + tax),
        ("BR-CO-16", "BT-115", "due", totals.due, totals.gross - (totals.prepaid or ZERO) + (totals.rounding or ZERO)),
    ):
        if value != expected:
            found.error(rule, term, f"totals.{name}", "differs", value, expected)


def check_tax(
    base: Decimal, rate: Decimal, tax: Decimal, path: str, digits: int, found: Findings, *, net_prices: bool = False
) -> None:
    """Computed from the net, or contained in the gross where prices may be gross; both are exact."""
    expected = rounded(EXACT.divide(EXACT.multiply(base, rate), _HUNDRED), digits)
    if tax == expected:
        return
    if net_prices:
        found.error("BR-CO-17", "BT-117", path, "differs", tax, expected)
        return
    gross = base + tax
    if rate >= 0 and rounded(EXACT.divide(gross * _HUNDRED, _HUNDRED + rate), digits) == base:
        return
    unit = Decimal(1).scaleb(-digits)
    if abs(tax - expected) <= unit:  # net and gross prices under one rate
        found.warn("T-VAT", "BT-117", path, "differs_by_rounding", tax, expected)
    else:
        found.error("BR-CO-17", "BT-117", path, "differs", tax, expected)


def _line(line: Line, path: str, digits: int, found: Findings) -> None:
    price = line.price
    if price.quantity is not None and price.quantity <= 0:
        found.error("PEPPOL-EN16931-R121", "BT-149", f"{path}.price.quantity", "not_positive", price.quantity)
        return
    if price.unit and price.unit != line.unit:
        found.error("PEPPOL-EN16931-R130", "BT-150", f"{path}.price.unit", "differs", price.unit, line.unit)
    product = EXACT.multiply(line.quantity, price.net)
    amount = rounded(EXACT.divide(product, price.quantity) if price.quantity is not None else product, digits)
    expected = amount
    for each in line.adjustments:
        expected = expected + each.amount if each.charge else expected - each.amount
    if line.net != expected:
        found.error("PEPPOL-EN16931-R120", "BT-131", f"{path}.net", "differs", line.net, expected)
    if price.gross is not None and price.net != price.gross - (price.discount or ZERO):
        expected = price.gross - (price.discount or ZERO)
        found.error("PEPPOL-EN16931-R046", "BT-146", f"{path}.price.net", "differs", price.net, expected)
    for index, each in enumerate(line.adjustments):
        check_percent(each, f"{path}.adjustments[{index}]", digits, found, OF_LINE)


def check_percent(
    adjustment: Adjustment, path: str, digits: int, found: Findings, terms: Mapping[bool, tuple[str, ...]]
) -> None:
    """Percent and base stand together, and their product is the amount (PEPPOL-EN16931-R040 to R042)."""
    amount, base, percent = terms[adjustment.charge][:3]
    if adjustment.percent is not None and adjustment.base is None:
        found.error("PEPPOL-EN16931-R041", base, f"{path}.base", "missing")
    elif adjustment.base is not None and adjustment.percent is None:
        found.error("PEPPOL-EN16931-R042", percent, f"{path}.percent", "missing")
    elif adjustment.base is not None and adjustment.percent is not None:
        expected = rounded(EXACT.divide(EXACT.multiply(adjustment.base, adjustment.percent), _HUNDRED), digits)
        if adjustment.amount != expected:
            found.error("PEPPOL-EN16931-R040", amount, f"{path}.amount", "differs", adjustment.amount, expected)


def _decimals(invoice: Invoice, digits: int, found: Findings) -> None:
    totals = invoice.totals
    own: Iterable[tuple[str, str, str, Decimal | None]] = (
        ("BR-DEC-09", "BT-106", "totals.lines", totals.lines),
        ("BR-DEC-10", "BT-107", "totals.allowances", totals.allowances),
        ("BR-DEC-11", "BT-108", "totals.charges", totals.charges),
        ("BR-DEC-12", "BT-109", "totals.net", totals.net),
        ("BR-DEC-13", "BT-110", "totals.tax", totals.tax),
        ("BR-DEC-14", "BT-112", "totals.gross", totals.gross),
        ("BR-DEC-16", "BT-113", "totals.prepaid", totals.prepaid),
        ("BR-DEC-17", "BT-114", "totals.rounding", totals.rounding),
        ("BR-DEC-18", "BT-115", "totals.due", totals.due),
        *(("BR-DEC-19", "BT-116", f"taxes[{index}].base", row.base) for index, row in enumerate(invoice.taxes)),
        *(("BR-DEC-20", "BT-117", f"taxes[{index}].tax", row.tax) for index, row in enumerate(invoice.taxes)),
        *(("BR-DEC-23", "BT-131", f"lines[{index}].net", line.net) for index, line in enumerate(invoice.lines)),
    )
    for rule, term, path, value in own:
        if value is not None and not _fits(value, digits):
            found.error(rule, term, path, "decimals", value)
    accounting = totals.tax_accounting
    if accounting is not None and not _fits(accounting, min(CURRENCIES.get(invoice.tax_currency, 2), 2)):
        found.error("BR-DEC-15", "BT-111", "totals.tax_accounting", "decimals", accounting)
    for path, each, terms, rules in _adjustments(invoice):
        amount, base = terms[each.charge][:2]
        if not _fits(each.amount, digits):
            found.error(rules[0], amount, f"{path}.amount", "decimals", each.amount)
        if each.base is not None and not _fits(each.base, digits):
            found.error(rules[1], base, f"{path}.base", "decimals", each.base)


def _adjustments(
    invoice: Invoice,
) -> Iterable[tuple[str, Adjustment, Mapping[bool, tuple[str, ...]], tuple[str, str]]]:
    for index, each in enumerate(invoice.adjustments):
        rules = ("BR-DEC-05", "BR-DEC-06") if each.charge else ("BR-DEC-01", "BR-DEC-02")
        yield f"adjustments[{index}]", each, OF_DOCUMENT, rules
    for number, line in enumerate(invoice.lines):
        for index, each in enumerate(line.adjustments):
            rules = ("BR-DEC-27", "BR-DEC-28") if each.charge else ("BR-DEC-24", "BR-DEC-25")
            yield f"lines[{number}].adjustments[{index}]", each, OF_LINE, rules


def _fits(value: Decimal, digits: int) -> bool:
    exponent = value.as_tuple().exponent
    return (isinstance(exponent, int) and exponent >= -digits) or value == rounded(value, digits)
