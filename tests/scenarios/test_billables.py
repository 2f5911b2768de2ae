"""Records of any kind invoiced without a contract (JB-23, JB-24): once, on both databases, whoever tries twice."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.builders import BY, Company, company, customer, day, days, lines, product, totals
from tests.faults.processes import ROOT, environment
from turnus.core.billables import BillableData
from turnus.core.correcting import CorrectionRefusedError
from turnus.invoices.billable_models import Billable, BillableInvoice
from turnus.invoices.billables import BillableRow, Collected, Wanted, billable_rows, collect_billables, put_billables
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.manual import Edit, ManualLine, discard_draft, edit_draft, issue_draft
from turnus.invoices.models import Invoice
from turnus.invoices.single import MissingDataError

pytestmark = pytest.mark.database

JANUARY = days("2025-01-01", "2025-01-31")


def record(key: str, of: str = "project:P-7", price: str = "80.00", quantity: str = "1", **data: Any) -> BillableData:  # noqa: ANN401
    kind, _, reference = of.partition(":")
    values: dict[str, Any] = {"customer": "K1", "product": "work", "currency": "", "days": JANUARY} | data
    return BillableData(key, kind, reference, quantity=Decimal(quantity), price=Decimal(price), **values)


def firm_with(*rows: BillableData) -> Company:
    firm = company()
    product(firm, "work", unit="HUR")
    customer(firm)
    customer(firm, "K2")
    put(firm, *rows)
    return firm


def put(firm: Company, *rows: BillableData) -> list[Any]:
    with transaction.atomic():
        answers = put_billables(firm.id, rows, on=day("2025-02-01"), by=BY)
    return [answer if isinstance(answer, str) else [fault.code for fault in answer] for answer in answers]


def collect(firm: Company, of: str = "", *, on: str = "2025-02-01", issue: bool = True, **more: Any) -> list[Collected]:  # noqa: ANN401
    return collect_billables(firm.id, Wanted(object=of), on=day(on), issue=issue, by=BY, **more)[0]


def listed(firm: Company) -> list[tuple[str, str, str]]:
    rows: list[BillableRow] = billable_rows(firm.id, Wanted(), billed=None, limit=100)[0]
    return [(row.key, row.state, row.number) for row in rows]


# ---- invoiced --------------------------------------------------------------------------------------------------------


def test_jb_23_the_records_of_a_customer_and_object_become_one_invoice() -> None:
    firm = firm_with(
        record("z1", quantity="2.5", label="Workshop"), record("z2", price="0.333", quantity="3"),
        record("t1", "ticket:T-1"), record("k1", customer="K2"),
    )  # fmt: skip
    made = collect(firm)
    assert [(row.together.object, row.records, row.number, row.net, row.tax, row.gross) for row in made] == [
        ("P-7", 2, "RE-2025-000001", 201_00, 38_19, 239_19), ("T-1", 1, "RE-2025-000002", 80_00, 15_20, 95_20),
        ("P-7", 1, "RE-2025-000003", 80_00, 15_20, 95_20),
    ]  # fmt: skip
    assert made[0].invoice is not None
    document = invoice_document(made[0].invoice)
    assert lines(document) == [
        "2.5 Workshop 01.01.2025–31.01.2025 200.00", "3 work 01.01.2025–31.01.2025 1.00",
    ]  # fmt: skip
    assert collect(firm) == [], "twice bills nothing twice"
    assert Invoice.objects.count() == 3


def test_jb_24_a_won_deal_is_invoiced_with_its_order_and_marked_billed() -> None:
    firm = firm_with(record("D-1", "deal:D-1", "5000", order_reference="PO 7", cost_centre="4711"))
    [made] = collect(firm, "deal:D-1")
    row = Invoice.objects.get(number=made.number)
    assert (row.reference, row.cost_centre, row.account_id, made.gross) == ("PO 7", "4711", None, 5950_00)
    assert listed(firm) == [("D-1", "billed", "RE-2025-000001")]


def test_another_order_or_currency_is_another_invoice() -> None:
    firm = firm_with(
        record("a", order_reference="PO 1"), record("b", order_reference="PO 2"), record("c", currency="CHF")
    )
    assert sorted((row.together.reference, row.together.currency) for row in collect(firm)) == [
        ("", "CHF"), ("PO 1", "EUR"), ("PO 2", "EUR"),
    ]  # fmt: skip


def test_a_draft_takes_its_records_and_discarding_it_frees_them() -> None:
    firm = firm_with(record("a"))
    [draft] = collect(firm, issue=False)
    assert draft.invoice is not None
    assert (draft.number, listed(firm), collect(firm)) == ("", [("a", "draft", "")], [])
    discard_draft(draft.invoice, by=BY)
    assert listed(firm) == [("a", "open", "")]
    [again] = collect(firm, issue=False)
    assert again.invoice is not None
    assert issue_draft(again.invoice, by=BY) == "RE-2025-000001"
    assert listed(firm) == [("a", "billed", "RE-2025-000001")]


def test_a_draft_of_records_says_what_the_records_say() -> None:
    firm = firm_with(record("a"))
    [draft] = collect(firm, issue=False)
    assert draft.invoice is not None
    with pytest.raises(CorrectionRefusedError, match="draft_of_records"):
        edit_draft(draft.invoice, Edit([ManualLine("work", Decimal(1), Decimal(1), JANUARY)]), by=BY)


def test_a_cancelled_invoice_frees_its_records_unless_they_are_not_to_be_billed_again() -> None:
    firm = firm_with(record("a"))
    [first] = collect(firm)
    assert first.invoice is not None
    cancel_invoice(first.invoice, on=day("2025-02-02"), reason="Empfänger", by=BY)
    assert listed(firm) == [("a", "open", "")]
    assert put(firm, record("a", price="70.00")) == ["changed"]
    [second] = collect(firm, on="2025-02-02")
    assert second.invoice is not None
    assert totals(invoice_document(second.invoice)) == "70.00 + 13.30 = 83.30"
    cancel_invoice(second.invoice, on=day("2025-02-03"), reason="Kulanz", bill_again=False, by=BY)
    assert (listed(firm), collect(firm, on="2025-02-03")) == ([("a", "dropped", "SR-2025-000002")], [])
    assert put(firm, record("a", price="60.00")) == [["billable_billed"]]


def test_records_wait_until_their_service_begins() -> None:
    firm = firm_with(record("a"), record("b", days=days("2025-03-01", "2025-03-31")))
    made, waiting = collect_billables(firm.id, Wanted(), on=day("2025-02-01"), issue=True, by=BY)
    assert ([row.records for row in made], waiting) == ([1], 1)
    assert [row.records for row in collect(firm, on="2025-03-01")] == [1]


def test_a_dry_run_shows_the_same_and_keeps_nothing() -> None:
    firm = firm_with(record("a"))
    [shown] = collect(firm, dry_run=True)
    assert (shown.net, shown.gross, shown.invoice, shown.number) == (80_00, 95_20, None, "")
    assert (Invoice.objects.count(), BillableInvoice.objects.count()) == (0, 0)


def test_what_one_customer_lacks_keeps_no_other_invoice() -> None:
    firm = firm_with(record("a"), record("b", customer="K2"))
    customer(firm, "K1", name="", since="2025-01-01")
    lacking, made = collect(firm)
    assert isinstance(lacking.refusal, MissingDataError)
    assert (made.number, listed(firm)) == ("RE-2025-000001", [("a", "open", ""), ("b", "billed", "RE-2025-000001")])


# ---- taken in --------------------------------------------------------------------------------------------------------


def test_the_same_again_is_known_an_open_one_is_replaced_a_billed_one_stays() -> None:
    firm = firm_with(record("a"))
    assert put(firm, record("a"), record("b")) == ["unchanged", "created"]
    assert put(firm, record("a", price="90.00", label="Neu")) == ["changed"]
    collect(firm, issue=False)
    assert put(firm, record("a", price="90.00", label="Neu"), record("b", price="1")) == [
        "unchanged", ["billable_drafted"],
    ]  # fmt: skip
    assert put(firm, record("c", customer="K9", product="nix")) == [["unknown_customer", "unknown_product"]]
    assert Billable.objects.count() == 2


# ---- at the same time ------------------------------------------------------------------------------------------------


def test_the_database_refuses_a_second_invoice_of_a_record_and_a_change_of_a_billed_one() -> None:
    firm = firm_with(record("a"))
    [made] = collect(firm)
    assert made.number
    taken = BillableInvoice.objects.get()
    for ordinal in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            BillableInvoice.objects.create(billable_id=taken.billable_id, ordinal=ordinal, invoice_id=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Billable.objects.update(label="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Billable.objects.all().delete()


def process(url: str, home: Path, *words: str) -> subprocess.Popen[str]:
    code = "import sys, django; django.setup(); from tests.scenarios.billable_worker import main; main(sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=environment(url, home), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(started: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what JSON may hold
    said, _nothing = started.communicate(input="go\n", timeout=300)
    assert started.returncode == 0
    return json.loads(said.splitlines()[-1])


def test_two_processes_at_once_bill_each_record_once(fresh_database: str, tmp_path: Path) -> None:
    told(process(fresh_database, tmp_path, "found", "20"))
    both = [process(fresh_database, tmp_path, "collect") for _ in range(2)]
    for started in both:
        assert started.stdout is not None
        assert started.stdout.readline() == '"ready"\n'
    for started in both:
        assert started.stdin is not None
        started.stdin.write("go\n")
        started.stdin.flush()
    numbers = [number for started in both for number in told(started)]
    wanted = [f"RE-2025-{n:06}" for n in range(1, 21)]
    links, billed = told(process(fresh_database, tmp_path, "tell"))
    assert (sorted(numbers), links, sorted(billed)) == (wanted, 20, wanted)
