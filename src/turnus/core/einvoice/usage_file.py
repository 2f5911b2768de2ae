"""The usage behind the lines as a file (BG-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.core.document import Attached

if TYPE_CHECKING:
    from turnus.core.document import InvoiceDocument


def usage_file(document: InvoiceDocument) -> Attached | None:
    """A CSV (UTF-8, semicolons) with one row per day and label of each line's usage; None where there is none."""
    rows = ["line;day;label;quantity;amount"]
    for line in document.lines:
        for day, label, quantity, amount in line.usage:
            cells = (str(line.number), day.isoformat() if day else "", label, f"{quantity:f}",
                     f"{amount:f}" if amount is not None else "")  # fmt: skip
            rows.append(";".join(_cell(cell) for cell in cells))
    if len(rows) == 1:
        return None
    german = document.language == "de"
    name = f"{'verbrauch' if german else 'usage'}.csv"
    content = "\n".join([*rows, ""]).encode()
    return Attached(name, "text/csv", content, "Verbrauch" if german else "Usage")


def _cell(text: str) -> str:
    """Quoted where needed; a label that a spreadsheet would take for a formula is text."""
    if text[:1] in {"=", "+", "@", "\t"} or (text[:1] == "-" and not text[1:2].isdigit()):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ';"\n') else text
