"""Billable records: work, orders, won deals of any kind that are invoiced without a contract (JB-23, JB-24)."""

from __future__ import annotations

from decimal import Decimal  # NamedTuple field
from typing import NamedTuple

from turnus.core.periods import Period


class BillableData(NamedTuple):
    """One record. ``price``: major units for one unit, net; ``days``: of the service, half-open."""

    key: str
    """Unique per seller: the record's own number where it comes from."""
    kind: str
    """``project``, ``ticket``, ``order``, ``deal``: any word, or none."""
    object: str
    """Which project, ticket or order; the records of one are invoiced together."""
    customer: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str
    """Empty: the customer's."""
    days: Period
    label: str = ""
    order_reference: str = ""
    cost_centre: str = ""
