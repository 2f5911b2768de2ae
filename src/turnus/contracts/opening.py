"""The opening rows of contracts, written many at once: accounts, contracts, items, discounts, audit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from turnus.catalog.facts import PinnedPrice
from turnus.contracts.models import (
    Account,
    Contract,
    ContractDiscount,
    ContractMinimum,
    Item,
    Payer,
    PlannedRaise,
    Span,
)
from turnus.contracts.paperwork import write_paperwork
from turnus.contracts.raise_facts import raise_row
from turnus.contracts.renewals import open_terms
from turnus.core.actors import Stamp
from turnus.core.catalog import Model
from turnus.core.contracts import Grid, NewContract, NewDiscount, NewItem, NewMinimum
from turnus.core.discounts import dated
from turnus.core.measuring import scale_of
from turnus.core.money import canonical
from turnus.core.paperwork import COLLECTIVE, Side
from turnus.core.periods import Cycle
from turnus.core.pricing import MODELS, Shape
from turnus.core.trials import AfterTrial
from turnus.core.usage import Metering
from turnus.records.audit import Act, audit_many
from turnus.records.bulk import insert, take_ids

RATED_SCALE: Final = 11
"""Decimals kept of rated amounts (FOCUS delivers up to 11); of metered quantities see ``scale_of``."""
METERING: Final = ("meter", "aggregation", "only", "unit", "rounding", "display", "quantum")

_ACCOUNT: Final = ("id", "seller_id", "customer_id", "currency", "group", "unit", "side")
_CONTRACT: Final = (
    "id", "seller_id", "customer_id", "number", "kind", "cycle", "currency", "account_id", "signed_on", "start_on",
    "end_on", "floor", "split_periods", "payment_days", "reference", "due_on", "sealed_through", "had_trial",
    "after_trial", "price_lists", "variant_id", "customer_terms_id", "group_terms_id",
)  # fmt: skip
_ITEM: Final = (
    "id", "contract_id", "code", "start_on", "end_on", "basis", "scale", "product_id", "model", "unit_price",
    "quantity", "gross", "label", "scheme_id", "fee_months", "fee_days", "billing_months", "billing_days",
    "anchor", "timing", "follows", "per", *METERING, "cost_centre", "order_reference",
)  # fmt: skip


class Opening(NamedTuple):
    """A contract that was found in order: its customer's id, the prices its items pin, and the catalogue's ids."""

    contract: NewContract
    customer: int
    prices: list[PinnedPrice]
    products: dict[str, int]
    payers: tuple[tuple[int, int], ...] = ()
    """(customer, weight) of those who share the invoices from the start."""
    bill_to: int = 0
    """The parent that gets the documents; 0: the customer."""

    @property
    def side(self) -> Side:
        """Whether the contract claims or pays out."""
        return Side.PAYABLE if self.contract.payout else Side.RECEIVABLE

    @property
    def account(self) -> tuple[int, str, str]:
        """Customer, currency and group of the billing account."""
        if self.bill_to:
            return self.bill_to, self.contract.currency, self.contract.group or COLLECTIVE
        return self._account(self.customer)

    @property
    def sharers(self) -> list[tuple[tuple[int, str, str], int]]:
        """Billing account and weight of those who share."""
        return [(self._account(customer), weight) for customer, weight in self.payers]

    def _account(self, customer: int) -> tuple[int, str, str]:
        return customer, self.contract.currency, self.contract.group or f"#{self.contract.number}"


class AddedItem(NamedTuple):
    """An item that is added later, with its rhythm complete; the price it pins, and its product's id."""

    item: NewItem
    price: PinnedPrice
    product: int


def paid_from(contract: NewContract) -> date:
    """First paid day: after the trial, counted in civil days (hard-cases 16)."""
    return contract.start + timedelta(days=contract.trial_days)


def with_dated_discounts(contract: NewContract) -> NewContract:
    """The contract with discounts for a number of periods as days, on the grid of what each is granted on."""
    items = {item.code: item for item in contract.items}

    def resolved(discount: NewDiscount) -> NewDiscount:
        item = items.get(discount.item or "")
        begin = (item.start if item else None) or paid_from(contract)
        fee = (item.fee if item else None) or contract.fee
        anchor = (item.anchor if item else None) or contract.anchor or paid_from(contract)
        return dated(discount, [Grid(begin, fee, fee, anchor, contract.timing)], begin)

    return replace(contract, discounts=tuple(resolved(discount) for discount in contract.discounts))


def cycle_key(cycle: Cycle) -> str:
    """A cycle in short form for filters: ``1m``, ``14d``."""
    return f"{cycle.months}m" if cycle.months else f"{cycle.days}d"


def open_contracts(seller: int, openings: Sequence[Opening], *, by: Stamp) -> list[int]:
    """Write contracts with their items and discounts inside the caller's transaction. Returns their ids in order."""
    accounts_of = {side: _accounts(seller, openings, side) for side in {opening.side for opening in openings}}
    ids = take_ids(Contract, len(openings))
    items = iter(take_ids(Item, sum(len(opening.contract.items) for opening in openings)))
    contracts: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    discounts: list[ContractDiscount] = []
    minimums: list[ContractMinimum] = []
    raises: list[PlannedRaise] = []
    for number, opening in zip(ids, openings, strict=True):
        contracts.append(_contract(number, seller, opening, accounts_of[opening.side][opening.account]))
        by_code: dict[str, int] = {}
        for item, price in zip(opening.contract.items, opening.prices, strict=True):
            by_code[item.code] = next(items)
            rows.append(_item(by_code[item.code], number, opening, item, price))
        discounts += [_discount(number, opening.contract, d, by_code, by) for d in opening.contract.discounts]
        raises += [
            raise_row(number, planned, by_code.get(planned.item, 0), planned.first, reason="", by=by)
            for planned in opening.contract.raises
        ]
        minimums += [minimum_row(number, opening, m, by_code, by) for m in opening.contract.minimums]
    insert(Contract, _CONTRACT, contracts)
    insert(Item, _ITEM, rows)
    ContractDiscount.objects.bulk_create(discounts)
    ContractMinimum.objects.bulk_create(minimums)
    PlannedRaise.objects.bulk_create(raises)
    Span.objects.bulk_create(_trial(number, opening.contract, by) for number, opening in zip(ids, openings, strict=True)
                             if opening.contract.after_trial is not AfterTrial.CONVERTS)  # fmt: skip
    open_terms([(number, opening.contract) for number, opening in zip(ids, openings, strict=True)], by=by)
    _open_payers(zip(ids, openings, strict=True), accounts_of, by)
    for number, opening in zip(ids, openings, strict=True):
        if opening.contract.paperwork is not None:
            write_paperwork(number, opening.contract.paperwork, by=by)
    acts = [Act(number, asdict(opening.contract)) for number, opening in zip(ids, openings, strict=True)]
    audit_many(by, "contract.conclude", "contract", acts)
    return list(ids)


AccountKey = tuple[int, str, str]
"""Customer, currency and group."""


def _accounts(seller: int, openings: Sequence[Opening], side: Side) -> dict[AccountKey, int]:
    """Billing accounts of the contracts of one side, with those of who shares them."""
    rows = [opening for opening in openings if opening.side is side]
    wanted = [opening.account for opening in rows]
    wanted += [account for opening in rows for account, _weight in opening.sharers]
    return accounts_for(seller, wanted, side=side)


def _open_payers(
    opened: Iterable[tuple[int, Opening]], accounts_of: dict[Side, dict[AccountKey, int]], by: Stamp
) -> None:
    """Who shares the invoices from the first day on, and the accounts that are billed together for it."""
    for contract, opening in opened:
        if opening.sharers:
            accounts = accounts_of[opening.side]
            parts = [(accounts[account], weight) for account, weight in opening.sharers]
            write_payers(contract, parts, valid_from=opening.contract.start, by=by)
            join_units({accounts[opening.account], *(account for account, _weight in parts)})


def write_payers(
    contract: int,
    parts: Sequence[tuple[int, int]],
    *,
    valid_from: date,
    item: int = 0,
    reason: str = "",
    correction: bool = False,
    by: Stamp,
) -> None:
    """(account, weight) of those who share from a day on, as one act."""
    ids = take_ids(Payer, len(parts))
    Payer.objects.bulk_create(
        Payer(id=place, contract_id=contract, valid_from=valid_from, account_id=account, weight=weight, item_id=item,
              act=ids[0], recorded_at=by.at, reason=reason, correction=correction)
        for place, (account, weight) in zip(ids, parts, strict=True)
    )  # fmt: skip


def join_units(accounts: set[int]) -> None:
    """Accounts that share a contract are billed together from now on."""
    units = set(Account.objects.filter(id__in=accounts).values_list("unit", flat=True))
    Account.objects.filter(unit__in=units).update(unit=min(unit for unit in units if unit is not None))


def accounts_for(seller: int, wanted: Sequence[AccountKey], *, side: Side = Side.RECEIVABLE) -> dict[AccountKey, int]:
    """(customer, currency, group) → billing account of the side; made where there is none."""
    customers = {customer for customer, _currency, _group in wanted}
    known = Account.objects.filter(customer_id__in=customers, side=side)
    rows = known.values_list("customer_id", "currency", "group", "id")
    found = {(customer, currency, group): account for customer, currency, group, account in rows}
    missing = [key for key in dict.fromkeys(wanted) if key not in found]
    made = [
        (number, seller, *key, number, side.value)
        for number, key in zip(take_ids(Account, len(missing)), missing, strict=True)
    ]
    insert(Account, _ACCOUNT, made)
    return found | {(row[2], row[3], row[4]): row[0] for row in made}


def _contract(number: int, seller: int, opening: Opening, account: int) -> tuple[Any, ...]:
    contract = opening.contract
    start = paid_from(contract)
    if contract.end is not None:
        start = min(start, contract.end)
    floor = contract.billed_until or date.min
    return (
        number, seller, opening.customer, contract.number, contract.kind, cycle_key(contract.fee), contract.currency,
        account, contract.start, start, contract.end, floor, contract.split_periods, contract.payment_days,
        contract.reference, start, floor, contract.trial_days > 0, contract.after_trial.value,
        "\n".join(contract.price_lists), *contract.made_from,
    )  # fmt: skip


def _trial(number: int, contract: NewContract, by: Stamp) -> Span:
    """A trial that does not convert by itself: the contract owes no day so far."""
    planned = paid_from(contract)
    return Span(
        contract_id=number, recorded_at=by.at, start_on=planned, end_on=planned, after_trial=contract.after_trial
    )


def _item(number: int, contract_id: int, opening: Opening, item: NewItem, price: PinnedPrice) -> tuple[Any, ...]:
    contract = opening.contract
    fee = item.fee or contract.fee
    billing = item.billing or (None if item.fee else contract.billing) or fee
    scale, per = _scale(price.model, item.metering)
    return (
        number, contract_id, item.code, item.start, item.end, (item.basis or contract.basis).value,
        scale, opening.products[item.product], price.model.value, canonical(price.unit_price),
        canonical(item.quantity), price.gross, item.label, price.scheme, fee.months, fee.days, billing.months,
        billing.days,
        item.anchor or contract.anchor, (item.timing or contract.timing).value, item.follows and item.price is None,
        per, *metering_row(item.metering), item.cost_centre, item.order_reference,
    )  # fmt: skip


def _scale(model: Model, metering: Metering) -> tuple[int, int]:
    if MODELS[model].shape is not Shape.USAGE:
        return 0, 1
    return (RATED_SCALE, 1) if model is Model.RATED else scale_of(metering)


def metering_row(metering: Metering) -> tuple[Any, ...]:
    """The columns ``METERING`` of an item; the filter as it was written, the quantum as exact text."""
    quantum = None if metering.quantum is None else canonical(metering.quantum)
    return (
        metering.meter, metering.aggregation.value, metering.only, metering.unit, metering.rounding.value,
        metering.display.value, quantum,
    )  # fmt: skip


def add_items(contract: int, added: Sequence[AddedItem], *, amendment: int) -> None:
    """Write items that an amendment adds, inside the caller's transaction."""
    rows = []
    for number, (item, price, product) in zip(take_ids(Item, len(added)), added, strict=True):
        assert item.fee is not None
        assert item.billing is not None
        assert item.basis is not None
        assert item.timing is not None
        scale, per = _scale(price.model, item.metering)
        rows.append(
            (number, contract, item.code, item.start, item.end, item.basis.value, scale, product, price.model.value,
             canonical(price.unit_price), canonical(item.quantity), price.gross, item.label, price.scheme, *item.fee,
             *item.billing, item.anchor, item.timing.value, item.follows and item.price is None, per,
             *metering_row(item.metering), item.cost_centre, item.order_reference, amendment)
        )  # fmt: skip
    insert(Item, (*_ITEM, "amendment_id"), rows)


def _discount(
    contract_id: int, contract: NewContract, discount: NewDiscount, items: dict[str, int], by: Stamp
) -> ContractDiscount:
    """A discount as a fact; an amount off the whole contract is granted per fee period of the contract."""
    whole = discount.item is None and discount.amount is not None
    return ContractDiscount(
        contract_id=contract_id, recorded_at=by.at, item_id=items[discount.item] if discount.item else 0,
        label=discount.label, percent=discount.percent, amount=discount.amount, start_on=discount.start or date.min,
        end_on=discount.end, periods=discount.periods, from_quantity=discount.from_quantity, origin=discount.origin,
        fee_months=contract.fee.months if whole else 0, fee_days=contract.fee.days if whole else 0,
    )  # fmt: skip


def minimum_row(
    contract_id: int, opening: Opening, minimum: NewMinimum, items: dict[str, int], by: Stamp
) -> ContractMinimum:
    """A minimum fee as a fact; its line is named and taxed like its product, else like its item or the first one."""
    contract = opening.contract
    codes = [item.code for item in contract.items]
    place = codes.index(minimum.item) if minimum.item else 0
    fee = minimum.fee or contract.fee
    return ContractMinimum(
        contract_id=contract_id, recorded_at=by.at, item_id=items[minimum.item] if minimum.item else 0,
        amount=minimum.amount, product_id=opening.products[minimum.product or contract.items[place].product],
        gross=opening.prices[place].gross, start_on=minimum.start or date.min, end_on=minimum.end,
        fee_months=fee.months, fee_days=fee.days, anchor=minimum.anchor or contract.anchor, label=minimum.label,
    )  # fmt: skip
