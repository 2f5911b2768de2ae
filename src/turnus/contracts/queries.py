"""Contracts for reading, as frozen rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.contracts.due import Scope, contracts_of
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.models import Account, Contract, ContractDiscount, Item, Span
from turnus.core.money import minor_digits
from turnus.core.payers import Shares
from turnus.core.periods import FAR_FUTURE
from turnus.core.raising import with_raises
from turnus.core.trials import AfterTrial

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.contracts import ContractFacts

PAGE = 5_000


class ContractLine(NamedTuple):
    """What a list shows of a contract; periods are half-open."""

    id: int
    number: str
    customer: int
    kind: str
    cycle: str
    currency: str
    signed_on: date
    start: date
    """First paid day."""
    end: date | None
    due_on: date
    """When the next charge falls due, as far as billing knows; 31.12.9999: never."""
    changed: bool
    """Changed since it was billed."""
    waits: bool = False
    """The trial, planned until ``start``, waits to be converted."""


class ItemLine(NamedTuple):
    """An item as it stands on a day. ``price`` in major units for one unit and one fee period."""

    code: str
    product: int
    model: str
    """Empty: ended."""
    price: Decimal
    quantity: Decimal
    gross: bool
    label: str
    since: date
    end: date | None
    months: int
    days: int
    timing: str


class DiscountLine(NamedTuple):
    """A discount; ``amount`` in minor units per fee period; ``item`` empty: the whole contract."""

    label: str
    item: str
    percent: Decimal | None
    amount: int | None
    start: date
    end: date | None


class PayerLine(NamedTuple):
    """Who pays from a day on: (customer, weight); ``item`` empty: the whole contract. No one: as the contract."""

    since: date
    item: str
    payers: Sequence[tuple[int, int]]


class ContractDetail(NamedTuple):
    """A contract with its items as they stand on a day."""

    line: ContractLine
    payment_days: int | None
    reference: str
    billed_until: date | None
    """Migration: billed elsewhere before this day."""
    sealed_through: date
    items: Sequence[ItemLine]
    discounts: Sequence[DiscountLine]
    payers: Sequence[PayerLine] = ()
    """Only where another customer pays, or several."""


_LINE = (
    "id", "number", "customer_id", "kind", "cycle", "currency", "signed_on", "start_on", "end_on", "due_on",
    "revision", "billed_revision",
)  # fmt: skip


def contract_lines(
    seller: int, *, customer: int | None = None, kind: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[ContractLine], int]:
    """Contracts in order of their numbers, and how many there are."""
    rows = Contract.objects.filter(seller_id=seller)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    if kind:
        rows = rows.filter(kind=kind)
    page = list(rows.order_by("number", "id").values_list(*_LINE)[offset : offset + limit])
    return _lines(page), rows.count()


def _lines(rows: Sequence[tuple[Any, ...]]) -> list[ContractLine]:
    spans = Span.objects.filter(contract_id__in=[row[0] for row in rows]).order_by("id")
    columns = ("contract_id", "start_on", "end_on", "after_trial")
    known = {contract: days for contract, *days in spans.values_list(*columns)}
    found = []
    for row in rows:
        start, end, after = known.get(row[0], [*row[7:9], ""])
        waits = after == AfterTrial.WAITS
        found.append(ContractLine(*(*row[:7], start, None if waits else end, row[9], row[10] != row[11], waits)))
    return found


def contract_detail(contract: int, *, on: date) -> ContractDetail:
    """One contract."""
    row = Contract.objects.get(id=contract)
    [line] = _lines(list(Contract.objects.filter(id=contract).values_list(*_LINE)))
    facts = facts_of(contract)
    billed_until = None if row.floor == date.min else row.floor
    return ContractDetail(
        line, row.payment_days, row.reference, billed_until, row.sealed_through, _items(facts, on),
        _discounts(contract), _payers(facts),
    )  # fmt: skip


def facts_of(contract: int) -> ContractFacts:
    """What billing knows of a contract, for its plan."""
    [loaded] = contract_facts([contract], Settings(carry_small_usage=True, print_zero_charges=False))
    return loaded.facts


def _items(facts: ContractFacts, on: date) -> list[ItemLine]:
    found = []
    digits = minor_digits(facts.currency)
    for item in (with_raises(row, on + timedelta(days=1), digits) for row in facts.items):
        terms = next((row for row in reversed(item.terms) if row.since <= on), item.terms[0])
        grid = next((row for row in reversed(item.grids) if row.since <= on), item.grids[0])
        end = None if item.end == FAR_FUTURE else item.end
        found.append(
            ItemLine(
                item.code, terms.product, terms.model or "", terms.unit_price, terms.quantity, terms.gross, terms.label,
                terms.since, end, grid.fee.months, grid.fee.days, grid.timing,
            )
        )  # fmt: skip
    return found


def _payers(facts: ContractFacts) -> list[PayerLine]:
    rows = facts.shares or [Shares(since, 0, ((account, 1),)) for since, account in facts.accounts]
    if len(rows) == 1:
        return []
    accounts = {account for row in rows for account, _weight in row.parts}
    customers = dict(Account.objects.filter(id__in=accounts).values_list("id", "customer_id"))
    codes = {item.id: item.code for item in facts.items}
    return [
        PayerLine(max(row.since, facts.start), codes.get(row.item, ""), [(customers[a], w) for a, w in row.parts])
        for row in rows
    ]


def _discounts(contract: int) -> list[DiscountLine]:
    codes = dict(Item.objects.filter(contract_id=contract).values_list("id", "code"))
    columns = ("id", "label", "item_id", "percent", "amount", "start_on", "end_on", "supersedes")
    rows = list(ContractDiscount.objects.filter(contract_id=contract).order_by("id").values_list(*columns))
    gone = {row[-1] for row in rows}
    return [
        DiscountLine(label, codes.get(item, ""), percent, amount, start, end)
        for number, label, item, percent, amount, start, end, _supersedes in rows
        if number not in gone
    ]


def contract_count(units: Sequence[int], scope: Scope) -> int:
    """How many contracts in scope belong to the units."""
    parts = range(0, len(units), PAGE)
    return sum(len(contracts_of(units[start : start + PAGE], scope)) for start in parts)


def customers_of_units(units: Collection[int]) -> dict[int, int]:
    """Unit → the customer of its first account."""
    rows = Account.objects.filter(unit__in=units).order_by("-id").values_list("unit", "customer_id")
    return {unit: customer for unit, customer in rows if unit is not None}
