"""A pro forma invoice becomes a real one: what still stands of it is taken back and invoiced (JB-59, JB-68)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.catalog.facts import product_facts
from turnus.contracts.lookup import contracts_of_items
from turnus.contracts.paperwork import sortings
from turnus.core.charges import standing, value_on
from turnus.core.correcting import CorrectionRefusedError, sequenced
from turnus.core.document import Kind
from turnus.core.invoicing import Line, compose
from turnus.core.tax import Tax
from turnus.invoices.correct import Corrected, history, issue_correction, locked_original
from turnus.invoices.facts import document_entries
from turnus.invoices.issue import issue_single
from turnus.invoices.models import Invoice, InvoiceTax
from turnus.invoices.single import MissingDataError, Single, missing_data, write_single
from turnus.parties.facts import customer_facts, in_force, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp

REASON = "Umwandlung in eine Rechnung"


def convert_proforma(invoice: int, *, on: date, by: Stamp) -> Corrected:
    """Invoice what stands of a pro forma invoice; the pro forma is taken back in its own range.

    Raises ``CorrectionRefusedError``: ``not_proforma``, ``nothing_left``, ``being_issued``; ``MissingDataError``.
    """
    made = _convert(invoice, on=on, by=by)
    failpoint("single.issue.after_commit")
    return made


@transaction.atomic(durable=True)
def _convert(invoice: int, *, on: date, by: Stamp) -> Corrected:
    original = locked_original(invoice, REASON)
    if original.kind != Kind.PROFORMA or original.corrects_id:
        raise CorrectionRefusedError("not_proforma", number=original.number)
    own = document_entries([invoice])
    contracts = contracts_of_items({entry.charge.identity.item for entry in own})
    entries = history(original, own, set(contracts.values()))
    taken, again = [], []
    for entry, days in standing(entries):
        if entry.invoice == invoice:
            charge = entry.charge
            part = charge._replace(days=days, service=charge.service if days == charge.days else days, corrects=None)
            contract, value = contracts.get(charge.identity.item, 0), value_on(charge.identity, days)
            taken.append(Line(contract, part, -1, -value, (entry.invoice, entry.position), 0))
            again.append(Line(contract, part, 1, value, None, 0))
    if not taken:
        raise CorrectionRefusedError("nothing_left")
    lines = sequenced([*taken, *again], entries)
    back = issue_correction(original, lines[: len(taken)], Kind.PROFORMA, on=on, reason=REASON, corrects=invoice, by=by)
    made = _invoice(original, lines[len(taken) :], on=on, by=by)
    audit(by, "invoice.convert", "invoice", invoice, after={"taken_back": back.number, "invoice": made.number})
    return made


def _invoice(original: Invoice, lines: Sequence[Line], *, on: date, by: Stamp) -> Corrected:
    seller = seller_facts(original.seller_id, on=on)
    buyer = in_force(customer_facts([original.customer_id])[original.customer_id], on)
    rows = InvoiceTax.objects.filter(invoice_id=original.id)
    grounds = {
        (category, rate): Tax(category, rate, text, because)
        for category, rate, text, because in rows.values_list("category", "rate", "reason", "because")
    }
    said = sortings({line.contract for line in lines}, on)
    single = Single(
        origin="manual",
        kind=Kind.INVOICE,
        seller=seller,
        buyer=buyer,
        currency=original.currency,
        language=original.language,
        payment_days=original.payment_days,
        on=on,
        document=compose(lines, Kind.INVOICE),
        grounds=grounds,
        versions={product: facts.version for product, facts in product_facts(original.seller_id).items()},
        account=original.account_id,
        reference=original.reference,
        cost_centre=original.cost_centre,
        exchange_rate=original.exchange_rate,
        instalments=next((sorting.instalments for sorting in said.values() if sorting.instalments), None),
    )
    if lacks := missing_data(single):
        raise MissingDataError(lacks)
    number = write_single(single)
    return Corrected(number, issue_single(number, by=by), single.document.gross)
