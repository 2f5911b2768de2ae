"""CPU seconds per million contracts of an invoice run, against a floor of raw SQL and a per-object Django loop.

    python -m benchmarks.invoice_run [--contracts 100000] [--lines 3] [--sample 1000] [--seed 7] [--json FILE]
                                     [--database sqlite|postgresql|both]

Three ways to do the same month on copies of one database, in which the month before was billed already:

- run: ``order_to_cash.bill`` with automation "send": freeze, draft, release, number, issue, postings, outbox, audit.
- floor: reads the same facts and stores the same rows by raw SQL and the bulk writer, without any rule (``_floor.py``).
- loop: model instances, one transaction per invoice (``_loop.py``), on a sample of the contracts, scaled.

Each way is a process of its own. Client is CPU time of that process, server that of its PostgreSQL backend where
the server is local; peak memory is the process's high-water mark, also at a quarter of the contracts for the run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).parent.parent
MILLION = 1_000_000


def step(name: str, url: str, home: Path, **options: int) -> dict[str, Any]:
    """One way, or one step before them, in a process of its own; its figures."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home)}
    flags = [f"--{key}={value}" for key, value in options.items()]
    command = [sys.executable, "-m", "benchmarks._steps", name, *flags]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


class Sqlite:
    """Databases are files."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def make(self, name: str) -> str:
        """DATABASE_URL of a new, empty database."""
        return f"sqlite:///{self.home / name}.sqlite3"

    def copy(self, source: str, name: str) -> str:
        """DATABASE_URL of a copy of another database."""
        shutil.copyfile(urlsplit(source).path.removeprefix("/"), self.home / f"{name}.sqlite3")
        return self.make(name)

    def drop(self, url: str) -> None:
        """Remove a database."""
        for path in self.home.glob(f"{Path(urlsplit(url).path).name}*"):
            path.unlink()


class Postgresql:
    """Databases of a server that ``tools/postgres.py`` finds or starts."""

    def __init__(self, home: Path) -> None:
        del home
        found = subprocess.run(
            [sys.executable, ROOT / "tools/postgres.py"], check=True, stdout=subprocess.PIPE, text=True
        )
        self.url = found.stdout.strip()
        self.prefix = f"turnus_benchmark_{os.getpid()}"

    def make(self, name: str) -> str:
        """DATABASE_URL of a new, empty database."""
        self._run("CREATE DATABASE {}", f"{self.prefix}_{name}")
        return urlsplit(self.url)._replace(path=f"/{self.prefix}_{name}").geturl()

    def copy(self, source: str, name: str) -> str:
        """DATABASE_URL of a copy of another database."""
        self._run("CREATE DATABASE {} TEMPLATE {}", f"{self.prefix}_{name}", urlsplit(source).path.lstrip("/"))
        return urlsplit(self.url)._replace(path=f"/{self.prefix}_{name}").geturl()

    def drop(self, url: str) -> None:
        """Remove a database."""
        self._run("DROP DATABASE {} WITH (FORCE)", urlsplit(url).path.lstrip("/"))

    def _run(self, statement: str, *names: str) -> None:
        maintenance = urlsplit(self.url)._replace(path="/postgres").geturl()
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def copied(server: Sqlite | Postgresql, source: str, name: str) -> Iterator[str]:
    """A copy of a database for one measurement."""
    url = server.copy(source, name)
    try:
        yield url
    finally:
        server.drop(url)


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    """All ways on one kind of database."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Sqlite(home) if kind == "sqlite" else Postgresql(home)
        figures: dict[str, Any] = {"database": kind}
        quarter = options.contracts // 4
        small = server.make("small")
        step("prepare", small, home, contracts=quarter, lines=options.lines, seed=options.seed)
        figures["run_quarter"] = step("run", small, home)
        server.drop(small)
        base = server.make("base")
        step("prepare", base, home, contracts=options.contracts, lines=options.lines, seed=options.seed)
        for way, extra in (("run", {}), ("floor", {}), ("loop", {"sample": options.sample})):
            with copied(server, base, way) as url:
                figures[way] = step(way, url, home, **extra)
        server.drop(base)
    return figures


def summary(figures: dict[str, Any]) -> str:
    """The figures of one database as a table, and the ratios of this run."""
    lines = [
        f"{figures['database']}:",
        "  way      contracts   client   server    total   wall/M   peak MiB  (CPU-s per million)",
    ]
    per_million = {}
    for way in ("run", "floor", "loop"):
        row = figures[way]
        scale = MILLION / row["contracts"]
        per_million[way] = (row["client"] + row["server"]) * scale
        lines.append(
            f"  {way:8} {row['contracts']:>9,} {row['client'] * scale:8.1f} {row['server'] * scale:8.1f} "
            f"{per_million[way]:8.1f} {row['wall'] * scale:8.1f} {row['peak'] / 1024:10.1f}"
        )
    quarter = figures["run_quarter"]
    lines += [
        f"  run / floor  {per_million['run'] / per_million['floor']:5.2f}   (target at most 3)",
        f"  loop / run   {per_million['loop'] / per_million['run']:5.1f}   (target at least 20)",
        f"  peak memory  {quarter['peak'] / 1024:.1f} MiB at {quarter['contracts']:,} contracts",
        f"               {figures['run']['peak'] / 1024:.1f} MiB at {figures['run']['contracts']:,}",
    ]
    return "\n".join(lines)


def commit() -> str:
    """The commit that is measured."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    done = subprocess.run([git, "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> None:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--sample", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    facts = {
        "date": datetime.now(UTC).date().isoformat(), "commit": commit(), "seed": options.seed,
        "lines": options.lines, "cores": os.cpu_count(), "python": platform.python_version(),
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
