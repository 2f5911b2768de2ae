"""Price schemes that are not in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "exchange_rate_changed": (
        "Für {currency} gibt es ab {day} schon einen anderen Kurs. Kurse ändern sich nie, sie folgen einander.",
        "There is another rate of {currency} from {day} on. Rates never change, they follow one another.",
    ),
    "unknown_scheme": (
        "Das Preisschema {scheme} gibt es nicht. turnus scheme list zeigt die Preisschemata.",
        "There is no price scheme {scheme}. turnus scheme list shows the price schemes.",
    ),
    "scheme_negative": (
        "{field}[ {place}] ist {value}. Zahlen eines Preisschemas sind nie negativ; für Abzüge gibt es Rabatte.",
        "{field}[ {place}] is {value}. Numbers of a price scheme are never negative; use discounts to take off.",
    ),
    "scheme_number": (
        "{field}[ {place}] ist {value}: weniger als 1.000.000.000.000.000 mit höchstens 15 Nachkommastellen.",
        "{field}[ {place}] is {value}: less than 1,000,000,000,000,000 with at most 15 decimals.",
    ),
    "scheme_no_tiers": (
        "Das Preisschema braucht wenigstens eine Stufe.",
        "The price scheme needs at least one tier.",
    ),
    "scheme_tiers_unused": (
        (
            "Stufen gelten nur bei gestaffeltem Preis, bei Mengenpreis und in Formeln. Die Art des Schemas ändern "
            "oder die Stufen weglassen."
        ),
        (
            "Tiers count only for graduated and volume prices and in formulas. Change the function or leave the "
            "tiers out."
        ),
    ),
    "scheme_open_tier": (
        "Stufe {tier} hat keine Obergrenze, obwohl weitere folgen. Nur die letzte Stufe ist nach oben offen.",
        "Tier {tier} has no upper bound although others follow. Only the last tier is open.",
    ),
    "scheme_tiers_overlap": (
        (
            "Stufe {tier} endet bei {bound}, die Stufe davor erst bei {before}: die Stufen überlappen. Obergrenzen "
            "steigen von Stufe zu Stufe."
        ),
        (
            "Tier {tier} ends at {bound}, the tier before only at {before}: they overlap. Upper bounds rise from "
            "tier to tier."
        ),
    ),
    "scheme_tiers_end": (
        "Über {bound} gibt es keinen Preis. Die letzte Stufe ohne Obergrenze anlegen.",
        "There is no price above {bound}. Leave the upper bound of the last tier open.",
    ),
    "scheme_first_tier": (
        "Die erste Stufe endet bei {bound}; sie muss über 0 enden.",
        "The first tier ends at {bound}; it must end above 0.",
    ),
    "scheme_formula_unused": (
        "Eine Formel gilt nur bei der Art „formula“.",
        "A formula counts only with the function “formula”.",
    ),
    "scheme_formula": (
        (
            "Die Formel ist an Stelle {at} nicht zu verstehen: {why}. Erlaubt sind Zahlen, quantity, price, days, "
            "slot_days, + - * /, Vergleiche, if/else, min, max, ceil, floor, abs, round_up, graduated, volume, "
            "tier_price."
        ),
        (
            "The formula cannot be read at {at}: {why}. Allowed are numbers, quantity, price, days, slot_days, + - * "
            "/, comparisons, if/else, min, max, ceil, floor, abs, round_up, graduated, volume, tier_price."
        ),
    ),
    "scheme_formula_days": (
        "Über ein Fenster zählt die Formel Mengen, keine Tage: days und slot_days sind dort nicht erlaubt: {formula}.",
        "Over a window the formula counts quantities, not days: days and slot_days cannot be used there: {formula}.",
    ),
    "scheme_break_kind": (
        "Mengenrabatt {break} braucht entweder Prozent oder einen Betrag.",
        "Quantity discount {break} needs either percent or an amount.",
    ),
    "scheme_break_percent": (
        "Mengenrabatt {break} nimmt {percent} Prozent; höchstens 100.",
        "Quantity discount {break} takes {percent} percent; at most 100.",
    ),
    "scheme_break_order": (
        "Mengenrabatt {break} beginnt bei {quantity}, nicht über dem davor. Schwellen steigen.",
        "Quantity discount {break} starts at {quantity}, not above the one before. Thresholds rise.",
    ),
    "scheme_least_above_most": (
        "Der Mindestbetrag {least} liegt über dem Höchstbetrag {most}.",
        "The least amount {least} is above the most {most}.",
    ),
    "scheme_window": (
        "Das Zählfenster hat keine Länge.",
        "The counting window has no length.",
    ),
    "scheme_no_weight": (
        "Kein Teil des Sets hat ein Gewicht; wenigstens eines muss über 0 sein.",
        "No part of the set has a weight; at least one must be above 0.",
    ),
    "scheme_weight": (
        "Das Gewicht {weight} eines Teils ist negativ.",
        "The weight {weight} of a part is negative.",
    ),
    "scheme_part_twice": (
        "Ein Produkt steht zweimal im Set.",
        "A product stands twice in the set.",
    ),
}
"""Code → (German, English)."""
