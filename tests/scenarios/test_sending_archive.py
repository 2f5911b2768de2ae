"""Sending when the archive fails: nothing is in doubt, nothing false leaves, the worker's round goes on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import BY, day, run
from tests.scenarios.test_sending import TODAY, Office, office
from turnus.adapters.store import FolderStore
from turnus.core.delivery import Way
from turnus.documents.archive import DamagedFileError
from turnus.ports import TryLater
from turnus.records.models import OutboxMessage
from turnus.stories.send import send

pytestmark = pytest.mark.database
__all__ = ["office"]


def test_a_store_that_lost_a_file_sends_nothing_for_it(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    office.fleet.vans[Way.EMAIL].faults = [TryLater("down")] * 2
    office.work()
    for path in (office.home / "archive").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"changed")
    office.work(minutes=5)
    assert office.states == ["failed", "failed"]
    assert office.fleet.mails == []


@pytest.mark.parametrize("error", [TryLater("store down"), PermissionError(13, "not allowed")])
def test_an_archive_that_cannot_be_read_now_is_asked_again_and_nothing_is_in_doubt(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_store: FolderStore, _sha256: str) -> bytes:
        raise error

    office.channel()
    run(office.firm, TODAY)
    monkeypatch.setattr(FolderStore, "get", fail)
    office.work()
    assert office.states == ["queued", "queued"]
    assert {row.protocol for row in office.rows()} == {str(error)}
    monkeypatch.undo()
    office.work(minutes=5)
    assert office.states == ["sent", "sent"]
    assert len(office.fleet.mails) == 2


def test_a_damaged_file_stops_no_round_of_the_worker(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_args: object, **_named: object) -> int:
        raise DamagedFileError("archive/ab/abcd")

    office.channel()
    run(office.firm, TODAY)
    monkeypatch.setattr("turnus.stories.work.render_invoices", damaged)
    assert office.work().failed
    assert (len(office.states), office.fleet.mails) == (2, [])
    assert "damaged: archive/ab/abcd" in set(OutboxMessage.objects.values_list("last_error", flat=True))


def test_a_chunk_of_planned_messages_is_done_in_one_statement(office: Office) -> None:
    office.channel()
    run(office.firm, TODAY)
    with CaptureQueriesContext(connection) as told:
        send(office.fleet, office.files, on=day(TODAY), by=BY)
    updates = [row["sql"] for row in told if row["sql"].startswith('UPDATE "records_outboxmessage"')]
    assert (len(office.states), len(updates)) == (2, 1)
