"""Trials: converted on any day, extended, cancelled; what comes after them, and who gets another (PI-16 to 18)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    BY,
    ONE_OFF,
    Company,
    company,
    contract,
    customer,
    day,
    item,
    lines,
    only,
    order,
    product,
    run,
    totals,
    variant,
)
from tests.scenarios.agreements import FIRST, agreed, agreements, seller, undone
from tests.scenarios.books import findings, standing_days
from turnus.catalog.coupons import put_coupon
from turnus.catalog.groups import join_group, put_group
from turnus.contracts.amend import end_contract
from turnus.contracts.change import change_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lifetime import lifetimes
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import Item
from turnus.contracts.notices import give_notice
from turnus.contracts.renewals import record_renewals
from turnus.contracts.trials import cancel_in_trial, convert_trial, extend_trial
from turnus.core.amending import ChangeItem
from turnus.core.contracts import NewContract, NewDiscount
from turnus.core.coupons import CouponData
from turnus.core.notices import NewNotice
from turnus.core.offers import Conditions, OfferedItem, Special
from turnus.core.periods import Basis, Cycle
from turnus.core.terms import ContractState, NewContractTerms, contract_state
from turnus.core.trials import AfterTrial, SecondTrial
from turnus.invoices.models import InvoiceLine
from turnus.parties.facts import customer_ids
from turnus.stories.amending import preview

pytestmark = pytest.mark.database

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = Cycle(12, 0)


def on_trial(after: AfterTrial = AfterTrial.CONVERTS, **agreed_: object) -> Company:
    """Contract V1, free from 18 to 31 January 2025: a set-up for 49.00 and a plan for 29.00 a month."""
    firm = company()
    product(firm, "setup", "49.00", ONE_OFF)
    product(firm, "plan", "29.00")
    terms = {"trial_days": 14, "after_trial": after, **agreed_}
    contract(firm, "V1", "2025-01-18", "setup", "plan", **terms)  # type: ignore[arg-type]
    return firm


def convert(firm: Company, first: str) -> None:
    convert_trial(firm.id, "V1", paid_from=day(first), by=BY)


def extend(firm: Company, until: str) -> None:
    extend_trial(firm.id, "V1", until=day(until), by=BY)


def refused(act: partial[None]) -> list[str]:
    with pytest.raises(ContractRefusedError) as error:
        act()
    return [fault.code for fault in error.value.faults]


def state(firm: Company, on: str) -> ContractState:
    number = contract_id(firm.id, "V1")
    return contract_state(lifetimes([number])[number].life, on=day(on))


# ---- what comes after the trial --------------------------------------------------------------------------------------


def test_pi_18_a_trial_that_waits_owes_nothing_until_it_is_converted() -> None:
    firm = on_trial(AfterTrial.WAITS)
    assert run(firm, "2025-06-30") == []
    assert [state(firm, d) for d in ("2025-01-31", "2025-02-01", "2025-06-30")] == [
        ContractState.TRIAL, ContractState.WAITING, ContractState.WAITING,
    ]  # fmt: skip
    convert(firm, "2025-07-10")
    assert lines(only(run(firm, "2025-07-10"))) == ["1 setup 10.07.2025 49.00", "1 plan 10.07.2025–09.08.2025 29.00"]
    assert totals(only(run(firm, "2025-08-10"))) == "29.00 + 5.51 = 34.51"
    assert state(firm, "2025-07-10") is ContractState.ACTIVE


def test_pi_18_a_trial_that_ends_ends_the_contract_and_a_later_conversion_revives_it_without_the_gap() -> None:
    firm = on_trial(AfterTrial.ENDS)
    assert run(firm, "2025-03-01") == []
    assert state(firm, "2025-02-01") is ContractState.ENDED
    convert(firm, "2025-03-15")
    assert lines(only(run(firm, "2025-03-15"))) == ["1 setup 15.03.2025 49.00", "1 plan 15.03.2025–14.04.2025 29.00"]


@pytest.mark.parametrize("after", AfterTrial)
@pytest.mark.parametrize("first", ["2025-01-18", "2025-01-25", "2025-02-01", "2025-02-02", "2026-02-28"])
def test_pi_18_before_at_and_after_the_planned_end_it_is_paid_from_the_day_of_conversion(
    after: AfterTrial, first: str
) -> None:
    firm = on_trial(after)
    convert(firm, first)
    assert run(firm, str(day(first) - timedelta(days=1))) == []
    document = only(run(firm, first))
    assert (document.net, document.lines[-1].period.start if document.lines[-1].period else None) == (7800, day(first))


def test_pi_18_a_cancelled_trial_can_still_be_converted_with_its_agreed_end() -> None:
    firm = on_trial(end="2025-07-01")
    cancel_in_trial(firm.id, "V1", at=datetime(2025, 1, 20, 12, tzinfo=BERLIN), zone=BERLIN, by=BY)
    convert(firm, "2025-06-16")
    assert lines(only(run(firm, "2025-09-01")))[1:] == ["1 plan 16.06.2025–30.06.2025 14.50"]


def test_pi_18_what_was_billed_before_a_later_conversion_is_credited() -> None:
    firm = on_trial()
    assert only(run(firm, "2025-02-01")).net == 7800
    convert(firm, "2025-02-15")
    assert lines(only(run(firm, "2025-02-10"))) == [
        "-1 setup 01.02.2025 -49.00",
        "-1 plan 01.02.2025–28.02.2025 -29.00",
    ]
    assert lines(only(run(firm, "2025-02-15"))) == ["1 setup 15.02.2025 49.00", "1 plan 15.02.2025–14.03.2025 29.00"]
    assert findings() == []


def test_pi_18_the_preview_of_a_conversion_shows_its_first_document() -> None:
    firm = on_trial(AfterTrial.WAITS)
    found = preview(firm.id, "V1", partial(convert_trial, firm.id, "V1", paid_from=day("2025-05-05"), by=BY),
                    on=day("2025-05-05"))  # fmt: skip
    assert found.before.today.documents == []
    [row] = found.after.today.documents
    assert lines(row.document) == ["1 setup 05.05.2025 49.00", "1 plan 05.05.2025–04.06.2025 29.00"]
    assert totals(row.document) == "78.00 + 14.82 = 92.82"
    assert run(firm, "2025-05-05") == []


def test_the_same_conversion_again_changes_nothing() -> None:
    firm = on_trial(AfterTrial.WAITS)
    convert(firm, "2025-05-05")
    run(firm, "2025-05-05")
    convert(firm, "2025-05-05")
    assert run(firm, "2025-05-05") == []


def test_pi_18_everything_that_stands_against_a_conversion_is_said_at_once() -> None:
    firm = on_trial(end="2025-07-01")
    contract(firm, "V2", "2025-01-18", "plan")
    assert refused(partial(convert, firm, "2025-01-17")) == ["before_contract"]
    assert refused(partial(convert, firm, "2025-07-01")) == ["contract_ended"]
    assert refused(partial(convert_trial, firm.id, "V2", paid_from=day("2025-01-01"), by=BY)) == [
        "no_trial", "before_contract",
    ]  # fmt: skip


def test_a_migrated_contract_is_not_converted_on_days_billed_elsewhere() -> None:
    firm = on_trial(billed_until="2025-03-01")
    assert refused(partial(convert, firm, "2025-03-15")) == ["before_floor"]


# ---- longer, shorter, over -------------------------------------------------------------------------------------------


def test_pi_18_an_extended_trial_keeps_what_comes_after_it() -> None:
    firm = on_trial()
    extend(firm, "2025-02-15")
    assert run(firm, "2025-02-14") == []
    assert lines(only(run(firm, "2025-02-15")))[1] == "1 plan 15.02.2025–14.03.2025 29.00"
    waiting = on_trial_again(firm, "K2", AfterTrial.ENDS)
    extend_trial(firm.id, waiting, until=day("2025-02-15"), by=BY)
    assert [row.net for row in run(firm, "2025-03-01") if row.customer_number == "K2"] == []


def on_trial_again(firm: Company, by: str, after: AfterTrial) -> str:
    contract(firm, f"V-{by}", "2025-01-18", "plan", by=by, trial_days=14, after_trial=after)
    return f"V-{by}"


def test_a_trial_is_not_extended_to_a_day_that_it_has_anyway_nor_after_it_was_cancelled() -> None:
    firm = on_trial(AfterTrial.WAITS)
    assert refused(partial(extend, firm, "2025-02-01")) == ["trial_not_longer"]
    end_contract(firm.id, "V1", end=day("2025-01-20"), by=BY)
    assert refused(partial(extend, firm, "2025-03-01")) == ["contract_ended"]


def test_a_waiting_trial_ends_by_notice_on_the_day_of_receipt_whatever_its_term_and_costs_nothing() -> None:
    firm = on_trial(AfterTrial.WAITS, terms=NewContractTerms(YEAR, YEAR, Cycle(3, 0)))
    found = give_notice(firm.id, "V1", NewNotice(day("2025-04-10")), by=BY)
    assert found.end == day("2025-04-11")
    assert state(firm, "2025-04-11") is ContractState.ENDED
    assert run(firm, "2026-12-31") == []


def test_a_waiting_trial_that_is_revoked_after_notice_waits_again() -> None:
    firm = on_trial(AfterTrial.WAITS)
    end_contract(firm.id, "V1", end=day("2025-04-11"), by=BY)
    end_contract(firm.id, "V1", end=None, by=BY)
    assert state(firm, "2025-05-01") is ContractState.WAITING
    assert run(firm, "2025-12-31") == []


def test_a_waiting_trial_is_cancelled_on_any_day() -> None:
    firm = on_trial(AfterTrial.WAITS)
    cancel_in_trial(firm.id, "V1", at=datetime(2025, 5, 5, 12, tzinfo=BERLIN), zone=BERLIN, by=BY)
    assert (state(firm, "2025-05-05"), state(firm, "2025-05-06")) == (ContractState.TRIAL, ContractState.ENDED)


def test_a_waiting_contract_renews_only_once_it_is_converted() -> None:
    firm = on_trial(AfterTrial.WAITS, terms=NewContractTerms(YEAR, YEAR, Cycle(3, 0)))
    assert record_renewals(firm.id, on=day("2028-01-01"), by=BY) == 0
    convert(firm, "2028-01-01")
    assert record_renewals(firm.id, on=day("2028-12-31"), by=BY) == 1


def test_a_waiting_contract_is_amended_before_it_is_converted() -> None:
    firm = on_trial(AfterTrial.WAITS)
    change_contract(
        firm.id, "V1", [ChangeItem("plan", day("2025-03-01"), price=Decimal(31))], on=day("2025-03-01"), by=BY
    )
    convert(firm, "2025-04-01")
    assert lines(only(run(firm, "2025-04-01")))[1] == "1 plan 01.04.2025–30.04.2025 31.00"


def test_discounts_for_periods_begin_with_the_first_paid_day_wherever_it_moves() -> None:
    intro = NewDiscount("Start", percent=Decimal(50), periods=2)
    firm = on_trial(AfterTrial.WAITS, discounts=(replace(intro, item="plan"),))
    convert(firm, "2025-06-10")
    run(firm, "2025-06-10")
    nets = [only(run(firm, through)).net for through in ("2025-07-10", "2025-08-10")]
    assert nets == [14_50, 29_00]
    convert(firm, "2025-07-10")
    assert sum(document.net for document in run(firm, "2025-09-10")) == -14_50 - 14_50 - 29_00 + 14_50 + 14_50 + 29_00


def test_a_coupon_of_an_order_is_redeemed_by_a_trial_that_waits() -> None:
    firm = company()
    product(firm, "plan", "29.00")
    with transaction.atomic():
        put_coupon(firm.id, CouponData("START", "Start", percent=Decimal(10), periods=1), by=BY)
    variant(
        firm, "P/m", OfferedItem("plan", "plan"), conditions=Conditions(trial_days=14, after_trial=AfterTrial.WAITS)
    )
    order(firm, "V1", "2025-01-18", "P/m", coupons=("START",))
    convert(firm, "2025-06-10")
    assert [only(run(firm, d)).net for d in ("2025-06-10", "2025-07-10")] == [26_10, 29_00]


# ---- who gets another ------------------------------------------------------------------------------------------------


def offered(rule: SecondTrial | None) -> Company:
    """Plans A (product a, or also b) and B (product b) with trials of 14 days, and a group with a rule of its own."""
    firm = company()
    for code in ("a", "b"):
        product(firm, code, "10.00")
    has = Conditions(trial_days=14)
    variant(firm, "A/m", OfferedItem("i", "a"), conditions=has)
    variant(firm, "A/b", OfferedItem("i", "b"), conditions=has)
    variant(firm, "B/m", OfferedItem("i", "b"), conditions=has)
    customer(firm, "K1")
    customer(firm, "K2", vat_id="DE811907980")
    customer(firm, "K3", vat_id="DE811907980")
    since = day("2020-01-01")
    with transaction.atomic():
        put_group(firm.id, "g", "g", Special(Conditions(second_trial=rule)), valid_from=since, by=BY)
        for number in customer_ids(firm.id, ["K1", "K2", "K3"]).values():
            join_group(firm.id, number, "g", valid_from=since, by=BY)
    return firm


def first_paid(firm: Company, number: str, plan: str, by: str = "K1") -> int:
    """Free days of a new contract."""
    order(firm, number, "2025-06-01", plan, by=by)
    found = contract_id(firm.id, number)
    return (lifetimes([found])[found].life.paid_from - day("2025-06-01")).days


@pytest.mark.parametrize(
    ("rule", "again", "same_plan", "same_product", "another", "alike"),
    [
        (None, 0, 14, 14, 14, 14),
        (SecondTrial.PRODUCT, 0, 14, 14, 14, 14),
        (SecondTrial.PLAN, 0, 0, 14, 14, 14),
        (SecondTrial.CUSTOMER, 0, 0, 0, 14, 14),
        (SecondTrial.IDENTITY, 0, 14, 14, 14, 0),
        (SecondTrial.ALLOWED, 14, 14, 14, 14, 14),
    ],
)
def test_pi_16_the_rule_of_the_group_says_which_earlier_trial_counts(
    rule: SecondTrial | None, again: int, same_plan: int, same_product: int, another: int, alike: int
) -> None:
    firm = offered(rule)
    assert first_paid(firm, "V1", "A/m") == 14
    assert first_paid(firm, "V2", "A/m") == again
    with undone():
        assert first_paid(firm, "V3", "A/b") == same_plan
    with undone():
        assert first_paid(firm, "V4", "B/m") == same_product
    assert first_paid(firm, "V5", "A/m", by="K2") == another
    assert first_paid(firm, "V6", "A/m", by="K3") == alike


@pytest.mark.parametrize("mark", ["vat_id", "email", "address"])
def test_an_identity_is_the_vat_id_the_e_mail_or_the_name_at_the_address(mark: str) -> None:
    firm = company()
    product(firm, "a", "10.00")
    one = {"vat_id": {"vat_id": "DE811907980"}, "email": {"email": "eva@example.org"}, "address": {"name": "Éva  Groß"}}
    two = {"vat_id": {"vat_id": "DE811907980"}, "email": {"email": "Eva@Example.org"}, "address": {"name": "eva GROSS"}}
    customer(firm, "K1", **one[mark])  # type: ignore[arg-type]
    customer(firm, "K2", **two[mark])  # type: ignore[arg-type]
    customer(firm, "K3", name="Eva Kleinn")
    own = Conditions(trial_days=14, second_trial=SecondTrial.IDENTITY)
    order(firm, "V1", "2025-01-01", items=(item("a"),), own=own)
    with pytest.raises(ContractRefusedError) as error:
        order(firm, "V2", "2025-03-01", items=(item("a"),), own=own, by="K2")
    assert (error.value.code, error.value.params["contract"]) == ("second_trial_identity", "V1")
    order(firm, "V3", "2025-03-01", items=(item("a"),), own=own, by="K3")


# ---- any trial, any conversion ---------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(
    agreement=agreements(),
    after=st.sampled_from(AfterTrial),
    acts=st.lists(st.tuples(st.sampled_from(["convert", "extend", "cancel", "run"]), st.integers(0, 120)), max_size=4),
    last=st.none() | st.integers(0, 180),
)
def test_no_trial_day_is_ever_billed_and_everything_from_the_conversion_on(
    agreement: NewContract, after: AfterTrial, acts: list[tuple[str, int]], last: int | None
) -> None:
    with undone():
        firm = seller()
        customer(firm, "K2")
        agreed(firm, replace(agreement, trial_days=20, after_trial=after))
        today = FIRST
        for what, offset in [*acts, *([("convert", last)] if last is not None else [])]:
            where = FIRST + timedelta(days=offset)
            today = max(today, where)
            act(firm, what, where, today)
        life = lifetimes([contract_id(firm.id, "V1")])[contract_id(firm.id, "V1")].life
        paid = not life.waits and (life.end is None or life.end > life.paid_from)
        if paid:
            agreed(firm, replace(agreement, number="V2", customer="K2", start=life.paid_from, trial_days=0))
        for weeks in range(0, 60, 12):  # a run of more periods at once would wait for a person
            through = FIRST + timedelta(weeks=weeks)
            run(firm, str(through), on=str(max(through, today)))
        assert billed(firm, "V1") == (billed(firm, "V2") if paid else {})
        early = {code: min(days) for code, (days, _net) in billed(firm, "V1").items() if days}
        whole = {item.code for item in agreement.items if (item.basis or agreement.basis) is Basis.NONE}
        assert {code: first for code, first in early.items() if first < life.paid_from and code not in whole} == {}
        assert run(firm, str(FIRST + timedelta(weeks=48))) == []
        assert findings() == []


def act(firm: Company, what: str, where: date, today: date) -> None:
    """One act, if it is not refused."""
    try:
        if what == "convert":
            convert_trial(firm.id, "V1", paid_from=where, by=BY)
        elif what == "extend":
            extend_trial(firm.id, "V1", until=where, by=BY)
        elif what == "cancel":
            cancel_in_trial(
                firm.id, "V1", at=datetime(where.year, where.month, where.day, 12, tzinfo=BERLIN), zone=BERLIN, by=BY
            )
        else:
            run(firm, str(today))
    except ContractRefusedError:
        pass


def billed(firm: Company, number: str) -> dict[str, tuple[Counter[date], int]]:
    """Item → days that stand (of fees), and what was billed in all."""
    codes = dict(Item.objects.filter(contract_id=contract_id(firm.id, number)).values_list("id", "code"))
    standing = standing_days()
    nets: Counter[str] = Counter()
    for item_, net in InvoiceLine.objects.filter(item_id__in=codes).values_list("item_id", "net"):
        nets[codes[item_]] += net
    days = {code: Counter({d: n for d, n in standing.get(key, {}).items() if n}) for key, code in codes.items()}
    return {code: (days[code], nets[code]) for code in days if days[code] or nets[code]}
