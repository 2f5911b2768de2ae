"""Conclude contracts: check what is asked for, pin prices, compare with what is there; many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from turnus.catalog.facts import PinnedPrice, PriceBook
from turnus.catalog.offer import agree_scheme
from turnus.contracts.models import Contract, Item
from turnus.contracts.opening import Opening, open_contracts, paid_from
from turnus.contracts.same import differing
from turnus.core.actors import Stamp
from turnus.core.catalog import Model
from turnus.core.contracts import NewContract, NewDiscount, NewItem
from turnus.core.money import MAX_DECIMALS, minor_digits
from turnus.parties.facts import customer_ids

Concluded = Literal["created", "unchanged"]


class ContractRefusedError(ValueError):
    """A contract cannot be concluded. ``code`` names the text that says what is wrong and how to mend it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


def conclude(seller: int, contracts: Sequence[NewContract], *, by: Stamp) -> list[tuple[int, Concluded]]:
    """Conclude contracts inside the caller's transaction; one that is there already, word for word, stays unchanged.

    Raises ``ContractRefusedError`` for an unknown customer, product or price, a wrong period or currency, a second
    trial, or a number that another contract bears.
    """
    customers = customer_ids(seller, {contract.customer for contract in contracts})
    book = PriceBook(seller)
    numbers = [contract.number for contract in contracts]
    known = dict(Contract.objects.filter(seller_id=seller, number__in=numbers).values_list("number", "id"))
    openings: dict[str, Opening] = {}
    again: list[tuple[int, Opening]] = []
    for contract in contracts:
        if contract.customer not in customers:
            raise ContractRefusedError("unknown_customer", customer=contract.customer)
        check(contract)
        prices = [_price(contract, item, book, by) for item in contract.items]
        opening = Opening(contract, customers[contract.customer], prices, book.products)
        if contract.number in openings:
            raise ContractRefusedError("contract_differs", contract=contract.number)
        if contract.number in known:
            again.append((known[contract.number], opening))
        else:
            openings[contract.number] = opening
    for number in differing(again):
        raise ContractRefusedError("contract_differs", contract=number)
    _refuse_second_trials(seller, openings.values())
    opened = open_contracts(seller, list(openings.values()), by=by)
    created = dict(zip(openings, opened, strict=True))
    return [(created[n], "created") if n in created else (known[n], "unchanged") for n in numbers]


def check(contract: NewContract) -> None:
    """What can be judged without the database. Raises ``ContractRefusedError``."""
    try:
        minor_digits(contract.currency)
    except ValueError:
        raise ContractRefusedError("unknown_currency", currency=contract.currency) from None
    _check_days(contract.start, contract.end)
    if not contract.items:
        raise ContractRefusedError("no_items")
    codes = [item.code for item in contract.items]
    for item in contract.items:
        if codes.count(item.code) > 1:
            raise ContractRefusedError("duplicate_item", item=item.code)
        _check_item(item)
    for discount in contract.discounts:
        _check_discount(discount, codes)


def _check_days(start: date | None, end: date | None) -> None:
    if start and end and end <= start:
        raise ContractRefusedError("negative_period", start=str(start), end=str(end))


def _check_item(item: NewItem) -> None:
    _check_days(item.start, item.end)
    if max(_decimals(item.quantity), _decimals(item.price)) > MAX_DECIMALS:
        raise ContractRefusedError("too_many_decimals", item=item.code)


def _decimals(value: Decimal | None) -> int:
    return 0 if value is None else -int(value.as_tuple().exponent)


def _check_discount(discount: NewDiscount, codes: Sequence[str]) -> None:
    if (discount.percent is None) == (discount.amount is None):
        raise ContractRefusedError("discount_kind", discount=discount.label)
    if discount.item is not None and discount.item not in codes:
        raise ContractRefusedError("unknown_item", item=discount.item)
    _check_days(discount.start, discount.end)


def _price(contract: NewContract, item: NewItem, book: PriceBook, by: Stamp) -> PinnedPrice:
    """The agreed price, or the catalogue's on the item's first day, which the item pins."""
    if item.product not in book.products:
        raise ContractRefusedError("unknown_product", product=item.product)
    day = item.start or paid_from(contract)
    found = book.price_on(book.products[item.product], contract.currency, day, item.model)
    scheme = _scheme(item, book, by)
    if item.price is not None or (scheme is not None and item.model is not None):
        model = item.model or (found.model if found else Model.RECURRING_UNIT)
        return PinnedPrice(model, item.price or Decimal(0), found is not None and found.gross, scheme)
    if found is None:
        raise ContractRefusedError("no_price", product=item.product, currency=contract.currency, day=str(day))
    return found if scheme is None else found._replace(scheme=scheme)


def _scheme(item: NewItem, book: PriceBook, by: Stamp) -> int | None:
    """The version of the price scheme that an item asks for; an agreed one is stored. Raises ``SchemeError``."""
    if item.scheme is None or item.scheme == "":
        return None
    if not isinstance(item.scheme, str):
        return agree_scheme(book.seller, item.scheme, by=by)
    if item.scheme not in book.schemes:
        raise ContractRefusedError("unknown_scheme", scheme=item.scheme, item=item.code)
    return book.schemes[item.scheme]


def _refuse_second_trials(seller: int, openings: Iterable[Opening]) -> None:
    """One trial per customer and product (hard-cases 16)."""
    tried: set[tuple[int, int]] = set()
    for opening in openings:
        if not opening.contract.trial_days:
            continue
        wanted = {(opening.customer, opening.products[item.product]) for item in opening.contract.items}
        earlier = Contract.objects.filter(seller_id=seller, customer_id=opening.customer, had_trial=True)
        items = Item.objects.filter(contract_id__in=earlier.values("id"))
        tried |= {(opening.customer, product) for product in items.values_list("product_id", flat=True)}
        if tried & wanted:
            raise ContractRefusedError("second_trial", customer=opening.contract.customer)
        tried |= wanted
