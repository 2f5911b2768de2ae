"""What became of a file: every row of it accounted for, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from turnus.core.intake.columns import RowError
from turnus.integration.reading import Parsed

Outcome = Literal["created", "changed", "unchanged"]
RANK: Final[tuple[Outcome, ...]] = ("unchanged", "changed", "created")


class Kind(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    CONTRACTS = "contracts"
    USAGE = "usage"
    INDEX = "index"
    CONSENTS = "consents"
    PLANS = "plans"
    GROUPS = "groups"
    COUPONS = "coupons"
    TRADES = "trades"
    BILLABLES = "billables"


class Refusal(NamedTuple):
    """A row that could be read but not be saved; ``code`` and ``params`` make a message in ``core/messages``."""

    row: int
    code: str
    params: dict[str, str]


Problem = RowError | Refusal


@dataclass(slots=True)
class ImportReport:
    """Every row of a file accounted for: ``rows == created + changed + unchanged + errors + blank + left_out``."""

    kind: Kind
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: int = 0
    blank: int = 0
    left_out: int = 0
    """Rows that do not fulfil the conditions of the import."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why rows were left out, each with their number: ``status: lost``."""
    values: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RANK, 0))
    """The same counted in customers, prices, contracts, usage records instead of rows."""
    problems: list[Problem] = field(default_factory=list)
    saved: bool = False

    def took(self, parsed: Parsed[Any], outcome: Outcome) -> None:
        """The rows of one value were taken, with this outcome."""
        count = len(parsed.rows)
        self.rows += count
        setattr(self, outcome, getattr(self, outcome) + count)
        self.values[outcome] += 1

    def refused(self, parsed: Parsed[Any], problems: Sequence[Problem]) -> None:
        """None of the rows of one value was taken."""
        self.rows += len(parsed.rows)
        self.errors += len(parsed.rows)
        self.problems.extend(problems)

    def skipped(self, parsed: Parsed[Any]) -> None:
        """A blank row, or rows that do not fulfil the conditions."""
        count = len(parsed.rows)
        self.rows += count
        if parsed.left_out:
            self.left_out += count
            self.reasons[parsed.left_out] = self.reasons.get(parsed.left_out, 0) + count
        else:
            self.blank += count
