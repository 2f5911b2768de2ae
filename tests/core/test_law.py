"""VAT as law.md has it: rates by the end of the supply (L-09), rounding (L-11), who owes the tax (L-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from tests.core.builders import YEAR, Book, contract, item, loose_line, on, vat_of_2020
from turnus.core.catalog import ProductKind, TaxClass
from turnus.core.invoicing import compose, group_of
from turnus.core.money import allocate, half_up
from turnus.core.parties import CustomerKind
from turnus.core.periods import Cycle
from turnus.core.tax import RateRow, RateTable, Supply, Tax, TaxBuyer, TaxHoldError, TaxSeller, treat

TODAY: Final = date(2025, 6, 30)
FOREVER: Final = date(9999, 12, 31)
RATES: Final = RateTable(
    RateRow("DE", tax_class, since, until, rate)
    for tax_class, steps in (("standard", (1900, 1600, 1900)), ("reduced", (700, 500, 700)))
    for (since, until), rate in zip(
        ((date(2007, 1, 1), date(2020, 7, 1)), (date(2020, 7, 1), date(2021, 1, 1)), (date(2021, 1, 1), FOREVER)),
        steps,
        strict=True,
    )
)

# ---- L-09: the end of the supply decides -----------------------------------------------------------------------------


def gross_of(price: str, start: str, through: str, *, fee: Cycle, end: str, product: int = 1) -> list[int]:
    book = Book(contract(item(price, start=start, fee=fee, product=product), start=start, end=end), tax=vat_of_2020)
    return [document.composed.gross for document in book.run(through)]


def test_l_09_a_year_that_ends_in_the_window_is_16_percent_as_a_whole() -> None:
    assert gross_of("1200.00", "2019-08-01", "2019-08-01", fee=YEAR, end="2020-08-01") == [139_200]


def test_l_09_a_year_that_ends_after_the_window_is_19_percent_and_one_billed_at_16_is_corrected_by_36() -> None:
    assert gross_of("1200.00", "2020-07-01", "2020-07-01", fee=YEAR, end="2021-07-01") == [142_800]
    yearly = contract(item("1200.00", start="2020-07-01", fee=YEAR), start="2020-07-01", end="2021-07-01")
    book = Book(yearly, tax=lambda _account, _product, _day: Tax("S", 1600))
    assert [document.composed.gross for document in book.run("2020-07-01")] == [139_200]
    book.tax = vat_of_2020
    book.touch(on("2021-01-01"))
    assert [document.totals for document in book.run("2021-01-01")] == [(0, 3600, 3600)]


def test_l_09_monthly_parts_of_the_same_year_are_taxed_each_by_its_own_end() -> None:
    monthly = item("100.00", start="2020-07-01")
    book = Book(contract(monthly, start="2020-07-01", end="2021-07-01"), tax=vat_of_2020)
    [document] = book.run("2021-06-30")
    assert [(row.rate, row.tax) for row in document.composed.taxes] == [(1600, 9600), (1900, 11_400)]
    assert document.totals == (120_000, 21_000, 141_000)


def test_l_09_half_years_of_an_e_paper_are_taxed_at_7_and_5_percent() -> None:
    book = Book(contract(item("60.00", start="2020-01-01", fee=Cycle(6, 0), product=2), start="2020-01-01",
                         end="2021-01-01"), tax=vat_of_2020)  # fmt: skip
    assert [document.composed.gross for document in book.run("2020-01-01")] == [6420]
    assert [document.composed.gross for document in book.run("2020-07-01")] == [6300]


@pytest.mark.parametrize(
    ("day", "rate"), [("2020-06-30", 1900), ("2020-07-01", 1600), ("2020-12-31", 1600), ("2021-01-01", 1900)]
)
def test_l_09_the_rate_changes_with_the_day_the_supply_ends(day: str, rate: int) -> None:
    assert RATES.rate("DE", "standard", on(day)) == rate
    german = treat(SELLER, GERMAN, replace(SERVICE, last_day=on(day)), RATES)
    assert (german.rate, german.because) == (rate, f"L-12.1: DE, standard, {day}")


def test_l_09_a_day_outside_the_table_is_parked_and_never_guessed() -> None:
    with pytest.raises(TaxHoldError) as hold:
        RATES.rate("DE", "standard", date(2006, 12, 31))
    expected = {"country": "DE", "tax_class": "standard", "day": "2006-12-31"}
    assert (hold.value.code, hold.value.params) == ("rate_missing", expected)
    with pytest.raises(TaxHoldError):
        RATES.rate("AT", "standard", TODAY)


# ---- L-11: one rounding per group ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "net", "tax", "by_line"),
    [([417] * 12, 5004, 951, 948), ([33] * 3 + [999] * 7, 7092, 1347, 1348), ([207, 396], 603, 115, 114)],
)
def test_l_11_vat_is_computed_on_the_sum_and_rounded_once(amounts: list[int], net: int, tax: int, by_line: int) -> None:
    document = compose([loose_line(amount, number=n) for n, amount in enumerate(amounts)])
    assert (document.net, document.tax) == (net, tax)
    assert sum(half_up(amount * 19, 100) for amount in amounts) == by_line


def test_l_11_two_rates_are_two_groups() -> None:
    document = compose([loose_line(10_000), loose_line(5000, rate=700, number=2)])
    assert [(row.rate, row.base, row.tax) for row in document.taxes] == [(700, 5000, 350), (1900, 10_000, 1900)]
    assert (document.net, document.tax, document.gross) == (15_000, 2250, 17_250)


def test_l_11_gross_prices_keep_the_gross_of_their_lines() -> None:
    amounts = (999, 2497, 1, 333, 12_345)
    lines = [loose_line(a, gross=True, rate=700 if a == 333 else 1900, number=n) for n, a in enumerate(amounts)]
    document = compose(lines)
    assert document.gross == sum(amounts)
    assert sum(placed.net for placed in document.lines) == document.net


def test_l_11_ten_euros_over_three() -> None:
    assert allocate(1000, [1, 1, 1]) == [334, 333, 333]


# ---- L-12: who owes the tax ------------------------------------------------------------------------------------------

SELLER: Final = TaxSeller("DE", "DE123456789", small_business=False, oss=False, vat_check_days=30)
GERMAN: Final = TaxBuyer("DE", "04107", CustomerKind.COMPANY, "", "")
AUSTRIAN: Final = TaxBuyer(
    "AT", "1010", CustomerKind.COMPANY, "ATU12345678", "", checked_on=date(2025, 6, 1), check_valid=True
)
FRENCH_CONSUMER: Final = TaxBuyer("FR", "75001", CustomerKind.PERSON, "", "")
SWISS: Final = TaxBuyer("CH", "8001", CustomerKind.COMPANY, "", "UID CHE-109.322.551")
SERVICE: Final = Supply(ProductKind.SERVICE, TaxClass.STANDARD, TODAY, TODAY)
ELECTRONIC: Final = replace(SERVICE, kind=ProductKind.ELECTRONIC)
GOODS: Final = replace(SERVICE, kind=ProductKind.GOODS)

SHIPS: Final = replace(SELLER, ships_abroad=True)

DECIDED = [
    ("1, business", SELLER, GERMAN, SERVICE, ("S", 1900, "")),
    ("1, consumer", SELLER, GERMAN._replace(kind=CustomerKind.PERSON), ELECTRONIC, ("S", 1900, "")),
    ("1, reduced", SELLER, GERMAN, replace(GOODS, tax_class=TaxClass.REDUCED), ("S", 700, "")),
    ("2", SELLER, AUSTRIAN, SERVICE, ("AE", 0, "reverse_charge")),
    ("4", SELLER, FRENCH_CONSUMER, ELECTRONIC, ("S", 1900, "")),
    ("6", SHIPS, AUSTRIAN, GOODS, ("K", 0, "intra_community")),
    ("4, goods", SHIPS, FRENCH_CONSUMER, GOODS, ("S", 1900, "")),
    ("7", SELLER, SWISS, SERVICE, ("O", 0, "not_taxable")),
    ("9", SHIPS, SWISS, GOODS, ("G", 0, "export")),
    ("9, consumer", SHIPS, SWISS._replace(kind=CustomerKind.PERSON), GOODS, ("G", 0, "export")),
    ("1, § 4", SELLER, GERMAN, replace(SERVICE, tax_class=TaxClass.EXEMPT), ("E", 0, "exempt")),
    ("1, § 12 Abs. 3", SELLER, GERMAN, replace(GOODS, tax_class=TaxClass.ZERO), ("Z", 0, "")),
    ("2, of § 4", SELLER, AUSTRIAN, replace(SERVICE, tax_class=TaxClass.EXEMPT), ("AE", 0, "reverse_charge")),
    ("10", replace(SELLER, small_business=True), GERMAN, SERVICE, ("E", 0, "small_business")),
]


@pytest.mark.parametrize(("row", "seller", "buyer", "supply", "expected"), DECIDED, ids=[row[0] for row in DECIDED])
def test_l_12_what_is_certain_is_decided_with_its_grounds(
    row: str, seller: TaxSeller, buyer: TaxBuyer, supply: Supply, expected: tuple[str, int, str]
) -> None:
    found = treat(seller, buyer, supply, RATES)
    assert (found.category, found.rate, found.reason) == expected
    assert found.because.startswith(f"L-12.{row.split(',', maxsplit=1)[0]}: ")


UNCHECKED = AUSTRIAN._replace(checked_on=None, check_valid=False)
PARKED = [
    ("3, no id", SELLER, AUSTRIAN._replace(vat_id=""), SERVICE, "vat_id_missing", {"country": "AT"}),
    ("3, never checked", SELLER, UNCHECKED, SERVICE, "vat_id_unchecked", {"vat_id": "ATU12345678"}),
    ("3, not valid", SELLER, AUSTRIAN._replace(check_valid=False), SERVICE, "vat_id_invalid",
     {"vat_id": "ATU12345678", "day": "2025-06-01"}),
    ("3, checked 31 days ago", SELLER, AUSTRIAN._replace(checked_on=date(2025, 5, 30)), SERVICE, "vat_id_check_old",
     {"vat_id": "ATU12345678", "day": "2025-05-30"}),
    ("2, seller without id", replace(SELLER, vat_id=""), AUSTRIAN, SERVICE, "seller_vat_id_missing", {}),
    ("5", replace(SELLER, oss=True), FRENCH_CONSUMER, ELECTRONIC, "oss", {"country": "FR"}),
    ("6", SELLER, AUSTRIAN, GOODS, "goods_abroad", {"country": "AT"}),
    ("7, no proof", SELLER, SWISS._replace(business_proof=""), SERVICE, "business_proof_missing", {"country": "CH"}),
    ("8", SELLER, SWISS._replace(kind=CustomerKind.PERSON), ELECTRONIC, "third_country_consumer", {"country": "CH"}),
    ("9", SELLER, SWISS, GOODS, "goods_abroad", {"country": "CH"}),
    ("6, no id", SHIPS, AUSTRIAN._replace(vat_id=""), GOODS, "vat_id_missing", {"country": "AT"}),
    ("6, not valid", SHIPS, AUSTRIAN._replace(check_valid=False), GOODS, "vat_id_invalid",
     {"vat_id": "ATU12345678", "day": "2025-06-01"}),
    ("6, delivered in Germany", SHIPS, AUSTRIAN._replace(delivered_to="DE"), GOODS, "goods_elsewhere",
     {"country": "AT", "delivered_to": "DE"}),
    ("12, Canaries", SELLER, AUSTRIAN._replace(country="ES", postcode="38001"), SERVICE, "special_territory",
     {"country": "ES", "postcode": "38001"}),
    ("12, Büsingen", SELLER, GERMAN._replace(postcode="78266"), SERVICE, "special_territory",
     {"country": "DE", "postcode": "78266"}),
    ("12, Helgoland", SELLER, GERMAN._replace(postcode="27498"), SERVICE, "special_territory",
     {"country": "DE", "postcode": "27498"}),
    ("12, Northern Ireland", SELLER, SWISS._replace(country="GB", postcode="bt1 5gs"), GOODS, "special_territory",
     {"country": "GB", "postcode": "bt1 5gs"}),
    ("seller abroad", replace(SELLER, country="AT"), GERMAN, SERVICE, "seller_country", {"country": "AT"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seller", "buyer", "supply", "code", "params"), [row[1:] for row in PARKED], ids=[row[0] for row in PARKED]
)
def test_l_12_what_is_not_certain_is_parked_with_what_is_missing(
    seller: TaxSeller, buyer: TaxBuyer, supply: Supply, code: str, params: dict[str, str]
) -> None:
    with pytest.raises(TaxHoldError) as hold:
        treat(seller, buyer, supply, RATES)
    assert (hold.value.code, hold.value.params) == (code, params)


def test_l_12_a_check_counts_for_as_many_days_as_the_seller_allows() -> None:
    assert treat(SELLER, AUSTRIAN._replace(checked_on=date(2025, 5, 31)), SERVICE, RATES).category == "AE"
    with pytest.raises(TaxHoldError, match="vat_id_check_old"):
        treat(SELLER, AUSTRIAN._replace(checked_on=date(2025, 5, 30)), SERVICE, RATES)
    older = replace(SELLER, vat_check_days=31)
    assert treat(older, AUSTRIAN._replace(checked_on=date(2025, 5, 30)), SERVICE, RATES).category == "AE"


def outcome(seller: TaxSeller, buyer: TaxBuyer, supply: Supply) -> str:
    try:
        return treat(seller, buyer, supply, RATES).because
    except TaxHoldError as hold:
        return f"{hold.code} {hold.params}"


def test_l_12_another_input_is_another_explanation() -> None:
    before = outcome(SELLER, AUSTRIAN, SERVICE)
    others = [
        outcome(replace(SELLER, country="AT"), AUSTRIAN, SERVICE),
        outcome(replace(SELLER, vat_id=""), AUSTRIAN, SERVICE),
        outcome(replace(SELLER, small_business=True), AUSTRIAN, SERVICE),
        outcome(replace(SELLER, vat_check_days=10), AUSTRIAN, SERVICE),
        outcome(SELLER, AUSTRIAN._replace(country="FR"), SERVICE),
        outcome(SELLER, AUSTRIAN._replace(kind=CustomerKind.PERSON), SERVICE),
        outcome(SELLER, AUSTRIAN._replace(vat_id="ATU87654321"), SERVICE),
        outcome(SELLER, AUSTRIAN._replace(checked_on=date(2025, 6, 2)), SERVICE),
        outcome(SELLER, AUSTRIAN._replace(check_valid=False), SERVICE),
        outcome(SELLER, AUSTRIAN, GOODS),
        outcome(SELLER, GERMAN, SERVICE),
        outcome(SELLER, GERMAN, replace(SERVICE, tax_class=TaxClass.REDUCED)),
        outcome(SELLER, GERMAN, replace(SERVICE, last_day=date(2025, 6, 29))),
        outcome(SELLER, SWISS, SERVICE),
        outcome(SELLER, SWISS._replace(business_proof="Handelsregister"), SERVICE),
    ]
    assert len({before, *others}) == 1 + len(others)


def test_l_12_lines_outside_the_scope_of_vat_never_share_a_document_with_others() -> None:
    """BR-O-11: category O alone; the book makes two documents of one account."""

    def tax(_account: int, product: int, _last_day: date) -> Tax:
        return Tax("O", 0, "not_taxable") if product == 2 else Tax("S", 1900)

    book = Book(contract(item("30.00"), item("10.00", number=2, product=2)), tax=tax)
    assert sorted(document.totals for document in book.run("2025-01-01")) == [(1000, 0, 1000), (3000, 570, 3570)]
    assert {group_of(entry.charge.identity) for entry in book.entries} == {"", "O"}
