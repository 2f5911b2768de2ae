"""``Invoice`` → UN/CEFACT Cross Industry Invoice D16B: one pass, elements in the order of the schema."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from lxml import etree

from turnus.adapters.einvoice.cii_lines import A, add_line, adjustment, day, identified, period
from turnus.adapters.einvoice.elements import child, digits_of, leaf, money, one, plain, refused, serialised

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import (
        Address,
        Attachment,
        Contact,
        Identifier,
        Invoice,
        Means,
        Party,
        Payee,
        TaxRepresentative,
        TaxRow,
    )

RSM: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM: Final = A[1:-1]
UDT: Final = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT: Final = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
R: Final = f"{{{RSM}}}"
NAMESPACES: Final = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}
TAX_POINT: Final = {"3": "5", "35": "29", "432": "72"}
"""BT-8: UNTDID 2005, as in the model, → UNTDID 2475, as CII wants it."""


def write_cii(invoice: Invoice) -> bytes:
    """The invoice as CII. Raises ``Rejected`` where CII has no place for what the model holds."""
    one(invoice.orders, "BT-13", "CII")
    one(invoice.contracts, "BT-12", "CII")
    one(invoice.deliveries, "BG-13", "CII")
    try:
        return serialised(_root(invoice))
    except ValueError as error:
        raise refused(invoice, error) from None


def _root(invoice: Invoice) -> Element:
    root = etree.Element(R + "CrossIndustryInvoice", nsmap=NAMESPACES)
    context = child(root, R + "ExchangedDocumentContext")
    if invoice.process:
        leaf(child(context, A + "BusinessProcessSpecifiedDocumentContextParameter"), A + "ID", invoice.process)
    leaf(child(context, A + "GuidelineSpecifiedDocumentContextParameter"), A + "ID", invoice.specification)
    document = child(root, R + "ExchangedDocument")
    leaf(document, A + "ID", invoice.number)
    leaf(document, A + "TypeCode", invoice.code)
    day(child(document, A + "IssueDateTime"), invoice.issue_date)
    for note in invoice.notes:
        element = child(document, A + "IncludedNote")
        leaf(element, A + "Content", note.text)
        leaf(element, A + "SubjectCode", note.subject)
    trade = child(root, R + "SupplyChainTradeTransaction")
    digits = digits_of(invoice.currency)
    for line in invoice.lines:
        add_line(trade, line, digits)
    _agreement(child(trade, A + "ApplicableHeaderTradeAgreement"), invoice)
    _delivery(child(trade, A + "ApplicableHeaderTradeDelivery"), invoice)
    _settlement(child(trade, A + "ApplicableHeaderTradeSettlement"), invoice, digits)
    return root


# ---- agreement: parties and references -------------------------------------------------------------------------------


def _agreement(parent: Element, invoice: Invoice) -> None:
    leaf(parent, A + "BuyerReference", invoice.buyer_reference)
    _party(child(parent, A + "SellerTradeParty"), invoice.seller)
    _party(child(parent, A + "BuyerTradeParty"), invoice.buyer)
    if invoice.representative:
        _representative(child(parent, A + "SellerTaxRepresentativeTradeParty"), invoice.representative)
    for order in invoice.orders:
        _referenced(parent, "SellerOrder", order.sales_order)
        _referenced(parent, "BuyerOrder", order.number)
    for contract in invoice.contracts:
        _referenced(parent, "Contract", contract)
    for attachment in invoice.attachments:
        _attachment(child(parent, A + "AdditionalReferencedDocument"), attachment)
    if invoice.tender:
        element = child(parent, A + "AdditionalReferencedDocument")
        leaf(element, A + "IssuerAssignedID", invoice.tender)
        leaf(element, A + "TypeCode", "50")
    if invoice.subject:
        subject(parent, invoice.subject)
    if invoice.project:
        element = child(parent, A + "SpecifiedProcuringProject")
        leaf(element, A + "ID", invoice.project)
        leaf(element, A + "Name", "Project reference")


def subject(parent: Element, identifier: Identifier) -> None:
    """BT-18: the invoiced object."""
    element = child(parent, A + "AdditionalReferencedDocument")
    leaf(element, A + "IssuerAssignedID", identifier.value)
    leaf(element, A + "TypeCode", "130")
    leaf(element, A + "ReferenceTypeCode", identifier.scheme)


def _referenced(parent: Element, what: str, number: str) -> None:
    if number:
        leaf(child(parent, f"{A}{what}ReferencedDocument"), A + "IssuerAssignedID", number)


def _attachment(parent: Element, attachment: Attachment) -> None:
    leaf(parent, A + "IssuerAssignedID", attachment.reference)
    leaf(parent, A + "URIID", attachment.uri)
    leaf(parent, A + "TypeCode", "916")
    leaf(parent, A + "Name", attachment.description)
    if attachment.content is not None:
        element = child(parent, A + "AttachmentBinaryObject", mimeCode=attachment.mime, filename=attachment.filename)
        element.text = b64encode(attachment.content).decode()


def _party(parent: Element, party: Party) -> None:
    for identifier in party.identifiers:
        identified(parent, identifier)
    leaf(parent, A + "Name", party.name)
    leaf(parent, A + "Description", party.legal_info)
    if party.registration or party.trading_name:
        organisation = child(parent, A + "SpecifiedLegalOrganization")
        if party.registration:
            leaf(organisation, A + "ID", party.registration.value, "schemeID", party.registration.scheme)
        leaf(organisation, A + "TradingBusinessName", party.trading_name)
    if party.contact:
        _contact(child(parent, A + "DefinedTradeContact"), party.contact)
    _address(child(parent, A + "PostalTradeAddress"), party.address)
    if party.endpoint:
        uri = child(parent, A + "URIUniversalCommunication")
        leaf(uri, A + "URIID", party.endpoint.value, "schemeID", party.endpoint.scheme)
    for number, scheme in ((party.tax_number, "FC"), (party.vat_id, "VA")):
        if number:
            leaf(child(parent, A + "SpecifiedTaxRegistration"), A + "ID", number, "schemeID", scheme)


def _contact(parent: Element, contact: Contact) -> None:
    leaf(parent, A + "PersonName", contact.name)
    if contact.phone:
        leaf(child(parent, A + "TelephoneUniversalCommunication"), A + "CompleteNumber", contact.phone)
    if contact.email:
        leaf(child(parent, A + "EmailURIUniversalCommunication"), A + "URIID", contact.email)


def _address(parent: Element, address: Address) -> None:
    leaf(parent, A + "PostcodeCode", address.postcode)
    leaf(parent, A + "LineOne", address.line1)
    leaf(parent, A + "LineTwo", address.line2)
    leaf(parent, A + "LineThree", address.line3)
    leaf(parent, A + "CityName", address.city)
    leaf(parent, A + "CountryID", address.country)
    leaf(parent, A + "CountrySubDivisionName", address.region)


def _representative(parent: Element, who: TaxRepresentative) -> None:
    leaf(parent, A + "Name", who.name)
    _address(child(parent, A + "PostalTradeAddress"), who.address)
    leaf(child(parent, A + "SpecifiedTaxRegistration"), A + "ID", who.vat_id, "schemeID", "VA")


# ---- delivery --------------------------------------------------------------------------------------------------------


def _delivery(parent: Element, invoice: Invoice) -> None:
    for delivery in invoice.deliveries:
        if delivery.name or delivery.location or delivery.address:
            party = child(parent, A + "ShipToTradeParty")
            if delivery.location:
                identified(party, delivery.location)
            leaf(party, A + "Name", delivery.name)
            if delivery.address:
                _address(child(party, A + "PostalTradeAddress"), delivery.address)
        if delivery.on:
            event = child(parent, A + "ActualDeliverySupplyChainEvent")
            day(child(event, A + "OccurrenceDateTime"), delivery.on)
    _referenced(parent, "DespatchAdvice", invoice.despatch_advice)
    _referenced(parent, "ReceivingAdvice", invoice.receiving_advice)


# ---- settlement: payment, VAT, totals --------------------------------------------------------------------------------


def _settlement(parent: Element, invoice: Invoice, digits: int) -> None:
    payment = invoice.payment
    leaf(parent, A + "CreditorReferenceID", payment.creditor)
    leaf(parent, A + "PaymentReference", payment.remittance)
    leaf(parent, A + "TaxCurrencyCode", invoice.tax_currency)
    leaf(parent, A + "InvoiceCurrencyCode", invoice.currency)
    if invoice.payee:
        _payee(child(parent, A + "PayeeTradeParty"), invoice.payee)
    for means in payment.means:
        _means(child(parent, A + "SpecifiedTradeSettlementPaymentMeans"), means)
    for row in invoice.taxes:
        _tax(child(parent, A + "ApplicableTradeTax"), row, invoice, digits)
    if invoice.period:
        period(parent, invoice.period)
    for found in invoice.adjustments:
        adjustment(parent, found, digits)
    _terms(parent, invoice)
    _totals(child(parent, A + "SpecifiedTradeSettlementHeaderMonetarySummation"), invoice, digits)
    for preceding in invoice.preceding:
        element = child(parent, A + "InvoiceReferencedDocument")
        leaf(element, A + "IssuerAssignedID", preceding.number)
        if preceding.issue_date:
            text = child(child(element, A + "FormattedIssueDateTime"), f"{{{QDT}}}DateTimeString", format="102")
            text.text = preceding.issue_date.strftime("%Y%m%d")
    if invoice.accounting:
        leaf(child(parent, A + "ReceivableSpecifiedTradeAccountingAccount"), A + "ID", invoice.accounting)


def _payee(parent: Element, payee: Payee) -> None:
    if payee.identifier:
        identified(parent, payee.identifier)
    leaf(parent, A + "Name", payee.name)
    if payee.registration:
        organisation = child(parent, A + "SpecifiedLegalOrganization")
        leaf(organisation, A + "ID", payee.registration.value, "schemeID", payee.registration.scheme)


def _means(parent: Element, means: Means) -> None:
    leaf(parent, A + "TypeCode", means.code)
    leaf(parent, A + "Information", means.text)
    if means.card:
        card = child(parent, A + "ApplicableTradeSettlementFinancialCard")
        leaf(card, A + "ID", means.card.number)
        leaf(card, A + "CardholderName", means.card.holder)
    if means.debited:
        leaf(child(parent, A + "PayerPartyDebtorFinancialAccount"), A + "IBANID", means.debited)
    transfer = means.transfer
    if transfer:
        account = child(parent, A + "PayeePartyCreditorFinancialAccount")
        iban = transfer.account[:2].isalpha() and transfer.account[2:4].isdigit()
        leaf(account, A + "IBANID", transfer.account if iban else "")
        leaf(account, A + "AccountName", transfer.holder)
        leaf(account, A + "ProprietaryID", "" if iban else transfer.account)
        if transfer.bic:
            leaf(child(parent, A + "PayeeSpecifiedCreditorFinancialInstitution"), A + "BICID", transfer.bic)


def _tax(parent: Element, row: TaxRow, invoice: Invoice, digits: int) -> None:
    leaf(parent, A + "CalculatedAmount", money(row.tax, digits))
    leaf(parent, A + "TypeCode", "VAT")
    leaf(parent, A + "ExemptionReason", row.reason)
    leaf(parent, A + "BasisAmount", money(row.base, digits))
    leaf(parent, A + "CategoryCode", row.category)
    leaf(parent, A + "ExemptionReasonCode", row.code)
    if invoice.tax_point:
        text = child(child(parent, A + "TaxPointDate"), f"{{{UDT}}}DateString", format="102")
        text.text = invoice.tax_point.strftime("%Y%m%d")
    leaf(parent, A + "DueDateTypeCode", TAX_POINT.get(invoice.tax_point_code, invoice.tax_point_code))
    if row.rate is not None:
        leaf(parent, A + "RateApplicablePercent", plain(row.rate))


def _terms(parent: Element, invoice: Invoice) -> None:
    mandate = invoice.payment.mandate
    for terms in invoice.terms:
        element = child(parent, A + "SpecifiedTradePaymentTerms")
        leaf(element, A + "Description", terms.text)
        if terms.due:
            day(child(element, A + "DueDateDateTime"), terms.due)
        leaf(element, A + "DirectDebitMandateID", mandate)
        mandate = ""
    if mandate:
        leaf(child(parent, A + "SpecifiedTradePaymentTerms"), A + "DirectDebitMandateID", mandate)


def _totals(parent: Element, invoice: Invoice, digits: int) -> None:
    totals = invoice.totals
    leaf(parent, A + "LineTotalAmount", money(totals.lines, digits))
    for tag, amount in (("ChargeTotalAmount", totals.charges), ("AllowanceTotalAmount", totals.allowances)):
        if amount is not None:
            leaf(parent, A + tag, money(amount, digits))
    leaf(parent, A + "TaxBasisTotalAmount", money(totals.net, digits))
    if totals.tax is not None:
        leaf(parent, A + "TaxTotalAmount", money(totals.tax, digits), "currencyID", invoice.currency)
    if totals.tax_accounting is not None:
        text = money(totals.tax_accounting, digits_of(invoice.tax_currency))
        leaf(parent, A + "TaxTotalAmount", text, "currencyID", invoice.tax_currency)
    if totals.rounding is not None:
        leaf(parent, A + "RoundingAmount", money(totals.rounding, digits))
    leaf(parent, A + "GrandTotalAmount", money(totals.gross, digits))
    if totals.prepaid is not None:
        leaf(parent, A + "TotalPrepaidAmount", money(totals.prepaid, digits))
    leaf(parent, A + "DuePayableAmount", money(totals.due, digits))
