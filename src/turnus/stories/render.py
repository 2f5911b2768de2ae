"""Render issued documents after commit and archive them (billing-core P, 7). Repeating it renders nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.documents.archive import Archived, file_renderings, read, rendered, store
from turnus.invoices.document import invoice_document, is_issued
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from turnus.ports import DocumentRenderer, FileStore


def render_invoices(invoices: Sequence[int], renderer: DocumentRenderer, files: FileStore, *, at: datetime) -> int:
    """Write the PDFs of issued documents that have none yet. Returns how many. Raises ``Rejected``."""
    known = rendered(invoices)
    rows = []
    for invoice in invoices:
        if invoice not in known and is_issued(invoice):
            document = invoice_document(invoice)
            content = renderer.render(document)
            name = f"{document.number}.pdf"
            rows.append(Archived(invoice, "pdf", store(files, content), len(content), name, document.issue_date))
    count = file_renderings(rows, at=at)
    failpoint("render.after_commit")
    return count


def pdf_of(invoice: int, renderer: DocumentRenderer, files: FileStore, *, at: datetime) -> bytes:
    """The PDF of a document: from the archive once issued, rendered afresh while it is a draft."""
    if not is_issued(invoice):
        return renderer.render(invoice_document(invoice))
    render_invoices([invoice], renderer, files, at=at)
    return read(files, rendered([invoice])[invoice])
