"""Jobs invoiced in parts: what may still be asked for, and the VAT rates of an advance (L-10, JB-69 to 72)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.document import Kind
from turnus.core.formatting import format_number
from turnus.core.money import allocate, half_up
from turnus.core.receivables import Deducted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.core.final import Progress, Settlement
    from turnus.core.periods import Period

Rate = tuple[str, int]
"""VAT category and rate."""
_PERCENT: Final = 10_000


class JobLine(NamedTuple):
    """A line of what was agreed, or what of it is not billed yet. ``price`` in major units for one unit, net."""

    position: int
    product: int
    quantity: Decimal
    price: Decimal
    days: Period
    label: str = ""


class PartTooLargeError(ValueError):
    """More of a line is billed than was agreed: position, what is left of it."""


def rest_of(agreed: Sequence[JobLine], billed: Mapping[int, Decimal]) -> list[JobLine]:
    """What partial invoices have left of each line (position → quantity billed)."""
    rest = [line._replace(quantity=line.quantity - billed.get(line.position, Decimal(0))) for line in agreed]
    return [line for line in rest if line.quantity > 0]


def part_of(rest: Sequence[JobLine], wanted: Mapping[int, Decimal]) -> list[JobLine]:
    """Lines of a partial invoice: position → quantity. Raises ``PartTooLargeError``."""
    left = {line.position: line for line in rest}
    found = []
    for position, quantity in sorted(wanted.items()):
        known = left.get(position)
        if known is None or not 0 < quantity <= known.quantity:
            raise PartTooLargeError(position, known.quantity if known else Decimal(0))
        found.append(known._replace(quantity=quantity))
    return found


def share_advance(net: int, groups: Mapping[Rate, int]) -> dict[Rate, int]:
    """The net of an advance over the VAT rates of the job, in proportion to what each has, minor units."""
    shares = allocate(net, list(groups.values()))
    return {rate: share for rate, share in zip(groups, shares, strict=True) if share}


def percent_of(net: int, percent: int) -> int:
    """``percent`` basis points of a net amount, minor units."""
    return half_up(net * percent, _PERCENT)


def advance_label(kind: Kind, number: str, name: str, percent: int, language: str) -> str:
    """``30 % Anzahlung auf Auftrag A-7: Neue Website``."""
    german = language == "de"
    titles = {Kind.DEPOSIT: ("Anzahlung", "Deposit"), Kind.PROGRESS: ("Abschlag", "Progress payment")}
    share = f"{format_number(Decimal(percent).scaleb(-2), language)} % " if percent else ""
    text = share + titles[kind][0 if german else 1] + (" auf Auftrag " if german else " for job ") + number
    return f"{text}: {name}" if name else text


def deductions(advances: Mapping[int, Progress], settled: Settlement) -> list[Deducted]:
    """What a final invoice stores: received and closed, for each advance (id → what it asked for) and VAT rate."""
    found = []
    for (advance, asked), received in zip(advances.items(), settled.deductions, strict=True):
        got = {(row.category, row.rate): row for row in received.taxes}
        for row in asked.taxes:
            own = got.get((row.category, row.rate))
            base, tax = (own.base, own.tax) if own else (0, 0)
            found.append(Deducted(advance, row.category, row.rate, base, tax, row.base - base, row.tax - tax))
    return found


def taken_back(rows: Sequence[Deducted]) -> list[Deducted]:
    """The same for the cancellation of the final invoice."""
    return [
        row._replace(base=-row.base, tax=-row.tax, closed_base=-row.closed_base, closed_tax=-row.closed_tax)
        for row in rows
    ]
