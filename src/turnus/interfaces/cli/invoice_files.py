"""``turnus invoice pdf``, ``xml`` and ``validate``: the files of documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from turnus.core.document import InvoiceDocument
from turnus.core.validation import Verdict
from turnus.documents.queries import FiledReport, unfit, validation_reports
from turnus.interfaces.cli.einvoice import report_body, show_report
from turnus.interfaces.cli.frame import FINDINGS, example, findings
from turnus.interfaces.cli.invoices import KINDS, app
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import JsonOption, SellerOption, home, house, press, stamp
from turnus.interfaces.cli.screen import answer, plain, progress, show
from turnus.invoices.document import invoice_document
from turnus.invoices.queries import find_document, numbers_of
from turnus.stories.render import judge_invoices, pdf_of, render_invoices, xml_of
from turnus.wiring import ports

NumbersArgument = Annotated[
    list[str],
    typer.Argument(metavar=both("NUMMER…", "NUMBER…"), help=both("Nummern.", "Numbers."), show_default=False),
]
ToOption = Annotated[Path, typer.Option("--to", help=both("Datei oder Ordner.", "File or folder."), show_default=False)]
SYNTAXES: Final = ("cii", "ubl")


@app.command(
    "pdf",
    help=example(
        "Schreibt die PDF-Datei eines oder mehrerer Belege; bei ZUGFeRD und Factur-X mit der E-Rechnung darin.",
        "Writes the PDF file of one or several documents; for ZUGFeRD and Factur-X with the e-invoice inside.",
        "invoice pdf RE-2026-000001",
        "invoice pdf RE-2026-000001 RE-2026-000002 --to rechnungen/",
    ),
)
def pdf(
    *, invoices: NumbersArgument, to: ToOption = Path(), seller: SellerOption = "", json: JsonOption = False
) -> None:
    """The PDF from the archive, or made now."""
    where = house(seller)
    paths = []
    with progress("PDF", "PDF", total=len(invoices)) as advance:
        for text in invoices:
            paths.append(write_pdf(find_document(where.id, text), to, several=len(invoices) > 1))
            advance(1)
    _written(paths, json=json)


def write_pdf(invoice: int, to: Path, *, several: bool = False) -> Path:
    """Write the PDF of a document into a folder under its usual name, or into the file that is named."""
    content = pdf_of(invoice, press(), by=stamp())
    return _write(content, to, file_name(invoice_document(invoice), invoice), several=several)


@app.command(
    "xml",
    help=example(
        "Schreibt die E-Rechnung als XML, wie sie archiviert ist, oder in einer anderen Syntax.",
        "Writes the e-invoice as XML, as it is archived, or in another syntax.",
        "invoice xml RE-2026-000001",
        "invoice xml RE-2026-000001 --syntax ubl --to rechnung.xml",
    ),
)
def xml(
    *,
    invoices: NumbersArgument,
    syntax: Annotated[
        str, typer.Option("--syntax", help=both("cii oder ubl; leer: die des Kunden.", "cii or ubl; blank: its own."))
    ] = "",
    to: ToOption = Path(),
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """The e-invoice of a document."""
    if syntax and syntax not in SYNTAXES:
        raise typer.BadParameter(say("cii oder ubl", "cii or ubl"), param_hint="--syntax")
    where = house(seller)
    paths = []
    for text in invoices:
        invoice = find_document(where.id, text)
        content = xml_of(invoice, press(), syntax=syntax, by=stamp())
        name = file_name(invoice_document(invoice), invoice, "xml")
        paths.append(_write(content, to, name, several=len(invoices) > 1))
    _written(paths, json=json)


@app.command(
    "validate",
    help=example(
        "Prüft die E-Rechnungen ausgestellter Belege nach den amtlichen Regeln und legt den Bericht dazu; ohne Nummer: "
        "zeigt alle, die nicht hinausgehen dürfen. Ende mit 1, wo etwas nicht stimmt.",
        "Judges the e-invoices of issued documents by the official rules and files the report; without a number: shows "
        "all that must not be sent. Ends with 1 where something is wrong.",
        "invoice validate RE-2026-000001",
        "invoice validate",
    ),
)
def validate(
    *,
    invoices: Annotated[
        list[str] | None, typer.Argument(metavar=both("NUMMER…", "NUMBER…"), help=both("Nummern.", "Numbers."))
    ] = None,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Judge and show."""
    where = house(seller)
    if not invoices:
        _unfit(json=json)
        return
    ids = [find_document(where.id, text) for text in invoices]
    validator = ports(home()).validator
    try:
        render_invoices(ids, press(), by=stamp())
        judge_invoices(ids, validator, press().files, by=stamp())
    finally:
        validator.close()
    found = _latest(ids)
    if json:
        answer([report_body(text, row.report) for text, row in found])
    else:
        for text, row in found:
            show_report(text, row.report)
        if not found:
            show(
                say("Kein Bericht: noch nicht ausgestellt, oder keine Rechnung.", "No report: a draft, or no invoice.")
            )
    if any(row.report.verdict is not Verdict.VALID for _text, row in found):
        raise typer.Exit(FINDINGS)


def _latest(invoices: list[int]) -> list[tuple[str, FiledReport]]:
    """Number and last report of each document."""
    numbers = numbers_of(invoices)
    last = {row.invoice: row for row in validation_reports(invoices=invoices) if row.invoice}
    return [(numbers[invoice], last[invoice]) for invoice in invoices if invoice in last]


def _unfit(*, json: bool) -> None:
    found = unfit()
    numbers = numbers_of(found)
    if json:
        answer([{"number": numbers[invoice], "verdict": verdict} for invoice, verdict in found.items()])
    elif not found:
        show(say("Alle E-Rechnungen sind geprüft und gültig.", "All e-invoices are judged and valid."))
    else:
        words = {
            Verdict.INVALID: say("verletzt eine Regel", "breaks a rule"),
            Verdict.NOT_JUDGED: say("noch nicht geprüft", "not judged yet"),
        }
        show(*(f"{plain(numbers[invoice])}  {words[verdict]}" for invoice, verdict in found.items()))
    findings(any_=bool(found))


def file_name(document: InvoiceDocument, invoice: int, ending: str = "pdf") -> str:
    """``Rechnung_RE-2026-000123.pdf`` (H-17); a draft by its id."""
    german = document.language == "de"
    name = KINDS[document.kind][0 if german else 1]
    number_ = document.number or (f"Entwurf-{invoice}" if german else f"draft-{invoice}")
    return f"{name}_{number_.replace('/', '-')}.{ending}"


def _write(content: bytes, to: Path, name: str, *, several: bool) -> Path:
    file = to if to.suffix.lower() == Path(name).suffix and not several else to / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def _written(paths: list[Path], *, json: bool) -> None:
    if json:
        answer({"files": [str(path) for path in paths]})
    else:
        show(*(plain(path) for path in paths))
