"""``Invoice`` → UBL 2.1, ``Invoice`` or ``CreditNote`` by its code: one pass, elements in the order of the schema."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from lxml import etree

from turnus.adapters.einvoice.elements import child, digits_of, leaf, money, one, refused, serialised
from turnus.adapters.einvoice.ubl_lines import B, C, add_line, adjustment, category, period
from turnus.core.einvoice.model import CREDIT_NOTES

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import (
        Address,
        Attachment,
        Delivery,
        Identifier,
        Invoice,
        Means,
        Party,
        Payee,
        Payment,
        TaxRepresentative,
    )

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
NAMESPACES: Final[dict[str, dict[str, str]]] = {
    kind: {None: UBL.format(kind), "cac": C[1:-1], "cbc": B[1:-1]}  # type: ignore[dict-item] # lxml's default namespace
    for kind in ("Invoice", "CreditNote")
}
NOT_GIVEN: Final = "NA"
"""BT-13, which UBL demands beside BT-14."""


def write_ubl(invoice: Invoice) -> bytes:
    """The invoice as UBL. Raises ``Rejected`` where UBL has no place for what the model holds."""
    one(invoice.orders, "BT-13", "UBL")
    one(invoice.terms, "BT-20", "UBL")
    try:
        return serialised(_root(invoice))
    except ValueError as error:
        raise refused(invoice, error) from None


def _root(invoice: Invoice) -> Element:
    credit = invoice.code in CREDIT_NOTES
    kind = "CreditNote" if credit else "Invoice"
    root = etree.Element(f"{{{UBL.format(kind)}}}{kind}", nsmap=NAMESPACES[kind])
    _head(root, invoice, credit=credit)
    _references(root, invoice, credit=credit)
    _party(child(child(root, C + "AccountingSupplierParty"), C + "Party"), invoice.seller, invoice.payment)
    _party(child(child(root, C + "AccountingCustomerParty"), C + "Party"), invoice.buyer, None)
    if invoice.payee:
        _payee(child(root, C + "PayeeParty"), invoice.payee)
    if invoice.representative:
        _representative(child(root, C + "TaxRepresentativeParty"), invoice.representative)
    for delivery in invoice.deliveries:
        _delivery(child(root, C + "Delivery"), delivery)
    due = invoice.terms[0].due if credit and invoice.terms else None
    for means in invoice.payment.means:
        _means(child(root, C + "PaymentMeans"), means, invoice.payment, due)
    for terms in invoice.terms:
        if terms.text:
            leaf(child(root, C + "PaymentTerms"), B + "Note", terms.text)
    digits = digits_of(invoice.currency)
    for found in invoice.adjustments:
        adjustment(root, found, digits, invoice.currency)
    _taxes(root, invoice, digits)
    _totals(child(root, C + "LegalMonetaryTotal"), invoice, digits)
    for line in invoice.lines:
        add_line(root, line, digits, invoice.currency, kind)
    return root


# ---- head and references ---------------------------------------------------------------------------------------------


def _head(root: Element, invoice: Invoice, *, credit: bool) -> None:
    leaf(root, B + "CustomizationID", invoice.specification)
    leaf(root, B + "ProfileID", invoice.process)
    leaf(root, B + "ID", invoice.number)
    leaf(root, B + "IssueDate", invoice.issue_date.isoformat())
    if credit:
        _day(root, "TaxPointDate", invoice.tax_point)
        leaf(root, B + "CreditNoteTypeCode", invoice.code)
    else:
        _day(root, "DueDate", invoice.terms[0].due if invoice.terms else None)
        leaf(root, B + "InvoiceTypeCode", invoice.code)
    for note in invoice.notes:
        leaf(root, B + "Note", f"#{note.subject}#{note.text}" if note.subject else note.text)
    if not credit:
        _day(root, "TaxPointDate", invoice.tax_point)
    leaf(root, B + "DocumentCurrencyCode", invoice.currency)
    leaf(root, B + "TaxCurrencyCode", invoice.tax_currency)
    leaf(root, B + "AccountingCost", invoice.accounting)
    leaf(root, B + "BuyerReference", invoice.buyer_reference)
    if invoice.period or invoice.tax_point_code:
        period(root, invoice.period, invoice.tax_point_code)
    for order in invoice.orders:
        element = child(root, C + "OrderReference")
        leaf(element, B + "ID", order.number or NOT_GIVEN)
        leaf(element, B + "SalesOrderID", order.sales_order)
    for preceding in invoice.preceding:
        element = child(child(root, C + "BillingReference"), C + "InvoiceDocumentReference")
        leaf(element, B + "ID", preceding.number)
        _day(element, "IssueDate", preceding.issue_date)


def _references(root: Element, invoice: Invoice, *, credit: bool) -> None:
    _reference(root, "DespatchDocumentReference", invoice.despatch_advice)
    _reference(root, "ReceiptDocumentReference", invoice.receiving_advice)
    if not credit:
        _reference(root, "OriginatorDocumentReference", invoice.tender)
    for contract in invoice.contracts:
        _reference(root, "ContractDocumentReference", contract)
    if invoice.subject:
        _typed(root, "130", invoice.subject.value, invoice.subject.scheme)
    if credit and invoice.project:
        _typed(root, "50", invoice.project)
    for attachment in invoice.attachments:
        _attachment(child(root, C + "AdditionalDocumentReference"), attachment)
    _reference(root, "OriginatorDocumentReference" if credit else "ProjectReference",
               invoice.tender if credit else invoice.project)  # fmt: skip


def _reference(root: Element, name: str, number: str) -> None:
    if number:
        leaf(child(root, C + name), B + "ID", number)


def _typed(root: Element, code: str, number: str, scheme: str = "") -> None:
    element = child(root, C + "AdditionalDocumentReference")
    leaf(element, B + "ID", number, "schemeID", scheme)
    leaf(element, B + "DocumentTypeCode", code)


def _attachment(parent: Element, attachment: Attachment) -> None:
    leaf(parent, B + "ID", attachment.reference)
    leaf(parent, B + "DocumentDescription", attachment.description)
    if attachment.content is None and not attachment.uri:
        return
    element = child(parent, C + "Attachment")
    if attachment.content is not None:
        content = child(
            element, B + "EmbeddedDocumentBinaryObject", mimeCode=attachment.mime, filename=attachment.filename
        )
        content.text = b64encode(attachment.content).decode()
    if attachment.uri:
        leaf(child(element, C + "ExternalReference"), B + "URI", attachment.uri)


def _day(parent: Element, name: str, value: date | None) -> None:
    if value:
        leaf(parent, B + name, value.isoformat())


# ---- parties ---------------------------------------------------------------------------------------------------------


def _party(parent: Element, party: Party, payment: Payment | None) -> None:
    if party.endpoint:
        leaf(parent, B + "EndpointID", party.endpoint.value, "schemeID", party.endpoint.scheme)
    for identifier in party.identifiers:
        _identification(parent, identifier)
    if payment and payment.creditor:
        leaf(child(parent, C + "PartyIdentification"), B + "ID", payment.creditor, "schemeID", "SEPA")
    if party.trading_name:
        leaf(child(parent, C + "PartyName"), B + "Name", party.trading_name)
    _address(child(parent, C + "PostalAddress"), party.address)
    _tax_scheme(parent, party.vat_id, "VAT")
    _tax_scheme(parent, party.tax_number, "FC")
    entity = child(parent, C + "PartyLegalEntity")
    leaf(entity, B + "RegistrationName", party.name)
    if party.registration:
        leaf(entity, B + "CompanyID", party.registration.value, "schemeID", party.registration.scheme)
    leaf(entity, B + "CompanyLegalForm", party.legal_info)
    if party.contact:
        contact = child(parent, C + "Contact")
        leaf(contact, B + "Name", party.contact.name)
        leaf(contact, B + "Telephone", party.contact.phone)
        leaf(contact, B + "ElectronicMail", party.contact.email)


def _identification(parent: Element, identifier: Identifier) -> None:
    leaf(child(parent, C + "PartyIdentification"), B + "ID", identifier.value, "schemeID", identifier.scheme)


def _tax_scheme(parent: Element, number: str, scheme: str) -> None:
    if number:
        element = child(parent, C + "PartyTaxScheme")
        leaf(element, B + "CompanyID", number)
        leaf(child(element, C + "TaxScheme"), B + "ID", scheme)


def _address(parent: Element, address: Address) -> None:
    leaf(parent, B + "StreetName", address.line1)
    leaf(parent, B + "AdditionalStreetName", address.line2)
    leaf(parent, B + "CityName", address.city)
    leaf(parent, B + "PostalZone", address.postcode)
    leaf(parent, B + "CountrySubentity", address.region)
    if address.line3:
        leaf(child(parent, C + "AddressLine"), B + "Line", address.line3)
    if address.country:
        leaf(child(parent, C + "Country"), B + "IdentificationCode", address.country)


def _payee(parent: Element, payee: Payee) -> None:
    if payee.identifier:
        _identification(parent, payee.identifier)
    leaf(child(parent, C + "PartyName"), B + "Name", payee.name)
    if payee.registration:
        entity = child(parent, C + "PartyLegalEntity")
        leaf(entity, B + "CompanyID", payee.registration.value, "schemeID", payee.registration.scheme)


def _representative(parent: Element, who: TaxRepresentative) -> None:
    leaf(child(parent, C + "PartyName"), B + "Name", who.name)
    _address(child(parent, C + "PostalAddress"), who.address)
    _tax_scheme(parent, who.vat_id, "VAT")


def _delivery(parent: Element, delivery: Delivery) -> None:
    _day(parent, "ActualDeliveryDate", delivery.on)
    if delivery.location or delivery.address:
        place = child(parent, C + "DeliveryLocation")
        if delivery.location:
            leaf(place, B + "ID", delivery.location.value, "schemeID", delivery.location.scheme)
        if delivery.address:
            _address(child(place, C + "Address"), delivery.address)
    if delivery.name:
        leaf(child(child(parent, C + "DeliveryParty"), C + "PartyName"), B + "Name", delivery.name)


# ---- payment, VAT, totals --------------------------------------------------------------------------------------------


def _means(parent: Element, means: Means, payment: Payment, due: date | None) -> None:
    leaf(parent, B + "PaymentMeansCode", means.code, "name", means.text)
    _day(parent, "PaymentDueDate", due)
    leaf(parent, B + "PaymentID", payment.remittance)
    if means.card:
        card = child(parent, C + "CardAccount")
        leaf(card, B + "PrimaryAccountNumberID", means.card.number)
        leaf(card, B + "NetworkID", "mapped-from-cii")  # the schema demands it, EN 16931 has no term for it
        leaf(card, B + "HolderName", means.card.holder)
    transfer = means.transfer
    if transfer:
        account = child(parent, C + "PayeeFinancialAccount")
        leaf(account, B + "ID", transfer.account)
        leaf(account, B + "Name", transfer.holder)
        if transfer.bic:
            leaf(child(account, C + "FinancialInstitutionBranch"), B + "ID", transfer.bic)
    if means.debited or (payment.mandate and not transfer and not means.card):
        mandate = child(parent, C + "PaymentMandate")
        leaf(mandate, B + "ID", payment.mandate)
        if means.debited:
            leaf(child(mandate, C + "PayerFinancialAccount"), B + "ID", means.debited)


def _taxes(root: Element, invoice: Invoice, digits: int) -> None:
    currency, totals = invoice.currency, invoice.totals
    if totals.tax is not None or invoice.taxes:
        parent = child(root, C + "TaxTotal")
        if totals.tax is not None:
            _amount(parent, "TaxAmount", totals.tax, digits, currency)
        for row in invoice.taxes:
            element = child(parent, C + "TaxSubtotal")
            _amount(element, "TaxableAmount", row.base, digits, currency)
            _amount(element, "TaxAmount", row.tax, digits, currency)
            category(child(element, C + "TaxCategory"), row.category, row.rate, row)
    if totals.tax_accounting is not None:
        accounting = invoice.tax_currency
        _amount(child(root, C + "TaxTotal"), "TaxAmount", totals.tax_accounting, digits_of(accounting), accounting)


def _totals(parent: Element, invoice: Invoice, digits: int) -> None:
    totals, currency = invoice.totals, invoice.currency
    for name, amount in (
        ("LineExtensionAmount", totals.lines),
        ("TaxExclusiveAmount", totals.net),
        ("TaxInclusiveAmount", totals.gross),
        ("AllowanceTotalAmount", totals.allowances),
        ("ChargeTotalAmount", totals.charges),
        ("PrepaidAmount", totals.prepaid),
        ("PayableRoundingAmount", totals.rounding),
        ("PayableAmount", totals.due),
    ):
        if amount is not None:
            _amount(parent, name, amount, digits, currency)


def _amount(parent: Element, name: str, value: Decimal, digits: int, currency: str) -> None:
    leaf(parent, B + name, money(value, digits), "currencyID", currency)
