"""Which design prints a document: the one that printed it already, else what the rules of its seller say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.groups import group_codes, groups_on
from turnus.core.design import Printed, chosen
from turnus.documents.designs import design_books, designs_of_renderings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from turnus.core.document import InvoiceDocument


class Addressed(NamedTuple):
    """Whose a document is, and to whom it goes."""

    seller: int
    customer: int
    site: str


def with_designs(
    documents: Mapping[int, InvoiceDocument], addressed: Mapping[int, Addressed]
) -> dict[int, InvoiceDocument]:
    """The documents with their designs; one query where no seller has designs of its own."""
    books = design_books({row.seller for row in addressed.values()})
    if not books:
        return dict(documents)
    printed = designs_of_renderings(documents)
    groups = _groups(documents, addressed) if any(rule.group for book in books.values() for rule in book.rules) else {}
    found = {}
    for invoice, document in documents.items():
        row = addressed[invoice]
        book, design = books.get(row.seller), printed.get(invoice)
        if book and invoice not in printed:
            name = chosen(book.rules, Printed(
                document.kind, row.site, groups.get(invoice, ""), document.language, document.buyer.address.country,
            ))  # fmt: skip
            design = book.designs.get(name)
        found[invoice] = replace(document, design=design) if design else document
    return found


def _groups(documents: Mapping[int, InvoiceDocument], addressed: Mapping[int, Addressed]) -> dict[int, str]:
    """Document → code of the group that its customer was in on the day of issue."""
    days = {invoice: (addressed[invoice].customer, document.issue_date) for invoice, document in documents.items()}
    joined = groups_on(set(days.values()))
    codes = group_codes(set(joined.values()))
    return {invoice: codes[joined[key]] for invoice, key in days.items() if key in joined}
