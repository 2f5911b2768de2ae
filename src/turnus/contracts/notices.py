"""Give notice, revoke it, warn. The end that follows is computed, stored and confirmed; late notice is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amend import enter_end
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lifetime import LifetimeFacts, lifetimes, warnings_of
from turnus.contracts.lifetime_models import ContractNotice, ContractWarning
from turnus.contracts.touch import locked
from turnus.core.notices import NewNotice, NoticeKind, Outcome, notice_faults, outcome
from turnus.records.audit import audit, queue

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.notices import Cause

CONFIRMATION = "contracts.notice_confirmation"
"""Outbox topic: confirm receipt and end (§ 312k Abs. 4 BGB); the key is the notice's id."""


def enter_notice(seller: int, number: str, notice: NewNotice, *, by: Stamp) -> Outcome:
    """End a contract by notice: at the next end that its terms permit, or at once for good cause (§ 314 BGB).

    Returns what was computed. Raises ``ContractRefusedError`` with all that is wrong, ``UnknownContractError``.
    """
    contract = locked(seller, number)
    facts = lifetimes([contract.id])[contract.id]
    found = _judged(facts, notice)
    row = ContractNotice.objects.create(
        contract_id=contract.id, recorded_at=by.at, reason=notice.reason, kind=notice.kind, cause=notice.cause or "",
        by_seller=notice.by_seller, received_on=notice.received, wished_on=notice.wished, end_on=found.end,
        end_before=facts.life.end,
    )  # fmt: skip
    enter_end(seller, number, end=found.end, reason=notice.reason or notice.kind, by=by)
    audit(by, "contract.give_notice", "contract", contract.id, reason=notice.reason,
          after={"notice": row.id, "kind": notice.kind, "by_seller": notice.by_seller, **found._asdict()})  # fmt: skip
    queue(CONFIRMATION, [str(row.id)])
    return found


give_notice = transaction.atomic(durable=True)(enter_notice)


def _judged(facts: LifetimeFacts, notice: NewNotice) -> Outcome:
    found = outcome(notice, facts.terms, facts.life)
    faults = notice_faults(notice, found, facts.life, warnings_of(facts.contract))
    if faults:
        raise ContractRefusedError.of(faults)
    return found


def enter_revocation(seller: int, number: str, *, on: date, reason: str = "", by: Stamp) -> date | None:
    """Take the last notice back: the end that held before it holds again. Returns it, half-open; None: open.

    Raises ``ContractRefusedError("no_notice")``.
    """
    contract = locked(seller, number)
    rows = list(ContractNotice.objects.filter(contract_id=contract.id).order_by("-id"))
    revoked = {row.revokes for row in rows}
    last = next((row for row in rows if row.kind != NoticeKind.REVOCATION and row.id not in revoked), None)
    if last is None:
        raise ContractRefusedError("no_notice")
    ContractNotice.objects.create(
        contract_id=contract.id, recorded_at=by.at, reason=reason, kind=NoticeKind.REVOCATION, by_seller=last.by_seller,
        received_on=on, end_on=last.end_before, end_before=last.end_on, revokes=last.id,
    )  # fmt: skip
    enter_end(seller, number, end=last.end_before, reason=reason or NoticeKind.REVOCATION, by=by)
    audit(by, "contract.revoke_notice", "contract", contract.id, reason=reason,
          before={"notice": last.id, "end": last.end_on}, after={"end": last.end_before})  # fmt: skip
    return last.end_before


revoke_notice = transaction.atomic(durable=True)(enter_revocation)


@transaction.atomic(durable=True)
def warn(
    seller: int, number: str, cause: Cause, *, received: date, deadline: date, reason: str = "", by: Stamp
) -> None:
    """Record a warning with a deadline (its last day), which a termination for breach needs (§ 314 Abs. 2 BGB)."""
    contract = locked(seller, number)
    if deadline <= received:
        raise ContractRefusedError("deadline_early", day=str(deadline), received=str(received))
    row = ContractWarning.objects.create(
        contract_id=contract.id, recorded_at=by.at, reason=reason, cause=cause, received_on=received,
        deadline_on=deadline,
    )  # fmt: skip
    audit(by, "contract.warn", "contract", contract.id, reason=reason,
          after={"warning": row.id, "cause": cause, "received": received, "deadline": deadline})  # fmt: skip
