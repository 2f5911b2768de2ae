"""Lines of a Cross Industry Invoice, and the parts that lines and document share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.adapters.einvoice.elements import child, leaf, money, plain

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import Adjustment, Days, Identifier, Item, Line, Price

A: Final = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
U: Final = "{urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100}"


def add_line(trade: Element, line: Line, digits: int) -> None:
    """BG-25. ``digits``: decimals of the currency."""
    parent = child(trade, A + "IncludedSupplyChainTradeLineItem")
    head = child(parent, A + "AssociatedDocumentLineDocument")
    leaf(head, A + "LineID", line.number)
    if line.note:
        leaf(child(head, A + "IncludedNote"), A + "Content", line.note)
    _item(child(parent, A + "SpecifiedTradeProduct"), line.item)
    agreement = child(parent, A + "SpecifiedLineTradeAgreement")
    if line.order_line:
        leaf(child(agreement, A + "BuyerOrderReferencedDocument"), A + "LineID", line.order_line)
    _price(agreement, line.price)
    delivery = child(parent, A + "SpecifiedLineTradeDelivery")
    leaf(delivery, A + "BilledQuantity", plain(line.quantity), "unitCode", line.unit)
    settlement = child(parent, A + "SpecifiedLineTradeSettlement")
    category(child(settlement, A + "ApplicableTradeTax"), line.category, line.rate)
    if line.period:
        period(settlement, line.period)
    for found in line.adjustments:
        adjustment(settlement, found, digits)
    total = child(settlement, A + "SpecifiedTradeSettlementLineMonetarySummation")
    leaf(total, A + "LineTotalAmount", money(line.net, digits))
    if line.subject:
        element = child(settlement, A + "AdditionalReferencedDocument")
        leaf(element, A + "IssuerAssignedID", line.subject.value)
        leaf(element, A + "TypeCode", "130")
        leaf(element, A + "ReferenceTypeCode", line.subject.scheme)
    if line.accounting:
        leaf(child(settlement, A + "ReceivableSpecifiedTradeAccountingAccount"), A + "ID", line.accounting)


def _item(parent: Element, item: Item) -> None:
    if item.standard_id:
        leaf(parent, A + "GlobalID", item.standard_id.value, "schemeID", item.standard_id.scheme)
    leaf(parent, A + "SellerAssignedID", item.seller_id)
    leaf(parent, A + "BuyerAssignedID", item.buyer_id)
    leaf(parent, A + "Name", item.name)
    leaf(parent, A + "Description", item.description)
    for name, value in item.attributes:
        element = child(parent, A + "ApplicableProductCharacteristic")
        leaf(element, A + "Description", name)
        leaf(element, A + "Value", value)
    for found in item.classes:
        element = child(child(parent, A + "DesignatedProductClassification"), A + "ClassCode", listID=found.scheme)
        element.text = found.value
        if found.version:
            element.set("listVersionID", found.version)
    if item.origin:
        leaf(child(parent, A + "OriginTradeCountry"), A + "ID", item.origin)


def _price(parent: Element, price: Price) -> None:
    if price.gross is not None:
        element = child(parent, A + "GrossPriceProductTradePrice")
        leaf(element, A + "ChargeAmount", plain(price.gross))
        if price.discount is not None:
            applied = child(element, A + "AppliedTradeAllowanceCharge")
            leaf(child(applied, A + "ChargeIndicator"), U + "Indicator", "false")
            leaf(applied, A + "ActualAmount", plain(price.discount))
    element = child(parent, A + "NetPriceProductTradePrice")
    leaf(element, A + "ChargeAmount", plain(price.net))
    if price.quantity is not None:
        leaf(element, A + "BasisQuantity", plain(price.quantity), "unitCode", price.unit)


def adjustment(parent: Element, found: Adjustment, digits: int) -> None:
    """BG-20, 21, 27 or 28."""
    element = child(parent, A + "SpecifiedTradeAllowanceCharge")
    leaf(child(element, A + "ChargeIndicator"), U + "Indicator", "true" if found.charge else "false")
    if found.percent is not None:
        leaf(element, A + "CalculationPercent", plain(found.percent))
    if found.base is not None:
        leaf(element, A + "BasisAmount", money(found.base, digits))
    leaf(element, A + "ActualAmount", money(found.amount, digits))
    leaf(element, A + "ReasonCode", found.code)
    leaf(element, A + "Reason", found.reason)
    if found.category:
        category(child(element, A + "CategoryTradeTax"), found.category, found.rate)


def category(parent: Element, code: str, rate: Decimal | None) -> None:
    """VAT category and rate of a line, allowance or charge."""
    leaf(parent, A + "TypeCode", "VAT")
    leaf(parent, A + "CategoryCode", code)
    if rate is not None:
        leaf(parent, A + "RateApplicablePercent", plain(rate))


def period(parent: Element, days: Days) -> None:
    """BG-14 or BG-26."""
    element = child(parent, A + "BillingSpecifiedPeriod")
    if days.start:
        day(child(element, A + "StartDateTime"), days.start)
    if days.end:
        day(child(element, A + "EndDateTime"), days.end)


def day(parent: Element, value: date) -> None:
    """A day in format 102."""
    element = child(parent, U + "DateTimeString", format="102")
    element.text = f"{value:%Y%m%d}"


def identified(parent: Element, identifier: Identifier) -> None:
    """An identifier of a party: without a scheme as ID, with one as GlobalID."""
    leaf(parent, A + ("GlobalID" if identifier.scheme else "ID"), identifier.value, "schemeID", identifier.scheme)
