"""Contracts in a few words, and a book of issued documents that keeps them as the app does: rows, seal, sequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from turnus.core.billing import Billing, bill
from turnus.core.catalog import Model
from turnus.core.charges import Charge, Entry, Identity, Standing, standing
from turnus.core.contracts import (
    ContractFacts,
    Decision,
    DecisionKind,
    Discount,
    Grid,
    Item,
    Terms,
    Timing,
    Usage,
    UsageTotal,
)
from turnus.core.derived import usage_since
from turnus.core.document import Kind
from turnus.core.invoicing import Composed, Line, compose, group_of, lines_of
from turnus.core.owed import TaxAt
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period
from turnus.core.tax import Tax

WEEK: Final = Cycle(0, 7)
MONTH: Final = Cycle(1, 0)
QUARTER: Final = Cycle(3, 0)
HALF_YEAR: Final = Cycle(6, 0)
YEAR: Final = Cycle(12, 0)
NEW_YEAR: Final = date(2025, 1, 1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def as_day(value: str | date) -> date:
    return on(value) if isinstance(value, str) else value


def days(text: str) -> Period:
    """``2025-01-01/2025-02-01``: half-open."""
    start, end = text.split("/")
    return Period(on(start), on(end))


def terms(
    since: str, price: str, quantity: str = "1", *, product: int = 1, model: Model | None = Model.RECURRING_UNIT,
    gross: bool = False, label: str = "",
) -> Terms:  # fmt: skip
    return Terms(on(since), product, model, Decimal(price), Decimal(quantity), gross, label)


def gone(since: str, *, product: int = 1) -> Terms:
    """From this day on nothing is owed."""
    return terms(since, "0", product=product, model=None)


def grid(
    since: str = "2025-01-01", *, fee: Cycle = MONTH, billing: Cycle | None = None, anchor: str = "",
    timing: Timing = Timing.ADVANCE,
) -> Grid:  # fmt: skip
    return Grid(on(since), fee, billing or fee, on(anchor or since), timing)


def item(  # noqa: PLR0913
    price: str = "30.00", quantity: str = "1", *, number: int = 1, start: str = "2025-01-01", end: str = "",
    product: int = 1, model: Model = Model.RECURRING_UNIT, gross: bool = False, fee: Cycle = MONTH,
    billing: Cycle | None = None, anchor: str = "", timing: Timing = Timing.ADVANCE,
    basis: Basis = Basis.ACTUAL_PERIOD, later: Sequence[Terms] = (), grids: Sequence[Grid] = (),
) -> Item:  # fmt: skip
    first = terms(start, price, quantity, product=product, model=model, gross=gross)
    opening = grid(start, fee=fee, billing=billing, anchor=anchor or start, timing=timing)
    return Item(
        number, f"item-{number}", on(start), on(end) if end else FAR_FUTURE, [opening, *grids], [first, *later], basis
    )


def contract(  # noqa: PLR0913
    *items: Item, start: str = "2025-01-01", end: str = "", floor: date = date.min, currency: str = "EUR",
    payers: Sequence[tuple[str, int]] = (), discounts: Sequence[Discount] = (), decisions: Sequence[Decision] = (),
    usage: Mapping[int, Usage] | None = None, zero_charges: bool = False,
) -> ContractFacts:  # fmt: skip
    return ContractFacts(
        id=1,
        number="V-1",
        start=on(start),
        end=on(end) if end else FAR_FUTURE,
        currency=currency,
        items=items,
        accounts=[(date.min, 1), *((on(since), account) for since, account in payers)],
        sealed_through=floor,
        floor=floor,
        discounts=discounts,
        decisions=decisions,
        usage=usage,
        zero_charges=zero_charges,
    )


def percent(
    value: str, *, number: int = 1, of: int = 0, start: str = "2025-01-01", end: str = "", label: str = "Rabatt"
) -> Discount:
    return Discount(number, of, Decimal(value), None, on(start), on(end) if end else FAR_FUTURE, label)


def off(
    amount: int, *, number: int = 1, of: int = 0, start: str = "2025-01-01", end: str = "", fee: Cycle = MONTH,
    anchor: str = "2025-01-01",
) -> Discount:  # fmt: skip
    """An amount off one item, or off the whole contract per ``fee``."""
    until = on(end) if end else FAR_FUTURE
    if of:
        return Discount(number, of, None, amount, on(start), until, "Rabatt")
    return Discount(number, 0, None, amount, on(start), until, "Rabatt", fee, on(anchor))


def concession(
    amount: int, period: str, *, number: int = 1, of: int = 1, day: str = "2025-01-01",
    corrects: tuple[int, int] | None = None,
) -> Decision:  # fmt: skip
    return Decision(number, of, DecisionKind.CONCESSION, days(period), amount, on(day), corrects=corrects)


def agreed(amount: int, period: str, *, number: int = 1, of: int = 1, day: str = "2025-01-01") -> Decision:
    return Decision(number, of, DecisionKind.AGREED, days(period), amount, on(day))


def hold(period: str, *, number: int = 1, of: int = 1, day: str = "2025-01-01", until: str = "") -> Decision:
    return Decision(number, of, DecisionKind.HOLD, days(period), 0, on(day), on(until) if until else None)


def used(*totals: tuple[str, int], scale: int = 0, before: int = 0) -> Usage:
    """Quantities per day."""
    return Usage(scale, [UsageTotal(on(day), quantity, 0) for day, quantity in totals], before)


def rated(*totals: tuple[str, int], scale: int, before: int = 0) -> Usage:
    """Amounts per day as integers with ``scale`` decimals."""
    return Usage(scale, [UsageTotal(on(day), 0, amount) for day, amount in totals], before)


def vat19(_account: int, _product: int, _last_day: date) -> Tax:
    return Tax("S", 1900)


def vat_of_2020(_account: int, product: int, last_day: date) -> Tax:
    """19 and 7 %; 16 and 5 % from July to December 2020 (§ 28 Abs. 1–2 UStG). Product 2 is reduced."""
    lowered = date(2020, 7, 1) <= last_day < date(2021, 1, 1)
    return Tax("S", (500 if lowered else 700) if product == 2 else (1600 if lowered else 1900))


class Document(NamedTuple):
    """An issued document of one account."""

    number: int
    account: int
    issued_on: date
    composed: Composed

    @property
    def totals(self) -> tuple[int, int, int]:
        """Net, VAT and gross."""
        return self.composed.net, self.composed.tax, self.composed.gross

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Inclusive days of service and value of each line, in order."""
        return [
            (f"{p.line.charge.service.start:%d.%m.%Y}–{p.line.charge.service.last_day:%d.%m.%Y}", p.line.value)
            for p in self.composed.lines
        ]


class Book:
    """What was issued for some contracts. Seals, reads entries and numbers lines exactly as the apps do."""

    def __init__(self, *contracts: ContractFacts, tax: TaxAt = vat19) -> None:
        self.tax = tax
        self.contracts = {facts.id: facts for facts in contracts}
        self.seals = {facts.id: facts.floor for facts in contracts}
        self.lines: dict[int, list[Entry]] = {facts.id: [] for facts in contracts}
        self.documents: list[Document] = []

    @property
    def facts(self) -> ContractFacts:
        """Of the only contract."""
        [facts] = self.contracts.values()
        return facts

    @property
    def entries(self) -> list[Entry]:
        """Of the only contract."""
        return self.lines[self.facts.id]

    @property
    def sealed(self) -> date:
        """Of the only contract."""
        return self.seals[self.facts.id]

    @sealed.setter
    def sealed(self, day: date) -> None:
        self.seals[self.facts.id] = day

    @property
    def standing(self) -> list[Standing]:
        """Of the only contract."""
        return standing(self.entries)

    @property
    def total(self) -> int:
        """Minor units of all that was ever issued."""
        return sum(entry.value for entries in self.lines.values() for entry in entries)

    def copy(self) -> Book:
        """A book that may go on without this one."""
        other = Book(tax=self.tax)
        other.contracts, other.seals, other.documents = dict(self.contracts), dict(self.seals), list(self.documents)
        other.lines = {contract: list(entries) for contract, entries in self.lines.items()}
        return other

    def open_entries(self, contract: int = 1) -> list[Entry]:
        return [entry for entry in self.lines[contract] if entry.charge.identity.slot.end > self.seals[contract]]

    def read(self, contract: int) -> ContractFacts:
        """The facts as a run loads them: usage in daily totals where slots are open, before them as one sum."""
        facts = self.contracts[contract]._replace(sealed_through=self.seals[contract])
        if not facts.usage:
            return facts
        since = usage_since(facts)
        return facts._replace(usage={item: _read_usage(usage, since) for item, usage in facts.usage.items()})

    def preview(self, through: str | date, day: str | date = "", contract: int = 1) -> Billing:
        """The difference; nothing is issued."""
        until, today = as_day(through), as_day(day or through)
        return bill(self.read(contract), self.open_entries(contract), self.tax, through=until, on=today)

    def run(self, through: str | date, day: str | date = "", scope: Sequence[int] = ()) -> list[Document]:
        """Bill, issue, and advance the seals: the whole of an invoice run."""
        return self.enter(self.draft(through, day, scope), day or through)

    def draft(self, through: str | date, day: str | date = "", scope: Sequence[int] = ()) -> dict[int, Billing]:
        return {contract: self.preview(through, day, contract) for contract in scope or self.contracts}

    def enter(self, drafts: Mapping[int, Billing], day: str | date, changed: Sequence[int] = ()) -> list[Document]:
        """Issue drafts. The seal of a contract that changed since it was drafted stays where the fact moved it."""
        groups: dict[tuple[int, str], list[Line]] = {}
        for contract, billing in drafts.items():
            for line in lines_of(contract, billing):
                identity = line.charge.identity
                groups.setdefault((identity.account, group_of(identity)), []).append(line)
        issued = [self.issue(account, lines, as_day(day)) for (account, _), lines in groups.items()]
        for contract, billing in drafts.items():
            if contract not in changed:
                self.seals[contract] = max(self.contracts[contract].floor, billing.seal)
        return issued

    def issue(self, account: int, lines: Sequence[Line], today: date, kind: Kind | None = None) -> Document:
        """Compose the lines and enter them as issued."""
        number = len(self.documents) + 1
        composed = compose(lines, kind)
        document = Document(number, account, today, composed)
        self.documents.append(document)
        for line, position, _printed, _net in composed.lines:
            contract, charge, sign, value, corrects, sequence = line
            self.lines[contract].append(Entry(charge, number, position, sign, value, corrects, sequence, today))
        return document

    def amend(self, facts: ContractFacts, effective: str | date) -> None:
        """Other facts, which take effect on a day."""
        self.contracts[facts.id] = facts
        self.touch(as_day(effective), facts.id)

    def touch(self, effective: date, contract: int = 1) -> None:
        """The seal moves back to the day from which a fact takes effect, never below the floor."""
        self.seals[contract] = min(self.seals[contract], max(effective, self.contracts[contract].floor))


def _read_usage(usage: Usage, since: date) -> Usage:
    before = usage.before + sum(total.amount for total in usage.totals if total.day < since)
    return Usage(usage.scale, [total for total in usage.totals if total.day >= since], before)


def net_rows(difference: Billing) -> list[tuple[str, int]]:
    """Days and value of the charges and reversals of a difference, reversals first."""
    parts = [(reversal.days, reversal.value) for reversal in difference.difference.reversals]
    parts += [(charge.days, charge.value) for charge in difference.difference.charges]
    return [(f"{period.start}/{period.end}", value) for period, value in parts]


def loose_charge(  # a line without a contract, for documents alone
    value: int, *, rate: int = 1900, category: str = "S", gross: bool = False, number: int = 1,
    period: str = "2025-01-01/2025-02-01",
) -> Charge:  # fmt: skip
    slot = days(period)
    identity = Identity(number, "fee", 1, slot, Basis.ACTUAL_PERIOD, value, gross, 1, category, rate)
    return Charge(identity, slot, slot.start, slot, Decimal(value).scaleb(-2), Decimal(1))


def loose_line(
    value: int, *, rate: int = 1900, category: str = "S", gross: bool = False, number: int = 1, sign: int = 1
) -> Line:
    charge = loose_charge(value, rate=rate, category=category, gross=gross, number=number)
    return Line(1, charge, sign, sign * value, None, 0)
