"""``turnus channel``: on which ways customers get their documents, and what the e-mails say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from turnus.core.delivery import ChannelData, Content, Network, Way
from turnus.core.mail import PLACEHOLDERS, Template
from turnus.delivery.channels import add_channel, end_channel, listed, put_turnover
from turnus.delivery.texts import put_mail_text
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import (
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    house,
    money_of,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.screen import answer, day, plain, show, table
from turnus.parties.queries import customer_id

app = typer.Typer(
    name="channel",
    no_args_is_help=True,
    help=example(
        "Wege, auf denen Kunden ihre Belege bekommen. Konten (SMTP, S3 …) stehen in delivery.toml im Datenordner.",
        "On which ways customers get their documents. The accounts (SMTP, S3 …) stand in delivery.toml in the data "
        "folder.",
        "channel add K-10001 --way email --content zugferd",
        "channel list",
    ),
)
WayOption = Annotated[Way, typer.Option("--way", help=both("Weg.", "Way."), show_default=False)]
ContentOption = Annotated[
    Content, typer.Option("--content", help=both("Was gesendet wird; both: PDF und XML.", "What; both: PDF and XML."))
]
AddressOption = Annotated[
    str,
    typer.Option(
        "--address",
        help=both(
            "E-Mail-Adresse, Peppol-Teilnehmer (0204:…), Unterordner; leer: aus den Daten des Kunden.",
            "E-mail address, Peppol participant (0204:…), subfolder; blank: of the customer's data.",
        ),
    ),
]
RoleOption = Annotated[
    str,
    typer.Option("--role", help=both("An alle Ansprechpartner dieser Rolle.", "To all contacts of this role.")),
]
TargetOption = Annotated[
    str,
    typer.Option("--target", help=both("Name des Kontos in delivery.toml.", "Name of the account in delivery.toml.")),
]
ServiceOption = Annotated[
    Network, typer.Option("--service", help=both("Dienst am anderen Ende.", "Network at the other end."))
]
ConsentOption = Annotated[
    str,
    typer.Option(
        "--consent",
        metavar=both("TAG", "DAY"),
        help=both(
            "Seit wann der Empfänger elektronischen Rechnungen zustimmt.",
            "Since when the recipient agrees to electronic invoices.",
        ),
    ),
]
CustomerArgument = Annotated[
    str,
    typer.Argument(
        metavar=both("KUNDE", "CUSTOMER"),
        help=both(
            "Kundennummer; leer: alle ohne eigenen Kanal.", "Customer number; blank: all without one of their own."
        ),
    ),
]


@app.command(
    "add",
    help=example(
        "Gibt einem Kunden einen Weg, oder allen, die keinen eigenen haben.",
        "Gives a customer a way, or all who have none of their own.",
        "channel add K-10001 --way email --content zugferd --role billing",
        "channel add K-10002 --way peppol --content xml",
        "channel add --way folder",
    ),
)
def add(
    *,
    customer: CustomerArgument = "",
    way: WayOption,
    content: ContentOption = Content.PDF,
    address: AddressOption = "",
    role: RoleOption = "",
    target: TargetOption = "main",
    service: ServiceOption = Network.NONE,
    consent: ConsentOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Enter a channel."""
    where = house(seller, on)
    agreed = optional_day(consent, where, "--consent")
    data = ChannelData(way, content, customer, address.strip(), role.strip(), target, service, agreed)
    number = add_channel(where.id, data, on=where.on, by=stamp())
    if json:
        answer({"channel": number})
        return
    show(say("Kanal {n} eingerichtet.", "Channel {n} set up.", n=number))


@app.command(
    "list",
    help=example("Zeigt die Kanäle.", "Lists the channels.", "channel list", "channel list K-10001"),
)
def list_(*, customer: CustomerArgument = "", seller: SellerOption = "", json: JsonOption = False) -> None:
    """All channels."""
    where = house(seller)
    rows = listed(where.id, customer_id(where.id, customer) if customer else None)
    if json:
        answer([{"id": row.id, "data": row.data} for row in rows])
        return
    titles = columns("Kanal|Channel", "Kunde|Customer", "Weg|Way", "Inhalt|Content", "An|To", "Konto|Account",
                     "Dienst|Network", "Zustimmung|Consent")  # fmt: skip
    table(
        titles,
        [
            (row.id, plain(row.data.customer or say("alle übrigen", "all others")), row.data.way, row.data.content,
             plain(row.data.address or row.data.role), plain(row.data.target), row.data.service,
             day(row.data.consent_on) if row.data.consent_on else "")
            for row in rows
        ],
    )  # fmt: skip


@app.command(
    "end",
    help=example("Beendet einen Kanal.", "Ends a channel.", "channel end 3 --reason Wechsel"),
)
def end(
    *,
    channel: Annotated[int, typer.Argument(metavar=both("KANAL", "CHANNEL"), help=both("Nummer.", "Number."))],
    reason: ReasonOption = "",
    seller: SellerOption = "",
) -> None:
    """Nothing new goes this way."""
    end_channel(house(seller).id, channel, reason=reason, by=stamp())
    show(say("Beendet.", "Ended."))


@app.command(
    "text",
    help=example(
        f"Betreff und Text der E-Mails. Platzhalter: {', '.join(PLACEHOLDERS)}, in geschweiften Klammern.",
        f"Subject and body of the e-mails. Placeholders: {', '.join(PLACEHOLDERS)}, in braces.",
        'channel text --kind invoice --for de --subject "Rechnung {number}" --body rechnung.txt',
    ),
)
def text(
    *,
    subject: Annotated[str, typer.Option("--subject", help=both("Betreff.", "Subject."), show_default=False)],
    body: Annotated[Path, typer.Option("--body", help=both("Datei mit dem Text.", "File with the body."))],
    kind: Annotated[str, typer.Option("--kind", help=both("Art; *: alle übrigen.", "Kind; *: all others."))] = "*",
    text_language: Annotated[str, typer.Option("--for", help=both("Sprache des Textes.", "Its language."))] = "de",
    seller: SellerOption = "",
) -> None:
    """Save a text."""
    template = Template(subject, body.read_text(encoding="utf-8"))
    put_mail_text(house(seller).id, kind, text_language, template, by=stamp())
    show(say("Gespeichert.", "Saved."))


@app.command(
    "turnover",
    help=example(
        "Umsatz eines Jahres: bis 800.000 € dürfen Rechnungen über Leistungen des Folgejahres 2027 noch PDF sein.",
        "Turnover of a year: up to €800,000 invoices for supplies of the following year 2027 may still be PDF.",
        "channel turnover 2026 --amount 500.000,00",
    ),
)
def turnover(
    *,
    year: Annotated[int, typer.Argument(metavar=both("JAHR", "YEAR"), help=both("Kalenderjahr.", "Calendar year."))],
    value: Annotated[str, typer.Option("--amount", help=both("In Euro.", "In euro."), show_default=False)],
    seller: SellerOption = "",
) -> None:
    """Say the turnover of a year."""
    where = house(seller)
    put_turnover(where.id, year, money_of(value, "EUR", where, "--amount"), by=stamp())
    show(say("Gespeichert.", "Saved."))
