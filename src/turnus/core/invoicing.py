"""Composition of a billing document: lines in order, net per line, VAT per category and rate, totals (EN 16931).

VAT is computed per (category, rate) on the sum of the rounded line amounts and rounded once (hard-cases C4, L-11).
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.charges import Charge, Identity, Reversal, is_minimum
from turnus.core.document import DocumentTax, Kind
from turnus.core.money import half_up
from turnus.core.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from turnus.core.billing import Billing
    from turnus.core.parties import CustomerData, SellerData, SupplierData

FULL: Final = 10_000
"""100 % in basis points."""


class Line(NamedTuple):
    """One entry of a document: a charge (sign 1) or a reversal (sign −1), not yet issued."""

    contract: int
    """0 for a line written by hand."""
    charge: Charge
    sign: int
    value: int
    """Minor units with sign, net or gross as the charge's price mode says."""
    corrects: tuple[int, int] | None
    sequence: int


class Placed(NamedTuple):
    """A line in its document: position, number of the printed line, and net amount."""

    line: Line
    position: int
    printed: int
    net: int


class Composed(NamedTuple):
    """Lines, VAT breakdown and totals of one document, minor units."""

    kind: Kind
    lines: list[Placed]
    taxes: list[DocumentTax]
    net: int
    tax: int
    gross: int
    service: Period


def lines_of(contract: int, billing: Billing) -> list[Line]:
    """The difference of a contract as document lines, with their sequence (how often the piece was billed before)."""
    used = dict(billing.sequences)
    rows = []
    for charge, sign, reversal in _signed(billing):
        identity = charge.identity
        key = (identity.item, identity.part, identity.slot.end, charge.days.start)
        sequence = used.get(key, 0)
        used[key] = sequence + 1
        value = reversal.value if reversal else charge.value
        first = charge.corrects if not sequence else None  # billed anew, a concession no longer corrects the old line
        corrects = (reversal.entry.invoice, reversal.entry.position) if reversal else first
        rows.append(Line(contract, charge, sign, value, corrects, sequence))
    return rows


def _signed(billing: Billing) -> Iterable[tuple[Charge, int, Reversal | None]]:
    for reversal in billing.difference.reversals:
        charge = reversal.entry.charge
        service = charge.service if reversal.days == charge.days else reversal.days
        yield charge._replace(days=reversal.days, service=service), -1, reversal
    for charge in billing.difference.charges:
        yield charge, 1, None


def compose(
    rows: Sequence[Line], kind: Kind | None = None, *, groups: Mapping[int, tuple[int, ...]] | None = None
) -> Composed:
    """Order the lines, number the printed ones, derive nets and VAT. ``kind`` None: by the sign of the total.

    ``groups``: contract → what its lines are grouped by first (owner, then contract).
    """
    ordered = list(rows)
    if groups is not None:
        ordered.sort(key=lambda line: (groups.get(line.contract, (0,)), *_order(line)))
    elif len(rows) > 1:
        ordered.sort(key=_order)
    nets, taxes = _taxes(ordered)
    net = sum(nets)
    tax = sum(row.tax for row in taxes)
    printed = _printed(ordered)
    placed = [Placed(line, index + 1, printed[index], nets[index]) for index, line in enumerate(ordered)]
    service = Period(
        min(line.charge.service.start for line in ordered), max(line.charge.service.end for line in ordered)
    )
    found = kind or (Kind.CREDIT if net + tax < 0 else Kind.INVOICE)
    return Composed(found, placed, taxes, net, tax, net + tax, service)


def _order(line: Line) -> tuple[object, ...]:
    """By item and time; lines by hand, which belong to no item, in the order in which they were written."""
    identity = line.charge.identity
    return (
        line.contract,
        is_minimum(identity.part),
        identity.item,
        line.sequence if identity.item <= 0 else 0,
        line.charge.service,
        identity.part,
        line.sign,
        line.charge.days,
        line.sequence,
    )


def _difference_key(line: Line) -> tuple[object, ...]:
    identity = line.charge.identity
    rest = (identity.item, identity.part, identity.product, identity.slot, identity.gross, identity.category)
    priced = not line.charge.steps and not is_minimum(identity.part)
    price = line.charge.unit_price if priced else None  # what a scheme or a minimum says on paper is no price
    return (*rest, identity.rate, line.charge.days, price, identity.share)


def _printed(lines: Sequence[Line]) -> list[int]:
    """Printed number of each entry: a reversal and the charge that replaces it are one difference line.

    They are one where product, unit price, tax and days are the same (billing-core, Entry).
    """
    if all(line.sign > 0 for line in lines):
        return list(range(1, len(lines) + 1))
    pairs: dict[tuple[object, ...], list[int]] = {}
    for index, line in enumerate(lines):
        pairs.setdefault(_difference_key(line), []).append(index)
    numbers = [0] * len(lines)
    count = 0
    for index, line in enumerate(lines):
        if numbers[index]:
            continue
        count += 1
        numbers[index] = count
        pair = pairs[_difference_key(line)]
        if len(pair) == 2 and lines[pair[0]].sign != lines[pair[1]].sign:
            numbers[pair[0]] = numbers[pair[1]] = count
    return numbers


def _taxes(lines: Sequence[Line]) -> tuple[list[int], list[DocumentTax]]:
    """Net of each line, and the breakdown. Gross prices: net per group, derived once and shared by running totals."""
    nets = [0] * len(lines)
    net_base: dict[tuple[str, int], int] = {}
    gross_base: dict[tuple[str, int], int] = {}
    gross_net: dict[tuple[str, int], int] = {}
    for index, line in enumerate(lines):
        identity = line.charge.identity
        group = (identity.category, identity.rate)
        net_base.setdefault(group, 0)
        if identity.gross:
            before = gross_base.get(group, 0)
            gross_base[group] = before + line.value
            nets[index] = _net_of(before + line.value, identity.rate) - _net_of(before, identity.rate)
            gross_net[group] = gross_net.get(group, 0) + nets[index]
        else:
            net_base[group] += line.value
            nets[index] = line.value
    taxes = []
    for group in sorted(net_base):
        base, rate = net_base[group], group[1]
        tax = half_up(base * rate, FULL) + gross_base.get(group, 0) - gross_net.get(group, 0)
        taxes.append(DocumentTax(group[0], rate, base + gross_net.get(group, 0), tax))
    return nets, taxes


def _net_of(gross: int, rate: int) -> int:
    """Net contained in a gross amount: 29.97 at 19 % → 25.18."""
    return half_up(gross * FULL, FULL + rate)


# ---- what must be there before a number is spent ---------------------------------------------------------------------


class Missing(NamedTuple):
    """One thing that an invoice lacks: code of its text, the field, and the paragraph that demands it."""

    code: str
    field: str
    law: str


def missing_of_seller(seller: SellerData) -> list[Missing]:
    """What § 14 Abs. 4 UStG demands of the seller and is not there; all of it, never the first only."""
    lacks = _missing_address("seller", seller.name, seller.address.street, seller.address.postcode, seller.address.city)
    if not seller.vat_id and not seller.tax_number:
        lacks.append(Missing("missing", "seller.vat_id", "§ 14 Abs. 4 Nr. 2 UStG"))
    return lacks


def missing_of_buyer(buyer: CustomerData) -> list[Missing]:
    """What § 14 Abs. 4 UStG demands of the buyer and is not there."""
    address = buyer.address
    return _missing_address("buyer", buyer.name, address.street, address.postcode, address.city)


def missing_of_document(document: Composed, seller: SellerData, buyer: CustomerData) -> list[Missing]:
    """What this document lacks beside its parties: lines, and both VAT ids where the buyer owes the tax or gets
    goods free of it in the EU (§ 14a Abs. 1, 3).

    What only takes back names the invoice that bears both (§ 31 Abs. 5 UStDV); the buyer may have no id any more.
    """
    lacks = []
    if not document.lines:
        lacks.append(Missing("missing", "lines", "§ 14 Abs. 4 Nr. 5 UStG"))
    both = {row.category for row in document.taxes} & {"AE", "K"}
    if both and any(p.line.sign > 0 and p.line.charge.identity.category in both for p in document.lines):
        if not seller.vat_id:
            lacks.append(Missing("missing", "seller.vat_id", "§ 14a Abs. 1 UStG"))
        if not buyer.vat_id:
            lacks.append(Missing("missing", "buyer.vat_id", "§ 14a Abs. 1 UStG"))
    return lacks


def missing_of_supplier(supplier: CustomerData, agreed: SupplierData | None) -> list[Missing]:
    """What a self-billing document lacks: the agreement, and the supplier's VAT id or tax number."""
    if agreed is None:
        return [Missing("missing", "supplier.agreement", "§ 14 Abs. 2 S. 2 UStG")]
    if not supplier.vat_id and not agreed.tax_number:
        return [Missing("missing", "supplier.vat_id", "§ 14 Abs. 4 Nr. 2 UStG")]
    return []


def _missing_address(side: str, name: str, street: str, postcode: str, city: str) -> list[Missing]:
    fields = (("name", name), ("street", street), ("postcode", postcode), ("city", city))
    return [Missing("missing", f"{side}.{field}", "§ 14 Abs. 4 Nr. 1 UStG") for field, value in fields if not value]


# ---- the seal of a document ------------------------------------------------------------------------------------------


def digest(rows: Iterable[Iterable[object]]) -> str:
    """SHA-256 (hex) over the canonical text of plain rows: head, lines, VAT; the same when drafted and when read back.

    Values are integers, dates, text and exact decimals in canonical form; U+001F separates them, a line ends a row.
    """
    texts = [
        "\x1f".join([v if type(v) is str else _iso(v) if type(v) is date else str(v) for v in row]) for row in rows
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


_iso: Final = lru_cache(maxsize=4_096)(date.isoformat)


def group_of(identity: Identity) -> str:
    """Lines outside the scope of VAT (category O) never share a document with others (BR-O-11)."""
    return "O" if identity.category == "O" else ""
