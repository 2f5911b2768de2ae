"""Change contracts: every change is a dated fact with its reason; the next run bills or credits the difference."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.facts import WITHDRAWN
from turnus.contracts.models import (
    Account,
    ContractDecision,
    Item,
    ItemGrid,
    ItemTerms,
    Payer,
    Span,
)
from turnus.contracts.opening import accounts_for
from turnus.contracts.touch import locked, span_of, touch
from turnus.records.audit import audit

if TYPE_CHECKING:
    from decimal import Decimal
    from zoneinfo import ZoneInfo

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
    product: int | None = None,
    reason: str = "",
    correction: bool = False,
    by: Stamp,
) -> None:
    """Another price, quantity or product of an item from a day on. Raises ``ContractRefusedError("unknown_item")``."""
    new = NewTerms(item, valid_from, price, quantity, product)
    enter_terms(seller, number, new, reason=reason, correction=correction, by=by)


class NewTerms(NamedTuple):
    """What an item costs from a day on; None stays as it is. ``price`` in major units for one unit."""

    item: str
    valid_from: date
    price: Decimal | None = None
    quantity: Decimal | None = None
    product: int | None = None


def enter_terms(
    seller: int, number: str, new: NewTerms, *, reason: str = "", correction: bool = False, by: Stamp
) -> bool:
    """``change_terms`` inside the caller's transaction. Returns False where these terms hold on that day already."""
    contract = locked(seller, number)
    row, now = _item_terms(contract.id, new.item, new.valid_from)
    wanted = {"unit_price": new.price, "quantity": new.quantity, "product_id": new.product}
    after = now | {name: value for name, value in wanted.items() if value is not None}
    after["model"] = after["model"] or row.model
    if after == now and not correction:
        return False
    _add_terms(contract.id, row.id, after, new.valid_from, reason=reason, correction=correction, by=by)
    audit(by, "contract.change_terms", "contract", contract.id, before=now, after=after, reason=reason)
    return True


@transaction.atomic(durable=True)
def end_item(seller: int, number: str, item: str, *, end: date, reason: str = "", by: Stamp) -> None:
    """Nothing is owed for the item from ``end`` on (half-open)."""
    contract = locked(seller, number)
    row, now = _item_terms(contract.id, item, end)
    _add_terms(contract.id, row.id, {**now, "model": None}, end, reason=reason, correction=False, by=by)
    audit(by, "contract.end_item", "contract", contract.id, after={"item": item, "end": end}, reason=reason)


def _item_terms(contract: int, code: str, day: date) -> tuple[Item, dict[str, Any]]:
    row = Item.objects.filter(contract_id=contract, code=code).first()
    if row is None:
        raise ContractRefusedError("unknown_item", item=code)
    last = ItemTerms.objects.filter(item_id=row.id, valid_from__lte=day).order_by("-valid_from", "-id").first() or row
    names = ("product_id", "model", "unit_price", "quantity", "gross", "label", "scheme_id")
    return row, {name: getattr(last, name) for name in names}


def _add_terms(
    contract: int, item: int, terms: dict[str, Any], day: date, *, reason: str, correction: bool, by: Stamp
) -> None:
    ItemTerms.objects.create(
        contract_id=contract, item_id=item, valid_from=day, recorded_at=by.at, reason=reason, correction=correction,
        **terms,
    )  # fmt: skip
    touch([contract], day)


@transaction.atomic(durable=True)
def change_grid(seller: int, number: str, item: str, *, grid: Grid, reason: str = "", by: Stamp) -> None:
    """Other fee and billing periods, anchor or timing of an item from ``grid.since`` on."""
    contract = locked(seller, number)
    row, _terms = _item_terms(contract.id, item, grid.since)
    ItemGrid.objects.create(
        contract_id=contract.id, item_id=row.id, valid_from=grid.since, recorded_at=by.at, reason=reason,
        fee_months=grid.fee.months, fee_days=grid.fee.days, billing_months=grid.billing.months,
        billing_days=grid.billing.days, anchor=grid.anchor, timing=grid.timing,
    )  # fmt: skip
    touch([contract.id], grid.since)
    audit(by, "contract.change_grid", "contract", contract.id, after={"item": item, **grid._asdict()}, reason=reason)


@transaction.atomic(durable=True)
def end_contract(seller: int, number: str, *, end: date | None, reason: str = "", by: Stamp) -> None:
    """The contract covers no day from ``end`` on (half-open); None revokes a termination."""
    enter_end(seller, number, end=end, reason=reason, by=by)


def enter_end(seller: int, number: str, *, end: date | None, reason: str = "", by: Stamp) -> bool:
    """``end_contract`` inside the caller's transaction. Returns False where it ends on that day already."""
    contract = locked(seller, number)
    start, before = span_of(contract)
    if end is not None and end < contract.signed_on:
        raise ContractRefusedError("negative_period", start=str(contract.signed_on), end=str(end))
    if before == end:
        return False
    _set_span(contract.id, start if end is None else min(start, end), end, reason=reason, by=by)
    touch([contract.id], min(day for day in (before, end) if day is not None))
    audit(by, "contract.end", "contract", contract.id, before={"end": before}, after={"end": end}, reason=reason)
    return True


def _set_span(contract: int, start: date, end: date | None, *, reason: str, by: Stamp) -> None:
    Span.objects.create(contract_id=contract, start_on=start, end_on=end, recorded_at=by.at, reason=reason)


@transaction.atomic(durable=True)
def convert_trial(seller: int, number: str, *, paid_from: date, by: Stamp) -> None:
    """End the trial early: paid from this day, which also becomes the anchor (hard-cases 16)."""
    contract = locked(seller, number)
    start, end = span_of(contract)
    if not contract.signed_on <= paid_from <= start:
        raise ContractRefusedError("not_in_trial", day=str(paid_from))
    _set_span(contract.id, paid_from, end, reason="trial", by=by)
    touch([contract.id], paid_from)
    audit(by, "contract.convert_trial", "contract", contract.id, before={"start": start}, after={"start": paid_from})


def cancel_in_trial(seller: int, number: str, *, at: datetime, zone: ZoneInfo, by: Stamp) -> bool:
    """Cancel at an instant: on a local day before the first paid day nothing is ever billed.

    Returns False, changing nothing, where the instant lies on or after the first paid day in the seller's zone.
    """
    with transaction.atomic(durable=True):
        contract = locked(seller, number)
        start, _end = span_of(contract)
    if at.astimezone(zone).date() >= start:
        return False
    end_contract(seller, number, end=start, reason="cancelled in trial", by=by)
    return True


@transaction.atomic(durable=True)
def change_payer(
    seller: int, number: str, *, customer: int, valid_from: date, group: str = "", reason: str = "", by: Stamp
) -> None:
    """Another customer gets the documents from a day on. The two accounts are billed together from now on."""
    contract = locked(seller, number)
    key = (customer, contract.currency, group or f"#{contract.number}")
    account = accounts_for(seller, [key])[key]
    Payer.objects.create(
        contract_id=contract.id, account_id=account, valid_from=valid_from, recorded_at=by.at, reason=reason
    )
    _join_units({contract.account_id, account})
    touch([contract.id], valid_from)
    audit(by, "contract.change_payer", "contract", contract.id, after={"customer": customer, "from": valid_from},
          reason=reason)  # fmt: skip


def _join_units(accounts: set[int]) -> None:
    units = set(Account.objects.filter(id__in=accounts).values_list("unit", flat=True))
    Account.objects.filter(unit__in=units).update(unit=min(unit for unit in units if unit is not None))


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
    label: str = "",
    reason: str = "",
    by: Stamp,
) -> int:
    """Record what a person decided about an item's days (billing-core S, Decision). Inside the caller's transaction."""
    invoice, position = corrects or (None, None)
    row = ContractDecision.objects.create(
        contract_id=contract, item_id=item, kind=kind, start_on=days.start, end_on=days.end, amount=amount, day=day,
        until=until, invoice_id=invoice, position=position, label=label, reason=reason, recorded_at=by.at,
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
