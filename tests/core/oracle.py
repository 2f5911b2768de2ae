"""What must hold for a book at any time, computed from scratch and day by day: slow, and not as the core does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.core.builders import Book
from tests.core.cancelling import share_of
from turnus.core.charges import Charge, Entry, Identity, value_on
from turnus.core.contracts import ContractFacts, DecisionKind
from turnus.core.owed import owed
from turnus.core.periods import Basis, Period, prorate

EPOCH = date(2000, 1, 1)
Days = int
"""A set of days: bit n is the n-th day of ``EPOCH``. Sets of days are compared, cut and joined as integers."""


def days_of(period: Period) -> Days:
    start, end = max(0, (period.start - EPOCH).days), max(0, (period.end - EPOCH).days)
    return (1 << end) - (1 << start)


def each_day(period: Period) -> Iterable[date]:
    return (period.start + timedelta(days=n) for n in range(period.days))


def runs(days: Days) -> list[Period]:
    """A set of days as adjoining periods."""
    found = []
    day = 0
    while days >> day:
        while not days >> day & 1:
            day += 1
        start = day
        while days >> day & 1:
            day += 1
        found.append(Period(EPOCH + timedelta(days=start), EPOCH + timedelta(days=day)))
    return found


class Billed(NamedTuple):
    """Spread charges by day, whole ones by number and days; both per identity."""

    spread: dict[Identity, Days]
    whole: Counter[tuple[Identity, Period]]


def is_spread(identity: Identity) -> bool:
    return identity.part.startswith("fee") and identity.basis is not Basis.NONE


def is_goodwill(entry: Entry) -> bool:
    return entry.charge.identity.part.startswith("concession:")


def added(there: Days, days: Days) -> Days:
    """Days joined; none may be there already."""
    assert not there & days, f"twice: {runs(there & days)}"
    return there | days


def left_of(entries: Iterable[Entry]) -> list[tuple[Entry, Days]]:
    """Each charge of days with those that no reversal has taken; none is taken twice, and none that was not charged."""
    rows = list(entries)
    left = {(e.invoice, e.position): days_of(days_served(e.charge)) for e in rows if e.sign > 0}
    for entry in rows:
        if entry.sign < 0:
            assert entry.corrects is not None
            days = days_of(days_served(entry.charge))
            assert left[entry.corrects] & days == days, f"taken twice: {runs(days & ~left[entry.corrects])}"
            left[entry.corrects] &= ~days
    return [(entry, left[entry.invoice, entry.position]) for entry in rows if entry.sign > 0]


def days_served(charge: Charge) -> Period:
    return charge.days if is_spread(charge.identity) else charge.service


def of_charges(charges: Iterable[Charge]) -> Billed:
    """What is owed of each identity."""
    found = Billed({}, Counter())
    for charge in charges:
        if is_spread(charge.identity):
            found.spread[charge.identity] = added(found.spread.get(charge.identity, 0), days_of(charge.days))
        else:
            found.whole[charge.identity, charge.days] += 1
    return found


def of_entries(entries: Iterable[Entry]) -> Billed:
    """What stands of each identity."""
    found = Billed({}, Counter())
    for entry, days in left_of(entries):
        identity = entry.charge.identity
        if is_spread(identity):
            found.spread[identity] = added(found.spread.get(identity, 0), days)
        else:
            found.whole[identity, entry.charge.days] += 1 if days else 0
    return found


def holds_of(facts: ContractFacts, through: date) -> dict[int, list[Period]]:
    holds: dict[int, list[Period]] = {}
    for decision in facts.decisions:
        if decision.kind is DecisionKind.HOLD and (decision.until is None or decision.until > through):
            holds.setdefault(decision.item, []).append(decision.days)
    return holds


def free(billed: Billed, holds: dict[int, list[Period]]) -> Billed:
    """Without what is held: single days of spread charges, whole ones that any held day touches."""
    spread = {}
    for identity, days in billed.spread.items():
        left = days
        for hold in holds.get(identity.item, ()):
            left &= ~days_of(hold)
        if left:
            spread[identity] = left
    whole = Counter(
        {
            (identity, period): n
            for (identity, period), n in billed.whole.items()
            if n and not any(period.cut(hold) for hold in holds.get(identity.item, ()))
        }
    )
    return Billed(spread, whole)


def horizons_of(entries: Iterable[Entry], through: date) -> dict[int, date]:
    """Item → the latest due day of its entries, at least the run's."""
    found: dict[int, date] = {}
    for entry in entries:
        item = entry.charge.identity.item
        found[item] = max(found.get(item, through), entry.charge.due_on)
    return found


def check_standing_is_owed(before: Book, book: Book, contract: int, through: date) -> None:
    """Per identity and day, without any seal. What is worth nothing need not have been billed.

    ``before`` is the book before the run. What fell due between the horizon of its open entries and that of all may
    have been billed by a later run, or not.
    """
    facts, entries = book.contracts[contract], book.lines[contract]
    unsealed = facts._replace(sealed_through=facts.floor)
    least, most = horizons_of(before.open_entries(contract), through), horizons_of(entries, through)
    holds = holds_of(facts, through)
    stands = free(of_entries(entries), holds)
    wanted = owed(unsealed, book.tax, through=through, horizons=least)
    check_all_is_billed(free(of_charges(wanted.charges), holds), stands)
    if any(most[item] > least.get(item, through) for item in most):
        return
    check_all_is_billed(stands, free(of_charges(wanted.charges), holds))


def check_all_is_billed(owed_: Billed, billed: Billed) -> None:
    """Nothing of the first is missing in the second."""
    missing = [pair for pair in (owed_.whole - billed.whole) if not pair[0].share or value_on(*pair)]
    assert not missing, missing
    for identity, days in owed_.spread.items():
        for part in runs(days & ~billed.spread.get(identity, 0)):
            worth = prorate(identity.amount, identity.slot, part, identity.basis)
            if identity.share:
                worth = value_on(identity, part)
            assert worth == 0, f"missing: {identity} {part}"


def check_no_day_twice(entries: Iterable[Entry]) -> None:
    """No day of an item's fee is billed twice: the shares of those who pay it add up to the whole at most."""
    billed: dict[int, dict[Fraction, Days]] = {}
    for entry, days in left_of(entries):
        identity = entry.charge.identity
        if identity.part.startswith("fee"):
            levels = billed.setdefault(identity.item, {})
            left, own = days, share_of(entry)
            for level, there in sorted(levels.items(), reverse=True):
                both = there & left
                assert not both or level + own <= 1, f"twice: {runs(both)}"
                levels[level] = there & ~both
                levels[level + own] = levels.get(level + own, 0) | both
                left &= ~both
            levels[own] = levels.get(own, 0) | left


def check_lines_stay_within_themselves(entries: Iterable[Entry]) -> None:
    """Per line: 0 ≤ value + everything that corrects it ≤ value; with a negative value the other way round."""
    rows = list(entries)
    left = {(entry.invoice, entry.position): entry.value for entry in rows if entry.sign > 0}
    places = {(entry.invoice, entry.position): entry for entry in rows}
    conceded: dict[tuple[int, int], tuple[int, int]] = {}
    for entry in rows:
        if entry.sign > 0 and is_goodwill(entry):
            named = entry.corrects
            while named and (places[named].sign < 0 or is_goodwill(places[named])):
                named = places[named].corrects  # restored: back over the reversal to what was named at first
            if named:
                conceded[entry.invoice, entry.position] = named
                left[named] += entry.value
    for entry in rows:
        if entry.sign < 0:
            assert entry.corrects is not None
            left[entry.corrects] += entry.value
            if entry.corrects in conceded:
                left[conceded[entry.corrects]] += entry.value
    for entry in rows:
        if entry.sign > 0:
            rest = left[entry.invoice, entry.position]
            assert min(0, entry.value) <= rest <= max(0, entry.value), f"{rest} is left of {entry}"


def check_guard(contract: int, entries: Iterable[Entry]) -> None:
    """Unique (contract, slot end, item, part, days start, sign, sequence)."""
    keys = Counter(
        (contract, e.charge.identity.slot.end, e.charge.identity.item, e.charge.identity.part, e.charge.days.start,
         e.sign, e.sequence)
        for e in entries
    )  # fmt: skip
    assert set(keys.values()) <= {1}, [key for key, n in keys.items() if n > 1]


def check_documents(book: Book) -> None:
    """Lines, VAT groups and totals of every document add up."""
    for document in book.documents:
        composed = document.composed
        assert sum(placed.net for placed in composed.lines) == composed.net == sum(row.base for row in composed.taxes)
        assert sum(row.tax for row in composed.taxes) == composed.tax
        assert composed.net + composed.tax == composed.gross
        assert [placed.position for placed in composed.lines] == list(range(1, len(composed.lines) + 1))


def check_settled(book: Book, contract: int, through: date) -> None:
    """All money billed is all money owed, computed from scratch without seal, horizon or history."""
    facts = book.contracts[contract]
    scratch = owed(facts._replace(sealed_through=facts.floor), book.tax, through=through)
    due: Counter[tuple[int, str, int, bool]] = Counter()
    for charge in scratch.charges:
        due[_group(charge.identity)] += charge.value
    billed: Counter[tuple[int, str, int, bool]] = Counter()
    for entry in book.lines[contract]:
        billed[_group(entry.charge.identity)] += entry.value
    groups = due.keys() | billed.keys()
    wrong = {group: (due[group], billed[group]) for group in groups if due[group] != billed[group]}
    assert wrong == {}, f"contract {contract}, (owed, billed): {wrong}"


def _group(identity: Identity) -> tuple[int, str, int, bool]:
    return identity.account, identity.category, identity.rate, identity.gross
