"""The columns of the file of contracts, as data."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from turnus.core.contracts import Timing
from turnus.core.intake.cells import Cell, Reading, as_text, choice, key, text, yes_no
from turnus.core.intake.codes import parse_currency
from turnus.core.intake.columns import Column, Layout
from turnus.core.intake.dates import first_day, last_day, parse_cycle
from turnus.core.intake.metering_columns import METERING
from turnus.core.intake.numbers import amount, parse_decimal, percent, whole
from turnus.core.intake.plans import parse_plan
from turnus.core.intake.products import parse_model
from turnus.core.intake.raise_columns import RAISES
from turnus.core.intake.shares import parse_shares
from turnus.core.intake.term_columns import TERMS
from turnus.core.offers import AnchorRule
from turnus.core.paperwork import SplitBy
from turnus.core.periods import Basis
from turnus.core.trials import AfterTrial, SecondTrial

parse_timing: Final = choice(
    {
        Timing.ADVANCE: "advance|im voraus|voraus|vorschüssig|in advance|vorab",
        Timing.ARREARS: "arrears|nachträglich|nachschüssig|im nachhinein|in arrears",
    }
)
parse_basis: Final = choice(
    {
        Basis.ACTUAL_PERIOD: "actual_period|taggenau|tagesgenau|actual",
        Basis.CALENDAR_MONTH: "calendar_month|kalendermonat",
        Basis.AVG_MONTH: "avg_month|durchschnittsmonat",
        Basis.THIRTY_360: "30_360|30/360|kaufmännisch",
        Basis.NONE: "none|keine|ohne",
    }
)
_SPLIT_BY: Final = choice(
    {
        SplitBy.COST_CENTRE: "cost_centre|kostenstelle",
        SplitBy.ORDER: "order_reference|bestellnummer|bestellung|auftrag",
    }
)
_ANCHORS: Final = {
    **dict.fromkeys(("kalender", "kalendermonat", "calendar"), AnchorRule.CALENDAR),
    **dict.fromkeys(("beginn", "anmeldung", "sign up"), AnchorRule.SIGN_UP),
}


def parse_anchor(cell: Cell, how: Reading) -> AnchorRule | date:
    """A day on which a period begins, or ``Kalender`` or ``Beginn``."""
    rule = _ANCHORS.get(key(as_text(cell)))
    return first_day(cell, how) if rule is None else rule


def parse_list(cell: Cell, how: Reading) -> tuple[str, ...]:
    """Words separated by commas or semicolons."""
    words = re.split(r"[,;\n]", text(500, lines=True)(cell, how))
    return tuple(word.strip() for word in words if word.strip())


_SCOPE: Final = choice({"item": "item|position", "contract": "contract|vertrag"})

# fmt: off
CONTRACT: Final = Column(
    "contract", "Vertrag|Vertragsnummer|Vertrags-Nr", text(40), "Eigene Nummer des Vertrags, in jeder Zeile.",
    "Your number of the contract, in every row.", required=True,
)
CUSTOMER: Final = Column(
    "customer", "Kunde|Kundennummer", text(40), "Kundennummer.", "Number of the customer.", required=True
)
KIND: Final = Column(
    "kind", "Vertragsart", text(60), "Freies Wort zum Filtern: Jahresvertrag.", "Free word to filter by."
)
PLAN: Final = Column(
    "plan", "Plan|Variante", text(80), "PLAN/VARIANTE: was die Zeilen nicht sagen, kommt von dort.",
    "PLAN/VARIANT: what the rows do not say comes from there.",
)
COUPONS: Final = Column(
    "coupons", "Gutschein|Gutscheine", parse_list, "Codes, mit Komma getrennt; bei Vertragsschluss eingelöst.",
    "Codes, separated by commas; redeemed when the contract is concluded.",
)
START: Final = Column("start", "Beginn|Vertragsbeginn", first_day, "Erster Tag.", "First day.", required=True)
END: Final = Column(
    "end", "Ende|Vertragsende", last_day, "Letzter Tag (einschließlich); leer: unbefristet.",
    "Last day (inclusive); blank: open-ended.",
)
CURRENCY: Final = Column(
    "currency", "Währung", parse_currency, "Kürzel wie EUR; leer: Währung des Verkäufers.",
    "Code such as EUR; blank: the seller's currency.",
)
CYCLE: Final = Column(
    "cycle", "Turnus|Preisturnus", parse_cycle, "Wofür der Preis gilt: monatlich, 3 Monate, jährlich; leer: monatlich.",
    "What the price covers: monthly, 3 months, yearly; blank: monthly.",
)
BILLING_CYCLE: Final = Column(
    "billing_cycle", "Abrechnungsturnus|Rechnungsturnus", parse_cycle, "Wie oft eine Rechnung kommt; leer: wie Turnus.",
    "How often an invoice comes; blank: as cycle.",
)
ANCHOR: Final = Column(
    "anchor", "Stichtag|Anker", parse_anchor, "Ein Tag, an dem ein Zeitraum beginnt, oder Kalender; leer: erster "
    "bezahlter Tag.", "A day on which a period begins, or calendar; blank: the first paid day.",
)
TIMING: Final = Column(
    "timing", "Fälligkeit|Zahlweise", parse_timing, "im Voraus oder nachträglich; leer: im Voraus.",
    "advance or arrears; blank: advance.",
)
BASIS: Final = Column(
    "basis", "Anteilig|Anteilsberechnung", parse_basis,
    "taggenau, Kalendermonat, Durchschnittsmonat, 30/360, keine; leer: taggenau.",
    "actual_period, calendar_month, avg_month, 30_360, none; blank: actual_period.",
)
TRIAL: Final = Column(
    "trial_days", "Testtage|Probetage", whole(0, 3650), "Kostenlose Tage am Anfang.", "Free days at the start."
)
AFTER_TRIAL: Final = Column(
    "after_trial", "Nach der Testphase",
    choice({
        AfterTrial.CONVERTS: "converts|bezahlt", AfterTrial.ENDS: "ends|endet", AfterTrial.WAITS: "waits|wartet",
    }),
    "bezahlt (von selbst), endet oder wartet (auf Zusage); leer: bezahlt.",
    "converts (by itself), ends or waits (to be converted); blank: converts.",
)
SECOND_TRIAL: Final = Column(
    "second_trial", "Zweite Testphase",
    choice({
        SecondTrial.PRODUCT: "product|Produkt", SecondTrial.PLAN: "plan", SecondTrial.CUSTOMER: "customer|Kunde",
        SecondTrial.IDENTITY: "identity|Identität", SecondTrial.ALLOWED: "allowed|erlaubt",
    }),
    "Eine Testphase je produkt, plan, kunde oder identität (auch gleiche USt-IdNr., E-Mail oder Anschrift), oder "
    "erlaubt; leer: produkt.",
    "One trial per product, plan, customer or identity (also same VAT id, e-mail or address), or allowed; blank: "
    "product.",
)
PAYMENT_DAYS: Final = Column(
    "payment_days", "Zahlungsziel|Zahlungsziel Tage", whole(0, 365), "Tage; leer: wie der Kunde.",
    "Days; blank: the customer's."
)
BILLED_UNTIL: Final = Column(
    "billed_until", "Abgerechnet bis", last_day, "Letzter Tag (einschließlich), den das alte System berechnet hat.",
    "Last day (inclusive) that the old system has billed.",
)
SPLIT: Final = Column(
    "split_periods", "Getrennte Rechnungen", yes_no, "ja: eine Rechnung je Zeitraum.", "yes: one invoice per period."
)
GROUP: Final = Column(
    "group", "Sammelrechnung|Gruppe", text(60), "Gleiches Wort: gemeinsame Rechnung der Verträge eines Kunden.",
    "Same word: one invoice for a customer's contracts.",
)
REFERENCE: Final = Column(
    "reference", "Bestellnummer|Referenz", text(100), "Referenz des Kunden, auf der Rechnung.",
    "The buyer's reference, printed."
)
SPLIT_BY: Final = Column(
    "split_by", "Rechnung trennen nach", _SPLIT_BY, "Kostenstelle oder Bestellnummer: je eine Rechnung.",
    "cost_centre or order_reference: an invoice for each.",
)
PROFORMA: Final = Column(
    "proforma", "Proforma|Proformarechnung", yes_no, "ja: Proformarechnungen ohne Forderung.",
    "yes: pro forma invoices, nothing is claimed.",
)
INSTALMENTS: Final = Column(
    "instalments", "Ratenzahlung|Raten", parse_plan, "Rechnungen in Raten: 3x/1m oder 30+30+40%/1m.",
    "Invoices in instalments: 3x/1m or 30+30+40%/1m.",
)
PAYOUT: Final = Column(
    "payout", "Auszahlung|Gutschriftverfahren", yes_no, "ja: Wir schulden es dem Kunden und rechnen per Gutschrift ab.",
    "yes: we owe it to the customer, by self-billing.",
)
BILL_TO_PARENT: Final = Column(
    "bill_to_parent", "Rechnung an Mutter", yes_no, "ja: Rechnungen gehen an die Mutter; leer: wie der Kunde.",
    "yes: invoices go to the parent; blank: as the customer says.",
)
PAYERS: Final = Column(
    "payers", "Zahler|Anteile", parse_shares, "Wer sich die Rechnungen teilt: K-10001:60, K-10002:40; leer: der Kunde.",
    "Who shares the invoices: K-10001:60, K-10002:40; blank: the customer.",
)
ITEM: Final = Column(
    "item", "Position", text(40), "Code der Position; leer: Artikelnummer. Ohne Artikelnummer: Position des Plans.",
    "Code of the item; blank: the product's. Without a product: an item of the plan.",
)
PRODUCT: Final = Column(
    "product", "Artikelnummer|Artikel|Produkt", text(40), "Produkt; ohne Plan nötig.",
    "Product; needed without a plan.",
)
MODEL: Final = Column(
    "model", "Preismodell", parse_model, "Leer: wie im Katalog.", "Blank: the catalogue's."
)
PRICE: Final = Column(
    "price", "Preis|Einzelpreis", amount, "Vereinbarter Preis je Einheit; leer: Katalogpreis.",
    "Agreed price of one unit; blank: the catalogue price.",
)
SCHEME: Final = Column(
    "scheme", "Preisschema|Staffel", text(40), "Code eines Preisschemas; leer: wie im Katalog.",
    "Code of a price scheme; blank: the catalogue's.",
)
MINIMUM: Final = Column(
    "minimum", "Mindestumsatz|Mindestbetrag", amount, "Mindestbetrag des Vertrags je Turnus.",
    "Minimum fee of the contract per cycle.",
)
ITEM_MINIMUM: Final = Column(
    "item_minimum", "Mindestumsatz der Position", amount, "Mindestbetrag der Position je Turnus.",
    "Minimum fee of the item per cycle.",
)
QUANTITY: Final = Column(
    "quantity", "Menge|Anzahl", parse_decimal,
    "Menge, negativ für einen Abzug; leer: 1 oder die des Plans; 0 lässt eine Position des Plans weg.",
    "Quantity, negative for a deduction; blank: 1 or the plan's; 0 leaves out an item of the plan.",
)
ITEM_START: Final = Column(
    "item_start", "Position ab", first_day, "Erster Tag der Position; leer: wie der Vertrag.",
    "First day of the item; blank: the contract's.",
)
ITEM_END: Final = Column(
    "item_end", "Position bis", last_day, "Letzter Tag der Position (einschließlich); leer: wie der Vertrag.",
    "Last day of the item (inclusive); blank: the contract's.",
)
ITEM_CYCLE: Final = Column(
    "item_cycle", "Turnus der Position", parse_cycle, "Leer: wie der Vertrag.", "Blank: the contract's."
)
ITEM_TIMING: Final = Column(
    "item_timing", "Fälligkeit der Position", parse_timing, "Leer: wie der Vertrag.", "Blank: the contract's."
)
COST_CENTRE: Final = Column(
    "cost_centre", "Kostenstelle", text(60), "Kostenstelle des Kunden für die Position, auf der Rechnung.",
    "The buyer's cost centre of the item, printed.",
)
ORDER: Final = Column(
    "order_reference", "Bestellnummer der Position", text(100), "Bestellung des Kunden für die Position.",
    "The buyer's order of the item, printed.",
)
LABEL: Final = Column(
    "label", "Rechnungstext|Text", text(), "Ersetzt den Namen des Produkts.", "Printed instead of the product's name."
)
FOLLOWS: Final = Column(
    "follows", "Folgt dem Katalog", yes_no, "ja: jeder spätere Katalogpreis gilt ab seinem Tag; leer: fester Preis.",
    "yes: every later catalogue price holds from its day on; blank: the price stays.",
)
SETUP_FEE: Final = Column(
    "setup_fee", "Einrichtungsgebühr", amount, "Einmalig; wird eigene Position <Position>-setup.",
    "Once; becomes an item of its own, <item>-setup.",
)
SETUP_PRODUCT: Final = Column(
    "setup_product", "Einrichtung Artikelnummer", text(40), "Produkt der Einrichtungsgebühr.",
    "Product of the set-up fee."
)
PERCENT: Final = Column(
    "discount_percent", "Rabatt %|Rabatt Prozent", percent, "Rabatt in Prozent.", "Discount in percent."
)
AMOUNT: Final = Column(
    "discount_amount", "Rabatt Betrag", amount, "Rabatt als Betrag je Zeitraum.",
    "Discount as an amount per fee period."
)
DISCOUNT_LABEL: Final = Column("discount_label", "Rabatt Text", text(), "Grund, auf der Rechnung.", "Reason, printed.")
SCOPE: Final = Column(
    "discount_scope", "Rabatt gilt für", _SCOPE, "Position oder Vertrag; leer: die Position der Zeile.",
    "item or contract; blank: the row's item.",
)
DISCOUNT_FROM: Final = Column("discount_from", "Rabatt ab", first_day, "Erster Tag.", "First day.")
DISCOUNT_UNTIL: Final = Column(
    "discount_until", "Rabatt bis", last_day, "Letzter Tag (einschließlich).", "Last day (inclusive)."
)
DISCOUNT_PERIODS: Final = Column(
    "discount_periods", "Rabatt Zeiträume", whole(1, 600), "Statt „Rabatt bis“: so viele Zeiträume.",
    "In place of discount_until: so many fee periods.",
)
DISCOUNT_QUANTITY: Final = Column(
    "discount_quantity", "Rabatt ab Menge", parse_decimal, "Mengenrabatt: erst ab dieser Menge der Position.",
    "Quantity discount: only from this quantity of the item on.",
)
VALID_FROM: Final = Column(
    "valid_from", "Änderung ab|Gültig ab", first_day,
    "Spätere Änderung: ab diesem Tag gelten Preis und Menge der Zeile.",
    "A later change: from this day on the row's price and quantity hold.",
)

HEAD: Final[tuple[Column[Any], ...]] = (
    CUSTOMER, KIND, PLAN, COUPONS, START, END, CURRENCY, CYCLE, BILLING_CYCLE, ANCHOR, TIMING, BASIS, TRIAL,
    AFTER_TRIAL, SECOND_TRIAL,
    PAYMENT_DAYS, BILLED_UNTIL, SPLIT, GROUP, REFERENCE, MINIMUM, PAYERS, PAYOUT, BILL_TO_PARENT, SPLIT_BY, PROFORMA,
    INSTALMENTS, *RAISES, *TERMS,
)
ITEM_ONLY: Final[tuple[Column[Any], ...]] = (
    MODEL, SCHEME, ITEM_MINIMUM, ITEM_START, ITEM_END, ITEM_CYCLE, ITEM_TIMING, COST_CENTRE, ORDER, LABEL, FOLLOWS,
    SETUP_FEE, SETUP_PRODUCT, *METERING,
)
ITEM_COLUMNS: Final[tuple[Column[Any], ...]] = (PRODUCT, PRICE, QUANTITY, *ITEM_ONLY)
CHOICE_NEVER: Final[tuple[Column[Any], ...]] = (
    MODEL, SCHEME, ITEM_MINIMUM, ITEM_CYCLE, ITEM_TIMING, FOLLOWS, SETUP_FEE, SETUP_PRODUCT, *METERING,
)
"""What an item of a plan does not take from the file."""
DISCOUNT_ONLY: Final[tuple[Column[Any], ...]] = (
    DISCOUNT_LABEL, SCOPE, DISCOUNT_FROM, DISCOUNT_UNTIL, DISCOUNT_PERIODS, DISCOUNT_QUANTITY,
)
CONTRACTS: Final = Layout(
    "contracts",
    (
        CONTRACT, *HEAD, ITEM, PRODUCT, MODEL, PRICE, SCHEME, QUANTITY, ITEM_MINIMUM, ITEM_START, ITEM_END, ITEM_CYCLE,
        ITEM_TIMING, COST_CENTRE, ORDER, LABEL, FOLLOWS, SETUP_FEE, SETUP_PRODUCT, *METERING, PERCENT, AMOUNT,
        *DISCOUNT_ONLY, VALID_FROM,
    ),
    grouped=True,
)
# fmt: on
