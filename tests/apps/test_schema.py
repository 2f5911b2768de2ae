"""The schema is the same on both databases: what the models say is there, and nothing else."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from turnus.records.guards import APPEND_ONLY, LINES, MONEY, guards, install_guards, missing_guards

pytestmark = pytest.mark.database

OURS = [model for model in apps.get_models() if model.__module__.startswith("turnus.")]


def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_table_has_the_columns_of_its_model(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, model._meta.db_table)
    optional = {column.name: bool(column.null_ok) for column in found}
    wanted = {f.column: f.null for f in model._meta.local_concrete_fields if f.column}
    assert optional == wanted


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_table_has_the_constraints_and_indexes_of_its_model(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
    wanted = {rule.name for rule in model._meta.constraints} | {index.name for index in model._meta.indexes}
    assert wanted <= found


def test_the_guards_are_there_after_migrating() -> None:
    assert missing_guards() == []


def test_installing_the_guards_again_changes_nothing() -> None:
    install_guards()
    install_guards()
    assert missing_guards() == []


def test_a_guard_that_is_gone_is_missed() -> None:
    guard = guards()[0]
    with connection.cursor() as cursor:
        table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {guard.name}{table}")
    assert missing_guards() == [guard.name]


def test_every_guarded_table_and_column_exists() -> None:
    columns = {model._meta.db_table: {f.column for f in model._meta.local_concrete_fields} for model in OURS}
    assert set(APPEND_ONLY) | set(LINES) <= set(columns)
    assert all(set(names) <= columns[table] for table, names in MONEY.items())


def test_every_amount_in_minor_units_is_guarded_as_an_integer() -> None:
    """Columns that hold money, by their names; a new one must join the list."""
    money = {"amount", "net", "tax", "gross", "applied", "value", "base", "allowance"}
    found = {
        (model._meta.db_table, field.column)
        for model in OURS
        for field in model._meta.local_concrete_fields
        if field.column in money and isinstance(field, models.BigIntegerField)
    } - {("invoices_numbervoid", "value")}  # a number, not money
    guarded = {(table, column) for table, names in MONEY.items() for column in names}
    assert found <= guarded
