"""Amendments of a contract's items: what may change, from which day on, and how changes combine that were recorded in
another order than they take effect in.

A change states some fields of an item from a day on. What holds on a day is, field by field, what was stated last for
a day up to it; of two statements for one day the one recorded later counts. So a change that is recorded after a later
one and takes effect before it leaves the later one in force, and both hold in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from turnus.core.contracts import MONTHLY, Grid, Timing
from turnus.core.periods import Basis, slot_of
from turnus.core.pricing import MODELS, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from turnus.core.contracts import ContractFacts, Item, NewItem
    from turnus.core.schemes import Scheme


class Moment(StrEnum):
    """When a change takes effect, where no day is named; the day is decided when it is recorded."""

    AT_ONCE = "at_once"
    """On the day on which it is recorded."""
    PERIOD_END = "period_end"
    """On the first day after the item's fee period that contains that day."""


When = date | Moment


@dataclass(frozen=True, slots=True)
class AddItem:
    """Another item, recurring or one-off. It takes its rhythm from the contract's leading item where it has none."""

    item: NewItem
    when: When = Moment.AT_ONCE
    own_rhythm: bool = False
    """Its periods begin on its own first day instead of on the anchor of the leading item (not co-termed)."""


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Nothing is owed for the item from a day on, whatever was agreed for later days."""

    item: str
    when: When = Moment.AT_ONCE


@dataclass(frozen=True, slots=True)
class RestoreItem:
    """The item is owed again from a day on, as it would be had it never been removed."""

    item: str
    when: When = Moment.AT_ONCE


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """Up- and downgrade: product, price, quantity or text; None stays as it is.

    Another product without a price takes the catalogue's price of the day on which the change takes effect.
    """

    item: str
    when: When = Moment.AT_ONCE
    product: str | None = None
    price: Decimal | None = None
    """Major units for one unit and one fee period."""
    quantity: Decimal | None = None
    label: str | None = None
    scheme: Scheme | str | None = None
    """An agreed price scheme, or the code of one; an empty text: none any more."""


Change = AddItem | RemoveItem | RestoreItem | ChangeItem


# ---- on which day ----------------------------------------------------------------------------------------------------


def effective_day(item: Item, when: When, *, on: date) -> date:
    """The day on which a change of an item takes effect. Where no period has begun there is none to wait for."""
    if isinstance(when, date):
        return when
    if when is Moment.AT_ONCE or on < item.start or is_once(item):
        return on
    return fee_period_end(item, on)


def fee_period_end(item: Item, day: date) -> date:
    """First day after the fee period of the item that contains ``day``; another grid begins a period of its own."""
    grid = grid_on(item, day)
    later = [other.since for other in item.grids if other.since > day]
    return min([slot_of(grid.anchor, grid.fee, day).end, *later])


def grid_on(item: Item, day: date) -> Grid:
    """The grid in force on a day; the first one before any is."""
    return next((grid for grid in reversed(item.grids) if grid.since <= day), item.grids[0])


def is_once(item: Item) -> bool:
    """A one-off has no periods."""
    models = [terms.model for terms in item.terms if terms.model is not None]
    return bool(models) and MODELS[models[0]].shape is Shape.ONCE


def leading(facts: ContractFacts, day: date) -> Item | None:
    """The item whose rhythm an added one follows: the first recurring one in force, else the first recurring one."""
    recurring = [item for item in facts.items if not is_once(item)]
    return next((item for item in recurring if is_in_force(item, day)), recurring[0] if recurring else None)


def is_in_force(item: Item, day: date) -> bool:
    """Whether the item owes something on a day."""
    terms = next((row for row in reversed(item.terms) if row.since <= day), item.terms[0])
    return item.start <= day < item.end and terms.model is not None


def co_termed(new: NewItem, lead: Item | None, day: date, *, own_rhythm: bool) -> NewItem:
    """The item with the rhythm of the leading one where it has none of its own; its first period is then a part.

    Without a leading item it is monthly in advance from its first day.
    """
    grid = grid_on(lead, day) if lead else Grid(day, MONTHLY, MONTHLY, day, Timing.ADVANCE)
    return replace(
        new,
        start=day,
        fee=new.fee or grid.fee,
        billing=new.billing or new.fee or grid.billing,
        anchor=new.anchor or (day if own_rhythm else grid.anchor),
        timing=new.timing or grid.timing,
        basis=new.basis or (lead.basis if lead else Basis.ACTUAL_PERIOD),
    )


# ---- what holds when -------------------------------------------------------------------------------------------------

Fields = dict[str, Any]
ENDED: Final = "ended"
"""Field: nothing is owed. It stays so, whatever else is stated, until an item is restored."""


class Statement(NamedTuple):
    """What one recorded row states from a day on. ``order`` rises with the time of recording."""

    since: date
    order: int
    fields: Mapping[str, Any]


class Row(NamedTuple):
    """A recorded row: all fields from a day on as they were in force when it was recorded, and which it states."""

    since: date
    order: int
    fields: Fields
    states: str
    """Names of fields, comma separated; ``CARRIED``: none; empty: those that differ from the row before it."""


class Rise(Protocol):
    """Planned raises: the fields of one day as they have become by a later one, if nothing is stated in between."""

    def __call__(self, fields: Fields, since: date, day: date, /) -> Fields:
        """Fields in force on ``day``."""
        ...


def unraised(fields: Fields, _since: date, _day: date) -> Fields:
    """Nothing but statements changes a field."""
    return fields


def in_force(statements: Iterable[Statement], rise: Rise = unraised) -> dict[date, Fields]:
    """Day of each statement → all fields from that day on, until the next day in the result."""
    found: dict[date, Fields] = {}
    now, last = Fields(), date.min
    for statement in sorted(statements, key=lambda row: row[:2]):
        now = rise(now, last, statement.since) | dict(statement.fields)
        last = statement.since
        found[last] = now
    return found


def stated(rows: Iterable[Row], rise: Rise = unraised) -> list[Statement]:
    """What recorded rows state, in the order of recording. A carried row states nothing: it repeats later fields."""
    found: list[Statement] = []
    known: list[Row] = []
    for row in sorted(rows, key=lambda row: row.order):
        before = latest(known, row.since)
        if row.states == CARRIED:
            fields: Fields = {}
        elif row.states:
            fields = {name: row.fields[name] for name in row.states.split(",")}
        elif before is None:
            fields = row.fields
        else:
            then = rise(before.fields, before.since, row.since)
            fields = {name: value for name, value in row.fields.items() if then[name] != value}
        found.append(Statement(row.since, row.order, fields))
        known.append(row)
    return found


def latest(rows: Iterable[Row], day: date) -> Row | None:
    """The row in force on a day: of those up to it the latest, of two on one day the one recorded later."""
    return max((row for row in rows if row.since <= day), key=lambda row: (row.since, row.order), default=None)


CARRIED: Final = "-"
"""Instead of names: the row states nothing, it carries an earlier change on to a later day."""


def states_price(names: str) -> bool:
    """A row with these ``states`` says what the price is."""
    return not {"unit_price", "scheme_id"}.isdisjoint(names.split(","))


def restated(rows: Sequence[Row], since: date, fields: Fields, rise: Rise = unraised) -> list[Row]:
    """Rows to append for a new statement: its own, and one for each later day whose fields it changes.

    Should-be minus is: what holds on each day by all statements, less what the rows in force say.
    """
    order = max((row.order for row in rows), default=0) + 1
    should = in_force([*stated(rows, rise), Statement(since, order, fields)], rise)
    found = [Row(since, order, should[since], ",".join(sorted(fields)))]
    for day in sorted(day for day in should if day > since):
        standing = latest(rows, day)
        if standing is None or standing.fields != should[day]:
            found.append(Row(day, order, should[day], CARRIED))
    return found
