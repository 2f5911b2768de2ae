"""Usage and the zero-invoice rule (JB-03, 31, 33): small amounts are carried or dropped, nothing is lost or doubled."""

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    METERED,
    RATED,
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
    used,
)
from turnus.contracts.amend import end_contract
from turnus.contracts.meter import UsageRecord, UsageRefusedError, record_usage
from turnus.contracts.models import Contract, UsageEvent
from turnus.contracts.usage_integrity import wrong_usage_days
from turnus.core.document import Kind as DocumentKind
from turnus.core.intake.cells import Reading
from turnus.integration.load import Target, import_file
from turnus.integration.reports import Kind, Refusal
from turnus.invoices.models import Invoice, RunUnit

pytestmark = pytest.mark.database


def cloud(*, carry: bool = True) -> Company:
    firm = company(carry_small_usage=carry)
    product(firm, "cloud", "0", RATED)
    contract(firm, "V1", "2025-01-01", "cloud")
    return firm


def test_jb_33_units_are_counted_in_the_period_in_which_they_fall() -> None:
    firm = company()
    product(firm, "sms", "0.07", METERED)
    contract(firm, "V1", "2025-01-01", "sms")
    for on, quantity in (("2025-01-01", "3"), ("2025-01-31", "4"), ("2025-02-01", "5")):
        used(firm, "V1", "sms", on, quantity)
    assert run(firm, "2025-01-31") == []
    assert lines(only(run(firm, "2025-02-01"))) == ["7 sms 01.01.2025–31.01.2025 0.49"]
    assert lines(only(run(firm, "2025-03-01"))) == ["5 sms 01.02.2025–28.02.2025 0.35"]


def test_a_usage_record_counts_once_under_its_key() -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    contract(firm, "V1", "2025-01-01", "sms")
    used(firm, "V1", "sms", "2025-01-05", "3", key="a")
    used(firm, "V1", "sms", "2025-01-05", "3", key="a")
    with pytest.raises(UsageRefusedError) as error:
        used(firm, "V1", "sms", "2025-01-05", "4", key="a")
    assert error.value.code == "usage_contradicts"
    assert only(run(firm, "2025-02-01")).net == 3_00


def test_usage_that_arrives_late_is_billed_with_the_period_in_which_it_fell() -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    contract(firm, "V1", "2025-01-01", "sms")
    used(firm, "V1", "sms", "2025-01-05", "3")
    assert only(run(firm, "2025-02-01")).net == 3_00
    used(firm, "V1", "sms", "2025-01-07", "2")
    late = only(run(firm, "2025-02-10"))
    assert (lines(late), late.kind) == (["2 sms 01.01.2025–31.01.2025 2.00"], DocumentKind.INVOICE)
    assert run(firm, "2025-02-10") == []


def test_a_negative_correction_of_usage_is_credited() -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    contract(firm, "V1", "2025-01-01", "sms")
    used(firm, "V1", "sms", "2025-01-05", "30")
    run(firm, "2025-02-01")
    used(firm, "V1", "sms", "2025-01-05", "-10")
    credit = only(run(firm, "2025-02-02"))
    assert (credit.kind, totals(credit)) == (DocumentKind.CREDIT, "-10.00 + -1.90 = -11.90")


def test_rated_usage_keeps_every_decimal_until_the_line_is_rounded_once() -> None:
    firm = cloud()
    for index in range(1, 4):
        used(firm, "V1", "cloud", f"2025-01-0{index}", "12.5", amount="0.33333333333", key=str(index))
    assert only(run(firm, "2025-02-01")).net == 1_00


def test_below_half_a_cent_nothing_is_sent_and_the_amount_is_carried() -> None:
    firm = cloud()
    months = ("2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01")
    for index, through in enumerate(months):
        used(firm, "V1", "cloud", f"2025-0{index + 1}-15", amount="0.004")
        documents = run(firm, through)
        assert [document.net for document in documents] == [[], [1], [], [1]][index]  # 0.4, 0.8, 1.2, 1.6 cents
    assert sum(Invoice.objects.values_list("net", flat=True)) == 2
    assert set(RunUnit.objects.values_list("state", flat=True)) == {"empty", "issued"}


def test_below_half_a_cent_the_amount_is_dropped_where_the_seller_says_so() -> None:
    firm = cloud(carry=False)
    for index in range(1, 5):
        used(firm, "V1", "cloud", f"2025-0{index}-15", amount="0.004")
        assert run(firm, f"2025-0{index + 1}-01") == []
    used(firm, "V1", "cloud", "2025-05-15", amount="0.006")
    assert only(run(firm, "2025-06-01")).net == 1


def test_carried_amounts_are_billed_once_however_often_the_run_is_repeated() -> None:
    firm = cloud()
    used(firm, "V1", "cloud", "2025-01-15", amount="0.006")
    assert [len(run(firm, "2025-02-01")) for _time in range(3)] == [1, 0, 0]
    used(firm, "V1", "cloud", "2025-02-15", amount="0.003")
    assert run(firm, "2025-03-01") == []
    used(firm, "V1", "cloud", "2025-03-15", amount="0.006")
    assert only(run(firm, "2025-04-01")).net == 1  # 0.6 + 0.3 + 0.6 = 1.5 cents are 2, of which 1 was billed
    assert run(firm, "2025-04-01") == []
    assert Contract.objects.get().billed_revision == Contract.objects.get().revision


@pytest.mark.parametrize("printed", [True, False])
def test_charges_of_zero_are_printed_where_the_seller_says_so(*, printed: bool) -> None:
    firm = company(print_zero_charges=printed)
    product(firm, "gratis", "0.00")
    contract(firm, "V1", "2025-01-01", "gratis")
    documents = run(firm, "2025-01-01")
    assert [lines(document) for document in documents] == ([["1 gratis 01.01.2025–31.01.2025 0.00"]] if printed else [])
    assert run(firm, "2025-01-31") == []
    assert len(run(firm, "2025-02-01")) == len(documents)


def test_a_free_item_beside_a_paid_one_is_left_out_unless_zero_is_printed() -> None:
    for code, printed, expected in (("a", True, ["gratis", "abo"]), ("b", False, ["abo"])):
        firm = company(code, print_zero_charges=printed)
        product(firm, "gratis", "0.00")
        product(firm, "abo", "10.00")
        contract(firm, "V1", "2025-01-01", "gratis", "abo")
        assert [line.name for line in only(run(firm, "2025-01-01")).lines] == expected


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (UsageRecord("V9", "sms", "k", day("2025-01-01"), Decimal(1)), "unknown_meter"),
        (UsageRecord("V1", "abo", "k", day("2025-01-01"), Decimal(1)), "not_metered"),
        (UsageRecord("V1", "sms", "k", day("2025-01-01"), Decimal("0.0000001")), "too_many_decimals"),
        (UsageRecord("V1", "sms", "k", day("2025-01-01"), Decimal(10) ** 15), "out_of_range"),
        (UsageRecord("V1", "cloud", "k", day("2025-01-01"), Decimal(1)), "amount_missing"),
    ],
)
def test_usage_that_cannot_be_taken_is_refused_with_its_place(record: UsageRecord, code: str) -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    product(firm, "cloud", "0", RATED)
    product(firm, "abo", "1")
    contract(firm, "V1", "2025-01-01", "sms", "cloud", "abo")
    good = UsageRecord("V1", "sms", "good", day("2025-01-01"), Decimal(1))
    with pytest.raises(UsageRefusedError) as error:
        record_usage(firm.id, [good, record])
    assert (error.value.code, error.value.index) == (code, 1)


@pytest.mark.parametrize("code", ["sms", "cloud"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_day_whose_total_would_leave_64_bits_is_refused_in_words(code: str, sign: int) -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    product(firm, "cloud", "0", RATED)
    contract(firm, "V1", "2025-01-01", "sms", "cloud")
    most = sign * Decimal(2**62).scaleb(-6 if code == "sms" else -11)

    def event(key: str, count: Decimal, on: str = "2025-01-05") -> UsageRecord:
        return UsageRecord("V1", code, key, day(on), count, count if code == "cloud" else None)

    with transaction.atomic():
        record_usage(firm.id, [event("a", most - sign), event("b", most, "2025-01-06")])
    for records, index in (([event("c", most)], 0), ([event("x", most / 2), event("y", most * Decimal("0.75"))], 1)):
        with pytest.raises(UsageRefusedError) as error, transaction.atomic():
            record_usage(firm.id, records)
        assert (error.value.code, error.value.index, error.value.params["day"]) == (
            "usage_day_full",
            index,
            "2025-01-05",
        )
    assert UsageEvent.objects.count() == 2
    with transaction.atomic():
        record_usage(firm.id, [event("d", sign * Decimal(1))])
    assert wrong_usage_days() == []


def test_a_file_whose_usage_fills_a_day_loses_the_one_row_too_many(tmp_path: Path) -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    contract(firm, "V1", "2025-01-01", "sms")
    path = tmp_path / "usage.csv"
    rows = "".join(
        f"V1;sms;{key};05.01.2025;{count}\n" for key, count in (("a", 3 * 10**12), ("b", 3 * 10**12), ("c", 5))
    )
    path.write_text("Vertrag;Position;Schlüssel;Tag;Menge\n" + rows, encoding="utf-8")
    reading = Reading(ZoneInfo("Europe/Berlin"), on=day("2025-02-01"))
    target = Target(firm.id, reading, day("2025-02-01"), tmp_path / "inbox")
    report = import_file(Kind.USAGE, path, target, skip_errors=True, by=BY)
    assert (report.created, report.errors) == (2, 1)
    assert [(row.row, row.code) for row in report.problems if isinstance(row, Refusal)] == [(3, "usage_day_full")]


def test_usage_of_the_last_days_is_billed_when_the_contract_ends() -> None:
    firm = company()
    product(firm, "sms", "1", METERED)
    contract(firm, "V1", "2025-01-01", item("sms"))
    used(firm, "V1", "sms", "2025-01-10", "2")
    used(firm, "V1", "sms", "2025-01-20", "9")
    end_contract(firm.id, "V1", end=day("2025-01-15"), by=BY)
    assert lines(only(run(firm, "2025-01-15"))) == ["2 sms 01.01.2025–14.01.2025 2.00"]
