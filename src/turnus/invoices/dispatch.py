"""What sending needs to know of issued documents: their heads, and to whom copies go."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.recipients import addresses
from turnus.core.parties import CustomerData, SellerData
from turnus.core.periods import Period
from turnus.invoices.models import Invoice, InvoiceTax
from turnus.parties.facts import customer_version, seller_version

if TYPE_CHECKING:
    from collections.abc import Collection


class Head(NamedTuple):
    """An issued document without its lines. ``gross`` in minor units of the currency."""

    id: int
    seller: int
    customer: int
    kind: str
    number: str
    language: str
    currency: str
    gross: int
    issue_date: date
    due_date: date
    service: Period
    buyer_version: int
    seller_version: int


class Parties(NamedTuple):
    """Seller and buyer as the document froze them."""

    seller: SellerData
    buyer: CustomerData


_HEAD = (
    "id", "seller_id", "customer_id", "kind", "number", "language", "currency", "gross", "issue_date", "due_date",
    "service_start", "service_end", "buyer_version_id", "seller_version_id",
)  # fmt: skip


def heads(invoices: Collection[int]) -> dict[int, Head]:
    """Heads of issued documents by id; drafts are left out. One query."""
    rows = Invoice.objects.filter(id__in=invoices, state=Invoice.State.ISSUED).values_list(*_HEAD)
    return {row[0]: Head._make((*row[:10], Period(row[10], row[11]), *row[12:])) for row in rows}


def parties(head: Head) -> Parties:
    """Who wrote the document, and to whom."""
    return Parties(seller_version(head.seller_version).data, customer_version(head.buyer_version).data)


def tax_free(invoice: int) -> bool:
    """Every amount of the document is exempt (category E): § 4 Nr. 8 to 29 UStG, or a small business."""
    categories = set(InvoiceTax.objects.filter(invoice_id=invoice).values_list("category", flat=True))
    return categories == {"E"}


def copy_addresses(keys: Collection[str]) -> dict[str, tuple[int, str]]:
    """Key of a message of ``invoices/copies`` → (invoice, e-mail address)."""
    pairs = {key: tuple(int(part) for part in key.split(":")) for key in keys}
    known = addresses({recipient for _invoice, recipient in pairs.values()})
    return {key: (invoice, known[recipient]) for key, (invoice, recipient) in pairs.items() if recipient in known}
