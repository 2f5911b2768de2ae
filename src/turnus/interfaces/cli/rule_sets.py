"""``turnus rules``: the official rule sets that e-invoices are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from turnus.core.messages import message
from turnus.core.validation import RuleSetState
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, home
from turnus.interfaces.cli.screen import answer, number, plain, show, table
from turnus.wiring import ports

app = typer.Typer(
    name="rules",
    no_args_is_help=True,
    help=example(
        "Amtliche Regelwerke für E-Rechnungen ansehen und aufnehmen.",
        "Official rule sets for e-invoices: read them and take them in.",
        "rules list",
    ),
)


@app.command("list", help=example("Zeigt die Regelwerke.", "Lists the rule sets.", "rules list"))
def list_(*, json: JsonOption = False) -> None:
    """All rule sets."""
    _states(ports(home()).rules.rule_sets(), json=json)


@app.command(
    "check",
    help=example(
        "Prüft jede Datei jedes Regelwerks. Ende mit 1: etwas fehlt oder ist verändert.",
        "Checks every file of every rule set. Ends with 1: something is missing or changed.",
        "rules check",
    ),
)
def check(*, json: JsonOption = False) -> None:
    """All files against their hashes."""
    states = ports(home()).rules.rule_sets()
    _states(states, json=json)
    for one in states if not json else ():
        for code, file in one.damage:
            blanks = {"set": f"{one.name} {one.version}", "file": file, "package": one.name}
            show(f"[red]✗[/red] {plain(message(code, blanks, language()))}")
    findings(any_=any(one.damage and one.active for one in states))


@app.command(
    "add",
    help=example(
        "Nimmt ein Regelwerk auf: KoSITs Konfiguration (scenarios.xml) oder einen Ordner mit rules.toml. "
        "Es prüft von da an mit.",
        "Takes in a rule set: KoSIT's configuration (scenarios.xml) or a folder with rules.toml. It judges from then.",
        "rules add validator-configuration-xrechnung.zip --sha256 3b4c…",
        "rules add peppol-2026-05/",
    ),
)
def add(
    *,
    source: Annotated[
        Path,
        typer.Argument(
            exists=True, metavar=both("ORDNER|ZIP", "FOLDER|ZIP"), help=both("Ordner oder ZIP.", "Folder or ZIP.")
        ),
    ],
    sha256: Annotated[
        str,
        typer.Option(
            "--sha256",
            help=both("Prüfsumme des ZIP, wie der Herausgeber sie nennt.", "Hash of the ZIP as its publisher says."),
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Take in a rule set."""
    state = ports(home()).rules.add(source, sha256=sha256)
    if json:
        answer(state)
        return
    show(say("Aufgenommen: {n} {v} mit {k} Prüfungen.", "Taken in: {n} {v} with {k} scenarios.",
             n=plain(state.name), v=plain(state.version), k=number(len(state.scenarios))))  # fmt: skip


@app.command(
    "remove",
    help=example(
        "Nimmt ein Regelwerk aus der Prüfung; seine Dateien bleiben.",
        "Takes a rule set out of the validation; its files stay.",
        "rules remove xrechnung",
    ),
)
def remove(*, name: Annotated[str, typer.Argument(help=both("Name.", "Name."))]) -> None:
    """Stop judging by a rule set."""
    ports(home()).rules.remove(name)
    show(say("Das Regelwerk prüft nicht mehr mit.", "The rule set judges no more."))


def _states(states: Sequence[RuleSetState], *, json: bool) -> None:
    if json:
        answer(states)
        return
    cells = [
        (plain(one.name), plain(one.version), _use(one), number(len(one.scenarios)),
         say("beschädigt", "damaged") if one.damage else say("vollständig", "complete"), one.sha256[:12])
        for one in states
    ]  # fmt: skip
    titles = columns(
        "Name|Name", "Version|Version", "Verwendung|Use", "Prüfungen|Scenarios", "Dateien|Files", "SHA-256|SHA-256"
    )
    table(titles, cells, right=(3,))


def _use(one: RuleSetState) -> str:
    if one.builtin:
        return say("eingebaut", "built in")
    return say("prüft mit", "judges") if one.active else say("ruht", "rests")
