"""Final invoice minus progress invoices: what was received is deducted with its VAT, per rate (L-10, hard case 20).

Deducted is what was *received*, never what was asked for; each part at the rate at which it was invoiced (§ 14 Abs. 5,
§ 13 Abs. 1 Nr. 1 a S. 4 UStG). So the VAT of the parts and of the rest add up to that of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.document import DocumentTax
from turnus.core.money import allocate, half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

_FULL: Final = 10_000


class OverbilledError(ValueError):
    """The progress invoices ask for more than the whole supply costs: net asked for, net of the whole."""


class Progress(NamedTuple):
    """A progress or deposit invoice: its VAT breakdown, and what was received for it, minor units gross."""

    number: str
    taxes: tuple[DocumentTax, ...]
    received: int

    @property
    def gross(self) -> int:
        """What it asks for."""
        return sum(row.base + row.tax for row in self.taxes)


class Deduction(NamedTuple):
    """What is deducted for one progress invoice; and its rest, which is closed so that nobody collects it twice."""

    number: str
    taxes: tuple[DocumentTax, ...]
    closed: int

    @property
    def net(self) -> int:
        """Net of what was received."""
        return sum(row.base for row in self.taxes)

    @property
    def tax(self) -> int:
        """VAT of what was received."""
        return sum(row.tax for row in self.taxes)


class Settlement(NamedTuple):
    """A final invoice in figures, minor units."""

    net: int
    tax: int
    deductions: tuple[Deduction, ...]
    net_left: int
    tax_left: int

    @property
    def payable(self) -> int:
        """What is still to be paid; negative is paid back."""
        return self.net_left + self.tax_left


def settle_final(whole: Sequence[DocumentTax], parts: Sequence[Progress]) -> Settlement:
    """The whole supply less what was received for its parts. Raises ``OverbilledError``."""
    net, tax = sum(row.base for row in whole), sum(row.tax for row in whole)
    refuse_overbilling(net, parts)
    deductions = tuple(_deduction(part) for part in parts)
    return Settlement(
        net, tax, deductions, net - sum(each.net for each in deductions), tax - sum(each.tax for each in deductions)
    )


def refuse_overbilling(net: int, parts: Sequence[Progress]) -> None:
    """Progress invoices together never ask for more net than the order has. Raises ``OverbilledError``."""
    asked = sum(row.base for part in parts for row in part.taxes)
    if asked > net:
        raise OverbilledError(asked, net)


def _deduction(part: Progress) -> Deduction:
    """What was received, at most what was asked for: shared over the rates, and VAT taken out of each once."""
    received = max(0, min(part.received, part.gross))
    if received == part.gross:
        return Deduction(part.number, part.taxes, 0)
    groups = [row for row in part.taxes if row.base + row.tax > 0]
    shares = allocate(received, [row.base + row.tax for row in groups]) if received else [0] * len(groups)
    taxes = []
    for row, share in zip(groups, shares, strict=True):
        base = half_up(share * _FULL, _FULL + row.rate) if row.tax else share
        taxes.append(DocumentTax(row.category, row.rate, base, share - base, row.reason))
    return Deduction(part.number, tuple(taxes), part.gross - received)
