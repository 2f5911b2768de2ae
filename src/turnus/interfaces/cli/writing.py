"""``turnus invoice``: write invoices by hand, or bill a service period of a contract."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.contracts.naming import item_codes_meant
from turnus.core.document import Kind
from turnus.core.intake.dates import last_day
from turnus.core.messages import field_name
from turnus.core.periods import Period
from turnus.interfaces.cli import documents
from turnus.interfaces.cli.frame import FINDINGS, example
from turnus.interfaces.cli.invoices import InvoiceArgument, app, kind_word
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    SellerOption,
    day_of,
    decimal_of,
    house,
    money_of,
    stamp,
)
from turnus.interfaces.cli.screen import answer, plain, show
from turnus.invoices.manual import (
    Edit,
    Heading,
    ManualLine,
    bill_period,
    check_draft,
    discard_draft,
    edit_draft,
    head_of_draft,
    issue_draft,
    lines_of_draft,
    open_draft,
)
from turnus.invoices.queries import find_document
from turnus.parties.queries import customer_id

LINE_FORM = both("PRODUKT:MENGE:PREIS:VON:BIS[:TEXT]", "PRODUCT:QUANTITY:PRICE:FROM:TO[:TEXT]")
LINE_HELP = both(
    "Zeile; VON und BIS sind erster und letzter Tag der Leistung.",
    "Line; FROM and TO are first and last day of the service.",
)
LinesOption = Annotated[list[str], typer.Option("--line", metavar=LINE_FORM, help=LINE_HELP, show_default=False)]


ReferenceOption = Annotated[
    str | None, typer.Option("--reference", help=both("Referenz oder Bestellung.", "Reference or order."))
]
CentreOption = Annotated[str | None, typer.Option("--cost-centre", help=both("Kostenstelle.", "Cost centre."))]
NoteOption = Annotated[str | None, typer.Option("--note", help=both("Text über den Zeilen.", "Text above the lines."))]
DaysOption = Annotated[
    int | None, typer.Option("--payment-days", min=0, help=both("Zahlungsziel in Tagen.", "Days to pay."))
]


def line_of(text: str, where: House, option: str) -> ManualLine:
    """``LIZENZ:1:49,00:01.12.2026:31.12.2026:Text``. Raises ``typer.BadParameter``."""
    parts = text.split(":", 5)
    if len(parts) < 5:
        form = "LIZENZ:1:49,00:01.12.2026:31.12.2026"
        raise typer.BadParameter(say("Beispiel: {f}", "Example: {f}", f=form), param_hint=option)
    product, quantity, price, first, last, *label = parts
    start = day_of(first, where.on, option)
    end = day_of(last, where.on, option)
    if end < start:
        raise typer.BadParameter(
            say("das Ende liegt vor dem Beginn", "the end lies before the start"), param_hint=option
        )
    days = Period(start, last_day(end, where.reading) or end)
    return ManualLine(
        product, decimal_of(quantity, where, option), decimal_of(price, where, option), days, label[0] if label else ""
    )


@app.command(
    "new",
    help=example(
        "Beginnt eine Rechnung von Hand: ein Entwurf ohne Nummer.",
        "Starts an invoice by hand: a draft without a number.",
        'invoice new K-10001 --line "BERATUNG:2:120,00:03.12.2026:03.12.2026:Workshop"',
    ),
)
def new(
    *,
    customer: Annotated[str, typer.Argument(help=both("Kundennummer.", "Customer."), show_default=False)],
    lines: LinesOption,
    proforma: Annotated[bool, typer.Option("--proforma", help=both("Proformarechnung.", "Pro forma invoice."))] = False,
    reference: ReferenceOption = None,
    centre: CentreOption = None,
    note: NoteOption = None,
    days: DaysOption = None,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """A draft by hand."""
    where = house(seller, on)
    rows = [line_of(text, where, "--line") for text in lines]
    head = Heading(reference=reference or "", cost_centre=centre or "", note=note or "", payment_days=days,
                   kind=Kind.PROFORMA if proforma else Kind.INVOICE)  # fmt: skip
    invoice = open_draft(where.id, customer_id(where.id, customer), rows, on=where.on, head=head, by=stamp())
    _show(invoice, where, json=json)


def _show(invoice: int, where: House, *, json: bool) -> None:
    found = documents.detail(invoice, on=where.on)
    if json:
        answer(documents.as_json(found))
        return
    documents.describe(found, kind_word(found.row.kind), where.zone)
    if found.row.state == "draft":
        show("", say("Festschreiben: turnus invoice issue {i}", "Issue it: turnus invoice issue {i}", i=invoice))


@app.command(
    "lines",
    help=example(
        "Ändert die Zeilen eines von Hand geschriebenen Entwurfs.",
        "Changes the lines of a draft written by hand.",
        'invoice lines 17 --add "BERATUNG:1:120,00:04.12.2026:04.12.2026"',
        'invoice lines 17 --set "2=BERATUNG:3:110,00:04.12.2026:04.12.2026" --remove 1',
    ),
)
def lines(
    *,
    invoice: InvoiceArgument,
    add: Annotated[list[str] | None, typer.Option("--add", metavar=LINE_FORM, help=LINE_HELP)] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", metavar="N=…", help=both("Zeile N ersetzen.", "Replace line N."))
    ] = None,
    remove: Annotated[
        list[int] | None, typer.Option("--remove", metavar="N", help=both("Zeile N streichen.", "Remove line N."))
    ] = None,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Edit a draft."""
    where = house(seller, on)
    number = find_document(where.id, invoice)
    rows: dict[int, ManualLine] = dict(enumerate(lines_of_draft(number), 1))
    for text in change or ():
        place, _, line = text.partition("=")
        rows[_place(place, rows, "--set")] = line_of(line, where, "--set")
    for gone in remove or ():
        del rows[_place(str(gone), rows, "--remove")]
    found = [*(rows[place] for place in sorted(rows)), *(line_of(text, where, "--add") for text in add or ())]
    edit_draft(number, Edit(found, where.on if on else None), by=stamp())
    _show(number, where, json=json)


@app.command(
    "edit",
    help=example(
        "Ändert Empfänger, Datum und Kopf eines von Hand geschriebenen Entwurfs.",
        "Changes recipient, date and head of a draft written by hand.",
        'invoice edit 17 --on 05.12.2026 --note "Wie telefonisch besprochen" --reference PO-7',
    ),
)
def edit(
    *,
    invoice: InvoiceArgument,
    customer: Annotated[str, typer.Option("--customer", help=both("Kundennummer.", "Customer."))] = "",
    reference: ReferenceOption = None,
    centre: CentreOption = None,
    note: NoteOption = None,
    days: DaysOption = None,
    tongue: Annotated[
        str | None, typer.Option("--document-language", help=both("Sprache des Belegs.", "Language of the document."))
    ] = None,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Edit the head of a draft."""
    where = house(seller, on)
    number = find_document(where.id, invoice)
    head = head_of_draft(number)
    head = head._replace(
        reference=head.reference if reference is None else reference,
        cost_centre=head.cost_centre if centre is None else centre,
        note=head.note if note is None else note,
        payment_days=head.payment_days if days is None else days,
        language=tongue or head.language,
    )
    who = customer_id(where.id, customer) if customer else None
    edit_draft(number, Edit(None, where.on if on else None, who, head), by=stamp())
    _show(number, where, json=json)


@app.command(
    "check",
    help=example(
        "Prüft einen Entwurf: alles, was zum Festschreiben fehlt, auf einmal.",
        "Checks a draft: everything that is missing before it can be issued, at once.",
        "invoice check 17",
    ),
)
def check(*, invoice: InvoiceArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Check a draft."""
    where = house(seller)
    lacks = check_draft(find_document(where.id, invoice))
    if json:
        answer({"missing": [lack._asdict() for lack in lacks]})
    elif lacks:
        show(*(f"{plain(field_name(lack.field, language()))} ({plain(lack.law)})" for lack in lacks))
    else:
        show(say("Nichts fehlt.", "Nothing is missing."))
    if lacks:
        raise typer.Exit(FINDINGS)


def _place(text: str, rows: dict[int, ManualLine], option: str) -> int:
    if not text.strip().isdecimal() or int(text) not in rows:
        raise typer.BadParameter(say("die Zeile {n} gibt es nicht", "there is no line {n}", n=text), param_hint=option)
    return int(text)


@app.command(
    "issue",
    help=example(
        "Schreibt einen von Hand geschriebenen Entwurf fest: Nummer, unveränderlich, fällig.",
        "Issues a draft written by hand: number, frozen, due.",
        "invoice issue 17",
    ),
)
def issue(*, invoice: InvoiceArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Finalise a draft."""
    where = house(seller)
    number = issue_draft(find_document(where.id, invoice), by=stamp())
    if json:
        answer({"number": number})
        return
    show(
        say(
            "Festgeschrieben: {n}. Weiter: turnus invoice pdf {n}",
            "Issued: {n}. Next: turnus invoice pdf {n}",
            n=plain(number),
        )
    )


@app.command(
    "discard",
    help=example(
        "Verwirft einen von Hand geschriebenen Entwurf; er hatte nie eine Nummer.",
        "Discards a draft written by hand; it never had a number.",
        "invoice discard 17",
    ),
)
def discard(*, invoice: InvoiceArgument, seller: SellerOption = "") -> None:
    """Throw a draft away."""
    where = house(seller)
    discard_draft(find_document(where.id, invoice), by=stamp())
    show(say("Verworfen.", "Discarded."))


ContractArgument = Annotated[str, typer.Argument(help=both("Vertragsnummer.", "Contract."), show_default=False)]
ItemOption = Annotated[
    list[str],
    typer.Option("--item", help=both("Position; mehrfach möglich.", "Item; may repeat."), show_default=False),
]
FromOption = Annotated[
    str,
    typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Erster Tag.", "First day."), show_default=False),
]
ToOption = Annotated[
    str,
    typer.Option("--to", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."), show_default=False),
]
AmountOption = Annotated[
    str,
    typer.Option(
        "--amount", help=both("Vereinbarter Betrag; leer: nach Vertrag.", "Agreed amount; blank: by the contract.")
    ),
]


@app.command(
    "bill",
    help=example(
        "Berechnet einen Zeitraum eines Vertrags von Hand; kein Lauf berechnet ihn noch einmal.",
        "Bills a service period of a contract by hand; no run bills it again.",
        "invoice bill V-10001-1 --item 1-LIZENZ --from 01.12.2026 --to 31.12.2026",
        "invoice bill V-10001-1 --item 1-LIZENZ --from 01.12.2026 --to 31.12.2026 --amount 40,00",
    ),
)
def bill(
    *,
    contract: ContractArgument,
    items: ItemOption,
    first: FromOption,
    last: ToOption,
    value: AmountOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Bill a period of a contract."""
    where = house(seller, on)
    start, end = day_of(first, where.on, "--from"), day_of(last, where.on, "--to")
    if end < start:
        raise typer.BadParameter(
            say("das Ende liegt vor dem Beginn", "the end lies before the start"), param_hint="--to"
        )
    if value and len(items) > 1:
        raise typer.BadParameter(say("nur mit einer Position", "only with one item"), param_hint="--amount")
    agreed = money_of(value, where.currency, where, "--amount") if value else None
    days = Period(start, last_day(end, where.reading) or end)
    codes = item_codes_meant(where.id, contract, items)
    made = bill_period(where.id, contract, codes, days=days, on=where.on, amount=agreed, by=stamp())
    if json:
        rows = [{"invoice": invoice, "number": number} for invoice, number in made]
        answer(rows[0] | {"invoices": rows})
        return
    for _invoice, number in made:
        text = say(
            "Festgeschrieben: {n}. Weiter: turnus invoice show {n}",
            "Issued: {n}. Next: turnus invoice show {n}",
            n=plain(number),
        )
        show(text)
