"""``InvoiceDocument`` → ``Invoice``: what goes into which term, for every kind of document and every profile.

Documents carry the sign of the ledger; a credit note states positive amounts, so all its signs are turned. Prices are
never negative, a line that takes back has a negative quantity.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from turnus.core.document import ADVANCES, SELF_BILLED, Kind
from turnus.core.einvoice.compose_lines import Say, compose_line
from turnus.core.einvoice.compose_parties import account_means, address_of, identity_of, party_of
from turnus.core.einvoice.model import (
    Attachment,
    Days,
    Delivery,
    Identifier,
    Invoice,
    Means,
    Note,
    Order,
    Payment,
    Preceding,
    TaxRow,
    Terms,
    Totals,
)
from turnus.core.einvoice.terms import payment_terms
from turnus.core.einvoice.texts import clean
from turnus.core.einvoice.usage_file import usage_file
from turnus.core.formatting import format_amount, format_date, format_number, format_rate
from turnus.core.money import from_minor, in_euro, minor_digits

if TYPE_CHECKING:
    from turnus.core.document import DocumentTax, InvoiceDocument
    from turnus.core.einvoice.model import Line, Party
    from turnus.core.einvoice.profiles import Profile

CODES: Final = {
    Kind.INVOICE: "380",
    Kind.CREDIT: "381",
    Kind.CANCELLATION: "381",
    Kind.SELF_BILLING: "389",
    Kind.SELF_CREDIT: "381",
    Kind.DEPOSIT: "326",
    Kind.PROGRESS: "326",
    Kind.PARTIAL: "326",
    Kind.FINAL: "380",
    Kind.CORRECTION: "384",
    Kind.STANDING: "380",
}
"""BT-3 by kind (L-08b); a kind that is not here is no invoice."""
_STANDING: Final = (
    "Dauerrechnung: gilt für jeden folgenden Zeitraum mit denselben Beträgen, bis eine neue Rechnung sie ersetzt.",
    "Standing invoice: holds for every following period with the same amounts until a new invoice replaces it.",
)
_CONSTRUCTION: Final = {Kind.PROGRESS: "875", Kind.PARTIAL: "876", Kind.FINAL: "877"}

REASONS: Final = {
    "reverse_charge": (
        "VATEX-EU-AE",
        "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)",
        "Reverse charge: the recipient of the service is liable for VAT",
    ),
    "small_business": (
        "",
        "Kleinunternehmer: steuerfrei nach § 19 UStG",
        "Small business: exempt from VAT under § 19 UStG",
    ),
    "exempt": ("", "Steuerfreie Leistung nach § 4 UStG", "Exempt from VAT under § 4 UStG"),
    "intra_community": (
        "VATEX-EU-IC",
        "Steuerfreie innergemeinschaftliche Lieferung",
        "Intra-Community supply, exempt from VAT",
    ),
    "export": ("VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", "Export, exempt from VAT"),
    "not_taxable": ("VATEX-EU-O", "Nicht im Inland steuerbare Leistung", "Not subject to German VAT"),
}
"""Key of the exemption → VATEX code (BT-121) where there is one, German and English text (BT-120)."""

OF_CATEGORY: Final = {
    "AE": "reverse_charge", "E": "exempt", "K": "intra_community", "G": "export", "O": "not_taxable",
}  # fmt: skip
"""Category → exemption where the document names none."""


def compose(document: InvoiceDocument, profile: Profile) -> Invoice | None:
    """The document in the terms of EN 16931; None for a kind that is no invoice (pro forma)."""
    code = _code(document, profile)
    if not code:
        return None
    sign = -1 if code in {"381", "261"} else 1
    say = Say(document.currency, minor_digits(document.currency), document.language, sign)
    lines = tuple(compose_line(line, say) for line in document.lines)
    seller, buyer = _parties(document)
    found = Invoice(
        number=document.number,
        issue_date=document.issue_date,
        code=code,
        currency=document.currency,
        specification=profile.specification,
        process=profile.process,
        seller=seller,
        buyer=buyer,
        totals=_totals(document, sign),
        taxes=tuple(_tax(row, say) for row in document.taxes),
        lines=lines,
        tax_currency="EUR" if _in_euro(document) else "",
        terms=_terms(document, code),
        buyer_reference=_buyer_reference(document),
        contracts=document.contracts if len(document.contracts) == 1 else (),
        orders=(Order(clean(document.order_reference)),) if document.order_reference else (),
        accounting=clean(document.cost_centre),
        notes=_notes(document),
        preceding=tuple(Preceding(reference.number, reference.issue_date) for reference in document.preceding),
        deliveries=_deliveries(document),
        period=_period(document, lines),
        payment=_payment(document, code),
        attachments=_attachments(document),
    )
    return _basic(found) if profile.basic else found


def _deliveries(document: InvoiceDocument) -> tuple[Delivery, ...]:
    """BG-13; goods free of VAT in the EU name the country they go to, else the buyer's (BR-IC-12)."""
    to = document.delivery
    if to is None and any(row.category == "K" for row in document.taxes):
        to = document.buyer.address
    return (Delivery(address=address_of(to)),) if to else ()


def _buyer_reference(document: InvoiceDocument) -> str:
    """BT-10; in self-billing we are the buyer, and what names the matter with us is the contract."""
    if document.kind in SELF_BILLED and not document.buyer_reference:
        return clean(", ".join(document.contracts) or document.customer_number)
    return clean(document.buyer_reference)


def _code(document: InvoiceDocument, profile: Profile) -> str:
    """BT-3. Peppol knows 326 between German parties only (P0112): else an advance is 386, a partial invoice 380."""
    code = CODES.get(document.kind, "")
    if document.kind is Kind.SELF_CREDIT:
        return profile.self_credit
    if document.construction:
        return _CONSTRUCTION.get(document.kind, code)
    german = document.seller.address.country == document.buyer.address.country == "DE"
    if code == "326" and "peppol" in profile.rules and not german:
        return "386" if document.kind in ADVANCES else "380"
    return code


def _parties(document: InvoiceDocument) -> tuple[Party, Party]:
    """Seller and buyer; of a self-billing document the supplier is the seller."""
    outside = any(row.category == "O" for row in document.taxes)
    own, other = party_of(document.seller), party_of(document.buyer)
    other = replace(other, identifiers=(Identifier(document.customer_number),) if document.customer_number else ())
    seller, buyer = (other, own) if document.kind in SELF_BILLED else (own, other)
    buyer = replace(buyer, tax_number="", legal_info="", identifiers=buyer.identifiers[:1])
    if outside:  # BR-O-02: nobody states a VAT id
        seller, buyer = replace(identity_of(seller), vat_id=""), replace(buyer, vat_id="")
    return identity_of(seller), buyer


def _totals(document: InvoiceDocument, sign: int) -> Totals:
    currency, paid = document.currency, document.applied + document.deducted
    return Totals(
        lines=from_minor(sign * document.net, currency),
        net=from_minor(sign * document.net, currency),
        gross=from_minor(sign * document.gross, currency),
        due=from_minor(sign * document.payable, currency),
        tax=from_minor(sign * document.tax, currency),
        tax_accounting=(
            from_minor(in_euro(sign * document.tax, currency, document.exchange_rate), "EUR")
            if document.exchange_rate is not None and _in_euro(document)
            else None
        ),
        prepaid=from_minor(sign * paid, currency) if paid else None,
    )


def _in_euro(document: InvoiceDocument) -> bool:
    return document.exchange_rate is not None and document.currency != "EUR"


def _tax(row: DocumentTax, say: Say) -> TaxRow:
    base, tax = from_minor(say.sign * row.base, say.currency), from_minor(say.sign * row.tax, say.currency)
    code, german, english = REASONS.get(row.reason or OF_CATEGORY.get(row.category, ""), ("", "", ""))
    reason = german if say.language == "de" else english
    return TaxRow(base, tax, row.category, from_minor(row.rate, "EUR"), reason, code)


def _period(document: InvoiceDocument, lines: tuple[Line, ...]) -> Days | None:
    """BG-14: the union of the document's and its lines' service periods (PEPPOL-EN16931-R110, R111)."""
    periods = [line.period for line in lines if line.period]
    starts = [period.start for period in periods if period.start]
    ends = [period.end for period in periods if period.end]
    if document.service:
        starts.append(document.service.start)
        ends.append(document.service.last_day)
    return Days(min(starts), max(ends)) if starts and ends else None


def _terms(document: InvoiceDocument, code: str) -> tuple[Terms, ...]:
    text = payment_terms(document, refund=code in {"381", "261"})
    found = Terms(text, document.due_date)
    return (found,) if found != Terms() else ()


def _payment(document: InvoiceDocument, code: str) -> Payment:
    """BG-16: one group that fits BT-81 (BR-DE-23 to 25)."""
    number = document.number
    if code in {"381", "261"} or document.kind in SELF_BILLED:
        german = document.language == "de"
        text = "Erstattung oder Verrechnung" if german else "Refund or settlement"
        if document.kind is Kind.SELF_BILLING:
            text = "Auszahlung auf das hinterlegte Konto" if german else "Paid to the account on record"
        return Payment((Means("1", text),), number)
    if document.debit:
        debit = document.debit
        return Payment((Means("59", debited=debit.iban),), number, debit.mandate, debit.creditor)
    return Payment(account_means(document), number)


def _notes(document: InvoiceDocument) -> tuple[Note, ...]:
    """BG-1, one note for all: Peppol lets only German parties write several (R002)."""
    german = document.language == "de"
    stands = _STANDING[0 if german else 1] if document.kind is Kind.STANDING else ""
    texts = [stands, clean(document.note), clean(document.reason), *_received(document)]
    if document.agreed_on and document.kind in SELF_BILLED:
        day = format_date(document.agreed_on, document.language)
        texts.append(f"Gutschrift, vereinbart am {day}" if german else f"Self-billing, agreed on {day}")
    if document.exchange_rate is not None and _in_euro(document):
        rate = format_number(document.exchange_rate, document.language)
        texts.append(f"{'Umrechnungskurs' if german else 'Exchange rate'}: 1 EUR = {rate} {document.currency}")
    text = "\n".join(filter(None, texts))
    return (Note(text),) if text else ()


def _received(document: InvoiceDocument) -> list[str]:
    """What was received for each advance, with its VAT (§ 14 Abs. 5 S. 2 UStG); EN 16931 has no other place for it."""
    german, currency, language = document.language == "de", document.currency, document.language
    found = []
    for row in document.received:
        day, rate = format_date(row.issue_date, language), format_rate(row.rate, language)
        net, tax = format_amount(row.net, currency, language), format_amount(row.tax, currency, language)
        found.append(
            f"Erhalten auf {row.number} vom {day}: {net} netto, {tax} USt ({rate})" if german
            else f"Received for {row.number} of {day}: {net} net, {tax} VAT ({rate})"
        )  # fmt: skip
    return found


def _attachments(document: InvoiceDocument) -> tuple[Attachment, ...]:
    files = [*document.attached]
    usage = usage_file(document)
    if usage:
        files.append(usage)
    return tuple(
        Attachment(str(number), clean(file.description), content=file.content, mime=file.mime, filename=file.name)
        for number, file in enumerate(files, start=1)
    )


def _basic(found: Invoice) -> Invoice:
    """Without what Factur-X BASIC has no place for."""
    means = tuple(
        replace(one, text="", card=None, transfer=replace(one.transfer, holder="", bic="") if one.transfer else None)
        for one in found.payment.means
    )
    lines = tuple(
        replace(
            line, subject=None, order_line="", accounting="",
            item=replace(line.item, description="", seller_id="", buyer_id="", classes=(), origin="", attributes=()),
        )
        for line in found.lines
    )  # fmt: skip
    return replace(
        found,
        seller=replace(found.seller, contact=None, legal_info=""),
        buyer=replace(found.buyer, contact=None),
        payment=replace(found.payment, means=means),
        lines=lines,
        attachments=(),
    )
