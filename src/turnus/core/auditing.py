"""The tables that a tax auditor is given (Z3, § 147 Abs. 6 AO; law.md G-05, 06, 11), and the texts of their cells."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Mapping


class Column(NamedTuple):
    """A column: its name in the export, the field it comes from, and how its cells are written."""

    name: str
    field: str
    kind: str = "text"
    """``text``, ``code`` (explained in the table of codes), ``id``, ``date``, ``last`` (the day before a half-open
    end), ``instant``, ``money`` (minor units), ``percent`` (basis points), ``number``."""


class Table(NamedTuple):
    """A table: its file, what it holds, the rows it takes, and how they hang together."""

    name: str
    told: str
    model: str
    """Label of the rows: ``invoices.Invoice``."""
    columns: tuple[Column, ...]
    seller: str = ""
    """Path to the seller; empty: the rows of all, or those of the parent."""
    day: str = ""
    """What the period asks of; empty: all rows."""
    only: tuple[tuple[str, object], ...] = ()
    parent: tuple[str, str] | None = None
    """(table, field): rows of this table belong to a row there, which has seller, period and currency."""
    keys: int = 1
    """So many leading columns are the primary key."""
    references: tuple[tuple[str, str], ...] = ()
    """(column, table) that it refers to."""

    @property
    def file(self) -> str:
        """Its file beside ``index.xml``."""
        return f"{self.name.lower()}.csv"


def _columns(text: str) -> tuple[Column, ...]:
    """``Name field kind`` a line."""
    return tuple(Column(*line.split()) for line in text.strip().splitlines())


TABLES: Final = (
    Table("Verkaeufer", "Die abrechnende Firma mit allen Fassungen ihrer Stammdaten", "parties.SellerVersion", _columns(
        """Fassung id id
        Verkaeufer seller__code
        Gueltig_ab valid_from date
        Erfasst_am recorded_at instant
        Name name
        Strasse street
        PLZ postcode
        Ort city
        Land country
        USt_IdNr vat_id
        Steuernummer tax_number
        Register register"""), "seller"),
    Table("Kunden", "Kunden mit allen Fassungen ihrer Stammdaten", "parties.CustomerVersion", _columns(
        """Fassung id id
        Kunde customer_id id
        Kundennummer customer__number
        Gueltig_ab valid_from date
        Erfasst_am recorded_at instant
        Name name
        Art kind code
        Strasse street
        PLZ postcode
        Ort city
        Land country
        USt_IdNr vat_id
        Debitor debtor_number"""), "customer__seller"),
    Table("Artikel", "Artikel mit allen Fassungen", "catalog.ProductVersion", _columns(
        """Fassung id id
        Artikel product_id id
        Erfasst_am recorded_at instant
        Bezeichnung name
        Steuerklasse tax_class code
        Einheit unit"""), "product__seller_id"),
    Table("Vertraege", "Verträge, wie sie geschlossen wurden", "contracts.Contract", _columns(
        """Vertrag id id
        Vertragsnummer number
        Kunde customer_id id
        Waehrung currency
        Unterzeichnet signed_on date
        Beginn start_on date
        Ende end_on last
        Referenz reference"""), "seller_id"),
    Table("Belege", "Ausgestellte Rechnungen, Korrekturen, Stornorechnungen und Gutschriften", "invoices.Invoice",
          _columns(
        """Beleg id id
        Nummer number
        Art kind code
        Herkunft origin code
        Kunde customer_id id
        Kundenfassung buyer_version_id id
        Verkaeuferfassung seller_version_id id
        Waehrung currency
        Belegdatum issue_date date
        Faellig due_date date
        Leistung_von service_start date
        Leistung_bis service_end last
        Netto net money
        Steuer tax money
        Brutto gross money
        Verrechnet applied money
        Abgezogen deducted money
        Korrigiert corrects_id id
        Grund reason
        Kurs exchange_rate
        Pruefsumme digest"""), "seller_id", "issue_date", (("state", "issued"),),
          references=(("Kundenfassung", "Kunden"), ("Verkaeuferfassung", "Verkaeufer"), ("Korrigiert", "Belege"))),
    Table("Positionen", "Zeilen der Belege", "invoices.InvoiceLine", _columns(
        """Beleg invoice_id id
        Zeile position id
        Vertrag contract_id id
        Teil part
        Artikelfassung product_version_id id
        Leistung_von service_start date
        Leistung_bis service_end last
        Menge quantity number
        Einzelpreis unit_price number
        Text label
        Steuerfall category code
        Steuersatz rate percent
        Netto net money"""), parent=("Belege", "invoice_id"), keys=2,
          references=(("Beleg", "Belege"), ("Vertrag", "Vertraege"), ("Artikelfassung", "Artikel"))),
    Table("Steuern", "Umsatzsteuer der Belege je Steuerfall und Satz", "invoices.InvoiceTax", _columns(
        """Beleg invoice_id id
        Steuerfall category code
        Steuersatz rate percent
        Bemessungsgrundlage base money
        Steuer tax money
        Grund reason"""), parent=("Belege", "invoice_id"), keys=3, references=(("Beleg", "Belege"),)),
    Table("Abzuege", "Was Schlussrechnungen für Anzahlungen abziehen", "invoices.InvoiceDeduction", _columns(
        """Beleg invoice_id id
        Anzahlung advance_id id
        Steuerfall category code
        Steuersatz rate percent
        Erhalten base money
        Steuer tax money
        Geschlossen closed_base money
        Steuer_darauf closed_tax money"""), parent=("Belege", "invoice_id"), keys=4,
          references=(("Beleg", "Belege"), ("Anzahlung", "Belege"))),
    Table("Widersprueche", "Widersprüche von Lieferanten gegen Gutschriften", "invoices.Objection", _columns(
        """Widerspruch id id
        Beleg invoice_id id
        Eingang received_on date
        Grund reason"""), parent=("Belege", "invoice_id"), references=(("Beleg", "Belege"),)),
    Table("Buchungen", "Buchungen; die eines Vorgangs ergeben zusammen null", "ledger.Posting", _columns(
        """Buchung id id
        Vorgang transaction id
        Buchungstag booked_on date
        Konto account code
        Kunde customer_id id
        Waehrung currency
        Betrag amount money
        Steuerfall category code
        Steuersatz rate percent
        Faellig due_on date
        Beleg invoice_id id
        Zahlung payment_id id"""), "seller_id", "booked_on",
          references=(("Beleg", "Belege"), ("Zahlung", "Zahlungen"))),
    Table("Zahlungen", "Zahlungen von und an Kunden", "ledger.Payment", _columns(
        """Zahlung id id
        Kunde customer_id id
        Eingang received_on date
        Waehrung currency
        Betrag amount money
        Verwendungszweck reference
        Schluessel key"""), "seller_id", "received_on"),
    Table("Zuordnungen", "Welche Zahlung oder Gutschrift welche Forderung ausgleicht", "ledger.Allocation", _columns(
        """Zuordnung id id
        Haben credit_id id
        Soll debit_id id
        Tag allocated_on date
        Betrag amount money"""), parent=("Buchungen", "debit_id"), day="allocated_on",
          references=(("Haben", "Buchungen"), ("Soll", "Buchungen"))),
    Table("Nummernkreise", "Nummernkreise je Jahr mit der nächsten Nummer", "invoices.NumberRange", _columns(
        """Kreis id id
        Code code
        Jahr year id
        Naechste next id
        Letztes_Belegdatum last_issue_date date"""), "seller_id"),
    Table("Eingangsrechnungen", "Empfangene Rechnungen; Korrekturen negativ", "payables.PayableInvoice", _columns(
        """Rechnung id id
        Eingang incoming_id id
        Lieferant supplier
        Lieferantenkennung supplier_key
        Nummer number
        Belegart code
        Belegdatum issue_date date
        Faellig due_date date
        Waehrung currency
        Netto net money
        Steuer tax money
        Brutto gross money
        Zahlbetrag due money
        IBAN iban"""), "seller_id", "issue_date"),
    Table("Eingangssteuern", "Umsatzsteuer der empfangenen Rechnungen", "payables.PayableTax", _columns(
        """Zeile id id
        Rechnung invoice_id id
        Steuerfall category code
        Steuersatz rate percent
        Bemessungsgrundlage base money
        Steuer tax money"""), parent=("Eingangsrechnungen", "invoice_id"),
          references=(("Rechnung", "Eingangsrechnungen"),)),
    Table("Entscheidungen", "Was über empfangene Rechnungen entschieden wurde", "payables.PayableDecision", _columns(
        """Entscheidung id id
        Eingang incoming_id id
        Ergebnis decision code
        Grund reason
        Zeitpunkt decided_at instant
        Wer actor_name"""), "incoming__seller_id", "decided_at"),
    Table("Archiv", "Archivierte Dateien mit ihrer Kette von Prüfsummen", "documents.ArchiveEntry", _columns(
        """Eintrag id id
        Gehoert_zu subject code
        Id subject_id id
        Format format
        Datei name
        SHA256 sha256
        Bytes size id
        Aufbewahrung retention code
        Tag dated date
        Archiviert_am filed_at instant
        Kette hash"""), day="dated"),
    Table("Protokoll", "Wer wann was getan hat, mit Vorher und Nachher", "records.AuditEntry", _columns(
        """Eintrag id id
        Zeitpunkt at instant
        Art actor_kind code
        Wer actor_name
        Handlung action
        Gegenstand object_type
        Id object_id id
        Vorher before
        Nachher after
        Grund reason"""), day="at"),
    Table("Benutzer", "Benutzer des Systems", "access.User", _columns(
        """Benutzer id id
        Anmeldename username
        Aktiv is_active code
        Angelegt date_joined instant""")),
)  # fmt: skip
"""In the order of the medium; a table that another refers to may come after it."""

CODES: Final[Mapping[str, tuple[str, str]]] = {
    "Art company": ("Unternehmen", "business"),
    "Art person": ("Privatperson", "private person"),
    "Art invoice": ("Rechnung", "invoice"),
    "Art credit": ("Rechnungskorrektur", "credit"),
    "Art cancellation": ("Stornorechnung", "cancellation"),
    "Art self_billing": ("Gutschrift an einen Lieferanten (§ 14 Abs. 2 UStG)", "self-billed invoice"),
    "Art self_credit": ("Korrektur einer Gutschrift", "self-billing correction"),
    "Art proforma": ("Proformarechnung, fordert nichts", "pro forma invoice, claims nothing"),
    "Art deposit": ("Anzahlungsrechnung", "deposit invoice"),
    "Art progress": ("Abschlagsrechnung", "progress invoice"),
    "Art partial": ("Teilrechnung", "partial invoice"),
    "Art final": ("Schlussrechnung", "final invoice"),
    "Art standing": ("Dauerrechnung", "standing invoice"),
    "Art covered": ("Forderung aus einer Dauerrechnung", "claim covered by a standing invoice"),
    "Art correction": ("Rechnungsberichtigung, ändert keinen Betrag", "correction of details, changes no amount"),
    "Art cli": ("Mensch am Terminal", "person at a terminal"),
    "Art job": ("Programm ohne Menschen", "program without a person"),
    "Herkunft run": ("Rechnungslauf", "invoice run"),
    "Herkunft manual": ("von Hand", "by hand"),
    "Herkunft correction": ("Korrektur eines Belegs", "correction of a document"),
    "Steuerfall S": ("Umsatzsteuer", "VAT"),
    "Steuerfall Z": ("Nullsatz", "zero rate"),
    "Steuerfall E": ("steuerfrei", "exempt"),
    "Steuerfall AE": ("Steuerschuldnerschaft des Leistungsempfängers", "reverse charge"),
    "Steuerfall K": ("innergemeinschaftliche Lieferung", "intra-community supply"),
    "Steuerfall G": ("Ausfuhr", "export"),
    "Steuerfall O": ("nicht steuerbar", "outside the scope of VAT"),
    "Konto receivable": ("Forderungen aus Lieferungen und Leistungen", "receivables"),
    "Konto revenue": ("Erlöse", "revenue"),
    "Konto advance": ("Angeforderte Anzahlungen", "advances asked for"),
    "Konto advance_vat": ("Umsatzsteuer auf Anzahlungen", "VAT of advances"),
    "Konto vat": ("Umsatzsteuer", "output VAT"),
    "Konto bank": ("Bank", "bank"),
    "Konto payable": ("Verbindlichkeiten", "payables"),
    "Konto expense": ("Aufwand", "expense"),
    "Konto input_vat": ("Vorsteuer", "input VAT"),
    "Steuerklasse standard": ("Regelsatz", "standard rate"),
    "Steuerklasse reduced": ("ermäßigter Satz", "reduced rate"),
    "Steuerklasse zero": ("Nullsatz", "zero rate"),
    "Ergebnis accept": ("angenommen", "accepted"),
    "Ergebnis query": ("in Klärung", "queried"),
    "Ergebnis reject": ("zurückgewiesen", "rejected"),
    "Gehoert_zu invoice": ("Beleg", "document"),
    "Gehoert_zu incoming": ("Eingangsrechnung", "incoming invoice"),
    "Gehoert_zu message": ("Nachricht", "message"),
    "Gehoert_zu procedure": ("Verfahrensdokumentation", "procedure documentation"),
    "Gehoert_zu seal": ("Siegel von Zeilen der Buchführung", "seal of rows of the books"),
    "Gehoert_zu protocol": ("Löschprotokoll", "protocol of a deletion"),
    "Aufbewahrung books": ("Bücher, 10 Jahre", "books, 10 years"),
    "Aufbewahrung vouchers": ("Belege, 8 Jahre", "vouchers, 8 years"),
    "Aufbewahrung letters": ("Briefe, 6 Jahre", "letters, 6 years"),
    "Aktiv True": ("ja", "yes"),
    "Aktiv False": ("nein", "no"),
}
"""``Column code`` → what it means (§ 146 Abs. 3 AO: abbreviations are defined)."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def cell(kind: str, value: object, currency: str = "EUR") -> str:
    """A cell as the Beschreibungsstandard writes it: decimal comma, ``TT.MM.JJJJ``, text in one line and in quotes."""
    if value is None:
        return '""' if kind in {"text", "code"} else ""
    if kind == "money":
        return _number(from_minor(int(str(value)), currency))
    if kind == "percent":
        return _number(Decimal(int(str(value))).scaleb(-2))
    if kind == "number":
        return _number(Decimal(str(value)))
    if kind == "id":
        return str(value)
    if isinstance(value, datetime):
        return f'"{value.isoformat(timespec="seconds")}"'
    if isinstance(value, date):
        return _german(value - timedelta(days=1) if kind == "last" else value)
    inner = _CONTROL.sub(" ", str(value)).replace('"', '""')
    return f'"{inner}"'


def _german(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def _number(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
