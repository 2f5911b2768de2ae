"""Prices, plans, customer groups and coupons that cannot be offered like this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "customer_known": (
        "Den Kunden {customer} gibt es schon. Ändern: turnus customer change {customer} SPALTE=WERT.",
        "There is a customer {customer} already. To change it: turnus customer change {customer} COLUMN=VALUE.",
    ),
    "negative_price": (
        "Der Preis {price} von {product} ab {day} ist negativ. Einen Abzug als negative Menge oder Rabatt erfassen.",
        "The price {price} of {product} from {day} is negative. Enter a deduction as a negative quantity or discount.",
    ),
    "price_overlap": (
        (
            "Der Preis von {product} ab {day} kreuzt den von {start} bis vor {end}. Das Ende des früheren Preises oder "
            "den Beginn des neuen anpassen; ein Aktionspreis liegt ganz in seinem Grundpreis."
        ),
        (
            "The price of {product} from {day} crosses the one from {start} to before {end}. Move the end of the "
            "earlier or the start of the new price; a promotion lies wholly inside its base price."
        ),
    ),
    "unknown_price_list": (
        "Die Preisliste „{price_list}“ hat keine Preise.[ Gemeint: {near}?] Preise eingeben: turnus product price.",
        "Price list “{price_list}” has no prices.[ Did you mean {near}?] Enter prices first: turnus product price.",
    ),
    "unknown_plan": (
        "Den Plan „{plan}“ gibt es nicht.[ Gemeint: {near}?] turnus plan list zeigt die Pläne.",
        "There is no plan “{plan}”.[ Did you mean {near}?] turnus plan list shows the plans.",
    ),
    "plan_not_yet": (
        "Den Plan „{plan}“ gibt es am {day} noch nicht. Späteren Beginn wählen oder eine Fassung ab dann anlegen.",
        "Plan “{plan}” does not exist yet on {day}. Choose a later start, or enter a version from that day.",
    ),
    "plan_closed": (
        "Der Plan „{plan}“ wird seit {day} nicht mehr angeboten. Einen anderen Plan wählen: turnus plan list.",
        "Plan “{plan}” has not been offered since {day}. Choose another plan: turnus plan list.",
    ),
    "plan_currency": (
        "Der Plan „{plan}“ hat die Währung {plan_currency}, der Vertrag {currency}. Die Währung des Plans angeben.",
        "Plan “{plan}” is in {plan_currency}, the contract in {currency}. Give the plan's currency.",
    ),
    "not_in_plan": (
        "Die Position „{item}“ gibt es im Plan „{plan}“ nicht. Es gibt: {known}. Eigene Positionen nennen ihr Produkt.",
        "Plan “{plan}” has no item “{item}”. It has: {known}. An item of its own names its product.",
    ),
    "plan_item_needed": (
        "Die Position „{item}“ gehört fest zum Plan „{plan}“. Einen Preis vereinbaren oder andere Variante wählen.",
        "Item “{item}” belongs to plan “{plan}”. Agree a price for it, or choose another variant.",
    ),
    "choice_without_plan": (
        "Die Position „{item}“ nennt kein Produkt, und der Vertrag keinen Plan. Eines von beiden angeben.",
        "Item “{item}” names no product, and the contract no plan. Give one of them.",
    ),
    "plan_empty": (
        "Die Variante „{plan}“ hat keine Position, die immer dazugehört. Mindestens eine anlegen.",
        "Variant “{plan}” has no item that is always part of it. Enter at least one.",
    ),
    "plan_differs": (
        (
            "Den Plan {plan} gibt es in {currency} und mit der anderen Preisart (netto, brutto) oder Währung. Einen "
            "eigenen Plan anlegen: Währung und Preisart eines Plans ändern sich nicht."
        ),
        (
            "There is a plan {plan} in {currency}, with another currency or kind of prices (net, gross). Enter a plan "
            "of its own: currency and kind of prices of a plan never change."
        ),
    ),
    "variant_changed": (
        (
            "Die Variante {plan} hat ab {day} schon andere Bedingungen. Fassungen werden nie geändert: eine mit "
            "späterem „Gültig ab“ löst sie ab, Verträge behalten ihre."
        ),
        (
            "Variant {plan} has other conditions from {day} already. Versions are never changed: one with a later "
            "“valid_from” follows, and contracts keep theirs."
        ),
    ),
    "plan_gross": (
        (
            "Der Katalogpreis von {product} und der Plan {plan} sind nicht beide netto oder beide brutto. Im Plan "
            "einen eigenen Preis angeben."
        ),
        (
            "The catalogue price of {product} and plan {plan} are not both net or both gross. Give a price of its own "
            "in the plan."
        ),
    ),
    "setup_recurs": (
        "Die Einrichtung „{item}“ ist einmalig; ihr Preismodell muss einmalig sein oder leer bleiben.",
        "Set-up item “{item}” is charged once; its price model must be one-off or stay blank.",
    ),
    "follows_own_price": (
        "Die Position „{item}“ hat einen eigenen Preis und folgt dem Katalog. Eines von beiden weglassen.",
        "Item “{item}” has a price of its own and follows the catalogue. Leave out one of them.",
    ),
    "condition_range": (
        "{condition} ist {value}: zwischen 0 und {most} angeben.",
        "{condition} is {value}: give a number from 0 to {most}.",
    ),
    "unknown_coupon": (
        "Den Gutschein „{coupon}“ gibt es nicht.[ Gemeint: {near}?] turnus coupon list zeigt die Gutscheine.",
        "There is no coupon “{coupon}”.[ Did you mean {near}?] turnus coupon list shows the coupons.",
    ),
    "coupon_code": (
        "Der Code „{coupon}“ braucht 3 bis 40 Buchstaben und Ziffern.",
        "The code “{coupon}” needs 3 to 40 letters and digits.",
    ),
    "coupon_limit": (
        "Der Gutschein „{coupon}“ muss mindestens einmal einzulösen sein; ohne Grenze bleibt sie leer.",
        "Coupon “{coupon}” must be good for one redemption at least; leave the limit blank for none.",
    ),
    "coupon_not_yet": (
        "Der Gutschein „{coupon}“ gilt erst ab {day}.",
        "Coupon “{coupon}” is valid from {day} only.",
    ),
    "coupon_over": (
        "Der Gutschein „{coupon}“ gilt seit {day} nicht mehr.",
        "Coupon “{coupon}” has not been valid since {day}.",
    ),
    "coupon_used_up": (
        "Der Gutschein „{coupon}“ ist aufgebraucht: alle {most} Einlösungen sind vergeben.",
        "Coupon “{coupon}” is used up: all {most} redemptions are taken.",
    ),
    "coupon_twice": (
        "Der Vertrag {contract} hat den Gutschein „{coupon}“ schon eingelöst.",
        "Contract {contract} has redeemed coupon “{coupon}” already.",
    ),
    "coupon_not_redeemed": (
        "Der Vertrag {contract} hat den Gutschein „{coupon}“ nicht eingelöst. turnus coupon show {coupon} zeigt, wer.",
        "Contract {contract} has not redeemed coupon “{coupon}”. turnus coupon show {coupon} shows who has.",
    ),
    "coupon_spent": (
        (
            "Der Gutschein „{coupon}“ wirkt im Vertrag {contract} schon ab {day} nicht mehr. Rückwirkend zurücknehmen: "
            "--from mit einem früheren Tag."
        ),
        (
            "Coupon “{coupon}” has no effect on contract {contract} from {day} on. To revoke it backwards: --from with "
            "an earlier day."
        ),
    ),
    "coupon_once": (
        "Der Gutschein „{coupon}“ gilt einmal je Kunde und ist von diesem Kunden schon eingelöst.",
        "Coupon “{coupon}” is good once per customer, and this customer has redeemed it.",
    ),
    "coupon_new_only": (
        "Der Gutschein „{coupon}“ gilt nur für den ersten Vertrag eines Kunden.",
        "Coupon “{coupon}” is for the first contract of a customer only.",
    ),
    "coupon_currency": (
        "Der Gutschein „{coupon}“ ist in {currency}, der Vertrag in {contract_currency}.",
        "Coupon “{coupon}” is in {currency}, the contract in {contract_currency}.",
    ),
    "coupon_plan": (
        "Der Gutschein „{coupon}“ gilt nur für Pläne: {plans}.",
        "Coupon “{coupon}” is for these plans only: {plans}.",
    ),
    "coupon_product": (
        "Der Gutschein „{coupon}“ gilt nur für Produkte: {products}.",
        "Coupon “{coupon}” is for these products only: {products}.",
    ),
    "coupon_exclusive": (
        "Der Gutschein „{coupon}“ lässt sich nicht mit „{other}“ verbinden. Einen von beiden weglassen.",
        "Coupon “{coupon}” cannot be combined with “{other}”. Leave out one of them.",
    ),
    "unknown_group": (
        "Die Kundengruppe „{group}“ gibt es nicht. Erst anlegen: turnus group new.",
        "There is no customer group “{group}”. Enter it first: turnus group new.",
    ),
}
"""Code → (German, English)."""
