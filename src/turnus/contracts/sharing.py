"""Several customers share what a contract or one of its items owes: 60/40 from a day on (JB-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError, payer_faults
from turnus.contracts.naming import item_of
from turnus.contracts.opening import accounts_for, join_units, write_payers
from turnus.contracts.touch import locked
from turnus.core.paperwork import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp


class Sharer(NamedTuple):
    """A customer who pays a part; ``group`` as with contracts: the same word, the same invoice."""

    customer: int
    weight: int
    group: str = ""


def enter_shares(
    seller: int,
    number: str,
    sharers: Sequence[Sharer],
    *,
    valid_from: date,
    item: str = "",
    reason: str = "",
    correction: bool = False,
    by: Stamp,
) -> None:
    """From a day on these customers share what is owed by their weights; the first gets the odd cents.

    Inside the caller's transaction. ``item`` empty: the whole contract. No ``sharers`` for an item: it is paid like
    the contract again. Raises ``ContractRefusedError``: ``share_weight``, ``share_twice``, ``share_empty``,
    ``unknown_item``.
    """
    contract = locked(seller, number)
    row = item_of(contract.id, item) if item else None
    if not sharers and not item:
        raise ContractRefusedError("share_empty")
    if faults := payer_faults([(f"{sharer.customer} {sharer.group}", sharer.weight) for sharer in sharers]):
        raise ContractRefusedError.of(faults)
    keys = [(sharer.customer, contract.currency, sharer.group or f"#{contract.number}") for sharer in sharers]
    accounts = accounts_for(seller, keys, side=Side(contract.account.side))
    parts = [(accounts[key], sharer.weight) for key, sharer in zip(keys, sharers, strict=True)] or [(0, 1)]
    write_payers(
        contract.id, parts, valid_from=valid_from, item=row.id if row else 0, reason=reason, correction=correction,
        by=by,
    )  # fmt: skip
    join_units({contract.account_id, *accounts.values()})
    changed = Changed("share", item, valid_from, {}, {"shares": [tuple(sharer) for sharer in sharers]})
    record_amendment(contract, [changed], Why(reason, correction), by=by)


share_payers = transaction.atomic(durable=True)(enter_shares)
