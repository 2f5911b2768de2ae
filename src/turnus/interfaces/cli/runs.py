"""``turnus run``: preview, draft, issue, and what comes between."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import parse_cycle
from turnus.core.intake.texts import message
from turnus.interfaces.cli import summaries
from turnus.interfaces.cli.frame import RefusedError, example, findings
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    LimitOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, number, plain, progress, seconds, show, table
from turnus.invoices.preview import preview
from turnus.invoices.queries import DefinitionRow, definitions
from turnus.invoices.runs import (
    DEFAULT,
    DefinitionData,
    RunRefusedError,
    approve,
    put_definition,
    reopen_parked,
    set_automation,
    withdraw,
)
from turnus.invoices.summary import (
    newest_open_run,
    newest_waiting_run,
    run_head,
    runs,
    summary,
    summary_of,
)
from turnus.order_to_cash import draft_invoices, issue_invoices, start_run
from turnus.parties.queries import customer_id

app = typer.Typer(
    name="run",
    no_args_is_help=True,
    help=example(
        "Rechnungslauf: Vorschau, Entwurf, Festschreiben.",
        "Invoice run: preview, draft, issue.",
        "run preview --through 01.12.2026",
        "run draft --through 01.12.2026",
        "run issue",
    ),
)

ThroughOption = Annotated[
    str,
    typer.Option(
        "--through",
        metavar=both("TAG", "DAY"),
        help=both(
            "Berechnet wird, was bis zu diesem Tag fällig ist; leer: --on.",
            "Bill what is due by this day; blank: --on.",
        ),
    ),
]
CustomerOption = Annotated[
    str, typer.Option("--customer", help=both("Nur dieser Kunde (Nummer).", "Only this customer (number)."))
]
KindOption = Annotated[
    str, typer.Option("--kind", help=both("Nur Verträge dieser Art.", "Only contracts of this kind."))
]
CycleOption = Annotated[
    str,
    typer.Option(
        "--cycle", help=both("Nur Verträge mit diesem Turnus: monatlich.", "Only contracts of this cycle: monthly.")
    ),
]
DefinitionOption = Annotated[
    str,
    typer.Option(
        "--definition", help=both("Name der Laufdefinition; leer: standard.", "Run definition; blank: standard.")
    ),
]
AutomationOption = Annotated[
    str,
    typer.Option(
        "--automation",
        metavar="draft|issue|send",
        help=both(
            "Wie weit der Lauf von selbst geht: draft, issue (festschreiben), send (auch versenden).",
            "How far the run goes by itself: draft, issue, or issue and send.",
        ),
    ),
]
RunArgument = Annotated[
    int | None,
    typer.Argument(
        help=both("Nummer des Laufs; leer: der neueste offene.", "Id of the run; blank: the newest open one.")
    ),
]


class Chosen(NamedTuple):
    """What a run command is about."""

    where: House
    definition: int
    through: date


def _choose(seller: str, on: str, through: str, *, definition: str, customer: str, kind: str, cycle: str) -> Chosen:
    """The definition of this name, or one that stands for this scope."""
    where = house(seller, on)
    last = optional_day(through, where, "--through") or where.on
    scope = DefinitionData(
        customer=customer_id(where.id, customer) if customer else None,
        contract_kind=kind,
        cycle=cycle_key(cycle) if cycle else "",
    )
    known = {row.name: row for row in definitions(where.id)}
    if scope == DefinitionData():
        name = definition or DEFAULT
        if name not in known:
            raise RunRefusedError("unknown_definition", definition=name)
        return Chosen(where, known[name].id, last)
    if definition:
        text = say("entweder --definition oder Filter", "either --definition or filters")
        raise typer.BadParameter(text, param_hint="--definition")
    name = " ".join(
        part for part, wanted in ((f"customer={customer}", customer), (f"kind={kind}", kind), (f"cycle={scope.cycle}", cycle))
        if wanted
    )  # fmt: skip
    found = known.get(name)
    number_ = found.id if found else put_definition(where.id, scope._replace(name=name), by=stamp())
    return Chosen(where, number_, last)


def cycle_key(text: str) -> str:
    """A cycle as contracts store it: ``monatlich`` → ``1m``."""
    try:
        cycle = parse_cycle(text, house().reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--cycle") from None
    return f"{cycle.months}m" if cycle.months else f"{cycle.days}d"


def _automation(text: str) -> str:
    if text not in ("", "draft", "issue", "send"):
        raise typer.BadParameter(say("draft, issue oder send", "draft, issue or send"), param_hint="--automation")
    return text


@app.command("preview")
def preview_(
    *,
    through: ThroughOption = "",
    on: OnOption = "",
    seller: SellerOption = "",
    customer: CustomerOption = "",
    kind: KindOption = "",
    cycle: CycleOption = "",
    definition: DefinitionOption = "",
    json: JsonOption = False,
) -> None:
    """Show what a run would bill. Nothing is saved."""
    began = time.perf_counter()
    where, chosen, last = _choose(seller, on, through, definition=definition, customer=customer, kind=kind, cycle=cycle)
    with progress("Vorschau", "Preview"):
        found = summary_of(preview(chosen, through=last, on=where.on), chosen, through=last, on=where.on)
    if json:
        answer(summaries.as_json(found))
    else:
        show(say("Vorschau bis {d}; nichts wurde gespeichert.", "Preview through {d}; nothing was saved.", d=day(last)))
        summaries.describe(found, where.currency, took=seconds(time.perf_counter() - began))
        show(
            "",
            say("Weiter: turnus run draft --through {d}", "Next: turnus run draft --through {d}", d=last.isoformat()),
        )
    findings(any_=bool(found.parked))


@app.command("draft")
def draft(
    *,
    through: ThroughOption = "",
    on: OnOption = "",
    seller: SellerOption = "",
    customer: CustomerOption = "",
    kind: KindOption = "",
    cycle: CycleOption = "",
    definition: DefinitionOption = "",
    automation: AutomationOption = "draft",
    json: JsonOption = False,
) -> None:
    """Draft invoices. Drafts that are there already are made anew, never doubled."""
    began = time.perf_counter()
    chosen = _choose(seller, on, through, definition=definition, customer=customer, kind=kind, cycle=cycle)
    run = _start(chosen, _automation(automation))
    _draft(run)
    if run_head(run).automation != "draft" and run_head(run).state == "drafted":
        _issue(run)
    _report(run, chosen.where, json=json, began=began)


def _start(chosen: Chosen, automation: str) -> int:
    """A new run; one that is open for the same day goes on, or is drafted anew where it was drafted before."""
    where, definition, last = chosen
    run, new = start_run(definition, through=last, on=where.on, automation=automation, by=stamp())
    if not new and run_head(run).state in ("drafted", "held"):
        withdraw(run, reason=say("neu entworfen", "drafted anew"), by=stamp())
        run, _new = start_run(definition, through=last, on=where.on, automation=automation, by=stamp())
    return run


def _draft(run: int) -> None:
    with progress("Entwerfen", "Drafting") as advance:
        for report in draft_invoices(run, by=stamp()):
            advance(report.contracts)


def _issue(run: int) -> None:
    with progress("Festschreiben", "Issuing") as advance:
        for step, _chunk, documents in issue_invoices(run, by=stamp()):
            advance(documents if step == "issue" else 0)


def _report(run: int, where: House, *, json: bool, began: float) -> None:
    found = summary(run)
    assert found.head is not None
    if json:
        answer(summaries.as_json(found))
    else:
        summaries.describe(found, where.currency, took=seconds(time.perf_counter() - began) if began else "")
        show("", next_step(found.head.id, found.head.state, waiting=bool(found.parked)))
    findings(any_=bool(found.parked) or found.head.state == "held")


def next_step(run: int, state: str, *, waiting: bool) -> str:
    """What a person does next with a run."""
    if state == "held":
        return say("Weiter: turnus run approve {r} --reason …", "Next: turnus run approve {r} --reason …", r=run)
    if state == "frozen":
        return say("Weiter: turnus run resume {r}", "Next: turnus run resume {r}", r=run)
    if state in ("drafted", "numbered"):
        return say("Weiter: turnus run issue {r}", "Next: turnus run issue {r}", r=run)
    if waiting:
        text = say(
            "Ursachen beheben, dann: turnus run resume {r}", "Mend the causes, then: turnus run resume {r}", r=run
        )
        return f"{text}; turnus invoice list --run {run}"
    return say("Weiter: turnus invoice list --run {r}", "Next: turnus invoice list --run {r}", r=run)


@app.command("issue")
def issue(
    *,
    run: RunArgument = None,
    through: ThroughOption = "",
    on: OnOption = "",
    seller: SellerOption = "",
    customer: CustomerOption = "",
    kind: KindOption = "",
    cycle: CycleOption = "",
    definition: DefinitionOption = "",
    automation: AutomationOption = "",
    json: JsonOption = False,
) -> None:
    """Number the drafts and freeze them. Drafts first where nothing is drafted yet."""
    began = time.perf_counter()
    where = house(seller, on)
    if run is None and not any((through, customer, kind, cycle, definition)):
        run = _open_run(where)
    if run is None:
        chosen = _choose(seller, on, through, definition=definition, customer=customer, kind=kind, cycle=cycle)
        run, _new = start_run(
            chosen.definition, through=chosen.through, on=where.on, automation=_automation(automation), by=stamp()
        )
    if _automation(automation):
        set_automation(run, automation, by=stamp())
    if run_head(run).state == "frozen":
        _draft(run)
    if (held := run_head(run)).state == "held":
        reason = summaries.held_reason(held.held_reason, where.currency)
        raise RunRefusedError("run_held", run=str(run), reason=reason)
    _issue(run)
    _report(run, where, json=json, began=began)


def _open_run(where: House) -> int | None:
    try:
        return newest_open_run(where.id)
    except RunRefusedError:
        return None


@app.command("resume")
def resume(*, run: RunArgument = None, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Go on after an interruption, and try again what was parked."""
    began = time.perf_counter()
    where = house(seller)
    chosen = run if run is not None else newest_waiting_run(where.id)
    before = run_head(chosen).state
    reopen_parked(chosen, by=stamp())
    if run_head(chosen).state == "frozen":
        _draft(chosen)
    after = run_head(chosen)
    if after.state == "numbered" or (after.state == "drafted" and (before == "done" or after.automation != "draft")):
        _issue(chosen)
    _report(chosen, where, json=json, began=began)


@app.command("status")
def status(
    *, run: RunArgument = None, seller: SellerOption = "", limit: LimitOption = 20, json: JsonOption = False
) -> None:
    """One run in figures, or the newest runs."""
    where = house(seller)
    if run is not None:
        _report(run, where, json=json, began=0)
        return
    rows = runs(where.id, limit=limit)
    if json:
        answer(rows)
        return
    if not rows:
        show(say("Noch kein Lauf. Anfangen: turnus run preview", "No run yet. Start: turnus run preview"))
        return
    titles = [say("Lauf", "Run"), say("Definition", "Definition"), say("Fällig bis", "Due through"),
              say("Rechnungsdatum", "Issue date"), say("Automatik", "Automation"), say("Zustand", "State")]  # fmt: skip
    table(
        titles,
        [
            (
                row.id,
                plain(row.definition),
                day(row.through),
                day(row.on),
                row.automation,
                summaries.word(summaries.STATES, row.state),
            )
            for row in rows
        ],
    )


@app.command("approve")
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
        _draft(chosen)
    show(say("Freigegeben.", "Released."), next_step(chosen, run_head(chosen).state, waiting=False))


@app.command("withdraw")
def withdraw_(*, run: RunArgument = None, reason: ReasonOption = "", seller: SellerOption = "") -> None:
    """Take a run back before its numbers are drawn; its documents stay as drafts."""
    if not reason.strip():
        raise RefusedError("no_reason")
    where = house(seller)
    chosen = run if run is not None else newest_open_run(where.id)
    count = withdraw(chosen, reason=reason, by=stamp())
    show(say("Lauf {r} zurückgenommen; {n} Belege sind wieder Entwürfe.",
             "Run {r} withdrawn; {n} documents are drafts again.", r=chosen, n=number(count)))  # fmt: skip


@app.command("define")
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
            cycle=cycle_key(cycle) if cycle else "", automation=_automation(automation) or "draft",
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
    titles = [say("Name", "Name"), say("Automatik", "Automation"), say("Umfang", "Scope"), say("Plan", "Schedule"),
              say("Nächster Tag", "Next day")]  # fmt: skip
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
