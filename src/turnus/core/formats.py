"""In which form an invoice may be sent (law.md L-04: § 14 Abs. 1 and 2, § 27 Abs. 38 UStG, §§ 33, 34a UStDV, ERechV).

The e-invoice is the product's first choice for businesses; the reliefs of the years 2025 to 2027 are the fallback.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """Paper, another electronic format (a plain PDF), or an e-invoice after EN 16931."""

    PAPER = "paper"
    PDF = "pdf"
    EINVOICE = "einvoice"


class BuyerClass(StrEnum):
    """Who buys, as the duty tells them apart."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    FEDERAL = "federal"
    """An authority of the federation (ERechV)."""
    STATE = "state"
    """Another public buyer: the law of its state decides."""


class Exemption(StrEnum):
    """Why a supply is outside the duty."""

    NONE = ""
    TAX_FREE = "tax_free"
    """§ 4 Nr. 8 to 29 UStG."""
    SMALL_BUSINESS = "small_business"
    """The seller is a Kleinunternehmer: § 34a S. 4 UStDV."""
    TICKET = "ticket"
    """§ 34 UStDV."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the duty depends on. ``country``: where it is established, ISO 3166."""

    kind: BuyerClass
    country: str = "DE"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Forms that may be used, the one to prefer, and why."""

    forms: frozenset[Form]
    preferred: Form
    reason: str
    """Code of a text in ``core/words/delivery``."""
    adviser: bool = False
    """The law's literal reading; have it confirmed."""


SMALL_GROSS: Final = 250_00
"""§ 33 UStDV: up to this total no e-invoice is required."""
SMALL_TURNOVER: Final = 800_000_00
"""§ 27 Abs. 38 S. 1 Nr. 2 UStG: the seller's turnover of the year before."""
DIRECT_ORDER: Final = 1_000_00
"""§ 3 Abs. 3 ERechV: direct orders up to this value."""
DUTY: Final = date(2025, 1, 1)
ALL: Final = frozenset(Form)


def allowed_formats(
    supply_end: date,
    sent_on: date,
    *,
    seller_turnover_prev: int | None,
    buyer: Buyer,
    gross: int | None,
    exemption: Exemption,
    consent: bool,
) -> Allowed:
    """The forms in which an invoice may be sent on a day (L-04).

    ``supply_end``: last day of the supply; ``seller_turnover_prev``: of the calendar year before the supply, None:
    not known, so no relief rests on it; ``gross``: the total, both in euro cents, None where it is in another currency;
    ``consent``: the recipient agreed to electronic invoices.
    """
    if buyer.country != "DE":
        return _electronic("not_covered", consent=consent)
    if buyer.kind is BuyerClass.CONSUMER:
        return _consumer(consent=consent)
    if buyer.kind is BuyerClass.FEDERAL:
        if gross is not None and gross <= DIRECT_ORDER:
            return Allowed(ALL, Form.EINVOICE, "direct_order")
        return Allowed(frozenset({Form.EINVOICE}), Form.EINVOICE, "federal_duty")
    if buyer.kind is BuyerClass.STATE:
        return _electronic("state_law", consent=consent, preferred=Form.EINVOICE)
    if exemption is not Exemption.NONE:
        return Allowed(ALL, Form.EINVOICE, f"exempt_{exemption}")
    if gross is not None and abs(gross) <= SMALL_GROSS:
        return Allowed(ALL, Form.EINVOICE, "small_amount")
    return _business(supply_end, sent_on, seller_turnover_prev, consent=consent)


def _business(supply_end: date, sent_on: date, turnover: int | None, *, consent: bool) -> Allowed:
    """A German business buys: § 27 Abs. 38 UStG, word by word."""
    if supply_end < DUTY:
        return _electronic("before_duty", consent=consent, preferred=Form.EINVOICE)
    if supply_end.year <= 2026 and sent_on.year <= 2026:
        return _electronic("relief_2026", consent=consent, preferred=Form.EINVOICE)
    small = turnover is not None and turnover <= SMALL_TURNOVER
    if supply_end.year == 2027 and sent_on.year <= 2027 and small:
        return _electronic("relief_2027", consent=consent, preferred=Form.EINVOICE)
    late = (supply_end.year <= 2026 and sent_on.year == 2027) or (supply_end.year == 2027 and small)
    return Allowed(frozenset({Form.EINVOICE}), Form.EINVOICE, "duty", adviser=late)


def _consumer(*, consent: bool) -> Allowed:
    """§ 14 Abs. 1 S. 5 UStG: anything electronic needs consent."""
    if consent:
        return Allowed(ALL, Form.PDF, "consumer_consent")
    return Allowed(frozenset({Form.PAPER}), Form.PAPER, "consumer_paper")


def _electronic(reason: str, *, consent: bool, preferred: Form = Form.PDF) -> Allowed:
    """Paper and e-invoice always, another electronic format with the recipient's consent."""
    forms = ALL if consent else ALL - {Form.PDF}
    return Allowed(forms, preferred if preferred in forms else Form.EINVOICE, reason)


def buyer_class(*, person: bool, leitweg_id: str) -> BuyerClass:
    """Who buys, by the kind of customer and its Leitweg-ID: coarse addresses 991 to 993 are the federation's."""
    if person:
        return BuyerClass.CONSUMER
    if not leitweg_id:
        return BuyerClass.BUSINESS
    return BuyerClass.FEDERAL if leitweg_id[:3] in {"991", "992", "993"} else BuyerClass.STATE
