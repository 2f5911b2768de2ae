"""``turnus usage`` and ``turnus invoice usage``: report and read usage, and what an invoice shows of it."""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from turnus.contracts.lookup import contract_id
from turnus.contracts.meter import report_usage
from turnus.contracts.usage_queries import unmet_corrections, usage_in
from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import last_day, parse_moment
from turnus.core.intake.texts import message
from turnus.core.periods import Period, add_months
from turnus.core.usage import UsageRecord, local_moment
from turnus.core.usage_rows import usage_file
from turnus.core.words.usage import AGGREGATIONS
from turnus.integration.files import write_csv
from turnus.interfaces.cli.contracts import ContractArgument
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.imports import warn_of_unmet
from turnus.interfaces.cli.invoices import InvoiceArgument
from turnus.interfaces.cli.invoices import app as invoices
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, SellerOption, day_of, decimal_of, house, stamp
from turnus.interfaces.cli.screen import answer, number, plain, show, table
from turnus.interfaces.cli.summaries import word
from turnus.invoices.document import invoice_document
from turnus.invoices.queries import find_document

app = typer.Typer(
    name="usage",
    no_args_is_help=True,
    help=example(
        "Verbrauch melden und ansehen; Dateien nimmt turnus import usage.",
        "Report and read usage; files are taken by turnus import usage.",
        "usage show V-1",
    ),
)

MeterArgument = Annotated[
    str, typer.Argument(help=both("Zähler, oder Code der Position.", "Meter, or code of the item."), show_default=False)
]
KeyOption = Annotated[
    str,
    typer.Option("--key", help=both("Eindeutig: zweimal gemeldet zählt einmal.", "Unique: reported twice counts once."),
                 show_default=False),
]  # fmt: skip
AtOption = Annotated[
    str,
    typer.Option("--at", metavar=both("ZEITPUNKT", "MOMENT"), help=both("Tag oder Zeitpunkt; leer: heute.",
                 "Day or moment; blank: today.")),
]  # fmt: skip
QuantityOption = Annotated[str, typer.Option("--quantity", help=both("Menge oder Stand.", "Quantity or level."))]
AmountOption = Annotated[
    str, typer.Option("--amount", help=both("Betrag bewerteten Verbrauchs.", "Amount of rated usage."))
]
UnitOption = Annotated[str, typer.Option("--unit", help=both("Einheit.", "Unit."))]
DimensionOption = Annotated[str, typer.Option("--dimension", help=both("region=eu;art=anruf", "region=eu;kind=call"))]
SubjectOption = Annotated[str, typer.Option("--subject", help=both("Nutzer, Gerät …", "User, device …"))]
CorrectsOption = Annotated[
    str, typer.Option("--corrects", help=both("Schlüssel des Ereignisses, das dieses ersetzt.", "Key it replaces."))
]


@app.command(
    "record",
    help=example(
        "Meldet ein Ereignis, oder berichtigt eines.",
        "Reports an event, or corrects one.",
        "usage record V-1 api --key e-1 --quantity 250 --at 2026-11-30T23:30:00Z",
        "usage record V-1 api --key e-2 --quantity 200 --corrects e-1",
    ),
)
def record(
    *,
    contract: ContractArgument,
    meter: MeterArgument,
    key: KeyOption,
    at: AtOption = "",
    quantity: QuantityOption = "",
    amount: AmountOption = "",
    unit: UnitOption = "",
    dimension: DimensionOption = "",
    subject: SubjectOption = "",
    corrects: CorrectsOption = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """One event."""
    where = house(seller)
    day, moment = _moment(at, where)
    event = UsageRecord(
        contract, meter, key, day, decimal_of(quantity, where, "--quantity") if quantity else None,
        decimal_of(amount, where, "--amount") if amount else None, unit, dimension, moment, subject, corrects,
    )  # fmt: skip
    added = report_usage(where.id, [event], by=stamp()).added
    unmet = [row for row in unmet_corrections(where.id) if (row.contract, row.key) == (contract, key)]
    if json:
        answer({"key": key, "day": day, "added": added, "unmet": bool(unmet)})
    elif added:
        show(say("Gemeldet. Der nächste Lauf rechnet es ab.", "Reported. The next run bills it."))
    else:
        show(say("War schon da; es zählt einmal.", "Was there already; it counts once."))
    if unmet and not json:
        warn_of_unmet(unmet)


def _moment(text: str, where: House) -> tuple[date, int]:
    if not text:
        return where.on, 0
    try:
        return local_moment(parse_moment(text, where.reading), where.zone)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--at") from None


@app.command(
    "show",
    help=example(
        "Zeigt, was die Positionen eines Vertrags in einem Zeitraum gemessen haben.",
        "Shows what the items of a contract have measured in a period.",
        "usage show V-1 --from 01.11.2026 --to 30.11.2026",
    ),
)
def show_(
    *,
    contract: ContractArgument,
    since: Annotated[
        str, typer.Option("--from", help=both("Erster Tag; leer: Monatserster.", "First day; blank: of the month."))
    ] = "",
    until: Annotated[
        str, typer.Option("--to", help=both("Letzter Tag; leer: einen Monat.", "Last day; blank: a month."))
    ] = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Usage per item."""
    where = house(seller, on)
    start = day_of(since, where.on, "--from") if since else where.on.replace(day=1)
    end = last_day(day_of(until, where.on, "--to"), where.reading) if until else None
    days = Period(start, end or add_months(start, 1))
    rows = usage_in(contract_id(where.id, contract), days, time_zone=where.facts.data.time_zone)
    if json:
        answer({"days": days, "items": rows})
        return
    titles = columns(
        "Position|Item", "Zähler|Meter", "Aggregation|Aggregation", "Filter|Filter", "Menge|Quantity", "Einheit|Unit",
        "Betrag|Amount",
    )  # fmt: skip
    table(
        titles,
        [
            (plain(row.code), plain(row.meter), word(AGGREGATIONS, row.aggregation), plain(row.only),
             number(row.quantity), row.unit, "" if row.amount is None else number(row.amount))
            for row in rows
        ],
        right=(4, 6),
    )  # fmt: skip


@invoices.command(
    "usage",
    help=example(
        "Zeigt den Verbrauch hinter den Zeilen eines Belegs, oder gibt ihn als CSV aus.",
        "Shows the usage behind the lines of a document, or writes it as CSV.",
        "invoice usage RE-2026-000001",
        "invoice usage RE-2026-000001 --csv --to verbrauch.csv",
    ),
)
def usage(
    *,
    invoice: InvoiceArgument,
    as_csv: Annotated[bool, typer.Option("--csv", help=both("Als CSV.", "As CSV."))] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help=both("CSV-Datei; leer: Bildschirm.", "CSV file; blank: screen."))
    ] = None,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """The usage that a document shows."""
    document = invoice_document(find_document(house(seller).id, invoice))
    header, rows = usage_file(document)
    if json:
        answer([{"line": line.number, "name": line.name, "unit": line.unit, "rows": line.usage}
                for line in document.lines if line.usage])  # fmt: skip
    elif to is not None:
        count = write_csv(to, header, rows)
        show(say("{n} Zeilen in {f}.", "{n} rows in {f}.", n=number(count), f=plain(to)))
    elif as_csv:
        csv.writer(sys.stdout, delimiter=";", lineterminator="\r\n").writerows([header, *rows])
    elif rows:
        titles = [plain(head) for head in (header[1], header[3], *header[6:])]
        table(titles, [[plain(cell) for cell in (row[1], row[3], *row[6:])] for row in rows], right=(4, 6))
    else:
        show(
            say(
                "Dieser Beleg zeigt keinen Verbrauch. Ob er gezeigt wird, sagt der Vertrag (Verbrauchsdarstellung).",
                "This document shows no usage. Whether it does, the contract says (usage_display).",
            )
        )
