"""Supplies that wait for their invoice, with the deadlines of the law (L-03)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import BY, company, contract, customer, day, days, item, product, run
from turnus.core.billables import BillableData
from turnus.core.deadlines import Colour, deadline_colour, invoice_by
from turnus.invoices.billables import Wanted, collect_billables, put_billables
from turnus.invoices.unbilled import unbilled_supplies

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("on", "colour"),
    [("2026-10-09", "green"), ("2026-10-10", "yellow"), ("2026-10-15", "yellow"), ("2026-10-16", "red")],
)
@pytest.mark.parametrize("supplied", ["2026-09-01", "2026-09-30"])
def test_l03_within_the_eu_the_15th_of_the_next_month(supplied: str, on: str, colour: str) -> None:
    assert invoice_by(day(supplied), within_eu=True) == date(2026, 10, 15)
    assert deadline_colour(day(supplied), day(on), within_eu=True) == Colour(colour)


@pytest.mark.parametrize(
    ("supplied", "last"),
    [("2026-05-20", "2026-11-20"), ("2026-08-31", "2027-02-28"), ("2026-12-31", "2027-06-30")],
)
def test_l03_else_six_months(supplied: str, last: str) -> None:
    assert invoice_by(day(supplied), within_eu=False) == day(last)
    assert deadline_colour(day(supplied), day(last), within_eu=False) is Colour.YELLOW
    assert deadline_colour(date(2026, 5, 20), date(2026, 11, 21), within_eu=False) is Colour.RED
    assert deadline_colour(date(2026, 5, 20), date(2026, 10, 19), within_eu=False) is Colour.GREEN


def test_l03_in_december_the_15th_is_of_the_next_year() -> None:
    assert invoice_by(date(2026, 12, 3), within_eu=True) == date(2027, 1, 15)


def test_l03_records_are_listed_until_they_are_issued_with_a_draft_too() -> None:
    firm = company()
    product(firm, "work")
    customer(firm)
    customer(firm, "K2", country="AT", vat_id="ATU12345678")
    kept = [
        BillableData("a", "", "P", "K1", "work", Decimal("1.5"), Decimal(80), "", days("2026-05-01", "2026-05-20")),
        BillableData("b", "", "P", "K2", "work", Decimal(1), Decimal(70), "", days("2026-09-01", "2026-09-30")),
        BillableData("c", "", "P", "K1", "work", Decimal(1), Decimal(9), "", days("2026-11-01", "2026-12-31")),
    ]
    with transaction.atomic():
        put_billables(firm.id, kept, on=day("2026-10-01"), by=BY)
    told = [
        ("K2", date(2026, 10, 15), Colour.RED, 70_00), ("K1", date(2026, 11, 20), Colour.RED, 120_00),
    ]  # fmt: skip

    def listed() -> list[tuple[str, date, Colour, int]]:
        rows, parked = unbilled_supplies(firm.id, on=day("2026-11-21"))
        assert not parked
        return [(row.customer, row.due, row.colour, row.net) for row in rows]

    assert listed() == told
    wanted = Wanted(customer=None, object="P")
    collect_billables(firm.id, wanted, on=day("2026-10-01"), issue=False, by=BY)
    assert listed() == told, "a draft is no invoice"


def test_l03_what_a_contract_owes_is_listed_once_supplied_until_its_run() -> None:
    firm = company()
    product(firm, "fee", "100.00")
    contract(firm, "C1", "2026-05-01", item("fee"), end="2026-08-01")
    rows, _parked = unbilled_supplies(firm.id, on=day("2026-07-15"))
    assert [(row.supplied, row.due, row.colour, row.net) for row in rows] == [
        (date(2026, 5, 31), date(2026, 11, 30), Colour.GREEN, 100_00),
        (date(2026, 6, 30), date(2026, 12, 30), Colour.GREEN, 100_00),
    ]
    run(firm, "2026-07-15")
    assert unbilled_supplies(firm.id, on=day("2026-07-15")) == ([], 0)
