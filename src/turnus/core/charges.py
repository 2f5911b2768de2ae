"""Should-be minus is: what a contract owes (charges), what stands (entries), and the difference.

This is the specification ``billing-core.md`` in code. A charge is what should be billed for one slot of one item; an
entry is an issued invoice line: a charge, or the reversal of one. Nothing is ever topped up: what is wrong is reversed
on the wrong days at its recorded amount and tax, and charged anew.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.payers import fraction, share_of
from turnus.core.periods import FAR_FUTURE, NONE, Basis, Period, share_through, subtract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from turnus.core.rating import Step

ONCE: Final = Period(date(1, 1, 1), FAR_FUTURE)
"""The slot of a one-off: it never ends, so it is never sealed, and it does not know its date."""


class Identity(NamedTuple):
    """What makes two charges the same. Everything else about them is presentation."""

    item: int
    part: str
    """``fee``, ``usage``, ``once:1``, ``agreed:7``, ``concession:3``, ``discount:5``, ``minimum:2``.

    ``fee:7`` is what product 7 of a set has of a fee; so with ``usage:7`` and ``once:1:7``. ``fee/3`` is what account 3
    pays of a fee that several share.
    """
    product: int
    slot: Period
    basis: Basis
    amount: int
    """For the whole slot and all who share it, minor units; negative for derived reductions."""
    gross: bool
    """The amount contains VAT."""
    account: int
    category: str
    rate: int
    share: str = ""
    """Which part of the amount the account pays (``payers``); empty: all of it."""


class Charge(NamedTuple):
    """A should-be: identity, days, and when it falls due; the rest explains it on paper."""

    identity: Identity
    days: Period
    due_on: date
    service: Period
    unit_price: Decimal
    quantity: Decimal
    allowance: int = 0
    """Discount inside the amount of the whole slot, minor units."""
    allowance_reason: str = ""
    label: str = ""
    corrects: tuple[int, int] | None = None
    """(invoice, position) that a concession credits."""
    steps: str | tuple[Step, ...] = ""
    """How the amount came about, where a scheme rated it; as stored text once it is read back (``rating.text_of``)."""

    @property
    def value(self) -> int:
        """Minor units of these days, in the price mode of the identity."""
        return value_on(self.identity, self.days)


class Entry(NamedTuple):
    """An issued line: charge (sign 1) or reversal (sign −1) with the charge's fields as recorded."""

    charge: Charge
    invoice: int
    position: int
    sign: int
    value: int
    """Minor units with sign, in the price mode of the identity."""
    corrects: tuple[int, int] | None
    """(invoice, position) that a reversal takes back, or that a concession credits."""
    sequence: int = 0
    """How often this item, part and slot was billed before (billing-core, Guard)."""
    issued_on: date | None = None


class Standing(NamedTuple):
    """A charge entry and those of its days that no reversal has taken back."""

    entry: Entry
    days: Period


class Reversal(NamedTuple):
    """Take back ``days`` of a standing entry at its recorded amount and tax."""

    entry: Entry
    days: Period

    @property
    def value(self) -> int:
        """Minor units with sign: the opposite of what was charged for these days."""
        return -value_on(self.entry.charge.identity, self.days)


class Difference(NamedTuple):
    """What an invoice run appends."""

    charges: list[Charge]
    reversals: list[Reversal]

    def __bool__(self) -> bool:
        return bool(self.charges or self.reversals)


def is_spread(identity: Identity) -> bool:
    """Spread charges are cut by days; whole ones are compared by amount and never cut."""
    return is_fee(identity.part) and identity.basis is not NONE


def is_fee(part: str) -> bool:
    """A fee, whole or the share of a product of a set (``fee:7``) or of a payer (``fee/3``)."""
    return part.startswith("fee")


def is_of_set(part: str) -> bool:
    """What one product has of the price of a set: ``fee:7``, ``usage:2025-01-16:7``, ``once:1:7``."""
    head, mark, last = kind_of(part).removeprefix("once:1").rpartition(":")
    return bool(mark) and last.isdigit() and head.partition(":")[0] in {"", "fee", "usage"}


def kind_of(part: str) -> str:
    """The part without the account that shares it: ``concession:3/7`` → ``concession:3``."""
    return part.partition("/")[0]


def family(part: str) -> str:
    """Parts that stand for one another: whatever usage a slot has is one; the shares of a fee are each its own."""
    kind = kind_of(part)
    return kind if is_fee(kind) else kind.partition(":")[0]


def is_minimum(part: str) -> bool:
    """What lifts a window to its minimum fee."""
    return part.startswith("minimum:")


def is_concession(charge: Charge) -> bool:
    """Goodwill that a person granted."""
    return charge.identity.part.startswith("concession:")


def value_on(identity: Identity, days: Period) -> int:
    """Minor units that fall on ``days``: a difference of running totals over the slot, or the whole amount."""
    amount, share = identity.amount, identity.share
    if days == identity.slot or identity.basis is NONE or not is_fee(identity.part):
        return share_of(share, amount, amount) if share else amount
    end = share_through(amount, identity.slot, days.end, identity.basis)
    start = share_through(amount, identity.slot, days.start, identity.basis)
    return share_of(share, amount, end) - share_of(share, amount, start) if share else end - start


def standing(entries: Iterable[Entry]) -> list[Standing]:
    """Charges less the days that reversals took back."""
    taken: dict[tuple[int, int], list[Period]] = {}
    charges = []
    for entry in entries:
        if entry.sign > 0:
            charges.append(entry)
        elif entry.corrects is not None:
            taken.setdefault(entry.corrects, []).append(entry.charge.days)
    if not taken:
        return [Standing(entry, entry.charge.days) for entry in charges]
    left = []
    for entry in charges:
        holes = taken.get((entry.invoice, entry.position))
        if holes is None:
            left.append(Standing(entry, entry.charge.days))
        elif is_spread(entry.charge.identity):
            left.extend(Standing(entry, days) for days in subtract([entry.charge.days], holes))
    return left


def outstanding(should: Sequence[Charge], stands: Sequence[Standing], holds: Mapping[int, list[Period]]) -> Difference:
    """Per identity: should-be days − standing days = charges; standing − should-be = reversals.

    ``holds`` (item → days) are compared on neither side. Equal pairs leave first; only the rest is cut.
    """
    if holds:
        should = [part for charge in should for part in _outside(charge, holds)]
        stands = [part for stand in stands for part in _standing_outside(stand, holds)]
    if not stands:
        return Difference(list(should), [])
    expected = {(charge.identity, charge.days): charge for charge in should}
    unmatched = [stand for stand in stands if expected.pop((stand.entry.charge.identity, stand.days), None) is None]
    if not unmatched:
        return Difference(list(expected.values()), [])
    return _cut(list(expected.values()), unmatched)


def _cut(should: list[Charge], stands: list[Standing]) -> Difference:
    wanted: dict[Identity, list[Charge]] = {}
    for charge in should:
        wanted.setdefault(charge.identity, []).append(charge)
    found: dict[Identity, list[Standing]] = {}
    for stand in stands:
        found.setdefault(stand.entry.charge.identity, []).append(stand)
    charges: list[Charge] = []
    reversals: list[Reversal] = []
    for identity, rows in wanted.items():
        have = found.pop(identity, [])
        if not is_spread(identity):
            charges.extend(rows[len(have) :])
            reversals.extend(Reversal(stand.entry, stand.days) for stand in have[len(rows) :])
            continue
        billed = [stand.days for stand in have]
        for charge in rows:
            charges.extend(_on_days(charge, days) for days in subtract([charge.days], billed))
        owed_days = [charge.days for charge in rows]
        for stand in have:
            reversals.extend(Reversal(stand.entry, days) for days in subtract([stand.days], owed_days))
    for rest in found.values():
        reversals.extend(Reversal(stand.entry, stand.days) for stand in rest)
    return Difference(charges, reversals)


def _on_days(charge: Charge, days: Period) -> Charge:
    return charge._replace(days=days, service=days)


def _outside(charge: Charge, holds: Mapping[int, list[Period]]) -> list[Charge]:
    held = holds.get(charge.identity.item)
    if not held:
        return [charge]
    if is_spread(charge.identity):
        return [_on_days(charge, days) for days in subtract([charge.days], held)]
    return [] if any(charge.days.cut(hold) for hold in held) else [charge]


def _standing_outside(stand: Standing, holds: Mapping[int, list[Period]]) -> list[Standing]:
    held = holds.get(stand.entry.charge.identity.item)
    if not held:
        return [stand]
    if is_spread(stand.entry.charge.identity):
        return [Standing(stand.entry, days) for days in subtract([stand.days], held)]
    return [] if any(stand.days.cut(hold) for hold in held) else [stand]


def overlapping(stands: Iterable[Standing], difference: Difference) -> int | None:
    """The first item of which some day would be billed twice after the difference; None is as it must be.

    Two standing charges on one day are impossible by construction; the run stops where they appear all the same.
    Charges that share a day are one as long as their shares add up to no more than the whole.
    """
    taken: dict[tuple[int, int], list[Period]] = {}
    for reversal in difference.reversals:
        taken.setdefault((reversal.entry.invoice, reversal.entry.position), []).append(reversal.days)
    billed: list[Billed] = []
    for entry, days in stands:
        identity = entry.charge.identity
        if identity.part.startswith("fee"):
            served = days if identity.basis is not NONE else entry.charge.service
            holes = taken.get((entry.invoice, entry.position)) if taken else None
            pieces = subtract([served], holes) if holes else (served,)
            billed += [(identity.item, identity.part, piece, identity.share) for piece in pieces]
    for charge in difference.charges:
        identity = charge.identity
        if identity.part.startswith("fee"):
            served = charge.days if identity.basis is not NONE else charge.service
            billed.append((identity.item, identity.part, served, identity.share))
    if any(row[3] for row in billed):
        return overfull([(item, kind_of(part), days, share) for item, part, days, share in billed])
    billed.sort()
    for (item, part, first, _none), (other, same, second, _no) in pairwise(billed):
        if item == other and part == same and first.end > second.start:
            return item
    return None


Billed = tuple[int, str, Period, str]
"""Item, kind of part, days, share."""


def overfull(billed: list[Billed]) -> int | None:
    """The first item that has a day on which more than the whole is billed."""
    billed.sort()
    on: list[Billed] = []
    for row in billed:
        item, kind, days, _share = row
        on = [other for other in on if other[:2] == (item, kind) and other[2].end > days.start]
        on.append(row)
        if len(on) > 1 and sum(Fraction(*fraction(other[3])) for other in on) > 1:
            return item
    return None
