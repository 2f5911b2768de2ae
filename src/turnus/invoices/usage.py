"""Usage as it is shown beside the lines of documents: decided with the draft, stored, and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.contracts.lookup import units_of_items
from turnus.core.charges import family
from turnus.core.contracts import DecisionKind
from turnus.core.document import UsageRow
from turnus.core.money import canonical
from turnus.core.usage import Display
from turnus.core.usage_rows import difference, usage_rows
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceUsage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from turnus.contracts.facts import Loaded
    from turnus.core.contracts import Usage
    from turnus.core.document import DocumentLine
    from turnus.core.invoicing import Line, Placed
    from turnus.core.periods import Period

USAGE: Final = ("invoice_id", "position", "row", "day", "label", "quantity", "amount")
"""Columns of a row in the order in which they are written, read and hashed."""
Piece = tuple[object, ...]
"""What tells one billing of a slot from all others: the columns of ``billed_once``."""


class Shown(NamedTuple):
    """What is to be shown of the usage of a chunk's items."""

    items: Mapping[int, tuple[Usage, Sequence[Period]]]
    """Item → its usage, and the days that are agreed."""
    kept: Mapping[Piece, Sequence[UsageRow]]
    """Rows of lines that stay in their drafts."""

    def of(self, lines: Sequence[Placed]) -> dict[int, Sequence[UsageRow]]:
        """Position → rows; where several lines share the price of one slot, the first of them has the rows."""
        found: dict[int, Sequence[UsageRow]] = {}
        seen = set()
        for line, position, _printed, _net in lines if self.items or self.kept else ():
            charge = line.charge
            place = (charge.identity.item, charge.service, charge.identity.account)
            if line.sign > 0 and family(charge.identity.part) == "usage" and place not in seen:
                seen.add(place)
                if rows := self._rows(line):
                    found[position] = rows
        return found

    def _rows(self, line: Line) -> Sequence[UsageRow]:
        known = self.items.get(line.charge.identity.item)
        if known is None:
            return self.kept.get(_piece(line), ())
        usage, holes = known
        return usage_rows(usage, line.charge.service, holes)


def _piece(line: Line) -> Piece:
    identity = line.charge.identity
    return (line.contract, identity.slot.end, identity.item, identity.part, line.charge.days.start, line.sequence)


def shown_usage(loaded: Sequence[Loaded], kept: Collection[int]) -> Shown:
    """What to show of contracts as they were loaded, and of the open drafts of units (``kept``) whose lines stay."""
    usage = loaded[0].facts.usage if loaded else None
    wanted = {
        item: each
        for item, each in (usage or {}).items()
        if each.detail is not None and each.detail.display is not Display.TOTAL
    }
    holes: dict[int, list[Period]] = {}
    for _row, facts in loaded if wanted else ():
        for decision in facts.decisions:
            if decision.kind is DecisionKind.AGREED:
                holes.setdefault(decision.item, []).append(decision.days)
    return Shown({item: (each, holes.get(item, ())) for item, each in wanted.items()}, _kept(kept))


def _kept(units: Collection[int]) -> dict[Piece, list[UsageRow]]:
    if not units:
        return {}
    drafts = list(Invoice.objects.filter(unit__in=units, number_value__isnull=True).values_list("id", flat=True))
    stored = rows_of_invoices(drafts)
    columns = ("contract_id", "slot_end", "item_id", "part", "days_start", "sequence")
    lines = InvoiceLine.objects.filter(invoice_id__in={invoice for invoice, _position in stored})
    found = {}
    for invoice, position, *piece in lines.values_list("invoice_id", "position", *columns):
        if (invoice, position) in stored:
            found[tuple(piece)] = stored[invoice, position]
    return found


def usage_row_values(invoice: int, usage: Mapping[int, Sequence[UsageRow]]) -> list[tuple[Any, ...]]:
    """Rows in the order of ``USAGE``."""
    return [
        (invoice, position, place, row.day, row.label, canonical(row.quantity),
         None if row.amount is None else canonical(row.amount))
        for position, rows in sorted(usage.items())
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip


def rows_of_invoices(invoices: Collection[int]) -> dict[tuple[int, int], list[UsageRow]]:
    """(Invoice, position) → rows in their order."""
    found: dict[tuple[int, int], list[UsageRow]] = {}
    rows = InvoiceUsage.objects.filter(invoice_id__in=invoices).order_by("invoice_id", "position", "row")
    for invoice, position, day, label, quantity, amount in rows.values_list(
        "invoice_id", "position", "day", "label", "quantity", "amount"
    ):
        found.setdefault((invoice, position), []).append(UsageRow(day, label, quantity, amount))
    return found


def usage_of(rows: Mapping[int, Sequence[tuple[Placed, int]]]) -> dict[int, dict[int, list[UsageRow]]]:
    """Invoice → position → stored rows; asked only for those that bill usage."""
    billing = {
        invoice
        for invoice, own in rows.items()
        if any(family(placed.line.charge.identity.part) == "usage" for placed, _version in own)
    }
    found: dict[int, dict[int, list[UsageRow]]] = {}
    for (invoice, position), own_rows in rows_of_invoices(billing).items() if billing else ():
        found.setdefault(invoice, {})[position] = own_rows
    return found


def with_usage(
    lines: Sequence[DocumentLine], rows: Sequence[tuple[Placed, int]], own: Mapping[int, Sequence[UsageRow]]
) -> list[DocumentLine]:
    """Printed lines with their usage: of a difference line what it shows beyond the line that it takes back."""
    groups: dict[int, list[Placed]] = {}
    for placed, _version in rows:
        if family(placed.line.charge.identity.part) == "usage":
            groups.setdefault(placed.printed, []).append(placed)
    if not groups:
        return list(lines)
    units = units_of_items({placed.line.charge.identity.item for group in groups.values() for placed in group})
    before = rows_of_invoices({p.line.corrects[0] for g in groups.values() for p in g if p.line.corrects})
    return [_shown(line, groups[line.number], units, own, before) if line.number in groups else line for line in lines]


def _shown(
    line: DocumentLine,
    group: Sequence[Placed],
    units: Mapping[int, tuple[str, str]],
    stored: Mapping[int, Sequence[UsageRow]],
    before: Mapping[tuple[int, int], list[UsageRow]],
) -> DocumentLine:
    unit, display = units[group[-1].line.charge.identity.item]
    own = [row for placed in group if placed.line.sign > 0 for row in stored.get(placed.position, ())]
    gone = [row for placed in group if placed.line.corrects for row in before.get(placed.line.corrects, ())]
    shown = difference(own, gone) if own and gone else own
    return replace(line, unit=unit or line.unit, usage=tuple(shown), appendix=display == Display.APPENDIX)
