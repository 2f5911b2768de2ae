"""Words of statements and order confirmations, German first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPERS: Final[Mapping[str, tuple[str, str]]] = {
    "salutation": ("Guten Tag,", "Dear Sir or Madam,"),
    "statement": ("Kontoauszug", "Statement of account"),
    "statement_text": (
        "Ihr Kundenkonto bei uns hat sich von {first} bis {last} wie folgt entwickelt:",
        "your account with us developed as follows from {first} to {last}:",
    ),
    "owed": ("Zu unseren Gunsten sind {amount} offen.", "{amount} are owed to us."),
    "credit": ("Sie haben ein Guthaben von {amount}.", "You have a credit of {amount}."),
    "even": ("Das Konto ist ausgeglichen.", "The account is settled."),
    "confirm": (
        "Bitte bestätigen Sie uns den Saldo zum {last}, oder teilen Sie uns Abweichungen mit.",
        "Please confirm the balance as of {last}, or tell us of any differences.",
    ),
    "opening": ("Anfangsbestand", "Opening balance"),
    "closing": ("Saldo", "Balance"),
    "day": ("Datum", "Date"),
    "text": ("Vorgang", "Booking"),
    "due": ("Fällig", "Due"),
    "amount": ("Betrag", "Amount"),
    "balance": ("Saldo", "Balance"),
    "payment": ("Zahlung", "Payment"),
    "closed": ("mit Schlussrechnung erledigt: {number}", "closed by the final invoice: {number}"),
    "order": ("Auftragsbestätigung", "Order confirmation"),
    "order_text": (
        "vielen Dank für Ihren Auftrag. Wir bestätigen den Vertrag {contract} wie folgt:",
        "thank you for your order. We confirm contract {contract} as follows:",
    ),
    "item": ("Leistung", "Service"),
    "quantity": ("Menge", "Quantity"),
    "price": ("Preis", "Price"),
    "per": ("je", "per"),
    "start": ("Beginn", "Start"),
    "contract": ("Vertrag", "Contract"),
    "period": ("Zeitraum", "Period"),
    "begins": ("Der Vertrag beginnt am {day}.", "The contract begins on {day}."),
    "ends": ("Er endet am {day}.", "It ends on {day}."),
    "discount": ("Vereinbart ist: {text}.", "Agreed: {text}."),
    "net": ("Alle Preise zuzüglich der gesetzlichen Umsatzsteuer.", "All prices plus statutory VAT."),
    "gross": ("Alle Preise einschließlich Umsatzsteuer.", "All prices include VAT."),
    "metered": ("nach Verbrauch", "by usage"),
    "invoice": ("Rechnung", "Invoice"),
    "credit_note": ("Rechnungskorrektur", "Credit"),
    "cancellation": ("Stornorechnung", "Cancellation"),
    "deposit": ("Anzahlungsrechnung", "Deposit invoice"),
    "progress": ("Abschlagsrechnung", "Progress invoice"),
    "partial": ("Teilrechnung", "Partial invoice"),
    "standing": ("Dauerrechnung", "Standing invoice"),
    "covered": ("Aus Dauerrechnung", "Of standing invoice"),
    "final": ("Schlussrechnung", "Final invoice"),
}
"""Code → (German, English)."""
CYCLES: Final = {"months": ("Monat", "Monate", "month", "months"), "days": ("Tag", "Tage", "day", "days"),
                 "years": ("Jahr", "Jahre", "year", "years")}  # fmt: skip
"""Unit → German one and many, English one and many."""


def paper_word(code: str, language: str, **blanks: str) -> str:
    """The word for a code in German, else in English, with its blanks filled."""
    return PAPERS[code][0 if language[:2] == "de" else 1].format(**blanks)


def per_cycle(months: int, days: int, language: str) -> str:
    """``je Monat``, ``je 3 Monate``; empty: once."""
    if not months and not days:
        return ""
    unit, count = ("days", days) if days else ("years", months // 12) if months % 12 == 0 else ("months", months)
    words = CYCLES[unit][:2] if language[:2] == "de" else CYCLES[unit][2:]
    return f"{paper_word('per', language)} {words[0] if count == 1 else f'{count} {words[1]}'}"
