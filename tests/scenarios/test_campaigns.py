"""Price campaigns (JB-17, JB-27, PI-03; hard case 6): many contracts, one rule; what is billed stays as it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    FLAT,
    METERED,
    ONE_OFF,
    RATED,
    UNIT,
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
    run_months,
    used,
    variant,
)
from tests.scenarios.campaigning import (
    LATER,
    amount,
    announce,
    answer,
    apply,
    campaign,
    carried_out,
    march,
    monthly,
    percent,
    plan,
)
from turnus.catalog.groups import join_group, put_group
from turnus.catalog.indices import put_index_value
from turnus.catalog.offer import put_price
from turnus.contracts.amend import change_terms
from turnus.contracts.amendment import amendments
from turnus.contracts.campaigns import withdraw_campaign
from turnus.contracts.clauses import agree_clause
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import ItemTerms
from turnus.contracts.raises import plan_raise
from turnus.core.adjusting import AdjustmentRefusedError, Rule, RuleKind
from turnus.core.campaigns import Answer, Clause, Field, Stand, When
from turnus.core.catalog import PriceData
from turnus.core.contracts import NewRaise, Timing
from turnus.core.indices import IndexMissingError, IndexValue
from turnus.core.offers import OfferedItem, Special
from turnus.core.parties import CustomerKind
from turnus.core.periods import Cycle
from turnus.core.schemes import Function, Scheme, Tier
from turnus.records.models import AuditEntry, OutboxMessage
from turnus.stories.reprice import apply_prices, plan_prices, preview_prices

pytestmark = pytest.mark.database


# ---- hard case 6 -----------------------------------------------------------------------------------------------------


def test_case_6_in_arrears_the_new_price_cuts_the_month_into_two_lines() -> None:
    firm = monthly(timing=Timing.ARREARS)
    carried_out(firm, campaign(amount("10"), "2025-05-16"), "2025-05-02")
    document = only(run(firm, "2025-06-01"))
    assert lines(document) == ["1 abo 01.05.2025–15.05.2025 48.39", "1 abo 16.05.2025–31.05.2025 56.77"]
    assert document.net == 105_16


def test_case_6_at_the_next_period_may_costs_the_old_price_and_june_the_new_one() -> None:
    firm = monthly(timing=Timing.ARREARS)
    carried_out(firm, campaign(amount("10"), "2025-05-16", when=When.NEXT_PERIOD), "2025-05-02")
    assert [document.net for document in run_months(firm, "2025-06-01", "2025-07-01")] == [100_00, 110_00]


def test_case_6_in_advance_and_known_before_it_is_the_same_two_lines() -> None:
    firm = monthly()
    carried_out(firm, campaign(amount("10"), "2025-05-16"), "2025-04-15")
    assert lines(only(run(firm, "2025-05-01"))) == [
        "1 abo 01.05.2025–15.05.2025 48.39", "1 abo 16.05.2025–31.05.2025 56.77",
    ]  # fmt: skip


def test_case_6_learnt_after_billing_the_month_stays_unless_the_contract_permits_it() -> None:
    firm = monthly()
    run(firm, "2025-05-01")
    carried_out(firm, campaign(amount("10"), "2025-05-16"), "2025-05-10")
    assert run(firm, "2025-05-10") == []
    assert only(run(firm, "2025-06-01")).net == 110_00


def test_case_6_learnt_after_billing_a_contract_that_permits_it_pays_the_difference() -> None:
    firm = monthly()
    agree_clause(firm.id, "V1", Clause(mid_period=True), by=BY)
    run(firm, "2025-05-01")
    carried_out(firm, campaign(amount("10"), "2025-05-16"), "2025-05-10")
    difference = only(run(firm, "2025-05-10"))
    assert difference.net == 5_16
    assert only(run(firm, "2025-06-01")).net == 110_00


def test_case_6_a_catalogue_price_reprices_no_old_contract() -> None:
    firm = monthly()
    with transaction.atomic():
        put_price(firm.id, PriceData("abo", UNIT, "EUR", Decimal(120), day("2025-05-15")), by=BY)
    run(firm, "2025-05-01")
    assert only(run(firm, "2025-06-01")).net == 100_00


def test_case_6_an_index_of_2_9_percent_makes_51_35_of_49_90() -> None:
    firm = monthly("49.90")
    with transaction.atomic():
        for month, value in (("2024-10-01", "100.0"), ("2025-03-01", "102.9")):
            put_index_value(IndexValue("VPI", day(month), Decimal(value), "Probe"), by=BY)
    rule = Rule(RuleKind.INDEX, series="VPI", month=day("2025-03-01"), reference=day("2024-10-01"))
    carried_out(firm, campaign(rule, "2025-06-01"), "2025-05-02")
    assert [document.net for document in run_months(firm, "2025-05-01", "2025-06-01")] == [49_90, 51_35]


# ---- businesses ------------------------------------------------------------------------------------------------------


def test_a_business_pays_more_unless_it_cancels_by_its_special_right() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    for number in ("V1", "V2"):
        contract(firm, number, "2025-01-01", "abo", by=f"K{number}")
    run(firm, "2025-01-01")
    plan(firm, campaign(amount("1.00"), "2025-03-01"), "2025-01-05")
    with pytest.raises(AdjustmentRefusedError, match="not_announced"):
        answer(firm, "V2", Answer.TERMINATION, "2025-01-06")
    announce(firm, "2025-01-10")
    answer(firm, "V2", Answer.TERMINATION, "2025-02-28")
    assert apply(firm) == {Stand.APPLIED: 1, Stand.TERMINATED: 1}
    assert march(firm) == ["KV1 11.00"]
    with pytest.raises(AdjustmentRefusedError, match="special_right_over"):
        answer(firm, "V1", Answer.TERMINATION, "2025-03-01")


def test_a_business_without_a_clause_is_asked_like_a_consumer() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    for number in ("V1", "V2"):
        contract(firm, number, "2025-01-01", "abo", by=f"K{number}")
    agree_clause(firm.id, "V2", Clause(ground="Vertrag § 4"), by=BY)
    planned = plan(firm, campaign(amount("1.00"), "2025-03-01", ground=""), "2025-01-05")
    assert [(found.number, found.needs_consent) for found in planned] == [("V1", True), ("V2", False)]
    announce(firm, "2025-01-10")
    assert apply(firm) == {Stand.APPLIED: 1, Stand.SILENT: 1}


def test_nobody_gets_a_new_price_before_being_told() -> None:
    firm = monthly()
    plan(firm, campaign(amount("10"), "2025-07-01"), "2025-05-02")
    assert apply(firm) == {Stand.PLANNED: 1}
    assert ItemTerms.objects.count() == 0


def test_an_announcement_that_comes_too_late_is_refused() -> None:
    firm = monthly()
    plan(firm, campaign(amount("10"), "2025-07-01", notice_days=42), "2025-05-02")
    with pytest.raises(AdjustmentRefusedError, match=r"announced_too_late.*2025-05-20"):
        announce(firm, "2025-05-21")
    assert announce(firm, "2025-05-20") == 1
    assert announce(firm, "2025-05-20") == 0


# ---- who is meant, and who is left out -------------------------------------------------------------------------------


def test_who_is_left_out_and_why_is_listed() -> None:
    firm = company()
    for code, model in (("abo", FLAT), ("setup", ONE_OFF), ("calls", RATED)):
        product(firm, code, "10.00", model)
    product(firm, "free", "0", FLAT)
    contract(firm, "V1", "2025-01-01", "abo", "setup", "calls", "free", item("abo", named="old", end="2025-02-15"),
             item("abo", named="new", start="2025-06-01"))  # fmt: skip
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    agree_clause(firm.id, "V2", Clause(fixed_until=day("2026-01-01")), by=BY)
    contract(firm, "V3", "2025-01-01", "abo", by="K3", end="2025-02-01")
    planned = plan(firm, campaign(percent("3"), "2025-02-10", when=When.ANNIVERSARY), "2025-01-05")
    assert [(found.number, [str(line.verdict) for line in found.lines]) for found in planned] == [
        ("V1", ["", "one_off", "rated", "free", "ended", ""]), ("V2", [""]),
    ]  # fmt: skip
    planned = plan(firm, campaign(percent("3"), "2025-03-01", code="P2"), "2025-01-05")
    assert [(found.number, [str(line.verdict) for line in found.lines]) for found in planned] == [
        ("V1", ["", "one_off", "rated", "free", "starts_later"]), ("V2", ["fixed_price"]),
    ]  # fmt: skip


def test_filters_hold_together_and_their_values_are_alternatives() -> None:
    firm = company()
    for code in ("abo", "plus"):
        product(firm, code, "10.00")
    customer(firm, "K2", country="AT", vat_id="ATU12345678")
    customer(firm, "K3", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-01", "abo", "plus", kind="Pro")
    contract(firm, "V2", "2025-01-15", "abo", by="K2", kind="Pro")
    contract(firm, "V3", "2025-02-01", "plus", by="K3", kind="Heim")

    def found(*filters: tuple[Field, str], before: str = "2030-01-01") -> list[tuple[str, int]]:
        wanted = replace(campaign(percent("3"), "2025-06-01", filters=filters), started_before=day(before))
        chunks = preview_prices(firm.id, wanted, on=day("2025-05-01"))
        return [(row.number, len(row.lines)) for chunk in chunks for row in chunk.contracts]

    assert found() == [("V1", 2), ("V2", 1), ("V3", 1)]
    assert found((Field.PRODUCT, "plus")) == [("V1", 1), ("V3", 1)]
    assert found((Field.KIND, "Pro"), (Field.PRODUCT, "abo"), (Field.PRODUCT, "plus")) == [("V1", 2), ("V2", 1)]
    assert found((Field.COUNTRY, "AT")) == [("V2", 1)]
    assert found((Field.BUYER, "person")) == [("V3", 1)]
    assert found((Field.CUSTOMER, "K1"), (Field.CUSTOMER, "K3")) == [("V1", 2), ("V3", 1)]
    assert found((Field.CONTRACT, "V2"), before="2025-01-15") == []
    assert found((Field.CURRENCY, "EUR"), before="2025-01-15") == [("V1", 2)]
    with pytest.raises(AdjustmentRefusedError) as refused:
        found((Field.PRODUCT, "none"), (Field.CUSTOMER, "nobody"), (Field.BUYER, "dog"))
    assert sorted(fault.code for fault in refused.value.faults) == [
        "campaign_buyer", "unknown_customer", "unknown_product",
    ]  # fmt: skip


def test_a_month_without_an_index_value_refuses_the_campaign_before_anything_is_saved() -> None:
    firm = monthly()
    rule = Rule(RuleKind.INDEX, series="VPI", month=day("2025-03-01"), reference=day("2024-10-01"))
    with pytest.raises(AdjustmentRefusedError, match=r"index_missing.*2025-03-01.*index_missing.*2024-10-01"):
        plan(firm, campaign(rule, "2025-06-01"), "2025-05-02")
    with transaction.atomic():
        put_index_value(IndexValue("VPI", day("2024-10-01"), Decimal(100), "Probe"), by=BY)
    with pytest.raises(IndexMissingError, match="2025, 4, 1"):
        plan(firm, campaign(replace(rule, month=None, lag=2), "2025-06-01"), "2025-05-02")


# ---- index, caps, planned raises -------------------------------------------------------------------------------------


def test_the_reference_moves_to_the_index_that_was_used_and_a_threshold_loses_nothing() -> None:
    firm = monthly(start="2024-01-01")
    values = {"2023-12-01": "100", "2024-12-01": "103", "2025-12-01": "106", "2026-12-01": "107"}
    with transaction.atomic():
        for month, value in values.items():
            put_index_value(IndexValue("VPI", day(month), Decimal(value), "Probe"), by=BY)
    clause = Clause(ground="Vertrag § 4", series="VPI", reference=day("2023-12-01"), threshold=Decimal(5))
    agree_clause(firm.id, "V1", clause, by=BY)
    verdicts = []
    for year in (2025, 2026, 2027):
        rule = Rule(RuleKind.INDEX, series="VPI", month=day(f"{year - 1}-12-01"))
        code = f"VPI-{year}"
        [planned] = plan(firm, campaign(rule, f"{year}-02-01", code, ground=""), f"{year}-01-05")
        announce(firm, f"{year}-01-06", code)
        apply(firm, code)
        [line] = planned.lines
        verdicts.append((str(line.verdict), str(line.reference), str(line.new_price)))
    assert verdicts == [
        ("below_threshold", "2023-12-01", "100"), ("", "2023-12-01", "106.00"),
        ("below_threshold", "2025-12-01", "106"),
    ]  # fmt: skip


def test_a_contract_rises_at_most_its_cap_in_proportion_of_its_items() -> None:
    firm = company()
    product(firm, "a", "30.00")
    product(firm, "b", "120.00")
    contract(firm, "V1", "2025-01-01", "a", item("b", fee=Cycle(12, 0)))
    rule = replace(percent("50"), contract_cap=Decimal(5))
    [planned] = plan(firm, campaign(rule, "2026-01-01"), "2025-05-02")
    # 15.00 and 60.00 / 12 are 20.00 a month; a quarter of it is allowed
    assert [str(line.new_price) for line in planned.lines] == ["33.75", "135.00"]


def test_a_planned_raise_goes_on_from_the_price_of_the_campaign() -> None:
    firm = monthly()
    plan_raise(firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(3)), on=day("2025-05-01"), by=BY)
    carried_out(firm, campaign(amount("10"), "2026-01-01"), "2025-05-02")
    run(firm, "2025-12-01")
    run(firm, "2026-04-01")
    assert only(run(firm, "2026-05-01")).net == 113_30


def test_a_later_change_of_quantity_keeps_the_new_price_and_one_of_price_its_own() -> None:
    firm = company()
    product(firm, "seat", "10.00", UNIT)
    contract(firm, "V1", "2025-01-01", "seat")
    change_terms(firm.id, "V1", "seat", valid_from=day("2025-04-01"), quantity=Decimal(3), by=BY)
    change_terms(firm.id, "V1", "seat", valid_from=day("2025-06-01"), price=Decimal(20), by=BY)
    carried_out(firm, campaign(amount("1"), "2025-03-01"), "2025-01-05")
    nets = [document.net for document in run_months(firm, "2025-02-01", "2025-03-01", "2025-04-01", "2025-06-01")]
    assert nets == [20_00, 11_00, 33_00, 33_00 + 60_00]


def test_a_price_that_changed_since_the_plan_is_left_alone_and_told() -> None:
    firm = monthly()
    plan(firm, campaign(amount("10"), "2025-07-01"), "2025-05-02")
    announce(firm, "2025-05-02")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-06-01"), price=Decimal(90), by=BY)
    [found] = apply_prices(firm.id, "P1", by=LATER)
    assert (found.contracts, found.stale) == (0, [("V1", "abo")])
    assert [document.net for document in run_months(firm, "2025-05-01", "2025-07-01")] == [100_00, 180_00]


def test_what_was_billed_since_the_plan_stays_billed() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo", billing=Cycle(3, 0))
    plan(firm, campaign(amount("10"), "2025-05-01"), "2025-01-05")
    announce(firm, "2025-01-05")
    run(firm, "2025-04-01")
    apply(firm)
    assert run(firm, "2025-04-15") == []
    assert only(run(firm, "2025-07-01")).net == 330_00


def test_prices_inside_a_scheme_are_adjusted_as_a_version_of_its_own() -> None:
    firm = company()
    product(firm, "sms", "0", METERED)
    tiers = (Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.05")))
    contract(firm, "V1", "2025-01-01", replace(item("sms", model=METERED), scheme=Scheme(Function.GRADUATED, tiers)))
    carried_out(firm, campaign(percent("10"), "2025-02-01"), "2025-01-05")
    for month in ("01", "02"):
        used(firm, "V1", "sms", f"2025-{month}-05", "200")
    assert [document.net for document in run_months(firm, "2025-02-01", "2025-03-01")] == [15_00, 17_00]


# ---- versions of the catalogue ---------------------------------------------------------------------------------------


def test_jb_27_contracts_move_to_the_catalogue_of_a_day_or_keep_their_price() -> None:
    firm = monthly(start="2025-01-01")
    contract(firm, "V2", "2025-03-01", "abo", by="K2")
    with transaction.atomic():
        put_price(firm.id, PriceData("abo", FLAT, "EUR", Decimal(120), day("2025-06-01")), by=BY)
    wanted = replace(
        campaign(Rule(RuleKind.CATALOGUE, as_of=day("2025-06-01")), "2025-06-01"), started_before=day("2025-02-01")
    )  # fmt: skip
    carried_out(firm, wanted, "2025-05-02")
    run(firm, "2025-05-01")
    assert [document.net for document in run(firm, "2025-06-01")] == [120_00, 100_00]


def test_jb_27_contracts_of_a_plan_move_to_the_version_of_a_day() -> None:
    firm = company()
    product(firm, "PLAT", "100.00")
    product(firm, "SEAT", "10.00", UNIT)
    seats = OfferedItem("seats", "SEAT", Decimal(3), Decimal(8))
    variant(firm, "TEAM/month", OfferedItem("base", "PLAT"), seats)
    order(firm, "V1", "2025-01-01", "TEAM/month")
    order(firm, "V2", "2025-01-01", "TEAM/month", by="K2")
    contract(firm, "V3", "2025-01-01", item("SEAT"), by="K3")
    variant(firm, "TEAM/month", OfferedItem("base", "PLAT"), replace(seats, price=Decimal(9)), since="2025-06-01")
    second = customer(firm, "K2")
    with transaction.atomic():
        put_price(firm.id, PriceData("PLAT", FLAT, "EUR", Decimal(120), day("2025-06-01")), by=BY)
        put_group(firm.id, "vip", "vip", Special(), valid_from=day("2025-01-01"), by=BY)
        join_group(firm.id, second, "vip", valid_from=day("2025-01-01"), by=BY)
    rule = Rule(RuleKind.CATALOGUE, as_of=day("2025-06-01"))
    scope = ((Field.PLAN, "TEAM"), (Field.GROUP, "vip"))
    planned = plan(firm, campaign(rule, "2025-06-01", filters=scope), "2025-05-02")
    assert [(found.number, [str(line.new_price) for line in found.lines]) for found in planned] == [
        ("V2", ["120", "9"])
    ]
    only_plan = campaign(rule, "2025-06-01", "P2", filters=((Field.PLAN, "TEAM/month"),))
    assert [found.number for found in plan(firm, only_plan, "2025-05-02")] == ["V1", "V2"]
    with pytest.raises(AdjustmentRefusedError, match=r"unknown_plan.*unknown_group"):
        plan(firm, campaign(rule, "2025-06-01", "P3", filters=((Field.PLAN, "no"), (Field.GROUP, "no"))), "2025-05-02")


def test_a_price_without_vat_does_not_become_one_with_vat() -> None:
    firm = monthly()
    with transaction.atomic():
        put_price(firm.id, PriceData("abo", FLAT, "EUR", Decimal(120), day("2025-06-01"), gross=True), by=BY)
    [planned] = plan(firm, campaign(Rule(RuleKind.CATALOGUE, as_of=day("2025-06-01")), "2025-06-01"), "2025-05-02")
    assert [line.verdict for line in planned.lines] == ["gross_and_net"]


# ---- life of a campaign ----------------------------------------------------------------------------------------------


def test_a_campaign_is_withdrawn_before_it_is_applied_and_its_letters_stay_in_the_house() -> None:
    firm = monthly()
    plan(firm, campaign(amount("10"), "2025-07-01"), "2025-05-02")
    announce(firm, "2025-05-02")
    assert withdraw_campaign(firm.id, "P1", reason="Doch nicht", by=BY) == (1, 0)
    assert withdraw_campaign(firm.id, "P1", reason="Doch nicht", by=BY) is None
    assert not OutboxMessage.objects.filter(topic="contracts.price_letter").exists()
    with pytest.raises(AdjustmentRefusedError, match="campaign_withdrawn"):
        apply(firm)


def test_what_is_applied_is_not_withdrawn() -> None:
    firm = monthly()
    carried_out(firm, campaign(amount("10"), "2025-07-01"), "2025-05-02")
    with pytest.raises(AdjustmentRefusedError, match="campaign_applied"):
        withdraw_campaign(firm.id, "P1", reason="zu spät", by=BY)


def test_a_code_is_used_once_and_a_plan_that_broke_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = company()
    product(firm, "abo", "10.00")
    for number in ("V1", "V2", "V3"):
        contract(firm, number, "2025-01-01", "abo", by=f"K{number}")
    monkeypatch.setattr("turnus.contracts.campaign_scope.PAGE", 1)
    wanted = campaign(amount("1"), "2025-03-01")
    assert len(next(plan_prices(firm.id, wanted, on=day("2025-01-05"), by=BY)).contracts) == 1
    with pytest.raises(AdjustmentRefusedError, match="campaign_planning"):
        announce(firm, "2025-01-10")
    assert [found.number for found in plan(firm, wanted, "2025-01-05")] == ["V2", "V3"]
    assert announce(firm, "2025-01-10") == 3
    with pytest.raises(AdjustmentRefusedError, match="campaign_exists"):
        plan(firm, wanted, "2025-01-05")


def test_an_applied_price_is_an_amendment_of_its_contract_with_its_reason() -> None:
    firm = monthly()
    carried_out(firm, campaign(amount("10"), "2025-07-01", reason="Höhere Kosten"), "2025-05-02")
    [row] = amendments(contract_id(firm.id, "V1"))
    assert (row.kind, row.reason, row.requested_by, row.effective_on) == (
        "campaign", "Höhere Kosten", "P1", day("2025-07-01"),
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="campaign.apply")
    assert ('"price": "100"' in entry.before, '"price": "110"' in entry.after) == (True, True)
