# ruff: noqa: INP001, T201 - a command, not a package; it speaks on standard output
"""Turn the IBM telco customer data (telco/Telco-Customer-Churn.csv, Apache-2.0) into import files.

Every service becomes a catalogue item. The data knows only what each customer pays in all, so the price of an item is
found by least squares over all customers and rounded to 0.05. What is then left of a customer's MonthlyCharges, at most
5.00, becomes the item "Anpassung": quantity 1 or -1 of the rest, so that every contract's monthly net is MonthlyCharges
to the cent. Contracts start on the first of the month, tenure months before the reference date, and have been billed
elsewhere until that date; `contracts_ended.csv` is the same file with the terminations of those who left (Churn = Yes).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

from turnus.core.document import PostalAddress
from turnus.core.intake.dates import format_date, format_last_day
from turnus.core.money import from_minor, half_up, to_minor
from turnus.core.parties import SellerData
from turnus.core.periods import add_months
from turnus.integration.files import write_csv
from turnus.integration.seller_file import seller_toml

STEP: Final = 5
"""Cents to which item prices are rounded."""
LARGEST_REST: Final = 500
"""Cents that an adjustment may be at most."""
CYCLES: Final = {"Month-to-month": "month-to-month", "One year": "one year", "Two year": "two years"}
SELLER: Final = SellerData(
    code="telco",
    name="Telco Beispiel GmbH",
    address=PostalAddress("Beispielweg 1", "10115", "Berlin", "DE"),
    email="rechnung@telco.example",
    vat_id="DE123456788",
    iban="DE89370400440532013000",
)


class Service(NamedTuple):
    """An item of the catalogue and the cell of the data that says a customer has it."""

    code: str
    name: str
    name_en: str
    column: str
    value: str = "Yes"


SERVICES: Final = (
    Service("PHONE", "Telefonanschluss", "Telephone line", "PhoneService"),
    Service("LINES", "Weitere Leitungen", "Further lines", "MultipleLines"),
    Service("DSL", "Internet über DSL", "Internet, DSL", "InternetService", "DSL"),
    Service("FIBRE", "Internet über Glasfaser", "Internet, fibre", "InternetService", "Fiber optic"),
    Service("SECURITY", "Sicherheitspaket", "Online security", "OnlineSecurity"),
    Service("BACKUP", "Datensicherung", "Online backup", "OnlineBackup"),
    Service("PROTECTION", "Geräteschutz", "Device protection", "DeviceProtection"),
    Service("SUPPORT", "Technische Hilfe", "Technical support", "TechSupport"),
    Service("TV", "Fernsehen", "Streaming television", "StreamingTV"),
    Service("MOVIES", "Filme", "Streaming films", "StreamingMovies"),
)


class Subscriber(NamedTuple):
    """One customer of the data."""

    id: str
    has: tuple[int, ...]
    """1 or 0 for each service."""
    kind: str
    start: date
    monthly: int
    """MonthlyCharges, cents."""
    left: bool


def subscribers(source: Path, reference: date) -> list[Subscriber]:
    """All rows of the data."""
    with source.open(encoding="utf-8", newline="") as file:
        return [
            Subscriber(
                row["customerID"],
                tuple(int(row[service.column] == service.value) for service in SERVICES),
                CYCLES[row["Contract"]],
                add_months(reference, -int(row["tenure"])),
                to_minor(Decimal(row["MonthlyCharges"]), "EUR"),
                row["Churn"] == "Yes",
            )
            for row in csv.DictReader(file)
        ]


def least_squares(rows: Sequence[Sequence[int]], sums: Sequence[int]) -> list[Fraction]:
    """The x that makes rows · x come nearest to the sums, exactly: normal equations, Gauss and Jordan.

    Raises ``ValueError`` where the rows leave an unknown open.
    """
    size = len(rows[0])
    table = [[Fraction(sum(row[i] * row[j] for row in rows)) for j in range(size)] for i in range(size)]
    for i, line in enumerate(table):
        line.append(Fraction(sum(row[i] * total for row, total in zip(rows, sums, strict=True))))
    for i in range(size):
        pivot = next((k for k in range(i, size) if table[k][i]), None)
        if pivot is None:
            raise ValueError(f"unknown {i} is not determined")
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [value / table[i][i] for value in table[i]]
        for k in range(size):
            if k != i:
                table[k] = [a - table[k][i] * b for a, b in zip(table[k], table[i], strict=True)]
    return [line[-1] for line in table]


def item_prices(people: Sequence[Subscriber]) -> list[int]:
    """Cents per item and month, by least squares, rounded to ``STEP``."""
    exact = least_squares([person.has for person in people], [person.monthly for person in people])
    return [STEP * half_up(price.numerator, price.denominator * STEP) for price in exact]


def rest(person: Subscriber, prices: Sequence[int]) -> int:
    """Cents of MonthlyCharges that the items do not explain."""
    return person.monthly - sum(price for price, has in zip(prices, person.has, strict=True) if has)


def euro(cents: int) -> str:
    """``12,50``."""
    return f"{from_minor(cents, 'EUR')}".replace(".", ",")


def customer_rows(people: Sequence[Subscriber]) -> Iterator[list[str]]:
    """The data names nobody: each customer is a person in Berlin called by the id."""
    for person in people:
        yield [person.id, f"Kunde {person.id}", "Privat", "Beispielweg 2", "10115", "Berlin", "DE"]


def product_rows(prices: Sequence[int], since: date) -> Iterator[list[str]]:
    """The catalogue."""
    for service, price in zip(SERVICES, prices, strict=True):
        yield [service.code, service.name, service.name_en, "recurring_flat", euro(price), format_date(since)]
    yield ["ADJUSTMENT", "Anpassung", "Adjustment", "recurring_unit", "0,00", format_date(since)]


def contract_rows(
    people: Sequence[Subscriber], prices: Sequence[int], reference: date, *, ended: bool
) -> Iterator[list[str]]:
    """One row per item; the contract's own cells in every row."""
    for person in people:
        head = [
            person.id,
            person.id,
            person.kind,
            format_date(person.start),
            format_last_day(reference) if ended and person.left else "",
            format_last_day(reference) if person.start < reference else "",
        ]
        for service, has in zip(SERVICES, person.has, strict=True):
            if has:
                yield [*head, service.code, "", "1"]
        if left := rest(person, prices):
            yield [*head, "ADJUSTMENT", euro(abs(left)), "1" if left > 0 else "-1"]


def write(people: Sequence[Subscriber], folder: Path, reference: date) -> list[int]:
    """Write all files; returns the prices."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seller.toml").write_text(seller_toml(SELLER), encoding="utf-8")
    prices = item_prices(people)
    first = min(person.start for person in people)
    write_csv(
        folder / "customers.csv",
        ["number", "name", "kind", "street", "postcode", "city", "country"],
        customer_rows(people),
    )
    write_csv(
        folder / "products.csv",
        ["code", "name", "name_en", "model", "price", "valid_from"],
        product_rows(prices, first),
    )
    header = ["contract", "customer", "kind", "start", "end", "billed_until", "product", "price", "quantity"]
    for name, ended in (("contracts.csv", False), ("contracts_ended.csv", True)):
        write_csv(folder / name, header, contract_rows(people, prices, reference, ended=ended))
    return prices


def main() -> None:
    """Read the data, write the files, print what was checked; exit 1 where a check fails."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python examples/telco.py sample-data/telco out/telco",
    )
    parser.add_argument("data", type=Path, help="folder of Telco-Customer-Churn.csv")
    parser.add_argument("out", type=Path, help="folder for the import files")
    parser.add_argument("--reference", type=date.fromisoformat, default=date(2026, 11, 1), metavar="YYYY-MM-DD",
                        help="first day of the month to be billed (default 2026-11-01)")  # fmt: skip
    given = parser.parse_args()
    if given.reference.day != 1:
        parser.error("--reference must be the first day of a month")
    people = subscribers(given.data / "Telco-Customer-Churn.csv", given.reference)
    prices = write(people, given.out, given.reference)
    rests = [rest(person, prices) for person in people]
    active = [person for person in people if not person.left]
    for service, price in zip(SERVICES, prices, strict=True):
        print(f"{service.name_en:24}{from_minor(price, 'EUR'):>8}")
    print(f"largest adjustment      {from_minor(max(map(abs, rests)), 'EUR'):>8}")
    for title, some in (("contracts in all", people), (f"active on {given.reference}", active)):
        print(f"{title:24}{len(some):>8,}  net {from_minor(sum(person.monthly for person in some), 'EUR'):>12,}")
    if max(map(abs, rests)) > LARGEST_REST:
        parser.exit(1, "an adjustment is larger than 5.00\n")


if __name__ == "__main__":
    main()
