"""Texts and footers that a design brings of its own, with their placeholders filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.adapters.document.plain import lines as printed_lines
from turnus.adapters.document.plain import one_line
from turnus.core.design import filled, own_text
from turnus.core.document import SELF_BILLED, claims
from turnus.core.formatting import format_amount, format_date, format_iban, format_period

if TYPE_CHECKING:
    from turnus.adapters.document.words import Words
    from turnus.core.document import InvoiceDocument


class OwnTexts:
    """What the document's design says itself."""

    def __init__(self, document: InvoiceDocument, say: Words, preceding: str = "") -> None:
        self._document, self._say, self._preceding = document, say, preceding

    def text(self, slot: str) -> str:
        """A text that is added, on one line; a hint on payment only where something is to be paid."""
        return " ".join(self.lines(slot))

    def lines(self, slot: str) -> list[str]:
        """The lines of a text that is added."""
        document = self._document
        if slot == "payment" and (document.payable <= 0 or document.kind in SELF_BILLED or not claims(document.kind)):
            return []
        return printed_lines(self._found(slot) or "")

    def intro(self, shipped: list[str]) -> list[str]:
        """Salutation, introduction and what follows, each the design's where it has one."""
        salutation, opening, *rest = shipped
        parts = [self._instead("salutation", [salutation]), self._instead("intro", [opening])]
        return [line for part in parts for line in part] + rest

    def closing(self, shipped: list[str]) -> list[str]:
        """Closing sentence, greeting, name."""
        text, greeting, name = shipped
        first, second = self._instead("closing", [text]), self._instead("greeting", [greeting])
        return [" ".join(first), *second, name]

    def footer(self) -> list[list[str]]:
        """The design's columns; a line whose placeholders are all empty is left out. None of its own: empty.

        Where they leave out the one tax number that the seller has, it is added (§ 14 (4) no. 2 UStG).
        """
        if not self._document.design.footer:
            return []
        blanks = self._of_seller()
        columns = [
            [one_line(filled(line, blanks)) for line in column if _says(line, blanks)]
            for column in self._document.design.footer
        ]
        numbers = [text for text in (blanks["vat_id"], blanks["tax_number"]) if text]
        missing = not any(number in line for number in numbers for column in columns for line in column)
        return [[line for line in column if line] for column in [*columns, numbers if missing else []] if any(column)]

    def _instead(self, slot: str, shipped: list[str]) -> list[str]:
        own = self._found(slot)
        return shipped if own is None else printed_lines(own)

    def _found(self, slot: str) -> str | None:
        document = self._document
        if not document.design.texts:
            return None
        own = own_text(document.design, slot, language=self._say.language, kind=document.kind)
        if own is None or ("{preceding}" in own and not self._preceding):
            return None
        return filled(own, self._of_document())

    def _of_document(self) -> dict[str, str]:
        document, locale = self._document, self._say.locale
        return {
            **self._of_seller(),
            "amount": format_amount(abs(document.payable), document.currency, locale),
            "contract": ", ".join(document.contracts),
            "customer": document.buyer.name,
            "customer_number": document.customer_number,
            "date": format_date(document.issue_date, locale),
            "due": format_date(document.due_date, locale) if document.due_date else "",
            "number": document.number,
            "period": format_period(document.service, locale) if document.service else "",
            "preceding": self._preceding,
            "reason": document.reason,
        }

    def _of_seller(self) -> dict[str, str]:
        seller, say = self._document.seller, self._say
        account = next((each for each in self._document.accounts if each.iban), None)
        place = seller.address
        return {
            "address": ", ".join(part for part in (place.street, f"{place.postcode} {place.city}".strip()) if part),
            "bank": account.bank if account else "",
            "bic": f"BIC {account.bic}" if account and account.bic else "",
            "city": f"{place.postcode} {place.city}".strip(),
            "contact": seller.contact_name,
            "country": say.one_of("countries", place.country),
            "email": seller.email,
            "iban": format_iban(account.iban) if account else "",
            "management": seller.management,
            "phone": seller.phone,
            "register": seller.register,
            "seller": seller.name,
            "street": place.street,
            "tax_number": f"{say('footer.tax_number')} {seller.tax_number}" if seller.tax_number else "",
            "vat_id": f"{say('footer.vat_id')} {seller.vat_id}" if seller.vat_id else "",
            "website": seller.website,
        }


def _says(line: str, blanks: dict[str, str]) -> bool:
    """The line has no placeholder, or one with a value."""
    used = [name for name in blanks if f"{{{name}}}" in line]
    return not used or any(blanks[name] for name in used)
