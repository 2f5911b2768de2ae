"""Take in an incoming file: first the original, then what was found in it. Repeating it takes nothing twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.chain import Filing
from turnus.core.incoming import Decision, Known, doubts
from turnus.core.retention import Retention
from turnus.documents.archive import append, is_archived
from turnus.payables.models import Assessment, Incoming, PayableDecision, PayableInvoice, PayableLine, PayableTax
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection

    from turnus.core.actors import Stamp
    from turnus.core.incoming import Payable


class Came(NamedTuple):
    """A file as it came to one of our companies, and where its bytes are kept."""

    seller: int
    sha256: str
    size: int
    name: str
    channel: str
    sender: str = ""


class Found(NamedTuple):
    """What was found in a file: verdict, class of errors, report, and what it claims where that can be read."""

    verdict: str
    error_class: str
    report: int
    claim: Payable | None


@transaction.atomic(durable=True)
def enter(came: Came, *, by: Stamp) -> tuple[int, bool]:
    """Enter a file whose bytes are in the archive. Returns its id, and whether the same file had come before."""
    known = Incoming.objects.filter(seller_id=came.seller, sha256=came.sha256).values_list("id", flat=True).first()
    if known is not None:
        return known, True
    row = Incoming.objects.create(
        seller_id=came.seller, sha256=came.sha256, size=came.size, name=came.name, channel=came.channel,
        sender=came.sender, received_at=by.at,
    )  # fmt: skip
    kind = came.name.rpartition(".")[2].lower() or "bin"
    audit(by, "incoming.receive", "incoming", row.id, after={"file": came.sha256, "name": came.name})
    day = by.at.date()
    append([Filing("incoming", row.id, kind, came.name, came.sha256, came.size, Retention.VOUCHERS, day)], at=by.at)
    return row.id, False


@transaction.atomic(durable=True)
def enter_message(seller: int, sha256: str, size: int, name: str, *, by: Stamp) -> bool:
    """Enter a message whose bytes are in the archive; False: it is there already."""
    if is_archived("message", sha256):
        return False
    day = by.at.date()
    append([Filing("message", seller, "eml", name, sha256, size, Retention.LETTERS, day)], at=by.at)
    audit(by, "incoming.message", "seller", seller, after={"file": sha256})
    return True


@transaction.atomic(durable=True)
def assess(incoming: int, found: Found, *, own_vat_ids: Collection[str], by: Stamp) -> None:
    """Record what was found; once. Doubts are decided against the supplier's earlier invoices."""
    row = Incoming.objects.get(id=incoming)
    if Assessment.objects.filter(incoming=row).exists():
        return
    claim = found.claim
    told = doubts(claim, _earlier(row.seller_id, claim.supplier_key), own_vat_ids=own_vat_ids) if claim else []
    Assessment.objects.create(
        incoming=row, verdict=found.verdict, error_class=found.error_class, report_id=found.report,
        doubts=json.dumps(told, ensure_ascii=False),
    )  # fmt: skip
    if claim:
        _save(row, claim)
    codes = [one.code for one in told]
    audit(by, "incoming.assess", "incoming", incoming, after={"verdict": found.verdict, "doubts": codes})


def _earlier(seller: int, supplier: str) -> list[Known]:
    rows = PayableInvoice.objects.filter(seller_id=seller, supplier_key=supplier).order_by("id")
    columns = ("incoming_id", "number", "issue_date", "gross", "currency", "iban")
    known = [Known(*row) for row in rows.values_list(*columns)]
    ids = [one.incoming for one in known]
    said = PayableDecision.objects.filter(incoming_id__in=ids).order_by("id").values_list("incoming_id", "decision")
    last = dict(said)
    doubted = Assessment.objects.filter(incoming_id__in=ids, doubts__contains='"incoming_new_iban"')
    strange = {one for one in doubted.values_list("incoming_id", flat=True) if last.get(one) != Decision.ACCEPT}
    return [
        one._replace(trusted=one.incoming not in strange) for one in known if last.get(one.incoming) != Decision.REJECT
    ]


def _save(row: Incoming, claim: Payable) -> None:
    values = claim._asdict()
    lines, taxes = values.pop("lines"), values.pop("taxes")
    values.pop("skonto")  # stands in the terms
    invoice = PayableInvoice.objects.create(incoming=row, seller_id=row.seller_id, **values)
    PayableLine.objects.bulk_create(PayableLine(invoice=invoice, **line._asdict()) for line in lines)
    PayableTax.objects.bulk_create(PayableTax(invoice=invoice, **tax._asdict()) for tax in taxes)
