"""Events per second that usage is taken in with, against a floor that only stores their rows.

    python -m benchmarks.usage [--events 300000] [--contracts 1000] [--seed 7] [--json FILE]
                               [--database sqlite|postgresql|both]

Three ways to take the same month of events on copies of one database; 5 % come late and 5 % come twice:

- floor: COPY or ``executemany`` of the event rows, each once, into the table with its indexes. Nothing is looked up.
- record: ``contracts/meter.py``: keys looked up, repetitions compared, events stored, daily rows, contracts touched.
- import: the same as a CSV file, through ``turnus import usage``: stored in the inbox, read, checked, saved.

Each way is a process of its own, one transaction each. Client is CPU time of that process, server that of its
PostgreSQL backend; events per second are of both together (``CPU``), and by the clock (``wall``).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.invoice_run import ROOT, Postgresql, Sqlite, commit, copied

WAYS = ("floor", "record", "import")


def step(name: str, url: str, home: Path, **options: object) -> dict[str, Any]:
    """One way, or the step before them, in a process of its own; its figures."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home)}
    flags = [f"--{key}={value}" for key, value in options.items()]
    command = [sys.executable, "-m", "benchmarks._usage_steps", name, *flags]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    """All ways on one kind of database."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Sqlite(home) if kind == "sqlite" else Postgresql(home)
        figures: dict[str, Any] = {"database": kind}
        base = server.make("base")
        given = {"contracts": options.contracts, "events": options.events, "seed": options.seed,
                 "file": home / "usage.csv"}  # fmt: skip
        step("prepare", base, home, **given)
        for way in WAYS:
            with copied(server, base, way) as url:
                figures[way] = step(way, url, home, **given)
        server.drop(base)
    assert len({figures[way]["stored"] for way in WAYS}) == 1, "every way stores each event once"
    assert len({figures[way]["total"] for way in WAYS}) == 1, "daily rows add up to the events"
    return figures


def summary(figures: dict[str, Any]) -> str:
    """The figures of one database as a table, and the ratios of this run."""
    lines = [
        f"{figures['database']}:",
        "  way        events    client    server   CPU: events/s   wall: events/s   peak MiB  (µs per event)",
    ]
    cost = {}
    for way in WAYS:
        row = figures[way]
        count = row["events"]
        cost[way] = (row["client"] + row["server"]) / count
        lines.append(
            f"  {way:8} {count:>8,} {row['client'] / count * 1e6:9.1f} {row['server'] / count * 1e6:9.1f} "
            f"{1 / cost[way]:15,.0f} {count / row['wall']:16,.0f} {row['peak'] / 1024:10.1f}"
        )
    target = "   (target at least 20,000 events/s)" if figures["database"] == "postgresql" else ""
    lines += [
        f"  record / floor  {cost['record'] / cost['floor']:5.2f}",
        f"  import / floor  {cost['import'] / cost['floor']:5.2f}{target}",
        f"  daily rows      {figures['import']['days']:,} of {figures['import']['stored']:,} events",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--contracts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    facts = {
        "date": datetime.now(UTC).date().isoformat(), "commit": commit(), "seed": options.seed,
        "contracts": options.contracts, "cores": os.cpu_count(), "python": platform.python_version(),
    }  # fmt: skip
    print(", ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
    results = []
    for kind in kinds:
        results.append(measure(kind, options))
        print(summary(results[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(facts | {"results": results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
