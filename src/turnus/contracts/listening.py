"""Which items listen to a meter, and what one event counts for each of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.contracts.models import Contract, Item
from turnus.core.catalog import Model
from turnus.core.measuring import LIMIT, Counting, UncountableError, counted, counting
from turnus.core.money import canonical
from turnus.core.pricing import MODELS, Shape
from turnus.core.schemes import Rounding
from turnus.core.usage import SUMMED, Aggregation, Metering

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from turnus.core.usage import UsageRecord


class Listener(NamedTuple):
    """An item as the intake of usage sees it."""

    item: int
    contract: int
    how: Counting
    only: str
    rated: bool
    plain: int
    """Factor from quantity to integer where nothing else is to be done; 0: ``counts`` decides."""

    @property
    def timed(self) -> bool:
        """The time of day of an event matters."""
        return self.how.aggregation not in SUMMED

    def counts(self, record: UsageRecord) -> tuple[int, int, str]:
        """Quantity, amount, and the quantity as reported where another one counts. Raises ``UncountableError``."""
        quantity = record.quantity
        reported = "" if quantity is None else canonical(quantity)
        if self.rated:
            if record.amount is None:
                raise UncountableError("amount_missing")
            return 0, _scaled(record.amount, self.how.scale), reported
        return counted(self.how, quantity, record.unit), 0, reported


def _scaled(value: Decimal, scale: int) -> int:
    numerator, denominator = value.as_integer_ratio()
    found, rest = divmod(numerator * 10**scale, denominator)
    if rest:
        raise UncountableError("too_many_decimals", decimals=str(scale))
    if abs(found) > LIMIT:
        raise UncountableError("out_of_range")
    return int(found)


Heard = dict[tuple[str, str], "list[Listener]"]
"""Contract number and name of a meter (or code of an item) → who listens; nobody where the item is not metered."""

_ITEM: Final = (
    "contract_id", "code", "id", "scale", "per", "model", "meter", "aggregation", "only", "unit", "quantum", "rounding",
)  # fmt: skip


def lock_contracts(seller: int, numbers: Collection[str]) -> dict[int, str]:
    """Lock contracts in order of their id: id → number. Who takes usage of a contract does it alone."""
    rows = Contract.objects.select_for_update(no_key=True).filter(seller_id=seller, number__in=numbers).order_by("id")
    return dict(rows.values_list("id", "number"))


def listeners_of(contracts: Mapping[int, str]) -> Heard:
    """Who listens to which meter of the contracts (id → number)."""
    rows = list(Item.objects.filter(contract_id__in=contracts).order_by("id").values_list(*_ITEM))
    heard: Heard = {}
    for row in rows:
        listener = _listener(row)
        if listener is not None:
            heard.setdefault((contracts[row[0]], row[6] or row[1]), []).append(listener)
    for row in rows:  # an item's own code reaches it too, unless a meter is called so
        listener = _listener(row)
        heard.setdefault((contracts[row[0]], row[1]), [] if listener is None else [listener])
    return heard


def _listener(row: Sequence[Any]) -> Listener | None:
    contract, _code, item, scale, per, model, _meter, aggregation, only, unit, quantum, rounding = row
    if model is None or MODELS[Model(model)].shape is not Shape.USAGE:
        return None
    metering = Metering("", Aggregation(aggregation), only, unit, quantum, Rounding(rounding))
    how = counting(metering)._replace(scale=scale, per=per)
    rated = Model(model) is Model.RATED
    plain = not rated and how.aggregation is Aggregation.SUM and not (only or unit or quantum)
    return Listener(item, contract, how, only, rated, 10**scale if plain else 0)
