"""The daily anchor: the head of the chain, signed, in a row and in a file outside the database (law.md G-02)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.db import transaction

from turnus.core.chain import Anchor, anchor_text, parse_anchor
from turnus.documents.models import ArchiveAnchor, ArchiveEntry

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@transaction.atomic(durable=True)
def anchor(folder: Path, *, on: date) -> Anchor | None:
    """Anchor the head on this day and write the file ``DAY.json``; the first anchor of a day stands. None: no chain."""
    row = ArchiveAnchor.objects.filter(day=on).first()
    if row is None:
        head = ArchiveEntry.objects.order_by("-id").values_list("id", "hash").first()
        if head is None:
            return None
        signature = _signer().signature(anchor_text(Anchor(on, *head)))
        row = ArchiveAnchor.objects.create(day=on, number=head[0], hash=head[1], signature=signature)
    found = Anchor(row.day, row.number, row.hash)
    path = folder / f"{on.isoformat()}.json"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = {"anchor": anchor_text(found), "signature": row.signature}
        path.write_text(json.dumps(text, indent=1) + "\n", encoding="ascii")
    return found


def is_anchored(on: date) -> bool:
    """The day has its anchor."""
    return ArchiveAnchor.objects.filter(day=on).exists()


def read_anchor(path: Path) -> Anchor | None:
    """The anchor of a file; None where it is none, or is not signed with the key of this installation."""
    try:
        text = json.loads(path.read_text(encoding="utf-8"))
        return parse_anchor(_signer().unsign(f"{text['anchor']}:{text['signature']}"))
    except (ValueError, KeyError, TypeError, BadSignature):
        return None


def signed_anchors() -> list[tuple[Anchor, bool]]:
    """The anchors of the database, the oldest first, each with whether its signature is right."""
    rows = ArchiveAnchor.objects.order_by("day").values_list("day", "number", "hash", "signature")
    found = [(Anchor(*row[:3]), row[3]) for row in rows]
    return [(one, signature == _signer().signature(anchor_text(one))) for one, signature in found]


def _signer() -> Signer:
    return Signer(salt="turnus.archive.anchor")
