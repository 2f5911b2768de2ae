"""Every fact bumps the revision and moves the seal back to the day on which it takes effect (billing-core S, Seal)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, Value, When

from turnus.contracts.models import Account, Contract, Payer, Span

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet


class UnknownContractError(LookupError):
    """The seller has no contract with this number."""


def touch(contracts: Collection[int], effective: date) -> None:
    """The next run looks at these contracts again, from ``effective`` on; never before the migration floor."""
    _touch(Contract.objects.filter(id__in=contracts), effective)


def touch_all(effective: date) -> int:
    """The same for every contract of every seller: a rate of VAT changed. Returns how many."""
    return _touch(Contract.objects.all(), effective)


def _touch(contracts: QuerySet[Contract], effective: date) -> int:
    back = Case(
        When(
            sealed_through__gt=effective,
            then=Case(When(floor__gt=effective, then=F("floor")), default=Value(effective)),
        ),
        default=F("sealed_through"),
    )
    return contracts.update(revision=F("revision") + 1, sealed_through=back)


def touch_customer(seller: int, customer: int, effective: date) -> None:
    """The same for all contracts that a customer pays or has."""
    accounts = Account.objects.filter(seller_id=seller, customer_id=customer).values("id")
    paid = Payer.objects.filter(account_id__in=accounts).values("contract_id")
    rows = Contract.objects.filter(
        Q(customer_id=customer) | Q(account__customer_id=customer) | Q(id__in=paid), seller_id=seller
    )
    touch(list(rows.values_list("id", flat=True)), effective)


def locked(seller: int, number: str) -> Contract:
    """The contract row, locked. Raises ``UnknownContractError``."""
    found = Contract.objects.select_for_update(no_key=True).filter(seller_id=seller, number=number).first()
    if found is None:
        raise UnknownContractError(number)
    return found


def span_of(contract: Contract) -> tuple[date, date | None]:
    """First paid day and end (half-open) as known now."""
    last = Span.objects.filter(contract_id=contract.id).order_by("-id").first()
    return (last.start_on, last.end_on) if last else (contract.start_on, contract.end_on)


def paid_start(contract: Contract) -> date:
    """First paid day as it was before an end within the trial, if there is one, cut it off."""
    for start, end in Span.objects.filter(contract_id=contract.id).order_by("-id").values_list("start_on", "end_on"):
        if end is None or start < end:
            return start
    return contract.start_on
