"""One document on the screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any, Final, NamedTuple

from turnus.core.document import DocumentLine, InvoiceDocument
from turnus.core.formatting import format_share
from turnus.core.status import word as status_word
from turnus.core.validation import Verdict
from turnus.documents.archive import archived
from turnus.documents.queries import unfit
from turnus.interfaces.cli.language import columns, language, say
from turnus.interfaces.cli.screen import (
    amount,
    day,
    heading,
    instant,
    lines_of,
    number,
    pairs,
    period,
    plain,
    price,
    rate,
    table,
)
from turnus.interfaces.cli.summaries import CATEGORIES, word
from turnus.invoices.document import invoice_document
from turnus.invoices.queries import DocumentRow, corrections_of, document_rows
from turnus.ledger.queries import PaymentRow, payments_of
from turnus.records.queries import AuditRow, audit_rows

ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "invoice.draft": ("Entwurf geschrieben", "draft written"),
    "billable.collect": ("Datensätze aufgenommen", "billable records taken"),
    "invoice.edit": ("Entwurf geändert", "draft changed"),
    "invoice.issue": ("festgeschrieben", "issued"),
    "invoice.cancel": ("storniert", "cancelled"),
    "invoice.convert": ("in eine Rechnung umgewandelt", "converted into an invoice"),
    "invoice.correct": ("Angaben berichtigt", "details corrected"),
    "invoice.object": ("Widerspruch des Lieferanten", "objection of the supplier"),
    "invoice.credit": ("teilweise gutgeschrieben", "credited in part"),
    "run.freeze": ("Lauf begonnen", "run started"),
    "run.draft": ("entworfen", "drafted"),
    "run.drafted": ("Lauf entworfen", "run drafted"),
    "run.release": ("freigegeben", "released"),
    "run.number": ("nummeriert", "numbered"),
    "run.issue": ("festgeschrieben", "issued"),
    "run.done": ("Lauf fertig", "run done"),
    "run.approve": ("Lauf freigegeben", "run released by a person"),
    "run.resume": ("Lauf fortgesetzt", "run resumed"),
}
"""Action of an audit entry → what a person calls it."""


class Detail(NamedTuple):
    """A document with what happened to it."""

    row: DocumentRow
    document: InvoiceDocument
    payments: Sequence[PaymentRow]
    corrections: Sequence[DocumentRow]
    history: Sequence[AuditRow]
    files: Sequence[str]
    """Kinds of its archived files."""
    unfit: Verdict | None
    """Why its files must not leave; None: they may."""


def detail(invoice: int, *, on: date) -> Detail:
    """Everything about one document."""
    row = document_rows([invoice], on=on)[invoice]
    objects = [("invoice", invoice)] + ([("run", row.run)] if row.run else [])
    history = [entry for entry in audit_rows(objects) if _concerns(entry, row)]
    return Detail(
        row, invoice_document(invoice), payments_of([invoice]).get(invoice, []), corrections_of(invoice, on=on),
        history, sorted(archived([invoice]).get(invoice, {})), unfit([invoice]).get(invoice),
    )  # fmt: skip


def _concerns(entry: AuditRow, row: DocumentRow) -> bool:
    """A run's entries speak of whole chunks; only those steps that a document goes through belong to its history."""
    if entry.object_type == "invoice":
        return True
    if entry.action not in ("run.draft", "run.release", "run.issue"):
        return False
    chunk = json.loads(entry.after or "{}").get("chunk")
    return chunk is None or chunk == row.chunk


def describe(found: Detail, kind: str, zone: tzinfo) -> None:
    """The document as a person reads it."""
    row, document = found.row, found.document
    title = f"{kind} {row.number}" if row.number else say("{k} (Entwurf #{i})", "{k} (draft #{i})", k=kind, i=row.id)
    heading(f"{plain(title)} – {status_word(row.status, language())}")
    pairs(_head(found))
    heading(say("Zeilen", "Lines"))
    _lines(document)
    heading(say("Steuern", "Taxes"))
    _totals(document, row)
    _later(found)
    if found.history:
        heading(say("Verlauf", "History"))
        table(
            columns("Wann|When", "Wer|Who", "Was|What", "Grund|Reason"),
            [(instant(e.at, zone), plain(e.actor), word(ACTIONS, e.action), plain(e.reason)) for e in found.history],
        )


def _head(found: Detail) -> list[tuple[str, object]]:
    row, document = found.row, found.document
    preceding = ", ".join(f"{r.number} ({day(r.issue_date)})" for r in document.preceding)
    return [
        (
            say("Kunde", "Customer"),
            f"{plain(row.customer_number)} {plain(document.buyer.name)}, {lines_of(document.buyer.address)}",
        ),
        (say("USt-IdNr", "VAT id"), plain(document.buyer.vat_id)),
        (say("Rechnungsdatum", "Issue date"), day(row.issue_date)),
        (say("Fällig am", "Due on"), day(document.due_date)),
        (say("Leistungszeitraum", "Service period"), period(document.service) if document.service else ""),
        (say("Vertrag", "Contract"), plain(", ".join(document.contracts))),
        (say("Referenz", "Reference"), plain(document.buyer_reference)),
        (say("Kostenstelle", "Cost centre"), plain(document.cost_centre)),
        (say("E-Rechnung", "E-invoice"), _electronic(found)),
        (
            say("Raten", "Instalments"),
            "; ".join(f"{day(part.due_on)}: {amount(part.amount, document.currency)}" for part in document.instalments),
        ),
        (say("Bezieht sich auf", "Refers to"), plain(preceding)),
        (say("Grund", "Reason"), plain(row.reason)),
        (say("Lauf", "Run"), row.run),
    ]


def _electronic(found: Detail) -> str:
    """Profile and files of the e-invoice, and whether it may leave."""
    profile = found.document.einvoice_profile
    if not profile or not found.files:
        return plain(profile)
    verdict = {
        None: say("gültig", "valid"),
        Verdict.INVALID: say("verletzt eine Regel", "breaks a rule"),
        Verdict.NOT_JUDGED: say("noch nicht geprüft", "not judged yet"),
    }[found.unfit]
    return f"{plain(profile)} ({', '.join(found.files)}), {verdict}"


def _lines(document: InvoiceDocument) -> None:
    titles = columns("", "Leistung|Service", "Zeitraum|Period", "Menge|Quantity", "Preis|Price", "USt|VAT", "Netto|Net")
    table(titles, [_line(line, document) for line in document.lines], right=(0, 3, 4, 5, 6))


def _line(line: DocumentLine, document: InvoiceDocument) -> tuple[object, ...]:
    name = plain(line.name)
    if line.days:
        part = say("{a} von {b} Tagen", "{a} of {b} days", a=line.days, b=line.whole_days)
        name += f"\n[dim]{part}[/dim]"
    if line.share[1]:
        part = say("Anteil {s}", "share {s}", s=format_share(*line.share, language()))
        name += f"\n[dim]{part}[/dim]"
    if line.allowance:
        label = plain(line.allowance_reason) or say("Rabatt", "discount")
        name += f"\n[dim]{label}: {amount(-line.allowance, document.currency)}[/dim]"
    if line.corrects:
        name += f"\n[dim]{say('berichtigt', 'corrects')} {plain(line.corrects)}[/dim]"
    name += "".join(f"\n[dim]{plain(step)}[/dim]" for step in line.steps)
    mode = say(" brutto", " gross") if line.gross_price else ""
    return (
        line.number, name, period(line.period) if line.period else "", number(line.quantity),
        price(line.unit_price, document.currency) + mode, rate(line.tax_rate), amount(line.net, document.currency),
    )  # fmt: skip


def _totals(document: InvoiceDocument, row: DocumentRow) -> None:
    currency = document.currency
    titles = columns("Behandlung|Treatment", "Satz|Rate", "Netto|Net", "Steuer|Tax")
    rows = [
        (word(CATEGORIES, tax.category), rate(tax.rate), amount(tax.base, currency), amount(tax.tax, currency))
        for tax in document.taxes
    ]
    table(titles, rows, right=(1, 2, 3))
    pairs(
        [
            (say("Netto", "Net"), amount(row.net, currency)),
            (say("Umsatzsteuer", "VAT"), amount(row.tax, currency)),
            (say("Brutto", "Gross"), f"[bold]{amount(row.gross, currency)}[/bold]"),
            (say("Mit Guthaben verrechnet", "Credit used"), amount(row.applied, currency) if row.applied else ""),
            (say("Noch offen", "Still open"), amount(row.open, currency) if row.state == "issued" else ""),
        ],
        right=True,
    )


def _later(found: Detail) -> None:
    """Payments and corrections."""
    currency = found.document.currency
    rows: list[tuple[object, ...]] = [
        (
            day(payment.received_on),
            say("Zahlung", "Payment"),
            plain(payment.reference),
            amount(-payment.amount, currency),
        )
        for payment in found.payments
    ]
    rows += [
        (day(row.issue_date), say("Berichtigung", "Correction"), plain(row.number), amount(row.gross, currency))
        for row in found.corrections
    ]
    if rows:
        heading(say("Danach", "Afterwards"))
        table(columns("Tag|Day", "Was|What", "", "Betrag|Amount"), rows, right=(3,))


def as_json(found: Detail) -> dict[str, Any]:
    """The same for scripts: amounts in minor units, prices and quantities as exact texts."""
    document = found.document
    address = {
        name: getattr(document.buyer.address, name) for name in ("street", "extra", "postcode", "city", "country")
    }
    return {
        **found.row._asdict(),
        "buyer": {"name": document.buyer.name, **address, "vat_id": document.buyer.vat_id},
        "service": document.service,
        "contracts": document.contracts,
        "einvoice": {"profile": document.einvoice_profile, "files": found.files, "unfit": found.unfit},
        "lines": lines_json(document),
        "taxes": taxes_json(document),
        "payments": found.payments,
        "corrections": found.corrections,
        "history": found.history,
    }


def lines_json(document: InvoiceDocument) -> list[dict[str, Any]]:
    """Printed lines for scripts."""
    return [
        {
            "number": line.number, "name": line.name, "period": line.period, "quantity": line.quantity,
            "unit": line.unit, "unit_price": line.unit_price, "gross_price": line.gross_price, "net": line.net,
            "tax_category": line.tax_category, "tax_rate": line.tax_rate, "allowance": line.allowance,
            "allowance_reason": line.allowance_reason, "days": line.days, "whole_days": line.whole_days,
            "corrects": line.corrects, "steps": line.steps,
        }
        for line in document.lines
    ]  # fmt: skip


def taxes_json(document: InvoiceDocument) -> list[dict[str, Any]]:
    """The VAT breakdown for scripts."""
    return [
        {"category": t.category, "rate": t.rate, "base": t.base, "tax": t.tax, "reason": t.reason}
        for t in document.taxes
    ]
