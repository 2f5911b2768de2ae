"""Sizes are counted, printed as notes beyond the target and fail beyond the limit."""

import subprocess
import sys
from pathlib import Path

import pytest


def budgets(root: Path, file: str, code: str) -> tuple[int, str]:
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    command = [sys.executable, "tools/budgets.py", str(root)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def function(lines: int) -> str:
    return "@decorated\ndef long():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize("file", ["src/turnus/core/tax.py", "tests/core/test_tax.py", "tools/a.py", "benchmarks/b.py"])
@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("pass\n" * 400, 0, ""),
        ("pass\n" * 401, 0, "note  {}:1 file of 401 lines (target 400, limit 500)\n"),
        ("pass\n" * 500, 0, "note  {}:1 file of 500 lines (target 400, limit 500)\n"),
        ("pass\n" * 501, 1, "error {}:1 file of 501 lines (target 400, limit 500)\n"),
        (function(40), 0, ""),
        (function(41), 0, "note  {}:2 long() of 41 lines (target 40, limit 60)\n"),
        (function(61), 1, "error {}:2 long() of 61 lines (target 40, limit 60)\n"),
        ("async " + function(61).partition("\n")[2], 1, "error {}:1 long() of 61 lines (target 40, limit 60)\n"),
    ],
)
def test_sizes_have_a_target_and_a_limit(file: str, code: str, status: int, said: str, tmp_path: Path) -> None:
    assert budgets(tmp_path, file, code) == (status, said.format(file))


def test_the_story_is_shorter_than_other_files(tmp_path: Path) -> None:
    assert budgets(tmp_path / "a", "src/turnus/order_to_cash.py", "pass\n" * 250) == (0, "")
    status, said = budgets(tmp_path / "b", "src/turnus/order_to_cash.py", "pass\n" * 251)
    assert (status, "251 lines" in said) == (1, True)


def test_migrations_are_free(tmp_path: Path) -> None:
    assert budgets(tmp_path, "src/turnus/ledger/migrations/0001_initial.py", "pass\n" * 900) == (0, "")
