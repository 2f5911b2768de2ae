"""Incoming invoices for reading. Amounts are minor units of the currency beside them."""

from __future__ import annotations

import json
from datetime import date, datetime  # NamedTuple fields
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.incoming import Decision, Doubt, Payable, PayableLine, PayableTax, skonto_of
from turnus.payables import models
from turnus.payables.decide import IncomingRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection

STATES = {None: "new", Decision.ACCEPT: "accepted", Decision.QUERY: "queried", Decision.REJECT: "rejected"}
"""Decision → state; a file that nobody judged yet is ``waiting``, one that cannot be read a case for the work list."""


class IncomingRow(NamedTuple):
    """A file that came, as a list shows it; without a claim it could not be read."""

    id: int
    sha256: str
    name: str
    channel: str
    sender: str
    received_at: datetime
    state: str
    """``waiting``, ``new``, ``check`` (new, with errors or doubts), ``accepted``, ``queried``, ``rejected``."""
    verdict: str
    error_class: str
    report: int
    doubts: list[Doubt]
    supplier: str = ""
    number: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    currency: str = ""
    gross: int = 0


class DecisionRow(NamedTuple):
    """A decision."""

    decision: str
    reason: str
    at: datetime
    actor: str


def incoming_rows(seller: int, *, limit: int = 50) -> list[IncomingRow]:
    """What came, the latest first."""
    return _rows(list(models.Incoming.objects.filter(seller_id=seller).order_by("-id")[:limit]))


def incoming_row(seller: int, incoming: int) -> IncomingRow:
    """One file. Raises ``IncomingRefusedError``."""
    rows = _rows(list(models.Incoming.objects.filter(seller_id=seller, id=incoming)))
    if not rows:
        raise IncomingRefusedError("incoming_unknown", incoming=str(incoming))
    return rows[0]


def unassessed(seller: int) -> list[tuple[int, str]]:
    """(id, hash) of files that were kept, but not judged yet, the oldest first."""
    rows = models.Incoming.objects.filter(seller_id=seller, assessment=None).order_by("id")
    return list(rows.values_list("id", "sha256"))


def claim_of(incoming: int) -> Payable | None:
    """What a file claims; None where it could not be read."""
    row = models.PayableInvoice.objects.filter(incoming_id=incoming).first()
    if row is None:
        return None
    lines = models.PayableLine.objects.filter(invoice=row).order_by("id").values_list(*PayableLine._fields)
    taxes = models.PayableTax.objects.filter(invoice=row).order_by("id").values_list(*PayableTax._fields)
    values = {name: getattr(row, name) for name in Payable._fields if name not in {"lines", "taxes", "skonto"}}
    return Payable(
        **values, lines=tuple(PayableLine(*one) for one in lines), taxes=tuple(PayableTax(*one) for one in taxes),
        skonto=skonto_of(row.terms, row.gross),
    )  # fmt: skip


def decisions(incoming: int) -> list[DecisionRow]:
    """What was decided, the oldest first."""
    rows = models.PayableDecision.objects.filter(incoming_id=incoming).order_by("id")
    return [DecisionRow(*row) for row in rows.values_list("decision", "reason", "decided_at", "actor_name")]


def _rows(rows: Collection[models.Incoming]) -> list[IncomingRow]:
    ids = [row.id for row in rows]
    found = {row.incoming_id: row for row in models.Assessment.objects.filter(incoming_id__in=ids)}
    claims = {row.incoming_id: row for row in models.PayableInvoice.objects.filter(incoming_id__in=ids)}
    said = dict(
        models.PayableDecision.objects.filter(incoming_id__in=ids).order_by("id").values_list("incoming_id", "decision")
    )
    made = []
    for row in rows:
        one, claim = found.get(row.id), claims.get(row.id)
        told = [Doubt(*pair) for pair in json.loads(one.doubts)] if one else []
        state = STATES[Decision(said[row.id]) if row.id in said else None]
        if state == "new":
            clean = one is not None and one.verdict == "valid" and claim is not None and not told
            state = "waiting" if one is None else "new" if clean else "check"
        made.append(
            IncomingRow(
                row.id, row.sha256, row.name, row.channel, row.sender, row.received_at, state,
                one.verdict if one else "", one.error_class if one else "", one.report_id if one else 0, told,
                *((claim.supplier, claim.number, claim.issue_date, claim.due_date, claim.currency, claim.gross)
                  if claim else ()),
            )
        )  # fmt: skip
    return made
