"""Letters that are no invoices: filed once, in the archive, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.chain import Filing
from turnus.core.retention import Retention
from turnus.documents.archive import append
from turnus.documents.models import Letter
from turnus.records.audit import audit

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp


class LetterData(NamedTuple):
    """What is said of a letter; its file lies in the store already."""

    seller: int
    customer: int
    contract: int | None
    kind: str
    title: str
    dated: date
    sha256: str
    size: int


class LetterRow(NamedTuple):
    """A letter as a list shows it."""

    id: int
    customer: int
    contract: int | None
    kind: str
    title: str
    dated: date
    sha256: str


_COLUMNS = ("id", "customer_id", "contract_id", "kind", "title", "dated", "sha256")


@transaction.atomic(durable=True)
def file_letter(letter: LetterData, *, by: Stamp) -> int:
    """Enter a letter and its link of the archive; the same file for the same customer is one letter. Returns its id."""
    row, created = Letter.objects.get_or_create(
        seller_id=letter.seller, customer_id=letter.customer, kind=letter.kind, sha256=letter.sha256,
        defaults={"contract_id": letter.contract, "title": letter.title, "dated": letter.dated, "size": letter.size,
                  "filed_at": by.at, "actor_name": by.actor.name},
    )  # fmt: skip
    if created:
        audit(by, "letter.file", "letter", row.id, after={"kind": letter.kind, "file": letter.sha256})
        name, kept = f"{letter.kind}-{row.id}.pdf", Retention.LETTERS
        filing = Filing("letter", row.id, "pdf", name, letter.sha256, letter.size, kept, letter.dated)
        append([filing], at=by.at)
    return row.id


def letter_rows(seller: int, *, customer: int | None = None, limit: int = 50) -> list[LetterRow]:
    """Letters of a seller, the newest first."""
    rows = Letter.objects.filter(seller_id=seller)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    return [LetterRow(*row) for row in rows.order_by("-id").values_list(*_COLUMNS)[:limit]]


def letter_file(seller: int, letter: int) -> str | None:
    """Hash of a letter's file; None: there is no such letter."""
    return Letter.objects.filter(seller_id=seller, id=letter).values_list("sha256", flat=True).first()
