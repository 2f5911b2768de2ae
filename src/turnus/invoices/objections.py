"""A supplier objects to a self-billing document: it loses the effect of an invoice (§ 14 Abs. 2 S. 6 UStG)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import Kind
from turnus.invoices.detail_models import Objection
from turnus.invoices.models import Invoice
from turnus.ledger.post import reverse_document
from turnus.records.audit import audit

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp


@transaction.atomic(durable=True)
def object_to(invoice: int, *, received_on: date, reason: str = "", by: Stamp) -> str:
    """Record an objection: its postings are reversed on that day, its input VAT is blocked. Returns its number.

    What was paid out for it stays as a debit on the supplier's account until the supplier's own invoice comes.
    Raises ``CorrectionRefusedError``: ``not_self_billing``, ``already_cancelled``, ``objected``, ``before_issue``.
    """
    row = Invoice.objects.select_for_update(no_key=True).filter(id=invoice, state="issued").first()
    if row is None or row.kind != Kind.SELF_BILLING:
        raise CorrectionRefusedError("not_self_billing", number=row.number if row else str(invoice))
    if Invoice.objects.filter(corrects_id=invoice, kind=Kind.SELF_CREDIT).exists():
        raise CorrectionRefusedError("already_cancelled", number=row.number)
    if Objection.objects.filter(invoice_id=invoice).exists():
        raise CorrectionRefusedError("objected", number=row.number)
    if received_on < row.issue_date:
        raise CorrectionRefusedError("before_issue", day=row.issue_date.isoformat())
    Objection.objects.create(
        invoice_id=invoice, received_on=received_on, reason=reason, actor_name=by.actor.name, at=by.at
    )
    reverse_document(invoice, on=received_on)
    audit(by, "invoice.object", "invoice", invoice, reason=reason, after={"received_on": received_on.isoformat()})
    return row.number
