"""``turnus import``: files of customers, products, contracts and usage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from turnus.contracts.usage_queries import Unmet, unmet_corrections
from turnus.core.intake.billables import BILLABLES
from turnus.core.intake.cells import Condition
from turnus.core.intake.columns import RowError
from turnus.core.intake.conditions import condition_of
from turnus.core.intake.contract_columns import CONTRACTS
from turnus.core.intake.coupons import COUPONS
from turnus.core.intake.customers import CUSTOMERS
from turnus.core.intake.offers import GROUPS, PLANS
from turnus.core.intake.prices import CONSENTS, INDEX
from turnus.core.intake.products import PRODUCTS
from turnus.core.intake.texts import explain
from turnus.core.intake.trades import TRADES
from turnus.core.intake.usage import USAGE
from turnus.core.messages import message
from turnus.integration.files import write_csv
from turnus.integration.load import Target, import_file
from turnus.integration.reports import ImportReport, Kind, Problem
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, SellerOption, home, house, stamp
from turnus.interfaces.cli.screen import answer, number, plain, progress, show, table

SHOWN = 25
"""Errors on the screen; ``--errors`` and ``--json`` give all."""

FileArgument = Annotated[Path, typer.Argument(help=both("CSV- oder XLSX-Datei.", "CSV or XLSX file."))]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help=both("Nur prüfen, nichts speichern.", "Check only, save nothing."))
]
SkipOption = Annotated[
    bool,
    typer.Option(
        "--skip-errors",
        help=both("Fehlerfreie Zeilen trotzdem übernehmen.", "Take the good rows in spite of bad ones."),
    ),
]
ErrorsOption = Annotated[
    Path | None,
    typer.Option(
        "--errors", help=both("Fehlerliste als CSV hierhin schreiben.", "Write the list of errors here as CSV.")
    ),
]
DecimalOption = Annotated[
    str,
    typer.Option(
        "--decimal",
        help=both(
            "Dezimalzeichen der Datei, falls mehrdeutig: , oder .", "The file's decimal sign, if ambiguous: , or ."
        ),
    ),
]
EncodingOption = Annotated[
    str, typer.Option("--encoding", help=both("Kodierung, falls nicht erkannt.", "Encoding, if not recognised."))
]
WhenOption = Annotated[
    list[str] | None,
    typer.Option(
        "--when",
        metavar=both("SPALTE=WERT[|WERT]", "COLUMN=VALUE[|VALUE]"),
        help=both(
            "Nur Zeilen mit diesem Wert; mehrfach: alle müssen gelten.",
            "Only rows with this value; repeated: all hold.",
        ),
    ),
]

app = typer.Typer(
    name="import",
    no_args_is_help=True,
    help=example(
        "Übernimmt Kunden, Produkte, Verträge und Verbrauch aus CSV und XLSX: ganz oder gar nicht, beliebig oft.",
        "Takes customers, products, contracts and usage from CSV and XLSX: whole or not at all, as often as you like.",
        "import customers kunden.csv --dry-run",
    ),
)


def import_command(kind: Kind) -> Callable[..., None]:
    """The command that imports one kind of file."""

    def command(
        *,
        file: FileArgument,
        dry_run: DryRunOption = False,
        skip_errors: SkipOption = False,
        errors: ErrorsOption = None,
        decimal: DecimalOption = "",
        encoding: EncodingOption = "",
        when: WhenOption = None,
        seller: SellerOption = "",
        on: OnOption = "",
        json: JsonOption = False,
    ) -> None:
        where = house(seller, on)
        report = load(
            kind, file, where, dry_run=dry_run, skip_errors=skip_errors, decimal=decimal, encoding=encoding,
            when=tuple(condition_of(text) for text in when or ()),
        )  # fmt: skip
        if errors is not None:
            write_csv(
                errors, [say("Zeile", "row"), say("Fehler", "error")], ([str(p.row), words(p)] for p in report.problems)
            )
        unmet = unmet_corrections(where.id) if kind is Kind.USAGE else []
        if json:
            answer({**as_json(report), **({"unmet": unmet} if kind is Kind.USAGE else {})})
        else:
            describe(report, dry_run=dry_run)
            warn_of_unmet(unmet)
        findings(any_=bool(report.errors))

    return command


def _register(kind: Kind, german: str, english: str) -> None:
    app.command(
        kind.value, help=example(german, english, f"import {kind} {kind}.csv", f"import {kind} {kind}.xlsx --dry-run")
    )(import_command(kind))


_register(
    Kind.CUSTOMERS,
    "Übernimmt Kunden; geänderte gelten ab --on, ihre Verträge prüft der nächste Lauf.",
    "Takes customers; changes hold from --on, and the next run looks at their contracts again.",
)
_register(Kind.PRODUCTS, "Übernimmt Produkte und Preise.", "Takes products and prices.")
_register(
    Kind.PLANS,
    "Übernimmt Pläne: eine Zeile je Position; eine neue Fassung gilt ab ihrem Tag für neue Verträge.",
    "Takes plans: one row per item; a new version holds from its day for new contracts.",
)
_register(
    Kind.GROUPS,
    "Übernimmt Kundengruppen mit ihren Bedingungen; geschlossene Verträge behalten ihre.",
    "Takes customer groups with their conditions; concluded contracts keep theirs.",
)
_register(
    Kind.COUPONS,
    "Übernimmt Gutscheine; eingelöste bleiben, wie sie waren.",
    "Takes coupons; what was redeemed stays as it was.",
)
_register(
    Kind.CONTRACTS,
    "Übernimmt Verträge: neue werden geschlossen, bekannte lernen Ende und Änderungen (Spalte „Änderung ab“).",
    "Takes contracts: new ones are concluded, known ones learn their end and changes (column valid_from).",
)
_register(
    Kind.USAGE,
    "Übernimmt Verbrauch; jeder Schlüssel zählt einmal.",
    "Takes usage; each key counts once.",
)

_register(
    Kind.TRADES,
    "Übernimmt Verkäufe auf Marktplätzen, mit Korrekturen und Stornos.",
    "Takes trades of marketplaces, with corrections and cancellations.",
)


_register(
    Kind.BILLABLES,
    "Übernimmt Datensätze, die ohne Vertrag berechnet werden: Projekte, Tickets, Aufträge, gewonnene Deals.",
    "Takes records that are invoiced without a contract: projects, tickets, orders, won deals.",
)


@app.command(
    "columns",
    help=example(
        "Zeigt die Spalten einer Datei, oder schreibt eine leere Vorlage.",
        "Shows the columns of a file, or writes an empty template.",
        "import columns contracts",
        "import columns customers --template kunden.csv",
    ),
)
def columns_(
    *,
    kind: Annotated[Kind, typer.Argument(help=both("Art der Datei.", "Kind of file."), show_default=False)],
    template: Annotated[
        Path | None, typer.Option("--template", help=both("Vorlage hierhin schreiben.", "Write a template here."))
    ] = None,
    json: JsonOption = False,
) -> None:
    """The columns that a file may have."""
    layout = LAYOUTS[kind]
    if template is not None:
        write_csv(template, [column.title(language()) for column in layout.columns], [])
        show(say("Vorlage geschrieben: {f}", "Template written: {f}", f=plain(template)))
        return
    rows = [(c.name, c.german.split("|")[0], c.required, c.de if language() == "de" else c.en) for c in layout.columns]
    if json:
        names = ("name", "german", "required", "text")
        answer([dict(zip(names, row, strict=True)) for row in rows])
        return
    table(
        columns("Spalte|Column", "auch|also", "nötig|required", "Inhalt|Content"),
        [(name, plain(german), "✓" if required else "", plain(text)) for name, german, required, text in rows],
    )


LAYOUTS = {
    Kind.CUSTOMERS: CUSTOMERS, Kind.PRODUCTS: PRODUCTS, Kind.CONTRACTS: CONTRACTS, Kind.USAGE: USAGE,
    Kind.INDEX: INDEX, Kind.CONSENTS: CONSENTS,
    Kind.TRADES: TRADES, Kind.BILLABLES: BILLABLES, Kind.PLANS: PLANS, Kind.GROUPS: GROUPS, Kind.COUPONS: COUPONS,
}  # fmt: skip


def load(
    kind: Kind,
    file: Path,
    where: House,
    *,
    dry_run: bool = False,
    skip_errors: bool = False,
    decimal: str = "",
    encoding: str = "",
    correct: bool = False,
    campaign: str = "",
    when: tuple[Condition, ...] = (),
) -> ImportReport:
    """Import one file with a progress bar."""
    how = replace(where.reading, on=None, decimal=decimal, when=when)
    target = Target(where.id, how, where.on, home() / "inbox", encoding, correct, campaign)
    with progress(f"{kind}: {file.name}", f"{kind}: {file.name}") as advance:
        return import_file(kind, file, target, dry_run=dry_run, skip_errors=skip_errors, progress=advance, by=stamp())


def words(problem: Problem) -> str:
    """Row, column, what is wrong and how to mend it."""
    if isinstance(problem, RowError):
        return explain(problem, language())
    row = say("Zeile", "Row")
    return f"{row} {problem.row}: {message(problem.code, problem.params, language())}"


def as_json(report: ImportReport) -> dict[str, Any]:
    """The report for scripts."""
    counts = {
        name: getattr(report, name)
        for name in ("rows", "created", "changed", "unchanged", "errors", "blank", "left_out")
    }
    problems = [
        {
            "row": problem.row,
            "column": problem.header if isinstance(problem, RowError) else "",
            "code": problem.error.code if isinstance(problem, RowError) else problem.code,
            "text": words(problem),
        }
        for problem in report.problems
    ]
    return {"kind": report.kind, "saved": report.saved, **counts, "values": report.values, "reasons": report.reasons,
            "problems": problems}  # fmt: skip


def describe(report: ImportReport, *, dry_run: bool) -> None:
    """The report on the screen."""
    names = (
        ("rows", say("Zeilen", "Rows")), ("created", say("neu", "new")), ("changed", say("geändert", "changed")),
        ("unchanged", say("unverändert", "unchanged")), ("errors", say("fehlerhaft", "with errors")),
        ("blank", say("leer", "blank")),
    )  # fmt: skip
    table(
        [title for _name, title in names], [[number(getattr(report, name)) for name, _title in names]], right=range(6)
    )
    if report.left_out:
        reasons = "; ".join(f"{reason} ({number(count)})" for reason, count in sorted(report.reasons.items())[:SHOWN])
        left = number(report.left_out)
        show(say("Ausgelassen: {n} – {r}", "Left out: {n} – {r}", n=left, r=plain(reasons)))
    for problem in report.problems[:SHOWN]:
        show(f"  [red]{plain(words(problem))}[/red]")
    if len(report.problems) > SHOWN:
        more = number(len(report.problems) - SHOWN)
        show(say("  … und {n} weitere (--errors FEHLER.csv).", "  … and {n} more (--errors ERRORS.csv).", n=more))
    show(outcome(report, dry_run=dry_run))


def warn_of_unmet(unmet: Sequence[Unmet]) -> None:
    """Corrections of usage whose event was never reported take nothing back; a person should know."""
    if not unmet:
        return
    show(
        "[yellow]"
        + say(
            "{n} Berichtigungen nennen ein Ereignis, das nicht gemeldet ist; bis dahin nehmen sie nichts zurück:",
            "{n} corrections name an event that was not reported; until it is, they take nothing back:",
            n=number(len(unmet)),
        )
        + "[/yellow]",
        *(plain(f"  {row.contract}: {row.key} → {row.corrects}") for row in unmet[:SHOWN]),
    )
    if len(unmet) > SHOWN:
        show(say("  … und {n} weitere (turnus doctor).", "  … and {n} more (turnus doctor).",
                 n=number(len(unmet) - SHOWN)))  # fmt: skip


def outcome(report: ImportReport, *, dry_run: bool) -> str:
    """What became of the file, in one sentence."""
    if dry_run:
        return say("Probelauf: nichts gespeichert.", "Dry run: nothing was saved.")
    if not report.saved:
        return say(
            "[bold]Nichts gespeichert[/bold]: erst die Fehler beheben, oder --skip-errors für die guten Zeilen.",
            "[bold]Nothing saved[/bold]: mend the errors first, or take the good rows with --skip-errors.",
        )
    if report.errors:
        return say("Gute Zeilen gespeichert, fehlerhafte ausgelassen.", "Good rows saved, bad ones left out.")
    if not report.created and not report.changed:
        return say("Alles schon da, nichts geändert.", "All there already, nothing changed.")
    return say("Gespeichert.", "Saved.")
