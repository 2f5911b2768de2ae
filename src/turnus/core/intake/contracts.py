"""The file of contracts: one row per item; rows of the same number form one contract.

Contract columns may stay blank in later rows but must not contradict. A row with ``valid_from`` changes price or
quantity of an item from that day on; a row with nothing but a discount adds that discount. In files the end of
something is its inclusive last day; values are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from turnus.core.catalog import Model
from turnus.core.contracts import NewDiscount, NewItem, NewMinimum
from turnus.core.intake import contract_columns as c
from turnus.core.intake.cells import CellError, Reading
from turnus.core.intake.columns import Values
from turnus.core.intake.grouped import Placed, head_of
from turnus.core.intake.metering_columns import metering_of
from turnus.core.intake.numbers import in_currency
from turnus.core.intake.raise_columns import planned_raises
from turnus.core.intake.term_columns import CONCLUDED, CUT, INITIAL, NOTICE, REMINDER, RENEWAL
from turnus.core.money import InexactAmountError, to_minor
from turnus.core.offers import Choice, Conditions, Order
from turnus.core.paperwork import Paperwork, SplitBy
from turnus.core.periods import FAR_FUTURE


@dataclass(frozen=True, slots=True)
class ItemChange:
    """From ``valid_from`` on an item has another price (major units) or another quantity; None: unchanged."""

    item: str
    valid_from: date
    price: Decimal | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """An order with the later changes that the file knows, each item's in the order of their days."""

    order: Order
    changes: tuple[ItemChange, ...] = ()


@dataclass(slots=True)
class _Parts:
    """What the rows of one contract add up to."""

    currency: str
    items: dict[str, NewItem] = field(default_factory=dict)
    discounts: list[NewDiscount] = field(default_factory=list)
    minimums: list[NewMinimum] = field(default_factory=list)
    changes: list[tuple[int, ItemChange, str | None]] = field(default_factory=list)
    """Row, change, and the product where the row repeats it."""
    places: dict[str, int] = field(default_factory=dict)
    """The row that defines an item."""
    plan: str = ""
    choices: dict[str, Choice] = field(default_factory=dict)


def contract_row(rows: Sequence[tuple[int, Values]], how: Reading) -> tuple[ContractRow | None, list[Placed]]:
    """All rows of one contract, each with its number, as a value; or None and every error."""
    head, errors = head_of(rows, c.HEAD)
    parts = _Parts(head[c.CURRENCY] or how.currency, plan=head[c.PLAN] or "")
    for at, row in rows:
        try:
            _take(parts, at, row)
        except CellError as error:
            errors.append((at, error))
    first = rows[0][0]
    if not (parts.items or parts.plan or errors):
        errors.append((first, CellError("contract_empty", column=c.PRODUCT.name)))
    if errors:
        return None, errors
    try:
        order = _order(head, parts, rows[0][1].need(c.CONTRACT))
    except CellError as error:
        return None, [(first, error)]
    errors = [*_period_errors(order, parts.places, first), *_change_errors(order, parts.changes)]
    changes = sorted((change for _, change, _ in parts.changes), key=lambda change: (change.item, change.valid_from))
    return (None, errors) if errors else (ContractRow(order, tuple(changes)), [])


def _take(parts: _Parts, at: int, row: Values) -> None:
    """Add what one row says to the parts of its contract."""
    code = row[c.ITEM] or row[c.PRODUCT] or ""
    discount = discount_of(row, code, parts.currency)
    if discount:
        parts.discounts.append(discount)
    if row[c.VALID_FROM] is not None:
        parts.changes.append((at, _change(row, code, parts.currency), row[c.PRODUCT]))
    elif any(row[column] is not None for column in c.ITEM_COLUMNS) or not (discount or (parts.plan and not code)):
        if not row[c.PRODUCT] and parts.plan and code:
            _choose(parts, row, code)
            return
        if not row[c.PRODUCT]:
            raise CellError("required", column=c.PRODUCT.name)
        for item in _items(row, code, parts.currency):
            if item.code in parts.items and not (discount and item == parts.items[item.code]):
                raise CellError("duplicate_item", item.code, column=c.ITEM.name)
            parts.items[item.code] = item
            parts.places.setdefault(item.code, at)
        if (least := in_currency(row[c.ITEM_MINIMUM], parts.currency, c.ITEM_MINIMUM.name)) is not None:
            parts.minimums.append(NewMinimum(_minor(least, parts.currency, c.ITEM_MINIMUM.name), item=code))


def _choose(parts: _Parts, row: Values, code: str) -> None:
    """What a row says of an item of the plan."""
    stray = next((column for column in c.CHOICE_NEVER if row[column] is not None), None)
    if stray:
        raise CellError("choice_only", column=stray.name)
    if code in parts.choices:
        raise CellError("duplicate_item", code, column=c.ITEM.name)
    parts.choices[code] = Choice(
        code, row[c.QUANTITY] or None, in_currency(row[c.PRICE], parts.currency, c.PRICE.name), row[c.LABEL],
        row[c.ITEM_START], row[c.ITEM_END], left_out=row[c.QUANTITY] == 0,
    )  # fmt: skip


def _items(row: Values, code: str, currency: str) -> list[NewItem]:
    """The item of a row and, where a set-up fee is charged, the item of that."""
    quantity = row[c.QUANTITY]
    item = NewItem(
        code=code,
        product=row.need(c.PRODUCT),
        quantity=Decimal(1) if quantity is None else quantity,
        price=in_currency(row[c.PRICE], currency, c.PRICE.name),
        model=row[c.MODEL],
        start=row[c.ITEM_START],
        end=row[c.ITEM_END],
        fee=row[c.ITEM_CYCLE],
        timing=row[c.ITEM_TIMING],
        label=row[c.LABEL] or "",
        cost_centre=row[c.COST_CENTRE] or "",
        order_reference=row[c.ORDER] or "",
        scheme=row[c.SCHEME],
        follows=row[c.FOLLOWS] or False,
        metering=metering_of(row),
    )
    fee, product = in_currency(row[c.SETUP_FEE], currency, c.SETUP_FEE.name), row[c.SETUP_PRODUCT]
    if fee is None and product is None:
        return [item]
    if product is None:
        raise CellError("required", column=c.SETUP_PRODUCT.name)
    setup = NewItem(
        code=f"{code}-setup", product=product, quantity=Decimal(1), price=fee, model=Model.ONE_OFF, start=item.start
    )
    return [item, setup]


def discount_of(row: Values, code: str, currency: str) -> NewDiscount | None:
    """The discount of a row; ``code``: the item of the row, if any. Raises ``CellError``."""
    rate, fixed = row[c.PERCENT], in_currency(row[c.AMOUNT], currency, c.AMOUNT.name)
    if rate is None and fixed is None:
        stray = next((column for column in c.DISCOUNT_ONLY if row[column] is not None), None)
        if stray:
            raise CellError("discount_empty", column=stray.name)
        return None
    if rate is not None and fixed is not None:
        raise CellError("discount_both", column=c.AMOUNT.name)
    if fixed is not None and fixed <= 0:
        raise CellError("number_zero", fixed, column=c.AMOUNT.name)
    if row[c.SCOPE] == "item" and not code:
        raise CellError("required", column=c.ITEM.name)
    start, end = row[c.DISCOUNT_FROM], row[c.DISCOUNT_UNTIL]
    if start and end and end <= start:
        raise CellError("period_negative", column=c.DISCOUNT_UNTIL.name, start=start.isoformat())
    return NewDiscount(
        label=row[c.DISCOUNT_LABEL] or "Rabatt",
        percent=rate,
        amount=None if fixed is None else _minor(fixed, currency),
        item=code if code and row[c.SCOPE] != "contract" else None,
        start=start,
        end=end,
        periods=row[c.DISCOUNT_PERIODS],
        from_quantity=row[c.DISCOUNT_QUANTITY],
    )


def _minor(value: Decimal, currency: str, column: str = c.AMOUNT.name) -> int:
    try:
        return to_minor(value, currency)
    except InexactAmountError:
        raise CellError("amount_decimals", value, column=column, currency=currency) from None


def _change(row: Values, code: str, currency: str) -> ItemChange:
    if not code:
        raise CellError("required", column=c.ITEM.name)
    stray = next((column for column in c.ITEM_ONLY if row[column] is not None), None)
    if stray:
        raise CellError("change_only", column=stray.name)
    price = in_currency(row[c.PRICE], currency, c.PRICE.name)
    if price is None and row[c.QUANTITY] is None:
        raise CellError("change_empty", column=c.VALID_FROM.name)
    return ItemChange(code, row.need(c.VALID_FROM), price, row[c.QUANTITY])


def _order(head: Values, parts: _Parts, at: str) -> Order:
    minimums = (*_minimum(head, parts.currency), *parts.minimums)
    amounts = bool(minimums) or any(discount.amount is not None for discount in parts.discounts)
    return Order(
        number=at,
        customer=head.need(c.CUSTOMER),
        start=head.need(c.START),
        items=tuple(parts.items.values()),
        plan=parts.plan,
        choices=tuple(parts.choices.values()),
        own=_conditions(head),
        end=head[c.END],
        kind=head[c.KIND] or "",
        currency=parts.currency if head[c.CURRENCY] or amounts or not parts.plan else "",
        discounts=tuple(parts.discounts),
        billed_until=head[c.BILLED_UNTIL],
        split_periods=head[c.SPLIT] or False,
        group=head[c.GROUP] or "",
        reference=head[c.REFERENCE] or "",
        minimums=minimums,
        concluded=head[CONCLUDED],
        reminder_days=head[REMINDER],
        payers=head[c.PAYERS] or (),
        paperwork=_paperwork(head),
        bill_to_parent=head[c.BILL_TO_PARENT],
        raises=planned_raises(head, parts.currency),
        payout=head[c.PAYOUT] or False,
        coupons=head[c.COUPONS] or (),
    )


def _paperwork(head: Values) -> Paperwork | None:
    """What the contract says about its documents; None where it says nothing."""
    split, proforma, plan = head[c.SPLIT_BY], head[c.PROFORMA], head[c.INSTALMENTS]
    if not (split or proforma or plan):
        return None
    return Paperwork(date.min, split or SplitBy.NOTHING, proforma or False, plan)


def _conditions(head: Values) -> Conditions:
    return Conditions(
        head[c.CYCLE], head[c.BILLING_CYCLE], head[c.TIMING], head[c.BASIS], head[c.ANCHOR], head[c.TRIAL],
        head[c.PAYMENT_DAYS], head[INITIAL], head[RENEWAL], head[NOTICE], head[CUT], None, head[c.AFTER_TRIAL],
        head[c.SECOND_TRIAL],
    )  # fmt: skip


def _minimum(head: Values, currency: str) -> list[NewMinimum]:
    """The minimum fee of the whole contract."""
    least = in_currency(head[c.MINIMUM], currency, c.MINIMUM.name)
    return [] if least is None else [NewMinimum(_minor(least, currency, c.MINIMUM.name))]


def _period_errors(order: Order, places: Mapping[str, int], first: int) -> list[Placed]:
    errors = []
    if order.end is not None and order.end <= order.start:
        error = CellError("period_negative", column=c.END.name, start=order.start.isoformat())
        errors.append((first, error))
    for item in order.items:
        start, at = item.start or order.start, places[item.code]
        if item.start is not None and not order.start <= item.start < (order.end or FAR_FUTURE):
            error = CellError("item_outside", item.code, column=c.ITEM_START.name, contract=order.number)
            errors.append((at, error))
        if item.end is not None and item.end <= start:
            errors.append((at, CellError("period_negative", column=c.ITEM_END.name, start=start.isoformat())))
    if order.plan:  # whose items only the catalogue knows
        return errors
    strangers = sorted({discount.item or "" for discount in order.discounts} - {"", *places})
    return errors + [(first, CellError("unknown_item", item, column=c.ITEM.name)) for item in strangers]


def _change_errors(order: Order, changes: Sequence[tuple[int, ItemChange, str | None]]) -> list[Placed]:
    items = {item.code: item for item in order.items}
    errors: list[Placed] = []
    seen: dict[tuple[str, date], int] = {}
    for row, change, product in changes:
        first = seen.setdefault((change.item, change.valid_from), row)
        item = items.get(change.item)
        if item is None and order.plan:
            continue
        if item is None:
            errors.append((row, CellError("unknown_item", change.item, column=c.ITEM.name)))
            continue
        if first != row:
            errors.append((row, CellError("duplicate", change.item, column=c.VALID_FROM.name, row=str(first))))
        if product not in (None, item.product):
            errors.append((row, CellError("change_product", product, column=c.PRODUCT.name, product=item.product)))
        if change.valid_from <= (item.start or order.start):
            errors.append((row, CellError("change_early", change.valid_from, column=c.VALID_FROM.name)))
    return errors
