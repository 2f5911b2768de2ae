"""Accept, query or reject an incoming invoice, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.core.incoming import Decision
from turnus.payables.models import Assessment, Incoming, PayableDecision, PayableInvoice
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp


class IncomingRefusedError(ValueError):
    """It cannot be decided so: ``code`` and ``params`` of its words."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@transaction.atomic(durable=True)
def decide(incoming: int, decision: Decision, *, reason: str = "", by: Stamp) -> None:
    """Record a decision; a later one takes its place, but what was accepted or rejected stays so.

    What a file with doubts or errors is accepted for must be said. Raises ``IncomingRefusedError``.
    """
    row = Incoming.objects.select_for_update(no_key=True).filter(id=incoming).first()
    if row is None:
        raise IncomingRefusedError("incoming_unknown", incoming=str(incoming))
    said = PayableDecision.objects.filter(incoming=row).order_by("-id").values_list("decision", flat=True).first()
    if said in {Decision.ACCEPT, Decision.REJECT}:
        raise IncomingRefusedError("incoming_decided", incoming=str(incoming))
    if decision is Decision.ACCEPT and not PayableInvoice.objects.filter(incoming=row).exists():
        raise IncomingRefusedError("incoming_unreadable", incoming=str(incoming))
    found = Assessment.objects.filter(incoming=row).values_list("verdict", "doubts").first()
    clean = found == ("valid", "[]")
    if not reason.strip() and not (decision is Decision.ACCEPT and clean):
        raise IncomingRefusedError("incoming_reason")
    PayableDecision.objects.create(
        incoming=row, decision=decision, reason=reason, decided_at=by.at, actor_name=by.actor.name
    )
    before = {"decision": said} if said else None
    audit(by, f"incoming.{decision}", "incoming", incoming, before=before, after={"decision": decision}, reason=reason)
