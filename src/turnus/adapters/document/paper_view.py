"""What a template receives of a letter that is no invoice: the same blocks, and a table of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from turnus.adapters.document.plain import one_line
from turnus.adapters.document.view import view
from turnus.adapters.document.words import words
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.formatting import format_date

if TYPE_CHECKING:
    from turnus.core.paper import PaperLetter, PaperTable


def paper_view(letter: PaperLetter, *, logo: str) -> dict[str, Any]:
    """Everything printed of a letter. ``logo`` is the path that the template opens, or empty."""
    shell = InvoiceDocument(
        Kind.INVOICE, "", letter.day, None, "EUR", letter.language, letter.seller, letter.buyer, letter.customer_number,
        letter.accounts, (), (), 0, 0, 0, design=letter.design,
    )  # fmt: skip
    found = view(shell, logo=logo)
    title, say = one_line(letter.title), words(letter.language)
    about = [
        [say("info.date_proforma"), format_date(letter.day, say.language)],
        *([one_line(name), one_line(value)] for name, value in letter.about),
    ]
    return found | {
        "title": title, "number": "", "draft": "", "name": title, "info": [about, *found["info"][1:]],
        "intro": [one_line(text) for text in letter.paragraphs],
        "notes": [one_line(text) for text in letter.after],
        "blocks": [["intro"], *([["paper"]] if letter.table else []), ["notes"], ["closing"]],
        "paper": _table(letter.table) if letter.table else {},
    }  # fmt: skip


def _table(table: PaperTable) -> dict[str, Any]:
    rows = [[one_line(cell) for cell in row] for row in table.rows]
    strong = [index in table.strong for index in range(len(rows))]
    align = ["right" if index in table.right else "left" for index in range(len(table.columns))]
    return {"columns": [one_line(name) for name in table.columns], "rows": rows, "strong": strong, "align": align}
