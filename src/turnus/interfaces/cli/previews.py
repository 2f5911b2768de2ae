"""Carry out an amendment, or show with ``--dry-run`` what it would cause: today and at the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

import typer

from turnus.contracts.change import Amended
from turnus.core.messages import message
from turnus.interfaces.cli.documents import lines_json, taxes_json
from turnus.interfaces.cli.invoices import kind_word
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import House
from turnus.interfaces.cli.screen import amount, answer, day, heading, number, pairs, period, plain, price, show, table
from turnus.invoices.foresee import Foreseen, Step
from turnus.stories.amending import Outlook, Preview, caused, plan_differences, preview, preview_new, trial

DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=both(
            "Nur zeigen, welche Belege daraus entstehen: heute und beim nächsten Lauf.",
            "Only show which documents will come of it: today and at the next run.",
        ),
    ),
]
NEXT: Final = (
    "Der nächste Rechnungslauf berechnet oder schreibt den Unterschied gut.",
    "The next invoice run bills or credits the difference.",
)


def show_preview(where: House, contract: str, act: partial[Any], *, json: bool) -> None:
    """Show what an activity, ready to be called, would cause for a contract; nothing remains."""
    found = preview(where.id, contract, act, on=where.on)
    if json:
        answer(_as_json(found))
    else:
        _show(found, where.on)


def show_new(where: House, contract: str, act: partial[Any], *, json: bool) -> None:
    """Show what concluding a contract would cause."""
    found = preview_new(where.id, contract, act, on=where.on)
    if json:
        answer(_as_json(found))
    else:
        _show(found, where.on)


def carry_out(
    where: House,
    contract: str | Sequence[str],
    act: partial[Any],
    said: str | Callable[[Any], str],
    *,
    dry_run: bool,
    json: bool,
) -> None:
    """Carry an amendment out and say so, or show what it would cause for a contract or several.

    ``said``: what is told of it; where that depends on what the activity returns, a function of it.
    """
    if dry_run:
        if isinstance(contract, str):
            show_preview(where, contract, act, json=json)
        else:
            _show_previews(where, contract, act, json=json)
        return
    outcome = act()
    if json:
        answer({"contract": contract, "outcome": outcome})
        return
    show(said if isinstance(said, str) else said(outcome), say(*NEXT))


def _show_previews(where: House, contracts: Sequence[str], act: partial[Any], *, json: bool) -> None:
    """The same act seen from each of several contracts; without any, whether it would be refused."""
    found = [(contract, preview(where.id, contract, act, on=where.on)) for contract in contracts]
    if not found:
        trial(act)
    if json:
        answer([{"contract": contract, **_as_json(one)} for contract, one in found])
        return
    for contract, one in found:
        heading(say("Vertrag {c}", "Contract {c}", c=plain(contract)))
        _show(one, where.on)
    if not found:
        show(say("Vorschau: kein Vertrag betroffen, nichts wird gespeichert.",
                 "Preview: no contract is concerned, nothing is saved."))  # fmt: skip


# ---- on the screen ---------------------------------------------------------------------------------------------------


def _show(found: Preview[Any], on: date) -> None:
    heading(say("Vorschau: nichts wird gespeichert", "Preview: nothing is saved"))
    if isinstance(found.outcome, Amended):
        show(*changes_told(found.outcome.changes, found.after.plan.currency))
        if not found.outcome.changes:
            return
    before, after = found.before, found.after
    heading(say("Lauf heute, {d}", "Run today, {d}", d=day(on)))
    _documents(before.today, after.today)
    if after.next is not None:
        told = say("Nächster Lauf, {d}", "Next run, {d}", d=day(after.next.on))
        rest = say(", nach dem von heute", ", after that of today") if after.instead else ""
        heading(told + rest)
        _documents(before.next, after.next)
    if after.instead is not None:
        heading(say("Derselbe Lauf, wenn heute keiner gemacht wird", "The same run if none is made today"))
        _documents(before.instead, after.instead)
    _plans(before, after)


def _documents(before: Step | None, after: Step) -> None:
    if not after.documents and not after.parked:
        show(say("Kein Beleg.", "No document."))
    for foreseen, anyway in caused(before, after):
        _document(foreseen, anyway=anyway)
    for parked in after.parked:
        show(say("Zurückgestellt: ", "Parked: ") + plain(message(parked.code, parked.params, language())))


def _document(foreseen: Foreseen, *, anyway: bool) -> None:
    document = foreseen.document
    currency = document.currency
    note = say(" (auch ohne die Änderung)", " (also without the change)") if anyway else ""
    show(f"{kind_word(document.kind)} {plain(document.customer_number)} {plain(document.buyer.name)}{note}")
    titles = columns("Zeile|Line", "Zeitraum|Period", "Menge|Quantity", "Preis|Price", "Netto|Net")
    rows = [
        (plain(line.name), period(line.period) if line.period else "", number(line.quantity),
         price(line.unit_price, currency), amount(line.net, currency))
        for line in document.lines
    ]  # fmt: skip
    table(titles, rows, right=(2, 3, 4))
    pairs(
        [
            (say("Netto", "Net"), amount(document.net, currency)),
            (say("Umsatzsteuer", "VAT"), amount(document.tax, currency)),
            (say("Brutto", "Gross"), f"[bold]{amount(document.gross, currency)}[/bold]"),
        ],
        right=True,
    )
    if foreseen.missing:
        fields = "; ".join(f"{lack.field} ({lack.law})" for lack in foreseen.missing)
        show(plain(message("missing", {"fields": fields}, language())))
    if foreseen.guard:
        show(plain(message(foreseen.guard, {}, language())))


def _plans(before: Outlook, after: Outlook) -> None:
    """Due days on which the two plans of a year differ."""
    rows = plan_differences(before.plan, after.plan)
    heading(say("Abrechnungsplan der nächsten 12 Monate, netto", "Billing plan of the next 12 months, net"))
    different = [row for row in rows if row.before != row.after]
    if not different:
        show(say("Unverändert.", "Unchanged."))
        return
    currency = after.plan.currency
    several = len({row.customer for row in rows}) > 1
    shown = [(day(row.due_on), plain(row.customer) if several else "", row.before, row.after) for row in different]
    shown.append((say("Alle Tage", "All days"), "", sum(row.before for row in rows), sum(row.after for row in rows)))
    table(
        columns("Fällig|Due", "Kunde|Customer" if several else "|", "Bisher|Before", "Neu|After", "Mehr|More"),
        [(*who, *(amount(value, currency) for value in (old, new, new - old))) for *who, old, new in shown],
        right=(2, 3, 4),
    )


# ---- what changed, in words ------------------------------------------------------------------------------------------

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "product": ("Produkt", "product"),
    "quantity": ("Menge", "quantity"),
    "unit_price": ("Preis", "price"),
    "label": ("Text", "text"),
    "scheme_id": ("Preisstaffel", "price scheme"),
    "minimum": ("Mindestbetrag", "minimum fee"),
}
"""Field of an item → what a person calls it; others are not told."""
DONE: Final[Mapping[str, tuple[str, str]]] = {
    "add": ("hinzugefügt", "added"),
    "remove": ("entfernt", "removed"),
    "restore": ("wieder aufgenommen", "restored"),
    "change": ("geändert", "changed"),
}


def changes_told(changes: Sequence[Any], currency: str) -> list[str]:
    """One line for each change of an amendment."""
    if not changes:
        return [say("Das gilt schon so; nichts ändert sich.", "That holds already; nothing changes.")]
    return [_told(change._asdict(), currency) for change in changes]


def _told(change: Mapping[str, Any], currency: str) -> str:
    what = say(*DONE[change["what"]])
    since = say("ab {d}", "from {d}", d=day(change["since"]))
    return f"{plain(change['item'])} {what} {since}{differences(change['before'], change['after'], currency)}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], currency: str) -> str:
    """``: Menge 5 → 8, Preis 9,90 € → 8,90 €``; of something new its values only."""
    told = []
    for name, words in FIELDS.items():
        old, new = before.get(name), after.get(name)
        if new in (None, "") or (before and old == new):
            continue
        shown = _value(name, new, currency)
        told.append(f"{say(*words)} {_value(name, old, currency)} → {shown}" if before else f"{say(*words)} {shown}")
    return f": {', '.join(told)}" if told else ""


def _value(name: str, value: Any, currency: str) -> str:  # noqa: ANN401 - a field of an item
    if value in (None, ""):
        return "–"
    if name in ("unit_price", "minimum"):
        return price(value, currency)
    return number(value) if name == "quantity" else plain(value)


# ---- for scripts -----------------------------------------------------------------------------------------------------


def _as_json(found: Preview[Any]) -> dict[str, Any]:
    before, after = found.before, found.after
    return {
        "dry_run": True,
        "changes": found.outcome.changes if isinstance(found.outcome, Amended) else None,
        "currency": after.plan.currency,
        "today": _step_json(before.today, after.today),
        "next": _step_json(before.next, after.next),
        "next_without_today": _step_json(before.instead, after.instead),
        "plan": plan_differences(before.plan, after.plan),
    }


def _step_json(before: Step | None, after: Step | None) -> dict[str, Any] | None:
    if after is None:
        return None
    return {
        "on": after.on,
        "documents": [
            {
                "kind": row.document.kind, "customer": row.document.customer_number, "net": row.document.net,
                "tax": row.document.tax, "gross": row.document.gross, "anyway": anyway,
                "missing": [lack.field for lack in row.missing], "guard": row.guard,
                "taxes": taxes_json(row.document), "lines": lines_json(row.document),
            }
            for row, anyway in caused(before, after)
        ],
        "parked": [{"code": row.code, "params": row.params} for row in after.parked],
    }  # fmt: skip
