"""Suppliers whose services we account for ourselves: the agreement, dated, and its end (§ 14 Abs. 2 UStG)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.parties import SupplierData
from turnus.parties.models import SupplierAgreement
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from turnus.core.actors import Stamp


class Agreement(NamedTuple):
    """What holds for a supplier from a day on; ``data`` None: no agreement."""

    id: int
    since: date
    data: SupplierData | None


@transaction.atomic(durable=True)
def agree_self_billing(customer: int, data: SupplierData, *, valid_from: date, reason: str = "", by: Stamp) -> int:
    """From a day on documents of our own account for what this supplier does for us."""
    row = SupplierAgreement.objects.create(
        customer_id=customer, valid_from=valid_from, recorded_at=by.at, active=True, **asdict(data)
    )
    audit(by, "supplier.agree", "customer", customer, after={"from": valid_from, **asdict(data)}, reason=reason)
    return row.id


@transaction.atomic(durable=True)
def end_self_billing(customer: int, *, valid_from: date, reason: str = "", by: Stamp) -> None:
    """From a day on the supplier writes its own invoices again."""
    SupplierAgreement.objects.create(
        customer_id=customer, valid_from=valid_from, recorded_at=by.at, active=False, agreed_on=valid_from
    )
    audit(by, "supplier.end", "customer", customer, after={"from": valid_from}, reason=reason)


def agreements(customers: Collection[int]) -> dict[int, list[Agreement]]:
    """Customer → agreements by day; of two rows on one day the one recorded later counts."""
    found: dict[int, dict[date, Agreement]] = {}
    rows = SupplierAgreement.objects.filter(customer_id__in=customers).order_by("customer_id", "valid_from", "id")
    columns = ("id", "customer_id", "valid_from", "active", "agreed_on", "tax_number", "small_business", "reference")
    for number, customer, since, active, *values in rows.values_list(*columns):
        data = SupplierData(*values) if active else None
        found.setdefault(customer, {})[since] = Agreement(number, since, data)
    return {customer: list(by_day.values()) for customer, by_day in found.items()}


def agreement_on(rows: Sequence[Agreement], day: date) -> Agreement | None:
    """The agreement in force on a day."""
    found = None
    for row in rows:
        if row.since <= day:
            found = row
    return found if found is not None and found.data is not None else None


def agreement_data(numbers: Collection[int]) -> dict[int, SupplierData]:
    """Agreements as documents name them."""
    columns = ("agreed_on", "tax_number", "small_business", "reference")
    rows = SupplierAgreement.objects.filter(id__in=numbers).values_list("id", *columns)
    return {number: SupplierData(*values) for number, *values in rows}
