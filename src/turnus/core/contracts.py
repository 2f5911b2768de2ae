"""Contracts: what a person enters (``NewContract`` …) and the dated facts that billing reads (``ContractFacts`` …).

Facts are never changed. A later row with a later day is a change; a row that supersedes another is a correction.
Loading hands over only the rows in force, ordered by their day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.periods import Basis, Cycle, Period
from turnus.core.trials import AfterTrial, SecondTrial
from turnus.core.usage import PLAIN, Metering

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from turnus.core.adjusting import RuleKind
    from turnus.core.aggregation import Detail
    from turnus.core.catalog import Model
    from turnus.core.paperwork import Paperwork
    from turnus.core.payers import Shares
    from turnus.core.schemes import Scheme
    from turnus.core.terms import NewContractTerms


class Timing(StrEnum):
    """When a fee falls due: at the start of its billing period or at its end."""

    ADVANCE = "advance"
    ARREARS = "arrears"


class Origin(StrEnum):
    """Where a discount comes from; bears on the order in which discounts are taken off (``core/discounts``)."""

    AGREED = ""
    """Agreed in the contract, or part of its plan."""
    GROUP = "group"
    """Of the customer's group."""
    COUPON = "coupon"


MONTHLY = Cycle(1, 0)


# ---- what a person enters -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item of a new contract. What is None comes from the contract or, for the price, from the catalogue."""

    code: str
    product: str
    quantity: Decimal
    price: Decimal | None = None
    """Agreed price of one unit, major units; None pins the catalogue price valid on the item's first day."""
    model: Model | None = None
    start: date | None = None
    end: date | None = None
    fee: Cycle | None = None
    billing: Cycle | None = None
    anchor: date | None = None
    timing: Timing | None = None
    basis: Basis | None = None
    label: str = ""
    """Free text printed in place of the product's name."""
    follows: bool = False
    """Follows the catalogue: every later price of the product holds from its day on (JB-42)."""
    gross: bool | None = None
    """The agreed price contains VAT; None: as the catalogue's price of the product."""
    scheme: Scheme | str | None = None
    """An agreed price scheme, or the code of one; None: the catalogue's, if any."""
    metering: Metering = PLAIN
    """How usage is measured; only for prices by usage."""
    cost_centre: str = ""
    """What the buyer books the item on."""
    order_reference: str = ""
    """The buyer's order of this item."""


@dataclass(frozen=True, slots=True)
class NewDiscount:
    """A discount in percent, or an amount in minor units per fee period; on one item or the whole contract."""

    label: str
    percent: Decimal | None = None
    amount: int | None = None
    item: str | None = None
    start: date | None = None
    end: date | None = None
    periods: int | None = None
    """In place of ``end``: so many fee periods; resolved to days when it is granted."""
    from_quantity: Decimal | None = None
    """Only from this quantity of the item on; of a scale (same label) the highest threshold reached counts alone."""
    origin: Origin = Origin.AGREED


@dataclass(frozen=True, slots=True)
class NewMinimum:
    """A minimum fee in minor units per ``fee`` period, for one item or (item None) the whole contract."""

    amount: int
    product: str | None = None
    """Names and taxes the line that lifts; None: the item's product, or that of the first item."""
    item: str | None = None
    start: date | None = None
    end: date | None = None
    fee: Cycle | None = None
    """None: the contract's fee cycle."""
    anchor: date | None = None
    """None: the contract's anchor."""
    label: str = ""


class NewRaise(NamedTuple):
    """A raise that is part of the agreement: percent or an amount (major units) on the price of one unit."""

    kind: RuleKind
    value: Decimal
    item: str = ""
    """Empty: every item."""
    first: date | None = None
    """None: so many months after the first paid day; agreed later: the next anniversary."""
    months: int = 12
    """0: once."""
    end: date | None = None


class MadeFrom(NamedTuple):
    """Ids of what a contract was resolved against: version of a plan's variant, conditions of customer and group."""

    variant: int = 0
    customer: int = 0
    group: int = 0


NOWHERE = MadeFrom()


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as a person or a file describes it. Periods are half-open: ``end`` is the first day not covered."""

    number: str
    customer: str
    start: date
    items: tuple[NewItem, ...]
    end: date | None = None
    kind: str = ""
    currency: str = "EUR"
    fee: Cycle = MONTHLY
    billing: Cycle | None = None
    """None: the fee cycle."""
    anchor: date | None = None
    """None: the first paid day."""
    timing: Timing = Timing.ADVANCE
    basis: Basis = Basis.ACTUAL_PERIOD
    trial_days: int = 0
    discounts: tuple[NewDiscount, ...] = ()
    payment_days: int | None = None
    billed_until: date | None = None
    """Migration: everything before this day was billed elsewhere and is never billed here."""
    split_periods: bool = False
    """One invoice per service period instead of one for all that is due."""
    group: str = ""
    """Contracts of one customer and currency with the same group share an invoice; empty: an invoice of its own."""
    reference: str = ""
    """The buyer's reference or order number, printed on invoices."""
    minimums: tuple[NewMinimum, ...] = ()
    terms: NewContractTerms | None = None
    """Term, renewal and notice; None: indefinite, and ends on any day without notice period."""
    payers: tuple[tuple[str, int], ...] = ()
    """(customer, weight): who shares the invoices from the start; empty: the customer pays alone."""
    price_lists: tuple[str, ...] = ()
    """Price lists whose prices come before those for everybody, in order of precedence."""
    plan: str = ""
    """``PLAN/VARIANT`` that it was made from; empty: none."""
    made_from: MadeFrom = NOWHERE
    paperwork: Paperwork | None = None
    """What is particular about its documents: pro forma, split, instalments."""
    payout: bool = False
    """What it charges is owed *to* the customer, who is our supplier: accounted for by self-billing."""
    bill_to_parent: bool | None = None
    """Documents go to the customer's parent; None: as the customer says."""
    raises: tuple[NewRaise, ...] = ()
    """Planned raises (JB-18)."""
    after_trial: AfterTrial = AfterTrial.CONVERTS
    second_trial: SecondTrial = SecondTrial.PRODUCT
    """Which earlier trial stands against this one."""


# ---- what billing reads ---------------------------------------------------------------------------------------------


class Grid(NamedTuple):
    """From ``since`` on: fee and billing periods on an anchor."""

    since: date
    fee: Cycle
    billing: Cycle
    anchor: date
    timing: Timing


class Terms(NamedTuple):
    """From ``since`` on: product, price and quantity. ``model`` None: nothing is owed from here on."""

    since: date
    product: int
    model: Model | None
    unit_price: Decimal
    quantity: Decimal
    gross: bool
    label: str
    scheme: Scheme | None = None
    """How quantity becomes money where it is more than quantity × unit price."""


class Raise(NamedTuple):
    """A planned raise: from ``first`` on every ``months`` (0: once), before ``end``, on the price of one unit."""

    kind: RuleKind
    """Percent or amount."""
    value: Decimal
    """Percent, or major units; negative lowers."""
    first: date
    months: int
    end: date


class Discount(NamedTuple):
    """A discount in force on ``[start, end)``; ``item`` 0 means the whole contract."""

    id: int
    item: int
    percent: Decimal | None
    amount: int | None
    start: date
    end: date
    label: str
    fee: Cycle | None = None
    """Only for an amount off the whole contract: the period it is granted for, on ``anchor``."""
    anchor: date | None = None
    from_quantity: Decimal | None = None
    origin: Origin = Origin.AGREED


class Minimum(NamedTuple):
    """At least ``amount`` (minor units) per window of ``fee`` on ``anchor``, while it holds on ``[start, end)``."""

    id: int
    item: int
    """0: all items of the contract together."""
    amount: int
    product: int
    """Names and taxes the line that lifts."""
    gross: bool
    start: date
    end: date
    fee: Cycle
    anchor: date
    label: str = ""


class DecisionKind(StrEnum):
    """What a person may decide about an item's days (billing-core S, Decision)."""

    CONCESSION = "concession"
    AGREED = "agreed"
    HOLD = "hold"


class Decision(NamedTuple):
    """A person's act on the should-be side: ``amount`` in minor units; ``day`` is when it was decided."""

    id: int
    item: int
    kind: DecisionKind
    days: Period
    amount: int
    day: date
    until: date | None = None
    """Only for a hold: it ends on this day; None is open."""
    corrects: tuple[int, int] | None = None
    """Only for a concession: (invoice, position) that it credits."""
    label: str = ""
    account: int = 0
    """Only for a concession: the one who gets it, where several share the item; 0: all who pay."""


class UsageTotal(NamedTuple):
    """Usage of one item on one local day: quantity and (rated) amount as integers at the item's scale."""

    day: date
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage of one item: totals of the open days, and what lies before them."""

    scale: int
    """Decimals of the integers below (0 to 15)."""
    totals: Sequence[UsageTotal]
    before: int = 0
    """Rated amounts on all earlier days since the item's start."""
    per: int = 1
    """What the integers are divided by besides: 3600 where seconds are counted and hours are priced."""
    detail: Detail | None = None
    """Daily rows where totals do not say it all: other aggregations than sums, and what is shown on the invoice."""


class Item(NamedTuple):
    """An item with its facts in force."""

    id: int
    code: str
    start: date
    end: date
    grids: Sequence[Grid]
    terms: Sequence[Terms]
    basis: Basis
    raises: Sequence[Raise] = ()


class ContractFacts(NamedTuple):
    """All that billing knows of a contract."""

    id: int
    number: str
    start: date
    """First paid day: after the trial."""
    end: date
    currency: str
    items: Sequence[Item]
    accounts: Sequence[tuple[date, int]]
    """(from, billing account): who gets the document."""
    sealed_through: date
    """Slots that ended by this day are compared on neither side."""
    floor: date
    """Days before it were billed elsewhere (migration)."""
    discounts: Sequence[Discount] = ()
    decisions: Sequence[Decision] = ()
    usage: Mapping[int, Usage] | None = None
    carry_small_usage: bool = True
    zero_charges: bool = False
    minimums: Sequence[Minimum] = ()
    shares: Sequence[Shares] = ()
    """Who pays where some of it is shared; then all payers stand here, those of ``accounts`` too."""
    pauses: Sequence[Period] = ()
    """Days that owe nothing."""
