"""The example scripts turn public data into import files whose sums are those of the data, to the cent."""

import subprocess
import sys
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from turnus.core.intake.cells import Reading
from turnus.core.intake.contracts import ContractRow
from turnus.core.usage import UsageRecord
from turnus.integration.reading import read_contracts, read_customers, read_products, read_usage
from turnus.integration.seller_file import read_seller

EXAMPLES = Path(__file__).parents[2] / "examples"
REFERENCE = date(2026, 11, 1)
TELCO_HEADER = (
    "customerID,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,"
    "TechSupport,StreamingTV,StreamingMovies,Contract,MonthlyCharges,Churn\n"
)
FOCUS_HEADER = (
    "BilledCost,BillingCurrency,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,PricingQuantity,PricingUnit,Id,"
    "ServiceName,SubAccountId,SubAccountName\n"
)


def run(script: str, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, EXAMPLES / script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contracts_of(path: Path) -> list[ContractRow]:
    parsed = list(read_contracts(path, Reading(ZoneInfo("Europe/Berlin"))))
    assert not [error for each in parsed for error in each.errors]
    return [each.value for each in parsed if each.value]


def events_of(path: Path) -> list[UsageRecord]:
    parsed = list(read_usage(path, Reading(UTC)))
    assert not [error for each in parsed for error in each.errors]
    return [each.value for each in parsed if each.value]


def catalogue(path: Path) -> dict[str, Decimal]:
    found = [each.value for each in read_products(path, Reading(UTC)) if each.value]
    return {row.product.code: row.price.unit_price for row in found}


def monthly(row: ContractRow, prices: dict[str, Decimal]) -> Decimal:
    items = row.order.items
    return sum((i.quantity * (prices[i.product] if i.price is None else i.price) for i in items), start=Decimal(0))


@pytest.mark.parametrize("script", ["telco.py", "focus.py"])
def test_each_script_explains_itself(script: str) -> None:
    said = run(script, "--help").stdout
    assert "example: python examples/" in said


def test_prices_of_a_small_town_are_found_and_the_rest_is_adjusted(tmp_path: Path) -> None:
    services = ["Yes,No,No,No,No,No,No,No,No", "Yes,Yes,No,No,No,No,No,No,No", "No,No,DSL,No,No,No,No,No,No"]
    services += ["No,No,Fiber optic,No,No,No,No,No,No"]
    services += [f"No,No,DSL,{','.join('Yes' if i == j else 'No' for j in range(6))}" for i in range(6)]
    charges = ["20.10", "25.00", "25.00", "50.00", "30.00", "30.00", "30.00", "30.00", "35.00", "35.00", "19.90"]
    rows = [
        f"C{i},{i},{have},One year,{cost},No\n"
        for i, (have, cost) in enumerate(zip([*services, services[0]], charges, strict=True))
    ]
    rows[-1] = rows[-1].replace(",No\n", ",Yes\n")
    (tmp_path / "Telco-Customer-Churn.csv").write_text(TELCO_HEADER + "".join(rows), encoding="utf-8")
    done = run("telco.py", tmp_path, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    prices = catalogue(tmp_path / "out" / "products.csv")
    assert [str(prices[code]) for code in ("PHONE", "LINES", "DSL", "FIBRE", "TV")] == ["20", "5", "25", "50", "10"]
    contracts = contracts_of(tmp_path / "out" / "contracts.csv")
    assert [monthly(row, prices) for row in contracts] == [Decimal(cost) for cost in charges]
    assert [(i.product, str(i.quantity), str(i.price)) for i in contracts[-1].order.items][1:] == [
        ("ADJUSTMENT", "-1", "0.1")
    ]
    ended = contracts_of(tmp_path / "out" / "contracts_ended.csv")
    assert [row.order.end for row in ended] == [None] * 10 + [REFERENCE]
    assert {row.order.billed_until for row in ended if row.order.start < REFERENCE} == {REFERENCE}


def test_missing_values_of_usage_records_stay_missing(tmp_path: Path) -> None:
    rows = "8e-07,USD,2024-09-18 22:00:00,NULL,NULL,3.5,Hours,11,Queue,A,Atlas\n"
    rows += "-0.25,USD,2024-09-01 00:00:00,NULL,NULL,NULL,NULL,12,Queue,NULL,NULL\n"
    (tmp_path / "focus_sample.csv").write_text(FOCUS_HEADER + rows, encoding="utf-8")
    done = run("focus.py", tmp_path, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    events = events_of(tmp_path / "out" / "usage.csv")
    assert [(str(e.quantity), e.unit, f"{e.amount:f}", e.contract) for e in events] == [
        ("3.5", "Hours", "0.0000008", "SA-0002"),
        ("None", "", "-0.25", "SA-0001"),
    ]


def test_the_telco_data_bills_to_the_cent(sample_data: Path, tmp_path: Path) -> None:
    done = run("telco.py", sample_data / "telco", tmp_path)
    assert done.returncode == 0, done.stderr
    prices = catalogue(tmp_path / "products.csv")
    assert all(price % Decimal("0.05") == 0 for price in prices.values())
    assert {code: str(prices[code]) for code in ("PHONE", "LINES", "DSL", "FIBRE", "SECURITY")} == {
        "PHONE": "20", "LINES": "5", "DSL": "25", "FIBRE": "50", "SECURITY": "5",
    }  # fmt: skip
    everybody = contracts_of(tmp_path / "contracts.csv")
    sums = {row.order.number: monthly(row, prices) for row in everybody}
    assert (len(sums), sum(sums.values())) == (7_043, Decimal("456116.60"))
    assert {row.order.kind for row in everybody} == {"month-to-month", "one year", "two years"}
    assert {row.order.start.day for row in everybody} == {1}
    rests = [item.price for row in everybody for item in row.order.items if item.product == "ADJUSTMENT"]
    assert max(rest for rest in rests if rest is not None) <= 5
    ended = contracts_of(tmp_path / "contracts_ended.csv")
    active = [row.order.number for row in ended if row.order.end is None]
    assert (len(active), sum(sums[number] for number in active)) == (5_174, Decimal("316985.75"))
    assert {row.order.end for row in ended} == {None, REFERENCE}
    customers = [each.value for each in read_customers(tmp_path / "customers.csv", Reading(UTC))]
    assert len([customer for customer in customers if customer]) == 7_043


def test_the_focus_records_keep_every_digit(sample_data: Path, tmp_path: Path) -> None:
    done = run("focus.py", sample_data / "focus", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "20.52022672899 USD" in done.stdout
    seller = read_seller(tmp_path / "seller.toml")
    assert (seller.currency, seller.time_zone) == ("USD", "UTC")
    events = events_of(tmp_path / "usage.csv")
    sums: dict[str, Decimal] = {}
    for event in events:
        sums[event.contract] = sums.get(event.contract, Decimal(0)) + (event.amount or 0)
    assert (len(events), sum(sums.values())) == (1_000, Decimal("20.52022672899"))
    assert len(sums) == 73
    assert len([total for total in sums.values() if total < Decimal("0.005")]) == 27
    assert {row.order.currency for row in contracts_of(tmp_path / "contracts.csv")} == {"USD"}
