"""Standing invoices: one document for all periods with the same amounts, until something changes (L-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.core.charges import is_fee

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from turnus.core.invoicing import Line, Placed


class Terms(NamedTuple):
    """What a standing invoice says beside its lines; another seller's or buyer's version is a change too."""

    seller: int
    buyer: int
    currency: str
    language: str
    payment_days: int
    reference: str
    cost_centre: str


def may_stand(lines: Iterable[Line]) -> bool:
    """Only recurring fees stand; where something is taken back, or depends on usage, a period is invoiced by itself."""
    return all(line.sign > 0 and is_fee(line.charge.identity.part) for line in lines)


def items_of(lines: Sequence[Placed]) -> frozenset[int]:
    """The items that a document bills."""
    return frozenset(placed.line.charge.identity.item for placed in lines)


def same_claim(standing: tuple[Terms, Sequence[Placed]], now: tuple[Terms, Sequence[Placed]]) -> bool:
    """The period is covered: parties, lines, prices, amounts and VAT are those of the standing invoice."""
    return standing[0] == now[0] and _claim(standing[1]) == _claim(now[1])


def _claim(lines: Sequence[Placed]) -> list[tuple[object, ...]]:
    return sorted(
        (i.item, i.part, i.product, str(c.unit_price), str(c.quantity), placed.line.value, placed.net, i.category,
         i.rate, i.gross, c.allowance, c.label, i.share)
        for placed in lines
        for c in (placed.line.charge,)
        for i in (c.identity,)
    )  # fmt: skip
