"""Copies of issued documents to further recipients: one outbox row each, in the transaction that issues (JB-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.contracts.recipients import RecipientRow, copies
from turnus.invoices.models import InvoiceLine
from turnus.records.audit import queue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

TOPIC = "invoice.copy"
"""The key of a message is ``invoice:recipient``."""


def queue_copies(seller: int, documents: Mapping[int, int], contracts: Collection[int], *, on: date) -> None:
    """Queue a copy for each recipient of each document (invoice → customer); an address gets each document once.

    ``contracts``: those that the documents bill. One query, and one more where a contract has recipients of its own.
    """
    of_customers, of_contracts = copies(seller, set(documents.values()), contracts, on=on)
    wanted: dict[int, list[RecipientRow]] = {
        invoice: list(of_customers.get(customer, ())) for invoice, customer in documents.items()
    }
    if of_contracts:
        rows = InvoiceLine.objects.filter(invoice_id__in=documents, contract_id__in=of_contracts)
        for invoice, contract in rows.order_by("invoice_id").values_list("invoice_id", "contract_id").distinct():
            wanted[invoice] += of_contracts[contract]
    keys = []
    for invoice, found in wanted.items():
        keys += [f"{invoice}:{row.id}" for row in {row.email.casefold(): row for row in found}.values()]
    if keys:
        queue(TOPIC, keys)
