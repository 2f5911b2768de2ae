"""Corrections of issued documents: what a cancellation takes back, what is left to credit (billing-core S, Cancel)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.charges import Entry, Standing, family, is_spread, overfull, standing, value_on
from turnus.core.invoicing import Line
from turnus.core.money import allocate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from turnus.core.periods import Period


class CorrectionRefusedError(ValueError):
    """A correction is not possible. ``code`` names the text that says why and what to do instead."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


class Remaining(NamedTuple):
    """A line and what is still left of it after everything that corrects it, minor units in its price mode."""

    entry: Entry
    left: int


def remaining(lines: Iterable[Entry], others: Iterable[Entry]) -> list[Remaining]:
    """What is left of each charge line: 0 ≤ value + everything that corrects it ≤ value.

    What takes a concession, or the credit of a line by hand, back counts for the line that was credited.
    """
    known = list(others)
    conceded = {(e.invoice, e.position): e.corrects for e in known if e.corrects and _credits(e)}
    corrected: dict[tuple[int, int], int] = {}
    for entry in known:
        if entry.corrects is not None:
            place = conceded.get(entry.corrects, entry.corrects)
            corrected[place] = corrected.get(place, 0) + entry.value
    return [Remaining(e, e.value + corrected.get((e.invoice, e.position), 0)) for e in lines if e.sign > 0]


def _credits(entry: Entry) -> bool:
    """A concession, or any line that corrects one written by hand: neither is a charge of its own."""
    return (entry.sign > 0 and entry.value < 0) or entry.charge.identity.item <= 0


def cancellation(document: Sequence[Entry], entries: Sequence[Entry], contracts: Mapping[int, int]) -> list[Line]:
    """Lines that take a whole document back.

    ``entries`` are all issued lines of the document's contracts, the document's own included; ``contracts`` maps an
    item to its contract. Charges that still stand are reversed, with the concessions that credited them; what the
    document's own reversals took is restored. Raises ``CorrectionRefusedError``: ``billed_again`` where restored days
    stand again, ``nothing_left`` where nothing of it stands.
    """
    stands = standing(entries)
    numbers = {(entry.invoice, entry.position) for entry in document}
    lines, others = [], []
    for stand in stands:
        place = (stand.entry.invoice, stand.entry.position)
        concession = stand.entry.corrects in numbers and stand.entry.charge.identity.part.startswith("concession:")
        if place in numbers or concession:
            lines.append(_reverse(stand, contracts))
        else:
            others.append(stand)
    lines.extend(_restore(entry, others, contracts) for entry in document if entry.sign < 0)
    if not lines:
        raise CorrectionRefusedError("nothing_left")
    return sequenced(lines, entries)


def _reverse(stand: Standing, contracts: Mapping[int, int]) -> Line:
    entry, days = stand
    charge = entry.charge
    service = charge.service if days == charge.days else days
    value = -entry.value if days == charge.days else -value_on(charge.identity, days)
    turned = charge._replace(days=days, service=service, corrects=None)
    return Line(contracts.get(charge.identity.item, 0), turned, -1, value, (entry.invoice, entry.position), 0)


def cancellation_by_hand(document: Sequence[Entry], entries: Sequence[Entry], digits: int) -> list[Line]:
    """The same for lines that belong to no contract: what is left of a charge goes, what a credit took comes back.

    ``digits``: decimals of the currency. Raises ``CorrectionRefusedError("nothing_left")``.
    """
    lines = [taken_by_hand(entry, left, digits) for entry, left in remaining(document, entries) if left]
    back = [entry for entry in document if entry.sign < 0]
    lines += [Line(0, entry.charge, 1, -entry.value, (entry.invoice, entry.position), 0) for entry in back]
    if not lines:
        raise CorrectionRefusedError("nothing_left")
    return sequenced(lines, entries)


def taken_by_hand(entry: Entry, amount: int, digits: int) -> Line:
    """``amount`` (minor units) of a line by hand, taken back: the line itself, or one piece priced as that part."""
    charge = entry.charge._replace(corrects=None)
    if amount != entry.value:
        charge = charge._replace(unit_price=Decimal(amount).scaleb(-digits), quantity=Decimal(1))
    return Line(0, charge, -1, -amount, (entry.invoice, entry.position), 0)


def _restore(entry: Entry, stands: Sequence[Standing], contracts: Mapping[int, int]) -> Line:
    identity = entry.charge.identity
    again = [(0, "", entry.charge.days, identity.share)]
    for stand in stands:
        other = stand.entry.charge.identity
        same = other.item == identity.item and family(other.part) == family(identity.part)
        if same and (stand.days.cut(entry.charge.days) if is_spread(identity) else other.slot == identity.slot):
            again.append((0, "", stand.days if is_spread(identity) else entry.charge.days, other.share))
    if overfull(again) is not None:  # those who share the days may stand
        raise CorrectionRefusedError("billed_again", day=entry.charge.service.start.isoformat())
    charge = entry.charge._replace(corrects=(entry.invoice, entry.position))
    return Line(contracts.get(identity.item, 0), charge, 1, -entry.value, (entry.invoice, entry.position), 0)


def sequenced(lines: list[Line], entries: Sequence[Entry]) -> list[Line]:
    """Sequences that no earlier line of the same piece bears."""
    used: dict[tuple[object, ...], int] = {}
    for entry in entries:
        key = _piece(
            entry.charge.identity.item, entry.charge.identity.part, entry.charge.identity.slot, entry.charge.days
        )
        used[key] = max(used.get(key, 0), entry.sequence + 1)
    numbered = []
    for line in lines:
        identity = line.charge.identity
        key = _piece(identity.item, identity.part, identity.slot, line.charge.days)
        numbered.append(line._replace(sequence=used.get(key, 0)))
        used[key] = used.get(key, 0) + 1
    return numbered


def _piece(item: int, part: str, slot: Period, days: Period) -> tuple[object, ...]:
    return (item, part, slot.end, days.start)


def share_credit(rows: Sequence[Remaining], amount: int) -> list[tuple[Entry, int]]:
    """Spread a credit over lines in proportion to what is left. Raises ``CorrectionRefusedError("too_much")``."""
    open_rows = [row for row in rows if row.left > 0]
    total = sum(row.left for row in open_rows)
    if amount <= 0:
        raise CorrectionRefusedError("not_positive")
    if amount > total:
        raise CorrectionRefusedError("too_much", left=str(total))
    shares = allocate(amount, [row.left for row in open_rows])
    return [(row.entry, share) for row, share in zip(open_rows, shares, strict=True) if share]
