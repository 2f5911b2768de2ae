"""Lines of UBL documents, and the parts that lines and document share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.adapters.einvoice.elements import child, leaf, money, plain

if TYPE_CHECKING:
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from turnus.core.einvoice.model import Adjustment, Days, Line, Price, TaxRow

C: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
B: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"

QUANTITY: Final = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}


def add_line(root: Element, line: Line, digits: int, currency: str, kind: str) -> None:
    """BG-25. ``digits``: decimals of the currency; ``kind``: ``Invoice`` or ``CreditNote``."""
    parent = child(root, f"{C}{kind}Line")
    leaf(parent, B + "ID", line.number)
    leaf(parent, B + "Note", line.note)
    leaf(parent, B + QUANTITY[kind], plain(line.quantity), "unitCode", line.unit)
    leaf(parent, B + "LineExtensionAmount", money(line.net, digits), "currencyID", currency)
    leaf(parent, B + "AccountingCost", line.accounting)
    if line.period:
        period(parent, line.period)
    if line.order_line:
        leaf(child(parent, C + "OrderLineReference"), B + "LineID", line.order_line)
    if line.subject:
        element = child(parent, C + "DocumentReference")
        leaf(element, B + "ID", line.subject.value, "schemeID", line.subject.scheme)
        leaf(element, B + "DocumentTypeCode", "130")
    for found in line.adjustments:
        adjustment(parent, found, digits, currency)
    _item(child(parent, C + "Item"), line)
    _price(child(parent, C + "Price"), line.price, currency)


def _item(parent: Element, line: Line) -> None:
    item = line.item
    leaf(parent, B + "Description", item.description)
    leaf(parent, B + "Name", item.name)
    for name, value in (("Buyers", item.buyer_id), ("Sellers", item.seller_id)):
        if value:
            leaf(child(parent, f"{C}{name}ItemIdentification"), B + "ID", value)
    if item.standard_id:
        element = child(parent, C + "StandardItemIdentification")
        leaf(element, B + "ID", item.standard_id.value, "schemeID", item.standard_id.scheme)
    if item.origin:
        leaf(child(parent, C + "OriginCountry"), B + "IdentificationCode", item.origin)
    for found in item.classes:
        element = child(child(parent, C + "CommodityClassification"), B + "ItemClassificationCode", listID=found.scheme)
        element.text = found.value
        if found.version:
            element.set("listVersionID", found.version)
    category(child(parent, C + "ClassifiedTaxCategory"), line.category, line.rate)
    for name, value in item.attributes:
        element = child(parent, C + "AdditionalItemProperty")
        leaf(element, B + "Name", name)
        leaf(element, B + "Value", value)


def _price(parent: Element, price: Price, currency: str) -> None:
    leaf(parent, B + "PriceAmount", plain(price.net), "currencyID", currency)
    if price.quantity is not None:
        leaf(parent, B + "BaseQuantity", plain(price.quantity), "unitCode", price.unit)
    if price.discount is not None or price.gross is not None:
        element = child(parent, C + "AllowanceCharge")
        leaf(element, B + "ChargeIndicator", "false")
        if price.discount is not None:
            leaf(element, B + "Amount", plain(price.discount), "currencyID", currency)
        if price.gross is not None:
            leaf(element, B + "BaseAmount", plain(price.gross), "currencyID", currency)


def adjustment(parent: Element, found: Adjustment, digits: int, currency: str) -> None:
    """BG-20, 21, 27 or 28."""
    element = child(parent, C + "AllowanceCharge")
    leaf(element, B + "ChargeIndicator", "true" if found.charge else "false")
    leaf(element, B + "AllowanceChargeReasonCode", found.code)
    leaf(element, B + "AllowanceChargeReason", found.reason)
    if found.percent is not None:
        leaf(element, B + "MultiplierFactorNumeric", plain(found.percent))
    leaf(element, B + "Amount", money(found.amount, digits), "currencyID", currency)
    if found.base is not None:
        leaf(element, B + "BaseAmount", money(found.base, digits), "currencyID", currency)
    if found.category:
        category(child(element, C + "TaxCategory"), found.category, found.rate)


def category(parent: Element, code: str, rate: Decimal | None, row: TaxRow | None = None) -> None:
    """VAT category and rate of a line, allowance or charge; of the breakdown also the exemption."""
    leaf(parent, B + "ID", code)
    if rate is not None:
        leaf(parent, B + "Percent", plain(rate))
    if row:
        leaf(parent, B + "TaxExemptionReasonCode", row.code)
        leaf(parent, B + "TaxExemptionReason", row.reason)
    leaf(child(parent, C + "TaxScheme"), B + "ID", "VAT")


def period(parent: Element, days: Days | None, code: str = "") -> None:
    """BG-14 with BT-8, or BG-26."""
    element = child(parent, C + "InvoicePeriod")
    if days and days.start:
        leaf(element, B + "StartDate", days.start.isoformat())
    if days and days.end:
        leaf(element, B + "EndDate", days.end.isoformat())
    leaf(element, B + "DescriptionCode", code)
