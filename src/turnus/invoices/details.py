"""Correct details of an issued invoice, its amounts unchanged: a document of its own that refers to it (L-08)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.core.correcting import CorrectionRefusedError
from turnus.core.details import changes, told
from turnus.core.document import PAYABLE, Kind, Reference
from turnus.core.einvoice.lacking import missing_of_einvoice
from turnus.core.invoicing import Composed, compose, missing_of_buyer, missing_of_document, missing_of_seller
from turnus.core.periods import Period
from turnus.invoices.correct import TAKE_BACK, Corrected, locked_original
from turnus.invoices.document import invoice_document, with_details
from turnus.invoices.facts import placed_lines, texts_of
from turnus.invoices.issue import issue_single
from turnus.invoices.models import Invoice
from turnus.invoices.single import MissingDataError, Single, write_single
from turnus.parties.facts import customer_facts, in_force, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.document import InvoiceDocument


class Right(NamedTuple):
    """What is right; names, addresses and tax numbers come from the master data as they are on the day."""

    reference: str | None = None
    """None: as on the invoice."""
    cost_centre: str | None = None
    texts: Mapping[int, str] = {}
    """Number of a printed line → its text."""
    note: str = ""
    """What else is to be said."""


def correct_details(invoice: int, right: Right, *, on: date, reason: str, by: Stamp) -> Corrected:
    """Issue a correction that refers to the invoice and states its right details; no amount changes, nothing is posted.

    Raises ``CorrectionRefusedError``: ``not_issued``, ``not_correctable``, ``already_cancelled``, ``unknown_line``,
    ``nothing_to_correct``; ``MissingDataError``.
    """
    made = _correct(invoice, right, on=on, reason=reason, by=by)
    failpoint("single.issue.after_commit")
    return made


@transaction.atomic(durable=True)
def _correct(invoice: int, right: Right, *, on: date, reason: str, by: Stamp) -> Corrected:
    original = locked_original(invoice, reason)
    if original.kind not in PAYABLE:
        raise CorrectionRefusedError("not_correctable", number=original.number)
    if Invoice.objects.filter(corrects_id=invoice, kind__in=TAKE_BACK).exists():
        raise CorrectionRefusedError("already_cancelled", number=original.number)
    before = Invoice.objects.get(id=_last(invoice))
    wrong = invoice_document(before.id)
    for line in set(right.texts) - {line.number for line in wrong.lines}:
        raise CorrectionRefusedError("unknown_line", line=str(line))
    single = _single(original, before, right, on=on, reason=reason)
    texts = texts_of(before.id) | dict(right.texts)
    after = with_details(wrong, single.seller, single.buyer, single.reference, single.cost_centre, texts)
    note = "\n".join(filter(None, [told(changes(wrong, after), single.language), right.note]))
    if not note:
        raise CorrectionRefusedError("nothing_to_correct", number=original.number)
    _refuse_gaps(single, replace(after, kind=Kind.CORRECTION, preceding=(Reference(wrong.number, wrong.issue_date),)))
    made = write_single(single._replace(note=note), texts=texts)
    number = issue_single(made, by=by)
    audit(by, "invoice.correct", "invoice", invoice, reason=reason, after={"correction": number, "details": note})
    return Corrected(made, number, 0)


def _last(invoice: int) -> int:
    """The correction that holds now, or the invoice itself."""
    rows = Invoice.objects.filter(corrects_id=invoice, kind=Kind.CORRECTION, state="issued")
    return rows.order_by("-id").values_list("id", flat=True).first() or invoice


def _single(original: Invoice, before: Invoice, right: Right, *, on: date, reason: str) -> Single:
    seller = seller_facts(original.seller_id, on=on)
    buyer = in_force(customer_facts([original.customer_id])[original.customer_id], on)
    days = Period(original.service_start, original.service_end)
    return Single(
        "correction", Kind.CORRECTION, seller, buyer, original.currency, original.language, original.payment_days, on,
        Composed(Kind.CORRECTION, [], [], 0, 0, 0, days), {}, {},
        corrects=original.id, reason=reason, exchange_rate=original.exchange_rate, job=original.job_id,
        reference=before.reference if right.reference is None else right.reference,
        cost_centre=before.cost_centre if right.cost_centre is None else right.cost_centre,
    )  # fmt: skip


def _refuse_gaps(single: Single, after: InvoiceDocument) -> None:
    """Judged is the content of the invoice with its right details, under the names that are printed."""
    seller, buyer = single.seller.data, single.buyer.data
    lines = placed_lines([single.corrects or 0]).get(single.corrects or 0, [])
    whole = compose([placed.line for placed, _version in lines], Kind.INVOICE)
    lacks = missing_of_seller(seller) + missing_of_buyer(buyer) + missing_of_document(whole, seller, buyer)
    if lacks := lacks + missing_of_einvoice(after):
        raise MissingDataError(lacks)
