"""``turnus design``: how documents look: shipped designs, own ones as files, a preview while one works on them."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from turnus.catalog.groups import UnknownGroupError, group_lines
from turnus.core.design import (
    BLOCKS,
    COLUMNS,
    FOOTER,
    PLACEHOLDERS,
    SHIPPED,
    SLOTS,
    DesignRule,
    as_toml,
    design_of,
    design_values,
)
from turnus.core.document import Design, Kind
from turnus.core.formatting import CONVENTIONS
from turnus.core.messages import message
from turnus.core.parties import as_seller
from turnus.core.sample_document import sample_document
from turnus.documents.designs import DesignBook, design_books, put_design, use_design
from turnus.interfaces.cli.frame import RefusedError, complain, example, findings, words
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, SellerOption, home, house, now, stamp
from turnus.interfaces.cli.screen import answer, plain, show, table
from turnus.parties.facts import seller_ids
from turnus.ports import Rejected
from turnus.wiring import ports

app = typer.Typer(
    name="design",
    no_args_is_help=True,
    help=example(
        "Wie Belege aussehen: mitgelieferte und eigene Gestaltungen, mit Vorschau.",
        "How documents look: shipped designs and your own, with a preview.",
        "design preview modern --out vorschau.pdf",
    ),
)
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar=both("NAME|DATEI", "NAME|FILE"),
        help=both("Name einer Gestaltung, oder ihre Datei.", "Name of a design, or its file."),
        show_default=False,
    ),
]
Snapshot = Mapping[Path, tuple[int, int]]
_HEAD = f"""\
# columns: {", ".join(COLUMNS)}
# blocks: {", ".join(BLOCKS)}
# footer: up to five lists of lines with {", ".join(f"{{{name}}}" for name in FOOTER)}
# [formats]: decimal_mark, group_mark, date (dd.mm.yyyy)
# [texts.de], [texts.de.credit]: {", ".join(SLOTS)} with
#   {", ".join(f"{{{name}}}" for name in PLACEHOLDERS)}
# also: logo, accent, form (A, B), carry, marks, girocode (true, false)

"""
PAUSE = 0.5
"""Seconds between two looks at the files."""


@app.command("list", help=example("Zeigt die Gestaltungen.", "Lists the designs.", "design list"))
def list_(*, seller: SellerOption = "", json: JsonOption = False) -> None:
    """All designs, and what prints with them."""
    book = _book(seller)
    rows = [(name, design, say("mitgeliefert", "shipped")) for name, design in SHIPPED.items()]
    rows += [(name, design, say("eigene", "own")) for name, design in book.designs.items()]
    if json:
        designs = [{"name": name, "version": design.version, **design_values(design)} for name, design, _ in rows]
        answer({"designs": designs, "rules": book.rules})
        return
    table(
        columns("Name|Name", "Vorlage|Template", "Schrift|Font", "Form|Form", "Farbe|Colour", "|"),
        [
            (plain(name), plain(design.template), plain(design.font), design.form, design.accent, origin)
            for name, design, origin in rows
        ],
    )
    if book.rules:
        show("")
        titles = (
            "Gestaltung|Design",
            "Belegart|Kind",
            "Standort|Site",
            "Gruppe|Group",
            "Sprache|Language",
            "Land|Country",
        )
        table(columns(*titles), [tuple(map(plain, rule)) for rule in book.rules])
    show(
        "",
        say("Ansehen: turnus design preview NAME --out vorschau.pdf", "Look: turnus design preview NAME --out x.pdf"),
        say("Eigene beginnen: turnus design new MEINE --like modern", "Your own: turnus design new MINE --like modern"),
        say("Damit drucken: turnus design use NAME", "Print with it: turnus design use NAME"),
    )


@app.command("show", help=example("Zeigt eine Gestaltung als TOML.", "Shows a design as TOML.", "design show compact"))
def show_(*, name: NameArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """One design."""
    values = design_values(_design(name, seller))
    if json:
        answer(values)
    else:
        show(plain(as_toml(values).rstrip("\n")))


@app.command(
    "new",
    help=example(
        "Schreibt eine Datei, mit der eine eigene Gestaltung beginnt.",
        "Writes a file that a design of your own begins with.",
        "design new haus --like modern",
        "design new haus --out gestaltung/haus.toml",
    ),
)
def new(
    *,
    name: Annotated[str, typer.Argument(help=both("Name der Gestaltung.", "Name of the design."), show_default=False)],
    like: Annotated[str, typer.Option("--like", help=both("Vorbild.", "What it begins with."))] = "classic",
    out: Annotated[
        Path | None, typer.Option("--out", help=both("Datei; sonst NAME.toml.", "File; else NAME.toml."))
    ] = None,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """A file to work on."""
    path = out or Path(f"{name}.toml")
    if path.exists():
        raise RefusedError("file_exists", file=str(path))
    path.write_text(_HEAD + as_toml(design_values(_design(like, seller))), encoding="utf-8")
    if json:
        answer({"file": str(path)})
        return
    blanks = {"f": plain(path)}
    show(
        say("Geschrieben: {f}", "Written: {f}", **blanks),
        say("Ansehen: turnus design preview {f} --watch", "Look: turnus design preview {f} --watch", **blanks),
    )


@app.command(
    "check",
    help=example(
        "Prüft eine Gestaltung: alles, was nicht stimmt, auf einmal. Ende mit 1: etwas stimmt nicht.",
        "Checks a design: everything that is wrong, at once. Ends with 1: something is wrong.",
        "design check haus.toml",
    ),
)
def check(*, name: NameArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Everything that is wrong with a design."""
    design, found = _read(name, seller)
    found += [words(each) or "" for each in ports(home()).designs.faults(design)]
    found += [] if found else _trial(design)
    if json:
        answer({"faults": found})
    else:
        show(*(f"[red]✗[/red] {plain(text)}" for text in found))
        if not found:
            show(say("{n}: in Ordnung.", "{n}: all right.", n=plain(name)))
    findings(any_=bool(found))


@app.command(
    "put",
    help=example(
        "Nimmt eine Gestaltung auf, oder eine neue Fassung; gedruckte Belege behalten ihre.",
        "Takes in a design, or a new version of it; printed documents keep theirs.",
        "design put haus.toml",
    ),
)
def put(
    *,
    file: Annotated[Path, typer.Argument(exists=True, help=both("TOML-Datei.", "TOML file."), show_default=False)],
    name: Annotated[
        str, typer.Option("--name", help=both("Name; sonst wie die Datei.", "Name; else the file's."))
    ] = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """A design of one's own."""
    design, called = _design(str(file), seller), name or file.stem
    if missing := ports(home()).designs.faults(design):
        raise missing[0]
    outcome = put_design(house(seller).id, called, design, by=stamp())
    if json:
        answer({"name": called, "outcome": outcome})
        return
    done = {"created": ("angelegt", "created"), "changed": ("neue Fassung", "new version"),
            "unchanged": ("unverändert", "unchanged")}[outcome]  # fmt: skip
    show(
        f"{plain(called)}: {say(*done)}",
        say("Damit drucken: turnus design use {n}", "Print with it: turnus design use {n}", n=plain(called)),
    )


@app.command(
    "use",
    help=example(
        "Druckt Belege mit einer Gestaltung; ohne Angaben alle. Die Regel mit den meisten Angaben gilt.",
        "Prints documents with a design; all where nothing is said. The rule that says most holds.",
        "design use modern",
        "design use kontor --language fr --country FR",
        "design use haus --kind credit --site Hamburg --group GOLD",
        "design use haus --site Hamburg --off",
    ),
)
def use(
    *,
    name: Annotated[str, typer.Argument(help=both("Gestaltung.", "Design."), show_default=False)],
    kind: Annotated[Kind | None, typer.Option("--kind", help=both("Art des Belegs.", "Kind of document."))] = None,
    site: Annotated[str, typer.Option("--site", help=both("Standort des Kunden.", "The customer's site."))] = "",
    group: Annotated[str, typer.Option("--group", help=both("Kundengruppe.", "Customer group."))] = "",
    spoken: Annotated[
        str, typer.Option("--language", help=both("Sprache des Belegs.", "Language of the document."))
    ] = "",
    country: Annotated[str, typer.Option("--country", help=both("Land des Kunden.", "The customer's country."))] = "",
    off: Annotated[bool, typer.Option("--off", help=both("Die Regel zurücknehmen.", "Take the rule back."))] = False,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """A rule."""
    if spoken and spoken not in CONVENTIONS:
        raise typer.BadParameter(", ".join(CONVENTIONS), param_hint="--language")
    where = house(seller)
    if group and group not in {line.code for line in group_lines(where.id, on=where.on)}:
        raise UnknownGroupError(group)
    rule = DesignRule("" if off else name, kind or "", site, group, spoken, country.upper())
    use_design(where.id, rule, by=stamp())
    if json:
        answer(rule)
    elif off:
        show(say("Zurückgenommen.", "Taken back."))
    else:
        show(say("{n} druckt diese Belege von jetzt an.", "{n} prints these documents from now on.", n=plain(name)))


@app.command(
    "preview",
    help=example(
        "Druckt ein Muster in einer Gestaltung; mit --watch neu, sobald sich eine Datei ändert.",
        "Prints a sample in a design; with --watch anew as soon as a file changes.",
        "design preview swiss --out vorschau.pdf --language fr --lines 40",
        "design preview haus.toml --watch",
    ),
)
def preview(
    *,
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", help=both("PDF-Datei.", "PDF file."))] = Path("preview.pdf"),
    spoken: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="|".join(CONVENTIONS),
            help=both("Sprache des Belegs.", "Language of the document."),
        ),
    ] = "de",
    kind: Annotated[Kind, typer.Option("--kind", help=both("Art des Belegs.", "Kind of document."))] = Kind.INVOICE,
    lines: Annotated[int, typer.Option("--lines", min=1, max=2000, help=both("Anzahl der Zeilen.", "Lines."))] = 3,
    watch: Annotated[
        bool, typer.Option("--watch", help=both("Bei jeder Änderung neu drucken.", "Print anew at every change."))
    ] = False,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """A sample as PDF."""
    if spoken not in CONVENTIONS:
        raise typer.BadParameter(", ".join(CONVENTIONS), param_hint="--language")

    def write() -> None:
        out.write_bytes(_sample(name, kind, spoken, lines, seller))

    if not watch:
        write()
        if json:
            answer({"file": str(out)})
        else:
            show(plain(out))
        return
    show(say("{f} folgt den Dateien; Ende mit Strg-C.", "{f} follows the files; end with Ctrl-C.", f=plain(out)))
    seen: Snapshot = {}
    while True:
        seen = look_again(seen, watched(name), write)
        time.sleep(PAUSE)


def look_again(seen: Snapshot, now_: Snapshot, write: Callable[[], None]) -> Snapshot:
    """One turn of the watch: print where a file came, went or changed; what is wrong is said and waited for."""
    if now_ != seen:
        try:
            write()
        except (Rejected, RefusedError, OSError) as error:
            complain(words(error) or str(error))
    return now_


def watched(name: str) -> Snapshot:
    """The files that a preview depends on → when they changed, and their sizes."""
    folders = [home() / folder for folder in ("templates", "logos")]
    files = [Path(name), *(path for folder in folders for path in folder.glob("*"))]
    return dict(_states(files))


def _states(files: list[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in files:
        try:
            state = path.stat()
        except OSError:  # gone between two looks, or a name and no file
            continue
        yield path, (state.st_mtime_ns, state.st_size)


def _sample(name: str, kind: Kind, spoken: str, lines: int, seller: str) -> bytes:
    """A sample document, of the seller where there is one."""
    own: dict[str, Any] = {}
    if seller_ids():
        facts = house(seller).facts
        own = {"seller": as_seller(facts.data), "accounts": facts.accounts}
    document = sample_document(kind, spoken, _design(name, seller), on=now().date(), lines=lines, **own)
    return ports(home()).renderer.render(document)


def _trial(design: Design) -> list[str]:
    """What goes wrong where a sample is printed: a fault inside a template."""
    try:
        ports(home()).renderer.render(sample_document(Kind.INVOICE, "de", design, on=now().date()))
    except Rejected as error:
        return [words(error) or ""]
    return []


def _book(seller: str) -> DesignBook:
    """The seller's own designs; none before there is a seller."""
    known = seller_ids()
    return design_books([house(seller).id]).get(house(seller).id, DesignBook({}, [])) if known else DesignBook({}, [])


def _design(name: str, seller: str) -> Design:
    """A design without faults. Raises ``RefusedError``."""
    design, found = _read(name, seller)
    if found:
        raise RefusedError("design_faults", design=name, faults="\n".join(found))
    return design


def _read(name: str, seller: str) -> tuple[Design, list[str]]:
    """A design by its name or from its file, and what is wrong with it."""
    path = Path(name)
    if path.suffix != ".toml":
        design = SHIPPED.get(name) or _book(seller).designs.get(name)
        if design is None:
            raise RefusedError("unknown_design", design=name)
        return design, []
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RefusedError("unknown_design", design=name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError("design_toml", file=name, error=str(error)) from None
    design, faults = design_of(values)
    return design, [message(fault.code, fault.params, language()) for fault in faults]
