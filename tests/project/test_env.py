"""The environment is read once, strictly, into one value."""

import multiprocessing
from pathlib import Path

import pytest

from turnus.project.env import BadEnvironment, Database, parse_database_url, read_environment, stored_secret_key


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:////srv/turnus%20a.sqlite3", Database(engine="sqlite3", name="/srv/turnus a.sqlite3")),
        ("sqlite:///:memory:", Database(engine="sqlite3", name=":memory:")),
        (
            "postgresql://anna:s%40fe@db.example:5433/turnus?sslmode=require",
            Database("postgresql", "turnus", "anna", "s@fe", "db.example", "5433", (("sslmode", "require"),)),
        ),
        ("postgres:///turnus?host=/run/postgresql", Database("postgresql", "turnus", host="/run/postgresql")),
    ],
)
def test_a_database_url_is_read(url: str, database: Database) -> None:
    assert parse_database_url(url) == database


def test_three_slashes_are_a_path_relative_to_the_working_directory() -> None:
    assert parse_database_url("sqlite:///a/b.sqlite3").name == str(Path.cwd() / "a" / "b.sqlite3")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://h/n",
        "sqlite:///",
        "sqlite://host/x",
        "sqlite:///x?y=1",
        "postgresql://h",
        "postgresql://u:geheim@h:x/n",
    ],
)
def test_an_unusable_database_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BadEnvironment, match="DATABASE_URL") as refusal:
        parse_database_url(url)
    assert "geheim" not in str(refusal.value)


def test_nothing_needs_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = read_environment({})
    assert environment.home == tmp_path / "var"
    assert environment.database == Database(engine="sqlite3", name=str(tmp_path / "var" / "turnus.sqlite3"))
    assert (environment.language, environment.debug) == ("de", False)


def test_a_folder_with_odd_characters_holds_the_default_database(tmp_path: Path) -> None:
    home = tmp_path / "a #?% b"
    assert read_environment({"TURNUS_HOME": str(home)}).database.name == str(home / "turnus.sqlite3")


def test_a_switch_is_0_or_1(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="TURNUS_DEBUG"):
        read_environment({"TURNUS_HOME": str(tmp_path), "TURNUS_DEBUG": "no"})


def test_secrets_do_not_show_in_a_representation(tmp_path: Path) -> None:
    environment = read_environment(
        {"TURNUS_HOME": str(tmp_path), "TURNUS_SECRET_KEY": "geheim", "DATABASE_URL": "postgresql://u:geheim@h/n"}
    )
    assert environment.secret_key == environment.database.password == "geheim"
    assert "geheim" not in repr(environment)


def test_the_secret_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    first = stored_secret_key(path)
    assert len(first) >= 50
    assert stored_secret_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_together_get_the_same_secret_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(stored_secret_key, [tmp_path / "secret_key"] * 8))) == 1
