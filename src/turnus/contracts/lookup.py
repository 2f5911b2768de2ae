"""Small look-ups of contracts for the apps downstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.contracts.due import AccountRow
from turnus.contracts.models import Account, Contract, Item, Payer
from turnus.contracts.touch import UnknownContractError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


def contracts_of_items(items: Collection[int]) -> dict[int, int]:
    """Item → contract."""
    return dict(Item.objects.filter(id__in=items).values_list("id", "contract_id"))


def accounts_of_contracts(contracts: Collection[int]) -> list[AccountRow]:
    """Accounts that pay, or paid, the contracts."""
    ids = set(Contract.objects.filter(id__in=contracts).values_list("account_id", flat=True))
    ids |= set(Payer.objects.filter(contract_id__in=contracts).values_list("account_id", flat=True)) - {0}
    rows = Account.objects.filter(id__in=ids).order_by("id")
    columns = rows.values_list("id", "unit", "customer_id", "currency", "side")
    return [
        AccountRow(account, unit or account, customer, currency, side)
        for account, unit, customer, currency, side in columns
    ]


def seals(contracts: Collection[int]) -> dict[int, date]:
    """Contract → sealed through."""
    return dict(Contract.objects.filter(id__in=contracts).values_list("id", "sealed_through"))


def contract_id(seller: int, number: str) -> int:
    """Id of a contract by its number. Raises ``UnknownContractError``."""
    found = Contract.objects.filter(seller_id=seller, number=number).values_list("id", flat=True).first()
    if found is None:
        raise UnknownContractError(number)
    return found


def contract_numbers(contracts: Collection[int]) -> dict[int, str]:
    """Contract → number."""
    return dict(Contract.objects.filter(id__in=contracts).values_list("id", "number"))


def contract_owners(contracts: Collection[int]) -> dict[int, int]:
    """Contract → its customer, whoever pays."""
    return dict(Contract.objects.filter(id__in=contracts).values_list("id", "customer_id"))


def item_ids(contract: int) -> dict[str, int]:
    """Item code → id."""
    return dict(Item.objects.filter(contract_id=contract).values_list("code", "id"))


def units_of_items(items: Collection[int]) -> dict[int, tuple[str, str]]:
    """Item → the unit of its usage (empty: its product's), and how usage is shown."""
    return {
        item: (unit, how) for item, unit, how in Item.objects.filter(id__in=items).values_list("id", "unit", "display")
    }


def item_codes(items: Collection[int]) -> dict[int, str]:
    """Item → its code."""
    return dict(Item.objects.filter(id__in=items).values_list("id", "code"))
