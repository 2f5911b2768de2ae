"""Who had a trial of what before: the customer, or another one who seems to be the same (hard-cases 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.catalog.facts import product_ids
from turnus.catalog.plans import variants_of
from turnus.contracts.models import Contract, Item
from turnus.core.trials import Tried
from turnus.parties.queries import alike

if TYPE_CHECKING:
    from collections.abc import Collection


def tried_by(seller: int, customers: Collection[int], *, identity: bool) -> dict[int, list[Tried]]:
    """Customer → every product of every trial; ``identity``: also of customers who seem to be the same."""
    same = alike(seller, customers) if identity else {}
    owners = {*customers, *(other for others in same.values() for other in others)}
    rows = Contract.objects.filter(seller_id=seller, customer_id__in=owners, had_trial=True).order_by("id")
    heads = {row[0]: row[1:] for row in rows.values_list("id", "customer_id", "number", "variant_id")}
    codes = {number: code for code, number in product_ids(seller).items()} if heads else {}
    plans = {number: data.plan for number, data in variants_of({head[2] for head in heads.values()} - {0}).items()}
    found: dict[int, list[tuple[str, str, str]]] = {}
    items = Item.objects.filter(contract_id__in=heads).order_by("contract_id", "id")
    for contract, product in items.values_list("contract_id", "product_id"):
        customer, number, variant = heads[contract]
        found.setdefault(customer, []).append((number, codes[product], plans.get(variant, "")))
    return {
        customer: [
            *(Tried(*row, own=True) for row in found.get(customer, ())),
            *(Tried(*row, own=False) for other in sorted(same.get(customer, ())) for row in found.get(other, ())),
        ]
        for customer in customers
    }
