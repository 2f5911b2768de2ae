"""``TaxHoldError``: why the VAT treatment cannot be decided, so that the contract is parked (L-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_VIES: Final = "turnus customer vat-check"

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
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
    "supplier_private": (
        "Der Lieferant ist als Privatperson eingetragen; nur ein Unternehmer kann per Gutschrift abgerechnet werden.",
        "The supplier is entered as a private person; only a business can be accounted for by self-billing.",
    ),
    "purchase_goods_abroad": (
        "Waren eines Lieferanten in {country} werden bisher nicht per Gutschrift abgerechnet.",
        "Goods of a supplier in {country} are not accounted for by self-billing yet.",
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
            "Waren ins Ausland ({country}) sind nur mit Beleg- und Buchnachweis steuerfrei (§§ 6, 6a UStG). Wer ihn "
            "führt, setzt beim Verkäufer ships_abroad = true (turnus init --from seller.toml)."
        ),
        (
            "Goods sent abroad ({country}) are free of VAT only with proofs of transport or export (§§ 6, 6a UStG). If "
            "you keep them, set ships_abroad = true for the seller (turnus init --from seller.toml)."
        ),
    ),
    "goods_elsewhere": (
        (
            "Der Kunde sitzt in {country}, die Ware geht nach {delivered_to}. Das entscheidet die Steuerberatung; "
            "bitte diese Rechnung von Hand schreiben."
        ),
        (
            "The customer is in {country}, the goods go to {delivered_to}. That is for your tax adviser to decide; "
            "please write this invoice by hand."
        ),
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
"""Code → (German, English)."""
