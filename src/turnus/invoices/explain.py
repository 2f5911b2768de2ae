"""Why each line of a document is what it is, told to whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from turnus.contracts.origin import Origin, Ratio, origin_of
from turnus.contracts.usage_queries import metering_of_item
from turnus.core.charges import family
from turnus.core.explaining import Piece, Told, explain, is_derived
from turnus.core.formatting import format_date, format_number
from turnus.core.money import minor_digits
from turnus.core.usage import PLAIN, Display
from turnus.core.words.usage import AGGREGATIONS, ROUNDINGS
from turnus.invoices.document import UnknownInvoiceError, invoice_document
from turnus.invoices.facts import placed_lines
from turnus.invoices.models import Invoice

if TYPE_CHECKING:
    from turnus.core.charges import Charge


RAISED = ("geplante Erhöhung", "planned raise")


class Explained(NamedTuple):
    """A printed line and its pieces; their amounts add up to ``net`` (minor units)."""

    number: int
    name: str
    currency: str
    net: int
    pieces: list[Piece]


def explain_invoice(invoice: int, *, language: str) -> list[Explained]:
    """The printed lines of a document or draft with all their pieces. Raises ``UnknownInvoiceError``."""
    head = Invoice.objects.filter(id=invoice).first()
    if head is None:
        raise UnknownInvoiceError(invoice)
    told = Told(head.currency, minor_digits(head.currency), language)
    known_by = datetime.combine(head.issue_date, time.max, UTC)
    names = {line.number: line.name for line in invoice_document(invoice).lines}
    found: dict[int, Explained] = {}
    for placed, _version in placed_lines([invoice]).get(invoice, []):
        line = placed.line
        pieces = explain(line.charge, line.sign, placed.net, line.value, told)
        if not is_derived(line.charge.identity.part):
            pieces = [
                *_version_piece(line.charge, known_by, language),
                *_measured_piece(line.charge, language),
                *pieces,
            ]
        row = found.setdefault(
            placed.printed, Explained(placed.printed, names.get(placed.printed, ""), head.currency, 0, [])
        )
        found[placed.printed] = row._replace(net=row.net + placed.net, pieces=[*row.pieces, *pieces])
    return list(found.values())


def _version_piece(charge: Charge, known_by: datetime, language: str) -> list[Piece]:
    origin = origin_of(charge.identity.item, charge.service.start, charge.unit_price, by=known_by)
    return [] if origin is None else [Piece("explain_version", _blanks(origin, language), 0)]


def _measured_piece(charge: Charge, language: str) -> list[Piece]:
    """How usage was measured, where it is more than a sum of what was reported."""
    found = metering_of_item(charge.identity.item) if family(charge.identity.part) == "usage" else None
    if found is None or replace(found[1], display=Display.TOTAL) == PLAIN:
        return []
    code, measure = found
    place = 0 if language == "de" else 1
    quantum = "" if measure.quantum is None else format_number(measure.quantum, language)
    blanks = {
        "how": AGGREGATIONS[measure.aggregation][place], "meter": measure.meter or code, "only": measure.only,
        "unit": measure.unit, "quantum": quantum, "rounding": ROUNDINGS[measure.rounding][place] if quantum else "",
    }  # fmt: skip
    return [Piece("explain_usage", blanks, 0)]


def _blanks(origin: Origin, language: str) -> dict[str, str]:
    since = format_date(origin.since, language)
    recorded = format_date(origin.recorded.date(), language) if origin.recorded else ""
    version = str(origin.version) if origin.scheme else ""
    return {
        "since": since, "recorded": recorded, "reason": origin.reason, "scheme": origin.scheme, "version": version,
        "raised": RAISED[0 if language == "de" else 1] if origin.raised else "",
        "index": _index(origin.ratio, language) if origin.ratio else "",
    }  # fmt: skip


def _index(ratio: Ratio, language: str) -> str:
    """``VPI 2026-10 124,5 / 2025-10 121``."""
    value, base = format_number(ratio.value, language), format_number(ratio.base, language)
    return f"{ratio.series} {ratio.month:%Y-%m} {value} / {ratio.reference:%Y-%m} {base}"
