"""German VAT rates as dated data with their source (§ 12 UStG; § 28 Abs. 1–2 UStG for the second half of 2020)."""

from __future__ import annotations

from datetime import date
from typing import Final

from turnus.core.periods import FAR_FUTURE
from turnus.core.tax import RateRow

_ACT: Final = "§ 12 UStG"
_RELIEF: Final = "§ 28 Abs. 1–2 UStG"
_RISE: Final = "Haushaltsbegleitgesetz 2006, Art. 4"

GERMAN_RATES: Final[tuple[tuple[RateRow, str], ...]] = (
    (RateRow("DE", "standard", date(2007, 1, 1), date(2020, 7, 1), 1900), _RISE),
    (RateRow("DE", "standard", date(2020, 7, 1), date(2021, 1, 1), 1600), _RELIEF),
    (RateRow("DE", "standard", date(2021, 1, 1), FAR_FUTURE, 1900), _ACT),
    (RateRow("DE", "reduced", date(2007, 1, 1), date(2020, 7, 1), 700), _ACT),
    (RateRow("DE", "reduced", date(2020, 7, 1), date(2021, 1, 1), 500), _RELIEF),
    (RateRow("DE", "reduced", date(2021, 1, 1), FAR_FUTURE, 700), _ACT),
)
