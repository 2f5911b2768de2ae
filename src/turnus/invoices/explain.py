"""Why each line of a document is what it is, told to whoever asks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import product_names
from turnus.contracts.origin import Origin, Ratio, facts_known, granted_periods, origin_of
from turnus.contracts.usage_queries import metering_of_item
from turnus.core.adjusting import RuleKind
from turnus.core.charges import family, kind_of
from turnus.core.explaining import Piece, Told, explain, is_derived
from turnus.core.formatting import format_date, format_number
from turnus.core.money import minor_digits
from turnus.core.reasons import UNKNOWN, Why, why
from turnus.core.usage import PLAIN, Display
from turnus.core.words.explaining import SOURCES
from turnus.core.words.usage import AGGREGATIONS, ROUNDINGS, UNITS
from turnus.invoices.document import UnknownInvoiceError, invoice_document
from turnus.invoices.facts import fees_beside, placed_lines
from turnus.invoices.models import Invoice
from turnus.records.queries import audit_rows

if TYPE_CHECKING:
    from datetime import datetime

    from turnus.core.charges import Charge
    from turnus.core.contracts import ContractFacts, Raise
    from turnus.core.invoicing import Line


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
    names = {line.number: line.name for line in invoice_document(invoice).lines}
    teller = _Teller(Told(head.currency, minor_digits(head.currency), language))
    found: dict[int, Explained] = {}
    for placed, _version in placed_lines([invoice]).get(invoice, []):
        pieces = teller.pieces(placed.line, invoice, placed.net)
        row = found.setdefault(
            placed.printed, Explained(placed.printed, names.get(placed.printed, ""), head.currency, 0, [])
        )
        found[placed.printed] = row._replace(net=row.net + placed.net, pieces=[*row.pieces, *pieces])
    return list(found.values())


def decided_at(invoice: int) -> datetime | None:
    """When the lines of a document were decided: what was recorded later had no part in it. None: that is not known."""
    head = Invoice.objects.filter(id=invoice).values_list("run_id", "chunk").first()
    if head is None:
        return None
    run, chunk = head
    if run is None:
        rows = audit_rows([("invoice", invoice)])
        moments = {row.action: row.at for row in rows}
        made = [moments[name] for name in ("invoice.draft", "invoice.edit") if name in moments]
        return max(made) if made else moments.get("invoice.issue")
    steps = [row for row in audit_rows([("run", run)]) if row.action in {"run.draft", "run.release"}]
    return next((row.at for row in reversed(steps) if json.loads(row.after).get("chunk") == chunk), None)


class _Teller:
    """Tells lines; facts and moments are read once."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.moments: dict[int, datetime | None] = {}
        self.known: dict[tuple[int, datetime | None], ContractFacts | None] = {}
        self.periods: dict[int, dict[int, int]] = {}

    def pieces(self, line: Line, invoice: int, net: int) -> list[Piece]:
        """What a line is made of. What it takes back was decided with the document that charged it."""
        charge = line.charge
        decided = line.corrects[0] if line.sign < 0 and line.corrects else invoice
        if decided not in self.moments:
            self.moments[decided] = decided_at(decided)
        by = self.moments[decided]
        if (line.contract, by) not in self.known:
            self.known[line.contract, by] = facts_known(line.contract, by)
        facts = self.known[line.contract, by]
        reason = UNKNOWN if facts is None else self._why(line, decided, facts)
        pieces = explain(charge, line.sign, net, line.value, self._named(reason), reason)
        if facts is None or is_derived(charge.identity.part):
            return pieces
        origin = origin_of(charge.identity.item, charge.service.start, facts, by=by)
        version = [] if origin is None else [Piece("explain_version", _blanks(origin, self.told), 0)]
        return [*version, *_measured_piece(charge, self.told.language), *pieces]

    def _why(self, line: Line, invoice: int, facts: ContractFacts) -> Why:
        if line.contract not in self.periods:
            self.periods[line.contract] = granted_periods(line.contract)
        slot = line.charge.identity.slot
        reduces = kind_of(line.charge.identity.part).startswith("discount:")
        beside = fees_beside(line.contract, invoice, slot) if reduces else []
        return why(line.charge, facts, beside, self.periods[line.contract], self.told.digits)

    def _named(self, reason: Why) -> Told:
        """With the names of the products that are told."""
        products = {reason.least.product} if reason.least else set()
        if reason.of_set:
            products = {reason.of_set.product, *(product for product, _weight in reason.of_set.parts)}
        return self.told._replace(names=product_names(products, self.told.language)) if products else self.told


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
        "unit": UNITS.get(measure.unit, (measure.unit, measure.unit))[place], "quantum": quantum,
        "rounding": ROUNDINGS[measure.rounding][place] if quantum else "",
    }  # fmt: skip
    return [Piece("explain_usage", blanks, 0)]


def _blanks(origin: Origin, told: Told) -> dict[str, str]:
    language = told.language
    return {
        "since": format_date(origin.since, language),
        "source": "" if origin.raises else SOURCES[origin.source][0 if language == "de" else 1],
        "name": "" if origin.raises else origin.name,
        "valid_from": format_date(origin.valid_from, language) if origin.valid_from and not origin.raises else "",
        "recorded": format_date(origin.recorded.date(), language) if origin.recorded else "", "reason": origin.reason,
        "scheme": origin.scheme, "version": str(origin.version) if origin.scheme else "",
        "raised": _raised(origin, told), "index": _index(origin.ratio, language) if origin.ratio else "",
    }  # fmt: skip


def _raised(origin: Origin, told: Told) -> str:
    """``30,00 € + 3 % = 30,90 €``; of a price by a scheme alone ``+ 3 %``."""
    if not origin.raises:
        return ""
    steps = " ".join(_raise(planned, told) for planned in origin.raises)
    if origin.before == origin.after:
        return steps
    return f"{told.price(origin.before)} {steps} = {told.price(origin.after)}"


def _raise(planned: Raise, told: Told) -> str:
    mark, value = ("+" if planned.value >= 0 else "−"), abs(planned.value)
    return f"{mark} {told.number(value)} %" if planned.kind is RuleKind.PERCENT else f"{mark} {told.price(value)}"


def _index(ratio: Ratio, language: str) -> str:
    """``VPI 2026-10 124,5 / 2025-10 121``."""
    value, base = format_number(ratio.value, language), format_number(ratio.base, language)
    return f"{ratio.series} {ratio.month:%Y-%m} {value} / {ratio.reference:%Y-%m} {base}"
