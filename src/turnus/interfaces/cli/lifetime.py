"""``turnus contract``: pause, resume, reactivate, replace, and another billing day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated

import typer

from turnus.contracts.anchors import change_billing_day
from turnus.contracts.anchors import co_term as co_term_item
from turnus.contracts.discounts import grant_discount
from turnus.contracts.lookup import contract_id
from turnus.contracts.naming import item_code_meant, item_codes_meant
from turnus.contracts.orders import replace_by_order
from turnus.contracts.pauses import pause as pause_contract
from turnus.contracts.pauses import resume as resume_contract
from turnus.contracts.queries import contract_detail
from turnus.contracts.successors import reactivate as reactivate_contract
from turnus.core.contracts import NewDiscount, Timing
from turnus.core.offers import Conditions, Order
from turnus.core.pausing import NewPause
from turnus.interfaces.cli.amendments import FromOption
from turnus.interfaces.cli.concluding import (
    ArrearsOption,
    BillingOption,
    CycleOption,
    GroupOption,
    ItemOption,
    PlanOption,
    ReferenceOption,
    StartOption,
    WithoutOption,
    chosen_items,
)
from turnus.interfaces.cli.contracts import ContractArgument, ItemArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    cycle_of,
    day_of,
    house,
    stamp,
)
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.screen import day, plain
from turnus.interfaces.cli.term_options import (
    CutOffOption,
    InitialOption,
    NoticeOption,
    RenewalOption,
    given_terms,
    own_terms,
)
from turnus.interfaces.cli.terms import last_day_of
from turnus.parties.queries import customer_names


@app.command(
    "pause",
    help=example(
        "Pausiert einen Vertrag: diese Tage kosten nichts. Abrechnung und Leistung lassen sich getrennt aussetzen.",
        "Pauses a contract: these days cost nothing. Billing and service can be stopped apart.",
        "contract pause V-1 --from 10.01.2027 --until 09.02.2027 --dry-run",
        'contract pause V-1 --from 10.01.2027 --prolong --reason "Elternzeit"',
        "contract pause V-1 --from 10.01.2027 --only service",
    ),
)
def pause(
    *,
    contract: ContractArgument,
    since: FromOption,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar=both("TAG", "DAY"),
            help=both("Letzter Tag der Pause; leer: offen.", "Last day; blank: open."),
        ),
    ] = "",
    only: Annotated[
        str,
        typer.Option(
            "--only", help=both("Nur billing (Abrechnung) oder service (Leistung).", "billing or service only.")
        ),
    ] = "",
    prolong: Annotated[
        bool,
        typer.Option("--prolong", help=both("Die Laufzeit verlängert sich um die Pause.", "The term grows by it.")),
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Pause."""
    where = house(seller, on)
    if only not in ("", "billing", "service"):
        raise typer.BadParameter(say("billing oder service", "billing or service"), param_hint="--only")
    new = NewPause(
        day_of(since, where.on, "--from"), last_day_of(until, where, "--until"), billing=only != "service",
        service=only != "billing", prolongs=prolong,
    )  # fmt: skip
    by = stamp()
    carry_out(where, contract, partial(pause_contract, where.id, contract, new, reason=reason, by=by),
        say("Pausiert ab {d}.", "Paused from {d} on.", d=day(new.start)), dry_run=dry_run, json=json)  # fmt: skip


@app.command(
    "resume",
    help=example(
        "Setzt einen pausierten Vertrag fort; dieser Tag zählt wieder.",
        "Resumes a paused contract; this day counts again.",
        "contract resume V-1 --from 01.02.2027",
    ),
)
def resume(
    *,
    contract: ContractArgument,
    since: FromOption,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Resume."""
    where = house(seller, on)
    first, by = day_of(since, where.on, "--from"), stamp()
    carry_out(where, contract, partial(resume_contract, where.id, contract, on=first, reason=reason, by=by),
        say("Fortgesetzt ab {d}.", "Resumed from {d} on.", d=day(first)), dry_run=dry_run, json=json)  # fmt: skip


@app.command(
    "free",
    help=example(
        "Schenkt Gebührenzeiträume: einen freien Monat.",
        "Gives fee periods away: a free month.",
        "contract free V-1 --from 01.02.2027",
        'contract free V-1 --from 01.02.2027 --periods 2 --label "Willkommen"',
    ),
)
def free(
    *,
    contract: ContractArgument,
    since: FromOption,
    periods: Annotated[int, typer.Option("--periods", min=1, max=120, help=both("Wie viele.", "How many."))] = 1,
    label: Annotated[str, typer.Option("--label", help=both("Text auf der Rechnung.", "Text on invoices."))] = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """A free month."""
    where = house(seller, on)
    first = day_of(since, where.on, "--from")
    given = NewDiscount(label or say("Freimonat", "Free month"), percent=Decimal(100), start=first, periods=periods)
    act = partial(grant_discount, where.id, contract, given, reason=reason, by=stamp())
    carry_out(
        where, contract, act, say("Geschenkt ab {d}.", "Given from {d} on.", d=day(first)), dry_run=dry_run, json=json
    )


@app.command(
    "reactivate",
    help=example(
        "Lässt einen beendeten Vertrag wieder laufen. Die Tage dazwischen kosten nichts.",
        "Lets a contract that ended run again. The days between cost nothing.",
        "contract reactivate V-1 --from 01.02.2027",
        'contract reactivate V-1 --from 01.02.2027 --restart --initial "12 Monate" --notice "1 Monat"',
    ),
)
def reactivate(
    *,
    contract: ContractArgument,
    since: FromOption,
    restart: Annotated[
        bool,
        typer.Option(
            "--restart", help=both("Zeiträume beginnen an diesem Tag neu.", "Periods begin anew on this day.")
        ),
    ] = False,
    initial: InitialOption = "",
    renewal: RenewalOption = "",
    notice_period: NoticeOption = "",
    cut_off: CutOffOption = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Reactivate."""
    where = house(seller, on)
    first, by = day_of(since, where.on, "--from"), stamp()
    terms = given_terms(where, initial_term=initial, renewal_term=renewal, notice_period=notice_period, cut_off=cut_off)

    act = partial(reactivate_contract, where.id, contract, on=first, restart=restart, terms=terms, reason=reason, by=by)
    said = say("Läuft wieder ab {d}.", "Runs again from {d} on.", d=day(first))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


@app.command(
    "billing-day",
    help=example(
        "Legt Zeiträume auf einen anderen Tag des Monats; der Übergang wird nach Tagen geteilt.",
        "Moves periods to another day of the month; the transition is shared by days.",
        "contract billing-day V-1 --day 1 --from 01.03.2027 --dry-run",
        "contract billing-day V-1 --day 15 --from 01.03.2027 --item 1-LIZENZ --at-once",
    ),
)
def billing_day(
    *,
    contract: ContractArgument,
    number: Annotated[
        int, typer.Option("--day", min=1, max=31, help=both("Tag des Monats.", "Day of the month."), show_default=False)
    ],
    since: FromOption,
    items: Annotated[
        list[str] | None, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))
    ] = None,
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once",
            help=both("Mitten im bezahlten Zeitraum, mit Gutschrift.", "Inside the paid period, with a credit."),
        ),
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Another billing day."""
    where = house(seller, on)
    first, by = day_of(since, where.on, "--from"), stamp()
    named = item_codes_meant(where.id, contract, items or ())
    act = partial(
        change_billing_day, where.id, contract, day=number, since=first, items=named, at_once=at_once,
        reason=reason, by=by,
    )  # fmt: skip
    said = say("Abgerechnet wird künftig am {n}. des Monats.", "Billed on day {n} of the month from now on.", n=number)
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


@app.command(
    "co-term",
    help=example(
        "Bringt eine Position auf die Zeiträume des Vertrags: von da an eine Rechnung.",
        "Brings an item to the contract's periods: one invoice from then on.",
        "contract co-term V-1 2-ZUSATZ --from 01.03.2027",
    ),
)
def co_term(
    *,
    contract: ContractArgument,
    item: ItemArgument,
    since: FromOption,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Align an item."""
    where = house(seller, on)
    first, by, code = day_of(since, where.on, "--from"), stamp(), item_code_meant(where.id, contract, item)
    carry_out(where, contract, partial(co_term_item, where.id, contract, code, since=first, reason=reason, by=by),
        say("Angeglichen.", "Aligned."), dry_run=dry_run, json=json)  # fmt: skip


def _customer(where: House, contract: str) -> str:
    """Number of the customer of a contract."""
    number = contract_detail(contract_id(where.id, contract), on=where.on).line.customer
    return customer_names([number], on=where.on)[number].number


@app.command(
    "replace",
    help=example(
        "Ersetzt einen Vertrag durch einen neuen: der alte endet, wenn der neue beginnt.",
        "Replaces a contract by a new one: the old one ends when the new one begins.",
        "contract replace V-1 V-2 --start 01.01.2027 --item LIZENZ:5:49,00 --dry-run",
        "contract replace V-1 V-2 --start 01.01.2027 --plan TEAM/jahr",
    ),
)
def replace(
    *,
    contract: ContractArgument,
    new: Annotated[str, typer.Argument(help=both("Nummer des neuen.", "Number of the new one."), show_default=False)],
    start: StartOption,
    plan: PlanOption = "",
    items: ItemOption = None,
    without: WithoutOption = None,
    customer: Annotated[str, typer.Option("--customer", help=both("Leer: derselbe.", "Blank: the same."))] = "",
    cycle: CycleOption = "",
    billing: BillingOption = "",
    arrears: ArrearsOption = None,
    group: GroupOption = "",
    reference: ReferenceOption = "",
    initial: InitialOption = "",
    renewal: RenewalOption = "",
    notice_period: NoticeOption = "",
    cut_off: CutOffOption = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Replace."""
    where = house(seller, on)
    by, first = stamp(), day_of(start, where.on, "--start")
    chosen, added = chosen_items(items or [], without or [], plan, first, where)
    terms = own_terms(where, initial_term=initial, renewal_term=renewal, notice_period=notice_period, cut_off=cut_off)
    own = Conditions(
        cycle_of(cycle, where, "--cycle") if cycle else None,
        cycle_of(billing, where, "--billing") if billing else None,
        None if arrears is None else Timing.ARREARS if arrears else Timing.ADVANCE, None, None, None, None, *terms,
    )  # fmt: skip
    order = Order(
        new, customer or _customer(where, contract), first, added, plan, chosen, own, group=group, reference=reference
    )
    carry_out(where, contract, partial(replace_by_order, where.id, contract, order, reason=reason, by=by),
        say("{a} endet am {d}, {b} beginnt.", "{a} ends on {d}, {b} begins.", a=plain(contract), b=plain(new),
            d=day(first - timedelta(days=1))), dry_run=dry_run, json=json)  # fmt: skip
