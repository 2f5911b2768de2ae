"""UBL 2.1 ``Invoice`` and ``CreditNote`` → ``Invoice``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from turnus.adapters.einvoice.source import Source
from turnus.adapters.einvoice.ubl_lines import B, C
from turnus.adapters.einvoice.ubl_read_parts import (
    adjustments,
    delivery,
    documents,
    party,
    payee,
    period,
    read_line,
    representative,
    tax_category,
)
from turnus.adapters.einvoice.ubl_write import NOT_GIVEN
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

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import Party

NAMESPACES: Final = {"cac": C[1:-1], "cbc": B[1:-1]}

_NOTE: Final = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)


def read_ubl(root: Element) -> ReadInvoice:
    """What a UBL document says."""
    source = Source(root, NAMESPACES)
    invoice = _invoice(source, root, "CreditNote" if root.tag.endswith("}CreditNote") else "Invoice")
    return ReadInvoice(invoice, "ubl", source.outside(), tuple(source.faults))


def _invoice(read: Source, root: Element, kind: str) -> Invoice:
    currency = read.text(root, "cbc:DocumentCurrencyCode", term="BT-5")
    seller, creditor = _seller(read, root)
    totals, taxes = _totals(read, root, currency)
    return Invoice(
        number=read.text(root, "cbc:ID", term="BT-1"),
        issue_date=read.must_day(root, "cbc:IssueDate", "BT-2"),
        code=read.text(root, f"cbc:{kind}TypeCode", term="BT-3"),
        currency=currency,
        specification=read.text(root, "cbc:CustomizationID", term="BT-24"),
        process=read.text(root, "cbc:ProfileID"),
        seller=seller,
        buyer=party(read, root, "cac:AccountingCustomerParty", "BT-44"),
        totals=totals,
        taxes=taxes,
        lines=tuple(read_line(read, node, kind, currency) for node in read.nodes(root, f"cac:{kind}Line")),
        tax_currency=read.text(root, "cbc:TaxCurrencyCode"),
        tax_point=read.day(root, "cbc:TaxPointDate", "BT-7"),
        tax_point_code=read.text(root, "cac:InvoicePeriod/cbc:DescriptionCode"),
        terms=_terms(read, root),
        notes=tuple(_note(read.own(node)) for node in read.nodes(root, "cbc:Note")),
        payee=payee(read, root),
        representative=representative(read, root),
        deliveries=tuple(delivery(read, node) for node in read.nodes(root, "cac:Delivery")),
        period=period(read, root),
        payment=_payment(read, root, creditor),
        adjustments=adjustments(read, root, currency),
        **_references(read, root),
    )


def _seller(read: Source, root: Element) -> tuple[Party, str]:
    """The seller and BT-90, which stands among its identifiers."""
    creditor = ""
    for who in ("cac:AccountingSupplierParty/cac:Party", "cac:PayeeParty"):
        for node in read.nodes(root, f"{who}/cac:PartyIdentification/cbc:ID"):
            if node.get("schemeID") == "SEPA" and not creditor:
                read.attribute(node, "schemeID")
                creditor = read.own(node)
    return party(read, root, "cac:AccountingSupplierParty", "BT-27"), creditor


def _note(text: str) -> Note:
    match = _NOTE.fullmatch(text)
    return Note(match[2], match[1]) if match else Note(text)


def _terms(read: Source, root: Element) -> tuple[Terms, ...]:
    due = read.day(root, "cbc:DueDate", "BT-9") or read.day(root, "cac:PaymentMeans/cbc:PaymentDueDate", "BT-9")
    for node in read.nodes(root, "cac:PaymentMeans/cbc:PaymentDueDate"):
        read.expect(node, ".", due.isoformat() if due else "")
    found = Terms(read.text(root, "cac:PaymentTerms/cbc:Note", raw=True), due)
    return (found,) if found != Terms() else ()


def _references(read: Source, root: Element) -> dict[str, Any]:
    number, sales = read.text(root, "cac:OrderReference/cbc:ID"), read.text(root, "cac:OrderReference/cbc:SalesOrderID")
    order = Order("" if sales and number == NOT_GIVEN else number, sales)
    found = documents(read, root)
    project = read.text(root, "cac:ProjectReference/cbc:ID")
    return {
        **found,
        "project": project or found["project"],
        "buyer_reference": read.text(root, "cbc:BuyerReference"),
        "accounting": read.text(root, "cbc:AccountingCost"),
        "orders": (order,) if order != Order() else (),
        "contracts": tuple(read.own(node) for node in read.nodes(root, "cac:ContractDocumentReference/cbc:ID")),
        "despatch_advice": read.text(root, "cac:DespatchDocumentReference/cbc:ID"),
        "receiving_advice": read.text(root, "cac:ReceiptDocumentReference/cbc:ID"),
        "tender": read.text(root, "cac:OriginatorDocumentReference/cbc:ID"),
        "preceding": tuple(
            Preceding(read.text(node, "cbc:ID", term="BT-25"), read.day(node, "cbc:IssueDate", "BT-26"))
            for node in read.nodes(root, "cac:BillingReference/cac:InvoiceDocumentReference")
        ),
    }


def _payment(read: Source, root: Element, creditor: str) -> Payment:
    nodes = read.nodes(root, "cac:PaymentMeans")
    remittance = next((text for node in nodes if (text := read.text(node, "cbc:PaymentID"))), "")
    mandate = next((text for node in nodes if (text := read.text(node, "cac:PaymentMandate/cbc:ID"))), "")
    for node in nodes:  # UBL says them with each means
        read.expect(node, "cbc:PaymentID", remittance)
        read.expect(node, "cac:PaymentMandate/cbc:ID", mandate)
    return Payment(tuple(_means(read, node) for node in nodes), remittance, mandate, creditor)


def _means(read: Source, node: Element) -> Means:
    code = read.node(node, "cbc:PaymentMeansCode")
    account, card = "cac:PayeeFinancialAccount", "cac:CardAccount"
    transfer = Transfer(
        read.text(node, f"{account}/cbc:ID"),
        read.text(node, f"{account}/cbc:Name"),
        read.text(node, f"{account}/cac:FinancialInstitutionBranch/cbc:ID"),
    )
    read.expect(node, f"{card}/cbc:NetworkID", "mapped-from-cii")
    paid = Card(read.text(node, f"{card}/cbc:PrimaryAccountNumberID"), read.text(node, f"{card}/cbc:HolderName"))
    return Means(
        read.text(node, "cbc:PaymentMeansCode", term="BT-81"),
        read.attribute(code, "name") if code is not None else "",
        transfer if transfer != Transfer("") else None,
        paid if paid != Card("") else None,
        read.text(node, "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )


def _totals(read: Source, root: Element, currency: str) -> tuple[Totals, tuple[TaxRow, ...]]:
    tax = accounting = None
    rows = []
    for node in read.nodes(root, "cac:TaxTotal"):
        amount = read.node(node, "cbc:TaxAmount")
        code = read.attribute(amount, "currencyID") if amount is not None else ""
        if code == currency and tax is None:
            tax = read.number(node, "cbc:TaxAmount", "BT-110", code)
        elif code != currency and accounting is None:
            accounting = read.number(node, "cbc:TaxAmount", "BT-111", code)
            continue
        rows += [_tax_row(read, found, currency) for found in read.nodes(node, "cac:TaxSubtotal")]
    sums = read.node(root, "cac:LegalMonetaryTotal")
    if sums is None:
        read.text(root, "cac:LegalMonetaryTotal", term="BG-22")
        return Totals(ZERO, ZERO, ZERO, ZERO), tuple(rows)
    totals = Totals(
        lines=read.amount(sums, "cbc:LineExtensionAmount", "BT-106", currency),
        net=read.amount(sums, "cbc:TaxExclusiveAmount", "BT-109", currency),
        gross=read.amount(sums, "cbc:TaxInclusiveAmount", "BT-112", currency),
        due=read.amount(sums, "cbc:PayableAmount", "BT-115", currency),
        tax=tax,
        allowances=read.number(sums, "cbc:AllowanceTotalAmount", "BT-107", currency),
        charges=read.number(sums, "cbc:ChargeTotalAmount", "BT-108", currency),
        tax_accounting=accounting,
        prepaid=read.number(sums, "cbc:PrepaidAmount", "BT-113", currency),
        rounding=read.number(sums, "cbc:PayableRoundingAmount", "BT-114", currency),
    )
    return totals, tuple(rows)


def _tax_row(read: Source, node: Element, currency: str) -> TaxRow:
    category, rate = tax_category(read, node, "cac:TaxCategory", ("BT-118", "BT-119"))
    return TaxRow(
        read.amount(node, "cbc:TaxableAmount", "BT-116", currency),
        read.amount(node, "cbc:TaxAmount", "BT-117", currency),
        category,
        rate,
        read.text(node, "cac:TaxCategory/cbc:TaxExemptionReason"),
        read.text(node, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    )
