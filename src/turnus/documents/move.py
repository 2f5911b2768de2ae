"""Which store holds the archive, and moving it from one to another, every file verified (JB-116, G-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.tax import EU
from turnus.documents.archive import CHUNK, lock_chain, read
from turnus.documents.models import ArchiveDeletion, ArchiveEntry, ArchiveStore
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turnus.core.actors import Stamp
    from turnus.ports import FileStore


class Place(NamedTuple):
    """A store: ``folder``, ``database``, or ``s3://BUCKET/PREFIX``; and the country in which its machines stand."""

    url: str
    country: str = ""
    """ISO 3166-1; empty: where the installation itself is."""
    permission: str = ""
    """Of a country outside the EU: what the tax office wrote (§ 146 Abs. 2b AO)."""


class PlaceRefusedError(ValueError):
    """Books may not be kept there: ``code`` and ``params`` of its words."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def chosen_place() -> Place:
    """The store in use; a folder, where nothing else was chosen."""
    row = ArchiveStore.objects.order_by("-id").values_list("url", "country", "permission").first()
    return Place(*row) if row else Place("folder")


def move(old: FileStore, new: FileStore, place: Place, *, by: Stamp) -> Iterator[int]:
    """Copy every file and read it back, then use the new store; yields how many were copied with each chunk.

    The old store keeps its files. Until the last chunk nothing has changed: a move may be broken off and begun again.
    Raises ``DamagedFileError`` where a file is not what it should be, in the old store or in the new one, and
    ``PlaceRefusedError``.
    """
    _check(place)
    after = 0
    while chunk := _entries(after):
        yield _copy(chunk, old, new)
        after = chunk[-1][0]
    with transaction.atomic(durable=True):
        lock_chain()  # what is filed from here on lies in the new store
        yield _copy(_entries(after), old, new)
        before = chosen_place()
        ArchiveStore.objects.create(**place._asdict(), chosen_at=by.at, actor_name=by.actor.name)
        audit(by, "archive.move", "archive", 0, before=before._asdict(), after=place._asdict())


def _check(place: Place) -> None:
    """In the EU, or elsewhere with a permission (§ 146 Abs. 2a, 2b AO)."""
    if not place.url.startswith("s3://"):
        return
    if len(place.country) != 2 or not place.country.isalpha():
        raise PlaceRefusedError("archive_place_country")
    if place.country not in EU and not place.permission.strip():
        raise PlaceRefusedError("archive_place_abroad", country=place.country)


def _entries(after: int) -> list[tuple[int, str]]:
    deleted = ArchiveDeletion.objects.values("id")
    rows = ArchiveEntry.objects.filter(id__gt=after).exclude(id__in=deleted).order_by("id")
    return list(rows.values_list("id", "sha256")[:CHUNK])


def _copy(entries: list[tuple[int, str]], old: FileStore, new: FileStore) -> int:
    for _number, sha256 in entries:
        new.put(sha256, read(old, sha256))
        read(new, sha256)
    return len(entries)
