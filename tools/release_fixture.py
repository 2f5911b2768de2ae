"""Write the fixture of a release: a small database as it is today, for the upgrade tests of later versions.

``python tools/release_fixture.py 0.1.0`` writes ``tests/upgrade/0.1.0/sqlite.sql`` and, where DATABASE_URL names a
PostgreSQL and pg_dump is there, ``postgresql.sql``. The data are the demo company with a dozen customers, one month
issued. Written once per release and never again: later code must be able to read what this code wrote.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CUSTOMERS, MONTH = "12", "2026-11"


def build(url: str, home: Path) -> None:
    """Fill the database with the small demo company."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home), "LOGNAME": "demo", "USER": "demo"}
    command = [str(Path(sys.executable).parent / "turnus"), "demo", "--customers", CUSTOMERS, "--month", MONTH]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def sqlite_dump(home: Path) -> str:
    """The SQLite database as SQL text."""
    path = home / "fixture.sqlite3"
    build(f"sqlite:///{path}", home)
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def postgresql_dump(url: str, home: Path) -> str:
    """The PostgreSQL database as plain SQL without the client's own commands."""
    build(url, home)
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--dbname", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\")) + "\n"


def main() -> None:
    """Write both dumps of the version that is named."""
    folder = ROOT / "tests" / "upgrade" / sys.argv[1]
    if folder.exists():
        sys.exit(f"{folder} is there already: a release's fixture is written once.")
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        (folder / "sqlite.sql").write_text(sqlite_dump(Path(home)), encoding="utf-8")
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        with tempfile.TemporaryDirectory() as home:
            (folder / "postgresql.sql").write_text(postgresql_dump(url, Path(home)), encoding="utf-8")
    print(f"written: {', '.join(sorted(path.name for path in folder.iterdir()))}")


if __name__ == "__main__":
    main()
