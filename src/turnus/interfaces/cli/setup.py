"""``turnus init``: database, VAT rates, a seller with its number series, and the run that covers everything."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from django.core.management import call_command
from django.db import transaction

from turnus.catalog.offer import put_rates
from turnus.catalog.rates import GERMAN_RATES
from turnus.core.actors import Stamp
from turnus.core.document import PostalAddress
from turnus.core.parties import SellerData
from turnus.integration.seller_file import read_seller
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import JsonOption, day_of, home, now, stamp
from turnus.interfaces.cli.screen import answer, plain, show
from turnus.invoices.queries import definitions
from turnus.invoices.runs import DEFAULT, DefinitionData, put_definition, put_series
from turnus.parties.facts import seller_ids
from turnus.parties.register import put_seller

SINCE: Final = date(2000, 1, 1)
"""From when the first version of a seller and its number series hold, so that old periods can be billed."""
_ADDRESS: Final = [field.name for field in fields(PostalAddress)]


FromOption = Annotated[
    Path | None,
    typer.Option("--from", help=both("TOML-Datei mit den Angaben des Verkäufers.", "TOML file of the seller.")),
]
CodeOption = Annotated[str, typer.Option("--code", help=both("Kurzname des Verkäufers.", "Short name of the seller."))]
NameOption = Annotated[str, typer.Option("--name", help=both("Firma.", "Company."))]
StreetOption = Annotated[str, typer.Option("--street", help=both("Straße und Hausnummer.", "Street and number."))]
PostcodeOption = Annotated[str, typer.Option("--postcode", help=both("PLZ.", "Postcode."))]
CityOption = Annotated[str, typer.Option("--city", help=both("Ort.", "City."))]
CountryOption = Annotated[str, typer.Option("--country", help=both("Land, zum Beispiel DE.", "Country, such as DE."))]
VatIdOption = Annotated[str, typer.Option("--vat-id", help=both("USt-IdNr.", "VAT id."))]
TaxNumberOption = Annotated[str, typer.Option("--tax-number", help=both("Steuernummer.", "Tax number."))]
IbanOption = Annotated[str, typer.Option("--iban", help=both("Konto für Überweisungen.", "Account for transfers."))]
EmailOption = Annotated[str, typer.Option("--email", help=both("E-Mail auf der Rechnung.", "E-mail on invoices."))]
NumbersOption = Annotated[
    str, typer.Option("--numbers", help=both("Muster der Rechnungsnummern.", "Pattern of invoice numbers."))
]
CorrectionNumbersOption = Annotated[
    str,
    typer.Option(
        "--correction-numbers",
        help=both("Muster für Storno und Korrektur.", "Pattern of cancellations and credits."),
    ),
]
ValidFromOption = Annotated[
    str,
    typer.Option(
        "--valid-from",
        help=both("Ab wann geänderte Angaben gelten; leer: heute.", "From when changed data hold; blank: today."),
    ),
]


def init(
    *,
    file: FromOption = None,
    code: CodeOption = "",
    name: NameOption = "",
    street: StreetOption = "",
    postcode: PostcodeOption = "",
    city: CityOption = "",
    country: CountryOption = "",
    vat_id: VatIdOption = "",
    tax_number: TaxNumberOption = "",
    iban: IbanOption = "",
    email: EmailOption = "",
    pattern: NumbersOption = "RE-{YYYY}-{000000}",
    corrections: CorrectionNumbersOption = "SR-{YYYY}-{000000}",
    valid_from: ValidFromOption = "",
    json: JsonOption = False,
) -> None:
    """Set up the database and a seller; running it again changes only what differs."""
    call_command("migrate", verbosity=0)
    given = {
        "code": code, "name": name, "street": street, "postcode": postcode, "city": city, "country": country,
        "vat_id": vat_id, "tax_number": tax_number, "iban": "".join(iban.split()), "email": email,
    }  # fmt: skip
    data = _seller(file, {key: value for key, value in given.items() if value})
    found = set_up(data, valid_from, pattern, corrections, by=stamp())
    if json:
        answer(found)
        return
    words = {
        "created": say("eingerichtet", "set up"),
        "changed": say("geändert", "changed"),
        "unchanged": say("unverändert", "unchanged"),
    }
    show(
        say("Datenbank und Steuersätze sind bereit.", "Database and VAT rates are ready."),
        say(
            "Verkäufer {code} ({name}) {what}; Rechnungsnummern {n}, Korrekturen {c}.",
            "Seller {code} ({name}) {what}; invoice numbers {n}, corrections {c}.",
            code=plain(data.code), name=plain(data.name), what=words[found["seller"]], n=plain(pattern),
            c=plain(corrections),
        ),
        say("Daten liegen in {home}.", "Data lie in {home}.", home=plain(home())),
        say(
            "Weiter: turnus import customers kunden.csv", "Next: turnus import customers customers.csv"
        ),
    )  # fmt: skip


INIT_HELP: Final = example(
    "Richtet Datenbank, Steuersätze, Verkäufer und Nummernkreise ein.",
    "Sets up database, VAT rates, a seller and its number series.",
    "init --from seller.toml",
    'init --name "Beispiel GmbH" --street "Weg 1" --postcode 04109 --city Leipzig --vat-id DE123456789',
)


def set_up(data: SellerData, valid_from: str, pattern: str, corrections: str, *, by: Stamp) -> dict[str, Any]:
    """Rates, seller, number series and the standard run. What is there already stays."""
    with transaction.atomic(durable=True):
        rates = put_rates(GERMAN_RATES, by=by)
    known = data.code in {code for _id, code in seller_ids()}
    today = now().date()
    since = day_of(valid_from, today, "--valid-from") if valid_from else today if known else SINCE
    seller, outcome = put_seller(data, valid_from=since, by=by)
    for kind, code, text in (("*", "RE", pattern), ("credit", "SR", corrections), ("cancellation", "SR", corrections)):
        put_series(seller, kind, code, text, valid_from=SINCE, by=by)
    if DEFAULT not in {row.name for row in definitions(seller)}:
        put_definition(seller, DefinitionData(), by=by)
    return {"seller": outcome, "id": seller, "code": data.code, "rates": rates}


def _seller(file: Path | None, given: dict[str, str]) -> SellerData:
    """The file's values with the options on top; without a file, questions for what an invoice cannot do without."""
    address = {key: given.pop(key) for key in _ADDRESS if key in given}
    if file is not None:
        data = read_seller(file)
        return replace(data, address=replace(data.address, **address), **given)  # type: ignore[arg-type] # texts only
    questions = {
        "street": say("Straße und Hausnummer", "Street and number"),
        "postcode": say("PLZ", "Postcode"),
        "city": say("Ort", "City"),
    }
    name = given.pop("name", "") or typer.prompt(say("Firma", "Company"))
    for key, question in questions.items():
        address[key] = address.get(key) or typer.prompt(question)
    if "vat_id" not in given and "tax_number" not in given:
        given["vat_id"] = typer.prompt(say("USt-IdNr (oder --tax-number)", "VAT id (or --tax-number)"))
    place = PostalAddress(address["street"], address["postcode"], address["city"], address.get("country", "DE"))
    return SellerData(given.pop("code", "main"), name, place, **given)  # type: ignore[arg-type] # texts only
