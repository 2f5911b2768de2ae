"""Price lists by currency, country and customer (OD-55), and prices with a window that contracts follow (JB-42)."""

from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    FLAT,
    UNIT,
    Company,
    company,
    contract,
    customer,
    day,
    item,
    lines,
    only,
    product,
    run,
    some_day,
    totals,
)
from turnus.catalog.offer import OfferRefusedError, put_price
from turnus.contracts.amend import change_terms, end_item
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.follow import follow_new_prices
from turnus.core.catalog import Model, PriceData
from turnus.core.parties import CustomerKind

pytestmark = pytest.mark.database


def price(  # noqa: PLR0913
    firm: Company, code: str, value: str, since: str, until: str | None = None, model: Model = FLAT, *,
    price_list: str = "", country: str = "", currency: str = "EUR",
) -> int:  # fmt: skip
    """A dated price, and what follows from it. Returns how many items changed."""
    data = PriceData(
        code, model, currency, Decimal(value), day(since), some_day(until), price_list=price_list, country=country
    )
    with transaction.atomic():
        put_price(firm.id, data, by=BY)
        return follow_new_prices(firm.id, [code], by=BY)


def test_od_55_the_customers_list_comes_before_the_groups_the_countrys_and_everybodys() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "90.00", "2020-01-01", country="AT")
    price(firm, "abo", "80.00", "2020-01-01", price_list="verein")
    price(firm, "abo", "75.00", "2020-01-01", price_list="verein", country="AT")
    price(firm, "abo", "70.00", "2020-01-01", price_list="freunde")
    customer(firm, "K-AT", country="AT")
    bought = {
        ("K1", ()): 100_00, ("K-AT", ()): 90_00, ("K1", ("verein",)): 80_00, ("K-AT", ("verein",)): 75_00,
        ("K1", ("freunde", "verein")): 70_00, ("K1", ("verein", "freunde")): 80_00,
    }  # fmt: skip
    for number, ((buyer, lists), _expected) in enumerate(bought.items()):
        contract(firm, f"V{number}", "2025-01-01", "abo", by=buyer, price_lists=lists, group="eine")
    documents = run(firm, "2025-01-01")
    nets = sorted(line.net for document in documents if document.customer_number == "K1" for line in document.lines)
    assert nets == [70_00, 80_00, 80_00, 100_00]


def test_od_55_a_list_in_another_currency_and_an_agreed_price_before_all() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "95.00", "2020-01-01", currency="CHF", price_list="schweiz")
    price(firm, "abo", "70.00", "2020-01-01", price_list="freunde")
    contract(firm, "V1", "2025-01-01", "abo", currency="CHF", price_lists=("schweiz",))
    contract(firm, "V2", "2025-01-01", item("abo", price="1.00"), price_lists=("freunde",))
    assert [(d.currency, d.net) for d in run(firm, "2025-01-01")] == [("CHF", 95_00), ("EUR", 1_00)]


def test_a_list_without_prices_is_refused_with_the_one_that_was_meant() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "80.00", "2020-01-01", price_list="verein")
    with pytest.raises(ContractRefusedError) as refused:
        contract(firm, "V1", "2025-01-01", "abo", "nix", price_lists=("vereine",))
    [wrong_list, unknown] = refused.value.faults
    assert (wrong_list.code, wrong_list.params["near"], unknown.code) == (
        "unknown_price_list", "verein", "unknown_product",
    )  # fmt: skip


def test_jb_42_an_item_that_follows_the_catalogue_is_split_where_a_price_window_begins() -> None:
    """100.00 until the 15th, 110.00 from the 16th of May: 15/31 and 16/31, one document (hard case 6)."""
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "110.00", "2025-05-16")
    contract(firm, "V1", "2025-05-01", item("abo", follows=True))
    contract(firm, "V2", "2025-05-01", "abo", by="K2")
    following, pinned = run(firm, "2025-05-01")
    assert lines(following) == ["1 abo 01.05.2025–15.05.2025 48.39", "1 abo 16.05.2025–31.05.2025 56.77"]
    assert lines(pinned) == ["1 abo 01.05.2025–31.05.2025 100.00"]
    assert [d.net for d in run(firm, "2025-06-01")] == [110_00, 100_00]


def test_jb_42_a_promotion_inside_the_base_price_ends_by_itself() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "50.00", "2025-06-01", "2025-07-01")
    contract(firm, "V1", "2025-05-01", item("abo", follows=True))
    assert [d.net for first in ("2025-05-01", "2025-06-01", "2025-07-01") for d in run(firm, first)] == [
        100_00, 50_00, 100_00,
    ]  # fmt: skip


def test_jb_42_a_price_entered_late_corrects_what_was_billed_in_advance() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", item("abo", follows=True))
    run(firm, "2025-05-01")
    assert price(firm, "abo", "110.00", "2025-05-16") == 1
    assert totals(only(run(firm, "2025-05-20"))) == "5.16 + 0.98 = 6.14"
    assert price(firm, "abo", "110.00", "2025-05-16") == 0, "the same price again changes nothing"
    assert run(firm, "2025-05-21") == []


def test_a_consumer_follows_the_windows_known_when_concluding_and_no_later_price_without_consent() -> None:
    firm = company()
    product(firm, "abo")
    price(firm, "abo", "10.00", since="2025-01-01")
    price(firm, "abo", "11.00", since="2025-06-01")
    customer(firm, "K1", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-05-01", item("abo", follows=True))
    contract(firm, "V2", "2025-05-01", item("abo", follows=True), by="K2")
    assert price(firm, "abo", "12.00", since="2025-07-01") == 1, "the company alone"
    nets = {d.customer_number: [line.net for line in d.lines] for d in run(firm, "2025-07-01")}
    assert nets == {"K1": [10_00, 11_00, 11_00], "K2": [10_00, 11_00, 12_00]}


def test_jb_42_where_no_price_holds_nothing_is_owed() -> None:
    firm = company()
    product(firm, "abo")
    price(firm, "abo", "31.00", "2025-01-01", "2025-05-11")
    price(firm, "abo", "62.00", "2025-05-21")
    contract(firm, "V1", "2025-05-01", item("abo", follows=True))
    assert lines(only(run(firm, "2025-05-01"))) == [
        "1 abo 01.05.2025–10.05.2025 10.00", "1 abo 21.05.2025–31.05.2025 22.00",
    ]  # fmt: skip


def test_a_quantity_changed_before_a_window_edge_holds_behind_it_too() -> None:
    firm = company()
    product(firm, "seat", "10.00", UNIT)
    price(firm, "seat", "11.00", "2025-07-01", model=UNIT)
    contract(firm, "V1", "2025-05-01", item("seat", "2", follows=True))
    change_terms(firm.id, "V1", "seat", valid_from=day("2025-06-01"), quantity=Decimal(5), by=BY)
    assert [d.net for first in ("2025-05-01", "2025-06-01", "2025-07-01") for d in run(firm, first)] == [
        20_00, 50_00, 55_00,
    ]  # fmt: skip


def test_an_agreed_price_ends_the_following_and_an_item_that_ended_stays_ended() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "extra", "10.00")
    price(firm, "abo", "110.00", "2025-07-01")
    price(firm, "extra", "12.00", "2025-07-01")
    contract(firm, "V1", "2025-05-01", item("abo", follows=True), item("extra", follows=True))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-06-01"), price=Decimal(95), by=BY)
    end_item(firm.id, "V1", "extra", end=day("2025-06-01"), by=BY)
    assert price(firm, "abo", "120.00", "2025-08-01") == 0
    assert price(firm, "extra", "13.00", "2025-08-01") == 0
    assert [d.net for first in ("2025-05-01", "2025-06-01", "2025-08-01") for d in run(firm, first)] == [
        110_00, 95_00, 190_00,
    ]  # fmt: skip


def test_prices_that_cannot_be_are_refused_with_everything_that_is_wrong() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    price(firm, "abo", "80.00", "2025-03-01", "2025-06-01")
    wrong = {
        ("nix", "-1", "2025-05-01", "2025-04-01"): ["unknown_product", "negative_price", "negative_period"],
        ("abo", "90.00", "2025-03-01", None): ["price_changed"],
        ("abo", "90.00", "2025-05-01", "2025-07-01"): ["price_overlap"],
        ("abo", "90.00", "2025-02-01", "2025-05-01"): ["price_overlap"],
    }
    for (code, value, since, until), codes in wrong.items():
        with pytest.raises(OfferRefusedError) as refused:
            price(firm, code, value, since, until)
        assert [fault.code for fault in refused.value.faults] == codes
    price(firm, "abo", "70.00", "2025-04-01", "2025-05-01")
    price(firm, "abo", "60.00", "2025-06-01", "2025-08-01")
