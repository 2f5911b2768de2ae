"""Term and notice: rules that hold for all contracts (§§ 187, 188, 193 BGB; § 309 Nr. 9 BGB)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.builders import on
from turnus.core.messages import TEXTS, message
from turnus.core.periods import FAR_FUTURE, Cycle, Period
from turnus.core.term_rules import terms_faults
from turnus.core.terms import (
    NO_NOTICE,
    STATES,
    ContractState,
    ContractTerms,
    CutOff,
    Lifetime,
    NewContractTerms,
    Term,
    contract_state,
    earliest_end,
    last_notice_day,
    notice_end,
    term_on,
    terms_on,
    terms_through,
)
from turnus.core.working_days import deadline_day, easter_sunday, is_working_day

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
LENGTHS = st.one_of(
    st.integers(1, 36).map(lambda months: Cycle(months, 0)), st.integers(1, 800).map(lambda days: Cycle(0, days))
)
NOTICES = st.one_of(
    st.just(NO_NOTICE), st.integers(1, 12).map(lambda months: Cycle(months, 0)),
    st.integers(1, 200).map(lambda days: Cycle(0, days)),
)  # fmt: skip


@st.composite
def agreed(draw: st.DrawFn, begin: date | None = None) -> ContractTerms:
    first = begin or draw(DAYS)
    initial = draw(st.none() | LENGTHS)
    renewal = draw(st.none() | LENGTHS) if initial else None
    starts = sorted(draw(st.lists(st.integers(0, 900), max_size=3, unique=True)))
    pauses = [Period(first + n * DAY, first + (n + 1) * DAY) for n in starts]
    return ContractTerms(first, first, initial, renewal, draw(NOTICES), draw(st.sampled_from(CutOff)), pauses)


@st.composite
def successive(draw: st.DrawFn) -> list[ContractTerms]:
    """Terms, and others that were agreed later."""
    rows = [draw(agreed())]
    for gap in draw(st.lists(st.integers(1, 900), max_size=2)):
        rows.append(draw(agreed(rows[-1].valid_from + gap * DAY)))
    return rows


# ---- properties ------------------------------------------------------------------------------------------------------


@given(successive(), DAYS)
def test_the_end_never_lies_before_receipt_and_notice(rows: list[ContractTerms], received: date) -> None:
    end = earliest_end(rows, received)
    assert end >= notice_end(received, terms_on(rows, received).notice) > received


@given(agreed(), DAYS, st.integers(0, 400))
def test_later_notice_never_ends_a_contract_earlier(terms: ContractTerms, received: date, later: int) -> None:
    assert earliest_end([terms], received) <= earliest_end([terms], received + later * DAY)


@given(successive(), DAYS, st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_wish_is_met_on_the_first_permitted_day_from_it_on(
    rows: list[ContractTerms], received: date, wished: date
) -> None:
    end, soonest = earliest_end(rows, received, wished), earliest_end(rows, received)
    assert end >= max(wished, soonest)
    if wished <= soonest:
        assert end == soonest


@given(agreed(), st.integers(0, 12))
def test_notice_on_the_last_day_ends_with_the_term_and_a_day_later_does_not(terms: ContractTerms, number: int) -> None:
    assume(terms.initial is not None)
    term = next(t for t in reversed(terms_through(terms, terms.begin + number * 100 * DAY)) if not t.indefinite)
    last = last_notice_day(term.end, terms.notice)
    assert notice_end(last, terms.notice) <= term.end < notice_end(last + DAY, terms.notice)
    if last >= term.start - DAY:
        assert earliest_end([terms], last) <= term.end
    assert earliest_end([terms], last + DAY) > term.end


@given(agreed(), DAYS)
def test_terms_follow_each_other_without_gap_and_one_of_them_runs(terms: ContractTerms, day: date) -> None:
    found = terms_through(terms, day)
    assert found[0].start == terms.begin
    assert all(left.end == right.start for left, right in pairwise(found))
    assert all(term.start < term.end for term in found)
    if day >= terms.begin:
        assert found[-1] == term_on([terms], day)
        assert found[-1].start <= day < found[-1].end
    else:
        assert term_on([terms], day).number == 1


@given(agreed(), DAYS)
def test_a_fixed_term_ends_with_itself_and_the_indefinite_time_at_its_cut_off(
    terms: ContractTerms, received: date
) -> None:
    end = earliest_end([terms], received)
    ends = {term.end for term in terms_through(terms, end)}
    months = {CutOff.MONTH: 1, CutOff.QUARTER: 3, CutOff.HALF_YEAR: 6, CutOff.YEAR: 12}
    if end not in ends:
        assert terms.renewal is None
        step = months.get(terms.cut_off)
        assert step is None or (end.day == 1 and (end.month - 1) % step == 0)


@given(DAYS, NOTICES)
def test_the_last_day_for_notice_is_found_forward(end: date, notice: Cycle) -> None:
    last = last_notice_day(end, notice)
    assert notice_end(last, notice) <= end < notice_end(last + DAY, notice)


@given(st.integers(1970, 2199))
def test_easter_is_a_sunday_after_the_full_moon_of_spring(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


def test_easter_fell_on_these_days() -> None:
    known = ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"]
    assert [str(easter_sunday(on(text).year)) for text in known] == known


@given(DAYS)
def test_a_deadline_moves_by_days_off_only(day: date) -> None:
    moved = deadline_day(day)
    assert is_working_day(moved)
    assert not any(is_working_day(day + n * DAY) for n in range((moved - day).days))


# ---- law, by name ----------------------------------------------------------------------------------------------------


def consumer(begin: str, **terms: Cycle) -> ContractTerms:
    return ContractTerms(on(begin), on(begin), Cycle(12, 0), None, terms.get("notice", Cycle(1, 0)))


def last_day(end: date) -> str:
    return str(end - DAY)


def test_l_33_twelve_months_from_15_january_2026() -> None:
    terms = consumer("2026-01-15")
    assert last_day(term_on([terms], on("2026-06-01")).end) == "2027-01-14"
    assert last_day(earliest_end([terms], on("2026-12-14"))) == "2027-01-14"
    assert term_on([terms], on("2027-01-15")) == Term(2, on("2027-01-15"), FAR_FUTURE)
    assert last_day(earliest_end([terms], on("2027-03-03"))) == "2027-04-03"
    assert last_day(earliest_end([terms], on("2026-12-15"))) == "2027-01-15"


def test_l_33_terms_of_the_31st_keep_their_day() -> None:
    monthly = ContractTerms(on("2027-01-31"), on("2027-01-31"), Cycle(1, 0), Cycle(1, 0))
    assert [str(term.end) for term in terms_through(monthly, on("2027-03-31"))] == [
        "2027-02-28", "2027-03-31", "2027-04-30",
    ]  # fmt: skip


def test_193_notice_that_must_be_received_by_a_sunday_is_late_on_monday() -> None:
    """30.11.2025 is a Sunday: § 193 BGB does not prolong notice periods."""
    terms = ContractTerms(on("2025-03-01"), on("2025-03-01"), Cycle(12, 0), Cycle(12, 0), Cycle(3, 0))
    assert last_notice_day(on("2026-03-01"), terms.notice).weekday() == 6
    assert last_day(earliest_end([terms], on("2025-11-30"))) == "2026-02-28"
    assert last_day(earliest_end([terms], on("2025-12-01"))) == "2027-02-28"


def test_the_terms_in_force_on_receipt_decide_until_others_hold() -> None:
    first = ContractTerms(on("2025-01-01"), on("2025-01-01"), None, None, Cycle(1, 0))
    later = ContractTerms(on("2025-07-01"), on("2025-07-01"), Cycle(12, 0), Cycle(12, 0), Cycle(3, 0))
    assert last_day(earliest_end([first, later], on("2025-03-03"))) == "2025-04-03"
    assert last_day(earliest_end([first, later], on("2025-05-31"))) == "2025-06-30"
    assert last_day(earliest_end([first, later], on("2025-06-01"))) == "2026-06-30"
    assert last_day(earliest_end([first, later], on("2025-08-01"))) == "2026-06-30"


def test_a_shorter_notice_period_agreed_later_leaves_the_terms_as_they_run() -> None:
    first = ContractTerms(on("2025-01-01"), on("2025-01-01"), Cycle(12, 0), Cycle(12, 0), Cycle(3, 0))
    shorter = first._replace(valid_from=on("2025-10-01"), notice=Cycle(1, 0))
    assert last_day(earliest_end([first], on("2025-11-15"))) == "2026-12-31"
    assert last_day(earliest_end([first, shorter], on("2025-11-15"))) == "2025-12-31"


# ---- faults ----------------------------------------------------------------------------------------------------------


def test_every_fault_is_named_at_once_and_in_words() -> None:
    terms = NewContractTerms(Cycle(36, 0), Cycle(12, 0), Cycle(0, 90), CutOff.DAY, None, 5)
    faults = terms_faults(terms, consumer=True, begin=on("2026-01-15"))
    assert [fault.code for fault in faults] == ["consumer_initial_term", "consumer_renewal", "consumer_notice"]
    said = [message(fault.code, fault.params, "de") for fault in faults]
    assert said[0] == "Mindestlaufzeit 36 Monate: mit Verbrauchern höchstens 24 Monate (§ 309 Nr. 9 a BGB)."
    assert said[2].startswith("Kündigungsfrist 90 Tage: mit Verbrauchern höchstens 1 Monat oder 28 Tage")
    [fault] = terms_faults(NewContractTerms(Cycle(1, 0), None, Cycle(0, 40)), consumer=False, begin=on("2026-01-15"))
    assert (
        message(fault.code, fault.params, "en")
        == "The notice period (40 days) is longer than the initial term (1 month)."
    )


@pytest.mark.parametrize(
    ("terms", "codes"),
    [
        (NewContractTerms(Cycle(0, 0)), ["terms_initial_length"]),
        (
            NewContractTerms(Cycle(1, 5), Cycle(-1, 0)),
            ["terms_initial_length", "terms_renewal_length", "consumer_renewal"],
        ),
        (NewContractTerms(None, None, Cycle(0, -1), CutOff.DAY, None, -1), ["terms_notice_length", "terms_reminder"]),
        (NewContractTerms(Cycle(0, 0), None, Cycle(3, 0)), ["terms_initial_length", "consumer_notice"]),
    ],
)
def test_lengths_without_sense_are_refused(terms: NewContractTerms, codes: list[str]) -> None:
    found = [fault.code for fault in terms_faults(terms, consumer=True, begin=on("2026-01-15"))]
    assert found == codes
    assert set(codes) <= set(TEXTS)


@given(st.none() | LENGTHS, st.none() | LENGTHS, NOTICES, st.sampled_from(CutOff), DAYS)
def test_terms_without_fault_can_end_with_their_first_term(
    initial: Cycle | None, renewal: Cycle | None, notice: Cycle, cut_off: CutOff, begin: date
) -> None:
    new = NewContractTerms(initial, renewal, notice, cut_off)
    assume(not terms_faults(new, consumer=False, begin=begin))
    terms = ContractTerms(begin, begin, initial, renewal, notice, cut_off)
    if initial is not None:
        assert (
            earliest_end([terms], last_notice_day(term_on([terms], begin).end, notice)) == term_on([terms], begin).end
        )


@given(LENGTHS, NOTICES, st.dates(date(2022, 3, 1), date(2060, 1, 1)), st.integers(0, 2000))
def test_a_consumer_without_fault_is_never_bound_for_more_than_two_years_or_then_a_month(
    initial: Cycle, notice: Cycle, begin: date, later: int
) -> None:
    assume(not terms_faults(NewContractTerms(initial, None, notice), consumer=True, begin=begin))
    terms = ContractTerms(begin, begin, initial, None, notice)
    first_end = term_on([terms], begin).end
    assert first_end <= Period(begin, notice_end(begin, Cycle(24, 0))).end
    received = begin + later * DAY
    assert earliest_end([terms], received) <= max(first_end, notice_end(received, Cycle(1, 0)))


# ---- state -----------------------------------------------------------------------------------------------------------


def test_the_state_of_a_contract_follows_from_its_days() -> None:
    life = Lifetime(on("2025-01-18"), on("2025-02-01"), on("2025-12-01"), [Period(on("2025-05-01"), on("2025-06-01"))])
    states = {
        "2025-01-17": "concluded", "2025-01-18": "trial", "2025-02-01": "notice_given", "2025-05-01": "paused",
        "2025-05-31": "paused", "2025-06-01": "notice_given", "2025-11-30": "notice_given", "2025-12-01": "ended",
    }  # fmt: skip
    assert {day: str(contract_state(life, on=on(day))) for day in states} == states
    assert contract_state(life._replace(end=None), on=on("2025-07-01")) is ContractState.ACTIVE
    assert set(STATES) == set(ContractState)
