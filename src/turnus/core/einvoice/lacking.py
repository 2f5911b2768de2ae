"""What a document lacks for the e-invoice profile of its other party, before it is released and numbered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from turnus.core.einvoice.checks import check, errors
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.files import profile_of_document
from turnus.core.invoicing import Missing

if TYPE_CHECKING:
    from turnus.core.document import InvoiceDocument


def missing_of_einvoice(document: InvoiceDocument) -> list[Missing]:
    """Every rule that the whole document breaks, with its real lines and sums; nothing where no profile is demanded."""
    profile = profile_of_document(document)
    if profile is None:
        return []
    invoice = compose(replace(document, number=document.number or "-"), profile)
    assert invoice is not None
    broken = errors(check(invoice, profile, net_prices=not any(line.gross_price for line in document.lines)))
    return [Missing("missing", *one) for one in dict.fromkeys((finding.term, finding.rule) for finding in broken)]
