"""``turnus invoice correct`` and ``object``: right details, and objections of suppliers."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.invoices import InvoiceArgument, app
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import JsonOption, OnOption, ReasonOption, SellerOption, day_of, house, stamp
from turnus.interfaces.cli.screen import answer, plain, show
from turnus.invoices.details import Right, correct_details
from turnus.invoices.document import invoice_document
from turnus.invoices.objections import object_to
from turnus.invoices.queries import find_document


@app.command(
    "correct",
    help=example(
        "Berichtigt Angaben einer Rechnung, nie Beträge: Anschrift und Steuernummern aus den Stammdaten, Texte.",
        "Corrects details of an invoice, never amounts: address and tax numbers from the master data, texts.",
        'invoice correct RE-2026-000001 --reason "Kunde ist umgezogen"',
        'invoice correct RE-2026-000001 --text "1=Workshop Ablage" --reference PO-7 --reason "Falsche Bestellung"',
    ),
)
def correct(
    *,
    invoice: InvoiceArgument,
    reference: Annotated[
        str | None, typer.Option("--reference", help=both("Referenz oder Bestellung.", "Reference or order."))
    ] = None,
    centre: Annotated[str | None, typer.Option("--cost-centre", help=both("Kostenstelle.", "Cost centre."))] = None,
    texts: Annotated[
        list[str] | None, typer.Option("--text", metavar="N=…", help=both("Text der Zeile N.", "Text of line N."))
    ] = None,
    note: Annotated[str, typer.Option("--note", help=both("Weiterer Hinweis.", "Further note."))] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Correct details."""
    where = house(seller, on)
    said: dict[int, str] = {}
    for text in texts or ():
        place, _, right = text.partition("=")
        if not place.strip().isdecimal() or not right.strip():
            raise typer.BadParameter(say("Beispiel: 1=Workshop", "Example: 1=Workshop"), param_hint="--text")
        said[int(place)] = right.strip()
    right_ = Right(reference, centre, said, note)
    made = correct_details(find_document(where.id, invoice), right_, on=where.on, reason=reason, by=stamp())
    details = invoice_document(made.invoice).note
    if json:
        answer({"invoice": made.invoice, "number": made.number, "details": details.splitlines()})
        return
    show(say("Berichtigung {n}:", "Correction {n}:", n=plain(made.number)), plain(details))


@app.command(
    "object",
    help=example(
        "Erfasst den Widerspruch eines Lieferanten gegen eine Gutschrift; sie verliert die Wirkung einer Rechnung.",
        "Records a supplier's objection to a self-billing document; it loses the effect of an invoice.",
        'invoice object GU-2026-000001 --received 04.12.2026 --reason "Menge stimmt nicht"',
    ),
)
def object_(
    *,
    invoice: InvoiceArgument,
    received: Annotated[
        str, typer.Option("--received", help=both("Tag des Eingangs; leer: heute.", "Day of receipt; blank: today."))
    ] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Record an objection."""
    where = house(seller)
    day = day_of(received, where.on, "--received") if received else where.on
    number = object_to(find_document(where.id, invoice), received_on=day, reason=reason, by=stamp())
    if json:
        answer({"number": number, "status": "objected", "input_tax": "blocked"})
        return
    show(
        say(
            "{n} ist widersprochen und zurückgebucht. Vorsteuer gesperrt: Der Lieferant muss selbst abrechnen.",
            "{n} is objected to and reversed. Input tax blocked: the supplier has to invoice himself.", n=plain(number),
        )
    )  # fmt: skip
