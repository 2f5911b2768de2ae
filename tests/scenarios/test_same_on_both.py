"""The same company, the same months, the same commands: SQLite and PostgreSQL give the same documents, to the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

TURNUS = str(Path(sys.executable).parent / "turnus")
EXPORT = str(Path(__file__).parent / "export.py")
SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")

STORY = (
    ("demo", "--customers", "120", "--month", "2026-10"),
    ("run", "issue", "--through", "2026-11-30", "--on", "2026-11-30"),
    ("invoice", "cancel", "RE-2026-000003", "--on", "2026-12-01", "--reason", "falsch"),
    ("invoice", "credit", "RE-2026-000005", "--amount", "1,00", "--on", "2026-12-01", "--reason", "Kulanz"),
    ("run", "issue", "--through", "2026-12-31", "--on", "2026-12-31"),
    ("run", "draft", "--through", "2027-01-31", "--on", "2027-01-31"),
)
"""A demo month, further months that wait for release where they differ too much, a cancellation, a credit, drafts."""


def told(url: str, home: Path) -> str:
    """The story on one database, and what it left as canonical text."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home)}
    for command in STORY:
        done = subprocess.run([TURNUS, *command], env=environment, capture_output=True, text=True, check=False)
        allowed = (0, 1, 3) if command[0] == "run" else (0, 1)  # 3: the run waits for a person
        assert done.returncode in allowed, (command, done.stdout, done.stderr)
        if command[0] == "run":
            held = [TURNUS, "run", "approve", "--reason", "geprüft"]
            subprocess.run(held, env=environment, capture_output=True, check=False)
            subprocess.run([TURNUS, *command], env=environment, capture_output=True, check=False)
    return subprocess.run([sys.executable, EXPORT], env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.database
@pytest.mark.skipif(SQLITE, reason="compares SQLite with PostgreSQL, which this run has not got")
def test_months_of_a_company_give_the_same_documents_on_both_databases(fresh_database: str, tmp_path: Path) -> None:
    server = told(fresh_database, tmp_path / "server")
    embedded = told(f"sqlite:///{tmp_path / 'embedded.sqlite3'}", tmp_path / "embedded")
    assert server == embedded
    assert server.count("InvoiceDocument(") > 150
