"""``InvoiceDocument``: one frozen value in the terms of EN 16931 that feeds preview, PDF, XML and the sealed text.

Amounts are integer minor units of ``currency`` and carry the sign of the ledger: a credit has negative amounts and a
negative total (L-08); only XML writers turn signs. Rates are basis points (1900 = 19 %).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from turnus.core.periods import Period


class Kind(StrEnum):
    """Kinds of document with their printed title and code BT-3 (L-08b)."""

    INVOICE = "invoice"
    """Rechnung, 380."""
    CREDIT = "credit"
    """Rechnungskorrektur, 381: a document with a negative total, or a partial credit."""
    CANCELLATION = "cancellation"
    """Stornorechnung, 381: takes back a whole invoice."""
    SELF_BILLING = "self_billing"
    """Gutschrift in the sense of § 14 Abs. 2 UStG, 389: we account for what a supplier did for us."""
    SELF_CREDIT = "self_credit"
    """Takes a self-billing document back, in full or in part (381, its signs turned)."""
    PROFORMA = "proforma"
    """Proformarechnung, no code: states what is owed, claims nothing and is no invoice in the sense of the UStG."""
    DEPOSIT = "deposit"
    """Anzahlungsrechnung, 326: part of the price of a job before it is done."""
    PROGRESS = "progress"
    """Abschlagsrechnung, 326; of construction work 875: part of the price while it is done."""
    PARTIAL = "partial"
    """Teilrechnung, 326; of construction work 876: a finished part of a job."""
    FINAL = "final"
    """Schlussrechnung, 380; of construction work 877: the whole job less what was received for it."""
    CORRECTION = "correction"
    """Rechnungsberichtigung, 384: an invoice with right details in place of wrong ones, its amounts unchanged."""

    STANDING = "standing"
    """Dauerrechnung, 380: of recurring fees, for all periods until a new one replaces it (L-07)."""
    COVERED = "covered"
    """What is owed for a further period that a standing invoice covers: a claim in the ledger, no document."""


SELF_BILLED: Final = frozenset({Kind.SELF_BILLING, Kind.SELF_CREDIT})
"""Documents of the payable side."""
ADVANCES: Final = frozenset({Kind.DEPOSIT, Kind.PROGRESS})
"""Ask for money before the supply: the final invoice deducts what was received for them (§ 14 Abs. 5 UStG)."""
PAYABLE: Final = ADVANCES | {Kind.INVOICE, Kind.PARTIAL, Kind.FINAL, Kind.STANDING}
"""Kinds that ask a customer for money."""
STANDING: Final = frozenset({Kind.STANDING, Kind.COVERED})
"""A standing invoice and the claims that it covers."""
CLAIMLESS: Final = frozenset({Kind.PROFORMA, Kind.CORRECTION})
"""Kinds that claim and owe nothing."""


def claims(kind: str) -> bool:
    """The document claims or owes money; a pro forma invoice and a correction of details do neither."""
    return kind not in CLAIMLESS


def uses_credit(kind: str) -> bool:
    """Credit on account may pay it: what a customer owes us, and nothing else."""
    return claims(kind) and kind not in SELF_BILLED


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address (BG-5, BG-8)."""

    street: str
    postcode: str
    city: str
    country: str
    """ISO 3166-1 alpha-2 (BT-40, BT-55)."""
    extra: str = ""
    """Additional line: building, c/o, department (BT-36, BT-51)."""
    region: str = ""


@dataclass(frozen=True, slots=True)
class DocumentParty:
    """Seller (BG-4) or buyer (BG-7) as they stood when the document was released."""

    name: str
    address: PostalAddress
    vat_id: str = ""
    tax_number: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    register: str = ""
    """Court and number: ``Amtsgericht Leipzig, HRB 12345``."""
    management: str = ""
    """Managing directors, comma separated."""
    endpoint: str = ""
    """Electronic address (BT-34, BT-49)."""
    endpoint_scheme: str = ""
    """Who gives that address out (EAS): ``EM`` e-mail, ``0204`` Leitweg-ID, ``9930`` German VAT id."""


@dataclass(frozen=True, slots=True)
class DocumentAccount:
    """A bank account for credit transfers (BG-17)."""

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class DirectDebit:
    """The total is collected by SEPA direct debit (BG-19)."""

    mandate: str
    """BT-89."""
    creditor: str
    """Creditor identifier (BT-90)."""
    iban: str
    """The debtor's account (BT-91)."""


@dataclass(frozen=True, slots=True)
class CardPayment:
    """The total was or will be charged to a card (BG-18)."""

    number: str
    """Last four to six digits (BT-87)."""
    holder: str = ""
    """BT-88."""
    credit: bool = False
    """A credit card (54) rather than any bank card (48)."""


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """Skonto: paid within ``days``, ``percent`` basis points less."""

    days: int
    percent: int
    base: int | None = None
    """Minor units to which it applies; None: the whole total."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that belongs to the document (BG-24)."""

    name: str
    """File name (BT-125-2)."""
    mime: str
    """BT-125-1."""
    content: bytes
    description: str = ""
    """BT-123."""


class UsageRow(NamedTuple):
    """A row of the usage behind a line: of one day, one dimension or subject, or both."""

    day: date | None
    label: str
    quantity: Decimal
    amount: Decimal | None = None
    """Of rated usage: exact, major units."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One printed line (BG-25)."""

    number: int
    name: str
    quantity: Decimal
    unit: str
    """UN/ECE Recommendation 20 code: C62 piece, MON month, HUR hour."""
    unit_price: Decimal
    """Price of one unit for a whole fee period, major units of the currency; net or gross as ``gross_price`` says."""
    net: int
    tax_category: str
    """UNTDID 5305: S, AE, O, E …"""
    tax_rate: int
    description: str = ""
    gross_price: bool = False
    gross: int = 0
    """Gross amount of the line, only where ``gross_price``."""
    period: Period | None = None
    """Service period (BG-26)."""
    days: int = 0
    whole_days: int = 0
    """Where the line is prorated: ``days`` of ``whole_days``; else both 0."""
    allowance: int = 0
    """Discount contained in the line's amount, minor units, positive (BG-27)."""
    allowance_reason: str = ""
    share: tuple[int, int] = (0, 0)
    """Where several pay the line: this one's weight and the sum of all; else both 0."""
    contract: str = ""
    """Number of the contract (BT-12 on line level)."""
    cost_centre: str = ""
    """Where the buyer books the line (BT-133), if the whole document does not say it."""
    order_reference: str = ""
    """The buyer's order of the line, if the whole document does not say it."""
    corrects: str = ""
    """Number of the invoice whose line this one takes back."""
    usage: tuple[UsageRow, ...] = ()
    """The usage behind the line, where it is shown below it or in the appendix."""
    appendix: bool = False
    """``usage`` stands in the appendix."""
    steps: tuple[str, ...] = ()
    """How a price scheme rated the line, in the language of the document: ``100 × 0,10 € = 10,00 €``."""


@dataclass(frozen=True, slots=True)
class DocumentTax:
    """VAT breakdown row (BG-23), one per category and rate."""

    category: str
    rate: int
    base: int
    tax: int
    reason: str = ""
    """Key of the exemption text: ``reverse_charge``, ``not_taxable``, ``small_business`` (BT-120)."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a collective invoice that belong together: those of a child of the buyer, or of one contract."""

    customer_number: str
    customer_name: str
    """Both empty where the section is one of the buyer's own contracts."""
    contract: str
    """Empty where the section is one of several contracts."""
    lines: tuple[int, ...]
    """Numbers of the printed lines."""
    net: int
    gross: int
    """Only where all lines have gross prices, else 0."""


@dataclass(frozen=True, slots=True)
class Payable:
    """An instalment: the part of the total that falls due on a day."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A preceding invoice (BG-3)."""

    number: str
    issue_date: date


@dataclass(frozen=True, slots=True)
class Received:
    """Money received for an advance, which a final invoice deducts: one for each VAT category and rate of it."""

    number: str
    issue_date: date
    category: str
    rate: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Design:
    """How a document looks. What is empty is as the template has it (``core.design`` says what may be in it)."""

    template: str = "din5008b"
    logo: str = ""
    """File name of the logo below the data folder; empty for none."""
    accent: str = "#0b5d5e"
    font: str = ""
    """Family of the letters; the signs that it lacks come from others."""
    form: str = ""
    """DIN 5008: ``A`` (window from 27 mm) or ``B`` (from 45 mm)."""
    columns: tuple[str, ...] = ()
    """Columns of the table of lines, in order."""
    blocks: tuple[str, ...] = ()
    """What stands below the title, in order."""
    carry: bool = False
    """The sum of the lines so far stands at the end of a page and at the beginning of the next."""
    marks: bool = True
    """Fold marks and hole mark."""
    girocode: bool = True
    decimal_mark: str = ""
    group_mark: str = ""
    date: str = ""
    """``dd.mm.yyyy``, ``yyyy-mm-dd``, ``d. m. yyyy`` …"""
    footer: tuple[tuple[str, ...], ...] = ()
    """Columns of lines with placeholders."""
    texts: tuple[tuple[str, str], ...] = ()
    """Texts of one's own with placeholders: ``de.intro``, ``de.credit.closing`` …"""
    version: int = 0
    """Id of the stored version that says so; 0: the seller's settings, or a file."""


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """A billing document, complete enough to print, write as XML and hash."""

    kind: Kind
    number: str
    """BT-1; empty while it is a draft."""
    issue_date: date
    due_date: date | None
    currency: str
    language: str
    """Language of the document: ``de``, ``en``, ``es``, ``fr``, ``it``, ``nl`` or ``pl``."""
    seller: DocumentParty
    buyer: DocumentParty
    customer_number: str
    accounts: tuple[DocumentAccount, ...]
    lines: tuple[DocumentLine, ...]
    taxes: tuple[DocumentTax, ...]
    net: int
    tax: int
    gross: int
    payment_days: int = 0
    applied: int = 0
    """Credit on account used for this document, minor units (BT-113)."""
    service: Period | None = None
    """Envelope of the lines' service periods (BG-14)."""
    buyer_reference: str = ""
    """Leitweg-ID or the buyer's reference (BT-10)."""
    debtor_number: str = ""
    delivery: PostalAddress | None = None
    contracts: tuple[str, ...] = ()
    preceding: tuple[Reference, ...] = ()
    reason: str = ""
    """Why a document corrects another, as the clerk wrote it."""
    design: Design = Design()
    exchange_rate: Decimal | None = None
    """Units of the currency for one EUR, where the VAT is also stated in EUR (BT-6, BT-111)."""
    agreed_on: date | None = None
    """Self-billing: when it was agreed with the supplier (§ 14 Abs. 2 S. 2 UStG)."""
    cost_centre: str = ""
    """Where the buyer books the document (BT-19)."""
    order_reference: str = ""
    """The buyer's order (BT-13)."""
    sections: tuple[Section, ...] = ()
    """How a collective invoice groups its lines; empty: not at all."""
    instalments: tuple[Payable, ...] = ()
    """The dated parts in which the total is payable; empty: at once."""
    debit: DirectDebit | None = None
    """How the total is collected; with neither ``debit`` nor ``card`` it is to be transferred to ``accounts``."""
    card: CardPayment | None = None
    cash_discounts: tuple[CashDiscount, ...] = ()
    """Skonto, in the order of the days."""
    attached: tuple[Attached, ...] = ()
    received: tuple[Received, ...] = ()
    """What a final invoice deducts; negative on its cancellation."""
    job: str = ""
    """Number of the job that an advance, a partial or a final invoice bills."""
    construction: bool = False
    """The job is construction work, which has type codes of its own."""
    note: str = ""
    """What a person wrote above the lines."""

    einvoice_profile: str = ""
    """Profile of the other party's e-invoices (``core/einvoice/profiles``); empty: it gets a PDF alone."""
    einvoice_syntax: str = ""
    """``cii`` or ``ubl`` where the profile has both; empty: the first of them."""

    @property
    def deducted(self) -> int:
        """What was received for advances, with its VAT."""
        return sum(row.net + row.tax for row in self.received)

    @property
    def payable(self) -> int:
        """Amount due (BT-115): total with VAT less what was received before and what credit on account has paid."""
        return self.gross - self.deducted - self.applied
