"""Keep the archive: what is older than its chain is taken in, the journal is sealed, each day gets its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.documents.anchors import anchor, is_anchored
from turnus.documents.archive import Archived, chain_renderings, unchained
from turnus.invoices.queries import printed_names
from turnus.stories.seal import seal_journal

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from turnus.core.chain import Anchor
    from turnus.ports import FileStore


def keep_archive(files: FileStore, anchors: Path, *, on: date, at: datetime) -> Anchor | None:
    """Once a day or more often: the first round of a day seals and anchors. ``anchors``: the folder of anchor files.

    Returns the anchor of the day; None: nothing is archived yet. Raises ``TryLater``.
    """
    while rows := unchained():
        names = printed_names([invoice for invoice, *_rest in rows])
        chain_renderings(
            [
                Archived(invoice, kind, sha256, size, f"{names[invoice][0]}.{kind}", names[invoice][1])
                for invoice, kind, sha256, size in rows
            ],
            at=at,
        )
    if not is_anchored(on):
        seal_journal(files, on=on, at=at)
    return anchor(anchors, on=on)
