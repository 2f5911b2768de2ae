"""Correction of details: which details of an invoice another document sets right (§ 31 Abs. 5 UStDV, L-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from turnus.core.document import DocumentParty, InvoiceDocument


class Change(NamedTuple):
    """One detail: what it is called (German, English), what is right and what was printed."""

    name: tuple[str, str]
    right: str
    wrong: str


def changes(wrong: InvoiceDocument, right: InvoiceDocument) -> list[Change]:
    """Every detail in which two documents of the same amounts differ."""
    found = [Change(name, new, old) for name, old, new in _pairs(wrong, right) if old != new]
    lines = {line.number: line.name for line in wrong.lines}
    for line in right.lines:
        old = lines[line.number]
        if line.name != old:
            found.append(Change((f"Position {line.number}", f"Line {line.number}"), line.name, old))
    return found


def told(found: list[Change], language: str) -> str:
    """``Anschrift: Weg 2, 01067 Dresden (bisher: Weg 1, 01067 Dresden)``, a line each."""
    german = language == "de"
    before, none = ("bisher", "keine Angabe") if german else ("before", "none")
    return "\n".join(
        f"{change.name[0 if german else 1]}: {change.right or none} ({before}: {change.wrong or none})"
        for change in found
    )


def _pairs(wrong: InvoiceDocument, right: InvoiceDocument) -> list[tuple[tuple[str, str], str, str]]:
    return [
        (("Rechnungsempfänger", "Recipient"), _named(wrong.buyer), _named(right.buyer)),
        (("Anschrift", "Address"), _placed(wrong.buyer), _placed(right.buyer)),
        (("USt-IdNr. des Empfängers", "Recipient's VAT id"), wrong.buyer.vat_id, right.buyer.vat_id),
        (("Aussteller", "Issuer"), _named(wrong.seller), _named(right.seller)),
        (("Anschrift des Ausstellers", "Issuer's address"), _placed(wrong.seller), _placed(right.seller)),
        (("USt-IdNr. des Ausstellers", "Issuer's VAT id"), wrong.seller.vat_id, right.seller.vat_id),
        (("Steuernummer", "Tax number"), wrong.seller.tax_number, right.seller.tax_number),
        (("Referenz", "Reference"), wrong.buyer_reference, right.buyer_reference),
        (("Bestellung", "Order"), wrong.order_reference, right.order_reference),
        (("Kostenstelle", "Cost centre"), wrong.cost_centre, right.cost_centre),
    ]


def _named(party: DocumentParty) -> str:
    return party.name


def _placed(party: DocumentParty) -> str:
    place = party.address
    parts = (place.extra, place.street, f"{place.postcode} {place.city}".strip(), place.country)
    return ", ".join(part for part in parts if part)
