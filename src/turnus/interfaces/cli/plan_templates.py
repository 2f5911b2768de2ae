"""``turnus plan template``: ready plans to pick from; one command, and the plan is offered."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.catalog.templates import VARIANT, use_template
from turnus.core.plan_templates import PLAN_TEMPLATES, PlanTemplate, plan_template
from turnus.interfaces.cli.contracts import MODELS
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.offers import ROLES, conditions
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, day_of, house, stamp
from turnus.interfaces.cli.screen import answer, heading, number, pairs, plain, price, show, table

app = typer.Typer(
    name="template",
    no_args_is_help=True,
    help=example("Fertige Pläne zum Übernehmen.", "Ready plans to start from.", "plan template list"),
)

NameArgument = Annotated[
    str, typer.Argument(metavar=both("VORLAGE", "TEMPLATE"), help=both("Vorlage.", "Template."), show_default=False)
]


def _template(name: str) -> PlanTemplate:
    found = plan_template(name)
    if found is None:
        known = ", ".join(row.code for row in PLAN_TEMPLATES)
        raise typer.BadParameter(say("Vorlagen: {k}", "templates: {k}", k=known), param_hint="TEMPLATE")
    return found


def _name(row: PlanTemplate) -> str:
    return row.german if language() == "de" else row.english


@app.command("list", help=example("Zeigt die fertigen Pläne.", "Lists the ready plans.", "plan template list"))
def list_templates(*, json: JsonOption = False) -> None:
    """All ready plans."""
    if json:
        answer([{"code": row.code, "name": _name(row)} for row in PLAN_TEMPLATES])
        return
    table(columns("Vorlage|Template", "Wofür|What for"), [(row.code, _name(row)) for row in PLAN_TEMPLATES])
    show("", say("Übernehmen: turnus plan template use VORLAGE", "Use one: turnus plan template use TEMPLATE"))


@app.command(
    "show",
    help=example("Zeigt, was ein fertiger Plan enthält.", "Shows what a ready plan holds.", "plan template show time"),
)
def show_template(
    *, name: NameArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """One ready plan."""
    row, where = _template(name), house(seller, on)
    if json:
        answer(row)
        return
    heading(f"{row.code}: {_name(row)}")
    pairs([pair for pair in conditions(row.conditions) if pair[1]])
    titles = columns("Position|Item", "Name|Name", "Rolle|Role", "Preisart|Model", "Menge|Quantity", "Preis|Price")
    rows = [
        (part.code, part.german if language() == "de" else part.english, say(*ROLES[part.role]),
         say(*MODELS[part.model]), number(part.quantity), price(part.price, where.currency) if part.price else "")
        for part in row.parts
    ]  # fmt: skip
    table(titles, rows, right=(4, 5))


@app.command(
    "use",
    help=example(
        "Übernimmt einen fertigen Plan: Produkte, Preise, Schemata und den Plan selbst.",
        "Enters a ready plan: products, prices, schemes and the plan itself.",
        "plan template use time",
        "plan template use seats --code TEAM --from 01.01.2027",
    ),
)
def use(
    *,
    name: NameArgument,
    code: Annotated[str, typer.Option("--code", help=both("Code des Plans; leer: Vorlage.", "Code of the plan."))] = "",
    since: Annotated[
        str, typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Gültig ab; leer: heute.", "Valid from."))
    ] = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Take a ready plan into the catalogue."""
    where, row = house(seller, on), _template(name)
    first = day_of(since, where.on, "--from") if since else where.on
    plan = code or row.code.upper()
    use_template(where.id, row, plan, valid_from=first, currency=where.currency, by=stamp())
    show(
        say("Plan {p} wird angeboten. Weiter: turnus contract new V-1 --customer KUNDE --start TAG --plan {p}",
            "Plan {p} is offered. Next: turnus contract new V-1 --customer CUSTOMER --start DAY --plan {p}",
            p=plain(f"{plan}/{VARIANT}"))
    )  # fmt: skip
