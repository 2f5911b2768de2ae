"""How far items are billed: what a change of prices must not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.charges import standing
from turnus.invoices.facts import issued_entries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def billed_until(contracts: Sequence[tuple[int, date]]) -> dict[int, date]:
    """Item → end (half-open) of its days that stand billed. ``contracts`` are (id, sealed through); one query."""
    found: dict[int, date] = {}
    for entries in issued_entries(contracts).values():
        for entry, days in standing(entries):
            identity = entry.charge.identity
            if identity.part.partition(":")[0] in {"fee", "usage"}:
                found[identity.item] = max(found.get(identity.item, days.end), days.end)
    return found
