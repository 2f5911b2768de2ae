"""Usage of a contract for reading, as frozen rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from turnus.contracts.models import Contract, Item
from turnus.contracts.opening import METERING
from turnus.contracts.usage_events import TABLE
from turnus.contracts.usage_facts import usage_of
from turnus.core.aggregation import aggregated, as_quantity
from turnus.core.catalog import Model
from turnus.core.pricing import MODELS, Shape
from turnus.core.schemes import Rounding
from turnus.core.usage import ADDITIVE, Aggregation, Display, Metering
from turnus.records.fields import exact

if TYPE_CHECKING:
    from turnus.core.contracts import Usage
    from turnus.core.periods import Period


class ItemUsage(NamedTuple):
    """What an item measures, and what it adds up to on some days."""

    code: str
    meter: str
    aggregation: Aggregation
    only: str
    unit: str
    quantity: Decimal
    amount: Decimal | None
    """Of rated usage: exact, major units."""


class Unmet(NamedTuple):
    """A correction whose event was never reported: it takes nothing back."""

    contract: str
    key: str
    corrects: str


def unmet_corrections(seller: int = 0) -> list[Unmet]:
    """All of them, of one seller or (0) of all, by contract and key."""
    contracts, items = Contract._meta.db_table, Item._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT t.number, e.key, e.corrects FROM {TABLE} AS e "
            f"JOIN {items} AS i ON i.id = e.item_id JOIN {contracts} AS t ON t.id = i.contract_id "
            f"WHERE e.corrects <> '' AND t.seller_id = CASE WHEN %s = 0 THEN t.seller_id ELSE %s END AND NOT EXISTS "
            f"(SELECT 1 FROM {TABLE} AS c WHERE c.item_id = e.item_id AND c.key = e.corrects) ORDER BY 1, 2",
            [seller, seller],
        )
        return [Unmet(*row) for row in cursor.fetchall()]


def usage_in(contract: int, days: Period, *, time_zone: str) -> list[ItemUsage]:
    """Usage of every item that is priced by it, on the given days."""
    columns = ("id", "code", "scale", "model", "meter", "aggregation", "only", "unit")
    rows = [
        row
        for row in Item.objects.filter(contract_id=contract).order_by("id").values_list(*columns)
        if row[3] is not None and MODELS[Model(row[3])].shape is Shape.USAGE
    ]
    if not rows:
        return []
    metered = {row[0]: (contract, row[2]) for row in rows}
    usage = usage_of(metered, days.start, ZoneInfo(time_zone))
    found = []
    for item, code, _scale, model, meter, aggregation, only, unit in rows:
        quantity, amount = _total(usage[item], Aggregation(aggregation), days)
        rated = amount if model == Model.RATED else None
        found.append(ItemUsage(code, meter or code, Aggregation(aggregation), only, unit, quantity, rated))
    return found


def _total(usage: Usage, aggregation: Aggregation, days: Period) -> tuple[Decimal, Decimal]:
    inside = [total for total in usage.totals if days.start <= total.day < days.end]
    number = sum(total.quantity for total in inside)
    if usage.detail is not None and aggregation not in ADDITIVE:
        number = aggregated(usage.detail, usage.scale, days, [])
    amount = Decimal(sum(total.amount for total in inside)).scaleb(-usage.scale)
    return exact(as_quantity(number, usage.scale, usage.per)), exact(amount)


def metering_of_item(item: int) -> tuple[str, Metering] | None:
    """Code of an item and how it measures usage; None for what is not an item."""
    row = Item.objects.filter(id=item).values_list("code", *METERING).first()
    if row is None:
        return None
    code, meter, aggregation, only, unit, rounding, display, quantum = row
    return code, Metering(
        meter, Aggregation(aggregation), only, unit, quantum, Rounding(rounding), Display(display)
    )  # fmt: skip
