"""Who is due, who belongs together, and what a contract's row learns once it is billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import F, Q

from turnus.contracts.models import Account, Contract
from turnus.records.bulk import among, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

PAGE = 10_000


class Scope(NamedTuple):
    """Which contracts of a seller a run covers; empty means all."""

    seller: int
    customer: int | None = None
    kind: str = ""
    cycle: str = ""

    @property
    def whole(self) -> bool:
        """Everything of the seller."""
        return self.customer is None and not self.kind and not self.cycle


class AccountRow(NamedTuple):
    """A billing account."""

    id: int
    unit: int
    customer: int
    currency: str
    side: str = "receivable"


class Billed(NamedTuple):
    """What a contract's row learns: the revision that was billed, when it is due next, how far it is sealed."""

    contract: int
    revision: int
    due_on: date
    seal: date


def _in_scope(scope: Scope) -> Q:
    found = Q(seller_id=scope.seller)
    if scope.customer is not None:
        found &= Q(customer_id=scope.customer)
    if scope.kind:
        found &= Q(kind=scope.kind)
    if scope.cycle:
        found &= Q(cycle=scope.cycle)
    return found


def due_contracts(scope: Scope, *, through: date) -> Iterator[tuple[int, int, int]]:
    """(contract, unit, revision) of every contract in scope that changed since it was billed or falls due."""
    due = Contract.objects.filter(_in_scope(scope)).filter(~Q(revision=F("billed_revision")) | Q(due_on__lte=through))
    for contract, unit, revision in due.values_list("id", "account__unit", "revision").iterator(chunk_size=PAGE):
        if unit is not None:
            yield contract, unit, revision


def units_in_scope(units: Sequence[int], scope: Scope) -> set[int]:
    """Those of the units that have a contract in scope."""
    found: set[int] = set()
    for start in range(0, len(units), 1_000):
        rows = Contract.objects.filter(_in_scope(scope), account__unit__in=units[start : start + 1_000])
        found.update(unit for unit in rows.values_list("account__unit", flat=True).distinct() if unit is not None)
    return found


def due_units(scope: Scope, *, through: date) -> Iterator[int]:
    """Units with a contract in scope that changed since it was billed or falls due by ``through``, in order."""
    due = Contract.objects.filter(_in_scope(scope)).filter(~Q(revision=F("billed_revision")) | Q(due_on__lte=through))
    after = 0
    while True:
        page = due.filter(account__unit__gt=after).order_by("account__unit").values_list("account__unit", flat=True)
        units = list(page.distinct()[:PAGE])
        yield from (unit for unit in units if unit is not None)
        if len(units) < PAGE or units[-1] is None:
            return
        after = units[-1]


def accounts_of(units: Collection[int], *, lock: bool) -> dict[int, AccountRow]:
    """Accounts of the units by id; locked in order of their id where asked, inside a transaction."""
    order = "id FOR NO KEY UPDATE" if lock and connection.vendor == "postgresql" else "id"
    rows = read(Account, ("id", "unit", "customer_id", "currency", "side"), "unit", units, order=order)
    return {row[0]: AccountRow(*row) for row in rows}


def joined_accounts(seller: int) -> dict[int, int]:
    """Account → unit, of the accounts that share a contract with an older one."""
    rows = Account.objects.filter(seller_id=seller).exclude(unit=F("id"))
    return {account: unit for account, unit in rows.values_list("id", "unit") if unit is not None}


def contracts_of(units: Collection[int], scope: Scope) -> list[tuple[int, date]]:
    """(contract, sealed through) of the contracts in scope whose account belongs to one of the units."""
    condition, parameter = among("a.unit", units)
    wanted = {"seller_id": scope.seller, "customer_id": scope.customer, "kind": scope.kind, "cycle": scope.cycle}
    narrowed = {column: value for column, value in wanted.items() if value not in (None, "")}
    # The plus keeps both planners from walking all contracts of the seller: the accounts are the way in.
    marks = [f"{'+' if column.endswith('_id') else ''}c.{column} = %s" for column in narrowed]
    conditions = " AND ".join([condition, *marks])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.sealed_through FROM contracts_contract AS c "
            f"JOIN contracts_account AS a ON a.id = c.account_id WHERE {conditions} ORDER BY c.id",
            [parameter, *narrowed.values()],
        )
        rows: list[tuple[int, date]] = cursor.fetchall()
    return rows


def revisions(contracts: Collection[int]) -> dict[int, int]:
    """Contract → revision now."""
    return dict(read(Contract, ("id", "revision"), "id", contracts))


def mark_billed(rows: Sequence[Billed]) -> None:
    """Write back what billing learnt. The seal never falls behind the floor and never passes a fact recorded since."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE contracts_contract AS c SET billed_revision = v.revision, due_on = v.due_on, "
                "sealed_through = CASE WHEN c.revision = v.revision THEN GREATEST(c.floor, v.seal) "
                "ELSE c.sealed_through END "
                "FROM unnest(%s::bigint[], %s::int[], %s::date[], %s::date[]) AS v(id, revision, due_on, seal) "
                "WHERE c.id = v.id",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            cursor.executemany(
                "UPDATE contracts_contract SET billed_revision = %s, due_on = %s, sealed_through = CASE WHEN "
                "revision = %s THEN MAX(floor, %s) ELSE sealed_through END WHERE id = %s",
                [(row.revision, row.due_on, row.revision, row.seal, row.contract) for row in rows],
            )
