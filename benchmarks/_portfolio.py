"""A seller with many contracts of a few lines each, written in bulk: what the invoice run is measured on.

Every customer is a German company with one contract that began on some day of January 2025 and is billed monthly in
advance. Prices and quantities are drawn from a seeded generator. Nothing here is measured.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction

from turnus.catalog.facts import product_facts
from turnus.catalog.offer import put_product, put_rates
from turnus.catalog.rates import GERMAN_RATES
from turnus.contracts.models import Account, Contract, Item
from turnus.core.actors import Actor, Stamp
from turnus.core.catalog import ProductData
from turnus.core.document import PostalAddress
from turnus.core.parties import SellerData
from turnus.invoices.runs import DefinitionData, put_definition, put_series
from turnus.parties.models import Customer, CustomerVersion
from turnus.parties.register import put_seller
from turnus.records.bulk import insert, take_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = 5_000
PRODUCTS: Final = 50
SINCE: Final = date(2020, 1, 1)
BY: Final = Stamp(Actor("job", "benchmark", "Benchmark"), datetime(2025, 1, 1, tzinfo=UTC))

VERSION = (
    "customer_id", "valid_from", "recorded_at", "name", "kind", "street", "postcode", "city", "country", "email",
    "einvoice_profile",
)  # fmt: skip
ACCOUNT = ("id", "seller_id", "customer_id", "currency", "group", "unit")
CONTRACT = (
    "id", "seller_id", "customer_id", "number", "cycle", "currency", "account_id", "signed_on", "start_on", "floor",
    "due_on", "sealed_through",
)  # fmt: skip
ITEM = (
    "contract_id", "code", "basis", "product_id", "model", "unit_price", "quantity", "gross", "fee_months", "fee_days",
    "billing_months", "billing_days", "timing",
)  # fmt: skip


def seed_portfolio(contracts: int, lines: int, seed: int, profile: str = "") -> int:
    """Fill the empty database of this process; ``profile``: of the e-invoices that all customers get.

    Returns the id of a run definition that bills and sends everything.
    """
    draw = random.Random(seed)  # noqa: S311  # a portfolio, no secret
    seller, products = _offer()
    for first in range(0, contracts, PAGE):
        with transaction.atomic(durable=True):
            _page(seller, products, range(first, min(first + PAGE, contracts)), lines, draw, profile)
    return put_definition(seller, DefinitionData(automation="send"), by=BY)


def _offer() -> tuple[int, Sequence[int]]:
    address = PostalAddress("Augustusplatz 1", "04109", "Leipzig", "DE")
    data = SellerData("main", "Beispiel GmbH", address, vat_id="DE123456789", iban="DE02120300000000202051")
    seller, _outcome = put_seller(data, valid_from=SINCE, by=BY)
    with transaction.atomic(durable=True):
        put_rates(GERMAN_RATES, by=BY)
        for number in range(PRODUCTS):
            put_product(seller, ProductData(f"P{number}", f"Produkt {number}"), by=BY)
    put_series(seller, "*", "RE", "RE-{YYYY}-{000000}", valid_from=SINCE, by=BY)
    return seller, sorted(product_facts(seller))


def _page(seller: int, products: Sequence[int], numbers: range, lines: int, draw: random.Random, profile: str) -> None:
    customers, accounts, contracts = (take_ids(model, len(numbers)) for model in (Customer, Account, Contract))
    names = [f"Kunde {number} GmbH" for number in numbers]
    starts = [date(2025, 1, draw.randint(1, 28)) for _number in numbers]
    insert(Customer, ("id", "seller_id", "number", "name_key"), [
        (customer, seller, f"K{number}", name.lower())
        for customer, number, name in zip(customers, numbers, names, strict=True)
    ])  # fmt: skip
    insert(CustomerVersion, VERSION, [
        (customer, SINCE, BY.at, name, "company", f"Hauptstraße {number}", f"{4_000 + number % 250:05}", "Leipzig",
         "DE", f"rechnung{number}@example.com", profile)
        for customer, number, name in zip(customers, numbers, names, strict=True)
    ])  # fmt: skip
    insert(Account, ACCOUNT, [
        (account, seller, customer, "EUR", f"#V{number}", account)
        for account, customer, number in zip(accounts, customers, numbers, strict=True)
    ])  # fmt: skip
    insert(Contract, CONTRACT, [
        (contract, seller, customer, f"V{number}", "1m", "EUR", account, start, start, date.min, start, date.min)
        for contract, customer, account, number, start in zip(
            contracts, customers, accounts, numbers, starts, strict=True
        )
    ])  # fmt: skip
    insert(Item, ITEM, [
        (contract, f"item{line}", "actual_period", draw.choice(products), "recurring_unit",
         Decimal(draw.randint(100, 19_999)).scaleb(-2), Decimal(draw.randint(1, 20)), False, 1, 0, 1, 0, "advance")
        for contract in contracts for line in range(lines)
    ])  # fmt: skip
