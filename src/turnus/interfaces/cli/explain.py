"""``turnus invoice explain``: every line in words and numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.core.messages import message
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.invoices import InvoiceArgument, app
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, house
from turnus.interfaces.cli.screen import amount, answer, heading, plain, table
from turnus.invoices.explain import explain_invoice
from turnus.invoices.queries import find_document


@app.command(
    "explain",
    help=example(
        "Erklärt Zeile für Zeile, wie ein Beleg zustande kam: Preisstand, Stufen, Tage, Rabatte, Rundung.",
        "Explains line by line how a document came about: price version, tiers, days, discounts, rounding.",
        "invoice explain RE-2026-000001",
        "invoice explain RE-2026-000001 --line 2 --json",
    ),
)
def explain(
    *,
    invoice: InvoiceArgument,
    line: Annotated[int, typer.Option("--line", help=both("Nur diese Zeile.", "Only this line."))] = 0,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """How a document came about."""
    where = house(seller, on)
    lines = explain_invoice(find_document(where.id, invoice), language=language())
    chosen = [row for row in lines if line in (0, row.number)]
    if not chosen:
        numbers = ", ".join(str(row.number) for row in lines)
        raise typer.BadParameter(say("Zeilen: {n}", "lines: {n}", n=numbers), param_hint="--line")
    if json:
        answer([
            {"line": row.number, "name": row.name, "net": row.net, "currency": row.currency,
             "pieces": [{"code": p.code, "text": message(p.code, p.params, language()), "amount": p.amount,
                         "params": p.params} for p in row.pieces]}
            for row in chosen
        ])  # fmt: skip
        return
    for row in chosen:
        heading(f"{row.number}  {plain(row.name)}")
        cells = [(plain(message(p.code, p.params, language())), amount(p.amount, row.currency) if p.amount else "")
                 for p in row.pieces]  # fmt: skip
        total = (
            "[bold]" + say("Zeile, netto", "Line, net") + "[/bold]",
            f"[bold]{amount(row.net, row.currency)}[/bold]",
        )
        table(columns("So kommt sie zustande|How it came about", "Betrag|Amount"), [*cells, total], right=(1,))
