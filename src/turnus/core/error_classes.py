"""Which class an error of an e-invoice has: rule → terms of EN 16931 → items of §§ 14, 14a UStG (law.md L-06)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from turnus.core.validation import ErrorClass, Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "§ 14 Abs. 4 Nr. 1 UStG": (
        "BT-27", "BT-35", "BT-37", "BT-38", "BT-40", "BT-44", "BT-50", "BT-52", "BT-53", "BT-55",
        "BG-4", "BG-5", "BG-7", "BG-8",
    ),
    "§ 14 Abs. 4 Nr. 2 UStG": ("BT-31", "BT-32"),
    "§ 14 Abs. 4 Nr. 3 UStG": ("BT-2",),
    "§ 14 Abs. 4 Nr. 4 UStG": ("BT-1",),
    "§ 14 Abs. 4 Nr. 5 UStG": ("BT-129", "BT-130", "BT-153", "BT-154", "BG-25", "BG-31"),
    "§ 14 Abs. 4 Nr. 6 UStG": ("BT-72", "BT-73", "BT-74", "BT-134", "BT-135", "BG-14", "BG-26"),
    "§ 14 Abs. 4 Nr. 7 UStG": (
        "BT-5", "BT-92", "BT-99", "BT-106", "BT-107", "BT-108", "BT-109", "BT-116", "BT-131", "BT-136", "BT-141",
        "BT-146", "BG-20", "BG-21", "BG-22", "BG-27", "BG-28",
    ),
    "§ 14 Abs. 4 Nr. 8 UStG": (
        "BT-95", "BT-96", "BT-102", "BT-103", "BT-110", "BT-111", "BT-112", "BT-117", "BT-118", "BT-119", "BT-120",
        "BT-121", "BT-151", "BT-152", "BG-23", "BG-30",
    ),
    "§ 14 Abs. 4 Nr. 10 UStG": ("BT-3",),
    "§ 14 Abs. 5 UStG": ("BT-113",),
    "§ 14a Abs. 1, 3 UStG": ("BT-48", "BT-63"),
    "§ 31 Abs. 5 UStDV": ("BT-25", "BG-3"),
}  # fmt: skip
LAW: Final[Mapping[str, str]] = {term: law for law, terms in _NUMBERS.items() for term in terms}
"""Term → paragraph that demands it."""

RULE_TERMS: Final[Mapping[str, tuple[str, ...]]] = {
    "BR-08": ("BG-5",),
    "BR-10": ("BG-8",),
    "BR-16": ("BG-25",),
    "BR-44": (),
    "BR-CL-01": ("BT-3",),
    "BR-CL-03": ("BT-5",),
    "BR-CL-04": ("BT-5",),
    "BR-CL-05": ("BT-6",),
    "BR-CL-06": ("BT-8",),
    "BR-CL-14": ("BT-40", "BT-55"),
    "BR-CL-15": ("BT-159",),
    "BR-CL-16": ("BT-81",),
    "BR-CL-17": ("BT-118",),
    "BR-CL-18": ("BT-151",),
    "BR-CL-22": ("BT-121",),
    "BR-CL-23": ("BT-130",),
    "BR-CL-24": ("BT-125",),
    "BR-CL-25": ("BT-34", "BT-49"),
    "BR-CO-25": ("BT-9", "BT-20"),
    "BR-CO-16": ("BT-115",),
    "BR-53": ("BT-111",),
    "BR-DE-1": ("BG-16",),
    "BR-DE-14": ("BT-119",),
    "BR-DE-17": ("BT-3",),
    "BR-DE-18": ("BT-20",),
    "BR-DE-26": ("BG-3",),
    "PEPPOL-EN16931-R120": ("BT-131",),
}
"""Rules whose text names no term, or others than it is about."""

ELEMENT_TERMS: Final[tuple[tuple[str, str], ...]] = (
    (r"SellerTradeParty.*'ram:Name'|AccountingSupplierParty.*RegistrationName", "BT-27"),
    (r"BuyerTradeParty.*'ram:Name'|AccountingCustomerParty.*RegistrationName", "BT-44"),
    (r"SellerTradeParty.*(PostalTradeAddress|CountryID)", "BG-5"),
    (r"BuyerTradeParty.*(PostalTradeAddress|CountryID)", "BG-8"),
    (r"SellerTradeParty.*SpecifiedTaxRegistration", "BT-31"),
    (r"BuyerTradeParty.*SpecifiedTaxRegistration", "BT-48"),
    (r"ExchangedDocument\b(?!Context).*'ram:ID'", "BT-1"),
    (r"ExchangedDocument\b(?!Context).*('ram:IssueDateTime'|DateTimeString)", "BT-2"),
    (r"ExchangedDocument\b(?!Context).*'ram:TypeCode'", "BT-3"),
    (r"'ram:InvoiceCurrencyCode'|@currencyID", "BT-5"),
    (r"BilledQuantity|InvoicedQuantity|CreditedQuantity", "BT-129"),
    (r"SpecifiedTradeProduct.*'ram:Name'", "BT-153"),
    (r"BillingSpecifiedPeriod|ActualDeliverySupplyChainEvent", "BG-14"),
    (r"SettlementLineMonetarySummation.*LineTotalAmount", "BT-131"),
    (r"SettlementHeaderMonetarySummation.*(LineTotalAmount)", "BT-106"),
    (r"SettlementHeaderMonetarySummation.*(TaxBasisTotalAmount)", "BT-109"),
    (r"SettlementHeaderMonetarySummation.*(TaxTotalAmount)", "BT-110"),
    (r"SettlementHeaderMonetarySummation.*(GrandTotalAmount)", "BT-112"),
    (r"(ApplicableTradeTax|CategoryTradeTax).*'ram:(CategoryCode|TypeCode)'", "BT-118"),
    (r"(ApplicableTradeTax|CategoryTradeTax).*'ram:(RateApplicablePercent)'", "BT-119"),
    (r"ApplicableTradeTax.*'ram:BasisAmount'", "BT-116"),
    (r"ApplicableTradeTax.*'ram:CalculatedAmount'", "BT-117"),
)
"""What location and text of a rule without terms say (the rules of the Factur-X level): pattern → term."""

_TERM: Final = re.compile(r"\bB[TG]-\d{1,3}\b")
_PATTERNS: Final = tuple((re.compile(pattern), term) for pattern, term in ELEMENT_TERMS)


def terms_of(rule: str, message: str, location: str) -> tuple[str, ...]:
    """The terms that a broken rule is about, in the order of its text."""
    if rule in RULE_TERMS:
        return RULE_TERMS[rule]
    named = tuple(dict.fromkeys(_TERM.findall(message)))
    if named:  # a group beside a term says only where the term stands
        return tuple(term for term in named if term.startswith("BT")) or named
    place = f"{location} {message}"
    return tuple(term for pattern, term in _PATTERNS if pattern.search(place))


def error_class(layer: Layer, terms: Iterable[str]) -> ErrorClass | None:
    """The class of a fatal finding: before the rules all is format; a rule on an item of the law is content."""
    if layer is Layer.PROCESS:
        return None
    if layer in {Layer.CONTAINER, Layer.XML, Layer.SCHEMA}:
        return ErrorClass.FORMAT
    return ErrorClass.CONTENT if any(term in LAW for term in terms) else ErrorClass.RULE
