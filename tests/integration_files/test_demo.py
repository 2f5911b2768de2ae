"""The demonstration company: same seed, same bytes; every row readable; a whole month of life in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from turnus.core.contracts import NewContract
from turnus.core.intake.cells import Reading
from turnus.core.intake.contracts import ContractRow
from turnus.core.intake.customers import CustomerRow
from turnus.core.offers import Offer, contract_of
from turnus.core.parties import CustomerKind
from turnus.core.periods import slot_of
from turnus.core.usage import UsageRecord
from turnus.integration.demo import MONTH, SELLER, write_demo
from turnus.integration.demo.people import german_iban, german_vat_id
from turnus.integration.reading import (
    Parsed,
    Tally,
    read_contracts,
    read_coupons,
    read_customers,
    read_groups,
    read_plans,
    read_products,
    read_usage,
)
from turnus.integration.seller_file import read_seller

HOW = Reading(ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo(path)
    return path


@pytest.fixture(scope="module")
def customers(folder: Path) -> list[CustomerRow]:
    return [parsed.value for parsed in read_customers(folder / "customers.csv", HOW) if parsed.value]


@pytest.fixture(scope="module")
def contracts(folder: Path) -> list[ContractRow]:
    return [parsed.value for parsed in read_contracts(folder / "contracts.csv", HOW) if parsed.value]


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in [("a", 1), ("b", 1), ("c", 2)]:
        write_demo(tmp_path / name, seed=seed, customers=200)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    same = ["coupons.csv", "groups.csv", "plans.csv", "products.csv", "seller.toml"]
    assert files == sorted([*same, "contracts.csv", "customers.csv", "usage.csv"])
    for file in files:
        first, second, other = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert first == second
        assert (first == other) == (file in same)


def test_every_row_is_read_without_an_error(folder: Path) -> None:
    readers: list[tuple[Callable[[Path, Reading], Iterator[Parsed[Any]]], str]] = [
        (read_customers, "customers"),
        (read_products, "products"),
        (read_contracts, "contracts"),
        (read_usage, "usage"),
        (read_plans, "plans"),
        (read_groups, "groups"),
        (read_coupons, "coupons"),
    ]
    for read, name in readers:
        tally = Tally()
        for parsed in read(folder / f"{name}.csv", HOW):
            assert not parsed.errors, parsed.errors
            tally.count(parsed)
        assert tally.ok == tally.total > 0


@pytest.mark.parametrize("month", [date(2026, 2, 1), date(2027, 1, 1), date(2028, 3, 1)])
def test_any_month_can_be_billed(tmp_path: Path, month: date) -> None:
    write_demo(tmp_path, customers=300, month=month)
    assert all(parsed.value for parsed in read_contracts(tmp_path / "contracts.csv", HOW))


def test_the_customers_are_mostly_german_and_a_few_are_not_in_order(customers: list[CustomerRow]) -> None:
    assert len(customers) == 2000
    countries = Counter(row.data.address.country for row in customers)
    assert 0.82 < countries["DE"] / 2000 < 0.88
    assert len(countries) >= 13
    abroad = [row for row in customers if row.data.kind is CustomerKind.COMPANY and row.data.address.country != "DE"]
    beyond = [row for row in abroad if row.data.address.country in ("CH", "GB", "US")]
    union = [row for row in abroad if row not in beyond]
    fresh = [row for row in union if row.check and 0 < (MONTH - row.check.checked_on).days <= 14]
    unchecked = [row for row in union if row.check is None]
    expired = [row for row in union if row.check and (MONTH - row.check.checked_on).days > 90]
    assert len(fresh) + len(unchecked) + len(expired) == len(union)
    assert all(0 < len(few) < len(union) / 10 for few in (unchecked, expired))
    assert 0 < len([row for row in beyond if not row.data.business_proof]) < len(beyond) / 4
    assert {row.data.kind for row in customers if row.data.address.country == "FR"} == set(CustomerKind)
    assert any(row.data.parent for row in customers)
    assert any(row.data.leitweg_id for row in customers)
    assert any(row.data.delivery for row in customers)


def made(row: ContractRow) -> NewContract:
    return contract_of(row.order, Offer("EUR"))[0]


def test_contracts_bill_the_month_and_no_years_before(contracts: list[ContractRow]) -> None:
    for contract in (made(row) for row in contracts):
        if contract.start >= MONTH or contract.trial_days:
            assert contract.billed_until is None
            continue
        floor = contract.billed_until or contract.start
        slot = slot_of(contract.start, contract.fee, floor)
        assert slot.start == floor
        due = slot.end if contract.timing == "arrears" else slot.start
        assert due >= MONTH, contract


def test_a_month_has_a_bit_of_everything(contracts: list[ContractRow]) -> None:
    end = date(2026, 12, 1)
    facts = Counter[str]()
    for row in contracts:
        contract = made(row)
        items = contract.items
        facts.update([f"cycle {contract.fee.months}", f"{contract.timing}"])
        facts["started"] += MONTH <= contract.start < end
        facts["ended"] += contract.end is not None and MONTH < contract.end < end
        facts["trial"] += contract.trial_days > 0 and MONTH <= contract.start + timedelta(contract.trial_days) < end
        facts["group"] += bool(contract.group)
        facts["set-up"] += any(item.code.endswith("-setup") for item in items)
        facts["add-on"] += any(item.start is not None and item.start >= MONTH for item in items)
        facts["new price"] += any(change.price is not None for change in row.changes)
        facts["new quantity"] += any(change.quantity is not None for change in row.changes)
        facts["percent"] += any(discount.percent is not None for discount in contract.discounts)
        facts["amount"] += any(discount.amount is not None for discount in contract.discounts)
        facts["reduced"] += any(item.product in ("EPAPER", "BOOK") for item in items)
        facts["metered"] += any(item.product == "TRAFFIC" for item in items)
        facts["rated"] += any(item.product == "CALLS" for item in items)
    assert set(facts) >= {"cycle 1", "cycle 3", "cycle 6", "cycle 12", "advance", "arrears"}
    assert {name: count for name, count in facts.items() if count < 10} == {}


def test_usage_belongs_to_days_that_its_contract_has_not_billed(folder: Path, contracts: list[ContractRow]) -> None:
    known = {row.order.number: row.order for row in contracts}
    events: list[UsageRecord] = [parsed.value for parsed in read_usage(folder / "usage.csv", HOW) if parsed.value]
    for event in events:
        contract = known[event.contract]
        assert (contract.billed_until or contract.start) <= event.day < (contract.end or date.max)
        assert event.meter in {item.code for item in contract.items}
    assert {event.amount is None for event in events} == {True, False}


def test_check_digits_are_true(folder: Path) -> None:
    assert read_seller(folder / "seller.toml") == SELLER
    for iban in (SELLER.iban, german_iban("37040044", "532013000")):
        assert int(f"{iban[4:]}1314{iban[2:4]}") % 97 == 1
    assert german_iban("37040044", "532013000") == "DE89370400440532013000"
    assert german_vat_id(13_669_597) == "DE136695976"


def test_customer_numbers_rise(customers: list[CustomerRow]) -> None:
    numbers = [int(row.data.debtor_number) for row in customers]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
