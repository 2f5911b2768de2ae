"""Marketplaces: what cannot be opened, joined or taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_market": (
        "Den Marktplatz {market} gibt es nicht.[ Gemeint: {near}?] Erst anlegen: turnus marketplace open.",
        "There is no marketplace {market}.[ Did you mean {near}?] Open it first: turnus marketplace open.",
    ),
    "market_differs": (
        (
            "Den Marktplatz {market} gibt es schon mit anderem Inhalt. Bestehende bleiben, wie sie sind; Provisionen "
            "einzelner Anbieter ändert turnus contract change."
        ),
        (
            "There is a marketplace {market} with other terms. What is open stays as it is; turnus contract change "
            "changes the commission of a supplier."
        ),
    ),
    "market_no_products": (
        "Der Marktplatz {market} braucht mindestens ein Produkt, das verkauft wird (--product).",
        "Marketplace {market} needs at least one product that is sold (--product).",
    ),
    "market_charge_sold": (
        "{product} wird auf dem Marktplatz verkauft; die Provision braucht ein Produkt für sich.",
        "{product} is sold at the marketplace; commission needs a product of its own.",
    ),
    "market_no_commission": (
        "Die Provision fehlt: --percent, --fixed oder --scheme.",
        "Commission is missing: --percent, --fixed or --scheme.",
    ),
    "market_commission_range": (
        "Die Provision liegt zwischen 0 und 100 %, der feste Betrag nicht unter 0.",
        "Commission is between 0 and 100 %, the fixed amount not below 0.",
    ),
    "market_scheme_kept": (
        (
            "Einbehalten wird Provision in Prozent, auch gestaffelt, aber ohne Mindestbetrag, Freimenge und Ähnliches. "
            "Solche Schemata lassen sich nur berechnen: --charge PRODUKT."
        ),
        (
            "Commission that is kept is a percentage, in tiers too, but without least amount, allowance and the like. "
            "Such schemes can only be charged: --charge PRODUCT."
        ),
    ),
    "market_no_agreement": (
        (
            "Mit dem Anbieter {supplier} ist[ am {day}] keine Gutschrift vereinbart (§ 14 Abs. 2 UStG). Erst "
            "eintragen: turnus customer supplier {supplier}."
        ),
        (
            "Supplier {supplier} has not agreed to self-billing[ on {day}] (§ 14 Abs. 2 UStG). Enter the agreement "
            "first: turnus customer supplier {supplier}."
        ),
    ),
    "market_private": (
        "Der Anbieter {supplier} ist Verbraucher; mit Gutschrift rechnet man nur über Unternehmer ab (§ 14 UStG).",
        "Supplier {supplier} is a consumer; self-billing is for businesses only (§ 14 UStG).",
    ),
    "market_joined": (
        "Der Anbieter {supplier} verkauft schon auf dem Marktplatz {market}.",
        "Supplier {supplier} sells at marketplace {market} already.",
    ),
    "market_no_supplier": (
        "{supplier} verkauft nicht auf dem Marktplatz {market}. Erst: turnus marketplace supplier {market} {supplier}.",
        "{supplier} does not sell at marketplace {market}. First: turnus marketplace supplier {market} {supplier}.",
    ),
    "market_currency": (
        "Der Marktplatz {market} rechnet in {wanted} ab, nicht in {currency}. Je Währung braucht es einen eigenen.",
        "Marketplace {market} is settled in {wanted}, not in {currency}. Each currency needs one of its own.",
    ),
    "market_product": (
        "{product} wird auf dem Marktplatz {market} nicht verkauft. Möglich: {known}.",
        "{product} is not sold at marketplace {market}. Possible: {known}.",
    ),
    "market_early": (
        "Der {day} liegt vor dem Beginn des Marktplatzes {market} ({since}).",
        "{day} lies before the first day of marketplace {market} ({since}).",
    ),
    "trade_unknown": (
        "Eine Zeile mit dem Schlüssel „{of}“ gibt es auf dem Marktplatz {market} nicht.",
        "Marketplace {market} has no row with the key “{of}”.",
    ),
    "trade_superseded": (
        "„{of}“ zählt schon nicht mehr: „{by}“ hat es ersetzt. Bitte diese Zeile nennen.",
        "“{of}” counts no more: “{by}” took its place. Please name that row.",
    ),
    "trade_cancelled": (
        "„{of}“ ist selbst ein Storno. Was doch gilt, ist ein neuer Verkauf mit eigenem Schlüssel.",
        "“{of}” is a cancellation itself. What holds after all is a new sale with a key of its own.",
    ),
    "trade_contradicts": (
        (
            "Der Schlüssel „{key}“ ist schon mit anderem Inhalt da. Eine Änderung braucht eine Zeile mit eigenem "
            "Schlüssel: Vorgang „Korrektur“, die „{key}“ nennt."
        ),
        (
            "The key “{key}” is there already with other content. A change needs a row with a key of its own: act "
            "“correction”, naming “{key}”."
        ),
    ),
}
"""Code → (German, English)."""
