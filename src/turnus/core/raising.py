"""Planned raises: what a contract says from the beginning about its later prices (JB-18), billed without a campaign.

A row of terms states its price for its own first day; the raises after that day come on top, one after the other, each
rounded half-up to the price's decimals. So a price that people agree anew is never overtaken by an older raise. What
is sold once costs what was agreed: nothing rises there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from turnus.core.adjusting import Rule, RuleKind, adjusted, adjusted_scheme, faults_of
from turnus.core.catalog import Model
from turnus.core.faults import Fault, fault, unknown_item
from turnus.core.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from turnus.core.contracts import Item, NewRaise, Raise, Terms


def days_of(planned: Raise, since: date, until: date) -> Iterator[date]:
    """The days after ``since`` and before ``until`` on which the price changes; counted from the first one."""
    count, day = 0, planned.first
    while day < min(until, planned.end):
        if day > since:
            yield day
        if not planned.months:
            return
        count += 1
        day = add_months(planned.first, count * planned.months)


def raise_faults(new: NewRaise, items: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a raise as a person entered it; ``items``: codes of the contract's items."""
    found = faults_of(Rule(new.kind, new.value))
    if new.kind not in {RuleKind.PERCENT, RuleKind.AMOUNT}:
        found.append(fault("rule_unused", field="value", kind=new.kind))
    if new.item and new.item not in items:
        found.append(unknown_item(new.item, items))
    if new.months < 0:
        found.append(fault("rule_low", field="months", value=new.months, least=0))
    if new.first and new.end and new.end <= new.first:
        found.append(fault("negative_period", start=new.first, end=new.end))
    return found


def first_anniversary(start: date, since: date) -> date:
    """The first anniversary of ``start`` on or after ``since``; never ``start`` itself."""
    years = max(1, since.year - start.year)
    found = add_months(start, 12 * years)
    return found if found >= since else add_months(start, 12 * (years + 1))


def raised(rows: Sequence[Terms], raises: Sequence[Raise], until: date, digits: int) -> list[Terms]:
    """The terms with every planned raise before ``until`` as a row of its own."""
    found: list[Terms] = []
    for place, row in enumerate(rows):
        end = rows[place + 1].since if place + 1 < len(rows) else until
        found.append(row)
        if row.model in (None, Model.ONE_OFF):
            continue
        steps = sorted(
            (day, n) for n, planned in enumerate(raises) for day in days_of(planned, row.since, min(end, until))
        )
        for day, n in steps:
            last = found[-1]
            rule = Rule(raises[n].kind, raises[n].value)
            price = adjusted(rule, last.unit_price, digits).price if last.unit_price else last.unit_price
            scheme = last.scheme and adjusted_scheme(rule, last.scheme, digits)
            if (price, scheme) == (last.unit_price, last.scheme):
                continue
            if last.since == day:
                found.pop()
            found.append(last._replace(since=day, unit_price=price, scheme=scheme))
    return found


def with_raises(item: Item, until: date, digits: int) -> Item:
    """The item with its planned raises before ``until`` as terms. ``digits``: decimals of the currency."""
    return item._replace(terms=raised(item.terms, item.raises, until, digits)) if item.raises else item


def raised_until(item: Item, horizon: date) -> date:
    """How far billing by ``horizon`` may look: a slot in advance lies at most a billing period behind its due day."""
    months = max(grid.fee.months + grid.billing.months for grid in item.grids)
    days = max(grid.fee.days + grid.billing.days for grid in item.grids)
    return add_months(horizon, months) + timedelta(days=days + 1)


def risen(item: Item, day: date) -> list[Raise]:
    """The planned raises that take effect on a day, in their order."""
    since = max((row.since for row in item.terms if row.since < day), default=day)
    return [planned for planned in item.raises if day in days_of(planned, since, day + timedelta(days=1))]
