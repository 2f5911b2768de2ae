"""Legal holds, and deletion of what need not be kept any more, with a protocol (law.md G-03)."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime  # NamedTuple fields
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from turnus.core.chain import Filing
from turnus.core.retention import Retention, kept_until, over_until
from turnus.documents.archive import CHUNK, append
from turnus.documents.models import ArchiveDeletion, ArchiveEntry, ArchiveHold, ArchiveHoldLift
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from turnus.core.actors import Stamp
    from turnus.ports import FileStore


class RetentionRefusedError(ValueError):
    """A hold cannot be set or lifted: ``code`` and ``params`` of its words."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Kept(NamedTuple):
    """An entry of the archive as people see it."""

    number: int
    name: str
    format: str
    sha256: str
    size: int
    retention: str
    dated: date
    filed_at: datetime

    @property
    def until(self) -> date:
        """The last day on which it must be kept."""
        return kept_until(Retention(self.retention), self.dated)


class Hold(NamedTuple):
    """A hold in force; without a number it covers everything."""

    id: int
    number: int | None
    reason: str
    set_at: datetime
    actor: str


_KEPT = ("id", "name", "format", "sha256", "size", "retention", "dated", "filed_at")


def kept(*, name: str = "", limit: int = 100) -> list[Kept]:
    """Entries whose file is not deleted, the latest first; ``name``: of the document or of its file."""
    rows = _standing().filter(name__in=[name, f"{name}.pdf", f"{name}.xml"]) if name else _standing()
    return [Kept(*row) for row in rows.order_by("-id").values_list(*_KEPT)[:limit]]


def holds() -> list[Hold]:
    """Holds in force, the oldest first."""
    rows = _in_force().order_by("id").values_list("id", "number", "reason", "set_at", "actor_name")
    return [Hold(*row) for row in rows]


@transaction.atomic(durable=True)
def set_hold(*, number: int | None, reason: str, by: Stamp) -> int:
    """Keep an entry, or everything, beyond its time: while tax is open (§ 147 Abs. 3 S. 5 AO), in a lawsuit.

    Returns the id of the hold. Raises ``RetentionRefusedError``.
    """
    if not reason.strip():
        raise RetentionRefusedError("archive_hold_reason")
    if number is not None and not _standing().filter(id=number).exists():
        raise RetentionRefusedError("archive_unknown_entry", number=str(number))
    row = ArchiveHold.objects.create(number=number, reason=reason, set_at=by.at, actor_name=by.actor.name)
    audit(by, "archive.hold", "archive", number or 0, after={"hold": row.id}, reason=reason)
    return row.id


@transaction.atomic(durable=True)
def lift_hold(hold: int, *, reason: str, by: Stamp) -> None:
    """End a hold. Raises ``RetentionRefusedError``."""
    if not reason.strip():
        raise RetentionRefusedError("archive_hold_reason")
    row = _in_force().filter(id=hold).first()
    if row is None:
        raise RetentionRefusedError("archive_unknown_hold", hold=str(hold))
    ArchiveHoldLift.objects.create(hold_id=hold, reason=reason, lifted_at=by.at, actor_name=by.actor.name)
    audit(by, "archive.release", "archive", row.number or 0, before={"hold": hold}, reason=reason)


def over(*, on: date, limit: int = CHUNK) -> list[Kept]:
    """Entries whose time was over before ``on`` and that no hold covers, the oldest first."""
    if _in_force().filter(number=None).exists():
        return []
    ended = Q(pk__in=[])
    for retention in Retention:
        ended |= Q(retention=retention, dated__lte=over_until(retention, on))
    held = _in_force().filter(number=OuterRef("id"))
    rows = _standing().filter(ended).exclude(Exists(held)).order_by("id")
    return [Kept(*row) for row in rows.values_list(*_KEPT)[:limit]]


def delete_over(files: FileStore, *, on: date, by: Stamp) -> Iterator[tuple[Kept, ...]]:
    """Delete the files of what ``over`` names, in chunks; yields each chunk once it is gone.

    The entries stay, with their tombstones, so the chain verifies on; the protocol of a chunk becomes an entry itself.
    """
    while chunk := _bury(files, on=on, by=by):
        failpoint("archive.after_tombstones")
        for sha256 in {one.sha256 for one in chunk}:
            if not _standing().filter(sha256=sha256).exists():
                files.remove(sha256)
        yield chunk


@transaction.atomic(durable=True)
def _bury(files: FileStore, *, on: date, by: Stamp) -> tuple[Kept, ...]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # no hold is set in between
            cursor.execute("LOCK TABLE documents_archivehold IN SHARE ROW EXCLUSIVE MODE")
    chunk = tuple(over(on=on))
    if not chunk:
        return ()
    content = _protocol(chunk, on=on, by=by)
    sha256 = hashlib.sha256(content).hexdigest()
    files.put(sha256, content)
    name = f"{on.isoformat()}-{chunk[0].number}-{chunk[-1].number}.json"
    filing = Filing("protocol", chunk[0].number, "json", name, sha256, len(content), Retention.BOOKS, on)
    (link,) = append([filing], at=by.at)
    ArchiveDeletion.objects.bulk_create(ArchiveDeletion(id=one.number, protocol=link.number) for one in chunk)
    audit(by, "archive.delete", "archive", link.number, after={"entries": len(chunk)}, digest=sha256)
    return chunk


def _protocol(chunk: tuple[Kept, ...], *, on: date, by: Stamp) -> bytes:
    rows = [[*one[:7], one.until] for one in chunk]
    titles = ["number", "name", "format", "sha256", "size", "retention", "dated", "kept_until"]
    content = {"deleted_on": on, "at": by.at, "by": by.actor.name, "columns": titles, "entries": rows}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _standing() -> QuerySet[ArchiveEntry]:
    return ArchiveEntry.objects.exclude(Exists(ArchiveDeletion.objects.filter(id=OuterRef("id"))))


def _in_force() -> QuerySet[ArchiveHold]:
    return ArchiveHold.objects.exclude(Exists(ArchiveHoldLift.objects.filter(hold_id=OuterRef("id"))))
