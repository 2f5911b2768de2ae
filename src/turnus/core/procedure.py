"""The procedure documentation (Verfahrensdokumentation, GoBD ch. 10.1; law.md G-09): what runs here, told as it is.

Four parts: general, user, technical, operation. Everything in it comes from the running configuration; texts stand in
``core/words/procedure``. No day and no instant is in it, so a version differs from the last where something changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.core.retention import PARAGRAPHS, YEARS
from turnus.core.words.procedure import CLASSES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class House(NamedTuple):
    """One of our companies."""

    code: str
    name: str
    address: str
    vat_id: str
    tax_number: str
    register: str
    settings: Sequence[tuple[str, str]]
    """(setting, value) that steer billing."""
    series: Sequence[tuple[str, str, str, str]]
    """Number ranges: (kind of document, code, pattern, valid from)."""
    runs: Sequence[tuple[str, str, str]]
    """Invoice runs: (name, automation, rhythm)."""


class Installation(NamedTuple):
    """What is configured."""

    version: str
    runtime: Sequence[tuple[str, str]]
    """(part, version): Python, database, libraries."""
    houses: Sequence[House]
    store: str
    country: str
    users: Sequence[tuple[str, str]]
    """(name, role)."""
    rules: Sequence[tuple[str, str, str]]
    """Rule sets: (name, version, SHA-256)."""
    rates: Sequence[tuple[str, str, str, str]]
    """VAT: (country, class, percent, valid from)."""
    guarded: Sequence[str]
    """Tables whose rows never change."""
    holds: Sequence[tuple[str, str]]
    """(entry, reason)."""


def procedure_text(found: Installation, language: str = "de") -> str:
    """The documentation as Markdown in ``de`` or ``en``; equal configurations give equal texts."""
    place = 0 if language == "de" else 1

    def say(code: str, **blanks: object) -> str:
        return TEXTS[code][place].format(**blanks)

    def table(titles: str, rows: Iterable[Sequence[object]]) -> list[str]:
        cells = [[_cell(value) for value in row] for row in rows]
        if not cells:
            return [say("none"), ""]
        head = say(titles).split("|")
        ruled = [head, ["---"] * len(head), *cells]
        return [*(f"| {' | '.join(row)} |" for row in ruled), ""]

    lines = [f"# {say('title')}", "", say("scope", version=found.version), "", f"## 1 {say('general')}", ""]
    for house in found.houses:
        who = [house.address, house.vat_id, house.tax_number, house.register]
        lines += [f"### {_cell(house.name)} ({house.code})", "", _cell("; ".join(part for part in who if part)), ""]
        lines += [say("settings"), "", *table("settings_titles", house.settings)]
        lines += [say("series"), "", *table("series_titles", house.series)]
    lines += [say("duties"), "", f"## 2 {say('user')}", "", say("steps"), ""]
    for house in found.houses:
        lines += [f"{say('runs')} {house.code}:", "", *table("runs_titles", house.runs)]
    lines += [say("users"), "", *table("users_titles", found.users), say("control"), ""]
    lines += [f"## 3 {say('technical')}", "", *table("runtime_titles", found.runtime)]
    lines += [say("guarded", count=len(found.guarded)), "", ", ".join(f"`{name}`" for name in found.guarded), ""]
    lines += [say("rules"), "", *table("rules_titles", found.rules)]
    lines += [say("rates"), "", *table("rates_titles", found.rates)]
    lines += [f"## 4 {say('operation')}", "", say("store", store=found.store, country=found.country or "–"), ""]
    kept = [(CLASSES[one][place], years, PARAGRAPHS[one]) for one, years in YEARS.items()]
    lines += [say("retention"), "", *table("retention_titles", kept)]
    lines += [say("holds"), "", *table("holds_titles", found.holds), say("backup"), ""]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
