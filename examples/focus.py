# ruff: noqa: INP001, T201 - a command, not a package; it speaks on standard output
"""Turn FOCUS cloud-usage records (focus/focus_sample.csv, FinOps Foundation, CC BY 4.0) into import files.

Every sub-account becomes a customer with one contract in USD and one item of rated usage; every record becomes one
usage event with BilledCost as its exact amount. Quantity and unit are for information: consumed ones, else priced ones.
`NULL` stands for a missing value; records without a sub-account go to one of their own. The seller's zone is UTC.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from turnus.core.document import PostalAddress
from turnus.core.intake.dates import format_date
from turnus.core.intake.numbers import format_decimal
from turnus.core.money import from_minor, half_up
from turnus.core.parties import SellerData
from turnus.integration.files import write_csv
from turnus.integration.seller_file import seller_toml

Record = dict[str, str]
NO_ACCOUNT: Final = "without sub-account"
SELLER: Final = SellerData(
    code="cloud",
    name="Cloud Beispiel GmbH",
    address=PostalAddress("Beispielweg 1", "10115", "Berlin", "DE"),
    email="rechnung@cloud.example",
    vat_id="DE123456788",
    time_zone="UTC",
    language="en",
    currency="USD",
)


class Account(NamedTuple):
    """A sub-account: its number here, and id and name in the data."""

    number: str
    id: str
    name: str


def records(source: Path) -> list[Record]:
    """All records, `NULL` as an empty text."""
    with source.open(encoding="utf-8", newline="") as file:
        return [{key: "" if value == "NULL" else value for key, value in row.items()} for row in csv.DictReader(file)]


def accounts(rows: list[Record]) -> dict[str, Account]:
    """Sub-accounts by id, numbered in the order of their ids."""
    names = {row["SubAccountId"]: row["SubAccountName"] for row in rows}
    return {
        id_: Account(f"SA-{index:04}", id_ or NO_ACCOUNT, names[id_] or id_ or NO_ACCOUNT)
        for index, id_ in enumerate(sorted(names), 1)
    }


def cost(row: Record) -> Decimal:
    """BilledCost, exact; also from a notation such as ``8e-07``. Missing is 0."""
    return Decimal(row["BilledCost"] or 0)


def customer_rows(known: dict[str, Account]) -> Iterator[list[str]]:
    """The data names no addresses: each sub-account is a company in the United States."""
    for account in known.values():
        address = ["1 Example Street", "10001", "New York", "NY", "US"]
        yield [account.number, account.name, "company", *address, "en", "USD", "anonymised sample"]


def contract_rows(known: dict[str, Account], since: date) -> Iterator[list[str]]:
    """One contract per sub-account, monthly in arrears."""
    for account in known.values():
        yield [
            account.number,
            account.number,
            format_date(since),
            "USD",
            "monthly",
            "arrears",
            account.id[:100],
            "CLOUD",
        ]


def usage_rows(rows: list[Record], known: dict[str, Account]) -> Iterator[list[str]]:
    """One event per record."""
    for row in rows:
        quantity, unit = row["ConsumedQuantity"], row["ConsumedUnit"]
        if not quantity:
            quantity, unit = row["PricingQuantity"], row["PricingUnit"]
        at = datetime.fromisoformat(f"{row['ChargePeriodStart']}+00:00").isoformat()
        amounts = [format_decimal(Decimal(quantity), ".") if quantity else "", unit, format_decimal(cost(row), ".")]
        yield [known[row["SubAccountId"]].number, "CLOUD", row["Id"], at, *amounts, row["ServiceName"]]


def write(rows: list[Record], folder: Path) -> dict[str, Account]:
    """Write all files; returns the sub-accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seller.toml").write_text(seller_toml(SELLER), encoding="utf-8")
    known = accounts(rows)
    since = datetime.fromisoformat(min(row["ChargePeriodStart"] for row in rows)).date().replace(day=1)
    write_csv(
        folder / "customers.csv",
        [
            "number",
            "name",
            "kind",
            "street",
            "postcode",
            "city",
            "region",
            "country",
            "language",
            "currency",
            "business_proof",
        ],
        customer_rows(known),
    )
    product = ["CLOUD", "Cloud-Nutzung", "Cloud usage", "electronic", "rated", "USD", format_date(since)]
    write_csv(
        folder / "products.csv", ["code", "name", "name_en", "kind", "model", "currency", "valid_from"], [product]
    )
    write_csv(
        folder / "contracts.csv",
        ["contract", "customer", "start", "currency", "cycle", "timing", "reference", "product"],
        contract_rows(known, since),
    )
    write_csv(
        folder / "usage.csv",
        ["contract", "item", "key", "at", "quantity", "unit", "amount", "dimension"],
        usage_rows(rows, known),
    )
    return known


def main() -> None:
    """Read the data, write the files, print what was checked; exit 1 where a check fails."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python examples/focus.py sample-data/focus out/focus",
    )
    parser.add_argument("data", type=Path, help="folder of focus_sample.csv")
    parser.add_argument("out", type=Path, help="folder for the import files")
    given = parser.parse_args()
    rows = records(given.data / "focus_sample.csv")
    foreign = {row["BillingCurrency"] for row in rows} - {"USD"}
    if foreign:
        parser.exit(1, f"currencies other than USD: {', '.join(sorted(foreign))}\n")
    known = write(rows, given.out)
    sums = dict.fromkeys(known, Decimal(0))
    for row in rows:
        sums[row["SubAccountId"]] += cost(row)
    print(f"records                 {len(rows):>8,}")
    print(f"of these 0              {sum(not cost(row) for row in rows):>8,}")
    print(f"negative                {sum(cost(row) < 0 for row in rows):>8,}")
    print(f"sub-accounts            {len(known):>8,}")
    print(f"below half a cent       {sum(abs(total) < Decimal('0.005') for total in sums.values()):>8,}")
    print(f"sum of BilledCost       {sum(sums.values()):f} USD")
    rounded = sum(from_minor(half_up(int(total.scaleb(15)), 10**13), "USD") for total in sums.values())
    print(f"rounded per sub-account {rounded} USD")


if __name__ == "__main__":
    main()
