"""The archive: what its verification finds, holds and deletion; doubts about incoming invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "archive_gap": (
        "Einträge {first} bis {last} fehlen: Zeilen wurden entfernt.",
        "Entries {first} to {last} are missing: rows were removed.",
    ),
    "archive_break": (
        "Eintrag {number} ({name}) schließt nicht an den davor an: einer der beiden wurde ersetzt.",
        "Entry {number} ({name}) does not follow the one before: one of the two was replaced.",
    ),
    "archive_changed": (
        "Eintrag {number} ({name}, {subject} {id}) wurde geändert: Prüfsumme {found}, festgehalten ist {expected}.",
        "Entry {number} ({name}, {subject} {id}) was changed: its hash is {found}, recorded is {expected}.",
    ),
    "archive_file_missing": (
        "Die Datei zu Eintrag {number} ({name}, {subject} {id}) fehlt: {place}. Erwartet: SHA-256 {expected}.",
        "The file of entry {number} ({name}, {subject} {id}) is missing: {place}. Expected: SHA-256 {expected}.",
    ),
    "archive_file_changed": (
        (
            "Die Datei zu Eintrag {number} ({name}, {subject} {id}) ist verändert: {place}. "
            "Erwartet: SHA-256 {expected}, {wanted_size} Bytes; gefunden: {found}, {size} Bytes."
        ),
        (
            "The file of entry {number} ({name}, {subject} {id}) is changed: {place}. "
            "Expected: SHA-256 {expected}, {wanted_size} bytes; found: {found}, {size} bytes."
        ),
    ),
    "archive_not_removed": (
        "Eintrag {number} ({name}) ist gelöscht, seine Datei liegt noch da: {place}. Sie darf entfernt werden.",
        "Entry {number} ({name}) is deleted, its file still lies there: {place}. It may be removed.",
    ),
    "archive_anchor_differs": (
        (
            "Der Anker vom {day} nennt für Eintrag {number} ({name}) die Prüfsumme {expected}: die Kette wurde danach "
            "neu geschrieben."
        ),
        "The anchor of {day} names the hash {expected} for entry {number} ({name}): the chain was rewritten since.",
    ),
    "archive_tail_missing": (
        "Der Anker vom {day} nennt Eintrag {number}, die Kette endet aber mit {last}: Einträge wurden entfernt.",
        "The anchor of {day} names entry {number}, but the chain ends with {last}: entries were removed.",
    ),
    "archive_anchor_unsigned": (
        "Der Anker {place} ist nicht mit dem Schlüssel dieser Installation unterschrieben.",
        "The anchor {place} is not signed with the key of this installation.",
    ),
    "archive_anchor_row_missing": (
        "Der Anker vom {day} liegt als Datei vor ({place}), in der Datenbank fehlt er.",
        "The anchor of {day} is there as a file ({place}), but is missing in the database.",
    ),
    "archive_row_changed": (
        "Zeile {id} in {table} wurde geändert, nachdem sie versiegelt war (Eintrag {number}).",
        "Row {id} of {table} was changed after it was sealed (entry {number}).",
    ),
    "archive_row_missing": (
        "Zeile {id} in {table} fehlt; sie war versiegelt (Eintrag {number}).",
        "Row {id} of {table} is missing; it was sealed (entry {number}).",
    ),
    "archive_unchained": (
        "Der Beleg {invoice} ({format}, SHA-256 {sha256}) steht noch nicht in der Kette; turnus work nimmt ihn auf.",
        "Document {invoice} ({format}, SHA-256 {sha256}) is not in the chain yet; turnus work takes it in.",
    ),
    "archive_hold_reason": (
        "Ohne Grund wird keine Aufbewahrung verlängert oder beendet: --reason.",
        "No hold is set or lifted without a reason: --reason.",
    ),
    "archive_unknown_entry": (
        "Einen Eintrag {number} hat das Archiv nicht, oder er ist gelöscht. Alle: turnus archive list.",
        "The archive has no entry {number}, or it is deleted. All: turnus archive list.",
    ),
    "archive_place_country": (
        "In welchem Land stehen die Rechner der Ablage? --country DE.",
        "In which country are the machines of the store? --country DE.",
    ),
    "archive_place_abroad": (
        (
            "Bücher und Belege außerhalb der EU ({country}) brauchen die Bewilligung des Finanzamts "
            "(§ 146 Abs. 2b AO): --permission mit Datum und Zeichen des Bescheids."
        ),
        (
            "Books and vouchers outside the EU ({country}) need the tax office's permission (§ 146 Abs. 2b AO): "
            "--permission with its date and reference."
        ),
    ),
    "archive_unknown_hold": (
        "Eine Sperre {hold} ist nicht in Kraft. Alle: turnus archive holds.",
        "There is no hold {hold} in force. All: turnus archive holds.",
    ),
    "incoming_duplicate": (
        "Diese Rechnung ({number}) kam schon einmal: Eingang {incoming}. Nicht zweimal bezahlen.",
        "This invoice ({number}) came before: incoming {incoming}. Do not pay it twice.",
    ),
    "incoming_same_number": (
        "Eine Rechnung mit derselben Nummer {number}, aber anderem Betrag kam schon: Eingang {incoming}.",
        "An invoice with the same number {number}, but another amount came before: incoming {incoming}.",
    ),
    "incoming_same_amount": (
        "Am selben Tag kam über denselben Betrag schon {number}: Eingang {incoming}.",
        "Of the same day and the same amount, {number} came before: incoming {incoming}.",
    ),
    "incoming_new_iban": (
        "Das Konto {iban} ist bei diesem Lieferanten neu; bisher: {known}. Vor der Zahlung dort anrufen.",
        "Account {iban} is new with this supplier; so far: {known}. Call them before you pay.",
    ),
    "incoming_other_buyer": (
        "Die Rechnung ist an {buyer} ({vat_id}) gerichtet, nicht an uns: kein Vorsteuerabzug.",
        "The invoice is addressed to {buyer} ({vat_id}), not to us: no deduction of input VAT.",
    ),
    "incoming_unknown": (
        "Einen Eingang {incoming} gibt es nicht. Alle: turnus incoming list.",
        "There is no incoming {incoming}. All: turnus incoming list.",
    ),
    "incoming_decided": (
        "Über Eingang {incoming} ist schon entschieden; das bleibt so.",
        "Incoming {incoming} is decided already; that stays.",
    ),
    "incoming_unreadable": (
        "Aus Eingang {incoming} ließ sich keine Rechnung lesen; er kann zurückgewiesen oder nachgefragt werden.",
        "No invoice could be read from incoming {incoming}; it can be rejected or queried.",
    ),
    "incoming_reason": (
        "Ein Grund ist nötig: --reason.",
        "A reason is needed: --reason.",
    ),
}
"""Code → (German, English)."""
