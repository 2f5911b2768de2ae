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
}
"""Code → (German, English)."""
