"""``turnus contract``: what a contract itself says about its later prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Final

import typer

from turnus.contracts.clauses import agree_clause
from turnus.contracts.lookup import contract_id
from turnus.contracts.minimums import set_minimum
from turnus.contracts.naming import item_code_meant
from turnus.contracts.price_history import PriceEntry, price_history
from turnus.contracts.queries import contract_detail
from turnus.contracts.raises import plan_raise, stop_raises
from turnus.core.adjusting import RuleKind
from turnus.core.campaigns import Answer, Clause
from turnus.core.contracts import NewMinimum, NewRaise
from turnus.core.periods import add_months
from turnus.interfaces.cli.amendments import FromOption
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
    cycle_of,
    day_of,
    decimal_of,
    end_of,
    house,
    money_of,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.screen import amount, answer, day, instant, plain, price, show, table

LastDayOption = Annotated[
    str, typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))
]


@app.command(
    "raise",
    help=example(
        "Vereinbart Preiserhöhungen im Vertrag selbst, oder beendet sie. Jeder Lauf berechnet sie ohne Weiteres.",
        "Agrees price raises inside the contract, or stops them. Every run bills them by itself.",
        "contract raise V-1 --percent 3 --dry-run",
        "contract raise V-1 --item 1-LIZENZ --amount 0,50 --from 01.07.2027 --every 6 --until 30.06.2030",
        "contract raise V-1 --stop --from 01.01.2028",
    ),
)
def raise_(
    *,
    contract: ContractArgument,
    percent: Annotated[str, typer.Option("--percent", help=both("Prozent je Schritt.", "Percent each time."))] = "",
    amount_: Annotated[
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
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Planned raises."""
    where = house(seller, on)
    first = optional_day(since, where, "--from")
    if (bool(percent) + bool(amount_) + stop) != 1:
        text = say("genau eines von --percent, --amount, --stop", "exactly one of --percent, --amount, --stop")
        raise typer.BadParameter(text, param_hint="--percent")
    if stop:
        act: partial[Any] = partial(stop_raises, where.id, contract, end=first or where.on, reason=reason, by=stamp())
        carry_out(where, contract, act, _stopped, dry_run=dry_run, json=json)
        return
    kind = RuleKind.PERCENT if percent else RuleKind.AMOUNT
    value = decimal_of(percent or amount_, where, "--percent" if percent else "--amount")
    end = day_of(until, where.on, "--until") if until else None
    new = NewRaise(kind, value, item_code_meant(where.id, contract, item), first, every, end)
    act = partial(plan_raise, where.id, contract, new, on=where.on, reason=reason, by=stamp())
    carry_out(where, contract, act, _agreed, dry_run=dry_run, json=json)


def _agreed(first: date) -> str:
    return say("Vereinbart, erstmals zum {d}.", "Agreed, for the first time on {d}.", d=day(first))


def _stopped(count: int) -> str:
    return say("{n} Erhöhungen beendet.", "{n} raises stopped.", n=count)


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
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
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
    code = item_code_meant(where.id, contract, item)
    act = partial(agree_clause, where.id, contract, new, item=code, reason=reason, by=stamp())
    said = say("Festgehalten; Rechnungen ändern sich dadurch nicht.", "Recorded; invoices do not change by it.")
    if dry_run:
        carry_out(where, contract, act, said, dry_run=True, json=json)
        return
    act()
    if json:
        answer({"contract": contract, "clause": new})
        return
    show(said)


@app.command(
    "minimum",
    help=example(
        "Vereinbart einen Mindestbetrag je Zeitraum für den Vertrag oder eine Position; 0 hebt ihn auf.",
        "Agrees a minimum fee per period for the contract or an item; 0 takes it back.",
        'contract minimum V-1 50,00 --from 01.01.2027 --label "Mindestumsatz" --dry-run',
        "contract minimum V-1 120,00 --item 1-API --cycle jährlich --from 01.01.2027",
        'contract minimum V-1 0 --from 01.07.2027 --reason "Kulanz"',
    ),
    context_settings={"ignore_unknown_options": True},  # an amount below zero is told so, not taken for an option
)
def minimum(
    *,
    contract: ContractArgument,
    value: Annotated[
        str, typer.Argument(metavar=both("BETRAG", "AMOUNT"), help=both("Betrag je Zeitraum.", "Amount per period."))
    ],
    since: FromOption,
    last: LastDayOption = "",
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    cycle: Annotated[
        str, typer.Option("--cycle", help=both("Zeitraum; leer: wie der Preis.", "Period; blank: that of the price."))
    ] = "",
    product: Annotated[
        str,
        typer.Option(
            "--product", help=both("Besteuert die Zeile; leer: das erste.", "Taxes the line; blank: the first.")
        ),
    ] = "",
    label: Annotated[str, typer.Option("--label", help=both("Text auf der Rechnung.", "Text on invoices."))] = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """A minimum fee."""
    where = house(seller, on)
    currency = contract_detail(contract_id(where.id, contract), on=where.on).line.currency
    new = NewMinimum(
        money_of(value, currency, where, "AMOUNT"), product or None, item_code_meant(where.id, contract, item) or None,
        day_of(since, where.on, "--from"),
        end_of(last, where, "--last-day") if last else None, cycle_of(cycle, where, "--cycle") if cycle else None,
        label=label,
    )  # fmt: skip
    act = partial(set_minimum, where.id, contract, new, reason=reason, by=stamp())
    said = say("Mindestbetrag: {a}.", "Minimum fee: {a}.", a=amount(new.amount, currency))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


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
