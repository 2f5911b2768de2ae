"""The tables of docs/algorithms/amendments.md are run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.core.builders import Book, contract, item, terms
from tests.core.tables import Row, euros, rows
from turnus.core.amending import ENDED, Moment, effective_day, latest, restated
from turnus.core.amending import Row as Recorded
from turnus.core.contracts import Terms
from turnus.core.periods import Cycle


@pytest.mark.parametrize("row", rows("moments"))
def test_a_change_at_period_end_takes_effect_on_this_day(row: Row) -> None:
    count, unit = row["fee period"].split()
    fee = item("30.00", start=row["anchor"], fee=Cycle.of(int(count), unit))
    day = effective_day(fee, Moment.PERIOD_END, on=date.fromisoformat(row["recorded on"]))
    assert day.isoformat() == row["at period end"]


def stated(text: str) -> tuple[date, dict[str, Any]]:
    """``2025-04-11 quantity 7``, ``2025-04-11 ended``."""
    day, name, *value = text.split()
    fields = {"ended": {ENDED: True}, "restored": {ENDED: False}}
    return date.fromisoformat(day), fields[name] if name in fields else {name: Decimal(value[0])}


def recorded(texts: list[str]) -> list[Recorded]:
    """The rows that these statements leave on an item of ten units at 3.00."""
    found = [Recorded(date.min, 0, {"price": Decimal("3.00"), "quantity": Decimal(10), ENDED: False}, "")]
    for text in texts:
        for row in restated(found, *stated(text)):
            found.append(row._replace(order=len(found)))
    return found


def shown(rows_: list[Recorded], day: date) -> str:
    row = latest(rows_, day)
    assert row is not None
    return "ended" if row.fields[ENDED] else f"{row.fields['price']} × {row.fields['quantity']}"


@pytest.mark.parametrize("row", rows("combined"))
def test_changes_combine_field_by_field(row: Row) -> None:
    found = recorded(row["recorded"].split("; "))
    days = [name for name in row if name != "recorded"]
    assert [shown(found, date.fromisoformat(day)) for day in days] == [row[day] for day in days]


def timeline(changes: list[tuple[str, str]]) -> list[Terms]:
    """Terms in force after the changes: of two on one day the one recorded later."""
    return [terms(day, price) for day, price in sorted(dict(changes).items())]


@pytest.mark.parametrize("row", rows("upgrades"))
def test_upgrades_are_billed_so(row: Row) -> None:
    book = Book(contract(item("30.00", start="2025-04-01"), start="2025-04-01"))
    book.run("2025-04-01")
    changes: list[tuple[str, str]] = []
    nets = []
    texts = [text.split() for text in row["changes"].split("; ")]
    for place, (day, price) in enumerate(texts, 1):
        changes.append((f"2025-{day}", price))
        later = timeline(changes)
        start = [] if later[0].since == date(2025, 4, 1) else [terms("2025-04-01", "30.00")]
        plan = item("30.00", start="2025-04-01")._replace(terms=[*start, *later])
        book.amend(contract(plan, start="2025-04-01"), changes[-1][0])
        if row["runs"] == "each" or place == len(texts):
            nets += [document.composed.net for document in book.run("2025-04-30")]
    assert euros(nets) == row["nets"]
    assert euros([document.composed.net for document in book.run("2025-05-01")]) == row["May"]
