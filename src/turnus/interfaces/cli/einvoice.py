"""``turnus einvoice``: judge XML and PDF by the official rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from turnus.core.error_classes import LAW
from turnus.core.messages import TEXTS, message
from turnus.core.validation import ErrorClass, Finding, Severity, ValidationReport, Verdict
from turnus.interfaces.cli.frame import FAILED, FINDINGS, example
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import JsonOption, home, now
from turnus.interfaces.cli.screen import answer, number, pairs, plain, show
from turnus.wiring import ports

SHOWN: Final = 20
"""Findings shown of one file; ``--json`` gives all."""

app = typer.Typer(
    name="einvoice",
    no_args_is_help=True,
    help=example("E-Rechnungen prüfen.", "Judge e-invoices.", "einvoice check rechnung.xml"),
)


@app.callback()
def einvoice() -> None:
    """A group of commands, even while it has only one."""


@app.command(
    "check",
    help=example(
        "Prüft XML und PDF: Schema, amtliche Regeln, eigene Prüfungen. Ende mit 0: alle gültig; 1: eine ist es nicht; "
        "4: eine ließ sich nicht prüfen.",
        "Judges XML and PDF: schema, official rules, own checks. Ends with 0: all are valid; 1: one is not; 4: one "
        "could not be judged.",
        "einvoice check rechnung.xml",
        "einvoice check --json *.pdf",
    ),
)
def check(
    *,
    files: Annotated[
        list[Path], typer.Argument(metavar=both("DATEI …", "FILE …"), help=both("XML oder PDF.", "XML or PDF."))
    ],
    json: JsonOption = False,
) -> None:
    """Judge files."""
    validator = ports(home()).validator
    try:
        reports = [(path, validator.validate(path, at=now())) for path in files]
    finally:
        validator.close()
    if json:
        answer([report_body(str(path), report) for path, report in reports])
    else:
        for path, report in reports:
            show_report(str(path), report)
    verdicts = {report.verdict for _path, report in reports}
    if verdicts != {Verdict.VALID}:
        raise typer.Exit(FAILED if Verdict.NOT_JUDGED in verdicts else FINDINGS)


def report_body(name: str, report: ValidationReport) -> dict[str, Any]:
    """A report for scripts, with the words of its findings."""
    fields = ("document", "size", "at", "syntax", "profile", "attachment", "xml", "verdict", "error_class")
    return {
        "file": name,
        **{field: getattr(report, field) for field in fields},
        "findings": [
            {
                "rule": one.rule, "severity": one.severity, "class": one.error_class, "layer": one.layer,
                "terms": one.terms, "law": _law(one), "location": one.location, "message": _text(one),
            }
            for one in report.findings
        ],
        "rule_sets": report.rule_sets,
        "tools": dict(report.tools),
    }  # fmt: skip


def show_report(name: str, report: ValidationReport) -> None:
    """A report as a person reads it; ``name``: of the file or document."""
    colour, word = {
        Verdict.VALID: ("green", say("gültig", "valid")),
        Verdict.INVALID: ("red", say("nicht gültig", "not valid")),
        Verdict.NOT_JUDGED: ("red", say("nicht geprüft, also abgelehnt", "not judged, so refused")),
    }[report.verdict]
    kind = f": {_class(report.error_class)}" if report.error_class else ""
    show("", f"[bold]{plain(name)}[/bold]  [bold {colour}]{word}{kind}[/bold {colour}]")
    ordered = sorted(report.findings, key=lambda one: list(Severity).index(one.severity))
    for one in ordered[:SHOWN]:
        _show_finding(one)
    if len(ordered) > SHOWN:
        more = number(len(ordered) - SHOWN)
        show(say("  … und {n} weitere; --json zeigt alle", "  … and {n} more; --json shows all", n=more))
    sets = [f"{one.name} {one.version} ({one.sha256[:12]})".removesuffix(" ()") for one in report.rule_sets]
    pairs(
        [
            (say("  Syntax", "  Syntax"), report.syntax),
            (say("  Profil", "  Profile"), plain(report.profile)),
            (say("  Anhang", "  Attachment"), plain(report.attachment)),
            (say("  Regelwerke", "  Rule sets"), plain(", ".join(sets))),
            (say("  Prüfer", "  Tools"), plain(", ".join(" ".join(tool) for tool in report.tools))),
            ("  SHA-256", report.document),
        ]
    )


def _show_finding(one: Finding) -> None:
    mark, colour = {"fatal": ("✗", "red"), "warning": ("!", "yellow")}.get(one.severity, ("·", "dim"))
    about = [] if one.rule in TEXTS else [one.rule]
    about += [", ".join(one.terms)] if one.terms else []
    about += [_class(one.error_class)] if one.error_class else []
    head = f"{plain('; '.join(about))}: " if about else ""
    law = f" ({_law(one)})" if one.error_class is ErrorClass.CONTENT else ""
    show(f"  [{colour}]{mark}[/{colour}] {head}{plain(_text(one))}{law}")
    if one.location:
        show(f"    [dim]{plain(one.location)}[/dim]")


def _text(one: Finding) -> str:
    params = dict(one.params)
    if one.message:
        return params.get("german", one.message) if language() == "de" else one.message
    return message(one.rule, params, language())


def _law(one: Finding) -> str:
    """The paragraph that demands what is wrong; empty for none."""
    return next((LAW[term] for term in one.terms if term in LAW), "")


def _class(kind: ErrorClass | None) -> str:
    return {
        ErrorClass.FORMAT: say("Formatfehler", "format error"),
        ErrorClass.CONTENT: say("Inhaltsfehler", "content error"),
        ErrorClass.RULE: say("Geschäftsregelfehler", "business-rule error"),
        None: "",
    }[kind]
