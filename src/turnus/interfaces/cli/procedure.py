"""``turnus archive procedure``: the procedure documentation of this installation."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from turnus.core.procedure import procedure_text
from turnus.documents.versions import keep_version, last_version
from turnus.interfaces.cli.archive import app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import home, now, stamp
from turnus.interfaces.cli.screen import plain, show
from turnus.stories.procedure import installation
from turnus.wiring import files, ports


@app.command(
    "procedure",
    help=example(
        "Schreibt die Verfahrensdokumentation aus der laufenden Einrichtung; eine neue Fassung wird archiviert. --diff "
        "zeigt nur, was sich seit der letzten geändert hat.",
        "Writes the procedure documentation from the running configuration; a new version is archived. --diff only "
        "shows what has changed since the last.",
        "archive procedure --to verfahrensdokumentation.md",
        "archive procedure --diff",
    ),
)
def procedure(
    *,
    to: Annotated[Path | None, typer.Option("--to", dir_okay=False, help=both("Datei.", "File."))] = None,
    diff: Annotated[bool, typer.Option("--diff", help=both("Nur den Unterschied.", "The difference only."))] = False,
) -> None:
    """What runs here."""
    text = procedure_text(installation(ports(home()).rules.rule_sets(), on=now().date()), language())
    where, name = files(home()), f"procedure-{language()}.md"
    if diff:
        old = last_version(where, "procedure", name).decode()
        lines = unified_diff(old.splitlines(), text.splitlines(), "-", "+", lineterm="", n=1)
        show(*(plain(line) for line in lines))
        return
    fresh = keep_version(where, "procedure", name, text.encode(), by=stamp())
    if to:
        to.write_text(text, encoding="utf-8")
        show(plain(to))
    else:
        show(plain(text))
    if fresh:
        show(say("Neue Fassung, im Archiv festgehalten.", "A new version, filed in the archive."))
