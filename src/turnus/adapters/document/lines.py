"""One line of the table, in words and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from turnus.adapters.document.plain import lines as printed_lines
from turnus.adapters.document.plain import one_line
from turnus.core.document import SELF_BILLED
from turnus.core.formatting import (
    NBSP,
    format_amount,
    format_date,
    format_period,
    format_price,
    format_rate,
    format_share,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turnus.adapters.document.words import Words
    from turnus.core.document import DocumentLine, InvoiceDocument, Section

MAX_ROWS_KEPT = 6
"""Rows of usage up to which a line stays on one page."""
MAX_KEPT = 1_200
"""Characters up to which a line stays on one page; a longer description may run over to the next."""


def priced_gross(document: InvoiceDocument) -> bool:
    """True where every line has a gross price: then the amounts add up to the total with tax."""
    return bool(document.lines) and all(line.gross_price for line in document.lines)


def line_views(document: InvoiceDocument, say: Words) -> Iterator[dict[str, Any]]:
    """Every line; of a collective invoice the first of a section bears its title, the last its sub-total."""
    running = 0
    titles = {section.lines[0]: _title(section, say) for section in document.sections}
    totals = {section.lines[-1]: section for section in document.sections} if len(document.sections) > 1 else {}
    for line in document.lines:
        found = line_view(line, document, say)
        running += line.gross if priced_gross(document) else line.net
        found["running"] = format_amount(running, document.currency, say.locale)
        found["section"] = titles.get(line.number, "")
        found["subtotal"] = []
        if line.number in totals:
            section = totals[line.number]
            amount = section.gross if priced_gross(document) else section.net
            label = say("table.subtotal", name=_title(section, say))
            found["subtotal"] = [label, format_amount(amount, document.currency, say.locale)]
        yield found


def _corrects(document: InvoiceDocument) -> str:
    return "table.corrects_self" if document.kind in SELF_BILLED else "table.corrects"


def _title(section: Section, say: Words) -> str:
    if section.contract:
        return say("table.contract", number=one_line(section.contract))
    return one_line(f"{section.customer_name} ({section.customer_number})")


def line_view(line: DocumentLine, document: InvoiceDocument, say: Words) -> dict[str, Any]:
    """The cells of a line. Amounts that include tax say so where the table mixes both kinds."""
    amount, allowance = _before_allowance(line)
    marked = line.gross_price and not priced_gross(document)
    rows = []
    if allowance:
        label = one_line(line.allowance_reason) or say("table.discount")
        rows.append([label, format_amount(-allowance, document.currency, say.locale)])
    return {
        "position": str(line.number),
        "name": one_line(line.name),
        "description": printed_lines(line.description),
        "details": [
            *(one_line(step).replace(" ", NBSP) for step in line.steps),
            " · ".join(part.replace(" ", NBSP) for part in _when_and_where(line, document, say)),
            say(_corrects(document), number=one_line(line.corrects)) if line.corrects else "",
            say("usage.see_appendix") if line.usage and line.appendix else "",
        ],
        "usage": [] if line.appendix else [usage_view(line, document, say)] if line.usage else [],
        "period": format_period(line.period, say.locale).replace(" ", NBSP) if line.period else "",
        "tax": format_rate(line.tax_rate, say.locale),
        "quantity": say.quantity(line.quantity, line.unit),
        "price": format_price(line.unit_price, document.currency, say.locale),
        "amount": format_amount(amount, document.currency, say.locale),
        "including": say("table.including") if marked else "",
        "discounts": rows,
        "kept": len(line.description) <= MAX_KEPT and (line.appendix or len(line.usage) <= MAX_ROWS_KEPT),
    }


def usage_view(line: DocumentLine, document: InvoiceDocument, say: Words) -> dict[str, Any]:
    """The usage behind a line as a table: day and label where there are any, then quantity or amount."""
    dated, labelled = any(row.day for row in line.usage), any(row.label for row in line.usage)
    rated = any(row.amount is not None for row in line.usage)
    heads = [say("usage.day")] * dated + [say("usage.label")] * labelled
    rows = []
    for row in line.usage:
        day, label = format_date(row.day, say.locale) if row.day else "", one_line(row.label.replace(";", ", "))
        cells = [day] * dated + [label] * labelled
        if row.amount is not None:
            value = format_price(row.amount, document.currency, say.locale)
        else:
            value = say.quantity(row.quantity, line.unit)
        rows.append([*cells, value])
    return {"columns": [*heads, say("table.amount" if rated else "table.quantity")], "rows": rows}


def appendix_view(document: InvoiceDocument, say: Words) -> list[dict[str, Any]]:
    """The usage that stands on pages of its own, line by line."""
    return [
        {
            "title": say("usage.title", number=str(line.number), name=one_line(line.name)),
            "period": format_period(line.period, say.locale) if line.period else "",
            **usage_view(line, document, say),
        }
        for line in document.lines
        if line.usage and line.appendix
    ]


def _before_allowance(line: DocumentLine) -> tuple[int, int]:
    """The amount before the discount and the discount, in minor units, both with the sign of the line (BG-27).

    Added up, the column gives the total. Where a discount takes all, the price tells the sign.
    """
    amount = line.gross if line.gross_price else line.net
    negative = amount < 0 or (amount == 0 and line.quantity * line.unit_price < 0)
    allowance = -line.allowance if negative else line.allowance
    return amount + allowance, allowance


def _when_and_where(line: DocumentLine, document: InvoiceDocument, say: Words) -> Iterator[str]:
    """Service period, its share (H-23), the contract where there are several."""
    if line.period and "period" not in document.design.columns:
        yield format_period(line.period, say.locale)
    if line.whole_days:
        key = "table.share_one" if line.whole_days == 1 else "table.share"
        yield say(key, days=str(line.days), whole=str(line.whole_days))
    if line.share[1]:
        yield say("table.paid", share=format_share(*line.share, say.locale))
    several = len({each.contract for each in document.lines if each.contract}) > 1
    if several and line.contract and not any(section.contract for section in document.sections):
        yield say("table.contract", number=one_line(line.contract))
    if line.order_reference:
        yield say("table.order", number=one_line(line.order_reference))
    if line.cost_centre:
        yield say("table.cost_centre", name=one_line(line.cost_centre))
