"""What is wrong, where, and how to mend it, in German and English: the messages of ``CellError`` and ``FileError``.

A part in square brackets is left out where one of its blanks is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from turnus.core.intake.cells import CellError
from turnus.core.intake.columns import FileError, RowError

_GERMAN: Final[Mapping[str, str]] = {
    # one cell
    "required": "fehlt. Bitte ausfüllen.",
    "text_is_date": "„{value}“ ist ein Datum. Die Spalte als Text formatieren und den Wert neu eingeben.",
    "control_character": "„{value}“ enthält ein Steuerzeichen oder einen Zeilenumbruch. Bitte entfernen.",
    "too_long": "„{value}“ ist zu lang: höchstens {limit} Zeichen.",
    "choice": "„{value}“ ist kein gültiger Wert. Möglich: {known}.",
    "number": "„{value}“ ist keine Zahl. Beispiel: 1.234,56 oder 1234.56.",
    "filter": "„{value}“ ist kein Filter. Beispiel: region=eu|ch;art!=test.",
    "number_exponent": "„{value}“ ist gerundet dargestellt. Die Spalte als Zahl mit allen Stellen formatieren.",
    "number_ambiguous": (
        "„{value}“ ist {whole} oder {fraction}? Bitte so schreiben oder das Dezimalzeichen der Datei angeben."
    ),
    "number_too_large": "„{value}“ ist zu groß: höchstens {limit} Stellen vor dem Komma.",
    "number_decimals": "„{value}“ hat mehr als {limit} Nachkommastellen.",
    "number_low": "„{value}“ ist zu klein: mindestens {limit}.",
    "number_high": "„{value}“ ist zu groß: höchstens {limit}.",
    "number_whole": "„{value}“ ist keine ganze Zahl.",
    "number_zero": "„{value}“ muss größer als 0 sein.",
    "amount_decimals": "„{value}“ hat mehr Nachkommastellen als {currency}.",
    "date": "„{value}“ ist kein Datum. Beispiel: 22.11.2026.",
    "date_missing": "„{value}“ gibt es im Kalender nicht.",
    "date_range": "„{value}“ liegt außerhalb der Jahre {first} bis {last}.",
    "date_relative": (
        "„{value}“ hat kein Jahr oder meint einen Tag relativ zu heute. Bitte ganz ausschreiben: 22.11.2026."
    ),
    "date_has_time": "„{value}“ enthält eine Uhrzeit. Nur das Datum eingeben.",
    "month": "„{value}“ ist kein Monat. Beispiel: 2026-10 oder 10/2026.",
    "time": "„{value}“ ist keine Uhrzeit. Beispiel: 2026-11-22 14:30.",
    "time_skipped": (
        "„{value}“ gibt es wegen der Zeitumstellung nicht. Bitte mit Zeitzone angeben: 2026-03-29T02:30+01:00."
    ),
    "cycle": "„{value}“ ist kein Turnus. Beispiel: monatlich, 3 Monate, jährlich, 14 Tage.[ Gemeint: {nearest}?]",
    "cycle_length": "„{value}“ muss mindestens ein Tag und höchstens zehn Jahre sein.",
    "currency": "„{value}“ ist keine Währung nach ISO 4217.[ Gemeint: {nearest}?]",
    "currency_conflict": "Der Betrag ist in {value} angegeben, die Währung der Zeile ist {currency}.",
    "instalments": "„{value}“ ist kein Ratenplan. Beispiel: 3x/1m (3 Raten, je ein Monat), 30+30+40%/14d.",
    "shares": "„{value}“ sagt nicht, wer welchen Anteil zahlt. Beispiel: K-10001:60, K-10002:40.",
    "country": "„{value}“ ist kein Land. Kürzel wie DE oder AT verwenden.[ Gemeint: {nearest}?]",
    "unit": "„{value}“ ist keine bekannte Einheit. Beispiel: Stück, Monat, Stunde, kWh, C62.[ Gemeint: {nearest}?]",
    "vat_id": "„{value}“ hat nicht die Form einer USt-IdNr. Beispiel: ATU12345678.",
    "leitweg_id": "„{value}“ hat nicht die Form einer Leitweg-ID. Beispiel: 04011000-12345-03.",
    "leitweg_check": "Die Prüfziffern der Leitweg-ID „{value}“ stimmen nicht. Ein Tippfehler?",
    "electronic_address": "„{value}“ ist keine elektronische Adresse. Beispiel: 0204:04011000-12345-03, EM:a@b.de.",
    "iban": "„{value}“ ist keine IBAN, oder ihre Prüfziffern stimmen nicht.",
    "card_digits": "„{value}“: erwartet sind die letzten 4 bis 6 Ziffern der Karte.",
    "email": "„{value}“ ist keine E-Mail-Adresse.",
    "debtor_number": "„{value}“ ist keine Debitorennummer: 5 bis 9 Ziffern.",
    "postcode": "„{value}“ ist keine deutsche Postleitzahl: fünf Ziffern, führende Nullen nicht verlieren.",
    "formula": "In {address} steht eine Formel. Bitte durch ihren Wert ersetzen.",
    "cell_error": "In {address} steht ein Fehlerwert der Tabelle.",
    "cell_long": "Die Zelle {address} ist zu lang.",
    "choice_only": "Eine Position des Plans nimmt aus der Datei nur Menge, Preis, Text, Tage und Rabatt.",
    "pair": "„{value}“ hat nicht die Form SPALTE=WERT.",
    "unknown_column": "Die Spalte „{value}“ gibt es nicht.[ Gemeint: {nearest}?] Alle: turnus import columns.",
    # one row and its neighbours
    "cell_without_header": "In {address} steht „{value}“, aber die Spalte hat keine Überschrift.",
    "duplicate": "„{value}“ steht schon in Zeile {row}.",
    "contradiction": "„{value}“ widerspricht Zeile {row}.",
    "condition": '„{value}“ ist keine Bedingung. Beispiel: --when "Status=gewonnen|won".',
    "condition_mixed": "Zeilen desselben Vertrags haben verschiedene Werte: {value}. Bitte einen wählen.",
    "own_parent": "Ein Kunde kann nicht sein eigener übergeordneter Kunde sein.",
    "check_incomplete": "fehlt: ein Nachweis besteht aus USt-IdNr, Tag und Ergebnis der Prüfung.",
    "trade_of_sale": "Nur Korrektur und Storno betreffen eine andere Zeile („{value}“). Bitte den Vorgang angeben.",
    "period_negative": "Das Ende liegt vor dem Beginn ({start}).",
    "contract_empty": "Der Vertrag hat keine Position.",
    "duplicate_item": (
        "Die Position „{value}“ gibt es in diesem Vertrag schon. Spätere Änderungen brauchen „Änderung ab“."
    ),
    "unknown_item": "Die Position „{value}“ gibt es in diesem Vertrag nicht.",
    "item_outside": "Die Position „{value}“ beginnt außerhalb des Vertrags {contract}.",
    "discount_empty": "Hier steht etwas zu einem Rabatt, aber weder Prozent noch Betrag.",
    "raise_both": "Eine Erhöhung ist entweder ein Prozentsatz oder ein Betrag.",
    "discount_both": "Entweder Prozent oder Betrag, nicht beides. Für zwei Rabatte zwei Zeilen.",
    "change_only": "Eine Zeile mit „Änderung ab“ ändert nur Preis und Menge.",
    "change_empty": "Die Änderung nennt weder Preis noch Menge.",
    "change_early": "{value} liegt nicht nach dem Beginn der Position.",
    "change_product": "Die Position ist vom Produkt {product}, nicht {value}.",
    # a whole file
    "columns": (
        "Kopfzeile:[ unbekannte Spalten: {unknown}.][ Es fehlen: {missing}.][ Doppelt: {twice}.] Bekannt sind: {known}."
    ),
    "missing": "Die Datei {path} gibt es nicht.",
    "unreadable": "Die Datei {path} ist nicht lesbar: {reason}.",
    "empty": "Die Datei ist leer. Die erste Zeile muss die Überschriften enthalten.",
    "too_big": "Die Datei hat {found} MB, erlaubt sind {limit}. Bitte teilen.",
    "line_long": "Zeile {row} ist länger als {limit} Zeichen. Fehlt ein Zeilenende oder ein Anführungszeichen?",
    "nul": "Zeile {row}, Byte {byte}: ein NUL-Zeichen. Das ist keine Textdatei.",
    "encoding": "Zeile {row}, Byte {byte}: weder UTF-8 noch Windows-1252. Die Datei als „CSV UTF-8“ speichern.",
    "encoding_mixed": (
        "Zeile {row}, Byte {byte}: kein UTF-8, anderswo in der Datei schon. Als „CSV UTF-8“ speichern oder "
        "die Kodierung angeben."
    ),
    "encoding_utf16": "Die Datei ist UTF-16 („Unicode-Text“). Bitte als „CSV UTF-8“ speichern.",
    "csv": "Ab Zeile {row}: fehlerhafte Anführungszeichen ({reason}).",
    "truncated": "Die letzte Zeile ({row}) ist unvollständig: die Datei ist abgeschnitten. Bitte neu speichern.",
    "too_wide": "Zeile {row} hat mehr als {limit} Spalten.",
    "too_many_rows": "Das Blatt hat mehr als {limit} Zeilen.",
    "xls": "Das alte Format .xls wird nicht gelesen. Bitte als .xlsx oder CSV speichern.",
    "xlsx": "Die Datei ist keine lesbare XLSX-Datei ({reason}).",
    "toml": "Die Datei ist kein gültiges TOML ({reason}).",
    "toml_keys": "Verkäufer:[ unbekannte Angaben: {unknown}.][ Es fehlen: {missing}.][ Falsche Art von Wert: {wrong}.]",
    "macros": "Die Datei enthält Makros. Bitte als .xlsx ohne Makros speichern.",
    "unpacked": "Die Datei ist ausgepackt größer als {limit} MB. Bitte als CSV speichern.",
}
_ENGLISH: Final[Mapping[str, str]] = {
    # one cell
    "required": "is missing. Please fill it in.",
    "text_is_date": "“{value}” is a date. Format the column as text and enter the value again.",
    "control_character": "“{value}” contains a control character or a line break. Please remove it.",
    "too_long": "“{value}” is too long: at most {limit} characters.",
    "choice": "“{value}” is not a valid value. Possible: {known}.",
    "number": "“{value}” is not a number. Example: 1,234.56 or 1234,56.",
    "filter": "“{value}” is not a filter. Example: region=eu|ch;kind!=test.",
    "number_exponent": "“{value}” is a rounded display. Format the column as a number with all digits.",
    "number_ambiguous": (
        "“{value}” is {whole} or {fraction}? Please write it that way, or state the file's decimal sign."
    ),
    "number_too_large": "“{value}” is too large: at most {limit} digits before the decimal sign.",
    "number_decimals": "“{value}” has more than {limit} decimals.",
    "number_low": "“{value}” is too small: at least {limit}.",
    "number_high": "“{value}” is too large: at most {limit}.",
    "number_whole": "“{value}” is not a whole number.",
    "number_zero": "“{value}” must be greater than 0.",
    "amount_decimals": "“{value}” has more decimals than {currency}.",
    "date": "“{value}” is not a date. Example: 2026-11-22.",
    "date_missing": "“{value}” is not in the calendar.",
    "date_range": "“{value}” lies outside the years {first} to {last}.",
    "date_relative": "“{value}” lacks a year or refers to today. Please write it in full: 2026-11-22.",
    "date_has_time": "“{value}” contains a time. Enter only the date.",
    "month": "“{value}” is not a month. Example: 2026-10.",
    "time": "“{value}” is not a time. Example: 2026-11-22 14:30.",
    "time_skipped": "“{value}” does not exist: the clocks change. Please state the time zone: 2026-03-29T02:30+01:00.",
    "cycle": "“{value}” is not a cycle. Example: monthly, 3 months, yearly, 14 days.[ Did you mean {nearest}?]",
    "cycle_length": "“{value}” must be one day to ten years.",
    "currency": "“{value}” is not a currency of ISO 4217.[ Did you mean {nearest}?]",
    "currency_conflict": "The amount is stated in {value}, the row's currency is {currency}.",
    "instalments": "“{value}” is no plan of instalments. Example: 3x/1m (3 parts, a month apart), 30+30+40%/14d.",
    "shares": "“{value}” does not say who pays which share. Example: K-10001:60, K-10002:40.",
    "country": "“{value}” is not a country. Use a code such as DE or AT.[ Did you mean {nearest}?]",
    "unit": "“{value}” is not a known unit. Example: piece, month, hour, kWh, C62.[ Did you mean {nearest}?]",
    "vat_id": "“{value}” is not a VAT id. Example: ATU12345678.",
    "leitweg_id": "“{value}” is not a Leitweg-ID. Example: 04011000-12345-03.",
    "leitweg_check": "The check digits of the Leitweg-ID “{value}” are wrong. A typing error?",
    "electronic_address": "“{value}” is not an electronic address. Example: 0204:04011000-12345-03, EM:a@b.de.",
    "iban": "“{value}” is no IBAN, or its check digits are wrong.",
    "card_digits": "“{value}”: expected are the last 4 to 6 digits of the card.",
    "email": "“{value}” is not an e-mail address.",
    "debtor_number": "“{value}” is not a debtor number: 5 to 9 digits.",
    "postcode": "“{value}” is not a German postcode: five digits, keep leading zeros.",
    "formula": "{address} holds a formula. Please replace it by its value.",
    "cell_error": "{address} holds an error value of the spreadsheet.",
    "cell_long": "Cell {address} is too long.",
    "choice_only": "An item of the plan takes only quantity, price, text, days and discount from the file.",
    "pair": "“{value}” does not have the form COLUMN=VALUE.",
    "unknown_column": "There is no column “{value}”.[ Did you mean {nearest}?] All: turnus import columns.",
    # one row and its neighbours
    "cell_without_header": "{address} holds “{value}”, but its column has no header.",
    "duplicate": "“{value}” already stands in row {row}.",
    "contradiction": "“{value}” contradicts row {row}.",
    "condition": '“{value}” is no condition. Example: --when "status=won|signed".',
    "condition_mixed": "Rows of one contract have different values: {value}. Please choose one.",
    "own_parent": "A customer cannot be its own parent.",
    "check_incomplete": "is missing: evidence is made of VAT id, day and result of the check.",
    "trade_of_sale": "Only a correction or cancellation names another row (“{value}”). Please state the act.",
    "period_negative": "The end lies before the start ({start}).",
    "contract_empty": "The contract has no item.",
    "duplicate_item": "The contract has an item “{value}” already. Later changes need “valid_from”.",
    "unknown_item": "The contract has no item “{value}”.",
    "item_outside": "Item “{value}” begins outside contract {contract}.",
    "discount_empty": "This belongs to a discount, but there is neither percent nor amount.",
    "raise_both": "A raise is either a percentage or an amount.",
    "discount_both": "Either percent or amount, not both. Two discounts need two rows.",
    "change_only": "A row with “valid_from” changes price and quantity only.",
    "change_empty": "The change names neither price nor quantity.",
    "change_early": "{value} does not lie after the item's start.",
    "change_product": "The item is of product {product}, not {value}.",
    # a whole file
    "columns": "Header:[ unknown columns: {unknown}.][ Missing: {missing}.][ Twice: {twice}.] Known are: {known}.",
    "missing": "There is no file {path}.",
    "unreadable": "File {path} cannot be read: {reason}.",
    "empty": "The file is empty. Its first row must hold the headers.",
    "too_big": "The file has {found} MB, {limit} are allowed. Please split it.",
    "line_long": "Line {row} is longer than {limit} characters. Is a line end or a quote missing?",
    "nul": "Line {row}, byte {byte}: a NUL. This is not a text file.",
    "encoding": "Line {row}, byte {byte}: neither UTF-8 nor Windows-1252. Save the file as “CSV UTF-8”.",
    "encoding_mixed": (
        "Line {row}, byte {byte}: not UTF-8, but elsewhere in the file it is. Save it as “CSV UTF-8” or state"
        " the encoding."
    ),
    "encoding_utf16": "The file is UTF-16 (“Unicode text”). Please save it as “CSV UTF-8”.",
    "csv": "From row {row}: broken quotes ({reason}).",
    "truncated": "The last row ({row}) is incomplete: the file was cut off. Please save it again.",
    "too_wide": "Row {row} has more than {limit} columns.",
    "too_many_rows": "The sheet has more than {limit} rows.",
    "xls": "The old format .xls is not read. Please save it as .xlsx or CSV.",
    "xlsx": "The file is not a readable XLSX file ({reason}).",
    "toml": "The file is not valid TOML ({reason}).",
    "toml_keys": "Seller:[ unknown keys: {unknown}.][ Missing: {missing}.][ Wrong kind of value: {wrong}.]",
    "macros": "The file contains macros. Please save it as .xlsx without macros.",
    "unpacked": "Unpacked, the file is larger than {limit} MB. Please save it as CSV.",
}

CODES: Final = frozenset(_GERMAN)
"""Every code that has a message."""


def message(error: CellError | FileError, language: str) -> str:
    """What is wrong and how to mend it, without the place. ``language`` is ``de``, or else English."""
    blanks = {**error.params, "value": error.value} if isinstance(error, CellError) else error.params
    template = (_GERMAN if language == "de" else _ENGLISH)[error.code]
    if words := blanks.get("known_de" if language == "de" else "known_en"):  # each language has its own
        blanks = {**blanks, "known": words}

    def part(match: re.Match[str]) -> str:
        return match[1] if all(blanks.get(name) for name in re.findall(r"{(\w+)}", match[1])) else ""

    return re.sub(r"\[(.*?)\]", part, template).format_map(blanks)


def explain(error: RowError, language: str) -> str:
    """The message with row and column: ``Zeile 12, Spalte „Preis“: …``."""
    said = message(error.error, language)
    header = error.header or error.error.column
    if language == "de":
        return f"Zeile {error.row}, Spalte „{header}“: {said}" if header else f"Zeile {error.row}: {said}"
    return f"Row {error.row}, column “{header}”: {said}" if header else f"Row {error.row}: {said}"
