"""Seals in the archive: which rows of which table were sealed, and by which entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.documents.archive import append, lock_chain
from turnus.documents.models import ArchiveDeletion, ArchiveEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from turnus.core.chain import Filing


class Seal(NamedTuple):
    """An entry that seals rows of a table."""

    number: int
    label: str
    sha256: str


@transaction.atomic(durable=True)
def file_seal(filing: Filing, *, at: datetime) -> None:
    """Enter a seal whose file is in the store; what another process sealed meanwhile is not sealed twice."""
    lock_chain()
    if last_sealed(filing.format) < filing.subject_id:
        append([filing], at=at)


def last_sealed(label: str) -> int:
    """The last sealed id of a table; 0: none."""
    rows = ArchiveEntry.objects.filter(subject="seal", format=label).order_by("-id")
    return rows.values_list("subject_id", flat=True).first() or 0


def seals() -> Iterator[Seal]:
    """All seals in force, the oldest first."""
    rows = ArchiveEntry.objects.filter(subject="seal").exclude(id__in=ArchiveDeletion.objects.values("id"))
    for row in rows.order_by("id").values_list("id", "format", "sha256").iterator():
        yield Seal(*row)
