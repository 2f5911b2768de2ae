"""``turnus demo``: a company to look at, from its files to the invoices of a month."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer
from django.core.management import call_command

from turnus.core.intake.cells import Reading
from turnus.core.periods import add_months
from turnus.integration.demo import SELLER, write_demo
from turnus.integration.load import Target, import_file
from turnus.integration.reports import Kind
from turnus.interfaces.cli import summaries
from turnus.interfaces.cli.frame import RefusedError, example
from turnus.interfaces.cli.imports import words
from turnus.interfaces.cli.invoice_files import write_pdf
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.main import DEMO_FILE
from turnus.interfaces.cli.options import House, home, house, now, stamp
from turnus.interfaces.cli.runs import draft_run, issue_run
from turnus.interfaces.cli.screen import console, heading, number, plain, progress, seconds, show, table
from turnus.interfaces.cli.setup import set_up
from turnus.invoices.correct import credit_invoice
from turnus.invoices.queries import Filter, definitions, document_rows, documents, samples
from turnus.invoices.runs import DEFAULT
from turnus.invoices.summary import RunSummary, summary
from turnus.order_to_cash import start_run
from turnus.parties.facts import seller_ids

FILES: Final = (
    (Kind.CUSTOMERS, "customers"),
    (Kind.PRODUCTS, "products"),
    (Kind.PLANS, "plans"),
    (Kind.GROUPS, "groups"),
    (Kind.COUPONS, "coupons"),
    (Kind.CONTRACTS, "contracts"),
    (Kind.USAGE, "usage"),
)
OWN: Final = ("files", "inbox", "archive", "anchors", "pdf", DEMO_FILE)
"""What the demo puts into its folder beside the database."""
GOODWILL: Final = 1_000
"""Cents credited on one invoice, so that there is a credit to look at."""
SAMPLES: Final = {
    "discount": ("Rechnung mit Rabatt", "invoice with a discount"),
    "prorated": ("anteiliger Zeitraum", "part of a period"),
    "usage": ("nach Verbrauch", "by usage"),
    "consumer": ("Verbraucher, Bruttopreise", "consumer, gross prices"),
    "reverse_charge": ("EU-Unternehmen, Reverse Charge", "EU company, reverse charge"),
    "third_country": ("Drittland, nicht steuerbar", "third country, outside the scope"),
    "many_lines": ("mehrere Seiten", "several pages"),
    "credit": ("Rechnungskorrektur", "credit"),
}


class Plan(NamedTuple):
    """What makes a demo reproducible."""

    customers: int
    seed: int
    month: str


ResetOption = Annotated[
    bool,
    typer.Option(
        "--reset", help=both("Von vorn: alle Daten der Demo löschen.", "From scratch: delete the demo's data.")
    ),
]
CustomersOption = Annotated[
    int | None,
    typer.Option("--customers", min=1, max=1_000_000, help=both("Anzahl der Kunden.", "How many customers.")),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        help=both(
            "Startwert des Zufalls: gleicher Wert, gleiche Firma.", "Seed: the same value makes the same company."
        ),
    ),
]
MonthOption = Annotated[
    str,
    typer.Option(
        "--month",
        metavar=both("JJJJ-MM", "YYYY-MM"),
        help=both("Abgerechneter Monat; leer: dieser.", "Month to bill; blank: this one."),
    ),
]


def demo(
    *,
    reset: ResetOption = False,
    customers: CustomersOption = None,
    seed: SeedOption = None,
    month: MonthOption = "",
) -> None:
    """Set up the demonstration company and bill one month."""
    began = time.perf_counter()
    if reset:
        _reset()
    call_command("migrate", verbosity=0)
    if {code for _id, code in seller_ids()} - {SELLER.code}:
        raise RefusedError("demo_elsewhere")
    plan = _plan(customers, seed, month)
    first = date.fromisoformat(f"{plan.month}-01")
    show("", f"[bold]{say('Turnus-Demo', 'Turnus demo')}[/bold]: {plain(SELLER.name)}, {plan.month}")
    where = _company(plan, first)
    found, fresh = _month(where, first)
    _print_samples(found, fresh=fresh)
    heading(say("Der Rechnungslauf", "The invoice run"))
    summaries.describe(found)
    _goodbye(where, found, fresh=fresh, took=time.perf_counter() - began)


DEMO_HELP: Final = example(
    "Richtet eine Beispielfirma ein und rechnet einen Monat ab; ein zweiter Aufruf berechnet nichts doppelt.",
    "Sets up a demonstration company and bills one month; a second call bills nothing twice.",
    "demo",
    "demo --reset --customers 500 --month 2026-11",
)


def _reset() -> None:
    if os.environ.get("DATABASE_URL"):
        raise RefusedError("demo_reset")
    for name in OWN:
        path = home() / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for suffix in ("", "-wal", "-shm", "-journal"):
        (home() / f"turnus.sqlite3{suffix}").unlink(missing_ok=True)


def _plan(customers: int | None, seed: int | None, month: str) -> Plan:
    """What this demo was made with; other wishes need a fresh start."""
    file = home() / DEMO_FILE
    if month:
        try:
            date.fromisoformat(f"{month}-01")
        except ValueError:
            raise typer.BadParameter(say("Beispiel: 2026-11", "Example: 2026-11"), param_hint="--month") from None
    if not file.exists():
        plan = Plan(customers or 2_000, 2_026 if seed is None else seed, month or f"{now().astimezone():%Y-%m}")
        file.write_text(json.dumps(plan._asdict()), encoding="utf-8")
        return plan
    known = Plan(**json.loads(file.read_text(encoding="utf-8")))
    if Plan(customers or known.customers, known.seed if seed is None else seed, month or known.month) != known:
        raise RefusedError("demo_differs", customers=str(known.customers), seed=str(known.seed), month=known.month)
    return known


@contextmanager
def _step(german: str, english: str) -> Iterator[list[str]]:
    """Print what was done and how long it took; the body appends the figures."""
    began, figures = time.perf_counter(), list[str]()
    yield figures
    took = seconds(time.perf_counter() - began)
    show(f"  [green]✓[/green] {say(german, english)}: {', '.join(figures)} [dim]({took})[/dim]")


def _company(plan: Plan, first: date) -> House:
    """The seller with its data, from generated files that go the same way as anybody's."""
    folder = home() / "files"
    with _step("Dateien erzeugt", "Files written") as figures:
        rows = write_demo(folder, seed=plan.seed, customers=plan.customers, month=first)
        figures.append(
            say("{n} Zeilen in {f}", "{n} rows in {f}", n=number(sum(rows.values())), f=plain(shown(folder)))
        )
    set_up(SELLER, "", "RE-{YYYY}-{000000}", "SR-{YYYY}-{000000}", by=stamp())
    where = house(SELLER.code)
    reading = Reading(where.zone, currency=where.currency, country=SELLER.address.country)
    titles = {
        "customers": ("Kunden", "Customers"), "products": ("Produkte und Preise", "Products and prices"),
        "plans": ("Pläne", "Plans"), "groups": ("Kundengruppen", "Customer groups"),
        "coupons": ("Gutscheine", "Coupons"),
        "contracts": ("Verträge", "Contracts"), "usage": ("Verbrauch", "Usage"),
    }  # fmt: skip
    for kind, name in FILES:
        german, english = titles[name]
        with _step(german, english) as figures, progress(german, english, total=rows.get(name)) as advance:
            target = Target(where.id, reading, first, home() / "inbox")
            report = import_file(kind, folder / f"{name}.csv", target, progress=advance, by=stamp())
            for problem in report.problems:
                show(f"  [red]{plain(words(problem))}[/red]")
            figures.append(say("{n} neu, {u} unverändert", "{n} new, {u} unchanged",
                               n=number(report.values["created"]), u=number(report.values["unchanged"])))  # fmt: skip
    return where


def issue_day(first: date, today: date) -> date:
    """Today in the current month, so that what people do next is not earlier than the invoices; else the last day."""
    last = add_months(first, 1) - timedelta(days=1)
    return today if first <= today <= last else last


def _month(where: House, first: date) -> tuple[RunSummary, bool]:
    """Run the month. Returns its figures and whether anything was billed."""
    last = add_months(first, 1) - timedelta(days=1)
    on = _not_before_last(where, issue_day(first, where.on))
    definition = next(row.id for row in definitions(where.id) if row.name == DEFAULT)
    with _step("Entworfen", "Drafted") as figures:
        run, _new = start_run(definition, through=last, on=on, automation="issue", by=stamp())
        draft_run(run)
        figures.append(say("Lauf {r}", "run {r}", r=run))
    with _step("Festgeschrieben", "Issued") as figures:
        issued = issue_run(run)
        figures.append(say("{n} Belege", "{n} documents", n=number(issued)))
    return summary(run), issued > 0


def _not_before_last(where: House, on: date) -> date:
    """Numbers rise with the date: not before the newest document."""
    newest, _count = documents(where.id, Filter(state="issued"), on=on, limit=1)
    return max(on, newest[0].issue_date) if newest else on


def _print_samples(found: RunSummary, *, fresh: bool) -> None:
    """PDFs of one document of each interesting kind, and a credit to look at."""
    if not fresh or found.head is None:
        return
    chosen = samples(found.head.id)
    on = found.head.on
    rows = document_rows(list(chosen.values()), on=on)
    whole = next((chosen[name] for name in ("discount", "usage", "prorated") if name in chosen), None)
    if "credit" not in chosen and whole is not None and rows[whole].net >= 2 * GOODWILL:
        reason = say("Kulanz für einen Ausfall", "Goodwill for an outage")
        chosen["credit"] = credit_invoice(whole, amount=GOODWILL, on=on, reason=reason, by=stamp()).invoice
    lines = []
    with _step("PDF", "PDF") as figures, progress("PDF", "PDF", total=len(chosen)) as advance:
        for name, invoice in chosen.items():
            path = write_pdf(invoice, home() / "pdf")
            lines.append((say(*SAMPLES[name]), plain(shown(path))))
            advance(1)
        figures.append(say("{n} Beispiele", "{n} samples", n=len(chosen)))
    heading(say("Belege zum Ansehen", "Documents to look at"))
    table(columns("Beispiel|Sample", "Datei|File"), lines)


def shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _goodbye(where: House, found: RunSummary, *, fresh: bool, took: float) -> None:
    """What was done in all, and what to try next."""
    rows, count = documents(where.id, Filter(kind="invoice", state="issued"), on=where.on, limit=1)
    if not fresh:
        text = say(
            "Nichts doppelt berechnet: alle {n} Rechnungen waren schon da. Von vorn: make demo-reset",
            "Nothing billed twice: all {n} invoices were there already. From scratch: make demo-reset", n=number(count),
        )  # fmt: skip
        show("", f"[bold green]{text}[/bold green]")
    show("", say("Fertig in {s}.", "Done in {s}.", s=seconds(took)))
    turnus = shown(Path(sys.argv[0]).absolute()) if Path(sys.argv[0]).name == "turnus" else "turnus"
    name = rows[0].number if rows else "RE-…"
    parked = next((row.customer.number for row in found.parked if row.customer), "")
    following = add_months(found.head.through + timedelta(days=1), 1) - timedelta(days=1) if found.head else where.on
    late = f" --on {found.head.on}" if found.head and found.head.on > where.on else ""
    lines = [
        (f"{turnus} invoice list", say("alle Rechnungen", "all invoices")),
        (f"{turnus} invoice show {name}", say("eine Rechnung mit Verlauf", "one invoice with its history")),
        (f"{turnus} invoice cancel {name} --reason Test{late}", say("stornieren", "cancel it")),
        (f"{turnus} run preview --through {following}{late}", say("der nächste Monat", "the next month")),
        (f"{turnus} doctor", say("Daten prüfen", "check the data")),
    ]  # fmt: skip
    if parked:
        lines.insert(3, (f"{turnus} customer show {parked}", say("ein zurückgestellter Kunde", "a parked customer")))
    heading(say("Zum Weiterprobieren", "What to try next"))
    if not os.environ.get("DATABASE_URL"):
        show(f"  export TURNUS_HOME={plain(shown(home()))}")
    width = max(len(command) for command, _text in lines)
    for command, text in lines:
        console().print(f"  {plain(command.ljust(width))}  [dim]{text}[/dim]", soft_wrap=True)
