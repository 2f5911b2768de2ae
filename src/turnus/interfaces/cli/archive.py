"""``turnus archive``: read, verify, keep and delete archived files."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer

from turnus.core.messages import message
from turnus.core.retention import Retention
from turnus.documents.move import Place, chosen_place, move
from turnus.documents.retention import Kept, delete_over, holds, kept, lift_hold, over, set_hold
from turnus.documents.verify import flaws
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    JsonOption,
    LimitOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    end_of,
    home,
    house,
    now,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, number, plain, progress, show, table
from turnus.stories.audit_export import export_audit
from turnus.stories.keep import keep_archive
from turnus.stories.seal import broken_seals
from turnus.wiring import files, store_at

app = typer.Typer(
    name="archive",
    no_args_is_help=True,
    help=example(
        "Das Archiv: prüfen, Fristen, Sperren, Löschen.",
        "The archive: verify it, retention, holds, deletion.",
        "archive verify",
        "archive list RE-2026-000001",
    ),
)
CLASSES = {
    Retention.BOOKS: ("Bücher", "books"),
    Retention.VOUCHERS: ("Belege", "vouchers"),
    Retention.LETTERS: ("Briefe", "letters"),
}
SHOWN = 50
WORST = 1_000
"""Flaws after which verifying ends: more tell nothing more."""


@app.command(
    "list",
    help=example(
        "Zeigt, was archiviert ist, das Neueste zuerst.",
        "Shows what is archived, the latest first.",
        "archive list",
        "archive list RE-2026-000001",
    ),
)
def list_(
    *,
    name: Annotated[
        str,
        typer.Argument(
            metavar=both("NAME", "NAME"), help=both("Belegnummer oder Dateiname.", "Document number or file name.")
        ),
    ] = "",
    limit: LimitOption = SHOWN,
    json: JsonOption = False,
) -> None:
    """Archived files."""
    _entries(kept(name=name, limit=limit), json=json)


@app.command(
    "verify",
    help=example(
        "Prüft Kette, Anker und jede Datei des Archivs. Ende mit 1: etwas fehlt oder ist verändert.",
        "Verifies the chain, the anchors and every file of the archive. Ends with 1: something is missing or changed.",
        "archive verify",
        "archive verify --chain-only",
    ),
)
def verify(
    *,
    chain_only: Annotated[
        bool, typer.Option("--chain-only", help=both("Ohne die Dateien zu lesen.", "Without reading the files."))
    ] = False,
    json: JsonOption = False,
) -> None:
    """Everything against its hashes."""
    with progress("Einträge", "Entries") as advance:
        where = files(home())
        chained = flaws(where, home() / "anchors", contents=not chain_only, told=lambda _number: advance(1))
        found = list(islice(chain(chained, broken_seals(where) if not chain_only else ()), WORST))
    if json:
        answer({"ok": not found, "findings": [{"code": one.code, **one.params} for one in found]})
    elif found:
        show(*(f"[red]✗[/red] {plain(message(*one, language()))}" for one in found))
    else:
        show(say("Das Archiv ist vollständig und unverändert.", "The archive is complete and unchanged."))
    findings(any_=bool(found))


@app.command(
    "anchor",
    help=example(
        "Hält den heutigen Stand der Kette unterschrieben fest, als Zeile und als Datei. Die Datei außer Haus geben.",
        "Records today's head of the chain, signed, as a row and as a file. Keep the file outside the house.",
        "archive anchor",
    ),
)
def anchor_(*, on: OnOption = "", json: JsonOption = False) -> None:
    """The anchor of a day."""
    folder = home() / "anchors"
    today = now().date()
    chosen = day_of(on, today, "--on") if on else today
    found = keep_archive(files(home()), folder, on=chosen, at=now())
    if json:
        answer({"anchor": found, "folder": str(folder)})
    elif found is None:
        show(say("Das Archiv ist noch leer.", "The archive is still empty."))
    else:
        path = folder / f"{found.day.isoformat()}.json"
        said = {"d": day(found.day), "n": number(found.number), "h": found.hash}
        show(say("{d}: Eintrag {n}, {h}", "{d}: entry {n}, {h}", **said), plain(path))


@app.command(
    "hold",
    help=example(
        "Sperrt einen Eintrag, oder mit --all alles, gegen das Löschen: offene Steuer, Rechtsstreit.",
        "Keeps an entry, or with --all everything, from deletion: open taxes, a lawsuit.",
        'archive hold 17 --reason "Betriebsprüfung 2026"',
        'archive hold --all --reason "Steuer noch offen"',
    ),
)
def hold(
    *,
    entry: Annotated[int, typer.Argument(metavar=both("EINTRAG", "ENTRY"), min=0, help=both("Nummer.", "Number."))] = 0,
    everything: Annotated[bool, typer.Option("--all", help=both("Das ganze Archiv.", "The whole archive."))] = False,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> None:
    """Set a hold."""
    if bool(entry) == everything:
        raise typer.BadParameter(say("entweder eine Nummer oder --all", "either a number or --all"))
    made = set_hold(number=entry or None, reason=reason, by=stamp())
    if json:
        answer({"hold": made})
    else:
        show(say("Sperre {h} ist gesetzt.", "Hold {h} is set.", h=made))


@app.command(
    "lift",
    help=example("Hebt eine Sperre auf.", "Lifts a hold.", 'archive lift 1 --reason "Prüfung abgeschlossen"'),
)
def lift(
    *,
    hold_: Annotated[int, typer.Argument(metavar=both("SPERRE", "HOLD"), help=both("Nummer.", "Number."))],
    reason: ReasonOption = "",
) -> None:
    """End a hold."""
    lift_hold(hold_, reason=reason, by=stamp())
    show(say("Sperre {h} ist aufgehoben.", "Hold {h} is lifted.", h=hold_))


@app.command("holds", help=example("Zeigt die Sperren.", "Lists the holds.", "archive holds"))
def holds_(*, json: JsonOption = False) -> None:
    """Holds in force."""
    rows = holds()
    if json:
        answer(rows)
        return
    table(
        columns("Sperre|Hold", "Eintrag|Entry", "Grund|Reason", "Gesetzt|Set", "Von|By"),
        [
            (one.id, say("alle", "all") if one.number is None else one.number, plain(one.reason),
             day(one.set_at.date()), plain(one.actor))
            for one in rows
        ],
    )  # fmt: skip


@app.command(
    "delete",
    help=example(
        "Zeigt, was nicht mehr aufbewahrt werden muss; löscht es mit --yes und schreibt ein Protokoll ins Archiv.",
        "Shows what need not be kept any more; with --yes deletes it and files a protocol in the archive.",
        "archive delete",
        "archive delete --yes",
    ),
)
def delete(
    *,
    yes: Annotated[bool, typer.Option("--yes", help=both("Wirklich löschen.", "Really delete."))] = False,
    json: JsonOption = False,
) -> None:
    """Delete what is over and not held."""
    today = now().date()
    if not yes:
        _entries(over(on=today), json=json)
        return
    count = sum(len(chunk) for chunk in delete_over(files(home()), on=today, by=stamp()))
    if json:
        answer({"deleted": count})
    else:
        show(say("{n} Dateien gelöscht.", "{n} files deleted.", n=number(count)))


@app.command(
    "export",
    help=example(
        "Schreibt alles, was eine Betriebsprüfung verlangt, als CSV mit index.xml in einen Ordner (GoBD, Z3).",
        "Writes all that a tax audit demands as CSV with index.xml into a folder (GoBD, Z3).",
        "archive export pruefung/ --from 01.01.2026 --until 31.12.2026",
    ),
)
def export(
    *,
    folder: Annotated[
        Path, typer.Argument(metavar=both("ORDNER", "FOLDER"), file_okay=False, help=both("Ordner.", "Folder."))
    ],
    since: Annotated[str, typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Erster Tag.", "First day."))],
    until: Annotated[str, typer.Option("--until", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))],
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Z3: the tables of an audit."""
    where = house(seller)
    end = end_of(until, where, "--until")
    found = export_audit(where.id, folder, since=day_of(since, where.on, "--from"), until=end, by=stamp())
    if json:
        answer({"folder": str(folder), "rows": found.rows})
        return
    cells = [(name, number(count)) for name, count in found.rows.items()]
    table(columns("Tabelle|Table", "Zeilen|Rows"), cells, right=(1,))
    show(plain(folder / "index.xml"))


@app.command(
    "store",
    help=example("Zeigt, wo das Archiv liegt.", "Shows where the archive lies.", "archive store"),
)
def store_(*, json: JsonOption = False) -> None:
    """The store in use."""
    place = chosen_place()
    if json:
        answer(place)
    else:
        show(plain(" ".join(part for part in place if part)))


@app.command(
    "move",
    help=example(
        "Zieht das Archiv um: folder, database oder s3://BUCKET/PREFIX. Jede Datei wird nach dem Kopieren geprüft; die "
        "alte Ablage bleibt, wie sie ist. turnus work vorher anhalten.",
        "Moves the archive: folder, database or s3://BUCKET/PREFIX. Each file is read back after it is copied; the old "
        "store stays as it is. Stop turnus work before.",
        "archive move database",
        "archive move s3://belege/turnus --country DE",
    ),
)
def move_(
    *,
    target: Annotated[str, typer.Argument(metavar=both("ABLAGE", "STORE"), help=both("Ablage.", "Store."))],
    country: Annotated[
        str, typer.Option("--country", help=both("Land der Rechner, zum Beispiel DE.", "Country of its machines."))
    ] = "",
    permission: Annotated[
        str,
        typer.Option(
            "--permission",
            help=both("Außerhalb der EU: Bescheid nach § 146 Abs. 2b AO.", "Outside the EU: the tax office's notice."),
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Another store."""
    place = Place(target, country.upper(), permission)
    old, new = files(home()), store_at(target, home())
    with progress("Dateien", "Files") as advance:
        count = 0
        for copied in move(old, new, place, by=stamp()):
            count += copied
            advance(copied)
    if json:
        answer({"store": target, "files": count})
        return
    told = {"n": number(count), "t": plain(target)}
    show(
        say(
            "{n} Dateien kopiert und geprüft; das Archiv liegt jetzt in {t}.",
            "{n} files copied and verified; the archive lies in {t} now.",
            **told,
        )
    )
    if place.country not in {"", "DE"}:
        show(say("Der Ort ist dem Finanzamt mitzuteilen (§ 14b Abs. 2 UStG, § 146 Abs. 2a AO).",
                 "The place is to be reported to the tax office (§ 14b Abs. 2 UStG, § 146 Abs. 2a AO)."))  # fmt: skip


def _entries(rows: list[Kept], *, json: bool) -> None:
    if json:
        answer([{**one._asdict(), "kept_until": one.until} for one in rows])
        return
    german = language() == "de"
    cells = [
        (one.number, plain(one.name), day(one.dated), CLASSES[Retention(one.retention)][0 if german else 1],
         day(one.until), number(one.size), one.sha256[:12])
        for one in rows
    ]  # fmt: skip
    titles = columns(
        "Eintrag|Entry", "Name|Name", "Tag|Day", "Art|Class", "Aufbewahren bis|Keep until", "Bytes|Bytes",
        "SHA-256|SHA-256",
    )  # fmt: skip
    table(titles, cells, right=(0, 5))
