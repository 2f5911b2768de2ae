"""UN/CEFACT Cross Industry Invoice D16B → ``Invoice``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.adapters.einvoice.cii_read_parts import (
    DAY,
    adjustments,
    attachments,
    delivery_of,
    party,
    payee,
    period,
    read_line,
    representative,
)
from turnus.adapters.einvoice.cii_write import NAMESPACES, TAX_POINT
from turnus.adapters.einvoice.source import Source
from turnus.core.einvoice.model import (
    ZERO,
    Card,
    Invoice,
    Means,
    Note,
    Order,
    Payment,
    Preceding,
    ReadInvoice,
    TaxRow,
    Terms,
    Totals,
    Transfer,
)
from turnus.ports import Rejected

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from lxml.etree import _Element as Element

_TAX_POINT: Final = {theirs: ours for ours, theirs in TAX_POINT.items()}
_NUMBER: Final = "ram:IssuerAssignedID"


class _Parts(NamedTuple):
    """The main elements of one document."""

    context: Element
    head: Element
    trade: Element
    agreement: Element
    settlement: Element
    delivery: Element | None
    currency: str


def read_cii(root: Element) -> ReadInvoice:
    """What a CII says. Raises ``Rejected`` where it lacks its main parts."""
    source = Source(root, NAMESPACES)
    context = source.node(root, "rsm:ExchangedDocumentContext")
    head = source.node(root, "rsm:ExchangedDocument")
    trade = source.node(root, "rsm:SupplyChainTradeTransaction")
    agreement = source.node(root, "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement")
    settlement = source.node(root, "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement")
    if context is None or head is None or trade is None or agreement is None or settlement is None:
        raise Rejected("The invoice lacks main parts of CII.", "Der Rechnung fehlen Hauptteile des Formats CII.")
    delivery = source.node(trade, "ram:ApplicableHeaderTradeDelivery")
    currency = source.text(settlement, "ram:InvoiceCurrencyCode", term="BT-5")
    invoice = _invoice(source, _Parts(context, head, trade, agreement, settlement, delivery, currency))
    return ReadInvoice(invoice, "cii", source.outside(), tuple(source.faults))


def _invoice(read: Source, parts: _Parts) -> Invoice:
    context, head, trade, agreement, settlement, delivery, currency = parts
    taxes, point, code = _taxes(read, settlement)
    return Invoice(
        number=read.text(head, "ram:ID", term="BT-1"),
        issue_date=read.must_day(head, f"ram:IssueDateTime/{DAY}", "BT-2", "102"),
        code=read.text(head, "ram:TypeCode", term="BT-3"),
        currency=currency,
        specification=read.text(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", term="BT-24"),
        process=read.text(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        seller=party(read, agreement, "ram:SellerTradeParty", "BT-27"),
        buyer=party(read, agreement, "ram:BuyerTradeParty", "BT-44"),
        totals=_totals(read, settlement, currency),
        taxes=taxes,
        lines=tuple(read_line(read, node) for node in read.nodes(trade, "ram:IncludedSupplyChainTradeLineItem")),
        tax_currency=read.text(settlement, "ram:TaxCurrencyCode"),
        tax_point=point,
        tax_point_code=code,
        terms=_terms(read, settlement),
        notes=tuple(
            Note(read.text(node, "ram:Content"), read.text(node, "ram:SubjectCode"))
            for node in read.nodes(head, "ram:IncludedNote")
        ),
        preceding=_preceding(read, settlement),
        payee=payee(read, settlement),
        representative=representative(read, agreement),
        deliveries=delivery_of(read, delivery),
        period=period(read, settlement),
        payment=_payment(read, settlement),
        adjustments=adjustments(read, settlement),
        **_references(read, agreement, delivery),
        accounting=read.text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
    )


def _references(read: Source, agreement: Element, delivery: Element | None) -> dict[str, Any]:
    order = Order(
        read.text(agreement, f"ram:BuyerOrderReferencedDocument/{_NUMBER}"),
        read.text(agreement, f"ram:SellerOrderReferencedDocument/{_NUMBER}"),
    )
    contract = read.text(agreement, f"ram:ContractReferencedDocument/{_NUMBER}")
    project = read.text(agreement, "ram:SpecifiedProcuringProject/ram:ID")
    if project:
        read.expect(agreement, "ram:SpecifiedProcuringProject/ram:Name", "Project reference")
    found = {
        "buyer_reference": read.text(agreement, "ram:BuyerReference"),
        "project": project,
        "contracts": (contract,) if contract else (),
        "orders": (order,) if order != Order() else (),
        **attachments(read, agreement),
    }
    if delivery is not None:
        for name, what in (("receiving_advice", "Receiving"), ("despatch_advice", "Despatch")):
            found[name] = read.text(delivery, f"ram:{what}AdviceReferencedDocument/{_NUMBER}")
    return found


def _taxes(read: Source, settlement: Element) -> tuple[tuple[TaxRow, ...], date | None, str]:
    """BG-23, BT-7 and BT-8: the latter two stand in every row, and count once."""
    rows, points, codes = [], [], []
    for node in read.nodes(settlement, "ram:ApplicableTradeTax"):
        read.expect(node, "ram:TypeCode", "VAT")
        rows.append(
            TaxRow(
                read.amount(node, "ram:BasisAmount", "BT-116"),
                read.amount(node, "ram:CalculatedAmount", "BT-117"),
                read.text(node, "ram:CategoryCode", term="BT-118"),
                read.number(node, "ram:RateApplicablePercent", "BT-119"),
                read.text(node, "ram:ExemptionReason"),
                read.text(node, "ram:ExemptionReasonCode"),
            )
        )
        points.append(read.day(node, "ram:TaxPointDate/udt:DateString", "BT-7", "102"))
        codes.append(read.text(node, "ram:DueDateTypeCode"))
    code = next(filter(None, codes), "")
    return tuple(rows), next(filter(None, points), None), _TAX_POINT.get(code, code)


def _terms(read: Source, settlement: Element) -> tuple[Terms, ...]:
    found = (
        Terms(
            read.text(node, "ram:Description", raw=True),
            read.day(node, "ram:DueDateDateTime/udt:DateTimeString", "BT-9", "102"),
        )
        for node in read.nodes(settlement, "ram:SpecifiedTradePaymentTerms")
    )
    return tuple(terms for terms in found if terms != Terms())


def _preceding(read: Source, settlement: Element) -> tuple[Preceding, ...]:
    return tuple(
        Preceding(
            read.text(node, _NUMBER, term="BT-25"),
            read.day(node, "ram:FormattedIssueDateTime/qdt:DateTimeString", "BT-26", "102"),
        )
        for node in read.nodes(settlement, "ram:InvoiceReferencedDocument")
    )


def _payment(read: Source, settlement: Element) -> Payment:
    return Payment(
        tuple(_means(read, node) for node in read.nodes(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")),
        read.text(settlement, "ram:PaymentReference"),
        read.text(settlement, "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"),
        read.text(settlement, "ram:CreditorReferenceID"),
    )


def _means(read: Source, node: Element) -> Means:
    card, account = "ram:ApplicableTradeSettlementFinancialCard", "ram:PayeePartyCreditorFinancialAccount"
    number = read.text(node, f"{account}/ram:IBANID") or read.text(node, f"{account}/ram:ProprietaryID")
    transfer = Transfer(
        number,
        read.text(node, f"{account}/ram:AccountName"),
        read.text(node, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )
    paid = Card(read.text(node, f"{card}/ram:ID"), read.text(node, f"{card}/ram:CardholderName"))
    return Means(
        read.text(node, "ram:TypeCode", term="BT-81"),
        read.text(node, "ram:Information"),
        transfer if transfer != Transfer("") else None,
        paid if paid != Card("") else None,
        read.text(node, "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
    )


def _totals(read: Source, settlement: Element, currency: str) -> Totals:
    sums = read.node(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    if sums is None:
        read.text(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation", term="BG-22")
        return Totals(ZERO, ZERO, ZERO, ZERO)
    taxes: dict[str, Decimal] = {}
    for node in read.nodes(sums, "ram:TaxTotalAmount"):
        code = read.attribute(node, "currencyID") or currency
        found = read.number(node, ".", "BT-110", code)
        if found is not None and code not in taxes:
            taxes[code] = found
    other = [amount for code, amount in taxes.items() if code != currency]
    return Totals(
        lines=read.amount(sums, "ram:LineTotalAmount", "BT-106", currency),
        net=read.amount(sums, "ram:TaxBasisTotalAmount", "BT-109", currency),
        gross=read.amount(sums, "ram:GrandTotalAmount", "BT-112", currency),
        due=read.amount(sums, "ram:DuePayableAmount", "BT-115", currency),
        tax=taxes.get(currency),
        allowances=read.number(sums, "ram:AllowanceTotalAmount", "BT-107", currency),
        charges=read.number(sums, "ram:ChargeTotalAmount", "BT-108", currency),
        tax_accounting=other[0] if other else None,
        prepaid=read.number(sums, "ram:TotalPrepaidAmount", "BT-113", currency),
        rounding=read.number(sums, "ram:RoundingAmount", "BT-114", currency),
    )
