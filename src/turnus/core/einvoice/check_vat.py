"""Rules of the VAT categories (BR-S, Z, E, AE, IC, G, O, IG, IP), as one table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.einvoice import codes
from turnus.core.einvoice.model import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from turnus.core.einvoice.findings import Findings
    from turnus.core.einvoice.model import Invoice, TaxRow


class Rule(NamedTuple):
    """What a category demands."""

    prefix: str
    rate: str
    """``positive``, ``zero``, ``none`` or ``any``."""
    reason: bool
    """BT-120 or BT-121 must be there, else must not."""
    seller: str
    """``vat_or_tax``: BT-31, 32 or 63; ``vat``: BT-31 or 63; ``none``: no VAT id at all."""
    buyer: str = ""
    """``vat``: BT-48; ``vat_or_legal``: BT-48 or BT-47."""


RULES: Final = {
    "S": Rule("BR-S", "positive", reason=False, seller="vat_or_tax"),
    "Z": Rule("BR-Z", "zero", reason=False, seller="vat_or_tax"),
    "E": Rule("BR-E", "zero", reason=True, seller="vat_or_tax"),
    "AE": Rule("BR-AE", "zero", reason=True, seller="vat_or_tax", buyer="vat_or_legal"),
    "K": Rule("BR-IC", "zero", reason=True, seller="vat", buyer="vat"),
    "G": Rule("BR-G", "zero", reason=True, seller="vat"),
    "O": Rule("BR-O", "none", reason=True, seller="none"),
    "L": Rule("BR-IG", "any", reason=False, seller="vat_or_tax"),
    "M": Rule("BR-IP", "any", reason=False, seller="vat_or_tax"),
}

VATEX_OF: Final = {
    "VATEX-EU-G": ("P0104", "G"), "VATEX-EU-O": ("P0105", "O"), "VATEX-EU-IC": ("P0106", "K"),
    "VATEX-EU-AE": ("P0107", "AE"), "VATEX-EU-D": ("P0108", "E"), "VATEX-EU-F": ("P0109", "E"),
    "VATEX-EU-I": ("P0110", "E"), "VATEX-EU-J": ("P0111", "E"),
}  # fmt: skip
"""VATEX code → Peppol's rule and the only category it fits."""


class _Part(NamedTuple):
    """A line, allowance or charge: its rule's offset (0, 1, 2), category, rate, amount with sign, and where it is."""

    offset: int
    category: str
    rate: Decimal | None
    amount: Decimal
    path: str
    term: str


CENT: Final = Decimal("0.01")


def check_extended(invoice: Invoice, found: Findings) -> None:
    """BR-FXEXT-S-09b of Factur-X EXTENDED: a cent per amount, which is not enough for currencies without cents."""
    for index, row in enumerate(invoice.taxes):
        if row.category != "S" or row.rate is None:
            continue
        same = (row.category, row.rate)
        amounts = sum((line.category, line.rate) == same for line in invoice.lines)
        amounts += sum((each.category, each.rate) == same for each in invoice.adjustments)
        exact = row.base * row.rate / 100
        if abs(row.tax - exact) > CENT * amounts:
            found.error("BR-FXEXT-S-09b", "BT-117", f"taxes[{index}].tax", "rounds_too_far", row.tax, exact)


def check_vat(invoice: Invoice, found: Findings) -> None:
    """Every category that the invoice uses, and its breakdown."""
    parts = list(_parts(invoice))
    found.need(invoice.taxes, "BR-CO-18", "BG-23", "taxes")
    for category, rule in RULES.items():
        used = [part for part in parts if part.category == category]
        rows = [(index, row) for index, row in enumerate(invoice.taxes) if row.category == category]
        if not used and not rows:
            continue
        if used and not rows and invoice.taxes:
            found.error(f"{rule.prefix}-01", "BG-23", "taxes", "missing", category)
        if len(rows) > 1 and rule.rate in {"zero", "none"}:
            found.error(f"{rule.prefix}-01", "BG-23", "taxes", "not_unique", category)
        if used:
            _identities(invoice, rule, min(part.offset for part in used), found)
        for part in used:
            _rate(part, rule, found)
        for index, row in rows:
            _row(row, rule, f"taxes[{index}]", found)
            if rule.rate in {"zero", "none"}:
                base = sum((part.amount for part in used), ZERO)
            else:
                base = sum((part.amount for part in used if part.rate == row.rate), ZERO)
            if row.base != base:
                found.error(f"{rule.prefix}-08", "BT-116", f"taxes[{index}].base", "differs", row.base, base)
    _rows_for_rates(invoice, parts, found)
    _across(invoice, found)


def _parts(invoice: Invoice) -> Iterable[_Part]:
    for index, line in enumerate(invoice.lines):
        yield _Part(0, line.category, line.rate, line.net, f"lines[{index}].rate", "BT-152")
    for index, each in enumerate(invoice.adjustments):
        amount = each.amount if each.charge else -each.amount
        term = "BT-103" if each.charge else "BT-96"
        yield _Part(1 + each.charge, each.category, each.rate, amount, f"adjustments[{index}].rate", term)


def _identities(invoice: Invoice, rule: Rule, offset: int, found: Findings) -> None:
    seller, buyer = invoice.seller, invoice.buyer
    name = f"{rule.prefix}-0{2 + offset}"
    vat_id = seller.vat_id or (invoice.representative.vat_id if invoice.representative else "")
    if rule.seller == "none":
        for value, term, path in ((vat_id, "BT-31", "seller.vat_id"), (buyer.vat_id, "BT-48", "buyer.vat_id")):
            if value:
                found.error(name, term, path, "not_allowed", value)
        return
    if not (vat_id or (rule.seller == "vat_or_tax" and seller.tax_number)):
        found.error(name, "BT-31", "seller.vat_id", "missing")
    legal = rule.buyer == "vat_or_legal" and buyer.registration is not None
    if rule.buyer and not (buyer.vat_id or legal):
        found.error(name, "BT-48", "buyer.vat_id", "missing")


def _rate(part: _Part, rule: Rule, found: Findings) -> None:
    name = f"{rule.prefix}-0{5 + part.offset}"
    if rule.rate == "none":
        if part.rate is not None:
            found.error(name, part.term, part.path, "not_allowed", part.rate)
    elif part.rate is None:
        found.error(name, part.term, part.path, "missing")
    elif rule.rate == "positive" and part.rate <= 0:
        found.error(name, part.term, part.path, "not_positive", part.rate)
    elif rule.rate == "zero" and part.rate != 0:
        found.error(name, part.term, part.path, "differs", part.rate, "0")
    elif part.rate < 0:
        found.error(name, part.term, part.path, "negative", part.rate)


def _row(row: TaxRow, rule: Rule, path: str, found: Findings) -> None:
    if row.rate is None and rule.rate != "none":
        found.error("BR-48", "BT-119", f"{path}.rate", "missing")
    if rule.rate in {"zero", "none"}:
        if row.rate:
            found.error("T-RATE", "BT-119", f"{path}.rate", "differs", row.rate, "0")
        elif row.tax:
            found.error(f"{rule.prefix}-09", "BT-117", f"{path}.tax", "differs", row.tax, "0")
    given = row.reason or row.code
    if rule.reason and not given:
        found.error(f"{rule.prefix}-10", "BT-120", f"{path}.reason", "missing")
    elif given and not rule.reason:
        found.error(f"{rule.prefix}-10", "BT-120", f"{path}.reason", "not_allowed", given)
    found.listed(row.code, codes.VATEX, "BR-CL-22", "BT-121", f"{path}.code")
    name, category = VATEX_OF.get(row.code, ("", ""))
    if category and category != row.category:
        found.error(f"PEPPOL-EN16931-{name}", "BT-121", f"{path}.code", "differs", row.category, category)


def _rows_for_rates(invoice: Invoice, parts: list[_Part], found: Findings) -> None:
    """One row per rate, and a row for every rate that is used."""
    rows = [(row.category, row.rate) for row in invoice.taxes if row.category in {"S", "L", "M"}]
    for category, rate in dict.fromkeys(rows):
        if rows.count((category, rate)) > 1:
            found.error(f"{RULES[category].prefix}-08", "BG-23", "taxes", "not_unique", f"{category} {rate}")
    used = dict.fromkeys((part.category, part.rate) for part in parts if part.category in {"S", "L", "M"})
    for category, rate in used:
        if (category, rate) not in rows and any(known == category for known, _rate_of in rows):
            found.error(f"{RULES[category].prefix}-08", "BT-119", "taxes", "missing", f"{category} {rate}")


def _across(invoice: Invoice, found: Findings) -> None:
    for index, row in enumerate(invoice.taxes):
        if found.need(row.category, "BR-47", "BT-118", f"taxes[{index}].category"):
            found.listed(row.category, codes.CATEGORIES, "BR-CL-17", "BT-118", f"taxes[{index}].category")
    categories = {row.category for row in invoice.taxes}
    if "O" in categories and len(categories) > 1:
        found.error("BR-O-11", "BT-118", "taxes", "not_allowed", ", ".join(sorted(categories - {"O"})))
    if "K" in categories:
        delivered = any(delivery.on for delivery in invoice.deliveries)
        found.need(delivered or invoice.period, "BR-IC-11", "BT-72", "deliveries")
        place = any(delivery.address and delivery.address.country for delivery in invoice.deliveries)
        found.need(place, "BR-IC-12", "BT-80", "deliveries")
