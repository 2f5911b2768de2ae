"""Usage that cannot be taken, and meters that cannot be agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "usage_contradicts": (
        (
            "Der Verbrauch „{key}“ wurde schon anders gemeldet. Eine Berichtigung braucht einen eigenen Schlüssel und "
            "nennt diesen in „Berichtigt“."
        ),
        (
            "Usage “{key}” was reported before with other content. A correction needs a key of its own and names this "
            "one in “corrects”."
        ),
    ),
    "corrected_before": (
        "Der Verbrauch „{key}“ wurde schon durch „{by}“ berichtigt. Bitte „{by}“ berichtigen.",
        "Usage “{key}” was corrected by “{by}” before. Correct “{by}” instead.",
    ),
    "corrects_itself": (
        "Der Verbrauch „{key}“ berichtigt sich selbst. Eine Berichtigung braucht einen eigenen Schlüssel.",
        "Usage “{key}” corrects itself. A correction needs a key of its own.",
    ),
    "unknown_meter": (
        "Im Vertrag {contract} gibt es weder Zähler noch Position „{item}“, oder den Vertrag gibt es nicht.",
        "Contract {contract} has neither a meter nor an item “{item}”, or there is no such contract.",
    ),
    "not_metered": (
        "Die Position „{item}“ im Vertrag {contract} wird nicht nach Verbrauch berechnet.",
        "Item “{item}” of contract {contract} is not charged by usage.",
    ),
    "amount_missing": ("Dem bewerteten Verbrauch „{key}“ fehlt sein Betrag.", "Rated usage “{key}” lacks its amount."),
    "quantity_missing": ("Dem Verbrauch „{key}“ fehlt die Menge.", "Usage “{key}” lacks its quantity."),
    "out_of_range": ("Der Verbrauch „{key}“ ist zu groß.", "Usage “{key}” is too large."),
    "usage_day_full": (
        "Mit dem Verbrauch „{key}“ wird die Summe des Tages {day} zu groß.",
        "With usage “{key}” the total of the day {day} becomes too large.",
    ),
    "unit_unknown": (
        (
            "„{unit}“ ist keine bekannte Einheit[ im Verbrauch „{key}“][ an „{item}“]. Beispiel: Minute, GB, kWh, C62.["
            " Gemeint: {near}?]"
        ),
        (
            "“{unit}” is not a known unit[ in usage “{key}”][ of “{item}”]. Example: minute, GB, kWh, C62.["
            " Did you mean {near}?]"
        ),
    ),
    "unit_differs": (
        "„{unit}“ lässt sich nicht in {wanted} umrechnen: Verbrauch „{key}“.",
        "“{unit}” cannot be converted to {wanted}: usage “{key}”.",
    ),
    "metering_without_usage": (
        "Die Position „{item}“ wird nicht nach Verbrauch berechnet; Zähler und Aggregation passen nicht dazu.",
        "Item “{item}” is not charged by usage; it can have neither a meter nor an aggregation.",
    ),
    "rated_is_summed": (
        "Bewerteter Verbrauch bringt seine Beträge mit: „{item}“ kennt nur die Summe, ohne Einheit und Taktung.",
        "Rated usage brings its amounts: “{item}” knows sums only, without unit and rounding.",
    ),
    "filter_invalid": (
        "Der Filter „{filter}“ an „{item}“ ist nicht lesbar. Beispiel: region=eu|ch;art!=test.",
        "The filter “{filter}” of “{item}” cannot be read. Example: region=eu|ch;kind!=test.",
    ),
    "quantum_zero": (
        "Die Taktung „{quantum}“ an „{item}“ muss größer als 0 sein.",
        "The rounding step “{quantum}” of “{item}” must be greater than 0.",
    ),
    "explain_usage": (
        (
            "Gemessen am Zähler „{meter}“: {how}[, nur {only}][, in {unit}]"
            "[, jedes Ereignis in Schritten von {quantum}][ ({rounding})]."
        ),
        (
            "Measured by meter “{meter}”: {how}[, only {only}][, in {unit}]"
            "[, each event in steps of {quantum}][ ({rounding})]."
        ),
    ),
}
"""Code → (German, English)."""

AGGREGATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "sum": ("Summe", "sum"),
    "count": ("Anzahl", "count"),
    "unique": ("verschiedene", "different"),
    "max": ("Maximum", "highest"),
    "last": ("letzter Wert", "last"),
    "time": ("Stand × Stunden", "level × hours"),
    "average": ("Durchschnitt", "average"),
}
ROUNDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "up": ("angefangene zählen", "begun ones count"),
    "down": ("nur volle zählen", "only full ones count"),
    "half_up": ("kaufmännisch", "half up"),
}
UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "SEC": ("Sekunden", "seconds"), "MIN": ("Minuten", "minutes"), "HUR": ("Stunden", "hours"),
    "DAY": ("Tagen", "days"), "WEE": ("Wochen", "weeks"), "MON": ("Monaten", "months"),
    "WHR": ("Wh", "Wh"), "KWH": ("kWh", "kWh"), "MWH": ("MWh", "MWh"),
    "AD": ("Byte", "bytes"), "2P": ("kB", "kB"), "4L": ("MB", "MB"), "E34": ("GB", "GB"), "E35": ("TB", "TB"),
    "E36": ("PB", "PB"), "GRM": ("g", "g"), "KGM": ("kg", "kg"), "TNE": ("t", "t"),
    "MMT": ("mm", "mm"), "CMT": ("cm", "cm"), "MTR": ("m", "m"), "KMT": ("km", "km"),
    "MLT": ("ml", "ml"), "LTR": ("l", "l"), "MTQ": ("m³", "m³"),
    "C62": ("Stück", "pieces"), "DZN": ("Dutzend", "dozens"), "MIL": ("Tausend", "thousands"),
}  # fmt: skip
"""Units in which usage is measured (UN/ECE Recommendation 20), as in “in hours”; others are told by their code."""
