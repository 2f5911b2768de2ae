"""Payment terms in words (BT-20), with Skonto as XRechnung writes it (BR-DE-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.document import SELF_BILLED
from turnus.core.formatting import format_amount, format_date
from turnus.core.money import from_minor

if TYPE_CHECKING:
    from turnus.core.document import CashDiscount, InvoiceDocument


def payment_terms(document: InvoiceDocument, *, refund: bool) -> str:
    """BT-20. ``refund``: what a credit note states is refunded or settled."""
    german = document.language == "de"
    if refund:
        return "Der Betrag wird erstattet oder verrechnet." if german else "The amount is refunded or settled."
    lines = []
    if document.debit and document.due_date:
        day, amount = format_date(document.due_date, document.language), _amount(document, document.payable)
        lines.append(f"Wir ziehen {amount} am {day} ein, Mandat {document.debit.mandate}." if german
                     else f"We collect {amount} on {day}, mandate {document.debit.mandate}.")  # fmt: skip
    elif document.kind not in SELF_BILLED and document.due_date and document.payable > 0:
        day = format_date(document.due_date, document.language)
        lines.append(f"Zahlbar bis {day}." if german else f"Payable by {day}.")
    for number, part in enumerate(document.instalments, start=1):
        name = "Rate" if german else "Instalment"
        day = format_date(part.due_on, document.language)
        lines.append(f"{name} {number}: {_amount(document, part.amount)}, {day}")
    skonto = [skonto_line(discount, document.currency) for discount in document.cash_discounts]
    text = "\n".join([*lines, *skonto])
    return f"{text}\n" if skonto else text


def _amount(document: InvoiceDocument, amount: int) -> str:
    return format_amount(amount, document.currency, document.language)


def skonto_line(discount: CashDiscount, currency: str) -> str:
    """``#SKONTO#TAGE=14#PROZENT=2.00#``, with the base amount where it is not the whole total."""
    text = f"#SKONTO#TAGE={discount.days}#PROZENT={from_minor(discount.percent, 'EUR')}#"
    return text if discount.base is None else f"{text}BASISBETRAG={from_minor(discount.base, currency):.2f}#"
