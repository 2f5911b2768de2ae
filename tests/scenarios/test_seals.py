"""The journal is sealed: a changed or removed row is named by its table and id (G-02, S-13)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import connection

from tests.builders import BY, Company, company, contract, day, pay, product, run
from turnus.adapters.store import FolderStore
from turnus.documents.retention import kept
from turnus.ledger.models import Posting
from turnus.records.guards import guards
from turnus.records.models import AuditEntry
from turnus.stories import seal
from turnus.stories.keep import keep_archive
from turnus.stories.seal import broken_seals, seal_journal

pytestmark = pytest.mark.database

ON = day("2025-01-02")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """Sealed books of a month; five rows a seal."""
    monkeypatch.setattr(seal, "ROWS", 5)
    made: Company = company()
    product(made, "abo", "10.00")
    for number in range(8):
        contract(made, f"V{number}", "2025-01-01", "abo", by=f"K{number}")
    for document in run(made, "2025-01-01")[:4]:
        pay(made, document, on="2025-01-02")
    where = FolderStore(tmp_path / "archive")
    keep_archive(where, tmp_path / "anchors", on=ON, at=BY.at)
    return where


def behind_the_guards(statement: str) -> None:
    with connection.cursor() as cursor:
        for guard in guards():
            table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{table}")
        cursor.execute(statement)


def test_what_is_sound_has_no_flaw_and_the_next_day_seals_only_what_is_new(files: FolderStore, tmp_path: Path) -> None:
    assert list(broken_seals(files)) == []
    before = len(kept())
    assert seal_journal(files, on=ON, at=BY.at) == 0
    keep_archive(files, tmp_path / "anchors", on=ON, at=BY.at)
    assert len(kept()) == before
    assert before == sum(-(-count // 5) for count in (Posting.objects.count(), 4, 4, AuditEntry.objects.count()))


@pytest.mark.parametrize(
    ("table", "label", "change"),
    [
        ("ledger_posting", "ledger.Posting", "amount = amount + 1"),
        ("ledger_posting", "ledger.Posting", "booked_on = '2025-01-03'"),
        ("ledger_payment", "ledger.Payment", "reference = 'x'"),
        ("ledger_allocation", "ledger.Allocation", "amount = amount + 1"),
        ("records_auditentry", "records.AuditEntry", "actor_name = 'Niemand'"),
        ("records_auditentry", "records.AuditEntry", "at = '2025-01-01 09:00:01'"),
    ],
)
def test_g02_a_changed_row_is_named(files: FolderStore, table: str, label: str, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        (number,) = random.Random(7).choice(cursor.fetchall())
    behind_the_guards(f"UPDATE {table} SET {change} WHERE id = {number}")
    (flaw,) = broken_seals(files)
    assert (flaw.code, flaw.params["table"], flaw.params["id"]) == ("archive_row_changed", label, str(number))


def test_g02_removed_rows_are_named_the_last_ones_too(files: FolderStore) -> None:
    last = list(Posting.objects.order_by("-id").values_list("id", flat=True)[:2])
    behind_the_guards(f"DELETE FROM ledger_posting WHERE id >= {min(last)}")
    found = [(flaw.code, int(flaw.params["id"])) for flaw in broken_seals(files)]
    assert found == [("archive_row_missing", number) for number in sorted(last)]
