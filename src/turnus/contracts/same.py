"""Is a contract that comes again the one that was concluded? Later facts and items do not count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from turnus.contracts.lifetime import terms_columns
from turnus.contracts.lifetime_models import ContractTerms
from turnus.contracts.models import Account, Contract, ContractDiscount, Item, Payer, PlannedRaise
from turnus.contracts.opening import METERING, Opening, cycle_key, metering_row, paid_from
from turnus.contracts.paperwork import paperwork_of
from turnus.core.contracts import NewDiscount, NewRaise
from turnus.core.paperwork import COLLECTIVE, Paperwork
from turnus.core.schemes import Scheme
from turnus.core.terms import NewContractTerms

_CONTRACT: Final = (
    "customer_id", "kind", "cycle", "currency", "account__group", "signed_on", "floor", "split_periods",
    "payment_days", "reference", "had_trial", "after_trial", "account__side", "start_on", "end_on",
)  # fmt: skip
_ITEM: Final = (
    "start_on", "end_on", "basis", "product_id", "model", "quantity", "label", "fee_months", "fee_days",
    "billing_months", "billing_days", "anchor", "timing", *METERING, "cost_centre", "order_reference", "scheme_id",
    "unit_price",
)  # fmt: skip
_TERMS: Final = tuple(terms_columns(NewContractTerms(), date.min))
_RAISE: Final = ("item_id", "kind", "value", "first_on", "months", "end_on")
_DISCOUNT: Final = ("item_id", "label", "percent", "amount", "start_on", "end_on", "from_quantity")


class _Stored(NamedTuple):
    """What is there of one contract: its columns, its items by code, its discounts."""

    columns: tuple[Any, ...]
    items: dict[str, tuple[int, tuple[Any, ...]]]
    discounts: set[tuple[Any, ...]]
    terms: list[dict[str, Any]]
    payers: list[tuple[int, int]]
    """(customer, weight) of those who shared the invoices when the contract was concluded."""
    paperwork: list[Paperwork]
    raises: set[tuple[Any, ...]]


def differing(pairs: Sequence[tuple[int, Opening]]) -> list[str]:
    """Numbers of the contracts whose stored opening is another one. A fixed number of queries."""
    stored = _stored([contract for contract, _opening in pairs])
    return [opening.contract.number for contract, opening in pairs if not _same(stored[contract], opening)]


def _stored(contracts: Sequence[int]) -> dict[int, _Stored]:
    rows = Contract.objects.filter(id__in=contracts).values_list("id", *_CONTRACT)
    found = {row[0]: _Stored(row[1:], {}, set(), [], [], [], set()) for row in rows}
    opening = Item.objects.filter(contract_id__in=contracts, amendment_id=0)
    for row in opening.values_list("contract_id", "code", "id", *_ITEM):
        found[row[0]].items[row[1]] = (row[2], row[3:])
    for row in ContractDiscount.objects.filter(contract_id__in=contracts).values_list("contract_id", *_DISCOUNT):
        found[row[0]].discounts.add(row[1:])
    for terms in ContractTerms.objects.filter(contract_id__in=contracts, opening=True).values("contract_id", *_TERMS):
        found[terms.pop("contract_id")].terms.append(terms)
    for row in PlannedRaise.objects.filter(contract_id__in=contracts).values_list("contract_id", *_RAISE):
        found[row[0]].raises.add(row[1:])
    for contract, said in paperwork_of(contracts).items():
        found[contract].paperwork.extend(row for row in said if row.since == date.min)
    for contract, parts in _payers(contracts).items():
        found[contract].payers.extend(parts)
    return found


def _payers(contracts: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """The first act of each contract that shares it from its first day on."""
    rows = Payer.objects.filter(contract_id__in=contracts, item_id=0, act__isnull=False).order_by("id")
    acts: dict[int, int] = {}
    found: dict[int, list[tuple[int, int]]] = {}
    accounts = dict(Account.objects.filter(id__in=rows.values("account_id")).values_list("id", "customer_id"))
    for contract, act, account, weight in rows.values_list("contract_id", "act", "account_id", "weight"):
        if acts.setdefault(contract, act or 0) == act:
            found.setdefault(contract, []).append((accounts[account], weight))
    return found


def _same(stored: _Stored, opening: Opening) -> bool:
    contract = opening.contract
    *columns, start, end = stored.columns
    wanted = [
        opening.customer, contract.kind, cycle_key(contract.fee), contract.currency, opening.account[2],
        contract.start, contract.billed_until or date.min, contract.split_periods, contract.payment_days,
        contract.reference, contract.trial_days > 0, contract.after_trial.value, opening.side.value,
    ]  # fmt: skip
    if contract.bill_to_parent is None and columns[4] in {COLLECTIVE, f"#{contract.number}"}:
        columns[4] = contract.group or wanted[4]  # the customer may say another thing today
    if columns != wanted or start not in {paid_from(contract), end}:
        return False
    if set(stored.items) != {item.code for item in contract.items}:
        return False
    if contract.terms is not None and stored.terms != [terms_columns(contract.terms, contract.start)]:
        return False
    if opening.payers and tuple(stored.payers) != opening.payers:
        return False
    if contract.paperwork is not None and stored.paperwork != [contract.paperwork]:
        return False
    if not {_raise(planned, stored) for planned in contract.raises} <= stored.raises:
        return False
    items = all(_same_item(stored, opening, place) for place in range(len(contract.items)))
    return items and all(_discount(discount, stored) in stored.discounts for discount in contract.discounts)


def _same_item(stored: _Stored, opening: Opening, place: int) -> bool:
    contract, item, price = opening.contract, opening.contract.items[place], opening.prices[place]
    fee = item.fee or contract.fee
    billing = item.billing or (None if item.fee else contract.billing) or fee
    _id, (*columns, scheme, unit_price) = stored.items[item.code]
    wanted = [
        item.start, item.end, (item.basis or contract.basis).value, opening.products[item.product], price.model.value,
        item.quantity, item.label, fee.months, fee.days, billing.months, billing.days, item.anchor or contract.anchor,
        (item.timing or contract.timing).value, *metering_row(item.metering)[:-1], item.metering.quantum,
        item.cost_centre, item.order_reference,
    ]  # fmt: skip
    agreed = isinstance(item.scheme, Scheme)
    same_price = item.price is None or unit_price == item.price
    return columns == wanted and same_price and (not agreed or scheme == price.scheme)


def _raise(planned: NewRaise, stored: _Stored) -> tuple[Any, ...]:
    item = stored.items[planned.item][0] if planned.item else 0
    return item, planned.kind.value, planned.value, planned.first, planned.months, planned.end


def _discount(discount: NewDiscount, stored: _Stored) -> tuple[Any, ...]:
    item = stored.items[discount.item][0] if discount.item else 0
    start = discount.start or date.min
    return item, discount.label, discount.percent, discount.amount, start, discount.end, discount.from_quantity
