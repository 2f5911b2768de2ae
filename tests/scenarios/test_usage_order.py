"""The order of events never matters: any permutation, any split into batches, duplicates: same rows and same bill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, cycle, islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import METERED, Company, company, contract, item, metering, product, run
from turnus.contracts.meter import record_usage
from turnus.contracts.models import Contract, Item, UsageDay
from turnus.contracts.usage_integrity import wrong_usage_days
from turnus.core.usage import Aggregation, UsageRecord, local_moment

pytestmark = pytest.mark.database

NUMBERS = count(1)
ITEMS = [
    item("M", named=f"{aggregation} {only}", metering=metering(aggregation.value, meter="m", only=only))
    for aggregation in Aggregation
    for only in ("", "d=1")
]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[Any, ...]], list[int], list[int]]:
    """Events as (hours since New Year, quantity, subject, dimension, place of the corrected one); an order with
    repetitions; and where the batches end.
    """
    length = draw(st.integers(1, 9))
    events: list[tuple[Any, ...]] = []
    corrected: set[int] = set()
    for place in range(length):
        free = [earlier for earlier in range(place) if earlier not in corrected]
        target = draw(st.sampled_from([None, *free])) if free else None
        if target is not None:
            corrected.add(target)
        quantity = draw(st.integers(-3, 9) | (st.none() if target is not None else st.nothing()))
        subject, dimension = draw(st.sampled_from("ab")), draw(st.sampled_from(["", "d=1"]))
        events.append((draw(st.integers(0, 1400)), quantity, subject, dimension, target))
    order = draw(st.permutations(range(length)))
    again = draw(st.lists(st.integers(0, length - 1), max_size=4))
    splits = draw(st.lists(st.integers(1, 4), min_size=1, max_size=13))
    return events, [*order, *again], splits


def records(events: list[tuple[Any, ...]]) -> list[UsageRecord]:
    made = []
    for place, (hours, quantity, subject, dimension, target) in enumerate(events):
        at = datetime(2024, 12, 31, 23, tzinfo=UTC) + timedelta(hours=hours)
        day, moment = local_moment(at, ZoneInfo("Europe/Berlin"))
        number = None if quantity is None else Decimal(quantity)
        corrects = "" if target is None else f"k{target}"
        made.append(UsageRecord("V1", "m", f"k{place}", day, number, None, "", dimension, moment, subject, corrects))
    return made


def firm() -> Company:
    seller = company(f"firm {next(NUMBERS)}")
    product(seller, "M", "1", METERED)
    contract(seller, "V1", "2025-01-01", *ITEMS)
    return seller


def taken(seller: Company, batches: list[list[UsageRecord]]) -> tuple[Any, ...]:
    """What is kept of the batches per day, and what January and February cost."""
    for batch in batches:
        with transaction.atomic():
            record_usage(seller.id, batch)
    codes = dict(Item.objects.filter(contract_id__in=contracts_of(seller)).values_list("id", "code"))
    rows = UsageDay.objects.filter(item_id__in=codes).exclude(events=0)
    columns = ("item_id", "day", "dimension", "subject", "quantity", "events", "moment", "weight")
    kept = sorted((codes[row[0]], *row[1:]) for row in rows.values_list(*columns))
    bills = [
        [(line.name, line.quantity, line.net) for line in document.lines] for document in run(seller, "2025-03-01")
    ]
    return kept, bills


def contracts_of(seller: Company) -> list[int]:
    return list(Contract.objects.filter(seller_id=seller.id).values_list("id", flat=True))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(histories())
def test_any_order_any_batches_and_any_repetition_cost_the_same(
    history: tuple[list[tuple[Any, ...]], list[int], list[int]],
) -> None:
    events, order, splits = history
    known = records(events)
    at_once = taken(firm(), [known])
    left, sizes = iter([known[place] for place in order]), cycle(splits)
    batches = list(iter(lambda: list(islice(left, next(sizes))), []))
    assert taken(firm(), batches) == at_once
    assert wrong_usage_days() == []
