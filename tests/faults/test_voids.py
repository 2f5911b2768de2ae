"""A document that the database refuses at issue: its number is void, its draft is parked, and there is no gap (P 6)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    customer,
    day,
    drafted,
    issued,
    lines,
    only,
    parked,
    pay,
    product,
    run,
    started,
)
from tests.conftest import SQLITE
from tests.scenarios import books
from turnus.contracts.amend import change_payer, end_contract
from turnus.invoices.models import Invoice, NumberVoid, Run
from turnus.invoices.runs import reopen_parked
from turnus.records.models import AuditEntry

pytestmark = pytest.mark.database


@contextmanager
def refusing(condition: str) -> Iterator[None]:
    """The database issues no document for which the condition holds."""
    words = "the disk said no"
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute(
                "CREATE TRIGGER refuse_one BEFORE UPDATE ON invoices_invoice "
                f"WHEN NEW.state = 'issued' AND {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER refuse_one BEFORE UPDATE ON invoices_invoice FOR EACH ROW "
                f"WHEN (NEW.state = 'issued' AND {condition}) EXECUTE FUNCTION refuse_one()"
            )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_one" if SQLITE else "DROP FUNCTION refuse_one CASCADE")


def five(**settings: bool) -> Company:
    firm = company()
    product(firm, "abo", "10.00")
    for number in range(1, 6):
        contract(firm, f"V{number}", "2025-01-01", "abo", by=f"K{number}", **settings)  # type: ignore[arg-type]
    return firm


def resumed(number: int) -> list[str]:
    """What was parked is drafted and issued again; the numbers of these documents."""
    assert reopen_parked(number, by=BY) > 0
    drafted(number)
    return [document.number for document in issued(number)]


def test_one_refused_document_voids_its_number_and_parks_its_draft() -> None:
    firm = five()
    third = customer(firm, "K3")
    with refusing(f"NEW.customer_id = {third}"):
        documents = run(firm, "2025-01-01")
    assert [document.number for document in documents] == [f"RE-2025-00000{index}" for index in (1, 2, 4, 5)]
    void = NumberVoid.objects.get()
    assert (void.number, void.value, void.actor_name, void.at) == ("RE-2025-000003", 3, "Erika Beispiel", BY.at)
    assert "the disk said no" in void.reason
    draft = Invoice.objects.get(state="draft")
    assert (void.invoice_id, draft.customer_id, draft.number) == (draft.id, third, "")
    number = Run.objects.get().id
    assert (parked(number), Run.objects.get().state) == (["void"], Run.State.DONE)
    assert AuditEntry.objects.filter(action="number.void", object_id=draft.id).count() == 1
    assert books.findings() == []
    assert books.unbilled() == ["V3"]
    assert resumed(number) == ["RE-2025-000006"]
    assert (books.findings(), books.unbilled(), parked(number)) == ([], [], [])
    assert run(firm, "2025-01-31") == []


def test_what_was_voided_is_billed_by_the_next_run_too() -> None:
    firm = five()
    third = customer(firm, "K3")
    with refusing(f"NEW.customer_id = {third}"):
        run(firm, "2025-01-01")
    [february] = [document for document in run(firm, "2025-02-01") if document.customer_number == "K3"]
    assert len(february.lines) == 2
    assert books.findings() == []


def test_all_refused_is_a_run_without_documents_and_no_number_lost() -> None:
    firm = five()
    with refusing("1 = 1"):
        assert run(firm, "2025-01-01") == []
    assert list(NumberVoid.objects.order_by("value").values_list("value", flat=True)) == [1, 2, 3, 4, 5]
    assert resumed(Run.objects.get().id) == [f"RE-2025-{index:06d}" for index in range(6, 11)]
    assert books.findings() == []


@pytest.mark.parametrize("period", ["2025-01-15", "2025-03-15", "2025-04-15"])
def test_of_several_documents_of_one_contract_only_the_refused_one_is_billed_again(period: str) -> None:
    firm = company()
    product(firm, "abo", "50.00")
    contract(firm, "V1", "2025-01-15", "abo", split_periods=True)
    with refusing(f"NEW.service_start = '{period}'"):
        documents = run(firm, "2025-05-01")
    assert len(documents) == 3
    assert parked(Run.objects.get().id) == ["void"]
    assert books.findings() == []
    assert resumed(Run.objects.get().id) == ["RE-2025-000005"]
    assert (books.findings(), books.unbilled()) == ([], [])
    again = Invoice.objects.get(number="RE-2025-000005")
    assert again.service_start == day(period)
    assert run(firm, "2025-05-14") == []
    assert only(run(firm, "2025-05-15")).net == 50_00


@pytest.mark.parametrize("refused", ["K1", "K2"])
def test_of_two_payers_the_refused_one_gets_his_document_later(refused: str) -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-04-01", "abo")
    pay(firm, only(run(firm, "2025-04-01")), on="2025-04-02")
    second = customer(firm, "K2")
    change_payer(firm.id, "V1", customer=second, valid_from=day("2025-04-16"), by=BY)
    with refusing(f"NEW.customer_id = {customer(firm, refused)}"):
        [other] = run(firm, "2025-04-16")
    assert other.customer_number != refused
    later = run(firm, "2025-04-20")
    assert [(document.customer_number, document.net) for document in later] == [
        (refused, -15_00 if refused == "K1" else 15_00),
    ]  # fmt: skip
    assert books.findings() == []
    assert sorted(books.unbilled()) == []


def test_a_refused_credit_and_a_refused_invoice_void_numbers_of_their_own_kind() -> None:
    firm = five()
    run(firm, "2025-01-01")
    end_contract(firm.id, "V1", end=day("2025-01-16"), by=BY)
    contract(firm, "V6", "2025-01-16", "abo", by="K6")
    number = started(firm, "2025-01-16")
    with refusing("NEW.kind = 'credit'"):
        assert [lines(document) for document in issued(number)] == [["1 abo 16.01.2025–15.02.2025 10.00"]]
    assert books.findings() == []
    assert len(resumed(number)) == 1
    assert books.findings() == []
