"""The billing plan of a contract (JB-09, JB-10): its future documents as data, which the later invoices equal.

It assumes a run on every due day and a contract that does not change. Documents that several contracts share are in
it whole, since net, VAT and gross are those of documents. Staff and customer see the same plan: it is in the
customer's language and carries what the invoices will print.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.lookup import accounts_of_contracts, contract_numbers, item_codes
from turnus.invoices.foresee import Foreseen, Future

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.document import DocumentLine, InvoiceDocument
    from turnus.core.periods import Period
    from turnus.invoices.decide import Parked


class PlannedLine(NamedTuple):
    """A line to come, with the contract and the item that it is for."""

    contract: str
    item: str
    line: DocumentLine


class PlannedDocument(NamedTuple):
    """An invoice (or credit) to come: net, VAT and gross stand in ``document``, minor units."""

    due_on: date
    document: InvoiceDocument
    lines: Sequence[PlannedLine]
    net: int
    """Of the contract alone; equal to the document's where no other contract is on it."""


class BillingPlan(NamedTuple):
    """What a contract will be billed in a window."""

    contract: str
    currency: str
    window: Period
    documents: Sequence[PlannedDocument]
    held: Sequence[Parked]
    """Why VAT cannot be told yet; the documents are then without VAT."""


def billing_plan(seller: int, contract: int, *, window: Period, on: date) -> BillingPlan:
    """The plan as the contract stands on ``on``; what is billed already is not in it."""
    accounts = accounts_of_contracts({contract})
    units = sorted({account.unit for account in accounts})
    documents, held = _documents(seller, units, contract, window, on, taxed=True)
    if held:
        documents, _none = _documents(seller, units, contract, window, on, taxed=False)
    return BillingPlan(contract_numbers({contract})[contract], accounts[0].currency, window, documents, held)


def _documents(
    seller: int, units: Sequence[int], contract: int, window: Period, on: date, *, taxed: bool
) -> tuple[list[PlannedDocument], list[Parked]]:
    first = min(on, window.start)
    future = Future(seller, units, on=first, tax_on=on, taxed=taxed)
    found: list[PlannedDocument] = []
    for step in future.runs(first=first, until=window.end):
        if step.parked:
            return found, step.parked
        if step.on >= window.start:
            found += [_planned(contract, document) for document in step.documents if contract in document.contracts]
    return found, []


def _planned(contract: int, foreseen: Foreseen) -> PlannedDocument:
    """Each printed line with the contract and item of its entries: these are the same for all entries of a line."""
    behind = {placed.printed: placed.line for placed in foreseen.placed}
    numbers = contract_numbers({line.contract for line in behind.values()})
    codes = item_codes({line.charge.identity.item for line in behind.values()})
    lines = [
        PlannedLine(numbers[line.contract], codes.get(line.charge.identity.item, ""), printed)
        for printed in foreseen.document.lines
        for line in (behind[printed.number],)
    ]
    net = sum(placed.net for placed in foreseen.placed if placed.line.contract == contract)
    return PlannedDocument(foreseen.on, foreseen.document, lines, net)
