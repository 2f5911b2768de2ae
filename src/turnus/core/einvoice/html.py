"""An e-invoice as HTML for people: every business term with its value, its name in two languages, nothing executed."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Final

from turnus.core.einvoice.model import Adjustment
from turnus.core.einvoice.places import PLACES
from turnus.core.formatting import format_date
from turnus.core.words.einvoice import TERMS
from turnus.core.words.einvoice_names import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turnus.core.einvoice.model import ReadInvoice

_SECTIONS: Final = (
    ("Beleg", "Document", ("number", "issue_date", "code", "currency", "terms", "buyer_reference", "period")),
    ("Verkäufer", "Seller", ("seller", "payee", "representative")),
    ("Käufer", "Buyer", ("buyer", "deliveries")),
    ("Positionen", "Lines", ("lines",)),
    ("Nachlässe und Zuschläge", "Allowances and charges", ("adjustments",)),
    ("Umsatzsteuer", "VAT", ("taxes",)),
    ("Summen", "Totals", ("totals",)),
    ("Zahlung", "Payment", ("payment",)),
)
_AMOUNTS: Final = frozenset({
    "lines", "net", "gross", "due", "tax", "allowances", "charges", "tax_accounting", "prepaid", "rounding", "base",
    "amount", "discount",
})  # fmt: skip
"""Fields with at least two decimals."""
_STYLE: Final = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}h2{font-size:1.05rem;margin:1.6rem 0 .3rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #ddd}"
    "th{font-weight:400;color:#555;width:22rem}td.term{color:#777;width:5.5rem}tr.group td{border:0;height:.7rem}"
    "td.value{white-space:pre-wrap;overflow-wrap:anywhere}"
)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def invoice_html(read: ReadInvoice, language: str = "de") -> str:
    """A page that stands alone: no script, no link, no image; whatever the file says is text.

    Attached files are named, with their size, never shown. What EN 16931 has no term for comes last, as it stood.
    """
    german = language == "de"
    invoice = read.invoice
    known = {name for _german, _english, names in _SECTIONS for name in names}
    rest = tuple(one.name for one in fields(invoice) if one.name not in known)
    parts = []
    for title, english, names in (*_SECTIONS, ("Weitere Angaben", "Further details", rest)):
        rows = [row for name in names for row in _rows(getattr(invoice, name), name, german=german)]
        if rows:
            parts.append(f"<h2>{title if german else english}</h2>\n<table>\n{''.join(rows)}</table>\n")
    if read.outside:
        title = "Angaben außerhalb der Norm" if german else "Details outside the standard"
        cells = [_row("", one.path, one.value) for one in read.outside]
        parts.append(f"<h2>{title}</h2>\n<table>\n{''.join(cells)}</table>\n")
    head = f"{'Rechnung' if german else 'Invoice'} {escape(invoice.number)}"
    return (
        f'<!DOCTYPE html>\n<html lang="{"de" if german else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<title>{head}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{head}</h1>\n{''.join(parts)}</body>\n</html>\n"
    )


def _rows(value: Any, path: str, *, german: bool) -> Iterator[str]:  # noqa: ANN401 - any value of the model
    """A row for each value that there is."""
    if value is None or value in ("", ()):
        return
    if path.endswith("attributes"):
        for pair in value:
            for place, text in enumerate(pair):
                yield from _named(f"{path}.{place}", text, german=german)
    elif is_dataclass(value) or hasattr(value, "_fields"):
        yield from _group(value, path, german=german)
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield '<tr class="group"><td colspan="3"></td></tr>\n' if number else ""
            yield from _rows(one, path, german=german)
    else:
        yield from _named(path, _text(value, path, german=german), german=german)


def _group(value: Any, path: str, *, german: bool) -> Iterator[str]:  # noqa: ANN401 - any group of the model
    """The rows of a group; of an attached file its size."""
    if isinstance(value, Adjustment):
        path = f"{path}.{'charge' if value.charge else 'allowance'}"
    for name in [one.name for one in fields(value)] if is_dataclass(value) else value._fields:
        one = getattr(value, name)
        if isinstance(one, bytes):
            yield from _named(f"{path}.{name}", f"{len(one)} Bytes", german=german)
        elif name != "charge":
            yield from _rows(one, f"{path}.{name}", german=german)


def _named(path: str, text: str, *, german: bool) -> Iterator[str]:
    term = PLACES[path]
    base = term if term in TERMS or term in NAMES else term.rpartition("-")[0]
    name = (TERMS.get(base) or NAMES[base])[0 if german else 1]
    yield _row(term, name if base == term else f"{name} ({'Schema' if german else 'scheme'})", text)


def _row(term: str, name: str, text: str) -> str:
    return f'<tr><td class="term">{term}</td><th>{escape(name)}</th><td class="value">{escape(text)}</td></tr>\n'


def _text(value: object, path: str, *, german: bool) -> str:
    if isinstance(value, date):
        return format_date(value, "de" if german else "en")
    if isinstance(value, Decimal):
        exact = f"{value:f}"
        if path.rpartition(".")[2] in _AMOUNTS and len(exact.partition(".")[2]) < 2:
            exact = f"{value:.2f}"
        return exact.replace(".", ",") if german else exact
    return str(value)
