"""``turnus job``: jobs invoiced in parts: deposits, progress and partial invoices, final invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from turnus.core.document import Kind
from turnus.interfaces.cli.frame import Frame, example
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    SellerOption,
    decimal_of,
    house,
    money_of,
    stamp,
)
from turnus.interfaces.cli.screen import amount, answer, heading, number, pairs, period, plain, price, show, table
from turnus.interfaces.cli.writing import LinesOption, line_of
from turnus.invoices.correct import Corrected
from turnus.invoices.jobs import (
    JobData,
    JobFacts,
    ask_advance,
    bill_part,
    finish_job,
    job_facts,
    job_numbers,
    open_job,
    settlement,
)
from turnus.parties.queries import customer_id

app = typer.Typer(
    name="job",
    cls=Frame,
    no_args_is_help=True,
    help=example(
        "Aufträge in Teilen berechnen: Anzahlung, Abschlag, Teilrechnung, Schlussrechnung.",
        "Invoice jobs in parts: deposit, progress, partial and final invoices.",
        "job show A-2026-17",
    ),
)
JobArgument = Annotated[str, typer.Argument(help=both("Auftragsnummer.", "Job."), show_default=False)]


@app.command(
    "new",
    help=example(
        "Legt einen Auftrag mit seinem vereinbarten Preis an.",
        "Enters a job with its agreed price.",
        'job new A-2026-17 K-10001 --line "BERATUNG:100:120,00:01.12.2026:31.03.2027:Umbau"',
    ),
)
def new(
    *,
    job: JobArgument,
    customer: Annotated[str, typer.Argument(help=both("Kundennummer.", "Customer."), show_default=False)],
    lines: LinesOption,
    name: Annotated[str, typer.Option("--name", help=both("Bezeichnung.", "Name."))] = "",
    reference: Annotated[
        str, typer.Option("--reference", help=both("Bestellung oder Referenz des Kunden.", "The buyer's order."))
    ] = "",
    construction: Annotated[
        bool, typer.Option("--construction", help=both("Bauleistung (E-Rechnung 875–877).", "Construction work."))
    ] = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Enter a job."""
    where = house(seller, on)
    rows = [line_of(text, where, "--line") for text in lines]
    who = customer_id(where.id, customer)
    data = JobData(job, who, rows, name, reference=reference, construction=construction)
    open_job(where.id, data, on=where.on, by=stamp())
    _show(where, job, json=json)


@app.command("list", help=example("Zeigt alle Aufträge.", "Lists all jobs.", "job list"))
def list_(*, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Every job with what is left of it."""
    where = house(seller)
    found = [job_facts(where.id, text) for text in job_numbers(where.id)]
    if json:
        answer({"jobs": [_as_json(facts) for facts in found]})
        return
    table(
        columns("Auftrag|Job", "Bezeichnung|Name", "Netto|Net", "Angefordert|Asked", "Schlussrechnung|Final invoice"),
        [
            (plain(f.job.number), plain(f.job.name), amount(f.net, f.job.currency), amount(f.asked, f.job.currency),
             plain(f.final))
            for f in found
        ],
        right=(2, 3),
    )  # fmt: skip


@app.command("show", help=example("Zeigt einen Auftrag.", "Shows a job.", "job show A-2026-17"))
def show_(*, job: JobArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """One job."""
    _show(house(seller), job, json=json)


NetOption = Annotated[str, typer.Option("--amount", help=both("Betrag netto.", "Net amount."))]
PercentOption = Annotated[
    str, typer.Option("--percent", help=both("Anteil am vereinbarten Preis.", "Part of the agreed price."))
]


@app.command(
    "deposit",
    help=example(
        "Stellt eine Anzahlungsrechnung aus, bevor die Leistung beginnt.",
        "Issues a deposit invoice before the work begins.",
        "job deposit A-2026-17 --percent 30",
    ),
)
def deposit(
    *,
    job: JobArgument,
    value: NetOption = "",
    percent: PercentOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Ask for a deposit."""
    _advance(Kind.DEPOSIT, house(seller, on), job, value, percent, json=json)


@app.command(
    "progress",
    help=example(
        "Stellt eine Abschlagsrechnung aus, während geleistet wird.",
        "Issues a progress invoice while the work is done.",
        "job progress A-2026-17 --amount 2.000,00",
    ),
)
def progress(
    *,
    job: JobArgument,
    value: NetOption = "",
    percent: PercentOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Ask for a progress payment."""
    _advance(Kind.PROGRESS, house(seller, on), job, value, percent, json=json)


def _advance(kind: Kind, where: House, job: str, value: str, percent: str, *, json: bool) -> None:
    if bool(value) == bool(percent):
        raise typer.BadParameter(say("Betrag oder Anteil", "an amount or a part"), param_hint="--amount")
    currency = job_facts(where.id, job).job.currency
    net = money_of(value, currency, where, "--amount") if value else None
    part = _percent(percent, where) if percent else 0
    _issued(ask_advance(where.id, job, kind, net=net, percent=part, on=where.on, by=stamp()), json=json)


def _percent(text: str, where: House) -> int:
    value = decimal_of(text.rstrip(" %"), where, "--percent")
    if not 0 < value <= 100 or value * 100 != int(value * 100):
        raise typer.BadParameter(say("0,01 bis 100", "0.01 to 100"), param_hint="--percent")
    return int(value * 100)


@app.command(
    "partial",
    help=example(
        "Stellt eine Teilrechnung über einen fertigen Teil aus: Zeile des Auftrags und Menge.",
        "Issues a partial invoice for a finished part: line of the job and quantity.",
        "job partial A-2026-17 --part 1=40",
    ),
)
def partial(
    *,
    job: JobArgument,
    parts: Annotated[
        list[str],
        typer.Option("--part", metavar="N=…", help=both("Zeile=Menge.", "Line=quantity."), show_default=False),
    ],
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Bill a finished part."""
    where = house(seller, on)
    wanted: dict[int, Decimal] = {}
    for text in parts:
        place, _, quantity = text.partition("=")
        if not place.strip().isdecimal():
            raise typer.BadParameter(say("Beispiel: 1=40", "Example: 1=40"), param_hint="--part")
        wanted[int(place)] = decimal_of(quantity, where, "--part")
    _issued(bill_part(where.id, job, wanted, on=where.on, by=stamp()), json=json)


@app.command(
    "final",
    help=example(
        "Stellt die Schlussrechnung aus; erhaltene Zahlungen werden mit ihrer Umsatzsteuer abgezogen.",
        "Issues the final invoice; payments received are deducted with their VAT.",
        "job final A-2026-17 --dry-run",
    ),
)
def final(
    *,
    job: JobArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=both("Nur zeigen, nichts ausstellen.", "Show only, issue nothing."))
    ] = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Finish a job."""
    where = house(seller, on)
    if not dry_run:
        _issued(finish_job(where.id, job, on=where.on, by=stamp()), json=json)
        return
    facts = job_facts(where.id, job)
    found = settlement(facts, on=where.on)
    if json:
        answer({"net": found.net, "tax": found.tax, "payable": found.payable,
                "deductions": [{"number": d.number, "net": d.net, "tax": d.tax, "closed": d.closed}
                               for d in found.deductions]})  # fmt: skip
        return
    currency = facts.job.currency
    rows = [(say("Netto", "Net"), amount(found.net, currency)), (say("USt", "VAT"), amount(found.tax, currency))]
    rows += [(plain(d.number), amount(-d.net - d.tax, currency)) for d in found.deductions]
    pairs([*rows, (say("Zahlbetrag", "Amount due"), amount(found.payable, currency))])


def _issued(made: Corrected, *, json: bool) -> None:
    if json:
        answer({"invoice": made.invoice, "number": made.number, "payable": made.gross})
        return
    text = say(
        "Festgeschrieben: {n}. Weiter: turnus invoice pdf {n}", "Issued: {n}. Next: turnus invoice pdf {n}",
        n=plain(made.number),
    )  # fmt: skip
    show(text)


def _show(where: House, job: str, *, json: bool) -> None:
    facts = job_facts(where.id, job)
    if json:
        answer(_as_json(facts))
        return
    currency = facts.job.currency
    heading(plain(f"{facts.job.number} {facts.job.name}".strip()))
    pairs([
        (say("Vereinbart (netto)", "Agreed (net)"), amount(facts.net, currency)),
        (say("Angefordert", "Asked for"), amount(facts.asked, currency)),
        (say("Noch anzufordern", "Still to ask for"), amount(facts.left, currency)),
        (say("Schlussrechnung", "Final invoice"), plain(facts.final)),
    ])  # fmt: skip
    left = {row.position: row.quantity for row in facts.rest}
    table(
        columns("Zeile|Line", "Text|Text", "Zeitraum|Period", "Menge|Quantity", "Offen|Left", "Preis|Price"),
        [
            (row.position, plain(row.label), period(row.days), number(row.quantity),
             number(left.get(row.position, Decimal(0))), price(row.price, currency))
            for row in facts.lines
        ],
        right=(0, 3, 4, 5),
    )  # fmt: skip
    for part in facts.advances.values():
        received, asked = amount(part.received, currency), amount(part.gross, currency)
        show(say("{n}: {r} von {a} erhalten", "{n}: {r} of {a} received", n=plain(part.number), r=received, a=asked))


def _as_json(facts: JobFacts) -> dict[str, object]:
    return {
        "job": facts.job.number, "name": facts.job.name, "currency": facts.job.currency, "net": facts.net,
        "asked": facts.asked, "left": facts.left, "final": facts.final,
        "advances": [
            {"number": part.number, "gross": part.gross, "received": part.received} for part in facts.advances.values()
        ],
    }  # fmt: skip
