"""The figures of a run on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from turnus.core.messages import message
from turnus.interfaces.cli.language import columns, language, say
from turnus.interfaces.cli.screen import amount, day, heading, number, pairs, plain, rate, show, table
from turnus.invoices.summary import ParkedRow, RunSummary, TaxTotal

SHOWN: Final = 8
"""Customers named per reason."""

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "invoice": ("Rechnungen", "Invoices"),
    "credit": ("Rechnungskorrekturen", "Credits"),
    "cancellation": ("Stornorechnungen", "Cancellations"),
    "proforma": ("Proformarechnungen", "Pro forma invoices"),
    "self_billing": ("Gutschriften an Lieferanten", "Self-billed invoices"),
    "self_credit": ("Abrechnungskorrekturen", "Self-billing corrections"),
    "deposit": ("Anzahlungsrechnungen", "Deposit invoices"),
    "progress": ("Abschlagsrechnungen", "Progress invoices"),
    "partial": ("Teilrechnungen", "Partial invoices"),
    "final": ("Schlussrechnungen", "Final invoices"),
    "standing": ("Dauerrechnungen", "Standing invoices"),
    "covered": ("Forderungen aus Dauerrechnungen", "Claims of standing invoices"),
    "correction": ("Rechnungsberichtigungen", "Corrections of details"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "frozen": ("in Arbeit", "under way"),
    "drafted": ("entworfen", "drafted"),
    "held": ("wartet auf Freigabe", "waits for a release"),
    "numbered": ("nummeriert, wird festgeschrieben", "numbered, being issued"),
    "done": ("fertig", "done"),
}
CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    "S": ("Umsatzsteuer", "VAT"),
    "AE": ("Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
    "O": ("nicht steuerbar (Drittland)", "Outside the scope of VAT"),
    "E": ("steuerfrei (§ 19 UStG)", "Exempt (small business)"),
}


def word(words: Mapping[str, tuple[str, str]], key: str) -> str:
    """The word for a key in the chosen language; the key itself where there is none."""
    return words[key][0 if language() == "de" else 1] if key in words else key


def tax_name(row: TaxTotal) -> str:
    """``Umsatzsteuer 19 %``."""
    name = word(CATEGORIES, row.category)
    return f"{name} {rate(row.rate)}" if row.category == "S" else name


def describe(found: RunSummary, *, took: str = "") -> None:
    """A run as a finance person reads it."""
    pairs(_facts(found, took))
    if found.documents:
        heading(say("Belege", "Documents"))
        titles = columns("Art|Kind", "Anzahl|Count", "Netto|Net", "USt|VAT", "Brutto|Gross")
        rows = [
            (word(KINDS, row.kind), number(row.documents), *(amount(part, row.currency) for part in row[3:]))
            for row in found.documents
        ]
        table(titles, [*rows, *_sums(found)], right=(1, 2, 3, 4))
        heading(say("Umsatzsteuer", "VAT"))
        titles = columns("Behandlung|Treatment", "Netto|Net", "Steuer|Tax")
        table(
            titles,
            [(tax_name(r), amount(r.base, r.currency), amount(r.tax, r.currency)) for r in found.taxes],
            right=(1, 2),
        )
    elif not found.parked:
        show("", say("Nichts zu berechnen.", "Nothing to bill."))
    if found.parked:
        heading(say("Zurückgestellt: {n}", "Parked: {n}", n=number(len({row.unit for row in found.parked}))))
        parked(found.parked)


def _facts(found: RunSummary, took: str) -> list[tuple[str, object]]:
    head, states = found.head, found.units
    rows: list[tuple[str, object]] = []
    if head is not None:
        state = word(STATES, head.state)
        rows += [
            (say("Lauf", "Run"), f"{head.id} ({plain(head.definition)}) – {state}"),
            (say("Fällig bis", "Due through"), day(head.through)),
            (say("Rechnungsdatum", "Issue date"), day(head.on)),
        ]
        if head.held_reason:
            rows.append((say("Wartet, weil", "Waits because"), held_reason(head.held_reason)))
    rows.append((say("Fällige Verträge", "Contracts due"), number(found.contracts)))
    if states.get("empty"):
        text = say("{n} Konten ohne etwas zu berechnen", "{n} accounts with nothing to bill", n=number(states["empty"]))
        rows.append((say("Übergangen", "Skipped"), text))
    for money, before in sorted(found.before.items()):
        rows.append((say("Netto im vorigen Lauf", "Net in the last run"), amount(before, money)))
    rows.append((say("Dauer", "Took"), took))
    return rows


def _sums(found: RunSummary) -> list[tuple[str, ...]]:
    sums = []
    for currency in sorted({row.currency for row in found.documents}):
        rows = [row for row in found.documents if row.currency == currency]
        if len(rows) > 1:
            parts = (sum(r.net for r in rows), sum(r.tax for r in rows), sum(r.gross for r in rows))
            cells = (
                say("Summe", "Total"),
                number(sum(r.documents for r in rows)),
                *(amount(p, currency) for p in parts),
            )
            sums.append(tuple(f"[bold]{cell}[/bold]" for cell in cells))
    return sums


def held_reason(reason: str) -> str:
    """Why a run waits, in words."""
    code, *rest = reason.split(":")
    if code == "deviation" and len(rest) == 4:
        before, net, limit, currency = rest
        params = {"before": amount(int(before), currency), "net": amount(int(net), currency), "limit": limit}
        return message(code, params, language())
    return reason


def parked(rows: Sequence[ParkedRow]) -> None:
    """Who waits and why; of many with the same reason the first ones are named."""
    groups: dict[str, list[ParkedRow]] = {}
    for row in rows:
        groups.setdefault(row.code, []).append(row)
    lines: list[tuple[object, ...]] = []
    for same in sorted(groups.values(), key=len, reverse=True):
        for row in same[:SHOWN]:
            customer = f"{row.customer.number} {row.customer.name}" if row.customer else str(row.unit)
            lines.append((plain(customer), plain(row.params.get("contract", "")), plain(reason(row))))
        if len(same) > SHOWN:
            more = number(len(same) - SHOWN)
            lines.append(
                ("", "", say("… und {n} weitere (--json zeigt alle)", "… and {n} more (--json shows all)", n=more))
            )
    table(columns("Kunde|Customer", "Vertrag|Contract", "Grund|Reason"), lines)


def reason(row: ParkedRow) -> str:
    """Why an account waits and how to mend it."""
    return message(row.code, {**row.params, "account": str(row.unit)}, language())


def as_json(found: RunSummary) -> dict[str, Any]:
    """The same for scripts; amounts are minor units."""
    return {
        "run": found.head,
        "contracts": found.contracts,
        "accounts": found.units,
        "documents": found.documents,
        "taxes": found.taxes,
        "parked": [
            {
                "account": row.unit,
                "customer": row.customer.number if row.customer else None,
                "contract": row.params.get("contract"),
                "code": row.code,
                "text": reason(row),
            }
            for row in found.parked
        ],
        "net_before": found.before,
    }
