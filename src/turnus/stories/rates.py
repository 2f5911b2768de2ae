"""Another rate of VAT: what was billed for services that end under it is corrected by the next run (case 7 d)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.catalog.offer import put_rates
from turnus.contracts.touch import touch_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from turnus.core.actors import Stamp
    from turnus.core.tax import RateRow


@transaction.atomic(durable=True)
def enter_rates(rows: Iterable[tuple[RateRow, str]], *, by: Stamp) -> int:
    """Add rates (row, source); every contract is looked at again from their first day on. Returns how many were new."""
    given = list(rows)
    added = put_rates(given, by=by)
    if added:
        touch_all(min(row.valid_from for row, _source in given))
    return added
