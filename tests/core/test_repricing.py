"""What a campaign does to one contract: billed days stay, what people agreed stays, the effect is what runs bill."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import MONTH, QUARTER, YEAR, Book, contract, item, on, terms
from turnus.core.adjusting import Rule, RuleKind
from turnus.core.campaign_effect import Tally, monthly_change
from turnus.core.campaigns import (
    Announced,
    Answer,
    Answers,
    Campaign,
    Declaration,
    Line,
    Stand,
    When,
    needs_consent,
    standing,
)
from turnus.core.catalog import Model
from turnus.core.contracts import ContractFacts, Raise, Timing
from turnus.core.indices import IndexTable
from turnus.core.periods import FAR_FUTURE, Basis, Cycle
from turnus.core.repricing import About, Market, new_terms, next_period, plan_lines
from turnus.core.schemes import Function, Scheme, Tier

DAYS = st.dates(on("2025-01-02"), on("2026-12-31"))
CYCLES = st.sampled_from([MONTH, QUARTER, YEAR, Cycle(0, 14)])
MARKET = Market(IndexTable([]), lambda *_: None)


def campaign(day: date, when: When = When.DAY, *, rule: Rule | None = None) -> Campaign:
    return Campaign("P1", rule or Rule(RuleKind.PERCENT, Decimal(5)), when, day)


def planned(wanted: Campaign, facts: ContractFacts, billed: date = date.min) -> Line:
    [line] = plan_lines(wanted, facts, {1}, About(billed={1: billed}), MARKET)
    return line


def applied(facts: ContractFacts, line: Line) -> ContractFacts:
    """The contract with the terms that a line writes."""
    [plan] = facts.items
    written = new_terms(plan, line, line.effective, 2)
    assert written is not None
    rows = {row.since: row for row in [*plan.terms, *written]}
    return facts._replace(items=[plan._replace(terms=[rows[day] for day in sorted(rows)])])


@given(
    CYCLES, CYCLES, st.sampled_from(list(Timing)), st.sampled_from([Basis.ACTUAL_PERIOD, Basis.CALENDAR_MONTH]), DAYS,
    DAYS, st.sampled_from(list(When)),
)  # fmt: skip
def test_a_campaign_never_touches_what_is_billed(
    fee: Cycle, billing: Cycle, timing: Timing, basis: Basis, run_on: date, day: date, when: When
) -> None:
    facts = contract(item("100.00", start="2025-01-31", fee=fee, billing=billing, timing=timing, basis=basis),
                     start="2025-01-31")  # fmt: skip
    book = Book(facts)
    book.run(run_on)
    billed = max((standing.days.end for standing in book.standing), default=date.min)
    line = planned(campaign(day, when), facts, max(billed, book.sealed))
    if line.verdict:
        assert line.verdict == "starts_later"
        return
    assert line.effective >= max(day, billed)
    book.amend(applied(facts, line), line.effective)
    assert book.run(run_on) == []
    later = line.effective + timedelta(days=800)
    prices = {charge.unit_price for charge in book.preview(later).difference.charges}
    assert prices <= {Decimal(100), Decimal(105)}
    assert Decimal(105) in prices


@given(DAYS, DAYS, DAYS, st.integers(2, 9))
def test_in_pieces_or_at_once_an_amount_costs_the_same(first: date, second: date, run_on: date, seats: int) -> None:
    """+1 and later +2 on the same day on which +3 would have come at once; a change of quantity lies anywhere."""
    more = terms(str(second), "10.00", str(seats))
    facts = contract(item("10.00", later=[more] if second > on("2025-01-01") else []))
    del run_on

    def with_amounts(*amounts: str) -> ContractFacts:
        found = facts
        for amount in amounts:
            rule = Rule(RuleKind.AMOUNT, Decimal(amount))
            found = applied(found, planned(campaign(first, rule=rule), found))
        return found

    at_once, in_pieces = Book(with_amounts("3")), Book(with_amounts("1", "2"))
    at_once.run("2027-06-01")
    in_pieces.run("2027-06-01")
    assert at_once.total == in_pieces.total


@given(DAYS, DAYS)
def test_what_people_agreed_for_later_stays(day: date, agreed: date) -> None:
    facts = contract(item("10.00", later=[terms(str(agreed), "25.00")]))
    line = planned(campaign(day), facts)
    rows = applied(facts, line).items[0].terms
    assert rows[-1].unit_price == (Decimal("26.25") if line.effective >= agreed else Decimal("25.00"))


def test_planned_raises_of_later_days_come_on_top_of_the_new_price() -> None:
    plan = item("100.00", later=[terms("2026-06-01", "103.00", "2")])
    plan = plan._replace(raises=[Raise(RuleKind.PERCENT, Decimal(3), on("2026-01-01"), 12, FAR_FUTURE)])
    facts = contract(plan)
    line = planned(campaign(on("2025-07-01"), rule=Rule(RuleKind.AMOUNT, Decimal(10))), facts)
    rows = applied(facts, line).items[0].terms
    assert [(str(row.since), str(row.unit_price), str(row.quantity)) for row in rows] == [
        ("2025-01-01", "100.00", "1"), ("2025-07-01", "110.00", "1"), ("2026-06-01", "113.30", "2"),
    ]  # fmt: skip


def test_the_next_period_begins_with_another_grid() -> None:
    plan = item("10.00", fee=YEAR)
    assert next_period(plan, on("2025-01-01")) == on("2025-01-01")
    assert next_period(plan, on("2025-02-01")) == on("2026-01-01")
    monthly = plan.grids[0]._replace(since=on("2025-04-10"), fee=MONTH, billing=MONTH, anchor=on("2025-04-10"))
    plan = plan._replace(grids=[*plan.grids, monthly])
    assert next_period(plan, on("2025-02-01")) == on("2025-04-10")
    assert next_period(plan, on("2025-04-11")) == on("2025-05-10")


# ---- effect ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fee", "month"), [(MONTH, 5_00), (QUARTER, 1_67), (YEAR, 42), (Cycle(0, 7), 21_73), (Cycle(0, 1), 152_08)]
)
def test_a_rise_of_five_counts_per_month_by_its_fee_period(fee: Cycle, month: int) -> None:
    line = planned(campaign(on("2025-03-01")), contract(item("100.00", fee=fee)))
    assert (line.new_amount - line.old_amount, monthly_change([line])) == (5_00, month)


def test_the_effect_is_added_up_exactly_and_rounded_once() -> None:
    tally = Tally()
    for _ in range(12):
        line = planned(campaign(on("2025-03-01")), contract(item("100.00", fee=YEAR)))
        tally.add("EUR", [line], needs_consent=False)
    effect = tally.sum.effects["EUR"]
    assert (effect.month_after - effect.month_before, effect.year_after - effect.year_before) == (5_00, 60_00)


def test_usage_counts_as_in_the_last_twelve_months_and_tiers_with_an_average_period() -> None:
    tiers = Scheme(Function.GRADUATED, (Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.05"))))
    plan = item("0")
    meter = plan._replace(terms=[plan.terms[0]._replace(model=Model.METERED_UNIT, scheme=tiers)])
    about = About(used={1: Decimal(2_400)})  # 200 a month: 10.00 + 5.00
    [line] = plan_lines(campaign(on("2025-03-01")), contract(meter), {1}, about, MARKET)
    assert (line.old_amount, line.usage) == (15_00, True)
    assert line.new_scheme is not None
    assert [str(tier.unit_price) for tier in line.new_scheme.tiers] == ["0.11", "0.05"]


# ---- who must agree --------------------------------------------------------------------------------------------------

TOLD = Announced(on("2025-01-10"), "standard-1")


def said(answer: Answer, day: str, number: int = 1, text: str = "standard-1") -> Declaration:
    at = datetime.combine(on(day), time(12), tzinfo=UTC)
    return Declaration(number, answer, at, on(day), "Portal", text)


@pytest.mark.parametrize(
    ("needed", "announced", "declared", "stand"),
    [
        (True, None, [], Stand.PLANNED),
        (True, TOLD, [], Stand.SILENT),
        (True, TOLD, [said(Answer.CONSENT, "2025-01-20")], Stand.READY),
        (True, TOLD, [said(Answer.REFUSAL, "2025-01-20")], Stand.REFUSED),
        (True, TOLD, [said(Answer.CONSENT, "2025-02-16")], Stand.LATE),
        (True, TOLD, [said(Answer.CONSENT, "2025-01-20", text="other")], Stand.SILENT),
        (True, TOLD, [said(Answer.CONSENT, "2025-01-20"), said(Answer.REFUSAL, "2025-01-21", 2)], Stand.REFUSED),
        (True, TOLD, [said(Answer.TERMINATION, "2025-01-20"), said(Answer.CONSENT, "2025-01-21", 2)], Stand.TERMINATED),
        (False, None, [], Stand.PLANNED),
        (False, TOLD, [], Stand.READY),
        (False, TOLD, [said(Answer.REFUSAL, "2025-01-20")], Stand.READY),
        (False, TOLD, [said(Answer.TERMINATION, "2025-01-20")], Stand.TERMINATED),
    ],
)
def test_where_a_contract_stands(
    needed: bool, announced: Announced | None, declared: list[Declaration], stand: Stand
) -> None:
    found = standing(Answers(needed, announced, tuple(declared)), answer_by=on("2025-02-15"))
    assert found.stand is stand


def test_a_clause_is_no_ground_against_a_consumer_and_a_fall_needs_none() -> None:
    rising = planned(campaign(on("2025-03-01")), contract(item("100.00")))
    falling = planned(campaign(on("2025-03-01"), rule=Rule(RuleKind.PERCENT, Decimal(-5))), contract(item("100.00")))
    assert needs_consent([rising], consumer=True, grounds={1: True})
    assert not needs_consent([rising], consumer=False, grounds={1: True})
    assert needs_consent([rising], consumer=False, grounds={1: False})
    assert not needs_consent([falling], consumer=True, grounds={})


def test_a_scheme_rises_where_any_of_its_prices_does() -> None:
    base = planned(campaign(on("2025-03-01")), contract(item("100.00")))
    old = Scheme(Function.GRADUATED, (Tier(Decimal(10), Decimal(2)), Tier(None, Decimal(1))))
    lower = old._replace(tiers=(Tier(Decimal(10), Decimal(1)), Tier(None, Decimal(1))))
    mixed = old._replace(tiers=(Tier(Decimal(10), Decimal(1)), Tier(None, Decimal(3))))
    other = old._replace(tiers=(Tier(None, Decimal(1)),))
    same = base._replace(new_price=base.old_price, old_scheme=old)
    rises = [same._replace(new_scheme=new).rises for new in (old, lower, mixed, other, None)]
    assert rises == [False, False, True, True, True]
