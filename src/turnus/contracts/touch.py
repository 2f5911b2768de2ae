"""Every fact bumps the revision and moves the seal back to the day on which it takes effect (billing-core S, Seal)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, F, Q, Value, When

from turnus.contracts.models import Account, Contract, Payer, Span
from turnus.core.periods import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Collection

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


class Days(NamedTuple):
    """First paid day and end (half-open) of a contract, and what comes after its trial where that is still open."""

    start: date
    end: date | None
    after_trial: str = ""
    """Empty: nothing is open; else the trial is planned until ``start`` and not converted."""

    @property
    def empty(self) -> bool:
        """No day is owed."""
        return self.end is not None and self.end <= self.start


def days_of(contract: Contract) -> list[Days]:
    """All that was ever known of a contract's days, newest first, the opening row last."""
    rows = Span.objects.filter(contract_id=contract.id).order_by("-id").values_list("start_on", "end_on", "after_trial")
    return [*(Days(*row) for row in rows), Days(contract.start_on, contract.end_on)]


def span_of(contract: Contract) -> Days:
    """The days as known now."""
    return days_of(contract)[0]


def lasting(contract: Contract) -> Days:
    """The days as they were before an end within the trial, if there is one, cut them off."""
    rows = days_of(contract)
    return next((row for row in rows if row.after_trial or not row.empty), rows[-1])


def agreed_end(contract: Contract) -> date | None:
    """The end that holds once the contract is paid for, whatever became of its trial."""
    rows = days_of(contract)
    return next((row for row in rows if not row.empty), rows[-1]).end


def end_of(contract: Contract) -> date:
    """The first day for which nothing can be agreed any more; a trial that is not converted is still open."""
    now = span_of(contract)
    return (agreed_end(contract) if now.after_trial else now.end) or FAR_FUTURE
