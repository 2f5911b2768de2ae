"""``index.xml`` of the Beschreibungsstandard für die Datenträgerüberlassung, and the DTD beside it (law.md G-06)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from turnus.core.auditing import Column, Table

DTD_NAME: Final = "gdpdu-01-09-2004.dtd"
_TEXTS: Final = (
    "Version Location Comment Length References From To MaxLength TextEncapsulator Accuracy ImpliedAccuracy Format "
    "DecimalSymbol DigitGroupingSymbol Command URL Description Name Epoch ColumnDelimiter RecordDelimiter SkipNumBytes "
    "AcceptNoTables"
)
_EMPTY: Final = "AlphaNumeric ANSI Macintosh OEM UTF16 UTF7 UTF8"
_CELLS: Final = "(Name, Description?, (Numeric | (AlphaNumeric, MaxLength?) | Date), Map*)"
_FIXED: Final = "(Name, Description?, (Numeric | AlphaNumeric | Date), Map*, FixedRange)"
_MODELS: Final[Mapping[str, str]] = {
    "DataSet": "(Extension*, Version, DataSupplier?, Command*, Media+, Command*)",
    "Extension": "(Name, URL)",
    "DataSupplier": "(Name, Location, Comment)",
    "Media": "(Name, Command*, (Table+, Command*)?, AcceptNoTables?)",
    "Table": "(URL, Name?, Description?, Validity?, (ANSI | Macintosh | OEM | UTF16 | UTF7 | UTF8)?, "
    "(DecimalSymbol, DigitGroupingSymbol)?, SkipNumBytes?, Range?, Epoch?, (VariableLength | FixedLength))",
    "Validity": "(Range, Format?)",
    "Range": "(From, (To | Length)?)",
    "VariableLength": "(ColumnDelimiter?, RecordDelimiter?, TextEncapsulator?, "
    "((VariablePrimaryKey+, VariableColumn*) | VariableColumn+), ForeignKey*)",
    "VariablePrimaryKey": _CELLS,
    "VariableColumn": _CELLS,
    "FixedLength": "((Length | RecordDelimiter)?, ((FixedPrimaryKey+, FixedColumn*) | FixedColumn+), ForeignKey*)",
    "FixedPrimaryKey": _FIXED,
    "FixedColumn": _FIXED,
    "FixedRange": "(From, (To | Length))",
    "ForeignKey": "(Name+, References, Alias*)",
    "Alias": "(From, To)",
    "Map": "(Description?, From, To)",
    "Date": "(Format?)",
    "Numeric": "(ImpliedAccuracy | Accuracy)?",
}
"""The elements of the standard of 1 September 2004, rebuilt from its published list of elements.

What ``Media`` holds is written so that a parser need not guess (the same documents are valid)."""


class Medium(NamedTuple):
    """What is handed over: by whom, of which days, and what is in each table."""

    supplier: str
    location: str
    since: date
    until: date
    """The last day."""
    tables: Sequence[tuple[Table, Mapping[str, int]]]
    """Each with the decimals of its columns that have any."""


def dtd() -> str:
    """The document type that ``index.xml`` names. An auditor's program brings its own copy of it."""
    note = (
        "<!-- Beschreibungsstandard fuer die Datentraegerueberlassung, Fassung 1. September 2004: rebuilt by Turnus\n"
        "     from the published list of elements, in the same order; the official text may take its place. -->\n"
    )
    rows = [f"<!ELEMENT {name} (#PCDATA)>" for name in _TEXTS.split()]
    rows += [f"<!ELEMENT {name} EMPTY>" for name in _EMPTY.split()]
    rows += [f"<!ELEMENT {name} {model}>" for name, model in _MODELS.items()]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + note + "\n".join(rows) + "\n"


def index_xml(medium: Medium) -> str:
    """The description of all tables: what is a number, a day, a key, and what refers to what."""
    days = f"{medium.since.isoformat()} – {medium.until.isoformat()}"
    supplier = _put(
        "DataSupplier",
        _text("Name", medium.supplier), _text("Location", medium.location), _text("Comment", f"Turnus, {days}"),
    )  # fmt: skip
    tables = [_table(table, digits, medium) for table, digits in medium.tables]
    root = _put("DataSet", _text("Version", "1.0"), supplier, _put("Media", _text("Name", "Turnus"), *tables))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE DataSet SYSTEM "{DTD_NAME}">\n{root}'


def _table(table: Table, digits: Mapping[str, int], medium: Medium) -> str:
    span = _put("Range", _text("From", _day(medium.since)), _text("To", _day(medium.until)))
    columns = [
        _column("VariablePrimaryKey" if place < table.keys else "VariableColumn", one, digits.get(one.name, 0))
        for place, one in enumerate(table.columns)
    ]
    keys = [_put("ForeignKey", _text("Name", name), _text("References", other)) for name, other in table.references]
    body = _put(
        "VariableLength",
        _text("ColumnDelimiter", ";"), "<RecordDelimiter>&#13;&#10;</RecordDelimiter>\n",
        _text("TextEncapsulator", '"'),
        *columns, *keys,
    )  # fmt: skip
    head = (
        _text("URL", table.file), _text("Name", table.name), _text("Description", table.told),
        _put("Validity", span, _text("Format", "DD.MM.YYYY")) if table.day or table.parent else "",
        "<UTF8/>\n", _text("DecimalSymbol", ","), _text("DigitGroupingSymbol", "."),
        _put("Range", _text("From", "2")),
    )  # fmt: skip
    return _put("Table", *head, body)


def _column(element: str, column: Column, digits: int) -> str:
    kinds = {"money": "Numeric", "percent": "Numeric", "number": "Numeric", "id": "Numeric"}
    if column.kind in {"date", "last"}:
        kind = _put("Date", _text("Format", "DD.MM.YYYY"))
    elif column.kind in kinds:
        kind = _put("Numeric", _text("Accuracy", str(digits)))
    else:
        kind = "<AlphaNumeric/>\n"
    return _put(element, _text("Name", column.name), kind)


def _put(name: str, *children: str) -> str:
    return f"<{name}>\n{''.join(children)}</{name}>\n"


def _text(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>\n"


def _day(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}"
