"""Credit on account that documents use when they are released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.invoices.models import Invoice
from turnus.ledger.facts import free_credit
from turnus.parties.facts import lock_customers

if TYPE_CHECKING:
    from collections.abc import Collection


def apply_credit(invoices: Collection[tuple[int, int, str, int]]) -> dict[int, int]:
    """Credit on account that documents (id, customer, currency, gross) may use: invoice → minor units.

    What released documents already reserve is left out.
    """
    customers = {customer for _id, customer, _currency, gross in invoices if gross > 0}
    rich = {customer for customer, _currency in free_credit(customers)} if customers else set()
    if not rich:
        return {}
    lock_customers(rich)
    credit = free_credit(rich)
    for key, amount in reserved_credit(rich).items():
        credit[key] = credit.get(key, 0) - amount
    found = {}
    for number, customer, currency, gross in invoices:
        amount = min(gross, credit.get((customer, currency), 0))
        if amount > 0:
            found[number] = amount
            credit[customer, currency] -= amount
    return found


def reserved_credit(customers: Collection[int]) -> dict[tuple[int, str], int]:
    """(customer, currency) → credit that released documents will use when they are issued, minor units."""
    rows = Invoice.objects.filter(
        state=Invoice.State.RELEASED, number_value__isnull=True, customer_id__in=customers, applied__gt=0
    )
    found: dict[tuple[int, str], int] = {}
    for customer, currency, applied in rows.values_list("customer_id", "currency", "applied"):
        found[customer, currency] = found.get((customer, currency), 0) + applied
    return found
