"""The archive: files by content hash, written whole or not at all, one per document and format."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.documents.models import Rendering
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Archived(NamedTuple):
    """A file in the archive."""

    invoice: int
    kind: str
    sha256: str
    size: int


class DamagedFileError(RuntimeError):
    """A file of the archive is missing or is not what was put there."""


def place(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies."""
    return folder / sha256[:2] / sha256


def store(folder: Path, content: bytes) -> str:
    """Write bytes under their SHA-256: a temporary file, synced, then renamed. Returns the hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = place(folder, sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    failpoint("render.before_file")
    unfinished = path.with_name(f".{sha256}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    failpoint("render.after_file")
    return sha256


@transaction.atomic(durable=True)
def file_renderings(rows: Collection[Archived], *, at: datetime) -> int:
    """Enter rendered files; a document that has its file already keeps it. Returns how many are new."""
    known = set(
        Rendering.objects.filter(invoice_id__in=[row.invoice for row in rows]).values_list("invoice_id", "kind")
    )
    fresh = [row for row in rows if (row.invoice, row.kind) not in known]
    Rendering.objects.bulk_create(
        Rendering(invoice_id=row.invoice, kind=row.kind, sha256=row.sha256, size=row.size, rendered_at=at)
        for row in fresh
    )
    return len(fresh)


def rendered(invoices: Collection[int], kind: str = "pdf") -> dict[int, str]:
    """Invoice → hash of its file, for those that have one."""
    rows = Rendering.objects.filter(invoice_id__in=invoices, kind=kind)
    return dict(rows.values_list("invoice_id", "sha256"))


def read(folder: Path, sha256: str) -> bytes:
    """The archived bytes. Raises ``DamagedFileError`` where they are gone or changed."""
    path = place(folder, sha256)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(str(path))
    return content


def damaged(folder: Path) -> list[tuple[int, str]]:
    """(invoice, hash) of every archived file that is missing or changed."""
    found = []
    for invoice, sha256 in Rendering.objects.order_by("id").values_list("invoice_id", "sha256").iterator():
        try:
            read(folder, sha256)
        except DamagedFileError:
            found.append((invoice, sha256))
    return found
