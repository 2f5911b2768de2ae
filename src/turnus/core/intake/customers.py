"""The file of customers: one row each, with the evidence of a VAT id check where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from turnus.core.document import PostalAddress
from turnus.core.einvoice.profiles import WRITABLE
from turnus.core.intake.cells import CellError, Parser, Reading, choice, matching, text, yes_no
from turnus.core.intake.codes import parse_country, parse_currency, parse_iban, parse_leitweg_id, parse_vat_id
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.dates import first_day
from turnus.core.intake.numbers import percent, whole
from turnus.core.parties import CustomerData, CustomerKind, VatIdCheck

_KIND: Final = choice(
    {
        CustomerKind.COMPANY: "company|firma|unternehmen|geschäftskunde|business|gewerblich|b2b",
        CustomerKind.PERSON: "person|privat|privatperson|privatkunde|verbraucher|consumer|private|b2c",
    }
)
_LANGUAGE: Final = choice(
    {
        "de": "de|deutsch|german|de-de|de-at|de-ch",
        "en": "en|englisch|english|en-us|en-gb",
        "es": "es|spanisch|spanish|español|es-es",
        "fr": "fr|französisch|french|français|fr-fr|fr-be|fr-ch",
        "it": "it|italienisch|italian|italiano|it-it|it-ch",
        "nl": "nl|niederländisch|dutch|nederlands|nl-nl|nl-be",
        "pl": "pl|polnisch|polish|polski|pl-pl",
    }
)
_EMAIL: Final = matching(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+", "email")
_CODE: Final[Parser[str]] = text(40)

# fmt: off
NUMBER: Final = Column(
    "number", "Kundennummer|Kunden-Nr|Kundennr|Kd-Nr|customer", _CODE,
    "Eigene Nummer des Kunden, einmal je Datei.", "Your number of the customer, once per file.", required=True,
)
NAME: Final = Column(
    "name", "Name|Firmenname|Kunde", text(), "Firma, oder Vor- und Nachname.",
    "Company, or first and last name.", required=True
)
KIND: Final = Column("kind", "Art|Kundenart", _KIND, "Firma oder Privat.", "company or person.", required=True)
STREET: Final = Column("street", "Straße|Strasse|Anschrift", text(), "Straße und Hausnummer.", "Street and number.")
EXTRA: Final = Column("extra", "Adresszusatz|Zusatz", text(), "Gebäude, c/o, Abteilung.", "Building, c/o, department.")
POSTCODE: Final = Column(
    "postcode", "PLZ|Postleitzahl|zip", text(20),
    "Mit führenden Nullen (Spalte als Text formatieren).", "With leading zeros (format the column as text).",
)
CITY: Final = Column("city", "Ort|Stadt", text(), "Ort.", "City.", required=True)
REGION: Final = Column("region", "Region|Bundesland|state", text(), "Bundesland oder Region.", "State or region.")
COUNTRY: Final = Column(
    "country", "Land|Länderkürzel", parse_country,
    "Kürzel wie DE oder Name; leer: Land des Verkäufers.", "Code such as DE, or name; blank: the seller's country.",
)
LANGUAGE: Final = Column(
    "language", "Sprache", _LANGUAGE, "de, en, es, fr, it, nl oder pl; leer: wie der Verkäufer.",
    "de, en, es, fr, it, nl or pl; blank: the seller's.",
)
CURRENCY: Final = Column(
    "currency", "Währung", parse_currency, "Kürzel wie EUR; leer: wie der Verkäufer.",
    "Code such as EUR; blank: the seller's."
)
VAT_ID: Final = Column(
    "vat_id", "USt-IdNr|USt-ID|Umsatzsteuer-ID|UID", parse_vat_id, "Mit Länderkürzel: ATU12345678.",
    "With its country: ATU12345678."
)
EMAIL: Final = Column("email", "E-Mail|Mail", _EMAIL, "Für den Versand der Rechnungen.", "Where invoices go.")
PHONE: Final = Column("phone", "Telefon|Tel", text(60), "Telefon.", "Telephone.")
CONTACT: Final = Column(
    "contact_name", "Ansprechpartner|Kontakt", text(), "Name auf der Rechnung.", "Name on the invoice."
)
LEITWEG: Final = Column(
    "leitweg_id", "Leitweg-ID", parse_leitweg_id, "Nur Behörden: 04011000-12345-03.",
    "Public authorities in Germany only."
)
DEBTOR: Final = Column(
    "debtor_number", "Debitorennummer|Debitor|Debitorenkonto", matching("[0-9]{5,9}", "debtor_number"),
    "Personenkonto der Buchhaltung, 5 bis 9 Ziffern.", "Account in bookkeeping, 5 to 9 digits.",
)
PAYMENT_DAYS: Final = Column(
    "payment_days", "Zahlungsziel|Zahlungsziel Tage", whole(0, 365),
    "Tage; leer: wie der Verkäufer.", "Days; blank: the seller's.",
)
PARENT: Final = Column(
    "parent", "Übergeordneter Kunde|Mutter|Konzern", _CODE, "Kundennummer der Mutter.", "Number of the parent customer."
)
BILL_TO_PARENT: Final = Column(
    "bill_to_parent", "Rechnung an Mutter", yes_no, "ja: Rechnungen neuer Verträge gehen an die Mutter.",
    "yes: invoices of new contracts go to the parent.",
)
PROOF: Final = Column(
    "business_proof", "Unternehmernachweis|Nachweis", text(),
    "Nur Drittland: was belegt, dass der Kunde Unternehmer ist.", "Third countries only: what proves a business.",
)
D_STREET: Final = Column("delivery_street", "Lieferstraße", text(), "Lieferadresse: Straße.", "Delivery: street.")
D_POSTCODE: Final = Column("delivery_postcode", "Liefer-PLZ", text(20), "Lieferadresse: PLZ.", "Delivery: postcode.")
D_CITY: Final = Column("delivery_city", "Lieferort", text(), "Lieferadresse: Ort.", "Delivery: city.")
D_COUNTRY: Final = Column("delivery_country", "Lieferland", parse_country, "Lieferadresse: Land.", "Delivery: country.")
CHECKED_ON: Final = Column(
    "vat_checked_on", "USt-IdNr geprüft am", first_day, "Tag der Bestätigung der USt-IdNr.",
    "Day the VAT id was checked."
)
CHECK_VALID: Final = Column(
    "vat_check_valid", "USt-IdNr gültig", yes_no, "ja oder nein: Ergebnis der Prüfung.",
    "yes or no: result of the check."
)
CHECK_REFERENCE: Final = Column(
    "vat_check_reference", "USt-IdNr Aktenzeichen", text(100), "Nummer der Bestätigung.", "Number of the confirmation."
)
CUSTOMER_GROUP: Final = Column(
    "customer_group", "Kundengruppe", text(40), "Gruppe ab dem Tag der Übernahme; leer: unverändert.",
    "Group from the day of the import; blank: unchanged.",
)

ENDPOINT: Final = Column(
    "electronic_address", "Elektronische Adresse", matching(r"EM:\S.*|A[NQSU]:\S.*|\d{4}:\S.*", "electronic_address"),
    "Für E-Rechnungen, mit Schema: 0204:04011000-12345-03; leer: die E-Mail-Adresse.",
    "For e-invoices, with its scheme: 0204:04011000-12345-03; blank: the e-mail address.",
)
SITE: Final = Column(
    "site", "Standort|Niederlassung", text(60), "Niederlassung, die den Kunden betreut; eigene Gestaltung möglich.",
    "Branch that looks after the customer; it may have a design of its own."
)
PROFILE: Final = Column(
    "einvoice_profile", "E-Rechnungsprofil|E-Rechnung", choice({name: name for name in WRITABLE}),
    "xrechnung, peppol, facturx-en16931 …: was dafür fehlt, hält die Rechnung an; leer: keines.",
    "xrechnung, peppol, facturx-en16931 …: what it lacks holds the invoice; blank: none.",
)
SYNTAX: Final = Column(
    "einvoice_syntax", "E-Rechnungssyntax", choice({"cii": "cii", "ubl": "ubl"}),
    "cii oder ubl, wo das Profil beide hat; leer: die erste.",
    "cii or ubl where the profile has both; blank: the first.",
)
MANDATE: Final = Column(
    "mandate", "Mandat|Mandatsreferenz", text(35), "SEPA-Mandat: der Betrag wird eingezogen.",
    "SEPA mandate: the amount is collected.",
)
MANDATE_IBAN: Final = Column(
    "mandate_iban", "Mandat IBAN", parse_iban, "Konto, das belastet wird.", "The account that is debited.",
)
CARD: Final = Column(
    "card_digits", "Karte", matching(r"\d{4,6}", "card_digits"), "Letzte 4 bis 6 Ziffern der Karte, die belastet wird.",
    "Last 4 to 6 digits of the card that is charged.",
)
SKONTO_DAYS: Final = Column(
    "cash_discount_days", "Skonto Tage", whole(0, 365), "Skonto, wer so schnell zahlt.",
    "Cash discount if paid within.",
)
SKONTO: Final = Column(
    "cash_discount_percent", "Skonto|Skonto Prozent", percent, "Mit Skonto Tage zusammen.",
    "Together with cash_discount_days.",
)

CUSTOMERS: Final = Layout(
    "customers",
    (
        NUMBER, NAME, KIND, STREET, EXTRA, POSTCODE, CITY, REGION, COUNTRY, LANGUAGE, CURRENCY, VAT_ID, EMAIL, PHONE,
        CONTACT, LEITWEG, DEBTOR, PAYMENT_DAYS, PARENT, BILL_TO_PARENT, PROOF, D_STREET, D_POSTCODE, D_CITY, D_COUNTRY,
        CHECKED_ON, CHECK_VALID, CHECK_REFERENCE, CUSTOMER_GROUP, ENDPOINT, SITE, PROFILE,
        SYNTAX, MANDATE, MANDATE_IBAN, CARD, SKONTO_DAYS, SKONTO,
    ),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer and, where the file brings it, the evidence of the VAT id check."""

    data: CustomerData
    check: VatIdCheck | None
    group: str = ""
    """Customer group; empty: unchanged."""


def customer_row(row: Values, how: Reading) -> CustomerRow:
    """One row as values. Raises ``CellError`` where cells contradict each other."""
    number, vat_id = row.need(NUMBER), row[VAT_ID] or ""
    scheme, _, endpoint = (row[ENDPOINT] or "").partition(":")
    if row[PARENT] == number:
        raise CellError("own_parent", number, column=PARENT.name)
    if row[BILL_TO_PARENT] and not row[PARENT]:
        raise CellError("required", column=PARENT.name)
    data = CustomerData(
        number=number,
        name=row.need(NAME),
        kind=row.need(KIND),
        address=_address(row, how),
        delivery=_delivery(row, how),
        language=row[LANGUAGE] or "",
        currency=row[CURRENCY] or "",
        vat_id=vat_id,
        email=row[EMAIL] or "",
        phone=row[PHONE] or "",
        contact_name=row[CONTACT] or "",
        leitweg_id=row[LEITWEG] or "",
        debtor_number=row[DEBTOR] or "",
        payment_days=row[PAYMENT_DAYS],
        business_proof=row[PROOF] or "",
        parent=row[PARENT] or "",
        bill_to_parent=row[BILL_TO_PARENT] or False,
        endpoint=endpoint,
        endpoint_scheme=scheme,
        site=row[SITE] or "",
        einvoice_profile=row[PROFILE] or "",
        einvoice_syntax=row[SYNTAX] or "",
        mandate=row[MANDATE] or "",
        mandate_iban=row[MANDATE_IBAN] or "",
        card_digits=row[CARD] or "",
        cash_discount_days=row[SKONTO_DAYS] or 0,
        cash_discount_percent=_basis_points(row),
    )
    return CustomerRow(data, _check(row, vat_id), row[CUSTOMER_GROUP] or "")


def _basis_points(row: Values) -> int:
    """Skonto in basis points; mandate and account, days and percent come together. Raises ``CellError``."""
    mandate, iban, days, rate = row[MANDATE], row[MANDATE_IBAN], row[SKONTO_DAYS], row[SKONTO]
    together = ((MANDATE.name, mandate, MANDATE_IBAN.name, iban), (SKONTO_DAYS.name, days, SKONTO.name, rate))
    for one, first, other, second in together:
        if (first is None) != (second is None):
            raise CellError("required", column=one if first is None else other)
    if rate is None:
        return 0
    if rate * 100 != int(rate * 100):
        raise CellError("number_decimals", f"{rate:f}", column=SKONTO.name, limit="2")
    return int(rate * 100)


def _address(row: Values, how: Reading) -> PostalAddress:
    address = PostalAddress(
        street=row[STREET] or "",
        postcode=row[POSTCODE] or "",
        city=row.need(CITY),
        country=row[COUNTRY] or how.country,
        extra=row[EXTRA] or "",
        region=row[REGION] or "",
    )
    _check_postcode(address, POSTCODE)
    return address


def _delivery(row: Values, how: Reading) -> PostalAddress | None:
    parts = row[D_STREET] or "", row[D_POSTCODE] or "", row[D_CITY] or "", row[D_COUNTRY] or ""
    if not any(parts):
        return None
    if not parts[2]:
        raise CellError("required", column=D_CITY.name)
    address = PostalAddress(*parts)
    if not address.country:
        address = replace(address, country=row[COUNTRY] or how.country)
    _check_postcode(address, D_POSTCODE)
    return address


def _check_postcode(address: PostalAddress, column: Column[str]) -> None:
    """German postcodes have five digits; a spreadsheet likes to drop the zero in front."""
    code = address.postcode
    if address.country == "DE" and not (len(code) == 5 and code.isascii() and code.isdigit()):
        raise CellError("postcode", code, column=column.name)


def _check(row: Values, vat_id: str) -> VatIdCheck | None:
    day, valid = row[CHECKED_ON], row[CHECK_VALID]
    if day is None and valid is None and not row[CHECK_REFERENCE]:
        return None
    for column, value in ((VAT_ID, vat_id), (CHECKED_ON, day), (CHECK_VALID, valid)):
        if value in (None, ""):
            raise CellError("check_incomplete", column=column.name)
    assert day is not None
    assert valid is not None
    return VatIdCheck(vat_id=vat_id, checked_on=day, valid=valid, reference=row[CHECK_REFERENCE] or "")
