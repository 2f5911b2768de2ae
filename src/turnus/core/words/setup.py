"""The installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_seller": (
        "Den Verkäufer „{seller}“ gibt es nicht. turnus init richtet ihn ein.",
        "There is no seller “{seller}”. turnus init sets one up.",
    ),
    "unknown_contact": (
        "Einen Ansprechpartner „{role}“[ mit der Adresse {email}] gibt es nicht. Alle: turnus customer contact list.",
        "There is no contact “{role}”[ with the address {email}]. All: turnus customer contact list.",
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
"""Code → (German, English)."""
