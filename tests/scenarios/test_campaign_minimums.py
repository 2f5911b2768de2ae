"""Price campaigns and minimum fees: adjusted by rule setting only, from their next window, with consent and audit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    METERED,
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
    used,
)
from tests.scenarios.campaigning import LATER, announce, answer, apply, campaign, carried_out, percent, plan
from turnus.catalog.indices import put_index_value
from turnus.contracts.amendment import amendments
from turnus.contracts.campaign_queries import price_letter
from turnus.contracts.campaigns import withdraw_campaign
from turnus.contracts.consent_check import silent_consumers
from turnus.contracts.lookup import contract_id
from turnus.contracts.minimums import set_minimum
from turnus.contracts.models import ContractMinimum
from turnus.core.adjusting import AdjustmentRefusedError, Rule, RuleKind
from turnus.core.campaigns import Answer, Field
from turnus.core.contracts import NewMinimum
from turnus.core.indices import IndexValue
from turnus.core.parties import CustomerKind
from turnus.core.schemes import Function, Scheme, Tier

pytestmark = pytest.mark.database

WITH_MINIMUMS = replace(percent("10"), minimums=True)
TIERS = (Tier(Decimal(100), Decimal("0.10"), Decimal("2.00")), Tier(None, Decimal("0.05")))


def metered(kind: CustomerKind = CustomerKind.COMPANY) -> Company:
    """Calls at 0.10, at least 50.00 a month, from January 2025."""
    firm = company()
    product(firm, "calls", "0.10", METERED)
    customer(firm, "K1", kind=kind)
    minimum = NewMinimum(50_00, label="Mindestumsatz")
    contract(firm, "V1", "2025-01-01", item("calls", model=METERED), minimums=(minimum,))
    return firm


def nets(firm: Company, *days: str) -> list[int]:
    return [document.net for on in days for document in run(firm, on)]


def test_a_rule_for_prices_only_leaves_minimum_fees_alone() -> None:
    firm = metered()
    carried_out(firm, campaign(percent("10"), "2025-02-01"), "2025-01-05")
    assert nets(firm, "2025-02-01", "2025-03-01") == [50_00, 50_00]


def test_a_rule_with_minimum_fees_raises_them_from_the_day_and_is_told_everywhere() -> None:
    firm = metered()
    wanted = campaign(WITH_MINIMUMS, "2025-02-01", reason="Höhere Kosten")
    [planned] = plan(firm, wanted, "2025-01-05")
    told = [(bool(line.minimum), str(line.old_price), str(line.new_price), line.verdict) for line in planned.lines]
    assert told == [(False, "0.1", "0.11", ""), (True, "50.00", "55.00", "")]
    assert "  Mindestumsatz: 55,00\u00a0€ (bisher 50,00\u00a0€)" in price_letter(firm.id, "P1", "V1")
    announce(firm, "2025-01-05")
    assert apply(firm) == {"applied": 1}
    assert apply(firm) == {"applied": 1}, "twice writes nothing twice"
    assert ContractMinimum.objects.count() == 3
    [amendment] = amendments(contract_id(firm.id, "V1"))
    assert [(change["what"], change["before"], change["after"]) for change in amendment.changes] == [
        ("campaign", {"minimum": "50"}, {"minimum": "55"}),
        ("campaign", {"unit_price": "0.1"}, {"unit_price": "0.11"}),
    ]
    assert amendment.reason == "Höhere Kosten"
    used(firm, "V1", "calls", "2025-02-05", "400")
    assert nets(firm, "2025-02-01") == [50_00]
    march = only(run(firm, "2025-03-01"))
    assert lines(march) == [
        "400 calls 01.02.2025–28.02.2025 44.00", "1 Mindestumsatz 01.02.2025–28.02.2025 11.00",
    ]  # fmt: skip
    with pytest.raises(AdjustmentRefusedError, match="campaign_applied"):
        withdraw_campaign(firm.id, "P1", reason="zu spät", by=BY)


def test_a_minimum_never_changes_inside_its_window_nor_in_one_that_was_billed() -> None:
    firm = metered()
    nets(firm, "2025-02-01", "2025-03-01")
    carried_out(firm, campaign(WITH_MINIMUMS, "2025-02-10"), "2025-01-05")
    assert run(firm, "2025-03-02") == [], "what was billed stays as it is"
    assert nets(firm, "2025-04-01") == [55_00]
    assert nets(firm, "2025-04-02") == []


def test_a_minimum_of_the_contract_stays_where_only_some_of_its_products_are_adjusted() -> None:
    firm = metered()
    product(firm, "base", "30.00")
    contract(firm, "V2", "2025-01-01", "calls", "base", minimums=(NewMinimum(80_00), NewMinimum(40_00, item="calls")))
    wanted = campaign(WITH_MINIMUMS, "2025-02-01", filters=((Field.PRODUCT, "calls"), (Field.CONTRACT, "V2")))
    [planned] = plan(firm, wanted, "2025-01-05")
    assert [str(line.new_price) for line in planned.lines if line.minimum] == ["44.00"]


def test_l_35_a_consumer_pays_a_higher_minimum_only_after_consent() -> None:
    firm = metered(kind=CustomerKind.PERSON)
    wanted = campaign(WITH_MINIMUMS, "2025-02-01")
    [planned] = plan(firm, wanted, "2025-01-05")
    assert planned.needs_consent
    announce(firm, "2025-01-05")
    assert apply(firm) == {"silent": 1}
    gross = [document.gross for document in run(firm, "2025-02-01")]
    assert gross == [59_50]
    answer(firm, "V1", Answer.CONSENT, "2025-02-10")
    assert apply(firm) == {"applied": 1}
    made = ContractMinimum.objects.get(supersedes=None, campaign_id__isnull=False)
    assert (made.start_on, made.amount, made.declaration_id is not None) == (day("2025-03-01"), 55_00, True)
    assert silent_consumers() == []


def test_the_doctor_finds_a_minimum_that_was_raised_without_consent() -> None:
    firm = metered(kind=CustomerKind.PERSON)
    plan(firm, campaign(WITH_MINIMUMS, "2025-02-01"), "2025-01-05")
    agreed = ContractMinimum.objects.get()
    number = contract_id(firm.id, "V1")
    columns = {
        "contract_id": number, "recorded_at": LATER.at, "product_id": agreed.product_id, "gross": False,
        "fee_months": 1, "fee_days": 0, "campaign_id": 1, "item_id": 0,
    }  # fmt: skip
    ContractMinimum.objects.create(amount=50_00, start_on=day("2025-01-01"), end_on=day("2025-02-01"),
                                   supersedes=agreed.id, **columns)  # fmt: skip
    ContractMinimum.objects.create(amount=55_00, start_on=day("2025-02-01"), **columns)
    assert silent_consumers() == ["V1"]


def test_a_minimum_that_was_agreed_anew_since_the_plan_is_left_alone_and_told() -> None:
    firm = metered()
    plan(firm, campaign(WITH_MINIMUMS, "2025-02-01"), "2025-01-05")
    announce(firm, "2025-01-05")
    set_minimum(firm.id, "V1", NewMinimum(20_00, start=day("2025-01-01"), label="neu"), by=BY)
    assert apply(firm) == {"ready": 1}
    assert nets(firm, "2025-02-01", "2025-03-01") == [20_00, 20_00]


def test_an_index_moves_a_minimum_from_month_to_month_without_counting_any_rise_twice() -> None:
    firm = metered()
    with transaction.atomic():
        for month, value in (("2025-01-01", 100), ("2025-02-01", 110), ("2025-06-01", 121)):
            put_index_value(IndexValue("VPI", day(month), Decimal(value), "Probe"), by=BY)
    rule = Rule(RuleKind.INDEX, series="VPI", month=day("2025-02-01"), reference=day("2025-01-01"), minimums=True)
    carried_out(firm, campaign(rule, "2025-04-01"), "2025-03-05")
    carried_out(firm, campaign(replace(rule, month=day("2025-06-01")), "2025-08-01", "P2"), "2025-07-05")
    amounts = ContractMinimum.objects.filter(supersedes=None).order_by("id").values_list("amount", flat=True)
    assert list(amounts) == [50_00, 55_00, 60_50]


def test_minimums_go_with_percent_and_index_only_and_without_a_bound_per_contract() -> None:
    firm = metered()
    for rule, code in (
        (Rule(RuleKind.AMOUNT, Decimal(1), minimums=True), "rule_unused"),
        (replace(WITH_MINIMUMS, contract_cap=Decimal(5)), "rule_minimums_cap"),
    ):
        with pytest.raises(AdjustmentRefusedError, match=code):
            plan(firm, campaign(rule, "2025-02-01"), "2025-01-05")


# ---- schemes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("least", "after"), [(None, [14_50, 16_20]), (Decimal(30), [30_00, 33_00])])
def test_percent_moves_every_tier_its_flat_fee_and_the_least_of_a_scheme_but_no_allowance(
    least: Decimal | None, after: list[int]
) -> None:
    """200 calls, 50 of them free; 10 % more: flat 2.00 → 2.20, 0.10 → 0.11, 0.05 → 0.06 (half-up to the cent)."""
    firm = company()
    product(firm, "sms", "0", METERED)
    scheme = Scheme(Function.GRADUATED, TIERS, least=least, included=Decimal(50))
    contract(firm, "V1", "2025-01-01", replace(item("sms", model=METERED), scheme=scheme))
    [planned] = plan(firm, campaign(percent("10"), "2025-02-01"), "2025-01-05")
    [line] = planned.lines
    assert line.new_scheme is not None
    told = [(str(tier.unit_price), str(tier.flat), tier.up_to) for tier in line.new_scheme.tiers]
    assert told == [("0.11", "2.20", Decimal(100)), ("0.06", "0", None)]
    assert line.new_scheme.included == 50
    assert line.new_scheme.least == (Decimal("33.00") if least else None)
    letter = price_letter(firm.id, "P1", "V1").replace("\u00a0", " ")
    assert "    bis 100: 0,11 € (bisher 0,10 €), dazu einmal 2,20 € (bisher 2,00 €)\n" in letter
    assert "    darüber: 0,06 € (bisher 0,05 €)\n" in letter
    assert ("    mindestens 33,00 € (bisher 30,00 €)\n" in letter) == bool(least)
    announce(firm, "2025-01-05")
    apply(firm)
    for month in ("01", "02"):
        used(firm, "V1", "sms", f"2025-{month}-05", "200")
    assert nets(firm, "2025-02-01", "2025-03-01") == after
