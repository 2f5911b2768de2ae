"""Every code with which Turnus refuses, parks or holds something: what is wrong and how to mend it, in two languages.

The texts of files and their cells stand in ``core/intake/texts``. A part in square brackets is left out where one of
its blanks is empty. Days in the parameters are ISO dates and are written as the language writes them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from turnus.core.formatting import format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

_VIES: Final = "turnus customer vat-check"

_TAX: Final[Mapping[str, tuple[str, str]]] = {
    "rate_missing": (
        (
            "Für {country} gibt es am {day} keinen Steuersatz der Klasse „{tax_class}“. Den Satz mit seinem Zeitraum "
            "ergänzen; ein Tag außerhalb der Tabelle wird nie geschätzt."
        ),
        (
            "There is no VAT rate of class “{tax_class}” for {country} on {day}. Add the rate with its dates; a day "
            "outside the table is never guessed."
        ),
    ),
    "seller_country": (
        "Der Verkäufer sitzt in {country}; berechnet wird bisher nur die Umsatzsteuer von Verkäufern in Deutschland.",
        "The seller is in {country}; so far only VAT of sellers in Germany is decided.",
    ),
    "special_territory": (
        (
            "{postcode} ({country}) ist ein Sondergebiet außerhalb der gewöhnlichen Umsatzsteuer. Bitte die Behandlung"
            " mit der Steuerberatung klären und diese Rechnung von Hand schreiben."
        ),
        (
            "{postcode} ({country}) is a special territory outside ordinary VAT. Please clear its treatment with your "
            "tax adviser and write this invoice by hand."
        ),
    ),
    "goods_abroad": (
        (
            "Waren ins Ausland ({country}) werden noch nicht automatisch besteuert. Bitte diese Rechnung von Hand "
            "schreiben."
        ),
        "Goods sent abroad ({country}) are not taxed automatically yet. Please write this invoice by hand.",
    ),
    "oss": (
        (
            "Verbraucher in {country}: Der Verkäufer nutzt das OSS-Verfahren; dessen Steuersätze sind noch nicht "
            "hinterlegt. Bitte diese Rechnung von Hand schreiben."
        ),
        (
            "Consumer in {country}: the seller uses the One-Stop-Shop, whose rates are not in the table yet. Please "
            "write this invoice by hand."
        ),
    ),
    "vat_id_missing": (
        (
            "Dem Unternehmen in {country} fehlt die USt-IdNr. Beim Kunden eintragen und prüfen lassen, oder ihn als "
            "Privatperson führen."
        ),
        "The company in {country} has no VAT id. Enter and check it, or keep the customer as a person.",
    ),
    "seller_vat_id_missing": (
        "Für Rechnungen an Unternehmen in der EU braucht der Verkäufer eine USt-IdNr. Mit turnus init eintragen.",
        "Invoices to companies in the EU need the seller's VAT id. Enter it with turnus init.",
    ),
    "vat_id_unchecked": (
        f"Die USt-IdNr {{vat_id}} ist noch nicht geprüft. Prüfen und eintragen: {_VIES}.",
        f"VAT id {{vat_id}} has not been checked. Check it and enter the result: {_VIES}.",
    ),
    "vat_id_invalid": (
        "Die Prüfung vom {day} ergab: USt-IdNr {vat_id} ist ungültig. Beim Kunden berichtigen und neu prüfen.",
        "The check of {day} found VAT id {vat_id} invalid. Correct it and check it again.",
    ),
    "vat_id_check_old": (
        f"Die Prüfung der USt-IdNr {{vat_id}} vom {{day}} ist zu alt. Neu prüfen und eintragen: {_VIES}.",
        f"The check of VAT id {{vat_id}} of {{day}} is too old. Check it again and enter the result: {_VIES}.",
    ),
    "third_country_consumer": (
        (
            "Verbraucher außerhalb der EU ({country}) werden noch nicht automatisch besteuert. Bitte diese Rechnung "
            "von Hand schreiben."
        ),
        "Consumers outside the EU ({country}) are not taxed automatically yet. Please write this invoice by hand.",
    ),
    "business_proof_missing": (
        (
            "Für das Unternehmen in {country} fehlt der Nachweis, dass es eines ist (Bescheinigung, Registerauszug). "
            "Beim Kunden eintragen."
        ),
        (
            "There is no proof that the customer in {country} is a business (certificate, register). Enter it with the"
            " customer."
        ),
    ),
}
"""``TaxHoldError``: the VAT treatment cannot be decided, so the contract is parked (L-12)."""

_RUN: Final[Mapping[str, tuple[str, str]]] = {
    "redraft": (
        "Der Vertrag hat sich seit dem Entwurf geändert. turnus run resume entwirft ihn neu.",
        "The contract changed after its draft was made. turnus run resume drafts it again.",
    ),
    "missing": (
        "Für eine gültige Rechnung fehlt: {fields}. Ergänzen, dann turnus run resume.",
        "A valid invoice lacks: {fields}. Complete it, then turnus run resume.",
    ),
    "error": (
        "Unerwarteter Fehler: {error}. Bitte melden; danach turnus run resume.",
        "Unexpected error: {error}. Please report it; afterwards turnus run resume.",
    ),
    "void": (
        (
            "Die Datenbank hat die Rechnung abgelehnt; ihre Nummer {detail} ist als ausgefallen vermerkt. Ursache "
            "beheben, dann turnus run resume."
        ),
        "The database refused the invoice; its number {detail} is void. Mend the cause, then turnus run resume.",
    ),
    "overlap": (
        "Zwei Zeilen berechnen dieselben Tage derselben Position. Prüfen; wenn es richtig ist, turnus run approve.",
        "Two lines charge the same days of one item. Check it; if it is right, turnus run approve.",
    ),
    "many_lines": (
        "Mehr als 15 Zeilen für eine Position an einem Tag. Prüfen; wenn es richtig ist, turnus run approve.",
        "More than 15 lines for one item on one day. Check it; if it is right, turnus run approve.",
    ),
    "released_elsewhere": (
        "Lauf {run} hat für diesen Kunden freigegebene Rechnungen. Erst diesen Lauf festschreiben oder zurücknehmen.",
        "Run {run} has released invoices for this customer. Issue or withdraw that run first.",
    ),
    "deviation": (
        (
            "Die Nettosumme {net} weicht um mehr als {limit} % vom vorigen Lauf ab ({before}). Prüfen; wenn es richtig"
            " ist, turnus run approve."
        ),
        (
            "The net total {net} is more than {limit}% off the last run ({before}). Check it; if it is right, turnus "
            "run approve."
        ),
    ),
    "unknown_definition": (
        (
            "Die Laufdefinition „{definition}“ gibt es nicht. turnus run define legt sie an; turnus init die "
            "Definition „standard“."
        ),
        "There is no run definition “{definition}”. turnus run define makes one; turnus init makes “standard”.",
    ),
    "unknown_run": (
        "Den Lauf {run} gibt es nicht. turnus run status zeigt die Läufe.",
        "There is no run {run}. turnus run status shows the runs.",
    ),
    "no_open_run": (
        "Es gibt keinen offenen Lauf. turnus run draft beginnt einen.",
        "There is no open run. turnus run draft starts one.",
    ),
    "run_held": (
        "Lauf {run} wartet auf eine Freigabe.[ {reason}][ Freigeben: turnus run approve {run} --reason …]",
        "Run {run} waits for a release.[ {reason}][ Release it: turnus run approve {run} --reason …]",
    ),
    "not_drafted": (
        "Lauf {run} ist noch nicht fertig entworfen. Weitermachen: turnus run resume {run}.",
        "Run {run} is not drafted to its end. Go on: turnus run resume {run}.",
    ),
    "nothing_to_approve": (
        "In Lauf {run} wartet hier nichts auf eine Freigabe.",
        "Nothing in run {run} waits for a release here.",
    ),
    "newer_run": (
        (
            "Es gibt schon einen neueren offenen Lauf derselben Definition und desselben Stichtags. Damit "
            "weitermachen: turnus run status."
        ),
        "There is a newer open run of the same definition and day already. Go on with that one: turnus run status.",
    ),
    "numbered": (
        "Lauf {run} hat schon Rechnungsnummern; er muss festgeschrieben werden: turnus run issue {run}.",
        "Run {run} has its invoice numbers already; it must be issued: turnus run issue {run}.",
    ),
    "issue_date_before_last": (
        (
            "Das Rechnungsdatum {on} liegt vor dem letzten des Nummernkreises ({last}); Nummern steigen mit dem Datum."
            " Ein späteres Datum wählen: --on {last}."
        ),
        (
            "The issue date {on} lies before the last one of the number range ({last}); numbers rise with the date. "
            "Choose a later day: --on {last}."
        ),
    ),
    "run_too_early": (
        (
            "Seit dem Entwurf von Lauf {run} gibt es Rechnungen vom {last}; Nummern steigen mit dem Datum. "
            "Zurücknehmen und neu entwerfen: turnus run withdraw {run} --reason …, dann turnus run draft mit späterem "
            "--on."
        ),
        (
            "Since run {run} was drafted there are invoices of {last}; numbers rise with the date. Withdraw and draft "
            "anew: turnus run withdraw {run} --reason …, then turnus run draft with a later --on."
        ),
    ),
    "no_series": (
        "Für Dokumente der Art „{kind}“ ist kein Nummernkreis eingerichtet. turnus init legt die Nummernkreise an.",
        "There is no number series for documents of kind “{kind}”. turnus init makes the number series.",
    ),
}
"""Parked accounts, held and refused runs."""

_CONTRACT: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_customer": (
        "Den Kunden {customer} gibt es nicht. Erst den Kunden anlegen: turnus import customers.",
        "There is no customer {customer}. Enter the customer first: turnus import customers.",
    ),
    "no_vat_id": (
        "Der Kunde {customer} hat keine USt-IdNr. Erst beim Kunden eintragen, oder --vat-id angeben.",
        "Customer {customer} has no VAT id. Enter it with the customer first, or give --vat-id.",
    ),
    "unknown_parent": (
        "Den übergeordneten Kunden {parent} gibt es nicht, auch nicht in dieser Datei.",
        "There is no parent customer {parent}, nor is it in this file.",
    ),
    "unknown_contract": (
        "Den Vertrag {contract} gibt es nicht. turnus contract list zeigt die Verträge.",
        "There is no contract {contract}. turnus contract list shows the contracts.",
    ),
    "unknown_product": (
        "Das Produkt {product} gibt es nicht. Erst das Produkt anlegen: turnus import products.",
        "There is no product {product}. Enter the product first: turnus import products.",
    ),
    "unknown_item": (
        "Die Position „{item}“ gibt es im Vertrag nicht. turnus contract show zeigt die Positionen.",
        "The contract has no item “{item}”. turnus contract show shows its items.",
    ),
    "unknown_currency": (
        "„{currency}“ ist keine Währung nach ISO 4217.",
        "“{currency}” is not a currency of ISO 4217.",
    ),
    "negative_period": (
        "Das Ende ({end}) liegt vor dem Beginn ({start}).",
        "The end ({end}) lies before the start ({start}).",
    ),
    "no_items": ("Der Vertrag hat keine Position.", "The contract has no item."),
    "duplicate_item": (
        "Die Position „{item}“ steht zweimal im Vertrag.",
        "Item “{item}” stands twice in the contract.",
    ),
    "too_many_decimals": (
        "Zu viele Nachkommastellen[ bei „{item}“][ im Verbrauch „{key}“][: höchstens {decimals}].",
        "Too many decimals[ for “{item}”][ in usage “{key}”][: at most {decimals}].",
    ),
    "discount_kind": (
        "Der Rabatt „{discount}“ braucht entweder Prozent oder Betrag.",
        "Discount “{discount}” needs either percent or an amount.",
    ),
    "no_price": (
        (
            "Für {product} gibt es am {day} keinen Preis in {currency}. Preis im Produkt ergänzen oder im Vertrag "
            "vereinbaren."
        ),
        "{product} has no price in {currency} on {day}. Add a price to the product or agree one in the contract.",
    ),
    "price_changed": (
        (
            "{product} hat ab {day} schon einen anderen Preis. Preise werden nie geändert: eine neue Zeile mit "
            "späterem „Gültig ab“ löst den alten ab."
        ),
        (
            "{product} has another price from {day} on already. Prices are never changed: a new row with a later "
            "“valid_from” follows the old one."
        ),
    ),
    "second_trial": (
        "Der Kunde {customer} hatte für dieses Produkt schon eine Testphase.",
        "Customer {customer} has had a trial of this product before.",
    ),
    "contract_differs": (
        (
            "Der Vertrag {contract} ist schon mit anderem Inhalt da. Änderungen brauchen eine Zeile mit „Änderung ab“ "
            "oder turnus contract change."
        ),
        (
            "Contract {contract} is there already with other terms. Changes need a row with “valid_from” or turnus "
            "contract change."
        ),
    ),
    "not_in_trial": ("Am {day} läuft keine Testphase dieses Vertrags.", "The contract is not in its trial on {day}."),
    "trial_over": (
        "Die Testphase war da schon vorbei; der Vertrag {contract} gilt. Beenden: turnus contract end {contract}.",
        "The trial was over by then; contract {contract} stands. End it: turnus contract end {contract}.",
    ),
    "usage_contradicts": (
        "Der Verbrauch „{key}“ wurde schon anders gemeldet. Eine Berichtigung braucht einen neuen Schlüssel.",
        "Usage “{key}” was reported before with other content. A correction needs a key of its own.",
    ),
    "unknown_meter": (
        "Im Vertrag {contract} gibt es keine Position „{item}“, oder den Vertrag gibt es nicht.",
        "Contract {contract} has no item “{item}”, or there is no such contract.",
    ),
    "not_metered": (
        "Die Position „{item}“ im Vertrag {contract} wird nicht nach Verbrauch berechnet.",
        "Item “{item}” of contract {contract} is not charged by usage.",
    ),
    "amount_missing": ("Dem bewerteten Verbrauch „{key}“ fehlt sein Betrag.", "Rated usage “{key}” lacks its amount."),
    "out_of_range": ("Der Verbrauch „{key}“ ist zu groß.", "Usage “{key}” is too large."),
}
"""Customers, products, contracts and usage that cannot be entered or changed."""

_INVOICE: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_invoice": (
        "Die Rechnung „{invoice}“ gibt es nicht. turnus invoice list zeigt die Rechnungen.",
        "There is no invoice “{invoice}”. turnus invoice list shows the invoices.",
    ),
    "not_issued": (
        "Die Rechnung {invoice} ist nicht festgeschrieben. Einen Entwurf kann man ändern oder verwerfen.",
        "Invoice {invoice} is not issued. A draft can be changed or discarded.",
    ),
    "not_a_draft": (
        (
            "Nur von Hand geschriebene Entwürfe lassen sich bearbeiten. Entwürfe eines Laufs ändern sich mit dem "
            "Vertrag; festgeschriebene Rechnungen werden storniert oder berichtigt."
        ),
        (
            "Only drafts written by hand can be edited. Drafts of a run change with their contract; issued invoices "
            "are cancelled or credited."
        ),
    ),
    "is_cancellation": (
        "{number} ist selbst ein Storno und wird nicht storniert. Stattdessen neu berechnen.",
        "{number} is a cancellation itself and cannot be cancelled. Bill anew instead.",
    ),
    "already_cancelled": ("{number} ist schon storniert.", "{number} is cancelled already."),
    "no_reason": ("Bitte einen Grund angeben: --reason …", "Please give a reason: --reason …"),
    "not_an_invoice": (
        "{number} ist keine Rechnung, sondern eine Korrektur; gutschreiben lassen sich nur Rechnungen.",
        "{number} is not an invoice but a correction; only invoices can be credited.",
    ),
    "unknown_line": (
        "Die Zeile {line} gibt es auf der Rechnung nicht. turnus invoice show zeigt die Zeilen.",
        "The invoice has no line {line}. turnus invoice show shows its lines.",
    ),
    "pending_difference": (
        "Zu {number} steht noch eine Vertragsänderung aus. Erst den Rechnungslauf darüber laufen lassen.",
        "A change of contract is still pending for {number}. Let an invoice run bill it first.",
    ),
    "nothing_left": (
        "Davon ist nichts mehr übrig, was man zurücknehmen könnte.",
        "Nothing of it is left to take back.",
    ),
    "billed_again": (
        "Die Tage ab {day} sind inzwischen neu berechnet. Stattdessen die neuere Rechnung stornieren.",
        "The days from {day} have been billed again since. Cancel the newer invoice instead.",
    ),
    "not_positive": ("Der Betrag muss größer als 0 sein.", "The amount must be greater than 0."),
    "too_much": ("Mehr als {left} ist davon nicht mehr übrig.", "No more than {left} of it is left."),
    "missing_data": (
        "Für eine gültige Rechnung fehlt: {fields}. Bitte ergänzen.",
        "A valid invoice lacks: {fields}. Please complete it.",
    ),
    "no_lines": ("Eine Rechnung braucht mindestens eine Zeile.", "An invoice needs at least one line."),
    "already_billed": (
        "Ein Teil dieser Tage ist schon berechnet (ab {day}). Anderen Zeitraum wählen oder die Rechnung stornieren.",
        "Some of these days are billed already (from {day}). Choose another period or cancel that invoice.",
    ),
    "key_used": (
        "Unter dem Schlüssel „{key}“ ist schon eine andere Zahlung gebucht. Einen anderen Schlüssel wählen.",
        "Another payment was booked under the key “{key}”. Choose another key.",
    ),
    "other_customer": (
        "Eine der Rechnungen gehört einem anderen Kunden oder hat eine andere Währung.",
        "One of the invoices belongs to another customer or has another currency.",
    ),
}
"""Documents, corrections and payments that are refused."""

_SETUP: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_seller": (
        "Den Verkäufer „{seller}“ gibt es nicht. turnus init richtet ihn ein.",
        "There is no seller “{seller}”. turnus init sets one up.",
    ),
    "no_seller": (
        "Es ist noch kein Verkäufer eingerichtet. Zuerst: turnus init.",
        "No seller is set up yet. First: turnus init.",
    ),
    "which_seller": (
        "Es gibt mehrere Verkäufer: {known}. Bitte mit --seller wählen.",
        "There are several sellers: {known}. Please choose one with --seller.",
    ),
    "demo_elsewhere": (
        "In dieser Datenbank liegen Daten eines anderen Verkäufers; die Demo bleibt ihr fern. DATABASE_URL leeren.",
        "This database holds another seller's data; the demo stays away from it. Clear DATABASE_URL.",
    ),
    "demo_reset": (
        "Mit DATABASE_URL löscht die Demo nichts. Eine leere Datenbank anlegen und DATABASE_URL darauf zeigen lassen.",
        "With DATABASE_URL the demo deletes nothing. Make an empty database and let DATABASE_URL point to it.",
    ),
    "demo_differs": (
        "Die Demo wurde mit {customers} Kunden, Startwert {seed} und Monat {month} angelegt. Andere Werte: --reset.",
        "The demo was made with {customers} customers, seed {seed} and month {month}. Other values: --reset.",
    ),
    "number_pattern": (
        "„{pattern}“ ist kein Nummernmuster. Beispiel: RE-{{JJJJ}}-{{000000}}.",
        "“{pattern}” is not a number pattern. Example: RE-{{YYYY}}-{{000000}}.",
    ),
    "no_database": (
        "Die Datenbank ist noch nicht eingerichtet. Zuerst: turnus init.",
        "The database is not set up yet. First: turnus init.",
    ),
    "old_database": (
        "Die Datenbank ist von einer anderen Version. turnus init bringt sie auf den Stand; vorher sichern.",
        "The database is of another version. turnus init brings it up to date; back it up first.",
    ),
    "database": (
        "Die Datenbank antwortet nicht: {error}. DATABASE_URL und den Server prüfen.",
        "The database does not answer: {error}. Check DATABASE_URL and the server.",
    ),
    "environment": (
        "Eine Umgebungsvariable ist nicht brauchbar: {error}.",
        "A variable of the environment cannot be used: {error}.",
    ),
    "unexpected": (
        "Unerwartet: {error}. TURNUS_DEBUG=1 zeigt die Einzelheiten; bitte melden.",
        "Unexpected: {error}. TURNUS_DEBUG=1 shows the details; please report it.",
    ),
    "damaged_file": (
        "Die Datei {path} im Archiv fehlt oder ist verändert. Aus der Sicherung zurückholen; turnus doctor zeigt alle.",
        "File {path} of the archive is missing or changed. Restore it from the backup; turnus doctor lists all.",
    ),
    "inexact_amount": (
        "Der Betrag {amount} hat mehr Nachkommastellen als die Währung.",
        "The amount {amount} has more decimals than its currency.",
    ),
}
"""The installation."""

TEXTS: Final[Mapping[str, tuple[str, str]]] = {**_TAX, **_RUN, **_CONTRACT, **_INVOICE, **_SETUP}
"""Code → (German, English)."""

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "seller.name": ("Name des Verkäufers", "the seller's name"),
    "seller.street": ("Straße des Verkäufers", "the seller's street"),
    "seller.postcode": ("PLZ des Verkäufers", "the seller's postcode"),
    "seller.city": ("Ort des Verkäufers", "the seller's city"),
    "seller.vat_id": ("USt-IdNr oder Steuernummer des Verkäufers", "the seller's VAT id or tax number"),
    "buyer.name": ("Name des Kunden", "the customer's name"),
    "buyer.street": ("Straße des Kunden", "the customer's street"),
    "buyer.postcode": ("PLZ des Kunden", "the customer's postcode"),
    "buyer.city": ("Ort des Kunden", "the customer's city"),
    "buyer.vat_id": ("USt-IdNr des Kunden", "the customer's VAT id"),
    "lines": ("Zeilen", "lines"),
}
"""Field of ``Missing`` → what a person calls it."""

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART: Final = re.compile(r"\[(.*?)\]")
_BLANK: Final = re.compile(r"{(\w+)}")
_FIELD: Final = re.compile(r"(?:seller|buyer)\.\w+|\blines\b")


def message(code: str, params: Mapping[str, str], language: str) -> str:
    """What is wrong and how to mend it. ``language``: ``de``, or else English. A blank without a value shows ``?``."""
    template = TEXTS[code][0 if language == "de" else 1]
    blanks = {name: _written(value, language) for name, value in params.items()}

    def part(match: re.Match[str]) -> str:
        return match[1] if all(blanks.get(name) for name in _BLANK.findall(match[1])) else ""

    return _PART.sub(part, template).format_map(_Blanks(blanks))


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _written(value: str, language: str) -> str:
    if _ISO.fullmatch(value):
        return format_date(date.fromisoformat(value), language)
    return _FIELD.sub(lambda match: field_name(match[0], language), value)


def field_name(field: str, language: str) -> str:
    """What a person calls a field that is missing: ``buyer.street`` → ``Straße des Kunden``."""
    names = FIELDS.get(field)
    return names[0 if language == "de" else 1] if names else field
