"""Credit on account that documents use when they are released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.invoices.models import Invoice
from turnus.ledger.facts import free_credit

if TYPE_CHECKING:
    from collections.abc import Collection


def apply_credit(invoices: Collection[tuple[int, int, str, int]]) -> dict[int, int]:
    """Credit on account that documents (id, customer, currency, gross) may use: invoice → minor units.

    What released documents already reserve is left out.
    """
    customers = {customer for _id, customer, _currency, gross in invoices if gross > 0}
    credit = free_credit(customers) if customers else {}
    if not credit:
        return {}
    reserved = Invoice.objects.filter(
        state=Invoice.State.RELEASED, number_value__isnull=True, customer_id__in=customers, applied__gt=0
    )
    for customer, currency, applied in reserved.values_list("customer_id", "currency", "applied"):
        if (customer, currency) in credit:
            credit[customer, currency] -= applied
    found = {}
    for number, customer, currency, gross in invoices:
        amount = min(gross, credit.get((customer, currency), 0))
        if amount > 0:
            found[number] = amount
            credit[customer, currency] -= amount
    return found
