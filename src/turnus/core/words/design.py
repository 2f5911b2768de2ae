"""What is wrong with a design of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "design_key": ("„{key}“ gibt es nicht. Möglich: {known}.", "There is no “{key}”. Possible: {known}."),
    "design_text": ("{key}: Hier gehört ein Text hin, höchstens 2.000 Zeichen.",
                    "{key}: this takes a text of at most 2,000 characters."),
    "design_switch": ("{key}: true oder false.", "{key}: true or false."),
    "design_list": ("{key}: Hier gehört eine Liste von Namen hin.", "{key}: this takes a list of names."),
    "design_table": ("{key}: Hier gehört eine Tabelle hin.", "{key}: this takes a table."),
    "design_entry": ("{key}: „{value}“ gibt es nicht. Möglich: {known}.",
                     "{key}: there is no “{value}”. Possible: {known}."),
    "design_twice": ("{key}: „{value}“ steht zweimal da.", "{key}: “{value}” stands there twice."),
    "design_lacks": ("{key}: Es fehlt {value}; das verlangt § 14 Abs. 4 UStG.",
                     "{key}: {value} is missing; section 14 (4) UStG demands it."),
    "design_ends": ("columns: position steht am Anfang, amount am Ende.",
                    "columns: position comes first, amount comes last."),
    "design_order": ("blocks: totals steht nach lines.", "blocks: totals comes after lines."),
    "design_accent": ("accent: „{value}“ ist keine Farbe wie #0b5d5e.", "accent: “{value}” is no colour like #0b5d5e."),
    "design_form": ("form: „{value}“ gibt es nicht; A oder B.", "form: there is no “{value}”; A or B."),
    "design_footer": ("footer: Hier gehören höchstens fünf Listen von Zeilen hin.",
                      "footer: this takes at most five lists of lines."),
    "design_tax_number": (
        "footer: Es fehlt {{vat_id}} oder {{tax_number}}; § 14 Abs. 4 Nr. 2 UStG verlangt eine von beiden.",
        "footer: {{vat_id}} or {{tax_number}} is missing; section 14 (4) no. 2 UStG demands one of them.",
    ),
    "design_date": ("formats.date: „{value}“ ist kein Muster wie dd.mm.yyyy.",
                    "formats.date: “{value}” is no pattern like dd.mm.yyyy."),
    "design_mark": ("formats.{key}: „{value}“ trennt keine Ziffern.", "formats.{key}: “{value}” separates no digits."),
    "design_marks": ("formats: decimal_mark und group_mark sind gleich.",
                     "formats: decimal_mark and group_mark are the same."),
    "design_language": ("texts: Die Sprache „{value}“ gibt es nicht. Möglich: {known}.",
                        "texts: there is no language “{value}”. Possible: {known}."),
    "design_kind": ("texts: Die Belegart „{value}“ gibt es nicht. Möglich: {known}.",
                    "texts: there is no kind “{value}”. Possible: {known}."),
    "design_placeholder": ("{key}: Den Platzhalter {{{value}}} gibt es nicht. Möglich: {known}.",
                           "{key}: there is no placeholder {{{value}}}. Possible: {known}."),
    "design_brace": ("{key}: Eine geschweifte Klammer steht allein.", "{key}: a brace stands alone."),
    "design_preceding": (
        "{key}: Es fehlt {{preceding}}; eine Berichtigung nennt, was sie berichtigt (§ 31 Abs. 5 UStDV).",
        "{key}: {{preceding}} is missing; a correction names what it corrects (section 31 (5) UStDV).",
    ),
    "unknown_design": ("Die Gestaltung „{design}“ gibt es nicht. turnus design list zeigt alle.",
                       "There is no design “{design}”. turnus design list shows all."),
    "design_faults": ("Die Gestaltung „{design}“ geht so nicht:\n{faults}\nturnus design check {design}.",
                      "The design “{design}” cannot be used like this:\n{faults}\nturnus design check {design}."),
    "file_exists": ("Die Datei {file} gibt es schon.", "The file {file} is there already."),
    "design_name": ("„{design}“ ist kein Name: kleine Buchstaben, Ziffern, Striche; kein mitgelieferter.",
                    "“{design}” is no name: small letters, digits, dashes; not one that is shipped."),
    "design_toml": ("{file} ist kein TOML: {error}.", "{file} is no TOML: {error}."),
}  # fmt: skip
