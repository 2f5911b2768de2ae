"""Letters on paper that are no invoices: notices, price changes, statements, order confirmations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.document import Design, DocumentAccount, DocumentParty


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of texts; the columns of ``right`` stand at the right, rows of ``strong`` are set in bold."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    strong: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """A letter, complete enough to print: in the seller's design and the recipient's language."""

    title: str
    day: date
    language: str
    seller: DocumentParty
    buyer: DocumentParty
    customer_number: str
    accounts: tuple[DocumentAccount, ...]
    design: Design
    paragraphs: tuple[str, ...]
    """Above the table."""
    table: PaperTable | None = None
    after: tuple[str, ...] = ()
    """Paragraphs below the table."""
    about: tuple[tuple[str, str], ...] = ()
    """Rows of the info block: contract, period."""


def paragraphs(text: str, *names: str) -> tuple[str, tuple[str, ...]]:
    """A plain letter → its subject and its paragraphs, without the names of recipient and sender around them.

    Wrapped lines are joined; lines that are indented stay lines.
    """
    blocks = [block for block in text.strip().split("\n\n") if block.strip()]
    subject, *rest = [block for block in blocks if block.strip() not in names]
    found: list[str] = []
    for block in rest:
        lines = block.splitlines()
        if any(line.startswith("  ") for line in lines):
            found += [f"– {line.strip()}" for line in lines]
        else:
            found.append(" ".join(line.strip() for line in lines))
    return " ".join(subject.split()), tuple(found)
