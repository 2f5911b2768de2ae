"""Lines, parties and other parts of UBL documents, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


# ---- lines -----------------------------------------------------------------------------------------------------------


def read_line(read: Source, node: Element, kind: str, currency: str) -> Line:
    """BG-25. ``kind``: ``Invoice`` or ``CreditNote``."""
    path = "cbc:InvoicedQuantity" if kind == "Invoice" else "cbc:CreditedQuantity"
    quantity = read.node(node, path)
    category, rate = tax_category(read, node, "cac:Item/cac:ClassifiedTaxCategory", ("BT-151", "BT-152"))
    subject = None
    if read.expect(node, "cac:DocumentReference/cbc:DocumentTypeCode", "130"):
        subject = read.identifier(node, "cac:DocumentReference/cbc:ID")
    return Line(
        number=read.text(node, "cbc:ID", term="BT-126"),
        quantity=read.amount(node, path, "BT-129"),
        unit=read.attribute(quantity, "unitCode") if quantity is not None else "",
        net=read.amount(node, "cbc:LineExtensionAmount", "BT-131", currency),
        price=_price(read, node, currency),
        category=category,
        rate=rate,
        item=_item(read, node),
        note=read.text(node, "cbc:Note"),
        subject=subject,
        order_line=read.text(node, "cac:OrderLineReference/cbc:LineID"),
        accounting=read.text(node, "cbc:AccountingCost"),
        period=period(read, node),
        adjustments=adjustments(read, node, currency),
    )


def _price(read: Source, node: Element, currency: str) -> Price:
    allowance = "cac:Price/cac:AllowanceCharge"
    read.expect(node, f"{allowance}/cbc:ChargeIndicator", "false")
    base = read.node(node, "cac:Price/cbc:BaseQuantity")
    return Price(
        read.amount(node, "cac:Price/cbc:PriceAmount", "BT-146", currency),
        read.number(node, f"{allowance}/cbc:Amount", "BT-147", currency),
        read.number(node, f"{allowance}/cbc:BaseAmount", "BT-148", currency),
        read.number(node, "cac:Price/cbc:BaseQuantity", "BT-149"),
        read.attribute(base, "unitCode") if base is not None else "",
    )


def _item(read: Source, node: Element) -> Item:
    return Item(
        read.text(node, "cac:Item/cbc:Name", term="BT-153"),
        read.text(node, "cac:Item/cbc:Description"),
        read.text(node, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        read.text(node, "cac:Item/cac:BuyersItemIdentification/cbc:ID"),
        read.identifier(node, "cac:Item/cac:StandardItemIdentification/cbc:ID"),
        tuple(
            Identifier(read.own(code), read.attribute(code, "listID"), read.attribute(code, "listVersionID"))
            for code in read.nodes(node, "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode")
        ),
        read.text(node, "cac:Item/cac:OriginCountry/cbc:IdentificationCode"),
        tuple(
            (read.text(found, "cbc:Name"), read.text(found, "cbc:Value"))
            for found in read.nodes(node, "cac:Item/cac:AdditionalItemProperty")
        ),
    )


def tax_category(read: Source, node: Element, path: str, terms: tuple[str, str]) -> tuple[str, Decimal | None]:
    """Category and rate. ``terms``: their BT ids."""
    read.expect(node, f"{path}/cac:TaxScheme/cbc:ID", "VAT")
    return read.text(node, f"{path}/cbc:ID", term=terms[0]), read.number(node, f"{path}/cbc:Percent", terms[1])


def adjustments(read: Source, parent: Element, currency: str) -> tuple[Adjustment, ...]:
    """BG-20 and BG-21, or BG-27 and BG-28: allowances first."""
    found = []
    for node in read.nodes(parent, "cac:AllowanceCharge"):
        category, rate = "", None
        if read.node(node, "cac:TaxCategory") is not None:
            category, rate = tax_category(read, node, "cac:TaxCategory", ("BT-95", "BT-96"))
        found.append(
            Adjustment(
                read.text(node, "cbc:ChargeIndicator") in {"true", "1"},
                read.amount(node, "cbc:Amount", "BT-92", currency),
                read.number(node, "cbc:BaseAmount", "BT-93", currency),
                read.number(node, "cbc:MultiplierFactorNumeric", "BT-94"),
                read.text(node, "cbc:AllowanceChargeReason"),
                read.text(node, "cbc:AllowanceChargeReasonCode"),
                category,
                rate,
            )
        )
    return tuple(sorted(found, key=lambda adjustment: adjustment.charge))


def period(read: Source, parent: Element) -> Days | None:
    """BG-14 or BG-26; None where there is only BT-8."""
    node = read.node(parent, "cac:InvoicePeriod")
    if node is None:
        return None
    days = Days(read.day(node, "cbc:StartDate", "BT-73"), read.day(node, "cbc:EndDate", "BT-74"))
    return days if days != Days(None, None) else None


# ---- parties and references ------------------------------------------------------------------------------------------


def party(read: Source, root: Element, path: str, term: str) -> Party:
    """BG-4 or BG-7. ``term``: BT id of the name."""
    node = read.node(root, f"{path}/cac:Party")
    if node is None:
        read.text(root, path, term=term)
        return Party("")
    vat_id, tax_number = _tax_numbers(read, node)
    known = [one for one in read.nodes(node, "cac:PartyIdentification/cbc:ID") if one.get("schemeID") != "SEPA"]
    found = [Identifier(read.own(one), read.attribute(one, "schemeID")) for one in known]
    contact = read.node(node, "cac:Contact")
    return Party(
        read.text(node, "cac:PartyLegalEntity/cbc:RegistrationName"),
        _address(read, node, "cac:PostalAddress") or Address(),
        read.text(node, "cac:PartyName/cbc:Name"),
        tuple(sorted(found, key=lambda identifier: identifier.scheme != "")),
        read.identifier(node, "cac:PartyLegalEntity/cbc:CompanyID"),
        vat_id,
        tax_number,
        read.text(node, "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        read.identifier(node, "cbc:EndpointID"),
        Contact(
            read.text(contact, "cbc:Name"),
            read.text(contact, "cbc:Telephone"),
            read.text(contact, "cbc:ElectronicMail"),
        )
        if contact is not None
        else None,
    )


def _tax_numbers(read: Source, node: Element) -> tuple[str, str]:
    """BT-31 (48) has the scheme VAT, BT-32 any other."""
    vat_id = tax_number = ""
    for found in read.nodes(node, "cac:PartyTaxScheme"):
        if not vat_id and read.expect(found, "cac:TaxScheme/cbc:ID", "VAT"):
            vat_id = read.text(found, "cbc:CompanyID")
        elif not tax_number:
            read.text(found, "cac:TaxScheme/cbc:ID")
            tax_number = read.text(found, "cbc:CompanyID")
    return vat_id, tax_number


def _address(read: Source, node: Element, path: str) -> Address | None:
    found = read.node(node, path)
    if found is None:
        return None
    return Address(
        read.text(found, "cbc:StreetName"),
        read.text(found, "cbc:AdditionalStreetName"),
        read.text(found, "cac:AddressLine/cbc:Line"),
        read.text(found, "cbc:CityName"),
        read.text(found, "cbc:PostalZone"),
        read.text(found, "cbc:CountrySubentity"),
        read.text(found, "cac:Country/cbc:IdentificationCode"),
    )


def payee(read: Source, root: Element) -> Payee | None:
    """BG-10."""
    node = read.node(root, "cac:PayeeParty")
    if node is None:
        return None
    known = [one for one in read.nodes(node, "cac:PartyIdentification/cbc:ID") if one.get("schemeID") != "SEPA"]
    identifier = Identifier(read.own(known[0]), read.attribute(known[0], "schemeID")) if known else None
    name = read.text(node, "cac:PartyName/cbc:Name", term="BT-59")
    return Payee(name, identifier, read.identifier(node, "cac:PartyLegalEntity/cbc:CompanyID"))


def representative(read: Source, root: Element) -> TaxRepresentative | None:
    """BG-11."""
    node = read.node(root, "cac:TaxRepresentativeParty")
    if node is None:
        return None
    vat_id, _other = _tax_numbers(read, node)
    address = _address(read, node, "cac:PostalAddress") or Address()
    return TaxRepresentative(read.text(node, "cac:PartyName/cbc:Name", term="BT-62"), vat_id, address)


def delivery(read: Source, node: Element) -> Delivery:
    """BG-13."""
    return Delivery(
        read.text(node, "cac:DeliveryParty/cac:PartyName/cbc:Name"),
        read.identifier(node, "cac:DeliveryLocation/cbc:ID"),
        read.day(node, "cbc:ActualDeliveryDate", "BT-72"),
        _address(read, node, "cac:DeliveryLocation/cac:Address"),
    )


def documents(read: Source, root: Element) -> dict[str, Any]:
    """BG-24, BT-18 and, of credit notes, BT-11: additional documents, told apart by their type."""
    subject, project, found = None, "", []
    for node in read.nodes(root, "cac:AdditionalDocumentReference"):
        if subject is None and read.expect(node, "cbc:DocumentTypeCode", "130"):
            subject = read.identifier(node, "cbc:ID")
        elif not project and read.expect(node, "cbc:DocumentTypeCode", "50"):
            project = read.text(node, "cbc:ID")
        elif read.node(node, "cbc:DocumentTypeCode") is None or read.expect(node, "cbc:DocumentTypeCode", "916"):
            content = read.node(node, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
            found.append(
                Attachment(
                    read.text(node, "cbc:ID", term="BT-122"),
                    read.text(node, "cbc:DocumentDescription"),
                    read.text(node, "cac:Attachment/cac:ExternalReference/cbc:URI"),
                    read.content(content, "BT-125") if content is not None else None,
                    read.attribute(content, "mimeCode") if content is not None else "",
                    read.attribute(content, "filename") if content is not None else "",
                )
            )
    return {"subject": subject, "project": project, "attachments": tuple(found)}
