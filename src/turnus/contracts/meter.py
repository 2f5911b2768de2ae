"""Take in usage: events are kept for their key, billing reads daily totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.models import Contract, Item, UsageDay, UsageEvent
from turnus.contracts.touch import touch
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

LIMIT = 2**62


class UsageRefusedError(ValueError):
    """A usage record cannot be taken. ``code`` names the text; ``index`` is its place among the records given."""

    def __init__(self, code: str, index: int, **params: str) -> None:
        super().__init__(code, index, params)
        self.code, self.index, self.params = code, index, params


class UsageRecord(NamedTuple):
    """One record: quantity, and for rated usage the amount it brings (major units, exact)."""

    contract: str
    item: str
    key: str
    day: date
    """Local day of the seller."""
    quantity: Decimal
    amount: Decimal | None = None
    unit: str = ""
    dimension: str = ""


class MeterOutcome(NamedTuple):
    """How many records were new, and the places, among those given, of what was there already under its key."""

    added: int
    known: Sequence[int]


def record_usage(
    seller: int, records: Sequence[UsageRecord], *, refused: list[UsageRefusedError] | None = None
) -> MeterOutcome:
    """Add records inside the caller's transaction; a key that is there already counts once.

    ``refused`` given: records that cannot be taken are put there and the others added. None: raises
    ``UsageRefusedError`` for the first unknown contract or item, contradicting repetition, or surplus decimals.
    """
    found: list[UsageRefusedError] = []
    items = _items(seller, {record.contract for record in records})
    rows, places = _rows(items, records, found)
    known = _known(rows)
    for key, row in known.items():
        if row[2:5] != rows[key][2:5]:
            found.append(UsageRefusedError("usage_contradicts", places[key], key=key[1]))
    if found and refused is None:
        raise min(found, key=lambda error: error.index)
    if refused is not None:
        refused.extend(sorted(found, key=lambda error: error.index))
    added = [row for key, row in rows.items() if key not in known]
    columns = ("item_id", "key", "day", "quantity", "amount", "info_quantity", "unit", "dimension")
    insert(UsageEvent, columns, added)
    _add_totals(added)
    _touch(items, added)
    left_out = {error.index for error in found} | {places[row[0], row[1]] for row in added}  # type: ignore[index]
    return MeterOutcome(len(added), [place for place in range(len(records)) if place not in left_out])


_Rows = dict[tuple[int, str], tuple[object, ...]]


def _rows(
    items: dict[tuple[str, str], tuple[int, int, int, str]],
    records: Sequence[UsageRecord],
    refused: list[UsageRefusedError],
) -> tuple[_Rows, dict[tuple[int, str], int]]:
    """Records as rows by item and key, the place of each among the records, and what is refused."""
    rows: _Rows = {}
    places: dict[tuple[int, str], int] = {}
    for index, record in enumerate(records):
        try:
            item, _contract, scale, model = _item_of(items, index, record)
            key = (item, record.key)
            row = (item, record.key, record.day, *_integers(record, scale, model, index), record.dimension)
            if rows.setdefault(key, row) != row:
                raise UsageRefusedError("usage_contradicts", index, key=record.key)  # noqa: TRY301 - as the others
        except UsageRefusedError as error:
            refused.append(error)
        else:
            places.setdefault(key, index)
    return rows, places


def _items(seller: int, contracts: set[str]) -> dict[tuple[str, str], tuple[int, int, int, str]]:
    numbers = dict(Contract.objects.filter(seller_id=seller, number__in=contracts).values_list("id", "number"))
    rows = Item.objects.filter(contract_id__in=numbers).values_list("contract_id", "code", "id", "scale", "model")
    return {
        (numbers[contract], code): (item, contract, scale, model or "") for contract, code, item, scale, model in rows
    }


def _item_of(
    items: dict[tuple[str, str], tuple[int, int, int, str]], index: int, record: UsageRecord
) -> tuple[int, int, int, str]:
    found = items.get((record.contract, record.item))
    if found is None:
        raise UsageRefusedError("unknown_meter", index, contract=record.contract, item=record.item)
    if found[3] not in ("metered_unit", "rated"):
        raise UsageRefusedError("not_metered", index, contract=record.contract, item=record.item)
    return found


def _integers(record: UsageRecord, scale: int, model: str, index: int) -> tuple[int, int, str, str]:
    """Quantity and amount as integers at the item's scale; rated usage keeps its quantity for information only."""
    if model == "rated":
        if record.amount is None:
            raise UsageRefusedError("amount_missing", index, key=record.key)
        return 0, _scaled(record.amount, scale, index, record.key), str(record.quantity), record.unit
    return _scaled(record.quantity, scale, index, record.key), 0, "", record.unit


def _scaled(value: Decimal, scale: int, index: int, key: str) -> int:
    numerator, denominator = value.as_integer_ratio()
    whole: int = numerator * 10**scale
    scaled, rest = divmod(whole, denominator)
    if rest:
        raise UsageRefusedError("too_many_decimals", index, key=key, decimals=str(scale))
    if abs(scaled) > LIMIT:
        raise UsageRefusedError("out_of_range", index, key=key)
    return scaled


def _known(rows: dict[tuple[int, str], tuple[object, ...]]) -> dict[tuple[int, str], tuple[object, ...]]:
    found: dict[tuple[int, str], tuple[object, ...]] = {}
    keys = sorted({key for _item, key in rows})
    for start in range(0, len(keys), 5_000):
        part = UsageEvent.objects.filter(item_id__in={item for item, _ in rows}, key__in=keys[start : start + 5_000])
        for row in part.values_list("item_id", "key", "day", "quantity", "amount"):
            if (row[0], row[1]) in rows:
                found[row[0], row[1]] = row
    return found


def _add_totals(added: Sequence[tuple[object, ...]]) -> None:
    totals: dict[tuple[object, object, object], list[int]] = {}
    for item, _key, day, quantity, amount, _info, _unit, dimension in added:
        total = totals.setdefault((item, day, dimension), [0, 0, 0])
        total[0] += quantity  # type: ignore[operator]
        total[1] += amount  # type: ignore[operator]
        total[2] += 1
    present = {
        (row.item_id, row.day, row.dimension): row
        for row in UsageDay.objects.filter(item_id__in={key[0] for key in totals}, day__in={key[1] for key in totals})
    }
    changed = []
    fresh = []
    for key, (quantity, amount, events) in totals.items():
        row = present.get(key)  # type: ignore[arg-type]
        if row is None:
            fresh.append((*key, quantity, amount, events))
        else:
            row.quantity, row.amount, row.events = row.quantity + quantity, row.amount + amount, row.events + events
            changed.append(row)
    insert(UsageDay, ("item_id", "day", "dimension", "quantity", "amount", "events"), fresh)
    UsageDay.objects.bulk_update(changed, ["quantity", "amount", "events"], batch_size=500)


def _touch(items: dict[tuple[str, str], tuple[int, int, int, str]], added: Sequence[tuple[object, ...]]) -> None:
    contract_of = {item: contract for item, contract, _scale, _model in items.values()}
    earliest: dict[int, date] = {}
    for row in added:
        contract = contract_of[row[0]]  # type: ignore[index]
        day: date = row[2]  # type: ignore[assignment]
        earliest[contract] = min(earliest.get(contract, day), day)
    by_day: dict[date, list[int]] = {}
    for contract, day in earliest.items():
        by_day.setdefault(day, []).append(contract)
    for day, contracts in by_day.items():
        touch(contracts, day)
