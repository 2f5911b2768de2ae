"""The tables of docs/algorithms/terms.md are run; cells hold last days, the code half-open ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.core.builders import YEAR, Book, contract, item
from tests.core.tables import Row, euros, period, rows
from turnus.core.contracts import Timing
from turnus.core.periods import FAR_FUTURE, Basis, Cycle
from turnus.core.term_rules import terms_faults
from turnus.core.terms import (
    NO_NOTICE,
    ContractTerms,
    CutOff,
    NewContractTerms,
    earliest_end,
    last_notice_day,
    notice_end,
    terms_through,
)
from turnus.core.working_days import deadline_day

DAY = timedelta(days=1)


def length(text: str) -> Cycle | None:
    """``3 months``, ``none``; None where the cell is empty."""
    if not text:
        return None
    if text == "none":
        return NO_NOTICE
    count, unit = text.split()
    return Cycle.of(int(count), unit.removesuffix("s"))


def last_day(end: date) -> str:
    return "open" if end == FAR_FUTURE else (end - DAY).isoformat()


def terms_of(row: Row) -> ContractTerms:
    begin = date.fromisoformat(row["begin"])
    pauses = [period(text) for text in row.get("pauses", "").split()]
    return ContractTerms(
        begin, begin, length(row["initial"]), length(row["renewal"]), length(row.get("notice", "")) or NO_NOTICE,
        CutOff(row.get("cut-off", "day")), pauses,
    )  # fmt: skip


@pytest.mark.parametrize("row", rows("notice_period"))
def test_notice_takes_effect_on_this_day(row: Row) -> None:
    notice = length(row["notice"])
    assert notice is not None
    assert last_day(notice_end(date.fromisoformat(row["received"]), notice)) == row["takes effect on"]


@pytest.mark.parametrize("row", rows("last_notice"))
def test_notice_must_be_received_by_this_day(row: Row) -> None:
    notice = length(row["notice"])
    assert notice is not None
    end = date.fromisoformat(row["term ends"]) + DAY
    assert last_notice_day(end, notice).isoformat() == row["last day for notice"]


@pytest.mark.parametrize("row", rows("ends"))
def test_a_contract_ends_at_the_earliest_on_this_day(row: Row) -> None:
    assert last_day(earliest_end([terms_of(row)], date.fromisoformat(row["received"]))) == row["ends"]


@pytest.mark.parametrize("row", rows("terms"))
def test_a_contract_has_these_terms(row: Row) -> None:
    found = terms_through(terms_of(row), date.fromisoformat(row["through"]))
    assert " ".join(last_day(term.end) for term in found) == row["last days of the terms"]
    assert [term.number for term in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("row", rows("faults"))
def test_terms_have_these_faults(row: Row) -> None:
    concluded = date.fromisoformat(row["concluded"])
    terms = NewContractTerms(
        length(row["initial"]), length(row["renewal"]), length(row["notice"]) or NO_NOTICE, CutOff(row["cut-off"]),
        concluded,
    )  # fmt: skip
    found = terms_faults(terms, consumer=row["customer"] == "person", begin=concluded)
    assert [fault.code for fault in found] == row["faults"].split()


@pytest.mark.parametrize("row", rows("deadlines"))
def test_a_deadline_moves_to_the_next_working_day(row: Row) -> None:
    assert deadline_day(date.fromisoformat(row["deadline"])).isoformat() == row["last day to pay"]


@pytest.mark.parametrize("row", rows("pauses"))
def test_a_pause_is_billed_so(row: Row) -> None:
    days = period(row["pause"])
    facts = contract(item("30.00", start="2025-04-01", timing=Timing(row["timing"])), start="2025-04-01")
    book, known = Book(facts), date.fromisoformat(row["known on"])
    nets = []
    for text in row["runs"].split():
        if date.fromisoformat(text) >= known and not book.facts.pauses:
            book.amend(facts._replace(pauses=[days]), days.start)
        issued = book.run(text)
        nets.append(euros([sum(document.composed.net for document in issued)]) if issued else "")
        assert book.run(text) == []
    assert "; ".join(nets) == row["documents"]


@pytest.mark.parametrize("row", rows("coterm"))
def test_an_add_on_ends_with_the_contract(row: Row) -> None:
    main = item(row["main"], fee=YEAR)
    more = item(row["add-on"], number=2, start=row["from"], anchor="2025-01-01", fee=YEAR, basis=Basis(row["basis"]))
    book = Book(contract(main, more))
    book.run("2025-01-01")
    [first] = book.run(row["from"])
    [both] = book.run("2026-01-01")
    assert (euros([first.composed.net]), euros([both.composed.net])) == (
        row["first period"], row["from then on together"],
    )  # fmt: skip
