"""Verify the archive: every link, every anchor and every file, each by itself, and name what is wrong (G-02, F-18)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.chain import GENESIS, Anchor, Filing, Link, link_hash
from turnus.documents.anchors import read_anchor, signed_anchors
from turnus.documents.archive import CHUNK, unchained
from turnus.documents.models import ArchiveDeletion, ArchiveEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from turnus.ports import FileStore


class Flaw(NamedTuple):
    """Something wrong: the code of its words (``archive_…``) and what fills their blanks."""

    code: str
    params: dict[str, str]


def links(*, after: int = 0) -> Iterator[Link]:
    """The links of the chain in order, in chunks."""
    columns = (*Filing._fields, "filed_at", "previous", "hash", "id")
    while True:
        rows = ArchiveEntry.objects.filter(id__gt=after).order_by("id").values_list(*columns)[:CHUNK]
        found = [Link(row[-1], Filing(*row[:8]), *row[8:11]) for row in rows]
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].number


def flaws(
    files: FileStore, anchors: Path, *, contents: bool = True, told: Callable[[int], None] = lambda _number: None
) -> Iterator[Flaw]:
    """Everything wrong with chain, anchors and files. ``anchors``: the folder of anchor files; ``told``: progress.

    ``contents``: read every file too. Raises ``TryLater`` where the store cannot be reached.
    """
    wanted, doubts = _anchors(anchors)
    yield from doubts
    deleted = set(ArchiveDeletion.objects.values_list("id", flat=True))
    last, previous = 0, GENESIS
    for link in links():
        yield from _link_flaws(link, last, previous)
        for one in wanted.pop(link.number, ()):
            if one.hash != link.hash:
                yield Flaw("archive_anchor_differs", {**_named(link), "day": one.day.isoformat(), "expected": one.hash})
        if contents:
            yield from _file_flaws(link, files, deleted=link.number in deleted)
        last, previous = link.number, link.hash
        told(last)
    for number, ones in sorted(wanted.items()):
        yield Flaw("archive_tail_missing", {"number": str(number), "last": str(last), "day": ones[0].day.isoformat()})
    for invoice, kind, sha256, _size in unchained():
        yield Flaw("archive_unchained", {"invoice": str(invoice), "format": kind, "sha256": sha256})


def _link_flaws(link: Link, last: int, previous: str) -> Iterator[Flaw]:
    if link.number != last + 1:
        yield Flaw("archive_gap", {"first": str(last + 1), "last": str(link.number - 1)})
    elif link.previous != previous:
        yield Flaw("archive_break", _named(link))
    own = link_hash(link.number, link.filing, link.filed_at, link.previous)
    if own != link.hash:
        yield Flaw("archive_changed", {**_named(link), "expected": link.hash, "found": own})


def _file_flaws(link: Link, files: FileStore, *, deleted: bool) -> Iterator[Flaw]:
    said = link.filing
    content = files.get(said.sha256)
    where = {**_named(link), "place": files.place(said.sha256)}
    if deleted:
        if content is not None and not _kept_by_another(said.sha256):
            yield Flaw("archive_not_removed", where)
    elif content is None:
        yield Flaw("archive_file_missing", {**where, "expected": said.sha256})
    elif (found := hashlib.sha256(content).hexdigest()) != said.sha256:
        sizes = {"size": str(len(content)), "wanted_size": str(said.size)}
        yield Flaw("archive_file_changed", {**where, "expected": said.sha256, "found": found, **sizes})


def _kept_by_another(sha256: str) -> bool:
    """Whether an entry that is not deleted has the same file."""
    deleted = ArchiveDeletion.objects.values("id")
    return ArchiveEntry.objects.filter(sha256=sha256).exclude(id__in=deleted).exists()


def _anchors(folder: Path) -> tuple[dict[int, list[Anchor]], list[Flaw]]:
    """Number of the link → anchors on it, from rows and files; and what is wrong with the anchors themselves."""
    found: set[Anchor] = set()
    doubts = []
    rows = signed_anchors()
    for one, right in rows:
        found.add(one)
        if not right:
            doubts.append(Flaw("archive_anchor_unsigned", {"place": f"documents_archiveanchor {one.day.isoformat()}"}))
    kept = {one for one, _right in rows}
    for path in sorted(folder.glob("*.json")):
        anchor = read_anchor(path)
        if anchor is None:
            doubts.append(Flaw("archive_anchor_unsigned", {"place": str(path)}))
        elif anchor not in kept:
            found.add(anchor)
            doubts.append(Flaw("archive_anchor_row_missing", {"place": str(path), "day": anchor.day.isoformat()}))
    by_number: dict[int, list[Anchor]] = {}
    for one in sorted(found):
        by_number.setdefault(one.number, []).append(one)
    return by_number, doubts


def _named(link: Link) -> dict[str, str]:
    said = link.filing
    return {"number": str(link.number), "name": said.name, "subject": said.subject, "id": str(said.subject_id)}
