"""Safety bounds stop a run for a person (F-20): overlapping lines, many lines of one item, an unusual total."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    customer,
    day,
    drafted,
    drafts,
    issued,
    only,
    parked,
    product,
    run,
    started,
    totals,
)
from turnus import order_to_cash
from turnus.contracts.amend import change_terms
from turnus.core.charges import Charge, Difference, Standing, outstanding
from turnus.core.periods import Cycle, Period
from turnus.invoices.models import Invoice, Run, RunUnit
from turnus.invoices.runs import RunRefusedError, approve, last_totals, reopen_parked, withdraw

pytestmark = pytest.mark.database

STRAIGHT = pytest.mark.parametrize("automation", ["draft", "issue"])


def daily(automation: str, others: int = 1) -> Company:
    """K1 is charged day by day, and others have an ordinary contract of 30.00."""
    firm = company(automation=automation)
    product(firm, "day", "1.00")
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "day", fee=Cycle(0, 1))
    for index in range(others):
        contract(firm, f"V{index + 2}", "2025-01-01", "abo", by=f"K{index + 2}")
    return firm


@STRAIGHT
def test_sixteen_lines_of_one_item_on_one_day_wait_for_a_person(automation: str) -> None:
    firm = daily(automation)
    number = started(firm, "2025-01-16")
    assert [document.customer_number for document in issued(number)] == ["K2"]
    assert (parked(number), [document.net for document in drafts()]) == (["many_lines"], [16_00])
    unit = RunUnit.objects.get(run_id=number, state="parked").unit
    approve(number, unit=unit, reason="nachgeholt", by=BY)
    drafted(number)
    approved = only(issued(number))
    assert (totals(approved), approved.number) == ("16.00 + 3.04 = 19.04", "RE-2025-000002")
    assert Run.objects.get().state == Run.State.DONE
    assert run(firm, "2025-01-16") == []


def test_fifteen_lines_pass() -> None:
    assert len(run(daily("issue"), "2025-01-15")) == 2


def test_a_held_account_is_not_tried_again_without_a_person() -> None:
    firm = daily("issue")
    number = started(firm, "2025-01-16")
    issued(number)
    assert reopen_parked(number, by=BY) == 0
    with pytest.raises(RunRefusedError) as error:
        approve(number, unit=10**9, reason="falsches Konto", by=BY)
    assert error.value.code == "nothing_to_approve"


@STRAIGHT
def test_two_lines_of_one_item_on_the_same_days_wait_for_a_person(
    automation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubled(should: Sequence[Charge], stands: Sequence[Standing], holds: dict[int, list[Period]]) -> Difference:
        charges, reversals = outstanding(should, stands, holds)
        return Difference([c for c in charges for _time in range(2 if c.identity.amount == 20_00 else 1)], reversals)

    monkeypatch.setattr("turnus.core.billing.outstanding", doubled)
    firm = company(automation=automation)
    product(firm, "abo", "30.00")
    product(firm, "bad", "20.00")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "bad", by="K2")
    number = started(firm, "2025-01-01")
    assert [document.customer_number for document in issued(number)] == ["K1"]
    assert parked(number) == ["overlap"]
    monkeypatch.undo()
    assert [(d.customer_number, d.net) for d in run(firm, "2025-01-02")] == (
        [("K2", 20_00)] if automation == "issue" else []
    )


def grown(automation: str, to: str) -> Company:
    """January billed 100.00; February will be `to`."""
    firm = company(automation=automation, deviation_percent=30)
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    january = started(firm, "2025-01-01")
    assert only(issued(january)).net == 100_00
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-01"), price=Decimal(to), by=BY)
    return firm


@STRAIGHT
@pytest.mark.parametrize("to", ["130.01", "69.99", "10000.00"])
def test_a_total_far_off_the_last_run_is_held_until_a_person_approves(automation: str, to: str) -> None:
    firm = grown(automation, to)
    number = started(firm, "2025-02-01")
    row = Run.objects.get(id=number)
    net = int(Decimal(to) * 100)
    assert (row.state, row.held_reason) == (Run.State.HELD, f"deviation:10000:{net}:30:EUR")
    assert Invoice.objects.filter(run_id=number, state="issued").count() == 0
    with pytest.raises(RunRefusedError) as error:
        issued(number)
    assert error.value.code == "run_held"
    approve(number, reason="Preiserhöhung", by=BY)
    assert only(issued(number)).net == net


@STRAIGHT
@pytest.mark.parametrize("to", ["130.00", "70.00"])
def test_a_total_within_the_bound_goes_on(automation: str, to: str) -> None:
    number = started(grown(automation, to), "2025-02-01")
    assert len(issued(number)) == 1


def test_a_held_run_goes_no_further_by_itself_however_often_it_is_started() -> None:
    firm = grown("send", "10000.00")
    assert [len(run(firm, "2025-02-01")) for _time in range(2)] == [0, 0]
    assert Run.objects.count() == 2


def test_a_wrong_price_found_by_the_bound_is_mended_before_anything_is_issued() -> None:
    firm = grown("issue", "10000.00")
    number = started(firm, "2025-02-01")
    withdraw(number, reason="Preis vertippt", by=BY)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-01"), price=Decimal(100), correction=True, by=BY)
    february = only(run(firm, "2025-02-01"))
    assert (february.net, february.number) == (100_00, "RE-2025-000002")


def test_each_currency_is_compared_with_itself_and_never_added_to_another() -> None:
    firm = company(deviation_percent=30)
    product(firm, "abo", "100.00")
    product(firm, "sub", "1000.00", currency="JPY")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "sub", by="K2", currency="JPY")
    assert len(run(firm, "2025-01-01")) == 2
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-01"), price=Decimal(140), by=BY)
    change_terms(firm.id, "V2", "sub", valid_from=day("2025-02-01"), price=Decimal(960), by=BY)
    number = started(firm, "2025-02-01")
    assert Run.objects.get(id=number).held_reason == "deviation:10000:14000:30:EUR"
    assert last_totals(firm.definition, day("2025-02-01")) == {"EUR": 100_00, "JPY": 1000}


def test_a_run_with_nothing_to_bill_is_no_deviation() -> None:
    firm = grown("issue", "100.00")
    assert run(firm, "2025-01-15") == []
    assert Run.objects.latest("id").state == Run.State.DONE
    assert len(run(firm, "2025-02-01")) == 1


def test_a_bound_on_one_account_holds_nobody_else_up() -> None:
    firm = daily("issue", others=3)
    customer(firm, "K9")
    assert len(run(firm, "2025-01-20")) == 3
    for _step in order_to_cash.issue_invoices(Run.objects.get().id, by=BY):
        pass
    assert parked(Run.objects.get().id) == ["many_lines"]
