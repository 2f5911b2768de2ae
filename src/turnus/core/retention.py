"""How long documents are kept (§ 147 AO, § 257 HGB, § 14b UStG; law.md G-03)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final


class Retention(StrEnum):
    """Classes of documents by the law that keeps them."""

    BOOKS = "books"
    """Books, records, organisation documents: § 147 Abs. 1 Nr. 1 AO; records of the OSS: § 22 UStG."""
    VOUCHERS = "vouchers"
    """Invoices, sent and received, and all other vouchers: § 147 Abs. 1 Nr. 4 AO, § 14b UStG."""
    LETTERS = "letters"
    """Letters received and sent: § 147 Abs. 1 Nr. 2, 3 AO."""


YEARS: Final = {Retention.BOOKS: 10, Retention.VOUCHERS: 8, Retention.LETTERS: 6}
"""Calendar years after the one of the document."""
PARAGRAPHS: Final = {
    Retention.BOOKS: "§ 147 Abs. 3 AO, § 257 Abs. 4 HGB",
    Retention.VOUCHERS: "§ 147 Abs. 3 AO, § 257 Abs. 4 HGB, § 14b Abs. 1 UStG",
    Retention.LETTERS: "§ 147 Abs. 3 AO, § 257 Abs. 4 HGB",
}
_OLD_LAW: Final = 2024
"""Until the end of this year vouchers were kept for ten years; what still ran then is shortened (BEG IV)."""


def kept_until(retention: Retention, dated: date) -> date:
    """The last day on which a document of this day must be kept; it runs on while its tax is open: a legal hold."""
    year = dated.year + YEARS[retention]
    if retention is Retention.VOUCHERS:
        year = min(dated.year + 10, max(year, _OLD_LAW))
    return date(year, 12, 31)


def over_until(retention: Retention, on: date) -> date:
    """Documents of this day and earlier need not be kept any more on ``on``: the end of a year."""
    year = on.year
    while kept_until(retention, date(year, 12, 31)) >= on:
        year -= 1
    return date(year, 12, 31)
