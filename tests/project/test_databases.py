"""Each database is set up for money, and a fresh one is migrated and nobody else's."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import SQLITE

ASK = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for question in {questions!r}:
        cursor.execute(question)
        print(cursor.fetchone()[0] if cursor.description else "done")
"""


def ask(url: str, home: Path, *questions: str) -> list[str]:
    """The first value of each answer, from a process of its own."""
    environment = {"DATABASE_URL": url, "TURNUS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "turnus.project.settings"}
    command = [sys.executable, "-c", ASK.format(questions=questions)]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.split()


@pytest.mark.skipif(not SQLITE, reason="about SQLite")
def test_sqlite_commits_to_the_disk_and_checks_foreign_keys(fresh_database: str, tmp_path: Path) -> None:
    questions = [f"PRAGMA {name}" for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]
    assert ask(fresh_database, tmp_path, *questions) == ["wal", "2", "1", "60000"]


@pytest.mark.skipif(SQLITE, reason="about PostgreSQL")
def test_postgresql_knows_us_by_name_and_keeps_utc(fresh_database: str, tmp_path: Path) -> None:
    assert ask(fresh_database, tmp_path, "SHOW application_name", "SHOW timezone") == ["turnus", "UTC"]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_into_its_fresh_database_no_other_sees(
    turn: str, fresh_database: str, tmp_path: Path
) -> None:
    questions = ["CREATE TABLE only_here (id integer)", "SELECT count(*) > 0 FROM django_migrations"]
    assert ask(fresh_database, tmp_path, *questions) in (["done", "1"], ["done", "True"]), turn


@pytest.mark.database
def test_the_mark_database_is_enough_to_use_the_shared_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
