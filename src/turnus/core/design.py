"""Designs of documents (JB-84, JB-85): what may be set, what is wrong with it, which one prints a document.

A design is data: a TOML file, kept as versions that never change. ``design_of`` reads it and names all faults at once.
Texts of one's own have placeholders in braces; nothing else in them is ever interpreted.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.core.document import SELF_BILLED, Design, Kind
from turnus.core.faults import Fault
from turnus.core.formatting import CONVENTIONS, NBSP, conventions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from turnus.core.formatting import Locale

COLUMNS: Final = ("position", "item", "period", "quantity", "price", "tax", "amount")
NEEDED_COLUMNS: Final = ("item", "quantity", "amount")
"""§ 14 (4) no. 5 UStG: quantity and kind."""
STANDARD_COLUMNS: Final = ("position", "item", "quantity", "price", "amount")
BLOCKS: Final = ("intro", "lines", "totals", "payment", "notes", "closing")
NEEDED_BLOCKS: Final = ("lines", "totals", "payment", "notes")
"""§ 14 (4) nos. 5, 7 and 8 UStG stand in them."""
STANDARD_BLOCKS: Final = ("intro", "lines", "payment", "totals", "notes", "closing")
SLOTS: Final = ("salutation", "intro", "payment", "closing", "greeting", "note")
"""Texts of one's own: ``payment`` and ``note`` are added, the others take the place of the shipped text."""
PLACEHOLDERS: Final = (
    "amount", "city", "contact", "contract", "customer", "customer_number", "date", "due", "email", "number", "period",
    "phone", "preceding", "reason", "seller",
)  # fmt: skip
FOOTER: Final = (
    "address", "bank", "bic", "city", "contact", "country", "email", "iban", "management", "phone", "register",
    "seller", "street", "tax_number", "vat_id", "website",
)  # fmt: skip
MARKS: Final = (",", ".", "’", "'", " ", NBSP)
"""What may stand between digits."""
MAX_FOOTER: Final = 5
"""Columns of a footer."""
MAX_TEXT: Final = 2_000
"""Characters of a text of one's own."""

_PLACEHOLDER: Final = re.compile(r"{([^{}]*)}")
_CORRECTING: Final = frozenset({Kind.CREDIT, Kind.CANCELLATION, Kind.CORRECTION, Kind.SELF_CREDIT})
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_DATE: Final = re.compile(r"(?:dd?|mm?|yyyy)(?:[-./ ]|\. )(?:dd?|mm?)(?:[-./ ]|\. )(?:dd?|yyyy)")
_DATE_PART: Final = {"d": "{day}", "dd": "{day:02d}", "m": "{month}", "mm": "{month:02d}", "yyyy": "{year:04d}"}
_CHOICES: Final = {"columns": COLUMNS, "blocks": BLOCKS}
_FORMATS: Final = ("decimal_mark", "group_mark", "date")
_PLAIN: Final = tuple(
    f.name for f in fields(Design) if f.name not in {*_FORMATS, *_CHOICES, "footer", "texts", "version"}
)


def design_of(values: Mapping[str, Any]) -> tuple[Design, list[Fault]]:
    """The design that a TOML file describes, and everything that is wrong with it; without faults it can print."""
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    known = (*_PLAIN, *_CHOICES, "footer", "formats", "texts")
    faults += [Fault("design_key", {"key": key, "known": ", ".join(known)}) for key in values if key not in known]
    faults += _plain(values, found)
    for key in _CHOICES:
        faults += _list(key, values, found)
    faults += _footer(values, found)
    faults += _formats(values, found)
    faults += _texts(values, found)
    design = Design(**found)
    return design, [*faults, *_rules(design)]


def design_values(design: Design) -> dict[str, Any]:
    """A design as its TOML file has it; what is as in a new design is left out."""
    standard, found = Design(), {}
    for name in (*_PLAIN, *_CHOICES, "footer"):
        value = getattr(design, name)
        if name == "template" or value != getattr(standard, name):
            found[name] = [list(part) for part in value] if name == "footer" else value
            if name in _CHOICES:
                found[name] = list(value)
    if formats := {name: getattr(design, name) for name in _FORMATS if getattr(design, name)}:
        found["formats"] = formats
    texts: dict[str, Any] = {}
    for path, text in design.texts:
        *places, slot = path.split(".")
        node = texts
        for place in places:
            node = node.setdefault(place, {})
        node[slot] = text
    return found | ({"texts": texts} if texts else {})


def own_text(design: Design, slot: str, *, language: str, kind: str) -> str | None:
    """The design's text for a place, that of the kind first; None: the shipped one stands.

    An introduction for every kind leaves alone corrections and self-billing, whose own one the law asks for.
    """
    texts = dict(design.texts)
    if f"{language}.{kind}.{slot}" in texts:
        return texts[f"{language}.{kind}.{slot}"]
    if slot == "intro" and kind in _CORRECTING | SELF_BILLED:
        return None
    return texts.get(f"{language}.{slot}")


def filled(text: str, blanks: Mapping[str, str]) -> str:
    """A text with its placeholders filled; one that is unknown, or has no value, is left out."""
    return _PLACEHOLDER.sub(lambda match: blanks.get(match[1], ""), text)


def written(design: Design, language: str) -> Locale:
    """How numbers and dates of a language are written where the design has ways of its own (JB-88, JB-89)."""
    changes = {name: getattr(design, name) for name in ("decimal_mark", "group_mark") if getattr(design, name)}
    if design.date:
        changes["date"] = re.sub("[dmy]+", lambda match: _DATE_PART[match[0]], design.date)
    return replace(conventions(language), **changes) if changes else language


class DesignRule(NamedTuple):
    """Where a design is used; what is empty fits everything."""

    design: str
    kind: str = ""
    site: str = ""
    group: str = ""
    language: str = ""
    country: str = ""


class Printed(NamedTuple):
    """What a design is chosen by."""

    kind: str
    site: str
    """Where the customer is looked after (JB-92)."""
    group: str
    """Code of the customer's group."""
    language: str
    country: str
    """The buyer's."""


def chosen(rules: Sequence[DesignRule], printed: Printed) -> str:
    """The design of the rule that fits and says most; of equals the later one; empty where none fits."""
    fitting = [rule for rule in rules if all(not own or own == has for own, has in zip(rule[1:], printed, strict=True))]
    best = max(enumerate(fitting), key=lambda each: (sum(map(bool, each[1][1:])), each[0]), default=None)
    return best[1].design if best else ""


def as_toml(values: Mapping[str, Any], path: str = "") -> str:
    """A design as the text of a TOML file."""
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if not isinstance(value, dict)]
    tables = [(f"{path}{key}", value) for key, value in values.items() if isinstance(value, dict)]
    parts = ["\n".join(lines)] if lines else []
    for name, value in tables:
        head = f"[{name}]\n" if any(not isinstance(each, dict) for each in value.values()) else ""
        parts.append(head + as_toml(value, f"{name}.").rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def _toml(value: Any) -> str:  # noqa: ANN401 - whatever a design holds
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _plain(values: Mapping[str, Any], found: dict[str, Any]) -> Iterator[Fault]:
    standard = Design()
    for key in _PLAIN:
        if key not in values:
            continue
        wanted = type(getattr(standard, key))
        if isinstance(values[key], wanted):
            found[key] = values[key]
        else:
            yield Fault("design_switch" if wanted is bool else "design_text", {"key": key})


def _list(key: str, values: Mapping[str, Any], found: dict[str, Any]) -> Iterator[Fault]:
    rows = values.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(each, str) for each in rows):
        yield Fault("design_list", {"key": key})
        return
    known = _CHOICES[key]
    for each in rows:
        if each not in known:
            yield Fault("design_entry", {"key": key, "value": each, "known": ", ".join(known)})
    for each in {each for each in rows if rows.count(each) > 1}:
        yield Fault("design_twice", {"key": key, "value": each})
    found[key] = tuple(dict.fromkeys(each for each in rows if each in known))


def _footer(values: Mapping[str, Any], found: dict[str, Any]) -> Iterator[Fault]:
    rows = values.get("footer", [])
    right = isinstance(rows, list) and all(
        isinstance(part, list) and all(isinstance(line, str) for line in part) for part in rows
    )
    if not right or len(rows) > MAX_FOOTER:
        yield Fault("design_footer", {})
        return
    for line in (line for part in rows for line in part):
        yield from _blanks("footer", line, FOOTER)
    found["footer"] = tuple(tuple(part) for part in rows)


def _formats(values: Mapping[str, Any], found: dict[str, Any]) -> Iterator[Fault]:
    given = values.get("formats", {})
    if not isinstance(given, dict):
        yield Fault("design_table", {"key": "formats"})
        return
    for key, value in given.items():
        if key not in _FORMATS:
            yield Fault("design_key", {"key": f"formats.{key}", "known": ", ".join(_FORMATS)})
        elif not isinstance(value, str):
            yield Fault("design_text", {"key": f"formats.{key}"})
        elif key == "date" and value and not _dated(value):
            yield Fault("design_date", {"value": value})
        elif key != "date" and value and value not in MARKS:
            yield Fault("design_mark", {"key": key, "value": value})
        else:
            found[key] = NBSP if value == " " else value


def _dated(pattern: str) -> bool:
    """Day, month and year once each."""
    return bool(_DATE.fullmatch(pattern)) and {part[0] for part in re.findall("[dmy]+", pattern)} == set("dmy")


def _texts(values: Mapping[str, Any], found: dict[str, Any]) -> Iterator[Fault]:
    given = values.get("texts", {})
    if not isinstance(given, dict):
        yield Fault("design_table", {"key": "texts"})
        return
    texts: list[tuple[str, str]] = []
    for language, slots in given.items():
        if language not in CONVENTIONS:
            yield Fault("design_language", {"value": language, "known": ", ".join(CONVENTIONS)})
        if not isinstance(slots, dict):
            yield Fault("design_table", {"key": f"texts.{language}"})
            continue
        for key, value in slots.items():
            parts = value.items() if isinstance(value, dict) else [(key, value)]
            if isinstance(value, dict) and key not in set(Kind):
                yield Fault("design_kind", {"value": key, "known": ", ".join(Kind)})
            place = f"{language}.{key}" if isinstance(value, dict) else language
            for slot, text in parts:
                yield from _text(f"{place}.{slot}", text)
                texts.append((f"{place}.{slot}", str(text)))
    found["texts"] = tuple(sorted(texts))


def _text(path: str, text: object) -> Iterator[Fault]:
    *places, slot = path.split(".")
    if slot not in SLOTS:
        yield Fault("design_key", {"key": f"texts.{path}", "known": ", ".join(SLOTS)})
    elif not isinstance(text, str) or len(text) > MAX_TEXT:
        yield Fault("design_text", {"key": f"texts.{path}"})
    else:
        yield from _blanks(f"texts.{path}", text, PLACEHOLDERS)
        if slot == "intro" and places[-1] in _CORRECTING and "{preceding}" not in text:
            yield Fault("design_preceding", {"key": f"texts.{path}"})


def _blanks(where: str, text: str, known: Sequence[str]) -> Iterator[Fault]:
    """Braces that stand for nothing."""
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            yield Fault("design_placeholder", {"key": where, "value": name, "known": ", ".join(known)})
    if "{" in (rest := _PLACEHOLDER.sub("", text)) or "}" in rest:
        yield Fault("design_brace", {"key": where})


def _rules(design: Design) -> Iterator[Fault]:
    """What no single entry shows."""
    if not _COLOUR.fullmatch(design.accent):
        yield Fault("design_accent", {"value": design.accent})
    if design.form not in ("", "A", "B"):
        yield Fault("design_form", {"value": design.form})
    for key, needed, own in (
        ("columns", NEEDED_COLUMNS, design.columns), ("blocks", NEEDED_BLOCKS, design.blocks),
    ):  # fmt: skip
        if own and (lacking := [each for each in needed if each not in own]):
            yield Fault("design_lacks", {"key": key, "value": ", ".join(lacking)})
    if "amount" in design.columns[:-1] or "position" in design.columns[1:]:
        yield Fault("design_ends", {})
    if {"lines", "totals"} <= set(design.blocks) and design.blocks.index("totals") < design.blocks.index("lines"):
        yield Fault("design_order", {})
    footer = " ".join(line for part in design.footer for line in part)
    if footer and not re.search("{(vat_id|tax_number)}", footer):
        yield Fault("design_tax_number", {})
    if design.decimal_mark and design.decimal_mark == design.group_mark:
        yield Fault("design_marks", {})


_CLASSIC: Final = Design(font="Source Sans 3", form="B")
SHIPPED: Final[Mapping[str, Design]] = {
    "classic": _CLASSIC,
    "classic-a": replace(_CLASSIC, form="A"),
    "modern": Design("modern", accent="#3b4cca", font="Figtree", form="B"),
    "swiss": Design("swiss", accent="#e2231a", font="Inter Tight", form="B"),
    "kontor": Design("kontor", accent="#6b2737", font="Newsreader", form="A"),
    "compact": Design(
        "compact", accent="#1f5f8b", font="Fira Sans", form="A", carry=True,
        columns=("position", "item", "period", "quantity", "price", "tax", "amount"),
    ),
}  # fmt: skip
"""Designs that come with Turnus, to use as they are or to begin with."""
