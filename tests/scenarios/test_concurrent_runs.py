"""Hard case 19: two processes start the same run at once; each contract is billed once, the numbers have no gap."""

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.faults.meters import EVENTS
from tests.faults.processes import ended, go, started, worker
from turnus.core.usage import Aggregation

pytestmark = pytest.mark.database

CONTRACTS = 1_000


def numbers(told: dict[str, Any], prefix: str = "RE") -> list[str]:
    return [row[0] for row in told["documents"] if row[0].startswith(prefix)]


def assert_all_billed(told: dict[str, Any], count: int = CONTRACTS) -> None:
    """One invoice of 10.00 for each, numbered from 1 without hole or double, and nothing else wrong."""
    assert numbers(told) == [f"RE-2025-{number:06d}" for number in range(1, count + 1)]
    documents = told["documents"]
    assert (len(documents), sum(row[4] for row in documents), sum(row[6] for row in documents)) == (
        count, count * 10_00, count * 11_90,
    )  # fmt: skip
    assert len({line for row in documents for line in row[9:]}) == count
    assert (told["findings"], told["unbilled"], told["waiting"]) == ([], [], 0)
    assert (told["units"], told["runs"]) == (["issued"], ["done"])
    assert told["sent"] == told["rendered"] == numbers(told)


@pytest.mark.parametrize("chunk", [1_000, 100])
def test_case_19_two_processes_at_a_barrier_create_each_invoice_once(
    chunk: int, fresh_database: str, tmp_path: Path
) -> None:
    worker(fresh_database, tmp_path, "found", str(CONTRACTS))
    both = [started(fresh_database, tmp_path, "bill", str(chunk)) for _process in range(2)]
    for process in both:
        go(process)
    (first, created), (second, created_too) = [ended(process) for process in both]
    assert (first, second) == (0, 0), "the loser gets what the winner made, no error"
    for step in ("draft", "issue"):
        assert created.get(step, 0) + created_too.get(step, 0) == CONTRACTS
    assert_all_billed(worker(fresh_database, tmp_path, "tell"))


@pytest.mark.parametrize("other", ["silver", "standard"])
def test_two_different_runs_on_one_number_range_share_it_without_a_gap(
    other: str, fresh_database: str, tmp_path: Path
) -> None:
    """F-03: gold beside silver has nothing in common but the numbers; gold beside everything, the contracts too."""
    worker(fresh_database, tmp_path, "found", "200")
    both = [started(fresh_database, tmp_path, "bill", "20", name) for name in ("gold", other)]
    for process in both:
        go(process)
    assert [ended(process)[0] for process in both] == [0, 0]
    rest = started(fresh_database, tmp_path, "bill", "20")
    go(rest)
    assert ended(rest)[0] == 0
    told = worker(fresh_database, tmp_path, "tell")
    assert numbers(told) == [f"RE-2025-{number:06d}" for number in range(1, 201)]
    assert (told["findings"], told["unbilled"], told["waiting"]) == ([], [], 0)
    assert len({line for row in told["documents"] for line in row[9:]}) == 200


def test_three_who_report_the_same_usage_at_once_count_it_once(fresh_database: str, tmp_path: Path) -> None:
    """In orders of their own, corrections before what they correct: every aggregation is as if one had reported."""
    worker(fresh_database, tmp_path, "found-meters")
    reporters = [started(fresh_database, tmp_path, "report", str(seed)) for seed in range(3)]
    for process in reporters:
        go(process)
    told = [ended(process) for process in reporters]
    assert [code for code, _added in told] == [0, 0, 0]
    assert sum(added for _code, added in told) == EVENTS
    found = worker(fresh_database, tmp_path, "tell-meters")
    assert (found["wrong"], found["events"]) == ([], EVENTS * len(Aggregation))


def test_case_19_killed_after_400_invoices_and_started_again_there_are_1000(
    fresh_database: str, tmp_path: Path
) -> None:
    worker(fresh_database, tmp_path, "found", str(CONTRACTS))
    killed = started(fresh_database, tmp_path, "bill", "100", failpoint="run.issue.after_commit:4")
    go(killed)
    assert ended(killed) == (-signal.SIGKILL, None)
    assert sum(row[1] == "issued" for row in worker(fresh_database, tmp_path, "tell")["documents"]) == 400
    again = started(fresh_database, tmp_path, "bill", "100")
    go(again)
    code, created = ended(again)
    assert (code, created["issue"]) == (0, 600)
    assert_all_billed(worker(fresh_database, tmp_path, "tell"))


def test_case_19_a_cancelled_invoice_is_billed_again_exactly_once(fresh_database: str, tmp_path: Path) -> None:
    worker(fresh_database, tmp_path, "found", "20")
    first = started(fresh_database, tmp_path, "bill", "1000")
    go(first)
    assert ended(first)[0] == 0
    once, twice = worker(fresh_database, tmp_path, "cancel")
    assert (once["issue"], twice.get("issue", 0)) == (1, 0)
    told = worker(fresh_database, tmp_path, "tell")
    assert (len(numbers(told)), numbers(told, "SR")) == (21, ["SR-2025-000001"])
    assert sum(row[4] for row in told["documents"]) == 20 * 10_00
    assert told["findings"] == []


def test_case_19_while_one_is_killed_the_other_goes_on_to_the_end(fresh_database: str, tmp_path: Path) -> None:
    worker(fresh_database, tmp_path, "found", "200")
    doomed = started(fresh_database, tmp_path, "bill", "20", failpoint="run.draft.after_commit:3")
    other = started(fresh_database, tmp_path, "bill", "20")
    go(doomed)
    go(other)
    assert ended(doomed)[0] in {-signal.SIGKILL, 0}  # the other may have left it fewer than three chunks
    assert ended(other)[0] == 0
    assert_all_billed(worker(fresh_database, tmp_path, "tell"), 200)
