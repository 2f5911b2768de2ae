"""Lines, parties and other parts of a Cross Industry Invoice, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from turnus.core.einvoice.model import (
    Address,
    Adjustment,
    Attachment,
    Contact,
    Days,
    Delivery,
    Identifier,
    Item,
    Line,
    Party,
    Payee,
    Price,
    TaxRepresentative,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from turnus.adapters.einvoice.source import Source

DAY: Final = "udt:DateTimeString"


# ---- lines -----------------------------------------------------------------------------------------------------------


def read_line(read: Source, node: Element) -> Line:
    """BG-25."""
    settlement, head = "ram:SpecifiedLineTradeSettlement", "ram:AssociatedDocumentLineDocument"
    billed = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    quantity = read.node(node, billed)
    tax = f"{settlement}/ram:ApplicableTradeTax"
    read.expect(node, f"{tax}/ram:TypeCode", "VAT")
    money = read.node(node, settlement)
    total = f"{settlement}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return Line(
        number=read.text(node, f"{head}/ram:LineID", term="BT-126"),
        quantity=read.amount(node, billed, "BT-129"),
        unit=read.attribute(quantity, "unitCode") if quantity is not None else "",
        net=read.amount(node, total, "BT-131"),
        price=_price(read, node),
        category=read.text(node, f"{tax}/ram:CategoryCode", term="BT-151"),
        rate=read.number(node, f"{tax}/ram:RateApplicablePercent", "BT-152"),
        item=_item(read, node),
        note=read.text(node, f"{head}/ram:IncludedNote/ram:Content"),
        subject=_subject(read, node, f"{settlement}/ram:AdditionalReferencedDocument"),
        order_line=read.text(node, "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID"),
        accounting=read.text(node, f"{settlement}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        period=period(read, money) if money is not None else None,
        adjustments=adjustments(read, money) if money is not None else (),
    )


def _price(read: Source, node: Element) -> Price:
    net = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
    gross = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"
    applied = f"{gross}/ram:AppliedTradeAllowanceCharge"
    read.expect(node, f"{applied}/ram:ChargeIndicator/udt:Indicator", "false")
    quantity, unit = _base(read, node, net)
    again, same = _base(read, node, gross)
    return Price(
        read.amount(node, f"{net}/ram:ChargeAmount", "BT-146"),
        read.number(node, f"{applied}/ram:ActualAmount", "BT-147"),
        read.number(node, f"{gross}/ram:ChargeAmount", "BT-148"),
        quantity if quantity is not None else again,
        unit or same,
    )


def _base(read: Source, node: Element, path: str) -> tuple[Decimal | None, str]:
    found = read.node(node, f"{path}/ram:BasisQuantity")
    if found is None:
        return None, ""
    return read.number(found, ".", "BT-149"), read.attribute(found, "unitCode")


def _item(read: Source, node: Element) -> Item:
    product = "ram:SpecifiedTradeProduct"
    return Item(
        read.text(node, f"{product}/ram:Name", term="BT-153"),
        read.text(node, f"{product}/ram:Description"),
        read.text(node, f"{product}/ram:SellerAssignedID"),
        read.text(node, f"{product}/ram:BuyerAssignedID"),
        read.identifier(node, f"{product}/ram:GlobalID"),
        tuple(
            Identifier(read.own(code), read.attribute(code, "listID"), read.attribute(code, "listVersionID"))
            for code in read.nodes(node, f"{product}/ram:DesignatedProductClassification/ram:ClassCode")
        ),
        read.text(node, f"{product}/ram:OriginTradeCountry/ram:ID"),
        tuple(
            (read.text(found, "ram:Description"), read.text(found, "ram:Value"))
            for found in read.nodes(node, f"{product}/ram:ApplicableProductCharacteristic")
        ),
    )


def _subject(read: Source, node: Element, path: str) -> Identifier | None:
    for found in read.nodes(node, path):
        if read.expect(found, "ram:TypeCode", "130"):
            return Identifier(read.text(found, "ram:IssuerAssignedID"), read.text(found, "ram:ReferenceTypeCode"))
    return None


def adjustments(read: Source, parent: Element) -> tuple[Adjustment, ...]:
    """BG-20 and BG-21, or BG-27 and BG-28: allowances first."""
    found = []
    for node in read.nodes(parent, "ram:SpecifiedTradeAllowanceCharge"):
        tax = "ram:CategoryTradeTax"
        read.expect(node, f"{tax}/ram:TypeCode", "VAT")
        found.append(
            Adjustment(
                read.text(node, "ram:ChargeIndicator/udt:Indicator") in {"true", "1"},
                read.amount(node, "ram:ActualAmount", "BT-92"),
                read.number(node, "ram:BasisAmount", "BT-93"),
                read.number(node, "ram:CalculationPercent", "BT-94"),
                read.text(node, "ram:Reason"),
                read.text(node, "ram:ReasonCode"),
                read.text(node, f"{tax}/ram:CategoryCode"),
                read.number(node, f"{tax}/ram:RateApplicablePercent", "BT-96"),
            )
        )
    return tuple(sorted(found, key=lambda adjustment: adjustment.charge))


def period(read: Source, parent: Element) -> Days | None:
    """BG-14 or BG-26."""
    node = read.node(parent, "ram:BillingSpecifiedPeriod")
    if node is None:
        return None
    return Days(
        read.day(node, f"ram:StartDateTime/{DAY}", "BT-73", "102"),
        read.day(node, f"ram:EndDateTime/{DAY}", "BT-74", "102"),
    )


# ---- parties and references ------------------------------------------------------------------------------------------


def party(read: Source, parent: Element, path: str, term: str) -> Party:
    """BG-4 or BG-7. ``term``: BT id of the name."""
    node = read.node(parent, path)
    if node is None:
        read.text(parent, path, term=term)
        return Party("")
    numbers = {}
    for found in read.nodes(node, "ram:SpecifiedTaxRegistration/ram:ID"):
        scheme = read.attribute(found, "schemeID")
        if scheme in {"VA", "FC"} and scheme not in numbers:
            numbers[scheme] = read.own(found)
    return Party(
        read.text(node, "ram:Name"),
        _address(read, node) or Address(),
        read.text(node, "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers(read, node),
        read.identifier(node, "ram:SpecifiedLegalOrganization/ram:ID"),
        numbers.get("VA", ""),
        numbers.get("FC", ""),
        read.text(node, "ram:Description"),
        read.identifier(node, "ram:URIUniversalCommunication/ram:URIID"),
        _contact(read, node),
    )


def identifiers(read: Source, node: Element) -> tuple[Identifier, ...]:
    """BT-29, 46, 60 or 71: without a scheme first."""
    found = [*read.nodes(node, "ram:ID"), *read.nodes(node, "ram:GlobalID")]
    return tuple(Identifier(read.own(one), read.attribute(one, "schemeID")) for one in found)


def _contact(read: Source, node: Element) -> Contact | None:
    found = read.node(node, "ram:DefinedTradeContact")
    if found is None:
        return None
    return Contact(
        read.text(found, "ram:PersonName") or read.text(found, "ram:DepartmentName"),
        read.text(found, "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        read.text(found, "ram:EmailURIUniversalCommunication/ram:URIID"),
    )


def _address(read: Source, node: Element) -> Address | None:
    found = read.node(node, "ram:PostalTradeAddress")
    if found is None:
        return None
    return Address(
        read.text(found, "ram:LineOne"),
        read.text(found, "ram:LineTwo"),
        read.text(found, "ram:LineThree"),
        read.text(found, "ram:CityName"),
        read.text(found, "ram:PostcodeCode"),
        read.text(found, "ram:CountrySubDivisionName"),
        read.text(found, "ram:CountryID"),
    )


def payee(read: Source, settlement: Element) -> Payee | None:
    """BG-10."""
    node = read.node(settlement, "ram:PayeeTradeParty")
    if node is None:
        return None
    known = identifiers(read, node)
    registration = read.identifier(node, "ram:SpecifiedLegalOrganization/ram:ID")
    return Payee(read.text(node, "ram:Name", term="BT-59"), known[0] if known else None, registration)


def representative(read: Source, agreement: Element) -> TaxRepresentative | None:
    """BG-11."""
    node = read.node(agreement, "ram:SellerTaxRepresentativeTradeParty")
    if node is None:
        return None
    number = read.identifier(node, "ram:SpecifiedTaxRegistration/ram:ID")
    address = _address(read, node) or Address()
    return TaxRepresentative(read.text(node, "ram:Name", term="BT-62"), number.value if number else "", address)


def delivery_of(read: Source, parent: Element | None) -> tuple[Delivery, ...]:
    """BG-13."""
    if parent is None:
        return ()
    on = read.day(parent, f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}", "BT-72", "102")
    node = read.node(parent, "ram:ShipToTradeParty")
    if node is None:
        return (Delivery(on=on),) if on else ()
    known = identifiers(read, node)
    return (Delivery(read.text(node, "ram:Name"), known[0] if known else None, on, _address(read, node)),)


def attachments(read: Source, agreement: Element) -> dict[str, Any]:
    """BG-24, BT-17 and BT-18: all are additional documents, told apart by their type."""
    tender, found = "", []
    subject = _subject(read, agreement, "ram:AdditionalReferencedDocument")
    for node in read.nodes(agreement, "ram:AdditionalReferencedDocument"):
        if not tender and read.expect(node, "ram:TypeCode", "50"):
            tender = read.text(node, "ram:IssuerAssignedID")
        elif read.expect(node, "ram:TypeCode", "916"):
            content = read.node(node, "ram:AttachmentBinaryObject")
            found.append(
                Attachment(
                    read.text(node, "ram:IssuerAssignedID", term="BT-122"),
                    read.text(node, "ram:Name"),
                    read.text(node, "ram:URIID"),
                    read.content(content, "BT-125") if content is not None else None,
                    read.attribute(content, "mimeCode") if content is not None else "",
                    read.attribute(content, "filename") if content is not None else "",
                )
            )
    return {"tender": tender, "subject": subject, "attachments": tuple(found)}
