"""Incoming invoices: what we owe by them, and what a person should look at before it is paid (JB-111 to 113)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.einvoice.model import CREDIT_NOTES
from turnus.core.money import CURRENCIES, InexactAmountError, half_up, to_minor

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from decimal import Decimal

    from turnus.core.einvoice.model import Invoice


class Decision(StrEnum):
    """What a person said of an incoming invoice."""

    ACCEPT = "accept"
    QUERY = "query"
    """Asked the supplier; it waits."""
    REJECT = "reject"


class Skonto(NamedTuple):
    """Paid within ``days`` of the invoice's date, ``percent`` basis points of ``base`` less."""

    days: int
    percent: int
    base: int
    """Minor units."""

    @property
    def amount(self) -> int:
        """What may be kept back, minor units."""
        return half_up(self.base * self.percent, 10_000)


class PayableLine(NamedTuple):
    """A line; amounts in minor units, rates in basis points."""

    number: str
    name: str
    quantity: Decimal
    unit: str
    net: int
    category: str
    rate: int


class PayableTax(NamedTuple):
    """VAT of a category and rate."""

    category: str
    rate: int
    base: int
    tax: int


class Payable(NamedTuple):
    """What an incoming invoice claims, in minor units; a credit note is negative."""

    supplier: str
    """Name."""
    supplier_key: str
    """VAT id, else tax number, else name: what makes two invoices those of one supplier."""
    number: str
    code: str
    issue_date: date
    due_date: date | None
    currency: str
    net: int
    tax: int
    gross: int
    due: int
    """What is to be paid, after prepayments."""
    iban: str
    buyer: str
    buyer_vat_id: str
    terms: str
    lines: tuple[PayableLine, ...]
    taxes: tuple[PayableTax, ...]
    skonto: tuple[Skonto, ...]


class Known(NamedTuple):
    """An earlier invoice of the same supplier that was not rejected."""

    incoming: int
    number: str
    issue_date: date
    gross: int
    currency: str
    iban: str
    trusted: bool = True
    """Its account counts as the supplier's: it was accepted, or nobody doubted the account."""


class Doubt(NamedTuple):
    """Something to look at: code of its words and what fills their blanks."""

    code: str
    params: dict[str, str]


MOST: Final = 10**12
"""Amounts of this many units are refused as nonsense: no payable may stop the others."""
_SKONTO: Final = re.compile(r"#SKONTO#TAGE=(\d{1,4})#PROZENT=(\d{1,3})\.(\d{2})#(?:BASISBETRAG=(-?\d+)\.(\d{2})#)?")


def payable(invoice: Invoice) -> Payable:
    """What an invoice claims.

    Raises ``InexactAmountError`` for amounts finer than its currency, or an unknown one, and for what no invoice has:
    amounts from ``MOST`` on, rates above 1,000 %.
    """
    if invoice.currency not in CURRENCIES:
        raise InexactAmountError(invoice.currency)
    sign = -1 if invoice.code in CREDIT_NOTES else 1

    def minor(amount: Decimal | None) -> int:
        if amount is None:
            return 0
        if abs(amount) >= MOST:
            raise InexactAmountError(amount)
        return sign * to_minor(amount, invoice.currency)

    seller, totals = invoice.seller, invoice.totals
    gross = minor(totals.gross)
    accounts = [means.transfer.account for means in invoice.payment.means if means.transfer]
    text = "\n".join(one.text for one in invoice.terms if one.text)
    return Payable(
        seller.name, _compact(seller.vat_id or seller.tax_number) or seller.name.casefold().strip(), invoice.number,
        invoice.code, invoice.issue_date, next((one.due for one in invoice.terms if one.due), None), invoice.currency,
        minor(totals.net), minor(totals.tax), gross, minor(totals.due), _compact(accounts[0]) if accounts else "",
        invoice.buyer.name, _compact(invoice.buyer.vat_id), text,
        tuple(
            PayableLine(one.number, one.item.name, one.quantity, one.unit, minor(one.net), one.category,
                        _points(one.rate))
            for one in invoice.lines
        ),
        tuple(PayableTax(one.category, _points(one.rate), minor(one.base), minor(one.tax)) for one in invoice.taxes),
        skonto_of(text, gross),
    )  # fmt: skip


def skonto_of(text: str, gross: int) -> tuple[Skonto, ...]:
    """Skonto as XRechnung writes it into the payment terms (BR-DE-18), the shortest first; amounts in cents."""
    found = []
    for days, whole, part, base, cents in _SKONTO.findall(text):
        amount = int(f"{base}{cents}") if base else gross
        found.append(Skonto(int(days), int(whole + part), amount))
    return tuple(sorted(found))


def pay_by(claim: Payable) -> date | None:
    """The last day for the shortest Skonto, else the due date; None where the invoice names neither."""
    if claim.skonto:
        days = min(claim.skonto[0].days, (date.max - claim.issue_date).days)
        return claim.issue_date + timedelta(days=days)
    return claim.due_date


def doubts(claim: Payable, earlier: Sequence[Known], *, own_vat_ids: Collection[str]) -> list[Doubt]:
    """Duplicates, an account that the supplier never named before, and an invoice that is not addressed to us."""
    found = []
    for one in earlier:
        if one.number == claim.number:
            same = "incoming_duplicate" if one.gross == claim.gross else "incoming_same_number"
            found.append(Doubt(same, {"incoming": str(one.incoming), "number": one.number}))
        elif (one.issue_date, one.gross, one.currency) == (claim.issue_date, claim.gross, claim.currency):
            found.append(Doubt("incoming_same_amount", {"incoming": str(one.incoming), "number": one.number}))
    accounts = {one.iban for one in earlier if one.iban and one.trusted}
    if claim.iban and accounts and claim.iban not in accounts:
        found.append(Doubt("incoming_new_iban", {"iban": claim.iban, "known": ", ".join(sorted(accounts))}))
    if claim.buyer_vat_id and own_vat_ids and claim.buyer_vat_id not in own_vat_ids:
        found.append(Doubt("incoming_other_buyer", {"buyer": claim.buyer, "vat_id": claim.buyer_vat_id}))
    return found


def _compact(text: str) -> str:
    return "".join(text.split()).upper()


def _points(rate: Decimal | None) -> int:
    if rate is None:
        return 0
    if abs(rate) > 1_000:
        raise InexactAmountError(rate)
    return int(rate * 100)
