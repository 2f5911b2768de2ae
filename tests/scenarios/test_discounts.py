"""Discounts of contracts (JB-20, JB-39, PI-19, OD-56; trap: zero invoice): what the next invoice says, to the cent."""

from decimal import Decimal

import pytest

from tests.builders import BY, UNIT, company, contract, day, days, item, lines, money, only, product, run, totals
from turnus.contracts.amend import change_terms
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import grant_discount
from turnus.core.catalog import TaxClass
from turnus.core.contracts import NewDiscount
from turnus.core.document import InvoiceDocument

pytestmark = pytest.mark.database


def allowances(document: InvoiceDocument) -> list[tuple[str, str]]:
    return [(money(line.allowance), line.allowance_reason) for line in document.lines]


def test_a_discount_for_three_periods_ends_by_itself() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    welcome = NewDiscount("Willkommen", Decimal(50), periods=3)
    contract(firm, "V1", "2025-01-15", "abo", discounts=(welcome,))
    assert [d.net for first in ("2025-01-15", "2025-04-14", "2025-04-15") for d in run(firm, first)] == [
        50_00, 100_00, 100_00,
    ]  # fmt: skip


def test_a_discount_that_ends_inside_a_period_splits_it_by_days() -> None:
    """100.00 for April, 20 % until the 10th: 80.00 × 10/30 = 26.67, and 100.00 × 20/30 = 66.67."""
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-04-01", "abo")
    april = NewDiscount("Aktion", Decimal(20), None, "abo", *days("2025-04-01", "2025-04-10"))
    grant_discount(firm.id, "V1", april, by=BY)
    document = only(run(firm, "2025-04-01"))
    assert lines(document) == ["1 abo 01.04.2025–10.04.2025 26.67", "1 abo 11.04.2025–30.04.2025 66.67"]
    assert allowances(document) == [("6.66", "Aktion"), ("0.00", "")]


def test_a_discount_granted_inside_a_period_for_periods_begins_with_the_next() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    run(firm, "2025-01-01")
    grant_discount(firm.id, "V1", NewDiscount("Treue", Decimal(10), start=day("2025-01-20"), periods=1), by=BY)
    assert run(firm, "2025-01-20") == []
    assert [d.net for first in ("2025-02-01", "2025-03-01") for d in run(firm, first)] == [90_00, 100_00]


def test_jb_39_a_quantity_discount_comes_and_goes_with_the_quantity() -> None:
    firm = company()
    product(firm, "seat", "10.00", UNIT)
    scale = tuple(
        NewDiscount("Menge", Decimal(off), item="seat", from_quantity=Decimal(threshold))
        for off, threshold in ((5, 20), (10, 50))
    )
    contract(firm, "V1", "2025-04-01", item("seat", "19"), discounts=scale)
    assert totals(only(run(firm, "2025-04-01"))) == "190.00 + 36.10 = 226.10"
    for since, quantity in (("2025-05-01", 20), ("2025-06-01", 50), ("2025-07-01", 49)):
        change_terms(firm.id, "V1", "seat", valid_from=day(since), quantity=Decimal(quantity), by=BY)
    nets = [d.net for first in ("2025-05-01", "2025-06-01", "2025-07-01") for d in run(firm, first)]
    assert nets == [190_00, 450_00, 465_50]


def test_jb_39_reaching_the_threshold_inside_a_month_bills_the_difference_of_its_days() -> None:
    """April in advance: 19 × 10.00. From the 16th 21 seats with 5 %: half of 199.50 less half of 190.00."""
    firm = company()
    product(firm, "seat", "10.00", UNIT)
    scale = (NewDiscount("Menge", Decimal(5), item="seat", from_quantity=Decimal(20)),)
    contract(firm, "V1", "2025-04-01", item("seat", "19"), discounts=scale)
    run(firm, "2025-04-01")
    change_terms(firm.id, "V1", "seat", valid_from=day("2025-04-16"), quantity=Decimal(21), by=BY)
    assert only(run(firm, "2025-04-16")).net == 99_75 - 95_00


def test_an_amount_off_the_contract_is_spread_over_two_vat_rates_with_odd_cents() -> None:
    """19.99 at 19 % and 10.01 at 7 % less 5.00: 3.33 and 1.67; the rest is 16.66 and 8.34."""
    firm = company()
    product(firm, "abo", "19.99")
    product(firm, "buch", "10.01", tax_class=TaxClass.REDUCED)
    gift = NewDiscount("Gutschein", amount=5_00, periods=1)
    contract(firm, "V1", "2025-04-01", "abo", "buch", discounts=(gift,))
    document = only(run(firm, "2025-04-01"))
    assert sorted((line.tax_rate, money(line.net)) for line in document.lines) == [
        (700, "-1.67"), (700, "10.01"), (1900, "-3.33"), (1900, "19.99"),
    ]  # fmt: skip
    assert [(tax.rate, money(tax.base), money(tax.tax)) for tax in document.taxes] == [
        (700, "8.34", "0.58"), (1900, "16.66", "3.17"),
    ]  # fmt: skip
    assert totals(only(run(firm, "2025-05-01"))) == "30.00 + 4.50 = 34.50"


def test_on_a_calendar_anchor_the_first_part_and_the_next_month_are_discounted_each() -> None:
    firm = company()
    product(firm, "abo", "31.00")
    gift = NewDiscount("Bonus", amount=5_00, periods=2)
    contract(firm, "V1", "2025-01-16", "abo", anchor="2025-01-01", discounts=(gift,))
    assert [d.net for first in ("2025-01-16", "2025-02-01", "2025-03-01") for d in run(firm, first)] == [
        11_00, 26_00, 31_00,
    ]  # fmt: skip


def test_two_amounts_off_the_contract_are_together_never_more_than_the_bill() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    gifts = tuple(NewDiscount(label, amount=2_000) for label in ("A", "B"))
    contract(firm, "V1", "2025-01-01", "abo", discounts=gifts)
    january = only(run(firm, "2025-01-01"))
    assert sorted((line.name, money(line.net)) for line in january.lines) == [
        ("A", "-20.00"), ("B", "-10.00"), ("abo", "30.00"),
    ]  # fmt: skip
    assert totals(january) == "0.00 + 0.00 = 0.00"


def test_a_period_that_is_free_sends_no_invoice_unless_the_seller_wants_one() -> None:
    """Trap "zero invoice": a free month is nothing to bill; with the setting it is a line of 0.00."""
    for code, print_zero, sent in (("quiet", False, 0), ("chatty", True, 1)):
        firm = company(code, print_zero_charges=print_zero)
        product(firm, "abo", "30.00")
        contract(firm, "V1", "2025-01-01", "abo", discounts=(NewDiscount("Gratis", Decimal(100), periods=1),))
        documents = run(firm, "2025-01-01")
        assert len(documents) == sent
        assert all((d.gross, d.due_date, allowances(d)) == (0, None, [("30.00", "Gratis")]) for d in documents)
        assert run(firm, "2025-01-15") == []
        assert totals(only(run(firm, "2025-02-01"))) == "30.00 + 5.70 = 35.70"


def test_a_refused_discount_says_everything_that_is_wrong_and_changes_nothing() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    bad = NewDiscount("x", Decimal(120), item="nix", start=day("2025-02-01"), end=day("2025-01-01"))
    with pytest.raises(ContractRefusedError) as refused:
        grant_discount(firm.id, "V1", bad, by=BY)
    assert [fault.code for fault in refused.value.faults] == ["discount_percent", "unknown_item", "negative_period"]
    assert totals(only(run(firm, "2025-01-01"))) == "30.00 + 5.70 = 35.70"


def test_everything_that_is_wrong_with_a_contract_is_said_at_once() -> None:
    firm = company()
    bad = (item("nix"), item("nie", start="2025-02-01", end="2025-01-01"))
    with pytest.raises(ContractRefusedError) as refused:
        contract(firm, "V1", "2025-01-01", *bad, end="2024-01-01", currency="EUX",
                 discounts=(NewDiscount("x", Decimal(0)),))  # fmt: skip
    assert [fault.code for fault in refused.value.faults] == [
        "negative_period", "unknown_currency", "negative_period", "discount_percent", "unknown_product",
        "unknown_product",
    ]  # fmt: skip
