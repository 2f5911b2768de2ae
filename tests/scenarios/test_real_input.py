"""Real input through the commands a user types: 7,043 telephone customers, 1,000 cloud-usage records.

The data are not part of the project; TURNUS_SAMPLE_DATA names their folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
TURNUS = Path(sys.executable).parent / "turnus"


class Installation:
    """A Turnus of its own on SQLite, driven by its command line."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "TURNUS_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'db.sqlite3'}"}

    def run(self, *arguments: str) -> dict[str, Any]:
        """A command's JSON. Exit code 1 says that something waits for a person, which is an answer too."""
        command = [str(TURNUS), *arguments, "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr + done.stdout
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def files(self, example: str, data: Path) -> Path:
        """The import files that an example script makes of the sample data."""
        folder = self.home / "files"
        script = ROOT / "examples" / f"{example}.py"
        subprocess.run([sys.executable, script, data / example, folder], check=True, capture_output=True)
        return folder


def test_7043_telephone_customers_are_billed_to_the_cent_and_the_terminated_ones_are_not(
    sample_data: Path, tmp_path: Path
) -> None:
    turnus = Installation(tmp_path)
    files = turnus.files("telco", sample_data)
    turnus.run("init", "--from", str(files / "seller.toml"))
    for kind in ("customers", "products", "contracts"):
        report = turnus.run("import", kind, str(files / f"{kind}.csv"))
        assert (report["errors"], report["created"]) == (0, report["rows"])

    before = turnus.run("run", "preview", "--through", "2026-11-01", "--on", "2026-11-01")
    assert (before["contracts"], before["documents"][0]["net"]) == (7_043, 456_116_60)

    ended = turnus.run("import", "contracts", str(files / "contracts_ended.csv"))
    assert ended["rows"] == ended["changed"] + ended["unchanged"]
    issued = turnus.run("run", "issue", "--through", "2026-11-01", "--on", "2026-11-01")
    assert issued["documents"] == [
        {"kind": "invoice", "currency": "EUR", "documents": 5_174, "net": 316_985_75, "tax": 60_228_54,
         "gross": 377_214_29}
    ]  # fmt: skip
    again = turnus.run("run", "issue", "--through", "2026-11-01", "--on", "2026-11-01")
    assert again["documents"] == []
    assert all(finding["ok"] for finding in turnus.run("doctor")["findings"])


def test_1000_cloud_usage_records_are_billed_with_one_rounding_per_line_and_nothing_is_lost(
    sample_data: Path, tmp_path: Path
) -> None:
    turnus = Installation(tmp_path)
    files = turnus.files("focus", sample_data)
    turnus.run("init", "--from", str(files / "seller.toml"))
    for kind in ("customers", "products", "contracts", "usage"):
        assert turnus.run("import", kind, str(files / f"{kind}.csv"))["errors"] == 0

    issued = turnus.run("run", "issue", "--through", "2024-10-01", "--on", "2024-10-01")
    documents = {row["kind"]: (row["documents"], row["net"]) for row in issued["documents"]}
    assert sum(count for count, _net in documents.values()) == 73 - 27
    assert sum(net for _count, net in documents.values()) == 20_55
    assert issued["accounts"]["empty"] == 27

    known = turnus.run("import", "usage", str(files / "usage.csv"))
    assert (known["unchanged"], known["created"]) == (1_000, 0)
