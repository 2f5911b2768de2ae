"""One contract, one decision: what to append so that the records equal what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.charges import Difference, Entry, Reversal, Standing, is_concession, outstanding, overlapping, standing
from turnus.core.contracts import DecisionKind
from turnus.core.owed import TaxAt, owed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.contracts import ContractFacts
    from turnus.core.periods import Period

MAX_LINES_PER_ITEM_AND_DAY: Final = 15
"""More charge lines of one item created on one day stop for a person (safety bound)."""


class Billing(NamedTuple):
    """The difference of one contract, and what its row learns once the difference is issued."""

    difference: Difference
    next_due: date
    seal: date
    guard: str
    """Code of the safety bound that stops the draft for release by a person; empty: none."""
    sequences: dict[tuple[int, str, date, date], int]
    """How often an (item, part, slot end, first day) was billed before."""


def bill(facts: ContractFacts, entries: Sequence[Entry], tax: TaxAt, *, through: date, on: date) -> Billing:
    """Charges and reversals that a contract is still owed by ``through``; ``on`` is the day of the run.

    ``entries`` are the issued lines of slots that end after the seal. Raises ``TaxHoldError``.
    """
    horizons: dict[int, date] = {}
    for entry in entries:  # also what no longer stands: a horizon that fell back would make a second run credit
        item, due_on = entry.charge.identity.item, entry.charge.due_on
        if due_on > horizons.get(item, through):
            horizons[item] = due_on
    should = owed(facts, tax, through=through, horizons=horizons)
    stands = standing(entries)
    holds, next_due, seal = _holds(facts, through, should.next_due, should.seal)
    difference = outstanding(should.charges, stands, holds)
    if not facts.zero_charges:
        difference = Difference([charge for charge in difference.charges if charge.value], difference.reversals)
    conceded = _conceded(entries)
    if conceded or any(charge.corrects for charge in difference.charges):
        difference = _within_what_is_left(difference, entries, stands, conceded)
    seal = max(seal, facts.sealed_through)  # only facts move it back
    guard = _guard(entries, stands, difference, on)
    return Billing(difference, next_due, seal, guard, _sequences(entries, difference))


def _sequences(entries: Sequence[Entry], difference: Difference) -> dict[tuple[int, str, date, date], int]:
    """How often each piece was billed, of the slots that the difference touches."""
    ends = {charge.identity.slot.end for charge in difference.charges}
    ends.update(reversal.entry.charge.identity.slot.end for reversal in difference.reversals)
    found: dict[tuple[int, str, date, date], int] = {}
    for entry in entries:
        identity = entry.charge.identity
        if identity.slot.end in ends:
            key = (identity.item, identity.part, identity.slot.end, entry.charge.days.start)
            found[key] = max(found.get(key, 0), entry.sequence + 1)
    return found


def _conceded(entries: Sequence[Entry]) -> dict[tuple[int, int], tuple[int, int]]:
    """Concession → the line that it credits. One that a cancellation restored credits what it credited before."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for entry in entries:
        if entry.corrects is None or not is_concession(entry.charge):
            continue
        if entry.sign < 0:
            taken[entry.invoice, entry.position] = entry.corrects
        elif entry.corrects not in taken:
            found[entry.invoice, entry.position] = entry.corrects
        elif taken[entry.corrects] in found:
            found[entry.invoice, entry.position] = found[taken[entry.corrects]]
    return found


def _within_what_is_left(
    difference: Difference,
    entries: Sequence[Entry],
    stands: Sequence[Standing],
    conceded: Mapping[tuple[int, int], tuple[int, int]],
) -> Difference:
    """A concession names the line that it credits only while that line bears it: none is credited below zero (the cap).

    A concession whose line is taken back moves: it is reversed with the line, and stands anew without naming one.
    """
    left = {(entry.invoice, entry.position): 0 for entry in entries if entry.sign > 0}  # others are sealed

    def book(place: tuple[int, int], value: int) -> None:
        place = conceded.get(place, place)
        if place in left:
            left[place] += value

    for entry in entries:
        book((entry.invoice, entry.position) if entry.sign > 0 or not entry.corrects else entry.corrects, entry.value)
    for reversal in difference.reversals:
        book((reversal.entry.invoice, reversal.entry.position), reversal.value)
    charges, reversals = [], list(difference.reversals)
    gone = {(reversal.entry.invoice, reversal.entry.position) for reversal in reversals}
    for entry, days in stands:
        place = (entry.invoice, entry.position)
        if place in conceded and place not in gone and left.get(conceded[place], 0) < 0:
            book(place, -entry.value)
            reversals.append(Reversal(entry, days))
            charges.append(entry.charge._replace(corrects=None))
    for charge in difference.charges:
        named = charge.corrects
        if named in left and left[named] + charge.value < 0:
            named = None
        elif named in left:
            left[named] += charge.value
        charges.append(charge._replace(corrects=named))
    return Difference(charges, reversals)


def _holds(
    facts: ContractFacts, through: date, next_due: date, seal: date
) -> tuple[dict[int, list[Period]], date, date]:
    """Holds in force; an open hold keeps the seal before its days, and its end makes the contract due."""
    holds: dict[int, list[Period]] = {}
    for decision in facts.decisions:
        if decision.kind is DecisionKind.HOLD and (decision.until is None or decision.until > through):
            holds.setdefault(decision.item, []).append(decision.days)
            seal = min(seal, decision.days.start)
            if decision.until is not None:
                next_due = min(next_due, decision.until)
    return holds, next_due, seal


def _guard(entries: Sequence[Entry], stands: Sequence[Standing], difference: Difference, on: date) -> str:
    if len(difference.charges) < 2 and not stands:  # nothing to overlap with
        return ""
    if overlapping(stands, difference) is not None:
        return "overlap"
    if len(difference.charges) + len(entries) <= MAX_LINES_PER_ITEM_AND_DAY:
        return ""
    lines: dict[int, int] = {}
    for charge in difference.charges:
        lines[charge.identity.item] = lines.get(charge.identity.item, 0) + 1
    for entry in entries:
        if entry.sign > 0 and entry.issued_on == on:
            lines[entry.charge.identity.item] = lines.get(entry.charge.identity.item, 0) + 1
    return "many_lines" if max(lines.values(), default=0) > MAX_LINES_PER_ITEM_AND_DAY else ""
