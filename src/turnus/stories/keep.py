"""Keep the archive: what is older than its chain is taken in, and each day gets its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.documents.anchors import anchor
from turnus.documents.archive import Archived, chain_renderings, unchained
from turnus.invoices.queries import printed_names

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path


def keep_archive(anchors: Path, *, on: date, at: datetime) -> None:
    """Once a day or more often: repeating it changes nothing. ``anchors``: the folder of anchor files."""
    while rows := unchained():
        names = printed_names([invoice for invoice, *_rest in rows])
        chain_renderings(
            [
                Archived(invoice, kind, sha256, size, f"{names[invoice][0]}.{kind}", names[invoice][1])
                for invoice, kind, sha256, size in rows
            ],
            at=at,
        )
    anchor(anchors, on=on)
