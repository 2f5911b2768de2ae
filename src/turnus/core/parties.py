"""Sellers and customers as values: what a person enters and what an invoice needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.document import DocumentParty, PostalAddress

if TYPE_CHECKING:
    from datetime import date


class CustomerKind(StrEnum):
    """Company (a business buying for its business) or person (a consumer)."""

    COMPANY = "company"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class SellerData:
    """A legal entity that sends invoices. Settings that steer billing are typed fields, not keys of a store."""

    code: str
    name: str
    address: PostalAddress
    email: str = ""
    phone: str = ""
    website: str = ""
    vat_id: str = ""
    tax_number: str = ""
    register: str = ""
    management: str = ""
    contact_name: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    time_zone: str = "Europe/Berlin"
    language: str = "de"
    currency: str = "EUR"
    payment_days: int = 14
    small_business: bool = False
    """Kleinunternehmer, § 19 UStG."""
    oss: bool = False
    """Uses the One-Stop-Shop, or is above 10,000 € of EU consumer sales (§ 3a Abs. 5 UStG)."""
    vat_check_days: int = 30
    """Age in days after which a VAT id check no longer counts (L-13)."""
    ships_abroad: bool = False
    """Keeps the proofs of transport and export of goods (§§ 9, 17a UStDV); False: goods abroad wait for a person."""
    carry_small_usage: bool = True
    """Rated usage below half a minor unit: carried into the next period, or (False) dropped."""
    print_zero_charges: bool = False
    """Bill charges of 0.00 as lines of their own; False: nothing is sent for them."""
    deviation_percent: int = 30
    """A run whose net total differs more than this from the last run of its definition waits for a release."""
    reminder_days: int = 0
    """Days before the last day for notice on which customers are reminded of a renewal; 0: never."""
    logo: str = ""
    template: str = "din5008b"
    accent: str = "#0b5d5e"
    endpoint: str = ""
    """Electronic address (BT-34); empty: the e-mail address is it."""
    endpoint_scheme: str = ""
    """Who gives it out (EAS): ``9930`` German VAT id, ``EM`` e-mail."""
    creditor_id: str = ""
    """SEPA creditor identifier (BT-90): without it nothing is collected."""


@dataclass(frozen=True, slots=True)
class CustomerData:
    """A customer of one seller, as it stands from one day on."""

    number: str
    name: str
    kind: CustomerKind
    address: PostalAddress
    delivery: PostalAddress | None = None
    language: str = ""
    """Empty: the seller's."""
    currency: str = ""
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    contact_name: str = ""
    leitweg_id: str = ""
    debtor_number: str = ""
    payment_days: int | None = None
    business_proof: str = ""
    """What shows that a third-country customer is a business (certificate, register), L-12 row 7."""
    parent: str = ""
    """Number of the parent customer."""
    bill_to_parent: bool = False
    """Documents of its new contracts go to the parent, unless a contract says otherwise."""
    endpoint: str = ""
    """Electronic address (BT-49); empty: the e-mail address is it."""
    endpoint_scheme: str = ""
    """Who gives it out (EAS): ``0204`` Leitweg-ID."""
    einvoice_profile: str = ""
    """Profile that its e-invoices must fit (``core/einvoice/profiles``); empty: none is demanded."""
    einvoice_syntax: str = ""
    """``cii`` or ``ubl`` where the profile has both; empty: the first of them."""
    mandate: str = ""
    """Reference of its SEPA mandate (BT-89): what it owes is collected."""
    mandate_iban: str = ""
    """The account that is debited (BT-91)."""
    card_digits: str = ""
    """Last four to six digits of the card that is charged (BT-87)."""
    cash_discount_days: int = 0
    """Skonto: paid within so many days …"""
    cash_discount_percent: int = 0
    """… so many basis points less (law.md L-18)."""
    site: str = ""
    """Branch that looks after the customer; designs may be chosen by it (JB-92)."""


class ContactData(NamedTuple):
    """A person at a customer to whom we write in a role: ``billing``, ``technical`` or a word of the house's own."""

    role: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SupplierData:
    """The agreement that lets us write a supplier's invoices, with what they must say of it (§ 14 Abs. 2, 4 UStG)."""

    agreed_on: date
    tax_number: str = ""
    """Needed where the supplier has no VAT id."""
    small_business: bool = False
    """The supplier charges no VAT (§ 19 UStG)."""
    reference: str = ""
    """Where the agreement is kept."""


@dataclass(frozen=True, slots=True)
class VatIdCheck:
    """Evidence that a VAT id was confirmed on a day (§ 18e UStG, L-13)."""

    vat_id: str
    checked_on: date
    valid: bool
    reference: str = ""
    """Consultation number or file reference of the confirmation."""


def as_seller(data: SellerData) -> DocumentParty:
    """The seller as it stands on its documents."""
    return DocumentParty(
        data.name, data.address, data.vat_id, data.tax_number, data.contact_name, data.phone, data.email, data.website,
        data.register, data.management, data.endpoint, data.endpoint_scheme,
    )  # fmt: skip


def as_buyer(data: CustomerData, tax_number: str = "") -> DocumentParty:
    """The customer as it stands on its documents. ``tax_number``: of a supplier."""
    return DocumentParty(
        data.name, data.address, data.vat_id, tax_number, data.contact_name, data.phone, data.email,
        endpoint=data.endpoint, endpoint_scheme=data.endpoint_scheme,
    )  # fmt: skip
