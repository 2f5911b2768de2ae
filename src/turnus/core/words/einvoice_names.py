"""Names of the business terms that no check speaks of; the others stand in ``einvoice``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def _names(rows: str) -> dict[str, tuple[str, str]]:
    found = {}
    for row in rows.strip().splitlines():
        term, german, english = (cell.strip() for cell in row.split("|"))
        found[f"BT-{term}"] = (german, english)
    return found


NAMES: Final[Mapping[str, tuple[str, str]]] = _names("""
    11 | Projekt | Project reference
    14 | Auftragsnummer des Verkäufers | Sales order reference
    15 | Wareneingang | Receiving advice reference
    16 | Lieferschein | Despatch advice reference
    17 | Ausschreibung oder Los | Tender or lot reference
    19 | Kontierung des Käufers | Buyer accounting reference
    26 | Datum der früheren Rechnung | Preceding invoice date
    28 | Handelsname des Verkäufers | Seller trading name
    32 | Steuernummer des Verkäufers | Seller tax number
    33 | Weitere rechtliche Angaben des Verkäufers | Seller additional legal information
    35 | Straße des Verkäufers | Seller address line 1
    36 | Adresszusatz des Verkäufers | Seller address line 2
    39 | Region des Verkäufers | Seller country subdivision
    45 | Handelsname des Käufers | Buyer trading name
    50 | Straße des Käufers | Buyer address line 1
    51 | Adresszusatz des Käufers | Buyer address line 2
    54 | Region des Käufers | Buyer country subdivision
    56 | Ansprechpartner beim Käufer | Buyer contact name
    57 | Telefonnummer beim Käufer | Buyer contact telephone
    58 | E-Mail-Adresse beim Käufer | Buyer contact e-mail
    64 | Straße des Steuervertreters | Tax representative address line 1
    65 | Adresszusatz des Steuervertreters | Tax representative address line 2
    66 | Ort des Steuervertreters | Tax representative city
    67 | Postleitzahl des Steuervertreters | Tax representative post code
    68 | Region des Steuervertreters | Tax representative country subdivision
    70 | Name am Lieferort | Deliver to party name
    75 | Straße des Lieferorts | Deliver to address line 1
    76 | Adresszusatz des Lieferorts | Deliver to address line 2
    79 | Region des Lieferorts | Deliver to country subdivision
    82 | Zahlungsart in Worten | Payment means text
    83 | Verwendungszweck | Remittance information
    85 | Kontoinhaber | Payment account name
    86 | BIC | Payment service provider
    88 | Karteninhaber | Card holder name
    123 | Beschreibung der Anlage | Supporting document description
    124 | Adresse der Anlage | External document location
    127 | Hinweis zur Position | Invoice line note
    129 | Menge | Invoiced quantity
    132 | Position der Bestellung | Order line reference
    133 | Kontierung der Position | Invoice line accounting reference
    134 | Beginn des Zeitraums der Position | Invoice line period start
    135 | Ende des Zeitraums der Position | Invoice line period end
    154 | Beschreibung des Artikels | Item description
    155 | Artikelnummer des Verkäufers | Item seller's identifier
    156 | Artikelnummer des Käufers | Item buyer's identifier
    157 | Artikelnummer nach einem Standard | Item standard identifier
    158 | Klassifizierung des Artikels | Item classification identifier
    160 | Eigenschaft des Artikels | Item attribute name
    161 | Wert der Eigenschaft | Item attribute value
    162 | Weiterer Adresszusatz des Verkäufers | Seller address line 3
    163 | Weiterer Adresszusatz des Käufers | Buyer address line 3
    164 | Weiterer Adresszusatz des Steuervertreters | Tax representative address line 3
    165 | Weiterer Adresszusatz des Lieferorts | Deliver to address line 3
""")
"""Business term → (German, English)."""
