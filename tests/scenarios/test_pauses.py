"""Pause and resume: a billing stop apart from a service stop (PI-03; trap “pause across an invoice date”)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    FLAT,
    METERED,
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
    used,
)
from tests.scenarios.agreements import notice_outcome
from turnus.contracts.amend import change_terms
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import grant_discount
from turnus.contracts.lifetime import lifetimes
from turnus.contracts.pauses import pause, resume
from turnus.contracts.raises import plan_raise
from turnus.core.adjusting import RuleKind
from turnus.core.contracts import NewDiscount, NewMinimum, NewRaise, Timing
from turnus.core.notices import NewNotice
from turnus.core.pausing import NewPause
from turnus.core.periods import Cycle
from turnus.core.terms import ContractState, NewContractTerms, contract_state

pytestmark = pytest.mark.database


@pytest.fixture
def firm() -> Company:
    made = company()
    product(made, "abo", "30.00")
    product(made, "setup", "99.00", ONE_OFF)
    product(made, "gb", "0.50", METERED)
    return made


def paused(
    firm: Company, start: str, end: str | None = None, *, billing: bool = True, service: bool = True,
    prolongs: bool = False,
) -> None:  # fmt: skip
    days = NewPause(day(start), day(end) if end else None, billing, service, prolongs)
    pause(firm.id, "V1", days, reason="Reise", by=BY)


def refused(
    firm: Company, start: str, end: str | None = None, *, billing: bool = True, service: bool = True
) -> list[str]:
    with pytest.raises(ContractRefusedError) as error:
        paused(firm, start, end, billing=billing, service=service)
    return [fault.code for fault in error.value.faults]


# ---- across an invoice date ------------------------------------------------------------------------------------------


def test_in_advance_a_pause_across_the_invoice_date_is_credited_and_left_out(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    assert only(run(firm, "2025-04-01")).net == 30_00
    paused(firm, "2025-04-21")
    assert lines(only(run(firm, "2025-04-21"))) == ["-1 abo 21.04.2025–30.04.2025 -10.00"]
    assert run(firm, "2025-05-01") == []
    resume(firm.id, "V1", on=day("2025-05-11"), by=BY)
    back = only(run(firm, "2025-05-11"))
    assert lines(back) == ["1 abo 11.05.2025–31.05.2025 20.32"]  # 30.00 × 21/31
    assert totals(back) == "20.32 + 3.86 = 24.18"
    assert lines(only(run(firm, "2025-06-01"))) == ["1 abo 01.06.2025–30.06.2025 30.00"]
    assert run(firm, "2025-06-01") == []


def test_in_arrears_both_months_are_shared_by_days(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", item("abo", timing=Timing.ARREARS))
    paused(firm, "2025-04-21", "2025-05-11")
    assert lines(only(run(firm, "2025-05-01"))) == ["1 abo 01.04.2025–20.04.2025 20.00"]
    assert lines(only(run(firm, "2025-06-01"))) == ["1 abo 11.05.2025–31.05.2025 20.32"]


def test_a_pause_that_is_known_before_leaves_its_days_out_of_the_invoice(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-11", "2025-04-21")
    april = only(run(firm, "2025-04-01"))
    assert lines(april) == ["1 abo 01.04.2025–10.04.2025 10.00", "1 abo 21.04.2025–30.04.2025 10.00"]


def test_several_months_billed_ahead_are_credited_for_the_days_of_the_pause_only(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo", billing=Cycle(3, 0))
    assert only(run(firm, "2025-01-01")).net == 90_00
    paused(firm, "2025-02-11", "2025-03-11")
    credit = only(run(firm, "2025-02-05"))
    assert sorted(lines(credit)) == [
        "-1 abo 01.03.2025–10.03.2025 -9.68", "-1 abo 11.02.2025–28.02.2025 -19.29",
    ]  # fmt: skip
    assert run(firm, "2025-03-11") == []


# ---- first and last day ----------------------------------------------------------------------------------------------


def test_a_pause_on_the_first_day_of_the_contract(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-01", "2025-04-02")
    assert lines(only(run(firm, "2025-04-01"))) == ["1 abo 02.04.2025–30.04.2025 29.00"]


def test_a_pause_on_the_last_day_of_the_contract(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo", end="2025-05-01")
    paused(firm, "2025-04-30", "2025-05-01")
    assert lines(only(run(firm, "2025-04-01"))) == ["1 abo 01.04.2025–29.04.2025 29.00"]


def test_a_pause_from_the_first_to_the_last_day_of_a_period_owes_nothing_and_moves_nothing(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-05-01", "2025-06-01")
    assert [only(run(firm, first)).net for first in ("2025-04-01", "2025-06-01")] == [30_00, 30_00]


# ---- what pauses, what does not --------------------------------------------------------------------------------------


def test_a_service_stop_alone_is_billed_on(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-11", "2025-04-21", billing=False)
    assert only(run(firm, "2025-04-01")).net == 30_00


def test_a_billing_stop_alone_gives_the_days_away(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-11", "2025-04-21", service=False)
    assert only(run(firm, "2025-04-01")).net == 20_00
    life = lifetimes([contract_number(firm)])[contract_number(firm)].life
    assert contract_state(life, on=day("2025-04-12")) is ContractState.PAUSED


def contract_number(firm: Company) -> int:
    from turnus.contracts.lookup import contract_id  # noqa: PLC0415 - beside its use

    return contract_id(firm.id, "V1")


def test_a_one_off_is_owed_in_a_pause_and_usage_is_not(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo", "gb", item("setup", start="2025-04-15"))
    paused(firm, "2025-04-11", "2025-04-21")
    for on in ("2025-04-05", "2025-04-15", "2025-04-25"):
        used(firm, "V1", "gb", on, "10")
    nets = [document.net for document in run(firm, "2025-05-01")]
    assert nets == [10_00 + 10_00 + 30_00 + 99_00 + 5_00 + 5_00]


def test_a_new_price_in_a_pause_holds_once_it_is_over(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-11", "2025-04-21")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-04-15"), price=Decimal("60.00"), by=BY)
    april = only(run(firm, "2025-04-01"))
    assert lines(april) == ["1 abo 01.04.2025–10.04.2025 10.00", "1 abo 21.04.2025–30.04.2025 20.00"]


def test_raises_and_minimums_go_on_as_if_the_days_of_the_pause_were_not_there(firm: Company) -> None:
    least = NewMinimum(60_00, product="abo")
    contract(firm, "V1", "2025-04-01", item("abo", timing=Timing.ARREARS), minimums=(least,))
    plan_raise(
        firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(10), first=day("2025-04-15")), on=day("2025-04-01"), by=BY
    )
    paused(firm, "2025-04-11", "2025-04-21")
    april = only(run(firm, "2025-05-01"))
    assert lines(april) == [
        "1 abo 01.04.2025–10.04.2025 10.00", "1 abo 21.04.2025–30.04.2025 11.00",
        "1 Mindestumsatz 01.04.2025–30.04.2025 19.00",
    ]  # fmt: skip
    paused(firm, "2025-05-01", "2025-06-01")
    assert run(firm, "2025-06-01") == []
    assert only(run(firm, "2025-07-01")).net == 60_00


def test_a_pause_prolongs_the_term_only_where_that_is_agreed(firm: Company) -> None:
    year = NewContractTerms(Cycle(12, 0), Cycle(12, 0), Cycle(3, 0))
    contract(firm, "V1", "2025-01-01", item("abo", model=FLAT), terms=year)
    paused(firm, "2025-03-01", "2025-04-01")
    assert str(notice_outcome(firm.id, "V1", NewNotice(day("2025-05-01"))).end) == "2026-01-01"
    paused(firm, "2025-06-01", "2025-07-01", prolongs=True)
    assert str(notice_outcome(firm.id, "V1", NewNotice(day("2025-08-01"))).end) == "2026-01-31"


def test_a_pause_taken_back_before_it_begins_never_was(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    run(firm, "2025-04-01")
    paused(firm, "2025-04-11", "2025-04-21")
    assert only(run(firm, "2025-04-05")).net == -10_00
    resume(firm.id, "V1", on=day("2025-04-11"), by=BY)
    assert only(run(firm, "2025-04-06")).net == 10_00


def test_resuming_earlier_or_later_than_planned_bills_the_difference(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo")
    paused(firm, "2025-04-11", "2025-04-21")
    assert only(run(firm, "2025-04-01")).net == 20_00
    resume(firm.id, "V1", on=day("2025-04-16"), by=BY)
    assert lines(only(run(firm, "2025-04-16"))) == ["1 abo 16.04.2025–20.04.2025 5.00"]


def test_a_free_month_is_not_billed_or_is_credited_where_it_was(firm: Company) -> None:
    contract(firm, "V1", "2025-04-15", "abo")
    assert only(run(firm, "2025-04-15")).net == 30_00
    free = NewDiscount("Freimonat", percent=Decimal(100), start=day("2025-04-15"), periods=2)
    grant_discount(firm.id, "V1", free, by=BY)
    assert only(run(firm, "2025-04-20")).net == -30_00
    assert run(firm, "2025-05-15") == []
    assert only(run(firm, "2025-06-15")).net == 30_00


# ---- refusals --------------------------------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_pause_is_said_at_once(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo", end="2025-08-01")
    assert refused(firm, "2025-05-01", "2025-05-01", billing=False, service=False) == [
        "pause_of_nothing", "negative_period",
    ]  # fmt: skip
    assert refused(firm, "2025-03-31", "2025-05-01") == ["pause_outside"]
    assert refused(firm, "2025-08-01") == ["pause_outside"]
    paused(firm, "2025-05-01", "2025-06-01")
    assert refused(firm, "2025-05-31") == ["pause_overlaps"]
    paused(firm, "2025-06-01")
    assert refused(firm, "2025-04-15") == ["pause_overlaps", "pause_overlaps"]
    resume(firm.id, "V1", on=day("2025-06-15"), by=BY)
    with pytest.raises(ContractRefusedError, match="not_paused"):
        resume(firm.id, "V1", on=day("2025-06-20"), by=BY)
