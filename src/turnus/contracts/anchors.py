"""Another billing day for a contract, or one more item on its periods (co-terming): a new anchor from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.models import ItemGrid
from turnus.contracts.touch import locked
from turnus.core.anchors import anchor_on, re_anchored
from turnus.core.faults import unknown_item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.contracts import Item


def enter_billing_day(
    seller: int,
    number: str,
    *,
    day: int,
    since: date,
    items: Sequence[str] = (),
    at_once: bool = False,
    reason: str = "",
    by: Stamp,
) -> None:
    """Periods begin on this day of the month from ``since`` on; the one before is short and shared by days.

    All items, unless some are named; each once its running period is over, unless ``at_once``: then what was billed
    ahead is credited. Raises ``ContractRefusedError``.
    """
    if not 1 <= day <= 31:
        raise ContractRefusedError("billing_day", day=str(day))
    how = Change(since, lambda begin: anchor_on(day, begin), at_once=at_once)
    enter_anchor(seller, number, how, items=items, reason=reason, by=by)


change_billing_day = transaction.atomic(durable=True)(enter_billing_day)


def enter_co_term(seller: int, number: str, item: str, *, since: date, reason: str = "", by: Stamp) -> None:
    """From ``since`` on, once its running period is over, the item's periods end with those of the first item."""
    first, *_others = _items(locked(seller, number).id, ())
    anchor = first.grids[-1].anchor
    enter_anchor(seller, number, Change(since, lambda _begin: anchor), items=[item], reason=reason, by=by)


co_term = transaction.atomic(durable=True)(enter_co_term)


class Change(NamedTuple):
    """Another anchor from a day on: ``anchor`` (first day of an item's change → its anchor)."""

    since: date
    anchor: Callable[[date], date]
    at_once: bool = False


def enter_anchor(
    seller: int, number: str, change: Change, *, items: Sequence[str] = (), reason: str = "", by: Stamp
) -> None:
    """Another anchor of the named items, or of all, inside the caller's transaction."""
    contract = locked(seller, number)
    found = [
        (item, re_anchored(item, change.since, change.anchor, at_once=change.at_once))
        for item in _items(contract.id, items)
    ]
    rows = [
        ItemGrid(
            contract_id=contract.id, item_id=item.id, valid_from=grid.since, recorded_at=by.at, reason=reason,
            fee_months=grid.fee.months, fee_days=grid.fee.days, billing_months=grid.billing.months,
            billing_days=grid.billing.days, anchor=grid.anchor, timing=grid.timing,
        )
        for item, grids in found
        for grid in grids
    ]  # fmt: skip
    ItemGrid.objects.bulk_create(rows)
    changes = [
        Changed("anchor", item.code, grid.since, {"anchor": _before(item, grid.since)}, {"anchor": grid.anchor})
        for item, grids in found
        for grid in grids
    ]
    if changes:
        record_amendment(contract, changes, Why(reason), by=by)


def _before(item: Item, day: date) -> date:
    return [grid.anchor for grid in item.grids if grid.since <= day or grid is item.grids[0]][-1]


def _items(contract: int, codes: Sequence[str]) -> Sequence[Item]:
    [loaded] = contract_facts([contract], Settings(carry_small_usage=True, print_zero_charges=False))
    items = {item.code: item for item in loaded.facts.items}
    unknown = next((code for code in codes if code not in items), None)
    if unknown is not None:
        raise ContractRefusedError.of([unknown_item(unknown, items)])
    return [items[code] for code in codes] if codes else loaded.facts.items
