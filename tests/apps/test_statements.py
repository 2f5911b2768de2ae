"""The hot path asks a fixed number of questions per chunk, and none of them walks a whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler

from tests.builders import BY, METERED, Company, company, contract, customer, day, item, metering, product, used
from turnus import order_to_cash
from turnus.core.usage import Display
from turnus.invoices.models import Run

pytestmark = pytest.mark.database

SMALL = {"catalog_product", "catalog_productversion", "catalog_vatrate", "catalog_price",
         "catalog_exchangerate", "parties_seller", "parties_sellerversion", "parties_bankaccount",
         "invoices_run", "invoices_rundefinition", "invoices_numberrange", "invoices_series", "invoices_numberblock",
         "json_each", "sqlite_sequence", "last_rows"}  # fmt: skip
"""Tables that hold a catalogue, a seller's settings or one row per run or chunk; and results of subqueries."""

Statement = tuple[str, Any]


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """Every statement that is executed inside."""
    heard: list[Statement] = []

    def listen(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if not many:
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def portfolio(count: int) -> Company:
    seller = company(f"of {count}")
    product(seller, "LIC", "10")
    product(seller, "GB", "0.50", METERED)
    for number in range(count):
        customer(seller, f"K{number}")
        shown = [
            item("GB", named=kind, metering=metering(kind, meter="GB", display=Display.TABLE))
            for kind in ("sum", "time")
        ]
        contract(seller, f"V{number}", "2025-01-01", "LIC", item("GB"), *shown, by=f"K{number}")
        used(seller, f"V{number}", "GB", "2025-01-05", "3")
    return seller


def bill(seller: Company, through: str) -> dict[str, list[Statement]]:
    """Statements of each step of a run."""
    heard: dict[str, list[Statement]] = {}
    run, _new = order_to_cash.start_run(seller.definition, through=day(through), on=day(through), by=BY)
    with listening() as heard["draft"]:
        list(order_to_cash.draft_invoices(run, by=BY))
    with listening() as heard["issue"]:
        list(order_to_cash.issue_invoices(run, by=BY))
    assert Run.objects.get(id=run).state == Run.State.DONE
    return heard


def test_a_chunk_asks_as_many_questions_for_forty_contracts_as_for_four() -> None:
    few, many = portfolio(4), portfolio(40)
    for through in ("2025-01-31", "2025-02-28"):
        one, other = bill(few, through), bill(many, through)
        for step in ("draft", "issue"):
            assert len(one[step]) == len(other[step]), [sql for sql, _params in other[step]]


def test_a_chunk_writes_as_many_questions_for_forty_contracts_also_those_that_need_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A filter by nothing is never sent, but putting it into words costs as much as a question."""
    written = []
    put = SQLCompiler.as_sql

    def counted(compiler: SQLCompiler, *args: Any, **options: Any) -> object:  # noqa: ANN401 - Django's own
        written.append(compiler)
        return put(compiler, *args, **options)

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    counts = []
    for seller in (portfolio(4), portfolio(40)):
        before = len(written)
        bill(seller, "2025-01-31")
        counts.append(len(written) - before)
    assert counts[0] == counts[1]


def test_no_question_of_a_chunk_walks_a_table_that_grows() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by statistics, which a few rows do not show")
    seller = portfolio(30)
    bill(seller, "2025-01-31")
    walked = set()
    for statement, params in [row for rows in bill(seller, "2025-02-28").values() for row in rows]:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", params)
                plan = [row[3] for row in cursor.fetchall()]
            walks = [line for line in plan if line.startswith("SCAN") or line.endswith("(seller_id=?)")]
            walked |= {(line, statement) for line in walks if line.split(" ")[1] not in SMALL}
    assert not walked
