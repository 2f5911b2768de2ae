"""Rules of Peppol BIS Billing 3.0 and of its self-billing, and what XRechnung took over from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.check_german import check_german
from turnus.core.einvoice.identifiers import gln_holds

if TYPE_CHECKING:
    from turnus.core.einvoice.findings import Findings
    from turnus.core.einvoice.model import Invoice
    from turnus.core.einvoice.profiles import Profile

INVOICES: Final = frozenset(
    "71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393 395 553 575 623 780 817 870 875 876 877".split()  # noqa: SIM905
)
CREDITS: Final = frozenset({"381", "396", "81", "83", "532"})
SELF_BILLED: Final = frozenset({"389", "261"})
GERMAN_ONLY: Final = frozenset({"326", "384"})


def check_addresses(invoice: Invoice, profile: Profile, found: Findings) -> None:
    """What Peppol and XRechnung share: process, specification, electronic addresses, periods, mandate."""
    if not invoice.process:
        found.error("PEPPOL-EN16931-R001", "BT-23", "process", "missing")
    elif invoice.process != profile.process:
        found.error("PEPPOL-EN16931-R007", "BT-23", "process", "differs", invoice.process, profile.process)
    if invoice.tax_currency and invoice.tax_currency == invoice.currency:
        found.error("PEPPOL-EN16931-R005", "BT-6", "tax_currency", "not_allowed", invoice.tax_currency)
    found.need(invoice.buyer.endpoint, "PEPPOL-EN16931-R010", "BT-49", "buyer.endpoint")
    found.need(invoice.seller.endpoint, "PEPPOL-EN16931-R020", "BT-34", "seller.endpoint")
    tax, other = invoice.totals.tax, invoice.totals.tax_accounting
    if tax is not None and other is not None and (tax < 0) != (other < 0):
        found.error("PEPPOL-EN16931-R055", "BT-111", "totals.tax_accounting", "differs", other, tax)
    if any(means.code in {"49", "59"} for means in invoice.payment.means):
        found.need(invoice.payment.mandate, "PEPPOL-EN16931-R061", "BT-89", "payment.mandate")
    _periods(invoice, found)


def _periods(invoice: Invoice, found: Findings) -> None:
    whole = invoice.period
    for index, line in enumerate(invoice.lines):
        if whole and line.period:
            path = f"lines[{index}].period"
            if whole.start and line.period.start and line.period.start < whole.start:
                found.error("PEPPOL-EN16931-R110", "BG-26", path, "outside_period")
            if whole.end and line.period.end and line.period.end > whole.end:
                found.error("PEPPOL-EN16931-R111", "BG-26", path, "outside_period")


def check_peppol(invoice: Invoice, profile: Profile, found: Findings) -> None:
    """Peppol's own rules, with those for two German parties."""
    german = invoice.seller.address.country == invoice.buyer.address.country == "DE"
    if len(invoice.notes) > 1 and not german:
        found.error("PEPPOL-EN16931-R002", "BT-22", "notes", "too_many")
    if not german and not invoice.buyer_reference and not any(order.number for order in invoice.orders):
        found.error("PEPPOL-EN16931-R003", "BT-10", "buyer_reference", "missing")
    if profile.self_billing:
        if invoice.code not in SELF_BILLED:
            found.error("PEPPOL-EN16931-P0100", "BT-3", "code", "not_in_list", invoice.code)
    elif invoice.code not in INVOICES | CREDITS:
        found.error("PEPPOL-EN16931-P0100", "BT-3", "code", "not_in_list", invoice.code)
    elif invoice.code in GERMAN_ONLY and not german:
        found.error("PEPPOL-EN16931-P0112", "BT-3", "code", "not_allowed", invoice.code)
    for party, term, path in ((invoice.seller, "BT-34", "seller"), (invoice.buyer, "BT-49", "buyer")):
        endpoint = party.endpoint
        if endpoint and endpoint.scheme == "0088" and not gln_holds(endpoint.value):
            found.error("PEPPOL-COMMON-R040", term, f"{path}.endpoint", "check_digits", endpoint.value)
    if german and not profile.self_billing:
        check_german(invoice, found, peppol=True)
