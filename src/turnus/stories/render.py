"""Render issued documents after commit as their other party wants them, check, archive and judge the files.

Repeating it renders nothing twice (billing-core P, 7). A document that its profile cannot carry is kept, marked by its
report, and must not leave the house (``documents/queries.unfit``).
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.einvoice.compose import CODES, compose
from turnus.core.einvoice.files import ELECTRONIC, HYBRID, PDF, files_of, profile_of_document, syntax_of
from turnus.core.einvoice.hybrid import inside
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.einvoice.report import exact_findings
from turnus.core.validation import EXACT, RuleSetRef, ValidationReport, Verdict
from turnus.documents.archive import Archived, archived, file_renderings, read, store
from turnus.documents.validate import Judged, file_validations
from turnus.invoices.document import invoice_document, invoice_documents, is_issued, issued_of, paper_of
from turnus.ports import Rejected, TryLater
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from turnus.core.actors import Stamp
    from turnus.core.document import InvoiceDocument
    from turnus.ports import DocumentRenderer, FileStore, InvoiceXml, Validator


class Press(NamedTuple):
    """Who prints, who writes XML, and where files are kept."""

    renderer: DocumentRenderer
    xml: InvoiceXml
    files: FileStore


class Made(NamedTuple):
    """The files of a document by kind, and what our exact checks say; no report on what is no invoice."""

    files: dict[str, bytes]
    report: ValidationReport | None


def render_invoices(invoices: Sequence[int], press: Press, *, by: Stamp) -> int:
    """Write the files of issued documents that have none yet. Returns how many documents.

    One that is refused keeps no other from its file. Raises ``Rejected`` and ``TryLater``.
    """
    known = archived(invoices)
    wanted = [invoice for invoice in issued_of(invoices) if invoice not in known]
    rows, reports, refused = [], [], []
    for invoice, document in invoice_documents(wanted).items():
        try:
            made = make_files(document, press, at=by.at)
        except Rejected as error:
            refused.append(error)
            continue
        for kind, content in made.files.items():
            name = f"{document.number}.{'xml' if kind in {'cii', 'ubl'} else 'pdf'}"
            sha256 = store(press.files, content)
            rows.append(
                Archived(invoice, kind, sha256, len(content), name, document.issue_date, document.design.version)
            )
        if made.report:
            reports.append(Judged(invoice, made.report))
    electronic = {row.invoice for row in rows if row.kind in ELECTRONIC}
    file_validations(reports, judge=electronic, by=by)
    failpoint("render.after_report")
    file_renderings(rows, at=by.at)
    failpoint("render.after_commit")
    if refused:
        raise refused[0]
    return len({row.invoice for row in rows})


def judge_invoices(invoices: Sequence[int], validator: Validator, files: FileStore, *, by: Stamp) -> list[int]:
    """Judge the e-invoices of issued documents by the official rules and file the reports. Returns the invalid ones.

    Raises ``TryLater`` where one could not be judged or is not archived yet: fail closed (law.md L-06).
    """
    known = archived(invoices)
    reports, waiting, invalid = [], [], []
    for invoice in issued_of(invoices):
        kind = next((kind for kind in ELECTRONIC if kind in known.get(invoice, {})), "")
        report = validator.validate(read(files, known[invoice][kind]), at=by.at) if kind else None
        if report is None or report.verdict is Verdict.NOT_JUDGED:
            reason = f" ({report.fatal[0].rule})" if report and report.fatal else ""
            waiting += [f"{invoice}{reason}"] if kind or invoice not in known else []
            continue
        reports.append(Judged(invoice, report))
        invalid += [invoice] if report.verdict is Verdict.INVALID else []
    file_validations(reports, by=by)
    if waiting:
        names = ", ".join(waiting)
        raise TryLater(f"Not judged: documents {names}.", f"Nicht geprüft: Belege {names}.")
    return invalid


def make_files(document: InvoiceDocument, press: Press, *, at: datetime) -> Made:
    """The files of a document; equal documents give equal bytes. Raises ``Rejected`` and ``TryLater``."""
    if document.kind not in CODES:
        return Made({PDF: press.renderer.render(document)}, None)
    profile = profile_of_document(document)
    known = profile or PROFILES["en16931"]
    invoice = compose(document, known)
    assert invoice is not None
    syntax = syntax_of(document, known)
    xml = press.xml.write(invoice, syntax)
    files, name = {}, ""
    for kind in files_of(document):
        if kind == HYBRID:
            held = inside(known.name, xml)
            files[kind], name = press.renderer.render(document, held), held.name
        else:
            files[kind] = press.renderer.render(document) if kind == PDF else xml
    content = next(iter(files.values()))
    report = ValidationReport(
        _sha256(content), len(content), at,
        exact_findings(invoice, profile, net_prices=not any(line.gross_price for line in document.lines)),
        rule_sets=(RuleSetRef(EXACT, _release(), ""),), tools=(("turnus", _release()),),
        syntax=syntax, profile=known.specification, attachment=name, xml=_sha256(xml),
    )  # fmt: skip
    return Made(files, report)


@cache
def _release() -> str:
    """The version of Turnus; asking for it takes a millisecond."""
    return version("turnus")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pdf_of(invoice: int, press: Press, *, by: Stamp) -> bytes:
    """The PDF of a document, with its e-invoice inside where it has one there: archived, or of a draft made afresh."""
    invoice = paper_of(invoice)
    if not is_issued(invoice):
        return press.renderer.render(invoice_document(invoice))
    files = _files(invoice, press, by)
    return read(press.files, files.get(HYBRID) or files[PDF])


def xml_of(invoice: int, press: Press, *, syntax: str = "", by: Stamp) -> bytes:
    """The e-invoice of an issued document as XML: as archived, alone or inside its PDF; in another syntax written anew.

    ``syntax``: ``cii`` or ``ubl``; empty: its own. Raises ``Rejected`` for what is no e-invoice or cannot be one.
    """
    invoice = paper_of(invoice)
    document = invoice_document(invoice)
    if not document.number or document.kind not in CODES:
        raise Rejected("Only issued invoices have an e-invoice.", "Nur ausgestellte Rechnungen haben eine E-Rechnung.")
    profile = profile_of_document(document) or PROFILES["en16931"]
    wanted = syntax or syntax_of(document, profile)
    if wanted not in profile.syntaxes:
        raise Rejected(
            f"The profile {profile.name} has no syntax {wanted}.",
            f"Das Profil {profile.name} hat keine Syntax {wanted}.",
        )
    files = _files(invoice, press, by)
    if wanted in files:
        return read(press.files, files[wanted])
    if HYBRID in files and wanted == profile.syntaxes[0]:
        return press.xml.inside(read(press.files, files[HYBRID]))
    found = compose(document, profile)
    assert found is not None
    return press.xml.write(found, wanted)


def _files(invoice: int, press: Press, by: Stamp) -> dict[str, str]:
    render_invoices([invoice], press, by=by)
    return archived([invoice])[invoice]
