"""A crash while importing leaves the whole file or nothing, and the next import makes it whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.cli.conftest import CONTRACTS, CUSTOMERS, PRODUCTS, SELLER, USAGE

pytestmark = pytest.mark.database
FILES = {"customers": CUSTOMERS, "products": PRODUCTS, "contracts": CONTRACTS, "usage": USAGE}


class Terminal:
    """Commands in processes of their own, against a database of their own."""

    def __init__(self, url: str, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home), "TURNUS_LANGUAGE": "de"}

    def run(self, *args: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
        environment = self.environment | {"TURNUS_FAILPOINT": failpoint}
        command = [sys.executable, "-m", "turnus.interfaces.cli", *args]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def json(self, *args: str) -> Any:  # noqa: ANN401 - whatever the command answers
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.mark.parametrize(("point", "there"), [("import.before_commit", 0), ("import.after_commit", 4)])
def test_a_killed_import_is_whole_or_nothing(fresh_database: str, tmp_path: Path, point: str, there: int) -> None:
    turnus = Terminal(fresh_database, tmp_path)
    turnus.json(*SELLER)
    path = tmp_path / "kunden.csv"
    path.write_text(CUSTOMERS, encoding="utf-8")
    killed = turnus.run("import", "customers", str(path), failpoint=point)
    assert killed.returncode == -signal.SIGKILL
    assert turnus.json("customer", "list")["count"] == there
    report = turnus.json("import", "customers", str(path))
    assert (report["created"], report["unchanged"], report["errors"]) == (4 - there, there, 0)
    assert turnus.json("customer", "list")["count"] == 4


@pytest.mark.parametrize("point", ["run.draft.after_commit", "run.number.after_commit", "run.issue.before_commit"])
def test_a_killed_run_goes_on_with_resume(fresh_database: str, tmp_path: Path, point: str) -> None:
    turnus = Terminal(fresh_database, tmp_path)
    turnus.json(*SELLER)
    for kind, text in FILES.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        turnus.json("import", kind, str(path))
    day = ("--through", "01.12.2026", "--on", "22.11.2026")
    killed = turnus.run("run", "draft", *day, "--automation", "issue", failpoint=point)
    assert killed.returncode == -signal.SIGKILL
    resumed = turnus.run("run", "resume", "--json")
    assert resumed.returncode == 1, "one contract stays parked"
    assert json.loads(resumed.stdout)["run"]["state"] == "done"
    rows = turnus.json("invoice", "list")["invoices"]
    assert [row["number"] for row in rows] == [f"RE-2026-00000{n}" for n in (3, 2, 1)]


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    done = Terminal("postgresql://nobody@127.0.0.1:1/none", tmp_path).run("invoice", "list")
    assert done.returncode == 4
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unusable_environment_is_told_in_one_line(tmp_path: Path) -> None:
    done = Terminal("mysql://x", tmp_path).run("invoice", "list")
    assert done.returncode == 4
    assert "DATABASE_URL must begin with" in done.stderr
    assert "Traceback" not in done.stderr
