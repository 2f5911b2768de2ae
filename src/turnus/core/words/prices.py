"""Index values, rules of price adjustment, campaigns and what customers declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "index_missing": (
        "Die Reihe {series} hat für den Monat {month} keinen Wert. Eintragen: turnus prices index import.",
        "The series {series} has no value for the month of {month}. Enter it: turnus prices index import.",
    ),
    "index_changed": (
        "{series} hat für {month} schon den Wert {known}, nicht {value}. Eine Berichtigung braucht --correct.",
        "{series} has the value {known} for {month} already, not {value}. A correction needs --correct.",
    ),
    "index_not_positive": (
        "Der Wert von {series} für {month} muss größer als 0 sein.",
        "The value of {series} for {month} must be above 0.",
    ),
    "rule_no_value": (
        "Die Regel „{kind}“ braucht einen Wert.",
        "The rule “{kind}” needs a value.",
    ),
    "rule_no_series": (
        "Eine Indexregel braucht ihre Reihe: --index VPI.",
        "An index rule needs a series: --index VPI.",
    ),
    "rule_month_or_lag": (
        "Eine Indexregel braucht entweder den Monat (--month 2026-10) oder den Abstand dazu (--lag 2).",
        "An index rule needs either its month (--month 2026-10) or how far it lies back (--lag 2).",
    ),
    "rule_no_day": (
        "Der Umstieg auf den Katalog braucht den Tag, dessen Preise gelten: --catalogue 01.01.2027.",
        "A move to the catalogue needs the day whose prices hold: --catalogue 2027-01-01.",
    ),
    "rule_unused": (
        "„{field}“ hat bei der Regel „{kind}“ keine Wirkung. Bitte weglassen.",
        "“{field}” does nothing in a rule of kind “{kind}”. Leave it out.",
    ),
    "rule_low": (
        "„{field}“ ist {value}; mindestens {least}.",
        "“{field}” is {value}; at least {least}.",
    ),
    "rule_decimals": (
        "„{field}“ ist {value}: höchstens {most} Nachkommastellen.",
        "“{field}” is {value}: at most {most} decimals.",
    ),
    "rule_floor_above_cap": (
        "Die Mindeständerung ({floor} %) liegt über der Grenze „{field}“ ({cap} %).",
        "The floor ({floor} %) lies above the bound “{field}” ({cap} %).",
    ),
    "rule_month_day": (
        "„{field}“ ist ein Monat und wird mit seinem Ersten angegeben, nicht mit dem {day}.",
        "“{field}” is a month and is given by its first day, not by {day}.",
    ),
}
"""Code → (German, English)."""
