"""Commission rules: whose lines an item takes its share of, as dated facts (JB-05, 35, 36)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.commission_models import CommissionRule as RuleRow
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.models import Contract, Item
from turnus.contracts.naming import item_of
from turnus.contracts.touch import locked
from turnus.core.catalog import Model
from turnus.core.commission import Basis, CommissionRule, Measure
from turnus.core.periods import FAR_FUTURE
from turnus.core.usage import Aggregation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from typing import Any

    from turnus.core.actors import Stamp


class StoredRule(NamedTuple):
    """A rule with the contract, code and currency of its item."""

    id: int
    contract: str
    code: str
    currency: str
    rule: CommissionRule


@transaction.atomic(durable=True)
def agree_commission(
    seller: int, number: str, code: str, *rules: CommissionRule, reason: str = "", by: Stamp
) -> list[int]:
    """An item counts the lines that the rules describe; all or none. Returns their ids; ``rule.item`` is filled in.

    An item may have several rules; a line that several of them describe counts once. Raises ``ContractRefusedError``:
    ``unknown_item``, ``not_metered`` where the item is not priced by a quantity that is summed, ``commission_mixed``
    where another rule of the item counts otherwise.
    """
    return [_enter(seller, number, code, rule, reason=reason, by=by) for rule in rules]


def _enter(seller: int, number: str, code: str, rule: CommissionRule, *, reason: str, by: Stamp) -> int:
    contract = locked(seller, number)
    item = item_of(contract.id, code)
    summed = item.aggregation == Aggregation.SUM and not item.unit and not item.only and item.quantum is None
    if item.model != Model.METERED_UNIT or not summed:
        raise ContractRefusedError("not_metered", contract=number, item=code)
    ways = {(row.rule.basis, row.rule.measure) for row in rules_of([contract.id]) if row.rule.item == item.id}
    if ways - {(rule.basis, rule.measure)}:
        raise ContractRefusedError("commission_mixed", item=code)
    row = _write(contract.id, rule._replace(item=item.id), None, reason, by)
    record_amendment(contract, [Changed("commission", code, rule.since, {}, rule._asdict())], Why(reason), by=by)
    return row


def enter_end(seller: int, number: str, rule: int, *, until: date, reason: str = "", by: Stamp) -> None:
    """Lines from ``until`` on no longer count. Raises ``ContractRefusedError("unknown_commission")``."""
    contract = locked(seller, number)
    known = {row.id: row for row in rules_of([contract.id])}
    if rule not in known:
        raise ContractRefusedError("unknown_commission", rule=str(rule))
    old = known[rule].rule
    _write(contract.id, old._replace(until=max(until, old.since)), rule, reason, by)
    changed = Changed("commission_end", known[rule].code, until, {"until": old.until}, {"until": until})
    record_amendment(contract, [changed], Why(reason), by=by)


def _write(contract: int, rule: CommissionRule, old: int | None, reason: str, by: Stamp) -> int:
    until = None if rule.until == FAR_FUTURE else rule.until
    return RuleRow.objects.create(
        contract_id=contract, recorded_at=by.at, reason=reason, item_id=rule.item, valid_from=rule.since,
        valid_until=until, basis=rule.basis.value, measure=rule.measure.value, of_contract=rule.of_contract,
        of_customer=rule.of_customer, of_product=rule.of_product, of_kind=rule.of_kind, supersedes=old,
    ).id  # fmt: skip


_RULE = (
    "item_id", "valid_from", "valid_until", "basis", "measure", "of_contract", "of_customer", "of_product", "of_kind",
)  # fmt: skip


def rules_of(contracts: Collection[int]) -> list[StoredRule]:
    """Rules in force of the contracts. A replaced rule keeps the id of the first, under which lines were taken."""
    return _stored(
        RuleRow.objects.filter(contract_id__in=contracts).order_by("id").values_list("id", "supersedes", *_RULE)
    )


def rules_of_seller(seller: int) -> list[StoredRule]:
    """All rules in force of a seller's contracts."""
    contracts = Contract.objects.filter(seller_id=seller).values("id")
    return _stored(
        RuleRow.objects.filter(contract_id__in=contracts).order_by("id").values_list("id", "supersedes", *_RULE)
    )


def _stored(rows: Iterable[tuple[Any, ...]]) -> list[StoredRule]:
    first: dict[int, int] = {}
    rules: dict[int, CommissionRule] = {}
    for number, supersedes, item, since, until, basis, measure, *rest in rows:
        first[number] = first.get(supersedes, supersedes) if supersedes else number
        rules[first[number]] = CommissionRule(item, since, until or FAR_FUTURE, Basis(basis), Measure(measure), *rest)
    items = {rule.item for rule in rules.values()}
    named = Item.objects.filter(id__in=items).values_list("id", "contract_id", "code")
    places = {item: (contract, code) for item, contract, code in named}
    heads = Contract.objects.filter(id__in={contract for contract, _code in places.values()})
    contracts = {number: (text, currency) for number, text, currency in heads.values_list("id", "number", "currency")}
    found = []
    for number, rule in rules.items():
        contract, code = places[rule.item]
        found.append(StoredRule(number, contracts[contract][0], code, contracts[contract][1], rule))
    return found


def source_contracts(seller: int, rule: CommissionRule, contracts: Collection[int]) -> set[int]:
    """Which of these contracts the rule counts; never the commission's own."""
    rows = Contract.objects.filter(seller_id=seller, account__side="receivable", id__in=contracts)
    if rule.of_contract:
        rows = rows.filter(id=rule.of_contract)
    if rule.of_customer:
        rows = rows.filter(customer_id=rule.of_customer)
    if rule.of_kind:
        rows = rows.filter(kind=rule.of_kind)
    own = Item.objects.filter(id=rule.item).values("contract_id")
    return set(rows.exclude(id__in=own).values_list("id", flat=True))
