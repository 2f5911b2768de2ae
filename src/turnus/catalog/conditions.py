"""Conditions and discounts of offers ↔ their columns."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from turnus.core.contracts import NewDiscount, Timing
from turnus.core.offers import AnchorRule, Conditions
from turnus.core.periods import Basis, Cycle
from turnus.core.terms import CutOff
from turnus.core.trials import AfterTrial, SecondTrial

if TYPE_CHECKING:
    from turnus.catalog.models import ConditionColumns, DiscountColumns

CYCLES: Final = ("fee", "billing", "initial", "renewal", "notice")
_WORDS: Final = {
    "timing": Timing, "basis": Basis, "cut_off": CutOff, "after_trial": AfterTrial, "second_trial": SecondTrial,
}  # fmt: skip
_PLAIN: Final = ("trial_days", "payment_days")


def condition_columns(has: Conditions) -> dict[str, Any]:
    """Conditions as columns. An anchor of its own belongs to a contract, never to an offer."""
    columns: dict[str, Any] = {name: getattr(has, name) for name in _PLAIN}
    for name in CYCLES:
        cycle: Cycle | None = getattr(has, name)
        columns |= {f"{name}_months": cycle.months if cycle else None, f"{name}_days": cycle.days if cycle else None}
    for name in _WORDS:
        columns[name] = getattr(has, name) or ""
    columns["anchor_rule"] = has.anchor if isinstance(has.anchor, AnchorRule) else ""
    columns["price_list"] = has.price_list or ""
    return columns


def conditions_of(row: ConditionColumns) -> Conditions:
    """Columns as conditions."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    for name in CYCLES:
        months, days = getattr(row, f"{name}_months"), getattr(row, f"{name}_days")
        values[name] = None if months is None else Cycle(months, days)
    for name, kind in _WORDS.items():
        text = getattr(row, name)
        values[name] = kind(text) if text else None
    values["anchor"] = AnchorRule(row.anchor_rule) if row.anchor_rule else None
    values["price_list"] = row.price_list or None
    assert set(values) == {field.name for field in fields(Conditions)}
    return Conditions(**values)


def discount_columns(discount: NewDiscount | None) -> dict[str, Any]:
    """A discount as columns; empty where there is none."""
    if discount is None:
        return {}
    names = ("percent", "amount", "periods")
    return {"discount_label": discount.label, **{name: getattr(discount, name) for name in names}}


def discount_of(row: DiscountColumns) -> NewDiscount | None:
    """Columns as a discount of the whole contract."""
    if row.percent is None and row.amount is None:
        return None
    return NewDiscount(row.discount_label, row.percent, row.amount, periods=row.periods)
