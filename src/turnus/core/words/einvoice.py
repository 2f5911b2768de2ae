"""Words of the checks of e-invoices: what is wrong, the names of the business terms, and where to mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("{name} fehlt.", "{name} is missing."),
    "not_in_list": ("{name}: „{value}“ steht nicht in der Codeliste.", "{name}: “{value}” is not in the code list."),
    "differs": ("{name} ist {value}, muss aber {expected} sein.", "{name} is {value} but must be {expected}."),
    "differs_by_rounding": (
        "{name} ist {value}, aus dem Netto gerechnet {expected} (Bruttopreise).",
        "{name} is {value}, computed from the net {expected} (gross prices).",
    ),
    "rounds_too_far": (
        "{name} ist {value}, genau wären es {expected}: so weit rundet nur ein anderes Profil als Factur-X EXTENDED.",
        "{name} is {value}, exactly {expected}: Factur-X EXTENDED does not round so far, another profile does.",
    ),
    "not_allowed": ("{name} darf hier nicht stehen ({value}).", "{name} must not stand here ({value})."),
    "too_many": ("{name} darf nur einmal vorkommen.", "{name} may stand here once only."),
    "decimals": ("{name} hat zu viele Nachkommastellen ({value}).", "{name} has too many decimals ({value})."),
    "negative": ("{name} darf nicht negativ sein ({value}).", "{name} must not be negative ({value})."),
    "not_positive": ("{name} muss größer als 0 sein ({value}).", "{name} must be greater than 0 ({value})."),
    "order_of_days": ("{name}: Das Ende liegt vor dem Beginn.", "{name}: it ends before it begins."),
    "outside_period": (
        "{name} liegt nicht im Zeitraum der Rechnung (BG-14).",
        "{name} is not inside the invoicing period (BG-14).",
    ),
    "form": ("{name} hat nicht die verlangte Form ({value}).", "{name} does not have the demanded form ({value})."),
    "check_digits": ("{name}: Die Prüfziffern von {value} stimmen nicht.", "{name}: check digits of {value} fail."),
    "not_unique": ("{name} kommt mehrfach vor ({value}).", "{name} occurs more than once ({value})."),
    "other_profile": (
        "{name}: Dieses Profil ist für solche Belege nicht gedacht ({value}).",
        "{name}: this profile is not meant for such documents ({value}).",
    ),
}
"""Code of a finding → (German, English)."""

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "seller": ("Bei den Daten des Verkäufers ergänzen.", "Mend it in the seller's data."),
    "buyer": ("Beim Kunden ergänzen.", "Mend it in the customer's data."),
    "bank": ("Beim Bankkonto, Mandat oder der Zahlungsart ergänzen.", "Mend it in account, mandate or payment method."),
    "document": ("Am Beleg oder am Vertrag ändern.", "Mend it in the document or its contract."),
    "line": ("Am Produkt oder an der Position ändern.", "Mend it in the product or the item."),
    "tax": ("Steuerdaten von Verkäufer, Kunde und Produkt prüfen.", "Check the tax data of seller, customer, product."),
    "sums": ("Der Beleg ist falsch gerechnet; so geht er nicht hinaus.", "The sums are wrong; it must not be sent."),
    "profile": ("Ein anderes Profil der E-Rechnung wählen.", "Choose another e-invoice profile."),
}
"""Where to mend → (German, English)."""


def _terms(place: str, rows: str) -> dict[str, tuple[str, str, str]]:
    found = {}
    for row in rows.strip().splitlines():
        term, german, english = (cell.strip() for cell in row.split("|"))
        found[term] = (german, english, place)
    return found


TERMS: Final[Mapping[str, tuple[str, str, str]]] = {
    **_terms("document", """
        BT-1 | Rechnungsnummer | Invoice number
        BT-2 | Rechnungsdatum | Issue date
        BT-3 | Belegart | Type code
        BT-5 | Währung | Currency
        BT-6 | Währung der Umsatzsteuer | VAT accounting currency
        BT-7 | Steuerdatum | Tax point date
        BT-8 | Code des Steuerdatums | Tax point date code
        BT-9 | Fälligkeit | Due date
        BT-12 | Vertragsnummer | Contract reference
        BT-13 | Bestellnummer | Purchase order reference
        BT-18 | Abgerechnetes Objekt | Invoiced object
        BT-20 | Zahlungsbedingungen | Payment terms
        BT-21 | Art des Hinweises | Note subject code
        BT-22 | Hinweis | Invoice note
        BG-3 | Verweis auf die frühere Rechnung | Preceding invoice reference
        BT-25 | Nummer der früheren Rechnung | Preceding invoice number
        BT-59 | Name des Zahlungsempfängers | Payee name
        BT-60 | Kennung des Zahlungsempfängers | Payee identifier
        BT-61 | Register des Zahlungsempfängers | Payee registration
        BG-13 | Lieferung | Delivery
        BT-71 | Kennung des Lieferorts | Delivery location identifier
        BT-72 | Lieferdatum | Actual delivery date
        BG-14 | Leistungszeitraum | Invoicing period
        BT-73 | Beginn des Leistungszeitraums | Start of the invoicing period
        BT-74 | Ende des Leistungszeitraums | End of the invoicing period
        BT-92 | Nachlass | Allowance
        BT-93 | Grundbetrag des Nachlasses | Allowance base amount
        BT-94 | Prozentsatz des Nachlasses | Allowance percentage
        BT-95 | Steuerkategorie des Nachlasses | Allowance VAT category
        BT-96 | Steuersatz des Nachlasses | Allowance VAT rate
        BT-97 | Grund des Nachlasses | Allowance reason
        BT-98 | Code des Nachlasses | Allowance reason code
        BT-99 | Zuschlag | Charge
        BT-100 | Grundbetrag des Zuschlags | Charge base amount
        BT-101 | Prozentsatz des Zuschlags | Charge percentage
        BT-102 | Steuerkategorie des Zuschlags | Charge VAT category
        BT-103 | Steuersatz des Zuschlags | Charge VAT rate
        BT-104 | Grund des Zuschlags | Charge reason
        BT-105 | Code des Zuschlags | Charge reason code
        BT-122 | Nummer der Anlage | Supporting document reference
        BT-125 | Anlage | Attachment
        BT-125-1 | Dateityp der Anlage | MIME type of the attachment
        BT-125-2 | Dateiname der Anlage | File name of the attachment
    """),
    **_terms("seller", """
        BG-4 | Verkäufer | Seller
        BG-5 | Anschrift des Verkäufers | Seller address
        BG-6 | Ansprechpartner des Verkäufers | Seller contact
        BT-27 | Name des Verkäufers | Seller name
        BT-29 | Kennung des Verkäufers | Seller identifier
        BT-30 | Registereintrag des Verkäufers | Seller legal registration
        BT-31 | USt-IdNr oder Steuernummer des Verkäufers | Seller VAT id or tax number
        BT-34 | Elektronische Adresse des Verkäufers | Seller electronic address
        BT-34-1 | Schema der elektronischen Adresse des Verkäufers | Scheme of the seller's electronic address
        BT-37 | Ort des Verkäufers | Seller city
        BT-38 | Postleitzahl des Verkäufers | Seller post code
        BT-40 | Land des Verkäufers | Seller country
        BT-41 | Name des Ansprechpartners | Seller contact name
        BT-42 | Telefonnummer des Ansprechpartners | Seller contact telephone
        BT-43 | E-Mail-Adresse des Ansprechpartners | Seller contact e-mail
        BT-62 | Name des Steuervertreters | Tax representative name
        BT-63 | USt-IdNr des Steuervertreters | Tax representative VAT id
        BT-69 | Land des Steuervertreters | Tax representative country
    """),
    **_terms("buyer", """
        BG-7 | Käufer | Buyer
        BG-8 | Anschrift des Käufers | Buyer address
        BT-10 | Käuferreferenz (Leitweg-ID) | Buyer reference (Leitweg-ID)
        BT-44 | Name des Käufers | Buyer name
        BT-46 | Kennung des Käufers | Buyer identifier
        BT-47 | Registereintrag des Käufers | Buyer legal registration
        BT-48 | USt-IdNr des Käufers | Buyer VAT id
        BT-49 | Elektronische Adresse des Käufers | Buyer electronic address
        BT-49-1 | Schema der elektronischen Adresse des Käufers | Scheme of the buyer's electronic address
        BT-52 | Ort des Käufers | Buyer city
        BT-53 | Postleitzahl des Käufers | Buyer post code
        BT-55 | Land des Käufers | Buyer country
        BT-77 | Ort der Lieferanschrift | Deliver-to city
        BT-78 | Postleitzahl der Lieferanschrift | Deliver-to post code
        BT-80 | Land der Lieferanschrift | Deliver-to country
    """),
    **_terms("bank", """
        BG-16 | Zahlungsangaben | Payment instructions
        BG-17 | Konto für die Überweisung | Credit transfer account
        BG-18 | Zahlungskarte | Payment card
        BG-19 | Lastschrift | Direct debit
        BT-81 | Code der Zahlungsart | Payment means code
        BT-84 | Konto (IBAN) | Payment account
        BT-87 | Kartennummer | Card number
        BT-89 | Mandatsreferenz | Mandate reference
        BT-90 | Gläubiger-ID | Creditor identifier
        BT-91 | Belastetes Konto (IBAN) | Debited account
    """),
    **_terms("tax", """
        BG-23 | Aufschlüsselung der Umsatzsteuer | VAT breakdown
        BT-118 | Steuerkategorie | VAT category
        BT-119 | Steuersatz | VAT rate
        BT-120 | Grund der Steuerbefreiung | Exemption reason
        BT-121 | Code der Steuerbefreiung | Exemption reason code
        BT-151 | Steuerkategorie der Zeile | Line VAT category
        BT-152 | Steuersatz der Zeile | Line VAT rate
    """),
    **_terms("sums", """
        BT-106 | Summe der Zeilen | Sum of lines
        BT-107 | Summe der Nachlässe | Sum of allowances
        BT-108 | Summe der Zuschläge | Sum of charges
        BT-109 | Nettosumme | Total without VAT
        BT-110 | Umsatzsteuer | Total VAT
        BT-111 | Umsatzsteuer in Buchwährung | Total VAT in accounting currency
        BT-112 | Bruttosumme | Total with VAT
        BT-113 | Bereits gezahlt | Paid amount
        BT-114 | Rundungsbetrag | Rounding amount
        BT-115 | Zahlbetrag | Amount due
        BT-116 | Bemessungsgrundlage | Taxable amount
        BT-117 | Steuerbetrag | Tax amount
        BT-131 | Betrag der Zeile | Line net amount
    """),
    **_terms("line", """
        BG-25 | Rechnungszeile | Invoice line
        BT-126 | Nummer der Zeile | Line identifier
        BT-128 | Objekt der Zeile | Line object
        BT-130 | Einheit | Unit of measure
        BG-26 | Leistungszeitraum der Zeile | Line period
        BT-136 | Nachlass der Zeile | Line allowance
        BT-137 | Grundbetrag des Zeilennachlasses | Line allowance base amount
        BT-138 | Prozentsatz des Zeilennachlasses | Line allowance percentage
        BT-139 | Grund des Zeilennachlasses | Line allowance reason
        BT-140 | Code des Zeilennachlasses | Line allowance reason code
        BT-141 | Zuschlag der Zeile | Line charge
        BT-142 | Grundbetrag des Zeilenzuschlags | Line charge base amount
        BT-143 | Prozentsatz des Zeilenzuschlags | Line charge percentage
        BT-144 | Grund des Zeilenzuschlags | Line charge reason
        BT-145 | Code des Zeilenzuschlags | Line charge reason code
        BT-146 | Nettopreis | Item net price
        BT-147 | Preisnachlass | Item price discount
        BT-148 | Bruttopreis | Item gross price
        BT-149 | Preisbasismenge | Price base quantity
        BT-150 | Einheit der Preisbasismenge | Unit of the price base quantity
        BT-153 | Name des Artikels | Item name
        BT-157-1 | Schema der Artikelkennung | Scheme of the item identifier
        BT-158-1 | Schema der Artikelklasse | Scheme of the item classification
        BT-159 | Herkunftsland | Country of origin
        BG-32 | Artikelattribut | Item attribute
    """),
    **_terms("profile", """
        BT-23 | Geschäftsprozess | Business process
        BT-24 | Profil | Specification identifier
    """),
}  # fmt: skip
"""BT id → (German name, English name, key of ``PLACES``)."""
