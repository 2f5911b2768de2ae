"""Columns of the raises that a contract plans from the beginning (Staffelpreis)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from turnus.core.adjusting import RuleKind
from turnus.core.contracts import NewRaise
from turnus.core.intake.cells import CellError
from turnus.core.intake.columns import Column
from turnus.core.intake.dates import first_day
from turnus.core.intake.numbers import amount, in_currency, number, whole

if TYPE_CHECKING:
    from turnus.core.intake.columns import Values

# fmt: off
RAISE_PERCENT: Final = Column(
    "raise_percent", "Erhöhung %|Staffel %", number(-100, 1000), "Geplante Erhöhung in Prozent, je Schritt.",
    "Planned raise in percent, each time.",
)
RAISE_AMOUNT: Final = Column(
    "raise_amount", "Erhöhung Betrag|Staffel Betrag", amount, "Geplante Erhöhung als Betrag je Einheit, je Schritt.",
    "Planned raise as an amount per unit, each time.",
)
RAISE_MONTHS: Final = Column(
    "raise_months", "Erhöhung alle Monate", whole(0, 120), "Alle n Monate, leer: jährlich; 0: einmal.",
    "Every n months, blank: yearly; 0: once.",
)
RAISE_FROM: Final = Column(
    "raise_from", "Erhöhung ab", first_day, "Erster Schritt, leer: nach so vielen Monaten ab dem ersten bezahlten Tag.",
    "The first one, blank: so many months after the first paid day.",
)
RAISES: Final[tuple[Column[Any], ...]] = (RAISE_PERCENT, RAISE_AMOUNT, RAISE_MONTHS, RAISE_FROM)
# fmt: on


def planned_raises(head: Values, currency: str) -> tuple[NewRaise, ...]:
    """The raises of a contract. Raises ``CellError`` for both a percentage and an amount, or neither."""
    percent, fixed = head[RAISE_PERCENT], in_currency(head[RAISE_AMOUNT], currency, RAISE_AMOUNT.name)
    if percent is not None and fixed is not None:
        raise CellError("raise_both", column=RAISE_AMOUNT.name)
    if percent is None and fixed is None:
        if head[RAISE_MONTHS] is not None or head[RAISE_FROM] is not None:
            raise CellError("required", column=RAISE_PERCENT.name)
        return ()
    months = head[RAISE_MONTHS]
    kind, value = (RuleKind.PERCENT, percent) if percent is not None else (RuleKind.AMOUNT, fixed)
    assert value is not None
    return (NewRaise(kind, value, "", head[RAISE_FROM], 12 if months is None else months),)
