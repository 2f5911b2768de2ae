"""``turnus contract``: what a contract itself says about its later prices."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.contracts.raises import NewRaise, plan_raise, stop_raises
from turnus.core.adjusting import RuleKind
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import (
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    decimal_of,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import day, show


@app.command(
    "raise",
    help=example(
        "Vereinbart Preiserhöhungen im Vertrag selbst, oder beendet sie. Jeder Lauf berechnet sie ohne Weiteres.",
        "Agrees price raises inside the contract, or stops them. Every run bills them by itself.",
        "contract raise V-1 --percent 3",
        "contract raise V-1 --item 1-LIZENZ --amount 0,50 --from 01.07.2027 --every 6 --until 30.06.2030",
        "contract raise V-1 --stop --from 01.01.2028",
    ),
)
def raise_(
    *,
    contract: ContractArgument,
    percent: Annotated[str, typer.Option("--percent", help=both("Prozent je Schritt.", "Percent each time."))] = "",
    amount: Annotated[
        str, typer.Option("--amount", help=both("Betrag je Einheit und Schritt.", "Amount per unit each time."))
    ] = "",
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    since: Annotated[
        str,
        typer.Option(
            "--from",
            metavar=both("TAG", "DAY"),
            help=both("Erster Schritt; leer: nächster Jahrestag.", "First raise; blank: the next anniversary."),
        ),
    ] = "",
    every: Annotated[
        int, typer.Option("--every", min=0, max=120, help=both("Alle n Monate; 0: einmal.", "Every n months; 0: once."))
    ] = 12,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar=both("TAG", "DAY"),
            help=both("Kein Schritt ab diesem Tag.", "None from this day on."),
        ),
    ] = "",
    stop: Annotated[
        bool, typer.Option("--stop", help=both("Keine weiteren Schritte ab --from.", "No raise from --from on."))
    ] = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Planned raises."""
    where = house(seller, on)
    first = optional_day(since, where, "--from")
    if (bool(percent) + bool(amount) + stop) != 1:
        text = say("genau eines von --percent, --amount, --stop", "exactly one of --percent, --amount, --stop")
        raise typer.BadParameter(text, param_hint="--percent")
    if stop:
        count = stop_raises(where.id, contract, end=first or where.on, reason=reason, by=stamp())
        show(say("{n} Erhöhungen beendet.", "{n} raises stopped.", n=count))
        return
    kind = RuleKind.PERCENT if percent else RuleKind.AMOUNT
    value = decimal_of(percent or amount, where, "--percent" if percent else "--amount")
    end = day_of(until, where.on, "--until") if until else None
    found = plan_raise(
        where.id, contract, NewRaise(kind, value, item, first, every, end), on=where.on, reason=reason, by=stamp()
    )
    show(say("Vereinbart, erstmals zum {d}.", "Agreed, for the first time on {d}.", d=day(found)))
