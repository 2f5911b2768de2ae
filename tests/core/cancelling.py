"""Cancelling, written from the specification alone (billing-core S, Cancel): the state machine cancels with it.

Cancel reverses what stands of a document's charges and restores what its credits took; refused if those days stand
again. Concessions that credited its lines go with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from turnus.core.charges import Entry, Standing, standing, value_on
from turnus.core.correcting import sequenced
from turnus.core.invoicing import Line
from turnus.core.periods import Basis

Place = tuple[int, int]


def cancelled(document: Sequence[Entry], entries: Sequence[Entry], contracts: Mapping[int, int]) -> list[Line]:
    """Lines that take the document back; none where it is refused or nothing of it stands."""
    own = {place_of(entry) for entry in document}
    going = [s for s in standing(entries) if place_of(s.entry) in own or _credited(s.entry, entries) in own]
    staying = [s for s in standing(entries) if s not in going]
    taken = [entry for entry in document if entry.sign < 0]
    for entry in taken:
        again = [stand.entry for stand in staying if _bills_again(stand, entry)]
        if again and sum(map(share_of, again)) + share_of(entry) > 1:  # others may pay the rest of these days
            return []
    lines = [_reversed(stand, contracts) for stand in going]
    for entry in taken:
        place = place_of(entry)
        charge = entry.charge._replace(corrects=place)
        lines.append(Line(contracts[charge.identity.item], charge, 1, -entry.value, place, 0))
    return sequenced(lines, entries)


def place_of(entry: Entry) -> Place:
    return entry.invoice, entry.position


def share_of(entry: Entry) -> Fraction:
    """What part of the whole an entry bears."""
    if not entry.charge.identity.share:
        return Fraction(1)
    place, *weights = map(int, entry.charge.identity.share.split(":"))
    return Fraction(weights[place], sum(weights))


def kind_of(entry: Entry) -> str:
    return entry.charge.identity.part.split("/")[0].split(":")[0]


def _credited(entry: Entry, entries: Sequence[Entry]) -> Place | None:
    """The line that a concession credits, also after it was taken back and restored."""
    if not entry.charge.identity.part.startswith("concession:"):
        return None
    places = {place_of(other): other for other in entries}
    named = entry.corrects
    own = entry.charge.identity.part.split("/")[0]
    while named and (places[named].sign < 0 or places[named].charge.identity.part.split("/")[0] == own):
        named = places[named].corrects
    return named


def _bills_again(stand: Standing, taken: Entry) -> bool:
    """What a credit took is billed again: the same days of a fee, or the same slot of what is billed whole."""
    there, gone = stand.entry.charge.identity, taken.charge.identity
    kind, slot = kind_of(stand.entry), taken.charge.days
    if there.item != gone.item or kind != kind_of(taken):
        return False
    if kind == "fee":
        spread = gone.basis is not Basis.NONE
        days = stand.days if there.basis is not Basis.NONE else stand.entry.charge.service
        return days.cut(slot if spread else taken.charge.service) is not None
    return there.slot == gone.slot if kind == "usage" else there.part.split("/")[0] == gone.part.split("/")[0]


def _reversed(stand: Standing, contracts: Mapping[int, int]) -> Line:
    entry, days = stand
    charge = entry.charge._replace(days=days, corrects=None)
    if days != entry.charge.days:
        charge = charge._replace(service=days)
    return Line(contracts[charge.identity.item], charge, -1, -value_on(charge.identity, days), place_of(entry), 0)
