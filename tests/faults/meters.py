"""What the worker does with usage: a contract with every kind of meter, and one of several that report to it."""

from __future__ import annotations

import json
import random

from django.db import transaction

from tests.builders import METERED, company, contract, item, metering, product, usage
from turnus.catalog.facts import product_ids
from turnus.contracts.meter import record_usage
from turnus.contracts.models import Contract, Item, UsageDay, UsageEvent
from turnus.contracts.usage_integrity import wrong_usage_days
from turnus.core.usage import Aggregation

EVENTS = 120


def found_meters() -> None:
    """One contract whose items all listen to one meter."""
    firm = company()
    product(firm, "M", "1", METERED)
    items = [item("M", named=kind, metering=metering(kind, meter="m")) for kind in Aggregation]
    contract(firm, "V1", "2025-01-01", *items)
    assert product_ids(firm.id)


def report(seed: int) -> int:
    """The same events as every other reporter, in an order of its own, a few at a time. Returns how many were new."""
    draw = random.Random(seed)
    seller = Contract.objects.values_list("seller_id", flat=True).get()
    events = []
    for place in range(EVENTS):
        at = f"2025-01-{1 + place % 28:02}T{place % 24:02}:00:00+01:00"
        corrects = f"k{place - 1}" if place % 10 == 9 else ""
        events.append(usage("V1", "m", at, str(place % 7), key=f"k{place}", subject="ab"[place % 2], corrects=corrects))
    draw.shuffle(events)
    added = 0
    while events:
        count = draw.randint(1, 9)
        with transaction.atomic(durable=True):
            added += record_usage(seller, events[:count]).added
        events = events[count:]
    return added


def told_meters() -> str:
    """What is kept, and what the doctor finds wrong with it."""
    codes = dict(Item.objects.values_list("id", "code"))
    columns = ("item_id", "day", "dimension", "subject", "quantity", "events", "moment", "weight")
    rows = UsageDay.objects.exclude(events=0).values_list(*columns)
    days = sorted([codes[row[0]], str(row[1]), *row[2:]] for row in rows)
    return json.dumps({"wrong": wrong_usage_days(), "events": UsageEvent.objects.count(), "days": days})
