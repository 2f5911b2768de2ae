"""Texts of the house that are kept in versions: a new one is archived only where it differs from the last (G-09)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.core.chain import Filing
from turnus.core.retention import Retention
from turnus.documents.archive import append, lock_chain, read
from turnus.documents.models import ArchiveEntry
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.ports import FileStore


@transaction.atomic(durable=True)
def keep_version(files: FileStore, subject: str, name: str, content: bytes, *, by: Stamp) -> bool:
    """Archive the text where it is not the last version; says whether it was new. Raises ``TryLater``."""
    lock_chain()
    sha256 = hashlib.sha256(content).hexdigest()
    last = _last(subject, name)
    if last is not None and last.sha256 == sha256:
        return False
    files.put(sha256, content)
    number = last.subject_id + 1 if last else 1
    kind = name.rpartition(".")[2]
    append([Filing(subject, number, kind, name, sha256, len(content), Retention.BOOKS, by.at.date())], at=by.at)
    audit(by, f"archive.{subject}", subject, number, after={"name": name}, digest=sha256)
    return True


def last_version(files: FileStore, subject: str, name: str) -> bytes:
    """The last version; empty where there is none. Raises ``DamagedFileError`` and ``TryLater``."""
    row = _last(subject, name)
    return b"" if row is None else read(files, row.sha256)


def _last(subject: str, name: str) -> ArchiveEntry | None:
    return ArchiveEntry.objects.filter(subject=subject, name=name).order_by("-id").first()
