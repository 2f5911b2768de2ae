"""How an item measures usage, as an option says it: with the names and words of the file of contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from turnus.core.contracts import NewItem
from turnus.core.intake.cells import CellError, key
from turnus.core.intake.columns import Values
from turnus.core.intake.metering_columns import METERING, metering_of
from turnus.core.intake.texts import message
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import House

UsageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--usage",
        metavar=both("POSITION:SPALTE=WERT,…", "ITEM:COLUMN=VALUE,…"),
        help=both(
            "Wie eine Position Verbrauch misst; Spalten wie in der Datei: Zähler, Aggregation, Verbrauchsfilter …",
            "How an item measures usage; columns as in the file: meter, aggregation, usage_filter …",
        ),
        show_default=False,
    ),
]
_COLUMNS = {key(header): column for column in METERING for header in column.headers}


def with_metering(items: Sequence[NewItem], texts: Sequence[str] | None, where: House) -> tuple[NewItem, ...]:
    """The items with their meters: ``1-API:aggregation=count,usage_filter=region=eu|ch``."""
    found = {item.code: item for item in items}
    for text in texts or ():
        code, _, rest = text.partition(":")
        if code not in found:
            known = ", ".join(found)
            raise typer.BadParameter(say("Positionen: {n}", "items: {n}", n=known), param_hint="--usage")
        found[code] = replace(found[code], metering=metering_of(_values(rest, where)))
    return tuple(found.values())


def _values(text: str, where: House) -> Values:
    parsed: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        column = _COLUMNS.get(key(name))
        if column is None:
            known = ", ".join(column.title(language()) for column in METERING)
            raise typer.BadParameter(say("Spalten: {n}", "columns: {n}", n=known), param_hint="--usage")
        try:
            parsed[column.name] = column.parse(value, where.reading)
        except CellError as error:
            said = f"{column.title(language())}: {message(error, language())}"
            raise typer.BadParameter(said, param_hint="--usage") from None
    return Values(parsed)
