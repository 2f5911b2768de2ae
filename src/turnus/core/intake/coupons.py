"""The file of coupons: one row each."""

from __future__ import annotations

from typing import Final

from turnus.core.coupons import CouponData
from turnus.core.intake import contract_columns as c
from turnus.core.intake.cells import CellError, Reading, text, yes_no
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.contracts import discount_of
from turnus.core.intake.dates import first_day, last_day
from turnus.core.intake.numbers import whole

# fmt: off
CODE: Final = Column(
    "coupon", "Gutschein|Code", text(40), "Code, den Kunden nennen.", "Code that customers name.", required=True
)
LABEL: Final = Column(
    "label", "Rechnungstext|Text", text(), "Text auf der Rechnung; leer: der Code.",
    "Printed on invoices; blank: the code."
)
PERIODS: Final = Column(
    "periods", "Zeiträume", whole(1, 600), "So viele Zeiträume; leer: dauerhaft.",
    "So many fee periods; blank: for good.",
)
ENDS: Final = Column(
    "discount_until", "Rabatt bis", last_day, "Statt Zeiträumen: letzter Tag des Rabatts (einschließlich).",
    "In place of periods: last day of the discount (inclusive).",
)
FROM: Final = Column("valid_from", "Einlösbar ab|Gültig ab", first_day, "Erster Tag.", "First day to redeem it.")
TO: Final = Column(
    "valid_to", "Einlösbar bis|Gültig bis", last_day, "Letzter Tag (einschließlich).",
    "Last day to redeem it (inclusive).",
)
MOST: Final = Column(
    "limit", "Einlösungen|Höchstens", whole(1, 100_000_000), "Höchstens so oft insgesamt; leer: beliebig oft.",
    "So often in all; blank: without limit.",
)
ONCE: Final = Column(
    "once_per_customer", "Einmal je Kunde", yes_no, "ja: jeder Kunde nur einmal.", "yes: each customer once."
)
NEW: Final = Column(
    "new_customers", "Nur Neukunden", yes_no, "ja: nur der erste Vertrag eines Kunden.",
    "yes: a customer's first contract only.",
)
EXCLUSIVE: Final = Column(
    "exclusive", "Exklusiv", yes_no, "ja: nicht mit anderen Gutscheinen.", "yes: not with other coupons."
)
PRODUCTS: Final = Column(
    "products", "Produkte|Artikelnummern", c.parse_list, "Nur für diese Produkte, mit Komma getrennt; leer: alle.",
    "Only for these products, separated by commas; blank: all.",
)
PLANS: Final = Column(
    "plans", "Pläne", c.parse_list, "Nur für diese Pläne, mit Komma getrennt; leer: alle.",
    "Only for these plans, separated by commas; blank: all.",
)
COUPONS: Final = Layout(
    "coupons",
    (
        CODE, LABEL, c.PERCENT, c.AMOUNT, c.CURRENCY, PERIODS, ENDS, FROM, TO, MOST, ONCE, NEW, EXCLUSIVE, PRODUCTS,
        PLANS,
    ),
)
# fmt: on


def coupon_row(row: Values, how: Reading) -> CouponData:
    """One row as a value. Raises ``CellError`` where cells contradict each other."""
    currency = row[c.CURRENCY] or how.currency
    discount = discount_of(row, "", currency)
    if discount is None:
        raise CellError("required", column=c.PERCENT.name)
    code = row.need(CODE)
    return CouponData(
        code, row[LABEL] or code, discount.percent, discount.amount, currency if discount.amount is not None else "",
        row[PERIODS], row[ENDS], row[FROM], row[TO], row[MOST], row[ONCE] or False, row[NEW] or False,
        row[EXCLUSIVE] or False, row[PRODUCTS] or (), row[PLANS] or (),
    )  # fmt: skip
