"""How a collective invoice groups its lines: those of each child of the buyer, or of each contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.document import Section
from turnus.parties.queries import customer_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.document import DocumentLine
    from turnus.core.invoicing import Placed


def sections_of(
    rows: Sequence[Placed],
    lines: Sequence[DocumentLine],
    contracts: Mapping[int, str],
    owner_of_contract: Mapping[int, int],
    *,
    buyer: int,
    on: date,
) -> tuple[Section, ...]:
    """Sections in the order of the lines; none where all lines are of one contract, or every contract has one line.

    ``rows``: the entries; ``contracts``: id → number; ``owner_of_contract``: id → its customer;
    ``buyer``: the customer who gets the document; ``on``: the day
    whose names the sections bear.
    """
    owners = {contract: owner_of_contract[contract] for contract in contracts if contract in owner_of_contract}
    if any(owner != buyer for owner in owners.values()):
        names = customer_names({buyer, *owners.values()}, on=on)
        owner_of = {placed.printed: owners.get(placed.line.contract, buyer) for placed in rows}
        return _sections(lines, owner_of, {c: (name.number, name.name, "") for c, name in names.items()})
    if len(contracts) < 2 or len(lines) == len(contracts):
        return ()
    contract_of = {placed.printed: placed.line.contract for placed in rows}
    return _sections(lines, contract_of, {contract: ("", "", number) for contract, number in contracts.items()})


def _sections(
    lines: Sequence[DocumentLine], place_of: Mapping[int, int], titles: Mapping[int, tuple[str, str, str]]
) -> tuple[Section, ...]:
    gross = bool(lines) and all(line.gross_price for line in lines)
    groups: dict[int, list[DocumentLine]] = {}
    for line in lines:
        groups.setdefault(place_of[line.number], []).append(line)
    return tuple(
        Section(
            *titles[place], tuple(line.number for line in own), sum(line.net for line in own),
            sum(line.gross for line in own) if gross else 0,
        )
        for place, own in groups.items()
    )  # fmt: skip
