"""How a line came about, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "explain_version": (
        (
            "Preis gültig seit {since}[, {raised}][, erfasst am {recorded}][, {reason}][, Index {index}]"
            "[; Preisschema {scheme}, Fassung {version}]"
        ),
        (
            "Price valid since {since}[, {raised}][, entered on {recorded}][, {reason}][, index {index}]"
            "[; price scheme {scheme}, version {version}]"
        ),
    ),
    "explain_price": (
        "{quantity} × {price} = {amount}",
        "{quantity} × {price} = {amount}",
    ),
    "explain_rounding": (
        "{exact} kaufmännisch gerundet auf {amount}",
        "{exact} rounded half-up to {amount}",
    ),
    "explain_discount": (
        "Rabatt „{label}“: −{amount}",
        "Discount “{label}”: −{amount}",
    ),
    "explain_share": (
        "Anteil dieser Zeile am ganzen Betrag: {amount}",
        "This line's share of the whole: {amount}",
    ),
    "explain_payer": ("Davon zahlt dieser Kunde {share}: {amount}.", "This customer pays {share} of it: {amount}."),
    "explain_part": (
        "Anteil des begonnenen Zeitraums: {amount}",
        "Share of the period that began late: {amount}",
    ),
    "explain_days": (
        "Anteilig {days} von {whole} Tagen ({period} aus {slot}): {exact}, gerundet {amount}",
        "{days} of {whole} days ({period} of {slot}): {exact}, rounded {amount}",
    ),
    "explain_days_basis": (
        "Anteilig für {period} aus {slot} nach der Basis {basis}: {amount}",
        "Share of {period} in {slot} by the basis {basis}: {amount}",
    ),
    "explain_minimum": (
        "Mindestumsatz für {days}: es fehlten {amount}",
        "Minimum fee for {days}: {amount} were missing",
    ),
    "explain_contract_discount": (
        "Rabatt „{label}“ auf den ganzen Vertrag, Anteil dieses Produkts: {amount}",
        "Discount “{label}” on the whole contract, this product's share: {amount}",
    ),
    "explain_concession": (
        "Kulanz „{label}“ für {days}: {amount}",
        "Goodwill “{label}” for {days}: {amount}",
    ),
    "explain_agreed": (
        "Vereinbarter Betrag für {days}: {amount}",
        "Agreed amount for {days}: {amount}",
    ),
    "explain_reversal": (
        "Rücknahme von {amount}, berechnet als",
        "Taken back: {amount}, billed as",
    ),
    "explain_rest": (
        "Unterschied zur gespeicherten Zeile",
        "Difference to the stored line",
    ),
    "explain_net": (
        "Darin {rate} % Umsatzsteuer: netto aus {gross}",
        "Including {rate} % VAT: net of {gross}",
    ),
    "step_rounded": (
        "gerundet auf {quantity} (Schritte zu {size})",
        "rounded to {quantity} (steps of {size})",
    ),
    "step_included": (
        "{quantity} inklusive",
        "{quantity} included",
    ),
    "step_packages": (
        "Pakete zu je {size}: {quantity}",
        "packages of {size}: {quantity}",
    ),
    "step_units": (
        "{quantity} × {price} = {amount}",
        "{quantity} × {price} = {amount}",
    ),
    "step_percent": (
        "{percent} % von {quantity} = {amount}",
        "{percent} % of {quantity} = {amount}",
    ),
    "step_flat": (
        "Grundbetrag der Stufe {quantity}: {amount}",
        "Flat amount of tier {quantity}: {amount}",
    ),
    "step_formula": (
        "nach Formel für {quantity}: {amount}",
        "by formula for {quantity}: {amount}",
    ),
    "step_break": (
        "Mengenrabatt ab {quantity}: {amount}",
        "Quantity discount from {quantity} on: {amount}",
    ),
    "step_least": (
        "auf den Mindestbetrag {price}: +{amount}",
        "up to the least amount {price}: +{amount}",
    ),
    "step_most": (
        "auf den Höchstbetrag {price}: {amount}",
        "down to the most {price}: {amount}",
    ),
    "step_earlier": (
        "davon schon berechnet für {quantity} zuvor: {amount}",
        "of which billed before for {quantity}: {amount}",
    ),
}
"""Code → (German, English)."""
