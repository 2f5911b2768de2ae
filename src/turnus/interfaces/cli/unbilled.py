"""``turnus invoice unbilled``: supplies that wait for their invoice, and until when the law lets them (L-03)."""

from __future__ import annotations

from typing import Final

from turnus.core.deadlines import Colour
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.invoices import app
from turnus.interfaces.cli.language import columns, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, house
from turnus.interfaces.cli.screen import amount, answer, day, number, plain, show, table
from turnus.invoices.unbilled import unbilled_supplies

_SIGNS: Final = {
    Colour.GREEN: ("green", "Zeit", "in time"),
    Colour.YELLOW: ("yellow", "bald", "soon"),
    Colour.RED: ("red", "überfällig", "overdue"),
}


@app.command(
    "unbilled",
    help=example(
        "Zeigt, was geleistet und nicht berechnet ist, mit der gesetzlichen Frist.",
        "Lists what was supplied and is not invoiced, with the deadline of the law.",
        "invoice unbilled",
        "invoice unbilled --on 16.10.2026 --json",
    ),
)
def unbilled(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Supplies in a table, the most urgent first."""
    where = house(seller, on)
    rows, parked = unbilled_supplies(where.id, on=where.on)
    if json:
        answer({"on": where.on, "parked": parked, "supplies": rows})
    elif rows:
        table(
            columns(
                "Frist|Deadline", "Status|Status", "Kunde|Customer", "Name|Name", "Geleistet|Supplied", "Netto|Net"
            ),
            [
                (day(row.due), f"[{_SIGNS[row.colour][0]}]{say(*_SIGNS[row.colour][1:])}[/]", plain(row.customer),
                 plain(row.name), day(row.supplied), amount(row.net, row.currency))
                for row in rows
            ],
            right=(5,),
        )  # fmt: skip
    else:
        show(say("Alles Geleistete ist berechnet.", "All that was supplied is invoiced."))
    if parked and not json:
        german = "{n} Abrechnungen lassen sich nicht rechnen: turnus run preview zeigt, warum."
        show(say(german, "{n} units cannot be reckoned: turnus run preview shows why.", n=number(parked)))
    findings(any_=any(row.colour is Colour.RED for row in rows))
