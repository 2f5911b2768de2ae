"""Renewals with their log and reminder, reactivation, replacement, another billing day, co-terming (hard case 18)."""

from __future__ import annotations

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    customer,
    day,
    item,
    lines,
    only,
    pay,
    product,
    run,
    totals,
)
from turnus.contracts.agree import agree_terms
from turnus.contracts.amend import end_contract
from turnus.contracts.anchors import change_billing_day, co_term
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lookup import contract_id
from turnus.contracts.notices import give_notice, revoke_notice
from turnus.contracts.renewals import REMINDER, queue_reminders, record_renewals, renewals_of
from turnus.contracts.successors import reactivate, replace_contract, replacements
from turnus.contracts.term_sheet import term_sheet
from turnus.core.contracts import NewContract
from turnus.core.notices import NewNotice
from turnus.core.parties import CustomerKind
from turnus.core.periods import Basis, Cycle
from turnus.core.terms import NewContractTerms
from turnus.records.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.database

YEAR = Cycle(12, 0)
BUSINESS = NewContractTerms(YEAR, YEAR, Cycle(3, 0))
CONSUMER = NewContractTerms(YEAR, None, Cycle(1, 0))


@pytest.fixture
def firm() -> Company:
    made = company()
    product(made, "abo", "30.00")
    product(made, "plus", "60.00")
    return made


def logged(firm: Company, number: str = "V1") -> list[tuple[int, str, str]]:
    return [(n, str(start), str(end)) for n, start, end in renewals_of(contract_id(firm.id, number))]


def renew(firm: Company, on: str) -> int:
    return record_renewals(firm.id, on=day(on), by=BY)


def remind(firm: Company, on: str, lead_days: int = 30) -> list[str]:
    queue_reminders(firm.id, on=day(on), lead_days=lead_days)
    return list(OutboxMessage.objects.filter(topic=REMINDER).order_by("id").values_list("key", flat=True))


# ---- renewal ---------------------------------------------------------------------------------------------------------


def test_jb_15_a_contract_renews_by_itself_and_the_log_says_so_once(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    assert (renew(firm, "2025-10-14"), logged(firm)) == (0, [])
    assert renew(firm, "2025-10-15") == 1
    assert logged(firm) == [(2, "2026-01-15", "2027-01-15")]
    assert [renew(firm, on) for on in ("2025-10-15", "2026-01-15", "2026-10-14")] == [0, 0, 0]
    assert renew(firm, "2026-10-15") == 1
    assert AuditEntry.objects.filter(action="contract.renew").count() == 2
    assert [len(run(firm, through)) for through in ("2025-12-15", "2026-12-15", "2026-12-15")] == [1, 1, 0]


def test_days_on_which_nobody_looked_are_caught_up(firm: Company) -> None:
    contract(firm, "V1", "2020-01-15", "abo", terms=BUSINESS)
    contract(firm, "V2", "2023-01-15", "abo", terms=BUSINESS)
    contract(firm, "V3", "2020-01-15", "abo")
    assert renew(firm, "2025-01-01") == 5 + 2
    assert [number for number, _start, _end in logged(firm)] == [2, 3, 4, 5, 6]
    assert [number for number, _start, _end in logged(firm, "V2")] == [2, 3]


def test_a_consumer_goes_on_for_an_indefinite_time(firm: Company) -> None:
    customer(firm, "P1", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    assert renew(firm, "2030-01-01") == 1
    assert logged(firm) == [(2, "2026-01-15", "None")]


def test_notice_in_time_stops_the_renewal_and_its_revocation_lets_it_come(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    give_notice(firm.id, "V1", NewNotice(day("2025-10-14")), by=BY)
    assert renew(firm, "2026-06-01") == 0
    revoke_notice(firm.id, "V1", on=day("2025-12-01"), by=BY)
    assert renew(firm, "2025-12-01") == 1


def test_late_notice_ends_the_renewed_term_which_is_logged(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    give_notice(firm.id, "V1", NewNotice(day("2025-10-15")), by=BY)
    assert renew(firm, "2030-01-01") == 1
    assert logged(firm) == [(2, "2026-01-15", "2027-01-15")]


def test_notice_that_is_found_after_the_renewal_was_logged_ends_the_term_before_it(firm: Company) -> None:
    number = contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    assert renew(firm, "2025-10-15") == 1
    found = give_notice(firm.id, "V1", NewNotice(day("2025-10-14")), by=BY)
    assert (str(found.end), found.late) == ("2026-01-15", False)
    assert term_sheet(number, on=day("2025-11-01")).renewals == []
    assert renew(firm, "2030-01-01") == 0
    revoke_notice(firm.id, "V1", on=day("2025-11-02"), by=BY)
    assert (renew(firm, "2025-11-02"), renew(firm, "2026-10-15")) == (0, 1)
    assert len(term_sheet(number, on=day("2026-11-01")).renewals) == 2


def test_terms_agreed_anew_renew_by_their_own_rule(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    renew(firm, "2025-11-01")
    agree_terms(firm.id, "V1", NewContractTerms(Cycle(24, 0), Cycle(6, 0), Cycle(1, 0)), valid_from=day("2026-03-01"),
                restart=True, by=BY)  # fmt: skip
    assert renew(firm, "2028-02-01") == 1
    assert logged(firm)[-1] == (2, "2028-03-01", "2028-09-01")


def test_many_contracts_renew_in_a_fixed_number_of_statements_per_chunk(
    firm: Company, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(30):
        contract(firm, f"V{number}", "2025-01-15", "abo", terms=BUSINESS)
    with django_assert_max_num_queries(24):  # type: ignore[operator] # a context manager of pytest-django
        assert renew(firm, "2025-10-15") == 30


# ---- reminder --------------------------------------------------------------------------------------------------------


def test_a_reminder_is_queued_once_before_the_last_day_for_notice(firm: Company) -> None:
    number = contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    assert remind(firm, "2025-09-13") == []
    assert remind(firm, "2025-09-14") == [f"{number}:2026-01-15"]
    assert remind(firm, "2025-09-15") == [f"{number}:2026-01-15"]
    renew(firm, "2025-10-15")
    assert remind(firm, "2026-09-14") == [f"{number}:2026-01-15", f"{number}:2027-01-15"]


def test_a_contract_has_lead_days_of_its_own_or_wants_none(firm: Company) -> None:
    own = contract(firm, "V1", "2025-01-15", "abo", terms=NewContractTerms(YEAR, YEAR, Cycle(3, 0), reminder_days=5))
    contract(firm, "V2", "2025-01-15", "abo", terms=NewContractTerms(YEAR, YEAR, Cycle(3, 0), reminder_days=0))
    assert remind(firm, "2025-10-08") == []
    assert remind(firm, "2025-10-09") == [f"{own}:2026-01-15"]
    assert remind(firm, "2025-10-14", 60) == [f"{own}:2026-01-15"]


def test_no_reminder_once_notice_is_given_or_the_day_has_passed(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    contract(firm, "V2", "2025-01-15", "abo", terms=BUSINESS)
    give_notice(firm.id, "V1", NewNotice(day("2025-03-01")), by=BY)
    assert remind(firm, "2025-10-15") == []
    assert remind(firm, "2025-10-14", 0) == []


# ---- reactivation ----------------------------------------------------------------------------------------------------


def churned(firm: Company) -> None:
    """Monthly from the 15th, ended with 19.04., the rest of April credited."""
    contract(firm, "V1", "2025-03-15", "abo")
    run(firm, "2025-03-15")
    assert only(run(firm, "2025-04-15")).net == 30_00
    end_contract(firm.id, "V1", end=day("2025-04-20"), by=BY)
    assert lines(only(run(firm, "2025-04-20"))) == ["-1 abo 20.04.2025–14.05.2025 -25.00"]


def test_reactivation_on_the_churn_day_leaves_no_gap_and_bills_no_day_twice(firm: Company) -> None:
    churned(firm)
    reactivate(firm.id, "V1", on=day("2025-04-20"), by=BY)
    assert lines(only(run(firm, "2025-04-20"))) == ["1 abo 20.04.2025–14.05.2025 25.00"]
    assert lines(only(run(firm, "2025-05-15"))) == ["1 abo 15.05.2025–14.06.2025 30.00"]
    assert run(firm, "2025-05-15") == []


def test_reactivation_before_the_credit_was_written_bills_nothing(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo")
    run(firm, "2025-04-15")
    end_contract(firm.id, "V1", end=day("2025-04-20"), by=BY)
    reactivate(firm.id, "V1", on=day("2025-04-20"), by=BY)
    assert run(firm, "2025-04-20") == []


def test_reactivation_with_new_periods_begins_them_on_its_day(firm: Company) -> None:
    churned(firm)
    reactivate(firm.id, "V1", on=day("2025-04-20"), restart=True, by=BY)
    assert lines(only(run(firm, "2025-04-20"))) == ["1 abo 20.04.2025–19.05.2025 30.00"]
    assert lines(only(run(firm, "2025-05-20"))) == ["1 abo 20.05.2025–19.06.2025 30.00"]


def test_the_days_between_end_and_reactivation_owe_nothing(firm: Company) -> None:
    churned(firm)
    reactivate(firm.id, "V1", on=day("2025-06-01"), by=BY)
    assert lines(only(run(firm, "2025-06-01"))) == ["1 abo 01.06.2025–14.06.2025 13.55"]  # 30.00 × 14/31
    assert lines(only(run(firm, "2025-06-15"))) == ["1 abo 15.06.2025–14.07.2025 30.00"]


def test_a_reactivated_contract_may_begin_a_new_term(firm: Company) -> None:
    churned(firm)
    reactivate(firm.id, "V1", on=day("2025-06-01"), restart=True, terms=BUSINESS, by=BY)
    assert str(give_notice(firm.id, "V1", NewNotice(day("2025-07-01")), by=BY).end) == "2026-06-01"


def test_what_has_not_ended_is_not_reactivated(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo")
    with pytest.raises(ContractRefusedError, match="not_ended"):
        reactivate(firm.id, "V1", on=day("2025-04-20"), by=BY)
    end_contract(firm.id, "V1", end=day("2025-04-20"), by=BY)
    with pytest.raises(ContractRefusedError, match="not_ended"):
        reactivate(firm.id, "V1", on=day("2025-04-19"), by=BY)


# ---- replacement -----------------------------------------------------------------------------------------------------


def test_a_contract_that_replaces_another_is_billed_from_the_day_on_which_that_one_ends(firm: Company) -> None:
    old = contract(firm, "V1", "2025-04-01", "abo", group="alles", terms=BUSINESS)
    pay(firm, only(run(firm, "2025-04-01")), on="2025-04-02")
    new = NewContract("V2", "K1", day("2025-04-11"), (item("plus"),), anchor=day("2025-04-01"), group="alles")
    successor = replace_contract(firm.id, "V1", new, reason="Umstieg", by=BY)
    assert replacements(old) == (None, successor)
    assert replacements(successor) == (old, None)
    both = only(run(firm, "2025-04-11"))
    assert sorted(lines(both)) == ["-1 abo 11.04.2025–30.04.2025 -20.00", "1 plus 11.04.2025–30.04.2025 40.00"]
    assert totals(both) == "20.00 + 3.80 = 23.80"
    assert replace_contract(firm.id, "V1", new, by=BY) == successor
    with pytest.raises(ContractRefusedError, match="replaced_already"):
        reactivate(firm.id, "V1", on=day("2025-05-01"), by=BY)
    assert run(firm, "2025-04-11") == []
    assert renew(firm, "2030-01-01") == 0


def test_a_replacement_that_is_none_is_refused(firm: Company) -> None:
    contract(firm, "V1", "2025-04-01", "abo", end="2025-05-01")
    gap = NewContract("V2", "K1", day("2025-05-02"), (item("plus"),))
    with pytest.raises(ContractRefusedError, match="replacement_gap"):
        replace_contract(firm.id, "V1", gap, by=BY)
    with pytest.raises(ContractRefusedError) as error:
        replace_contract(firm.id, "V1", NewContract("V1", "K1", day("2025-06-01"), (item("plus"),), currency="USD"),
                         by=BY)  # fmt: skip
    assert [fault.code for fault in error.value.faults] == [
        "replaced_by_itself", "replacement_currency", "replacement_gap",
    ]  # fmt: skip
    replace_contract(firm.id, "V1", NewContract("V3", "K1", day("2025-05-01"), (item("plus"),)), by=BY)
    with pytest.raises(ContractRefusedError, match="replaced_already"):
        replace_contract(firm.id, "V1", NewContract("V4", "K1", day("2025-04-15"), (item("plus"),)), by=BY)


# ---- another billing day ---------------------------------------------------------------------------------------------


def test_another_billing_day_makes_one_short_period_of_each_item_when_its_own_is_over(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo", item("plus", fee=Cycle(3, 0)))
    run(firm, "2025-03-15")
    change_billing_day(firm.id, "V1", day=1, since=day("2025-04-02"), by=BY)
    assert run(firm, "2025-04-02") == []
    assert lines(only(run(firm, "2025-04-15"))) == ["1 abo 15.04.2025–30.04.2025 16.00"]  # 30.00 × 16/30
    assert lines(only(run(firm, "2025-05-01"))) == ["1 abo 01.05.2025–31.05.2025 30.00"]
    june = [line for document in run(firm, "2025-07-01") for line in lines(document)]
    assert sorted(june) == [
        "1 abo 01.06.2025–30.06.2025 30.00", "1 abo 01.07.2025–31.07.2025 30.00",
        "1 plus 01.07.2025–30.09.2025 60.00", "1 plus 15.06.2025–30.06.2025 10.55",  # 60.00 × 16/91
    ]  # fmt: skip


def test_another_billing_day_at_once_credits_what_was_billed_ahead(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo")
    run(firm, "2025-03-15")
    change_billing_day(firm.id, "V1", day=1, since=day("2025-04-01"), at_once=True, by=BY)
    document = only(run(firm, "2025-04-01"))
    assert sorted(lines(document)) == ["-1 abo 01.04.2025–14.04.2025 -13.55", "1 abo 01.04.2025–30.04.2025 30.00"]
    assert run(firm, "2025-04-15") == []


def test_a_billing_day_of_the_31st_is_the_last_of_shorter_months(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo")
    run(firm, "2025-03-15")
    change_billing_day(firm.id, "V1", day=31, since=day("2025-04-15"), by=BY)
    assert lines(only(run(firm, "2025-04-15"))) == ["1 abo 15.04.2025–29.04.2025 15.00"]  # 30.00 × 15/30
    assert lines(only(run(firm, "2025-04-30"))) == ["1 abo 30.04.2025–30.05.2025 30.00"]


def test_a_billing_day_that_no_month_has_is_refused(firm: Company) -> None:
    contract(firm, "V1", "2025-03-15", "abo")
    with pytest.raises(ContractRefusedError, match="billing_day"):
        change_billing_day(firm.id, "V1", day=32, since=day("2025-04-15"), by=BY)
    with pytest.raises(ContractRefusedError, match="unknown_item"):
        change_billing_day(firm.id, "V1", day=1, since=day("2025-04-15"), items=["x"], by=BY)


# ---- co-terming ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "first"),
    [(Basis.ACTUAL_PERIOD, "429.04"), (Basis.CALENDAR_MONTH, "426.67"), (Basis.AVG_MONTH, "427.95")],
)
def test_case_18_an_add_on_ends_with_the_main_item_and_then_both_are_one_invoice(
    firm: Company, basis: Basis, first: str
) -> None:
    main = item("abo", price="1200.00", fee=YEAR)
    contract(firm, "V1", "2025-01-01", main, item("plus", price="600.00", fee=YEAR, basis=basis, start="2025-04-15"))
    assert only(run(firm, "2025-01-01")).net == 1_200_00
    assert lines(only(run(firm, "2025-04-15"))) == [f"1 plus 15.04.2025–31.12.2025 {first}"]
    both = only(run(firm, "2026-01-01"))
    assert totals(both) == "1800.00 + 342.00 = 2142.00"
    assert len(both.lines) == 2


def test_an_item_with_an_anchor_of_its_own_is_brought_to_the_contracts(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo", "plus")
    run(firm, "2025-01-01")
    change_billing_day(firm.id, "V1", day=10, since=day("2025-02-01"), items=["plus"], by=BY)
    assert sum(document.net for document in run(firm, "2025-02-10")) == 30_00 + 17_42 + 60_00  # 60.00 × 9/31
    co_term(firm.id, "V1", "plus", since=day("2025-02-15"), by=BY)
    short = [line for document in run(firm, "2025-03-10") for line in lines(document)]
    assert sorted(short) == ["1 abo 01.03.2025–31.03.2025 30.00", "1 plus 10.03.2025–31.03.2025 42.58"]  # × 22/31
    both = only(run(firm, "2025-04-01"))
    assert sorted(lines(both)) == ["1 abo 01.04.2025–30.04.2025 30.00", "1 plus 01.04.2025–30.04.2025 60.00"]
