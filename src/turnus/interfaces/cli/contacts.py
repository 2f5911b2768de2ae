"""``turnus customer contact``: the people at a customer to whom we write, each in a role."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.core.intake.cells import CellError
from turnus.core.intake.customers import EMAIL
from turnus.core.intake.texts import message
from turnus.core.parties import ContactData
from turnus.interfaces.cli import customers
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import House, JsonOption, ReasonOption, SellerOption, house, stamp
from turnus.interfaces.cli.screen import answer, show
from turnus.parties.queries import contacts, customer_id
from turnus.parties.register import put_contact, remove_contact

app = typer.Typer(
    name="contact",
    no_args_is_help=True,
    help=example(
        "Ansprechpartner eines Kunden.",
        "Contacts of a customer.",
        'customer contact add K-10001 --name "Erika Muster" --role technical --email muster@kunde.example',
    ),
)
customers.app.add_typer(app)

RoleOption = Annotated[
    str,
    typer.Option("--role", help=both("Wofür: billing, technical oder ein eigenes Wort.", "billing, technical or own.")),
]
EmailOption = Annotated[str, typer.Option("--email", help=both("E-Mail-Adresse.", "E-mail address."))]


@app.command(
    "add",
    help=example(
        "Trägt einen Ansprechpartner ein; gleiche Rolle und Adresse: ändert Name und Telefon.",
        "Enters a contact; the same role and address: changes name and telephone.",
        'customer contact add K-10001 --name "Erika Muster" --role technical --email muster@kunde.example',
    ),
)
def add(
    *,
    customer: customers.CustomerArgument,
    name: Annotated[str, typer.Option("--name", help=both("Name.", "Name."), show_default=False)],
    role: RoleOption = "billing",
    email: EmailOption = "",
    phone: Annotated[str, typer.Option("--phone", help=both("Telefon.", "Telephone."))] = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Enter or change."""
    where = house(seller)
    new = ContactData(_word(role, "--role"), _word(name, "--name"), _email(email, where), phone.strip())
    outcome = put_contact(customer_id(where.id, customer), new, by=stamp())
    if json:
        answer({"outcome": outcome, "contact": new._asdict()})
        return
    told = {
        "created": say("Eingetragen.", "Entered."), "changed": say("Geändert.", "Changed."),
        "unchanged": say("Nichts zu ändern.", "Nothing to change."),
    }  # fmt: skip
    show(told[outcome])


@app.command(
    "list",
    help=example("Zeigt die Ansprechpartner.", "Lists the contacts.", "customer contact list K-10001"),
)
def list_(*, customer: customers.CustomerArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """All contacts."""
    rows = contacts(customer_id(house(seller).id, customer))
    if json:
        answer([row._asdict() for row in rows])
        return
    customers.show_contacts(rows)
    if not rows:
        show(say("Noch keine: turnus customer contact add.", "None yet: turnus customer contact add."))


@app.command(
    "remove",
    help=example(
        "Entfernt einen Ansprechpartner; das Protokoll behält ihn.",
        "Removes a contact; the audit trail keeps it.",
        "customer contact remove K-10001 --role technical --email muster@kunde.example",
    ),
)
def remove(
    *,
    customer: customers.CustomerArgument,
    role: RoleOption = "billing",
    email: EmailOption = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Remove."""
    where = house(seller)
    number = customer_id(where.id, customer)
    remove_contact(number, role.strip(), email.strip(), reason=reason, by=stamp())
    if json:
        answer([row._asdict() for row in contacts(number)])
        return
    show(say("Entfernt.", "Removed."))


def _word(text: str, option: str) -> str:
    if not text.strip():
        raise typer.BadParameter(say("darf nicht leer sein", "must not be blank"), param_hint=option)
    return text.strip()


def _email(text: str, where: House) -> str:
    try:
        return str(EMAIL.parse(text.strip(), where.reading)) if text.strip() else ""
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--email") from None
