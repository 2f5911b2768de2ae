"""Meters: aggregations, filters, units and rounding, several meters on one contract (JB-03, 31 to 34, 44, OD-57)."""

import pytest

from tests.builders import (
    BY,
    METERED,
    Company,
    company,
    contract,
    day,
    id_of,
    item,
    lines,
    metering,
    only,
    product,
    run,
    run_months,
    used,
)
from turnus.catalog.offer import OfferRefusedError
from turnus.contracts.amend import end_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.meter import UsageRefusedError
from turnus.contracts.models import UsageDay, UsageEvent
from turnus.contracts.usage_integrity import wrong_usage_days
from turnus.core.messages import message
from turnus.core.schemes import Rounding
from turnus.core.usage import Aggregation, Metering
from turnus.invoices.explain import explain_invoice

pytestmark = pytest.mark.database


def metered(measure: Metering, price: str = "1", *, code: str = "main", zone: str = "Europe/Berlin") -> Company:
    """A company with one contract of one meter."""
    firm = company(code, time_zone=zone)
    product(firm, "M", price, METERED)
    contract(firm, "V1", "2025-01-01", item("M", metering=measure))
    return firm


def test_jb_31_every_call_counts_in_started_quarters_of_an_hour() -> None:
    firm = metered(metering(unit="HUR", quantum="0.25"), "120.00")
    for key, (quantity, unit) in enumerate([("7", "min"), ("16", "Minuten"), ("0.5", "h"), ("900", "SEC")]):
        used(firm, "V1", "M", "2025-01-10", quantity, unit=unit, key=str(key))
    assert lines(only(run(firm, "2025-02-01"))) == ["1.5 M 01.01.2025–31.01.2025 180.00"]  # 0.25 + 0.5 + 0.5 + 0.25


@pytest.mark.parametrize(("rounding", "net"), [("up", 3_00), ("down", 1_00), ("half_up", 2_00)])
def test_jb_31_a_negative_event_takes_back_what_the_positive_one_counted(rounding: str, net: int) -> None:
    firm = metered(metering(unit="MIN", quantum="15", rounding=Rounding(rounding)), "0.066666666666666")
    for key, quantity in enumerate(["16", "16", "-16", "10"]):
        used(firm, "V1", "M", "2025-01-10", quantity, key=str(key))
    documents = run(firm, "2025-02-01")
    assert [document.net for document in documents] == [net]


def test_a_time_without_rounding_loses_nothing_when_it_is_added_up() -> None:
    """Three times twenty minutes are an hour, though a third of an hour has no end."""
    firm = metered(metering(unit="HUR"), "1000.00")
    for key in "abc":
        used(firm, "V1", "M", "2025-01-10", "20", unit="min", key=key)
    assert lines(only(run(firm, "2025-02-01"))) == ["1 M 01.01.2025–31.01.2025 1000.00"]
    used(firm, "V1", "M", "2025-02-10", "20", unit="min", key="d")
    assert lines(only(run(firm, "2025-03-01"))) == ["0.333333 M 01.02.2025–28.02.2025 333.33"]


def test_bytes_are_billed_as_gigabytes_to_the_last_byte() -> None:
    firm = metered(metering(unit="E34"), "0.10")
    used(firm, "V1", "M", "2025-01-10", "1500000001", unit="AD")
    used(firm, "V1", "M", "2025-01-10", "8.5", unit="GB")
    assert lines(only(run(firm, "2025-02-01"))) == ["10.000000001 M 01.01.2025–31.01.2025 1.00"]


def test_jb_32_clicks_are_counted_whatever_their_quantity() -> None:
    firm = metered(metering("count"), "0.05")
    for key, quantity in enumerate([None, "7", "1", "-1", "0"]):
        used(firm, "V1", "M", "2025-01-10", quantity, key=str(key))
    assert lines(only(run(firm, "2025-02-01"))) == ["2 M 01.01.2025–31.01.2025 0.10"]  # three, less one taken back


def test_jb_34_orders_are_priced_per_thousand() -> None:
    firm = metered(metering("count", unit="MIL"), "50.00")
    for key in range(7):
        used(firm, "V1", "M", "2025-01-10", None, key=str(key))
    assert lines(only(run(firm, "2025-02-01"))) == ["0.007 M 01.01.2025–31.01.2025 0.35"]


def test_a_user_is_counted_once_in_a_month_and_again_in_the_next() -> None:
    firm = metered(metering("unique"), "3.00")
    for on, user in (("2025-01-03", "a"), ("2025-01-09", "a"), ("2025-01-09", "b"), ("2025-02-01", "a")):
        used(firm, "V1", "M", on, None, subject=user, dimension=f"region={on[-1]}")
    used(firm, "V1", "M", "2025-01-20", None, subject="c")
    used(firm, "V1", "M", "2025-01-21", "-1", subject="c")
    january, february = run_months(firm, "2025-02-01", "2025-03-01")
    assert lines(january) == ["2 M 01.01.2025–31.01.2025 6.00"]
    assert lines(february) == ["1 M 01.02.2025–28.02.2025 3.00"]


def test_the_highest_of_a_month_is_billed_per_subject() -> None:
    firm = metered(metering("max"))
    used(firm, "V1", "M", "2025-01-10T10:00+01:00", "40", subject="north")
    used(firm, "V1", "M", "2025-01-10T11:00+01:00", "70", subject="north")
    used(firm, "V1", "M", "2025-01-12T11:00+01:00", "60", subject="north")
    used(firm, "V1", "M", "2025-01-12T11:00+01:00", "5", subject="south")
    assert lines(only(run(firm, "2025-02-01"))) == ["75 M 01.01.2025–31.01.2025 75.00"]
    assert run(firm, "2025-03-01") == []  # nothing was reported in February


def test_the_last_value_of_a_month_is_billed_by_its_moment_not_by_its_arrival() -> None:
    firm = metered(metering("last"))
    used(firm, "V1", "M", "2025-01-31T22:59:59Z", "8")
    used(firm, "V1", "M", "2025-01-31T22:59:58Z", "9")
    used(firm, "V1", "M", "2025-01-31T23:00:00Z", "100")  # February in Berlin
    january, february = run_months(firm, "2025-02-01", "2025-03-01")
    assert (lines(january), lines(february)) == (
        ["8 M 01.01.2025–31.01.2025 8.00"],
        ["100 M 01.02.2025–28.02.2025 100.00"],
    )


def test_a_level_holds_over_midnight_over_the_end_of_a_month_and_through_months_without_events() -> None:
    """10 GB from noon of 10 March until 20 GB on 20 March at 06:00: GB-hours, with 743 hours in March (hard case 8)."""
    firm = metered(metering("time"), "0.01")
    used(firm, "V1", "M", "2025-03-10T12:00+01:00", "10")
    used(firm, "V1", "M", "2025-03-20T06:00+01:00", "20")
    march, april, may = run_months(firm, "2025-04-01", "2025-05-01", "2025-06-01")
    # 9 days 18 h at 10 = 2,340; then until 31 March 24:00 Berlin: 12 days less 6 h, less the hour that is skipped
    assert lines(march) == ["7960 M 01.03.2025–31.03.2025 79.60"]  # 2,340 + 20 × 281
    assert lines(april) == ["14400 M 01.04.2025–30.04.2025 144.00"]  # 20 × 720
    assert lines(may) == ["14880 M 01.05.2025–31.05.2025 148.80"]  # 20 × 744


def test_the_day_on_which_clocks_go_back_has_twenty_five_hours() -> None:
    firm = metered(metering("time"), "1")
    used(firm, "V1", "M", "2025-10-26", "1")
    used(firm, "V1", "M", "2025-10-27", "0")
    assert lines(only(run(firm, "2025-11-01"))) == ["25 M 01.10.2025–31.10.2025 25.00"]


def test_average_seats_are_the_level_over_the_hours_of_the_month() -> None:
    """10 seats for the first half of April, 16 for the second: 13 on average; subjects are added up."""
    firm = metered(metering("average"), "5.00")
    used(firm, "V1", "M", "2025-03-20", "10", subject="app")
    used(firm, "V1", "M", "2025-04-16", "16", subject="app")
    used(firm, "V1", "M", "2025-04-01", "1", subject="api")
    march, april = run_months(firm, "2025-04-01", "2025-05-01")
    assert lines(april) == ["14 M 01.04.2025–30.04.2025 70.00"]
    assert lines(march) == ["3.862719 M 01.03.2025–31.03.2025 19.31"]  # 10 × 287 h of 743 h


def test_a_level_is_billed_until_the_contract_ends() -> None:
    firm = metered(metering("average"), "31.00")
    used(firm, "V1", "M", "2025-01-01", "2")
    end_contract(firm.id, "V1", end=day("2025-01-16"), by=BY)
    assert lines(only(run(firm, "2025-01-16"))) == ["2 M 01.01.2025–15.01.2025 62.00"]


def test_an_event_that_comes_late_changes_a_level_from_its_moment_on() -> None:
    firm = metered(metering("time"), "0.01")
    used(firm, "V1", "M", "2025-01-01", "10")
    assert only(run(firm, "2025-02-01")).net == 74_40
    used(firm, "V1", "M", "2025-01-31T12:00+01:00", "110")
    late = only(run(firm, "2025-02-02"))
    assert lines(late) == ["1200 M 01.01.2025–31.01.2025 12.00"]  # 100 more for 12 hours
    assert only(run(firm, "2025-03-01")).net == 110 * 672


def test_several_items_listen_to_one_meter_each_with_its_own_filter() -> None:
    firm = company()
    product(firm, "M", "1", METERED)
    contract(
        firm, "V1", "2025-01-01",
        item("M", named="eu", metering=metering(meter="calls", only="region=eu|ch")),
        item("M", named="world", price="3", metering=metering(meter="calls", only="region!=eu|ch;kind!=test")),
        item("M", named="all", price="0.10", metering=metering("count", meter="calls")),
    )  # fmt: skip
    for key, dimension in enumerate(["region=eu", "region = ch; kind=call", "kind=test;region=us", "region=us", ""]):
        used(firm, "V1", "calls", "2025-01-10", "2", dimension=dimension, key=str(key))
        used(firm, "V1", "calls", "2025-01-10", "2", dimension=dimension, key=str(key))
    found = only(run(firm, "2025-02-01"))
    assert [(int(line.quantity), line.net) for line in found.lines] == [(4, 4_00), (4, 12_00), (5, 50)]
    assert UsageEvent.objects.count() == 15  # each event once per item that listens
    used(firm, "V1", "eu", "2025-01-11", "5", dimension="region=eu")  # by its code, whatever its meter
    assert lines(only(run(firm, "2025-02-02"))) == ["5 M 01.01.2025–31.01.2025 5.00"]


def test_jb_44_a_base_fee_and_the_usage_of_the_month_before_meet_on_one_invoice() -> None:
    firm = company()
    product(firm, "BASE", "10.00")
    product(firm, "M", "0.05", METERED)
    contract(firm, "V1", "2025-01-01", "BASE", "M")
    used(firm, "V1", "M", "2025-01-10", "100")
    run(firm, "2025-01-01")
    assert lines(only(run(firm, "2025-02-01"))) == [
        "1 BASE 01.02.2025–28.02.2025 10.00",
        "100 M 01.01.2025–31.01.2025 5.00",
    ]


# ---- corrections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aggregation", "before", "after"),
    [("sum", 12_00, 8_00), ("count", 3_00, 3_00), ("unique", 2_00, 1_00), ("max", 9_00, 4_00), ("last", 8_00, 1_00)],
)
def test_a_correction_takes_the_old_event_back_and_counts_instead(aggregation: str, before: int, after: int) -> None:
    firm = metered(metering(aggregation))
    used(firm, "V1", "M", "2025-01-10T10:00Z", "4", key="a", subject="x")
    used(firm, "V1", "M", "2025-01-10T11:00Z", "3", key="b", subject="x")
    used(firm, "V1", "M", "2025-01-11T11:00Z", "5", key="c", subject="y")
    assert only(run(firm, "2025-02-01")).net == before
    used(firm, "V1", "M", "2025-01-10T12:00Z", "1", key="c2", subject="x", corrects="c")
    assert sum(document.net for document in run(firm, "2025-02-02")) == after - before


def test_a_correction_without_quantity_only_takes_back_and_is_itself_corrected_by_its_key() -> None:
    firm = metered(metering())
    used(firm, "V1", "M", "2025-01-10", "4", key="a")
    used(firm, "V1", "M", "2025-01-11", None, key="b", corrects="a")
    assert run(firm, "2025-02-01") == []
    used(firm, "V1", "M", "2025-01-12", "7", key="c", corrects="b")
    assert only(run(firm, "2025-02-01")).net == 7_00
    with pytest.raises(UsageRefusedError, match="corrected_before"):
        used(firm, "V1", "M", "2025-01-12", "8", key="d", corrects="b")
    with pytest.raises(UsageRefusedError, match="corrects_itself"):
        used(firm, "V1", "M", "2025-01-12", "8", key="e", corrects="e")


def test_a_correction_may_come_before_what_it_corrects_and_move_it_to_another_item() -> None:
    firm = company()
    product(firm, "M", "1", METERED)
    contract(
        firm, "V1", "2025-01-01",
        item("M", named="eu", metering=metering(meter="calls", only="region=eu")),
        item("M", named="us", metering=metering(meter="calls", only="region=us")),
    )  # fmt: skip
    used(firm, "V1", "calls", "2025-01-10", "3", key="new", corrects="old", dimension="region=us")
    used(firm, "V1", "calls", "2025-01-10", "2", key="old", dimension="region=eu")
    assert [(int(line.quantity), line.net) for line in only(run(firm, "2025-02-01")).lines] == [(3, 3_00)]


def test_a_key_that_comes_again_with_another_dimension_contradicts_though_no_item_took_it() -> None:
    firm = metered(metering(only="region=eu"))
    used(firm, "V1", "M", "2025-01-10", "3", key="a", dimension="region=us")
    with pytest.raises(UsageRefusedError, match="usage_contradicts"):
        used(firm, "V1", "M", "2025-01-10", "3", key="a", dimension="region=eu")
    assert run(firm, "2025-02-01") == []


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        (metering(only="region="), "filter_invalid"),
        (metering(unit="parsec"), "unit_unknown"),
        (metering(quantum="0"), "quantum_zero"),
        (metering(quantum="0.0000001"), "too_many_decimals"),
    ],
)
def test_a_meter_that_cannot_work_is_refused_with_the_contract(measure: Metering, code: str) -> None:
    with pytest.raises(ContractRefusedError) as error:
        metered(measure)
    assert error.value.code == code


@pytest.mark.parametrize(("unit", "code"), [("kWh", "unit_differs"), ("Fuder", "unit_unknown")])
def test_usage_in_a_unit_of_another_kind_is_refused(unit: str, code: str) -> None:
    firm = metered(metering(unit="HUR"))
    with pytest.raises(UsageRefusedError) as error:
        used(firm, "V1", "M", "2025-01-10", "3", unit=unit)
    assert error.value.code == code


# ---- explained -------------------------------------------------------------------------------------------------------


def test_a_line_says_how_its_usage_was_measured() -> None:
    firm = metered(metering(unit="HUR", quantum="0.25", only="kind=call"), "120.00")
    used(firm, "V1", "M", "2025-01-10", "7", unit="min", dimension="kind=call")
    [line] = explain_invoice(id_of(firm, only(run(firm, "2025-02-01"))), language="de")
    said = [message(piece.code, piece.params, "de") for piece in line.pieces]
    assert (
        "Gemessen am Zähler „M“: Summe, nur kind=call, in Stunden, jedes Ereignis in Schritten von 0,25 "
        "(angefangene zählen)."
    ) in said
    assert sum(piece.amount for piece in line.pieces) == line.net == 30_00


# ---- the doctor ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_the_doctor_names_a_daily_row_that_is_not_what_the_events_say(aggregation: Aggregation) -> None:
    firm = metered(metering(aggregation.value))
    used(firm, "V1", "M", "2025-01-10T10:00Z", "4", subject="x")
    used(firm, "V1", "M", "2025-01-10T11:00Z", "3", subject="x", key="b")
    used(firm, "V1", "M", "2025-01-10T11:00Z", "2", subject="x", corrects="b")
    assert wrong_usage_days() == []
    UsageDay.objects.update(quantity=1)
    assert wrong_usage_days() == ["V1/M 2025-01-10"]
    UsageDay.objects.all().delete()
    assert wrong_usage_days() == ["V1/M 2025-01-10"]


def test_od_57_a_product_with_an_unknown_unit_is_refused_with_near_units() -> None:
    firm = company()
    with pytest.raises(OfferRefusedError) as error:
        product(firm, "work", unit="HRU")
    [fault] = error.value.faults
    assert (fault.code, "HUR (stunde)" in fault.params["near"]) == ("unit_unknown", True)
