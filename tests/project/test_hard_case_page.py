"""docs/algorithms/hard-cases.md names tests that exist, and every case has one."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
PAGE = (TESTS.parent / "docs/algorithms/hard-cases.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists_where_it_says() -> None:
    for line in PAGE.splitlines():
        for path, names in re.findall(r"`((?:core|scenarios)/\w+\.py)`: ((?:`\w+`(?:, )?)+)", line):
            text = (TESTS / path).read_text(encoding="utf-8")
            assert [name for name in re.findall(r"`(\w+)`", names) if f"def {name}(" not in text] == [], path
    everything = "".join(path.read_text(encoding="utf-8") for path in TESTS.glob("**/test_*.py"))
    traps = re.findall(r"`(test_\w+)`", PAGE.partition("| trap |")[2])
    assert len(traps) >= 8
    assert [name for name in traps if f"def {name}(" not in everything] == []


def test_every_case_has_a_test() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number, _tests in rows] == list(range(1, 21))
    assert all("`test_" in tests for _number, tests in rows)
