"""All commands of ``turnus`` in one tree."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from turnus.interfaces.cli import (
    amendments,
    archive,
    billables,
    campaign_acts,
    campaigns,
    changes,
    channels,
    commission,
    concluding,
    contacts,
    contracts,
    coupons,
    customers,
    deliveries,
    demo,
    designs,
    details,
    einvoice,
    explain,
    histories,
    imports,
    incoming,
    invoice_files,
    invoices,
    jobs,
    letters,
    lifetime,
    marketplace,
    offers,
    operate,
    paperwork,
    payers,
    payments,
    plan_templates,
    plans,
    price_facts,
    prices,
    procedure,
    products,
    rates,
    rule_sets,
    run_control,
    runs,
    schemes,
    setup,
    terms,
    unbilled,
    usage,
    writing,
)
from turnus.interfaces.cli.frame import Frame, example
from turnus.interfaces.cli.language import LANGUAGES, both, say
from turnus.interfaces.cli.screen import show

app = typer.Typer(
    name="turnus",
    cls=Frame,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=example(
        "Turnus macht aus Verträgen Rechnungen: Verträge hinein, festgeschriebene Rechnungen heraus.",
        "Turnus turns contracts into invoices: contracts in, issued invoices out.",
        "demo",
        "init --from seller.toml",
        "run preview --through 01.12.2026",
    ),
    epilog=both(
        "Ende mit 0: gut; 1: etwas braucht einen Menschen; 2: falsch geschrieben; 3: abgelehnt; 4: unerwartet.",
        "Exit codes: 0 done; 1 something needs a person; 2 written wrongly; 3 refused; 4 unexpected failure.",
    ),
)


def _version(*, value: bool) -> None:
    if value:
        show(f"turnus {version('turnus')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    language: Annotated[
        str,
        typer.Option("--language", help=both("Sprache: de oder en.", "Language: de or en."), metavar="de|en"),
    ] = "",
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option("--version", is_eager=True, callback=_version, help=both("Version zeigen.", "Show the version.")),
    ] = False,
) -> None:
    """What holds for every command; the language was taken before anything was printed."""
    if language and language not in LANGUAGES:
        raise typer.BadParameter(say("de oder en", "de or en"), param_hint="--language")


app.command("init", help=setup.INIT_HELP)(setup.init)
app.command("demo", help=demo.DEMO_HELP)(demo.demo)
app.add_typer(imports.app)
app.add_typer(runs.app)
app.add_typer(invoices.app)
app.add_typer(jobs.app)
app.add_typer(letters.app)
app.add_typer(contracts.app)
app.add_typer(commission.app)
app.add_typer(marketplace.app)
app.add_typer(schemes.app)
app.add_typer(rates.app)
app.add_typer(prices.app)
app.add_typer(usage.app)
app.add_typer(customers.app)
app.add_typer(payments.app)
app.add_typer(products.app)
offers.plans.add_typer(plan_templates.app)
app.add_typer(offers.plans)
app.add_typer(offers.groups)
app.add_typer(einvoice.app)
app.add_typer(channels.app)
app.add_typer(deliveries.app)
app.add_typer(rule_sets.app)
app.add_typer(designs.app)
app.add_typer(archive.app)
app.add_typer(incoming.app)
app.add_typer(coupons.app)
app.command("doctor", help=operate.DOCTOR_HELP)(operate.doctor)
app.command("work", help=operate.WORK_HELP)(operate.work)

SECOND_PARTS = (
    lifetime,
    terms,
    amendments,
    billables,
    unbilled,
    campaign_acts,
    campaigns,
    changes,
    concluding,
    contacts,
    details,
    explain,
    histories,
    invoice_files,
    paperwork,
    payers,
    plans,
    price_facts,
    procedure,
    run_control,
    writing,
)
"""Modules that add further commands to the groups above."""
