"""After commit: PDFs are rendered once and archived, the worker empties the outbox, the doctor finds what is wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tests.builders import BY, Company, company, contract, customer, day, product, run
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.core.document import InvoiceDocument
from turnus.core.einvoice.hybrid import Inside
from turnus.core.validation import ValidationReport
from turnus.documents.archive import DamagedFileError, read, rendered, store
from turnus.invoices.models import Invoice, RunDefinition
from turnus.ports import Rejected
from turnus.records.failpoints import FailpointError
from turnus.records.guards import guards, install_guards
from turnus.records.models import OutboxMessage
from turnus.stories.doctor import doctor_findings
from turnus.stories.render import Press, pdf_of, render_invoices
from turnus.stories.work import start_due_runs, work

pytestmark = pytest.mark.database


class Printer:
    """A renderer that counts, and refuses a document when told to."""

    def __init__(self, refuses: str = "none") -> None:
        self.printed: list[str] = []
        self.refuses = refuses

    def render(self, document: InvoiceDocument, held: Inside | None = None) -> bytes:
        assert held is None
        if document.number == self.refuses:
            raise Rejected("template missing", "Vorlage fehlt")
        self.printed.append(document.number)
        return f"%PDF {document.number}".encode()


class Judge:
    """A validator that nobody needs to ask where there are no e-invoices."""

    def validate(self, source: bytes | Path, *, at: datetime) -> ValidationReport:
        raise AssertionError(source, at)

    def close(self) -> None:
        """Nothing is open."""


JUDGE = Judge()


def press(archive: Path, printer: Printer | None = None) -> Press:
    return Press(printer or Printer(), Xml(), FolderStore(archive))


@pytest.fixture
def seller() -> Company:
    made = company()
    product(made, "plan", "10.00")
    for number in ("A", "B", "C"):
        contract(made, number, "2025-01-01", "plan", by=f"K{number}")
    return made


def issued() -> list[int]:
    return list(Invoice.objects.filter(state="issued").order_by("id").values_list("id", flat=True))


def findings(folder: Path) -> dict[str, list[str]]:
    return {
        finding.name: list(finding.details)
        for finding in doctor_findings(FolderStore(folder), folder)
        if not finding.ok
    }


def test_the_worker_renders_what_was_issued_and_a_second_round_renders_nothing(seller: Company, tmp_path: Path) -> None:
    run(seller, "2025-01-01")
    printer = Printer()

    assert work(press(tmp_path, printer), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY).rendered == 3
    assert work(press(tmp_path, printer), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY).rendered == 0
    assert printer.printed == ["RE-2025-000001", "RE-2025-000002", "RE-2025-000003"]
    assert set(rendered(issued())) == set(issued())
    assert not OutboxMessage.objects.filter(topic="invoices.render", state="due").exists()


def test_a_refused_document_is_tried_again_and_parked_with_its_reason(seller: Company, tmp_path: Path) -> None:
    run(seller, "2025-01-01")
    for _round in range(5):
        assert (
            work(
                press(tmp_path, Printer("RE-2025-000002")), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY
            ).failed
            == 1
        )

    message = OutboxMessage.objects.get(topic="invoices.render")
    assert (message.state, message.attempts, message.last_error) == ("parked", 5, "template missing")
    assert work(press(tmp_path), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY).failed == 0


def test_an_issued_document_keeps_its_file_when_it_is_printed_again(seller: Company, tmp_path: Path) -> None:
    run(seller, "2025-01-01")
    first = pdf_of(issued()[0], press(tmp_path), by=BY)
    again = Printer()

    assert pdf_of(issued()[0], press(tmp_path, again), by=BY) == first == b"%PDF RE-2025-000001"
    assert again.printed == []


def test_a_draft_is_printed_afresh_and_never_archived(tmp_path: Path) -> None:
    seller = company(automation="draft")
    product(seller, "plan", "10.00")
    contract(seller, "A", "2025-01-01", "plan")
    run(seller, "2025-01-01")
    draft = Invoice.objects.get(state="draft").id

    assert pdf_of(draft, press(tmp_path), by=BY) == b"%PDF "
    assert rendered([draft]) == {}
    assert render_invoices([draft], press(tmp_path), by=BY) == 0


@pytest.mark.parametrize(
    "point", ["render.before_file", "render.after_file", "render.after_report", "render.after_commit"]
)
def test_a_crash_while_archiving_leaves_no_half_file_and_the_next_round_finishes(
    seller: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    run(seller, "2025-01-01")
    monkeypatch.setattr("turnus.records.failpoints._hits", {})
    monkeypatch.setenv("TURNUS_FAILPOINT", f"{point}:1:raise")
    with pytest.raises(FailpointError):
        render_invoices(issued(), press(tmp_path), by=BY)
    monkeypatch.delenv("TURNUS_FAILPOINT")

    render_invoices(issued(), press(tmp_path), by=BY)
    assert {read(FolderStore(tmp_path), sha256) for sha256 in rendered(issued()).values()} == {
        b"%PDF RE-2025-000001",
        b"%PDF RE-2025-000002",
        b"%PDF RE-2025-000003",
    }
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_a_changed_or_missing_file_is_noticed(tmp_path: Path) -> None:
    files = FolderStore(tmp_path)
    sha256 = store(files, b"%PDF 1")
    Path(files.place(sha256)).write_bytes(b"%PDF 2")
    with pytest.raises(DamagedFileError):
        read(FolderStore(tmp_path), sha256)
    Path(files.place(sha256)).unlink()
    with pytest.raises(DamagedFileError):
        read(FolderStore(tmp_path), sha256)


def test_scheduled_runs_catch_up_each_missed_slot_once(seller: Company) -> None:
    RunDefinition.objects.filter(id=seller.definition).update(every_months=1, next_on=day("2025-01-01"))

    assert len(start_due_runs(on=day("2025-03-15"), by=BY)) == 3
    assert start_due_runs(on=day("2025-03-15"), by=BY) == []
    assert RunDefinition.objects.get(id=seller.definition).next_on == day("2025-04-01")
    assert Invoice.objects.filter(state="issued").count() == 9


def test_the_doctor_finds_nothing_wrong_with_a_sound_installation(seller: Company, tmp_path: Path) -> None:
    run(seller, "2025-01-01")
    work(press(tmp_path), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY)

    assert findings(tmp_path) == {}
    assert [finding.name for finding in doctor_findings(FolderStore(tmp_path), tmp_path)] == [
        "migrations", "guards", "seller", "documents", "numbers", "credits", "consents", "usage",
        "corrections", "marketplaces", "balance", "allocations", "receivables", "einvoices", "archive",
    ]  # fmt: skip


DAMAGES = {
    "documents": "UPDATE invoices_invoiceline SET net = net + 1, value = value + 1 WHERE invoice_id = {0}",
    "numbers": "UPDATE invoices_invoice SET number_value = 7 WHERE id = {0}",
    "balance": "UPDATE ledger_posting SET amount = amount + 1 WHERE invoice_id = {0} AND account = 'revenue'",
    "receivables": "UPDATE ledger_posting SET invoice_id = 999 WHERE invoice_id = {0} AND account = 'receivable'",
    "allocations": "INSERT INTO ledger_allocation (credit_id, debit_id, amount, allocated_on) VALUES "
    "((SELECT MAX(id) FROM ledger_posting WHERE account = 'receivable'),"
    " (SELECT MIN(id) FROM ledger_posting WHERE account = 'receivable'), 999999, '2025-01-01')",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_the_doctor_names_what_somebody_changed_behind_the_guards(seller: Company, tmp_path: Path, name: str) -> None:
    run(seller, "2025-01-01")
    customer(seller, "KA")
    with connection.cursor() as cursor:
        _without_guards(cursor)
        cursor.execute(DAMAGES[name].format(issued()[0]))

    found = findings(tmp_path)
    assert name in found
    assert "guards" in found
    install_guards()
    assert "guards" not in findings(tmp_path)


@pytest.mark.parametrize(
    "change",
    ["label = 'x'", "quantity = '7'", "unit_price = '7'", "service_end = '2025-03-01'", "product_version_id = 77"],
)
def test_the_doctor_names_the_document_whose_printed_content_changed(
    seller: Company, tmp_path: Path, change: str
) -> None:
    run(seller, "2025-01-01")
    with connection.cursor() as cursor:
        _without_guards(cursor)
        cursor.execute(f"UPDATE invoices_invoiceline SET {change} WHERE invoice_id = {issued()[1]}")

    assert findings(tmp_path)["documents"] == ["RE-2025-000002"]


def _without_guards(cursor: CursorWrapper) -> None:
    for guard in guards():
        table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {guard.name}{table}")


def test_the_doctor_names_a_damaged_file(seller: Company, tmp_path: Path) -> None:
    run(seller, "2025-01-01")
    work(press(tmp_path), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY)
    sha256 = rendered([issued()[0]])[issued()[0]]
    path = Path(FolderStore(tmp_path).place(sha256))
    path.write_bytes(b"")

    (named,) = findings(tmp_path)["archive"]
    assert "RE-2025-000001.pdf" in named
    assert str(path) in named
