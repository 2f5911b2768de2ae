"""Rounding and mixed contracts (hard cases 12 and 14; JB-02, 03, 04, 12, 29, 33, 37, 44; FL-05, PI-08, OD-50)."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    ONE_OFF,
    UNIT,
    company,
    contract,
    day,
    item,
    lines,
    only,
    product,
    run,
    totals,
    used,
)
from turnus.contracts.amend import change_grid, end_contract
from turnus.core.contracts import Grid, Timing
from turnus.core.periods import Cycle

pytestmark = pytest.mark.database

YEARLY = Cycle(12, 0)


def test_case_12_vat_is_rounded_once_per_rate_not_per_line() -> None:
    firm = company()
    product(firm, "pen", "0.69", UNIT)
    product(firm, "pad", "0.99", UNIT)
    contract(firm, "V1", "2025-01-01", item("pen", "3"), item("pad", "4"))
    document = only(run(firm, "2025-01-01"))
    assert [line.net for line in document.lines] == [2_07, 3_96]
    assert totals(document) == "6.03 + 1.15 = 7.18"


def test_case_12_a_thousand_calls_at_0_00115_cost_1_15() -> None:
    firm = company()
    product(firm, "call", "0.00115", METERED)
    contract(firm, "V1", "2025-01-01", "call")
    used(firm, "V1", "call", "2025-01-15", "1000")
    document = only(run(firm, "2025-02-01"))
    assert lines(document) == ["1000 call 01.01.2025–31.01.2025 1.15"]
    assert document.lines[0].unit_price == Decimal("0.00115")


def test_case_12_gross_prices_keep_the_gross_total() -> None:
    firm = company()
    product(firm, "abo", "9.99", UNIT, gross=True)
    contract(firm, "V1", "2025-01-01", item("abo", "3"))
    document = only(run(firm, "2025-01-01"))
    assert totals(document) == "25.18 + 4.79 = 29.97"
    assert (document.lines[0].gross_price, document.lines[0].gross) == (True, 29_97)


def test_case_14_licence_in_advance_and_usage_in_arrears_share_an_invoice_each_with_its_own_period() -> None:
    firm = company()
    product(firm, "licence", "1200.00")
    product(firm, "usage", "0.02", METERED)
    contract(firm, "V1", "2025-03-01", item("licence", fee=YEARLY), "usage")
    assert lines(only(run(firm, "2025-03-01"))) == ["1 licence 01.03.2025–28.02.2026 1200.00"]
    used(firm, "V1", "usage", "2025-03-31", "50")
    used(firm, "V1", "usage", "2025-04-01", "70")
    assert lines(only(run(firm, "2025-04-01"))) == ["50 usage 01.03.2025–31.03.2025 1.00"]
    run(firm, "2026-02-01")
    used(firm, "V1", "usage", "2026-02-28", "12345")
    document = only(run(firm, "2026-03-01"))
    assert lines(document) == [
        "12345 usage 01.02.2026–28.02.2026 246.90",
        "1 licence 01.03.2026–28.02.2027 1200.00",
    ] or lines(document) == [
        "1 licence 01.03.2026–28.02.2027 1200.00",
        "12345 usage 01.02.2026–28.02.2026 246.90",
    ]
    assert totals(document) == "1446.90 + 274.91 = 1721.81"
    assert document.service is not None
    assert (document.service.start, document.service.last_day) == (day("2026-02-01"), day("2027-02-28"))


def test_case_14_usage_after_the_last_invoice_is_on_a_closing_invoice() -> None:
    firm = company()
    product(firm, "licence", "1200.00")
    product(firm, "usage", "0.02", METERED)
    contract(firm, "V1", "2025-03-01", item("licence", fee=YEARLY), "usage")
    run(firm, "2025-03-01")
    used(firm, "V1", "usage", "2025-05-10", "100")
    end_contract(firm.id, "V1", end=day("2025-05-16"), by=BY)
    final = only(run(firm, "2025-05-16"))
    assert lines(final) == ["-1 licence 16.05.2025–28.02.2026 -950.14", "100 usage 01.05.2025–15.05.2025 2.00"]
    assert run(firm, "2026-12-31") == []


def test_jb_02_jb_29_a_one_off_is_billed_once_and_never_again() -> None:
    firm = company()
    product(firm, "setup", "49.00", ONE_OFF)
    contract(firm, "V1", "2025-01-10", item("setup", start="2025-02-15"))
    assert [len(run(firm, through)) for through in ("2025-02-14", "2025-02-15", "2025-02-15", "2026-02-15")] == [
        0, 1, 0, 0,
    ]  # fmt: skip


def test_pi_08_fl_05_od_50_setup_and_subscription_start_on_one_invoice() -> None:
    firm = company()
    product(firm, "setup", "49.00", ONE_OFF)
    product(firm, "abo", "29.00")
    contract(firm, "V1", "2025-02-01", "setup", "abo")
    assert lines(only(run(firm, "2025-02-01"))) == [
        "1 setup 01.02.2025 49.00",
        "1 abo 01.02.2025–28.02.2025 29.00",
    ]
    assert lines(only(run(firm, "2025-03-01"))) == ["1 abo 01.03.2025–31.03.2025 29.00"]


def test_jb_04_jb_44_flat_fee_unit_fee_and_usage_in_one_contract() -> None:
    firm = company()
    product(firm, "base", "10.00")
    product(firm, "seat", "5.00", UNIT)
    product(firm, "minute", "0.1", METERED, unit="MIN")
    contract(firm, "V1", "2025-01-01", item("base", "7"), item("seat", "3"), "minute", timing=Timing.ARREARS)
    used(firm, "V1", "minute", "2025-01-20", "42.5")
    document = only(run(firm, "2025-02-01"))
    assert lines(document) == [
        "1 base 01.01.2025–31.01.2025 10.00",
        "3 seat 01.01.2025–31.01.2025 15.00",
        "42.5 minute 01.01.2025–31.01.2025 4.25",
    ]
    assert [line.unit for line in document.lines] == ["C62", "C62", "MIN"]


def test_jb_12_free_text_replaces_the_name_of_the_product() -> None:
    firm = company()
    product(firm, "work", "80.00", UNIT, unit="HUR", description="Beratung vor Ort")
    contract(firm, "V1", "2025-01-01", item("work", "2.5", label="Wartung Heizung"))
    [line] = only(run(firm, "2025-01-01")).lines
    assert (line.name, line.description, line.unit, line.net) == ("Wartung Heizung", "Beratung vor Ort", "HUR", 200_00)


@pytest.mark.parametrize("cycle", [Cycle(3, 0), Cycle(0, 90)])
def test_late_usage_of_a_long_period_bills_only_the_difference(cycle: Cycle) -> None:
    """Everything used since the period began is read again, however long the period is."""
    firm = company()
    product(firm, "call", "1", METERED)
    product(firm, "base", "10.00")
    contract(firm, "V1", "2025-01-01", item("call", fee=cycle), "base")
    used(firm, "V1", "call", "2025-01-02", "100")
    used(firm, "V1", "call", "2025-03-20", "10")
    assert only(run(firm, "2025-04-01")).net == 110_00 + 4 * 10_00
    used(firm, "V1", "call", "2025-03-25", "5")
    late = only(run(firm, "2025-04-05"))
    assert late.net == 5_00


def test_late_usage_is_read_whole_after_the_period_was_lengthened() -> None:
    firm = company()
    product(firm, "call", "1", METERED)
    product(firm, "base", "10.00")
    contract(firm, "V1", "2025-01-01", "call", "base")
    yearly = Grid(day("2025-02-01"), YEARLY, YEARLY, day("2025-02-01"), Timing.ARREARS)
    change_grid(firm.id, "V1", "call", grid=yearly, by=BY)
    used(firm, "V1", "call", "2025-02-02", "100")
    used(firm, "V1", "call", "2026-01-20", "10")
    run(firm, "2026-01-31")
    assert only(run(firm, "2026-02-01")).net == 110_00 + 10_00
    used(firm, "V1", "call", "2026-01-25", "5")
    assert only(run(firm, "2026-02-05")).net == 5_00
