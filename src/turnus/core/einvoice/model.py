"""The semantic model of EN 16931-1:2017 as one frozen value; syntaxes (CII, UBL) only write and read it.

Each field names its business term (BT) or group (BG). Amounts, prices and quantities are exact ``Decimal``s in major
units of the invoice's currency, because what others send may have any number of decimals; what we send comes from
integer minor units. Days are inclusive, as on paper and in XML. Where later editions of the standard allow several
(orders, contracts, deliveries, payment terms) the field is a tuple; the checks demand at most one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier with the scheme that gives it out."""

    value: str
    scheme: str = ""
    """ISO 6523 code, EAS code or UNTDID code, as the term demands: ``0088``, ``EM``, ``9930``."""
    version: str = ""
    """Only of BT-158: BT-158-2."""


@dataclass(frozen=True, slots=True)
class Note:
    """BG-1, a note on the whole invoice."""

    text: str
    """BT-22."""
    subject: str = ""
    """BT-21: UNTDID 4451."""


@dataclass(frozen=True, slots=True)
class Address:
    """BG-5 of the seller; BG-8 of the buyer, BG-12 of the tax representative, BG-15 of the delivery."""

    line1: str = ""
    """BT-35 (50, 64, 75)."""
    line2: str = ""
    """BT-36 (51, 65, 76)."""
    line3: str = ""
    """BT-162 (163, 164, 165)."""
    city: str = ""
    """BT-37 (52, 66, 77)."""
    postcode: str = ""
    """BT-38 (53, 67, 78)."""
    region: str = ""
    """BT-39 (54, 68, 79)."""
    country: str = ""
    """BT-40 (55, 69, 80): ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Contact:
    """BG-6 of the seller, BG-9 of the buyer."""

    name: str = ""
    """BT-41 (56)."""
    phone: str = ""
    """BT-42 (57)."""
    email: str = ""
    """BT-43 (58)."""


@dataclass(frozen=True, slots=True)
class Party:
    """BG-4, the seller; BG-7, the buyer."""

    name: str
    """BT-27 (44)."""
    address: Address = Address()
    """BG-5 (8)."""
    trading_name: str = ""
    """BT-28 (45)."""
    identifiers: tuple[Identifier, ...] = ()
    """BT-29 (46, at most one), those without a scheme first."""
    registration: Identifier | None = None
    """BT-30 (47)."""
    vat_id: str = ""
    """BT-31 (48)."""
    tax_number: str = ""
    """BT-32; the buyer has none."""
    legal_info: str = ""
    """BT-33; the buyer has none."""
    endpoint: Identifier | None = None
    """BT-34 (49)."""
    contact: Contact | None = None
    """BG-6 (9)."""


@dataclass(frozen=True, slots=True)
class Payee:
    """BG-10, where it is not the seller."""

    name: str
    """BT-59."""
    identifier: Identifier | None = None
    """BT-60."""
    registration: Identifier | None = None
    """BT-61."""


@dataclass(frozen=True, slots=True)
class TaxRepresentative:
    """BG-11."""

    name: str
    """BT-62."""
    vat_id: str
    """BT-63."""
    address: Address = Address()
    """BG-12."""


class Days(NamedTuple):
    """A period of whole days, both inclusive: BG-14 (BT-73, BT-74) or BG-26 (BT-134, BT-135)."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """BG-13."""

    name: str = ""
    """BT-70."""
    location: Identifier | None = None
    """BT-71."""
    on: date | None = None
    """BT-72."""
    address: Address | None = None
    """BG-15."""


@dataclass(frozen=True, slots=True)
class Order:
    """The references to an order."""

    number: str = ""
    """BT-13: the buyer's."""
    sales_order: str = ""
    """BT-14: the seller's."""


@dataclass(frozen=True, slots=True)
class Preceding:
    """BG-3, an invoice that this one corrects or continues."""

    number: str
    """BT-25."""
    issue_date: date | None = None
    """BT-26."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """BG-17, an account for credit transfers."""

    account: str
    """BT-84: IBAN or another account number."""
    holder: str = ""
    """BT-85."""
    bic: str = ""
    """BT-86."""


@dataclass(frozen=True, slots=True)
class Card:
    """BG-18, a payment card."""

    number: str
    """BT-87: last digits."""
    holder: str = ""
    """BT-88."""


@dataclass(frozen=True, slots=True)
class Means:
    """One payment means; several accounts are several means with one code."""

    code: str
    """BT-81: UNTDID 4461."""
    text: str = ""
    """BT-82."""
    transfer: Transfer | None = None
    """BG-17."""
    card: Card | None = None
    """BG-18."""
    debited: str = ""
    """BT-91: the account that is debited (BG-19)."""


@dataclass(frozen=True, slots=True)
class Payment:
    """BG-16."""

    means: tuple[Means, ...] = ()
    remittance: str = ""
    """BT-83."""
    mandate: str = ""
    """BT-89 (BG-19)."""
    creditor: str = ""
    """BT-90 (BG-19)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When and how the invoice is to be paid."""

    text: str = ""
    """BT-20."""
    due: date | None = None
    """BT-9."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (BG-20; BG-27 of a line) or a charge (BG-21; BG-28 of a line)."""

    charge: bool
    amount: Decimal
    """BT-92 (99; 136, 141)."""
    base: Decimal | None = None
    """BT-93 (100; 137, 142)."""
    percent: Decimal | None = None
    """BT-94 (101; 138, 143)."""
    reason: str = ""
    """BT-97 (104; 139, 144)."""
    code: str = ""
    """BT-98 (105; 140, 145): UNTDID 5189 of an allowance, 7161 of a charge."""
    category: str = ""
    """BT-95 (102), of the document only."""
    rate: Decimal | None = None
    """BT-96 (103), of the document only."""


@dataclass(frozen=True, slots=True)
class Totals:
    """BG-22."""

    lines: Decimal
    """BT-106."""
    net: Decimal
    """BT-109."""
    gross: Decimal
    """BT-112."""
    due: Decimal
    """BT-115."""
    tax: Decimal | None = None
    """BT-110."""
    allowances: Decimal | None = None
    """BT-107."""
    charges: Decimal | None = None
    """BT-108."""
    tax_accounting: Decimal | None = None
    """BT-111: VAT in the currency of BT-6."""
    prepaid: Decimal | None = None
    """BT-113."""
    rounding: Decimal | None = None
    """BT-114."""


@dataclass(frozen=True, slots=True)
class TaxRow:
    """BG-23, one per category and rate."""

    base: Decimal
    """BT-116."""
    tax: Decimal
    """BT-117."""
    category: str
    """BT-118: UNTDID 5305."""
    rate: Decimal | None
    """BT-119; none for category O."""
    reason: str = ""
    """BT-120."""
    code: str = ""
    """BT-121: VATEX."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """BG-24."""

    reference: str
    """BT-122."""
    description: str = ""
    """BT-123."""
    uri: str = ""
    """BT-124."""
    content: bytes | None = None
    """BT-125."""
    mime: str = ""
    """BT-125-1."""
    filename: str = ""
    """BT-125-2."""


@dataclass(frozen=True, slots=True)
class Price:
    """BG-29."""

    net: Decimal
    """BT-146."""
    discount: Decimal | None = None
    """BT-147."""
    gross: Decimal | None = None
    """BT-148."""
    quantity: Decimal | None = None
    """BT-149."""
    unit: str = ""
    """BT-150."""


@dataclass(frozen=True, slots=True)
class Item:
    """BG-31."""

    name: str
    """BT-153."""
    description: str = ""
    """BT-154."""
    seller_id: str = ""
    """BT-155."""
    buyer_id: str = ""
    """BT-156."""
    standard_id: Identifier | None = None
    """BT-157."""
    classes: tuple[Identifier, ...] = ()
    """BT-158."""
    origin: str = ""
    """BT-159."""
    attributes: tuple[tuple[str, str], ...] = ()
    """BG-32: (BT-160, BT-161)."""


@dataclass(frozen=True, slots=True)
class Line:
    """BG-25."""

    number: str
    """BT-126."""
    quantity: Decimal
    """BT-129."""
    unit: str
    """BT-130: UN/ECE Recommendation 20 and 21."""
    net: Decimal
    """BT-131."""
    price: Price
    """BG-29."""
    category: str
    """BT-151 (BG-30)."""
    rate: Decimal | None
    """BT-152 (BG-30); none for category O."""
    item: Item
    """BG-31."""
    note: str = ""
    """BT-127."""
    subject: Identifier | None = None
    """BT-128: the invoiced object (meter, licence)."""
    order_line: str = ""
    """BT-132."""
    accounting: str = ""
    """BT-133."""
    period: Days | None = None
    """BG-26."""
    adjustments: tuple[Adjustment, ...] = ()
    """BG-27 and BG-28, allowances first."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or credit note in the terms of EN 16931."""

    number: str
    """BT-1."""
    issue_date: date
    """BT-2."""
    code: str
    """BT-3: UNTDID 1001."""
    currency: str
    """BT-5."""
    specification: str
    """BT-24."""
    seller: Party
    """BG-4."""
    buyer: Party
    """BG-7."""
    totals: Totals
    """BG-22."""
    taxes: tuple[TaxRow, ...]
    """BG-23."""
    lines: tuple[Line, ...]
    """BG-25."""
    process: str = ""
    """BT-23."""
    tax_currency: str = ""
    """BT-6."""
    tax_point: date | None = None
    """BT-7."""
    tax_point_code: str = ""
    """BT-8: 3 issue date, 35 delivery, 432 payment (UNTDID 2005)."""
    terms: tuple[Terms, ...] = ()
    """BT-9 and BT-20."""
    buyer_reference: str = ""
    """BT-10."""
    project: str = ""
    """BT-11."""
    contracts: tuple[str, ...] = ()
    """BT-12."""
    orders: tuple[Order, ...] = ()
    """BT-13 and BT-14."""
    receiving_advice: str = ""
    """BT-15."""
    despatch_advice: str = ""
    """BT-16."""
    tender: str = ""
    """BT-17."""
    subject: Identifier | None = None
    """BT-18: the invoiced object."""
    accounting: str = ""
    """BT-19."""
    notes: tuple[Note, ...] = ()
    """BG-1."""
    preceding: tuple[Preceding, ...] = ()
    """BG-3."""
    payee: Payee | None = None
    """BG-10."""
    representative: TaxRepresentative | None = None
    """BG-11."""
    deliveries: tuple[Delivery, ...] = ()
    """BG-13."""
    period: Days | None = None
    """BG-14."""
    payment: Payment = Payment()
    """BG-16."""
    adjustments: tuple[Adjustment, ...] = ()
    """BG-20 and BG-21, allowances first."""
    attachments: tuple[Attachment, ...] = ()
    """BG-24."""


CREDIT_NOTES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""Codes BT-3 that UBL writes as ``CreditNote``; amounts are positive and count the other way round."""


class Outside(NamedTuple):
    """Content of a file that EN 16931 has no term for; it stays in the original bytes."""

    path: str
    value: str


class Fault(NamedTuple):
    """A value that could not be read: ``missing`` or ``malformed``, with a neutral value in the model for it; or an
    amount in another ``currency`` than the document's.
    """

    path: str
    term: str
    """BT id."""
    code: str
    value: str = ""


class ReadInvoice(NamedTuple):
    """What a file says."""

    invoice: Invoice
    syntax: str
    """``cii`` or ``ubl``."""
    outside: tuple[Outside, ...]
    faults: tuple[Fault, ...]
