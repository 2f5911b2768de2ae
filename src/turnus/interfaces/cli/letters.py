"""``turnus letter``: letters on paper that are no invoices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from turnus.core.intake.dates import last_day
from turnus.core.periods import Period
from turnus.documents.archive import read
from turnus.documents.letters import letter_file, letter_rows
from turnus.interfaces.cli.campaigns import CodeArgument
from turnus.interfaces.cli.customers import CustomerArgument
from turnus.interfaces.cli.frame import Frame, RefusedError, example
from turnus.interfaces.cli.invoice_files import ToOption
from turnus.interfaces.cli.invoices import CustomerOption
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import (
    JsonOption,
    LimitOption,
    OnOption,
    SellerOption,
    day_of,
    home,
    house,
    press,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, plain, show, table
from turnus.interfaces.cli.writing import ContractArgument, FromOption
from turnus.parties.queries import customer_id, customer_names
from turnus.stories.letters import (
    Paper,
    account_statement,
    notice_paper,
    order_paper,
    price_paper,
    print_letter,
    renewal_paper,
    statement_paper,
)
from turnus.wiring import ports

app = typer.Typer(
    name="letter",
    cls=Frame,
    no_args_is_help=True,
    help=example(
        "Briefe als PDF im eigenen Design, archiviert: Kontoauszug, Auftragsbestätigung, Kündigung, Preise.",
        "Letters as PDF in the own design, archived: statement, order confirmation, notice, prices.",
        "letter statement K-10001 --from 01.01.2026 --to 31.12.2026",
    ),
)
KINDS = {
    "statement": ("Kontoauszug", "Statement"), "order": ("Auftragsbestätigung", "Order confirmation"),
    "notice": ("Kündigung", "Notice"), "renewal": ("Verlängerung", "Renewal"), "prices": ("Preise", "Prices"),
}  # fmt: skip
DryRun = Annotated[
    bool, typer.Option("--dry-run", help=both("Nur zeigen, nichts ablegen.", "Show only, file nothing."))
]


@app.command(
    "statement",
    help=example(
        "Kontoauszug eines Kunden: Anfangsbestand, Vorgänge, Saldo; mit --confirm als Saldenbestätigung.",
        "Statement of a customer: opening balance, bookings, balance; --confirm asks to confirm it.",
        "letter statement K-10001 --from 01.01.2026 --until 31.12.2026 --confirm",
    ),
)
def statement(
    *,
    customer: CustomerArgument,
    first: FromOption,
    last: Annotated[
        str,
        typer.Option("--until", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."), show_default=False),
    ],
    confirm: Annotated[
        bool, typer.Option("--confirm", help=both("Um Bestätigung bitten.", "Ask to confirm the balance."))
    ] = False,
    currency: Annotated[
        str, typer.Option("--currency", help=both("Leer: Währung des Verkäufers.", "Blank: the seller's."))
    ] = "",
    to: ToOption = Path(),
    dry_run: DryRun = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """A customer's account over a period."""
    where = house(seller, on)
    start, end = day_of(first, where.on, "--from"), day_of(last, where.on, "--until")
    if end < start:
        raise typer.BadParameter(
            say("das Ende liegt vor dem Beginn", "the end lies before the start"), param_hint="--until"
        )
    days = Period(start, last_day(last, where.reading) or end)
    who, money = customer_id(where.id, customer), (currency or where.currency).upper()
    paper = statement_paper(where.id, who, money, days, confirm=confirm, on=where.on)
    if json and dry_run:
        found = account_statement(where.id, who, money, days)
        rows = [{"day": row.booking.day, "text": row.booking.text, "amount": row.booking.amount,
                 "balance": row.balance} for row in found.rows]  # fmt: skip
        answer({"opening": found.opening, "rows": rows, "closing": found.closing, "currency": money})
        return
    _make(paper, to, dry_run=dry_run, json=json)


@app.command(
    "order",
    help=example("Auftragsbestätigung zu einem Vertrag.", "Order confirmation of a contract.", "letter order V-1"),
)
def order(
    *,
    contract: ContractArgument,
    to: ToOption = Path(),
    dry_run: DryRun = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Confirm a contract."""
    where = house(seller, on)
    _make(order_paper(where.id, contract, on=where.on), to, dry_run=dry_run, json=json)


@app.command(
    "notice",
    help=example(
        "Brief zur letzten Kündigung eines Vertrags oder zu ihrem Widerruf.",
        "Letter on the last notice of a contract, or on its revocation.", "letter notice V-1",
    ),
)  # fmt: skip
def notice(
    *,
    contract: ContractArgument,
    to: ToOption = Path(),
    dry_run: DryRun = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Notice or revocation."""
    where = house(seller, on)
    _make(notice_paper(where.id, contract, on=where.on), to, dry_run=dry_run, json=json)


@app.command(
    "renewal",
    help=example("Erinnerung an eine Verlängerung.", "Reminder of a renewal.", "letter renewal V-1 --on 01.12.2026"),
)
def renewal(
    *,
    contract: ContractArgument,
    to: ToOption = Path(),
    dry_run: DryRun = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Reminder of a renewal."""
    where = house(seller, on)
    _make(renewal_paper(where.id, contract, on=where.on), to, dry_run=dry_run, json=json)


@app.command(
    "prices",
    help=example(
        "Brief einer Preisanpassung an einen Vertrag.", "Letter of a price campaign to a contract.",
        "letter prices NETZ-2027 V-1",
    ),
)  # fmt: skip
def prices(
    *,
    code: CodeArgument,
    contract: ContractArgument,
    to: ToOption = Path(),
    dry_run: DryRun = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """New prices."""
    where = house(seller, on)
    _make(price_paper(where.id, code, contract, on=where.on), to, dry_run=dry_run, json=json)


@app.command("list", help=example("Zeigt die abgelegten Briefe.", "Lists the letters on file.", "letter list"))
def list_(
    *, customer: CustomerOption = "", limit: LimitOption = 50, seller: SellerOption = "", json: JsonOption = False
) -> None:
    """Letters on file."""
    where = house(seller)
    rows = letter_rows(where.id, customer=customer_id(where.id, customer) if customer else None, limit=limit)
    names = customer_names({row.customer for row in rows}, on=where.on)
    if json:
        answer({"letters": [row._asdict() | {"customer": names[row.customer].number} for row in rows]})
        return
    table(
        columns("Nr.|No.", "Datum|Date", "Art|Kind", "Kunde|Customer", "Betreff|Subject"),
        [
            (row.id, day(row.dated), say(*KINDS[row.kind]), plain(names[row.customer].number), plain(row.title))
            for row in rows
        ],
        right=(0,),
    )


@app.command("pdf", help=example("Schreibt einen abgelegten Brief.", "Writes a letter on file.", "letter pdf 7"))
def pdf(
    *,
    letter: Annotated[int, typer.Argument(help=both("Nummer aus letter list.", "Number of letter list."))],
    to: ToOption = Path(),
    seller: SellerOption = "",
) -> None:
    """The archived file."""
    sha256 = letter_file(house(seller).id, letter)
    if sha256 is None:
        raise RefusedError("unknown_letter", letter=str(letter))
    show(plain(_write(read(press().files, sha256), to, letter)))


def _make(paper: Paper, to: Path, *, dry_run: bool, json: bool) -> None:
    letter = paper.letter
    if dry_run:
        said = {"title": letter.title, "paragraphs": letter.paragraphs, "after": letter.after,
                "rows": letter.table.rows if letter.table else ()}  # fmt: skip
        if json:
            answer(said)
            return
        show(plain(letter.title), "", *map(plain, letter.paragraphs))
        if letter.table:
            table(letter.table.columns, letter.table.rows, right=letter.table.right)
        show(*map(plain, letter.after))
        return
    number, content = print_letter(paper, ports(home()).letters, press().files, by=stamp())
    file = _write(content, to, number)
    if json:
        answer({"letter": number, "file": str(file)})
        return
    show(plain(file))


def _write(content: bytes, to: Path, letter: int) -> Path:
    file = to if to.suffix.lower() == ".pdf" else to / f"{say('Brief', 'letter')}-{letter}.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file
