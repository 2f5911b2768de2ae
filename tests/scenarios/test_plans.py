"""Plans, variants and customer groups (JB-10 to 13, JB-27, PI-11 to 16, PI-19, OD-50, 58, 69)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    ONE_OFF,
    UNIT,
    Company,
    company,
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
from turnus.catalog.groups import join_group, put_customer_terms, put_group
from turnus.catalog.offer import OfferRefusedError, put_price
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import Contract
from turnus.contracts.orders import conclude_orders
from turnus.contracts.queries import facts_of
from turnus.core.catalog import Model, PriceData
from turnus.core.contracts import NewDiscount, Timing
from turnus.core.offers import AnchorRule, Choice, Conditions, OfferedItem, Order, Role, Special
from turnus.core.periods import Cycle

pytestmark = pytest.mark.database

MONTH, YEAR = Cycle(1, 0), Cycle(12, 0)
PLATFORM = OfferedItem("platform", "PLAT")
SEATS = OfferedItem("seats", "SEAT", Decimal(3))
BACKUP = OfferedItem("backup", "BACK", price=Decimal("9.50"), model=UNIT, role=Role.OPTION)
SETUP = OfferedItem("setup", "SETUP", role=Role.SETUP)


def shop() -> Company:
    """A platform for 100.00, seats for 10.00, a backup, and a set-up for 50.00, as a plan by month and by year."""
    firm = company()
    product(firm, "PLAT", "100.00")
    product(firm, "SEAT", "10.00", UNIT)
    product(firm, "BACK", "12.00", UNIT)
    product(firm, "SETUP", "50.00", ONE_OFF)
    variant(firm, "TEAM/month", PLATFORM, SEATS, BACKUP, SETUP,
            conditions=Conditions(fee=MONTH, notice=MONTH, trial_days=0))  # fmt: skip
    yearly = (
        OfferedItem("platform", "PLAT", price=Decimal(1000)),
        OfferedItem("seats", "SEAT", Decimal(3), Decimal(100)),
    )
    variant(firm, "TEAM/year", *yearly, BACKUP, SETUP,
            conditions=Conditions(fee=YEAR, initial=YEAR, renewal=YEAR, notice=Cycle(3, 0)))  # fmt: skip
    return firm


def grouped(firm: Company, code: str, special: Special, *members: str, since: str = "2020-01-01") -> None:
    numbers = [customer(firm, number) for number in members]
    with transaction.atomic():
        put_group(firm.id, code, code, special, valid_from=day(since), by=BY)
        for number in numbers:
            join_group(firm.id, number, code, valid_from=day(since), by=BY)


# ---- plans and variants ----------------------------------------------------------------------------------------------


def test_pi_14_a_variant_brings_items_prices_rhythm_and_the_set_up_fee() -> None:
    firm = shop()
    order(firm, "V1", "2025-01-15", "TEAM/month")
    assert lines(only(run(firm, "2025-01-15"))) == [
        "1 PLAT 15.01.2025–14.02.2025 100.00", "3 SEAT 15.01.2025–14.02.2025 30.00",
        "1 SETUP 15.01.2025 50.00",
    ]  # fmt: skip
    assert totals(only(run(firm, "2025-02-15"))) == "130.00 + 24.70 = 154.70"


def test_pi_11_the_yearly_variant_bills_a_year_at_its_own_prices_and_has_a_term() -> None:
    firm = shop()
    order(firm, "V1", "2025-01-15", "TEAM/year")
    document = only(run(firm, "2025-01-15"))
    assert lines(document) == [
        "1 PLAT 15.01.2025–14.01.2026 1000.00", "3 SEAT 15.01.2025–14.01.2026 300.00",
        "1 SETUP 15.01.2025 50.00",
    ]  # fmt: skip
    assert run(firm, "2025-12-31") == []


def test_jb_13_od_50_options_are_chosen_quantities_set_and_items_of_its_own_added() -> None:
    firm = shop()
    product(firm, "TRAINING", "300.00", ONE_OFF)
    chosen = (Choice("seats", Decimal(5)), Choice("backup", Decimal(2)), Choice("setup", left_out=True))
    order(firm, "V1", "2025-01-01", "TEAM/month", items=(item("TRAINING"),), choices=chosen)
    assert lines(only(run(firm, "2025-01-01"))) == [
        "1 PLAT 01.01.2025–31.01.2025 100.00", "5 SEAT 01.01.2025–31.01.2025 50.00",
        "2 BACK 01.01.2025–31.01.2025 19.00", "1 TRAINING 01.01.2025 300.00",
    ]  # fmt: skip


def test_pi_12_every_condition_of_a_plan_can_be_agreed_otherwise_one_by_one() -> None:
    firm = shop()
    own = Conditions(
        billing=Cycle(3, 0), timing=Timing.ARREARS, anchor=AnchorRule.CALENDAR, payment_days=45, trial_days=5
    )
    order(firm, "V1", "2025-01-11", "TEAM/month", own=own, choices=(Choice("platform", price=Decimal(62)),))
    facts = facts_of(contract_id(firm.id, "V1"))
    grid = facts.items[0].grids[0]
    assert (facts.start, grid.fee, grid.billing, grid.timing, grid.anchor) == (
        day("2025-01-16"), MONTH, Cycle(3, 0), Timing.ARREARS, day("2025-01-01"),
    )  # fmt: skip
    run(firm, "2025-01-16")  # the set-up, which is due at once
    document = only(run(firm, "2025-04-01"))
    assert [line for line in lines(document) if "PLAT" in line] == [
        "1 PLAT 16.01.2025–31.01.2025 32.00", "1 PLAT 01.02.2025–28.02.2025 62.00",
        "1 PLAT 01.03.2025–31.03.2025 62.00",
    ]  # fmt: skip
    assert (document.due_date, document.payment_days) == (day("2025-05-16"), 45)


def test_od_69_an_upgrade_pays_no_set_up_fee_again() -> None:
    firm = shop()
    order(firm, "V1", "2025-01-01", "TEAM/month")
    run(firm, "2025-01-01")
    order(firm, "V2", "2025-02-01", "TEAM/year", replaces=True)
    new = [
        line for document in run(firm, "2025-02-01") for line in lines(document) if "2026" in line or "SETUP" in line
    ]
    assert new == ["1 PLAT 01.02.2025–31.01.2026 1000.00", "3 SEAT 01.02.2025–31.01.2026 300.00"]


def test_jb_27_a_new_version_holds_for_new_contracts_and_concluded_ones_keep_theirs() -> None:
    firm = shop()
    order(firm, "V1", "2025-05-01", "TEAM/month", choices=(Choice("setup", left_out=True),))
    dearer = (OfferedItem("platform", "PLAT", price=Decimal(120)), SEATS)
    assert variant(firm, "TEAM/month", *dearer, since="2025-06-01", conditions=Conditions(fee=MONTH)) == "changed"
    order(firm, "V2", "2025-05-31", "TEAM/month", by="K2", choices=(Choice("setup", left_out=True),))
    order(firm, "V3", "2025-06-01", "TEAM/month", by="K3")
    nets = {d.customer_number: d.net for d in run(firm, "2025-06-01")}
    assert nets == {"K1": 260_00, "K2": 130_00, "K3": 150_00}


def test_a_plan_that_is_closed_makes_no_new_contract() -> None:
    firm = shop()
    variant(firm, "TEAM/month", PLATFORM, SEATS, since="2025-06-01", closed=True)
    with pytest.raises(ContractRefusedError) as refused:
        order(firm, "V1", "2025-06-01", "TEAM/month")
    assert [fault.code for fault in refused.value.faults] == ["plan_closed"]


def test_pi_19_an_introductory_price_of_a_variant_ends_by_itself() -> None:
    firm = shop()
    intro = NewDiscount("Einführung", Decimal(50), None, "platform", periods=2)
    variant(firm, "NEW/month", PLATFORM, conditions=Conditions(fee=MONTH), discounts=(intro,))
    order(firm, "V1", "2025-01-01", "NEW/month")
    assert [d.net for first in ("2025-01-01", "2025-02-01", "2025-03-01") for d in run(firm, first)] == [
        50_00, 50_00, 100_00,
    ]  # fmt: skip


def test_gross_prices_of_a_plan_for_consumers_contain_the_vat() -> None:
    firm = shop()
    home = OfferedItem("home", "PLAT", price=Decimal("119.00"), model=Model.RECURRING_FLAT)
    variant(firm, "HOME/month", home, gross=True)
    order(firm, "V1", "2025-01-01", "HOME/month")
    assert totals(only(run(firm, "2025-01-01"))) == "100.00 + 19.00 = 119.00"


def test_everything_that_is_wrong_with_a_variant_is_said_at_once_and_nothing_is_kept() -> None:
    firm = shop()
    bad = (
        OfferedItem("a", "PLTA"), OfferedItem("a", "SEAT", price=Decimal(-1)),
        OfferedItem("s", "SETUP", role=Role.SETUP, model=UNIT),
        OfferedItem("b", "BACK", follows=True, price=Decimal(1)),
    )  # fmt: skip
    terms = Conditions(initial=MONTH, notice=YEAR, price_list="nix", trial_days=-1)
    with pytest.raises(OfferRefusedError) as refused:
        variant(firm, "TEAM/bad", *bad, conditions=terms, discounts=(NewDiscount("x", Decimal(120), item="z"),))
    assert [fault.code for fault in refused.value.faults] == [
        "duplicate_item", "unknown_product", "negative_price", "setup_recurs", "follows_own_price",
        "discount_percent", "unknown_item", "unknown_price_list", "condition_range", "notice_longer_than_term",
    ]  # fmt: skip
    changed = [variant(firm, "TEAM/month", PLATFORM, SEATS, BACKUP, SETUP,
                       conditions=Conditions(fee=MONTH, notice=MONTH, trial_days=0))]  # fmt: skip
    assert changed == ["unchanged"]
    for name, wrong in (("TEAM/month", "variant_changed"), ("TEAM/usd", "plan_differs")):
        with pytest.raises(OfferRefusedError) as refused:
            variant(firm, name, PLATFORM, currency="USD" if name == "TEAM/usd" else "EUR")
        assert refused.value.faults[0].code == wrong


def test_everything_that_is_wrong_with_an_order_is_said_at_once() -> None:
    firm = shop()
    with pytest.raises(ContractRefusedError) as refused:
        order(firm, "V1", "2025-01-01", "TEAM/month", currency="CHF", items=(item("NIX"),),
              choices=(Choice("seat"), Choice("platform", left_out=True)))  # fmt: skip
    codes = [fault.code for fault in refused.value.faults]
    assert codes[:3] == ["plan_currency", "not_in_plan", "plan_item_needed"]
    assert set(codes[3:]) == {"unknown_product", "no_price"}
    for plan, near in (
        ("TAEM/month", "TEAM/month"),
        ("TEAM/monthly", "TEAM/month, TEAM/year"),
        ("TEAM", "TEAM/month, TEAM/year"),
    ):
        with pytest.raises(ContractRefusedError) as refused:
            order(firm, "V1", "2025-01-01", plan)
        [unknown] = refused.value.faults[:1]
        assert (unknown.code, unknown.params["near"]) == ("unknown_plan", near)
    with pytest.raises(ContractRefusedError) as refused:
        order(firm, "V1", "2019-01-01", "TEAM/month")
    assert refused.value.code == "plan_not_yet"


# ---- groups and customers --------------------------------------------------------------------------------------------


def test_pi_13_pi_16_a_group_gives_trial_price_list_discount_and_payment_days() -> None:
    firm = shop()
    with transaction.atomic():
        put_price(firm.id, PriceData("PLAT", Model.RECURRING_FLAT, "EUR", Decimal(80), day("2020-01-01"),
                                     price_list="schools"), by=BY)  # fmt: skip
    special = Special(
        Conditions(trial_days=14, payment_days=60, price_list="schools"), NewDiscount("Bildung", Decimal(10), periods=2)
    )
    grouped(firm, "schools", special, "K1")
    order(firm, "V1", "2025-01-01", "TEAM/month", choices=(Choice("setup", left_out=True),))
    order(firm, "V2", "2025-01-01", "TEAM/month", by="K2", choices=(Choice("setup", left_out=True),))
    assert [d.customer_number for d in run(firm, "2025-01-14")] == ["K2"]
    school = only(run(firm, "2025-01-15"))
    assert (school.net, school.payment_days) == (99_00, 60)
    nets = [d.net for first in ("2025-02-15", "2025-03-15") for d in run(firm, first) if d.customer_number == "K1"]
    assert nets == [99_00, 110_00]


def test_conditions_go_contract_customer_group_plan_in_this_order() -> None:
    firm = shop()
    grouped(firm, "g", Special(Conditions(payment_days=60, trial_days=3, notice=Cycle(2, 0))), "K1")
    own, number = Special(Conditions(payment_days=40, trial_days=4)), customer(firm, "K1")
    with transaction.atomic():
        put_customer_terms(firm.id, number, own, valid_from=day("2020-01-01"), by=BY)
    order(firm, "V1", "2025-01-01", "TEAM/month", own=Conditions(trial_days=5))
    row = Contract.objects.get(number="V1")
    assert (row.payment_days, row.start_on, row.variant_id > 0, row.group_terms_id > 0) == (
        40, day("2025-01-06"), True, True,
    )  # fmt: skip


def test_conditions_are_those_of_the_first_day_and_later_ones_change_no_contract() -> None:
    firm = shop()
    grouped(firm, "g", Special(Conditions(payment_days=60)), "K1")
    asked = Order("V1", "K1", day("2025-01-01"), plan="TEAM/month")
    order(firm, "V1", "2025-01-01", "TEAM/month")
    grouped(firm, "g", Special(Conditions(payment_days=7)), since="2025-02-01")
    number = customer(firm, "K1")
    with transaction.atomic():
        assert conclude_orders(firm.id, [asked], by=BY)[0][1] == "unchanged", "the same order again changes nothing"
        join_group(firm.id, number, "", valid_from=day("2024-01-01"), by=BY)
        assert conclude_orders(firm.id, [asked], by=BY)[0][1] == "unchanged"
        with pytest.raises(ContractRefusedError, match="contract_differs"):
            conclude_orders(firm.id, [replace(asked, plan="TEAM/year")], by=BY)
    order(firm, "V2", "2025-03-01", "TEAM/month", by="K2")
    grouped(firm, "g", Special(Conditions(payment_days=7)), "K2", since="2025-02-02")
    order(firm, "V3", "2025-03-01", "TEAM/month", by="K2")
    found = dict(Contract.objects.values_list("number", "payment_days"))
    assert found == {"V1": 60, "V2": None, "V3": 7}


def test_a_trial_of_the_plan_is_given_once_and_one_that_is_asked_for_again_is_refused() -> None:
    firm = shop()
    variant(firm, "TRY/month", PLATFORM, conditions=Conditions(trial_days=30))
    order(firm, "V1", "2025-01-01", "TRY/month")
    order(firm, "V2", "2025-06-01", "TRY/month")
    found = dict(Contract.objects.values_list("number", "start_on"))
    assert found == {"V1": day("2025-01-31"), "V2": day("2025-06-01")}
    with transaction.atomic():
        again = Order("V1", "K1", day("2025-01-01"), plan="TRY/month")
        assert conclude_orders(firm.id, [again], by=BY)[0][1] == "unchanged"
    with pytest.raises(ContractRefusedError, match="second_trial"):
        order(firm, "V3", "2025-06-01", "TRY/month", own=Conditions(trial_days=30))
