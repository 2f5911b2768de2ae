"""All checks of an invoice against its profile, at once: exact, without tolerance, in words of two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.einvoice.check_content import check_content
from turnus.core.einvoice.check_german import check_german
from turnus.core.einvoice.check_peppol import check_addresses, check_peppol
from turnus.core.einvoice.check_sums import check_sums
from turnus.core.einvoice.check_vat import check_extended, check_vat
from turnus.core.einvoice.findings import Findings, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from turnus.core.einvoice.findings import Finding
    from turnus.core.einvoice.model import Invoice
    from turnus.core.einvoice.profiles import Profile


def check(invoice: Invoice, profile: Profile, *, net_prices: bool = False) -> list[Finding]:
    """Everything that is wrong with the invoice under its profile; empty where nothing is.

    ``net_prices``: no line has a gross price, so VAT must follow from the net alone.
    """
    found = Findings()
    if invoice.specification and invoice.specification != profile.specification:
        found.error("T-PROFILE", "BT-24", "specification", "differs", invoice.specification, profile.specification)
    self_billed = invoice.code in {"389", "261"}
    if profile.self_billing is False and self_billed:
        found.error("T-PROFILE", "BT-24", "code", "other_profile", invoice.code)
    check_content(invoice, found)
    check_sums(invoice, found, net_prices=net_prices)
    check_vat(invoice, found)
    if profile.name == "facturx-extended":
        check_extended(invoice, found)
    if profile.rules:
        check_addresses(invoice, profile, found)
    if "xrechnung" in profile.rules:
        check_german(invoice, found, peppol=False)
    if "peppol" in profile.rules:
        check_peppol(invoice, profile, found)
    return found


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those findings that stop the document."""
    return [finding for finding in found if finding.severity is Severity.ERROR]
