"""Rules of EN 16931 about what must be there and from which code list (BR-01 to BR-65, BR-CL, parts of BR-CO)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.einvoice import codes
from turnus.core.einvoice.model import CREDIT_NOTES, Address
from turnus.core.einvoice.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from turnus.core.einvoice.findings import Findings
    from turnus.core.einvoice.model import Adjustment, Days, Invoice, Item, Line, Party

OF_DOCUMENT: Final[Mapping[bool, tuple[str, ...]]] = {
    False: ("BT-92", "BT-93", "BT-94", "BT-95", "BT-96", "BT-97", "BT-98"),
    True: ("BT-99", "BT-100", "BT-101", "BT-102", "BT-103", "BT-104", "BT-105"),
}
"""Charge or not → amount, base, percent, category, rate, reason, code."""
OF_LINE: Final[Mapping[bool, tuple[str, ...]]] = {
    False: ("BT-136", "BT-137", "BT-138", "", "", "BT-139", "BT-140"),
    True: ("BT-141", "BT-142", "BT-143", "", "", "BT-144", "BT-145"),
}
_NO_YEAR: Final = 1
TRANSFERS: Final = frozenset({"30", "58"})


def check_content(invoice: Invoice, found: Findings) -> None:
    """Everything that is missing, or no code of its list."""
    _head(invoice, found)
    _supply(invoice, found)
    _parties(invoice, found)
    _once(invoice, found)
    _references(invoice, found)
    _payment(invoice, found)
    found.need(invoice.lines, "BR-16", "BG-25", "lines")
    for index, line in enumerate(invoice.lines):
        _line(line, f"lines[{index}]", found)
    for index, adjustment in enumerate(invoice.adjustments):
        path = f"adjustments[{index}]"
        check_reason(adjustment, path, found, "BR-38" if adjustment.charge else "BR-33", OF_DOCUMENT)
        term = OF_DOCUMENT[adjustment.charge][3]
        rule = "BR-37" if adjustment.charge else "BR-32"
        if found.need(adjustment.category, rule, term, f"{path}.category"):
            found.listed(adjustment.category, codes.CATEGORIES, "BR-CL-18", term, f"{path}.category")


def _head(invoice: Invoice, found: Findings) -> None:
    found.need(invoice.specification, "BR-01", "BT-24", "specification")
    found.need(invoice.number, "BR-02", "BT-1", "number")
    found.need(invoice.issue_date.year != _NO_YEAR, "BR-03", "BT-2", "issue_date")
    if found.need(invoice.code, "BR-04", "BT-3", "code"):
        known = codes.TYPES_OF_CREDIT if invoice.code in CREDIT_NOTES else codes.TYPES_OF_INVOICE
        found.listed(invoice.code, known, "BR-CL-01", "BT-3", "code")
    if found.need(invoice.currency, "BR-05", "BT-5", "currency"):
        found.listed(invoice.currency, codes.CURRENCIES, "BR-CL-04", "BT-5", "currency")
    found.listed(invoice.tax_currency, codes.CURRENCIES, "BR-CL-05", "BT-6", "tax_currency")
    found.listed(invoice.tax_point_code, codes.TAX_POINTS, "BR-CL-06", "BT-8", "tax_point_code")
    if invoice.tax_currency:
        found.need(invoice.totals.tax_accounting is not None, "BR-53", "BT-111", "totals.tax_accounting")
    if invoice.tax_point and invoice.tax_point_code:
        found.error("BR-CO-03", "BT-8", "tax_point_code", "not_allowed", invoice.tax_point_code)
    if invoice.period:
        _period(invoice.period, ("BR-29", "BR-CO-19"), "BG-14", "period", found)
    due = any(terms.due or terms.text for terms in invoice.terms)
    if invoice.totals.due > 0 and not due:
        found.error("BR-CO-25", "BT-9", "terms", "missing")
    for index, note in enumerate(invoice.notes):
        found.listed(note.subject, codes.NOTE_SUBJECTS, "BR-CL-08", "BT-21", f"notes[{index}].subject")


def _supply(invoice: Invoice, found: Findings) -> None:
    """When it was supplied (§ 14 Abs. 4 Nr. 6 UStG): the day, the period, or the period of every line; BR-DE-TMP-32."""
    dated = any(delivery.on for delivery in invoice.deliveries)
    if not (dated or invoice.period or (invoice.lines and all(line.period for line in invoice.lines))):
        found.error("T-SUPPLY", "BG-14", "period", "missing")


def _period(days: Days, rules: tuple[str, str], term: str, path: str, found: Findings) -> None:
    if days.start and days.end and days.end < days.start:
        found.error(rules[0], term, path, "order_of_days")
    found.need(days.start or days.end, rules[1], term, path)


def _parties(invoice: Invoice, found: Findings) -> None:
    seller, buyer = invoice.seller, invoice.buyer
    found.need(seller.name, "BR-06", "BT-27", "seller.name")
    found.need(buyer.name, "BR-07", "BT-44", "buyer.name")
    _address(seller.address, ("BR-08", "BG-5", "BR-09", "BT-40"), "seller.address", found)
    _address(buyer.address, ("BR-10", "BG-8", "BR-11", "BT-55"), "buyer.address", found)
    if not (seller.identifiers or seller.registration or seller.vat_id):
        found.error("BR-CO-26", "BT-29", "seller.identifiers", "missing")
    _schemes(seller, "seller", ("BT-29", "BT-30", "BT-34-1", "BR-62"), found)
    _schemes(buyer, "buyer", ("BT-46", "BT-47", "BT-49-1", "BR-63"), found)
    ids = [(seller.vat_id, "BT-31", "seller.vat_id"), (buyer.vat_id, "BT-48", "buyer.vat_id")]
    if invoice.representative:
        who = invoice.representative
        found.need(who.name, "BR-18", "BT-62", "representative.name")
        found.need(who.address.country, "BR-20", "BT-69", "representative.address.country")
        found.need(who.vat_id, "BR-56", "BT-63", "representative.vat_id")
        ids.append((who.vat_id, "BT-63", "representative.vat_id"))
    for vat_id, term, path in ids:
        if vat_id and vat_id[:2] not in codes.COUNTRIES | {"EL"}:
            found.error("BR-CO-09", term, path, "form", vat_id)
    if invoice.payee:
        found.need(invoice.payee.name, "BR-17", "BT-59", "payee.name")
    for index, delivery in enumerate(invoice.deliveries):
        path = f"deliveries[{index}]"
        if delivery.address:
            country = delivery.address.country
            if found.need(country, "BR-57", "BT-80", f"{path}.address.country"):
                found.listed(country, codes.COUNTRIES, "BR-CL-14", "BT-80", f"{path}.address.country")
        if delivery.location:
            found.listed(delivery.location.scheme, codes.ICD, "BR-CL-26", "BT-71", f"{path}.location")


def _address(address: Address, rules: tuple[str, str, str, str], path: str, found: Findings) -> None:
    if address == Address():
        found.error(rules[0], rules[1], path, "missing")
    elif found.need(address.country, rules[2], rules[3], f"{path}.country"):
        found.listed(address.country, codes.COUNTRIES, "BR-CL-14", rules[3], f"{path}.country")


def _schemes(party: Party, path: str, terms: tuple[str, str, str, str], found: Findings) -> None:
    for identifier in party.identifiers:
        found.listed(identifier.scheme, codes.ICD, "BR-CL-10", terms[0], f"{path}.identifiers")
    if party.registration:
        found.listed(party.registration.scheme, codes.ICD, "BR-CL-11", terms[1], f"{path}.registration")
    if party.endpoint and found.need(party.endpoint.scheme, terms[3], terms[2], f"{path}.endpoint.scheme"):
        known = codes.ADDRESS_SCHEMES
        found.listed(party.endpoint.scheme, known, "BR-CL-25", terms[2], f"{path}.endpoint.scheme")


def _once(invoice: Invoice, found: Findings) -> None:
    """What later editions allow several of, the edition of 2017 has once."""
    for values, term, path in (
        (invoice.orders, "BT-13", "orders"),
        (invoice.contracts, "BT-12", "contracts"),
        (invoice.deliveries, "BG-13", "deliveries"),
        (invoice.terms, "BT-20", "terms"),
        (invoice.buyer.identifiers, "BT-46", "buyer.identifiers"),
    ):
        if len(values) > 1:
            found.error("T-ONCE", term, path, "too_many")


def _references(invoice: Invoice, found: Findings) -> None:
    for index, preceding in enumerate(invoice.preceding):
        found.need(preceding.number, "BR-55", "BT-25", f"preceding[{index}].number")
    for index, attachment in enumerate(invoice.attachments):
        path = f"attachments[{index}]"
        found.need(attachment.reference, "BR-52", "BT-122", f"{path}.reference")
        if attachment.content is not None:
            if attachment.mime not in codes.MIMES:
                found.error("BR-CL-24", "BT-125-1", f"{path}.mime", "not_in_list", attachment.mime)
            found.need(attachment.filename, "T-FILE", "BT-125-2", f"{path}.filename")
    if invoice.subject:
        found.listed(invoice.subject.scheme, codes.OBJECT_SCHEMES, "BR-CL-07", "BT-18", "subject.scheme")


def _payment(invoice: Invoice, found: Findings) -> None:
    for index, means in enumerate(invoice.payment.means):
        path = f"payment.means[{index}]"
        if found.need(means.code, "BR-49", "BT-81", f"{path}.code"):
            found.listed(means.code, codes.PAYMENT_MEANS, "BR-CL-16", "BT-81", f"{path}.code")
        if means.code in TRANSFERS and means.transfer:
            found.need(means.transfer.account, "BR-61", "BT-84", f"{path}.transfer.account")
        elif means.code in TRANSFERS:
            found.error("BR-61", "BT-84", f"{path}.transfer", "missing")


def _line(line: Line, path: str, found: Findings) -> None:
    found.need(line.number, "BR-21", "BT-126", f"{path}.number")
    if found.need(line.unit, "BR-23", "BT-130", f"{path}.unit"):
        found.listed(line.unit, UNITS, "BR-CL-23", "BT-130", f"{path}.unit")
    found.listed(line.price.unit, UNITS, "BR-CL-23", "BT-150", f"{path}.price.unit")
    found.need(line.item.name, "BR-25", "BT-153", f"{path}.item.name")
    for term, rule, name, value in (
        ("BT-146", "BR-27", "net", line.price.net), ("BT-148", "BR-28", "gross", line.price.gross),
    ):  # fmt: skip
        if value is not None and value < 0:
            found.error(rule, term, f"{path}.price.{name}", "negative", value)
    if line.period:
        _period(line.period, ("BR-30", "BR-CO-20"), "BG-26", f"{path}.period", found)
    if found.need(line.category, "BR-CO-04", "BT-151", f"{path}.category"):
        found.listed(line.category, codes.CATEGORIES, "BR-CL-18", "BT-151", f"{path}.category")
    for index, adjustment in enumerate(line.adjustments):
        rule = "BR-44" if adjustment.charge else "BR-42"
        check_reason(adjustment, f"{path}.adjustments[{index}]", found, rule, OF_LINE)
    _item(line.item, f"{path}.item", found)
    if line.subject:
        found.listed(line.subject.scheme, codes.OBJECT_SCHEMES, "BR-CL-07", "BT-128", f"{path}.subject.scheme")


def _item(item: Item, path: str, found: Findings) -> None:
    if item.standard_id and found.need(item.standard_id.scheme, "BR-64", "BT-157-1", f"{path}.standard_id"):
        found.listed(item.standard_id.scheme, codes.ICD, "BR-CL-21", "BT-157-1", f"{path}.standard_id")
    for known in item.classes:
        if found.need(known.scheme, "BR-65", "BT-158-1", f"{path}.classes"):
            found.listed(known.scheme, codes.CLASS_SCHEMES, "BR-CL-13", "BT-158-1", f"{path}.classes")
    found.listed(item.origin, codes.COUNTRIES, "BR-CL-14", "BT-159", f"{path}.origin")
    for name, value_of in item.attributes:
        found.need(name and value_of, "BR-54", "BG-32", f"{path}.attributes")


def check_reason(
    adjustment: Adjustment, path: str, found: Findings, rule: str, terms: Mapping[bool, tuple[str, ...]]
) -> None:
    """Every allowance and charge has a reason or a code of its list."""
    reason, code = terms[adjustment.charge][5:]
    found.need(adjustment.reason or adjustment.code, rule, reason, f"{path}.reason")
    if adjustment.charge:
        found.listed(adjustment.code, codes.CHARGE_REASONS, "BR-CL-20", code, f"{path}.code")
    else:
        found.listed(adjustment.code, codes.ALLOWANCE_REASONS, "BR-CL-19", code, f"{path}.code")
