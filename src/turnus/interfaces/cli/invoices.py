"""``turnus invoice``: read, print and correct documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from turnus.core.correcting import CorrectionRefusedError
from turnus.core.status import word as status_word
from turnus.interfaces.cli import documents
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    LimitOption,
    OnOption,
    ReasonOption,
    SellerOption,
    house,
    money_of,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import amount, answer, day, number, plain, show, table
from turnus.invoices.correct import Corrected, cancel_invoice, credit_invoice
from turnus.invoices.queries import Filter, document_rows, find_document
from turnus.invoices.queries import documents as document_list
from turnus.parties.queries import customer_id

app = typer.Typer(
    name="invoice",
    no_args_is_help=True,
    help=example(
        "Rechnungen ansehen, drucken, stornieren, berichtigen, von Hand schreiben.",
        "Read, print, cancel, credit and write invoices.",
        "invoice show RE-2026-000001",
    ),
)

InvoiceArgument = Annotated[
    str,
    typer.Argument(help=both("Nummer, oder Kennung eines Entwurfs.", "Number, or id of a draft."), show_default=False),
]
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "invoice": ("Rechnung", "Invoice"),
    "credit": ("Rechnungskorrektur", "Credit"),
    "cancellation": ("Stornorechnung", "Cancellation"),
    "proforma": ("Proformarechnung", "Pro forma invoice"),
    "self_billing": ("Gutschrift", "Self-billed invoice"),
    "self_credit": ("Abrechnungskorrektur", "Self-billing correction"),
    "deposit": ("Anzahlungsrechnung", "Deposit invoice"),
    "progress": ("Abschlagsrechnung", "Progress invoice"),
    "partial": ("Teilrechnung", "Partial invoice"),
    "final": ("Schlussrechnung", "Final invoice"),
    "standing": ("Dauerrechnung", "Standing invoice"),
    "covered": ("Forderung aus Dauerrechnung", "Claim of a standing invoice"),
    "correction": ("Rechnungsberichtigung", "Correction of details"),
}


CustomerOption = Annotated[str, typer.Option("--customer", help=both("Kundennummer.", "Customer number."))]
RunOption = Annotated[int | None, typer.Option("--run", help=both("Nur dieser Lauf.", "Only this run."))]
KindOption = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="|".join(KINDS),
        help=both("Nur diese Art.", "Only this kind."),
    ),
]
StateOption = Annotated[
    str,
    typer.Option("--state", metavar="draft|released|issued", help=both("Nur dieser Zustand.", "Only this state.")),
]
FromOption = Annotated[
    str,
    typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Ab diesem Rechnungsdatum.", "From this issue date.")),
]
BeforeOption = Annotated[
    str,
    typer.Option(
        "--before", metavar=both("TAG", "DAY"), help=both("Vor diesem Rechnungsdatum.", "Before this issue date.")
    ),
]


@app.command(
    "list",
    help=example(
        "Zeigt Rechnungen, die neuesten zuerst.",
        "Lists documents, the newest first.",
        "invoice list --limit 20",
        "invoice list --customer K10001 --state draft",
    ),
)
def list_(
    *,
    customer: CustomerOption = "",
    run: RunOption = None,
    kind: KindOption = "",
    state: StateOption = "",
    since: FromOption = "",
    until: BeforeOption = "",
    limit: LimitOption = 50,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Documents in a table."""
    where = house(seller, on)
    wanted = Filter(
        customer_id(where.id, customer) if customer else None, run, kind, state, optional_day(since, where, "--from"),
        optional_day(until, where, "--before"),
    )  # fmt: skip
    rows, count = document_list(where.id, wanted, on=where.on, limit=limit)
    if json:
        answer({"count": count, "invoices": rows})
        return
    titles = columns(
        "Nummer|Number",
        "Art|Kind",
        "Status|Status",
        "Kunde|Customer",
        "Datum|Date",
        "Fällig|Due",
        "Brutto|Gross",
        "Offen|Open",
    )
    table(
        titles,
        [
            (plain(row.number or f"#{row.id}"), kind_word(row.kind), status_word(row.status, language()),
             plain(f"{row.customer_number} {row.customer_name}"), day(row.issue_date),
             day(row.due_date) if row.gross > 0 else "", amount(row.gross, row.currency),
             amount(row.open, row.currency) if row.open else "")
            for row in rows
        ],
        right=(6, 7),
    )  # fmt: skip
    if count > len(rows):
        show(
            say(
                "{a} von {b}; mehr mit --limit.", "{a} of {b}; more with --limit.", a=number(len(rows)), b=number(count)
            )
        )


def kind_word(kind: str) -> str:
    """What the document is called."""
    return KINDS[kind][0 if language() == "de" else 1]


@app.command(
    "show",
    help=example(
        "Zeigt einen Beleg: Kopf, Zeilen, Steuern, Status, Verlauf.",
        "Shows a document: head, lines, taxes, status, history.",
        "invoice show RE-2026-000001",
        "invoice show RE-2026-000001 --json",
    ),
)
def show_(*, invoice: InvoiceArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """One document."""
    where = house(seller, on)
    found = documents.detail(find_document(where.id, invoice), on=where.on)
    if json:
        answer(documents.as_json(found))
    else:
        documents.describe(found, kind_word(found.row.kind), where.zone)


@app.command(
    "cancel",
    help=example(
        "Storniert eine Rechnung ganz; ihre Zeiträume werden wieder berechenbar.",
        "Cancels a whole invoice; its periods become billable again.",
        'invoice cancel RE-2026-000001 --reason "Falscher Empfänger"',
        'invoice cancel RE-2026-000001 --reason "Kulanz" --keep-unbilled',
    ),
)
def cancel(
    *,
    invoice: InvoiceArgument,
    reason: ReasonOption = "",
    keep_unbilled: Annotated[
        bool,
        typer.Option(
            "--keep-unbilled", help=both("Die Zeiträume nicht wieder berechnen.", "Do not bill the periods again.")
        ),
    ] = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Take a whole invoice back by a cancellation document."""
    where = house(seller, on)
    number_ = find_document(where.id, invoice)
    corrected = cancel_invoice(number_, on=where.on, reason=reason, bill_again=not keep_unbilled, by=stamp())
    _corrected(corrected, number_, where, json=json)


@app.command(
    "credit",
    help=example(
        "Schreibt einen Teil einer Rechnung gut: einen Betrag, auf eine Zeile oder auf alle verteilt.",
        "Credits part of an invoice: an amount, on one line or shared over all.",
        'invoice credit RE-2026-000001 --amount 10,00 --reason "Ausfall am 3. Mai"',
        'invoice credit RE-2026-000001 --amount 10,00 --line 2 --reason "Ausfall"',
    ),
)
def credit(
    *,
    invoice: InvoiceArgument,
    value: Annotated[
        str,
        typer.Option(
            "--amount",
            help=both("Betrag: netto, bei Bruttopreisen brutto.", "Amount: net, or gross where prices are gross."),
            show_default=False,
        ),
    ],
    line: Annotated[
        int | None,
        typer.Option("--line", help=both("Nummer der Zeile; leer: alle.", "Number of the line; blank: all.")),
    ] = None,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Take part of an invoice back."""
    where = house(seller, on)
    number_ = find_document(where.id, invoice)
    currency = document_rows([number_], on=where.on)[number_].currency
    minor = money_of(value, currency, where, "--amount")
    try:
        corrected = credit_invoice(number_, amount=minor, line=line, on=where.on, reason=reason, by=stamp())
    except CorrectionRefusedError as error:
        if error.code == "too_much":
            raise CorrectionRefusedError("too_much", left=amount(int(error.params["left"]), currency)) from None
        raise
    _corrected(corrected, number_, where, json=json)


def _corrected(corrected: Corrected, original: int, where: House, *, json: bool) -> None:
    rows = document_rows([corrected.invoice, original], on=where.on)
    made, before = rows[corrected.invoice], rows[original]
    if json:
        found: dict[str, Any] = {"document": made, "original": before}
        answer(found)
        return
    show(
        say(
            "{kind} {n} über {a} zu {o}; {o} ist jetzt: {s}.",
            "{kind} {n} of {a} for {o}; {o} is now: {s}.",
            kind=kind_word(made.kind), n=made.number, a=amount(made.gross, made.currency), o=before.number,
            s=status_word(before.status, language()),
        ),
        say("Weiter: turnus invoice pdf {n}", "Next: turnus invoice pdf {n}", n=made.number),
    )  # fmt: skip
