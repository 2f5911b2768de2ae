"""tools/postgres.py brings a PostgreSQL up on a machine that has none, keeps it, and stops it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tools import postgres
from tools.postgres import Unusable


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A project folder of its own, on a machine whose only PostgreSQL is the one in the development package."""
    monkeypatch.setattr(postgres, "ROOT", tmp_path)
    monkeypatch.setenv("TURNUS_TEST_POSTGRES", "bundled")
    yield
    postgres.stop(postgres.state_folder())
    shutil.rmtree(postgres.state_folder())


@pytest.mark.usefixtures("bundled")
def test_a_private_server_is_started_once_and_lets_databases_be_created() -> None:
    url = postgres.find()
    assert postgres.find() == url
    with postgres.connect(url) as connection:
        connection.execute("CREATE DATABASE one")
    postgres.stop(postgres.state_folder())
    assert not postgres.is_up(url)
    with postgres.connect(postgres.find()) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = 'one'").fetchone() == (1,)


@pytest.mark.usefixtures("bundled")
def test_the_private_server_asks_for_its_password() -> None:
    url = postgres.find()
    password = (postgres.state_folder() / "password").read_text()
    with pytest.raises(psycopg.OperationalError, match="password"):
        postgres.connect(url.replace(password, "guessed"))


@pytest.mark.usefixtures("bundled")
def test_databases_of_killed_test_processes_are_dropped_and_others_stay() -> None:
    url = postgres.find()
    gone, ours = "test_turnus_4194305_0", f"test_turnus_{os.getpid()}_0"  # no process has a number above 2 ** 22
    with postgres.connect(url) as connection:
        for name in (gone, ours):
            connection.execute(f"CREATE DATABASE {name}")
    postgres.find()
    with postgres.connect(url) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'").fetchall()
    assert left == [(ours,)]


def test_a_given_server_that_does_not_answer_is_an_error_and_nothing_else_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TURNUS_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/turnus")
    with pytest.raises(SystemExit, match="TURNUS_TEST_DATABASE_URL: "):
        postgres.given()


def test_sqlite_in_the_environment_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TURNUS_TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///turnus.sqlite3")
    with pytest.raises(Unusable, match="names a PostgreSQL"):
        postgres.given()


def test_root_on_debian_installs_the_package_when_nothing_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(arguments: list[str], **_: object) -> str:
        commands.append(arguments)
        return ""

    monkeypatch.setattr(postgres, "run", run)
    monkeypatch.setattr(postgres, "AS_ROOT", True)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(postgres, "system", lambda: "postgresql://installed")
    assert postgres.apt() == "postgresql://installed"
    assert [command[2] for command in commands] == ["update", "install"]
    assert commands[1][-1] == "postgresql"


def test_without_any_source_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> str:
        raise Unusable("not here")

    monkeypatch.setattr(postgres, "SOURCES", {"local": nothing, "system": nothing})
    monkeypatch.delenv("TURNUS_TEST_POSTGRES", raising=False)
    with pytest.raises(SystemExit, match=r"(?s)local: not here.*system: not here.*Install PostgreSQL"):
        postgres.find()
