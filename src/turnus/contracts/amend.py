"""Change contracts: every change is a dated fact with its reason; the next run bills or credits the difference."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.amendment import Changed, What, Why, record_amendment
from turnus.contracts.change import enter_changes
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.facts import WITHDRAWN
from turnus.contracts.models import (
    ContractDecision,
    ItemGrid,
    Payer,
    Span,
)
from turnus.contracts.naming import item_of
from turnus.contracts.opening import accounts_for, join_units
from turnus.contracts.renewals import watch
from turnus.contracts.touch import Days, lasting, locked, span_of, touch
from turnus.core.amending import ChangeItem, RemoveItem
from turnus.core.paperwork import Side
from turnus.core.trials import AfterTrial
from turnus.records.audit import audit

if TYPE_CHECKING:
    from decimal import Decimal

    from turnus.core.actors import Stamp
    from turnus.core.contracts import DecisionKind, Grid
    from turnus.core.periods import Period


@transaction.atomic(durable=True)
def change_terms(  # noqa: PLR0913
    seller: int,
    number: str,
    item: str,
    *,
    valid_from: date,
    price: Decimal | None = None,
    quantity: Decimal | None = None,
    product: str | None = None,
    reason: str = "",
    correction: bool = False,
    by: Stamp,
) -> None:
    """Another price, quantity or product of an item from a day on. Raises ``ContractRefusedError``."""
    change = ChangeItem(item, valid_from, product, price, quantity)
    enter_changes(seller, number, [change], on=valid_from, why=Why(reason, correction), by=by)


class NewTerms(NamedTuple):
    """What an item costs from a day on; None stays as it is. ``price`` in major units for one unit."""

    item: str
    valid_from: date
    price: Decimal | None = None
    quantity: Decimal | None = None


def enter_terms(seller: int, number: str, new: NewTerms, *, by: Stamp) -> bool:
    """Terms out of a file, inside the caller's transaction. Returns False where they hold or were entered before."""
    change = ChangeItem(new.item, new.valid_from, price=new.price, quantity=new.quantity)
    return enter_changes(seller, number, [change], on=new.valid_from, again=True, by=by).amendment is not None


@transaction.atomic(durable=True)
def end_item(seller: int, number: str, item: str, *, end: date, reason: str = "", by: Stamp) -> None:
    """Nothing is owed for the item from ``end`` on (half-open)."""
    enter_changes(seller, number, [RemoveItem(item, end)], on=end, why=Why(reason), by=by)


@transaction.atomic(durable=True)
def change_grid(seller: int, number: str, item: str, *, grid: Grid, reason: str = "", by: Stamp) -> None:
    """Other fee and billing periods, anchor or timing of an item from ``grid.since`` on."""
    contract = locked(seller, number)
    row = item_of(contract.id, item)
    ItemGrid.objects.create(
        contract_id=contract.id, item_id=row.id, valid_from=grid.since, recorded_at=by.at, reason=reason,
        fee_months=grid.fee.months, fee_days=grid.fee.days, billing_months=grid.billing.months,
        billing_days=grid.billing.days, anchor=grid.anchor, timing=grid.timing,
    )  # fmt: skip
    record_amendment(contract, [Changed("grid", item, grid.since, {}, grid._asdict())], Why(reason), by=by)


@transaction.atomic(durable=True)
def end_contract(seller: int, number: str, *, end: date | None, reason: str = "", by: Stamp) -> None:
    """The contract covers no day from ``end`` on (half-open); None revokes a termination."""
    enter_end(seller, number, end=end, reason=reason, by=by)


def enter_end(seller: int, number: str, *, end: date | None, reason: str = "", by: Stamp) -> bool:
    """``end_contract`` inside the caller's transaction. Returns False where it ends on that day already."""
    contract = locked(seller, number)
    now, days = span_of(contract), lasting(contract)
    if end is not None and end < contract.signed_on:
        raise ContractRefusedError("negative_period", start=str(contract.signed_on), end=str(end))
    wanted = _ended(days, end)
    if wanted == now or (now.end == end and not days.after_trial):
        return False
    set_span(contract.id, wanted.start, wanted.end, after_trial=wanted.after_trial, reason=reason, by=by)
    since = min(day for day in (now.end, end) if day is not None)
    what: What = "end" if end is not None else "revoke"
    record_amendment(contract, [Changed(what, "", since, {"end": now.end}, {"end": end})], Why(reason), by=by)
    watch([contract.id])
    return True


def _ended(days: Days, end: date | None) -> Days:
    """The days of a contract with another end. One whose trial is not converted owes none, whenever it ends."""
    if not days.after_trial:
        return Days(days.start if end is None else min(days.start, end), end)
    if end is None or (days.after_trial == AfterTrial.ENDS and end >= days.start):
        return days
    return Days(end, end)


def set_span(contract: int, start: date, end: date | None, *, after_trial: str = "", reason: str, by: Stamp) -> None:
    """Other days of the contract, as known from now on; the caller records the amendment."""
    Span.objects.create(
        contract_id=contract, start_on=start, end_on=end, after_trial=after_trial, recorded_at=by.at, reason=reason
    )


def enter_payer(
    seller: int, number: str, *, customer: int, valid_from: date, group: str = "", reason: str = "", by: Stamp
) -> None:
    """Another customer gets the documents from a day on. The two accounts are billed together from now on."""
    contract = locked(seller, number)
    key = (customer, contract.currency, group or f"#{contract.number}")
    account = accounts_for(seller, [key], side=Side(contract.account.side))[key]
    Payer.objects.create(
        contract_id=contract.id, account_id=account, valid_from=valid_from, recorded_at=by.at, reason=reason
    )
    join_units({contract.account_id, account})
    changed = Changed("payer", "", valid_from, {}, {"customer": customer, "group": group})
    record_amendment(contract, [changed], Why(reason), by=by)


change_payer = transaction.atomic(durable=True)(enter_payer)


def decide(  # noqa: PLR0913
    contract: int,
    item: int,
    kind: DecisionKind,
    *,
    days: Period,
    day: date,
    amount: int = 0,
    until: date | None = None,
    corrects: tuple[int, int] | None = None,
    account: int = 0,
    label: str = "",
    reason: str = "",
    by: Stamp,
) -> int:
    """Record what a person decided about an item's days (billing-core S, Decision). Inside the caller's transaction."""
    invoice, position = corrects or (None, None)
    row = ContractDecision.objects.create(
        contract_id=contract, item_id=item, kind=kind, start_on=days.start, end_on=days.end, amount=amount, day=day,
        until=until, invoice_id=invoice, position=position, account_id=account, label=label, reason=reason,
        recorded_at=by.at,
    )  # fmt: skip
    touch([contract], days.start)
    audit(by, f"decision.{kind}", "contract", contract, reason=reason,
          after={"item": item, "days": days, "amount": amount, "until": until, "corrects": corrects})  # fmt: skip
    return row.id


def withdraw_decision(decision: int, *, reason: str, by: Stamp) -> None:
    """Take a decision back. Inside the caller's transaction."""
    row = ContractDecision.objects.get(id=decision)
    ContractDecision.objects.create(
        contract_id=row.contract_id, item_id=row.item_id, kind=WITHDRAWN, start_on=row.start_on, end_on=row.end_on,
        day=row.day, supersedes=row.id, reason=reason, recorded_at=by.at,
    )  # fmt: skip
    touch([row.contract_id], row.start_on)
    audit(by, "decision.withdraw", "contract", row.contract_id, before={"decision": decision}, reason=reason)
