"""What a campaign brings: revenue per month and year, counted exactly and rounded once per currency."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.money import half_up
from turnus.core.repricing import monthly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.core.campaigns import Line


class Effect(NamedTuple):
    """Minor units of one currency, without VAT unless prices contain it; ``usage`` is estimated from last year's."""

    month_before: int
    month_after: int
    year_before: int
    year_after: int
    usage_month: int
    """Of the change per month, what comes from usage."""


class Sum(NamedTuple):
    """All of a campaign, or of some of its contracts."""

    contracts: int
    """With a new price."""
    items: int
    consents: int
    """Contracts that need their customer's consent."""
    left_out: Mapping[str, int]
    """Reason → items."""
    effects: Mapping[str, Effect]
    """Currency → effect."""


class Tally:
    """Adds up contracts one by one; nothing is rounded before the end."""

    def __init__(self) -> None:
        self.contracts = self.items = self.consents = 0
        self.left_out: Counter[str] = Counter()
        self._months: dict[str, list[Fraction]] = {}

    def add(self, currency: str, lines: Sequence[Line], *, needs_consent: bool) -> None:
        """The lines of one contract."""
        self.left_out.update(str(line.verdict) for line in lines if line.verdict)
        changed = [line for line in lines if not line.verdict]
        if not changed:
            return
        self.contracts, self.items = self.contracts + 1, self.items + len(changed)
        self.consents += needs_consent
        before, after, usage = self._months.setdefault(currency, [Fraction(0), Fraction(0), Fraction(0)])
        for line in changed:
            share = monthly(line)
            before, after = before + line.old_amount * share, after + line.new_amount * share
            if line.usage:
                usage += (line.new_amount - line.old_amount) * share
        self._months[currency] = [before, after, usage]

    @property
    def sum(self) -> Sum:
        """Everything so far, rounded."""
        effects = {
            currency: Effect(
                _rounded(before), _rounded(after), _rounded(12 * before), _rounded(12 * after), _rounded(usage)
            )
            for currency, (before, after, usage) in sorted(self._months.items())
        }
        return Sum(self.contracts, self.items, self.consents, dict(sorted(self.left_out.items())), effects)


def _rounded(amount: Fraction) -> int:
    return half_up(amount.numerator, amount.denominator)


def monthly_change(lines: Sequence[Line]) -> int:
    """Minor units by which a contract changes per month, rounded once."""
    return _rounded(sum(((line.new_amount - line.old_amount) * monthly(line) for line in lines), Fraction(0)))
