"""The invoice run (JB-53 to 58, 61 to 63, 65): frozen, drafted, released, numbered, issued; repeatable, resumable."""

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    Company,
    company,
    contract,
    customer,
    day,
    drafted,
    drafts,
    issued,
    item,
    lines,
    only,
    parked,
    product,
    run,
    started,
    totals,
    used,
)
from turnus import order_to_cash
from turnus.contracts.amend import change_terms, end_contract
from turnus.core.periods import Cycle
from turnus.invoices.models import Invoice, Pending, Run, RunUnit
from turnus.invoices.runs import (
    DefinitionData,
    RunRefusedError,
    due_definitions,
    put_definition,
    reopen_parked,
    schedule_next,
    withdraw,
)
from turnus.records.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.database


def two_contracts(automation: str = "draft") -> Company:
    firm = company(automation=automation)
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    return firm


def test_jb_54_jb_55_jb_56_a_run_that_stops_at_draft_has_all_but_the_number() -> None:
    firm = two_contracts()
    assert run(firm, "2025-01-01") == []
    assert [lines(document) for document in drafts()] == [["1 abo 01.01.2025–31.01.2025 30.00"]] * 2
    assert [document.taxes[0].tax for document in drafts()] == [5_70] * 2
    assert [(document.number, totals(document)) for document in drafts()] == [("", "30.00 + 5.70 = 35.70")] * 2
    assert OutboxMessage.objects.count() == 0


def test_jb_54_jb_58_a_run_that_issues_queues_the_rendering_and_sends_nothing() -> None:
    firm = two_contracts("issue")
    assert len(run(firm, "2025-01-01")) == 2
    numbers = ",".join(str(row) for row in Invoice.objects.order_by("id").values_list("id", flat=True))
    assert list(OutboxMessage.objects.values_list("topic", "key")) == [("invoices.render", numbers)]


def test_jb_54_jb_65_a_run_that_sends_queues_each_invoice_once() -> None:
    firm = two_contracts("send")
    run(firm, "2025-01-01")
    run(firm, "2025-01-01")
    sent = OutboxMessage.objects.filter(topic="invoice.send").values_list("key", flat=True)
    assert sorted(sent) == sorted(str(row) for row in Invoice.objects.values_list("id", flat=True))


def test_jb_57_drafting_again_refreshes_the_drafts_and_doubles_none() -> None:
    firm = company(automation="draft")
    product(firm, "abo", "30.00")
    product(firm, "call", "1", METERED)
    contract(firm, "V1", "2025-01-01", "abo", "call")
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    number = started(firm, "2025-02-01")
    assert sorted(document.net for document in drafts()) == [60_00, 60_00]
    used(firm, "V1", "call", "2025-01-20", "7")
    assert started(firm, "2025-02-01") == number
    assert sorted(document.net for document in drafts()) == [60_00, 67_00]
    assert sorted(document.net for document in issued(number)) == [60_00, 67_00]


def test_jb_57_drafting_again_takes_in_contracts_concluded_since() -> None:
    firm = two_contracts()
    number = started(firm, "2025-01-01")
    contract(firm, "V3", "2025-01-01", "abo", by="K3")
    assert started(firm, "2025-01-01") == number
    assert len(drafts()) == 3
    assert len(issued(number)) == 3


def test_jb_57_a_draft_that_is_no_longer_owed_vanishes() -> None:
    firm = two_contracts()
    started(firm, "2025-01-01")
    end_contract(firm.id, "V1", end=day("2025-01-01"), by=BY)
    number = started(firm, "2025-01-01")
    assert [document.customer_number for document in drafts()] == ["K2"]
    assert [document.customer_number for document in issued(number)] == ["K2"]
    assert Run.objects.get().state == Run.State.DONE


def test_jb_57_the_run_of_a_later_day_takes_over_the_drafts_of_the_earlier_one() -> None:
    firm = two_contracts()
    first = started(firm, "2025-01-01")
    second = started(firm, "2025-02-01")
    assert [document.net for document in drafts()] == [60_00, 60_00]
    assert issued(first) == []
    assert [document.net for document in issued(second)] == [60_00, 60_00]
    assert set(Run.objects.values_list("state", flat=True)) == {Run.State.DONE}


def test_a_contract_that_changes_between_draft_and_release_is_parked_for_a_new_draft() -> None:
    firm = two_contracts()
    number = started(firm, "2025-01-01")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(40), by=BY)
    assert [document.customer_number for document in issued(number)] == ["K2"]
    assert parked(number) == ["redraft"]
    assert reopen_parked(number, by=BY) == 1
    drafted(number)
    again = only(issued(number))
    assert (totals(again), again.number) == ("40.00 + 7.60 = 47.60", "RE-2025-000002")
    assert (parked(number), Run.objects.get().state) == ([], Run.State.DONE)


def test_a_run_is_not_issued_before_it_is_drafted() -> None:
    firm = two_contracts()
    number, _new = order_to_cash.start_run(firm.definition, through=day("2025-01-01"), on=day("2025-01-01"), by=BY)
    with pytest.raises(RunRefusedError) as error:
        issued(number)
    assert error.value.code == "not_drafted"


def test_jb_53_the_same_run_started_twice_is_one_run() -> None:
    firm = two_contracts()
    first = started(firm, "2025-01-01")
    assert started(firm, "2025-01-01") == first
    assert len(issued(first)) == 2
    assert run(firm, "2025-01-01") == []
    assert Pending.objects.count() == 0


def test_what_another_run_has_released_waits_until_that_run_goes_on() -> None:
    firm = two_contracts("issue")
    number, _new = order_to_cash.start_run(firm.definition, through=day("2025-01-01"), on=day("2025-01-01"), by=BY)
    drafted(number)  # straight through: released, not yet numbered
    other = put_definition(firm.id, DefinitionData("other", automation="issue"), by=BY)
    assert run(firm, "2025-01-02", definition=other) == []
    assert parked(Run.objects.get(definition_id=other).id) == ["released_elsewhere"] * 2
    assert len(issued(number)) == 2
    assert run(firm, "2025-01-03", definition=other) == []


def test_a_withdrawn_run_leaves_drafts_that_the_next_run_rewrites() -> None:
    firm = two_contracts("issue")
    number, _new = order_to_cash.start_run(firm.definition, through=day("2025-01-01"), on=day("2025-01-01"), by=BY)
    drafted(number)
    assert withdraw(number, reason="falscher Preis", by=BY) == 2
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(20), by=BY)
    assert sorted(document.net for document in run(firm, "2025-01-01")) == [20_00, 30_00]


def test_a_numbered_run_is_not_withdrawn_any_more() -> None:
    firm = two_contracts("issue")
    run(firm, "2025-01-01")
    with pytest.raises(RunRefusedError) as error:
        withdraw(Run.objects.get().id, reason="zu spät", by=BY)
    assert error.value.code == "numbered"


# ---- scope: by customer, kind and cycle (JB-61) ----------------------------------------------------------------------


def mixed_house() -> Company:
    """K1 has a gold and a silver contract on one account, K2 a gold and a yearly one, each on accounts of their own."""
    firm = company(automation="draft")
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo", kind="gold", group="all")
    contract(firm, "V2", "2025-01-01", "abo", kind="silver", group="all")
    contract(firm, "V3", "2025-01-01", "abo", kind="gold", by="K2")
    contract(firm, "V4", "2025-01-01", item("abo", price="300"), fee=Cycle(12, 0), by="K2")
    return firm


@pytest.mark.parametrize(
    ("kind", "cycle", "expected"),
    [
        ("gold", "", [30_00, 30_00]),
        ("silver", "", [30_00]),
        ("", "12m", [300_00]),
        ("gold", "1m", [30_00, 30_00]),
        ("", "", [30_00, 60_00, 300_00]),
    ],
)
def test_jb_61_a_run_covers_what_its_definition_says(kind: str, cycle: str, expected: list[int]) -> None:
    firm = mixed_house()
    scope = DefinitionData("some", automation="issue", contract_kind=kind, cycle=cycle)
    definition = put_definition(firm.id, scope, by=BY)
    assert sorted(document.net for document in run(firm, "2025-01-01", definition=definition)) == expected


def test_jb_61_a_run_for_one_customer() -> None:
    firm = mixed_house()
    scope = DefinitionData("K2", automation="issue", customer=customer(firm, "K2"))
    documents = run(firm, "2025-01-01", definition=put_definition(firm.id, scope, by=BY))
    assert sorted(document.net for document in documents) == [30_00, 300_00]


def test_jb_61_a_scoped_run_leaves_the_drafts_of_others_as_they_are() -> None:
    firm = mixed_house()
    started(firm, "2025-01-01")
    before = sorted(totals(document) for document in drafts())
    gold = put_definition(firm.id, DefinitionData("gold", contract_kind="gold"), by=BY)
    started(firm, "2025-01-01", gold)
    assert sorted(totals(document) for document in drafts()) == before
    silver = put_definition(firm.id, DefinitionData("silver", contract_kind="silver"), by=BY)
    started(firm, "2025-01-01", silver)
    assert sorted(totals(document) for document in drafts()) == before


def test_jb_61_a_scoped_run_rewrites_its_part_of_a_shared_draft() -> None:
    firm = mixed_house()
    started(firm, "2025-01-01")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(50), by=BY)
    gold = put_definition(firm.id, DefinitionData("gold", contract_kind="gold", automation="issue"), by=BY)
    documents = run(firm, "2025-01-01", definition=gold)
    assert sorted(document.net for document in documents) == [30_00, 80_00]
    assert [document.net for document in drafts()] == [300_00]
    rest = put_definition(firm.id, DefinitionData("rest", automation="issue"), by=BY)
    assert [document.net for document in run(firm, "2025-01-31", definition=rest)] == [300_00]


def test_a_collective_account_has_one_invoice_for_all_contracts_of_its_group() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    for number in ("V1", "V2", "V3"):
        contract(firm, number, "2025-01-01", "abo", group="Holding")
    contract(firm, "V4", "2025-01-01", "abo")
    collective, own = run(firm, "2025-01-01")
    assert (collective.net, [line.contract for line in collective.lines]) == (90_00, ["V1", "V2", "V3"])
    assert (own.net, own.contracts) == (30_00, ("V4",))
    assert collective.contracts == ("V1", "V2", "V3")


def test_a_parked_contract_parks_its_collective_invoice_as_a_whole() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    product(firm, "old", "10.00")
    contract(firm, "V1", "2025-01-01", "abo", group="all")
    contract(firm, "V2", "2006-01-01", "old", group="all", end="2006-02-01")
    contract(firm, "V3", "2025-01-01", "abo", by="K2")
    assert [document.customer_number for document in run(firm, "2025-01-01")] == ["K2"]
    assert parked(Run.objects.get().id) == ["rate_missing"]


# ---- schedule (JB-63) ------------------------------------------------------------------------------------------------


def test_jb_63_a_missed_slot_of_the_schedule_is_caught_up() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    monthly = DefinitionData("monthly", automation="issue", every_months=1, next_on=day("2025-01-01"))
    definition = put_definition(firm.id, monthly, by=BY)
    caught_up = []
    while due := due_definitions(day("2025-03-10")):
        [(number, on)] = due
        caught_up += [lines(document) for document in run(firm, on.isoformat(), definition=number)]
        schedule_next(number, on, by=BY)
    assert caught_up == [
        ["1 abo 01.01.2025–31.01.2025 30.00"],
        ["1 abo 01.02.2025–28.02.2025 30.00"],
        ["1 abo 01.03.2025–31.03.2025 30.00"],
    ]
    assert due_definitions(day("2025-03-31")) == []
    assert due_definitions(day("2025-04-01")) == [(definition, day("2025-04-01"))]


def test_every_step_of_a_run_leaves_an_entry_with_actor_and_digest() -> None:
    firm = two_contracts("send")
    run(firm, "2025-01-01")
    entries = AuditEntry.objects.filter(object_type="run").order_by("id")
    assert list(entries.values_list("action", flat=True)) == [
        "run.freeze", "run.release", "run.drafted", "run.number", "run.issue", "run.done",
    ]  # fmt: skip
    assert set(entries.values_list("actor_name", "at")) == {("Erika Beispiel", BY.at)}
    digests = dict(entries.values_list("action", "digest"))
    assert digests["run.release"] == digests["run.issue"] != ""
    assert RunUnit.objects.values_list("state", flat=True).distinct().get() == "issued"
