"""``turnus marketplace``: what is traded becomes invoices to buyers, payouts to suppliers and commission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from turnus.catalog.facts import schemes_of
from turnus.catalog.offer import newest_scheme
from turnus.contracts.markets import SUPPLIER, join_supplier, market_named, markets, members, open_market
from turnus.core.marketplace import MONTHLY, Act, Commission, Market
from turnus.core.periods import FAR_FUTURE, Period
from turnus.core.schemes import ZERO
from turnus.integration.reports import Kind
from turnus.interfaces.cli.amendments import FromOption
from turnus.interfaces.cli.frame import RefusedError, example, findings
from turnus.interfaces.cli.imports import import_command
from turnus.interfaces.cli.language import both, columns, say
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
    stamp,
)
from turnus.interfaces.cli.screen import amount, answer, day, heading, number, period, plain, show, table
from turnus.invoices.marketplace import Balance, TradeLine, reconcile, trade_history, trade_lines
from turnus.parties.facts import customer_ids, customer_numbers

app = typer.Typer(
    name="marketplace",
    no_args_is_help=True,
    help=example(
        "Marktplätze: Verkäufe werden Rechnung an Käufer, Gutschrift an Anbieter und Provision.",
        "Marketplaces: trades become invoices to buyers, payouts to suppliers, and commission.",
        "marketplace open M1 --product WARE --percent 12 --from 01.01.2027",
        "marketplace import verkaeufe.csv",
        "marketplace reconcile M1",
    ),
)

CodeArgument = Annotated[
    str, typer.Argument(metavar=both("MARKTPLATZ", "MARKETPLACE"), help=both("Code des Marktplatzes.", "Its code."))
]
PercentOption = Annotated[str, typer.Option("--percent", help=both("Provision in Prozent.", "Commission in percent."))]
FixedOption = Annotated[
    str, typer.Option("--fixed", help=both("Fester Betrag je Verkauf, netto.", "Amount for each trade, net."))
]
SchemeOption = Annotated[
    str,
    typer.Option(
        "--scheme", help=both("Preisschema, gestaffelt nach Umsatz des Zeitraums.", "Price scheme, tiers by turnover.")
    ),
]
SinceOption = Annotated[
    str,
    typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Zeiträume ab diesem Tag.", "Periods from this day.")),
]
LastOption = Annotated[
    str,
    typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Zeiträume bis dahin.", "Periods through it.")),
]


@app.command(
    "open",
    help=example(
        "Eröffnet einen Marktplatz; was hier steht, gilt für alle, die nichts anderes vereinbaren.",
        "Opens a marketplace; what is said here holds for all who agree nothing else.",
        "marketplace open M1 --product WARE --product BUCH --percent 12 --fixed 0,30 --from 01.01.2027",
        "marketplace open M2 --product WARE --scheme STAFFEL --charge PROVISION --from 01.01.2027",
    ),
)
def open_(
    *,
    code: CodeArgument,
    product: Annotated[
        list[str] | None,
        typer.Option("--product", help=both("Was verkauft wird; mehrfach.", "What is sold; may repeat.")),
    ] = None,
    percent: PercentOption = "",
    fixed: FixedOption = "",
    scheme: SchemeOption = "",
    charge: Annotated[
        str,
        typer.Option(
            "--charge",
            help=both(
                "Provision als eigene Leistung mit diesem Produkt berechnen; sonst mindert sie die Gutschrift.",
                "Charge commission as a service of its own, with this product; else it lowers the payout.",
            ),
        ),
    ] = "",
    label: Annotated[
        str, typer.Option("--label", help=both("Text der einbehaltenen Provision.", "Text of a kept commission."))
    ] = "",
    cycle: Annotated[
        str, typer.Option("--cycle", help=both("Zeitraum; leer: ein Monat.", "Period; blank: a month."))
    ] = "",
    currency: Annotated[
        str, typer.Option("--currency", help=both("Leer: die des Verkäufers.", "Blank: the seller's."))
    ] = "",
    since: FromOption,
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Agree a marketplace contract."""
    where = house(seller, on)
    agreed = _commission(where, percent, fixed, scheme)
    market = Market(
        code, day_of(since, where.on, "--from"), (currency or where.currency).upper(), tuple(product or ()), agreed,
        charge, cycle_of(cycle, where, "--cycle") if cycle else MONTHLY, label,
    )  # fmt: skip
    open_market(where.id, market, by=stamp())
    show(
        say(
            "Marktplatz {c} ist ab {d} offen.", "Marketplace {c} is open from {d}.", c=plain(code), d=day(market.since)
        ),
        f"turnus marketplace supplier {plain(code)} …",
    )


def _commission(where: House, percent: str, fixed: str, scheme: str) -> Commission:
    found = newest_scheme(where.id, scheme) if scheme else 0
    return Commission(
        decimal_of(percent, where, "--percent") if percent else ZERO,
        decimal_of(fixed, where, "--fixed") if fixed else ZERO,
        schemes_of([found])[found]._replace(id=0) if found else None,
    )


@app.command(
    "supplier",
    help=example(
        "Lässt einen Anbieter verkaufen; die Gutschrift muss mit ihm vereinbart sein (turnus customer supplier).",
        "Lets a supplier sell, who must have agreed to self-billing (turnus customer supplier).",
        "marketplace supplier M1 K-9",
        "marketplace supplier M1 K-10 --percent 8",
    ),
)
def supplier_(
    *,
    code: CodeArgument,
    customer: Annotated[str, typer.Argument(metavar=both("KUNDE", "CUSTOMER"), help=both("Kundennummer.", "Number."))],
    percent: PercentOption = "",
    fixed: FixedOption = "",
    scheme: SchemeOption = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """A supplier joins."""
    where = house(seller, on)
    own = _commission(where, percent, fixed, scheme) if percent or fixed or scheme else None
    join_supplier(where.id, code, customer, own, reason=reason, by=stamp())
    show(say("{k} verkauft auf {c}.", "{k} sells at {c}.", k=plain(customer), c=plain(code)))


app.command(
    "import",
    help=example(
        "Übernimmt Verkäufe, Korrekturen und Stornos; jeder Schlüssel zählt einmal, Käufer kommen von selbst dazu.",
        "Takes trades, corrections and cancellations; each key counts once, buyers join by themselves.",
        "marketplace import verkaeufe.csv --dry-run",
        "import columns trades",
    ),
)(import_command(Kind.TRADES))


@app.command(
    "list",
    help=example("Zeigt alle Marktplätze mit ihren Anbietern.", "Shows all marketplaces with their suppliers.",
                 "marketplace list", "marketplace list --json"),
)  # fmt: skip
def list_(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """All marketplaces."""
    where = house(seller, on)
    stored = markets(where.id)
    joined = members([row.id for row in stored])
    numbers = customer_numbers({row.customer for row in joined})
    suppliers = {
        row.id: [numbers[m.customer] for m in joined if m.market == row.id and m.role == SUPPLIER] for row in stored
    }
    if json:
        answer([{**row.market._asdict(), "suppliers": suppliers[row.id]} for row in stored])
        return
    table(
        columns("Marktplatz|Marketplace", "ab|from", "Produkte|Products", "Provision|Commission", "Anbieter|Suppliers"),
        [
            (plain(row.market.code), day(row.market.since), plain(", ".join(row.market.products)),
             _rate(row.market), plain(", ".join(suppliers[row.id])))
            for row in stored
        ],
    )  # fmt: skip


def _rate(market: Market) -> str:
    percent, fixed, scheme = market.commission
    words = [f"{number(percent)} %"] if percent else []
    words += [f"{number(fixed)} {market.currency}"] if fixed else []
    words += [say("gestaffelt", "in tiers")] if scheme else []
    how = say("berechnet", "charged") if market.charge else say("einbehalten", "kept")
    return f"{' + '.join(words)}, {how}"


# ---- what was traded -------------------------------------------------------------------------------------------------


@app.command(
    "trades",
    help=example(
        "Zeigt Verkäufe mit ihren drei Teilen: was der Käufer zahlt, was ausgezahlt wird, die Provision.",
        "Shows trades with their three parts: what the buyer pays, what is paid out, commission.",
        "marketplace trades M1 --from 01.01.2027 --last-day 31.01.2027",
        "marketplace trades M1 --supplier K-9 --json",
    ),
)
def trades_(
    *,
    code: CodeArgument,
    since: SinceOption = "",
    last: LastOption = "",
    supplier: Annotated[str, typer.Option("--supplier", help=both("Nur dieser Anbieter.", "This one only."))] = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Trades that count."""
    where = house(seller, on)
    stored = market_named(where.id, code)
    who = customer_ids(where.id, [supplier]).get(supplier) if supplier else 0
    if who is None:
        raise RefusedError("unknown_customer", customer=supplier)
    rows = trade_lines(stored, _days(stored.market, where, since, last), supplier=who)
    if json:
        answer([_line(row) for row in rows])
        return
    _trade_table(rows)


def _days(market: Market, where: House, since: str, last: str) -> Period | None:
    if not since and not last:
        return None
    start = day_of(since, where.on, "--from") if since else market.since
    return Period(max(start, market.since), end_of(last, where, "--last-day") if last else FAR_FUTURE)


def _line(row: TradeLine) -> dict[str, Any]:
    return {**row.trade._asdict(), **row.parts._asdict(), "buyer": row.trade.buyer, "buyer_net": row.parts.buyer,
            "difference": row.parts.difference}  # fmt: skip


def _trade_table(rows: Sequence[TradeLine]) -> None:
    titles = columns(
        "Schlüssel|Key", "Tag|Day", "Produkt|Product", "Käufer|Buyer", "Anbieter|Supplier", "Rechnung|Invoice",
        "Auszahlung|Payout", "Provision|Commission",
    )  # fmt: skip
    table(
        titles,
        [
            (plain(row.key), day(row.day), plain(row.product), plain(row.buyer), plain(row.supplier),
             *(amount(value, row.currency) for value in parts))
            for row, parts in rows
        ],
        right=(5, 6, 7),
    )  # fmt: skip


@app.command(
    "show",
    help=example(
        "Zeigt einen Verkauf mit allem, was ihn ersetzt oder storniert hat.",
        "Shows a trade with everything that took its place or cancelled it.",
        "marketplace show M1 B-1001",
    ),
)
def show_(
    *,
    code: CodeArgument,
    key: Annotated[str, typer.Argument(metavar=both("SCHLÜSSEL", "KEY"), help=both("Schlüssel.", "Its key."))],
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """One trade."""
    stored = market_named(house(seller, on).id, code)
    rows, line = trade_history(stored, key)
    if not rows:
        raise RefusedError("trade_unknown", of=key, market=code)
    if json:
        answer({"rows": rows, "counts": _line(line) if line else None})
        return
    words = {
        Act.SALE: say("Verkauf", "sale"), Act.CORRECTION: say("Korrektur", "correction"),
        Act.CANCELLATION: say("Storno", "cancellation"),
    }  # fmt: skip
    table(
        columns("Schlüssel|Key", "Vorgang|Act", "Tag|Day", "Käufer|Buyer", "Anbieter|Supplier", "Netto|Net"),
        [
            (plain(row.key), words[row.act], day(row.day), plain(row.buyer), plain(row.supplier),
             amount(row.net, row.currency))
            for row in rows
        ],
        right=(5,),
    )  # fmt: skip
    if line is None:
        show(say("Zählt nicht mehr.", "Counts no more."))
    else:
        _trade_table([line])


@app.command(
    "reconcile",
    help=example(
        "Stellt Verkäufe, Rechnungen, Gutschriften und Provision gegenüber; endet mit 1, wo sie nicht aufgehen.",
        "Sets trades against invoices, payouts and commission; ends with 1 where they do not add up.",
        "marketplace reconcile M1",
        "marketplace reconcile M1 --from 01.01.2027 --last-day 31.03.2027 --json",
    ),
)
def reconcile_(
    *,
    code: CodeArgument,
    since: SinceOption = "",
    last: LastOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Do the three parts add up to zero?"""
    where = house(seller, on)
    stored = market_named(where.id, code)
    balances = reconcile(stored, _days(stored.market, where, since, last))
    if json:
        answer([_balance(row) for row in balances])
    else:
        for row in balances:
            _print(row, stored.market.currency)
    findings(any_=any(row.wrong for row in balances))


def _balance(row: Balance) -> dict[str, Any]:
    found = row._asdict() | {"payout": row.payout, "commission": row.commission, "difference": row.difference}
    del found["period"]
    suppliers = [{**each._asdict(), "payout": each.payout} for each in row.suppliers]
    return {"start": row.period.start, "end": row.period.end, **found, "suppliers": suppliers, "state": _state(row)}


def _state(row: Balance) -> str:
    if row.wrong:
        return "wrong"
    billed = row.invoiced == row.traded and all(each.credited == each.traded for each in row.suppliers)
    return "balanced" if billed else "open"


def _print(row: Balance, currency: str) -> None:
    heading(period(row.period))
    titles = columns(
        "Anbieter|Supplier", "Verkäufe|Trades", "Verkauft|Traded", "Gutgeschrieben|Credited", "Provision|Commission",
        "Auszahlung|Payout",
    )  # fmt: skip

    def money(*values: int) -> list[str]:
        return [amount(value, currency) for value in values]

    table(
        titles,
        [
            (
                plain(each.supplier),
                number(each.trades),
                *money(each.traded, each.credited, each.commission, each.payout),
            )
            for each in row.suppliers
        ],
        right=range(1, 6),
    )
    invoiced, payout, commission, difference = money(row.invoiced, row.payout, row.commission, row.difference)
    show(
        say(
            "Rechnungen {i} − Auszahlungen {p} − Provision {c} = {d}",
            "Invoices {i} − payouts {p} − commission {c} = {d}",
            i=invoiced, p=payout, c=commission, d=difference,
        )
    )  # fmt: skip
    if row.wrong:
        show(
            "[bold red]✗[/bold red] "
            + say("Geht nicht auf: {w}", "Does not add up: {w}", w=plain(", ".join(row.wrong)))
        )
    elif _state(row) == "open":
        show("[yellow]…[/yellow] " + say("Noch nicht ganz abgerechnet.", "Not settled in full yet."))
    else:
        show("[green]✓[/green] " + say("Geht auf.", "Adds up."))
