"""Customers, products, contracts and usage that cannot be entered or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_customer": (
        "Den Kunden {customer} gibt es nicht. Erst den Kunden anlegen: turnus import customers.",
        "There is no customer {customer}. Enter the customer first: turnus import customers.",
    ),
    "no_vat_id": (
        "Der Kunde {customer} hat keine USt-IdNr. Erst beim Kunden eintragen, oder --vat-id angeben.",
        "Customer {customer} has no VAT id. Enter it with the customer first, or give --vat-id.",
    ),
    "unknown_parent": (
        "Den übergeordneten Kunden {parent} gibt es nicht, auch nicht in dieser Datei.",
        "There is no parent customer {parent}, nor is it in this file.",
    ),
    "unknown_contract": (
        "Den Vertrag {contract} gibt es nicht. turnus contract list zeigt die Verträge.",
        "There is no contract {contract}. turnus contract list shows the contracts.",
    ),
    "unknown_product": (
        "Das Produkt {product} gibt es nicht. Erst das Produkt anlegen: turnus import products.",
        "There is no product {product}. Enter the product first: turnus import products.",
    ),
    "unknown_item": (
        "Die Position „{item}“ gibt es im Vertrag nicht.[ Seine Positionen: {items}.]",
        "The contract has no item “{item}”.[ Its items: {items}.]",
    ),
    "unknown_currency": (
        "„{currency}“ ist keine Währung nach ISO 4217.",
        "“{currency}” is not a currency of ISO 4217.",
    ),
    "negative_period": (
        "Das Ende ({end}) liegt vor dem Beginn ({start}). Ein späteres Ende oder einen früheren Beginn angeben.",
        "The end ({end}) lies before the start ({start}). Give a later end, or an earlier start.",
    ),
    "negative_minimum": (
        "Der Mindestbetrag ist {amount} (in Cent); er darf nicht negativ sein.",
        "The minimum fee is {amount} (in cents); it must not be negative.",
    ),
    "item_ended": (
        "Die Position „{item}“ endet mit dem Tag vor dem {end}. Ein früherer Tag, oder: turnus contract restore.",
        "Item “{item}” ends before {end}. Choose an earlier day, or: turnus contract restore.",
    ),
    "contract_ended": (
        "Der Vertrag {contract} endet mit dem Tag vor dem {end}. Ein früherer Tag, oder: turnus contract end --revoke.",
        "Contract {contract} ends before {end}. Choose an earlier day, or: turnus contract end --revoke.",
    ),
    "before_contract": (
        "Der {day} liegt vor dem Vertragsbeginn ({start}).",
        "{day} lies before the start of the contract ({start}).",
    ),
    "before_floor": (
        (
            "Der {day} liegt vor dem {floor}: Was davor liegt, wurde anderswo berechnet und wird hier nie berichtigt. "
            "Ein Tag ab dem {floor}, oder dort berichtigen, wo es berechnet wurde."
        ),
        (
            "{day} lies before {floor}: what lies before was billed elsewhere and is never corrected here. Choose a "
            "day from {floor} on, or correct it where it was billed."
        ),
    ),
    "other_kind_of_price": (
        (
            "{product} hat eine andere Art von Preis als die Position „{item}“. Die Position entfernen und das Produkt "
            "neu hinzufügen: turnus contract amend."
        ),
        (
            "{product} has another kind of price than item “{item}”. Remove the item and add the product: turnus "
            "contract amend."
        ),
    ),
    "no_items": ("Der Vertrag hat keine Position.", "The contract has no item."),
    "duplicate_item": (
        "Die Position „{item}“ steht zweimal im Vertrag.",
        "Item “{item}” stands twice in the contract.",
    ),
    "too_many_decimals": (
        "Zu viele Nachkommastellen[ bei „{item}“][ im Verbrauch „{key}“][: höchstens {decimals}].",
        "Too many decimals[ for “{item}”][ in usage “{key}”][: at most {decimals}].",
    ),
    "discount_kind": (
        "Der Rabatt „{discount}“ braucht entweder Prozent oder Betrag.",
        "Discount “{discount}” needs either percent or an amount.",
    ),
    "discount_percent": (
        "Der Rabatt „{discount}“ muss über 0 und höchstens 100 Prozent sein.",
        "Discount “{discount}” must be above 0 and at most 100 percent.",
    ),
    "discount_amount": (
        "Der Betrag des Rabatts „{discount}“ muss größer als 0 sein.",
        "The amount of discount “{discount}” must be greater than 0.",
    ),
    "discount_periods": (
        "Der Rabatt „{discount}“ braucht mindestens einen Zeitraum, und entweder Zeiträume oder ein Ende.",
        "Discount “{discount}” needs at least one period, and either periods or an end.",
    ),
    "discount_threshold": (
        "Der Mengenrabatt „{discount}“ braucht eine Menge über 0; als Betrag gilt er nur für eine Position.",
        "Quantity discount “{discount}” needs a quantity above 0; as an amount it holds for one item only.",
    ),
    "no_price": (
        (
            "Für {product} gibt es am {day} keinen Preis in {currency}. Preis im Produkt ergänzen oder im Vertrag "
            "vereinbaren."
        ),
        "{product} has no price in {currency} on {day}. Add a price to the product or agree one in the contract.",
    ),
    "price_changed": (
        (
            "{product} hat ab {day} schon einen anderen Preis. Preise werden nie geändert: eine neue Zeile mit "
            "späterem „Gültig ab“ löst den alten ab."
        ),
        (
            "{product} has another price from {day} on already. Prices are never changed: a new row with a later "
            "“valid_from” follows the old one."
        ),
    ),
    "second_trial_product": (
        "Der Kunde {customer} hatte für dieses Produkt schon eine Testphase (Vertrag {contract}).",
        "Customer {customer} has had a trial of this product before (contract {contract}).",
    ),
    "second_trial_plan": (
        "Der Kunde {customer} hatte für den Plan {plan} schon eine Testphase (Vertrag {contract}).",
        "Customer {customer} has had a trial of plan {plan} before (contract {contract}).",
    ),
    "second_trial_customer": (
        "Der Kunde {customer} hatte schon eine Testphase (Vertrag {contract}); hier gibt es eine je Kunde.",
        "Customer {customer} has had a trial before (contract {contract}); there is one per customer here.",
    ),
    "second_trial_identity": (
        (
            "Für dieses Produkt gab es schon eine Testphase (Vertrag {contract}): beim Kunden {customer} oder einem "
            "mit gleicher USt-IdNr., E-Mail oder Anschrift."
        ),
        (
            "There was a trial of this product before (contract {contract}): of customer {customer}, or one with the "
            "same VAT id, e-mail or address."
        ),
    ),
    "no_trial": ("Der Vertrag {contract} hat keine Testphase.", "Contract {contract} has no trial."),
    "trial_not_longer": (
        "Die Testphase dauert schon bis {day}; verlängern heißt: bis zu einem späteren Tag.",
        "The trial lasts until {day} already; an extension needs a later day.",
    ),
    "contract_differs": (
        (
            "Der Vertrag {contract} ist schon mit anderem Inhalt da. Änderungen brauchen eine Zeile mit „Änderung ab“ "
            "oder turnus contract change."
        ),
        (
            "Contract {contract} is there already with other terms. Changes need a row with “valid_from” or turnus "
            "contract change."
        ),
    ),
    "unknown_commission": (
        "Die Provisionsregel {rule} gibt es in diesem Vertrag nicht.",
        "The contract has no commission rule {rule}.",
    ),
    "commission_mixed": (
        (
            "Eine andere Provisionsregel der Position {item} zählt auf andere Weise: Je Position gilt dieselbe "
            "Grundlage (berechnet oder bezahlt) und Größe (Umsatz oder Menge). Bitte eine weitere Position anlegen."
        ),
        (
            "Another commission rule of item {item} counts in another way: all rules of an item have one basis "
            "(invoiced or paid) and one measure (revenue or quantity). Please use another item."
        ),
    ),
    "commission_counted": (
        "Bis einschließlich {last} ist schon gezählt; die Regel kann frühestens am Tag danach enden.",
        "Lines are counted through {last} already; the rule can end on the day after at the earliest.",
    ),
    "no_parent": (
        "Der Kunde {customer} hat keinen übergeordneten Kunden, an den Rechnungen gehen könnten.",
        "Customer {customer} has no parent customer who could get the invoices.",
    ),
    "recipient_known": ("{email} bekommt schon Kopien.", "{email} gets copies already."),
    "unknown_recipient": ("{email} bekommt keine Kopien.", "{email} gets no copies."),
    "share_empty": (
        "Es fehlt, wer sich die Rechnung teilt: mindestens ein Kunde mit seinem Anteil, zum Beispiel K-1:60.",
        "Nobody is named who shares the invoice: at least one customer with a share, for example K-1:60.",
    ),
    "share_weight": (
        "Der Anteil {weight} ist keine ganze Zahl über 0.",
        "A share of {weight} is no whole number above 0.",
    ),
    "share_twice": (
        "Ein Kunde ist zweimal genannt. Jeder teilt nur einmal.",
        "A customer is named twice. Everyone shares once only.",
    ),
    "trial_over": (
        "Die Testphase war da schon vorbei; der Vertrag {contract} gilt. Beenden: turnus contract end {contract}.",
        "The trial was over by then; contract {contract} stands. End it: turnus contract end {contract}.",
    ),
}
"""Code → (German, English)."""
