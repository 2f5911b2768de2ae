"""What e-mails with documents say where a house has no texts of its own: titles, subjects and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "invoice": "Rechnung", "credit": "Rechnungskorrektur", "cancellation": "Stornorechnung",
        "self_billing": "Gutschrift", "self_credit": "Stornogutschrift", "proforma": "Proformarechnung", "*": "Beleg",
    },
    "en": {
        "invoice": "Invoice", "credit": "Credit note", "cancellation": "Cancellation invoice",
        "self_billing": "Self-billing invoice", "self_credit": "Self-billing credit note",
        "proforma": "Pro forma invoice", "*": "Document",
    },
}  # fmt: skip
"""Language → kind of document → title; ``*`` for every other kind."""

MAILS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "de": {
        "*": (
            "{title} {number} vom {date}",
            (
                "Guten Tag {contact},\n\nanbei erhalten Sie {title} {number} vom {date}.\n\n"
                "Mit freundlichen Grüßen\n{seller}"
            ),
        ),
        "invoice": (
            "Rechnung {number} vom {date}",
            (
                "Guten Tag {contact},\n\nanbei erhalten Sie unsere Rechnung {number} vom {date} für {period}.\n"
                "Rechnungsbetrag: {total}, zahlbar bis {due_date}.\n\nMit freundlichen Grüßen\n{seller}"
            ),
        ),
    },
    "en": {
        "*": (
            "{title} {number} of {date}",
            "Dear {contact},\n\nplease find attached {title} {number} of {date}.\n\nKind regards\n{seller}",
        ),
        "invoice": (
            "Invoice {number} of {date}",
            (
                "Dear {contact},\n\nplease find attached our invoice {number} of {date} for {period}.\n"
                "Total: {total}, payable by {due_date}.\n\nKind regards\n{seller}"
            ),
        ),
    },
}
"""Language → kind → (subject, body). Languages without texts speak English."""
