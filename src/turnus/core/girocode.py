"""GiroCode: what the QR code on an invoice says (EPC069-12, "Quick Response Code: Guidelines", version 002; H-11).

A banking app that scans it fills in a SEPA credit transfer. Twelve elements stand one per line; the last ones are left
out while empty. Level M and at most version 13 hold 331 bytes, and so may the payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.document import PAYABLE
from turnus.core.money import from_minor

if TYPE_CHECKING:
    from turnus.core.document import DocumentAccount, InvoiceDocument

MAX_BYTES: Final = 331
"""Bytes of a payload: what version 13 holds at level M."""
MAX_VERSION: Final = 13
"""Largest QR version allowed, at error correction level M."""
MAX_NAME: Final = 70
"""Characters of the beneficiary's name."""
MAX_TEXT: Final = 140
"""Characters of unstructured remittance information."""
MAX_CENTS: Final = 99_999_999_999
"""Largest amount of a SEPA credit transfer: 999,999,999.99 EUR, in cents."""
_TEXT_ROOM: Final = 64
"""Bytes that a long name leaves for the text."""


class NotTransferableError(ValueError):
    """The amount is no SEPA credit transfer, or the account has no IBAN."""


def _shortened(text: str, characters: int, size: int) -> str:
    """On one line, at most so many characters, at most so many bytes of UTF-8; never half a character."""
    line = " ".join(text.split())[:characters]
    return line.encode(errors="ignore")[:size].decode(errors="ignore").strip()


def payload(account: DocumentAccount, *, cents: int, text: str) -> str:
    """The elements of a GiroCode for ``cents`` to ``account`` with ``text`` as remittance information.

    Name and text are shortened to what the standard allows. Raises ``NotTransferableError``.
    """
    if not 0 < cents <= MAX_CENTS or not account.iban:
        raise NotTransferableError(f"{cents} cents to {account.iban!r}")
    bic, iban = ("".join(part.split()).upper() for part in (account.bic, account.iban))
    head = ["BCD", "002", "1", "SCT", bic]
    amount = f"EUR{from_minor(cents, 'EUR')}"
    room = MAX_BYTES - len("\n".join([*head, "", iban, amount, "", "", ""]).encode())
    name = _shortened(account.holder, MAX_NAME, room - _TEXT_ROOM)
    remittance = _shortened(text, MAX_TEXT, room - len(name.encode()))
    return "\n".join([*head, name, iban, amount, "", "", remittance])


def paying_account(document: InvoiceDocument) -> DocumentAccount | None:
    """The account printed for payment: the first one with an IBAN; none where we collect or a card is charged."""
    if document.debit or document.card:
        return None
    return next((account for account in document.accounts if account.iban), None)


def girocode(document: InvoiceDocument) -> str | None:
    """The GiroCode of an invoice, or None: only numbered invoices in euro with something to pay to an IBAN have one.

    Of instalments it asks for the first.
    """
    account = paying_account(document)
    wanted = document.kind in PAYABLE and document.currency == "EUR" and document.number
    cents = document.instalments[0].amount if document.instalments else document.payable
    if account is None or not wanted or not 0 < cents <= MAX_CENTS:
        return None
    return payload(account, cents=cents, text=document.number)
