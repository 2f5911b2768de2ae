"""A preview equals what the run then does, document by document (H-13)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import BY
from turnus import order_to_cash
from turnus.catalog.offer import put_rates
from turnus.catalog.rates import GERMAN_RATES
from turnus.core.intake.cells import Reading
from turnus.integration.demo import SELLER, write_demo
from turnus.integration.load import Target, import_file
from turnus.integration.reports import Kind
from turnus.invoices.facts import placed_lines
from turnus.invoices.models import Invoice
from turnus.invoices.preview import preview
from turnus.invoices.runs import DefinitionData, put_definition, put_series
from turnus.invoices.summary import summary, summary_of
from turnus.parties.register import put_seller

pytestmark = pytest.mark.database

MONTH = date(2026, 10, 1)
LAST = date(2026, 10, 31)


@pytest.fixture
def definition(tmp_path: Path) -> int:
    """A run over a generated portfolio of about a thousand contracts."""
    seller, _outcome = put_seller(SELLER, valid_from=date(2000, 1, 1), by=BY)
    put_rates(GERMAN_RATES, by=BY)
    put_series(seller, "*", "RE", "RE-{YYYY}-{000000}", valid_from=date(2000, 1, 1), by=BY)
    write_demo(tmp_path, seed=7, customers=950, month=MONTH)
    target = Target(seller, Reading(ZoneInfo("Europe/Berlin")), MONTH, tmp_path / "inbox")
    for kind in (Kind.CUSTOMERS, Kind.PRODUCTS, Kind.CONTRACTS, Kind.USAGE):
        report = import_file(kind, tmp_path / f"{kind}.csv", target, by=BY)
        assert report.saved, report.problems[:3]
    return put_definition(seller, DefinitionData(), by=BY)


def test_preview_equals_result_for_a_thousand_contracts(definition: int) -> None:
    decided = list(preview(definition, through=LAST, on=LAST))
    run, _new = order_to_cash.start_run(definition, through=LAST, on=LAST, by=BY)
    for _report in order_to_cash.draft_invoices(run, by=BY):
        pass
    rows = list(Invoice.objects.filter(run_id=run).order_by("account_id", "split"))
    lines = placed_lines([row.id for row in rows])
    drafted = [
        (row.account_id, row.split, row.kind, row.currency, row.net, row.tax, row.gross, row.payment_days,
         [placed for placed, _version in lines[row.id]])
        for row in rows
    ]  # fmt: skip
    foreseen = [
        (draft.key.account, draft.key.split, draft.document.kind.value, draft.currency, draft.document.net,
         draft.document.tax, draft.document.gross, draft.payment_days, draft.document.lines)
        for chunk in decided for draft in chunk.drafts
    ]  # fmt: skip
    assert sum(chunk.contracts for chunk in decided) >= 1_000
    assert len(foreseen) > 500
    assert sorted(foreseen, key=lambda row: row[:2]) == drafted, "0 differences"

    before, after = summary_of(decided, definition, through=LAST, on=LAST), summary(run)
    assert (before.documents, before.taxes) == (after.documents, after.taxes)
    assert [row[:3] for row in before.parked] == [row[:3] for row in after.parked]
    assert before.units["parked"] == after.units["parked"]
    assert before.units["empty"] == after.units["empty"]
    assert before.contracts == after.contracts
