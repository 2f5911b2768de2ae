"""The guards themselves: there after every migration, missed where they are gone, and put back."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.apps.test_guards import ONLY_POSTGRESQL, execute
from tests.conftest import SQLITE
from turnus.records.guards import guards, install_guards, missing_guards, truncates

pytestmark = pytest.mark.database


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if SQLITE
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {row[0] for row in cursor.fetchall()}


def test_guards_stand_after_a_migration_and_after_a_second_one() -> None:
    before = triggers()
    assert missing_guards() == []
    call_command("migrate", verbosity=0)
    install_guards()
    assert (triggers(), missing_guards()) == (before, [])


def dropping(name: str, table: str) -> str:
    return f"DROP TRIGGER {name}" if SQLITE else f"DROP TRIGGER {name} ON {table}"


def silencing(name: str, table: str) -> str:
    return dropping(name, table) if SQLITE else f"ALTER TABLE {table} DISABLE TRIGGER {name}"


@pytest.mark.parametrize("break_one", [dropping, silencing])
def test_a_guard_that_is_gone_is_found_and_put_back(break_one: Callable[[str, str], str]) -> None:
    for guard in guards():
        before = transaction.savepoint()
        execute(break_one(guard.name, guard.table))
        assert missing_guards() == [guard.name]
        install_guards()
        assert missing_guards() == []
        transaction.savepoint_rollback(before)  # gives back the locks, of which a server has only so many


@ONLY_POSTGRESQL
def test_a_missing_guard_against_truncation_is_found() -> None:
    for table in truncates():
        before = transaction.savepoint()
        execute(f"DROP TRIGGER guard_{table}_truncate ON {table}")
        assert missing_guards() == [f"guard_{table}_truncate"]
        install_guards()
        transaction.savepoint_rollback(before)
