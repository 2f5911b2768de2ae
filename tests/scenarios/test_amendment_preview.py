"""The preview of an amendment is what the runs then issue, and leaves nothing behind (PI-15, hard case 3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.builders import BY, Company, company, contract, customer, day, item, lines, product, run, totals
from tests.scenarios.agreements import FIRST, agreed, agreements, bare, changes, content, seller, undone
from turnus.contracts.amend import change_payer, end_contract
from turnus.contracts.change import Amended, change_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.core.amending import AddItem, Change, ChangeItem, Moment
from turnus.core.contracts import NewContract, NewItem
from turnus.core.document import InvoiceDocument
from turnus.invoices.foresee import Step
from turnus.stories.amending import Preview, caused, plan_differences, preview

pytestmark = pytest.mark.database


def foreseen(step: Step | None) -> list[InvoiceDocument]:
    return [row.document for row in step.documents] if step else []


def issued(firm: Company, on: date) -> list[InvoiceDocument]:
    return [bare(document) for document in run(firm, on.isoformat())]


def tried(firm: Company, on: date, *wanted: Change) -> Preview[Amended]:
    act = partial(change_contract, firm.id, "V1", wanted, on=on, by=BY)
    return preview(firm.id, "V1", act, on=on)


def test_case_3_an_upgrade_is_shown_with_both_of_its_documents_before_it_is_made() -> None:
    firm = company()
    product(firm, "a", "30.00")
    product(firm, "b", "90.00")
    contract(firm, "V1", "2025-04-01", item("a", named="plan"))
    run(firm, "2025-04-01")
    found = tried(firm, day("2025-04-11"), ChangeItem("plan", product="b"))
    [(document, anyway)] = caused(found.before.today, found.after.today)
    assert (lines(document.document), totals(document.document), anyway) == (
        ["-1 a 11.04.2025–30.04.2025 -20.00", "1 b 11.04.2025–30.04.2025 60.00"], "40.00 + 7.60 = 47.60", False,
    )  # fmt: skip
    assert found.after.next is not None
    assert found.after.next.on == day("2025-05-01")
    [following] = foreseen(found.after.next)
    assert (lines(following), totals(following)) == (["1 b 01.05.2025–31.05.2025 90.00"], "90.00 + 17.10 = 107.10")
    [both] = foreseen(found.after.instead)
    assert totals(both) == "130.00 + 24.70 = 154.70", "without a run today the next one bills both"
    rows = plan_differences(found.before.plan, found.after.plan)
    assert [(str(row.due_on), row.customer, row.before, row.after) for row in rows[:3]] == [
        ("2025-04-11", "K1", 0, 40_00), ("2025-05-01", "K1", 30_00, 90_00), ("2025-06-01", "K1", 30_00, 90_00),
    ]  # fmt: skip


def test_what_would_be_billed_anyway_is_told_apart() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    found = tried(firm, day("2025-04-05"), ChangeItem("abo", Moment.PERIOD_END, price=Decimal(40)))
    assert [anyway for _document, anyway in caused(found.before.today, found.after.today)] == [True]
    assert [anyway for _document, anyway in caused(found.before.next, found.after.next)] == [False]


def test_a_contract_that_ends_has_no_next_document() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    run(firm, "2025-04-01")
    act = partial(end_contract, firm.id, "V1", end=day("2025-05-01"), by=BY)
    found = preview(firm.id, "V1", act, on=day("2025-04-11"))
    assert (found.after.today.documents, found.after.next, found.after.plan.documents) == ([], None, [])
    assert found.before.next is not None


def test_another_payer_is_shown_with_the_documents_of_both() -> None:
    firm = seller()
    agreed(firm, NewContract("V1", "K1", day("2025-04-01"), (NewItem("abo", "small", Decimal(1)),)))
    run(firm, "2025-04-01")
    second = customer(firm, "K2")
    act = partial(change_payer, firm.id, "V1", customer=second, valid_from=day("2025-04-16"), by=BY)
    found = preview(firm.id, "V1", act, on=day("2025-04-16"))
    assert sorted((d.customer_number, d.net) for d in foreseen(found.after.today)) == [("K1", -14_95), ("K2", 14_95)]


def test_what_cannot_be_billed_is_shown_with_its_reason() -> None:
    firm = company()
    customer(firm, "K1", country="FR", vat_id="FR12345678901")
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    found = tried(firm, day("2025-04-05"), ChangeItem("abo", price=Decimal(40)))
    assert [row.code for row in found.after.today.parked] == ["vat_id_unchecked"]
    assert [row.net for row in found.after.plan.documents][:2] == [38_67, 40_00], "the plan is told without VAT"
    assert [row.code for row in found.after.plan.held] == ["vat_id_unchecked"]


def test_a_refused_amendment_is_refused_in_its_preview() -> None:
    firm = seller()
    agreed(firm, NewContract("V1", "K1", day("2025-04-01"), (NewItem("abo", "small", Decimal(1)),)))
    before = content()
    with pytest.raises(ContractRefusedError):
        tried(firm, day("2025-04-05"), AddItem(NewItem("abo", "small", Decimal(1))))
    assert content() == before


@settings(max_examples=12)
@given(
    agreement=agreements(),
    wanted=st.lists(changes(), min_size=1, max_size=3),
    billed=st.sampled_from([None, 0, 30, 75]),
    after=st.integers(0, 45),
)
def test_the_preview_is_what_the_runs_issue_and_leaves_nothing_behind(
    agreement: NewContract, wanted: list[Change], billed: int | None, after: int
) -> None:
    with undone():
        firm = seller()
        agreed(firm, agreement)
        if billed is not None:
            run(firm, str(FIRST + timedelta(days=billed)))
        on = FIRST + timedelta(days=(billed or 0) + after)
        before = content()
        try:
            found = tried(firm, on, *wanted)
        except ContractRefusedError:
            assert content() == before
            assume(False)  # noqa: FBT003 - as it is called
            return
        assert content() == before, "a preview leaves nothing in any table"
        assert change_contract(firm.id, "V1", wanted, on=on, by=BY).changes == found.outcome.changes
        check_runs(firm, on, found)


def check_runs(firm: Company, on: date, found: Preview[Amended]) -> None:
    """Today's run, the next one after it, and the next one without today's issue what was shown."""
    following = found.after.next
    if following is not None and found.after.instead is not None:
        with undone():
            assert issued(firm, following.on) == foreseen(found.after.instead)
    assert issued(firm, on) == foreseen(found.after.today)
    assert issued(firm, on) == [], "a second run is empty"
    if following is not None:
        assert issued(firm, following.on) == foreseen(following)
