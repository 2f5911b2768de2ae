"""Hard case 8 and its neighbours: usage at local midnight, by tiers, late, corrected, negative; several sellers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import (
    BY,
    METERED,
    Company,
    company,
    contract,
    days,
    item,
    lines,
    metering,
    only,
    product,
    run,
    run_months,
    used,
)
from turnus.core.document import Kind as DocumentKind
from turnus.core.intake.cells import Reading
from turnus.core.schemes import Function, Scheme, Tier
from turnus.integration.load import Target, import_file
from turnus.integration.reports import Kind
from turnus.invoices.models import Invoice

pytestmark = pytest.mark.database

D = Decimal
HUNDRED = (Tier(D(100), D("0.10")), Tier(None, D("0.05")))
VENDOR = (Tier(D(10), D("2.50")), Tier(D(20), D("2.40")), Tier(D(30), D("2.30")), Tier(None, D("2.20")))
EVENTS = """contract;item;key;at;quantity
V1;calls;e1;2025-02-28T22:59:59Z;10
V1;calls;e2;2025-02-28T23:00:00Z;90
V1;calls;e3;2025-03-31T21:59:59Z;15
V1;calls;e4;2025-03-31T22:00:00Z;7
V1;calls;e3;2025-03-31T21:59:59Z;15
"""


def firm_with(
    tiers: tuple[Tier, ...], function: Function, *, zone: str = "Europe/Berlin", code: str = "main"
) -> Company:
    firm = company(code, time_zone=zone)
    product(firm, "calls", "0", METERED)
    contract(firm, "V1", "2025-01-01", item("calls", model=METERED, scheme=Scheme(function, tiers)))
    return firm


def imported(firm: Company, folder: Path, text: str, zone: str = "Europe/Berlin") -> None:
    path = folder / f"usage{firm.id}.csv"
    path.write_text(text, encoding="utf-8")
    target = Target(firm.id, Reading(ZoneInfo(zone)), date(2025, 4, 1), folder / "inbox")
    assert import_file(Kind.USAGE, path, target, by=BY).saved


@pytest.mark.parametrize(("function", "net"), [(Function.GRADUATED, 10_25), (Function.VOLUME, 5_25)])
def test_case_8_march_is_cut_at_midnight_in_berlin_and_rated_by_tiers(
    tmp_path: Path, function: Function, net: int
) -> None:
    firm = firm_with(HUNDRED, function)
    imported(firm, tmp_path, EVENTS)
    february, march, april = run_months(firm, "2025-03-01", "2025-04-01", "2025-05-01")
    assert (february.net, march.net, april.net) == (1_00, net, 70)
    assert [line.period for line in march.lines if line.period] == [march.service]
    assert march.service == days("2025-03-01", "2025-03-31")


def test_case_8_a_late_event_is_billed_in_april_with_the_service_period_of_march(tmp_path: Path) -> None:
    firm = firm_with(HUNDRED, Function.GRADUATED)
    imported(firm, tmp_path, EVENTS)
    assert only(run(firm, "2025-04-01")).lines[-1].net == 10_25
    used(firm, "V1", "calls", "2025-03-15T09:00:00Z", "20", key="late")
    invoice = only(run(firm, "2025-05-01"))
    parts = [(line.period.start.month, line.net) for line in invoice.lines if line.period]
    assert sum(net for month, net in parts if month == 3) == 1_00  # 20 × 0.05
    assert sum(net for month, net in parts if month == 4) == 70
    assert run(firm, "2025-05-01") == []


@pytest.mark.parametrize(("function", "net"), [(Function.VOLUME, 57_50), (Function.GRADUATED, 60_50)])
def test_case_8_vendor_tiers(function: Function, net: int) -> None:
    firm = firm_with(VENDOR, function)
    used(firm, "V1", "calls", "2025-01-15", "25")
    assert only(run(firm, "2025-02-01")).net == net


@pytest.mark.parametrize(
    ("function", "credit"),
    # 105 → 95: graduated 10.25 → 9.50; volume 5.25 → 9.50, the lower tier costs more
    [(Function.GRADUATED, -75), (Function.VOLUME, 4_25)],
)
def test_negative_usage_falls_below_a_tier_edge(function: Function, credit: int) -> None:
    firm = firm_with(HUNDRED, function)
    used(firm, "V1", "calls", "2025-01-15", "105")
    run(firm, "2025-02-01")
    used(firm, "V1", "calls", "2025-01-20", "-10")
    document = only(run(firm, "2025-02-02"))
    assert (document.net, document.kind) == (
        credit, DocumentKind.CREDIT if credit < 0 else DocumentKind.INVOICE,
    )  # fmt: skip


def test_a_correction_of_billed_usage_is_credited_at_the_tiers_it_leaves() -> None:
    firm = firm_with(HUNDRED, Function.GRADUATED)
    used(firm, "V1", "calls", "2025-01-15", "150", key="a")
    assert only(run(firm, "2025-02-01")).net == 12_50
    used(firm, "V1", "calls", "2025-01-15", "110", key="b", corrects="a")
    assert only(run(firm, "2025-02-02")).net == -2_00  # 40 × 0.05
    used(firm, "V1", "calls", "2025-02-15", "110", key="c", corrects="b")  # it was February
    february = only(run(firm, "2025-03-01"))
    assert february.net == 0 or sorted(line.net for line in february.lines) == [-10_50, 10_50]
    assert sum(Invoice.objects.values_list("net", flat=True)) == 10_50


def test_events_that_come_in_another_order_cost_the_same_by_tiers(tmp_path: Path) -> None:
    head, *rows = EVENTS.splitlines()
    found = []
    for code, order in (("a", rows), ("b", rows[::-1]), ("c", rows[2:] + rows[:2])):
        firm = firm_with(HUNDRED, Function.VOLUME, code=code)
        for place in range(0, len(order), 2):
            imported(firm, tmp_path, "\n".join([head, *order[place : place + 2]]) + "\n")
        found.append([(document.net, lines(document)) for document in run(firm, "2025-05-01")])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("zone", "march"),
    [("Europe/Berlin", 10_25), ("UTC", 2_20), ("America/New_York", 2_20), ("Asia/Tokyo", 10_00)],
)  # units: 90 + 15; 15 + 7; 15 + 7; 10 + 90
def test_the_same_events_fall_into_the_months_of_each_seller(tmp_path: Path, zone: str, march: int) -> None:
    """Two sellers in one database, each with its own midnight; instants, not the zone of the machine, decide."""
    other = firm_with(HUNDRED, Function.GRADUATED, code="berlin")
    firm = firm_with(HUNDRED, Function.GRADUATED, code="here", zone=zone)
    imported(other, tmp_path, EVENTS)
    imported(firm, tmp_path, EVENTS, zone)
    counted = [line for document in run(firm, "2025-04-01") for line in document.lines if line.period]
    assert [line.net for line in counted if line.period and line.period.start.month == 3] == [march]
    assert only(run(other, "2025-04-01")).lines[-1].net == 10_25


def test_levels_of_two_sellers_are_measured_by_their_own_clocks() -> None:
    """One level through March 2025: 743 hours in Berlin, 744 in Tokyo, which knows no summer time."""
    found = []
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        firm = company(zone, time_zone=zone)
        product(firm, "gb", "1", METERED)
        contract(firm, "V1", "2025-03-01", item("gb", metering=metering("time")))
        used(firm, "V1", "gb", "2025-03-01", "1")
        found.append(only(run(firm, "2025-04-01")).net)
    assert found == [743_00, 744_00]
