"""Should-be minus is, by example: the named tests of billing, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.core.builders import (
    YEAR,
    Book,
    Document,
    agreed,
    concession,
    contract,
    gone,
    grid,
    hold,
    item,
    off,
    on,
    rated,
    terms,
    used,
    vat_of_2020,
)
from turnus.core.catalog import Model
from turnus.core.contracts import ContractFacts, Decision, Timing
from turnus.core.correcting import CorrectionRefusedError, cancellation
from turnus.core.document import Kind
from turnus.core.periods import Basis
from turnus.core.tax import Tax

JANUARY = "2025-01-01/2025-02-01"


def rows(documents: Sequence[Document]) -> list[tuple[str, int]]:
    return [row for document in documents for row in document.rows]


def cancel(book: Book, number: int, *, hold_days: bool = False) -> Document:
    """Cancel as the app does: the seal moves back, and with a hold the days are not billed again."""
    document = book.documents[number - 1]
    own = [entry for entry in book.entries if entry.invoice == number]
    lines = cancellation(own, book.entries, {entry.charge.identity.item: 1 for entry in book.entries})
    issued = book.issue(document.account, lines, document.issued_on, Kind.CANCELLATION)
    book.touch(min(line.charge.service.start for line in lines))
    if hold_days:
        held = [
            hold(f"{line.charge.service.start}/{line.charge.service.end}", number=900 + n, of=line.charge.identity.item)
            for n, line in enumerate(lines)
            if line.sign < 0
        ]
        book.contracts[1] = with_decisions(book.facts, *book.facts.decisions, *held)
    return issued


def with_decisions(facts: ContractFacts, *decisions: Decision) -> ContractFacts:
    return facts._replace(decisions=decisions)


# ---- runs dated earlier than the last --------------------------------------------------------------------------------


def test_a_run_dated_earlier_than_the_last_credits_nothing_that_was_billed_ahead() -> None:
    book = Book(contract(item("30.00"), item("12.00", number=2, fee=YEAR, anchor="2025-01-01")))
    book.run("2025-04-01")
    assert book.total == 4 * 3000 + 1200
    assert book.run("2025-01-15") == []
    assert book.run("2025-02-01") == []
    assert rows(book.run("2025-05-01")) == [("01.05.2025–31.05.2025", 3000)]


def test_an_earlier_run_still_corrects_what_was_billed_ahead() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-04-01")
    book.amend(contract(item("30.00", later=[terms("2025-04-01", "36.00")])), "2025-04-01")
    [change] = book.run("2025-02-10")
    assert change.rows == [("01.04.2025–30.04.2025", -3000), ("01.04.2025–30.04.2025", 3600)]


def test_an_earlier_run_sees_as_far_as_each_item_was_billed_and_no_further() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-04-01")
    book.amend(contract(item("30.00"), item("5.00", number=2)), "2025-01-01")  # added afterwards
    assert rows(book.run("2025-02-10")) == [("01.01.2025–31.01.2025", 500), ("01.02.2025–28.02.2025", 500)]
    assert book.run("2025-02-10") == []


def test_the_horizon_never_falls_back_when_what_it_rests_on_is_credited() -> None:
    """From advance to arrears: January to March stay due by March's day, so only the last slot is credited, once."""
    book = Book(contract(item("30.00")))
    book.run("2025-03-01")
    arrears = grid("2025-01-01", timing=Timing.ARREARS)
    book.amend(contract(item("30.00")._replace(grids=[arrears])), "2025-01-01")
    assert rows(book.run("2025-01-10")) == [("01.03.2025–31.03.2025", -3000)]
    assert book.run("2025-01-10") == []
    assert rows(book.run("2025-04-01")) == [("01.03.2025–31.03.2025", 3000)]


def test_a_discount_shared_with_another_item_does_not_move_an_item_s_horizon() -> None:
    """10.00 off a year: what item 1 was billed ahead must not make item 2 due ahead."""
    book = Book(contract(item("30.00"), discounts=[off(1000, fee=YEAR)]))
    book.run("2025-04-01")
    book.amend(contract(item("30.00"), item("10.00", number=2), discounts=[off(1000, fee=YEAR)]), "2025-01-01")
    book.run("2025-02-01")
    assert book.total == 4 * 3000 + 2 * 1000 - 1000
    assert book.run("2025-02-01") == []


# ---- one-offs --------------------------------------------------------------------------------------------------------


def test_a_one_off_whose_date_moves_is_billed_once() -> None:
    book = Book(contract(item("49.00", model=Model.ONE_OFF, start="2025-02-10")))
    assert book.run("2025-02-09") == []
    assert rows(book.run("2025-02-10")) == [("10.02.2025–10.02.2025", 4900)]
    for day in ("2025-03-20", "2025-01-05", "2025-02-10"):
        book.amend(contract(item("49.00", model=Model.ONE_OFF, start=day)), min(day, "2025-02-10"))
        assert book.run("2025-03-25") == []
    assert book.total == 4900


def test_a_one_off_moved_into_the_future_after_it_was_billed_is_not_credited_meanwhile() -> None:
    book = Book(contract(item("49.00", model=Model.ONE_OFF, start="2025-02-10")))
    book.run("2025-02-10")
    book.amend(contract(item("49.00", model=Model.ONE_OFF, start="2025-06-01")), "2025-02-10")
    assert rows(book.run("2025-03-01")) == [("10.02.2025–10.02.2025", -4900)]  # not owed until June
    assert rows(book.run("2025-06-01")) == [("01.06.2025–01.06.2025", 4900)]


def test_a_one_off_that_is_waived_is_not_billed_and_one_that_was_billed_is_credited() -> None:
    setup = item("49.00", model=Model.ONE_OFF, start="2025-01-10")
    waiver = agreed(0, "2025-01-10/2025-01-11")
    assert Book(contract(setup, decisions=[waiver])).run("2025-01-31") == []
    book = Book(contract(setup))
    book.run("2025-01-10")
    book.amend(with_decisions(book.facts, agreed(4000, "2025-01-10/2025-01-11")), "2025-01-10")
    assert sorted(value for _days, value in rows(book.run("2025-01-31"))) == [-4900, 4000]


# ---- holds -----------------------------------------------------------------------------------------------------------


def test_a_hold_keeps_days_from_being_billed_and_from_being_credited() -> None:
    unbilled = Book(contract(item("31.00"), decisions=[hold("2025-01-11/2025-01-21")]))
    assert rows(unbilled.run("2025-01-01")) == [("01.01.2025–10.01.2025", 1000), ("21.01.2025–31.01.2025", 1100)]
    billed = Book(contract(item("31.00")))
    billed.run("2025-01-01")
    held = contract(item("62.00"), decisions=[hold("2025-01-11/2025-01-21")])
    billed.amend(held, "2025-01-01")
    assert rows(billed.run("2025-01-01")) == [
        ("01.01.2025–10.01.2025", -1000), ("01.01.2025–10.01.2025", 2000),
        ("21.01.2025–31.01.2025", -1100), ("21.01.2025–31.01.2025", 2200),
    ]  # fmt: skip
    assert billed.run("2025-01-01") == []
    billed.amend(contract(item("62.00")), "2025-01-11")  # the hold is withdrawn
    assert rows(billed.run("2025-01-01")) == [("11.01.2025–20.01.2025", -1000), ("11.01.2025–20.01.2025", 2000)]


def test_the_end_of_a_hold_makes_its_days_due_and_until_then_the_seal_waits() -> None:
    dispute = hold("2025-01-01/2025-02-01", until="2025-03-10")
    book = Book(contract(item("31.00"), decisions=[dispute]))
    assert rows(book.run("2025-02-01")) == [("01.02.2025–28.02.2025", 3100)]
    assert book.sealed == on("2025-01-01")
    assert book.preview("2025-02-01").next_due == on("2025-03-01")
    assert book.preview("2025-03-01").next_due == on("2025-03-10")
    assert rows(book.run("2025-03-10")) == [("01.01.2025–31.01.2025", 3100), ("01.03.2025–31.03.2025", 3100)]
    assert book.sealed == on("2025-03-10")


def test_a_hold_on_some_days_holds_what_is_billed_whole() -> None:
    calls = item("0.10", model=Model.METERED_UNIT)
    book = Book(contract(calls, usage={1: used(("2025-01-05", 100))}))
    book.run("2025-02-01")
    late = contract(calls, usage={1: used(("2025-01-05", 150))}, decisions=[hold("2025-01-20/2025-01-21")])
    book.amend(late, "2025-01-05")
    assert book.run("2025-02-01") == []
    book.amend(contract(calls, usage={1: used(("2025-01-05", 150))}), "2025-01-20")
    assert sorted(value for _days, value in rows(book.run("2025-02-01"))) == [-1000, 1500]


def test_a_hold_on_one_item_leaves_the_others_alone() -> None:
    book = Book(contract(item("31.00"), item("10.00", number=2), decisions=[hold(JANUARY)]))
    assert rows(book.run("2025-01-01")) == [("01.01.2025–31.01.2025", 1000)]


# ---- goodwill --------------------------------------------------------------------------------------------------------


def test_goodwill_survives_every_later_run() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-01-01")
    book.amend(with_decisions(book.facts, concession(500, JANUARY, corrects=(1, 1))), "2025-01-01")
    [credit] = book.run("2025-01-20")
    assert credit.totals == (-500, -95, -595)
    assert credit.composed.kind is Kind.CREDIT
    assert credit.composed.lines[0].line.corrects == (1, 1)
    for day in ("2025-01-20", "2025-01-25", "2025-01-31"):
        assert book.run(day) == []
    book.run("2025-06-01")
    assert book.total == 6 * 3000 - 500


def test_goodwill_is_never_more_than_what_is_owed_on_its_days() -> None:
    book = Book(contract(item("30.00"), decisions=[concession(9900, JANUARY)]))
    assert sum(value for _days, value in rows(book.run("2025-01-01"))) == 0
    part = Book(contract(item("31.00"), decisions=[concession(9900, "2025-01-11/2025-01-21")]))
    part.run("2025-01-01")
    assert part.total == 3100 - 1000
    twice = Book(contract(item("30.00"), decisions=[
        concession(2000, JANUARY, number=1), concession(2000, JANUARY, number=2)
    ]))  # fmt: skip
    twice.run("2025-01-01")
    assert twice.total == 0


def test_goodwill_shrinks_with_what_it_was_granted_on() -> None:
    book = Book(contract(item("30.00"), decisions=[concession(2000, JANUARY)]))
    book.run("2025-01-01")
    book.amend(contract(item("12.00"), decisions=[concession(2000, JANUARY)]), "2025-01-01")
    book.run("2025-01-20")
    assert book.total == 0


def test_goodwill_is_shared_over_tax_rates_and_payers_of_its_days() -> None:
    """31.00 in January: 11 days of payer 1 at 19 %, 20 days of payer 2 at 7 %."""

    def tax(account: int, _product: int, _last_day: object) -> Tax:
        return Tax("S", 1900 if account == 1 else 700)

    facts = contract(item("31.00"), payers=[("2025-01-12", 2)], decisions=[concession(620, JANUARY)])
    book = Book(facts, tax=tax)
    found = {document.account: document.totals for document in book.run("2025-01-01")}
    assert found == {1: (1100 - 220, 167, 1047), 2: (2000 - 400, 112, 1712)}


def test_negative_usage_reduces_what_goodwill_may_take() -> None:
    """A fee of 10.00 and corrected usage of −4.00 on one item's days leave 6.00 to give."""
    calls = item("1.00", model=Model.METERED_UNIT, later=[
        terms("2025-01-16", "2.00", model=Model.METERED_UNIT, product=2)
    ])  # fmt: skip
    usage = {1: used(("2025-01-05", 10), ("2025-01-20", -2))}
    book = Book(contract(calls, usage=usage, decisions=[concession(9900, JANUARY)]))
    book.run("2025-02-01")
    assert book.total == 0


def test_a_concession_moves_when_the_line_it_credits_is_taken_back() -> None:
    """Per line 0 ≤ value + what corrects it ≤ value: 30.00 cannot be credited by 5.00 and by 30.00."""
    book = Book(contract(item("30.00")))
    book.run("2025-01-01")
    goodwill = concession(500, JANUARY, corrects=(1, 1))
    book.amend(with_decisions(book.facts, goodwill), "2025-01-01")
    book.run("2025-01-10")
    book.amend(contract(item("60.00"), decisions=[goodwill]), "2025-01-01")
    [change] = book.run("2025-01-20")
    assert [(p.line.sign, p.line.value, p.line.corrects) for p in change.composed.lines] == [
        (-1, 500, (2, 1)), (1, -500, None), (-1, -3000, (1, 1)), (1, 6000, None),
    ]  # fmt: skip
    assert book.run("2025-01-25") == []


# ---- cancelling ------------------------------------------------------------------------------------------------------


def test_a_cancelled_document_is_billed_again_by_the_next_run() -> None:
    book = Book(contract(item("30.00")))
    book.run("2025-01-01")
    assert cancel(book, 1).totals == (-3000, -570, -3570)
    [again] = book.run("2025-01-02")
    assert again.totals == (3000, 570, 3570)
    assert [(e.sign, e.sequence) for e in book.entries] == [(1, 0), (-1, 1), (1, 2)]


def test_a_document_cancelled_with_a_hold_is_not_billed_again() -> None:
    calls, setup = item("0.10", number=2, model=Model.METERED_UNIT), item("49.00", number=3, model=Model.ONE_OFF)
    book = Book(contract(item("30.00"), calls, setup, usage={2: used(("2025-01-09", 70))}))
    book.run("2025-02-01")
    assert book.total == 6000 + 700 + 4900
    cancel(book, 1, hold_days=True)
    assert book.total == 0
    for day in ("2025-02-01", "2025-02-20"):
        assert book.run(day) == []
    assert rows(book.run("2025-03-01")) == [("01.03.2025–31.03.2025", 3000)]


def test_a_credit_can_be_cancelled_as_long_as_its_days_are_not_billed_again() -> None:
    book = Book(contract(item("31.00"), end="2025-02-01"))
    book.run("2025-01-01")
    book.amend(contract(item("31.00"), end="2025-01-11"), "2025-01-11")
    assert rows(book.run("2025-01-01")) == [("11.01.2025–31.01.2025", -2100)]
    assert [row[1] for row in cancel(book, 2).rows] == [2100]
    assert book.total == 3100
    assert rows(book.run("2025-01-02")) == [("11.01.2025–31.01.2025", -2100)]  # the contract still ends on 10 January
    book.amend(contract(item("31.00"), end="2025-02-01"), "2025-01-11")
    assert rows(book.run("2025-01-03")) == [("11.01.2025–31.01.2025", 2100)]
    with pytest.raises(CorrectionRefusedError) as refused:
        cancel(book, 2)
    assert refused.value.code == "billed_again"
    assert book.total == 3100


# ---- tax and payer ---------------------------------------------------------------------------------------------------


def test_another_payer_from_a_day_on_gets_the_days_from_then_on() -> None:
    book = Book(contract(item("31.00")))
    book.run("2025-01-01")
    book.amend(contract(item("31.00"), payers=[("2025-01-11", 2)]), "2025-01-11")
    found = {document.account: document.rows for document in book.run("2025-01-20")}
    assert found == {1: [("11.01.2025–31.01.2025", -2100)], 2: [("11.01.2025–31.01.2025", 2100)]}
    assert book.run("2025-01-20") == []


def test_what_is_billed_whole_goes_to_the_payer_of_its_last_day() -> None:
    calls, whole = item("0.10", model=Model.METERED_UNIT), item("20.00", number=2, basis=Basis.NONE)
    usage = {1: used(("2025-01-05", 100))}
    book = Book(contract(calls, whole, payers=[("2025-01-11", 2)], usage=usage))
    assert {document.account: document.composed.net for document in book.run("2025-01-15")} == {2: 2000}
    assert {document.account: document.composed.net for document in book.run("2025-02-01")} == {2: 1000 + 2000}


def test_another_rate_reverses_at_the_old_and_charges_at_the_new_one() -> None:
    """C5: the end of the service decides; a credit keeps the rate of what it takes back."""
    yearly = item("1200.00", start="2020-01-01", fee=YEAR)
    book = Book(contract(yearly, start="2020-01-01"))  # billed before the lower rate was known
    book.run("2020-01-02")
    assert book.documents[0].totals == (120_000, 22_800, 142_800)
    book.tax = vat_of_2020
    book.touch(on("2020-07-01"))
    [change] = book.run("2020-07-01")
    assert [(row.rate, row.base, row.tax) for row in change.composed.taxes] == [
        (1600, 120_000, 19_200), (1900, -120_000, -22_800),
    ]  # fmt: skip
    assert change.totals == (0, -3600, -3600)
    assert change.composed.kind is Kind.CREDIT


def test_an_item_that_ends_early_is_taxed_by_its_own_last_day() -> None:
    """A year to June 2021 at 19 %; ended at the end of October 2020 its service ends at 16 %."""
    yearly = item("365.00", start="2020-07-01", fee=YEAR)
    book = Book(contract(yearly, start="2020-07-01"), tax=vat_of_2020)
    book.run("2020-07-01")
    assert book.documents[0].composed.taxes[0].rate == 1900
    ended = item("365.00", start="2020-07-01", fee=YEAR, later=[gone("2020-11-01")])
    book.amend(contract(ended, start="2020-07-01"), "2020-11-01")
    [change] = book.run("2020-11-01")
    assert [(row.rate, row.base) for row in change.composed.taxes] == [(1600, 12_300), (1900, -36_500)]
    resumed = ended._replace(terms=[*ended.terms, terms("2021-07-01", "10.00")])
    book.amend(contract(resumed, start="2020-07-01"), "2021-07-01")
    assert rows(book.run("2021-06-30")) == []  # what comes later does not change what ended


# ---- usage -----------------------------------------------------------------------------------------------------------


def test_an_edge_of_one_item_does_not_cut_the_usage_of_another() -> None:
    first = item("0.10", model=Model.METERED_UNIT, later=[terms("2025-01-16", "0.20", model=Model.METERED_UNIT)])
    second = item("1.00", number=2, model=Model.METERED_UNIT)
    usage = {1: used(("2025-01-10", 10), ("2025-01-20", 10)), 2: used(("2025-01-10", 3), ("2025-01-20", 4))}
    book = Book(contract(first, second, usage=usage))
    assert rows(book.run("2025-02-01")) == [
        ("01.01.2025–15.01.2025", 100), ("16.01.2025–31.01.2025", 200), ("01.01.2025–31.01.2025", 700),
    ]  # fmt: skip


def test_usage_records_of_one_item_never_count_for_another() -> None:
    """A change of one item's price inside the slot reverses and charges that part only."""
    first, second = item("0.10", model=Model.METERED_UNIT), item("1.00", number=2, model=Model.METERED_UNIT)
    usage = {1: used(("2025-01-10", 10), ("2025-01-20", 10)), 2: used(("2025-01-10", 3))}
    book = Book(contract(first, second, usage=usage))
    book.run("2025-02-01")
    dearer = item("0.10", model=Model.METERED_UNIT, later=[terms("2025-01-16", "0.20", model=Model.METERED_UNIT)])
    book.amend(contract(dearer, second, usage=usage), "2025-01-16")
    [change] = book.run("2025-02-01")
    assert {placed.line.charge.identity.item for placed in change.composed.lines} == {1}
    assert change.composed.net == 100


def test_negative_usage_is_a_charge_and_the_total_decides_what_the_document_is() -> None:
    calls = item("0.10", model=Model.METERED_UNIT)
    book = Book(contract(calls, usage={1: used(("2025-01-10", -30))}))
    [credit] = book.run("2025-02-01")
    assert [(p.line.sign, p.line.value) for p in credit.composed.lines] == [(1, -300)]
    assert credit.composed.kind is Kind.CREDIT
    with_fee = Book(contract(calls, item("30.00", number=2), usage={1: used(("2025-01-10", -30))}))
    [bill] = with_fee.run("2025-02-01")
    assert bill.composed.kind is Kind.INVOICE
    assert bill.composed.net == 6000 - 300


def test_small_rated_amounts_are_carried_into_the_next_period_and_add_up() -> None:
    """0.4 cents a month: nothing, then one cent with the carry of the first; 1.2 cents in all are 1 cent."""
    calls = item("0", model=Model.RATED)
    usage = {1: rated(("2025-01-10", 40), ("2025-02-10", 40), ("2025-03-10", 40), scale=4)}
    carried = Book(contract(calls, usage=usage))
    assert rows(carried.run("2025-02-01")) == []
    assert rows(carried.run("2025-03-01")) == [("01.02.2025–28.02.2025", 1)]
    assert rows(carried.run("2025-04-01")) == []
    assert carried.sealed == on("2025-04-01")
    dropped = Book(contract(calls, usage=usage)._replace(carry_small_usage=False))
    dropped.run("2025-04-01")
    assert dropped.total == 0


def test_the_carry_is_the_same_wherever_the_daily_totals_begin() -> None:
    calls = item("0", model=Model.RATED)
    whole = {1: rated(("2025-01-10", 40), ("2025-02-10", 40), scale=4)}
    summed = {1: rated(("2025-02-10", 40), scale=4, before=40)}
    waived = [agreed(0, JANUARY)]
    for decisions in ((), waived):
        amounts = []
        for usage in (whole, summed):
            book = Book(contract(calls, usage=usage, decisions=decisions))
            book.sealed = on("2025-02-01")
            amounts.append([value for _days, value in rows(book.run("2025-03-01"))])
        assert amounts == [[1], [1]]
