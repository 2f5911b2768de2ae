"""Collective invoices: the contracts of a child are billed to its parent from a day on, all on one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from turnus.contracts.amend import enter_payer
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import Contract
from turnus.core.paperwork import COLLECTIVE
from turnus.parties.facts import customer_facts, in_force, parents_of

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp


@transaction.atomic(durable=True)
def bill_children_to_parent(
    seller: int, child: int, *, valid_from: date, group: str = "", reason: str = "", by: Stamp
) -> int:
    """Documents of the child's contracts go to its parent from a day on. Returns how many contracts changed payer.

    ``group``: the same word, the same invoice; empty: one for all children. New contracts of the child follow the
    setting of the customer. Raises ``ContractRefusedError("no_parent")``.
    """
    parent = parents_of([child]).get(child)
    if parent is None:
        number = in_force(customer_facts([child])[child], valid_from).data.number
        raise ContractRefusedError("no_parent", customer=number)
    rows = Contract.objects.filter(Q(end_on=None) | Q(end_on__gt=valid_from), seller_id=seller, customer_id=child)
    numbers = list(rows.exclude(account__customer_id=parent).order_by("id").values_list("number", flat=True))
    for number in numbers:
        enter_payer(
            seller, number, customer=parent, valid_from=valid_from, group=group or COLLECTIVE, reason=reason, by=by
        )
    return len(numbers)
