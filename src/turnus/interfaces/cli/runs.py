"""``turnus run``: preview, draft, issue, and what comes between."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, NamedTuple

import typer

from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import parse_cycle
from turnus.core.intake.texts import message
from turnus.interfaces.cli import central, summaries
from turnus.interfaces.cli.frame import RefusedError, example, findings
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    SellerOption,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, progress, seconds, show
from turnus.invoices.numbers import IssueDateError
from turnus.invoices.preview import preview
from turnus.invoices.queries import definitions
from turnus.invoices.runs import (
    DEFAULT,
    DefinitionData,
    RunRefusedError,
    put_definition,
    reopen_parked,
    set_automation,
)
from turnus.invoices.summary import (
    due_by_chunk,
    newest_open_run,
    newest_waiting_run,
    not_issued,
    run_head,
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
AllSellersOption = Annotated[
    bool,
    typer.Option(
        "--all-sellers", help=both("Alle Verkäufer, jeder mit eigenen Nummern.", "All sellers, each with its numbers.")
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
    parts = [f"customer={customer}" * bool(customer), f"kind={kind}" * bool(kind), f"cycle={scope.cycle}" * bool(cycle)]
    name = " ".join(filter(None, parts))
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


def automation_of(text: str) -> str:
    """A degree of automation, checked."""
    if text not in ("", "draft", "issue", "send"):
        raise typer.BadParameter(say("draft, issue oder send", "draft, issue or send"), param_hint="--automation")
    return text


@app.command(
    "preview",
    help=example(
        "Zeigt, was ein Lauf berechnen würde; nichts wird gespeichert.",
        "Shows what a run would bill; nothing is saved.",
        "run preview --through 01.12.2026",
        "run preview --through 01.12.2026 --customer K-10001 --json",
    ),
)
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
        summaries.describe(found, took=seconds(time.perf_counter() - began))
        show(
            "",
            say("Weiter: turnus run draft --through {d}", "Next: turnus run draft --through {d}", d=last.isoformat()),
        )
    findings(any_=bool(found.parked))


@app.command(
    "draft",
    help=example(
        "Entwirft Rechnungen; vorhandene Entwürfe werden aufgefrischt, nie verdoppelt.",
        "Drafts invoices; drafts that are there are refreshed, never doubled.",
        "run draft --through 01.12.2026",
        "run draft --through 01.12.2026 --cycle monatlich",
    ),
)
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
    run, _new = start_run(
        chosen.definition,
        through=chosen.through,
        on=chosen.where.on,
        automation=automation_of(automation),
        by=stamp(),
    )
    draft_run(run)
    if run_head(run).automation != "draft" and run_head(run).state == "drafted":
        issue_run(run)
    report(run, json=json, began=began)


def draft_run(run: int) -> None:
    """Draft with a progress bar over the accounts that are due."""
    due = due_by_chunk(run)
    with progress("Entwerfen", "Drafting", total=sum(due.values())) as advance:
        for done in draft_invoices(run, by=stamp()):
            advance(due.get(done.chunk, 0))


def issue_run(run: int) -> int:
    """Issue with a progress bar over the documents. Returns how many were issued."""
    issued = 0
    with progress("Festschreiben", "Issuing", total=not_issued(run)) as advance:
        for step, _chunk, documents in issue_invoices(run, by=stamp()):
            if step == "issue":
                issued += documents
                advance(documents)
    return issued


def report(run: int, *, json: bool, began: float) -> None:
    """The figures of a run and what comes next; exit code 1 where something waits."""
    found = summary(run)
    assert found.head is not None
    if json:
        answer(summaries.as_json(found))
    else:
        summaries.describe(found, took=seconds(time.perf_counter() - began) if began else "")
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


@app.command(
    "issue",
    help=example(
        "Nummeriert die Entwürfe und schreibt sie fest; entwirft zuerst, wo noch nichts entworfen ist.",
        "Numbers the drafts and freezes them; drafts first where nothing is drafted yet.",
        "run issue",
        "run issue --through 01.12.2026 --automation send",
        "run issue --all-sellers --through 01.12.2026 --automation issue",
    ),
)
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
    all_sellers: AllSellersOption = False,
    json: JsonOption = False,
) -> None:
    """Number the drafts and freeze them. Drafts first where nothing is drafted yet."""
    if all_sellers:
        if run is not None or seller or customer or kind or cycle:
            text = say("ohne Lauf, --seller und Filter", "without a run, --seller and filters")
            raise typer.BadParameter(text, param_hint="--all-sellers")
        chosen_by = automation_of(automation) or "issue"
        central.issue_all(through=through, on=on, definition=definition, automation=chosen_by, json=json)
        return
    began = time.perf_counter()
    where = house(seller, on)
    if run is None and not any((through, customer, kind, cycle, definition)):
        run = _open_run(where)
    if run is None:
        chosen = _choose(seller, on, through, definition=definition, customer=customer, kind=kind, cycle=cycle)
        run, _new = start_run(
            chosen.definition, through=chosen.through, on=where.on, automation=automation_of(automation), by=stamp()
        )
    if automation_of(automation):
        set_automation(run, automation, by=stamp())
    if run_head(run).state == "frozen":
        draft_run(run)
    if (held := run_head(run)).state == "held":
        reason = summaries.held_reason(held.held_reason)
        raise RunRefusedError("run_held", run=str(run), reason=reason)
    try:
        issue_run(run)
    except IssueDateError as error:
        raise RefusedError("run_too_early", run=str(run), last=error.last.isoformat()) from None
    report(run, json=json, began=began)


def _open_run(where: House) -> int | None:
    try:
        return newest_open_run(where.id)
    except RunRefusedError:
        return None


@app.command(
    "resume",
    help=example(
        "Macht nach einer Unterbrechung weiter und versucht Zurückgestelltes neu.",
        "Goes on after an interruption and tries again what was parked.",
        "run resume",
    ),
)
def resume(*, run: RunArgument = None, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Go on after an interruption, and try again what was parked."""
    began = time.perf_counter()
    where = house(seller)
    chosen = run if run is not None else newest_waiting_run(where.id)
    before = run_head(chosen).state
    reopen_parked(chosen, by=stamp())
    if run_head(chosen).state == "frozen":
        draft_run(chosen)
    after = run_head(chosen)
    if after.state == "numbered" or (after.state == "drafted" and (before == "done" or after.automation != "draft")):
        issue_run(chosen)
    report(chosen, json=json, began=began)
