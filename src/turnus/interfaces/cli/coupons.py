"""``turnus coupon``: offer coupons, redeem them, take redemptions back."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

import typer

from turnus.contracts.coupons import coupon_lines, redeem_coupon, redemptions
from turnus.contracts.revoke_coupon import revoke_coupon
from turnus.core.contracts import NewDiscount
from turnus.core.coupons import CouponData
from turnus.core.intake.coupons import COUPONS
from turnus.integration.enter import cells_of, enter
from turnus.integration.reports import Kind
from turnus.interfaces.cli.contracts import ContractArgument
from turnus.interfaces.cli.contracts import app as contracts
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.offers import off
from turnus.interfaces.cli.options import JsonOption, OnOption, ReasonOption, SellerOption, house, optional_day, stamp
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.products import PairsArgument, target
from turnus.interfaces.cli.screen import answer, day, last_day, number, plain, show, table
from turnus.parties.queries import customer_names

app = typer.Typer(
    name="coupon",
    no_args_is_help=True,
    help=example("Gutscheine: anlegen, ansehen, wer sie einlöste.", "Coupons: enter, read, who redeemed them.",
                 "coupon list"),
)  # fmt: skip


@app.command("list", help=example("Zeigt die Gutscheine.", "Lists the coupons.", "coupon list"))
def list_coupons(*, seller: SellerOption = "", json: JsonOption = False) -> None:
    """Coupons in a table."""
    rows = coupon_lines(house(seller).id)
    if json:
        answer(rows)
        return
    titles = columns(
        "Gutschein|Coupon", "gibt|gives", "einlösbar ab|from", "bis|until", "eingelöst|redeemed", "höchstens|limit"
    )  # fmt: skip
    table(
        titles,
        [
            (plain(row.coupon.code), _gives(row.coupon), day(row.coupon.valid_from), last_day(row.coupon.valid_to),
             number(row.redeemed), "" if row.coupon.most is None else number(row.coupon.most))
            for row in rows
        ],
        right=(4, 5),
    )  # fmt: skip


def _gives(coupon: CouponData) -> str:
    return off(NewDiscount(coupon.label, coupon.percent, coupon.amount, periods=coupon.periods), coupon.currency)


@app.command(
    "new",
    help=example(
        "Legt einen Gutschein an oder ändert ihn für künftige Einlösungen.",
        "Offers a coupon, or changes it for redemptions to come.",
        "coupon new SOMMER discount_percent=20 periods=3 valid_to=30.09.2026 limit=500 once_per_customer=ja",
        "coupon new WILLKOMMEN discount_amount=10,00 periods=1 new_customers=ja plans=TEAM",
    ),
)
def new_coupon(
    *,
    coupon: Annotated[str, typer.Argument(help=both("Code.", "Code."), show_default=False)],
    given: PairsArgument,
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """One row of the file of coupons."""
    where = house(seller, on)
    outcome = enter(Kind.COUPONS, {**cells_of(COUPONS, given), "coupon": coupon}, target(where), by=stamp())
    told = {
        "created": say("Angelegt.", "Entered."), "changed": say("Geändert; was eingelöst ist, bleibt.",
        "Changed; what was redeemed stays."), "unchanged": say("Schon genau so da.", "There already, word for word."),
    }  # fmt: skip
    show(told[outcome])


@app.command(
    "show",
    help=example(
        "Zeigt, wer einen Gutschein eingelöst hat.", "Shows who redeemed a coupon.", "coupon show SOMMER --json"
    ),
)
def show_coupon(
    *,
    coupon: Annotated[str, typer.Argument(help=both("Code.", "Code."), show_default=False)],
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Redemptions of one coupon."""
    where = house(seller)
    rows = redemptions(where.id, coupon)
    if json:
        answer(rows)
        return
    names = customer_names({row.customer for row in rows}, on=where.on)
    titles = columns("Nr|No", "Vertrag|Contract", "Kunde|Customer", "Tag|Day", "zurück ab|revoked from")
    lines = [
        (number(row.ordinal), plain(row.contract), plain(f"{names[row.customer].number} {names[row.customer].name}"),
         day(row.day), day(row.revoked))
        for row in rows
    ]  # fmt: skip
    table(titles, lines, right=(0,))


@contracts.command(
    "coupon",
    help=example(
        "Löst einen Gutschein für einen Vertrag ein; ein Rabatt für Zeiträume beginnt mit dem nächsten.",
        "Redeems a coupon for a contract; a discount for periods begins with the next one.",
        "contract coupon V-1 SOMMER",
        "contract coupon V-1 SOMMER --on 01.10.2026",
    ),
)
def redeem(
    *,
    contract: ContractArgument,
    coupon: Annotated[str, typer.Argument(help=both("Code.", "Code."), show_default=False)],
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Redeem a coupon."""
    where = house(seller, on)
    act = partial(redeem_coupon, where.id, contract, coupon, on=where.on, reason=reason, by=stamp())
    carry_out(where, contract, act, say("Eingelöst.", "Redeemed."), dry_run=dry_run, json=json)


@app.command(
    "revoke",
    help=example(
        "Nimmt einen eingelösten Gutschein zurück: ab dem nächsten Zeitraum, oder ab einem Tag, auch rückwirkend.",
        "Takes a redeemed coupon back: from the next period on, or from a day on, also backwards.",
        'coupon revoke V-1 SOMMER --reason "Versehentlich eingelöst" --dry-run',
        "coupon revoke V-1 SOMMER --from 01.12.2026",
    ),
)
def revoke(
    *,
    contract: ContractArgument,
    coupon: Annotated[str, typer.Argument(help=both("Code.", "Code."), show_default=False)],
    since: Annotated[
        str,
        typer.Option(
            "--from",
            metavar=both("TAG", "DAY"),
            help=both("Ab diesem Tag; leer: nächster Zeitraum.", "From this day; blank: the next period."),
        ),
    ] = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Revoke a redemption."""
    where = house(seller, on)
    first = optional_day(since, where, "--from")
    act = partial(revoke_coupon, where.id, contract, coupon, on=where.on, since=first, reason=reason, by=stamp())
    carry_out(where, contract, act, _revoked, dry_run=dry_run, json=json)


def _revoked(first: date) -> str:
    return say("Zurückgenommen ab {d}.", "Revoked from {d} on.", d=day(first))
