"""Which item of a contract a person means: its code, or the code of a product that one item alone is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.catalog.facts import product_ids
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lookup import contract_id, item_ids
from turnus.contracts.models import Item
from turnus.contracts.queries import facts_of
from turnus.core.faults import unknown_item

if TYPE_CHECKING:
    from collections.abc import Iterable


def item_of(contract: int, code: str) -> Item:
    """An item by its code. Raises ``ContractRefusedError`` (``unknown_item``), which lists those that there are."""
    row = Item.objects.filter(contract_id=contract, code=code).first()
    if row is None:
        raise ContractRefusedError.of([unknown_item(code, item_ids(contract))])
    return row


def item_codes_meant(seller: int, number: str, named: Iterable[str]) -> list[str]:
    """The codes of the items that are meant; a name that is no code and no product of one item alone stays.

    So the activity that gets them says what is wrong, with all else. Raises ``UnknownContractError``.
    """
    contract = contract_id(seller, number)
    codes, asked = item_ids(contract), list(named)
    if all(name in codes or not name for name in asked):
        return asked
    products, by_product = product_ids(seller), dict[int, set[str]]()
    for item in facts_of(contract).items:
        for terms in item.terms:
            by_product.setdefault(terms.product, set()).add(item.code)

    def meant(name: str) -> str:
        of_product = by_product.get(products.get(name, 0), set())
        return name if name in codes or len(of_product) != 1 else next(iter(of_product))

    return [meant(name) for name in asked]


def item_code_meant(seller: int, number: str, name: str) -> str:
    """``item_codes_meant`` for one; blank stays blank."""
    return item_codes_meant(seller, number, [name])[0]
