"""The bulk writer: every column supplied, every value back as it went in, ids that nobody else gets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models, transaction
from django.db.models.fields import NOT_PROVIDED
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.builders import METERED, company, contract, item, product, run, used
from turnus.contracts.models import Item, UsageEvent
from turnus.core.money import canonical
from turnus.records.bulk import NulError, insert, merge, read, take_ids
from turnus.records.fields import Exact

pytestmark = pytest.mark.database

PLAIN = (models.IntegerField, models.DateField, models.TextField, models.BooleanField, Exact)
"""Kinds of column that COPY writes; BigIntegerField and BigAutoField are IntegerFields."""
ANY = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)


def test_the_writer_fills_every_column_that_has_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    filled: dict[type[models.Model], set[str]] = {}

    def listen(model: type[models.Model], columns: Sequence[str], rows: Any) -> None:  # noqa: ANN401
        filled.setdefault(model, set(columns)).intersection_update(columns)
        insert(model, columns, rows)

    def listen_too(model: type[models.Model], columns: Sequence[str], key: int, rows: Any, changes: Any) -> None:  # noqa: ANN401
        filled.setdefault(model, set(columns)).intersection_update(columns)
        merge(model, columns, key, rows, changes)

    for module in list(sys.modules.values()):
        for name, writer, listener in (("insert", insert, listen), ("merge", merge, listen_too)):
            if module.__name__.startswith("turnus.") and getattr(module, name, None) is writer:
                monkeypatch.setattr(module, name, listener)
    seller = company(automation="send")
    product(seller, "LIC", "10")
    product(seller, "GB", "0.50", METERED)
    contract(seller, "V1", "2025-01-01", "LIC", item("GB"))
    used(seller, "V1", "GB", "2025-01-05", "3")
    assert len(run(seller, "2025-02-01")) == 1
    assert {"Contract", "Item", "UsageEvent", "UsageDay", "Invoice", "InvoiceLine", "InvoiceTax", "Pending", "RunUnit",
            "Posting", "OutboxMessage"} <= {model.__name__ for model in filled}  # fmt: skip
    for model, columns in filled.items():
        for field in model._meta.concrete_fields:
            assert isinstance(field, (*PLAIN, models.ForeignKey)) or field.db_default is not NOT_PROVIDED, field
            supplied = field.column in columns or field.null or isinstance(field, models.AutoField)
            assert supplied or field.db_default is not NOT_PROVIDED, f"{model.__name__}.{field.column}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.tuples(ANY, ANY, st.dates(), st.integers(-(2**62), 2**62)), min_size=1, max_size=5),
    st.decimals(Decimal(-(10**15)), Decimal(10**15), places=15),
)
@example(
    [("\\N", "\\.", date.min, 0), ("tab\there", "line\nend", date.max, -1), ("", "€ß\U0001f600", date.max, 1)],
    Decimal("1E-15"),
)
def test_every_value_comes_back_as_it_went_in(rows: list[tuple[str, str, date, int]], price: Decimal) -> None:
    with transaction.atomic():
        first = take_ids(UsageEvent, 1)[0] + 1_000_000
        columns = ("item_id", "key", "dimension", "day", "quantity", "amount")
        given_rows = [(first + n, key, more, day, n, amount) for n, (key, more, day, amount) in enumerate(rows)]
        insert(UsageEvent, columns, given_rows)
        assert read(UsageEvent, columns, "item_id", [row[0] for row in given_rows], order="item_id") == given_rows
        terms = ("contract_id", "code", "basis", "product_id", "model", "unit_price", "quantity", "gross", "fee_months",
                 "fee_days", "billing_months", "billing_days", "timing")  # fmt: skip
        insert(Item, terms, [(first, "x", "none", 1, None, canonical(price), "1", True, 1, 0, 1, 0, "advance")])
        stored = read(Item, ("unit_price", "quantity", "gross", "model", "end_on"), "contract_id", [first])
        assert [(*row[:2], bool(row[2]), *row[3:]) for row in stored] == [(canonical(price), "1", True, None, None)]
        transaction.set_rollback(True)


@pytest.mark.parametrize("place", [1, 2])
def test_nul_is_refused_before_anything_is_written(place: int) -> None:
    row: list[Any] = [1, "key", "dimension", date(2025, 1, 1), 1, 0]
    row[place] += "\x00"
    with pytest.raises(NulError):
        insert(UsageEvent, ("item_id", "key", "dimension", "day", "quantity", "amount"), [row])
    assert not UsageEvent.objects.exists()


TAKE = """
import django; django.setup()
from django.db import transaction
from turnus.contracts.models import Item
from turnus.records.bulk import take_ids
print("ready", flush=True); input()
for _ in range(20):
    with transaction.atomic(durable=True):
        print(*take_ids(Item, 50), flush=True)
"""


def test_two_processes_never_get_the_same_id(fresh_database: str) -> None:
    environment = {**os.environ, "DATABASE_URL": fresh_database, "DJANGO_SETTINGS_MODULE": "turnus.project.settings"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE], env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _process in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    taken = [[int(number) for number in process.communicate("\n")[0].split()] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert len(set(taken[0]) | set(taken[1])) == 2_000
    assert all(rows == sorted(rows) for rows in taken)
