"""Amendments (PI-03, PI-15, OD-51; hard cases 3, 4, 6, 17, 18): add, remove, up- and downgrade, at once or later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    ONE_OFF,
    UNIT,
    Company,
    company,
    contract,
    day,
    item,
    lines,
    only,
    product,
    run,
    run_months,
    totals,
)
from turnus.contracts.amendment import Why, amendments
from turnus.contracts.change import Amended, change_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import Amendment, Contract, ItemTerms
from turnus.core.amending import AddItem, Change, ChangeItem, Moment, RemoveItem, RestoreItem
from turnus.core.contracts import NewItem, Timing
from turnus.core.document import Kind
from turnus.core.periods import Basis, Cycle
from turnus.records.queries import audit_rows

pytestmark = pytest.mark.database


def amend(firm: Company, on: str, *changes: Change, number: str = "V1", why: Why = Why("Wunsch")) -> Amended:  # noqa: B008
    return change_contract(firm.id, number, changes, on=day(on), why=why, by=BY)


def plans() -> Company:
    """Plans a, b and c at 30, 90 and 150 a month; contract V1 on plan a from April 2025, April billed."""
    firm = company()
    for code, price in (("a", "30.00"), ("b", "90.00"), ("c", "150.00")):
        product(firm, code, price)
    contract(firm, "V1", "2025-04-01", item("a", named="plan"))
    assert totals(only(run(firm, "2025-04-01"))) == "30.00 + 5.70 = 35.70"
    return firm


def refusal(firm: Company, on: str, *changes: Change) -> tuple[str, dict[str, str]]:
    before = (Amendment.objects.count(), ItemTerms.objects.count(), Contract.objects.get(number="V1").revision)
    with pytest.raises(ContractRefusedError) as refused:
        amend(firm, on, *changes)
    after = (Amendment.objects.count(), ItemTerms.objects.count(), Contract.objects.get(number="V1").revision)
    assert after == before, "a refused amendment leaves nothing behind"
    return refused.value.code, refused.value.params


# ---- up and down (hard case 3) ---------------------------------------------------------------------------------------


def test_case_3_an_upgrade_takes_the_catalogue_price_of_the_new_plan_at_once() -> None:
    firm = plans()
    amend(firm, "2025-04-11", ChangeItem("plan", product="b"))
    first = only(run(firm, "2025-04-11"))
    assert lines(first) == ["-1 a 11.04.2025–30.04.2025 -20.00", "1 b 11.04.2025–30.04.2025 60.00"]
    amend(firm, "2025-04-21", ChangeItem("plan", product="c"))
    assert totals(only(run(firm, "2025-04-21"))) == "20.00 + 3.80 = 23.80"
    assert run(firm, "2025-04-30") == []


def test_case_3_a_downgrade_at_period_end_leaves_the_period_alone() -> None:
    firm = plans()
    amend(firm, "2025-04-01", ChangeItem("plan", product="b"))
    run(firm, "2025-04-01")
    done = amend(firm, "2025-04-11", ChangeItem("plan", Moment.PERIOD_END, product="a"))
    assert [change.since for change in done.changes] == [day("2025-05-01")]
    assert run(firm, "2025-04-11") == []
    assert lines(only(run(firm, "2025-05-01"))) == ["1 a 01.05.2025–31.05.2025 30.00"]


@pytest.mark.parametrize("between", [False, True], ids=["one run after both", "a run after each"])
def test_of_two_upgrades_on_one_day_the_later_holds_and_nothing_is_billed_twice(between: bool) -> None:
    firm = plans()
    amend(firm, "2025-04-11", ChangeItem("plan", product="b"))
    nets = [document.net for document in (run(firm, "2025-04-11") if between else [])]
    amend(firm, "2025-04-11", ChangeItem("plan", product="c"))
    nets += [document.net for document in run(firm, "2025-04-11")]
    assert nets == ([40_00, 40_00] if between else [80_00]), "10 of 30.00, then 20 days of 150.00: 10 + 100 = 110"
    assert run(firm, "2025-04-11") == []
    assert totals(only(run(firm, "2025-05-01"))) == "150.00 + 28.50 = 178.50"


def test_an_upgrade_and_back_on_one_day_costs_nothing() -> None:
    firm = plans()
    amend(firm, "2025-04-11", ChangeItem("plan", product="b"))
    assert only(run(firm, "2025-04-11")).net == 40_00
    amend(firm, "2025-04-11", ChangeItem("plan", product="a"))
    assert only(run(firm, "2025-04-11")).net == -40_00
    assert totals(only(run(firm, "2025-05-01"))) == "30.00 + 5.70 = 35.70"


@pytest.mark.parametrize(
    ("since", "net"),
    [("2025-04-01", 60_00), ("2025-04-30", 2_00), ("2025-05-01", 0)],
    ids=["first day of the period", "last day of the period", "first day of the next"],
)
def test_a_change_on_the_first_or_last_day_of_a_period(since: str, net: int) -> None:
    firm = plans()
    amend(firm, "2025-04-05", ChangeItem("plan", day(since), product="b"))
    assert sum(document.net for document in run(firm, "2025-04-30")) == net
    assert totals(only(run(firm, "2025-05-01"))) == "90.00 + 17.10 = 107.10"


def test_a_change_on_the_first_and_on_the_last_day_of_a_contract() -> None:
    firm = company()
    product(firm, "a", "31.00")
    contract(firm, "V1", "2025-01-01", item("a", "1"), end="2025-02-01")
    amend(firm, "2025-01-01", ChangeItem("a", price=Decimal("62.00")))
    amend(firm, "2025-01-31", ChangeItem("a", price=Decimal("93.00")))
    assert lines(only(run(firm, "2025-02-01"))) == [
        "1 a 01.01.2025–30.01.2025 60.00", "1 a 31.01.2025 3.00",
    ]  # fmt: skip
    code, params = refusal(firm, "2025-02-01", ChangeItem("a", price=Decimal(1)))
    assert (code, params["end"]) == ("contract_ended", "2025-02-01")


def test_a_change_inside_a_change_leaves_the_later_one_in_force() -> None:
    """A price from the 21st is agreed; then two seats more from the 11th: from the 21st both hold."""
    firm = company()
    product(firm, "seat", "3.00", UNIT)
    contract(firm, "V1", "2025-04-01", item("seat", "5"))
    assert only(run(firm, "2025-04-01")).net == 15_00
    amend(firm, "2025-04-02", ChangeItem("seat", day("2025-04-21"), price=Decimal("6.00")))
    amend(firm, "2025-04-03", ChangeItem("seat", day("2025-04-11"), quantity=Decimal(7)))
    run(firm, "2025-04-21")
    assert sum(document.net for document in run(firm, "2025-05-01")) == 7 * 6_00
    rows = ItemTerms.objects.order_by("valid_from", "id").values_list("valid_from", "unit_price", "quantity")
    assert list(rows)[-1] == (day("2025-04-21"), Decimal(6), Decimal(7))


def test_case_4_fewer_seats_reported_late_are_credited_though_later_months_are_sealed() -> None:
    firm = company()
    product(firm, "seat", "20.00", UNIT)
    contract(firm, "V1", "2025-01-01", item("seat", "10"))
    run_months(firm, "2025-01-01", "2025-02-01", "2025-03-01")
    sealed = Contract.objects.get(number="V1").sealed_through
    assert sealed == day("2025-03-01")
    amend(firm, "2025-03-10", ChangeItem("seat", day("2025-02-15"), quantity=Decimal(8)))
    assert Contract.objects.get(number="V1").sealed_through == day("2025-02-15")
    entry = audit_rows([("contract", contract_id(firm.id, "V1"))])[-1]
    assert (entry.action, entry.reason) == ("contract.change", "Wunsch")
    assert '"sealed_through": "2025-03-01"' in entry.before
    assert '"sealed_through": "2025-02-15"' in entry.after
    credit = only(run(firm, "2025-03-10"))
    assert (credit.kind, totals(credit)) == (Kind.CREDIT, "-60.00 + -11.40 = -71.40")
    assert lines(credit) == ["-2 seat 15.02.2025–28.02.2025 -20.00", "-2 seat 01.03.2025–31.03.2025 -40.00"]


def test_case_6_a_price_from_the_middle_of_a_period_in_arrears_makes_two_lines() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", item("abo", timing=Timing.ARREARS))
    amend(firm, "2025-05-10", ChangeItem("abo", day("2025-05-16"), price=Decimal("110.00")))
    document = only(run(firm, "2025-06-01"))
    assert lines(document) == ["1 abo 01.05.2025–15.05.2025 48.39", "1 abo 16.05.2025–31.05.2025 56.77"]
    assert document.net == 105_16


def test_case_6_a_price_at_period_end_leaves_the_running_period_at_the_old_one() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-05-01", item("abo", timing=Timing.ARREARS))
    amend(firm, "2025-05-10", ChangeItem("abo", Moment.PERIOD_END, price=Decimal("110.00")))
    assert [d.net for d in run_months(firm, "2025-06-01", "2025-07-01")] == [100_00, 110_00]


# ---- add (OD-51, hard cases 17 and 18) -------------------------------------------------------------------------------


def test_od_51_recurring_and_one_off_products_join_a_running_contract() -> None:
    firm = plans()
    product(firm, "extra", "15.00")
    product(firm, "setup", "49.00", ONE_OFF)
    added = AddItem(NewItem("extra", "extra", Decimal(1))), AddItem(NewItem("setup", "setup", Decimal(2)))
    done = amend(firm, "2025-04-16", *added)
    assert [(change.what, change.item, change.since) for change in done.changes] == [
        ("add", "extra", day("2025-04-16")), ("add", "setup", day("2025-04-16")),
    ]  # fmt: skip
    document = only(run(firm, "2025-04-16"))
    assert lines(document) == ["1 extra 16.04.2025–30.04.2025 7.50", "2 setup 16.04.2025 98.00"]
    assert [line.split()[1] for line in lines(only(run(firm, "2025-05-01")))] == ["a", "extra"]
    assert run(firm, "2025-05-01") == []


@pytest.mark.parametrize(
    ("basis", "net"), [(Basis.ACTUAL_PERIOD, 429_04), (Basis.CALENDAR_MONTH, 426_67), (Basis.AVG_MONTH, 427_95)]
)
def test_case_18_an_added_item_is_co_termed_with_the_main_one(basis: Basis, net: int) -> None:
    firm = company()
    product(firm, "main", "1200.00")
    product(firm, "extra", "600.00")
    contract(firm, "V1", "2025-01-01", item("main"), fee=Cycle(12, 0))
    run(firm, "2025-01-01")
    amend(firm, "2025-04-01", AddItem(NewItem("extra", "extra", Decimal(1), basis=basis), day("2025-04-15")))
    assert only(run(firm, "2025-04-15")).net == net
    assert only(run(firm, "2026-01-01")).net == 1_800_00


def test_an_item_with_a_rhythm_of_its_own_begins_its_periods_on_its_own_day() -> None:
    firm = plans()
    product(firm, "extra", "15.00")
    amend(firm, "2025-04-16", AddItem(NewItem("extra", "extra", Decimal(1)), own_rhythm=True))
    assert lines(only(run(firm, "2025-04-16"))) == ["1 extra 16.04.2025–15.05.2025 15.00"]


def test_an_item_added_at_period_end_begins_with_the_next_period() -> None:
    firm = plans()
    product(firm, "sms", "0.10", METERED)
    done = amend(firm, "2025-04-16", AddItem(NewItem("sms", "sms", Decimal(1)), Moment.PERIOD_END))
    assert done.changes[0].since == day("2025-05-01")


def test_case_17_an_item_added_backwards_is_billed_period_by_period() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    product(firm, "extra", "50.00")
    contract(firm, "V1", "2025-02-15", "abo")
    run(firm, "2025-06-10")
    amend(firm, "2025-06-10", AddItem(NewItem("extra", "extra", Decimal(1)), day("2025-02-15")))
    document = only(run(firm, "2025-06-10"))
    assert [line.net for line in document.lines] == [50_00] * 4
    assert (totals(document), document.issue_date) == ("200.00 + 38.00 = 238.00", day("2025-06-10"))


def test_importing_the_opening_again_is_unchanged_after_an_item_was_added() -> None:
    firm = plans()
    product(firm, "extra", "15.00")
    amend(firm, "2025-04-16", AddItem(NewItem("extra", "extra", Decimal(1))))
    assert contract(firm, "V1", "2025-04-01", item("a", named="plan")) == contract_id(firm.id, "V1")


# ---- remove and restore ----------------------------------------------------------------------------------------------


def two_items() -> Company:
    firm = company()
    product(firm, "base", "30.00")
    product(firm, "extra", "15.00")
    contract(firm, "V1", "2025-04-01", "base", "extra")
    run(firm, "2025-04-01")
    return firm


def test_a_removed_item_is_credited_from_its_day_on() -> None:
    firm = two_items()
    amend(firm, "2025-04-11", RemoveItem("extra"))
    assert lines(only(run(firm, "2025-04-11"))) == ["-1 extra 11.04.2025–30.04.2025 -10.00"]
    assert lines(only(run(firm, "2025-05-01"))) == ["1 base 01.05.2025–31.05.2025 30.00"]


def test_an_item_removed_at_period_end_is_not_credited() -> None:
    firm = two_items()
    amend(firm, "2025-04-11", RemoveItem("extra", Moment.PERIOD_END))
    assert run(firm, "2025-04-11") == []
    assert only(run(firm, "2025-05-01")).net == 30_00


def test_a_removal_ends_also_what_was_agreed_for_later() -> None:
    firm = two_items()
    amend(firm, "2025-04-05", ChangeItem("extra", day("2025-05-01"), price=Decimal(20)))
    amend(firm, "2025-04-11", RemoveItem("extra"))
    assert only(run(firm, "2025-05-01")).net == 30_00 - 10_00


def test_a_restored_item_goes_on_as_if_it_had_never_been_removed() -> None:
    firm = two_items()
    amend(firm, "2025-04-05", ChangeItem("extra", day("2025-05-01"), price=Decimal(20)))
    amend(firm, "2025-04-11", RemoveItem("extra", Moment.PERIOD_END))
    done = amend(firm, "2025-04-12", RestoreItem("extra"))
    assert [change.since for change in done.changes] == [day("2025-05-01")]
    assert run(firm, "2025-04-12") == []
    assert only(run(firm, "2025-05-01")).net == 50_00


def test_a_one_off_that_is_removed_is_credited_whole() -> None:
    firm = company()
    product(firm, "base", "30.00")
    product(firm, "setup", "49.00", ONE_OFF)
    contract(firm, "V1", "2025-04-01", "base", "setup")
    run(firm, "2025-04-01")
    amend(firm, "2025-04-20", RemoveItem("setup"))
    assert lines(only(run(firm, "2025-04-20"))) == ["-1 setup 01.04.2025 -49.00"]


# ---- one amendment, its record, and what is refused ------------------------------------------------------------------


def test_one_amendment_of_several_changes_has_one_reason_one_row_and_one_document() -> None:
    firm = two_items()
    product(firm, "plus", "60.00")
    why = Why("Umstieg auf Plus", requested_by="Frau Muster, E-Mail vom 10.04.")
    amend(firm, "2025-04-11", RemoveItem("extra"), ChangeItem("base", product="plus"), why=why)
    [row] = amendments(contract_id(firm.id, "V1"))
    assert (row.kind, row.effective_on, row.reason, row.requested_by) == (
        "several", day("2025-04-11"), "Umstieg auf Plus", "Frau Muster, E-Mail vom 10.04.",
    )  # fmt: skip
    assert [(change["what"], change["item"]) for change in row.changes] == [("remove", "extra"), ("change", "base")]
    assert row.changes[1]["before"]["product"] == "base"
    assert (row.changes[1]["after"]["product"], row.changes[1]["after"]["unit_price"]) == ("plus", "60")
    assert only(run(firm, "2025-04-11")).net == -10_00 - 20_00 + 40_00


def test_an_amendment_is_made_whole_or_not_at_all() -> None:
    firm = two_items()
    assert refusal(firm, "2025-04-11", RemoveItem("extra"), ChangeItem("nobody", quantity=Decimal(1)))[0] == (
        "unknown_item"
    )
    assert run(firm, "2025-04-11") == []


def test_what_holds_already_is_no_change() -> None:
    firm = two_items()
    done = amend(firm, "2025-04-11", ChangeItem("base", price=Decimal("30.00")))
    assert done == Amended(None)
    assert (Amendment.objects.count(), ItemTerms.objects.count()) == (0, 0)
    amend(firm, "2025-04-11", RemoveItem("extra"))
    assert amend(firm, "2025-04-12", RemoveItem("extra")) == Amended(None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ChangeItem("nobody", quantity=Decimal(1)), "unknown_item"),
        (ChangeItem("base", product="nothing"), "unknown_product"),
        (ChangeItem("base", product="unpriced"), "no_price"),
        (ChangeItem("base", product="sms"), "other_kind_of_price"),
        (ChangeItem("base", quantity=Decimal("1e-16")), "too_many_decimals"),
        (ChangeItem("gone", quantity=Decimal(2)), "item_ended"),
        (ChangeItem("short", date(2025, 4, 20), quantity=Decimal(2)), "item_ended"),
        (ChangeItem("base", date(2025, 1, 31), quantity=Decimal(2)), "before_floor"),
        (AddItem(NewItem("base", "base", Decimal(1))), "duplicate_item"),
        (AddItem(NewItem("late", "base", Decimal(1)), date(2026, 1, 1)), "contract_ended"),
        (AddItem(NewItem("early", "base", Decimal(1)), date(2024, 12, 31)), "before_contract"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused_with_its_reason(change: Change, code: str) -> None:
    firm = company()
    product(firm, "base", "30.00")
    product(firm, "sms", "0.10", METERED)
    product(firm, "unpriced")
    contract(
        firm, "V1", "2025-01-01", "base", item("base", named="gone"), item("base", named="short", end="2025-04-15"),
        end="2026-01-01", billed_until="2025-02-01",
    )  # fmt: skip
    amend(firm, "2025-04-01", RemoveItem("gone"))
    assert refusal(firm, "2025-04-11", change)[0] == code
