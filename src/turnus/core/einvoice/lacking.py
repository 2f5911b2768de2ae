"""What a document lacks for the e-invoice profile of its buyer, before it is stored and numbered.

Arithmetic is right by construction (and tested); what can be missing are parties, payment and references. So a sketch
with one line per VAT row stands for the document, and documents that differ in nothing that matters are judged once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.document import SELF_BILLED, DocumentLine, DocumentTax, InvoiceDocument, Kind, claims
from turnus.core.einvoice.checks import check, errors
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.invoicing import Missing
from turnus.core.money import from_minor
from turnus.core.parties import as_buyer, as_seller
from turnus.core.periods import Period

if TYPE_CHECKING:
    from turnus.core.document import DocumentAccount
    from turnus.core.invoicing import Composed
    from turnus.core.parties import CustomerData, SellerData

_DAY: Final = date(2000, 1, 1)
_AMOUNT: Final = 10_000


class Sketch(NamedTuple):
    """Everything of a document that its profile may find missing."""

    seller: SellerData
    accounts: tuple[DocumentAccount, ...]
    buyer: CustomerData
    kind: Kind
    currency: str
    reference: str
    vat: tuple[tuple[str, int], ...]
    """Category and rate of its VAT rows."""


def missing_of_einvoice(
    document: Composed,
    seller: SellerData,
    accounts: tuple[DocumentAccount, ...],
    buyer: CustomerData,
    *,
    currency: str,
    reference: str,
) -> list[Missing]:
    """All that the buyer's profile demands and is not there; nothing without a profile, or for what is no invoice."""
    if not buyer.einvoice_profile or not claims(document.kind) or document.kind in SELF_BILLED:
        return []
    vat = tuple((row.category, row.rate) for row in document.taxes)
    return list(_lacks(Sketch(seller, accounts, buyer, document.kind, currency, reference, vat)))


@lru_cache(maxsize=4_096)
def _lacks(sketch: Sketch) -> tuple[Missing, ...]:
    profile = PROFILES[sketch.buyer.einvoice_profile]
    invoice = compose(_document(sketch), profile)
    assert invoice is not None
    found = dict.fromkeys((finding.term, finding.rule) for finding in errors(check(invoice, profile)))
    return tuple(Missing("missing", term, rule) for term, rule in found)


def _document(sketch: Sketch) -> InvoiceDocument:
    sign = -1 if sketch.kind in {Kind.CREDIT, Kind.CANCELLATION} else 1
    base = sign * _AMOUNT
    taxes = tuple(DocumentTax(category, rate, base, base * rate // 10_000) for category, rate in sketch.vat)
    lines = tuple(
        DocumentLine(number, "-", Decimal(sign), "C62", from_minor(_AMOUNT, sketch.currency), base, category, rate)
        for number, (category, rate) in enumerate(sketch.vat, start=1)
    )
    net, tax = sum(row.base for row in taxes), sum(row.tax for row in taxes)
    data = sketch.buyer
    return InvoiceDocument(
        sketch.kind, "-", _DAY, _DAY, sketch.currency, "de", as_seller(sketch.seller), as_buyer(data), data.number,
        sketch.accounts, lines, taxes, net, tax, net + tax, service=Period(_DAY, date(2000, 1, 2)),
        buyer_reference=data.leitweg_id or sketch.reference,
        order_reference=sketch.reference if data.leitweg_id else "", delivery=data.delivery,
    )  # fmt: skip
