"""``turnus invoice billables`` and ``collect``: invoice records of any kind without a contract."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from turnus.interfaces.cli.frame import example, findings, words
from turnus.interfaces.cli.invoices import CustomerOption, app
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, LimitOption, OnOption, SellerOption, house, stamp
from turnus.interfaces.cli.screen import amount, answer, number, period, plain, price, show, table
from turnus.invoices.billables import Collected, Wanted, billable_rows, collect_billables
from turnus.parties.queries import customer_id, customer_names

ObjectOption = Annotated[
    str,
    typer.Option(
        "--object", help=both("Nur dieses Objekt: P-7 oder Projekt:P-7.", "Only this object: P-7, project:P-7.")
    ),
]
_STATES = {
    "open": ("offen", "open"), "draft": ("im Entwurf", "on a draft"), "billed": ("berechnet", "invoiced"),
    "dropped": ("wird nicht berechnet", "not to be invoiced"),
}  # fmt: skip


@app.command(
    "billables",
    help=example(
        "Zeigt die übernommenen Datensätze: offen, oder auf welcher Rechnung.",
        "Lists the imported records: open, or on which invoice.",
        "invoice billables --open",
        "invoice billables --object P-7",
    ),
)
def billables(
    *,
    customer: CustomerOption = "",
    of: ObjectOption = "",
    billed: Annotated[
        bool | None, typer.Option("--billed/--open", help=both("Nur berechnete oder offene.", "Only invoiced or open."))
    ] = None,
    limit: LimitOption = 50,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Records in a table."""
    where = house(seller)
    wanted = Wanted(customer_id(where.id, customer) if customer else None, of)
    rows, count = billable_rows(where.id, wanted, billed=billed, limit=limit)
    if json:
        answer({"count": count, "billables": rows})
        return
    table(
        columns(
            "Schlüssel|Key", "Objekt|Object", "Kunde|Customer", "Leistung|Service", "Text|Text", "Menge|Quantity",
            "Preis|Price", "Status|Status", "Rechnung|Invoice",
        ),
        [
            (plain(row.key), plain(f"{row.kind} {row.object}".strip()), plain(row.customer),
             period(row.days), plain(row.label or row.product), number(row.quantity), price(row.price, row.currency),
             _STATES[row.state][0 if language() == "de" else 1],
             plain(row.number or (f"#{row.invoice}" if row.invoice else "")))
            for row in rows
        ],
        right=(5, 6),
    )  # fmt: skip
    if count > len(rows):
        shown, all_ = number(len(rows)), number(count)
        show(say("{a} von {b}; mehr mit --limit.", "{a} of {b}; more with --limit.", a=shown, b=all_))


@app.command(
    "collect",
    help=example(
        "Berechnet offene Datensätze: je Kunde und Objekt ein Entwurf, mit --issue gleich festgeschrieben.",
        "Invoices open records: a draft for each customer and object, issued at once with --issue.",
        "invoice collect --on 31.12.2026 --dry-run",
        "invoice collect --customer K-10001 --object P-7 --on 31.12.2026 --issue",
    ),
)
def collect(
    *,
    customer: CustomerOption = "",
    of: ObjectOption = "",
    issue: Annotated[bool, typer.Option("--issue", help=both("Gleich festschreiben.", "Issue at once."))] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=both("Nur zeigen, nichts speichern.", "Show only, save nothing."))
    ] = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Records become drafts or invoices."""
    where = house(seller, on)
    wanted = Wanted(customer_id(where.id, customer) if customer else None, of)
    made, waiting = collect_billables(where.id, wanted, on=where.on, issue=issue, dry_run=dry_run, by=stamp())
    names = customer_names({row.together.customer for row in made}, on=where.on)
    numbers = {customer: name.number for customer, name in names.items()}
    if json:
        answer({"saved": not dry_run, "waiting": waiting, "documents": [_as_json(row, numbers) for row in made]})
    else:
        _describe(made, numbers, waiting, dry_run=dry_run)
    findings(any_=any(row.refusal for row in made))


def _as_json(row: Collected, numbers: dict[int, str]) -> dict[str, Any]:
    found = row._asdict() | row.together._asdict() | {"customer": numbers[row.together.customer]}
    del found["together"]
    return found | {"refusal": words(row.refusal) if row.refusal else ""}


def _describe(made: list[Collected], numbers: dict[int, str], waiting: int, *, dry_run: bool) -> None:
    if made:
        table(
            columns("Rechnung|Invoice", "Kunde|Customer", "Objekt|Object", "Datensätze|Records", "Netto|Net",
                    "Brutto|Gross"),
            [
                (plain(row.number or (f"#{row.invoice}" if row.invoice else "–")),
                 plain(numbers[row.together.customer]), plain(f"{row.together.kind} {row.together.object}".strip()),
                 number(row.records), *_money(row))
                for row in made
            ],
            right=(3, 4, 5),
        )  # fmt: skip
    for row in made:
        if row.refusal:
            show(
                f"  [red]{plain(f'{numbers[row.together.customer]} {row.together.object}: {words(row.refusal)}')}[/red]"
            )
    if waiting:
        text = say("{n} Datensätze warten, bis ihre Leistung beginnt.", "{n} records wait until their service begins.",
                   n=number(waiting))  # fmt: skip
        show(text)
    show(_outcome(made, dry_run=dry_run))


def _money(row: Collected) -> tuple[str, str]:
    if row.refusal:
        return "", ""
    return amount(row.net, row.together.currency), amount(row.gross, row.together.currency)


def _outcome(made: list[Collected], *, dry_run: bool) -> str:
    if dry_run:
        return say("Probelauf: nichts gespeichert.", "Dry run: nothing was saved.")
    done = [row for row in made if not row.refusal]
    if not done:
        return say("Nichts berechnet.", "Nothing was invoiced.")
    if done[0].number:
        return say("Festgeschrieben: {n}.", "Issued: {n}.", n=number(len(done)))
    return say("Entwürfe: {n}. Festschreiben: turnus invoice issue {i}", "Drafts: {n}. Issue: turnus invoice issue {i}",
               n=number(len(done)), i=done[0].invoice)  # fmt: skip
