"""Plans of instalments as people write them: ``3x/1m``, ``30+30+40%/14d``, ``3 Raten``, ``30/30/40``."""

from __future__ import annotations

import re
from typing import Final

from turnus.core.instalments import Plan, PlanError, plan_of
from turnus.core.intake.cells import Cell, CellError, Reading, as_text

_COUNT: Final = re.compile(r"(\d{1,2})(?:x|raten|instalments)?")
_RATES: Final = re.compile(r"\d{1,3}(?:/\d{1,3})+%?")


def parse_plan(cell: Cell, _how: Reading) -> Plan:
    """Where no interval is written, a month lies between two parts. Raises ``CellError``."""
    plain = as_text(cell).casefold().replace(" ", "").replace(",", ".")
    if match := _COUNT.fullmatch(plain):
        plain = f"{match[1]}x/1m"
    elif _RATES.fullmatch(plain):
        plain = plain.rstrip("%").replace("/", "+") + "%/1m"
    elif "/" not in plain:
        plain += "/1m"
    try:
        return plan_of(plain)
    except PlanError:
        raise CellError("instalments", as_text(cell)) from None
