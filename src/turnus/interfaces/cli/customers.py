"""``turnus customer``: who buys, and what is open."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from django.db import transaction

from turnus.checks.record import record_vat_check
from turnus.contracts.queries import contract_lines
from turnus.core.intake.cells import CellError
from turnus.core.intake.codes import parse_vat_id
from turnus.core.intake.customers import CUSTOMERS
from turnus.core.intake.texts import message
from turnus.core.parties import ContactData, CustomerData, VatIdCheck
from turnus.integration.enter import cells_of, customer_cells, enter
from turnus.integration.reports import Kind
from turnus.interfaces.cli.contracts import short_cycle
from turnus.interfaces.cli.frame import RefusedError, example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    LimitOption,
    OnOption,
    SellerOption,
    day_of,
    house,
    stamp,
)
from turnus.interfaces.cli.products import PairsArgument, target
from turnus.interfaces.cli.screen import (
    amount,
    answer,
    day,
    heading,
    last_day,
    lines_of,
    number,
    pairs,
    place,
    plain,
    rate,
    show,
    table,
)
from turnus.invoices.queries import Filter, documents, numbers_of
from turnus.ledger.queries import AccountRow, account_rows
from turnus.parties.facts import customer_ids
from turnus.parties.queries import contacts, customer_data, customer_id
from turnus.parties.queries import customers as customer_list

app = typer.Typer(
    name="customer",
    no_args_is_help=True,
    help=example(
        "Kunden, ihre Konten und die Prüfung ihrer USt-IdNr.",
        "Customers, their accounts and the checks of their VAT ids.",
        "customer account K-10001",
    ),
)
CustomerArgument = Annotated[
    str, typer.Argument(help=both("Kundennummer.", "Number of the customer."), show_default=False)
]


@app.command(
    "list",
    help=example(
        "Zeigt oder sucht Kunden; Müller findet auch Mueller.",
        "Lists or searches customers; Müller also finds Mueller.",
        "customer list --search Müller",
    ),
)
def list_(
    *,
    search: Annotated[
        str,
        typer.Option(
            "--search",
            help=both("Teil des Namens oder Anfang der Nummer.", "Part of the name, or start of the number."),
        ),
    ] = "",
    limit: LimitOption = 50,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Customers in a table."""
    where = house(seller)
    rows, count = customer_list(where.id, on=where.on, search=search, limit=limit)
    if json:
        found = [{"number": row.number, "name": row.name, "kind": row.kind, "city": row.address.city,
                  "country": row.address.country, "vat_id": row.vat_id} for row in rows]  # fmt: skip
        answer({"count": count, "customers": found})
        return
    titles = columns("Nummer|Number", "Name|Name", "Ort|City", "Land|Country", "USt-IdNr|VAT id")
    table(
        titles,
        [
            (plain(row.number), plain(row.name), place(row.address), row.address.country, plain(row.vat_id))
            for row in rows
        ],
    )  # fmt: skip
    if count > len(rows):
        show(
            say(
                "{a} von {b}; mehr mit --limit.", "{a} of {b}; more with --limit.", a=number(len(rows)), b=number(count)
            )
        )


@app.command(
    "show",
    help=example(
        "Zeigt einen Kunden mit Verträgen und letzten Rechnungen.",
        "Shows a customer with contracts and last invoices.",
        "customer show K-10001",
    ),
)
def show_(
    *, customer: CustomerArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """One customer."""
    where = house(seller, on)
    number_ = customer_id(where.id, customer)
    data = customer_data(number_, on=where.on)
    people = contacts(number_)
    contracts, _count = contract_lines(where.id, customer=number_)
    invoices, _count = documents(where.id, Filter(customer=number_), on=where.on, limit=10)
    if json:
        answer(
            asdict(data) | {"contacts": [row._asdict() for row in people], "contracts": contracts, "invoices": invoices}
        )
        return
    kind = say("Firma", "company") if data.kind == "company" else say("Privatperson", "person")
    heading(plain(f"{data.number} {data.name}"))
    pairs(
        [
            (say("Art", "Kind"), kind),
            (say("Anschrift", "Address"),
             lines_of(data.address)),
            (say("USt-IdNr", "VAT id"), plain(data.vat_id)),
            (say("E-Mail", "E-mail"), plain(data.email)),
            (say("Ansprechpartner", "Contact"), plain(data.contact_name)),
            (say("Leitweg-ID", "Leitweg-ID"), plain(data.leitweg_id)),
            (say("Elektronische Adresse", "Electronic address"),
             plain(f"{data.endpoint_scheme}:{data.endpoint}" if data.endpoint else "")),
            (say("Standort", "Site"), plain(data.site)),
            (say("E-Rechnungsprofil", "E-invoice profile"),
             plain(f"{data.einvoice_profile} {data.einvoice_syntax}".strip())),
            (say("SEPA-Mandat", "SEPA mandate"), plain(f"{data.mandate} {data.mandate_iban}".strip())),
            (say("Karte", "Card"), plain(data.card_digits)),
            (say("Skonto", "Cash discount"), _skonto(data)),
            (say("Debitorennummer", "Debtor number"), plain(data.debtor_number)),
            (say("Unternehmernachweis", "Proof of business"), plain(data.business_proof)),
            (say("Zahlungsziel", "Payment terms"), "" if data.payment_days is None else data.payment_days),
        ]
    )  # fmt: skip
    if people:
        heading(say("Ansprechpartner", "Contacts"))
        show_contacts(people)
    if contracts:
        heading(say("Verträge", "Contracts"))
        titles = columns("Vertrag|Contract", "Turnus|Cycle", "Beginn|Start", "Letzter Tag|Last day")
        table(titles, [(plain(r.number), short_cycle(r.cycle), day(r.signed_on), last_day(r.end)) for r in contracts])
    if invoices:
        heading(say("Letzte Belege", "Last documents"))
        titles = columns("Nummer|Number", "Datum|Date", "Brutto|Gross", "Offen|Open")
        rows = [
            (plain(r.number or f"#{r.id}"), day(r.issue_date), amount(r.gross, r.currency), amount(r.open, r.currency))
            for r in invoices
        ]
        table(titles, rows, right=(2, 3))


def show_contacts(rows: list[ContactData]) -> None:
    """Contacts in a table."""
    titles = columns("Rolle|Role", "Name|Name", "E-Mail|E-mail", "Telefon|Telephone")
    table(titles, [tuple(map(plain, row)) for row in rows])


def _skonto(data: CustomerData) -> str:
    if not data.cash_discount_percent:
        return ""
    return say("{r} in {d} Tagen", "{r} within {d} days", r=rate(data.cash_discount_percent), d=data.cash_discount_days)


@app.command(
    "new",
    help=example(
        "Legt einen Kunden an; Spalten wie in der Datei der Kunden.",
        "Enters a customer; columns as in the file of customers.",
        'customer new K-7 name="Müller AG" kind=Firma street="Weg 1" postcode=01067 city=Dresden',
    ),
)
def new(*, customer: CustomerArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """One row of the file of customers."""
    where = house(seller, on)
    if customer in customer_ids(where.id, [customer]):
        raise RefusedError("customer_known", customer=customer)
    enter(Kind.CUSTOMERS, {**cells_of(CUSTOMERS, given), "number": customer}, target(where), by=stamp())
    show(say("Angelegt. Weiter: turnus contract new … --customer {c}",
             "Entered. Next: turnus contract new … --customer {c}", c=plain(customer)))  # fmt: skip


@app.command(
    "change",
    help=example(
        "Ändert einen Kunden ab --on; was nicht genannt ist, bleibt. Leerer Wert: löschen.",
        "Changes a customer from --on; what is not named stays. Blank value: remove.",
        'customer change K-7 street="Ring 2" postcode=01069 --on 01.02.2027',
    ),
)
def change(*, customer: CustomerArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """Another version of a customer; the next run looks at its contracts again."""
    where = house(seller, on)
    cells = customer_cells(customer_data(customer_id(where.id, customer), on=where.on))
    outcome = enter(
        Kind.CUSTOMERS, {**cells, **cells_of(CUSTOMERS, given), "number": customer}, target(where), by=stamp()
    )
    show(say("Geändert.", "Changed.") if outcome == "changed" else say("Nichts zu ändern.", "Nothing to change."))


@app.command(
    "account",
    help=example(
        "Zeigt das Konto eines Kunden: Rechnungen, Zahlungen, was offen ist.",
        "Shows a customer's account: invoices, payments, what is open.",
        "customer account K-10001",
    ),
)
def account(
    *, customer: CustomerArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """Bookings with their balance."""
    where = house(seller, on)
    rows = account_rows(where.id, customer_id(where.id, customer))
    numbers = numbers_of({row.invoice for row in rows if row.invoice is not None})
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + row.amount
    if json:
        found = [row._asdict() | {"number": numbers.get(row.invoice or 0, "")} for row in rows]
        answer({"customer": customer, "balance": totals, "rows": found})
        return
    heading(say("Konto {c}", "Account {c}", c=plain(customer)))
    titles = columns("Tag|Day", "Beleg|Document", "Fällig|Due", "Betrag|Amount", "Offen|Open")
    table(titles, [_booking(row, numbers) for row in rows], right=(3, 4))
    for currency, total in totals.items():
        name = say("Guthaben", "Credit") if total < 0 else say("Offen", "Open")
        show(f"[bold]{name}: {amount(abs(total), currency)}[/bold]")


def _booking(row: AccountRow, numbers: dict[int, str]) -> tuple[object, ...]:
    name = plain(numbers.get(row.invoice or 0, "")) or say("Zahlung", "Payment")
    due = day(row.due_on) if row.amount > 0 and row.due_on else ""
    return day(row.booked_on), name, due, amount(row.amount, row.currency), amount(row.open, row.currency)


ValidOption = Annotated[
    bool | None,
    typer.Option("--valid/--invalid", help=both("Ergebnis der Prüfung.", "Result of the check."), show_default=False),
]
CheckedOption = Annotated[
    str,
    typer.Option(
        "--checked",
        metavar=both("TAG", "DAY"),
        help=both("Tag der Prüfung; leer: --on.", "Day of the check; blank: --on."),
    ),
]
VatIdOption = Annotated[str, typer.Option("--vat-id", help=both("Leer: die des Kunden.", "Blank: the customer's."))]
ReferenceOption = Annotated[
    str, typer.Option("--reference", help=both("Nummer der Bestätigung.", "Number of the confirmation."))
]


@app.command(
    "vat-check",
    help=example(
        "Hält das Ergebnis der Prüfung einer USt-IdNr fest (Nachweis für Reverse Charge).",
        "Keeps the result of a VAT id check (evidence for reverse charge).",
        "customer vat-check K-10001 --valid --reference WAPIAAAA1234",
        "customer vat-check K-10001 --invalid --checked 01.11.2026",
    ),
)
def vat_check(
    *,
    customer: CustomerArgument,
    valid: ValidOption = None,
    checked: CheckedOption = "",
    vat_id: VatIdOption = "",
    reference: ReferenceOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Record a check."""
    where = house(seller, on)
    if valid is None:
        raise typer.BadParameter(say("--valid oder --invalid", "--valid or --invalid"), param_hint="--valid")
    data = customer_data(customer_id(where.id, customer), on=where.on)
    wanted = _vat_id(vat_id or data.vat_id, where, customer)
    check = VatIdCheck(wanted, day_of(checked, where.on, "--checked") if checked else where.on, valid, reference)
    with transaction.atomic(durable=True):
        fresh = record_vat_check(where.id, check, by=stamp())
    if not fresh:
        show(say("Dieser Nachweis ist schon da.", "This evidence is there already."))
        return
    result = say("gültig", "valid") if valid else say("ungültig", "invalid")
    show(
        say(
            "Nachweis gespeichert: {v} am {d} {r}.",
            "Evidence stored: {v} {r} on {d}.",
            v=wanted,
            d=day(check.checked_on),
            r=result,
        ),
        say("Zurückgestelltes neu versuchen: turnus run resume", "Try again what was parked: turnus run resume"),
    )


def _vat_id(text: str, where: House, customer: str) -> str:
    if not text:
        raise RefusedError("no_vat_id", customer=customer)
    try:
        return parse_vat_id(text, where.reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--vat-id") from None
