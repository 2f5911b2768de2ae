"""What contracts say about their documents: read for the run, and set by people as dated facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.document_models import ContractPaperwork
from turnus.contracts.models import Item
from turnus.contracts.touch import locked
from turnus.core.instalments import plan_of
from turnus.core.paperwork import PLAIN, UNMARKED, Mark, Paperwork, Sorting, SplitBy, in_force
from turnus.records.bulk import read

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from turnus.core.actors import Stamp

_SPLIT = {split.value: split for split in SplitBy}
_COLUMNS = ("contract_id", "valid_from", "split_by", "proforma", "instalments", "standing")


def sortings(contracts: Collection[int], on: date) -> dict[int, Sorting]:
    """How the lines of contracts go to documents issued on a day; those without paperwork of their own are left out.

    One query, and one more where documents are split.
    """
    rows = paperwork_of(contracts)
    if not rows:
        return {}
    now = {contract: in_force(found, on) for contract, found in rows.items()}
    split = {contract: row.split_by for contract, row in now.items() if row is not None and row.split_by}
    marks = marks_of(split)
    found = {}
    for contract, said in rows.items():
        row, ever = now[contract], any(each.proforma for each in said)
        own = {item: mark.split(split[contract]) for item, mark in marks.get(contract, {}).items()}
        found[contract] = PLAIN._replace(ever=ever)
        if row:
            found[contract] = Sorting(row.proforma, ever, own or None, row.instalments, row.standing)
    return found


def paperwork_of(contracts: Collection[int]) -> dict[int, list[Paperwork]]:
    """Contract → what it says about its documents by day; of two rows on one day the one recorded later counts."""
    found: dict[int, dict[date, Paperwork]] = {}
    for contract, since, split, proforma, plan, standing in read(
        ContractPaperwork, _COLUMNS, "contract_id", contracts, order="valid_from, id"
    ):
        row = Paperwork(since, _SPLIT[split], bool(proforma), plan_of(plan) if plan else None, bool(standing))
        found.setdefault(contract, {})[since] = row
    return {contract: list(rows.values()) for contract, rows in found.items()}


def marks_of(contracts: Collection[int]) -> dict[int, dict[int, Mark]]:
    """Contract → item → cost centre and order, of the items that have any."""
    found: dict[int, dict[int, Mark]] = {}
    if not contracts:
        return found
    rows = Item.objects.filter(contract_id__in=contracts).exclude(cost_centre="", order_reference="")
    for contract, item, *mark in rows.values_list("contract_id", "id", "cost_centre", "order_reference"):
        found.setdefault(contract, {})[item] = Mark(*mark)
    return found


def item_marks(items: Collection[int]) -> dict[int, Mark]:
    """Item → cost centre and order, of the items that have any."""
    rows = Item.objects.filter(id__in=items).exclude(cost_centre="", order_reference="")
    found = {item: Mark(*mark) for item, *mark in rows.values_list("id", "cost_centre", "order_reference")}
    return {item: mark for item, mark in found.items() if mark != UNMARKED}


def enter_paperwork(seller: int, number: str, row: Paperwork, *, reason: str = "", by: Stamp) -> None:
    """What a contract says about its documents from a day on, inside the caller's transaction."""
    contract = locked(seller, number)
    before = paperwork_of([contract.id]).get(contract.id, [])
    write_paperwork(contract.id, row, reason=reason, by=by)
    known = in_force(before, row.since)
    changed = Changed("paperwork", "", row.since, _said(known) if known else {}, _said(row))
    record_amendment(contract, [changed], Why(reason), by=by)


set_paperwork = transaction.atomic(durable=True)(enter_paperwork)


def write_paperwork(contract: int, row: Paperwork, *, reason: str = "", by: Stamp) -> None:
    """The row alone."""
    ContractPaperwork.objects.create(
        contract_id=contract, recorded_at=by.at, reason=reason, valid_from=row.since, split_by=row.split_by.value,
        proforma=row.proforma, instalments=str(row.instalments or ""), standing=row.standing,
    )  # fmt: skip


def _said(row: Paperwork) -> dict[str, object]:
    said: dict[str, object] = {
        "split_by": row.split_by.value,
        "proforma": row.proforma,
        "instalments": str(row.instalments or ""),
    }
    return said | ({"standing": True} if row.standing else {})
