"""Rules of XRechnung 3.0 (BR-DE), which Peppol has as DE-R for two German parties, and the Leitweg-ID."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.identifiers import is_iban, is_leitweg, leitweg_holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from turnus.core.einvoice.findings import Findings
    from turnus.core.einvoice.model import Invoice, Means

CODES: Final = frozenset({"326", "380", "384", "389", "381", "875", "876", "877"})
CARDS: Final = frozenset({"48", "54", "55"})
TRANSFERS: Final = frozenset({"30", "58"})
DEBIT: Final = "59"
_SKONTO: Final = re.compile(r"#SKONTO#TAGE=\d+#PROZENT=\d+\.\d{2}#(BASISBETRAG=-?\d+\.\d{2}#)?")
_MAIL: Final = re.compile(r"[^@\s]+@([^@.\s]+\.)+[^@.\s]+")


def check_german(invoice: Invoice, found: Findings, *, peppol: bool) -> None:
    """BR-DE-1 to 31. ``peppol``: under their names DE-R."""

    def name(number: int, part: str = "") -> str:
        return f"DE-R-{number:03d}" if peppol else f"BR-DE-{number}{part}"

    _parties(invoice, found, name)
    found.need(invoice.payment.means, name(1), "BG-16", "payment.means")
    found.need(invoice.buyer_reference, name(15), "BT-10", "buyer_reference")
    for index, row in enumerate(invoice.taxes):
        if row.rate is None and row.category == "O":  # BR-48 covers the others
            found.error(name(14), "BT-119", f"taxes[{index}].rate", "missing")
    if invoice.code not in CODES:
        found.warn(name(17), "BT-3", "code", "not_in_list", invoice.code)
    _skonto(invoice, found, name(18))
    _attachments(invoice, found, name(22))
    for index, means in enumerate(invoice.payment.means):
        _means(means, f"payment.means[{index}]", invoice, found, name)
    if invoice.code == "384" and not invoice.preceding:
        found.warn(name(26), "BG-3", "preceding", "missing")
    _leitweg(invoice, found)


def _parties(invoice: Invoice, found: Findings, name: Callable[..., str]) -> None:
    seller, buyer = invoice.seller, invoice.buyer
    found.need(seller.address.city, name(3), "BT-37", "seller.address.city")
    found.need(seller.address.postcode, name(4), "BT-38", "seller.address.postcode")
    found.need(buyer.address.city, name(8), "BT-52", "buyer.address.city")
    found.need(buyer.address.postcode, name(9), "BT-53", "buyer.address.postcode")
    contact = seller.contact
    if contact is None:
        found.error(name(2), "BG-6", "seller.contact", "missing")
    else:
        found.need(contact.name, name(5), "BT-41", "seller.contact.name")
        if found.need(contact.phone, name(6), "BT-42", "seller.contact.phone") and (
            sum(mark.isdigit() for mark in contact.phone) < 3
        ):
            found.error(name(27), "BT-42", "seller.contact.phone", "form", contact.phone)
        if found.need(contact.email, name(7), "BT-43", "seller.contact.email") and not _MAIL.fullmatch(contact.email):
            found.error(name(28), "BT-43", "seller.contact.email", "form", contact.email)
    for index, delivery in enumerate(invoice.deliveries):
        if delivery.address:
            path = f"deliveries[{index}].address"
            found.need(delivery.address.city, name(10), "BT-77", f"{path}.city")
            found.need(delivery.address.postcode, name(11), "BT-78", f"{path}.postcode")


def _skonto(invoice: Invoice, found: Findings, rule: str) -> None:
    """Every line that begins with # is Skonto in the exact form and ends with a line break."""
    for index, terms in enumerate(invoice.terms):
        *ended, last = terms.text.split("\n")
        for line in (*ended, last):
            if line.startswith("#") and not _SKONTO.fullmatch(line):
                found.error(rule, "BT-20", f"terms[{index}].text", "form", line)
        if last.startswith("#") and _SKONTO.fullmatch(last):
            found.error(rule, "BT-20", f"terms[{index}].text", "form", last)


def _attachments(invoice: Invoice, found: Findings, rule: str) -> None:
    names = [each.filename for each in invoice.attachments if each.content is not None]
    for filename in dict.fromkeys(names):
        if names.count(filename) > 1:
            found.error(rule, "BT-125-2", "attachments", "not_unique", filename)


def _means(means: Means, path: str, invoice: Invoice, found: Findings, name: Callable[..., str]) -> None:
    payment = invoice.payment
    debit = means.debited or payment.mandate or payment.creditor
    groups = {"BG-17": bool(means.transfer), "BG-18": bool(means.card), "BG-19": bool(debit)}
    for codes, own, number in ((TRANSFERS, "BG-17", 23), (CARDS, "BG-18", 24), ({DEBIT}, "BG-19", 25)):
        if means.code not in codes:
            continue
        if not groups.pop(own) and own != "BG-17":  # BR-61 says it of transfers
            found.error(name(number, "-a"), own, path, "missing")
        for other, given in groups.items():
            if given:
                found.error(name(number, "-b"), other, path, "not_allowed", means.code)
    if means.code == "58" and means.transfer and means.transfer.account and not is_iban(means.transfer.account):
        found.error(name(19), "BT-84", f"{path}.transfer.account", "check_digits", means.transfer.account)
    if means.code == DEBIT and debit:
        found.need(payment.creditor, name(30), "BT-90", "payment.creditor")
        if found.need(means.debited, name(31), "BT-91", f"{path}.debited") and not is_iban(means.debited):
            found.error(name(20), "BT-91", f"{path}.debited", "check_digits", means.debited)


def _leitweg(invoice: Invoice, found: Findings) -> None:
    if is_leitweg(invoice.buyer_reference) and not leitweg_holds(invoice.buyer_reference):
        found.error("T-LEITWEG", "BT-10", "buyer_reference", "check_digits", invoice.buyer_reference)
    endpoint = invoice.buyer.endpoint
    if endpoint and endpoint.scheme == "0204" and not leitweg_holds(endpoint.value):
        found.error("T-LEITWEG", "BT-49", "buyer.endpoint", "check_digits", endpoint.value)
