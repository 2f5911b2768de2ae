"""Seals of the journal: the hash of every posting, payment, allocation and audit entry, filed in the archive's chain.

A row that somebody changes or removes behind the guards is named by its table and id (law.md G-02, S-13). Documents are
held by it too: the audit trail has their digests.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps

from turnus.core.chain import Filing
from turnus.core.retention import Retention
from turnus.documents.archive import DamagedFileError, read, store
from turnus.documents.seals import Seal, file_seal, last_sealed, seals
from turnus.documents.verify import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from turnus.ports import FileStore

JOURNAL: Final = ("ledger.Posting", "ledger.Allocation", "ledger.Payment", "records.AuditEntry")
ROWS: Final = 1_000
"""Rows of one seal."""


def seal_journal(files: FileStore, *, on: date, at: datetime) -> int:
    """Seal what was not sealed yet, in chunks. Returns how many rows. Raises ``TryLater``."""
    count = 0
    for label in JOURNAL:
        columns = [field.attname for field in apps.get_model(label)._meta.concrete_fields]
        while rows := _rows(label, columns, after=last_sealed(label)):
            hashes = [[row[0], _hash(row)] for row in rows]
            content = json.dumps({"table": label, "columns": columns, "rows": hashes}).encode()
            name = f"{label}-{rows[0][0]}-{rows[-1][0]}.json"
            sha256 = store(files, content)
            file_seal(Filing("seal", rows[-1][0], label, name, sha256, len(content), Retention.BOOKS, on), at=at)
            count += len(rows)
    return count


def broken_seals(files: FileStore) -> Iterator[Flaw]:
    """Every sealed row that is changed or gone; a damaged seal is named by the verification of the archive itself."""
    for seal in seals():
        try:
            told = json.loads(read(files, seal.sha256))
        except DamagedFileError:
            continue
        yield from _broken(seal, told)


def _broken(seal: Seal, told: dict[str, Any]) -> Iterator[Flaw]:
    sealed = dict(told["rows"])
    manager = apps.get_model(seal.label)._default_manager  # noqa: SLF001 - any model's rows
    found = {row[0]: _hash(row) for row in manager.filter(id__in=list(sealed)).values_list(*told["columns"])}
    for number, wanted in sealed.items():
        where = {"table": seal.label, "id": str(number), "number": str(seal.number)}
        if number not in found:
            yield Flaw("archive_row_missing", where)
        elif found[number] != wanted:
            yield Flaw("archive_row_changed", where)


def _rows(label: str, columns: Sequence[str], *, after: int) -> list[tuple[Any, ...]]:
    manager = apps.get_model(label)._default_manager  # noqa: SLF001 - any model's rows
    return list(manager.filter(id__gt=after).order_by("id").values_list(*columns)[:ROWS])


def _hash(row: Sequence[object]) -> str:
    """Half of the SHA-256 of the row's values as canonical JSON: the same on both databases."""
    text = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | str) else str(value)
