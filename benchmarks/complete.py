"""Complete ZUGFeRD documents per second and core: from the rows of issued invoices to archived files with reports.

    python -m benchmarks.complete [--documents 600] [--profile facturx-en16931] [--json FILE]

What the worker does for each document of three lines: read its rows, compose it in the terms of EN 16931, check it
exactly, write the XML, lay out the PDF/A-3 with the XML inside, keep the file (synced) and enter file, link of the
archive's chain, report and audit in an SQLite database. Beside it, in the same run: Typst alone, compiling
the same template with the same data. Time is CPU time of the process with all its threads.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

TARGET: Final = 60
MOST: Final = 2
LEVELS: Final = ("facturx-basic", "facturx-en16931", "facturx-extended")
ROOT: Final = Path(__file__).parent.parent


def measure(documents: int, profile: str) -> dict[str, float]:
    """Figures of a process of its own with a new database."""
    with tempfile.TemporaryDirectory(prefix="turnus-complete-") as home:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{home}/complete.sqlite3", "TURNUS_HOME": home}
        command = [
            sys.executable,
            "-m",
            "benchmarks._complete_steps",
            f"--documents={documents}",
            f"--profile={profile}",
        ]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--profile", default="facturx-en16931", choices=LEVELS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.documents, options.profile)
    speed, alone = found["documents"] / found["seconds"], found["documents"] / found["typst"]
    ratio = found["seconds"] / found["typst"]
    print(f"{found['documents']} complete documents ({options.profile}): {speed:.1f} per second and core, "
          f"target {TARGET}: {'met' if speed >= TARGET else 'missed'}")  # fmt: skip
    print(f"Typst alone: {alone:.1f} per second and core; ratio {ratio:.2f}, at most {MOST}: "
          f"{'met' if ratio <= MOST else 'missed'}")  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found | {"ratio": ratio}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
