"""Whose contracts differ from what their customer's group would give them now (PI-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from turnus.catalog.groups import SpecialBook, members_of
from turnus.contracts.lifetime import lifetimes
from turnus.contracts.models import Contract, ContractDiscount
from turnus.core.contracts import Origin
from turnus.core.offers import NO_TERM, Special
from turnus.core.terms import terms_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from decimal import Decimal

CHUNK = 1_000


class Difference(NamedTuple):
    """A condition that a contract has otherwise than the customer's group says now; values as written."""

    contract: str
    customer: int
    group: str
    condition: str
    has: object
    group_says: object


def group_differences(seller: int, *, on: date, group: str = "") -> Iterator[Difference]:
    """Differences of the contracts in force on a day, in order of their numbers; ``group`` empty: all groups.

    What is looked at: price list, payment days, term, renewal, notice, discount. A trial is over or runs.
    """
    members = members_of(seller, on=on, group=group)
    running = Contract.objects.filter(seller_id=seller, customer_id__in=list(members), signed_on__lte=on)
    rows = list(running.filter(Q(end_on=None) | Q(end_on__gt=on)).order_by("number"))
    for place in range(0, len(rows), CHUNK):
        yield from _differences(rows[place : place + CHUNK], members, on)


def _differences(rows: Collection[Contract], members: dict[int, str], on: date) -> Iterator[Difference]:
    book = SpecialBook({(row.customer_id, on) for row in rows})
    lives, discounts = lifetimes([row.id for row in rows]), _discounts([row.id for row in rows], on)
    for row in rows:
        life = lives[row.id]
        if life.life.end is not None and life.life.end <= on:
            continue
        special = book.of_group(row.customer_id, on).special
        terms = terms_on(life.terms, on)
        has: dict[str, object] = {
            "price_list": row.price_lists.splitlines()[0] if row.price_lists else None,
            "payment_days": row.payment_days, "initial": terms.initial or NO_TERM, "renewal": terms.renewal or NO_TERM,
            "notice": terms.notice,
        }  # fmt: skip
        for condition, value in has.items():
            wanted = getattr(special.conditions, condition)
            if wanted is not None and wanted != value:
                yield Difference(row.number, row.customer_id, members[row.customer_id], condition, value, wanted)
        given, wanted = discounts.get(row.id), _discount(special)
        if given != wanted and not (special.discount and special.discount.periods):
            yield Difference(row.number, row.customer_id, members[row.customer_id], "discount", given, wanted)


def _discount(special: Special) -> tuple[Decimal | None, int | None] | None:
    return (special.discount.percent, special.discount.amount) if special.discount else None


def _discounts(contracts: Collection[int], on: date) -> dict[int, tuple[Decimal | None, int | None]]:
    """The group's discount of each contract that has one in force."""
    rows = ContractDiscount.objects.filter(contract_id__in=contracts, origin=Origin.GROUP, start_on__lte=on)
    gone = ContractDiscount.objects.filter(contract_id__in=contracts).exclude(supersedes=None)
    rows = rows.filter(Q(end_on=None) | Q(end_on__gt=on)).exclude(id__in=gone.values("supersedes"))
    return {row.contract_id: (row.percent, row.amount) for row in rows.order_by("id")}
