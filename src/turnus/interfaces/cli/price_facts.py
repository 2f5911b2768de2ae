"""``turnus contract``: what a contract itself says about its later prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

import typer

from turnus.contracts.clauses import agree_clause
from turnus.contracts.lookup import contract_id
from turnus.contracts.price_history import PriceEntry, price_history
from turnus.contracts.queries import contract_detail
from turnus.contracts.raises import plan_raise, stop_raises
from turnus.core.adjusting import RuleKind
from turnus.core.campaigns import Answer, Clause
from turnus.core.contracts import NewRaise
from turnus.core.periods import add_months
from turnus.interfaces.cli.campaign_options import month_of_text
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    decimal_of,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, instant, plain, price, show, table


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


@app.command(
    "clause",
    help=example(
        "Hält fest, was der Vertrag über Preisänderungen sagt: Klausel, Preisgarantie, Index, Änderung im Zeitraum.",
        "Records what the contract says about price changes: clause, guarantee, index, change inside a period.",
        'contract clause V-1 --ground "Vertrag § 4" --index VPI --reference 2025-10 --threshold 5',
        "contract clause V-1 --fixed-until 31.12.2027",
        "contract clause V-1 --mid-period",
    ),
)
def clause(
    *,
    contract: ContractArgument,
    ground: Annotated[
        str, typer.Option("--ground", help=both("Klausel, auf der Änderungen beruhen.", "Clause that permits changes."))
    ] = "",
    mid_period: Annotated[
        bool,
        typer.Option(
            "--mid-period",
            help=both("Änderung auch im berechneten Zeitraum.", "A change also inside a billed period."),
        ),
    ] = False,
    fixed_until: Annotated[
        str,
        typer.Option(
            "--fixed-until", metavar=both("TAG", "DAY"), help=both("Preisgarantie bis.", "Price guarantee until.")
        ),
    ] = "",
    index: Annotated[str, typer.Option("--index", help=both("Indexreihe.", "Index series."))] = "",
    reference: Annotated[str, typer.Option("--reference", help=both("Bezugsmonat.", "Month compared with."))] = "",
    threshold: Annotated[
        str, typer.Option("--threshold", help=both("Schwelle in Prozent.", "Threshold, percent."))
    ] = "",
    cap: Annotated[
        str, typer.Option("--cap", help=both("Höchstens Prozent je Schritt.", "At most percent a step."))
    ] = "",
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """A clause on prices; it replaces the earlier one of the same item."""
    where = house(seller, on)
    last = optional_day(fixed_until, where, "--fixed-until")
    new = Clause(
        0, ground, mid_period, last + timedelta(days=1) if last else None, index,
        month_of_text(reference, where, "--reference"),
        decimal_of(threshold, where, "--threshold") if threshold else None,
        decimal_of(cap, where, "--cap") if cap else None,
    )  # fmt: skip
    agree_clause(where.id, contract, new, item=item, reason=reason, by=stamp())
    show(say("Festgehalten.", "Recorded."))


ORIGINS: Final[Mapping[str, tuple[str, str]]] = {
    "catalogue": ("Katalog", "catalogue"),
    "agreed": ("vereinbart", "agreed"),
    "correction": ("Berichtigung", "correction"),
    "campaign": ("Preisanpassung", "campaign"),
    "index": ("Index", "index"),
    "planned_raise": ("geplante Erhöhung", "planned raise"),
}


@app.command(
    "prices",
    help=example(
        "Zeigt jeden Preis eines Vertrags: seit wann, woher er kommt, wer wann zugestimmt hat.",
        "Shows every price of a contract: since when, where it comes from, who agreed and when.",
        "contract prices V-1",
        "contract prices V-1 --until 31.12.2030 --json",
    ),
)
def prices(
    *,
    contract: ContractArgument,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar=both("TAG", "DAY"),
            help=both(
                "Geplante bis zu diesem Tag; leer: zwei Jahre.", "Planned ones until this day; blank: two years."
            ),
        ),
    ] = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Prices with their origin."""
    where = house(seller, on)
    number_ = contract_id(where.id, contract)
    rows = price_history(number_, until=optional_day(until, where, "--until") or add_months(where.on, 24))
    if json:
        answer(rows)
        return
    currency = contract_detail(number_, on=where.on).line.currency
    titles = columns("Position|Item", "Ab|From", "Preis|Price", "Herkunft|Origin", "Beleg|Evidence")
    table(
        titles,
        [
            ("" if place and rows[place - 1].item == row.item else plain(row.item), day(row.since),
             price(row.price, currency) + (say(", Staffel", ", tiers") if row.tiers else ""),
             ORIGINS[row.origin][0 if language() == "de" else 1], _evidence(row, where))
            for place, row in enumerate(rows)
        ],
        right=(2,),
    )  # fmt: skip


def _evidence(row: PriceEntry, where: House) -> str:
    """Campaign, index months, consent or ground, reason: whatever there is."""
    parts = [row.campaign]
    if row.month and row.reference:
        parts.append(f"{row.month:%Y-%m} / {row.reference:%Y-%m}")
    if row.given_at is not None:
        said = say("Zustimmung", "consent") if row.answer == Answer.CONSENT else row.answer
        parts.append(f"{said} {instant(row.given_at, where.zone)} {row.channel} ({row.text_version})")
    parts += [row.ground, row.reason if row.reason != row.campaign else ""]
    return plain(", ".join(part for part in parts if part))
