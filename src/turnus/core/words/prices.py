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
    "rule_minimums_cap": (
        "Eine Grenze je Vertrag (--contract-cap) gilt nicht für Mindestbeträge. Zwei Preisanpassungen planen.",
        "A bound per contract (--contract-cap) does not hold for minimum fees. Plan two campaigns.",
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
    "clause_index": (
        "Eine Indexklausel im Vertrag {contract} braucht Reihe und Bezugsmonat.",
        "An index clause in contract {contract} needs a series and a month of reference.",
    ),
    "unknown_campaign": (
        "Die Preisanpassung {campaign} gibt es nicht. turnus prices list zeigt alle.",
        "There is no price campaign {campaign}. turnus prices list shows all.",
    ),
    "campaign_no_code": ("Die Preisanpassung braucht ein Kürzel.", "The price campaign needs a code."),
    "campaign_exists": (
        "Die Preisanpassung {campaign} ist schon geplant. Ein anderes Kürzel wählen, oder sie zurückziehen.",
        "The price campaign {campaign} is planned already. Choose another code, or withdraw it.",
    ),
    "campaign_planning": (
        "Die Planung von {campaign} ist nicht zu Ende gekommen. Denselben Befehl turnus prices plan noch einmal geben.",
        "The plan of {campaign} was not finished. Give the same turnus prices plan once more.",
    ),
    "campaign_withdrawn": (
        "Die Preisanpassung {campaign} ist zurückgezogen.",
        "The price campaign {campaign} was withdrawn.",
    ),
    "campaign_applied": (
        "Die Preisanpassung {campaign} ist schon angewendet; zurück geht es nur mit neuen Preisen.",
        "The price campaign {campaign} has been applied; only new prices lead back.",
    ),
    "campaign_too_soon": (
        "„{field}“ ({day}) liegt vor dem letzten Tag der Ankündigung.",
        "“{field}” ({day}) lies before the last day of the announcement.",
    ),
    "campaign_buyer": (
        "„{value}“ ist keine Art von Kunde: company oder person.",
        "“{value}” is no kind of customer: company or person.",
    ),
    "announced_too_late": (
        "Für {campaign} ist es am {on} zu spät: angekündigt werden musste bis {last}.",
        "It is too late for {campaign} on {on}: the announcement was due by {last}.",
    ),
    "not_in_campaign": (
        "Im Vertrag {contract} ändert {campaign} keinen Preis.",
        "{campaign} changes no price of contract {contract}.",
    ),
    "not_announced": (
        "{campaign} ist dem Vertrag {contract} noch nicht angekündigt: turnus prices announce {campaign}.",
        "{campaign} has not been announced to contract {contract} yet: turnus prices announce {campaign}.",
    ),
    "declared_no_channel": (
        "Der Erklärung zum Vertrag {contract} fehlt der Weg, auf dem sie kam.",
        "The declaration on contract {contract} lacks the channel by which it came.",
    ),
    "declared_too_soon": (
        "Die Erklärung zum Vertrag {contract} ist vom {day}, angekündigt wurde erst am {announced}.",
        "The declaration on contract {contract} is of {day}, before the announcement on {announced}.",
    ),
    "declared_in_future": (
        "Die Erklärung zum Vertrag {contract} vom {day} liegt in der Zukunft.",
        "The declaration on contract {contract} of {day} lies in the future.",
    ),
    "declared_other_text": (
        "Dem Vertrag {contract} wurde der Text {announced} angekündigt, nicht {text}.",
        "Contract {contract} was sent the text {announced}, not {text}.",
    ),
    "declared_after_all": (
        "Der Vertrag {contract} hat den neuen Preis schon; wer zugestimmt hat, bleibt gebunden.",
        "Contract {contract} has the new price already; who consented stays bound.",
    ),
    "special_right_over": (
        "Das Sonderkündigungsrecht im Vertrag {contract} endete am {last}. Ordentlich: turnus contract end.",
        "The special right to cancel contract {contract} ended on {last}. With notice: turnus contract end.",
    ),
    "unconsented": (
        "Verbraucher ohne Zustimmung dürfen keinen höheren Preis bekommen (§ 307 BGB): {contracts}.",
        "Consumers must not get a higher price without consent (§ 307 BGB): {contracts}.",
    ),
    "unconsented_price": (
        (
            "Im Vertrag {contract} steht ein höherer Preis, dem der Verbraucher nicht zugestimmt hat. Den alten Preis "
            "wieder eintragen: turnus contract change."
        ),
        (
            "Contract {contract} bears a higher price to which the consumer did not consent. Enter the old price anew: "
            "turnus contract change."
        ),
    ),
    "letter_unknown": (
        "Den Text {version} gibt es nicht.",
        "There is no text {version}.",
    ),
    "letter_standard": (
        "Der Text {version} gehört zu Turnus und wird nicht geändert. Eine eigene Fassung braucht einen eigenen Namen.",
        "The text {version} belongs to Turnus and is not changed. A version of your own needs a name of its own.",
    ),
    "letter_missing": (
        "Dem Text {version} fehlt der Brief für „{audience}“.",
        "The text {version} lacks its letter for “{audience}”.",
    ),
    "letter_blank": (
        "Der Text {version} hat die unbekannte Lücke „{blank}“.",
        "The text {version} has the unknown blank “{blank}”.",
    ),
    "letter_silent": (
        "Der Brief {version} für „{audience}“ nennt die Preise oder den Tag nicht: prices und effective in Klammern.",
        "The letter {version} for “{audience}” does not name the prices or the day: prices and effective in braces.",
    ),
}
"""Code → (German, English)."""
