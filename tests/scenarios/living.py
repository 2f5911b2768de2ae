"""What every state machine over the life of contracts shares: time, runs, drafts, corrections, and the check at the end
of each step. The machine itself says what else may happen and what is owed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.builders import BY, Company, company
from tests.scenarios import books
from tests.scenarios.agreements import bare
from turnus import order_to_cash
from turnus.contracts.conclude import ContractRefusedError
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import InvoiceDocument
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.models import Invoice, InvoiceLine, Run, RunUnit
from turnus.invoices.runs import approve

START = date(2025, 1, 31)
OFFSETS = st.integers(-70, 50)
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
CORRECTING = {
    "nothing_left", "already_cancelled", "billed_again", "too_much", "pending_difference", "being_issued",
    "is_cancellation", "already_billed",
}  # fmt: skip
"""Why a correction or an invoice by hand may be refused."""


class Living(RuleBasedStateMachine):
    """A company on a day; every change of anything sets ``changed``."""

    expected: ClassVar[set[str]] = CORRECTING
    """Why the program may refuse something in such a life."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.firm: Company = company(automation="send")
        self.today = START
        self.open_run = 0
        self.credited = 0
        self.refused = ""
        self.changed = False

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def accepted(self, act: Callable[[], object]) -> bool:
        """Do it; False where the program refuses it for one of the expected reasons."""
        self.changed, self.refused = True, ""
        try:
            act()
        except (ContractRefusedError, CorrectionRefusedError) as refused:
            self.refused = self.foreseen(refused.code)
        return not self.refused

    def foreseen(self, code: str) -> str:
        """The program may refuse for this reason."""
        assert code in self.expected, code
        return code

    # ---- time and runs -----------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 45))
    def go_on(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.changed = True

    @rule()
    def run(self) -> None:
        self.bill()
        self.changed = True

    @rule()
    def draft(self) -> None:
        """A run that waits at its drafts while life goes on."""
        self.open_run, _new = order_to_cash.start_run(
            self.firm.definition, through=self.today, on=self.today, automation="draft", by=BY
        )
        drafted(self.open_run)
        self.changed = True

    @rule()
    def issue_drafts(self) -> None:
        row = Run.objects.filter(id=self.open_run).exclude(state=Run.State.DONE).first()
        if row is not None and row.on == self.today:
            drafted(row.id)
            for _step in order_to_cash.issue_invoices(row.id, by=BY):
                pass
            self.changed = True

    # ---- corrections -------------------------------------------------------------------------------------------------

    def documents(self) -> list[int]:
        rows = Invoice.objects.filter(state="issued", kind="invoice", gross__gt=0).order_by("id")
        return list(rows.values_list("id", flat=True))

    @rule(place=st.integers(0, 50))
    def cancel(self, place: int) -> None:
        """What is cancelled the next run bills again."""
        if found := self.documents():
            number = found[place % len(found)]
            self.accepted(partial(cancel_invoice, number, on=self.today, reason="Irrtum", by=BY))

    @rule(place=st.integers(0, 50), amount=st.integers(1, 2_000))
    def credit(self, place: int, amount: int) -> None:
        if found := self.documents():
            number = found[place % len(found)]
            act = partial(credit_invoice, number, amount=amount, on=self.today, reason="Mangel", by=BY)
            self.credited += amount if self.accepted(act) else 0

    # ---- a run on trial ----------------------------------------------------------------------------------------------

    def bill(self) -> list[int]:
        """A run to its end; what a safety bound holds for its many lines, a person approves. Returns the documents."""
        before = set(Invoice.objects.filter(state="issued").values_list("id", flat=True))
        run, _new = order_to_cash.start_run(self.firm.definition, through=self.today, on=self.today, by=BY)
        drafted(run)
        held = RunUnit.objects.filter(run_id=run, code="many_lines")
        if units := list(held.values_list("unit", flat=True)):
            for unit in units:
                approve(run, unit=unit, reason="viele Änderungen", by=BY)
            drafted(run)
        for _step in order_to_cash.issue_invoices(run, by=BY):
            pass
        rows = Invoice.objects.filter(state="issued").exclude(id__in=before).order_by("range_id", "number_value")
        return list(rows.values_list("id", flat=True))

    def tried(self) -> list[InvoiceDocument]:
        """What a run of today would issue; it is undone."""
        savepoint = transaction.savepoint()
        try:
            return [bare(invoice_document(number)) for number in self.bill()]
        finally:
            transaction.savepoint_rollback(savepoint)

    @invariant()
    def a_run_now_would_leave_the_books_right(self) -> None:
        """I-1 to I-4 and I-6 over all books before and after a run; I-4 and I-5 by the machine's own calculator."""
        if not self.changed:
            return
        self.changed = False
        assert books.findings() == []
        savepoint = transaction.savepoint()
        try:
            self.bill()
            assert self.bill() == [], "a second run is empty"
            assert books.findings() == []
            rows = InvoiceLine.objects.filter(part__startswith="concession:").values_list("value", flat=True)
            assert -self.credited <= sum(rows) <= 0, "goodwill is what was credited, at most"
            self.check()
        finally:
            transaction.savepoint_rollback(savepoint)

    @abstractmethod
    def check(self) -> None:
        """I-4 and I-5: the days and amounts that stand are those that the naive calculator owes."""


def drafted(run: int) -> None:
    for _report in order_to_cash.draft_invoices(run, by=BY):
        pass
