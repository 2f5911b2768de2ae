"""``turnus prices``: index values and price adjustment by rule."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.catalog.indices import index_lines
from turnus.integration.reports import Kind
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.imports import DryRunOption, FileArgument, as_json, describe, load
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import JsonOption, SellerOption, house
from turnus.interfaces.cli.screen import answer, number, plain, show, table

app = typer.Typer(
    name="prices",
    no_args_is_help=True,
    help=example(
        "Preise nach einer Regel anpassen: planen, ankündigen, zustimmen lassen, anwenden.",
        "Adjust prices by a rule: plan, announce, ask for consent, apply.",
        "prices plan VPI-2027 --index VPI --month 2026-10 --from 01.01.2027 --dry-run",
    ),
)
index = typer.Typer(
    name="index",
    no_args_is_help=True,
    help=example(
        "Indexstände (VPI) eintragen und ansehen.",
        "Enter and read index values (VPI).",
        "prices index import vpi.csv",
    ),
)
app.add_typer(index)


@index.command(
    "import",
    help=example(
        "Übernimmt Indexstände mit ihrer Quelle: Reihe;Monat;Wert;Quelle.",
        "Takes index values with their source: series;month;value;source.",
        "prices index import vpi.csv --dry-run",
        "prices index import vpi.csv --correct",
    ),
)
def import_(
    *,
    file: FileArgument,
    dry_run: DryRunOption = False,
    correct: Annotated[
        bool,
        typer.Option(
            "--correct",
            help=both("Andere Werte bekannter Monate sind Berichtigungen.", "Other values of known months correct."),
        ),
    ] = False,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Index values from a file."""
    report = load(Kind.INDEX, file, house(seller), dry_run=dry_run, correct=correct)
    if json:
        answer(as_json(report))
    else:
        describe(report, dry_run=dry_run)
    findings(any_=bool(report.errors))


@index.command(
    "list",
    help=example("Zeigt Indexstände.", "Lists index values.", "prices index list", "prices index list VPI --json"),
)
def list_(
    *,
    series: Annotated[str, typer.Argument(help=both("Nur diese Reihe.", "Only this series."))] = "",
    json: JsonOption = False,
) -> None:
    """Index values in a table."""
    rows = index_lines(series)
    if json:
        answer(rows)
        return
    titles = columns("Reihe|Series", "Monat|Month", "Wert|Value", "Quelle|Source", "berichtigt|corrected")
    table(
        titles,
        [(plain(r.series), f"{r.month:%Y-%m}", number(r.value), plain(r.source), r.corrections or "") for r in rows],
        right=(2,),
    )
    if not rows:
        show(say("Noch keine Werte: turnus prices index import.", "No values yet: turnus prices index import."))
