"""Every change of a contract is an amendment: a row with its reason and what changed, and an entry of the audit trail.

The facts that an amendment makes are written by the activity that calls ``record_amendment``, in one transaction.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from turnus.contracts.models import Amendment
from turnus.contracts.touch import touch
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.contracts.models import Contract
    from turnus.core.actors import Stamp


What = Literal[
    "add", "anchor", "campaign", "change", "commission", "commission_end", "coupon", "coupon_revoked", "discount",
    "end", "extend", "grid", "minimum", "paperwork", "pause", "payer", "raise", "raise_stop", "reactivate",
    "remove", "restore", "resume", "revoke", "share", "terms", "trial",
]  # fmt: skip
"""Every kind of change. Interfaces have words for each."""


class Changed(NamedTuple):
    """One change of an amendment: what was done to which item (empty: the contract), from which day on."""

    what: What
    item: str
    since: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Why(NamedTuple):
    """Why an amendment is made, and for whom."""

    reason: str = ""
    correction: bool = False
    """What was recorded before was wrong, as opposed to: the agreement changed."""
    requested_by: str = ""
    """Empty: whoever records it."""


NO_REASON: Final = Why()


def record_amendment(contract: Contract, changes: Sequence[Changed], why: Why, *, by: Stamp) -> int:
    """Write the amendment with its audit entry and have the next run look from the first effective day on.

    Inside the caller's transaction; ``contract`` is locked. Returns the amendment's id.
    """
    effective = min(change.since for change in changes)
    kind = changes[0].what if len(changes) == 1 else "several"
    row = Amendment.objects.create(
        contract_id=contract.id, recorded_at=by.at, effective_on=effective, kind=kind, reason=why.reason,
        correction=why.correction, requested_by=why.requested_by or by.actor.name,
        changes=_text(changes),
    )  # fmt: skip
    seal = contract.sealed_through
    touch([contract.id], effective)
    unsealed = {"sealed_through": max(effective, contract.floor)} if effective < seal else {}
    audit(
        by, f"contract.{kind}", "contract", contract.id, reason=why.reason,
        before={"changes": [change.before for change in changes]} | ({"sealed_through": seal} if unsealed else {}),
        after={"amendment": row.id, "changes": [change._asdict() for change in changes]} | unsealed,
    )  # fmt: skip
    return row.id


def record_amendments(changes: Mapping[int, Sequence[Changed]], why: Why, *, by: Stamp) -> None:
    """One amendment for each of many contracts (contract → its changes) at once; the caller touches and audits."""
    rows = [
        Amendment(
            contract_id=contract, recorded_at=by.at, effective_on=min(change.since for change in made),
            kind=made[0].what, reason=why.reason, correction=why.correction,
            requested_by=why.requested_by or by.actor.name, changes=_text(made),
        )
        for contract, made in changes.items()
    ]  # fmt: skip
    Amendment.objects.bulk_create(rows, batch_size=1_000)


def _text(changes: Sequence[Changed]) -> str:
    return json.dumps([change._asdict() for change in changes], sort_keys=True, ensure_ascii=False, default=str)


class AmendmentRow(NamedTuple):
    """An amendment for reading."""

    id: int
    recorded_at: datetime
    effective_on: date
    kind: str
    reason: str
    correction: bool
    requested_by: str
    changes: list[dict[str, Any]]


def amendments(contract: int) -> list[AmendmentRow]:
    """All amendments of a contract, in the order in which they were recorded."""
    columns = ("id", "recorded_at", "effective_on", "kind", "reason", "correction", "requested_by", "changes")
    rows = Amendment.objects.filter(contract_id=contract).order_by("id").values_list(*columns)
    return [AmendmentRow(*(*row[:7], json.loads(row[7]))) for row in rows]
