"""A contract that goes on: reactivated after its end, or replaced by another (renewal order, plan order, transfer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.agree import enter_agreed_terms
from turnus.contracts.amend import enter_end, set_span
from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.anchors import Change, enter_anchor
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.lifetime import GAP, lifetimes
from turnus.contracts.lifetime_models import ContractReplacement
from turnus.contracts.pauses import add_pause
from turnus.contracts.renewals import watch
from turnus.contracts.touch import lasting, locked
from turnus.core.faults import fault
from turnus.core.pausing import NewPause
from turnus.records.audit import audit

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewContract
    from turnus.core.faults import Fault
    from turnus.core.terms import NewContractTerms


def enter_reactivation(
    seller: int,
    number: str,
    *,
    on: date,
    restart: bool = False,
    terms: NewContractTerms | None = None,
    reason: str = "",
    by: Stamp,
) -> None:
    """A contract that ended runs again from ``on``; the days between owe nothing, on the churn day there are none.

    ``restart``: periods begin anew on that day; otherwise they stay where they were. ``terms``: a new first term begins
    on that day. Raises ``ContractRefusedError`` where the contract has no end, or runs until a later day.
    """
    contract = locked(seller, number)
    end = lifetimes([contract.id])[contract.id].life.end
    if end is None or end > on:
        raise ContractRefusedError("not_ended", day="" if end is None else str(end))
    if ContractReplacement.objects.filter(contract_id=contract.id).exists():
        raise ContractRefusedError("replaced_already", contract=number)
    if on > end:
        add_pause(contract.id, NewPause(end, on), kind=GAP, reason=reason, by=by)
    set_span(contract.id, lasting(contract).start, None, reason=reason, by=by)
    changed = Changed("reactivate", "", end, {"end": end}, {"from": on, "restart": restart})
    record_amendment(contract, [changed], Why(reason), by=by)
    if restart:
        enter_anchor(seller, number, Change(on, lambda _begin: on, at_once=True), reason=reason, by=by)
    if terms is not None:
        enter_agreed_terms(seller, number, terms, valid_from=on, restart=True, reason=reason, by=by)
    watch([contract.id])


reactivate = transaction.atomic(durable=True)(enter_reactivation)


def enter_replacement(seller: int, number: str, new: NewContract, *, reason: str = "", by: Stamp) -> int:
    """Another contract takes the place of this one from its first day on: the old one ends, nothing is cancelled.

    What the old one was paid for longer is credited by the next run. Metrics read the pair as a transfer. Returns the
    new contract's id; the same replacement again changes nothing. Raises ``ContractRefusedError``.
    """
    old = locked(seller, number)
    known = ContractReplacement.objects.filter(contract_id=old.id).values_list("successor_id", flat=True).first()
    faults = _replacement_faults(number, lifetimes([old.id])[old.id].life.end, old.currency, new)
    if faults:
        raise ContractRefusedError.of(faults)
    [(successor, _outcome)] = conclude(seller, [new], by=by)
    if known == successor:
        return successor
    if known is not None:
        raise ContractRefusedError("replaced_already", contract=number)
    enter_end(seller, number, end=new.start, reason=reason or f"→ {new.number}", by=by)
    ContractReplacement.objects.create(
        contract_id=old.id, successor_id=successor, valid_from=new.start, recorded_at=by.at, reason=reason
    )
    audit(by, "contract.replace", "contract", old.id, after={"successor": successor, "from": new.start}, reason=reason)
    return successor


replace_contract = transaction.atomic(durable=True)(enter_replacement)


def _replacement_faults(number: str, end: date | None, currency: str, new: NewContract) -> list[Fault]:
    faults = []
    if new.number == number:
        faults.append(fault("replaced_by_itself", contract=number))
    if new.currency != currency:
        faults.append(fault("replacement_currency", currency=currency))
    if end is not None and end < new.start:
        faults.append(fault("replacement_gap", end=end, start=new.start))
    return faults


def replacements(contract: int) -> tuple[int | None, int | None]:
    """(contract that this one replaced, contract that replaced it)."""
    rows = ContractReplacement.objects
    before = rows.filter(successor_id=contract).values_list("contract_id", flat=True).first()
    return before, rows.filter(contract_id=contract).values_list("successor_id", flat=True).first()
