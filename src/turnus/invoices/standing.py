"""Which documents of a run a standing invoice covers: they claim their money and are not printed (L-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.document import Kind
from turnus.core.standing import Terms, items_of, same_claim
from turnus.invoices.facts import placed_lines
from turnus.invoices.models import Invoice, InvoiceLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.invoicing import Placed
    from turnus.invoices.decide import Basics, Draft

Known = tuple[int, Terms, "list[Placed]"]


def covered(given: Basics, drafts: list[Draft]) -> list[Draft]:
    """Drafts of standing invoices that say what the last one of their items says become claims that it covers."""
    wanted = [draft for draft in drafts if draft.document.kind is Kind.STANDING]
    if not wanted:
        return drafts
    known = _standing({placed.line.contract for draft in wanted for placed in draft.document.lines})
    found = [_covered(given, draft, known) if draft.document.kind is Kind.STANDING else draft for draft in drafts]
    return _newest_stand(found)


def _newest_stand(drafts: list[Draft]) -> list[Draft]:
    """Of periods that one run catches up the newest stands; those before it get invoices of their own.

    No period is stated twice: by a standing invoice before it and by its own document (§ 14c UStG).
    """
    starts: dict[tuple[int, int], date] = {}
    for draft in drafts:
        if draft.document.kind is Kind.STANDING:
            start = draft.document.service.start
            for item in items_of(draft.document.lines):
                starts[draft.unit, item] = max(start, starts.get((draft.unit, item), start))
    return [
        draft._replace(document=draft.document._replace(kind=Kind.INVOICE))
        if draft.document.kind is Kind.STANDING
        and any(starts[draft.unit, item] > draft.document.service.start for item in items_of(draft.document.lines))
        else draft
        for draft in drafts
    ]


def _covered(given: Basics, draft: Draft, known: Sequence[Known]) -> Draft:
    own = items_of(draft.document.lines)
    last = next((row for row in known if own & items_of(row[2])), None)
    terms = Terms(
        given.seller.version, draft.buyer.version, draft.currency, draft.language, draft.payment_days, draft.reference,
        draft.cost_centre,
    )  # fmt: skip
    if last is None or not same_claim((last[1], last[2]), (terms, draft.document.lines)):
        return draft
    return draft._replace(document=draft.document._replace(kind=Kind.COVERED), standing=last[0])


def _standing(contracts: set[int]) -> list[Known]:
    """Standing invoices of contracts that nobody cancelled, the newest first."""
    lines = InvoiceLine.objects.filter(contract_id__in=contracts).values("invoice_id")
    gone = Invoice.objects.filter(kind=Kind.CANCELLATION, state="issued", corrects_id__isnull=False)
    rows = Invoice.objects.filter(id__in=lines, kind=Kind.STANDING, state="issued")
    heads = {
        row[0]: Terms(*row[1:])
        for row in rows.exclude(id__in=gone.values("corrects_id")).order_by("-id").values_list(
            "id", "seller_version_id", "buyer_version_id", "currency", "language", "payment_days", "reference",
            "cost_centre",
        )
    }  # fmt: skip
    placed = placed_lines(heads)
    return [(invoice, terms, [row for row, _version in placed[invoice]]) for invoice, terms in heads.items()]
