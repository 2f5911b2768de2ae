"""``turnus rates``: rates of VAT as dated data with their source."""

from __future__ import annotations

from typing import Annotated

import typer
from django.db import transaction

from turnus.catalog.offer import put_exchange_rate
from turnus.catalog.queries import rate_rows
from turnus.core.formatting import format_rate
from turnus.core.periods import FAR_FUTURE
from turnus.core.tax import RateRow
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, day_of, decimal_of, house, stamp
from turnus.interfaces.cli.screen import answer, day, plain, show, table
from turnus.stories.rates import enter_rates

app = typer.Typer(
    name="rates",
    no_args_is_help=True,
    help=example(
        "Umsatzsteuersätze ansehen und eintragen.",
        "Read and enter rates of VAT.",
        "rates list",
    ),
)


@app.command("list", help=example("Zeigt alle Steuersätze.", "Lists all rates.", "rates list"))
def list_(*, json: JsonOption = False) -> None:
    """All rates."""
    rows = rate_rows()
    if json:
        answer([row._asdict() for row in rows])
        return
    cells = [
        (row.country, row.tax_class, format_rate(row.rate, language()), day(row.valid_from),
         "" if row.valid_to == FAR_FUTURE else day(row.valid_to), plain(row.source))
        for row in rows
    ]  # fmt: skip
    titles = columns("Land|Country", "Klasse|Class", "Satz|Rate", "ab|from", "vor|before", "Quelle|Source")
    table(titles, cells, right=(2,))


@app.command(
    "add",
    help=example(
        "Trägt einen Satz ein; der nächste Lauf korrigiert, was darunter fällt und anders berechnet ist.",
        "Enters a rate; the next run corrects what falls under it and was billed otherwise.",
        'rates add DE standard 16 --from 01.07.2020 --until 31.12.2020 --source "§ 28 Abs. 1 UStG"',
    ),
)
def add(
    *,
    country: Annotated[str, typer.Argument(help=both("Land, etwa DE.", "Country, such as DE."))],
    tax_class: Annotated[str, typer.Argument(help=both("standard oder reduced.", "standard or reduced."))],
    percent: Annotated[str, typer.Argument(help=both("Prozent.", "Percent."))],
    since: Annotated[str, typer.Option("--from", help=both("Erster Tag.", "First day."), show_default=False)],
    source: Annotated[str, typer.Option("--source", help=both("Rechtsquelle.", "Source of law."), show_default=False)],
    until: Annotated[str, typer.Option("--until", help=both("Letzter Tag; leer: offen.", "Last day."))] = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Enter a rate."""
    where = house(seller, on)
    rate = decimal_of(percent, where, "PERCENT") * 100
    if rate != int(rate) or not 0 <= rate <= 10_000 or tax_class not in {"standard", "reduced"}:
        raise typer.BadParameter(say("Satz 0 bis 100 mit höchstens zwei Nachkommastellen; Klasse standard oder reduced",
                                     "rate 0 to 100 with at most two decimals; class standard or reduced"))  # fmt: skip
    first = day_of(since, where.on, "--from")
    end = type(first).fromordinal(day_of(until, where.on, "--until").toordinal() + 1) if until else FAR_FUTURE
    added = enter_rates([(RateRow(country.upper(), tax_class, first, end, int(rate)), source)], by=stamp())
    show(say("Eingetragen. Der nächste Rechnungslauf korrigiert den Unterschied.",
             "Entered. The next invoice run corrects the difference.") if added
         else say("Für diesen Tag gibt es schon einen Satz.", "There is a rate for this day already."))  # fmt: skip


@app.command(
    "exchange",
    help=example(
        "Trägt einen Umrechnungskurs ein; Rechnungen nennen die Steuer dann auch in Euro.",
        "Enters an exchange rate; invoices then state the VAT in euros too.",
        'rates exchange USD 1,0801 --from 01.11.2026 --source "BMF, November 2026"',
    ),
)
def exchange(
    *,
    currency: Annotated[str, typer.Argument(help=both("Währung, etwa USD.", "Currency, such as USD."))],
    rate: Annotated[str, typer.Argument(help=both("Einheiten je Euro.", "Units for one euro."))],
    since: Annotated[str, typer.Option("--from", help=both("Erster Tag.", "First day."), show_default=False)],
    source: Annotated[str, typer.Option("--source", help=both("Quelle.", "Source."), show_default=False)],
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Enter an exchange rate."""
    where = house(seller, on)
    units = decimal_of(rate, where, "RATE")
    if units <= 0:
        raise typer.BadParameter(say("mehr als 0", "above 0"), param_hint="RATE")
    with transaction.atomic(durable=True):
        added = put_exchange_rate(
            currency.upper(), units, valid_from=day_of(since, where.on, "--from"), source=source, by=stamp()
        )
    show(say("Eingetragen.", "Entered.") if added else say("Schon da.", "There already."))
