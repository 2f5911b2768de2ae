"""Raises planned inside a contract (JB-18): facts of the contract that every run bills."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    UNIT,
    Company,
    company,
    contract,
    customer,
    day,
    item,
    lines,
    only,
    product,
    run,
    run_months,
    totals,
)
from turnus.contracts.amend import change_terms
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import contract_detail
from turnus.contracts.raises import plan_raise, stop_raises
from turnus.contracts.trials import convert_trial
from turnus.core.adjusting import RuleKind
from turnus.core.contracts import NewContract, NewRaise
from turnus.core.periods import Period
from turnus.invoices.plan import billing_plan
from turnus.records.models import AuditEntry

pytestmark = pytest.mark.database

THREE = NewRaise(RuleKind.PERCENT, Decimal(3))


@pytest.fixture
def firm() -> Company:
    firm = company()
    product(firm, "abo", "100.00", UNIT)
    contract(firm, "V1", "2025-01-01", "abo")
    return firm


def test_jb_18_each_anniversary_costs_three_percent_more(firm: Company) -> None:
    assert plan_raise(firm.id, "V1", THREE, on=day("2025-01-01"), reason="§ 4 Vertrag", by=BY) == day("2026-01-01")
    run(firm, "2025-12-01")
    assert totals(only(run(firm, "2026-01-01"))) == "103.00 + 19.57 = 122.57"
    run(firm, "2026-12-01")
    assert totals(only(run(firm, "2027-01-01"))) == "106.09 + 20.16 = 126.25"
    assert run(firm, "2027-01-01") == []
    entry = AuditEntry.objects.get(action="contract.raise")
    assert (entry.reason, '"first": "2026-01-01"' in entry.after) == ("§ 4 Vertrag", True)


def test_the_plan_of_a_contract_and_its_later_invoices_know_the_raise(firm: Company) -> None:
    plan_raise(firm.id, "V1", THREE, on=day("2025-01-01"), by=BY)
    number = contract_id(firm.id, "V1")
    run(firm, "2025-11-01")
    window = Period(day("2025-12-01"), day("2026-02-02"))
    plan = billing_plan(firm.id, number, window=window, on=day("2025-11-01"))
    assert [row.net for row in plan.documents] == [100_00, 103_00, 103_00]
    billed = run_months(firm, "2025-12-01", "2026-01-01", "2026-02-01")
    assert [document.net for document in billed] == [100_00, 103_00, 103_00]
    [line] = contract_detail(number, on=day("2026-01-01")).items
    assert (line.price, line.since) == (Decimal("103.00"), day("2026-01-01"))


def test_a_change_of_quantity_keeps_the_price_as_it_has_risen(firm: Company) -> None:
    plan_raise(firm.id, "V1", THREE, on=day("2025-01-01"), by=BY)
    run(firm, "2026-01-01")
    change_terms(firm.id, "V1", "abo", valid_from=day("2026-02-01"), quantity=Decimal(2), by=BY)
    assert lines(only(run(firm, "2026-02-01"))) == ["2 abo 01.02.2026–28.02.2026 206.00"]
    run(firm, "2026-12-01")
    assert only(run(firm, "2027-01-01")).net == 2 * 106_09


def test_raises_stop_and_what_has_risen_stays(firm: Company) -> None:
    plan_raise(firm.id, "V1", THREE, on=day("2025-01-01"), by=BY)
    run(firm, "2026-01-01")
    assert stop_raises(firm.id, "V1", end=day("2026-06-01"), reason="Kulanz", by=BY) == 1
    assert stop_raises(firm.id, "V1", end=day("2026-06-01"), by=BY) == 0
    assert run(firm, "2026-01-15") == []
    run(firm, "2026-12-01")
    assert only(run(firm, "2027-01-01")).net == 103_00


def test_a_raise_recorded_late_is_billed_as_a_difference(firm: Company) -> None:
    run(firm, "2025-07-01")
    plan_raise(firm.id, "V1", THREE._replace(first=day("2025-06-16")), on=day("2025-07-10"), by=BY)
    document = only(run(firm, "2025-07-10"))
    assert totals(document) == "4.50 + 0.86 = 5.36"  # half of June, and July


def test_an_item_may_have_a_raise_of_its_own() -> None:
    firm = company()
    product(firm, "base", "10.00")
    product(firm, "extra", "5.00")
    contract(firm, "V1", "2025-01-01", "base", item("extra", named="plus"))
    more = NewRaise(RuleKind.AMOUNT, Decimal("0.50"), "plus", day("2025-03-01"), 0)
    plan_raise(firm.id, "V1", more, on=day("2025-01-01"), by=BY)
    assert [document.net for document in run_months(firm, "2025-02-01", "2025-03-01")] == [30_00, 15_50]


def test_a_raise_of_an_unknown_item_or_without_sense_is_refused(firm: Company) -> None:
    with pytest.raises(ContractRefusedError, match="unknown_item"):
        plan_raise(firm.id, "V1", THREE._replace(item="none"), on=day("2025-01-01"), by=BY)
    with pytest.raises(ContractRefusedError, match="rule_low"):
        plan_raise(firm.id, "V1", THREE._replace(value=Decimal(-101)), on=day("2025-01-01"), by=BY)


def test_jb_18_a_contract_is_concluded_with_its_raises_and_the_same_again_is_unchanged() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1")
    agreed = NewRaise(RuleKind.PERCENT, Decimal(3))
    new = NewContract("V1", "K1", day("2025-01-01"), (item("abo"),), trial_days=14, raises=(agreed,))

    def concluded(wanted: NewContract) -> str:
        with transaction.atomic():
            return conclude(firm.id, [wanted], by=BY)[0][1]

    assert (concluded(new), concluded(new)) == ("created", "unchanged")
    with pytest.raises(ContractRefusedError, match="contract_differs"):
        concluded(replace(new, raises=(agreed._replace(value=Decimal(4)),)))
    with pytest.raises(ContractRefusedError) as refused:
        concluded(replace(new, raises=(agreed._replace(item="x", months=-1, value=Decimal(-101)),)))
    assert sorted(fault.code for fault in refused.value.faults) == ["rule_low", "rule_low", "unknown_item"]
    convert_trial(firm.id, "V1", paid_from=day("2025-01-10"), by=BY)
    run(firm, "2025-12-31")
    assert lines(only(run(firm, "2026-01-10"))) == ["1 abo 10.01.2026–09.02.2026 103.00"]


def test_a_quantity_stated_for_before_the_start_leaves_the_opening_price_as_it_is() -> None:
    """100.00 from 15 January on; 5 % planned for that day are in it already, whatever quantity is stated before."""
    firm = company()
    product(firm, "abo", "100.00", UNIT)
    contract(firm, "V1", "2025-01-15", "abo")
    plan_raise(
        firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(5), "abo", day("2025-01-15"), 12), on=day("2025-01-15"), by=BY
    )
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-12"), quantity=Decimal(2), by=BY)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-15"), quantity=Decimal(3), by=BY)
    assert lines(only(run(firm, "2025-01-15"))) == ["2 abo 15.01.2025–14.02.2025 200.00"]
    assert lines(only(run(firm, "2025-02-15"))) == ["3 abo 15.02.2025–14.03.2025 300.00"]
    run(firm, "2025-12-15")
    assert lines(only(run(firm, "2026-01-15"))) == ["3 abo 15.01.2026–14.02.2026 315.00"]


def test_a_raise_between_an_early_price_and_the_start_survives_another_quantity() -> None:
    firm = company()
    product(firm, "abo", "100.00", UNIT)
    contract(firm, "V1", "2025-01-15", "abo")
    change_terms(firm.id, "V1", "abo", valid_from=day("2024-12-31"), price=Decimal(80), by=BY)
    plan_raise(
        firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(5), "abo", day("2025-01-01"), 0), on=day("2025-01-15"), by=BY
    )
    assert lines(only(run(firm, "2025-01-15"))) == ["1 abo 15.01.2025–14.02.2025 84.00"]
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-15"), quantity=Decimal(2), by=BY)
    assert lines(only(run(firm, "2025-02-15"))) == ["2 abo 15.02.2025–14.03.2025 168.00"]
