"""What a company offers: plans with variants, and the special conditions of customers and their groups (PI-11 to 16).

A plan is what is sold (one currency, net or gross); its variants differ in their conditions: fee and billing period,
term, trial, set-up fee. A variant has versions; a concluded contract keeps the one it was made from. What a contract
does not say itself comes, condition by condition, from the customer's own conditions, those of the customer's group,
and the variant; an order without a plan has the defaults of ``NewContract`` below that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.contracts import (
    MONTHLY,
    NOWHERE,
    MadeFrom,
    NewContract,
    NewDiscount,
    NewItem,
    NewMinimum,
    NewRaise,
    Origin,
    Timing,
)
from turnus.core.faults import Fault, fault
from turnus.core.paperwork import Paperwork
from turnus.core.periods import Basis, Cycle
from turnus.core.terms import CutOff, NewContractTerms
from turnus.core.trials import AfterTrial, SecondTrial, Tried, had_trial
from turnus.core.usage import PLAIN, Metering

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_TERM: Final = Cycle(0, 0)
"""Said outright: indefinite, no renewal, no notice period; as opposed to None, which leaves it to the next in line."""


class AnchorRule(StrEnum):
    """Where fee periods begin."""

    SIGN_UP = "sign_up"
    """On the first paid day and its like."""
    CALENDAR = "calendar"
    """With calendar months, quarters and years, weeks with Monday; the first period is a part of one."""


class Role(StrEnum):
    """What an item of a variant is for."""

    ITEM = "item"
    """Always part of it."""
    OPTION = "option"
    """Only where it is chosen (add-on)."""
    SETUP = "setup"
    """Charged once when a contract is concluded anew, never when it replaces another (up- and downgrade, renewal)."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of a contract, as far as somebody says something about them. None: the next in line decides."""

    fee: Cycle | None = None
    billing: Cycle | None = None
    timing: Timing | None = None
    basis: Basis | None = None
    anchor: AnchorRule | date | None = None
    trial_days: int | None = None
    payment_days: int | None = None
    initial: Cycle | None = None
    renewal: Cycle | None = None
    notice: Cycle | None = None
    cut_off: CutOff | None = None
    price_list: str | None = None
    after_trial: AfterTrial | None = None
    second_trial: SecondTrial | None = None


def settled(line: Sequence[Conditions]) -> Conditions:
    """Condition by condition what the first in line says that says anything."""
    names = [field.name for field in fields(Conditions)]
    return Conditions(**{name: next((v for c in line if (v := getattr(c, name)) is not None), None) for name in names})


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item of a variant. ``price`` in major units; None is the catalogue's price."""

    code: str
    product: str
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    model: Model | None = None
    role: Role = Role.ITEM
    scheme: str = ""
    """Code of a price scheme; its newest version when the contract is concluded."""
    fee: Cycle | None = None
    timing: Timing | None = None
    label: str = ""
    follows: bool = False
    """Contracts follow the catalogue's later prices."""
    metering: Metering = PLAIN


@dataclass(frozen=True, slots=True)
class VariantData:
    """A variant of a plan from ``valid_from`` on."""

    plan: str
    code: str
    valid_from: date
    plan_name: str
    currency: str
    items: tuple[OfferedItem, ...]
    conditions: Conditions = Conditions()
    gross: bool = False
    """Agreed prices of its items contain VAT."""
    name: str = ""
    name_en: str = ""
    plan_name_en: str = ""
    product: str = ""
    """The main product of the plan; empty: none."""
    discounts: tuple[NewDiscount, ...] = ()
    """Part of every new contract, for example an introductory price."""
    closed: bool = False
    """From this version on no new contracts."""


@dataclass(frozen=True, slots=True)
class Special:
    """What a customer or a group of customers has of its own from a day on."""

    conditions: Conditions = Conditions()
    discount: NewDiscount | None = None
    """Given with every contract that is concluded."""
    currency: str = ""
    """Of the discount's amount."""


NOTHING_SPECIAL: Final = Special()


@dataclass(frozen=True, slots=True)
class Choice:
    """What an order says of an item of its variant; None leaves it as it is offered. Options named are chosen."""

    item: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    label: str | None = None
    start: date | None = None
    end: date | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A contract as a person or a file asks for it. What it does not say comes from plan, customer and group."""

    number: str
    customer: str
    start: date
    items: tuple[NewItem, ...] = ()
    """Items of its own, beside those of the plan."""
    plan: str = ""
    """``PLAN/VARIANT``; empty: no plan."""
    choices: tuple[Choice, ...] = ()
    own: Conditions = Conditions()
    end: date | None = None
    kind: str = ""
    currency: str = ""
    """Empty: the plan's, else the seller's."""
    discounts: tuple[NewDiscount, ...] = ()
    billed_until: date | None = None
    split_periods: bool = False
    group: str = ""
    """Collective invoice, see ``NewContract``."""
    reference: str = ""
    minimums: tuple[NewMinimum, ...] = ()
    concluded: date | None = None
    """Day of conclusion; None: the first day."""
    reminder_days: int | None = None
    payers: tuple[tuple[str, int], ...] = ()
    paperwork: Paperwork | None = None
    payout: bool = False
    bill_to_parent: bool | None = None
    raises: tuple[NewRaise, ...] = ()
    """Planned raises (JB-18)."""
    coupons: tuple[str, ...] = ()
    """Codes that are redeemed when the contract is concluded."""
    replaces: bool = False
    """It replaces an earlier contract: no set-up fee."""


class Offer(NamedTuple):
    """What an order is resolved against: the variant that it names, and what customer and group have of their own."""

    currency: str
    """The seller's."""
    variant: VariantData | None = None
    customer: Special = NOTHING_SPECIAL
    group: Special = NOTHING_SPECIAL
    made_from: MadeFrom = NOWHERE
    tried: Sequence[Tried] = ()
    """Trials before: plan and group give none again where the rule for second trials says so."""


def contract_of(order: Order, offer: Offer) -> tuple[NewContract, list[Fault]]:
    """The contract that an order makes, and everything that is wrong with it as far as the offer shows."""
    variant = offer.variant
    line = [order.own, offer.customer.conditions, offer.group.conditions]
    has = settled([*line, variant.conditions] if variant else line)
    currency = order.currency or (variant.currency if variant else offer.currency)
    faults = list(_order_faults(order, variant, currency))
    items = _items(order, variant)
    discounts = [*order.discounts, *(variant.discounts if variant else ()), *_special_discounts(order, offer, currency)]
    codes = {item.code for item in items}
    rule, plan = has.second_trial or SecondTrial.PRODUCT, order.plan.partition("/")[0]
    again = order.replaces or had_trial(rule, offer.tried, {item.product for item in items}, plan)
    trial = (order.own.trial_days if again else has.trial_days) or 0
    lists = dict.fromkeys(c.price_list for c in line if c.price_list)
    made = NewContract(
        order.number, order.customer, order.start, items, end=order.end, kind=order.kind, currency=currency,
        fee=has.fee or MONTHLY, billing=has.billing, anchor=anchor_of(has, order.start + timedelta(days=trial)),
        timing=has.timing or Timing.ADVANCE, basis=has.basis or Basis.ACTUAL_PERIOD, trial_days=trial,
        after_trial=(has.after_trial if trial else None) or AfterTrial.CONVERTS, second_trial=rule,
        discounts=tuple(d for d in discounts if d.item is None or d.item in codes or d in order.discounts),
        payment_days=has.payment_days, billed_until=order.billed_until, split_periods=order.split_periods,
        group=order.group, reference=order.reference, minimums=order.minimums, terms=_terms(order, has),
        payers=order.payers, price_lists=tuple(lists), plan=order.plan, made_from=offer.made_from,
        paperwork=order.paperwork, payout=order.payout, bill_to_parent=order.bill_to_parent, raises=order.raises,
    )  # fmt: skip
    return made, faults


def anchor_of(has: Conditions, first: date) -> date | None:
    """The anchor of the contract: None is the first paid day (``first``)."""
    if has.anchor is None or has.anchor is AnchorRule.SIGN_UP:
        return None
    if has.anchor is AnchorRule.CALENDAR:
        fee = has.fee or MONTHLY
        return date(first.year, 1, 1) if fee.months else first - timedelta(days=first.weekday())
    return has.anchor


def _terms(order: Order, has: Conditions) -> NewContractTerms | None:
    said = (has.initial, has.renewal, has.notice, has.cut_off, order.concluded, order.reminder_days)
    if all(value is None for value in said):
        return None
    initial, renewal = (None if value == NO_TERM else value for value in (has.initial, has.renewal))
    notice, cut_off = has.notice or NO_TERM, has.cut_off or CutOff.DAY
    return NewContractTerms(initial, renewal, notice, cut_off, order.concluded, order.reminder_days)


def _items(order: Order, variant: VariantData | None) -> tuple[NewItem, ...]:
    """The items of the variant as chosen, then those of the order's own."""
    chosen = {choice.item: choice for choice in order.choices}
    found = []
    if variant is None:
        return order.items
    for item in variant.items:
        choice = chosen.get(item.code)
        if choice is None and (item.role is Role.OPTION or (item.role is Role.SETUP and order.replaces)):
            continue
        if choice is None or not choice.left_out:
            found.append(_item(item, choice or Choice(item.code), gross=variant.gross))
    return (*found, *order.items)


def _item(item: OfferedItem, choice: Choice, *, gross: bool) -> NewItem:
    price = item.price if choice.price is None else choice.price
    return NewItem(
        item.code, item.product, item.quantity if choice.quantity is None else choice.quantity, price,
        Model.ONE_OFF if item.role is Role.SETUP else item.model, choice.start, choice.end, item.fee,
        timing=item.timing, label=item.label if choice.label is None else choice.label,
        scheme=item.scheme if choice.price is None and item.scheme else None, follows=item.follows and price is None,
        gross=None if price is None else gross, metering=item.metering,
    )  # fmt: skip


def _special_discounts(order: Order, offer: Offer, currency: str) -> Iterator[NewDiscount]:
    """The discount of the customer's own conditions, else that of the group."""
    for special in (offer.customer, offer.group):
        found = special.discount
        if found is not None and (found.amount is None or special.currency == currency):
            yield NewDiscount(
                found.label, found.percent, found.amount, None, order.start if found.periods else None, None,
                found.periods, origin=Origin.GROUP,
            )  # fmt: skip
            return


def _order_faults(order: Order, variant: VariantData | None, currency: str) -> Iterator[Fault]:
    if variant is None:
        for choice in order.choices:
            yield fault("choice_without_plan", item=choice.item)
        return
    if variant.closed:
        yield fault("plan_closed", plan=order.plan, day=variant.valid_from)
    if currency != variant.currency:
        yield fault("plan_currency", plan=order.plan, plan_currency=variant.currency, currency=currency)
    offered = {item.code: item for item in variant.items}
    for choice in order.choices:
        if choice.item not in offered:
            yield fault("not_in_plan", item=choice.item, plan=order.plan, known=", ".join(offered))
        elif choice.left_out and offered[choice.item].role is Role.ITEM:
            yield fault("plan_item_needed", item=choice.item, plan=order.plan)
