"""F-01: killed at any failpoint and started again, the month ends as if nothing had happened."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes import worker
from turnus.records.failpoints import POINTS

pytestmark = pytest.mark.database

HITS = {
    "run.freeze.before_commit": 2,
    "run.freeze.after_commit": 2,
    "run.draft.before_commit": 3,
    "run.draft.after_commit": 3,
    "run.release.before_commit": 3,
    "run.release.after_commit": 3,
    "run.number.before_commit": 2,
    "run.number.after_commit": 2,
    "run.issue.before_commit": 3,
    "run.issue.after_commit": 3,
    "single.issue.before_commit": 2,
    "single.issue.after_commit": 2,
    "payment.before_commit": 1,
    "payment.after_commit": 1,
}
"""Failpoint → how often the month of the worker passes it, three at most."""

ELSEWHERE = {
    "render.before_file",
    "render.after_file",
    "render.after_report",
    "render.after_commit",
    "archive.after_tombstones",
    "send.after_plan",
    "send.after_claim",
    "send.after_call",
    "send.after_settle",
    "import.before_commit",
    "import.after_commit",
}
"""Failpoints of files and of sending, passed by the tests of the archive, the import and of sending."""


def test_every_failpoint_is_tested_here_or_where_files_are_written() -> None:
    assert HITS.keys() | ELSEWHERE == POINTS
    assert not HITS.keys() & ELSEWHERE


def test_the_month_has_all_kinds_of_documents_and_no_finding(undisturbed: dict[str, Any]) -> None:
    assert undisturbed["codes"] == [0]
    assert (undisturbed["findings"], undisturbed["unbilled"], undisturbed["waiting"]) == ([], [], 0)
    assert {row[2] for row in undisturbed["documents"]} == {"invoice", "credit", "cancellation"}
    assert any(row[7] for row in undisturbed["documents"]), "some document uses credit on account"
    assert undisturbed["runs"] == ["done"]
    assert undisturbed["units"] == ["issued"]


@pytest.mark.parametrize(
    ("point", "hit"), [(point, hit) for point, hits in sorted(HITS.items()) for hit in range(1, hits + 1)]
)
def test_killed_and_started_again_nothing_is_doubled_missing_or_skipped(
    point: str, hit: int, company_database: str, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    again = worker(company_database, tmp_path, "live", f"{point}:{hit}")
    assert again.pop("codes") == [-signal.SIGKILL, 0], "it was killed at this very point"
    assert json.dumps(again) == json.dumps({key: value for key, value in undisturbed.items() if key != "codes"})
