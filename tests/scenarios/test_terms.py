"""Term, notice and termination (hard case 5; JB-14, 16, PI-09, PI-10; law.md L-33, L-34)."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    item,
    lines,
    only,
    product,
    run,
    run_months,
    totals,
)
from tests.scenarios.agreements import notice_outcome
from turnus.contracts.agree import agree_terms
from turnus.contracts.amend import end_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.notices import CONFIRMATION, enter_notice, give_notice, revoke_notice, warn
from turnus.contracts.trials import convert_trial
from turnus.core.notices import Cause, NewNotice, Outcome
from turnus.core.parties import CustomerKind
from turnus.core.periods import Cycle
from turnus.core.terms import CutOff, NewContractTerms
from turnus.records.models import AuditEntry, OutboxMessage
from turnus.stories.terms import foresee

pytestmark = pytest.mark.database

YEAR = Cycle(12, 0)
CONSUMER = NewContractTerms(YEAR, None, Cycle(1, 0))
BUSINESS = NewContractTerms(YEAR, YEAR, Cycle(3, 0))


@pytest.fixture
def firm() -> Company:
    made = company()
    product(made, "abo", "31.00")
    customer(made, "K1")
    customer(made, "P1", kind=CustomerKind.PERSON)
    return made


def notice(firm: Company, received: str, number: str = "V1", wished: str | None = None) -> Outcome:
    given = NewNotice(day(received), None if wished is None else day(wished))
    return give_notice(firm.id, number, given, by=BY)


def last_day(end: date) -> str:
    return str(date.fromordinal(end.toordinal() - 1))


def refused(error: pytest.ExceptionInfo[ContractRefusedError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


# ---- case 5 ----------------------------------------------------------------------------------------------------------


def test_case_5_a_consumer_in_time_ends_with_the_first_year(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    assert len(run(firm, "2025-12-15")) == 1
    found = notice(firm, "2025-12-14")
    assert (last_day(found.end), found.late, found.last_notice_day) == ("2026-01-14", False, day("2025-12-14"))
    assert run(firm, "2026-02-15") == []


def test_case_5_a_consumer_a_day_late_pays_one_day_more(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    run(firm, "2025-12-15")
    found = notice(firm, "2025-12-15")
    assert (last_day(found.end), found.late) == ("2026-01-15", True)
    bill = only(run(firm, "2026-01-15"))
    assert lines(bill) == ["1 abo 15.01.2026 1.00"]
    assert totals(bill) == "1.00 + 0.19 = 1.19"
    assert run(firm, "2026-03-15") == []


def test_case_5_a_business_in_time_and_a_day_late(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    contract(firm, "V2", "2025-01-15", "abo", terms=BUSINESS)
    assert last_day(notice(firm, "2025-10-14").end) == "2026-01-14"
    assert last_day(notice(firm, "2025-10-15", "V2").end) == "2027-01-14"


def test_case_5_a_term_to_the_end_of_february(firm: Company) -> None:
    contract(firm, "V1", "2025-03-01", "abo", terms=BUSINESS)
    contract(firm, "V2", "2025-03-01", "abo", terms=NewContractTerms(YEAR, YEAR, Cycle(1, 0)))
    for number, last in (("V1", "2025-11-30"), ("V2", "2026-01-31")):
        found = notice_outcome(firm.id, number, NewNotice(day("2025-06-01")))
        assert (last_day(found.end), str(found.last_notice_day)) == ("2026-02-28", last)
    assert last_day(notice_outcome(firm.id, "V1", NewNotice(day("2025-12-01"))).end) == "2027-02-28"


def test_case_5_a_preview_tells_the_final_invoice_and_writes_nothing(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    run(firm, "2025-12-15")
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()
    late = partial(enter_notice, firm.id, "V1", NewNotice(day("2025-12-15")), by=BY)
    found = foresee(firm.id, "V1", late, on=day("2025-12-16"))
    assert (last_day(found.outcome.end), str(found.outcome.last_notice_day)) == ("2026-01-15", "2025-12-14")
    assert [(str(row.due_on), totals(row.document)) for row in found.plan.documents] == [
        ("2026-01-15", "1.00 + 0.19 = 1.19"),
    ]  # fmt: skip
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before
    assert len(run_months(firm, "2026-01-15", "2026-02-15")) == 2


def test_a_preview_of_a_termination_for_cause_tells_the_credit(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", item("abo", price="365.00", fee=YEAR), terms=BUSINESS)
    run(firm, "2025-01-01")
    cause = NewNotice(day("2025-03-31"), cause=Cause.OTHER, reason="Betrieb eingestellt")
    found = foresee(firm.id, "V1", partial(enter_notice, firm.id, "V1", cause, by=BY), on=day("2025-03-31"))
    assert [totals(row.document) for row in found.plan.documents] == ["-275.00 + -52.25 = -327.25"]


# ---- notice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "last", "billed"),
    [
        ("2027-02-27", "2027-02-27", ["1 abo 31.01.2027–27.02.2027 31.00"]),
        ("2027-02-28", "2027-03-30", ["1 abo 31.01.2027–27.02.2027 31.00", "1 abo 28.02.2027–30.03.2027 31.00"]),
    ],
)
def test_a_monthly_term_from_the_31st_ends_and_renews_on_the_last_days_of_months(
    firm: Company, received: str, last: str, billed: list[str]
) -> None:
    monthly = NewContractTerms(Cycle(1, 0), Cycle(1, 0), Cycle(0, 0))
    contract(firm, "V1", "2027-01-31", "abo", terms=monthly)
    first = run(firm, "2027-01-31")
    assert last_day(notice(firm, received).end) == last
    rest = run_months(firm, "2027-02-28", "2027-03-31", "2027-04-30")
    assert [line for document in first + rest for line in lines(document)] == billed


def test_a_wished_end_is_met_at_the_first_permitted_day_from_it_on(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    found = notice(firm, "2025-03-01", wished="2026-06-01")
    assert (last_day(found.end), found.late) == ("2027-01-14", False)


def test_the_outcome_is_confirmed_and_kept_in_the_audit_trail(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    notice(firm, "2025-12-15")
    assert OutboxMessage.objects.filter(topic=CONFIRMATION).count() == 1
    entry = AuditEntry.objects.get(action="contract.give_notice")
    assert '"received": "2025-12-15"' in entry.after
    assert '"end": "2026-01-16"' in entry.after


def test_a_second_notice_only_counts_if_it_ends_the_contract_earlier(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    notice(firm, "2025-03-01", wished="2026-06-01")
    assert last_day(notice(firm, "2025-04-01").end) == "2026-01-14"
    with pytest.raises(ContractRefusedError) as error:
        notice(firm, "2025-05-01")
    assert (refused(error), error.value.params) == (["already_ends"], {"day": "2026-01-14"})


def test_notice_that_is_revoked_leaves_the_contract_as_it_was(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", by="P1", terms=CONSUMER)
    run(firm, "2025-12-15")
    notice(firm, "2025-12-15")
    assert only(run(firm, "2026-01-15")).net == 1_00
    assert revoke_notice(firm.id, "V1", on=day("2026-01-16"), reason="Kunde bleibt", by=BY) is None
    assert lines(only(run(firm, "2026-01-16"))) == ["1 abo 16.01.2026–14.02.2026 30.00"]
    with pytest.raises(ContractRefusedError, match="no_notice"):
        revoke_notice(firm.id, "V1", on=day("2026-01-17"), by=BY)


def test_of_two_notices_the_last_is_revoked_first(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    notice(firm, "2025-03-01", wished="2026-06-01")
    notice(firm, "2025-04-01")
    ends = [revoke_notice(firm.id, "V1", on=day("2025-05-01"), by=BY) for _time in range(2)]
    assert ends == [day("2027-01-15"), None]


def test_notice_in_the_trial_ends_the_contract_before_it_costs_anything(firm: Company) -> None:
    contract(firm, "V1", "2025-01-18", "abo", by="P1", trial_days=14, terms=CONSUMER)
    assert last_day(notice(firm, "2025-01-31").end) == "2025-01-31"
    assert run(firm, "2025-06-01") == []


def test_notice_in_the_trial_that_is_revoked_gives_the_trial_back(firm: Company) -> None:
    contract(firm, "V1", "2025-01-18", "abo", by="P1", trial_days=14, terms=CONSUMER)
    end_contract(firm.id, "V1", end=day("2025-01-20"), by=BY)
    end_contract(firm.id, "V1", end=None, by=BY)
    assert lines(only(run(firm, "2025-02-01"))) == ["1 abo 01.02.2025–28.02.2025 31.00"]


def test_a_trial_converted_early_begins_the_term_early(firm: Company) -> None:
    contract(firm, "V1", "2025-01-18", "abo", by="P1", trial_days=14, terms=CONSUMER)
    convert_trial(firm.id, "V1", paid_from=day("2025-01-25"), by=BY)
    assert last_day(notice(firm, "2025-02-01").end) == "2026-01-24"


def test_the_term_begins_after_the_trial(firm: Company) -> None:
    contract(firm, "V1", "2025-01-18", "abo", by="P1", trial_days=14, terms=CONSUMER)
    assert last_day(notice(firm, "2025-02-01").end) == "2026-01-31"


def test_a_contract_without_terms_ends_when_notice_arrives(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo")
    assert last_day(notice(firm, "2025-03-10").end) == "2025-03-10"


def test_a_cut_off_at_the_end_of_a_quarter(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=NewContractTerms(None, None, Cycle(0, 42), CutOff.QUARTER))
    assert last_day(notice(firm, "2025-02-17").end) == "2025-03-31"


# ---- who may agree what ----------------------------------------------------------------------------------------------


def test_l_33_plans_of_36_months_and_renewals_by_a_year_are_not_for_consumers(firm: Company) -> None:
    long = NewContractTerms(Cycle(36, 0), YEAR, Cycle(3, 0))
    with pytest.raises(ContractRefusedError) as error:
        contract(firm, "V1", "2026-01-15", "abo", by="P1", terms=long)
    assert refused(error) == ["consumer_initial_term", "consumer_renewal", "consumer_notice"]
    contract(firm, "V1", "2026-01-15", "abo", by="P1", terms=NewContractTerms(Cycle(24, 0), None, Cycle(1, 0)))
    contract(firm, "V2", "2026-01-15", "abo", terms=long)


def test_l_33_a_contract_concluded_on_28_february_2022_keeps_the_old_clause(firm: Company) -> None:
    old = NewContractTerms(Cycle(24, 0), YEAR, Cycle(3, 0), concluded=day("2022-02-28"))
    contract(firm, "V1", "2022-03-15", "abo", by="P1", terms=old)
    assert last_day(notice_outcome(firm.id, "V1", NewNotice(day("2023-12-14"))).end) == "2024-03-14"
    assert last_day(notice(firm, "2023-12-15").end) == "2025-03-14"


def test_all_that_is_wrong_with_a_contract_is_said_at_once(firm: Company) -> None:
    with pytest.raises(ContractRefusedError) as error:
        contract(
            firm, "V1", "2026-01-15", item("abo"), item("abo"), by="P1",
            terms=NewContractTerms(None, YEAR, Cycle(1, 0)),
        )  # fmt: skip
    assert refused(error) == ["duplicate_item", "terms_renewal_alone"]


def test_other_terms_from_a_day_on(firm: Company) -> None:
    contract(firm, "V1", "2025-01-15", "abo", terms=BUSINESS)
    shorter = NewContractTerms(YEAR, YEAR, Cycle(1, 0))
    agree_terms(firm.id, "V1", shorter, valid_from=day("2025-10-01"), reason="Kulanz", by=BY)
    assert last_day(notice_outcome(firm.id, "V1", NewNotice(day("2025-12-14"))).end) == "2026-01-14"
    agree_terms(
        firm.id, "V1", NewContractTerms(Cycle(24, 0), None, Cycle(1, 0)), valid_from=day("2025-12-01"), restart=True,
        by=BY,
    )  # fmt: skip
    assert last_day(notice_outcome(firm.id, "V1", NewNotice(day("2025-12-14"))).end) == "2027-11-30"


# ---- good cause ------------------------------------------------------------------------------------------------------


def non_payment(received: str, reason: str = "zwei Monate Rückstand") -> NewNotice:
    return NewNotice(day(received), cause=Cause.NON_PAYMENT, by_seller=True, reason=reason)


def test_l_34_non_payment_needs_a_reason_and_a_warning_with_a_deadline_that_has_passed(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", item("abo", price="365.00", fee=YEAR), terms=BUSINESS)
    bill = only(run(firm, "2025-01-01"))
    assert totals(bill) == "365.00 + 69.35 = 434.35"
    with pytest.raises(ContractRefusedError) as error:
        give_notice(firm.id, "V1", non_payment("2025-03-01", " "), by=BY)
    assert refused(error) == ["cause_reason", "warning_missing"]
    with pytest.raises(ContractRefusedError, match="deadline_early"):
        warn(firm.id, "V1", Cause.NON_PAYMENT, received=day("2025-03-03"), deadline=day("2025-03-03"), by=BY)
    warn(firm.id, "V1", Cause.NON_PAYMENT, received=day("2025-03-03"), deadline=day("2025-03-15"), by=BY)
    with pytest.raises(ContractRefusedError) as error:  # the 15th is a Saturday: Monday is the last day (§ 193 BGB)
        give_notice(firm.id, "V1", non_payment("2025-03-17"), by=BY)
    assert (refused(error), error.value.params) == (["warning_running"], {"day": "2025-03-17"})
    found = give_notice(firm.id, "V1", non_payment("2025-03-31"), by=BY)
    assert last_day(found.end) == "2025-03-31"
    credit = only(run(firm, "2025-04-01"))
    assert lines(credit) == ["-1 abo 01.04.2025–31.12.2025 -275.00"]
    assert totals(credit) == "-275.00 + -52.25 = -327.25"
    assert credit_on_account(firm) == "0.00"  # nothing was paid: the credit clears the open invoice
    assert run(firm, "2026-02-01") == []


def test_a_warning_for_one_breach_does_not_serve_for_another(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo", terms=BUSINESS)
    warn(firm.id, "V1", Cause.BREACH, received=day("2025-03-03"), deadline=day("2025-03-10"), by=BY)
    with pytest.raises(ContractRefusedError, match="warning_missing"):
        give_notice(firm.id, "V1", non_payment("2025-03-31"), by=BY)


def test_a_customer_ends_for_cause_with_a_reason_alone(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo", terms=BUSINESS)
    given = NewNotice(day("2025-03-10"), cause=Cause.BREACH, reason="dauernder Ausfall")
    assert last_day(give_notice(firm.id, "V1", given, by=BY).end) == "2025-03-10"


def test_an_end_by_agreement_needs_no_notice(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo", terms=BUSINESS)
    end_contract(firm.id, "V1", end=day("2025-03-01"), reason="Aufhebung", by=BY)
    with pytest.raises(ContractRefusedError, match="already_ends"):
        notice(firm, "2025-02-01")
