"""Texts of the procedure documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.retention import Retention

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES: Final = {
    Retention.BOOKS: ("Bücher, Aufzeichnungen, Organisationsunterlagen", "books, records, organisation documents"),
    Retention.VOUCHERS: ("Buchungsbelege, Rechnungen", "vouchers, invoices"),
    Retention.LETTERS: ("Handels- und Geschäftsbriefe", "commercial letters"),
}
TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Verfahrensdokumentation", "Procedure documentation"),
    "scope": (
        (
            "Erzeugt aus der laufenden Einrichtung von Turnus {version}. Sie beschreibt, wie hier Verträge "
            "berechnet, Rechnungen ausgestellt und empfangen, gebucht und aufbewahrt werden (GoBD, § 145 bis 147 AO, "
            "§ 239 HGB). Was außerhalb von Turnus geschieht, ergänzt das Unternehmen."
        ),
        (
            "Made from the running configuration of Turnus {version}. It tells how contracts are billed here, "
            "invoices issued and received, posted and kept (GoBD, §§ 145 to 147 AO, § 239 HGB). What happens outside "
            "of Turnus is added by the company."
        ),
    ),
    "general": ("Allgemeine Beschreibung", "General description"),
    "user": ("Anwenderdokumentation", "User documentation"),
    "technical": ("Technische Systemdokumentation", "Technical documentation"),
    "operation": ("Betriebsdokumentation", "Operation"),
    "none": ("Nichts eingerichtet.", "Nothing is set up."),
    "settings": ("Einstellungen, die die Abrechnung steuern:", "Settings that steer billing:"),
    "settings_titles": ("Einstellung|Wert", "Setting|Value"),
    "series": ("Nummernkreise, lückenlos je Jahr:", "Number ranges, gapless per year:"),
    "series_titles": ("Belegart|Code|Muster|Gültig ab", "Kind|Code|Pattern|Valid from"),
    "duties": (
        (
            "Verträge und ihre Änderungen werden als Tatsachen mit Tag und Urheber erfasst und nie geändert. Ein "
            "Rechnungslauf berechnet, was geschuldet ist, abzüglich dessen, was schon berechnet wurde. Ausgestellte "
            "Belege ändern sich nicht; Fehler werden durch Stornorechnung oder Korrektur behoben."
        ),
        (
            "Contracts and their amendments are recorded as facts with day and author and never changed. An invoice "
            "run computes what is owed less what was billed. Issued documents do not change; errors are mended by a "
            "cancellation or a correction."
        ),
    ),
    "steps": (
        (
            "1. Erfassen: Kunden, Artikel, Verträge, Verbrauch aus Dateien (`turnus import`) oder einzeln; jede "
            "Datei wird im Original aufbewahrt.\n2. Rechnungslauf: einfrieren, entwerfen, freigeben, nummerieren, "
            "ausstellen (`turnus run`); auffällige Läufe warten auf eine Freigabe.\n3. Buchen: jeder Beleg bucht "
            "ausgeglichen auf Forderungen, Erlöse und Umsatzsteuer.\n4. Prüfen und Versenden: E-Rechnungen werden "
            "amtlich geprüft, bevor sie das Haus verlassen.\n5. Zahlungen: zugeordnet, Überzahlungen bleiben "
            "Guthaben.\n6. Eingangsrechnungen: Original archiviert, geprüft, angenommen oder zurückgewiesen (`turnus "
            "incoming`).\n7. Archiv: jeder Beleg mit Prüfsumme in einer Kette (`turnus archive`)."
        ),
        (
            "1. Entry: customers, products, contracts, usage from files (`turnus import`) or one by one; each file "
            "is kept as it came.\n2. Invoice run: freeze, draft, release, number, issue (`turnus run`); unusual runs "
            "wait for a release.\n3. Posting: each document posts balanced to receivables, revenue and VAT.\n4. "
            "Judging and sending: e-invoices are judged by the official rules before they leave.\n5. Payments: "
            "allocated, what is overpaid stays as credit.\n6. Incoming invoices: the original archived, judged, "
            "accepted or rejected (`turnus incoming`).\n7. Archive: each document with its hash in a chain (`turnus "
            "archive`)."
        ),
    ),
    "runs": ("Geplante Rechnungsläufe von", "Scheduled invoice runs of"),
    "runs_titles": ("Name|Automatik|Rhythmus", "Name|Automation|Rhythm"),
    "users": ("Benutzer und Rollen:", "Users and roles:"),
    "users_titles": ("Benutzer|Rolle", "User|Role"),
    "control": (
        (
            "Internes Kontrollsystem: Vorschau gleich Ergebnis; Sicherheitsgrenzen halten Läufe an; jede Handlung "
            "steht mit Urheber, Zeit, Vorher und Nachher im Protokoll; `turnus doctor` rechnet Nummern, Buchungen, "
            "Belege und Archiv auf eigenem Weg nach."
        ),
        (
            "Internal control: a preview equals its result; safety bounds stop runs; each act stands in the audit "
            "trail with author, time, before and after; `turnus doctor` recomputes numbers, postings, documents and "
            "archive by paths of its own."
        ),
    ),
    "runtime_titles": ("Teil|Version", "Part|Version"),
    "guarded": (
        "Zeilen dieser {count} Tabellen weist die Datenbank jede Änderung und Löschung ab (Trigger):",
        "In these {count} tables the database refuses each change and deletion of a row (triggers):",
    ),
    "rules": ("Regelwerke, nach denen E-Rechnungen geprüft werden:", "Rule sets by which e-invoices are judged:"),
    "rules_titles": ("Name|Version|SHA-256", "Name|Version|SHA-256"),
    "rates": ("Steuersätze:", "VAT rates:"),
    "rates_titles": ("Land|Klasse|Satz|Gültig ab", "Country|Class|Rate|Valid from"),
    "store": (
        "Ablage des Archivs: {store}; Land: {country}. `turnus archive verify` prüft sie ganz.",
        "Store of the archive: {store}; country: {country}. `turnus archive verify` verifies all of it.",
    ),
    "retention": ("Aufbewahrung ab Ende des Kalenderjahrs:", "Retention from the end of the calendar year:"),
    "retention_titles": ("Art|Jahre|Grundlage", "Class|Years|Law"),
    "holds": ("Sperren gegen das Löschen:", "Holds against deletion:"),
    "holds_titles": ("Eintrag|Grund", "Entry|Reason"),
    "backup": (
        (
            "`turnus work` läuft regelmäßig: geplante Läufe, Belege, Versand, täglicher Anker der Archivkette. Zu "
            "sichern sind die Datenbank und der Datenordner; Anker werden außer Haus verwahrt. Nach einer "
            "Rücksicherung: `turnus doctor`. Für eine Prüfung: `turnus archive export` (Z3)."
        ),
        (
            "`turnus work` runs regularly: scheduled runs, documents, sending, the daily anchor of the archive's "
            "chain. To be backed up: the database and the data folder; anchors are kept outside the house. After a "
            "restore: `turnus doctor`. For a tax audit: `turnus archive export` (Z3)."
        ),
    ),
}
"""Code → (German, English)."""
