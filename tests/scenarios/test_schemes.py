"""Contracts with price schemes, sets and minimum fees, from conclusion to the invoice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    METERED,
    UNIT,
    company,
    contract,
    customer,
    day,
    drafts,
    lines,
    only,
    product,
    run,
    totals,
    used,
)
from turnus.catalog.facts import product_ids
from turnus.catalog.offer import put_scheme
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.minimums import set_minimum
from turnus.core.catalog import TaxClass
from turnus.core.contracts import NewItem, NewMinimum
from turnus.core.periods import Cycle
from turnus.core.schemes import Function, Part, Scheme, Tier
from turnus.invoices.integrity import changed_documents

pytestmark = pytest.mark.database
D = Decimal
CALLS = (Tier(D(100), D("0.10")), Tier(None, D("0.05")))
GRADUATED, VOLUME = Scheme(Function.GRADUATED, CALLS), Scheme(Function.VOLUME, CALLS)


def metered(code: str, scheme: Scheme | str, **more: object) -> NewItem:
    return NewItem(code, code, D(1), model=METERED, scheme=scheme, **more)  # type: ignore[arg-type]


def test_case_8_tiers_and_a_late_event() -> None:
    firm = company()
    product(firm, "calls")
    for number, scheme in (("G", GRADUATED), ("V", VOLUME)):
        customer(firm, number)
        contract(firm, number, "2025-03-01", metered("calls", scheme), by=number)
        used(firm, number, "calls", "2025-03-01", "90")
        used(firm, number, "calls", "2025-03-31", "15")
        used(firm, number, "calls", "2025-04-01", "7")
    graduated, volume = run(firm, "2025-04-01")
    assert lines(graduated) == ["1 calls 01.03.2025–31.03.2025 10.25"]
    assert lines(volume) == ["105 calls 01.03.2025–31.03.2025 5.25"]
    used(firm, "G", "calls", "2025-03-15", "20")
    later = only([d for d in run(firm, "2025-05-01") if d.customer_number == "G"])
    assert lines(later) == ["1 calls 01.03.2025–31.03.2025 1.00", "7 calls 01.04.2025–30.04.2025 0.70"]
    assert changed_documents() == []


def test_a_correction_with_a_negative_quantity_goes_back_below_the_edge_of_a_tier() -> None:
    firm = company()
    product(firm, "calls")
    contract(firm, "V1", "2025-03-01", metered("calls", GRADUATED))
    used(firm, "V1", "calls", "2025-03-10", "105")
    assert totals(only(run(firm, "2025-04-01"))) == "10.25 + 1.95 = 12.20"
    used(firm, "V1", "calls", "2025-03-11", "-10")
    assert lines(only(run(firm, "2025-04-02"))) == ["-1 calls 01.03.2025–31.03.2025 -0.75"]
    assert run(firm, "2025-04-03") == []


def test_tiers_that_count_over_a_year_are_billed_monthly() -> None:
    firm = company()
    product(firm, "calls")
    contract(firm, "V1", "2025-01-01", metered("calls", GRADUATED._replace(window=Cycle(12, 0))))
    for month, quantity in (("01", "60"), ("02", "60"), ("03", "60")):
        used(firm, "V1", "calls", f"2025-{month}-05", quantity)
    used(firm, "V1", "calls", "2026-01-05", "60")
    nets = [only(run(firm, on)).net for on in ("2025-02-01", "2025-03-01", "2025-04-01", "2026-02-01")]
    assert nets == [6_00, 5_00, 3_00, 6_00]
    used(firm, "V1", "calls", "2025-01-20", "10")
    assert [document.net for document in run(firm, "2026-02-02")] == [50], "ten calls more, at the price of the margin"


def test_a_set_is_split_over_its_products_and_their_rates() -> None:
    firm = company()
    product(firm, "Set", "29.99", UNIT)
    magazine = product(firm, "Heft", tax_class=TaxClass.REDUCED)
    online = product(firm, "Online")
    scheme = Scheme(parts=(Part(magazine, 70), Part(online, 30)))
    contract(firm, "V1", "2025-01-01", NewItem("Set", "Set", D(1), scheme=scheme))
    first = only(run(firm, "2025-01-01"))
    assert lines(first) == ["1 Heft 01.01.2025–31.01.2025 20.99", "1 Online 01.01.2025–31.01.2025 9.00"]
    assert totals(first) == "29.99 + 3.18 = 33.17"
    assert run(firm, "2025-01-02") == []
    contract(firm, "V2", "2025-01-02", NewItem("Set", "Set", D(1), scheme=scheme, label="Familienset"), by="K2")
    assert [line.name for line in only(run(firm, "2025-01-03")).lines] == ["Familienset: Heft", "Familienset: Online"]


def test_a_set_that_ends_inside_a_month_is_credited_part_by_part() -> None:
    firm = company()
    product(firm, "Set", "30.00", UNIT)
    parts = (Part(product(firm, "A", tax_class=TaxClass.REDUCED), 1), Part(product(firm, "B"), 2))
    contract(firm, "V1", "2025-04-01", NewItem("Set", "Set", D(1), scheme=Scheme(parts=parts)), end="2025-04-11")
    assert lines(only(run(firm, "2025-04-01"))) == [
        "1 A 01.04.2025–10.04.2025 3.33", "1 B 01.04.2025–10.04.2025 6.67",
    ]  # fmt: skip


def test_case_9_minimum_fee_with_a_prorated_first_period() -> None:
    firm = company()
    product(firm, "calls", "0.10", METERED)
    minimum = NewMinimum(100_00, label="Mindestumsatz", anchor=day("2025-01-01"))
    contract(firm, "V1", "2025-01-17", "calls", end="2025-03-11", anchor="2025-01-01", minimums=(minimum,))
    used(firm, "V1", "calls", "2025-01-20", "200")
    used(firm, "V1", "calls", "2025-02-10", "1300")
    assert [run(firm, on) for on in ("2025-01-17", "2025-01-31")] == [[], []]
    january, february, march = (only(run(firm, on)) for on in ("2025-02-01", "2025-03-01", "2025-03-11"))
    assert lines(january) == [
        "200 calls 17.01.2025–31.01.2025 20.00", "1 Mindestumsatz 17.01.2025–31.01.2025 28.39",
    ]  # fmt: skip
    assert january.net == 48_39
    assert lines(february) == ["1300 calls 01.02.2025–28.02.2025 130.00"]
    assert lines(march) == ["1 Mindestumsatz 01.03.2025–10.03.2025 32.26"]
    assert run(firm, "2025-04-01") == []


def test_a_minimum_of_the_whole_contract_counts_fees_and_usage_together() -> None:
    firm = company()
    product(firm, "base", "30.00")
    product(firm, "calls", "0.10", METERED)
    contract(firm, "V1", "2025-01-01", "base", "calls", minimums=(NewMinimum(50_00, label="Mindestumsatz"),))
    used(firm, "V1", "calls", "2025-01-20", "50")
    assert only(run(firm, "2025-01-01")).net == 30_00
    assert lines(only(run(firm, "2025-02-01"))) == [
        "1 base 01.02.2025–28.02.2025 30.00", "50 calls 01.01.2025–31.01.2025 5.00",
        "1 Mindestumsatz 01.01.2025–31.01.2025 15.00",
    ]  # fmt: skip
    used(firm, "V1", "calls", "2025-01-21", "200")
    late = only(run(firm, "2025-02-02"))
    assert late.net == 5_00, "20.00 of calls more, less the 15.00 that lifted"
    set_minimum(firm.id, "V1", NewMinimum(0, start=day("2025-02-01")), reason="Kulanz", by=BY)
    assert only(run(firm, "2025-03-01")).net == 30_00


def test_late_usage_lowers_a_minimum_that_was_billed_across_the_seal() -> None:
    firm = company()
    product(firm, "calls", "0.10", METERED)
    contract(firm, "V1", "2025-01-01", "calls", minimums=(NewMinimum(10_00, label="Mindestumsatz"),))
    nets = [only(run(firm, on)).net for on in ("2025-02-01", "2025-03-01", "2025-04-01")]
    assert nets == [10_00, 10_00, 10_00]
    used(firm, "V1", "calls", "2025-01-15", "40")
    correction = only(run(firm, "2025-04-02"))
    assert (correction.net, len(correction.lines)) == (0, 2)
    assert run(firm, "2025-04-03") == []


def test_a_named_scheme_is_pinned_in_its_version() -> None:
    firm = company()
    product(firm, "calls")
    with transaction.atomic():
        put_scheme(firm.id, "staffel", GRADUATED, by=BY)
    contract(firm, "old", "2025-01-01", metered("calls", "staffel"))
    with transaction.atomic():
        assert put_scheme(firm.id, "staffel", VOLUME, by=BY)[1] == "changed"
    contract(firm, "new", "2025-01-01", metered("calls", "staffel"))
    for number in ("old", "new"):
        used(firm, number, "calls", "2025-01-05", "105")
    assert sorted(document.net for document in run(firm, "2025-02-01")) == [5_25, 10_25]
    with pytest.raises(ContractRefusedError) as error:
        contract(firm, "V3", "2025-01-01", metered("calls", "unknown"))
    assert error.value.code == "unknown_scheme"


def test_a_wrong_scheme_is_refused_and_nothing_stays() -> None:
    firm = company()
    product(firm, "calls")
    with pytest.raises(ContractRefusedError) as error:
        contract(firm, "V1", "2025-01-01", metered("calls", Scheme(Function.GRADUATED, formula="1")))
    assert [fault.code for fault in error.value.faults] == ["scheme_no_tiers", "scheme_formula_unused"]
    assert "calls" in product_ids(firm.id)
    assert (drafts(), conclude(firm.id, [], by=BY)) == ([], [])


def test_late_usage_of_a_year_that_is_sealed_is_measured_against_all_of_its_minimum() -> None:
    """100.00 a month are above 1,000.00 a year; two more units of November cost 2.00, and no minimum lifts anything."""
    firm = company()
    product(firm, "calls", "1.00", METERED)
    year = NewMinimum(1000_00, item="calls", fee=Cycle.of(1, "year"))
    contract(firm, "V1", "2025-01-01", "calls", minimums=(year,))
    for month in range(1, 13):
        used(firm, "V1", "calls", f"2025-{month:02}-10", "100")
    assert [document.net for document in run(firm, "2026-01-01")] == [1200_00]
    assert run(firm, "2026-02-01") == []
    used(firm, "V1", "calls", "2025-11-20", "2")
    late = only(run(firm, "2026-03-01"))
    assert late.net == 2_00, lines(late)
