"""Customers with their shares as people write them: ``K-1:60, K-2:40``."""

from __future__ import annotations

import re
from typing import Final

from turnus.core.intake.cells import Cell, CellError, Reading, as_text

_SHARE: Final = re.compile(r"\s*(.{1,40}?)\s*[:=]\s*([1-9][0-9]{0,8})\s*%?\s*")


def parse_shares(cell: Cell, _how: Reading) -> tuple[tuple[str, int], ...]:
    """(customer, weight) in their order; ``|``, ``;`` or a comma stands between two. Raises ``CellError``."""
    found: dict[str, int] = {}
    for part in re.split(r"[|;,\n]", as_text(cell)):
        match = _SHARE.fullmatch(part)
        if match is None or match[1] in found:
            raise CellError("shares", as_text(cell))
        found[match[1]] = int(match[2])
    return tuple(found.items())
