"""``turnus contract documents`` and ``copies``, ``customer copies`` and ``bill-to-parent``, ``invoice convert``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from turnus.contracts.collective import bill_children_to_parent
from turnus.contracts.lookup import contract_id
from turnus.contracts.paperwork import paperwork_of, set_paperwork
from turnus.contracts.queries import contract_lines
from turnus.contracts.recipients import Place, add_recipient, end_recipient, recipients
from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import last_day as end_of
from turnus.core.intake.plans import parse_plan
from turnus.core.intake.texts import message
from turnus.core.paperwork import Paperwork, SplitBy
from turnus.core.parties import SupplierData
from turnus.interfaces.cli import contracts, customers, invoices
from turnus.interfaces.cli.amendments import FromOption
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    stamp,
)
from turnus.interfaces.cli.previews import NEXT, DryRunOption, carry_out, show_preview
from turnus.interfaces.cli.screen import answer, day, heading, last_day, plain, show, table
from turnus.invoices.proforma import convert_proforma
from turnus.invoices.queries import find_document
from turnus.parties.queries import customer_id
from turnus.parties.suppliers import agree_self_billing, end_self_billing
from turnus.stories.amending import tried

OptionalFrom = Annotated[
    str, typer.Option("--from", metavar=both("TAG", "DAY"), help=both("Ab diesem Tag.", "From this day on."))
]
LastDayOption = Annotated[
    str, typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))
]
NameOption = Annotated[str, typer.Option("--name", help=both("Name des Empfängers.", "Name of the recipient."))]
EmailOption = Annotated[str, typer.Option("--email", help=both("Adresse für Kopien.", "Where copies go."))]
EndOption = Annotated[bool, typer.Option("--end", help=both("Keine Kopien mehr an --email.", "No more copies."))]


@contracts.app.command(
    "documents",
    help=example(
        "Zeigt oder sagt, wie die Rechnungen eines Vertrags ab einem Tag sind: getrennt, pro forma, in Raten.",
        "Shows or says how the invoices of a contract are from a day on: split, pro forma, in instalments.",
        "contract documents V-1",
        "contract documents V-1 --from 01.01.2027 --split-by cost_centre",
        "contract documents V-1 --from 01.01.2027 --instalments 30+30+40%/1m",
        "contract documents V-1 --from 01.01.2027 --proforma",
        "contract documents V-1 --from 01.01.2027 --standing",
    ),
)
def documents(
    *,
    contract: contracts.ContractArgument,
    since: OptionalFrom = "",
    split_by: Annotated[
        SplitBy, typer.Option("--split-by", help=both("Je eine Rechnung für …", "An invoice for each …"))
    ] = SplitBy.NOTHING,
    proforma: Annotated[
        bool, typer.Option("--proforma", help=both("Proformarechnungen ohne Forderung.", "Pro forma: no claim."))
    ] = False,
    instalments: Annotated[
        str,
        typer.Option(
            "--instalments",
            help=both("Raten: 3x/1m oder 30+30+40%/14d; …/first: Gutschriften mindern die erste.",
                      "Parts: 3x/1m or 30+30+40%/14d; …/first: credits reduce the first."),
        ),
    ] = "",
    standing: Annotated[
        bool, typer.Option("--standing", help=both("Feste Gebühren per Dauerrechnung.", "Fees by a standing invoice."))
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Show or set the paperwork of a contract."""
    where = house(seller, on)
    if since:
        try:
            plan = parse_plan(instalments, where.reading) if instalments else None
        except CellError as error:
            raise typer.BadParameter(message(error, language()), param_hint="--instalments") from None
        row = Paperwork(day_of(since, where.on, "--from"), split_by, proforma, plan, standing)
        act = partial(set_paperwork, where.id, contract, row, reason=reason, by=stamp())
        if dry_run:
            show_preview(where, contract, act, json=json)
            return
        act()
    elif dry_run:
        raise typer.BadParameter(say("--dry-run braucht --from", "--dry-run needs --from"), param_hint="--dry-run")
    number = contract_id(where.id, contract)
    rows = paperwork_of([number]).get(number, [])
    if json:
        answer([{**row._asdict(), "instalments": str(row.instalments or "")} for row in rows])
        return
    _paper_table(rows)
    if since:
        show(say(*NEXT))


def _paper_table(rows: Sequence[Paperwork]) -> None:
    titles = columns(
        "ab|from", "getrennt nach|split by", "pro forma|pro forma", "Raten|instalments", "Dauerrechnung|standing"
    )
    yes = say("ja", "yes")
    table(
        titles,
        [
            (day(row.since), row.split_by.value, yes if row.proforma else "", str(row.instalments or ""),
             yes if row.standing else "")
            for row in rows
        ],
    )  # fmt: skip


@contracts.app.command(
    "copies",
    help=example(
        "Wer außer dem Kunden die Rechnungen eines Vertrags bekommt: zeigen, hinzufügen, beenden.",
        "Who besides the customer gets the invoices of a contract: show, add, end.",
        "contract copies V-1",
        'contract copies V-1 --name "Steuerbüro" --email post@adviser.example --from 01.01.2027',
        "contract copies V-1 --email post@adviser.example --end --last-day 30.06.2027",
    ),
)
def contract_copies(
    *,
    contract: contracts.ContractArgument,
    name: NameOption = "",
    email: EmailOption = "",
    since: OptionalFrom = "",
    last: LastDayOption = "",
    end: EndOption = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Recipients of a contract's documents."""
    where = house(seller, on)
    place = Place(where.id, contract=contract_id(where.id, contract))
    _copies(place, where, (name, email, since, last), reason, end=end, dry_run=dry_run, json=json)


@customers.app.command(
    "copies",
    help=example(
        "Wer außer dem Kunden alle seine Rechnungen bekommt: zeigen, hinzufügen, beenden.",
        "Who besides the customer gets all of its invoices: show, add, end.",
        "customer copies K-10001",
        'customer copies K-10001 --name "Steuerbüro" --email post@adviser.example --from 01.01.2027',
    ),
)
def customer_copies(
    *,
    customer: customers.CustomerArgument,
    name: NameOption = "",
    email: EmailOption = "",
    since: OptionalFrom = "",
    last: LastDayOption = "",
    end: EndOption = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Recipients of a customer's documents."""
    where = house(seller, on)
    place = Place(where.id, customer=customer_id(where.id, customer))
    _copies(place, where, (name, email, since, last), reason, end=end, dry_run=dry_run, json=json)


def _copies(
    place: Place, where: House, given: tuple[str, str, str, str], reason: str, *, end: bool, dry_run: bool, json: bool
) -> None:
    name, email, since, last = given
    until = end_of(last, where.reading) if last else None
    act: partial[Any] | None = None
    if end:
        if not email or until is None:
            raise typer.BadParameter(say("--email und --last-day angeben", "give --email and --last-day"))
        act = partial(end_recipient, place, email, until=until, reason=reason, by=stamp())
    elif email:
        if not name or not since:
            raise typer.BadParameter(say("--name und --from angeben", "give --name and --from"))
        first = day_of(since, where.on, "--from")
        act = partial(add_recipient, place, name, email, since=first, until=until, reason=reason, by=stamp())
    if dry_run and act is not None:
        _outcome, rows = tried(act, partial(recipients, place))
    else:
        if act is not None:
            act()
        rows = recipients(place)
    if json:
        answer(rows)
        return
    if dry_run:
        heading(say("Vorschau: nichts wird gespeichert", "Preview: nothing is saved"))
    titles = columns("Name|Name", "Adresse|Address", "ab|from", "Letzter Tag|Last day")
    table(titles, [(plain(row.name), plain(row.email), day(row.since), last_day(row.until)) for row in rows])


@customers.app.command(
    "bill-to-parent",
    help=example(
        "Die Rechnungen aller Verträge des Kunden gehen ab einem Tag an die Mutter.",
        "The invoices of all contracts of the customer go to its parent from a day on.",
        "customer bill-to-parent K-10002 --from 01.01.2027",
        "customer bill-to-parent K-10002 --from 01.01.2027 --group nord",
    ),
)
def bill_to_parent(
    *,
    customer: customers.CustomerArgument,
    since: FromOption,
    group: Annotated[
        str,
        typer.Option("--group", help=both("Gleiches Wort: eine Rechnung; leer: eine für alle.", "Same word: one.")),
    ] = "",
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Children on the parent's invoice."""
    where = house(seller, on)
    number = customer_id(where.id, customer)
    act = partial(
        bill_children_to_parent, where.id, number, valid_from=day_of(since, where.on, "--from"), group=group,
        reason=reason, by=stamp(),
    )  # fmt: skip
    carry_out(where, _contracts(where, number), act, _changed, dry_run=dry_run, json=json)


def _contracts(where: House, customer: int) -> list[str]:
    """Numbers of a customer's contracts."""
    return [row.number for row in contract_lines(where.id, customer=customer)[0]]


def _changed(count: int) -> str:
    return say("{n} Verträge geändert.", "{n} contracts changed.", n=count)


@customers.app.command(
    "supplier",
    help=example(
        "Trägt die Vereinbarung ein, nach der ein Lieferant per Gutschrift abgerechnet wird, oder ihr Ende.",
        "Enters the agreement by which a supplier is accounted for by self-billing, or its end.",
        "customer supplier K-9 --agreed-on 15.12.2026 --from 01.01.2027 --tax-number 231/107/04512",
        "customer supplier K-9 --agreed-on 15.12.2026 --from 01.01.2027 --small-business",
        "customer supplier K-9 --end --from 01.07.2027",
    ),
)
def supplier(
    *,
    customer: customers.CustomerArgument,
    since: FromOption,
    agreed_on: Annotated[
        str, typer.Option("--agreed-on", metavar=both("TAG", "DAY"), help=both("Tag der Vereinbarung.", "Day agreed."))
    ] = "",
    tax_number: Annotated[
        str, typer.Option("--tax-number", help=both("Steuernummer, wenn ohne USt-IdNr.", "If there is no VAT id."))
    ] = "",
    small_business: Annotated[
        bool, typer.Option("--small-business", help=both("Kleinunternehmer (§ 19 UStG).", "Charges no VAT."))
    ] = False,
    reference: Annotated[
        str, typer.Option("--reference", help=both("Wo die Vereinbarung liegt.", "Where the agreement is kept."))
    ] = "",
    end: Annotated[bool, typer.Option("--end", help=both("Vereinbarung endet.", "The agreement ends."))] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """The agreement of self-billing with a supplier."""
    where = house(seller, on)
    number, first = customer_id(where.id, customer), day_of(since, where.on, "--from")
    if end:
        act: partial[Any] = partial(end_self_billing, number, valid_from=first, reason=reason, by=stamp())
        said = say("Ab {d} keine Gutschriften mehr.", "No self-billing from {d} on.", d=day(first))
    elif agreed_on:
        data = SupplierData(day_of(agreed_on, where.on, "--agreed-on"), tax_number, small_business, reference)
        act = partial(agree_self_billing, number, data, valid_from=first, reason=reason, by=stamp())
        said = say("Ab {d} wird per Gutschrift abgerechnet.", "Self-billing from {d} on.", d=day(first))
    else:
        raise typer.BadParameter(say("Tag der Vereinbarung angeben", "give the day of the agreement"),
                                 param_hint="--agreed-on")  # fmt: skip
    carry_out(where, _contracts(where, number), act, said, dry_run=dry_run, json=json)


@invoices.app.command(
    "convert",
    help=example(
        "Macht aus einer Proformarechnung eine Rechnung.",
        "Turns a pro forma invoice into an invoice.",
        "invoice convert PF-2026-000001",
    ),
)
def convert(
    *, invoice: invoices.InvoiceArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """Invoice what stands of a pro forma invoice."""
    where = house(seller, on)
    made = convert_proforma(find_document(where.id, invoice), on=where.on, by=stamp())
    if json:
        answer(made)
        return
    show(say("Festgeschrieben: {n}. Weiter: turnus invoice show {n}", "Issued: {n}. Next: turnus invoice show {n}",
             n=plain(made.number)))  # fmt: skip
