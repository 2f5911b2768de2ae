"""``turnus plan`` and ``turnus group``: what is offered, and to whom otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import typer
from django.db import transaction

from turnus.catalog.groups import group_lines, join_group, put_customer_terms
from turnus.catalog.plans import newest_versions, plan_versions
from turnus.contracts.differences import group_differences
from turnus.core.contracts import NewDiscount
from turnus.core.intake.offers import GROUPS
from turnus.core.offers import Conditions, Role, Special, VariantData
from turnus.core.periods import Cycle
from turnus.core.trials import AfterTrial, SecondTrial
from turnus.integration.enter import cells_of, enter, special_from
from turnus.integration.reports import Kind
from turnus.interfaces.cli.contracts import MODELS, TIMINGS, cycle_word
from turnus.interfaces.cli.customers import CustomerArgument
from turnus.interfaces.cli.customers import app as customers
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, house, stamp
from turnus.interfaces.cli.products import PairsArgument, target
from turnus.interfaces.cli.screen import (
    amount,
    answer,
    day,
    heading,
    number,
    pairs,
    plain,
    price,
    show,
    table,
)
from turnus.interfaces.cli.term_options import CUT_OFFS, length_word
from turnus.parties.queries import customer_id, customer_names

plans = typer.Typer(
    name="plan",
    no_args_is_help=True,
    help=example(
        "Pläne und ihre Varianten; eingegeben werden sie als Datei: turnus import plans.",
        "Plans and their variants; they are entered as a file: turnus import plans.",
        "plan list",
    ),
)
groups = typer.Typer(
    name="group",
    no_args_is_help=True,
    help=example(
        "Kundengruppen mit eigenen Bedingungen.", "Customer groups with conditions of their own.", "group list"
    ),
)
ROLES: Final[Mapping[Role, tuple[str, str]]] = {
    Role.ITEM: ("fest", "always"),
    Role.OPTION: ("wahlweise", "option"),
    Role.SETUP: ("Einrichtung", "set-up"),
}
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "fee": ("Turnus", "Cycle"),
    "billing": ("Abrechnung", "Billing"),
    "timing": ("Fälligkeit", "Timing"),
    "basis": ("Anteilig", "Proration"),
    "anchor": ("Stichtag", "Anchor"),
    "trial_days": ("Testtage", "Trial days"),
    "after_trial": ("Nach der Testphase", "After the trial"),
    "second_trial": ("Zweite Testphase", "Second trial"),
    "payment_days": ("Zahlungsziel", "Payment days"),
    "initial": ("Mindestlaufzeit", "Initial term"),
    "renewal": ("Verlängerung", "Renewal"),
    "notice": ("Kündigungsfrist", "Notice"),
    "cut_off": ("Kündbar", "Cut-off"),
    "price_list": ("Preisliste", "Price list"),
    "discount": ("Rabatt", "Discount"),
}
TRIAL_WORDS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "after_trial": {
        AfterTrial.CONVERTS: ("wird bezahlt", "converts"),
        AfterTrial.ENDS: ("endet", "ends"),
        AfterTrial.WAITS: ("wartet auf Zusage", "waits for conversion"),
    },
    "second_trial": {
        SecondTrial.PRODUCT: ("nicht für dasselbe Produkt", "not of the same product"),
        SecondTrial.PLAN: ("nicht für denselben Plan", "not of the same plan"),
        SecondTrial.CUSTOMER: ("nicht für denselben Kunden", "not for the same customer"),
        SecondTrial.IDENTITY: ("nicht für dieselbe Identität", "not for the same identity"),
        SecondTrial.ALLOWED: ("erlaubt", "allowed"),
    },
}
GroupArgument = Annotated[str, typer.Argument(help=both("Code der Gruppe.", "Code of the group."), show_default=False)]


def word(condition: str, value: object) -> str:
    """A condition's value for people; empty where nothing is said."""
    if value is None or value == "":
        return ""
    if isinstance(value, tuple) and not isinstance(value, Cycle):
        percent, minor = value
        return f"{number(percent)} %" if percent is not None else number(minor)
    if isinstance(value, Cycle):
        if condition in ("fee", "billing"):
            return cycle_word(*value)
        return length_word(value) or say("keine", "none")
    if condition == "timing":
        return TIMINGS[str(value)][0 if language() == "de" else 1]
    if condition in TRIAL_WORDS:
        return say(*TRIAL_WORDS[condition][str(value)])
    if condition == "cut_off":
        return next(say(*texts) for rule, texts in CUT_OFFS.items() if rule == value)
    return plain(value)


def conditions(has: Conditions) -> list[tuple[str, object]]:
    """What is said of conditions, one line each."""
    return [(say(*NAMES[name]), word(name, getattr(has, name))) for name in NAMES if name != "discount"]


def counted(periods: int) -> str:
    """``1 Zeitraum``, ``3 Zeiträume``."""
    if periods == 1:
        return say("1 Zeitraum", "1 period")
    return say("{n} Zeiträume", "{n} periods", n=periods)


def off(discount: NewDiscount | None, currency: str) -> str:
    """``10 %, 3 Zeiträume``."""
    if discount is None:
        return ""
    size = f"{number(discount.percent)} %" if discount.percent is not None else amount(discount.amount or 0, currency)
    periods = f", {counted(discount.periods)}" if discount.periods else ""
    return f"{plain(discount.label)}: {size}{periods}"


@plans.command(
    "list", help=example("Zeigt, was an einem Tag angeboten wird.", "Shows what is offered on a day.", "plan list")
)
def list_plans(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Variants in a table."""
    where = house(seller, on)
    rows = newest_versions(where.id, on=where.on)
    if json:
        answer(rows)
        return
    titles = columns("Plan|Plan", "Name|Name", "Turnus|Cycle", "Laufzeit|Term", "Positionen|Items", "gilt ab|from", "|")
    table(
        titles,
        [
            (plain(f"{row.plan}/{row.code}"), plain(f"{row.plan_name} {row.name}".strip()),
             word("fee", row.conditions.fee or Cycle(1, 0)), word("initial", row.conditions.initial),
             number(len(row.items)), day(row.valid_from), say("geschlossen", "closed") if row.closed else "")
            for row in rows
        ],
    )  # fmt: skip


@plans.command(
    "show",
    help=example(
        "Zeigt die Fassungen eines Plans oder einer Variante.",
        "Shows the versions of a plan or a variant.",
        "plan show TEAM",
        "plan show TEAM/monat",
    ),
)
def show_plan(
    *,
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN[/VARIANTE]", help=both("Plan oder Variante.", "Plan or variant."), show_default=False
        ),
    ],
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """One plan."""
    rows = plan_versions(house(seller).id, plan)
    if json:
        answer(rows)
        return
    for row in rows:
        _describe(row)


def _describe(row: VariantData) -> None:
    title = f"{row.plan}/{row.code} {row.plan_name} {row.name}".strip()
    closed = say(" (geschlossen)", " (closed)") if row.closed else ""
    heading(say("{t}, ab {d}", "{t}, from {d}", t=plain(title), d=day(row.valid_from)) + closed)
    mode = say("brutto", "gross") if row.gross else say("netto", "net")
    pairs([(say("Preise", "Prices"), f"{row.currency}, {mode}"), *conditions(row.conditions)])
    titles = columns(
        "Position|Item", "Produkt|Product", "Rolle|Role", "Preisart|Model", "Menge|Quantity", "Preis|Price"
    )
    lines = [
        (plain(item.code), plain(item.product), say(*ROLES[item.role]),
         say(*MODELS[item.model]) if item.model else "", number(item.quantity),
         say("Katalog", "catalogue") if item.price is None else price(item.price, row.currency))
        for item in row.items
    ]  # fmt: skip
    table(titles, lines, right=(4, 5))
    for discount in row.discounts:
        show(off(discount, row.currency) + (f" ({plain(discount.item)})" if discount.item else ""))


# ---- groups ----------------------------------------------------------------------------------------------------------


@groups.command(
    "list",
    help=example(
        "Zeigt die Kundengruppen und ihre Bedingungen an einem Tag.",
        "Shows the customer groups and their conditions on a day.",
        "group list",
    ),
)
def list_groups(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Groups in a table."""
    where = house(seller, on)
    rows = group_lines(where.id, on=where.on)
    if json:
        answer(rows)
        return
    for row in rows:
        heading(plain(f"{row.code} {row.name}"))
        pairs(
            [
                (say("Kunden", "Customers"), number(row.members)), *conditions(row.special.conditions),
                (say("Rabatt", "Discount"), off(row.special.discount, row.special.currency or where.currency)),
            ]
        )  # fmt: skip


@groups.command(
    "new",
    help=example(
        "Legt eine Gruppe an oder gibt ihr ab einem Tag andere Bedingungen.",
        "Enters a group, or gives it other conditions from a day on.",
        'group new SCHULEN name="Schulen" valid_from=01.01.2027 trial_days=30 price_list=bildung discount_percent=10',
    ),
)
def new(*, group: GroupArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """One row of the file of groups."""
    where = house(seller, on)
    outcome = enter(Kind.GROUPS, {**cells_of(GROUPS, given), "group": group}, target(where), by=stamp())
    told = {
        "created": say("Angelegt.", "Entered."), "changed": say("Geändert; geschlossene Verträge behalten ihre "
        "Bedingungen.", "Changed; concluded contracts keep their conditions."),
        "unchanged": say("Schon genau so da.", "There already, word for word."),
    }  # fmt: skip
    show(told[outcome])


@groups.command(
    "join",
    help=example(
        "Ordnet einen Kunden ab --on einer Gruppe zu; ohne Gruppe: keiner mehr.",
        "Has a customer belong to a group from --on; without a group: to none any more.",
        "group join K-10001 SCHULEN --on 01.01.2027",
    ),
)
def join(
    *,
    customer: CustomerArgument,
    group: Annotated[
        str, typer.Argument(help=both("Code der Gruppe; leer: keine.", "Code of the group; blank: none."))
    ] = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Another group for a customer."""
    where = house(seller, on)
    found = customer_id(where.id, customer)
    with transaction.atomic(durable=True):
        outcome = join_group(where.id, found, group, valid_from=where.on, by=stamp())
    if outcome == "unchanged":
        show(say("Schon so.", "It is so already."))
    else:
        show(say("Ab {d} so; neue Verträge bekommen die Bedingungen der Gruppe.",
                 "So from {d}; new contracts get the conditions of the group.", d=day(where.on)))  # fmt: skip


@groups.command(
    "differences",
    help=example(
        "Zeigt, welche Verträge von den heutigen Bedingungen ihrer Gruppe abweichen.",
        "Shows which contracts differ from what their group gives now.",
        "group differences",
        "group differences SCHULEN --json",
    ),
)
def differences(
    *,
    group: Annotated[str, typer.Argument(help=both("Nur diese Gruppe.", "Only this group."))] = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Whose contracts differ from their group."""
    where = house(seller, on)
    rows = list(group_differences(where.id, on=where.on, group=group))
    if json:
        answer(rows)
        return
    names = customer_names({row.customer for row in rows}, on=where.on)
    titles = columns(
        "Vertrag|Contract", "Kunde|Customer", "Gruppe|Group", "Bedingung|Condition", "hat|has", "Gruppe|group"
    )
    table(
        titles,
        [
            (plain(row.contract), plain(names[row.customer].number), plain(row.group), say(*NAMES[row.condition]),
             word(row.condition, row.has), word(row.condition, row.group_says))
            for row in rows
        ],
    )  # fmt: skip
    findings(any_=bool(rows))


@customers.command(
    "terms",
    help=example(
        "Gibt einem Kunden ab --on eigene Bedingungen für neue Verträge.",
        "Gives a customer conditions of its own for new contracts from --on.",
        "customer terms K-10001 payment_days=30 price_list=freunde discount_percent=5 --on 01.01.2027",
    ),
)
def terms(*, customer: CustomerArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """Conditions of a single customer."""
    where = house(seller, on)
    special: Special = special_from(given, where.reading)
    found = customer_id(where.id, customer)
    with transaction.atomic(durable=True):
        put_customer_terms(where.id, found, special, valid_from=where.on, by=stamp())
    show(say("Ab {d} für neue Verträge.", "From {d} for new contracts.", d=day(where.on)))
