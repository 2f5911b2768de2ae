"""Conclude contracts: the opening rows of a contract, its items and discounts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from turnus.catalog.facts import PinnedPrice, price_on, product_ids
from turnus.contracts.models import Account, Contract, ContractDiscount, Item
from turnus.core.catalog import Model
from turnus.core.money import MAX_DECIMALS, minor_digits
from turnus.core.periods import Cycle
from turnus.parties.facts import customer_ids
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewContract, NewDiscount, NewItem


class ContractRefusedError(ValueError):
    """A contract cannot be concluded. ``code`` names the text that says what is wrong and how to mend it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


USAGE_MODELS = (Model.METERED_UNIT, Model.RATED)


def conclude(
    seller: int, contracts: Sequence[NewContract], *, by: Stamp
) -> list[tuple[int, Literal["created", "unchanged"]]]:
    """Conclude contracts inside the caller's transaction; one that is there already, word for word, stays unchanged.

    Raises ``ContractRefusedError`` for an unknown customer, product or price, a wrong period or currency, a second
    trial, or a number that another contract bears.
    """
    customers = customer_ids(seller, {contract.customer for contract in contracts})
    products = product_ids(seller)
    known = dict(
        Contract.objects.filter(seller_id=seller, number__in=[c.number for c in contracts]).values_list("number", "id")
    )
    results: list[tuple[int, Literal["created", "unchanged"]]] = []
    for contract in contracts:
        if contract.customer not in customers:
            raise ContractRefusedError("unknown_customer", customer=contract.customer)
        check(contract)
        prices = [_price(contract, item, products) for item in contract.items]
        if contract.number in known:
            _compare(known[contract.number], contract, prices, products)
            results.append((known[contract.number], "unchanged"))
            continue
        number = _conclude(seller, customers[contract.customer], contract, prices, products, by)
        known[contract.number] = number
        results.append((number, "created"))
    return results


def check(contract: NewContract) -> None:
    """What can be judged without the database. Raises ``ContractRefusedError``."""
    try:
        minor_digits(contract.currency)
    except ValueError:
        raise ContractRefusedError("unknown_currency", currency=contract.currency) from None
    if contract.end is not None and contract.end <= contract.start:
        raise ContractRefusedError("negative_period", start=str(contract.start), end=str(contract.end))
    if not contract.items:
        raise ContractRefusedError("no_items")
    codes = [item.code for item in contract.items]
    for item in contract.items:
        if codes.count(item.code) > 1:
            raise ContractRefusedError("duplicate_item", item=item.code)
        if item.start and item.end and item.end <= item.start:
            raise ContractRefusedError("negative_period", start=str(item.start), end=str(item.end))
        if (
            max(-int(item.quantity.as_tuple().exponent), -int((item.price or item.quantity).as_tuple().exponent))
            > MAX_DECIMALS
        ):
            raise ContractRefusedError("too_many_decimals", item=item.code)
    for discount in contract.discounts:
        if (discount.percent is None) == (discount.amount is None):
            raise ContractRefusedError("discount_kind", discount=discount.label)
        if discount.item is not None and discount.item not in codes:
            raise ContractRefusedError("unknown_item", item=discount.item)
        if discount.start and discount.end and discount.end <= discount.start:
            raise ContractRefusedError("negative_period", start=str(discount.start), end=str(discount.end))


def paid_from(contract: NewContract) -> date:
    """First paid day: after the trial, counted in civil days (hard-cases 16)."""
    return contract.start + timedelta(days=contract.trial_days)


def _price(contract: NewContract, item: NewItem, products: dict[str, int]) -> PinnedPrice:
    if item.product not in products:
        raise ContractRefusedError("unknown_product", product=item.product)
    day = item.start or paid_from(contract)
    found = price_on(products[item.product], contract.currency, day, item.model)
    if item.price is not None:
        model = item.model or (found.model if found else Model.RECURRING_UNIT)
        return PinnedPrice(model, item.price, found.gross if found else False)
    if found is None:
        raise ContractRefusedError("no_price", product=item.product, currency=contract.currency, day=str(day))
    return found


def _cycle(cycle: Cycle) -> str:
    return f"{cycle.months}m" if cycle.months else f"{cycle.days}d"


def _conclude(
    seller: int, customer: int, contract: NewContract, prices: list[PinnedPrice], products: dict[str, int], by: Stamp
) -> int:
    start = paid_from(contract)
    if contract.trial_days:
        _refuse_second_trial(seller, customer, contract, products)
    if contract.end is not None and contract.end < start:
        start = contract.end
    floor = contract.billed_until or date.min
    row = Contract.objects.create(
        seller_id=seller,
        customer_id=customer,
        number=contract.number,
        kind=contract.kind,
        cycle=_cycle(contract.fee),
        currency=contract.currency,
        account=account_for(seller, customer, contract.currency, contract.group or f"#{contract.number}"),
        signed_on=contract.start,
        start_on=start,
        end_on=contract.end,
        floor=floor,
        split_periods=contract.split_periods,
        payment_days=contract.payment_days,
        reference=contract.reference,
        due_on=start,
        sealed_through=floor,
    )
    items = {}
    for item, price in zip(contract.items, prices, strict=True):
        items[item.code] = add_item(row.id, contract, item, price, products[item.product])
    for discount in contract.discounts:
        add_discount(row.id, contract, discount, items, by)
    audit(by, "contract.conclude", "contract", row.id, after=asdict(contract))
    return row.id


def account_for(seller: int, customer: int, currency: str, group: str) -> Account:
    """The billing account of a customer, currency and group; made where there is none."""
    account, created = Account.objects.get_or_create(
        customer_id=customer, currency=currency, group=group, defaults={"seller_id": seller}
    )
    if created:
        account.unit = account.id
        account.save(update_fields=["unit"])
    return account


def add_item(contract_id: int, contract: NewContract, item: NewItem, price: PinnedPrice, product: int) -> int:
    """The opening row of an item."""
    fee = item.fee or contract.fee
    billing = item.billing or contract.billing or fee
    if item.fee is not None and item.billing is None:
        billing = fee
    usage = price.model in USAGE_MODELS
    return Item.objects.create(
        contract_id=contract_id,
        code=item.code,
        start_on=item.start,
        end_on=item.end,
        basis=item.basis or contract.basis,
        scale=SCALE[price.model] if usage else 0,
        product_id=product,
        model=price.model,
        unit_price=price.unit_price,
        quantity=item.quantity,
        gross=price.gross,
        label=item.label,
        fee_months=fee.months,
        fee_days=fee.days,
        billing_months=billing.months,
        billing_days=billing.days,
        anchor=item.anchor or contract.anchor,
        timing=item.timing or contract.timing,
    ).id


SCALE = {Model.METERED_UNIT: 6, Model.RATED: 11}
"""Decimals kept of metered quantities and of rated amounts (FOCUS delivers up to 11)."""


def add_discount(
    contract_id: int, contract: NewContract, discount: NewDiscount, items: dict[str, int], by: Stamp
) -> int:
    """A discount as a fact of the contract."""
    whole = discount.item is None and discount.amount is not None
    return ContractDiscount.objects.create(
        contract_id=contract_id,
        recorded_at=by.at,
        item_id=items[discount.item] if discount.item else 0,
        label=discount.label,
        percent=discount.percent,
        amount=discount.amount,
        start_on=discount.start or date.min,
        end_on=discount.end,
        fee_months=contract.fee.months if whole else 0,
        fee_days=contract.fee.days if whole else 0,
    ).id


def _refuse_second_trial(seller: int, customer: int, contract: NewContract, products: dict[str, int]) -> None:
    """One trial per customer and product (hard-cases 16)."""
    earlier = Contract.objects.filter(seller_id=seller, customer_id=customer).extra(where=["start_on > signed_on"])
    wanted = {products[item.product] for item in contract.items}
    if Item.objects.filter(contract_id__in=earlier.values("id"), product_id__in=wanted).exists():
        raise ContractRefusedError("second_trial", customer=contract.customer)


def _compare(known: int, contract: NewContract, prices: list[PinnedPrice], products: dict[str, int]) -> None:
    """A contract that is there already must be the same; changes are amendments, not repeated conclusions."""
    row = Contract.objects.get(id=known)
    items = {item.code: item for item in Item.objects.filter(contract_id=known)}
    same = (row.signed_on, row.currency, row.kind, row.cycle) == (
        contract.start, contract.currency, contract.kind, _cycle(contract.fee),
    ) and set(items) == {item.code for item in contract.items}  # fmt: skip
    if same:
        for item, price in zip(contract.items, prices, strict=True):
            there = items[item.code]
            same = same and (there.product_id, there.model, there.quantity) == (
                products[item.product], price.model, item.quantity,
            ) and (item.price is None or there.unit_price == item.price)  # fmt: skip
    if not same:
        raise ContractRefusedError("contract_differs", contract=contract.number)
