"""A database of every earlier release migrates to this code, keeps its documents, and bills on.

Fixtures are written once per release by ``tools/release_fixture.py`` and never again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from tests.conftest import other_database, run_sql

HERE = Path(__file__).parent
RELEASES = sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name[0].isdigit())
SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")

pytestmark = [pytest.mark.database, pytest.mark.parametrize("release", RELEASES)]


@pytest.fixture
def database(release: str, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a database exactly as the release left it."""
    if SQLITE:
        path = tmp_path / "old.sqlite3"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript((HERE / release / "sqlite.sql").read_text(encoding="utf-8"))
        yield f"sqlite:///{path}"
        return
    name = f"test_turnus_{os.getpid()}_upgrade"
    run_sql("CREATE DATABASE {}", name)
    url = other_database(name)
    assert urlsplit(url).path == f"/{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((HERE / release / "postgresql.sql").read_text(encoding="utf-8"))
    yield url
    run_sql("DROP DATABASE {} WITH (FORCE)", name)


def turnus(url: str, home: Path, *arguments: str) -> dict[str, Any]:
    """A command of today's code on the old database."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home)}
    command = [str(Path(sys.executable).parent / "turnus"), *arguments, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_old_database_migrates_and_bills_on(database: str, release: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": database, "TURNUS_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--settings=turnus.project.settings"]
    subprocess.run(command, env=environment, check=True)

    findings = turnus(database, tmp_path, "doctor")["findings"]
    assert {row["name"] for row in findings if not row["ok"]} <= {"archive"}, (
        release
    )  # its files are not in the fixture

    same = turnus(database, tmp_path, "run", "preview", "--through", "2026-11-30", "--on", "2026-12-31")
    assert same["documents"] == []
    following = turnus(database, tmp_path, "run", "preview", "--through", "2026-12-31", "--on", "2026-12-31")
    assert following["documents"]
