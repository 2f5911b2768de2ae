"""Sellers, buyers and accounts of a document in the terms of EN 16931."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from turnus.core.einvoice.model import Address, Card, Contact, Identifier, Means, Party, Transfer
from turnus.core.einvoice.texts import clean

if TYPE_CHECKING:
    from turnus.core.document import DocumentParty, InvoiceDocument, PostalAddress


def party_of(party: DocumentParty) -> Party:
    """BG-4 or BG-7. Without an electronic address of its own the e-mail address is it."""
    contact = Contact(clean(party.contact_name), clean(party.phone), clean(party.email))
    legal = (party.management, party.register)
    if party.endpoint:
        endpoint = Identifier(clean(party.endpoint), party.endpoint_scheme)
    else:
        endpoint = Identifier(clean(party.email), "EM")
    return Party(
        clean(party.name),
        address_of(party.address),
        registration=Identifier(clean(party.register)) if party.register else None,
        vat_id=clean(party.vat_id),
        tax_number=clean(party.tax_number),
        legal_info=", ".join(clean(text) for text in legal if text),
        endpoint=endpoint if endpoint.value else None,
        contact=contact if contact != Contact() else None,
    )


def identity_of(seller: Party) -> Party:
    """The seller with something that identifies it (BR-CO-26): without registration and VAT id its tax number."""
    if seller.identifiers or seller.registration or seller.vat_id:
        return seller
    number = seller.tax_number
    return replace(seller, identifiers=(Identifier(number),)) if number else seller


def address_of(address: PostalAddress) -> Address:
    """BG-5, 8 or 15."""
    return Address(
        clean(address.street),
        clean(address.extra),
        "",
        clean(address.city),
        clean(address.postcode),
        clean(address.region),
        address.country,
    )


def account_means(document: InvoiceDocument) -> tuple[Means, ...]:
    """BG-17 with every account, or BG-18."""
    if document.card:
        card = Card(document.card.number, clean(document.card.holder))
        return (Means("54" if document.card.credit else "48", card=card),)
    code = "58" if document.currency == "EUR" else "30"
    return tuple(
        Means(code, transfer=Transfer(account.iban, clean(account.holder), account.bic))
        for account in document.accounts
    )
