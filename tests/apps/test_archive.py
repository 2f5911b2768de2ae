"""The archive: original bytes, one hash chain, anchors, retention, holds (JB-95, 96, 114, 115; G-02 to G-04, F-18)."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.builders import BY, day
from turnus.adapters.store import FolderStore
from turnus.core.chain import Filing, Link
from turnus.core.messages import message
from turnus.core.retention import Retention
from turnus.documents.anchors import anchor
from turnus.documents.archive import Archived, append, chain_renderings, file_renderings, store, unchained
from turnus.documents.models import ArchiveEntry, Rendering
from turnus.documents.retention import RetentionRefusedError, delete_over, holds, kept, lift_hold, over, set_hold
from turnus.documents.verify import Flaw, flaws
from turnus.ports import TryLater
from turnus.records.failpoints import FailpointError
from turnus.records.guards import guards

pytestmark = pytest.mark.database


@pytest.fixture
def files(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "archive")


def filed(files: FolderStore, count: int, dated: str = "2026-11-22", start: int = 1) -> list[Link]:
    """So many invoices, ``RE-1.pdf`` and on."""
    filings = []
    for number in range(start, start + count):
        content = f"%PDF {number}".encode()
        said = (f"RE-{number}.pdf", store(files, content), len(content), Retention.VOUCHERS, day(dated))
        filings.append(Filing("invoice", number, "pdf", *said))
    with transaction.atomic():
        return append(filings, at=BY.at)


def found(files: FolderStore, anchors: Path) -> list[Flaw]:
    return list(flaws(files, anchors))


def behind_the_guards(statement: str) -> None:
    """SQL as somebody with the database's own password could send it."""
    with connection.cursor() as cursor:
        for guard in guards():
            table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{table}")
        cursor.execute(statement)


def test_g02_each_link_holds_the_hash_before_and_a_sound_archive_has_no_flaw(
    files: FolderStore, tmp_path: Path
) -> None:
    first, second = filed(files, 1), filed(files, 2, start=2)
    assert [link.number for link in first + second] == [1, 2, 3]
    assert [link.previous for link in first + second] == ["0" * 64, first[0].hash, second[0].hash]
    said = ["invoice", 1, "pdf", "RE-1.pdf", hashlib.sha256(b"%PDF 1").hexdigest(), 6, "vouchers", "2026-11-22"]
    text = json.dumps([1, *said, BY.at.isoformat(timespec="microseconds"), "0" * 64], separators=(",", ":"))
    assert first[0].hash == hashlib.sha256(text.encode()).hexdigest()  # by the words of docs/algorithms/archive.md
    assert anchor(tmp_path / "anchors", on=day("2026-11-23")) == (day("2026-11-23"), 3, second[1].hash)
    assert found(files, tmp_path / "anchors") == []


def test_g02_f18_a_flipped_byte_in_any_of_1000_files_is_named_with_place_and_hashes(
    files: FolderStore, tmp_path: Path
) -> None:
    links = filed(files, 1_000)
    chosen = random.Random(4).choice(links)
    path = Path(files.place(chosen.filing.sha256))
    damaged = bytearray(path.read_bytes())
    damaged[2] ^= 1
    path.write_bytes(damaged)

    (flaw,) = found(files, tmp_path)
    assert flaw.code == "archive_file_changed"
    assert flaw.params == {
        "number": str(chosen.number),
        "name": chosen.filing.name,
        "subject": "invoice",
        "id": str(chosen.filing.subject_id),
        "place": str(path),
        "expected": chosen.filing.sha256,
        "found": hashlib.sha256(damaged).hexdigest(),
        "size": str(len(damaged)),
        "wanted_size": str(chosen.filing.size),
    }
    assert str(path) in message(*flaw, "de")
    path.unlink()
    assert [one.code for one in found(files, tmp_path)] == ["archive_file_missing"]


CHANGES = {
    "name = 'RE-8.pdf'": "archive_changed",
    "size = size + 1": "archive_changed",
    "dated = '2020-01-01'": "archive_changed",
    "retention = 'letters'": "archive_changed",
    "filed_at = '2026-11-22 10:00:00'": "archive_changed",
    "previous = hash": "archive_changed",
    "hash = previous": "archive_changed",
}


@pytest.mark.parametrize("change", CHANGES)
def test_g02_a_changed_row_is_named(files: FolderStore, tmp_path: Path, change: str) -> None:
    filed(files, 9)
    behind_the_guards(f"UPDATE documents_archiveentry SET {change} WHERE id = 4")
    codes = {(flaw.code, flaw.params.get("number")) for flaw in found(files, tmp_path)}
    assert (CHANGES[change], "4") in codes


def test_g02_removed_rows_are_named_in_the_middle_and_at_the_end(files: FolderStore, tmp_path: Path) -> None:
    filed(files, 9)
    anchor(tmp_path, on=day("2026-11-23"))
    behind_the_guards("DELETE FROM documents_archiveentry WHERE id IN (3, 4)")
    assert found(files, tmp_path) == [Flaw("archive_gap", {"first": "3", "last": "4"})]
    behind_the_guards("DELETE FROM documents_archiveentry WHERE id > 7")
    tail = Flaw("archive_tail_missing", {"number": "9", "last": "7", "day": "2026-11-23"})
    assert found(files, tmp_path)[1:] == [tail]


def test_g02_a_chain_that_was_written_anew_does_not_fit_its_anchor(files: FolderStore, tmp_path: Path) -> None:
    filed(files, 3)
    anchor(tmp_path, on=day("2026-11-23"))
    behind_the_guards("DELETE FROM documents_archiveentry")
    filed(files, 3, start=4)
    assert [flaw.code for flaw in found(files, tmp_path)] == ["archive_anchor_differs"]

    behind_the_guards("DELETE FROM documents_archiveanchor")  # the file outside still says so
    codes = [flaw.code for flaw in found(files, tmp_path)]
    assert codes == ["archive_anchor_row_missing", "archive_anchor_differs"]


def test_g02_an_anchor_is_signed_and_the_first_of_a_day_stands(files: FolderStore, tmp_path: Path) -> None:
    assert anchor(tmp_path, on=day("2026-11-22")) is None
    filed(files, 2)
    first = anchor(tmp_path, on=day("2026-11-22"))
    filed(files, 1, start=3)
    assert anchor(tmp_path, on=day("2026-11-22")) == first
    path = tmp_path / "2026-11-22.json"
    path.write_text(path.read_text().replace(" 2 ", " 1 "))
    assert [flaw.code for flaw in found(files, tmp_path)] == ["archive_anchor_unsigned"]
    path.unlink()
    behind_the_guards("UPDATE documents_archiveanchor SET number = 1")
    assert [flaw.code for flaw in found(files, tmp_path)] == ["archive_anchor_unsigned", "archive_anchor_differs"]


def test_files_of_the_time_before_the_chain_are_named_and_taken_in_once(files: FolderStore, tmp_path: Path) -> None:
    row = Archived(7, "pdf", store(files, b"%PDF"), 4, "RE-7.pdf", day("2026-11-22"))
    Rendering.objects.create(invoice_id=7, kind="pdf", sha256=row.sha256, size=4, rendered_at=BY.at)
    (flaw,) = found(files, tmp_path)
    assert (flaw.code, flaw.params["invoice"]) == ("archive_unchained", "7")
    chain_renderings([row], at=BY.at)
    chain_renderings([row], at=BY.at)
    assert (unchained(), found(files, tmp_path), ArchiveEntry.objects.count()) == ([], [], 1)


def test_filing_a_chunk_takes_the_same_few_statements_however_large_it_is() -> None:
    def statements(first: int, count: int) -> int:
        sha256 = "ab" * 32
        rows = [Archived(n, "pdf", sha256, 4, f"{n}.pdf", day("2026-11-22")) for n in range(first, first + count)]
        with CaptureQueriesContext(connection) as seen:
            file_renderings(rows, at=BY.at)
        return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])

    assert statements(1, 50) == statements(100, 10)
    assert file_renderings([Archived(1, "pdf", "cd" * 32, 4, "1.pdf", day("2026-11-22"))], at=BY.at) == 0
    assert ArchiveEntry.objects.count() == 60


def test_g03_only_what_is_over_and_not_held_is_deleted_with_a_protocol_and_the_chain_verifies_on(
    files: FolderStore, tmp_path: Path
) -> None:
    old = filed(files, 4, dated="2017-11-22")
    filed(files, 2, dated="2026-11-22", start=5)
    anchor(tmp_path / "anchors", on=day("2026-11-23"))
    assert over(on=day("2025-12-31")) == []
    assert [one.number for one in over(on=day("2026-01-01"))] == [1, 2, 3, 4]

    hold = set_hold(number=2, reason="Betriebsprüfung", by=BY)
    ((*gone,),) = delete_over(files, on=day("2026-01-01"), by=BY)
    assert [(one.number, one.until) for one in gone] == [(n, date(2025, 12, 31)) for n in (1, 3, 4)]
    assert [files.get(link.filing.sha256) is None for link in old] == [True, False, True, True]
    assert found(files, tmp_path / "anchors") == []

    protocol = kept(limit=1)[0]
    assert (protocol.name, protocol.retention, protocol.until) == ("2026-01-01-1-4.json", "books", date(2036, 12, 31))
    written = json.loads(files.get(protocol.sha256) or b"")
    assert (written["by"], [row[0] for row in written["entries"]]) == ("Erika Beispiel", [1, 3, 4])
    assert written["entries"][0][3] == old[0].filing.sha256

    lift_hold(hold, reason="abgeschlossen", by=BY)
    assert [len(chunk) for chunk in delete_over(files, on=day("2026-01-01"), by=BY)] == [1]
    assert list(delete_over(files, on=day("2026-01-01"), by=BY)) == []


def test_g03_a_hold_on_everything_stops_each_deletion_until_it_is_lifted(files: FolderStore) -> None:
    filed(files, 2, dated="2010-01-01")
    hold = set_hold(number=None, reason="Steuer offen", by=BY)
    assert over(on=day("2026-01-01")) == []
    assert [(one.id, one.number, one.reason) for one in holds()] == [(hold, None, "Steuer offen")]
    lift_hold(hold, reason="beschieden", by=BY)
    assert (len(over(on=day("2026-01-01"))), holds()) == (2, [])


def test_g03_holds_want_a_reason_and_something_to_hold(files: FolderStore) -> None:
    filed(files, 1)
    with pytest.raises(RetentionRefusedError, match="archive_hold_reason"):
        set_hold(number=1, reason=" ", by=BY)
    with pytest.raises(RetentionRefusedError, match="archive_unknown_entry"):
        set_hold(number=2, reason="x", by=BY)
    with pytest.raises(RetentionRefusedError, match="archive_unknown_hold"):
        lift_hold(1, reason="x", by=BY)


def test_a_file_that_a_younger_entry_shares_outlives_the_older_one(files: FolderStore, tmp_path: Path) -> None:
    (old,) = filed(files, 1, dated="2010-01-01")
    with transaction.atomic():
        append([old.filing._replace(dated=day("2026-01-01"))], at=BY.at)
    assert [[one.number for one in chunk] for chunk in delete_over(files, on=day("2026-01-01"), by=BY)] == [[1]]
    assert files.get(old.filing.sha256) == b"%PDF 1"
    assert found(files, tmp_path) == []


def test_a_crash_between_tombstone_and_removal_leaves_a_file_that_is_named(
    files: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = filed(files, 1, dated="2010-01-01")
    monkeypatch.setattr("turnus.records.failpoints._hits", {})
    monkeypatch.setenv("TURNUS_FAILPOINT", "archive.after_tombstones:1:raise")
    with pytest.raises(FailpointError):
        list(delete_over(files, on=day("2026-01-01"), by=BY))
    (flaw,) = found(files, tmp_path)
    assert (flaw.code, flaw.params["place"]) == ("archive_not_removed", files.place(old.filing.sha256))


def test_a_full_disk_says_so_and_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TryLater, match="No space left"):
        store(FolderStore(tmp_path), b"%PDF")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
