"""``turnus run``: status, release by a person, withdrawal, and named runs with their schedule."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from turnus.interfaces.cli import summaries
from turnus.interfaces.cli.frame import RefusedError, example
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    LimitOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    stamp,
)
from turnus.interfaces.cli.runs import (
    AutomationOption,
    CustomerOption,
    CycleOption,
    KindOption,
    RunArgument,
    app,
    automation_of,
    cycle_key,
    draft_run,
    next_step,
    report,
)
from turnus.interfaces.cli.screen import answer, day, number, plain, show, table
from turnus.invoices.queries import DefinitionRow, definitions
from turnus.invoices.runs import DefinitionData, approve, put_definition, withdraw
from turnus.invoices.summary import newest_open_run, newest_waiting_run, run_counts, run_head, runs
from turnus.parties.queries import customer_id


@app.command(
    "status",
    help=example(
        "Zeigt einen Lauf in Zahlen, oder die neuesten Läufe.",
        "Shows a run in figures, or the newest runs.",
        "run status",
        "run status 3 --json",
    ),
)
def status(
    *, run: RunArgument = None, seller: SellerOption = "", limit: LimitOption = 20, json: JsonOption = False
) -> None:
    """One run in figures, or the newest runs."""
    where = house(seller)
    if run is not None:
        report(run, json=json, began=0)
        return
    rows = runs(where.id, limit=limit)
    counts = run_counts([row.id for row in rows])
    if json:
        answer([row._asdict() | dict(zip(("documents", "parked"), counts[row.id], strict=True)) for row in rows])
        return
    if not rows:
        show(say("Noch kein Lauf. Anfangen: turnus run preview", "No run yet. Start: turnus run preview"))
        return
    titles = columns(
        "Lauf|Run",
        "Definition|Definition",
        "Fällig bis|Due through",
        "Rechnungsdatum|Issue date",
        "Automatik|Automation",
        "Belege|Documents",
        "Zurückgestellt|Parked",
        "Zustand|State",
    )
    table(
        titles,
        [
            (
                row.id,
                plain(row.definition),
                day(row.through),
                day(row.on),
                row.automation,
                *map(number, counts[row.id]),
                summaries.word(summaries.STATES, row.state),
            )
            for row in rows
        ],
        right=(5, 6),
    )


@app.command(
    "approve",
    help=example(
        "Gibt einen angehaltenen Lauf frei, oder ein Konto, das eine Sicherheitsgrenze anhält.",
        "Releases a held run, or an account that a safety bound holds.",
        "run approve --reason Preiserhöhung",
        "run approve 3 --account 17 --reason geprüft",
    ),
)
def approve_(
    *,
    run: RunArgument = None,
    account: Annotated[
        int | None,
        typer.Option("--account", help=both("Nur dieses zurückgestellte Konto.", "Only this parked account.")),
    ] = None,
    reason: ReasonOption = "",
    seller: SellerOption = "",
) -> None:
    """Release a held run, or one account that a safety bound holds."""
    if not reason.strip():
        raise RefusedError("no_reason")
    where = house(seller)
    chosen = run if run is not None else newest_waiting_run(where.id)
    approve(chosen, unit=account, reason=reason, by=stamp())
    if account is not None:
        draft_run(chosen)
    show(say("Freigegeben.", "Released."), next_step(chosen, run_head(chosen).state, waiting=False))


@app.command(
    "withdraw",
    help=example(
        "Nimmt einen Lauf zurück, bevor er Nummern hat; seine Belege bleiben Entwürfe.",
        "Takes a run back before it has numbers; its documents stay drafts.",
        "run withdraw --reason Preisfehler",
    ),
)
def withdraw_(*, run: RunArgument = None, reason: ReasonOption = "", seller: SellerOption = "") -> None:
    """Take a run back before its numbers are drawn; its documents stay as drafts."""
    if not reason.strip():
        raise RefusedError("no_reason")
    where = house(seller)
    chosen = run if run is not None else newest_open_run(where.id)
    withdraw(chosen, reason=reason, by=stamp())
    show(
        say(
            "Lauf {r} zurückgenommen; seine Belege sind Entwürfe ohne Nummer.",
            "Run {r} withdrawn; its documents are drafts without a number.",
            r=chosen,
        )
    )


@app.command(
    "define",
    help=example(
        "Benennt einen Lauf mit Umfang und Plan; turnus work beginnt ihn. Ohne Namen: alle zeigen.",
        "Names a run with its scope and schedule; turnus work starts it. Without a name: shows all.",
        "run define",
        "run define monatsende --cycle monatlich --every monatlich --first 01.12.2026 --automation send",
    ),
)
def define(
    *,
    name: Annotated[str, typer.Argument(help=both("Name; leer: alle zeigen.", "Name; blank: show all."))] = "",
    customer: CustomerOption = "",
    kind: KindOption = "",
    cycle: CycleOption = "",
    automation: AutomationOption = "draft",
    every: Annotated[
        str,
        typer.Option(
            "--every", help=both("Wie oft er von selbst beginnt: monatlich.", "How often it starts by itself: monthly.")
        ),
    ] = "",
    first: Annotated[
        str,
        typer.Option(
            "--first", metavar=both("TAG", "DAY"), help=both("Erster Tag des Plans.", "First day of the schedule.")
        ),
    ] = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Name a run with its scope and schedule; ``turnus work`` starts it."""
    where = house(seller)
    if name:
        data = _definition(where, name, every, first)._replace(
            customer=customer_id(where.id, customer) if customer else None, contract_kind=kind,
            cycle=cycle_key(cycle) if cycle else "", automation=automation_of(automation) or "draft",
        )  # fmt: skip
        put_definition(where.id, data, by=stamp())
    rows = definitions(where.id)
    if json:
        answer(rows)
    else:
        _show_definitions(rows)


def _definition(where: House, name: str, every: str, first: str) -> DefinitionData:
    if bool(every) != bool(first):
        text = say("--every und --first gehören zusammen", "--every and --first belong together")
        raise typer.BadParameter(text, param_hint="--every")
    if not every:
        return DefinitionData(name=name)
    key = cycle_key(every)
    months, days = (int(key[:-1]), 0) if key.endswith("m") else (0, int(key[:-1]))
    return DefinitionData(name=name, every_months=months, every_days=days, next_on=day_of(first, where.on, "--first"))


def _show_definitions(rows: list[DefinitionRow]) -> None:
    titles = columns("Name|Name", "Automatik|Automation", "Umfang|Scope", "Plan|Schedule", "Nächster Tag|Next day")
    table(
        titles,
        [(plain(row.name), row.automation, plain(_scope(row)), _schedule(row), day(row.next_on)) for row in rows],
    )


def _scope(row: DefinitionRow) -> str:
    parts: list[Any] = [row.kind, row.cycle, f"#{row.customer}" if row.customer else ""]
    return " ".join(str(part) for part in parts if part) or say("alle", "all")


def _schedule(row: DefinitionRow) -> str:
    if row.every_months:
        return (
            say("alle {n} Monate", "every {n} months", n=row.every_months)
            if row.every_months > 1
            else say("monatlich", "monthly")
        )
    if row.every_days:
        return say("alle {n} Tage", "every {n} days", n=row.every_days)
    return say("von Hand", "by hand")
