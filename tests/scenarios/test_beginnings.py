"""Trials and backdated starts (hard cases 16 and 17; PI-17, JB-14)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import (
    BY,
    ONE_OFF,
    Company,
    company,
    contract,
    day,
    item,
    lines,
    only,
    product,
    run,
    totals,
)
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.trials import cancel_in_trial, convert_trial
from turnus.core.usage import local_day

pytestmark = pytest.mark.database

BERLIN, LOS_ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")


def on_trial() -> Company:
    """Begun on 2025-01-18 15:30 for fourteen days: 18.01. to 31.01."""
    firm = company()
    product(firm, "setup", "49.00", ONE_OFF)
    product(firm, "plan", "29.00")
    begun = local_day(datetime(2025, 1, 18, 15, 30, tzinfo=BERLIN), BERLIN)
    contract(firm, "V1", begun.isoformat(), "setup", "plan", trial_days=14)
    return firm


def test_case_16_paid_from_the_day_after_the_trial_with_anchor_1() -> None:
    firm = on_trial()
    assert run(firm, "2025-01-31") == []
    first = only(run(firm, "2025-02-01"))
    assert lines(first) == ["1 setup 01.02.2025 49.00", "1 plan 01.02.2025–28.02.2025 29.00"]
    assert totals(first) == "78.00 + 14.82 = 92.82"
    assert lines(only(run(firm, "2025-03-01"))) == ["1 plan 01.03.2025–31.03.2025 29.00"]


def test_case_16_cancelled_in_the_last_second_of_the_trial_nothing_is_billed() -> None:
    firm = on_trial()
    last_second = datetime(2025, 1, 31, 23, 59, 59, tzinfo=BERLIN).astimezone(UTC)
    cancel_in_trial(firm.id, "V1", at=last_second, zone=BERLIN, by=BY)
    assert run(firm, "2026-02-01") == []


def test_case_16_cancelled_one_second_later_it_is_billed() -> None:
    firm = on_trial()
    midnight = datetime(2025, 1, 31, 23, 59, 59, tzinfo=BERLIN).astimezone(UTC) + timedelta(seconds=1)
    with pytest.raises(ContractRefusedError, match="trial_over"):
        cancel_in_trial(firm.id, "V1", at=midnight, zone=BERLIN, by=BY)
    assert totals(only(run(firm, "2025-02-01"))) == "78.00 + 14.82 = 92.82"


def test_case_16_converted_early_it_is_paid_from_that_day_with_anchor_25() -> None:
    firm = on_trial()
    run(firm, "2025-01-20")
    convert_trial(firm.id, "V1", paid_from=day("2025-01-25"), by=BY)
    assert lines(only(run(firm, "2025-01-25"))) == ["1 setup 25.01.2025 49.00", "1 plan 25.01.2025–24.02.2025 29.00"]
    assert lines(only(run(firm, "2025-02-25"))) == ["1 plan 25.02.2025–24.03.2025 29.00"]


def test_case_16_the_same_customer_gets_no_second_trial_of_the_same_product() -> None:
    firm = on_trial()
    with pytest.raises(ContractRefusedError) as error:
        contract(firm, "V2", "2025-06-01", "plan", trial_days=14)
    assert error.value.code == "second_trial_product"
    contract(firm, "V3", "2025-06-01", "plan", trial_days=14, by="K2")
    contract(firm, "V4", "2025-06-01", "plan")


def test_case_16_thirty_days_in_los_angeles_are_civil_days_across_summer_time() -> None:
    firm = company(time_zone="America/Los_Angeles")
    product(firm, "plan", "29.00")
    begun = datetime(2017, 3, 1, 23, 30, tzinfo=LOS_ANGELES)
    contract(firm, "V1", local_day(begun.astimezone(UTC), LOS_ANGELES).isoformat(), "plan", trial_days=30)
    assert run(firm, "2017-03-30") == []
    assert lines(only(run(firm, "2017-03-31"))) == ["1 plan 31.03.2017–29.04.2017 29.00"]


# ---- case 17: entered on 2025-06-10, start 2025-02-15 ----------------------------------------------------------------

FOUR = [
    "1 abo 15.02.2025–14.03.2025 50.00",
    "1 abo 15.03.2025–14.04.2025 50.00",
    "1 abo 15.04.2025–14.05.2025 50.00",
    "1 abo 15.05.2025–14.06.2025 50.00",
]


def backdated(*, end: str | None = None, billed_until: str | None = None, split_periods: bool = False) -> Company:
    firm = company()
    product(firm, "abo", "50.00")
    contract(firm, "V1", "2025-02-15", "abo", end=end, billed_until=billed_until, split_periods=split_periods)
    return firm


def test_case_17_all_periods_due_are_on_one_invoice_of_today() -> None:
    firm = backdated()
    document = only(run(firm, "2025-06-10"))
    assert (document.issue_date, document.number) == (day("2025-06-10"), "RE-2025-000001")
    assert (lines(document), totals(document)) == (FOUR, "200.00 + 38.00 = 238.00")
    assert run(firm, "2025-06-14") == []
    assert lines(only(run(firm, "2025-06-15"))) == ["1 abo 15.06.2025–14.07.2025 50.00"]


def test_case_17_one_invoice_per_period_makes_four_all_of_today() -> None:
    firm = backdated(split_periods=True)
    documents = run(firm, "2025-06-10")
    assert sorted(line for document in documents for line in lines(document)) == sorted(FOUR)
    assert [len(document.lines) for document in documents] == [1, 1, 1, 1]
    assert {document.issue_date for document in documents} == {day("2025-06-10")}
    assert [document.number for document in documents] == [f"RE-2025-00000{index}" for index in (1, 2, 3, 4)]
    assert run(firm, "2025-06-10") == []


def test_case_17_what_was_billed_elsewhere_is_not_billed_here() -> None:
    firm = backdated(billed_until="2025-05-15")
    assert lines(only(run(firm, "2025-06-10"))) == FOUR[3:]


def test_case_17_an_end_in_the_last_period_prorates_it() -> None:
    firm = backdated(end="2025-06-01")
    document = only(run(firm, "2025-06-10"))
    assert lines(document) == [*FOUR[:3], "1 abo 15.05.2025–31.05.2025 27.42"]
    assert document.net == 177_42


def test_case_17_each_part_bears_the_tax_of_its_own_time() -> None:
    firm = company()
    product(firm, "abo", "50.00")
    contract(firm, "V1", "2020-10-15", item("abo"))
    document = only(run(firm, "2021-01-20"))
    assert [line.tax_rate for line in document.lines] == [1600, 1600, 1900, 1900]
