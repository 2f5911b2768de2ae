"""Everything that arrives is stored as it came, under its SHA-256, before anybody reads it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.records.models import InboxFile

if TYPE_CHECKING:
    from datetime import datetime

BLOCK = 1 << 20


class Received(NamedTuple):
    """A stored file: its row, where its bytes lie, and whether the same file had come before."""

    id: int
    path: Path
    sha256: str
    known: bool


def receive(path: Path, kind: str, *, folder: Path, at: datetime) -> Received:
    """Copy the bytes of ``path`` into ``folder`` under their SHA-256 and enter them; the same file is kept once.

    ``kind`` says what it holds: ``customers``, ``usage`` … Raises ``OSError`` where it cannot be read or stored.
    """
    stored, sha256, size = _store(path, folder)
    with transaction.atomic(durable=True):
        row, created = InboxFile.objects.get_or_create(
            sha256=sha256,
            kind=kind,
            defaults={"name": path.name, "size": size, "path": stored.name, "received_at": at},
        )
    return Received(row.id, stored, sha256, not created)


def _store(path: Path, folder: Path) -> tuple[Path, str, int]:
    """The bytes on disk before the row: a temporary file, synced, then renamed at once to its final name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, NamedTemporaryFile(dir=folder, prefix="part-", delete=False) as copy:
        try:
            while block := source.read(BLOCK):
                digest.update(block)
                copy.write(block)
                size += len(block)
            copy.flush()
            os.fsync(copy.fileno())
        except BaseException:
            Path(copy.name).unlink()
            raise
    stored = folder / digest.hexdigest()
    Path(copy.name).replace(stored)
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)  # the new name as well survives a power cut
    finally:
        os.close(entries)
    return stored, digest.hexdigest(), size
