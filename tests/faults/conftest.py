"""A company with a past, copied for every test that kills something."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import PREFIX, SQLITE, other_database, run_sql
from tests.faults.processes import worker

SERIAL = count()
CONTRACTS = 10


@contextmanager
def copied(url: str, home: Path) -> Iterator[str]:
    """DATABASE_URL of a copy of a database that nobody has open."""
    source = urlsplit(url).path.removeprefix("/")
    if SQLITE:
        path = home / f"copy_{next(SERIAL)}.sqlite3"
        shutil.copyfile(source, path)
        yield f"sqlite:///{path}"
        return
    name = f"{PREFIX}_copy_{next(SERIAL)}"
    run_sql("CREATE DATABASE {} TEMPLATE {}", name, source)
    yield other_database(name)
    run_sql("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def past_database(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """DATABASE_URL of a company whose January is billed; only copied, never opened again."""
    home = tmp_path_factory.mktemp("past")
    with copied(template_database, home) as url:
        worker(url, home, "found-with-past", str(CONTRACTS))
        yield url


@pytest.fixture
def company_database(past_database: str, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a copy for this test alone."""
    with copied(past_database, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def undisturbed(past_database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the books say after a month in which nobody was killed."""
    home = tmp_path_factory.mktemp("undisturbed")
    with copied(past_database, home) as url:
        told: dict[str, Any] = worker(url, home, "live")
    return told
