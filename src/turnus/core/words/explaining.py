"""How a line came about, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "explain_version": (
        (
            "Preis gültig seit {since}[, {source}][ {name}][ vom {valid_from}]"
            "[, geplante Erhöhung: {raised}][, erfasst am {recorded}][, {reason}][, Index {index}]"
            "[; Preisschema {scheme}, Fassung {version}]"
        ),
        (
            "Price valid since {since}[, {source}][ {name}][ of {valid_from}]"
            "[, planned raise: {raised}][, entered on {recorded}][, {reason}][, index {index}]"
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
    "explain_discount_percent": (
        (
            "Rabatt „{label}“ ({kind}[ ab {threshold}][, Zeitraum {place} von {count}][, bis {until}]): "
            "{percent} % von {base} = {amount}"
        ),
        (
            "Discount “{label}” ({kind}[ from {threshold} on][, period {place} of {count}][, until {until}]): "
            "{percent} % of {base} = {amount}"
        ),
    ),
    "explain_discount_amount": (
        (
            "Rabatt „{label}“ ({kind}[ ab {threshold}][, Zeitraum {place} von {count}][, bis {until}]): {amount}"
            "[, mehr war von {granted} nicht abzuziehen]"
        ),
        (
            "Discount “{label}” ({kind}[ from {threshold} on][, period {place} of {count}][, until {until}]): {amount}"
            "[, no more of {granted} could be taken off]"
        ),
    ),
    "explain_discounts": (
        "Rabatt „{label}“: {amount}",
        "Discount “{label}”: {amount}",
    ),
    "explain_set": (
        "Set „{set}“ ({parts}): „{name}“ hat {weight} von {whole}, gerundet {amount}",
        "Set “{set}” ({parts}): “{name}” has {weight} of {whole}, rounded {amount}",
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
        "Anteilig für {period} aus {slot} nach {basis}: {amount}",
        "Share of {period} in {slot} by {basis}: {amount}",
    ),
    "explain_minimum": (
        "Mindestumsatz[ „{item}“] für {days}: {amount}",
        "Minimum fee[ “{item}”] for {days}: {amount}",
    ),
    "explain_minimum_days": (
        "Davon {days} von {whole} Tagen ({periods}): {amount}",
        "{days} of its {whole} days ({periods}): {amount}",
    ),
    "explain_minimum_charged": (
        "Berechnet für {days}: {amount}",
        "Charged for {days}: {amount}",
    ),
    "explain_minimum_missing": (
        "Mindestumsatz für {days}: es fehlten {amount}",
        "Minimum fee for {days}: {amount} were missing",
    ),
    "explain_contract_discount": (
        (
            "Rabatt „{label}“ ({kind}[, Zeitraum {place} von {count}][, bis {until}]): {total} auf den ganzen Vertrag"
            "[ (mehr war von {granted} nicht abzuziehen)] × {own} / {whole} = {amount}"
        ),
        (
            "Discount “{label}” ({kind}[, period {place} of {count}][, until {until}]): {total} on the whole contract"
            "[ (no more of {granted} could be taken off)] × {own} / {whole} = {amount}"
        ),
    ),
    "explain_contract_discounts": (
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

SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "catalogue": ("Katalogpreis", "catalogue price"),
    "price_list": ("Preisliste", "price list"),
    "plan": ("Tarif", "plan"),
    "agreed": ("vereinbart", "agreed"),
    "correction": ("berichtigt", "corrected"),
    "campaign": ("Preisanpassung", "price adjustment"),
}
"""Where a price comes from (German, English)."""

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "quantity": ("Menge", "quantity"),
    "item": ("auf die Position", "on the item"),
    "contract": ("auf den Vertrag", "on the contract"),
    "group": ("Kundenkondition", "customer terms"),
    "coupon": ("Gutschein", "coupon"),
}
"""Kind of a discount → what a person calls it (German, English)."""

BASES: Final[Mapping[str, tuple[str, str]]] = {
    "actual_period": ("Tagen", "days"),
    "calendar_month": ("Kalendermonaten", "calendar months"),
    "avg_month": ("Durchschnittsmonaten", "average months"),
    "30_360": ("Monaten zu 30 Tagen (30/360)", "months of 30 days (30/360)"),
    "none": ("gar nichts", "nothing"),
}
"""How parts of periods are measured, as in “by calendar months” (German, English)."""
