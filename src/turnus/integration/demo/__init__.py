"""A company to look at: a seller, customers, products, contracts and usage as import files, drawn from a seed.

The same seed writes the same bytes. Names and numbers are invented; postcodes and check digits are true.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from turnus.core.document import PostalAddress
from turnus.core.intake.columns import Layout
from turnus.core.intake.contract_columns import CONTRACTS
from turnus.core.intake.coupons import COUPONS
from turnus.core.intake.customers import CUSTOMERS
from turnus.core.intake.dates import format_date, format_last_day
from turnus.core.intake.offers import GROUPS, PLANS
from turnus.core.intake.products import PRODUCTS
from turnus.core.intake.usage import USAGE
from turnus.core.parties import SellerData
from turnus.integration.demo import plans
from turnus.integration.demo.deals import all_deals, money
from turnus.integration.demo.offer import OFFERS
from turnus.integration.demo.people import Buyer, Cells, buyers, german_iban, german_vat_id
from turnus.integration.files import write_csv
from turnus.integration.seller_file import seller_toml

MONTH: Final = date(2026, 11, 1)
SELLER: Final = SellerData(
    code="elbtal",
    name="Elbtal Datenwerk GmbH",
    address=PostalAddress("Königsbrücker Straße 96", "01099", "Dresden", "DE"),
    email="rechnung@elbtal-datenwerk.example",
    phone="030 23125 417",
    website="www.elbtal-datenwerk.example",
    vat_id=german_vat_id(29_814_736),
    tax_number="201/108/47112",
    register="Amtsgericht Dresden, HRB 99417",
    management="Dr. Käthe Überschär, Jörg Brückner",
    contact_name="Sabine Lößner",
    iban=german_iban("85012399", "4711081500"),
    bic="ELBTDE8DXXX",
    bank="Elbtaler Bank",
    vat_check_days=45,
)
"""The demonstration company. It lets VAT id checks hold for 45 days, so those of October last all of November."""


def write_demo(folder: Path, *, seed: int = 2026, customers: int = 2000, month: date = MONTH) -> dict[str, int]:
    """Write ``seller.toml`` and a file each of customers, products, plans, groups, coupons, contracts and usage.

    ``month`` is the first day of the month to be billed: a run through its last day bills an ordinary month. Returns
    the number of rows by kind of file. Memory does not grow with ``customers``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seller.toml").write_text(seller_toml(SELLER), encoding="utf-8")

    def people() -> Iterator[Buyer]:
        return buyers(Random(seed), customers, month)  # noqa: S311 - a demonstration, no secret

    contracts = (row for deal in all_deals(seed, people(), month) for row in deal.rows)
    usage = (row for deal in all_deals(seed, people(), month) for row in deal.usage)
    return {
        "customers": _write(folder, CUSTOMERS, (buyer.cells for buyer in people())),
        "products": _write(folder, PRODUCTS, _products()),
        "plans": _write(folder, PLANS, iter(plans.PLANS)),
        "groups": _write(folder, GROUPS, iter(plans.GROUPS)),
        "coupons": _write(folder, COUPONS, iter(plans.COUPONS)),
        "contracts": _write(folder, CONTRACTS, contracts),
        "usage": _write(folder, USAGE, usage),
    }


def _products() -> Iterator[Cells]:
    for product, price in ((offer.product, price) for offer in OFFERS for price in offer.prices()):
        yield {
            "code": product.code,
            "name": product.name,
            "name_en": product.name_en,
            "description": product.description,
            "kind": product.kind,
            "tax_class": product.tax_class,
            "unit": product.unit,
            "model": price.model,
            "currency": price.currency,
            "price": money(price.unit_price),
            "gross": "ja" if price.gross else "nein",
            "valid_from": format_date(price.valid_from),
            "valid_to": format_last_day(price.valid_to) if price.valid_to else "",
        }


def _write(folder: Path, layout: Layout, rows: Iterator[Cells]) -> int:
    names = [column.name for column in layout.columns]
    table = ([row.get(name, "") for name in names] for row in rows)
    return write_csv(folder / f"{layout.kind}.csv", layout.titles("de"), table)
