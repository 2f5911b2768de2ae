"""``turnus contract plan``: future invoices of a contract, as data and as a table."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from turnus.contracts.lookup import contract_id
from turnus.core.messages import message
from turnus.core.periods import Period, add_months
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.documents import lines_json, taxes_json
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, house, optional_day
from turnus.interfaces.cli.screen import amount, answer, day, heading, number, period, plain, price, show, table
from turnus.invoices.plan import BillingPlan, PlannedDocument, billing_plan


@app.command(
    "plan",
    help=example(
        "Zeigt den Abrechnungsplan: künftige Rechnungen mit Fälligkeit und Beträgen, wie der Vertrag jetzt steht.",
        "Shows the billing plan: future invoices with due day and amounts, as the contract stands now.",
        "contract plan V-10001-1",
        "contract plan V-10001-1 --from 01.01.2027 --months 24 --json",
    ),
)
def plan(
    *,
    contract: ContractArgument,
    start: Annotated[
        str,
        typer.Option(
            "--from", metavar=both("TAG", "DAY"), help=both("Erster Tag; leer: --on.", "First day; blank: --on.")
        ),
    ] = "",
    months: Annotated[
        int, typer.Option("--months", min=1, max=600, help=both("Wie viele Monate.", "How many months."))
    ] = 12,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """What falls due, and when."""
    where = house(seller, on)
    first = optional_day(start, where, "--from") or where.on
    window = Period(first, add_months(first, months))
    found = billing_plan(where.id, contract_id(where.id, contract), window=window, on=where.on)
    if json:
        answer(plan_json(found))
        return
    heading(say("Abrechnungsplan {n}, {p}", "Billing plan {n}, {p}", n=plain(contract), p=period(window)))
    show_plan(found)


def plan_json(found: BillingPlan) -> dict[str, Any]:
    """A plan for scripts: amounts in minor units, prices and quantities as exact texts."""
    return {
        "contract": found.contract,
        "currency": found.currency,
        "from": found.window.start,
        "before": found.window.end,
        "held": [{"code": row.code, "params": row.params} for row in found.held],
        "documents": [
            {
                "due_on": row.due_on, "kind": row.document.kind, "customer": row.document.customer_number,
                "net": row.document.net, "tax": row.document.tax, "gross": row.document.gross, "own_net": row.net,
                "taxes": taxes_json(row.document), "lines": _lines_json(row),
            }
            for row in found.documents
        ],
    }  # fmt: skip


def _lines_json(row: PlannedDocument) -> list[dict[str, Any]]:
    shown = lines_json(row.document)
    return [{"contract": own.contract, "item": own.item, **line} for own, line in zip(row.lines, shown, strict=True)]


def show_plan(found: BillingPlan) -> None:
    """A plan as a table."""
    titles = columns(
        "Fällig|Due", "Position|Item", "Zeitraum|Period", "Menge|Quantity", "Preis|Price", "Netto|Net", "USt|VAT",
        "Brutto|Gross",
    )  # fmt: skip
    lines: list[tuple[object, ...]] = []
    for row in found.documents:
        lines += _rows(row, found)
    net, tax, gross = (sum(getattr(row.document, name) for row in found.documents) for name in ("net", "tax", "gross"))
    total = (f"[bold]{amount(value, found.currency)}[/bold]" for value in (net, tax, gross))
    lines.append(("", f"[bold]{say('Summe', 'Total')}[/bold]", "", "", "", *total))
    table(titles, lines, right=(3, 4, 5, 6, 7))
    notes = [message(row.code, row.params, language()) for row in found.held]
    if notes:
        notes.insert(0, say("Ohne Umsatzsteuer, denn sie steht nicht fest:", "Without VAT, which is not known yet:"))
    notes.append(say("Verbrauch steht erst fest, wenn er gemeldet ist.", "Usage is known only once it is reported."))
    show(*(f"[dim]{plain(note)}[/dim]" for note in notes))


def _rows(row: PlannedDocument, found: BillingPlan) -> list[tuple[object, ...]]:
    """A document: its lines, and its totals beside the last one."""
    document, currency = row.document, found.currency
    lines: list[tuple[object, ...]] = []
    for place, (contract, _item, line) in enumerate(row.lines, 1):
        mode = say(" brutto", " gross") if line.gross_price else ""
        of = "" if contract == found.contract else f" ({plain(contract)})"
        last = place == len(row.lines)
        lines.append(
            (day(row.due_on) if place == 1 else "", plain(line.name) + of,
             period(line.period) if line.period else "", number(line.quantity),
             price(line.unit_price, currency) + mode, amount(line.net, currency),
             amount(document.tax, currency) if last else "", amount(document.gross, currency) if last else "")
        )  # fmt: skip
    return lines
