"""What all tests share: databases, profiles of random tests, golden files, sample data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from turnus.project.settings import ENVIRONMENT

# The same examples in every run, so that a red build is red for everybody; `make soak` looks for new ones.
hypothesis.settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None, print_blob=True)
hypothesis.settings.register_profile("soak", max_examples=5_000, stateful_step_count=100, deadline=None)
hypothesis.settings.load_profile("ci")

SQLITE = ENVIRONMENT.database.engine == "sqlite3"
PREFIX = f"test_turnus_{os.getpid()}"  # tools/postgres.py drops what killed processes left behind
SERIAL = count()
GOLDEN = Path(__file__).parent / "golden"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever touches the database is marked `database`, and what is marked so may use the database."""
    for item in items:
        fresh = "fresh_database" in getattr(item, "fixturenames", ())
        if fresh or item.get_closest_marker("django_db"):
            item.add_marker("database")
        elif item.get_closest_marker("database"):
            item.add_marker("django_db")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Every test process has a database of its own, so runs side by side never meet."""
    settings.DATABASES["default"]["TEST"]["NAME"] = ":memory:" if SQLITE else PREFIX


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """DATABASE_URL of a migrated, empty database of the engine under test; only copied, never opened again."""
    home = tmp_path_factory.mktemp("template")
    if SQLITE:
        url = f"sqlite:///{home / 'template.sqlite3'}"
        migrate(url, home)
        yield url
        return
    url = other_database(f"{PREFIX}_template")
    run_sql("CREATE DATABASE {}", f"{PREFIX}_template")
    migrate(url, home)
    yield url
    run_sql("DROP DATABASE {} WITH (FORCE)", f"{PREFIX}_template")


@pytest.fixture
def fresh_database(template_database: str, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a migrated, empty database for this test alone: for processes that crash or compete."""
    if SQLITE:
        path = tmp_path / "turnus.sqlite3"
        shutil.copyfile(urlsplit(template_database).path.removeprefix("/"), path)
        yield f"sqlite:///{path}"
        return
    name = f"{PREFIX}_{next(SERIAL)}"
    run_sql("CREATE DATABASE {} TEMPLATE {}", name, f"{PREFIX}_template")
    yield other_database(name)
    run_sql("DROP DATABASE {} WITH (FORCE)", name)


def migrate(url: str, home: Path) -> None:
    """Migrate the database in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": url, "TURNUS_HOME": str(home)}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--settings=turnus.project.settings"]
    subprocess.run(command, env=environment, check=True)


def other_database(name: str) -> str:
    """DATABASE_URL of the database `name` on the PostgreSQL server under test."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def run_sql(statement: str, *names: str) -> None:
    """Run a statement outside any transaction on the server's maintenance database."""
    with psycopg.connect(make_conninfo(other_database("postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture
def golden() -> Callable[[str, bytes], None]:
    """Compare bytes with the file of this name in tests/golden; `make golden` writes the files anew."""

    def compare(name: str, content: bytes) -> None:
        path = GOLDEN / name
        if os.environ.get("TURNUS_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert path.exists(), f"{path} is missing; make golden writes it"
        assert content == path.read_bytes(), f"{path} differs; make golden shows how"

    return compare


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The folder of public sample data that TURNUS_SAMPLE_DATA names; it is not part of the repository."""
    folder = os.environ.get("TURNUS_SAMPLE_DATA")
    if not folder:
        pytest.skip("TURNUS_SAMPLE_DATA does not name the folder of sample data")
    return Path(folder)
