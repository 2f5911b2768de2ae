"""Start the worker as a process of its own on a database of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def environment(url: str, home: Path, failpoint: str = "") -> dict[str, str]:
    return {
        **os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home), "TURNUS_FAILPOINT": failpoint,
        "DJANGO_SETTINGS_MODULE": "turnus.project.settings",
    }  # fmt: skip


WORKER = "import sys, django; django.setup(); from tests.faults.worker import main; main(sys.argv[1:])"


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", WORKER, *words]


def worker(url: str, home: Path, *words: str) -> Any:  # noqa: ANN401 - what JSON may hold
    """Run the worker to its end. Returns what it tells, if anything."""
    done = subprocess.run(
        command(*words), cwd=ROOT, env=environment(url, home), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout else None


def started(url: str, home: Path, *words: str, failpoint: str = "") -> subprocess.Popen[str]:
    """Start a worker and return as soon as it is ready; it goes on when it reads a line."""
    process = subprocess.Popen(
        command(*words), cwd=ROOT, env=environment(url, home, failpoint), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == '"ready"\n'
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Let a started worker go on."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def ended(process: subprocess.Popen[str]) -> tuple[int, Any]:
    """Wait for a worker: exit code (negative: the signal that killed it) and what it told."""
    told, _nothing = process.communicate(timeout=300)
    return process.returncode, json.loads(told.splitlines()[-1]) if told.strip() else None
