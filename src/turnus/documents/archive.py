"""The archive: files by content hash in the chosen store, each a link of one hash chain (law.md G-02, G-04)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from turnus.core.chain import GENESIS, Filing, Link, forge
from turnus.core.retention import Retention
from turnus.documents.models import ArchiveEntry, Rendering
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from turnus.ports import FileStore

CHUNK = 1_000


class Archived(NamedTuple):
    """A rendered document in the archive."""

    invoice: int
    kind: str
    sha256: str
    size: int
    name: str
    dated: date
    design: int = 0
    """Id of the version of the design that printed it; 0: the seller's settings."""


class DamagedFileError(RuntimeError):
    """A file of the archive is missing or is not what was put there."""


def store(files: FileStore, content: bytes) -> str:
    """Keep bytes under their SHA-256, which is returned. Raises ``TryLater`` and ``Rejected``."""
    sha256 = hashlib.sha256(content).hexdigest()
    failpoint("render.before_file")
    files.put(sha256, content)
    failpoint("render.after_file")
    return sha256


def read(files: FileStore, sha256: str) -> bytes:
    """The archived bytes. Raises ``DamagedFileError`` where they are gone or changed, ``TryLater``."""
    content = files.get(sha256)
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(files.place(sha256))
    return content


def append(filings: Iterable[Filing], *, at: datetime) -> list[Link]:
    """Add links to the chain; their files lie in the store already. Inside a transaction: one writer at a time.

    The lock is held until the caller commits, so this comes last.
    """
    wanted = list(filings)
    if not wanted:
        return []
    lock_chain()
    last = ArchiveEntry.objects.order_by("-id").values_list("id", "hash").first() or (0, GENESIS)
    links = list(forge(wanted, after=last[0], previous=last[1], at=at))
    ArchiveEntry.objects.bulk_create(
        (
            ArchiveEntry(
                id=link.number, filed_at=link.filed_at, previous=link.previous, hash=link.hash,
                **link.filing._asdict(),
            )
            for link in links
        ),
        batch_size=CHUNK,
    )  # fmt: skip
    return links


def lock_chain() -> None:
    """Nobody else adds a link until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # SQLite has one writer at a time anyway
            cursor.execute("LOCK TABLE documents_archiveentry IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic(durable=True)
def file_renderings(rows: Collection[Archived], *, at: datetime) -> int:
    """Enter rendered files; a document that has its file already keeps it. Returns how many are new."""
    known = set(
        Rendering.objects.filter(invoice_id__in=[row.invoice for row in rows]).values_list("invoice_id", "kind")
    )
    fresh = [row for row in rows if (row.invoice, row.kind) not in known]
    Rendering.objects.bulk_create(
        Rendering(
            invoice_id=row.invoice, kind=row.kind, sha256=row.sha256, size=row.size, rendered_at=at,
            design_id=row.design or None,
        )
        for row in fresh
    )  # fmt: skip
    append([_filing(row) for row in fresh], at=at)
    return len(fresh)


def unchained(limit: int = CHUNK) -> list[tuple[int, str, str, int]]:
    """(invoice, kind, hash, size) of files that were archived before there was a chain."""
    links = ArchiveEntry.objects.filter(subject="invoice", subject_id=OuterRef("invoice_id"), format=OuterRef("kind"))
    rows = Rendering.objects.exclude(Exists(links)).order_by("id")
    return list(rows.values_list("invoice_id", "kind", "sha256", "size")[:limit])


@transaction.atomic(durable=True)
def chain_renderings(rows: Collection[Archived], *, at: datetime) -> None:
    """Enter files that were archived before there was a chain; those that have a link are left out."""
    links = ArchiveEntry.objects.filter(subject="invoice", subject_id__in=[row.invoice for row in rows])
    known = set(links.values_list("subject_id", "format"))
    append([_filing(row) for row in rows if (row.invoice, row.kind) not in known], at=at)


def _filing(row: Archived) -> Filing:
    return Filing("invoice", row.invoice, row.kind, row.name, row.sha256, row.size, Retention.VOUCHERS, row.dated)


def archived(invoices: Collection[int]) -> dict[int, dict[str, str]]:
    """Invoice → kind of file → its hash, for those that have any."""
    found: dict[int, dict[str, str]] = {}
    rows = Rendering.objects.filter(invoice_id__in=invoices).order_by("id")
    for invoice, kind, sha256 in rows.values_list("invoice_id", "kind", "sha256"):
        found.setdefault(invoice, {})[kind] = sha256
    return found


def rendered(invoices: Collection[int], kind: str = "pdf") -> dict[int, str]:
    """Invoice → hash of its file, for those that have one."""
    return {invoice: kinds[kind] for invoice, kinds in archived(invoices).items() if kind in kinds}


def is_archived(subject: str, sha256: str) -> bool:
    """Whether this file is archived already as what ``subject`` says."""
    return ArchiveEntry.objects.filter(sha256=sha256, subject=subject).exists()
