"""The files of plans (one row per item; rows of the same plan, variant and day form one version) and of groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from turnus.core.contracts import NewDiscount
from turnus.core.intake import contract_columns as c
from turnus.core.intake.cells import CellError, Reading, choice, text, yes_no
from turnus.core.intake.columns import Column, Layout, Values
from turnus.core.intake.contracts import discount_of
from turnus.core.intake.dates import first_day
from turnus.core.intake.grouped import Placed, head_of
from turnus.core.intake.metering_columns import METERING, metering_of
from turnus.core.intake.numbers import in_currency
from turnus.core.intake.products import GROSS
from turnus.core.intake.term_columns import CUT, INITIAL, NOTICE, RENEWAL
from turnus.core.offers import AnchorRule, Conditions, OfferedItem, Role, Special, VariantData

# fmt: off
PLAN: Final = Column(
    "plan", "Plan", text(40), "Code des Plans, in jeder Zeile.", "Code of the plan, in every row.", required=True
)
VARIANT: Final = Column("variant", "Variante", text(39), "Code der Variante.", "Code of the variant.", required=True)
VALID_FROM: Final = Column(
    "valid_from", "Gültig ab", first_day, "Ab wann neue Verträge diese Fassung bekommen.",
    "From when new contracts get this version.", required=True,
)
PLAN_NAME: Final = Column(
    "plan_name", "Planname|Name des Plans", text(), "Name des Plans; leer: sein Code.",
    "Name of the plan; blank: its code.",
)
PLAN_NAME_EN: Final = Column("plan_name_en", "Planname englisch", text(), "Englischer Name.", "English name.")
MAIN: Final = Column(
    "plan_product", "Hauptprodukt", text(40), "Produkt, das der Plan verkauft.", "Product that the plan sells."
)
NAME: Final = Column("name", "Name|Variantenname", text(), "Name der Variante.", "Name of the variant.")
NAME_EN: Final = Column("name_en", "Name englisch", text(), "Englischer Name.", "English name.")
CLOSED: Final = Column(
    "closed", "Geschlossen", yes_no, "ja: ab diesem Tag keine neuen Verträge.", "yes: no new contracts from this day."
)
ANCHOR: Final = Column(
    "anchor", "Stichtag|Anker",
    choice({AnchorRule.SIGN_UP: "sign_up|Beginn|Anmeldung|sign up", AnchorRule.CALENDAR: "calendar|Kalender"}),
    "Beginn (erster bezahlter Tag) oder Kalender; leer: Beginn.",
    "sign_up (first paid day) or calendar; blank: sign_up.",
)
PRICE_LIST: Final = Column(
    "price_list", "Preisliste", text(40), "Preisliste, die vor dem allgemeinen Preis gilt.",
    "Price list that comes before the price for everybody.",
)
ROLE: Final = Column(
    "role", "Rolle",
    choice({
        Role.ITEM: "item|fest|Position", Role.OPTION: "option|wahlweise|Zusatz|add-on|addon",
        Role.SETUP: "setup|Einrichtung|einmalig",
    }),
    "fest, wahlweise oder Einrichtung (nur bei neuen Verträgen); leer: fest.",
    "item, option or setup (only with new contracts); blank: item.",
)
GROUP: Final = Column(
    "group", "Kundengruppe|Gruppe|code", text(40), "Code der Gruppe.", "Code of the group.", required=True
)
GROUP_NAME: Final = Column("name", "Name", text(), "Name der Gruppe.", "Name of the group.", required=True)

CONDITIONS: Final[tuple[Column[Any], ...]] = (
    c.CYCLE, c.BILLING_CYCLE, c.TIMING, c.BASIS, ANCHOR, c.TRIAL, c.AFTER_TRIAL, c.SECOND_TRIAL, c.PAYMENT_DAYS,
    INITIAL, RENEWAL, NOTICE, CUT,
)
HEAD: Final[tuple[Column[Any], ...]] = (
    PLAN, VARIANT, VALID_FROM, PLAN_NAME, PLAN_NAME_EN, MAIN, NAME, NAME_EN, c.CURRENCY, GROSS, CLOSED, *CONDITIONS,
)
ITEM: Final[tuple[Column[Any], ...]] = (
    c.ITEM, c.PRODUCT, ROLE, c.MODEL, c.PRICE, c.SCHEME, c.QUANTITY, c.ITEM_CYCLE, c.ITEM_TIMING, c.LABEL, c.FOLLOWS,
    *METERING,
)
DISCOUNT: Final[tuple[Column[Any], ...]] = (
    c.PERCENT, c.AMOUNT, c.DISCOUNT_LABEL, c.SCOPE, c.DISCOUNT_PERIODS, c.DISCOUNT_QUANTITY,
)
PLANS: Final = Layout("plans", (*HEAD, *ITEM, *DISCOUNT), grouped=True)
SPECIAL: Final = Layout(
    "special", (PRICE_LIST, *CONDITIONS, c.PERCENT, c.AMOUNT, c.CURRENCY, c.DISCOUNT_LABEL, c.DISCOUNT_PERIODS)
)
"""Conditions of a single customer."""
GROUPS: Final = Layout("groups", (GROUP, GROUP_NAME, VALID_FROM, *SPECIAL.columns))
# fmt: on


def plan_rows(rows: Sequence[tuple[int, Values]], how: Reading) -> tuple[VariantData | None, list[Placed]]:
    """All rows of one version of a variant as a value, or None and every error."""
    head, errors = head_of(rows, HEAD)
    currency = head[c.CURRENCY] or how.currency
    items: list[OfferedItem] = []
    discounts: list[NewDiscount] = []
    for at, row in rows:
        try:
            discount = discount_of(row, row[c.ITEM] or row[c.PRODUCT] or "", currency)
            discounts += [discount] if discount else []
            says_item = any(row[column] is not None for column in ITEM)
            if says_item and (row[c.PRODUCT] is not None or discount is None):
                items.append(_item(row, currency))
        except CellError as error:
            errors.append((at, error))
    if errors:
        return None, errors
    plan = head.need(PLAN)
    return VariantData(
        plan, head.need(VARIANT), head.need(VALID_FROM), head[PLAN_NAME] or plan, currency, tuple(items),
        _conditions(head), head[GROSS] or False, head[NAME] or "", head[NAME_EN] or "", head[PLAN_NAME_EN] or "",
        head[MAIN] or "", tuple(discounts), head[CLOSED] or False,
    ), []  # fmt: skip


def _item(row: Values, currency: str) -> OfferedItem:
    product = row[c.PRODUCT]
    if product is None:
        raise CellError("required", column=c.PRODUCT.name)
    quantity = row[c.QUANTITY]
    return OfferedItem(
        row[c.ITEM] or product, product, Decimal(1) if quantity is None else quantity,
        in_currency(row[c.PRICE], currency, c.PRICE.name), row[c.MODEL], row[ROLE] or Role.ITEM, row[c.SCHEME] or "",
        row[c.ITEM_CYCLE], row[c.ITEM_TIMING], row[c.LABEL] or "", row[c.FOLLOWS] or False, metering_of(row),
    )  # fmt: skip


def _conditions(row: Values) -> Conditions:
    return Conditions(
        row[c.CYCLE], row[c.BILLING_CYCLE], row[c.TIMING], row[c.BASIS], row[ANCHOR], row[c.TRIAL],
        row[c.PAYMENT_DAYS], row[INITIAL], row[RENEWAL], row[NOTICE], row[CUT], row[PRICE_LIST],
        row[c.AFTER_TRIAL], row[c.SECOND_TRIAL],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with its conditions from a day on."""

    code: str
    name: str
    valid_from: date
    special: Special


def group_row(row: Values, how: Reading) -> GroupRow:
    """One row as a value. Raises ``CellError`` where cells contradict each other."""
    return GroupRow(row.need(GROUP), row.need(GROUP_NAME), row.need(VALID_FROM), special_of(row, how))


def special_of(row: Values, how: Reading) -> Special:
    """The conditions and the discount of a row."""
    currency = row[c.CURRENCY] or how.currency
    discount = discount_of(row, "", currency)
    return Special(_conditions(row), discount, currency if discount and discount.amount is not None else "")
